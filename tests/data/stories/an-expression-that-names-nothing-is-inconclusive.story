A typo in an expression finds nothing, and that never reads as health: it passes nothing and fails nothing.

-- burn.yaml --
gates:
  - gate: burn
    owner: team-shop
    runbook: https://runbooks.example.com/burn
    upon: canary
    match: { service: shop, environment: production }
    begins: { at: first_traffic, warmup: 30s }
    ends: { after: 10m, not_before: 5m }
    tracks: { label: track, canary: canary, stable: stable }
    checks:
      - check: errors
        proportion: { bad: errors_total, of: requests_total, absent_bad: zero_if_on_other_track }
        fails_when: ratio > 1.25 and difference > 0.05pp
        passes_when: ratio < 2
      - check: burn
        expr: sum(rate(tiemouts_total[1m])) / sum(rate(requests_total[1m]))
        fails_when: value > 14.4
        passes_when: value < 1
        looks: 3 of 5
    then: { fail: [ { confidence: 0.80, do: tell }, { confidence: 0.95, do: hold }, { confidence: 0.99, do: take-back } ] }
    first_release: tell

-- story --
include act.yaml
include actions.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x304
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x304
from -1h every 15s: timeouts_total{service="shop",track="stable"} 0+1x271 271+60x12 991+1x19
from 4m every 15s: requests_total{service="shop",track="canary"} 0+150x48
from 4m every 15s: errors_total{service="shop",track="canary"} 0x4 1x4 1x40

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 16m
-- expected --
+4m       burn: waits
+5m15s    burn: looks; errors would take more than is planned: 45 looks to prove a doubling, 27 looks to pass
+5m45s    burn: look 1, inconclusive, burn: there is no value, or more than one
+15m15s   burn: decision 1 on inconclusive: hold: nothing is wanted
+15m15s   burn: ends, its time is up: inconclusive
-- rationale --
2026-01-01T00:15:15Z: inconclusive, and the policy wants nothing done about shop in production
gate burn, decision 95b237e844e76d18-1

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  20 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 2
    asked of 2 series, the new side: errors_total{service="shop", track="canary"} of requests_total{service="shop", track="canary"}
    asked of 2 series, the old side: errors_total{service="shop", track="stable"} of requests_total{service="shop", track="stable"}
    20 of 20 looks found both sides, with samples no older than 1m30s
    canary  1 of 6,000 (0.017%)
    stable  120 of 60,000 (0.200%)
    ratio   0.08; between 0.00 and 0.65 at 95%, however often anybody looks
  check burn: fails when value > 14.4 in 3 of 5 looks; passes when value < 1 in 3 of 5 looks
    asked of 2 series: sum(rate(tiemouts_total{service="shop"}[1m])) / sum(rate(requests_total{service="shop"}[1m]))
    0 of 20 looks found it, with samples no older than 1m
    at the last look there is no value, or more than one
    broken  in 0 of the last 5 looks, and 5 had no value
    this is a threshold, with no statistics behind it

The verdict
  inconclusive: check burn lacks something: there is no value, or more than one
    does it find one series of this target, and no more?

The guards
  none spoke

What was done
  nothing

The gate
  2026-01-01T00:15:15Z  stopped watching: its time was up

Replay it bit for bit: backstop replay 95b237e844e76d18-1
