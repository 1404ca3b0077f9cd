Where a gate asks for no proof, a canary that nothing spoke against passes at the end, and the rationale says that this proves nothing.

-- canary.yaml --
gates:
  - gate: canary
    owner: team-shop
    runbook: https://runbooks.example.com/canary
    upon: canary
    match: { service: shop, environment: production }
    begins: { at: first_traffic, warmup: 30s }
    ends: { after: 10m, not_before: 5m }
    tracks: { label: track, canary: canary, stable: stable }
    passes_when: not_contradicted
    checks:
      - check: errors
        proportion: { bad: errors_total, of: requests_total, absent_bad: zero_if_on_other_track }
        fails_when: ratio > 1.25 and difference > 0.05pp
    then: { fail: [ { confidence: 0.80, do: tell }, { confidence: 0.99, do: take-back } ], pass: tell }
    first_release: tell

-- story --
include act.yaml
include actions.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x320
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x320
from 4m every 15s: requests_total{service="shop",track="canary"} 0+150x64
from 4m every 15s: errors_total{service="shop",track="canary"} 0x64

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 20m
-- expected --
+4m       canary: waits
+5m15s    canary: looks; errors would take more than is planned: 45 looks to prove a doubling, never to pass
+5m45s    canary: look 1, inconclusive, nothing is proved
+15m15s   canary: look 20, pass, not contradicted
+15m15s   canary: decision 1 on pass: do tell
+15m15s   tell: attempt 1
+15m16s   tell: attempt 1 taken with 200
+15m16s   tell: done, the receiver took it
+15m16s   canary: ends, its verdict is final: pass
-- rationale --
2026-01-01T00:15:15Z: pass: tell about shop in production [tell]
gate canary, decision f12b5ae80edc8c52-1

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  20 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when nothing speaks against it until the end
    asked of 2 series, the new side: errors_total{service="shop", track="canary"} of requests_total{service="shop", track="canary"}
    asked of 2 series, the old side: errors_total{service="shop", track="stable"} of requests_total{service="shop", track="stable"}
    20 of 20 looks found both sides, with samples no older than 1m30s
    canary  0 of 6,000 (0.000%)
    stable  120 of 60,000 (0.200%)
    ratio   0.00; between 0.00 and 0.42 at 95%, however often anybody looks

The verdict
  pass: nothing spoke against it until the end; that proves nothing

The guards
  none spoke

What was done
  2026-01-01T00:15:15Z  written down as act_23cadb115c984d2cf32d0d81: tell, attempt 1
  2026-01-01T00:15:16Z  attempt 1: taken with 200
  2026-01-01T00:15:16Z  done: the receiver took it

The gate
  2026-01-01T00:15:16Z  stopped watching: its verdict is final

Replay it bit for bit: backstop replay f12b5ae80edc8c52-1
