One pod's errors are not a number, and then it is gone without a word. For as long as it might still come back the look waits; then what it had before stays counted, and the gate goes on.

-- story --
include act.yaml
include actions.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x400
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x400
from 4m every 15s: requests_total{service="shop",track="canary",pod="a"} 0+750x144
from 4m every 15s: errors_total{service="shop",track="canary",pod="a"} 0+2x144
from 4m every 15s: requests_total{service="shop",track="canary",pod="b"} 0+750x12
from 4m every 15s: errors_total{service="shop",track="canary",pod="b"} 0+1x10 NaNx2

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 37m
-- expected --
+4m       canary: waits
+5m15s    canary: looks
+5m45s    canary: look 1, inconclusive, nothing is proved
+7m15s    canary: look 4, inconclusive, errors: a series of the new side is no counter
+7m45s    canary: look 5, inconclusive, errors: samples of the new side come late, and are waited for
+12m45s   canary: look 15, pass, proved
+12m45s   canary: decision 1 on pass: hold: nothing is wanted
+12m45s   canary: ends, its verdict is final: pass
