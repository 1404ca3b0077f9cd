For two minutes the errors of the canary are not a number. That is neither no error nor a bad one: it is missing and said so, and what is counted again afterwards decides.

-- story --
include act.yaml
include actions.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x400
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x400
from 4m every 15s: requests_total{service="shop",track="canary"} 0+1500x144
from 4m every 15s: errors_total{service="shop",track="canary"} 0+3x10 NaNx7 54+3x126

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 22m
-- expected --
+4m       canary: waits
+5m15s    canary: looks
+5m45s    canary: look 1, inconclusive, nothing is proved
+7m15s    canary: look 4, inconclusive, errors: a series of the new side is no counter
+9m15s    canary: look 8, inconclusive, nothing is proved
+10m15s   canary: look 10, pass, proved
+10m15s   canary: decision 1 on pass: hold: nothing is wanted
+10m15s   canary: ends, its verdict is final: pass
-- rationale --
2026-01-01T00:10:15Z: pass, and the policy wants nothing done about shop in production
gate canary, decision f12b5ae80edc8c52-1

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  10 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 2
    asked of 2 series, the new side: errors_total{service="shop", track="canary"} of requests_total{service="shop", track="canary"}
    asked of 2 series, the old side: errors_total{service="shop", track="stable"} of requests_total{service="shop", track="stable"}
    6 of 10 looks found both sides, with samples no older than 1m30s
    canary  57 of 30,000 (0.190%)
    stable  60 of 30,000 (0.200%)
    ratio   0.95; between 0.52 and 1.72 at 95%, however often anybody looks

The verdict
  pass: it is proved that the release is no worse than it may be; check errors was the last to prove it
    of releases that are worse, fewer than 1 in 252 would show evidence this strong

The guards
  none spoke

What was done
  nothing

The gate
  2026-01-01T00:10:15Z  stopped watching: its verdict is final

Replay it bit for bit: backstop replay f12b5ae80edc8c52-1
