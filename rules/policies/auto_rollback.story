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
+7m30s    otel-http-canary-unattended: look 1, inconclusive, errors speaks against it, confidence at least 0.80
+7m30s    otel-http-canary-unattended: decision 1 on fail at 0.8: hold: notify; backstop is in shadow mode here, so it only says what it would have done
+8m       otel-http-canary-unattended: look 2, fail by errors, confidence at least 0.99
+8m       otel-http-canary-unattended: decision 2 on fail at 0.99: hold: rollback-unattended; backstop is in shadow mode here, so it only says what it would have done; backstop has no adapter for it yet, only webhooks
-- rationale --
2026-01-01T00:08:00Z: fail, held back: roll back cart-service in production [rollback-unattended]
gate otel-http-canary-unattended, decision c34d3eb8f97d9ca4-2

The change
  canary of cart-service in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  2 looks, 30s apart, counted from 2026-01-01T00:06:30Z
  check p99: fails when ratio > 1.2; passes when ratio < 1.5
    not judged: quantiles cannot be judged yet
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 2
    canary  36 of 636 (5.66%)
    stable  12 of 6,012 (0.200%)
    ratio   28.4; between 5.57 and 280 at 95%, however often anybody looks
    events may come in clusters, so 3.00 of them weigh as one

The verdict
  fail: check errors says it loudest
  confidence 99.23%
    of harmless releases, fewer than 1 in 130 would show evidence this strong,
    however often anybody looks

The guards
  backstop is in shadow mode here, so it only says what it would have done
  backstop has no adapter for it yet, only webhooks

What was done
  nothing

Replay it bit for bit: backstop replay c34d3eb8f97d9ca4-2
