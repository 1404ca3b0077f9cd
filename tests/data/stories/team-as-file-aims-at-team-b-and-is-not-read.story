Team A's file may take back the shop alone. It comes to aim at team B's till as well: it is not read, what it said before stays in force, and nothing of it touches the till, which has gone bad.

-- server.yaml --
mode: act
settle: 15s
targets:
  - { service: shop, environment: production, select: { service: shop }, owner: team-a }
  - { service: till, environment: production, select: { service: till }, owner: team-b }
hosts: [ "*.example.com" ]
trust:
  - { files: "team-a.yaml", services: [shop], actions: [rollback, notify], secrets: [hook], at_most: act }
  - { files: "team-b.yaml", services: [till], actions: [notify], secrets: [hook], at_most: act }
secrets:
  hook: { env: HOOK }

-- team-a.yaml --
gates:
  - gate: shop
    owner: team-a
    runbook: https://runbooks.example.com/shop
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
      fail: [ { confidence: 0.80, do: tell-a }, { confidence: 0.99, do: take-back } ]
actions:
  - action: take-back
    does: rollback
    approval: none
    owner: team-a
    runbook: https://runbooks.example.com/take-back
    webhook: { url: "https://deploy.example.com/take-back", sign: hook, verify: { expr: 'absent_over_time(requests_total{track="canary"}[1m])' } }
  - action: tell-a
    does: notify
    webhook: { url: "https://chat.example.com/a", sign: hook }

-- reaching.yaml --
gates:
  - gate: shop
    owner: team-a
    runbook: https://runbooks.example.com/shop
    upon: canary
    match: { service: "*", environment: production }
    begins: { at: first_traffic, warmup: 30s, within: 10m }
    ends: { after: 30m, not_before: 5m }
    tracks: { label: track, canary: canary, stable: stable }
    checks:
      - check: errors
        proportion: { bad: errors_total, of: requests_total, absent_bad: zero_if_on_other_track }
        fails_when: ratio > 1.25 and difference > 0.05pp
    then:
      fail: [ { confidence: 0.80, do: tell-a }, { confidence: 0.99, do: take-back } ]
actions:
  - action: take-back
    does: rollback
    approval: none
    owner: team-a
    runbook: https://runbooks.example.com/take-back
    webhook: { url: "https://deploy.example.com/take-back", sign: hook, verify: { expr: 'absent_over_time(requests_total{track="canary"}[1m])' } }
  - action: tell-a
    does: notify
    webhook: { url: "https://chat.example.com/a", sign: hook }

-- team-b.yaml --
gates:
  - gate: till
    owner: team-b
    runbook: https://runbooks.example.com/till
    upon: canary
    match: { service: till, environment: production }
    begins: { at: first_traffic, warmup: 30s, within: 10m }
    ends: { after: 30m, not_before: 5m }
    tracks: { label: track, canary: canary, stable: stable }
    checks:
      - check: errors
        proportion: { bad: errors_total, of: requests_total, absent_bad: zero_if_on_other_track }
        fails_when: ratio > 1.25 and difference > 0.05pp
    then:
      fail: [ { confidence: 0.80, do: tell-b } ]
actions:
  - action: tell-b
    does: notify
    webhook: { url: "https://chat.example.com/b", sign: hook }

-- story --

from -1h every 15s: requests_total{service="till",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="till",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="till",track="canary"} 0+150x4 750+150x27
from 4m every 15s: errors_total{service="till",track="canary"} 0x4 8+8x27

at 2m reload team-a.yaml as reaching.yaml
at 4m change {"service": "till", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 9m
-- expected --
+2m       the rules are broken, not-trusted, so those in force stay
+4m       till: waits
+5m15s    till: looks
+5m45s    till: look 1, inconclusive, errors speaks against it, confidence at least 0.80
+5m45s    till: decision 1 on fail at 0.8: do tell-b
+5m45s    tell-b: attempt 1
+5m46s    tell-b: attempt 1 taken with 200
+5m46s    tell-b: done, the receiver took it
+6m15s    till: look 2, fail by errors, confidence at least 0.99
-- rationale --
2026-01-01T00:05:45Z: inconclusive: tell about till in production [tell-b]
gate till, decision 2374346eaf856ad2-1

The change
  canary of till in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  1 look, 30s apart, counted from 2026-01-01T00:05:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp
    asked of 2 series, the new side: errors_total{service="till", track="canary"} of requests_total{service="till", track="canary"}
    asked of 2 series, the old side: errors_total{service="till", track="stable"} of requests_total{service="till", track="stable"}
    1 of 1 look found both sides, with samples no older than 1m30s
    canary  16 of 300 (5.33%)
    stable  6 of 3,000 (0.200%)
    ratio   26.7; between 6.72 and 158 at 95%, however often anybody looks

The verdict
  inconclusive: check errors speaks against it, but nothing is proved
  confidence 91.1%
    of harmless releases, fewer than 1 in 11 would show evidence this strong,
    however often anybody looks

The guards
  none spoke

What was done
  2026-01-01T00:05:45Z  written down as act_932d665b12a2cdb33290ac63: tell-b, attempt 1
  2026-01-01T00:05:46Z  attempt 1: taken with 200
  2026-01-01T00:05:46Z  done: the receiver took it

Replay it bit for bit: backstop replay 2374346eaf856ad2-1
