The target of a canary is taken out of the server file while the canary goes bad. Nothing is done about what backstop may not touch any more, and its gate ends and says so.

-- elsewhere.yaml --
mode: act
settle: 15s
targets:
  - { service: stall, environment: production, select: { service: stall }, owner: team-shop }
hosts: [ "*.example.com" ]
trust:
  - { files: "*", services: [shop, stall], actions: [rollback, pause, notify], secrets: [hook], at_most: act }
secrets:
  hook: { env: HOOK }

-- story --
include act.yaml
include actions.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="shop",track="canary"} 0+150x64
from 4m every 15s: errors_total{service="shop",track="canary"} 0x8 8+8x55

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary", "author": "kim"}
at 6m20s reload act.yaml as elsewhere.yaml
until 12m
-- expected --
+4m       canary: waits
+5m15s    canary: looks
+5m45s    canary: look 1, inconclusive, nothing is proved
+6m20s    other rules are in force
+6m20s    canary: ends, the rules say otherwise now: inconclusive
