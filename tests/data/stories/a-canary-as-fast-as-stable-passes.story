A canary as fast as stable passes as soon as that is proved: less of it lies above twice the old quantile than of stable above the quantile.

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

from -1h every 15s: http_server_request_duration_seconds_bucket{service="shop",track="stable",le="0.1"} 0+1050x320
from -1h every 15s: http_server_request_duration_seconds_bucket{service="shop",track="stable",le="0.25"} 0+1350x320
from -1h every 15s: http_server_request_duration_seconds_bucket{service="shop",track="stable",le="0.5"} 0+1485x320
from -1h every 15s: http_server_request_duration_seconds_bucket{service="shop",track="stable",le="0.75"} 0+1497x320
from -1h every 15s: http_server_request_duration_seconds_bucket{service="shop",track="stable",le="1.0"} 0+1500x320
from -1h every 15s: http_server_request_duration_seconds_bucket{service="shop",track="stable",le="+Inf"} 0+1500x320
from -1h every 15s: http_server_request_duration_seconds_count{service="shop",track="stable"} 0+1500x320
from 4m every 15s: http_server_request_duration_seconds_bucket{service="shop",track="canary",le="0.1"} 0+1050x64
from 4m every 15s: http_server_request_duration_seconds_bucket{service="shop",track="canary",le="0.25"} 0+1350x64
from 4m every 15s: http_server_request_duration_seconds_bucket{service="shop",track="canary",le="0.5"} 0+1485x64
from 4m every 15s: http_server_request_duration_seconds_bucket{service="shop",track="canary",le="0.75"} 0+1497x64
from 4m every 15s: http_server_request_duration_seconds_bucket{service="shop",track="canary",le="1.0"} 0+1500x64
from 4m every 15s: http_server_request_duration_seconds_bucket{service="shop",track="canary",le="+Inf"} 0+1500x64
from 4m every 15s: http_server_request_duration_seconds_count{service="shop",track="canary"} 0+1500x64

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 20m
-- expected --
+4m       latency: waits
+5m15s    latency: looks
+5m45s    latency: look 1, inconclusive, nothing is proved
+10m15s   latency: look 10, pass, proved
+10m15s   latency: decision 1 on pass: hold: nothing is wanted
+10m15s   latency: ends, its verdict is final: pass
-- rationale --
2026-01-01T00:10:15Z: pass, and the policy wants nothing done about shop in production
gate latency, decision d88d1dd172bc53b7-1

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  10 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check p99: fails when ratio > 1.2; passes when ratio < 2
    asked of 1 series, the new side: http_server_request_duration_seconds{service="shop", track="canary"}
    asked of 1 series, the old side: http_server_request_duration_seconds{service="shop", track="stable"}
    10 of 10 looks found both sides, with samples no older than 1m30s
    to fail, it is counted above 0.75 on the new side and above 0.5 on the old one
      canary  60 of 30,000 (0.200%)
      stable  300 of 30,000 (1.00%)
      ratio   0.20; between 0.12 and 0.31 at 95%, however often anybody looks
      a ratio of 1.20 is tested as 1.50: its buckets lie at 0.5 and 0.75; one at 0.6 would test 1.20
    to pass, it is counted above 1 on the new side and above 0.5 on the old one
      canary  0 of 30,000 (0.000%)
      stable  300 of 30,000 (1.00%)
      ratio   0.00; between 0.00 and 0.02 at 95%, however often anybody looks

The verdict
  pass: it is proved that the release is no worse than it may be; check p99 was the last to prove it
    of releases that are worse, fewer than 1 in a billion would show evidence this strong

The guards
  none spoke

What was done
  nothing

The gate
  2026-01-01T00:10:15Z  stopped watching: its verdict is final

Replay it bit for bit: backstop replay d88d1dd172bc53b7-1
