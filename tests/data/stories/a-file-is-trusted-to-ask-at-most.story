The server may act, but these files are trusted to ask at most, so their actions have to.

-- server.yaml --
mode: act
settle: 15s
targets:
  - { service: shop, environment: production, select: { service: shop }, owner: team-shop }
hosts: [ "*.example.com" ]
trust:
  - { files: "*", services: [shop], actions: [rollback, pause, notify], secrets: [hook], at_most: ask }
secrets:
  hook: { env: HOOK }

-- actions.yaml --
actions:
  - action: take-back
    does: rollback
    approval: one
    owner: team-shop
    runbook: https://runbooks.example.com/take-back
    webhook:
      url: https://deploy.example.com/take-back
      sign: hook
      verify: { expr: 'absent_over_time(requests_total{service="shop", track="canary"}[1m])' }
  - action: hold
    does: pause
    approval: one
    owner: team-shop
    webhook: { url: "https://deploy.example.com/hold", sign: hook }
  - action: tell
    does: notify
    webhook: { url: "https://chat.example.com/shop", sign: hook }

-- story --
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="shop",track="canary"} 0+150x4 750+150x27
from 4m every 15s: errors_total{service="shop",track="canary"} 0x4 8+8x27

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary", "author": "kim"}
until 12m
-- expected --
+4m       canary: waits
+5m15s    canary: looks
+5m45s    canary: look 1, inconclusive, errors speaks against it, confidence at least 0.80
+5m45s    canary: decision 1 on fail at 0.8: do tell
+5m45s    tell: attempt 1
+5m46s    tell: attempt 1 taken with 200
+5m46s    tell: done, the receiver took it
+6m15s    canary: look 2, fail by errors, confidence at least 0.99
+6m15s    canary: decision 2 on fail at 0.99: ask: take-back; the action asks one person first
+6m15s    tell: attempt 1, to call somebody: it is held
+6m16s    tell: attempt 1 taken with 200
+6m16s    tell: done, the receiver took it
