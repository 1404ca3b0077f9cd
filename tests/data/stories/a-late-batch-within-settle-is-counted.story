Samples come in ten seconds late; a look waits for fifteen, so it sees what it would have seen.

-- story --
include act.yaml
include actions.yaml
include canary.yaml

from -1h every 15s late 10s: requests_total{service="shop",track="stable"} 0+1500x288
from -1h every 15s late 10s: errors_total{service="shop",track="stable"} 0+3x288
from 4m every 15s late 10s: requests_total{service="shop",track="canary"} 0+150x4 750+150x11
from 4m every 15s late 10s: errors_total{service="shop",track="canary"} 0x4 8+8x11

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary", "author": "kim"}
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
+6m15s    canary: decision 2 on fail at 0.99: do take-back
+6m15s    take-back: attempt 1
+6m16s    take-back: attempt 1 taken with 200
+9m10s    take-back: verified, it is seen to have worked
+9m10s    canary: ends, the change was taken back: fail
+9m10s    canary: looks whether things are well again
+11m15s   canary: things are well again, as nobody asks the new side for anything any more
