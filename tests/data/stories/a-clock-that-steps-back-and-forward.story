For four minutes the clock is an hour behind: no look is taken twice, and afterwards it goes on.

-- story --
include act.yaml
include actions.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x320
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x320
from 4m every 15s: requests_total{service="shop",track="canary"} 0+1500x64
from 4m every 15s: errors_total{service="shop",track="canary"} 0+3x64

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 8m clock -1h
at 12m clock +1h
until 20m
-- expected --
+4m       canary: waits
+5m15s    canary: looks
+5m45s    canary: look 1, inconclusive, nothing is proved
+10m15s   canary: look 10, pass, proved
+10m15s   canary: decision 1 on pass: hold: nothing is wanted
+10m15s   canary: ends, its verdict is final: pass
