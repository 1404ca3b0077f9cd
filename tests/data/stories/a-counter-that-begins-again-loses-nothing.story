The canary's process starts anew in the middle of it, and its counters with it: they never go down.

-- story --
include act.yaml
include actions.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x320
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x320
from 4m every 15s: requests_total{service="shop",track="canary"} 0+1500x20 0+1500x44
from 4m every 15s: errors_total{service="shop",track="canary"} 0+3x20 0+3x44

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 20m
-- expected --
+4m       canary: waits
+5m15s    canary: looks
+5m45s    canary: look 1, inconclusive, nothing is proved
+10m15s   canary: look 10, pass, proved
+10m15s   canary: decision 1 on pass: hold: nothing is wanted
+10m15s   canary: ends, its verdict is final: pass
