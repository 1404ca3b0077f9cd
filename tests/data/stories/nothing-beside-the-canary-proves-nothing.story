All traffic goes to the canary, so nothing stands beside it. However well it does, that is no pass, and however badly, no failure; a person hears that nothing could be told.

-- gate.yaml --
gates:
  - gate: canary
    owner: team-shop
    runbook: https://runbooks.example.com/canary
    upon: canary
    match: { service: shop, environment: production }
    begins: { at: first_traffic, warmup: 30s, within: 10m }
    ends: { after: 10m, not_before: 5m }
    tracks: { label: track, canary: canary, stable: stable }
    checks:
      - check: errors
        proportion: { bad: errors_total, of: requests_total, absent_bad: zero_if_on_other_track }
        fails_when: ratio > 1.25 and difference > 0.05pp
        passes_when: ratio < 2
    then:
      fail: [ { confidence: 0.80, do: tell }, { confidence: 0.99, do: take-back } ]
      inconclusive: { after: 8m, do: tell }
    first_release: tell

-- story --
include act.yaml
include actions.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x256 384000x144
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x256 768x144
from 4m every 15s: requests_total{service="shop",track="canary"} 0+1500x144
from 4m every 15s: errors_total{service="shop",track="canary"} 0+90x144

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 20m
-- expected --
+4m       canary: waits
+5m15s    canary: looks
+5m45s    canary: look 1, inconclusive, errors: no traffic on the old side
+13m15s   canary: decision 1 on inconclusive: do tell
+13m15s   tell: attempt 1
+13m16s   tell: attempt 1 taken with 200
+13m16s   tell: done, the receiver took it
+15m15s   canary: ends, its time is up: inconclusive
-- rationale --
2026-01-01T00:13:15Z: inconclusive: tell about shop in production [tell]
gate canary, decision f12b5ae80edc8c52-1

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  16 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 2
    asked of 2 series, the new side: errors_total{service="shop", track="canary"} of requests_total{service="shop", track="canary"}
    asked of 2 series, the old side: errors_total{service="shop", track="stable"} of requests_total{service="shop", track="stable"}
    16 of 16 looks found both sides, with samples no older than 1m30s
    canary  2,880 of 48,000 (6.00%)
    stable  0 of 0

The verdict
  inconclusive: the old side of check errors had no traffic

The guards
  none spoke

What was done
  2026-01-01T00:13:15Z  written down as act_23cadb115c984d2cf32d0d81: tell, attempt 1
  2026-01-01T00:13:16Z  attempt 1: taken with 200
  2026-01-01T00:13:16Z  done: the receiver took it

The gate
  2026-01-01T00:15:15Z  stopped watching: its time was up

Replay it bit for bit: backstop replay f12b5ae80edc8c52-1
