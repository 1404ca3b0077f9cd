In staging the same version fails at the same time, under the same names. Production is judged by its own series alone.

-- server.yaml --
mode: act
settle: 15s
targets:
  - { service: shop, environment: production, select: { service: shop, deployment_environment: production }, owner: team-shop }
  - { service: shop, environment: staging, select: { service: shop, deployment_environment: staging }, owner: team-shop }
hosts: [ "*.example.com" ]
trust:
  - { files: "*", services: [shop], actions: [rollback, pause, promote, notify], secrets: [hook], at_most: act }
secrets:
  hook: { env: HOOK }

-- story --
include actions.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",deployment_environment="production",track="stable"} 0+1500x400
from -1h every 15s: errors_total{service="shop",deployment_environment="production",track="stable"} 0+3x400
from 4m every 15s: requests_total{service="shop",deployment_environment="production",track="canary"} 0+1500x144
from 4m every 15s: errors_total{service="shop",deployment_environment="production",track="canary"} 0+3x144
from -1h every 15s: requests_total{service="shop",deployment_environment="staging",track="stable"} 0+1500x400
from -1h every 15s: errors_total{service="shop",deployment_environment="staging",track="stable"} 0+3x400
from 4m every 15s: requests_total{service="shop",deployment_environment="staging",track="canary"} 0+1500x144
from 4m every 15s: errors_total{service="shop",deployment_environment="staging",track="canary"} 0+300x144

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 20m
-- expected --
+4m       canary: waits
+5m15s    canary: looks
+5m45s    canary: look 1, inconclusive, nothing is proved
+10m15s   canary: look 10, pass, proved
+10m15s   canary: decision 1 on pass: hold: nothing is wanted
+10m15s   canary: ends, its verdict is final: pass
-- rationale --
2026-01-01T00:10:15Z: pass, and the policy wants nothing done about shop in production
gate canary, decision f12b5ae80edc8c52-1

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  10 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 2
    asked of 2 series, the new side: errors_total{deployment_environment="production", service="shop", track="canary"} of requests_total{deployment_environment="production", service="shop", track="canary"}
    asked of 2 series, the old side: errors_total{deployment_environment="production", service="shop", track="stable"} of requests_total{deployment_environment="production", service="shop", track="stable"}
    10 of 10 looks found both sides, with samples no older than 1m30s
    canary  60 of 30,000 (0.200%)
    stable  60 of 30,000 (0.200%)
    ratio   1.00; between 0.55 and 1.80 at 95%, however often anybody looks

The verdict
  pass: it is proved that the release is no worse than it may be; check errors was the last to prove it
    of releases that are worse, fewer than 1 in 327 would show evidence this strong

The guards
  none spoke

What was done
  nothing

The gate
  2026-01-01T00:10:15Z  stopped watching: its verdict is final

Replay it bit for bit: backstop replay f12b5ae80edc8c52-1
