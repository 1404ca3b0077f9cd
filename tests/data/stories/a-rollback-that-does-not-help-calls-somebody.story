After a deployment errors rise tenfold, and it is taken back. That does not help, so somebody is called once its time is up; or would be, were it not switched off just then. They are called once it is on again, and nothing else is done.

-- server.yaml --
mode: act
settle: 15s
targets:
  - { service: shop, environment: production, select: { service: shop }, owner: team-shop, depends_on: [payment] }
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
    match: { environment: production }
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
from -5h every 15s: requests_total{service="shop"} 0+1500x1325
from -5h every 15s: errors_total{service="shop"} 0+3x1244 3762+30x85
from -5h every 15s: requests_total{service="payment"} 0+1500x1325
from -5h every 15s: errors_total{service="payment"} 0+3x1325
from -5h every 15s: requests_total{service="mail"} 0+1500x1325
from -5h every 15s: errors_total{service="mail"} 0+3x1325

at 10m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "deployment"}
at 20m switch off: a drill
at 22m crash
at 25m switch on
until 30m
-- expected --
+10m      deployment: waits
+11m45s   deployment: looks
+12m15s   deployment: look 1, inconclusive, errors speaks against it, confidence at least 0.80
+12m15s   deployment: decision 1 on fail at 0.8: do tell
+12m15s   tell: attempt 1
+12m16s   tell: attempt 1 taken with 200
+12m16s   tell: done, the receiver took it
+12m45s   deployment: look 2, fail by errors, confidence at least 0.99
+12m45s   deployment: decision 2 on fail at 0.99: do take-back
+12m45s   take-back: attempt 1
+12m46s   take-back: attempt 1 taken with 200
+12m46s   take-back: done, the receiver took it
+12m46s   deployment: ends, the change was taken back: fail
+12m46s   deployment: looks whether things are well again
+22m      the process dies, and is started again
+22m46s   deployment: a person has to look: things were not seen to be well in time
+25m      tell: attempt 1, to call somebody: things are not well again
+25m1s    tell: attempt 1 taken with 200
+25m1s    tell: done, the receiver took it
-- rationale --
2026-01-01T00:12:45Z: fail: roll back shop in production [take-back]
gate deployment, decision fcb3a12cc100634d-2

The change
  deployment of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:10:00Z, told by somebody who may record changes

The evidence
  2 looks, 30s apart, counted from 2026-01-01T00:11:30Z
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
  2026-01-01T00:12:45Z  written down as act_86b8e367384032c90d4be7f6: take-back, attempt 1
  2026-01-01T00:12:46Z  attempt 1: taken with 200
  2026-01-01T00:12:46Z  done: the receiver took it

What else was done about this change
  2026-01-01T00:12:15Z  [tell] begun
  2026-01-01T00:12:16Z  [tell] done: the receiver took it
  2026-01-01T00:25:00Z  [tell] begun: somebody is called, as things were not seen to be well again
  2026-01-01T00:25:01Z  [tell] done: the receiver took it

The gate
  2026-01-01T00:12:46Z  stopped watching: the change was taken back
  2026-01-01T00:12:46Z  looks until 2026-01-01T00:22:46Z whether things are well again
  2026-01-01T00:22:46Z  a person has to look: things were not seen to be well in time, 10m after the change was taken back; seen last, at 2026-01-01T00:22:30Z: errors 30 of 1,500 (2.00%)

Replay it bit for bit: backstop replay fcb3a12cc100634d-2
