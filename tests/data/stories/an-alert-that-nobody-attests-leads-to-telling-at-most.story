An alert that nobody known told of leads to telling, and to nothing that changes its target: not even a person is asked.

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
  - { incident: told, owner: team-shop, match: { service: shop, environment: production }, alerts: { alertname: QueueFull }, ask_for: tell }

-- story --
include actions.yaml

at 1m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0"}
at 10m alert unattested QueueFull{service="shop", env="prod"} firing
at 12m alert QueueFull{service="shop", env="prod", on="b"} firing
until 13m
-- expected --
+10m      alert QueueFull: fires for shop in production; saturated: asks; told: asks
+10m      incident.saturated: waits
+10m      incident.saturated: decision 1 on an alert: hold: take-back; the alert was not told by anybody who may tell of alerts
+10m      incident.told: waits
+10m      incident.told: decision 1 on an alert: do tell
+10m      tell: attempt 1
+10m      tell: attempt 1 taken with 200
+10m      tell: done, the receiver took it
+12m      alert QueueFull: fires for shop in production; saturated: asks; told: asks
+12m      incident.saturated: decision 2 on an alert: do take-back
+12m      take-back: attempt 1
+12m      take-back: attempt 1 taken with 200
