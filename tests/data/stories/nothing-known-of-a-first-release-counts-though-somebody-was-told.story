The same where nothing ran there before: of a first release somebody is told in place of every rung, and in the end it is held.

-- doubt.yaml --
gates:
  - gate: canary
    owner: team-shop
    runbook: https://runbooks.example.com/canary
    upon: canary
    match: { service: shop, environment: production }
    begins: { at: first_traffic, warmup: 30s, within: 10m }
    ends: { after: 30m, not_before: 5m }
    tracks: { label: track, canary: canary, stable: stable }
    checks:
      - check: errors
        proportion: { bad: errors_total, of: requests_total, absent_bad: zero_if_on_other_track }
        fails_when: ratio > 1.25 and difference > 0.05pp
        passes_when: ratio < 1.3
    then:
      fail: [ { confidence: 0.80, do: tell }, { confidence: 0.99, do: take-back } ]
      inconclusive: { after: 6m, do: hold }
    first_release: tell

-- story --
include act.yaml
include actions.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x320
from -1h every 15s: errors_total{service="shop",track="stable"} 0+3x320
from 4m every 15s: requests_total{service="shop",track="canary"} 0+150x60
from 4m every 15s: errors_total{service="shop",track="canary"} 0x4 7x4 8x6 9x6 10x6 11x6 12x6 13x6 14x10

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "kind": "canary"}
until 14m
-- expected --
+4m       canary: waits
+5m15s    canary: looks
+5m45s    canary: look 1, inconclusive, errors speaks against it, confidence at least 0.80
+5m45s    canary: decision 1 on fail of a first release: do tell
+5m45s    tell: attempt 1
+5m46s    tell: attempt 1 taken with 200
+5m46s    tell: done, the receiver took it
+6m15s    canary: look 2, inconclusive, nothing is proved, confidence at least 0.80
+11m15s   canary: decision 2 on inconclusive: do hold
+11m15s   hold: attempt 1
+11m16s   hold: attempt 1 taken with 200
+11m16s   hold: done, the receiver took it
-- rationale --
2026-01-01T00:11:15Z: inconclusive: pause shop in production [hold]
gate canary, decision f12b5ae80edc8c52-2

The change
  canary of shop in production to 2.4.1
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  12 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 1.3
    asked of 2 series, the new side: errors_total{service="shop", track="canary"} of requests_total{service="shop", track="canary"}
    asked of 2 series, the old side: errors_total{service="shop", track="stable"} of requests_total{service="shop", track="stable"}
    12 of 12 looks found both sides, with samples no older than 1m30s
    canary  10 of 3,600 (0.278%)
    stable  72 of 36,000 (0.200%)
    ratio   1.39; between 0.40 and 3.52 at 95%, however often anybody looks

The verdict
  inconclusive: neither harm nor its absence is proved; check errors is furthest from it
  at this traffic, with 60 looks (30m) planned:
    that it does twice the harm takes about 45 looks (22m9s) to prove
    that it is as good as the old one takes about 218 looks (1h48m)
  confidence 87.9%
    of harmless releases, fewer than 1 in 8 would show evidence this strong,
    however often anybody looks

The guards
  none spoke

What was done
  2026-01-01T00:11:15Z  written down as act_b2af6a30286474d1a12376c5: hold, attempt 1
  2026-01-01T00:11:16Z  attempt 1: taken with 200
  2026-01-01T00:11:16Z  done: the receiver took it

What else was done about this change
  2026-01-01T00:05:45Z  [tell] begun
  2026-01-01T00:05:46Z  [tell] done: the receiver took it

Replay it bit for bit: backstop replay f12b5ae80edc8c52-2
