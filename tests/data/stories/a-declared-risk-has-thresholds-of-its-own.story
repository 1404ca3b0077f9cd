Two services release canaries that fail alike. One was told to be risky, and the rule has a shorter leash for that.

-- rules.yaml --
mode: act
settle: 15s
targets:
  - { service: kiosk, environment: production, select: { service: kiosk }, owner: team-shop }
  - { service: shop, environment: production, select: { service: shop }, owner: team-shop }
hosts: [ "*.example.com" ]
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
+6m15s    canary (shop 2.4.1): look 2, inconclusive, errors speaks against it, confidence at least 0.80
+6m15s    canary (shop 2.4.1): decision 1 on fail at 0.8: do tell
+6m15s    tell (shop): attempt 1
+6m16s    tell (shop): attempt 1 taken with 200
+6m16s    tell (shop): done, the receiver took it
+6m45s    canary (shop 2.4.1): look 3, fail by errors, confidence at least 0.95
+7m15s    canary (shop 2.4.1): look 4, fail by errors, confidence at least 0.99
+7m15s    canary (shop 2.4.1): decision 2 on fail at 0.99: do hold
+7m15s    hold (shop): attempt 1
+7m16s    hold (shop): attempt 1 taken with 200
+7m16s    hold (shop): done, the receiver took it
+10m15s   canary (kiosk 2.4.1): look 10, pass, proved
+10m15s   canary (kiosk 2.4.1): decision 1 on pass: hold: nothing is wanted
+10m15s   canary (kiosk 2.4.1): ends, its verdict is final: pass
-- rationale --
2026-01-01T00:10:15Z: pass, and the policy wants nothing done about kiosk in production
gate canary, decision 0bc42b8e2f6c1a6f-1

The change
  canary of kiosk in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  10 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check errors: fails when ratio > 4 and difference > 0.05pp; passes when ratio < 8
    asked of 2 series, the new side: errors_total{service="kiosk", track="canary"} of requests_total{service="kiosk", track="canary"}
    asked of 2 series, the old side: errors_total{service="kiosk", track="stable"} of requests_total{service="kiosk", track="stable"}
    10 of 10 looks found both sides, with samples no older than 1m30s
    canary  180 of 30,000 (0.600%)
    stable  60 of 30,000 (0.200%)
    ratio   3.00; between 1.88 and 4.98 at 95%, however often anybody looks

The verdict
  pass: it is proved that the release is no worse than it may be; check errors was the last to prove it
    of releases that are worse, fewer than 1 in 15 million would show evidence this strong

The guards
  none spoke

What was done
  nothing

The gate
  2026-01-01T00:10:15Z  stopped watching: its verdict is final

Replay it bit for bit: backstop replay 0bc42b8e2f6c1a6f-1
