2.4.0 ran here before 2.4.1, so going back to it is somebody's rollback: it is never undone without a person.

-- story --
include act.yaml
include actions.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="shop",track="canary"} 0+150x4 750+150x27
from 4m every 15s: errors_total{service="shop",track="canary"} 0x4 8+8x27

at 1m change {"service": "shop", "environment": "production", "version": "2.4.0", "kind": "canary"}
at 2m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "shop", "environment": "production", "version": "v2.4.0", "previous": "2.4.1", "kind": "canary"}
until 12m
-- expected --
+1m       canary (shop 2.4.0): waits
+2m       canary (shop 2.4.0): ends, another change took its place: inconclusive
+2m       canary (shop 2.4.1): waits
+4m       canary (shop 2.4.1): ends, another change took its place: inconclusive
+4m       canary (shop v2.4.0): waits
+5m15s    canary (shop v2.4.0): looks
+5m45s    canary (shop v2.4.0): look 1, inconclusive, errors speaks against it, confidence at least 0.80
+5m45s    canary (shop v2.4.0): decision 1 on fail at 0.8: do tell
+5m45s    tell (shop): attempt 1
+5m46s    tell (shop): attempt 1 taken with 200
+5m46s    tell (shop): done, the receiver took it
+6m15s    canary (shop v2.4.0): look 2, fail by errors, confidence at least 0.99
+6m15s    canary (shop v2.4.0): decision 2 on fail at 0.99: ask: take-back; the version already ran here, so the change is somebody's rollback already
+6m15s    tell (shop): attempt 1, to call somebody: it is held
+6m16s    tell (shop): attempt 1 taken with 200
+6m16s    tell (shop): done, the receiver took it
-- rationale --
2026-01-01T00:06:15Z: fail: ask a person whether to roll back shop in production [take-back]
gate canary, decision ff37ab6c179a251e-2

The change
  canary of shop in production to v2.4.0, in place of 2.4.1
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  2 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 2
    asked of 2 series, the new side: errors_total{service="shop", track="canary"} of requests_total{service="shop", track="canary"}
    asked of 2 series, the old side: errors_total{service="shop", track="stable"} of requests_total{service="shop", track="stable"}
    2 of 2 looks found both sides, with samples no older than 1m30s
    canary  32 of 600 (5.33%)
    stable  12 of 6,000 (0.200%)
    ratio   26.7; between 9.91 and 86.6 at 95%, however often anybody looks

The verdict
  fail: check errors says it loudest
  confidence 99.53%
    of harmless releases, fewer than 1 in 215 would show evidence this strong,
    however often anybody looks

The guards
  the version already ran here, so the change is somebody's rollback already (until a version comes that did not run there before)

What was done
  nothing so far: it is for a person to say

What else was done about this change
  2026-01-01T00:05:45Z  [tell] begun
  2026-01-01T00:05:46Z  [tell] done: the receiver took it
  2026-01-01T00:06:15Z  [tell] begun: somebody is called, as something is held
  2026-01-01T00:06:16Z  [tell] done: the receiver took it

Replay it bit for bit: backstop replay ff37ab6c179a251e-2
