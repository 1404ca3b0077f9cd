The source is asked as often as it may be, from before the change until long after it. What happened meanwhile is judged once it answers.

-- story --
include asked.yaml
include actions.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x480
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x480
from 4m every 15s: requests_total{service="shop",track="canary"} 0+1500x224
from 4m every 15s: errors_total{service="shop",track="canary"} 0+30x224

at 3m source is over_budget for 12m
at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 30m
-- expected --
+4m       canary: waits
+15m      canary: looks
+15m1s    canary: look 1, inconclusive, errors speaks against it, confidence at least 0.80
+15m1s    canary: look 2, fail by errors, confidence at least 0.99
+15m1s    canary: decision 1 on fail at 0.99: do take-back
+15m1s    take-back: attempt 1
+15m2s    take-back: attempt 1 taken with 200
+20m15s   take-back: not verified, it was taken, but was not seen to have worked within 5m
+20m15s   tell: attempt 1, to call somebody: it ended unverified
+20m16s   tell: attempt 1 taken with 200
+20m16s   tell: done, the receiver took it
