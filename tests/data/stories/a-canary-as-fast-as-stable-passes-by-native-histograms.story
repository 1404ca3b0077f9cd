Nobody says that the histogram is native: there are no others. Its canary begins anew twice, the second time with buckets half as wide; neither loses or adds a request.

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
        passes_when: increase < 100%
    then:
      fail: [ { confidence: 0.80, do: tell }, { confidence: 0.99, do: take-back } ]
    first_release: tell

-- story --
include act.yaml
include actions.yaml

from -1h every 15s: http_server_request_duration_seconds{service="shop",track="stable"} {{schema:3}}+{{schema:3 count:1500 sum:256.7 offset:-24 buckets:[1050 0 0 0 0 0 0 0 300 0 0 0 0 0 0 0 135 0 0 0 12 0 0 0 3]}}x320
from 4m every 15s: http_server_request_duration_seconds{service="shop",track="canary"} {{schema:3}}+{{schema:3 count:1500 sum:256.7 offset:-24 buckets:[1050 0 0 0 0 0 0 0 300 0 0 0 0 0 0 0 135 0 0 0 12 0 0 0 3]}}x20 {{schema:3}}+{{schema:3 count:1500 sum:256.7 offset:-24 buckets:[1050 0 0 0 0 0 0 0 300 0 0 0 0 0 0 0 135 0 0 0 12 0 0 0 3]}}x20 {{schema:4}}+{{schema:4 count:1500 sum:256.7 offset:-48 buckets:[1050 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 300 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 135 0 0 0 0 0 0 0 12 0 0 0 0 0 0 0 3]}}x30

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 20m
-- expected --
+4m       latency: waits
+5m15s    latency: looks
+5m45s    latency: look 1, inconclusive, nothing is proved
+10m15s   latency: look 10, pass, proved
+10m15s   latency: decision 1 on pass: hold: nothing is wanted
+10m15s   latency: ends, its verdict is final: pass
