A bound between two buckets is the one above it to fail and the one below it to pass, and the rationale says so.

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
        slow: { of: http_server_request_duration, over: 600ms, unit: milliseconds }
        fails_when: ratio > 1.25
        passes_when: ratio < 2
    then:
      fail: [ { confidence: 0.80, do: tell }, { confidence: 0.99, do: take-back } ]
    first_release: tell

-- story --
include act.yaml
include actions.yaml

from -1h every 15s: http_server_request_duration_bucket{service="shop",track="stable",le="100"} 0+1050x320
from -1h every 15s: http_server_request_duration_bucket{service="shop",track="stable",le="250"} 0+1350x320
from -1h every 15s: http_server_request_duration_bucket{service="shop",track="stable",le="500"} 0+1485x320
from -1h every 15s: http_server_request_duration_bucket{service="shop",track="stable",le="750"} 0+1497x320
from -1h every 15s: http_server_request_duration_bucket{service="shop",track="stable",le="1000"} 0+1500x320
from -1h every 15s: http_server_request_duration_bucket{service="shop",track="stable",le="+Inf"} 0+1500x320
from -1h every 15s: http_server_request_duration_count{service="shop",track="stable"} 0+1500x320
from 4m every 15s: http_server_request_duration_bucket{service="shop",track="canary",le="100"} 0+1050x64
from 4m every 15s: http_server_request_duration_bucket{service="shop",track="canary",le="250"} 0+1350x64
from 4m every 15s: http_server_request_duration_bucket{service="shop",track="canary",le="500"} 0+1485x64
from 4m every 15s: http_server_request_duration_bucket{service="shop",track="canary",le="750"} 0+1497x64
from 4m every 15s: http_server_request_duration_bucket{service="shop",track="canary",le="1000"} 0+1500x64
from 4m every 15s: http_server_request_duration_bucket{service="shop",track="canary",le="+Inf"} 0+1500x64
from 4m every 15s: http_server_request_duration_count{service="shop",track="canary"} 0+1500x64

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
  check slow: fails when ratio > 1.25; passes when ratio < 2
    asked of 1 series, the new side: http_server_request_duration{service="shop", track="canary"}
    asked of 1 series, the old side: http_server_request_duration{service="shop", track="stable"}
    10 of 10 looks found both sides, with samples no older than 1m30s
    to fail, it is counted above 750
      canary  60 of 30,000 (0.200%)
      stable  60 of 30,000 (0.200%)
      ratio   1.00; between 0.55 and 1.80 at 95%, however often anybody looks
    to pass, it is counted above 500
      canary  300 of 30,000 (1.00%)
      stable  300 of 30,000 (1.00%)
      ratio   1.00; between 0.75 and 1.33 at 95%, however often anybody looks

The verdict
  pass: it is proved that the release is no worse than it may be; check slow was the last to prove it
    of releases that are worse, fewer than 1 in a billion would show evidence this strong

The guards
  none spoke

What was done
  nothing

The gate
  2026-01-01T00:10:15Z  stopped watching: its verdict is final

Replay it bit for bit: backstop replay d88d1dd172bc53b7-1
