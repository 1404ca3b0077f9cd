`approval: two` takes two different people; one who agrees twice is one.

-- actions.yaml --
actions:
  - action: take-back
    does: rollback
    approval: two
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
from 4m every 15s: requests_total{service="shop",track="canary"} 0+150x4 750+150x16
from 4m every 15s: errors_total{service="shop",track="canary"} 0x4 8+8x16

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary", "author": "kim"}
at 7m approve lee
at 7m30s approve lee
at 8m crash
at 9m approve sam
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
+6m15s    canary: decision 2 on fail at 0.99: ask: take-back; the action asks 2 people first
+6m15s    tell: attempt 1, to call somebody: it is held
+6m16s    tell: attempt 1 taken with 200
+6m16s    tell: done, the receiver took it
+7m       lee agrees
+7m30s    lee agrees
+7m30s    that does not count: lee agreed already; somebody else has to as well
+8m       the process dies, and is started again
+9m       sam agrees
+9m       canary: decision 3 on fail at 0.99: do take-back; the action asks 2 people first
+9m       take-back: attempt 1
+9m       take-back: attempt 1 taken with 200
+10m15s   take-back: verified, it is seen to have worked
+10m15s   canary: ends, the change was taken back: fail
+10m15s   canary: looks whether things are well again
-- rationale --
2026-01-01T00:09:00Z: fail: roll back shop in production [take-back]
gate canary, decision f12b5ae80edc8c52-3

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes
  author: kim

The evidence
  7 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 2
    asked of 2 series, the new side: errors_total{service="shop", track="canary"} of requests_total{service="shop", track="canary"}
    asked of 2 series, the old side: errors_total{service="shop", track="stable"} of requests_total{service="shop", track="stable"}
    5 of 7 looks found both sides, with samples no older than 1m30s
    canary  72 of 1,350 (5.33%)
    stable  27 of 13,500 (0.200%)
    ratio   26.7; between 13.5 and 57.2 at 95%, however often anybody looks

The verdict
  fail: check errors says it loudest
  confidence more than 99.9999%
    of harmless releases, fewer than 1 in 1 million would show evidence this strong,
    however often anybody looks

The guards
  the action asks 2 people first (agreed to by lee at 2026-01-01T00:07:00Z, sam at 2026-01-01T00:09:00Z)

What was done
  2026-01-01T00:07:00Z  lee agreed
  2026-01-01T00:09:00Z  sam agreed
  2026-01-01T00:09:00Z  written down as act_34a377934e1851908143ade0: take-back, attempt 1
  2026-01-01T00:09:00Z  attempt 1: taken with 200
  2026-01-01T00:10:15Z  verified: it is seen to have worked

What else was done about this change
  2026-01-01T00:05:45Z  [tell] begun
  2026-01-01T00:05:46Z  [tell] done: the receiver took it
  2026-01-01T00:06:15Z  [tell] begun: somebody is called, as something is held
  2026-01-01T00:06:16Z  [tell] done: the receiver took it

The gate
  2026-01-01T00:10:15Z  stopped watching: the change was taken back
  2026-01-01T00:10:15Z  looks until 2026-01-01T00:20:15Z whether things are well again

Replay it bit for bit: backstop replay f12b5ae80edc8c52-3
