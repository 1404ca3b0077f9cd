The canary's errors always come in a minute later than its requests, and a look waits for fifteen seconds. Nothing is made of one without the other: a `settle` of more than a minute would help.

-- story --
include act.yaml
include actions.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable",instance="a"} 0+1500x340
from -1h every 15s: errors_total{service="shop",track="stable",instance="a"} 0+3x340
from 4m every 15s: requests_total{service="shop",track="canary",instance="b"} 0+1500x120
from 4m every 15s late 60s: errors_total{service="shop",track="canary",instance="b"} 0+75x120

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 37m
-- expected --
+4m       canary: waits
+5m15s    canary: looks
+5m45s    canary: look 1, inconclusive, errors: samples of the new side come late, and are waited for
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
    0 of 60 looks found both sides, with samples no older than 1m30s
    at the last look samples of the new side come late, and are waited for
    nothing was counted

The verdict
  inconclusive: check errors lacks something: samples of the new side come late, and are waited for
    where they always do, a longer `settle` in the server file gives them time

The guards
  none spoke

What was done
  nothing

The gate
  2026-01-01T00:35:15Z  stopped watching: its time was up

Replay it bit for bit: backstop replay f12b5ae80edc8c52-1
