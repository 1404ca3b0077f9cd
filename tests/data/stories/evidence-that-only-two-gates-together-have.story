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
+5m15s    errors: looks
+5m15s    carts: looks
+5m45s    errors: look 1, inconclusive, nothing is proved
+5m45s    carts: look 1, inconclusive, nothing is proved
+6m15s    carts: decision 1 on fail at 0.8: do tell
+6m15s    tell: attempt 1
+6m16s    tell: attempt 1 taken with 200
+6m16s    tell: done, the receiver took it
+6m45s    errors: look 3, inconclusive, errors speaks against it, confidence at least 0.80
+6m45s    carts: look 3, inconclusive, carts speaks against it, confidence at least 0.80
+6m45s    carts: decision 2 on fail at 0.95: do hold
+6m45s    hold: attempt 1
+6m46s    hold: attempt 1 taken with 200
+6m46s    hold: done, the receiver took it
+7m15s    errors: look 4, fail by errors, confidence at least 0.95
+7m15s    carts: look 4, fail by carts, confidence at least 0.95
+7m45s    errors: look 5, fail by errors, confidence at least 0.99
+7m45s    carts: look 5, fail by carts, confidence at least 0.99
+7m45s    carts: decision 3 on fail at 0.99: do take-back
+7m45s    take-back: attempt 1
+7m46s    take-back: attempt 1 taken with 200
-- rationale --
2026-01-01T00:07:45Z: fail: roll back shop in production [take-back]
gate carts, decision 71a1a81d55e03729-3

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  5 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check carts: fails when ratio > 1.25 and difference > 0.05pp
    asked of 2 series, the new side: cart_errors_total{service="shop", track="canary"} of carts_total{service="shop", track="canary"}
    asked of 2 series, the old side: cart_errors_total{service="shop", track="stable"} of carts_total{service="shop", track="stable"}
    5 of 5 looks found both sides, with samples no older than 1m30s
    canary  40 of 1,500 (2.67%)
    stable  150 of 15,000 (1.00%)
    ratio   2.67; between 1.45 and 4.59 at 95%, however often anybody looks

The verdict
  fail: check carts says it loudest
  2 gates watch this release; by the evidence of all together:
  confidence 99.73%
    of harmless releases, fewer than 1 in 377 would show evidence this strong,
    however often anybody looks

The guards
  none spoke

What was done
  2026-01-01T00:07:45Z  written down as act_34a377934e1851908143ade0: take-back, attempt 1
  2026-01-01T00:07:46Z  attempt 1: taken with 200

What else was done about this change
  2026-01-01T00:06:15Z  [tell] begun
  2026-01-01T00:06:16Z  [tell] done: the receiver took it
  2026-01-01T00:06:45Z  [hold] begun
  2026-01-01T00:06:46Z  [hold] done: the receiver took it

Replay it bit for bit: backstop replay 71a1a81d55e03729-3
