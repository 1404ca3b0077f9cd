For three minutes the canary is not scraped: it is missing, not well, and what it counted then comes with the next look, on both sides.

-- story --
include act.yaml
include actions.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x296
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x296
from 4m every 15s: requests_total{service="shop",track="canary"} 0+150x12 _x12 3750+150x15
from 4m every 15s: errors_total{service="shop",track="canary"} 0x12 _x12 200+8x15

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 14m
-- expected --
+4m       canary: waits
+5m15s    canary: looks
+5m45s    canary: look 1, inconclusive, nothing is proved
+8m15s    canary: look 6, inconclusive, errors: samples of the new side come late, and are waited for
+8m45s    canary: look 7, inconclusive, errors: the new side was not heard of lately
+10m45s   canary: look 11, inconclusive, nothing is proved
+11m15s   canary: look 12, fail by errors, confidence at least 0.95
+11m15s   canary: decision 1 on fail at 0.8: do tell
+11m15s   tell: attempt 1
+11m16s   tell: attempt 1 taken with 200
+11m16s   tell: done, the receiver took it
+11m45s   canary: look 13, fail by errors, confidence at least 0.99
+11m45s   canary: decision 2 on fail at 0.99: do take-back
+11m45s   take-back: attempt 1
+11m46s   take-back: attempt 1 taken with 200
-- rationale --
2026-01-01T00:11:45Z: fail: roll back shop in production [take-back]
gate canary, decision f12b5ae80edc8c52-2

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  13 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 2
    asked of 2 series, the new side: errors_total{service="shop", track="canary"} of requests_total{service="shop", track="canary"}
    asked of 2 series, the old side: errors_total{service="shop", track="stable"} of requests_total{service="shop", track="stable"}
    8 of 13 looks found both sides, with samples no older than 1m30s
    canary  240 of 3,900 (6.15%)
    stable  78 of 39,000 (0.200%)
    ratio   30.8; between 19.3 and 46.9 at 95%, however often anybody looks

The verdict
  fail: check errors says it loudest
  confidence 99.88%
    of harmless releases, fewer than 1 in 904 would show evidence this strong,
    however often anybody looks

The guards
  none spoke

What was done
  2026-01-01T00:11:45Z  written down as act_34a377934e1851908143ade0: take-back, attempt 1
  2026-01-01T00:11:46Z  attempt 1: taken with 200

What else was done about this change
  2026-01-01T00:11:15Z  [tell] begun
  2026-01-01T00:11:16Z  [tell] done: the receiver took it

Replay it bit for bit: backstop replay f12b5ae80edc8c52-2
