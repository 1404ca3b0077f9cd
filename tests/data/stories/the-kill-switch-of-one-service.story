Automation is switched off for another service, which holds nothing here; then for this one, and nothing goes out until it is on.

-- story --
include act.yaml
include actions.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x296
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x296
from 4m every 15s: requests_total{service="shop",track="canary"} 0+150x4 750+150x35
from 4m every 15s: errors_total{service="shop",track="canary"} 0x4 8+8x35

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary", "author": "kim"}
at 5m switch off cart: the carts are moved
at 6m switch off shop: a sale begins
at 8m switch on cart
at 9m switch on shop
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
+6m15s    canary: decision 2 on fail at 0.99: hold: take-back; automation is switched off for the service: a sale begins
+9m15s    canary: decision 3 on fail at 0.99: do take-back
+9m15s    take-back: attempt 1
+9m16s    take-back: attempt 1 taken with 200
