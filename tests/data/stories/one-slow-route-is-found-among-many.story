One route in eleven gets slow; the whole hides it, its own buckets show it, and the rationale names it.

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
        by: http_route
    then:
      fail: [ { confidence: 0.80, do: tell }, { confidence: 0.99, do: take-back } ]
    first_release: tell

-- story --
include act.yaml
include actions.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x400
from 4m every 15s: requests_total{service="shop",track="canary"} 0+1500x12
from -1h every 15s: http_server_request_duration_seconds_bucket{service="shop",track="stable",http_route="/cart",le="0.1"} 0+1050x400
from -1h every 15s: http_server_request_duration_seconds_bucket{service="shop",track="stable",http_route="/cart",le="0.25"} 0+1350x400
from -1h every 15s: http_server_request_duration_seconds_bucket{service="shop",track="stable",http_route="/cart",le="0.5"} 0+1485x400
from -1h every 15s: http_server_request_duration_seconds_bucket{service="shop",track="stable",http_route="/cart",le="0.75"} 0+1497x400
from -1h every 15s: http_server_request_duration_seconds_bucket{service="shop",track="stable",http_route="/cart",le="1.0"} 0+1500x400
from -1h every 15s: http_server_request_duration_seconds_bucket{service="shop",track="stable",http_route="/cart",le="+Inf"} 0+1500x400
from -1h every 15s: http_server_request_duration_seconds_count{service="shop",track="stable",http_route="/cart"} 0+1500x400
from -1h every 15s: http_server_request_duration_seconds_bucket{service="shop",track="stable",http_route="/pay",le="0.1"} 0+100x400
from -1h every 15s: http_server_request_duration_seconds_bucket{service="shop",track="stable",http_route="/pay",le="0.25"} 0+130x400
from -1h every 15s: http_server_request_duration_seconds_bucket{service="shop",track="stable",http_route="/pay",le="0.5"} 0+148x400
from -1h every 15s: http_server_request_duration_seconds_bucket{service="shop",track="stable",http_route="/pay",le="0.75"} 0+150x400
from -1h every 15s: http_server_request_duration_seconds_bucket{service="shop",track="stable",http_route="/pay",le="1.0"} 0+150x400
from -1h every 15s: http_server_request_duration_seconds_bucket{service="shop",track="stable",http_route="/pay",le="+Inf"} 0+150x400
from -1h every 15s: http_server_request_duration_seconds_count{service="shop",track="stable",http_route="/pay"} 0+150x400
from 4m every 15s: http_server_request_duration_seconds_bucket{service="shop",track="canary",http_route="/cart",le="0.1"} 0+1050x12
from 4m every 15s: http_server_request_duration_seconds_bucket{service="shop",track="canary",http_route="/cart",le="0.25"} 0+1350x12
from 4m every 15s: http_server_request_duration_seconds_bucket{service="shop",track="canary",http_route="/cart",le="0.5"} 0+1485x12
from 4m every 15s: http_server_request_duration_seconds_bucket{service="shop",track="canary",http_route="/cart",le="0.75"} 0+1497x12
from 4m every 15s: http_server_request_duration_seconds_bucket{service="shop",track="canary",http_route="/cart",le="1.0"} 0+1500x12
from 4m every 15s: http_server_request_duration_seconds_bucket{service="shop",track="canary",http_route="/cart",le="+Inf"} 0+1500x12
from 4m every 15s: http_server_request_duration_seconds_count{service="shop",track="canary",http_route="/cart"} 0+1500x12
from 4m every 15s: http_server_request_duration_seconds_bucket{service="shop",track="canary",http_route="/pay",le="0.1"} 0+40x12
from 4m every 15s: http_server_request_duration_seconds_bucket{service="shop",track="canary",http_route="/pay",le="0.25"} 0+70x12
from 4m every 15s: http_server_request_duration_seconds_bucket{service="shop",track="canary",http_route="/pay",le="0.5"} 0+110x12
from 4m every 15s: http_server_request_duration_seconds_bucket{service="shop",track="canary",http_route="/pay",le="0.75"} 0+130x12
from 4m every 15s: http_server_request_duration_seconds_bucket{service="shop",track="canary",http_route="/pay",le="1.0"} 0+140x12
from 4m every 15s: http_server_request_duration_seconds_bucket{service="shop",track="canary",http_route="/pay",le="+Inf"} 0+150x12
from 4m every 15s: http_server_request_duration_seconds_count{service="shop",track="canary",http_route="/pay"} 0+150x12

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 25m
-- expected --
+4m       latency: waits
+5m15s    latency: looks
+5m45s    latency: look 1, inconclusive, nothing is proved
+6m15s    latency: look 2, fail by p99, confidence at least 0.95
+6m15s    latency: decision 1 on fail at 0.8: do tell
+6m15s    tell: attempt 1
+6m16s    tell: attempt 1 taken with 200
+6m16s    tell: done, the receiver took it
+6m45s    latency: look 3, fail by p99, confidence at least 0.99
+6m45s    latency: decision 2 on fail at 0.99: do take-back
+6m45s    take-back: attempt 1
+6m46s    take-back: attempt 1 taken with 200
+8m       take-back: verified, it is seen to have worked
+8m       latency: ends, the change was taken back: fail
+8m       latency: looks whether things are well again
+10m15s   latency: things are well again, as nobody asks the new side for anything any more
-- rationale --
2026-01-01T00:06:45Z: fail: roll back shop in production [take-back]
gate latency, decision d88d1dd172bc53b7-2

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  3 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check p99: fails when ratio > 1.2; passes when ratio < 2
    asked of 2 series, the new side: http_server_request_duration_seconds{service="shop", track="canary"}
    asked of 2 series, the old side: http_server_request_duration_seconds{service="shop", track="stable"}
    3 of 3 looks found both sides, with samples no older than 1m30s
    to fail, it is counted above 0.75 on the new side and above 0.5 on the old one
      canary  138 of 9,900 (1.39%)
      stable  102 of 9,900 (1.03%)
      ratio   1.35; between 0.08 and 0.42 at 95%, however often anybody looks
      a ratio of 1.20 is tested as 1.50: its buckets lie at 0.5 and 0.75; one at 0.6 would test 1.20
    to pass, it is counted above 1 on the new side and above 0.5 on the old one
      canary  60 of 9,900 (0.606%)
      stable  102 of 9,900 (1.03%)
      ratio   0.59; between 4.33 and 30.1 at 95%, however often anybody looks
    of 3 slices the worst is /pay: 120 of 900 (13.3%), against 12 of 900 (1.33%) above 0.75 on the new side and above 0.5 on the old one
      ratio   10.0; between 4.33 and 30.1 at 95%, however often anybody looks
      fail: proved of /pay; of what is named so, fewer than 1 in 20 are named wrongly
      inconclusive: /cart
      inconclusive, without traffic on the new side: other

The verdict
  fail: check p99 says it loudest
  confidence 99.86%
    of harmless releases, fewer than 1 in 761 would show evidence this strong,
    however often anybody looks

The guards
  none spoke

What was done
  2026-01-01T00:06:45Z  written down as act_34a377934e1851908143ade0: take-back, attempt 1
  2026-01-01T00:06:46Z  attempt 1: taken with 200
  2026-01-01T00:08:00Z  verified: it is seen to have worked

What else was done about this change
  2026-01-01T00:06:15Z  [tell] begun
  2026-01-01T00:06:16Z  [tell] done: the receiver took it

The gate
  2026-01-01T00:08:00Z  stopped watching: the change was taken back
  2026-01-01T00:08:00Z  looks until 2026-01-01T00:18:00Z whether things are well again
  2026-01-01T00:10:15Z  things are well again, as nobody asks the new side for anything any more, 2m after the change was taken back

Replay it bit for bit: backstop replay d88d1dd172bc53b7-2
