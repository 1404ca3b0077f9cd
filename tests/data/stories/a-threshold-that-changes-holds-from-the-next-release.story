A threshold is loosened while a canary goes bad. What a gate promised before its first look holds for its release, so this canary is still taken back; the next one is judged by the new threshold.

-- lax.yaml --
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
        fails_when: ratio > 50 and difference > 20pp
        passes_when: ratio < 60
    then:
      fail: [ { confidence: 0.80, do: tell }, { confidence: 0.99, do: take-back } ]
    first_release: tell

-- story --
include act.yaml
include actions.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x360
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x360
from 4m every 15s: requests_total{service="shop",track="canary"} 0+150x104
from 4m every 15s: errors_total{service="shop",track="canary"} 0x8 8+8x95

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary", "author": "kim"}
at 6m20s reload canary.yaml as lax.yaml
at 15m change {"service": "shop", "environment": "production", "version": "2.4.2", "previous": "2.4.0", "kind": "canary", "author": "kim"}
until 25m
-- expected --
