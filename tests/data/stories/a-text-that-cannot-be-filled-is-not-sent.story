The rollback says to which weight it sets traffic, which nobody knows at first: it is not sent with a hole in it, and is once that is known. The message to people asks for the same, and is sent at once.

-- story --
include act.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x296
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x296
from 4m every 15s: requests_total{service="shop",track="canary"} 0+150x4 750+150x15
from 4m every 15s: errors_total{service="shop",track="canary"} 0x4 8+8x15
from 6m25s every 15s: weight_before{service="shop"} 100x20

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary", "author": "kim"}
until 14m
-- actions.yaml --
actions:
  - action: take-back
    does: rollback
    approval: none
    owner: team-shop
    runbook: https://runbooks.example.com/take-back
    webhook:
      url: https://deploy.example.com/take-back
      sign: hook
      body: { weight: "{{ query `weight_before` | first | value }}" }
      verify: { expr: 'absent_over_time(requests_total{service="shop", track="canary"}[1m])' }
  - action: hold
    does: pause
    approval: none
    owner: team-shop
    webhook: { url: "https://deploy.example.com/hold", sign: hook }
  - action: tell
    does: notify
    webhook: { url: "https://chat.example.com/shop", sign: hook, body: { weight: "{{ query `weight_before` | first | value }}" } }
-- expected --
+4m       canary: waits
+5m15s    canary: looks
+5m45s    canary: look 1, inconclusive, errors speaks against it, confidence at least 0.80
+5m45s    canary: decision 1 on fail at 0.8: do tell
+5m45s    tell: asked `weight_before`: nothing
+5m45s    tell: attempt 1
+5m46s    tell: attempt 1 taken with 200
+5m46s    tell: done, the receiver took it
+6m15s    canary: look 2, fail by errors, confidence at least 0.99
+6m15s    canary: decision 2 on fail at 0.99: do take-back
+6m15s    take-back: attempt 1 not sent, its body cannot be filled: `first` has nothing to take: the query found nothing; ask with `with` whether it did
+6m17s    take-back: attempt 2 not sent, its body cannot be filled: `first` has nothing to take: the query found nothing; ask with `with` whether it did
+6m27s    take-back: asked `weight_before`: 100 of {__name__="weight_before", service="shop"}
+6m27s    take-back: attempt 3
+6m28s    take-back: attempt 3 taken with 200
+10m      take-back: verified, it is seen to have worked
+10m      canary: ends, the change was taken back: fail
+10m      canary: looks whether things are well again
+12m15s   canary: things are well again, as nobody asks the new side for anything any more
