After ten minutes without a verdict somebody is told; at the end there is nothing more to say.

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
      fail: [ { confidence: 0.80, do: tell }, { confidence: 0.99, do: take-back } ]
      inconclusive: { after: 10m, do: tell }
    first_release: tell

-- story --
include act.yaml
include actions.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+60x400
from -1h every 15s: errors_total{service="shop",track="stable"} 0+1x400
from 4m every 15s: requests_total{service="shop",track="canary"} 0+2x144
from 4m every 15s: errors_total{service="shop",track="canary"} 0x144

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 40m
-- expected --
+4m       canary: waits
+5m15s    canary: looks; errors would take more than is planned: 367 looks to prove a doubling, 215 looks to pass
+5m45s    canary: look 1, inconclusive, nothing is proved
+15m15s   canary: decision 1 on inconclusive: do tell
+15m15s   tell: attempt 1
+15m16s   tell: attempt 1 taken with 200
+15m16s   tell: done, the receiver took it
+23m15s   canary: look 36, pass, proved
+23m15s   canary: decision 2 on pass: hold: nothing is wanted
+23m15s   canary: ends, its verdict is final: pass
-- rationale --
2026-01-01T00:23:15Z: pass, and the policy wants nothing done about shop in production
gate canary, decision f12b5ae80edc8c52-2

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  36 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 2
    asked of 2 series, the new side: errors_total{service="shop", track="canary"} of requests_total{service="shop", track="canary"}
    asked of 2 series, the old side: errors_total{service="shop", track="stable"} of requests_total{service="shop", track="stable"}
    36 of 36 looks found both sides, with samples no older than 1m30s
    canary  0 of 144 (0.000%)
    stable  72 of 4,320 (1.67%)
    ratio   0.00; between 0.00 and 2.12 at 95%, however often anybody looks

The verdict
  pass: it is proved that the release is no worse than it may be; check errors was the last to prove it
    of releases that are worse, fewer than 1 in 22 would show evidence this strong

The guards
  none spoke

What was done
  nothing

What else was done about this change
  2026-01-01T00:15:15Z  [tell] begun
  2026-01-01T00:15:16Z  [tell] done: the receiver took it

The gate
  2026-01-01T00:23:15Z  stopped watching: its verdict is final

Replay it bit for bit: backstop replay f12b5ae80edc8c52-2
