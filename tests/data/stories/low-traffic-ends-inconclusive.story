With hardly any traffic nothing is proved, nothing is done, and the rationale says what it would take.

-- story --
include act.yaml
include actions.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+60x400
from -1h every 15s: errors_total{service="shop",track="stable"} 0+1x400
from 4m every 15s: requests_total{service="shop",track="canary"} 0+2x144
from 4m every 15s: errors_total{service="shop",track="canary"} 0x144

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 40m
-- expected --
+4m       canary: waits
+5m15s    canary: looks; errors would take more than is planned: 1100 looks to prove a doubling, 645 looks to pass
+5m45s    canary: look 1, inconclusive, nothing is proved
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
    asked of 2 series, the new side: errors_total{service="shop", track="canary"} of requests_total{service="shop", track="canary"}
    asked of 2 series, the old side: errors_total{service="shop", track="stable"} of requests_total{service="shop", track="stable"}
    60 of 60 looks found both sides, with samples no older than 1m30s
    canary  0 of 240 (0.000%)
    stable  120 of 7,200 (1.67%)
    ratio   0.00; between 0.00 and 3.93 at 95%, however often anybody looks
    events may come in clusters, so 3.00 of them weigh as one

The verdict
  inconclusive: neither harm nor its absence is proved; check errors is furthest from it
  at this traffic, with 60 looks (30m) planned:
    that it does twice the harm takes about 1,098 looks (9h8m) to prove
    that it is as good as the old one takes about 644 looks (5h21m)
  next to nothing speaks against it

The guards
  none spoke

What was done
  nothing

The gate
  2026-01-01T00:35:15Z  stopped watching: its time was up

Replay it bit for bit: backstop replay f12b5ae80edc8c52-1
