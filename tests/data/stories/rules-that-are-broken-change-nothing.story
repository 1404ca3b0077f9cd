Somebody breaks the rules while a canary goes bad, and puts them right again. The rules that were read before stay in force, so the canary is taken back all the same.

-- broken.yaml --
gates:
  - gate: canary
    evry: 30s

-- whole.yaml --
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
    then:
      fail: [ { confidence: 0.80, do: tell }, { confidence: 0.99, do: take-back } ]
    first_release: tell

-- story --
include act.yaml
include actions.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="shop",track="canary"} 0+150x64
from 4m every 15s: errors_total{service="shop",track="canary"} 0x8 8+8x55

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary", "author": "kim"}
at 4m10s reload canary.yaml as broken.yaml
at 6m20s reload canary.yaml as whole.yaml
until 12m
-- expected --
+4m       canary: waits
+4m10s    the rules are broken, missing-key, so those in force stay
+5m15s    canary: looks
+5m45s    canary: look 1, inconclusive, nothing is proved
+6m20s    other rules are in force
+7m15s    canary: look 4, fail by errors, confidence at least 0.95
+7m15s    canary: decision 1 on fail at 0.8: do tell
+7m15s    tell: attempt 1
+7m16s    tell: attempt 1 taken with 200
+7m16s    tell: done, the receiver took it
+7m45s    canary: look 5, fail by errors, confidence at least 0.99
+7m45s    canary: decision 2 on fail at 0.99: do take-back
+7m45s    take-back: attempt 1
+7m46s    take-back: attempt 1 taken with 200
