For hours there was not a single error, and after the deployment there is one. That is no proof of anything, however infinite the ratio.

-- server.yaml --
mode: act
settle: 15s
targets:
  - { service: shop, environment: production, select: { service: shop }, owner: team-shop }
  - { service: payment, environment: production, select: { service: payment }, owner: team-shop }
  - { service: mail, environment: production, select: { service: mail }, owner: team-shop }
hosts: [ "*.example.com" ]
trust:
  - { files: "*", services: ["*"], actions: [rollback, pause, notify], secrets: [hook], at_most: act }
secrets:
  hook: { env: HOOK }

-- deployment.yaml --
gates:
  - gate: deployment
    owner: team-shop
    runbook: https://runbooks.example.com/deployment
    upon: deployment
    match: { service: shop, environment: production }
    begins: { at: first_traffic, warmup: 1m }
    ends: { after: 15m }
    compare: { after: before, baseline: 4h }
    checks:
      - check: errors
        proportion: { bad: errors_total, of: requests_total }
        fails_when: ratio > 1.25 and difference > 0.05pp
    then:
      fail: [ { confidence: 0.80, do: tell }, { confidence: 0.95, do: hold }, { confidence: 0.99, do: take-back } ]
      may_undo_on: before_after
    first_release: tell

-- actions.yaml --
actions:
  - action: take-back
    does: rollback
    approval: none
    owner: team-shop
    runbook: https://runbooks.example.com/take-back
    webhook: { url: "https://deploy.example.com/take-back", sign: hook }
  - action: hold
    does: pause
    approval: none
    owner: team-shop
    webhook: { url: "https://deploy.example.com/hold", sign: hook }
  - action: tell
    does: notify
    webhook: { url: "https://chat.example.com/shop", sign: hook }

-- story --
from -5h every 15s: requests_total{service="shop"} 0+1500x1320
from -5h every 15s: errors_total{service="shop"} 0x1250 1x70

at 10m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "deployment"}
until 28m
-- expected --
+10m      deployment: waits
+11m45s   deployment: looks; errors would take more than is planned: never to prove a doubling, never to pass
+12m15s   deployment: look 1, inconclusive, nothing is proved
+26m45s   deployment: decision 1 on inconclusive: hold: nothing is wanted
+26m45s   deployment: ends, its time is up: inconclusive
-- rationale --
2026-01-01T00:26:45Z: inconclusive, and the policy wants nothing done about shop in production
gate deployment, decision fcb3a12cc100634d-1

The change
  deployment of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:10:00Z, told by somebody who may record changes

The evidence
  30 looks, 30s apart, counted from 2026-01-01T00:11:30Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp
    asked of 2 series: errors_total{service="shop"} of requests_total{service="shop"}
    30 of 30 looks found it, with samples no older than 1m30s
    after   1 of 90,000 (0.001%)
    before  0 of 1,440,000 (0.000%)
    ratio   not to be had, as the old side had none; between 0.00 and no bound at 95%, however often anybody looks
    events may come in clusters, so 4.83 of them weigh as one

The verdict
  inconclusive: neither harm nor its absence is proved; check errors is furthest from it
  at this traffic, with 30 looks (15m) planned:
    that it does twice the harm lies within what is tolerated
    that it is as good as the old one is never proved on these terms
  next to nothing speaks against it

The guards
  none spoke

What was done
  nothing

The gate
  2026-01-01T00:26:45Z  stopped watching: its time was up

Replay it bit for bit: backstop replay fcb3a12cc100634d-1
