As many errors as before, but a third fewer orders: a regression too. Orders come two minutes after their carts.

-- conversion.yaml --
gates:
  - gate: conversion
    owner: team-shop
    runbook: https://runbooks.example.com/conversion
    upon: canary
    match: { service: shop, environment: production }
    begins: { at: first_traffic, warmup: 30s }
    ends: { after: 30m, not_before: 5m }
    tracks: { label: track, canary: canary, stable: stable }
    checks:
      - check: conversion
        proportion: { good: orders_total, of: carts_total, lag: 2m }
        fails_when: decrease > 20%
        passes_when: decrease < 30%
    then: { fail: [ { confidence: 0.80, do: tell }, { confidence: 0.99, do: take-back } ] }
    first_release: tell

-- story --
include act.yaml
include actions.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x304
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x304
from 4m every 15s: requests_total{service="shop",track="canary"} 0+1500x32
from 4m every 15s: errors_total{service="shop",track="canary"} 0+3x32
from -1h every 15s: carts_total{service="shop",track="stable"} 0+3000x304
from -1h every 15s: orders_total{service="shop",track="stable"} 0+1500x304
from 4m every 15s: carts_total{service="shop",track="canary"} 0+1500x8 13500+1500x23
from 4m every 15s: orders_total{service="shop",track="canary"} 0x8 500+500x23

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 16m
-- expected --
+4m       conversion: waits
+5m15s    conversion: looks
+5m45s    conversion: look 1, inconclusive, conversion: the marked events of the new side have no series, and nothing says that this means none
+7m45s    conversion: look 5, inconclusive, nothing is proved
+8m15s    conversion: look 6, fail by conversion, confidence at least 0.95
+8m15s    conversion: decision 1 on fail at 0.8: do tell
+8m15s    tell: attempt 1
+8m16s    tell: attempt 1 taken with 200
+8m16s    tell: done, the receiver took it
+8m45s    conversion: look 7, fail by conversion, confidence at least 0.99
+8m45s    conversion: decision 2 on fail at 0.99: do take-back
+8m45s    take-back: attempt 1
+8m46s    take-back: attempt 1 taken with 200
+13m      take-back: verified, it is seen to have worked
+13m      conversion: ends, the change was taken back: fail
+13m      conversion: looks whether things are well again
-- rationale --
2026-01-01T00:08:45Z: fail: roll back shop in production [take-back]
gate conversion, decision b5bcdf14cfaf5076-2

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  7 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check conversion: fails when ratio < 0.8; passes when ratio > 0.7
    asked of 2 series, the new side: orders_total{service="shop", track="canary"} of carts_total{service="shop", track="canary"}
    asked of 2 series, the old side: orders_total{service="shop", track="stable"} of carts_total{service="shop", track="stable"}
    3 of 7 looks found both sides, with samples no older than 1m30s
    canary  3,000 of 9,000 (33.3%)
    stable  9,000 of 18,000 (50.0%)
    ratio   0.67; between 0.62 and 0.72 at 95%, however often anybody looks

The verdict
  fail: check conversion says it loudest
  confidence 99.86%
    of harmless releases, fewer than 1 in 753 would show evidence this strong,
    however often anybody looks

The guards
  none spoke

What was done
  2026-01-01T00:08:45Z  written down as act_34a377934e1851908143ade0: take-back, attempt 1
  2026-01-01T00:08:46Z  attempt 1: taken with 200
  2026-01-01T00:13:00Z  verified: it is seen to have worked

What else was done about this change
  2026-01-01T00:08:15Z  [tell] begun
  2026-01-01T00:08:16Z  [tell] done: the receiver took it

The gate
  2026-01-01T00:13:00Z  stopped watching: the change was taken back
  2026-01-01T00:13:00Z  looks until 2026-01-01T00:23:00Z whether things are well again

Replay it bit for bit: backstop replay b5bcdf14cfaf5076-2
