Two gates watch one change, and each sees a little harm. Neither could prove it by itself; their evidence is that of one release, and together it is enough to hold it.

-- errors.yaml --
gates:
  - gate: errors
    owner: team-shop
    runbook: https://runbooks.example.com/canary
    upon: canary
    match: { service: shop, environment: production }
    begins: { at: first_traffic, warmup: 30s, within: 10m }
    ends: { after: 15m, not_before: 5m }
    tracks: { label: track, canary: canary, stable: stable }
    checks:
      - check: errors
        proportion: { bad: errors_total, of: requests_total, absent_bad: zero_if_on_other_track }
        fails_when: ratio > 1.25 and difference > 0.05pp
    then:
      fail: [ { confidence: 0.80, do: tell }, { confidence: 0.95, do: hold }, { confidence: 0.99, do: take-back } ]
    first_release: tell

-- carts.yaml --
gates:
  - gate: carts
    owner: team-shop
    runbook: https://runbooks.example.com/canary
    upon: canary
    match: { service: shop, environment: production }
    begins: { at: first_traffic, warmup: 30s, within: 10m }
    ends: { after: 15m, not_before: 5m }
    tracks: { label: track, canary: canary, stable: stable }
    checks:
      - check: carts
        proportion: { bad: cart_errors_total, of: carts_total, absent_bad: zero_if_on_other_track }
        fails_when: ratio > 1.25 and difference > 0.05pp
    then:
      fail: [ { confidence: 0.80, do: tell }, { confidence: 0.95, do: hold }, { confidence: 0.99, do: take-back } ]
    first_release: tell

-- story --
include act.yaml
include actions.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x400
from -1h every 15s: errors_total{service="shop",track="stable"} 0+15x400
from 4m every 15s: requests_total{service="shop",track="canary"} 0+150x144
from 4m every 15s: errors_total{service="shop",track="canary"} 0+4x144
from -1h every 15s: carts_total{service="shop",track="stable"} 0+1500x400
from -1h every 15s: cart_errors_total{service="shop",track="stable"} 0+15x400
from 4m every 15s: carts_total{service="shop",track="canary"} 0+150x144
from 4m every 15s: cart_errors_total{service="shop",track="canary"} 0+4x144

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 11m30s
-- expected --
+4m       errors: waits
+4m       carts: waits
+5m15s    errors: looks; errors would take more than is planned: 31 looks to prove a doubling, never to pass
+5m15s    carts: looks; carts would take more than is planned: 31 looks to prove a doubling, never to pass
+5m45s    errors: look 1, inconclusive, nothing is proved
+5m45s    carts: look 1, inconclusive, nothing is proved
+8m15s    carts: decision 1 on fail at 0.8: do tell
+8m15s    tell: attempt 1
+8m16s    tell: attempt 1 taken with 200
+8m16s    tell: done, the receiver took it
+9m15s    errors: look 8, inconclusive, errors speaks against it, confidence at least 0.80
+9m15s    carts: look 8, inconclusive, carts speaks against it, confidence at least 0.80
+9m45s    carts: decision 2 on fail at 0.95: do hold
+9m45s    hold: attempt 1
+9m46s    hold: attempt 1 taken with 200
+9m46s    hold: done, the receiver took it
+10m45s   errors: look 11, fail by errors, confidence at least 0.95
+10m45s   carts: look 11, fail by carts, confidence at least 0.95
-- rationale --
2026-01-01T00:09:45Z: inconclusive: pause shop in production [hold]
gate carts, decision 71a1a81d55e03729-2

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  9 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check carts: fails when ratio > 1.25 and difference > 0.05pp
    asked of 2 series, the new side: cart_errors_total{service="shop", track="canary"} of carts_total{service="shop", track="canary"}
    asked of 2 series, the old side: cart_errors_total{service="shop", track="stable"} of carts_total{service="shop", track="stable"}
    9 of 9 looks found both sides, with samples no older than 1m30s
    canary  72 of 2,700 (2.67%)
    stable  270 of 27,000 (1.00%)
    ratio   2.67; between 1.21 and 5.28 at 95%, however often anybody looks
    events may come in clusters, so 3.00 of them weigh as one

The verdict
  inconclusive: check carts speaks against it, but nothing is proved
  2 gates watch this release; by the evidence of all together:
  confidence 95.6%
    of harmless releases, fewer than 1 in 22 would show evidence this strong,
    however often anybody looks

The guards
  none spoke

What was done
  2026-01-01T00:09:45Z  written down as act_b2af6a30286474d1a12376c5: hold, attempt 1
  2026-01-01T00:09:46Z  attempt 1: taken with 200
  2026-01-01T00:09:46Z  done: the receiver took it

What else was done about this change
  2026-01-01T00:08:15Z  [tell] begun
  2026-01-01T00:08:16Z  [tell] done: the receiver took it

Replay it bit for bit: backstop replay 71a1a81d55e03729-2
