Without bounds, what lies above the buckets that a tenth and a hundredth of stable lie above is held on both sides; bounds are numbers, however they are spelled.

-- latency.yaml --
gates:
  - gate: latency
    owner: team-shop
    runbook: https://runbooks.example.com/latency
    upon: canary
    match: { service: shop, environment: production }
    begins: { at: first_traffic, warmup: 30s, within: 10m }
    ends: { after: 30m, not_before: 5m }
    tracks: { label: track, canary: canary, stable: stable }
    checks:
      - check: slow
        slow: { of: http_server_request_duration, unit: milliseconds }
        fails_when: ratio > 1.25
        passes_when: ratio < 2
    then:
      fail: [ { confidence: 0.80, do: tell }, { confidence: 0.99, do: take-back } ]
    first_release: tell

-- story --
include act.yaml
include actions.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x400
from 4m every 15s: requests_total{service="shop",track="canary"} 0+1500x10
from -1h every 15s: http_server_request_duration_bucket{service="shop",track="stable",le="100"} 0+1050x400
from -1h every 15s: http_server_request_duration_bucket{service="shop",track="stable",le="250"} 0+1350x400
from -1h every 15s: http_server_request_duration_bucket{service="shop",track="stable",le="500"} 0+1485x400
from -1h every 15s: http_server_request_duration_bucket{service="shop",track="stable",le="750"} 0+1497x400
from -1h every 15s: http_server_request_duration_bucket{service="shop",track="stable",le="1000"} 0+1500x400
from -1h every 15s: http_server_request_duration_bucket{service="shop",track="stable",le="+Inf"} 0+1500x400
from -1h every 15s: http_server_request_duration_count{service="shop",track="stable"} 0+1500x400
from 4m every 15s: http_server_request_duration_bucket{service="shop",track="canary",le="1e2"} 0+750x10
from 4m every 15s: http_server_request_duration_bucket{service="shop",track="canary",le="2.5e2"} 0+1150x10
from 4m every 15s: http_server_request_duration_bucket{service="shop",track="canary",le="5e2"} 0+1440x10
from 4m every 15s: http_server_request_duration_bucket{service="shop",track="canary",le="7.5e2"} 0+1470x10
from 4m every 15s: http_server_request_duration_bucket{service="shop",track="canary",le="1e3"} 0+1488x10
from 4m every 15s: http_server_request_duration_bucket{service="shop",track="canary",le="+Inf"} 0+1500x10
from 4m every 15s: http_server_request_duration_count{service="shop",track="canary"} 0+1500x10

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 25m
-- expected --
+4m       latency: waits
+5m15s    latency: looks
+5m45s    latency: look 1, inconclusive, slow speaks against it, confidence at least 0.80
+5m45s    latency: decision 1 on fail at 0.8: do tell
+5m45s    tell: attempt 1
+5m46s    tell: attempt 1 taken with 200
+5m46s    tell: done, the receiver took it
+6m15s    latency: look 2, fail by slow, confidence at least 0.99
+6m15s    latency: decision 2 on fail at 0.99: do take-back
+6m15s    take-back: attempt 1
+6m16s    take-back: attempt 1 taken with 200
+7m30s    take-back: verified, it is seen to have worked
+7m30s    latency: ends, the change was taken back: fail
+7m30s    latency: looks whether things are well again
+9m45s    latency: things are well again, as nobody asks the new side for anything any more
-- rationale --
2026-01-01T00:06:15Z: fail: roll back shop in production [take-back]
gate latency, decision d88d1dd172bc53b7-2

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  2 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check slow: fails when ratio > 1.25; passes when ratio < 2
    asked of 1 series, the new side: http_server_request_duration{service="shop", track="canary"}
    asked of 1 series, the old side: http_server_request_duration{service="shop", track="stable"}
    2 of 2 looks found both sides, with samples no older than 1m30s
    to fail or pass, it is counted above 250
      canary  1,400 of 6,000 (23.3%)
      stable  600 of 6,000 (10.0%)
      ratio   2.33; between 1.97 and 2.78 at 95%, however often anybody looks
    to fail or pass, it is counted above 500
      canary  240 of 6,000 (4.00%)
      stable  60 of 6,000 (1.00%)
      ratio   4.00; between 2.55 and 6.57 at 95%, however often anybody looks

The verdict
  fail: check slow says it loudest
  confidence 99.49%
    of harmless releases, fewer than 1 in 199 would show evidence this strong,
    however often anybody looks

The guards
  none spoke

What was done
  2026-01-01T00:06:15Z  written down as act_34a377934e1851908143ade0: take-back, attempt 1
  2026-01-01T00:06:16Z  attempt 1: taken with 200
  2026-01-01T00:07:30Z  verified: it is seen to have worked

What else was done about this change
  2026-01-01T00:05:45Z  [tell] begun
  2026-01-01T00:05:46Z  [tell] done: the receiver took it

The gate
  2026-01-01T00:07:30Z  stopped watching: the change was taken back
  2026-01-01T00:07:30Z  looks until 2026-01-01T00:17:30Z whether things are well again
  2026-01-01T00:09:45Z  things are well again, as nobody asks the new side for anything any more, 2m after the change was taken back

Replay it bit for bit: backstop replay d88d1dd172bc53b7-2
