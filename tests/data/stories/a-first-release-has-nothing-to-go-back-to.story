What fails on a first release leads to what `first_release` says.

-- story --
include act.yaml
include actions.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="shop",track="canary"} 0+150x4 750+150x27
from 4m every 15s: errors_total{service="shop",track="canary"} 0x4 8+8x27

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "kind": "canary"}
until 12m
-- expected --
+4m       canary: waits
+5m15s    canary: looks
+5m45s    canary: look 1, inconclusive, errors speaks against it, confidence at least 0.80
+5m45s    canary: decision 1 on fail of a first release: do tell
+5m45s    tell: attempt 1
+5m46s    tell: attempt 1 taken with 200
+5m46s    tell: done, the receiver took it
+6m15s    canary: look 2, fail by errors, confidence at least 0.99
-- rationale --
2026-01-01T00:05:45Z: inconclusive: tell about shop in production [tell]
gate canary, decision f12b5ae80edc8c52-1

The change
  canary of shop in production to 2.4.1
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  1 look, 30s apart, counted from 2026-01-01T00:05:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 2
    asked of 2 series, the new side: errors_total{service="shop", track="canary"} of requests_total{service="shop", track="canary"}
    asked of 2 series, the old side: errors_total{service="shop", track="stable"} of requests_total{service="shop", track="stable"}
    1 of 1 look found both sides, with samples no older than 1m30s
    canary  16 of 300 (5.33%)
    stable  6 of 3,000 (0.200%)
    ratio   26.7; between 6.72 and 158 at 95%, however often anybody looks

The verdict
  inconclusive: check errors speaks against it, but nothing is proved
  confidence 91.1%
    of harmless releases, fewer than 1 in 11 would show evidence this strong,
    however often anybody looks

The guards
  none spoke

What was done
  2026-01-01T00:05:45Z  written down as act_23cadb115c984d2cf32d0d81: tell, attempt 1
  2026-01-01T00:05:46Z  attempt 1: taken with 200
  2026-01-01T00:05:46Z  done: the receiver took it

Replay it bit for bit: backstop replay f12b5ae80edc8c52-1
