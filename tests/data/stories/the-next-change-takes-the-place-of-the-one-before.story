The gate of a change stops when the next one of the same target comes.

-- story --
include act.yaml
include actions.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x320
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x320
from 4m every 15s: requests_total{service="shop",track="canary"} 0+1500x64
from 4m every 15s: errors_total{service="shop",track="canary"} 0+3x64

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 8m change {"service": "shop", "environment": "production", "version": "2.4.2", "previous": "2.4.1", "kind": "canary"}
until 20m
-- expected --
+4m       canary (shop 2.4.1): waits
+5m15s    canary (shop 2.4.1): looks
+5m45s    canary (shop 2.4.1): look 1, inconclusive, nothing is proved
+8m       canary (shop 2.4.1): ends, another change took its place: inconclusive
+8m       canary (shop 2.4.2): waits
+9m15s    canary (shop 2.4.2): looks
+9m45s    canary (shop 2.4.2): look 1, inconclusive, nothing is proved
+14m15s   canary (shop 2.4.2): look 10, pass, proved
+14m15s   canary (shop 2.4.2): decision 1 on pass: hold: nothing is wanted
+14m15s   canary (shop 2.4.2): ends, its verdict is final: pass
