The source lets nobody in. Whether the canary ever had traffic is not known, which is no health, and is told as what it is.

-- story --
include asked.yaml
include actions.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x480
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x480
from 4m every 15s: requests_total{service="shop",track="canary"} 0+1500x224
from 4m every 15s: errors_total{service="shop",track="canary"} 0+30x224

at 3m source is unwelcome for 2h
at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 1h
-- expected --
+4m       canary: waits
+45m45s   canary: decision 1 on inconclusive: hold: nothing is wanted
+45m45s   canary: ends, the source was not heard in time: inconclusive
