Orders are worth a fifth less on the canary: each look holds one level against the other, and the canary is taken back.

-- revenue.yaml --
gates:
  - gate: revenue
    owner: team-shop
    runbook: https://runbooks.example.com/revenue
    upon: canary
    match: { service: shop, environment: production }
    begins: { at: first_traffic, warmup: 30s }
    ends: { after: 30m, not_before: 5m }
    tracks: { label: track, canary: canary, stable: stable }
    checks:
      - check: order-value
        mean: { of: order_value_euros }
        direction: lower_is_worse
        fails_when: decrease > 10%
        passes_when: decrease < 20%
    then: { fail: [ { confidence: 0.80, do: tell }, { confidence: 0.99, do: take-back } ] }
    first_release: tell

-- story --
include act.yaml
include actions.yaml

from -1h every 30s: order_value_euros{service="shop",track="stable",instance="a"} 47.6 47.7 51.3 45.4 49.7 45.5 52.2 50.4 52.7 49.0 50.8 49.4 48.5 50.3 47.5 49.3 51.4 50.1 49.2 54.4 50.1 48.8 50.3 49.0 49.2 49.3 54.1 50.0 50.4 51.3 54.0 49.6 48.8 54.9 47.1 49.3 51.3 54.6 48.1 45.1 51.3 49.0 49.2 50.9 50.4 50.6 49.1 52.6 53.0 50.1 49.1 51.5 51.0 47.9 49.1 52.1 49.8 49.3 50.4 49.9 50.0 46.1 53.5 50.4 48.2 52.0 50.6 50.0 52.1 54.5 51.1 53.2 54.3 48.0 49.0 51.6 46.6 49.5 52.6 52.1 51.2 46.2 54.7 51.1 51.5 51.0 46.6 47.1 47.6 53.8 48.3 49.5 49.5 51.1 51.0 50.5 47.5 43.7 50.3 50.5 52.5 49.8 48.8 50.8 46.9 47.9 48.0 50.6 54.2 51.5 52.3 50.5 50.6 49.1 49.4 45.1 47.6 47.4 51.7 51.3 52.3 53.1 49.4 52.1 53.9 50.0 52.2 49.7 46.8 50.2 48.4 50.2 49.1 50.6 45.7 54.2 52.7 49.3 48.2 50.0 51.4 50.8 50.8 46.1 47.7 52.7 50.5 47.0 48.3 47.1 48.0 52.4 49.6 52.3 50.4 47.0 48.7 54.6 48.4 47.9 52.5 50.2 50.0 53.0 46.4 50.9 47.9 47.1 48.3 52.3 49.7 46.3 47.7 53.1 52.1 47.8 55.0 49.3 47.6 49.7
from -1h every 30s: order_value_euros{service="shop",track="stable",instance="b"} 51.9 53.3 52.1 49.1 48.9 47.0 49.8 48.8 50.5 47.4 48.9 48.2 47.5 47.6 47.9 47.6 51.2 50.2 47.3 51.0 50.6 53.0 49.6 49.6 48.6 50.3 51.0 50.4 49.5 51.2 50.2 50.5 48.1 50.4 48.0 48.3 50.3 54.3 52.0 50.0 49.6 52.0 52.8 52.5 49.6 50.4 49.3 49.4 48.3 49.5 45.6 47.5 50.9 48.1 51.1 47.4 49.2 50.8 47.9 48.5 55.1 48.6 48.6 48.8 50.1 49.9 52.0 51.6 49.2 49.3 47.1 46.9 48.5 51.5 50.2 51.6 51.9 49.7 54.3 48.9 48.7 49.1 52.3 49.7 48.5 50.9 52.3 49.8 49.5 52.2 52.0 51.9 48.4 50.6 50.7 46.3 52.5 50.2 49.3 54.6 50.3 48.5 49.9 51.2 51.7 49.9 48.2 48.6 48.3 47.9 50.0 49.0 50.1 48.3 48.2 49.6 49.3 52.4 48.2 50.4 49.9 47.3 51.5 50.3 45.7 51.2 51.9 48.4 53.5 50.3 47.6 51.1 49.3 47.3 45.6 50.5 48.5 51.3 50.8 48.9 48.9 53.6 53.5 51.5 49.3 48.0 49.2 53.4 50.9 49.4 47.5 50.3 48.2 50.0 51.5 52.2 50.3 49.3 50.5 53.7 50.8 47.1 53.2 50.5 57.1 49.0 49.8 49.4 50.8 48.8 47.0 46.1 49.7 49.0 48.8 54.3 51.6 52.2 49.0 50.6
from 4m every 30s: order_value_euros{service="shop",track="canary",instance="c"} 39.6 39.6 41.5 41.2 40.6 40.3 37.1 38.5 40.8 39.3 38.4 40.7 38.1 38.6 41.8 39.3 42.9 41.1 41.6 42.3 35.6 39.8 37.4 39.1
from 4m every 15s: requests_total{service="shop",track="canary"} 0+150x48

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 22m
-- expected --
+4m       revenue: waits
+5m15s    revenue: looks
+5m45s    revenue: look 1, inconclusive, nothing is proved
+8m45s    revenue: look 7, inconclusive, order-value speaks against it, confidence at least 0.80
+8m45s    revenue: decision 1 on fail at 0.8: do tell
+8m45s    tell: attempt 1
+8m46s    tell: attempt 1 taken with 200
+8m46s    tell: done, the receiver took it
+11m15s   revenue: look 12, fail by order-value, confidence at least 0.95
+15m15s   revenue: look 20, fail by order-value, confidence at least 0.99
+15m15s   revenue: decision 2 on fail at 0.99: do take-back
+15m15s   take-back: attempt 1
+15m16s   take-back: attempt 1 taken with 200
+17m      take-back: verified, it is seen to have worked
+17m      revenue: ends, the change was taken back: fail
+17m      revenue: looks whether things are well again
+19m15s   revenue: things are well again, as nobody asks the new side for anything any more
-- rationale --
2026-01-01T00:15:15Z: fail: roll back shop in production [take-back]
gate revenue, decision c77cebf7b083b447-2

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  20 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check order-value: fails when ratio < 0.9; passes when ratio > 0.8
    asked of 1 series, the new side: order_value_euros{service="shop", track="canary"}
    asked of 2 series, the old side: order_value_euros{service="shop", track="stable"}
    20 of 20 looks found both sides, with samples no older than 1m30s
    canary  39.77 on average over 20 looks, 37.40 at the last
    stable  49.72 on average, 47.75 beside it
    ratio   0.80 of the averages
    levels may follow one another, so 1.29 of them weigh as one

The verdict
  fail: check order-value says it loudest
  confidence 99.02%
    of harmless releases, fewer than 1 in 102 would show evidence this strong,
    however often anybody looks

The guards
  none spoke

What was done
  2026-01-01T00:15:15Z  written down as act_34a377934e1851908143ade0: take-back, attempt 1
  2026-01-01T00:15:16Z  attempt 1: taken with 200
  2026-01-01T00:17:00Z  verified: it is seen to have worked

What else was done about this change
  2026-01-01T00:08:45Z  [tell] begun
  2026-01-01T00:08:46Z  [tell] done: the receiver took it

The gate
  2026-01-01T00:17:00Z  stopped watching: the change was taken back
  2026-01-01T00:17:00Z  looks until 2026-01-01T00:27:00Z whether things are well again
  2026-01-01T00:19:15Z  things are well again, as nobody asks the new side for anything any more, 2m after the change was taken back

Replay it bit for bit: backstop replay c77cebf7b083b447-2
