For five minutes no samples come in, and then all of them at once. Missing is not well, and nothing is lost.

-- story --
include act.yaml
include actions.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x320
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x320
from 4m every 15s: requests_total{service="shop",track="canary"} 0+1500x64
from 4m every 15s: errors_total{service="shop",track="canary"} 0+3x64

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 6m source cut for 5m
until 20m
-- expected --
+4m       canary: waits
+5m15s    canary: looks
+5m45s    canary: look 1, inconclusive, nothing is proved
+7m15s    canary: look 4, inconclusive, errors: samples of the new side come late, and are waited for
+7m45s    canary: look 5, inconclusive, errors: the new side was not heard of lately
+11m15s   canary: look 12, pass, proved
+11m15s   canary: decision 1 on pass: hold: nothing is wanted
+11m15s   canary: ends, its verdict is final: pass
