An alert begins a gate on the last change of its target. It counts from the change on, and goes on when the alert is resolved.

-- server.yaml --
hosts: [ deploy.example.com, chat.example.com ]
mode: act
settle: 15s
targets:
  - { service: shop, environment: production, select: { service: shop }, alerts: { service: shop, env: prod }, owner: team-shop }
  - { service: till, environment: production, select: { service: till }, alerts: { service: till, env: prod }, owner: team-till }
trust:
  - { files: "*", services: [shop, till], actions: [rollback, pause, notify], secrets: [hook], at_most: act }
secrets:
  hook: { env: HOOK }

-- gates.yaml --
gates:
  - gate: deep
    owner: team-shop
    upon: deployment
    match: { service: shop, environment: production }
    begins: { at: alert, warmup: 30s }
    ends: { after: 30m, not_before: 5m }
    compare: { after: before, baseline: 30m }
    checks:
      - check: errors
        proportion: { bad: errors_total, of: requests_total }
        fails_when: ratio > 1.25 and difference > 0.05pp
        passes_when: ratio < 2
    then:
      fail: [ { confidence: 0.80, do: tell }, { confidence: 0.95, do: hold } ]
incidents:
  - { incident: burn, match: { service: shop, environment: production }, alerts: { severity: page }, within: 10m, begin: deep }

-- story --
include actions.yaml

from -1h every 15s: requests_total{service="shop"} 0+1500x300
from -1h every 15s: errors_total{service="shop"} 0+3x243 750+60x60

at 1m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0"}
at 6m alert HighErrors{service="shop", env="prod", severity="page"} firing
at 6m30s alert HighErrors{service="shop", env="prod", severity="page"} firing
at 8m alert HighErrors{service="shop", env="prod", severity="page"} resolved
until 12m
-- expected --
+6m       alert HighErrors: fires for shop in production; burn: begins deep
+6m       deep: waits
+6m       deep: looks; errors would take more than is planned: 695 looks to prove a doubling, 864 looks to pass
+6m1s     deep: look 1, inconclusive, nothing is proved
+6m1s     deep: look 5, inconclusive, errors speaks against it, confidence at least 0.80
+6m1s     deep: look 8, fail by errors, confidence at least 0.95
+6m1s     deep: decision 1 on fail at 0.95: do hold
+6m1s     hold: attempt 1
+6m2s     hold: attempt 1 taken with 200
+6m2s     hold: done, the receiver took it
+7m15s    deep: look 11, fail by errors, confidence at least 0.99
+8m       alert HighErrors: resolved
-- rationale --
2026-01-01T00:06:01Z: fail: pause shop in production [hold]
gate deep, decision 3e6574df0aac4600-1

The change
  deployment of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:01:00Z, told by somebody who may record changes

The alert
  HighErrors (ee147084bc258c23) fires since 2026-01-01T00:06:00Z, told by the story, who may tell of alerts; heard of last at 2026-01-01T00:06:00Z
  `burn` of `incidents` began this gate, which counts from the change on

The evidence
  8 looks, 30s apart, counted from 2026-01-01T00:01:30Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 1.6
    asked of 2 series: errors_total{service="shop"} of requests_total{service="shop"}
    8 of 8 looks found it, with samples no older than 1m30s
    after   960 of 24,000 (4.00%)
    before  378 of 180,000 (0.210%)
    ratio   19.0; between 3.62 and 97.6 at 95%, however often anybody looks
    events may come in clusters, so 76.6 of them weigh as one

The verdict
  fail: check errors says it loudest
  confidence 95.8%
    of harmless releases, fewer than 1 in 24 would show evidence this strong,
    however often anybody looks

The guards
  none spoke

What was done
  2026-01-01T00:06:01Z  written down as act_c766ccdb9b449d19d0163b2e: hold, attempt 1
  2026-01-01T00:06:02Z  attempt 1: taken with 200
  2026-01-01T00:06:02Z  done: the receiver took it

Replay it bit for bit: backstop replay 3e6574df0aac4600-1
