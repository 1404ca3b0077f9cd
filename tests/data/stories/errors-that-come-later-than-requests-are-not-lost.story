For three minutes the canary's errors come in a minute later than its requests, as over a queue of their own. A look that has the ones without the others finds nothing, and counts both when they are there.

-- story --
include act.yaml
include actions.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable",instance="a"} 0+1500x340
from -1h every 15s: errors_total{service="shop",track="stable",instance="a"} 0+3x340
from 4m every 15s: requests_total{service="shop",track="canary",instance="b"} 0+1500x120
from 4m every 15s: errors_total{service="shop",track="canary",instance="b"} 0+3x6
from 5m45s every 15s late 60s: errors_total{service="shop",track="canary",instance="b"} 96+75x11
from 8m45s every 15s: errors_total{service="shop",track="canary",instance="b"} 996+75x100

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 30m
-- expected --
+4m       canary: waits
+5m15s    canary: looks
+5m45s    canary: look 1, inconclusive, nothing is proved
+6m15s    canary: look 2, inconclusive, errors: samples of the new side come late, and are waited for
+9m15s    canary: look 8, inconclusive, nothing is proved
+9m45s    canary: look 9, fail by errors, confidence at least 0.95
+9m45s    canary: decision 1 on fail at 0.8: do tell
+9m45s    tell: attempt 1
+9m46s    tell: attempt 1 taken with 200
+9m46s    tell: done, the receiver took it
+10m15s   canary: look 10, fail by errors, confidence at least 0.99
+10m15s   canary: decision 2 on fail at 0.99: do take-back
+10m15s   take-back: attempt 1
+10m16s   take-back: attempt 1 taken with 200
+15m30s   take-back: not verified, it was taken, but was not seen to have worked within 5m
+15m30s   tell: attempt 1, to call somebody: it ended unverified
+15m31s   tell: attempt 1 taken with 200
+15m31s   tell: done, the receiver took it
-- rationale --
2026-01-01T00:10:15Z: fail: roll back shop in production [take-back]
gate canary, decision f12b5ae80edc8c52-2

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  10 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 2
    asked of 2 series, the new side: errors_total{service="shop", track="canary"} of requests_total{service="shop", track="canary"}
    asked of 2 series, the old side: errors_total{service="shop", track="stable"} of requests_total{service="shop", track="stable"}
    4 of 10 looks found both sides, with samples no older than 1m30s
    canary  1,359 of 30,000 (4.53%)
    stable  60 of 30,000 (0.200%)
    ratio   22.6; between 15.0 and 36.1 at 95%, however often anybody looks

The verdict
  fail: check errors says it loudest
  confidence 99.9449%
    of harmless releases, fewer than 1 in 1,815 would show evidence this strong,
    however often anybody looks

The guards
  none spoke

What was done
  2026-01-01T00:10:15Z  written down as act_34a377934e1851908143ade0: take-back, attempt 1
  2026-01-01T00:10:16Z  attempt 1: taken with 200
  2026-01-01T00:15:30Z  not verified, a person has to look: it was taken, but was not seen to have worked within 5m

What else was done about this change
  2026-01-01T00:09:45Z  [tell] begun
  2026-01-01T00:09:46Z  [tell] done: the receiver took it
  2026-01-01T00:15:30Z  [tell] begun: somebody is called, as something ended unverified
  2026-01-01T00:15:31Z  [tell] done: the receiver took it

Replay it bit for bit: backstop replay f12b5ae80edc8c52-2
