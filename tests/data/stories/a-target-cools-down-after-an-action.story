The next canary goes bad while the target cools down: a person is asked, and once it has cooled down it is done.

-- server.yaml --
mode: act
settle: 15s
targets:
  - { service: shop, environment: production, select: { service: shop }, owner: team-shop }
hosts: [ "*.example.com" ]
trust:
  - { files: "*", services: [shop], actions: [rollback, pause, notify], secrets: [hook], at_most: act }
limits: { per_service: 5/h }
secrets:
  hook: { env: HOOK }

-- actions.yaml --
actions:
  - action: take-back
    does: rollback
    approval: none
    owner: team-shop
    runbook: https://runbooks.example.com/take-back
    limits: { per_service: 5/h, cooldown: 15m }
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

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x348
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x348
from 4m every 15s: requests_total{service="shop",track="canary",pod="1"} 0+150x4 750+150x11
from 4m every 15s: errors_total{service="shop",track="canary",pod="1"} 0x4 8+8x11
from 14m every 15s: requests_total{service="shop",track="canary",pod="2"} 0+150x4 750+150x47
from 14m every 15s: errors_total{service="shop",track="canary",pod="2"} 0x4 8+8x47

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 14m change {"service": "shop", "environment": "production", "version": "2.4.2", "previous": "2.4.0", "kind": "canary"}
until 27m
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
+16m15s   canary (shop 2.4.2): decision 2 on fail at 0.99: ask: take-back; the target was acted on at 2026-01-01T00:06:15Z, less than 15m ago
+16m15s   tell (shop): attempt 1, to call somebody: it is held
+16m16s   tell (shop): attempt 1 taken with 200
+16m16s   tell (shop): done, the receiver took it
+21m15s   canary (shop 2.4.2): decision 3 on fail at 0.99: do take-back
+21m15s   take-back (shop): attempt 1
+21m16s   take-back (shop): attempt 1 taken with 200
+26m30s   take-back (shop): not verified, it was taken, but was not seen to have worked within 5m
+26m30s   tell (shop): attempt 1, to call somebody: it ended unverified
+26m31s   tell (shop): attempt 1 taken with 200
+26m31s   tell (shop): done, the receiver took it
-- rationale --
2026-01-01T00:21:15Z: fail: roll back shop in production [take-back]
gate canary, decision 1a9108b8181956ca-3

The change
  canary of shop in production to 2.4.2, in place of 2.4.0
  in effect since 2026-01-01T00:14:00Z, told by somebody who may record changes

The evidence
  12 looks, 30s apart, counted from 2026-01-01T00:15:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 2
    asked of 2 series, the new side: errors_total{service="shop", track="canary"} of requests_total{service="shop", track="canary"}
    asked of 2 series, the old side: errors_total{service="shop", track="stable"} of requests_total{service="shop", track="stable"}
    12 of 12 looks found both sides, with samples no older than 1m30s
    canary  192 of 3,600 (5.33%)
    stable  72 of 36,000 (0.200%)
    ratio   26.7; between 17.2 and 42.7 at 95%, however often anybody looks

The verdict
  fail: check errors says it loudest
  confidence more than 99.9999%
    of harmless releases, fewer than 1 in a billion would show evidence this strong,
    however often anybody looks

The guards
  none spoke

What was done
  2026-01-01T00:21:15Z  written down as act_a4aa785397580a7b748db63b: take-back, attempt 1
  2026-01-01T00:21:16Z  attempt 1: taken with 200
  2026-01-01T00:26:30Z  not verified, a person has to look: it was taken, but was not seen to have worked within 5m

What else was done about this change
  2026-01-01T00:15:45Z  [tell] begun
  2026-01-01T00:15:46Z  [tell] done: the receiver took it
  2026-01-01T00:16:15Z  [tell] begun: somebody is called, as something is held
  2026-01-01T00:16:16Z  [tell] done: the receiver took it
  2026-01-01T00:26:30Z  [tell] begun: somebody is called, as something ended unverified
  2026-01-01T00:26:31Z  [tell] done: the receiver took it

Replay it bit for bit: backstop replay 1a9108b8181956ca-3
