Two changes may be undone at once; with the third a shared cause is likelier than a third bad release.

-- server.yaml --
mode: act
settle: 15s
targets:
  - { service: shop, environment: production, select: { service: shop }, owner: team-shop }
  - { service: cart, environment: production, select: { service: cart }, owner: team-shop }
  - { service: mail, environment: production, select: { service: mail }, owner: team-shop }
hosts: [ "*.example.com" ]
trust:
  - { files: "*", services: ["*"], actions: [rollback, pause, notify], secrets: [hook], at_most: act }
limits: { everywhere: 9/h, changes_undone_at_once: 2 }
secrets:
  hook: { env: HOOK }

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
  - action: hold
    does: pause
    approval: none
    owner: team-shop
    webhook: { url: "https://deploy.example.com/hold", sign: hook }
  - action: tell
    does: notify
    webhook: { url: "https://chat.example.com/shop", sign: hook }

-- canary.yaml --
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

-- story --
from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="shop",track="canary"} 0+150x4 750+150x15
from 4m every 15s: errors_total{service="shop",track="canary"} 0x4 8+8x15
from -1h every 15s: requests_total{service="cart",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="cart",track="stable"} 0+3x288
from 5m every 15s: requests_total{service="cart",track="canary"} 0+150x4 750+150x15
from 5m every 15s: errors_total{service="cart",track="canary"} 0x4 8+8x15
from -1h every 15s: requests_total{service="mail",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="mail",track="stable"} 0+3x288
from 6m every 15s: requests_total{service="mail",track="canary"} 0+150x4 750+150x15
from 6m every 15s: errors_total{service="mail",track="canary"} 0x4 8+8x15

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 5m change {"service": "cart", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 6m change {"service": "mail", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 12m
-- expected --
+4m       canary (shop 2.4.1): waits
+5m       canary (cart 2.4.1): waits
+5m15s    canary (shop 2.4.1): looks
+5m45s    canary (shop 2.4.1): look 1, inconclusive, errors speaks against it, confidence at least 0.80
+5m45s    canary (shop 2.4.1): decision 1 on fail at 0.8: do tell
+5m45s    tell (shop): attempt 1
+5m46s    tell (shop): attempt 1 taken with 200
+5m46s    tell (shop): done, the receiver took it
+6m       canary (mail 2.4.1): waits
+6m15s    canary (shop 2.4.1): look 2, fail by errors, confidence at least 0.99
+6m15s    canary (shop 2.4.1): decision 2 on fail at 0.99: do take-back
+6m15s    canary (cart 2.4.1): looks
+6m15s    take-back (shop): attempt 1
+6m16s    take-back (shop): attempt 1 taken with 200
+6m16s    take-back (shop): done, the receiver took it
+6m16s    canary (shop 2.4.1): ends, the change was taken back: fail
+6m16s    canary (shop 2.4.1): looks whether things are well again
+6m45s    canary (cart 2.4.1): look 1, inconclusive, errors speaks against it, confidence at least 0.80
+6m45s    canary (cart 2.4.1): decision 1 on fail at 0.8: do tell
+6m45s    tell (cart): attempt 1
+6m46s    tell (cart): attempt 1 taken with 200
+6m46s    tell (cart): done, the receiver took it
+7m15s    canary (cart 2.4.1): look 2, fail by errors, confidence at least 0.99
+7m15s    canary (cart 2.4.1): decision 2 on fail at 0.99: do take-back
+7m15s    canary (mail 2.4.1): looks
+7m15s    take-back (cart): attempt 1
+7m16s    take-back (cart): attempt 1 taken with 200
+7m16s    take-back (cart): done, the receiver took it
+7m16s    canary (cart 2.4.1): ends, the change was taken back: fail
+7m16s    canary (cart 2.4.1): looks whether things are well again
+7m45s    canary (mail 2.4.1): look 1, inconclusive, errors speaks against it, confidence at least 0.80
+7m45s    canary (mail 2.4.1): decision 1 on fail at 0.8: do tell
+7m45s    tell (mail): attempt 1
+7m46s    tell (mail): attempt 1 taken with 200
+7m46s    tell (mail): done, the receiver took it
+8m15s    canary (mail 2.4.1): look 2, fail by errors, confidence at least 0.99
+8m15s    canary (mail 2.4.1): decision 2 on fail at 0.99: ask: take-back; 2 other changes are being undone or would be, and 2 at once is the most: a shared cause is likelier
+8m15s    tell (mail): attempt 1, to call somebody: it is held
+8m16s    tell (mail): attempt 1 taken with 200
+8m16s    tell (mail): done, the receiver took it
+10m45s   canary (shop 2.4.1): things are well again, as nobody asks the new side for anything any more
+11m45s   canary (cart 2.4.1): things are well again, as nobody asks the new side for anything any more
-- rationale --
2026-01-01T00:08:15Z: fail: ask a person whether to roll back mail in production [take-back]
gate canary, decision 41e6a5a9a98f56de-2

The change
  canary of mail in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:06:00Z, told by somebody who may record changes

The evidence
  2 looks, 30s apart, counted from 2026-01-01T00:07:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 2
    asked of 2 series, the new side: errors_total{service="mail", track="canary"} of requests_total{service="mail", track="canary"}
    asked of 2 series, the old side: errors_total{service="mail", track="stable"} of requests_total{service="mail", track="stable"}
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
  2 other changes are being undone or would be, and 2 at once is the most: a shared cause is likelier (until fewer are)

What was done
  nothing so far: it is for a person to say

What else was done about this change
  2026-01-01T00:07:45Z  [tell] begun
  2026-01-01T00:07:46Z  [tell] done: the receiver took it
  2026-01-01T00:08:15Z  [tell] begun: somebody is called, as something is held
  2026-01-01T00:08:16Z  [tell] done: the receiver took it

Replay it bit for bit: backstop replay 41e6a5a9a98f56de-2
