A canary goes bad in a freeze: a person is asked, and told why nothing was done; once the freeze is over it is done.

-- server.yaml --
mode: act
settle: 15s
targets:
  - { service: shop, environment: production, select: { service: shop }, owner: team-shop }
hosts: [ "*.example.com" ]
trust:
  - { files: "*", services: [shop], actions: [rollback, pause, notify], secrets: [hook], at_most: act }
limits: { per_service: 5/h }
freezes:
  - { freeze: peak, why: the busiest minutes of the year, match: { environment: production }, from: 2026-01-01T00:05:00Z, until: 2026-01-01T00:08:00Z, holds: rollback }
  - { freeze: elsewhere, why: nobody is in, match: { environment: staging }, weekly: { from: wed 00:00, until: fri 00:00 } }
secrets:
  hook: { env: HOOK }

-- actions.yaml --
actions:
  - action: take-back
    does: rollback
    approval: none
    owner: team-shop
    runbook: https://runbooks.example.com/take-back
    limits: { per_service: 5/h }
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

-- story --
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x300
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x300
from 4m every 15s: requests_total{service="shop",track="canary"} 0+150x4 750+150x20
from 4m every 15s: errors_total{service="shop",track="canary"} 0x4 8+8x20

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 14m
-- expected --
+4m       canary: waits
+5m15s    canary: looks
+5m45s    canary: look 1, inconclusive, errors speaks against it, confidence at least 0.80
+5m45s    canary: decision 1 on fail at 0.8: do tell
+5m45s    tell: attempt 1
+5m46s    tell: attempt 1 taken with 200
+5m46s    tell: done, the receiver took it
+6m15s    canary: look 2, fail by errors, confidence at least 0.99
+6m15s    canary: decision 2 on fail at 0.99: ask: take-back; the freeze `peak` holds until 2026-01-01T00:08:00Z: the busiest minutes of the year
+6m15s    tell: attempt 1, to call somebody: it is held
+6m16s    tell: attempt 1 taken with 200
+6m16s    tell: done, the receiver took it
+8m15s    canary: decision 3 on fail at 0.99: do take-back
+8m15s    take-back: attempt 1
+8m16s    take-back: attempt 1 taken with 200
+11m15s   take-back: verified, it is seen to have worked
+11m15s   canary: ends, the change was taken back: fail
+11m15s   canary: looks whether things are well again
+13m15s   canary: things are well again, as nobody asks the new side for anything any more
