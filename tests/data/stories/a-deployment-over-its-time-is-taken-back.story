A time alone is held on one side, in the unit of the buckets: more than a hundredth above 600 ms, of which the next bucket is 750, is too slow.

-- latency.yaml --
gates:
  - gate: latency
    owner: team-shop
    runbook: https://runbooks.example.com/latency
    upon: deployment
    match: { service: shop, environment: production }
    begins: { at: first_traffic, warmup: 1m }
    ends: { after: 30m, not_before: 5m }
    compare: { after: before, baseline: 4h }
    checks:
      - check: p99
        quantile: { q: 0.99, of: request_duration_milliseconds }
        fails_when: value > 600ms
    then:
      fail: [ { confidence: 0.80, do: tell }, { confidence: 0.99, do: take-back } ]
      may_undo_on: before_after
    first_release: tell

-- story --
include act.yaml
include actions.yaml

from -5h every 15s: request_duration_milliseconds_bucket{service="shop",le="100"} 0+1050x1240 1302900+900x13 1315650+1050x86
from -5h every 15s: request_duration_milliseconds_bucket{service="shop",le="250"} 0+1350x1240 1675250+1250x13 1692850+1350x86
from -5h every 15s: request_duration_milliseconds_bucket{service="shop",le="500"} 0+1485x1240 1842800+1400x13 1862485+1485x86
from -5h every 15s: request_duration_milliseconds_bucket{service="shop",le="750"} 0+1497x1240 1857740+1460x13 1878217+1497x86
from -5h every 15s: request_duration_milliseconds_bucket{service="shop",le="1000"} 0+1500x1240 1861490+1490x13 1882360+1500x86
from -5h every 15s: request_duration_milliseconds_bucket{service="shop",le="+Inf"} 0+1500x1240 1861500+1500x13 1882500+1500x86
from -5h every 15s: request_duration_milliseconds_count{service="shop"} 0+1500x1340

at 10m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "deployment"}
until 25m
-- expected --
+10m      latency: waits
+11m45s   latency: looks
+12m15s   latency: look 1, inconclusive, p99 speaks against it, confidence at least 0.80
+12m15s   latency: decision 1 on fail at 0.8: do tell
+12m15s   tell: attempt 1
+12m16s   tell: attempt 1 taken with 200
+12m16s   tell: done, the receiver took it
+12m45s   latency: look 2, fail by p99, confidence at least 0.99
+12m45s   latency: decision 2 on fail at 0.99: do take-back
+12m45s   take-back: attempt 1
+12m46s   take-back: attempt 1 taken with 200
+13m      take-back: verified, it is seen to have worked
+13m      latency: ends, the change was taken back: fail
+13m      latency: looks whether things are well again
+14m15s   latency: things are well again
-- rationale --
2026-01-01T00:12:45Z: fail: roll back shop in production [take-back]
gate latency, decision 7b5c6866957358b2-2

The change
  deployment of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:10:00Z, told by somebody who may record changes

The evidence
  2 looks, 30s apart, counted from 2026-01-01T00:11:30Z
  check p99: fails when value > 600
    asked of 1 series: request_duration_milliseconds{service="shop"}
    2 of 2 looks found it, with samples no older than 1m30s
    to fail, it is counted above 750
      after   160 of 6,000 (2.67%)
      before  2,880 of 1,440,000 (0.200%)
      ratio   13.3; between 9.92 and 17.5 at 95%, however often anybody looks
      a value of 600 is tested as 750, its nearest bucket; one at 600 would test that

The verdict
  fail: check p99 says it loudest
  confidence 99.48%
    of harmless releases, fewer than 1 in 192 would show evidence this strong,
    however often anybody looks

The guards
  none spoke

What was done
  2026-01-01T00:12:45Z  written down as act_86b8e367384032c90d4be7f6: take-back, attempt 1
  2026-01-01T00:12:46Z  attempt 1: taken with 200
  2026-01-01T00:13:00Z  verified: it is seen to have worked

What else was done about this change
  2026-01-01T00:12:15Z  [tell] begun
  2026-01-01T00:12:16Z  [tell] done: the receiver took it

The gate
  2026-01-01T00:13:00Z  stopped watching: the change was taken back
  2026-01-01T00:13:00Z  looks until 2026-01-01T00:23:00Z whether things are well again
  2026-01-01T00:14:15Z  things are well again, 1m after the change was taken back; seen: p99 6 of 3,000 (0.200%)

Replay it bit for bit: backstop replay 7b5c6866957358b2-2
