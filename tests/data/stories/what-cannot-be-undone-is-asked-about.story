2.4.1 drops a column that 2.4.0 reads: whoever told of it said that it cannot be undone, so a person is asked, and what they agree to is done.

-- story --
include act.yaml
include actions.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="shop",track="canary"} 0+150x4 750+150x27
from 4m every 15s: errors_total{service="shop",track="canary"} 0x4 8+8x27

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary", "reversible": false}
at 9m approve kim
until 12m
-- expected --
+4m       canary: waits
+5m15s    canary: looks
+5m45s    canary: look 1, inconclusive, errors speaks against it, confidence at least 0.80
+5m45s    canary: decision 1 on fail at 0.8: do tell
+5m45s    tell: attempt 1
+5m46s    tell: attempt 1 taken with 200
+5m46s    tell: done, the receiver took it
+6m15s    canary: look 2, fail by errors, confidence at least 0.99
+6m15s    canary: decision 2 on fail at 0.99: ask: take-back; 2.4.1 cannot be undone, as whoever told of it said
+6m15s    tell: attempt 1, to call somebody: it is held
+6m16s    tell: attempt 1 taken with 200
+6m16s    tell: done, the receiver took it
+9m       kim agrees
+9m       canary: decision 3 on fail at 0.99: do take-back; 2.4.1 cannot be undone, as whoever told of it said
+9m       take-back: attempt 1
+9m       take-back: attempt 1 taken with 200
-- rationale --
2026-01-01T00:09:00Z: fail: roll back shop in production [take-back]
gate canary, decision f12b5ae80edc8c52-3

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes
  it cannot be undone as it is: what ran before cannot run on what it leaves behind

The evidence
  7 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 2
    asked of 2 series, the new side: errors_total{service="shop", track="canary"} of requests_total{service="shop", track="canary"}
    asked of 2 series, the old side: errors_total{service="shop", track="stable"} of requests_total{service="shop", track="stable"}
    7 of 7 looks found both sides, with samples no older than 1m30s
    canary  112 of 2,100 (5.33%)
    stable  42 of 21,000 (0.200%)
    ratio   26.7; between 15.3 and 49.1 at 95%, however often anybody looks

The verdict
  fail: check errors says it loudest
  confidence more than 99.9999%
    of harmless releases, fewer than 1 in 684 million would show evidence this strong,
    however often anybody looks

The guards
  2.4.1 cannot be undone, as whoever told of it said (agreed to by kim at 2026-01-01T00:09:00Z)

What was done
  2026-01-01T00:09:00Z  kim agreed
  2026-01-01T00:09:00Z  written down as act_34a377934e1851908143ade0: take-back, attempt 1
  2026-01-01T00:09:00Z  attempt 1: taken with 200

What else was done about this change
  2026-01-01T00:05:45Z  [tell] begun
  2026-01-01T00:05:46Z  [tell] done: the receiver took it
  2026-01-01T00:06:15Z  [tell] begun: somebody is called, as something is held
  2026-01-01T00:06:16Z  [tell] done: the receiver took it

Replay it bit for bit: backstop replay f12b5ae80edc8c52-3
