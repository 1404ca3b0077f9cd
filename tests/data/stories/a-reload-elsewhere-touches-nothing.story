The rules of another gate change while a canary is watched. They are in force from then on, and the gate that watches goes on with all that it saw.

-- carts.yaml --
gates:
  - gate: carts
    owner: team-shop
    runbook: https://runbooks.example.com/canary
    upon: deployment
    match: { service: shop, environment: production }
    ends: { after: 30m }
    compare: { after: before, baseline: 4h }
    checks:
      - check: carts
        proportion: { bad: cart_errors_total, of: carts_total }
        fails_when: ratio > 1.25 and difference > 0.05pp
    then:
      fail: [ { confidence: 0.80, do: tell } ]
    first_release: tell

-- stricter.yaml --
gates:
  - gate: carts
    owner: team-shop
    runbook: https://runbooks.example.com/canary
    upon: deployment
    match: { service: shop, environment: production }
    ends: { after: 1h }
    compare: { after: before, baseline: 24h }
    checks:
      - check: carts
        proportion: { bad: cart_errors_total, of: carts_total }
        fails_when: ratio > 1.1 and difference > 0.01pp
    then:
      fail: [ { confidence: 0.95, do: tell } ]
    first_release: tell

-- story --
include act.yaml
include actions.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="shop",track="canary"} 0+150x64
from 4m every 15s: errors_total{service="shop",track="canary"} 0x8 8+8x55

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary", "author": "kim"}
at 6m20s reload carts.yaml as stricter.yaml
until 12m
-- expected --
+4m       canary: waits
+5m15s    canary: looks
+5m45s    canary: look 1, inconclusive, nothing is proved
+6m20s    other rules are in force
+7m15s    canary: look 4, fail by errors, confidence at least 0.95
+7m15s    canary: decision 1 on fail at 0.8: do tell
+7m15s    tell: attempt 1
+7m16s    tell: attempt 1 taken with 200
+7m16s    tell: done, the receiver took it
+7m45s    canary: look 5, fail by errors, confidence at least 0.99
+7m45s    canary: decision 2 on fail at 0.99: do take-back
+7m45s    take-back: attempt 1
+7m46s    take-back: attempt 1 taken with 200
