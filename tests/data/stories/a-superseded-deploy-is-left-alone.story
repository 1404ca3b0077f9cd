The receiver is down while a bad release is to be taken back; meanwhile the next version comes, and nothing is sent for the one before any more.

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
from 4m every 15s: requests_total{service="shop",track="canary"} 0+150x4 750+150x60
from 4m every 15s: errors_total{service="shop",track="canary"} 0x4 8+8x6 56x54

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 6m10s receiver is down
at 6m25s change {"service": "shop", "environment": "production", "version": "2.4.2", "previous": "2.4.1", "kind": "canary"}
at 6m26s receiver takes
until 10m
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
+6m16s    take-back (shop): attempt 1 not sent, no connection
+6m18s    take-back (shop): attempt 2, with the same key
+6m19s    take-back (shop): attempt 2 not sent, no connection
+6m25s    canary (shop 2.4.2): waits
+6m29s    take-back (shop): given up, not attempted again: the change chg_63131db3a57f took its place
+6m29s    canary (shop 2.4.1): ends, another change took its place: fail
+7m15s    canary (shop 2.4.2): looks
+7m45s    canary (shop 2.4.2): look 1, inconclusive, nothing is proved
-- rationale --
2026-01-01T00:06:15Z: fail: roll back shop in production [take-back]
gate canary, decision f12b5ae80edc8c52-2

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  2 looks, 30s apart, counted from 2026-01-01T00:05:00Z
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
  none spoke

What was done
  2026-01-01T00:06:15Z  written down as act_34a377934e1851908143ade0: take-back, attempt 1
  2026-01-01T00:06:16Z  attempt 1: not sent: no connection
  2026-01-01T00:06:18Z  written down again: attempt 2
  2026-01-01T00:06:19Z  attempt 2: not sent: no connection
  2026-01-01T00:06:29Z  given up: not attempted again: the change chg_63131db3a57f took its place

What else was done about this change
  2026-01-01T00:05:45Z  [tell] begun
  2026-01-01T00:05:46Z  [tell] done: the receiver took it

The gate
  2026-01-01T00:06:29Z  stopped watching: another change took the place of this one

Replay it bit for bit: backstop replay f12b5ae80edc8c52-2
