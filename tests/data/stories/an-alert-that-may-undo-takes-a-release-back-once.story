Where a rule says so in so many words an alert takes a release back: once, though two tell of it, and again after a restart.

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
  - incident: saturated
    owner: team-shop
    match: { service: shop, environment: production }
    alerts: { alertname: Queue*, severity: page }
    ask_for: take-back
    may_undo_on: [alert]

-- story --
include actions.yaml

at 1m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0"}
at 10m alert QueueFull{service="shop", env="prod", severity="page"} firing since 9m50s
at 10m1s alert QueueFull{service="shop", env="prod", severity="page"} firing since 9m55s
at 10m2s alert QueueSlow{service="shop", env="prod", severity="page"} firing
at 10m3s crash
at 10m5s alert QueueFull{service="shop", env="prod", severity="page"} firing since 9m50s
at 10m6s alert QueueFull{service="shop", env="prod", severity="info"} firing
at 12m alert QueueFull{service="shop", env="prod", severity="page"} resolved since 9m50s
at 12m5s alert QueueFull{service="shop", env="prod", severity="page"} firing since 9m55s
until 14m
-- expected --
+10m      alert QueueFull: fires for shop in production; saturated: asks
+10m      incident.saturated: waits
+10m      incident.saturated: decision 1 on an alert: do take-back
+10m      take-back: attempt 1
+10m      take-back: attempt 1 taken with 200
+10m2s    alert QueueSlow: fires for shop in production; saturated: asks
+10m3s    the process dies, and is started again
+10m6s    alert QueueFull: fires for shop in production
+12m      alert QueueFull: resolved
-- rationale --
2026-01-01T00:10:00Z: alert QueueFull: roll back shop in production [take-back]
gate incident.saturated, decision 4641835f994c161a-1

The change
  deployment of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:01:00Z, told by somebody who may record changes

The alert
  QueueFull (ebf7de7472e9dd33) fires since 2026-01-01T00:09:50Z, told by the story, who may tell of alerts; heard of last at 2026-01-01T00:10:00Z
  `saturated` of `incidents` asks for it: nothing was judged

The guards
  none spoke

What was done
  2026-01-01T00:10:00Z  written down as act_14a67acf3519db98d8dfe0c3: take-back, attempt 1
  2026-01-01T00:10:00Z  attempt 1: taken with 200

Replay it bit for bit: backstop replay 4641835f994c161a-1
