The text of the rollback says how many fail. Its receiver is not there at first, and the process is down meanwhile: what is sent in the end is what was found before the first attempt, though other samples are there by then.

-- story --
include act.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x296
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x296
from 4m every 15s: requests_total{service="shop",track="canary"} 0+150x4 750+150x15
from 4m every 15s: errors_total{service="shop",track="canary"} 0x4 8+8x5 1048+1000x9

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary", "author": "kim"}
at 5m50s receiver is down
at 6m20s down 15s
at 6m50s receiver takes
until 14m
-- actions.yaml --
actions:
  - action: take-back
    does: rollback
    approval: none
    owner: team-shop
    runbook: https://runbooks.example.com/take-back
    webhook:
      url: https://deploy.example.com/take-back
      sign: hook
      body:
        service: "{{ .Service }}"
        errors: '{{ with query (printf "sum(increase(errors_total{service=%q, track=\"canary\"}[1m]))" .Service) }}{{ . | first | value | humanize }}{{ end }} in a minute'
      verify: { expr: 'absent_over_time(requests_total{service="shop", track="canary"}[1m])' }
  - action: hold
    does: pause
    approval: none
    owner: team-shop
    webhook: { url: "https://deploy.example.com/hold", sign: hook }
  - action: tell
    does: notify
    webhook: { url: "https://chat.example.com/shop", sign: hook }
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
+6m15s    take-back: asked `sum(increase(errors_total{service="shop", track="canary"}[1m]))`: 32
+6m15s    take-back: attempt 1
+6m16s    take-back: attempt 1 not sent, no connection
+6m18s    take-back: asked `sum(increase(errors_total{service="shop", track="canary"}[1m]))`: 32
+6m18s    take-back: attempt 2, with the same key
+6m19s    take-back: attempt 2 not sent, no connection
+6m20s    the process dies, and is started again after 15s
+8m       take-back: asked `sum(increase(errors_total{service="shop", track="canary"}[1m]))`: 32
+8m       take-back: attempt 3, with the same key
+8m1s     take-back: attempt 3 taken with 200
+10m      take-back: verified, it is seen to have worked
+10m      canary: ends, the change was taken back: fail
+10m      canary: looks whether things are well again
+12m15s   canary: things are well again, as nobody asks the new side for anything any more
