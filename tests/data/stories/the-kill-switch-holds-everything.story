Automation is switched off before the canary goes bad: nothing goes out. When it is on again, what still holds is done.

-- story --
include act.yaml
include actions.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x296
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x296
from 4m every 15s: requests_total{service="shop",track="canary"} 0+150x4 750+150x35
from 4m every 15s: errors_total{service="shop",track="canary"} 0x4 8+8x35

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary", "author": "kim"}
at 5m switch off: the mesh is being moved
at 9m switch on
until 14m
-- expected --
+4m       canary: waits
+5m15s    canary: looks
+5m45s    canary: look 1, inconclusive, errors speaks against it, confidence at least 0.80
+5m45s    canary: decision 1 on fail at 0.8: hold: tell; automation is switched off: the mesh is being moved
+6m15s    canary: look 2, fail by errors, confidence at least 0.99
+6m15s    canary: decision 2 on fail at 0.99: hold: take-back; automation is switched off: the mesh is being moved
+9m15s    canary: decision 3 on fail at 0.99: do take-back
+9m15s    take-back: attempt 1
+9m16s    take-back: attempt 1 taken with 200
-- rationale --
2026-01-01T00:09:15Z: fail: roll back shop in production [take-back]
gate canary, decision f12b5ae80edc8c52-3

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes
  author: kim

The evidence
  8 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 2
    asked of 2 series, the new side: errors_total{service="shop", track="canary"} of requests_total{service="shop", track="canary"}
    asked of 2 series, the old side: errors_total{service="shop", track="stable"} of requests_total{service="shop", track="stable"}
    8 of 8 looks found both sides, with samples no older than 1m30s
    canary  128 of 2,400 (5.33%)
    stable  48 of 24,000 (0.200%)
    ratio   26.7; between 15.8 and 47.2 at 95%, however often anybody looks

The verdict
  fail: check errors says it loudest
  confidence more than 99.9999%
    of harmless releases, fewer than 1 in a billion would show evidence this strong,
    however often anybody looks

The guards
  none spoke

What was done
  2026-01-01T00:09:15Z  written down as act_34a377934e1851908143ade0: take-back, attempt 1
  2026-01-01T00:09:16Z  attempt 1: taken with 200

Replay it bit for bit: backstop replay f12b5ae80edc8c52-3
