The third rung, with the server file as it is: the policy would roll back alone, but the ceiling above it is shadow mode, so nothing goes out.

-- story --
include ..

from -1h every 15s: http_server_request_duration_seconds_count{service_name="cart-service",deployment_track="stable",http_response_status_code="200",http_route="/cart"} 0+1500x296
from -1h every 15s: http_server_request_duration_seconds_count{service_name="cart-service",deployment_track="stable",http_response_status_code="500",http_route="/cart"} 0+3x296
from 4m every 15s: http_server_request_duration_seconds_count{service_name="cart-service",deployment_track="canary",http_response_status_code="200",http_route="/cart"} 0+150x40
from 4m every 15s: http_server_request_duration_seconds_count{service_name="cart-service",deployment_track="canary",http_response_status_code="500",http_route="/cart"} 0+9x40

at 4m change {"service": "cart-service", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 14m
-- expected --
+4m       otel-http-canary-unattended: waits
+7m       otel-http-canary-unattended: looks
+7m30s    otel-http-canary-unattended: look 1, inconclusive, slow: nothing was known of the old side's histogram before the first look, so no bucket could be chosen
+8m       otel-http-canary-unattended: look 2, fail by errors, confidence at least 0.95
+8m1s     otel-http-canary-unattended: decision 1 on fail at 0.95: hold: pause-unattended; backstop is in shadow mode here, so it only says what it would have done; nobody could look at the object that it is done to: stories do not play a rollout
+8m30s    otel-http-canary-unattended: look 3, fail by errors, confidence at least 0.99
+8m31s    otel-http-canary-unattended: decision 2 on fail at 0.99: hold: rollback-unattended; backstop is in shadow mode here, so it only says what it would have done; nobody could look at the object that it is done to: stories do not play a rollout
-- rationale --
2026-01-01T00:08:31Z: fail, held back: roll back cart-service in production [rollback-unattended]
gate otel-http-canary-unattended, decision c34d3eb8f97d9ca4-2

The change
  canary of cart-service in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  3 looks, 30s apart, counted from 2026-01-01T00:06:30Z
  check slow: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 2
    asked of 2 series, the new side: http_server_request_duration_seconds{service_name="cart-service", deployment_track="canary"}
    asked of 2 series, the old side: http_server_request_duration_seconds{service_name="cart-service", deployment_track="stable"}
    0 of 3 looks found both sides, with samples no older than 1m30s
    at the last look nothing was known of the old side's histogram before the first look, so no bucket could be chosen
    nothing was counted
  check p99: fails when ratio > 1.2; passes when ratio < 1.5
    asked of 2 series, the new side: http_server_request_duration_seconds{service_name="cart-service", deployment_track="canary"}
    asked of 2 series, the old side: http_server_request_duration_seconds{service_name="cart-service", deployment_track="stable"}
    0 of 3 looks found both sides, with samples no older than 1m30s
    at the last look nothing was known of the old side's histogram before the first look, so no bucket could be chosen
    nothing was counted
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 2
    asked of 2 series, the new side: http_server_request_duration_seconds_count{http_response_status_code=~"5..", service_name="cart-service", deployment_track="canary"} of http_server_request_duration_seconds_count{service_name="cart-service", deployment_track="canary"}
    asked of 2 series, the old side: http_server_request_duration_seconds_count{http_response_status_code=~"5..", service_name="cart-service", deployment_track="stable"} of http_server_request_duration_seconds_count{service_name="cart-service", deployment_track="stable"}
    3 of 3 looks found both sides, with samples no older than 1m30s
    canary  54 of 954 (5.66%)
    stable  18 of 9,018 (0.200%)
    ratio   28.4; between 12.7 and 72.1 at 95%, however often anybody looks
    of 2 slices the worst is /cart: 54 of 954 (5.66%), against 18 of 9,018 (0.200%)
      ratio   28.4; between 12.7 and 72.1 at 95%, however often anybody looks
      fail: proved of /cart; of what is named so, fewer than 1 in 20 are named wrongly
      inconclusive, without traffic on the new side: other

The verdict
  fail: check errors says it loudest
  confidence 99.9065%
    of harmless releases, fewer than 1 in 1,070 would show evidence this strong,
    however often anybody looks

The guards
  backstop is in shadow mode here, so it only says what it would have done (until the server's mode, the gate's and the trust of its file all allow more)
  nobody could look at the object that it is done to: stories do not play a rollout (until its platform answers)

What was done
  nothing

Replay it bit for bit: backstop replay c34d3eb8f97d9ca4-2
