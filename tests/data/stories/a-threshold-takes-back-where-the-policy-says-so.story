`may_undo_on: expr` says in so many words that a threshold is enough to undo by itself.

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
        looks: 3 of 5
    then: { fail: [ { confidence: 0.80, do: tell }, { confidence: 0.95, do: hold }, { confidence: 0.99, do: take-back } ], may_undo_on: expr }
    first_release: tell

-- story --
include act.yaml
include actions.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x304
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x304
from -1h every 15s: timeouts_total{service="shop",track="stable"} 0+1x271 271+60x12 991+1x19
from 4m every 15s: requests_total{service="shop",track="canary"} 0+150x25
from 4m every 15s: errors_total{service="shop",track="canary"} 0x4 1x4 1x40

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 16m
-- expected --
+4m       burn: waits
+5m15s    burn: looks; errors would take more than is planned: 45 looks to prove a doubling, 27 looks to pass
+5m45s    burn: look 1, inconclusive, nothing is proved
+9m45s    burn: look 9, fail by burn, a threshold without confidence
+9m45s    burn: decision 1 on a broken threshold: do take-back
+9m45s    take-back: attempt 1
+9m46s    take-back: attempt 1 taken with 200
+11m15s   take-back: verified, it is seen to have worked
+11m15s   burn: ends, the change was taken back: fail
+11m15s   burn: looks whether things are well again
+13m15s   burn: things are well again, as nobody asks the new side for anything any more
-- rationale --
2026-01-01T00:09:45Z: fail: roll back shop in production [take-back]
gate burn, decision 95b237e844e76d18-1

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  9 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 2
    asked of 2 series, the new side: errors_total{service="shop", track="canary"} of requests_total{service="shop", track="canary"}
    asked of 2 series, the old side: errors_total{service="shop", track="stable"} of requests_total{service="shop", track="stable"}
    9 of 9 looks found both sides, with samples no older than 1m30s
    canary  1 of 2,700 (0.037%)
    stable  54 of 27,000 (0.200%)
    ratio   0.19; between 0.00 and 1.49 at 95%, however often anybody looks
  check burn: fails when value > 14.4 in 3 of 5 looks
    asked of 3 series: sum(rate(timeouts_total{service="shop"}[1m])) / sum(rate(requests_total{service="shop"}[1m])) / 0.001
    9 of 9 looks found it, with samples no older than 1m
    value   36.36 at the last look
    broken  in 3 of the last 5 looks
    this is a threshold, with no statistics behind it

The verdict
  fail: check burn is broken
    it is a threshold, with no statistics behind it, so nothing is proved

The guards
  none spoke

What was done
  2026-01-01T00:09:45Z  written down as act_34a377934e1851908143ade0: take-back, attempt 1
  2026-01-01T00:09:46Z  attempt 1: taken with 200
  2026-01-01T00:11:15Z  verified: it is seen to have worked

The gate
  2026-01-01T00:11:15Z  stopped watching: the change was taken back
  2026-01-01T00:11:15Z  looks until 2026-01-01T00:21:15Z whether things are well again
  2026-01-01T00:13:15Z  things are well again, as nobody asks the new side for anything any more, 1m45s after the change was taken back; seen: errors nothing, as the new side was not heard of lately, burn at 0.6667

Replay it bit for bit: backstop replay 95b237e844e76d18-1
