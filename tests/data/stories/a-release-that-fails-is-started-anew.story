A release fails as its instances leak. Its gate has them started anew, which makes a revision of the same images, and that is seen to run; what is wrong with it is for people to find.

-- server.yaml --
mode: act
settle: 15s
kubernetes: { main: { in_cluster: true } }
targets:
  - { service: shop, environment: production, select: { service: shop }, owner: team-shop, object: deployment/shop/shop }
hosts: [ "*.example.com" ]
trust:
  - { files: "*", services: [shop], actions: [restart, notify], secrets: [hook], at_most: act }
secrets:
  hook: { env: HOOK }
gates:
  - gate: deployment
    owner: team-shop
    runbook: https://runbooks.example.com/deployment
    upon: deployment
    match: { service: shop, environment: production }
    begins: { at: first_traffic, warmup: 1m }
    ends: { after: 10m, not_before: 2m }
    compare: { after: before, baseline: 4h }
    checks:
      - check: errors
        proportion: { bad: errors_total, of: requests_total }
        fails_when: ratio > 1.25 and difference > 0.05pp
    then:
      fail: [ { confidence: 0.80, do: tell }, { confidence: 0.99, do: anew } ]
      may_undo_on: before_after
    first_release: tell
actions:
  - { action: anew, restart: target, approval: none, owner: team-shop, runbook: https://runbooks.example.com/anew }
  - action: tell
    does: notify
    webhook: { url: "https://chat.example.com/shop", sign: hook }

-- story --
from -5h every 15s: requests_total{service="shop"} 0+1500x1500
from -5h every 15s: errors_total{service="shop"} 0+3x1280 3870+30x11 4203+3x207

at 0s deployment/shop/shop runs registry.example.com/shop:2.4.0
at 20m deployment/shop/shop runs registry.example.com/shop:2.4.1
at 20m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "deployment"}
until 30m
-- expected --
+0s       deployment/shop/shop: runs registry.example.com/shop:2.4.0 (revision 1)
+20m      deployment/shop/shop: runs registry.example.com/shop:2.4.1 (revision 2)
+20m      deployment: waits
+21m45s   deployment: looks
+22m15s   deployment: look 1, inconclusive, errors speaks against it, confidence at least 0.80
+22m15s   deployment: decision 1 on fail at 0.8: do tell
+22m15s   tell: attempt 1
+22m16s   tell: attempt 1 taken with 200
+22m16s   tell: done, the receiver took it
+22m45s   deployment: look 2, fail by errors, confidence at least 0.99
+22m46s   deployment: decision 2 on fail at 0.99: do anew
+22m46s   anew: attempt 1, restart
+22m46s   deployment/shop/shop: runs registry.example.com/shop:2.4.1 (revision 3)
+22m47s   anew: attempt 1 taken with 200
+22m48s   anew: verified, it is seen to have worked
-- rationale --
2026-01-01T00:22:46Z: fail: restart shop in production [anew]
gate deployment, decision 1b04248af078a7c6-2

The change
  deployment of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:20:00Z, told by somebody who may record changes

The evidence
  2 looks, 30s apart, counted from 2026-01-01T00:21:30Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp
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
  2026-01-01T00:22:46Z  written down as act_c00c5f8dbfafa63a2db8929e: anew, attempt 1, restart
    on deployment/shop/shop, from shop=registry.example.com/shop:2.4.1 (revision 2): restart
  2026-01-01T00:22:47Z  attempt 1, restart: taken with 200
  2026-01-01T00:22:48Z  verified: it is seen to have worked

What else was done about this change
  2026-01-01T00:22:15Z  [tell] begun
  2026-01-01T00:22:16Z  [tell] done: the receiver took it

Replay it bit for bit: backstop replay 1b04248af078a7c6-2
