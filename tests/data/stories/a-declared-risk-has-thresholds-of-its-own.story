Two services release canaries that fail alike. One was told to be risky, and the rule has a shorter leash for that.

-- rules.yaml --
mode: act
settle: 15s
targets:
  - { service: kiosk, environment: production, select: { service: kiosk }, owner: team-shop }
  - { service: shop, environment: production, select: { service: shop }, owner: team-shop }
trust:
  - { files: "*", services: [kiosk, shop], actions: [rollback, pause, notify], secrets: [hook], at_most: act }
secrets:
  hook: { env: HOOK }
gates:
  - gate: canary
    owner: team-shop
    runbook: https://runbooks.example.com/canary
    upon: canary
    match: { service: [kiosk, shop], environment: production }
    begins: { at: first_traffic, warmup: 30s, within: 10m }
    ends: { after: 30m, not_before: 5m }
    tracks: { label: track, canary: canary, stable: stable }
    checks:
      - check: errors
        proportion: { bad: errors_total, of: requests_total, absent_bad: zero_if_on_other_track }
        fails_when: ratio > 4 and difference > 0.05pp
        passes_when: ratio < 8
        for_changes: [ { risk: high, fails_when: ratio > 1.25 and difference > 0.05pp } ]
    then:
      fail: [ { confidence: 0.80, do: tell }, { confidence: 0.99, do: hold } ]
    first_release: tell
-- story --
include actions.yaml

from -1h every 15s: requests_total{service="kiosk",track="stable"} 0+1500x400
from -1h every 15s: errors_total{service="kiosk",track="stable"} 0+3x400
from 4m every 15s: requests_total{service="kiosk",track="canary"} 0+1500x144
from 4m every 15s: errors_total{service="kiosk",track="canary"} 0+9x144
from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x400
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x400
from 4m every 15s: requests_total{service="shop",track="canary"} 0+1500x144
from 4m every 15s: errors_total{service="shop",track="canary"} 0+9x144

at 4m change {"service": "kiosk", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary", "risk": "high"}
until 12m
-- expected --
+4m       canary (kiosk 2.4.1): waits
+4m       canary (shop 2.4.1): waits
+5m15s    canary (kiosk 2.4.1): looks
+5m15s    canary (shop 2.4.1): looks
+5m45s    canary (kiosk 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (shop 2.4.1): look 1, inconclusive, nothing is proved
+7m45s    canary (shop 2.4.1): look 5, inconclusive, errors speaks against it, confidence at least 0.80
+7m45s    canary (shop 2.4.1): decision 1 on fail at 0.8: do tell
+7m45s    tell (shop): attempt 1
+7m46s    tell (shop): attempt 1 taken with 200
+7m46s    tell (shop): done, the receiver took it
+8m45s    canary (shop 2.4.1): look 7, fail by errors, confidence at least 0.95
+10m15s   canary (kiosk 2.4.1): look 10, pass, proved
+10m15s   canary (kiosk 2.4.1): decision 1 on pass: hold: nothing is wanted
+10m15s   canary (kiosk 2.4.1): ends, its verdict is final: pass
+10m15s   canary (shop 2.4.1): look 10, fail by errors, confidence at least 0.99
+10m15s   canary (shop 2.4.1): decision 2 on fail at 0.99: do hold
+10m15s   hold (shop): attempt 1
+10m16s   hold (shop): attempt 1 taken with 200
+10m16s   hold (shop): done, the receiver took it
-- rationale --
2026-01-01T00:10:15Z: fail: pause shop in production [hold]
gate canary, decision f12b5ae80edc8c52-2

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes
  expected risk: high

The evidence
  10 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 8
    these are the rule's thresholds for changes told with expected risk `high`
    asked of 2 series, the new side: errors_total{service="shop", track="canary"} of requests_total{service="shop", track="canary"}
    asked of 2 series, the old side: errors_total{service="shop", track="stable"} of requests_total{service="shop", track="stable"}
    10 of 10 looks found both sides, with samples no older than 1m30s
    canary  180 of 30,000 (0.600%)
    stable  60 of 30,000 (0.200%)
    ratio   3.00; between 1.39 and 7.25 at 95%, however often anybody looks
    events may come in clusters, so 3.00 of them weigh as one

The verdict
  fail: check errors says it loudest
  confidence 99.31%
    of harmless releases, fewer than 1 in 145 would show evidence this strong,
    however often anybody looks

The guards
  none spoke

What was done
  2026-01-01T00:10:15Z  written down as act_b2af6a30286474d1a12376c5: hold, attempt 1
  2026-01-01T00:10:16Z  attempt 1: taken with 200
  2026-01-01T00:10:16Z  done: the receiver took it

What else was done about this change
  2026-01-01T00:07:45Z  [tell] begun
  2026-01-01T00:07:46Z  [tell] done: the receiver took it

Replay it bit for bit: backstop replay f12b5ae80edc8c52-2
