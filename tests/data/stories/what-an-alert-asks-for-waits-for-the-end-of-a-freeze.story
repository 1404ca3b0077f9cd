In a freeze a person is asked; once it is over what the alert asks for is done, if it was heard of in the last five minutes.

-- server.yaml --
hosts: [ deploy.example.com, chat.example.com ]
mode: act
settle: 15s
targets:
  - { service: shop, environment: production, select: { service: shop }, alerts: { service: shop }, owner: team-shop }
trust:
  - { files: "*", services: [shop], actions: [rollback, pause, notify], secrets: [hook], at_most: act }
freezes:
  - { freeze: peak, why: the busiest minutes of the year, from: 2026-01-01T00:09:00Z, until: 2026-01-01T00:12:00Z }
  - { freeze: late, why: nobody is in, from: 2026-01-01T00:20:00Z, until: 2026-01-01T00:27:00Z }
secrets:
  hook: { env: HOOK }

-- incidents.yaml --
incidents:
  - { incident: saturated, owner: team-shop, match: { service: shop, environment: production }, alerts: { alertname: QueueFull }, ask_for: hold }
  - { incident: full, owner: team-shop, match: { service: shop, environment: production }, alerts: { alertname: DiskFull }, ask_for: take-back, may_undo_on: [alert] }

-- story --
include actions.yaml

at 1m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0"}
at 10m alert QueueFull{service="shop"} firing
at 21m alert DiskFull{service="shop"} firing
until 30m
-- expected --
+10m      alert QueueFull: fires for shop in production; saturated: asks
+10m      incident.saturated: waits
+10m      incident.saturated: decision 1 on an alert: ask: hold; the freeze `peak` holds until 2026-01-01T00:12:00Z: the busiest minutes of the year
+12m      incident.saturated: decision 2 on an alert: do hold
+12m      hold: attempt 1
+12m1s    hold: attempt 1 taken with 200
+12m1s    hold: done, the receiver took it
+21m      alert DiskFull: fires for shop in production; full: asks
+21m      incident.full: waits
+21m      incident.full: decision 1 on an alert: ask: take-back; the freeze `late` holds until 2026-01-01T00:27:00Z: nobody is in
