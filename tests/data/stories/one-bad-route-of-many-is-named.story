Of six routes one fails on the canary. It has a twenty-fifth of the requests, so the whole looks little worse; the route is named, and none of the others.

-- canary.yaml --
gates:
  - gate: canary
    owner: team-shop
    runbook: https://runbooks.example.com/canary
    upon: canary
    match: { service: shop, environment: production }
    begins: { at: first_traffic, warmup: 30s, within: 10m }
    ends: { after: 30m, not_before: 5m }
    tracks: { label: track, canary: canary, stable: stable }
    checks:
      - check: errors
        proportion: { bad: errors_total, of: requests_total, absent_bad: zero_if_on_other_track }
        fails_when: ratio > 1.25 and difference > 0.05pp
        passes_when: ratio < 2
        by: [route]
    then:
      fail: [ { confidence: 0.80, do: tell }, { confidence: 0.99, do: take-back } ]
    first_release: tell

-- story --
include act.yaml
include actions.yaml

from -1h every 15s: requests_total{service="shop",track="stable",route="/home"} 0+600x400
from -1h every 15s: errors_total{service="shop",track="stable",route="/home"} 0+1x400
from -1h every 15s: requests_total{service="shop",track="stable",route="/cart"} 0+300x400
from -1h every 15s: errors_total{service="shop",track="stable",route="/cart"} 0+1x400
from -1h every 15s: requests_total{service="shop",track="stable",route="/search"} 0+240x400
from -1h every 15s: errors_total{service="shop",track="stable",route="/search"} 0+1x400
from -1h every 15s: requests_total{service="shop",track="stable",route="/login"} 0+150x400
from -1h every 15s: errors_total{service="shop",track="stable",route="/login"} 0+1x400
from -1h every 15s: requests_total{service="shop",track="stable",route="/static"} 0+150x400
from -1h every 15s: errors_total{service="shop",track="stable",route="/static"} 0+1x400
from -1h every 15s: requests_total{service="shop",track="stable",route="/pay"} 0+60x400
from -1h every 15s: errors_total{service="shop",track="stable",route="/pay"} 0+1x400
from 4m every 15s: requests_total{service="shop",track="canary",route="/home"} 0+600x15
from 4m every 15s: errors_total{service="shop",track="canary",route="/home"} 0+1x15
from 4m every 15s: requests_total{service="shop",track="canary",route="/cart"} 0+300x15
from 4m every 15s: errors_total{service="shop",track="canary",route="/cart"} 0+1x15
from 4m every 15s: requests_total{service="shop",track="canary",route="/search"} 0+240x15
from 4m every 15s: errors_total{service="shop",track="canary",route="/search"} 0+1x15
from 4m every 15s: requests_total{service="shop",track="canary",route="/login"} 0+150x15
from 4m every 15s: errors_total{service="shop",track="canary",route="/login"} 0+1x15
from 4m every 15s: requests_total{service="shop",track="canary",route="/static"} 0+150x15
from 4m every 15s: errors_total{service="shop",track="canary",route="/static"} 0+1x15
from 4m every 15s: requests_total{service="shop",track="canary",route="/pay"} 0+60x15
from 4m every 15s: errors_total{service="shop",track="canary",route="/pay"} 0+12x15

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 12m
-- expected --
+4m       canary: waits
+5m15s    canary: looks
+5m45s    canary: look 1, inconclusive, nothing is proved
+6m15s    canary: look 2, fail by errors, confidence at least 0.95
+6m15s    canary: decision 1 on fail at 0.8: do tell
+6m15s    tell: attempt 1
+6m16s    tell: attempt 1 taken with 200
+6m16s    tell: done, the receiver took it
+6m45s    canary: look 3, fail by errors, confidence at least 0.99
+6m45s    canary: decision 2 on fail at 0.99: do take-back
+6m45s    take-back: attempt 1
+6m46s    take-back: attempt 1 taken with 200
+8m45s    take-back: verified, it is seen to have worked
+8m45s    canary: ends, the change was taken back: fail
+8m45s    canary: looks whether things are well again
+10m45s   canary: things are well again, as nobody asks the new side for anything any more
-- rationale --
2026-01-01T00:06:45Z: fail: roll back shop in production [take-back]
gate canary, decision f12b5ae80edc8c52-2

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  3 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 2
    asked of 12 series, the new side: errors_total{service="shop", track="canary"} of requests_total{service="shop", track="canary"}
    asked of 12 series, the old side: errors_total{service="shop", track="stable"} of requests_total{service="shop", track="stable"}
    3 of 3 looks found both sides, with samples no older than 1m30s
    canary  102 of 9,000 (1.13%)
    stable  36 of 9,000 (0.400%)
    ratio   2.83; between 1.57 and 5.46 at 95%, however often anybody looks
    of 7 slices the worst is /pay: 72 of 360 (20.0%), against 6 of 360 (1.67%)
      ratio   12.0; between 3.94 and 64.8 at 95%, however often anybody looks
      fail: proved of /pay; of what is named so, fewer than 1 in 20 are named wrongly
      inconclusive: /home, /cart, /search, /login, /static
      inconclusive, without traffic on the new side: other

The verdict
  fail: check errors says it loudest
  confidence 99.9240%
    of harmless releases, fewer than 1 in 1,317 would show evidence this strong,
    however often anybody looks

The guards
  none spoke

What was done
  2026-01-01T00:06:45Z  written down as act_34a377934e1851908143ade0: take-back, attempt 1
  2026-01-01T00:06:46Z  attempt 1: taken with 200
  2026-01-01T00:08:45Z  verified: it is seen to have worked

What else was done about this change
  2026-01-01T00:06:15Z  [tell] begun
  2026-01-01T00:06:16Z  [tell] done: the receiver took it

The gate
  2026-01-01T00:08:45Z  stopped watching: the change was taken back
  2026-01-01T00:08:45Z  looks until 2026-01-01T00:18:45Z whether things are well again
  2026-01-01T00:10:45Z  things are well again, as nobody asks the new side for anything any more, 1m45s after the change was taken back

Replay it bit for bit: backstop replay f12b5ae80edc8c52-2
