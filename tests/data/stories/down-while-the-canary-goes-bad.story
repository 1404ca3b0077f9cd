backstop is down while the canary goes bad, and takes it back when it is there again.

-- story --
include act.yaml
include actions.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x320
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x320
from 4m every 15s: requests_total{service="shop",track="canary"} 0+150x16 2550+150x31
from 4m every 15s: errors_total{service="shop",track="canary"} 0x16 8+8x31

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 7m down 5m
until 20m
-- expected --
+4m       canary: waits
+5m15s    canary: looks
+5m45s    canary: look 1, inconclusive, nothing is proved
+7m       the process dies, and is started again after 5m
+12m      canary: look 3, inconclusive, errors: the new side was not heard of lately
+12m      canary: look 5, inconclusive, nothing is proved
+12m      canary: look 8, fail by errors, confidence at least 0.95
+12m      canary: look 9, fail by errors, confidence at least 0.99
+12m      canary: decision 1 on fail at 0.99: do take-back
+12m      take-back: attempt 1
+12m1s    take-back: attempt 1 taken with 200
+17m      take-back: verified, it is seen to have worked
+17m      canary: ends, the change was taken back: fail
+17m      canary: looks whether things are well again
+19m15s   canary: things are well again, as nobody asks the new side for anything any more
-- rationale --
2026-01-01T00:12:00Z: fail: roll back shop in production [take-back]
gate canary, decision f12b5ae80edc8c52-1

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  13 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 2
    asked of 2 series, the new side: errors_total{service="shop", track="canary"} of requests_total{service="shop", track="canary"}
    asked of 2 series, the old side: errors_total{service="shop", track="stable"} of requests_total{service="shop", track="stable"}
    11 of 13 looks found both sides, with samples no older than 1m30s
    canary  112 of 3,150 (3.56%)
    stable  63 of 31,500 (0.200%)
    ratio   17.8; between 10.8 and 30.1 at 95%, however often anybody looks

The verdict
  fail: check errors says it loudest
  confidence more than 99.9999%
    of harmless releases, fewer than 1 in 109 million would show evidence this strong,
    however often anybody looks

The guards
  none spoke

What was done
  2026-01-01T00:12:00Z  written down as act_34a377934e1851908143ade0: take-back, attempt 1
  2026-01-01T00:12:01Z  attempt 1: taken with 200
  2026-01-01T00:17:00Z  verified: it is seen to have worked

The gate
  2026-01-01T00:17:00Z  stopped watching: the change was taken back
  2026-01-01T00:17:00Z  looks until 2026-01-01T00:27:00Z whether things are well again
  2026-01-01T00:19:15Z  things are well again, as nobody asks the new side for anything any more, 2m after the change was taken back

Replay it bit for bit: backstop replay f12b5ae80edc8c52-1
