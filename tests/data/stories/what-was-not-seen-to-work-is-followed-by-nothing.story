The hold was taken, and never seen to work. Nobody knows what a rollback would meet, so a person has to look: no second action follows.

-- actions.yaml --
actions:
  - action: hold
    does: pause
    approval: none
    owner: team-shop
    webhook:
      url: https://deploy.example.com/hold
      sign: hook
      verify: { expr: 'absent_over_time(requests_total{service="shop", track="canary"}[1m])' }
  - action: take-back
    does: rollback
    approval: none
    owner: team-shop
    runbook: https://runbooks.example.com/take-back
    webhook:
      url: https://deploy.example.com/take-back
      sign: hook
      verify: { expr: 'absent_over_time(requests_total{service="shop", track="canary"}[1m])' }
  - action: tell
    does: notify
    webhook: { url: "https://chat.example.com/shop", sign: hook }

-- canary.yaml --
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
        proportion: { bad: errors_total, of: requests_total, absent_bad: zero_if_on_other_track }
        fails_when: ratio > 1.25 and difference > 0.05pp
        passes_when: ratio < 2
    then:
      fail: [ { confidence: 0.80, do: tell }, { confidence: 0.95, do: hold }, { confidence: 0.99, do: take-back } ]
    first_release: tell

-- story --
include act.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x336
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x336
from 4m every 15s: requests_total{service="shop",track="canary"} 0+150x4 750+150x75
from 4m every 15s: errors_total{service="shop",track="canary"} 0x4 2+2x75

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary", "author": "kim"}
until 24m
-- expected --
+4m       canary: waits
+5m15s    canary: looks
+5m45s    canary: look 1, inconclusive, nothing is proved
+6m15s    canary: look 2, fail by errors, confidence at least 0.95
+6m15s    canary: decision 1 on fail at 0.95: do hold
+6m15s    hold: attempt 1
+6m16s    hold: attempt 1 taken with 200
+6m45s    canary: look 3, fail by errors, confidence at least 0.99
+6m45s    canary: decision 2 on fail at 0.99: hold: take-back; the action act_b2af6a30286474d1a12376c5 on the same target has not ended
+11m30s   hold: not verified, it was taken, but was not seen to have worked within 5m
+11m30s   tell: attempt 1, to call somebody: it ended unverified
+11m31s   tell: attempt 1 taken with 200
+11m31s   tell: done, the receiver took it
+11m45s   canary: decision 3 on fail at 0.99: hold: take-back; nobody saw whether the action act_b2af6a30286474d1a12376c5 for the same change worked, so a person has to look first
+11m45s   tell: attempt 1, to call somebody: it is held
+11m46s   tell: attempt 1 taken with 200
+11m46s   tell: done, the receiver took it
-- rationale --
2026-01-01T00:11:45Z: fail, held back: roll back shop in production [take-back]
gate canary, decision f12b5ae80edc8c52-3

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes
  author: kim

The evidence
  13 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 2
    asked of 2 series, the new side: errors_total{service="shop", track="canary"} of requests_total{service="shop", track="canary"}
    asked of 2 series, the old side: errors_total{service="shop", track="stable"} of requests_total{service="shop", track="stable"}
    13 of 13 looks found both sides, with samples no older than 1m30s
    canary  52 of 3,900 (1.33%)
    stable  78 of 39,000 (0.200%)
    ratio   6.67; between 3.70 and 11.8 at 95%, however often anybody looks

The verdict
  fail: check errors says it loudest
  confidence more than 99.9999%
    of harmless releases, fewer than 1 in a billion would show evidence this strong,
    however often anybody looks

The guards
  nobody saw whether the action act_b2af6a30286474d1a12376c5 for the same change worked, so a person has to look first (until a person found out)

What was done
  nothing

What else was done about this change
  2026-01-01T00:06:15Z  [hold] begun
  2026-01-01T00:11:30Z  [hold] not verified, a person has to look: it was taken, but was not seen to have worked within 5m
  2026-01-01T00:11:30Z  [tell] begun: somebody is called, as something ended unverified
  2026-01-01T00:11:31Z  [tell] done: the receiver took it
  2026-01-01T00:11:45Z  [tell] begun: somebody is called, as something is held
  2026-01-01T00:11:46Z  [tell] done: the receiver took it

Replay it bit for bit: backstop replay f12b5ae80edc8c52-3
