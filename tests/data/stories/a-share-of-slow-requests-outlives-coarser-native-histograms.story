The canary merges its buckets while it runs. Half a second is a bound at every resolution, so nothing is lost.

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
        slow: { of: http_server_request_duration_seconds, over: 500ms, buckets: native }
        fails_when: ratio > 1.25
        passes_when: ratio < 2
    then:
      fail: [ { confidence: 0.80, do: tell }, { confidence: 0.99, do: take-back } ]
    first_release: tell

-- story --
include act.yaml
include actions.yaml

from -1h every 15s: http_server_request_duration_seconds{service="shop",track="stable"} {{schema:3}}+{{schema:3 count:1500 sum:256.7 offset:-24 buckets:[1050 0 0 0 0 0 0 0 300 0 0 0 0 0 0 0 135 0 0 0 12 0 0 0 3]}}x320
from 4m every 15s: http_server_request_duration_seconds{service="shop",track="canary"} {{schema:3}}+{{schema:3 count:1500 sum:307.6 offset:-24 buckets:[900 0 0 0 0 0 0 0 350 0 0 0 0 0 0 0 190 0 0 0 45 0 0 0 15]}}x8 {{schema:2 count:13500 sum:2768.7 offset:-12 buckets:[8100 0 0 0 3150 0 0 0 1710 0 405 0 135]}}+{{schema:2 count:1500 sum:307.6 offset:-12 buckets:[900 0 0 0 350 0 0 0 190 0 45 0 15]}}x4

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 20m
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
+6m30s    take-back: verified, it is seen to have worked
+6m30s    latency: ends, the change was taken back: fail
+6m30s    latency: looks whether things are well again
+9m15s    latency: things are well again, as nobody asks the new side for anything any more
