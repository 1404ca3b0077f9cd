The canary is taken back, and then the source is gone: whether it worked is not seen, and nothing is sent again.

-- story --
include asked.yaml
include actions.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x480
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x480
from 4m every 15s: requests_total{service="shop",track="canary"} 0+1500x224
from 4m every 15s: errors_total{service="shop",track="canary"} 0+30x224

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 6m20s source is late for 15m
until 40m
-- expected --
+4m       canary: waits
+5m15s    canary: looks
+5m45s    canary: look 1, inconclusive, errors speaks against it, confidence at least 0.80
+5m45s    canary: decision 1 on fail at 0.8: do tell
+5m45s    tell: attempt 1
+5m46s    tell: attempt 1 taken with 200
+5m46s    tell: done, the receiver took it
+6m15s    canary: look 2, fail by errors, confidence at least 0.99
+6m15s    canary: decision 2 on fail at 0.99: do take-back
+6m15s    take-back: attempt 1
+6m16s    take-back: attempt 1 taken with 200
+14m16s   take-back: not verified, it was taken, and no samples came in to see whether it worked
+14m16s   tell: attempt 1, to call somebody: it ended unverified
+14m17s   tell: attempt 1 taken with 200
+14m17s   tell: done, the receiver took it
+35m15s   canary: ends, its time is up: fail
