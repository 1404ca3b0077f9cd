The same version is bad in staging and well in production, where it has traffic of its own: staging is taken back, production is not touched.

-- server.yaml --
hosts: [ deploy.example.com, chat.example.com ]
mode: act
settle: 15s
targets:
  - { service: shop, environment: staging, select: { service: shop, deployment_environment_name: staging }, owner: team-shop }
  - { service: shop, environment: production, select: { service: shop, deployment_environment_name: production }, owner: team-shop }
trust:
  - { files: "*", services: [shop], actions: [rollback, pause, notify], secrets: [hook], at_most: act }
secrets:
  hook: { env: HOOK }

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
      verify: { expr: 'absent_over_time(requests_total{service="shop", deployment_environment_name="staging", track="canary"}[1m])' }
  - action: hold
    does: pause
    approval: none
    owner: team-shop
    webhook: { url: "https://deploy.example.com/hold", sign: hook }
  - action: tell
    does: notify
    webhook: { url: "https://chat.example.com/shop", sign: hook }

-- canary.yaml --
gates:
  - gate: canary-staging
    owner: team-shop
    runbook: https://runbooks.example.com/canary
    upon: canary
    match: { service: shop, environment: staging }
    begins: { at: first_traffic, warmup: 30s, within: 10m }
    ends: { after: 10m, not_before: 5m }
    tracks: { label: track, canary: canary, stable: stable }
    checks:
      - check: errors
        proportion: { bad: errors_total, of: requests_total, absent_bad: zero_if_on_other_track }
        fails_when: ratio > 1.25 and difference > 0.05pp
    then:
      fail: [ { confidence: 0.80, do: tell }, { confidence: 0.99, do: take-back } ]
    first_release: tell
  - gate: canary-production
    owner: team-shop
    runbook: https://runbooks.example.com/canary
    upon: canary
    match: { service: shop, environment: production }
    begins: { at: first_traffic, warmup: 30s, within: 10m }
    ends: { after: 10m, not_before: 5m }
    tracks: { label: track, canary: canary, stable: stable }
    checks:
      - check: errors
        proportion: { bad: errors_total, of: requests_total, absent_bad: zero_if_on_other_track }
        fails_when: ratio > 1.25 and difference > 0.05pp
    then:
      fail: [ { confidence: 0.80, do: tell }, { confidence: 0.99, do: take-back } ]
    first_release: tell

-- story --
from -1h every 15s: requests_total{service="shop",deployment_environment_name="staging",track="stable"} 0+1500x400
from -1h every 15s: errors_total{service="shop",deployment_environment_name="staging",track="stable"} 0+3x400
from 4m every 15s: requests_total{service="shop",deployment_environment_name="staging",track="canary"} 0+150x4 750+150x8
from 4m every 15s: errors_total{service="shop",deployment_environment_name="staging",track="canary"} 0x4 8+8x8
from -1h every 15s: requests_total{service="shop",deployment_environment_name="production",track="stable"} 0+1500x400
from -1h every 15s: errors_total{service="shop",deployment_environment_name="production",track="stable"} 0+3x400
from 4m every 15s: requests_total{service="shop",deployment_environment_name="production",track="canary"} 0+1500x60
from 4m every 15s: errors_total{service="shop",deployment_environment_name="production",track="canary"} 0+3x60

at 4m change {"service": "shop", "environment": "staging", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 16m
-- expected --
+4m       canary-staging (shop 2.4.1): waits
+4m       canary-production (shop 2.4.1): waits
+5m15s    canary-staging (shop 2.4.1): looks; errors would take more than is planned: 45 looks to prove a doubling, never to pass
+5m15s    canary-production (shop 2.4.1): looks
+5m45s    canary-staging (shop 2.4.1): look 1, inconclusive, errors speaks against it, confidence at least 0.80
+5m45s    canary-staging (shop 2.4.1): decision 1 on fail at 0.8: do tell
+5m45s    canary-production (shop 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    tell (shop): attempt 1
+5m46s    tell (shop): attempt 1 taken with 200
+5m46s    tell (shop): done, the receiver took it
+6m15s    canary-staging (shop 2.4.1): look 2, fail by errors, confidence at least 0.99
+6m15s    canary-staging (shop 2.4.1): decision 2 on fail at 0.99: do take-back
+6m15s    take-back (shop): attempt 1
+6m16s    take-back (shop): attempt 1 taken with 200
+8m15s    take-back (shop): verified, it is seen to have worked
+8m15s    canary-staging (shop 2.4.1): ends, the change was taken back: fail
+8m15s    canary-staging (shop 2.4.1): looks whether things are well again
+10m15s   canary-staging (shop 2.4.1): things are well again, as nobody asks the new side for anything any more
+15m15s   canary-production (shop 2.4.1): decision 1 on inconclusive: hold: nothing is wanted
+15m15s   canary-production (shop 2.4.1): ends, its time is up: inconclusive
-- rationale --
2026-01-01T00:15:15Z: inconclusive, and the policy wants nothing done about shop in production
gate canary-production, decision ce90f8da6e61e5de-1

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  20 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp
    asked of 2 series, the new side: errors_total{deployment_environment_name="production", service="shop", track="canary"} of requests_total{deployment_environment_name="production", service="shop", track="canary"}
    asked of 2 series, the old side: errors_total{deployment_environment_name="production", service="shop", track="stable"} of requests_total{deployment_environment_name="production", service="shop", track="stable"}
    20 of 20 looks found both sides, with samples no older than 1m30s
    canary  120 of 60,000 (0.200%)
    stable  120 of 60,000 (0.200%)
    ratio   1.00; between 0.65 and 1.54 at 95%, however often anybody looks

The verdict
  inconclusive: neither harm nor its absence is proved; check errors is furthest from it
  at this traffic, with 20 looks (10m) planned:
    that it does twice the harm takes about 10 looks (4m45s) to prove
    that it is as good as the old one is never proved on these terms
  next to nothing speaks against it

The guards
  none spoke

What was done
  nothing

The gate
  2026-01-01T00:15:15Z  stopped watching: its time was up

Replay it bit for bit: backstop replay ce90f8da6e61e5de-1
