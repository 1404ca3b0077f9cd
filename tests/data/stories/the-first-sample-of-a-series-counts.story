The errors of a canary begin with a series of their own that stands at forty when it is first scraped, and never goes up again. A rate would see nothing; here all forty count, and two such pods are enough.

-- story --
include act.yaml
include actions.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x296
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x296
from 4m every 15s: requests_total{service="shop",track="canary",pod="a"} 0+150x20
from 4m every 15s: requests_total{service="shop",track="canary",pod="b"} 0+150x20
from 6m15s every 15s: errors_total{service="shop",track="canary",pod="a"} 40x11
from 7m15s every 15s: errors_total{service="shop",track="canary",pod="b"} 40x7

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 14m
-- expected --
+4m       canary: waits
+5m15s    canary: looks
+5m45s    canary: look 1, inconclusive, nothing is proved
+7m45s    canary: look 5, fail by errors, confidence at least 0.95
+7m45s    canary: decision 1 on fail at 0.8: do tell
+7m45s    tell: attempt 1
+7m46s    tell: attempt 1 taken with 200
+7m46s    tell: done, the receiver took it
-- rationale --
2026-01-01T00:07:45Z: fail: tell about shop in production [tell]
gate canary, decision f12b5ae80edc8c52-1

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  5 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 2
    asked of 2 series, the new side: errors_total{service="shop", track="canary"} of requests_total{service="shop", track="canary"}
    asked of 2 series, the old side: errors_total{service="shop", track="stable"} of requests_total{service="shop", track="stable"}
    5 of 5 looks found both sides, with samples no older than 1m30s
    canary  80 of 3,000 (2.67%)
    stable  30 of 15,000 (0.200%)
    ratio   13.3; between 6.96 and 27.5 at 95%, however often anybody looks

The verdict
  fail: check errors says it loudest
  confidence 96.1%
    of harmless releases, fewer than 1 in 26 would show evidence this strong,
    however often anybody looks

The guards
  none spoke

What was done
  2026-01-01T00:07:45Z  written down as act_23cadb115c984d2cf32d0d81: tell, attempt 1
  2026-01-01T00:07:46Z  attempt 1: taken with 200
  2026-01-01T00:07:46Z  done: the receiver took it

Replay it bit for bit: backstop replay f12b5ae80edc8c52-1
