A deployment of checkout after which five times as many requests fail as in the four hours before. The query as the document writes it only watches; the corrected one is sure.

-- story --
include ..

from -5h every 15s: http_server_request_count_total{service_name="checkout-service",deployment_environment="production",status_code="200"} 0+1500x1360
from -5h every 15s: http_server_request_count_total{service_name="checkout-service",deployment_environment="production",status_code="503"} 0+3x1216 3663+15x143

at 4m change {"service": "checkout-service", "environment": "production", "cluster": "eu-1", "version": "2.4.1", "previous": "2.4.0", "kind": "deployment"}
until 40m
-- expected --
+4m       after-deployment: waits
+4m       impact: waits
+7m       after-deployment: looks; errors would take more than is planned: never to prove a doubling, never to pass
+7m30s    after-deployment: look 1, inconclusive, nothing is proved
+7m30s    after-deployment: decision 1 on fail at 0.8: hold: notify; backstop is in shadow mode here, so it only says what it would have done
+8m       after-deployment: look 2, fail by errors, confidence at least 0.95
+8m1s     after-deployment: decision 2 on fail at 0.95: hold: pause; backstop is in shadow mode here, so it only says what it would have done; nobody could look at the object that it is done to: stories do not play a rollout; the action asks one person first
+8m30s    after-deployment: look 3, fail by errors, confidence at least 0.99
+8m30s    after-deployment: decision 3 on fail at 0.99: hold: a person; backstop is in shadow mode here, so it only says what it would have done
+34m30s   impact: decision 1 on inconclusive: hold: a person; backstop is in shadow mode here, so it only says what it would have done
+34m30s   impact: ends, there never was any traffic: inconclusive
-- rationale --
2026-01-01T00:34:30Z: inconclusive, held back: ask a person about checkout-service in production on eu-1
gate impact, decision 754f55f2051222e8-1

The change
  deployment of checkout-service in production on eu-1 to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  no look was taken: the new side had no traffic while the gate waited for it
  either nothing reaches it, or its series carry other labels than the rules say

The verdict
  inconclusive: no look was taken
  2 gates watch this release; by the evidence of all together:
  confidence more than 99.9999%
    of harmless releases, fewer than 1 in a billion would show evidence this strong,
    however often anybody looks

The guards
  backstop is in shadow mode here, so it only says what it would have done (until the server's mode, the gate's and the trust of its file all allow more)

What was done
  nothing

The gate
  2026-01-01T00:34:30Z  stopped watching: what it waited for did not come

Replay it bit for bit: backstop replay 754f55f2051222e8-1
