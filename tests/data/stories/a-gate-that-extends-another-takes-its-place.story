The gate of the shop itself extends the shared one, and is more particular: it alone watches.

-- server.yaml --
mode: act
settle: 15s
targets:
  - { service: shop, environment: production, select: { service: shop }, owner: team-shop }
hosts: [ "*.example.com" ]
trust:
  - { files: "*", services: ["*"], actions: [rollback, pause, notify], secrets: [hook], at_most: act }
secrets:
  hook: { env: HOOK }

-- shared.yaml --
gates:
  - gate: canary
    owner: team-shop
    runbook: https://runbooks.example.com/canary
    upon: canary
    match: { environment: production }
    begins: { at: first_traffic, warmup: 30s, within: 10m }
    ends: { after: 30m, not_before: 5m }
    tracks: { label: track, canary: canary, stable: stable }
    checks:
      - check: errors
        proportion: { bad: errors_total, of: requests_total, absent_bad: zero_if_on_other_track }
        fails_when: ratio > 1.25 and difference > 0.05pp
        passes_when: ratio < 2
    then:
      fail: [ { confidence: 0.80, do: tell }, { confidence: 0.99, do: take-back } ]
    first_release: tell

-- shop.yaml --
gates:
  - gate: shop-canary
    extends: canary
    match: { service: shop, environment: production }
    then: { fail: tell }

-- story --
include actions.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="shop",track="canary"} 0+150x4 750+150x27
from 4m every 15s: errors_total{service="shop",track="canary"} 0x4 8+8x27

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary", "author": "kim"}
until 12m
-- expected --
+4m       shop-canary: waits
+5m15s    shop-canary: looks
+5m45s    shop-canary: look 1, inconclusive, errors speaks against it, confidence at least 0.80
+5m45s    shop-canary: decision 1 on fail at 0.8: do tell
+5m45s    tell: attempt 1
+5m46s    tell: attempt 1 taken with 200
+5m46s    tell: done, the receiver took it
+6m15s    shop-canary: look 2, fail by errors, confidence at least 0.99
