A canary of checkout with thirty times the errors: the gate is sure within minutes. In shadow mode it only says what it would have done.

-- story --
include ..

from -1h every 15s: http_server_request_total{service_name="checkout-service",deployment_environment="production",deployment_track="stable"} 0+1500x288
from -1h every 15s: http_server_request_errors_total{service_name="checkout-service",deployment_environment="production",deployment_track="stable"} 0+3x288
from 4m every 15s: http_server_request_total{service_name="checkout-service",deployment_environment="production",deployment_track="canary"} 0+150x32
from 4m every 15s: http_server_request_errors_total{service_name="checkout-service",deployment_environment="production",deployment_track="canary"} 0+9x32

at 4m change {"service": "checkout-service", "environment": "production", "cluster": "eu-1", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 12m
-- expected --
+4m       checkout-canary: waits
+7m       checkout-canary: looks; errors-10pp would take more than is planned: never to prove a doubling, never to pass
+7m30s    checkout-canary: look 1, inconclusive, p99: nothing was known of the old side's histogram before the first look, so no bucket could be chosen
+8m       checkout-canary: look 2, fail by errors, confidence at least 0.95
+8m1s     checkout-canary: decision 1 on fail at 0.95: hold: pause; backstop is in shadow mode here, so it only says what it would have done; nobody could look at the object that it is done to: stories do not play a rollout; the action asks one person first
+8m30s    checkout-canary: look 3, fail by errors, confidence at least 0.99
+8m31s    checkout-canary: decision 2 on fail at 0.99: hold: rollback; backstop is in shadow mode here, so it only says what it would have done; nobody could look at the object that it is done to: stories do not play a rollout; the action asks one person first
-- rationale --
2026-01-01T00:08:31Z: fail, held back: roll back checkout-service in production on eu-1 [rollback]
gate checkout-canary, decision 375209ec1421e33f-2

The change
  canary of checkout-service in production on eu-1 to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  3 looks, 30s apart, counted from 2026-01-01T00:06:30Z
  check errors-10pp: fails when difference > 10pp; passes when nothing speaks against it until the end
    asked of 2 series, the new side: http_server_request_errors_total{deployment_environment="production", service_name="checkout-service", deployment_track="canary"} of http_server_request_total{deployment_environment="production", service_name="checkout-service", deployment_track="canary"}
    asked of 2 series, the old side: http_server_request_errors_total{deployment_environment="production", service_name="checkout-service", deployment_track="stable"} of http_server_request_total{deployment_environment="production", service_name="checkout-service", deployment_track="stable"}
    3 of 3 looks found both sides, with samples no older than 1m30s
    canary  54 of 900 (6.00%)
    stable  18 of 9,000 (0.200%)
    ratio   30.0; between 13.4 and 76.2 at 95%, however often anybody looks
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 2
    asked of 2 series, the new side: http_server_request_errors_total{deployment_environment="production", service_name="checkout-service", deployment_track="canary"} of http_server_request_total{deployment_environment="production", service_name="checkout-service", deployment_track="canary"}
    asked of 2 series, the old side: http_server_request_errors_total{deployment_environment="production", service_name="checkout-service", deployment_track="stable"} of http_server_request_total{deployment_environment="production", service_name="checkout-service", deployment_track="stable"}
    3 of 3 looks found both sides, with samples no older than 1m30s
    canary  54 of 900 (6.00%)
    stable  18 of 9,000 (0.200%)
    ratio   30.0; between 13.4 and 76.2 at 95%, however often anybody looks
    of 2 slices the worst is (no label): 54 of 900 (6.00%), against 18 of 9,000 (0.200%)
      ratio   30.0; between 13.4 and 76.2 at 95%, however often anybody looks
      fail: proved of (no label); of what is named so, fewer than 1 in 20 are named wrongly
      inconclusive, without traffic on the new side: other
  check p99: fails when ratio > 1.2; passes when nothing speaks against it until the end
    asked of 0 series, the new side: http_server_request_duration{deployment_environment="production", service_name="checkout-service", deployment_track="canary"}
    asked of 0 series, the old side: http_server_request_duration{deployment_environment="production", service_name="checkout-service", deployment_track="stable"}
    0 of 3 looks found both sides, with samples no older than 1m30s
    at the last look nothing was known of the old side's histogram before the first look, so no bucket could be chosen
    nothing was counted
  check p999: fails when ratio > 1.2; passes when nothing speaks against it until the end
    asked of 0 series, the new side: http_server_request_duration{deployment_environment="production", service_name="checkout-service", deployment_track="canary"}
    asked of 0 series, the old side: http_server_request_duration{deployment_environment="production", service_name="checkout-service", deployment_track="stable"}
    0 of 3 looks found both sides, with samples no older than 1m30s
    at the last look nothing was known of the old side's histogram before the first look, so no bucket could be chosen
    nothing was counted
  check conversion: fails when ratio < 0.8; passes when nothing speaks against it until the end
    asked of 0 series, the new side: orders_completed_total{deployment_environment="production", service_name="checkout-service", deployment_track="canary"} of carts_opened_total{deployment_environment="production", service_name="checkout-service", deployment_track="canary"}
    asked of 0 series, the old side: orders_completed_total{deployment_environment="production", service_name="checkout-service", deployment_track="stable"} of carts_opened_total{deployment_environment="production", service_name="checkout-service", deployment_track="stable"}
    0 of 3 looks found both sides, with samples no older than 1m30s
    at the last look the new side was not heard of lately
    nothing was counted

The verdict
  fail: check errors says it loudest
  confidence 99.84%
    of harmless releases, fewer than 1 in 642 would show evidence this strong,
    however often anybody looks

The guards
  backstop is in shadow mode here, so it only says what it would have done (until the server's mode, the gate's and the trust of its file all allow more)
  nobody could look at the object that it is done to: stories do not play a rollout (until its platform answers)
  the action asks one person first (until somebody agrees)

What was done
  nothing

Replay it bit for bit: backstop replay 375209ec1421e33f-2
