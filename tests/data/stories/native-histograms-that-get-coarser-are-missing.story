The canary merges its buckets while it runs, so nobody knows any more how much of it lies above the border that was chosen: the check is missing, and says why. A bound that is a power of two is one at every resolution.

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
from 4m every 15s: http_server_request_duration_seconds{service="shop",track="canary"} {{schema:3}}+{{schema:3 count:1500 sum:256.7 offset:-24 buckets:[1050 0 0 0 0 0 0 0 300 0 0 0 0 0 0 0 135 0 0 0 12 0 0 0 3]}}x8 {{schema:2 count:13500 sum:2310.3 offset:-12 buckets:[9450 0 0 0 2700 0 0 0 1215 0 108 0 27]}}+{{schema:2 count:1500 sum:256.7 offset:-12 buckets:[1050 0 0 0 300 0 0 0 135 0 12 0 3]}}x130

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 36m
-- expected --
+4m       latency: waits
+5m15s    latency: looks
+5m45s    latency: look 1, inconclusive, nothing is proved
+6m45s    latency: look 3, inconclusive, p99: the histogram of the new side lacks a bucket
+35m15s   latency: decision 1 on inconclusive: hold: nothing is wanted
+35m15s   latency: ends, its time is up: inconclusive
-- rationale --
2026-01-01T00:35:15Z: inconclusive, and the policy wants nothing done about shop in production
gate latency, decision d88d1dd172bc53b7-1

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  60 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check p99: fails when ratio > 1.2; passes when ratio < 2
    at the last look the histogram of the new side lacks a bucket
    to fail, it is counted above 0.648419777 on the new side and above 0.5 on the old one
      canary  60 of 6,000 (1.00%)
      stable  60 of 6,000 (1.00%)
      ratio   1.00; between 0.37 and 2.74 at 95%, however often anybody looks
      a ratio of 1.20 is tested as 1.30: its buckets lie at 0.5 and 0.648419777; one at 0.6 would test 1.20
    to pass, it is counted above 1 on the new side and above 0.5 on the old one
      canary  0 of 6,000 (0.000%)
      stable  60 of 6,000 (1.00%)
      ratio   0.00; between 0.00 and 0.28 at 95%, however often anybody looks
    events may come in clusters, so 3.00 of them weigh as one

The verdict
  inconclusive: check p99 lacks something: the histogram of the new side lacks a bucket
    each of its series needs the buckets 0.648419777, 1

The guards
  none spoke

What was done
  nothing

The gate
  2026-01-01T00:35:15Z  stopped watching: its time was up

Replay it bit for bit: backstop replay d88d1dd172bc53b7-1
