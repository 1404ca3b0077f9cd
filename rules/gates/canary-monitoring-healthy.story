A canary of checkout as good as stable is not promoted: latency and conversion are asked as well, and neither is there. It would be asked about.

-- story --
include ..

from -1h every 15s: http_server_request_total{service_name="checkout-service",deployment_environment="production",deployment_track="stable"} 0+1500x540
from -1h every 15s: http_server_request_errors_total{service_name="checkout-service",deployment_environment="production",deployment_track="stable"} 0+3x540
from 4m every 15s: http_server_request_total{service_name="checkout-service",deployment_environment="production",deployment_track="canary"} 0+1500x284
from 4m every 15s: http_server_request_errors_total{service_name="checkout-service",deployment_environment="production",deployment_track="canary"} 0+3x284

at 4m change {"service": "checkout-service", "environment": "production", "cluster": "eu-1", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 1h15m
-- expected --
+4m       checkout-canary: waits
+7m       checkout-canary: looks; errors-10pp would take more than is planned: never to prove a doubling, never to pass
+7m30s    checkout-canary: look 1, inconclusive, p99: nothing was known of the old side's histogram before the first look, so no bucket could be chosen
+1h6m30s  checkout-canary: decision 1 on inconclusive: hold: a person; backstop is in shadow mode here, so it only says what it would have done
+1h7m     checkout-canary: ends, its time is up: inconclusive
-- rationale --
2026-01-01T01:06:30Z: inconclusive, held back: ask a person about checkout-service in production on eu-1
gate checkout-canary, decision 375209ec1421e33f-1

The change
  canary of checkout-service in production on eu-1 to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  119 looks, 30s apart, counted from 2026-01-01T00:06:30Z
  check errors-10pp: fails when difference > 10pp; passes when nothing speaks against it until the end
    asked of 2 series, the new side: http_server_request_errors_total{deployment_environment="production", service_name="checkout-service", deployment_track="canary"} of http_server_request_total{deployment_environment="production", service_name="checkout-service", deployment_track="canary"}
    asked of 2 series, the old side: http_server_request_errors_total{deployment_environment="production", service_name="checkout-service", deployment_track="stable"} of http_server_request_total{deployment_environment="production", service_name="checkout-service", deployment_track="stable"}
    119 of 119 looks found both sides, with samples no older than 1m30s
    canary  714 of 357,000 (0.200%)
    stable  714 of 357,000 (0.200%)
    ratio   1.00; between 0.83 and 1.20 at 95%, however often anybody looks
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 2
    asked of 2 series, the new side: http_server_request_errors_total{deployment_environment="production", service_name="checkout-service", deployment_track="canary"} of http_server_request_total{deployment_environment="production", service_name="checkout-service", deployment_track="canary"}
    asked of 2 series, the old side: http_server_request_errors_total{deployment_environment="production", service_name="checkout-service", deployment_track="stable"} of http_server_request_total{deployment_environment="production", service_name="checkout-service", deployment_track="stable"}
    119 of 119 looks found both sides, with samples no older than 1m30s
    canary  714 of 357,000 (0.200%)
    stable  714 of 357,000 (0.200%)
    ratio   1.00; between 0.83 and 1.20 at 95%, however often anybody looks
    of 2 slices the worst is other: 0 of 0, against 0 of 0
      nothing speaks against any of them
      pass: (no label)
      inconclusive, without traffic on the new side: other
  check p99: fails when ratio > 1.2; passes when nothing speaks against it until the end
    asked of 0 series, the new side: http_server_request_duration{deployment_environment="production", service_name="checkout-service", deployment_track="canary"}
    asked of 0 series, the old side: http_server_request_duration{deployment_environment="production", service_name="checkout-service", deployment_track="stable"}
    0 of 119 looks found both sides, with samples no older than 1m30s
    at the last look nothing was known of the old side's histogram before the first look, so no bucket could be chosen
    nothing was counted
  check p999: fails when ratio > 1.2; passes when nothing speaks against it until the end
    asked of 0 series, the new side: http_server_request_duration{deployment_environment="production", service_name="checkout-service", deployment_track="canary"}
    asked of 0 series, the old side: http_server_request_duration{deployment_environment="production", service_name="checkout-service", deployment_track="stable"}
    0 of 119 looks found both sides, with samples no older than 1m30s
    at the last look nothing was known of the old side's histogram before the first look, so no bucket could be chosen
    nothing was counted
  check conversion: fails when ratio < 0.8; passes when nothing speaks against it until the end
    asked of 0 series, the new side: orders_completed_total{deployment_environment="production", service_name="checkout-service", deployment_track="canary"} of carts_opened_total{deployment_environment="production", service_name="checkout-service", deployment_track="canary"}
    asked of 0 series, the old side: orders_completed_total{deployment_environment="production", service_name="checkout-service", deployment_track="stable"} of carts_opened_total{deployment_environment="production", service_name="checkout-service", deployment_track="stable"}
    0 of 119 looks found both sides, with samples no older than 1m30s
    at the last look the new side was not heard of lately
    nothing was counted

The verdict
  inconclusive: check p99 lacks something: nothing was known of the old side's histogram before the first look, so no bucket could be chosen
    is it scraped on both sides, and is its name in the rules right?

The guards
  backstop is in shadow mode here, so it only says what it would have done (until the server's mode, the gate's and the trust of its file all allow more)

What was done
  nothing

The gate
  2026-01-01T01:07:00Z  stopped watching: its time was up

Replay it bit for bit: backstop replay 375209ec1421e33f-1
