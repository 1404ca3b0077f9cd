A gate is told to count other errors while it watches a canary. Counts of two questions are not one evidence, so it ends and says so; the next release is asked the new question.

-- carts.yaml --
gates:
  - gate: canary
    owner: team-shop
    runbook: https://runbooks.example.com/canary
    upon: canary
    match: { service: shop, environment: production }
    begins: { at: first_traffic, warmup: 30s, within: 10m }
    ends: { after: 30m, not_before: 5m }
    tracks: { label: track, canary: canary, stable: stable }
    checks:
      - check: errors
        proportion: { bad: cart_errors_total, of: carts_total, absent_bad: zero_if_on_other_track }
        fails_when: ratio > 1.25 and difference > 0.05pp
        passes_when: ratio < 2
    then:
      fail: [ { confidence: 0.80, do: tell }, { confidence: 0.99, do: take-back } ]
    first_release: tell

-- story --
include act.yaml
include actions.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x320
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x320
from 4m every 15s: requests_total{service="shop",track="canary"} 0+150x64
from 4m every 15s: errors_total{service="shop",track="canary"} 0+1x64
from -1h every 15s: carts_total{service="shop",track="stable"} 0+300x320
from 4m every 15s: carts_total{service="shop",track="canary"} 0+300x64
from -1h every 15s: cart_errors_total{service="shop",track="stable"} 0+1x320
from 4m every 15s: cart_errors_total{service="shop",track="canary"} 0x8 60+60x55

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary", "author": "kim"}
at 6m20s reload canary.yaml as carts.yaml
at 8m change {"service": "shop", "environment": "production", "version": "2.4.2", "previous": "2.4.0", "kind": "canary", "author": "kim"}
until 15m
-- expected --
+4m       canary (shop 2.4.1): waits
+5m15s    canary (shop 2.4.1): looks
+5m45s    canary (shop 2.4.1): look 1, inconclusive, nothing is proved
+6m20s    other rules are in force
+6m20s    canary (shop 2.4.1): ends, the rules say otherwise now: inconclusive
+8m       canary (shop 2.4.2): waits
+9m15s    canary (shop 2.4.2): looks
+9m45s    canary (shop 2.4.2): look 1, inconclusive, errors speaks against it, confidence at least 0.80
+9m45s    canary (shop 2.4.2): decision 1 on fail at 0.8: do tell
+9m45s    tell (shop): attempt 1
+9m46s    tell (shop): attempt 1 taken with 200
+9m46s    tell (shop): done, the receiver took it
+10m15s   canary (shop 2.4.2): look 2, fail by errors, confidence at least 0.99
+10m15s   canary (shop 2.4.2): decision 2 on fail at 0.99: do take-back
+10m15s   take-back (shop): attempt 1
+10m16s   take-back (shop): attempt 1 taken with 200
