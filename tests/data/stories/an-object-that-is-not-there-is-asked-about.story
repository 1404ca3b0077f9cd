The catalogue names an object that is not there: a person is asked, and nothing is done.

-- story --
include unkept.yaml
include undo.yaml

from -5h every 15s: requests_total{service="shop"} 0+1500x1500
from -5h every 15s: errors_total{service="shop"} 0+3x1280 3870+30x39 5043+3x179

at 1s change {"service": "shop", "environment": "production", "version": "2.4.0", "previous": "2.3.9", "kind": "deployment"}
at 20m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "deployment"}
until 32m
-- expected --
+1s       deployment (shop 2.4.0): waits
+1m45s    deployment (shop 2.4.0): looks
+2m15s    deployment (shop 2.4.0): look 1, inconclusive, nothing is proved
+4m45s    deployment (shop 2.4.0): look 6, pass, proved
+4m45s    deployment (shop 2.4.0): decision 1 on pass: hold: nothing is wanted
+4m45s    deployment (shop 2.4.0): ends, its verdict is final: pass
+20m      deployment (shop 2.4.1): waits
+21m45s   deployment (shop 2.4.1): looks
+22m15s   deployment (shop 2.4.1): look 1, inconclusive, errors speaks against it, confidence at least 0.80
+22m15s   deployment (shop 2.4.1): decision 1 on fail at 0.8: do tell
+22m15s   tell (shop): attempt 1
+22m16s   tell (shop): attempt 1 taken with 200
+22m16s   tell (shop): done, the receiver took it
+22m45s   deployment (shop 2.4.1): look 2, fail by errors, confidence at least 0.99
+22m46s   deployment (shop 2.4.1): decision 2 on fail at 0.99: ask: take-back; there is no deployment/shop/shop
+22m46s   tell (shop): attempt 1, to call somebody: it is held
+22m47s   tell (shop): attempt 1 taken with 200
+22m47s   tell (shop): done, the receiver took it
+31m46s   deployment (shop 2.4.1): ends, its time is up: fail
