A native histogram is a counter at each of its bounds. The 99th percentile lies at 0.5 s on the old side, so 20 % more is counted above the next bound of the histograms beyond 0.6 s.

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
        quantile: { q: 0.99, of: http_server_request_duration_seconds, buckets: native }
        fails_when: increase > 20%
        passes_when: increase < 100%
    then:
      fail: [ { confidence: 0.80, do: tell }, { confidence: 0.99, do: take-back } ]
    first_release: tell

-- story --
include act.yaml
include actions.yaml

from -1h every 15s: http_server_request_duration_seconds{service="shop",track="stable"} {{schema:3}}+{{schema:3 count:1500 sum:256.7 offset:-24 buckets:[1050 0 0 0 0 0 0 0 300 0 0 0 0 0 0 0 135 0 0 0 12 0 0 0 3]}}x320
from 4m every 15s: http_server_request_duration_seconds{service="shop",track="canary"} {{schema:3}}+{{schema:3 count:1500 sum:307.6 offset:-24 buckets:[900 0 0 0 0 0 0 0 350 0 0 0 0 0 0 0 190 0 0 0 45 0 0 0 15]}}x12

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 20m
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
+6m30s    take-back: verified, it is seen to have worked
+6m30s    latency: ends, the change was taken back: fail
+6m30s    latency: looks whether things are well again
+8m45s    latency: things are well again, as nobody asks the new side for anything any more
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
    to fail, it is counted above 0.648419777 on the new side and above 0.5 on the old one
      canary  240 of 6,000 (4.00%)
      stable  60 of 6,000 (1.00%)
      ratio   4.00; between 2.55 and 6.57 at 95%, however often anybody looks
      a ratio of 1.20 is tested as 1.30: its buckets lie at 0.5 and 0.648419777; a native histogram's borders grow, here by 9.05% each, and none lies nearer
    to pass, it is counted above 1 on the new side and above 0.5 on the old one
      canary  0 of 6,000 (0.000%)
      stable  60 of 6,000 (1.00%)
      ratio   0.00; between 0.00 and 0.09 at 95%, however often anybody looks
    it is native: what was observed as NaN lies above every border

The verdict
  fail: check p99 says it loudest
  confidence 99.58%
    of harmless releases, fewer than 1 in 238 would show evidence this strong,
    however often anybody looks

The guards
  none spoke

What was done
  2026-01-01T00:06:15Z  written down as act_34a377934e1851908143ade0: take-back, attempt 1
  2026-01-01T00:06:16Z  attempt 1: taken with 200
  2026-01-01T00:06:30Z  verified: it is seen to have worked

What else was done about this change
  2026-01-01T00:05:45Z  [tell] begun
  2026-01-01T00:05:46Z  [tell] done: the receiver took it

The gate
  2026-01-01T00:06:30Z  stopped watching: the change was taken back
  2026-01-01T00:06:30Z  looks until 2026-01-01T00:16:30Z whether things are well again
  2026-01-01T00:08:45Z  things are well again, as nobody asks the new side for anything any more, 2m after the change was taken back

Replay it bit for bit: backstop replay d88d1dd172bc53b7-2
