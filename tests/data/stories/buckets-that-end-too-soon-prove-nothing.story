A fifth more than the last bucket has no bucket of its own, so a canary however slow cannot be found; it does not pass for that.

-- latency.yaml --
gates:
  - gate: latency
    owner: team-shop
    runbook: https://runbooks.example.com/latency
    upon: canary
    match: { service: shop, environment: production }
    begins: { at: first_traffic, warmup: 30s, within: 10m }
    ends: { after: 10m, not_before: 5m }
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
from -1h every 15s: http_server_request_duration_seconds_bucket{service="shop",track="stable",le="0.5"} 0+1490x320
from -1h every 15s: http_server_request_duration_seconds_bucket{service="shop",track="stable",le="+Inf"} 0+1500x320
from -1h every 15s: http_server_request_duration_seconds_count{service="shop",track="stable"} 0+1500x320
from 4m every 15s: http_server_request_duration_seconds_bucket{service="shop",track="canary",le="0.1"} 0+10x64
from 4m every 15s: http_server_request_duration_seconds_bucket{service="shop",track="canary",le="0.25"} 0+20x64
from 4m every 15s: http_server_request_duration_seconds_bucket{service="shop",track="canary",le="0.5"} 0+30x64
from 4m every 15s: http_server_request_duration_seconds_bucket{service="shop",track="canary",le="+Inf"} 0+1500x64
from 4m every 15s: http_server_request_duration_seconds_count{service="shop",track="canary"} 0+1500x64

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 20m
-- expected --
+4m       latency: waits
+5m15s    latency: looks; p99 would take more than is planned: never to prove a doubling, never to pass
+5m45s    latency: look 1, inconclusive, p99: its histogram has no bucket at 0.6 or beyond
+15m15s   latency: decision 1 on inconclusive: hold: nothing is wanted
+15m15s   latency: ends, its time is up: inconclusive
-- rationale --
2026-01-01T00:15:15Z: inconclusive, and the policy wants nothing done about shop in production
gate latency, decision d88d1dd172bc53b7-1

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  20 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check p99: fails when ratio > 1.2; passes when ratio < 2
    asked of 1 series, the new side: http_server_request_duration_seconds{service="shop", track="canary"}
    asked of 1 series, the old side: http_server_request_duration_seconds{service="shop", track="stable"}
    20 of 20 looks found both sides, with samples no older than 1m30s
    to fail: nothing can be shown, as its histogram has no bucket at 0.6 or beyond
    to pass, it is counted above 0.5
      canary  58,800 of 60,000 (98.0%)
      stable  400 of 60,000 (0.667%)
      ratio   147; between 124 and 176 at 95%, however often anybody looks
      a ratio of 2.00 is tested as 1.00: none of its buckets lies between 0.5 and 1; one at 1 would test 2.00
    events may come in clusters, so 3.00 of them weigh as one

The verdict
  inconclusive: check p99 cannot show anything: its histogram has no bucket at 0.6 or beyond; add one

The guards
  none spoke

What was done
  nothing

The gate
  2026-01-01T00:15:15Z  stopped watching: its time was up

Replay it bit for bit: backstop replay d88d1dd172bc53b7-1
