Many services share a repository: git moves on with a commit that still asks for the bad image, and is not given back for that.

-- story --
include kept.yaml
include undo.yaml

from -5h every 15s: requests_total{service="shop"} 0+1500x1500
from -5h every 15s: errors_total{service="shop"} 0+3x1280 3870+30x11 4203+3x207

at 0s deployment/shop/shop is kept by argocd/shop
at 0s git asks deployment/shop/shop for registry.example.com/shop:2.4.0 at 3f2a9c1
at 1s change {"service": "shop", "environment": "production", "version": "2.4.0", "previous": "2.3.9", "git_sha": "3f2a9c1", "kind": "deployment"}
at 20m git asks deployment/shop/shop for registry.example.com/shop:2.4.1 at 8d41e07
at 20m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "git_sha": "8d41e07", "kind": "deployment"}
at 27m git asks deployment/shop/shop for registry.example.com/shop:2.4.1 at c75f0aa
at 35m git asks deployment/shop/shop for registry.example.com/shop:2.4.2 at b60c4de
until 40m
-- expected --
+0s       argocd/shop: git is at 3f2a9c1, and it keeps what it says
+0s       deployment/shop/shop: runs registry.example.com/shop:2.4.0 (revision 1)
+1s       deployment (shop 2.4.0): waits
+1m45s    deployment (shop 2.4.0): looks
+2m15s    deployment (shop 2.4.0): look 1, inconclusive, nothing is proved
+4m45s    deployment (shop 2.4.0): look 6, pass, proved
+4m45s    deployment (shop 2.4.0): decision 1 on pass: hold: nothing is wanted
+4m45s    deployment (shop 2.4.0): ends, its verdict is final: pass
+20m      argocd/shop: git is at 8d41e07, and it keeps what it says
+20m      deployment (shop 2.4.1): waits
+20m      deployment/shop/shop: runs registry.example.com/shop:2.4.1 (revision 2)
+21m45s   deployment (shop 2.4.1): looks
+22m15s   deployment (shop 2.4.1): look 1, inconclusive, errors speaks against it, confidence at least 0.80
+22m15s   deployment (shop 2.4.1): decision 1 on fail at 0.8: do tell
+22m15s   tell (shop): attempt 1
+22m16s   tell (shop): attempt 1 taken with 200
+22m16s   tell (shop): done, the receiver took it
+22m45s   deployment (shop 2.4.1): look 2, fail by errors, confidence at least 0.99
+22m46s   deployment (shop 2.4.1): decision 2 on fail at 0.99: do take-back
+22m46s   take-back (shop): attempt 1, detach
+22m46s   argocd/shop: git is at 8d41e07, and it is held
+22m47s   take-back (shop): attempt 1 taken with 200
+22m47s   take-back (shop): attempt 1, undo
+22m47s   deployment/shop/shop: runs registry.example.com/shop:2.4.0 (revision 3)
+22m48s   take-back (shop): attempt 1 taken with 200
+22m49s   take-back (shop): verified, it is seen to have worked
+22m49s   deployment (shop 2.4.1): ends, the change was taken back: fail
+22m49s   deployment (shop 2.4.1): looks whether things are well again
+24m15s   deployment (shop 2.4.1): things are well again
+27m      argocd/shop: git is at c75f0aa, and it is held
+35m      argocd/shop: git is at b60c4de, and it is held
+35m2s    take-back (shop): attempt 1, attach
+35m2s    argocd/shop: git is at b60c4de, and it keeps what it says
+35m3s    deployment/shop/shop: runs registry.example.com/shop:2.4.2 (revision 4)
+35m3s    take-back (shop): attempt 1 taken with 200
+35m4s    take-back (shop): verified, it is seen to have worked
