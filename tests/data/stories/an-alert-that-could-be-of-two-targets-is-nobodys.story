The target that says more has the alert; of two that say as much neither has it, and nothing begins.

-- server.yaml --
hosts: [ deploy.example.com, chat.example.com ]
mode: act
settle: 15s
targets:
  - { service: shop, environment: production, select: { service: shop, env: production }, alerts: { service: shop }, owner: team-shop }
  - { service: shop, environment: staging, select: { service: shop, env: staging }, alerts: { service: shop, env: staging }, owner: team-shop }
  - { service: till, environment: production, select: { service: till }, alerts: { part: till }, owner: team-till }
trust:
  - { files: "*", services: [shop, till], actions: [notify], secrets: [hook], at_most: act }
secrets:
  hook: { env: HOOK }

-- incidents.yaml --
incidents:
  - { incident: saturated, owner: team, match: { service: [shop, till], environment: [production, staging] }, alerts: { alertname: QueueFull }, ask_for: tell }
actions:
  - action: tell
    does: notify
    webhook: { url: "https://chat.example.com/shop", sign: hook }

-- story --
at 1m change {"service": "shop", "environment": "staging", "version": "2.4.1"}
at 2m alert QueueFull{service="shop", env="staging"} firing
at 3m alert QueueFull{service="shop", part="till"} firing
at 4m alert QueueFull{service="shop", part="till"} resolved
until 5m
-- expected --
+2m       alert QueueFull: fires for shop in staging; saturated: asks
+2m       incident.saturated: waits
+2m       incident.saturated: decision 1 on an alert: do tell
+2m       tell: attempt 1
+2m       tell: attempt 1 taken with 200
+2m       tell: done, the receiver took it
+3m       alert QueueFull: fires, and could be of shop in production or of till in production
+4m       alert QueueFull: resolved
