One rollback an hour for each service: the next bad canary of the same service is asked about.

-- server.yaml --
mode: act
settle: 15s
targets:
  - { service: shop, environment: production, select: { service: shop }, owner: team-shop }
hosts: [ "*.example.com" ]
trust:
  - { files: "*", services: [shop], actions: [rollback, pause, notify], secrets: [hook], at_most: act }
limits: { per_service: 1/h, cooldown: 1m }
secrets:
  hook: { env: HOOK }

-- actions.yaml --
actions:
  - action: take-back
    does: rollback
    approval: none
    owner: team-shop
    runbook: https://runbooks.example.com/take-back
    limits: { per_service: 1/h, cooldown: 1m }
    webhook:
      url: https://deploy.example.com/take-back
      sign: hook
      verify: { expr: 'absent_over_time(requests_total{service="shop", track="canary"}[1m])' }
  - action: hold
    does: pause
    approval: none
    owner: team-shop
    webhook: { url: "https://deploy.example.com/hold", sign: hook }
  - action: tell
    does: notify
    webhook: { url: "https://chat.example.com/shop", sign: hook }

-- story --
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x336
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x336
from 4m every 15s: requests_total{service="shop",track="canary",pod="1"} 0+150x4 750+150x11
from 4m every 15s: errors_total{service="shop",track="canary",pod="1"} 0x4 8+8x11
from 14m every 15s: requests_total{service="shop",track="canary",pod="2"} 0+150x4 750+150x35
from 14m every 15s: errors_total{service="shop",track="canary",pod="2"} 0x4 8+8x35

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 14m change {"service": "shop", "environment": "production", "version": "2.4.2", "previous": "2.4.0", "kind": "canary"}
until 24m
-- expected --
+4m       canary (shop 2.4.1): waits
+5m15s    canary (shop 2.4.1): looks
+5m45s    canary (shop 2.4.1): look 1, inconclusive, errors speaks against it, confidence at least 0.80
+5m45s    canary (shop 2.4.1): decision 1 on fail at 0.8: do tell
+5m45s    tell (shop): attempt 1
+5m46s    tell (shop): attempt 1 taken with 200
+5m46s    tell (shop): done, the receiver took it
+6m15s    canary (shop 2.4.1): look 2, fail by errors, confidence at least 0.99
+6m15s    canary (shop 2.4.1): decision 2 on fail at 0.99: do take-back
+6m15s    take-back (shop): attempt 1
+6m16s    take-back (shop): attempt 1 taken with 200
+9m       take-back (shop): verified, it is seen to have worked
+9m       canary (shop 2.4.1): ends, the change was taken back: fail
+9m       canary (shop 2.4.1): looks whether things are well again
+11m15s   canary (shop 2.4.1): things are well again, as nobody asks the new side for anything any more
+14m      canary (shop 2.4.2): waits
+15m15s   canary (shop 2.4.2): looks
+15m45s   canary (shop 2.4.2): look 1, inconclusive, errors speaks against it, confidence at least 0.80
+15m45s   canary (shop 2.4.2): decision 1 on fail at 0.8: do tell
+15m45s   tell (shop): attempt 1
+15m46s   tell (shop): attempt 1 taken with 200
+15m46s   tell (shop): done, the receiver took it
+16m15s   canary (shop 2.4.2): look 2, fail by errors, confidence at least 0.99
+16m15s   canary (shop 2.4.2): decision 2 on fail at 0.99: ask: take-back; the budget of take-back of 1/h for each service is spent (1 so far)
+16m15s   tell (shop): attempt 1, to call somebody: it is held
+16m16s   tell (shop): attempt 1 taken with 200
+16m16s   tell (shop): done, the receiver took it
-- rationale --
2026-01-01T00:16:15Z: fail: ask a person whether to roll back shop in production [take-back]
gate canary, decision 1a9108b8181956ca-2

The change
  canary of shop in production to 2.4.2, in place of 2.4.0
  in effect since 2026-01-01T00:14:00Z, told by somebody who may record changes

The evidence
  2 looks, 30s apart, counted from 2026-01-01T00:15:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 2
    asked of 2 series, the new side: errors_total{service="shop", track="canary"} of requests_total{service="shop", track="canary"}
    asked of 2 series, the old side: errors_total{service="shop", track="stable"} of requests_total{service="shop", track="stable"}
    2 of 2 looks found both sides, with samples no older than 1m30s
    canary  32 of 600 (5.33%)
    stable  12 of 6,000 (0.200%)
    ratio   26.7; between 9.91 and 86.6 at 95%, however often anybody looks

The verdict
  fail: check errors says it loudest
  confidence 99.53%
    of harmless releases, fewer than 1 in 215 would show evidence this strong,
    however often anybody looks

The guards
  the budget of take-back of 1/h for each service is spent (1 so far) (until the oldest of these are longer ago)

What was done
  nothing so far: it is for a person to say

What else was done about this change
  2026-01-01T00:15:45Z  [tell] begun
  2026-01-01T00:15:46Z  [tell] done: the receiver took it
  2026-01-01T00:16:15Z  [tell] begun: somebody is called, as something is held
  2026-01-01T00:16:16Z  [tell] done: the receiver took it

Replay it bit for bit: backstop replay 1a9108b8181956ca-2
