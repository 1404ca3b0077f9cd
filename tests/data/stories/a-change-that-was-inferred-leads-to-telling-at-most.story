The change was only seen in telemetry, so it is told about and no more.

-- story --
include act.yaml
include actions.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="shop",track="canary"} 0+150x4 750+150x27
from 4m every 15s: errors_total{service="shop",track="canary"} 0x4 8+8x27

at 4m change inferred {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 12m
-- expected --
+4m       canary: waits
+5m15s    canary: looks
+5m45s    canary: look 1, inconclusive, errors speaks against it, confidence at least 0.80
+5m45s    canary: decision 1 on fail at 0.8: do tell
+5m45s    tell: attempt 1
+5m46s    tell: attempt 1 taken with 200
+5m46s    tell: done, the receiver took it
+6m15s    canary: look 2, fail by errors, confidence at least 0.99
+6m15s    canary: decision 2 on fail at 0.99: hold: take-back; the change was not told by anybody who may record changes
+6m15s    tell: attempt 1, to call somebody: it is held
+6m16s    tell: attempt 1 taken with 200
+6m16s    tell: done, the receiver took it
