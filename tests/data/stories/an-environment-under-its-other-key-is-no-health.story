The rules ask for an environment by one of its two keys, and the series carry the other one. Nothing of them is found: that is neither health nor harm, and it says what to look for.

-- server.yaml --
mode: act
settle: 15s
targets:
  - { service: shop, environment: production, select: { service: shop, deployment_environment: production }, owner: team-shop }
hosts: [ "*.example.com" ]
trust:
  - { files: "*", services: [shop], actions: [rollback, pause, promote, notify], secrets: [hook], at_most: act }
secrets:
  hook: { env: HOOK }

-- story --
include actions.yaml
include canary.yaml

from -1h every 15s: requests_total{service="shop",deployment_environment_name="production",track="stable"} 0+1500x400
from -1h every 15s: errors_total{service="shop",deployment_environment_name="production",track="stable"} 0+3x400
from 4m every 15s: requests_total{service="shop",deployment_environment_name="production",track="canary"} 0+1500x144
from 4m every 15s: errors_total{service="shop",deployment_environment_name="production",track="canary"} 0+30x144

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 20m
-- expected --
+4m       canary: waits
+14m15s   canary: decision 1 on inconclusive: hold: nothing is wanted
+14m15s   canary: ends, there never was any traffic: inconclusive
-- rationale --
2026-01-01T00:14:15Z: inconclusive, and the policy wants nothing done about shop in production
gate canary, decision f12b5ae80edc8c52-1

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  no look was taken: the new side had no traffic while the gate waited for it
  either nothing reaches it, or its series carry other labels than the rules say

The verdict
  inconclusive: no look was taken

The guards
  none spoke

What was done
  nothing

The gate
  2026-01-01T00:14:15Z  stopped watching: what it waited for did not come

Replay it bit for bit: backstop replay f12b5ae80edc8c52-1
