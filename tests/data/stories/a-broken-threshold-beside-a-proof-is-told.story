The canary is proved to fail more often, and beside that a threshold is broken. The proof decides, and both are told.

-- burn.yaml --
gates:
  - gate: burn
    owner: team-shop
    runbook: https://runbooks.example.com/burn
    upon: canary
    match: { service: shop, environment: production }
    begins: { at: first_traffic, warmup: 30s }
    ends: { after: 10m, not_before: 5m }
    tracks: { label: track, canary: canary, stable: stable }
    checks:
      - check: errors
        proportion: { bad: errors_total, of: requests_total, absent_bad: zero_if_on_other_track }
        fails_when: ratio > 1.25 and difference > 0.05pp
        passes_when: ratio < 2
      - check: burn
        expr: sum(rate(timeouts_total[1m])) / sum(rate(requests_total[1m])) / 0.001
        fails_when: value > 14.4
        looks: 2 of 5
    then: { fail: [ { confidence: 0.80, do: tell }, { confidence: 0.95, do: hold }, { confidence: 0.99, do: take-back } ] }
    first_release: tell

-- story --
include act.yaml
include actions.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x304
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x304
from -1h every 15s: timeouts_total{service="shop",track="stable"} 0+1x255 256+60x48
from 4m every 15s: requests_total{service="shop",track="canary"} 0+1500x45
from 4m every 15s: errors_total{service="shop",track="canary"} 0+30x45

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 16m
-- expected --
+4m       burn: waits
+5m15s    burn: looks
+5m45s    burn: look 1, inconclusive, errors speaks against it, confidence at least 0.80
+5m45s    burn: decision 1 on fail at 0.8: do tell
+5m45s    tell: attempt 1
+5m46s    tell: attempt 1 taken with 200
+5m46s    tell: done, the receiver took it
+6m15s    burn: look 2, fail by errors, confidence at least 0.99
+6m15s    burn: decision 2 on fail at 0.99: do take-back
+6m15s    take-back: attempt 1
+6m16s    take-back: attempt 1 taken with 200
+11m30s   take-back: not verified, it was taken, but was not seen to have worked within 5m
+11m30s   tell: attempt 1, to call somebody: it ended unverified
+11m31s   tell: attempt 1 taken with 200
+11m31s   tell: done, the receiver took it
+15m15s   burn: ends, its time is up: fail
-- rationale --
2026-01-01T00:06:15Z: fail: roll back shop in production [take-back]
gate burn, decision 95b237e844e76d18-2

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  2 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 2
    asked of 2 series, the new side: errors_total{service="shop", track="canary"} of requests_total{service="shop", track="canary"}
    asked of 2 series, the old side: errors_total{service="shop", track="stable"} of requests_total{service="shop", track="stable"}
    2 of 2 looks found both sides, with samples no older than 1m30s
    canary  120 of 6,000 (2.00%)
    stable  12 of 6,000 (0.200%)
    ratio   10.0; between 4.33 and 30.1 at 95%, however often anybody looks
  check burn: fails when value > 14.4 in 2 of 5 looks
    asked of 3 series: sum(rate(timeouts_total{service="shop"}[1m])) / sum(rate(requests_total{service="shop"}[1m])) / 0.001
    2 of 2 looks found it, with samples no older than 1m
    value   20.00 at the last look
    broken  in 2 of the last 2 looks
    this is a threshold, with no statistics behind it

The verdict
  fail: check errors says it loudest
    check burn is broken as well: a threshold, with no statistics behind it
  confidence 99.56%
    of harmless releases, fewer than 1 in 228 would show evidence this strong,
    however often anybody looks

The guards
  none spoke

What was done
  2026-01-01T00:06:15Z  written down as act_34a377934e1851908143ade0: take-back, attempt 1
  2026-01-01T00:06:16Z  attempt 1: taken with 200
  2026-01-01T00:11:30Z  not verified, a person has to look: it was taken, but was not seen to have worked within 5m

What else was done about this change
  2026-01-01T00:05:45Z  [tell] begun
  2026-01-01T00:05:46Z  [tell] done: the receiver took it
  2026-01-01T00:11:30Z  [tell] begun: somebody is called, as something ended unverified
  2026-01-01T00:11:31Z  [tell] done: the receiver took it

The gate
  2026-01-01T00:15:15Z  stopped watching: its time was up

Replay it bit for bit: backstop replay 95b237e844e76d18-2
