A pipeline that tells of one change twice has one change watched.

-- story --
include act.yaml
include actions.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x268
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x268
from 4m every 15s: requests_total{service="shop",track="canary"} 0+1500x12
from 4m every 15s: errors_total{service="shop",track="canary"} 0+3x12

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary", "at": "2026-01-01T00:04:00Z"}
at 5m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary", "at": "2026-01-01T00:04:00Z"}
until 7m
-- expected --
+4m       canary (shop 2.4.1): waits
+5m15s    canary (shop 2.4.1): looks
+5m45s    canary (shop 2.4.1): look 1, inconclusive, nothing is proved
