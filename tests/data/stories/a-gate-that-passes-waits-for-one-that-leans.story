One gate proves that the canary is well and would let it go on. The other one cannot: something speaks against the canary, though not enough to prove it, so nothing goes on until the second gate's time is up.

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
    checks:
      - check: carts
        proportion: { bad: cart_errors_total, of: carts_total, absent_bad: zero_if_on_other_track }
        fails_when: ratio > 1.25 and difference > 0.05pp
        passes_when: ratio < 2
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
from -1h every 15s: cart_errors_total{service="shop",track="stable"} 0+30x400
from 4m every 15s: carts_total{service="shop",track="canary"} 0+19x144
from 4m every 15s: cart_errors_total{service="shop",track="canary"} 0+1x144

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 22m
-- expected --
+4m       errors: waits
+4m       carts: waits
+5m15s    errors: looks
+5m15s    carts: looks
+5m45s    errors: look 1, inconclusive, nothing is proved
+5m45s    carts: look 1, inconclusive, nothing is proved
+9m45s    carts: look 9, inconclusive, carts speaks against it, confidence at least 0.80
+9m45s    carts: decision 1 on fail at 0.8: do tell
+9m45s    tell: attempt 1
+9m46s    tell: attempt 1 taken with 200
+9m46s    tell: done, the receiver took it
+10m15s   errors: look 10, pass, proved
+11m45s   carts: look 13, fail by carts, confidence at least 0.95
+11m45s   carts: decision 2 on fail at 0.95: do hold
+11m45s   hold: attempt 1
+11m46s   hold: attempt 1 taken with 200
+11m46s   hold: done, the receiver took it
+13m45s   carts: look 17, fail by carts, confidence at least 0.99
+13m45s   carts: decision 3 on fail at 0.99: do take-back
+13m45s   take-back: attempt 1
+13m46s   take-back: attempt 1 taken with 200
+19m      take-back: not verified, it was taken, but was not seen to have worked within 5m
+19m      tell: attempt 1, to call somebody: it ended unverified
+19m1s    tell: attempt 1 taken with 200
+19m1s    tell: done, the receiver took it
+20m15s   carts: ends, its time is up: fail
+20m15s   errors: decision 1 on inconclusive: hold: nothing is wanted
+20m15s   errors: ends, its time is up: pass
-- rationale --
2026-01-01T00:20:15Z: pass, but not all gates let shop in production go on, so nothing is done
gate errors, decision 227679c2c392a0bc-1

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  30 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 2
    asked of 2 series, the new side: errors_total{service="shop", track="canary"} of requests_total{service="shop", track="canary"}
    asked of 2 series, the old side: errors_total{service="shop", track="stable"} of requests_total{service="shop", track="stable"}
    30 of 30 looks found both sides, with samples no older than 1m30s
    canary  180 of 90,000 (0.200%)
    stable  180 of 90,000 (0.200%)
    ratio   1.00; between 0.70 and 1.43 at 95%, however often anybody looks

The verdict
  pass: it is proved that the release is no worse than it may be; check errors was the last to prove it
    of releases that are worse, fewer than 1 in 270 million would show evidence this strong
  2 gates watch this release, and not all of them pass
  by the evidence of all together:
  confidence 99.9958%
    of harmless releases, fewer than 1 in 23,841 would show evidence this strong,
    however often anybody looks

The guards
  none spoke

What was done
  nothing

The gate
  2026-01-01T00:20:15Z  stopped watching: its time was up

Replay it bit for bit: backstop replay 227679c2c392a0bc-1
