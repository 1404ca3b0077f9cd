An alert that is no target's, one of an old change, one of no change, one before the change and one that is resolved lead to nothing.

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
  - { incident: saturated, owner: team, match: { service: [shop, till], environment: production }, alerts: { alertname: QueueFull }, within: 10m, ask_for: tell }

-- story --
include actions.yaml

at 1m alert QueueFull{service="shop", env="prod", on="a"} resolved
at 2m alert QueueFull{service="shop", env="dev"} firing
at 3m alert QueueFull{service="till", env="prod"} firing
at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0"}
at 4m30s alert QueueFull{service="shop", env="prod", on="b"} firing since 3m59s
at 5m alert Other{service="shop", env="prod"} firing
at 15m alert QueueFull{service="shop", env="prod", on="c"} firing since 14m1s
at 16m alert QueueFull{service="shop", env="prod", on="d"} firing since 14m
at 17m alert QueueFull{service="shop", env="prod", on="e"} firing since 4m
until 18m
-- expected --
+2m       alert QueueFull: fires, and is no target's
+3m       alert QueueFull: fires for till in production; saturated: nothing, no change of till in production is known
+4m30s    alert QueueFull: fires for shop in production; saturated: nothing, the last change, chg_9243b9c1c361, came after the alert began
+5m       alert Other: fires for shop in production
+15m      alert QueueFull: fires for shop in production; saturated: nothing, the last change, chg_9243b9c1c361, took effect more than 10m before
+16m      alert QueueFull: fires for shop in production; saturated: asks
+16m      incident.saturated: waits
+16m      incident.saturated: decision 1 on an alert: do tell
+16m      tell: attempt 1
+16m      tell: attempt 1 taken with 200
+16m      tell: done, the receiver took it
+17m      alert QueueFull: fires for shop in production; saturated: asks
