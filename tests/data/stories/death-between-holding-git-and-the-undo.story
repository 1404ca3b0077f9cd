The process dies when git is held and nothing is undone yet: after its restart it goes on with the undo.

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
at 22m47s crash before journal
until 30m
-- rationale --
2026-01-01T00:22:46Z: fail: roll back shop in production [take-back]
gate deployment, decision 1b04248af078a7c6-2

The change
  deployment of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:20:00Z, told by somebody who may record changes
  commit: 8d41e07

The evidence
  2 looks, 30s apart, counted from 2026-01-01T00:21:30Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 1.6
    asked of 2 series: errors_total{service="shop"} of requests_total{service="shop"}
    2 of 2 looks found it, with samples no older than 1m30s
    after   120 of 6,000 (2.00%)
    before  2,880 of 1,440,000 (0.200%)
    ratio   10.0; between 7.14 and 13.6 at 95%, however often anybody looks

The verdict
  fail: check errors says it loudest
  confidence 99.55%
    of harmless releases, fewer than 1 in 226 would show evidence this strong,
    however often anybody looks

The guards
  none spoke

What was done
  2026-01-01T00:22:46Z  written down as act_36123f3a9fd44cbb4f84cb40: take-back, attempt 1, detach
    on deployment/shop/shop, from shop=registry.example.com/shop:2.4.1 (revision 2) to shop=registry.example.com/shop:2.4.0 (revision 1): detach, undo
  2026-01-01T00:22:48Z  written down again: attempt 2, undo
  2026-01-01T00:22:49Z  attempt 2, undo: taken with 200
  2026-01-01T00:22:50Z  verified: it is seen to have worked

What else was done about this change
  2026-01-01T00:22:15Z  [tell] begun
  2026-01-01T00:22:16Z  [tell] done: the receiver took it

The gate
  2026-01-01T00:22:50Z  stopped watching: the change was taken back
  2026-01-01T00:22:50Z  looks until 2026-01-01T00:32:50Z whether things are well again
  2026-01-01T00:24:15Z  things are well again, 1m10s after the change was taken back; seen: errors 6 of 3,000 (0.200%)

Replay it bit for bit: backstop replay 1b04248af078a7c6-2
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
+22m47s   the process dies, and is started again
+22m48s   take-back (shop): attempt 2, undo
+22m48s   deployment/shop/shop: runs registry.example.com/shop:2.4.0 (revision 3)
+22m49s   take-back (shop): attempt 2 taken with 200
+22m50s   take-back (shop): verified, it is seen to have worked
+22m50s   deployment (shop 2.4.1): ends, the change was taken back: fail
+22m50s   deployment (shop 2.4.1): looks whether things are well again
+24m15s   deployment (shop 2.4.1): things are well again
