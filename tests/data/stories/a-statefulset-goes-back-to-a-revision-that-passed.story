A statefulset is undone by the revision that passed, and not by a restart of the bad one.

-- server.yaml --
mode: act
settle: 15s
kubernetes: { main: { in_cluster: true } }
targets:
  - { service: shop, environment: production, select: { service: shop }, owner: team-shop, object: statefulset/shop/shop }
hosts: [ "*.example.com" ]
trust:
  - { files: "*", services: [shop], actions: [rollback, pause, resume, notify], secrets: [hook], at_most: act }
secrets:
  hook: { env: HOOK }

-- story --
include undo.yaml

from -5h every 15s: requests_total{service="shop"} 0+1500x1500
from -5h every 15s: errors_total{service="shop"} 0+3x1280 3870+30x11 4203+3x207

at 0s statefulset/shop/shop runs registry.example.com/shop:2.4.0
at 1s change {"service": "shop", "environment": "production", "version": "2.4.0", "previous": "2.3.9", "kind": "deployment"}
at 20m statefulset/shop/shop runs registry.example.com/shop:2.4.1
at 20m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "deployment"}
at 21m statefulset/shop/shop is restarted
until 30m
-- expected --
+0s       statefulset/shop/shop: runs registry.example.com/shop:2.4.0 (revision 1)
+1s       deployment (shop 2.4.0): waits
+1m45s    deployment (shop 2.4.0): looks
+2m15s    deployment (shop 2.4.0): look 1, inconclusive, nothing is proved
+4m45s    deployment (shop 2.4.0): look 6, pass, proved
+4m45s    deployment (shop 2.4.0): decision 1 on pass: hold: nothing is wanted
+4m45s    deployment (shop 2.4.0): ends, its verdict is final: pass
+20m      statefulset/shop/shop: runs registry.example.com/shop:2.4.1 (revision 2)
+20m      deployment (shop 2.4.1): waits
+21m      statefulset/shop/shop: runs registry.example.com/shop:2.4.1 (revision 3)
+21m45s   deployment (shop 2.4.1): looks
+22m15s   deployment (shop 2.4.1): look 1, inconclusive, errors speaks against it, confidence at least 0.80
+22m15s   deployment (shop 2.4.1): decision 1 on fail at 0.8: do tell
+22m15s   tell (shop): attempt 1
+22m16s   tell (shop): attempt 1 taken with 200
+22m16s   tell (shop): done, the receiver took it
+22m45s   deployment (shop 2.4.1): look 2, fail by errors, confidence at least 0.99
+22m46s   deployment (shop 2.4.1): decision 2 on fail at 0.99: do take-back
+22m46s   take-back (shop): attempt 1, undo
+22m46s   statefulset/shop/shop: runs registry.example.com/shop:2.4.0 (revision 4)
+22m47s   take-back (shop): attempt 1 taken with 200
+22m48s   take-back (shop): verified, it is seen to have worked
+22m48s   deployment (shop 2.4.1): ends, the change was taken back: fail
+22m48s   deployment (shop 2.4.1): looks whether things are well again
+24m15s   deployment (shop 2.4.1): things are well again
