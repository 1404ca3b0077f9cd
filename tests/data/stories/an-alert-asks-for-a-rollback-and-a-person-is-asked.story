An alert says that something is wrong, and not that the change did it: it asks for a rollback, and a person is asked.

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

-- incidents.yaml --
incidents:
  - { incident: saturated, owner: team-shop, match: { service: shop, environment: production }, alerts: { alertname: QueueFull }, ask_for: take-back }

-- story --
include actions.yaml

at 1m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0"}
at 10m alert QueueFull{service="shop", env="prod", severity="page"} firing
at 11m alert QueueFull{service="shop", env="prod", severity="page"} firing
at 20m alert QueueFull{service="shop", env="prod", severity="page"} resolved
until 21m
-- expected --
+10m      alert QueueFull: fires for shop in production; saturated: asks
+10m      incident.saturated: waits
+10m      incident.saturated: decision 1 on an alert: ask: take-back; an alert alone does not tell whether it was this change that did it
+20m      alert QueueFull: resolved
+20m      incident.saturated: ends, the alert is resolved: inconclusive
-- rationale --
2026-01-01T00:10:00Z: alert QueueFull: ask a person whether to roll back shop in production [take-back]
gate incident.saturated, decision 4641835f994c161a-1

The change
  deployment of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:01:00Z, told by somebody who may record changes

The alert
  QueueFull (ebf7de7472e9dd33) fires since 2026-01-01T00:10:00Z, told by the story, who may tell of alerts; heard of last at 2026-01-01T00:10:00Z
  `saturated` of `incidents` asks for it: nothing was judged

The guards
  an alert alone does not tell whether it was this change that did it (until a gate proves it, or the entry of `incidents` has `may_undo_on: [alert]`)

What was done
  nothing so far: it is for a person to say

The gate
  2026-01-01T00:20:00Z  stopped watching: the alert is resolved

Replay it bit for bit: backstop replay 4641835f994c161a-1
