For five minutes nothing comes in; afterwards everything comes three minutes late, and then less and less, as a sender catches up. Looks find nothing meanwhile, and afterwards count it all: nothing twice, and all of what was sent but for the one step that was on its way when the outage began.

-- story --
include act.yaml
include actions.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable",instance="a"} 0+1500x263
from -1h every 15s: errors_total{service="shop",track="stable",instance="a"} 0+3x263
from 6m every 15s late 5m: requests_total{service="shop",track="stable",instance="a"} 396000+1500x19
from 6m every 15s late 5m: errors_total{service="shop",track="stable",instance="a"} 792+3x19
from 11m every 15s late 3m: requests_total{service="shop",track="stable",instance="a"} 426000+1500x7
from 11m every 15s late 3m: errors_total{service="shop",track="stable",instance="a"} 852+3x7
from 13m every 15s late 1m: requests_total{service="shop",track="stable",instance="a"} 438000+1500x7
from 13m every 15s late 1m: errors_total{service="shop",track="stable",instance="a"} 876+3x7
from 15m every 15s: requests_total{service="shop",track="stable",instance="a"} 450000+1500x100
from 15m every 15s: errors_total{service="shop",track="stable",instance="a"} 900+3x100
from 4m every 15s: requests_total{service="shop",track="canary",instance="b"} 0+150x7
from 4m every 15s: errors_total{service="shop",track="canary",instance="b"} 0x7
from 6m every 15s late 5m: requests_total{service="shop",track="canary",instance="b"} 1200+150x19
from 6m every 15s late 5m: errors_total{service="shop",track="canary",instance="b"} 0x19
from 11m every 15s late 3m: requests_total{service="shop",track="canary",instance="b"} 4200+150x7
from 11m every 15s late 3m: errors_total{service="shop",track="canary",instance="b"} 1+1x7
from 13m every 15s late 1m: requests_total{service="shop",track="canary",instance="b"} 5400+150x7
from 13m every 15s late 1m: errors_total{service="shop",track="canary",instance="b"} 9+1x7
from 15m every 15s: requests_total{service="shop",track="canary",instance="b"} 6600+150x100
from 15m every 15s: errors_total{service="shop",track="canary",instance="b"} 17+1x100

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 40m
-- expected --
+4m       canary: waits
+5m15s    canary: looks
+5m45s    canary: look 1, inconclusive, nothing is proved
+6m45s    canary: look 3, inconclusive, errors: samples of the new side come late, and are waited for
+7m45s    canary: look 5, inconclusive, errors: the new side was not heard of lately
+14m15s   canary: look 18, inconclusive, errors: samples of the new side come late, and are waited for
+15m15s   canary: look 20, inconclusive, nothing is proved
+19m45s   canary: look 29, inconclusive, errors speaks against it, confidence at least 0.80
+19m45s   canary: decision 1 on fail at 0.8: do tell
+19m45s   tell: attempt 1
+19m46s   tell: attempt 1 taken with 200
+19m46s   tell: done, the receiver took it
+21m15s   canary: look 32, fail by errors, confidence at least 0.95
+22m45s   canary: look 35, fail by errors, confidence at least 0.99
+22m45s   canary: decision 2 on fail at 0.99: do take-back
+22m45s   take-back: attempt 1
+22m46s   take-back: attempt 1 taken with 200
+28m      take-back: not verified, it was taken, but was not seen to have worked within 5m
+28m      tell: attempt 1, to call somebody: it ended unverified
+28m1s    tell: attempt 1 taken with 200
+28m1s    tell: done, the receiver took it
+35m15s   canary: ends, its time is up: fail
-- rationale --
2026-01-01T00:22:45Z: fail: roll back shop in production [take-back]
gate canary, decision f12b5ae80edc8c52-2

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  35 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 2
    asked of 2 series, the new side: errors_total{service="shop", track="canary"} of requests_total{service="shop", track="canary"}
    asked of 2 series, the old side: errors_total{service="shop", track="stable"} of requests_total{service="shop", track="stable"}
    18 of 35 looks found both sides, with samples no older than 1m30s
    canary  47 of 10,350 (0.454%)
    stable  207 of 103,500 (0.200%)
    ratio   2.27; between 1.30 and 3.73 at 95%, however often anybody looks

The verdict
  fail: check errors says it loudest
  confidence 99.23%
    of harmless releases, fewer than 1 in 130 would show evidence this strong,
    however often anybody looks

The guards
  none spoke

What was done
  2026-01-01T00:22:45Z  written down as act_34a377934e1851908143ade0: take-back, attempt 1
  2026-01-01T00:22:46Z  attempt 1: taken with 200
  2026-01-01T00:28:00Z  not verified, a person has to look: it was taken, but was not seen to have worked within 5m

What else was done about this change
  2026-01-01T00:19:45Z  [tell] begun
  2026-01-01T00:19:46Z  [tell] done: the receiver took it
  2026-01-01T00:28:00Z  [tell] begun: somebody is called, as something ended unverified
  2026-01-01T00:28:01Z  [tell] done: the receiver took it

The gate
  2026-01-01T00:35:15Z  stopped watching: its time was up

Replay it bit for bit: backstop replay f12b5ae80edc8c52-2
