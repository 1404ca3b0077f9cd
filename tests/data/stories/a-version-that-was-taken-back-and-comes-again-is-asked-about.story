backstop took the version back, and the pipeline brings it again, as bad as before: undoing it once more would be a fight.

-- actions.yaml --
actions:
  - action: take-back
    does: rollback
    approval: none
    owner: team-shop
    runbook: https://runbooks.example.com/take-back
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
include act.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x400
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x400
from 4m every 15s: requests_total{service="shop",track="canary"} 0+150x4 750+150x4 _x24 0+150x4 750+150x40
from 4m every 15s: errors_total{service="shop",track="canary"} 0x4 8+8x4 _x24 0x4 8+8x40

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 12m30s change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 17m
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
+7m15s    take-back (shop): verified, it is seen to have worked
+7m15s    canary (shop 2.4.1): ends, the change was taken back: fail
+7m15s    canary (shop 2.4.1): looks whether things are well again
+9m15s    canary (shop 2.4.1): things are well again, as nobody asks the new side for anything any more
+12m30s   canary (shop 2.4.1): waits
+13m45s   canary (shop 2.4.1): looks
+14m15s   canary (shop 2.4.1): look 1, inconclusive, errors speaks against it, confidence at least 0.80
+14m15s   canary (shop 2.4.1): decision 1 on fail at 0.8: do tell
+14m15s   tell (shop): attempt 1
+14m16s   tell (shop): attempt 1 taken with 200
+14m16s   tell (shop): done, the receiver took it
+14m45s   canary (shop 2.4.1): look 2, fail by errors, confidence at least 0.99
+14m45s   canary (shop 2.4.1): decision 2 on fail at 0.99: ask: take-back; this version was taken back here at 2026-01-01T00:06:15Z, and somebody brought it again; the budget of take-back of 1/h for each service is spent (1 so far); the target was acted on at 2026-01-01T00:06:15Z, less than 30m ago
+14m45s   tell (shop): attempt 1, to call somebody: it is held
+14m46s   tell (shop): attempt 1 taken with 200
+14m46s   tell (shop): done, the receiver took it
-- rationale --
2026-01-01T00:14:45Z: fail: ask a person whether to roll back shop in production [take-back]
gate canary, decision 53523e8188bf3a9e-2

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:12:30Z, told by somebody who may record changes

The evidence
  2 looks, 30s apart, counted from 2026-01-01T00:13:30Z
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
  this version was taken back here at 2026-01-01T00:06:15Z, and somebody brought it again (until a version comes that was not taken back)
  the budget of take-back of 1/h for each service is spent (1 so far) (until the oldest of these are longer ago)
  the target was acted on at 2026-01-01T00:06:15Z, less than 30m ago (until 2026-01-01T00:36:15Z)

What was done
  nothing so far: it is for a person to say

What else was done about this change
  2026-01-01T00:14:15Z  [tell] begun
  2026-01-01T00:14:16Z  [tell] done: the receiver took it
  2026-01-01T00:14:45Z  [tell] begun: somebody is called, as something is held
  2026-01-01T00:14:46Z  [tell] done: the receiver took it

Replay it bit for bit: backstop replay 53523e8188bf3a9e-2
