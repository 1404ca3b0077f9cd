The canary is taken back, and then the source is gone: whether it worked is not seen, and nothing is sent again.

-- story --
include asked.yaml
include actions.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x480
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x480
from 4m every 15s: requests_total{service="shop",track="canary"} 0+1500x224
from 4m every 15s: errors_total{service="shop",track="canary"} 0+30x224

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 6m15s source is late for 15m
until 40m
-- expected --
