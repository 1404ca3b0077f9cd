At 0.80 the release is held where it is; the rollback at 0.99 is not kept waiting by that, since escalation within one change has no cool-down.

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

-- ladder.yaml --
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
    then:
      fail: [ { confidence: 0.80, do: tell }, { confidence: 0.85, do: hold }, { confidence: 0.99, do: take-back } ]
    first_release: tell

-- story --
include act.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x400
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x400
from 4m every 15s: requests_total{service="shop",track="canary"} 0+150x4 750+150x20
from 4m every 15s: errors_total{service="shop",track="canary"} 0x4 1+2x20

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 12m
-- expected --
+4m       canary: waits
+5m15s    canary: looks
+5m45s    canary: look 1, inconclusive, nothing is proved
+6m15s    canary: look 2, inconclusive, errors speaks against it, confidence at least 0.80
+6m15s    canary: decision 1 on fail at 0.85: do hold
+6m15s    hold: attempt 1
+6m16s    hold: attempt 1 taken with 200
+6m16s    hold: done, the receiver took it
+6m45s    canary: look 3, fail by errors, confidence at least 0.99
+6m45s    canary: decision 2 on fail at 0.99: do take-back
+6m45s    take-back: attempt 1
+6m46s    take-back: attempt 1 taken with 200
+11m15s   take-back: verified, it is seen to have worked
+11m15s   canary: ends, the change was taken back: fail
+11m15s   canary: looks whether things are well again
-- rationale --
2026-01-01T00:06:45Z: fail: roll back shop in production [take-back]
gate canary, decision f12b5ae80edc8c52-2

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  3 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp
    asked of 2 series, the new side: errors_total{service="shop", track="canary"} of requests_total{service="shop", track="canary"}
    asked of 2 series, the old side: errors_total{service="shop", track="stable"} of requests_total{service="shop", track="stable"}
    3 of 3 looks found both sides, with samples no older than 1m30s
    canary  11 of 900 (1.22%)
    stable  18 of 9,000 (0.200%)
    ratio   6.11; between 1.67 and 19.6 at 95%, however often anybody looks

The verdict
  fail: check errors says it loudest
  confidence 99.51%
    of harmless releases, fewer than 1 in 207 would show evidence this strong,
    however often anybody looks

The guards
  none spoke

What was done
  2026-01-01T00:06:45Z  written down as act_34a377934e1851908143ade0: take-back, attempt 1
  2026-01-01T00:06:46Z  attempt 1: taken with 200
  2026-01-01T00:11:15Z  verified: it is seen to have worked

What else was done about this change
  2026-01-01T00:06:15Z  [hold] begun
  2026-01-01T00:06:16Z  [hold] done: the receiver took it

The gate
  2026-01-01T00:11:15Z  stopped watching: the change was taken back
  2026-01-01T00:11:15Z  looks until 2026-01-01T00:21:15Z whether things are well again

Replay it bit for bit: backstop replay f12b5ae80edc8c52-2
