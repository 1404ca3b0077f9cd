A canary without a series of errors may have none, or its name may be wrong: by default it is not known to be well.

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
        proportion: { bad: errors_total, of: requests_total, absent_bad: unknown }
        fails_when: ratio > 1.25 and difference > 0.05pp
        passes_when: ratio < 2
    then:
      fail: [ { confidence: 0.80, do: tell }, { confidence: 0.99, do: take-back } ]
    first_release: tell

-- story --
include act.yaml
include actions.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x400
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x400
from 4m every 15s: requests_total{service="shop",track="canary"} 0+1500x144

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 40m
-- expected --
+4m       canary: waits
+5m15s    canary: looks
+5m45s    canary: look 1, inconclusive, errors: the marked events of the new side have no series, and nothing says that this means none
+35m15s   canary: decision 1 on inconclusive: hold: nothing is wanted
+35m15s   canary: ends, its time is up: inconclusive
-- rationale --
2026-01-01T00:35:15Z: inconclusive, and the policy wants nothing done about shop in production
gate canary, decision f12b5ae80edc8c52-1

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  60 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 2
    asked of 1 series, the new side: errors_total{service="shop", track="canary"} of requests_total{service="shop", track="canary"}
    asked of 2 series, the old side: errors_total{service="shop", track="stable"} of requests_total{service="shop", track="stable"}
    0 of 60 looks found both sides, with samples no older than 1m30s
    at the last look the marked events of the new side have no series, and nothing says that this means none
    nothing was counted

The verdict
  inconclusive: check errors lacks something: the marked events of the new side have no series, and nothing says that this means none
    is it scraped on both sides, and is its name in the rules right?

The guards
  none spoke

What was done
  nothing

The gate
  2026-01-01T00:35:15Z  stopped watching: its time was up

Replay it bit for bit: backstop replay f12b5ae80edc8c52-1
