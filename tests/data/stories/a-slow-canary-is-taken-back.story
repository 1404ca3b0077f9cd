A canary whose 99th percentile is half as high again is taken back; its buckets make fifty of twenty per cent, and the rationale says which one to add.

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
      - check: p99
        quantile: { q: 0.99, of: http_server_request_duration_seconds }
        fails_when: increase > 20%
        passes_when: ratio < 2
    then:
      fail: [ { confidence: 0.80, do: tell }, { confidence: 0.99, do: take-back } ]
    first_release: tell

-- story --
include act.yaml
include actions.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x400
from 4m every 15s: requests_total{service="shop",track="canary"} 0+1500x14
from -1h every 15s: http_server_request_duration_seconds_bucket{service="shop",track="stable",le="0.1"} 0+1050x400
from -1h every 15s: http_server_request_duration_seconds_bucket{service="shop",track="stable",le="0.25"} 0+1350x400
from -1h every 15s: http_server_request_duration_seconds_bucket{service="shop",track="stable",le="0.5"} 0+1485x400
from -1h every 15s: http_server_request_duration_seconds_bucket{service="shop",track="stable",le="0.75"} 0+1497x400
from -1h every 15s: http_server_request_duration_seconds_bucket{service="shop",track="stable",le="1.0"} 0+1500x400
from -1h every 15s: http_server_request_duration_seconds_bucket{service="shop",track="stable",le="+Inf"} 0+1500x400
from -1h every 15s: http_server_request_duration_seconds_count{service="shop",track="stable"} 0+1500x400
from 4m every 15s: http_server_request_duration_seconds_bucket{service="shop",track="canary",le="0.1"} 0+900x14
from 4m every 15s: http_server_request_duration_seconds_bucket{service="shop",track="canary",le="0.25"} 0+1250x14
from 4m every 15s: http_server_request_duration_seconds_bucket{service="shop",track="canary",le="0.5"} 0+1440x14
from 4m every 15s: http_server_request_duration_seconds_bucket{service="shop",track="canary",le="0.75"} 0+1470x14
from 4m every 15s: http_server_request_duration_seconds_bucket{service="shop",track="canary",le="1.0"} 0+1488x14
from 4m every 15s: http_server_request_duration_seconds_bucket{service="shop",track="canary",le="+Inf"} 0+1500x14
from 4m every 15s: http_server_request_duration_seconds_count{service="shop",track="canary"} 0+1500x14

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 25m
-- expected --
+4m       latency: waits
+5m15s    latency: looks
+5m45s    latency: look 1, inconclusive, p99 speaks against it, confidence at least 0.80
+5m45s    latency: decision 1 on fail at 0.8: do tell
+5m45s    tell: attempt 1
+5m46s    tell: attempt 1 taken with 200
+5m46s    tell: done, the receiver took it
+6m15s    latency: look 2, fail by p99, confidence at least 0.99
+6m15s    latency: decision 2 on fail at 0.99: do take-back
+6m15s    take-back: attempt 1
+6m16s    take-back: attempt 1 taken with 200
+8m30s    take-back: verified, it is seen to have worked
+8m30s    latency: ends, the change was taken back: fail
+8m30s    latency: looks whether things are well again
+10m45s   latency: things are well again, as nobody asks the new side for anything any more
-- rationale --
2026-01-01T00:06:15Z: fail: roll back shop in production [take-back]
gate latency, decision d88d1dd172bc53b7-2

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  2 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check p99: fails when ratio > 1.2; passes when ratio < 2
    asked of 1 series, the new side: http_server_request_duration_seconds{service="shop", track="canary"}
    asked of 1 series, the old side: http_server_request_duration_seconds{service="shop", track="stable"}
    2 of 2 looks found both sides, with samples no older than 1m30s
    to fail, it is counted above 0.75 on the new side and above 0.5 on the old one
      canary  120 of 6,000 (2.00%)
      stable  60 of 6,000 (1.00%)
      ratio   2.00; between 1.21 and 3.40 at 95%, however often anybody looks
      a ratio of 1.20 is tested as 1.50: its buckets lie at 0.5 and 0.75; one at 0.6 would test 1.20
    to pass, it is counted above 1 on the new side and above 0.5 on the old one
      canary  48 of 6,000 (0.800%)
      stable  60 of 6,000 (1.00%)
      ratio   0.80; between 0.43 and 1.48 at 95%, however often anybody looks

The verdict
  fail: check p99 says it loudest
  confidence 99.31%
    of harmless releases, fewer than 1 in 145 would show evidence this strong,
    however often anybody looks

The guards
  none spoke

What was done
  2026-01-01T00:06:15Z  written down as act_34a377934e1851908143ade0: take-back, attempt 1
  2026-01-01T00:06:16Z  attempt 1: taken with 200
  2026-01-01T00:08:30Z  verified: it is seen to have worked

What else was done about this change
  2026-01-01T00:05:45Z  [tell] begun
  2026-01-01T00:05:46Z  [tell] done: the receiver took it

The gate
  2026-01-01T00:08:30Z  stopped watching: the change was taken back
  2026-01-01T00:08:30Z  looks until 2026-01-01T00:18:30Z whether things are well again
  2026-01-01T00:10:45Z  things are well again, as nobody asks the new side for anything any more, 2m after the change was taken back

Replay it bit for bit: backstop replay d88d1dd172bc53b7-2
