For five minutes the source cannot be reached. Each look that it does not answer in time is cut, and says why; nothing is lost.

-- story --
include asked.yaml
include actions.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x480
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x480
from 4m every 15s: requests_total{service="shop",track="canary"} 0+1500x224
from 4m every 15s: errors_total{service="shop",track="canary"} 0+3x224

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 6m source is unreachable for 5m
until 20m
-- expected --
+4m       canary: waits
+5m15s    canary: looks
+5m45s    canary: look 1, inconclusive, nothing is proved
+6m45s    canary: look 2, inconclusive, errors: the source cannot be reached
+11m      canary: look 11, pass, proved
+11m      canary: decision 1 on pass: hold: nothing is wanted
+11m      canary: ends, its verdict is final: pass
