A burst of errors has the rollout paused; the gate passes after all, and it is let go on.

-- ladder.yaml --
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
        passes_when: ratio < 2
    then:
      fail: [ { confidence: 0.80, do: tell }, { confidence: 0.85, do: hold }, { confidence: 0.99, do: take-back } ]
      pass: go-on
      may_undo_on: before_after
    first_release: tell
actions:
  - action: go-on
    go_on: target
    approval: none
    owner: team-shop
    runbook: https://runbooks.example.com/go-on
  - action: hold
    hold: target
    approval: none
    owner: team-shop
    runbook: https://runbooks.example.com/hold
  - action: take-back
    undo: target
    to: last_known_good
    approval: none
    owner: team-shop
    runbook: https://runbooks.example.com/take-back
  - action: tell
    does: notify
    webhook: { url: "https://chat.example.com/shop", sign: hook }

-- story --
include unkept.yaml

from -5h every 15s: requests_total{service="shop"} 0+1500x1500
from -5h every 15s: errors_total{service="shop"} 0+3x1286 3888+30x0 3891+3x212

at 0s deployment/shop/shop runs registry.example.com/shop:2.4.0
at 1s change {"service": "shop", "environment": "production", "version": "2.4.0", "previous": "2.3.9", "kind": "deployment"}
at 20m deployment/shop/shop runs registry.example.com/shop:2.4.1
at 20m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "deployment"}
until 34m
-- expected --
+0s       deployment/shop/shop: runs registry.example.com/shop:2.4.0 (revision 1)
+1s       deployment (shop 2.4.0): waits
+1m45s    deployment (shop 2.4.0): looks
+2m15s    deployment (shop 2.4.0): look 1, inconclusive, nothing is proved
+4m45s    deployment (shop 2.4.0): look 6, pass, proved
+4m46s    deployment (shop 2.4.0): decision 1 on pass: hold: nothing is left to do
+4m46s    deployment (shop 2.4.0): ends, its verdict is final: pass
+20m      deployment/shop/shop: runs registry.example.com/shop:2.4.1 (revision 2)
+20m      deployment (shop 2.4.1): waits
+21m45s   deployment (shop 2.4.1): looks
+22m15s   deployment (shop 2.4.1): look 1, inconclusive, errors speaks against it, confidence at least 0.80
+22m16s   deployment (shop 2.4.1): decision 1 on fail at 0.85: do hold
+22m16s   hold (shop): attempt 1, pause
+22m16s   deployment/shop/shop: runs registry.example.com/shop:2.4.1 (revision 2), paused
+22m17s   hold (shop): attempt 1 taken with 200
+22m18s   hold (shop): verified, it is seen to have worked
+22m45s   deployment (shop 2.4.1): look 2, inconclusive, nothing is proved, confidence at least 0.80
+31m45s   deployment (shop 2.4.1): look 20, pass, proved, confidence at least 0.80
+31m46s   deployment (shop 2.4.1): decision 2 on pass: do go-on
+31m46s   go-on (shop): attempt 1, resume
+31m46s   deployment/shop/shop: runs registry.example.com/shop:2.4.1 (revision 2)
+31m47s   go-on (shop): attempt 1 taken with 200
+31m48s   go-on (shop): verified, it is seen to have worked
+31m48s   deployment (shop 2.4.1): ends, its verdict is final: pass
