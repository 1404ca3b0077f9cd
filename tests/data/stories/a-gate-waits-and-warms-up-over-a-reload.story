The rules are read again while a gate waits for traffic, and while the canary warms up. Nothing of theirs changed, so it begins when it would have.

-- story --
include act.yaml
include actions.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x288
from 5m every 15s: requests_total{service="shop",track="canary"} 0+150x64
from 5m every 15s: errors_total{service="shop",track="canary"} 0x8 8+8x55

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary", "author": "kim"}
at 4m40s reload actions.yaml as same.yaml
at 6m05s reload actions.yaml as same.yaml
until 12m

-- same.yaml --
actions:
  - action: take-back
    does: rollback
    approval: none
    owner: team-shop
    runbook: https://runbooks.example.com/take-back
    webhook:
      url: https://deploy.example.com/take-back
      sign: hook
      verify: { expr: 'absent_over_time(requests_total{service="shop", track="canary"}[1m])' }
  - action: hold
    does: pause
    approval: none
    owner: team-shop
    webhook: { url: "https://deploy.example.com/hold", sign: hook }
  - action: tell
    does: notify
    webhook: { url: "https://chat.example.com/shop", sign: hook }
-- expected --
+4m       canary: waits
+4m40s    other rules are in force
+6m5s     other rules are in force
+6m15s    canary: looks
+6m45s    canary: look 1, inconclusive, nothing is proved
+8m15s    canary: look 4, fail by errors, confidence at least 0.95
+8m15s    canary: decision 1 on fail at 0.8: do tell
+8m15s    tell: attempt 1
+8m16s    tell: attempt 1 taken with 200
+8m16s    tell: done, the receiver took it
+8m45s    canary: look 5, fail by errors, confidence at least 0.99
+8m45s    canary: decision 2 on fail at 0.99: do take-back
+8m45s    take-back: attempt 1
+8m46s    take-back: attempt 1 taken with 200
