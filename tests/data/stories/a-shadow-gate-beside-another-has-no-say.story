A gate that only watches finds that the carts of a canary fail. It says what it would have done and takes nothing of the evidence of the other gate, which lets the canary go on.

-- server.yaml --
mode: act
settle: 15s
targets:
  - { service: shop, environment: production, select: { service: shop }, owner: team-shop }
hosts: [ "*.example.com" ]
trust:
  - { files: "*", services: [shop], actions: [rollback, pause, promote, notify], secrets: [hook], at_most: act }
secrets:
  hook: { env: HOOK }

-- promote.yaml --
actions:
  - action: go-on
    does: promote
    approval: none
    owner: team-shop
    webhook: { url: "https://deploy.example.com/go-on", sign: hook }

-- errors.yaml --
gates:
  - gate: errors
    owner: team-shop
    runbook: https://runbooks.example.com/canary
    upon: canary
    match: { service: shop, environment: production }
    begins: { at: first_traffic, warmup: 30s, within: 10m }
    ends: { after: 15m, not_before: 5m }
    tracks: { label: track, canary: canary, stable: stable }
    checks:
      - check: errors
        proportion: { bad: errors_total, of: requests_total, absent_bad: zero_if_on_other_track }
        fails_when: ratio > 1.25 and difference > 0.05pp
        passes_when: ratio < 2
    then:
      fail: [ { confidence: 0.80, do: tell }, { confidence: 0.95, do: hold }, { confidence: 0.99, do: take-back } ]
      pass: go-on
    first_release: tell

-- carts.yaml --
gates:
  - gate: carts
    owner: team-shop
    runbook: https://runbooks.example.com/canary
    upon: canary
    match: { service: shop, environment: production }
    begins: { at: first_traffic, warmup: 30s, within: 10m }
    ends: { after: 15m, not_before: 5m }
    tracks: { label: track, canary: canary, stable: stable }
    shadow: true
    checks:
      - check: carts
        proportion: { bad: cart_errors_total, of: carts_total, absent_bad: zero_if_on_other_track }
        fails_when: ratio > 1.25 and difference > 0.05pp
    then:
      fail: [ { confidence: 0.80, do: tell }, { confidence: 0.95, do: hold }, { confidence: 0.99, do: take-back } ]
    first_release: tell

-- story --
include actions.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x400
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x400
from 4m every 15s: requests_total{service="shop",track="canary"} 0+1500x144
from 4m every 15s: errors_total{service="shop",track="canary"} 0+3x144
from -1h every 15s: carts_total{service="shop",track="stable"} 0+1500x400
from -1h every 15s: cart_errors_total{service="shop",track="stable"} 0+3x400
from 4m every 15s: carts_total{service="shop",track="canary"} 0+150x144
from 4m every 15s: cart_errors_total{service="shop",track="canary"} 0+8x144

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 22m
-- expected --
+4m       errors: waits
+4m       carts: waits
+5m15s    errors: looks
+5m15s    carts: looks; carts would take more than is planned: 45 looks to prove a doubling, never to pass
+5m45s    errors: look 1, inconclusive, nothing is proved
+5m45s    carts: look 1, inconclusive, carts speaks against it, confidence at least 0.80
+5m45s    carts: decision 1 on fail at 0.8: hold: tell; backstop is in shadow mode here, so it only says what it would have done
+6m15s    carts: look 2, fail by carts, confidence at least 0.99
+6m15s    carts: decision 2 on fail at 0.99: hold: take-back; backstop is in shadow mode here, so it only says what it would have done
+10m15s   errors: look 10, pass, proved
+10m15s   errors: decision 1 on pass: do go-on
+10m15s   go-on: attempt 1
+10m16s   go-on: attempt 1 taken with 200
+10m16s   go-on: done, the receiver took it
+10m16s   errors: ends, its verdict is final: pass
+20m15s   carts: ends, its time is up: fail
-- rationale --
2026-01-01T00:10:15Z: pass: promote shop in production [go-on]
gate errors, decision 227679c2c392a0bc-1

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  10 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 2
    asked of 2 series, the new side: errors_total{service="shop", track="canary"} of requests_total{service="shop", track="canary"}
    asked of 2 series, the old side: errors_total{service="shop", track="stable"} of requests_total{service="shop", track="stable"}
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
  2026-01-01T00:10:15Z  written down as act_e2cf7f01e2b6c1e71eb542a9: go-on, attempt 1
  2026-01-01T00:10:16Z  attempt 1: taken with 200
  2026-01-01T00:10:16Z  done: the receiver took it

The gate
  2026-01-01T00:10:16Z  stopped watching: its verdict is final

Replay it bit for bit: backstop replay 227679c2c392a0bc-1
