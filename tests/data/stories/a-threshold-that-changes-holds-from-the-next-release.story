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
+4m       canary (shop 2.4.1): waits
+5m15s    canary (shop 2.4.1): looks
+5m45s    canary (shop 2.4.1): look 1, inconclusive, nothing is proved
+6m20s    other rules are in force
+7m15s    canary (shop 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (shop 2.4.1): decision 1 on fail at 0.8: do tell
+7m15s    tell (shop): attempt 1
+7m16s    tell (shop): attempt 1 taken with 200
+7m16s    tell (shop): done, the receiver took it
+7m45s    canary (shop 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (shop 2.4.1): decision 2 on fail at 0.99: do take-back
+7m45s    take-back (shop): attempt 1
+7m46s    take-back (shop): attempt 1 taken with 200
+13m      take-back (shop): not verified, it was taken, but was not seen to have worked within 5m
+13m      tell (shop): attempt 1, to call somebody: it ended unverified
+13m1s    tell (shop): attempt 1 taken with 200
+13m1s    tell (shop): done, the receiver took it
+15m      canary (shop 2.4.1): ends, another change took its place: fail
+15m      canary (shop 2.4.2): waits
+16m15s   canary (shop 2.4.2): looks
+16m45s   canary (shop 2.4.2): look 1, inconclusive, nothing is proved
+21m15s   canary (shop 2.4.2): look 10, pass, proved
+21m15s   canary (shop 2.4.2): decision 1 on pass: hold: nothing is wanted
+21m15s   canary (shop 2.4.2): ends, its verdict is final: pass
