A receiver is down when an alert asks for a rollback; before it is tried again the alert is resolved, so it is not.

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
  - { incident: saturated, owner: team-shop, match: { service: shop, environment: production }, alerts: { alertname: QueueFull }, ask_for: take-back, may_undo_on: [alert] }

-- story --
include actions.yaml

at 1m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0"}
at 9m receiver is down
at 10m alert QueueFull{service="shop", env="prod"} firing
at 10m2s alert QueueFull{service="shop", env="prod"} resolved
at 10m3s receiver takes
at 11m alert QueueFull{service="shop", env="prod"} resolved
until 12m
-- expected --
+10m      alert QueueFull: fires for shop in production; saturated: asks
+10m      incident.saturated: waits
+10m      incident.saturated: decision 1 on an alert: do take-back
+10m      take-back: attempt 1
+10m      take-back: attempt 1 not sent, no connection
+10m2s    alert QueueFull: resolved
+10m2s    take-back: given up, not attempted again: the alert that asked for it is resolved
+10m2s    incident.saturated: ends, the alert is resolved: inconclusive
