Native histograms may have bounds that were written down: those are the buckets, and no others.

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

from -1h every 15s: http_server_request_duration_seconds{service="shop",track="stable"} {{schema:-53 custom_values:[0.1 0.25 0.5 0.75 1]}}+{{schema:-53 count:1500 sum:100 custom_values:[0.1 0.25 0.5 0.75 1] buckets:[1050 300 135 12 3]}}x320
from 4m every 15s: http_server_request_duration_seconds{service="shop",track="canary"} {{schema:-53 custom_values:[0.1 0.25 0.5 0.75 1]}}+{{schema:-53 count:1500 sum:100 custom_values:[0.1 0.25 0.5 0.75 1] buckets:[900 350 190 30 18 12]}}x12

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
