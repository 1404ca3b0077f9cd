Orders are worth as much on the canary as on the stable version: that is proved, and nothing is done.

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

from -1h every 30s: order_value_euros{service="shop",track="stable",instance="a"} 49.8 52.5 49.9 53.3 48.9 49.9 50.2 51.9 49.9 48.7 49.3 47.2 52.6 51.5 50.9 50.6 48.8 49.2 51.6 48.4 48.4 53.2 53.2 50.6 51.1 50.4 52.9 49.1 50.2 51.0 52.9 49.5 50.5 49.0 48.7 48.7 50.2 51.8 48.6 48.8 49.2 50.7 51.4 47.5 50.7 48.0 51.4 48.1 47.8 48.6 49.9 48.0 50.4 50.3 50.2 50.5 51.8 48.5 50.0 49.9 45.9 50.8 48.5 48.6 49.1 50.2 50.7 51.0 48.6 51.4 50.8 49.2 50.0 51.6 50.9 51.4 50.2 52.3 54.5 50.9 46.8 53.5 48.9 47.2 45.3 50.9 52.2 52.0 49.2 52.9 49.8 48.8 50.1 50.4 50.1 50.8 45.6 53.1 48.9 51.3 48.4 50.3 49.6 46.8 50.8 51.3 47.8 45.8 48.7 48.3 50.2 50.0 53.2 51.3 49.5 50.3 44.2 48.2 48.2 49.8 50.6 50.4 51.9 48.6 50.6 49.7 50.0 50.6 49.4 50.4 49.9 52.0 49.8 50.6 55.2 51.2 51.0 52.2 48.0 51.4 51.5 50.9 51.9 51.6 52.4 48.7 50.9 48.9 52.5 50.3 47.4 50.2 48.0 52.0 49.3 45.6 49.2 52.0 50.7 48.7 51.3 51.1 52.9 51.8 50.7 48.4 50.6 50.6 50.0 50.8 47.6 51.1 50.0 50.7 49.8 49.4 50.5 51.6 49.4 50.6
from -1h every 30s: order_value_euros{service="shop",track="stable",instance="b"} 48.5 50.8 50.0 47.5 52.3 48.2 50.2 47.4 46.6 51.3 47.2 45.9 49.6 46.9 49.6 53.6 49.2 50.7 51.1 50.5 49.8 53.0 49.8 50.7 50.2 47.5 50.6 50.1 51.3 51.4 53.1 46.2 48.9 49.1 48.3 50.8 49.8 50.3 46.8 48.1 49.9 49.1 48.8 49.8 49.5 47.9 53.3 48.7 51.3 51.2 51.9 48.9 48.0 50.9 50.5 45.3 44.8 48.9 49.2 49.5 50.8 48.1 55.2 51.8 52.6 50.5 45.9 50.5 48.9 50.9 49.8 51.3 48.3 49.3 50.0 48.5 49.1 51.2 53.8 49.6 51.6 47.8 49.1 50.6 51.1 48.0 51.2 50.3 52.6 51.8 51.1 49.2 50.5 48.3 48.4 46.4 47.4 47.5 49.8 50.2 47.3 49.8 50.8 51.8 49.8 50.4 49.3 51.8 46.9 50.5 45.4 53.4 51.8 45.8 49.0 47.2 46.5 49.2 48.3 52.0 49.0 47.8 49.8 50.8 51.6 51.0 47.0 48.4 49.6 48.3 51.4 49.3 49.8 49.2 50.1 47.0 54.1 48.9 48.5 46.5 49.8 47.3 50.6 52.3 51.2 49.1 52.5 49.6 49.9 50.1 49.0 50.8 47.5 46.5 52.3 48.5 49.3 50.6 49.0 47.6 49.6 48.1 51.0 49.1 49.5 51.5 46.9 47.0 51.4 52.5 50.1 48.6 52.4 51.0 52.0 46.4 49.7 47.9 47.8 51.1
from 4m every 30s: order_value_euros{service="shop",track="canary",instance="c"} 51.4 49.0 49.5 52.7 51.3 49.7 51.0 50.2 47.5 49.0 50.5 51.2 47.6 48.4 48.8 47.0 52.1 50.9 52.5 45.7 48.4 53.5 47.2 46.4 50.4 53.1 51.2 48.1 51.1 50.8 50.5 50.7 51.6 52.3 52.7 52.1 49.7 46.3 51.0 47.0 54.5 47.7 46.3 46.3 50.7 50.6 51.2 50.5 48.4 51.6 48.6 47.0 51.8 51.0 48.1 49.5 52.0 51.8 47.9 52.2

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 34m
-- expected --
+4m       revenue: waits
+5m15s    revenue: looks
+5m45s    revenue: look 1, inconclusive, nothing is proved
+11m15s   revenue: look 12, pass, proved
+11m15s   revenue: decision 1 on pass: hold: nothing is wanted
+11m15s   revenue: ends, its verdict is final: pass
-- rationale --
2026-01-01T00:11:15Z: pass, and the policy wants nothing done about shop in production
gate revenue, decision c77cebf7b083b447-1

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  12 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check order-value: fails when ratio < 0.9; passes when ratio > 0.8
    asked of 1 series, the new side: order_value_euros{service="shop", track="canary"}
    asked of 2 series, the old side: order_value_euros{service="shop", track="stable"}
    12 of 12 looks found both sides, with samples no older than 1m30s
    canary  49.82 on average over 12 looks, 48.80 at the last
    stable  50.28 on average, 51.25 beside it
    ratio   0.99 of the averages

The verdict
  pass: it is proved that the release is no worse than it may be; check order-value was the last to prove it
    of releases that are worse, fewer than 1 in 20 would show evidence this strong

The guards
  none spoke

What was done
  nothing

The gate
  2026-01-01T00:11:15Z  stopped watching: its verdict is final

Replay it bit for bit: backstop replay c77cebf7b083b447-1
