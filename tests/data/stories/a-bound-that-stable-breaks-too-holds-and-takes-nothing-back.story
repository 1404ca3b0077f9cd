A canary may fail at most one request in twenty. It fails one in ten, but so does stable: the bound is broken and the canary is held, but the new version is not to blame and is not taken back.

-- canary.yaml --
gates:
  - gate: canary
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
        fails_when: value > 5%
    then:
      fail: [ { confidence: 0.80, do: tell }, { confidence: 0.95, do: hold }, { confidence: 0.99, do: take-back } ]
    first_release: tell

-- story --
include act.yaml
include actions.yaml

from -1h every 15s: requests_total{service="shop",track="stable"} 0+1500x400
from -1h every 15s: errors_total{service="shop",track="stable"} 0+150x400
from 4m every 15s: requests_total{service="shop",track="canary"} 0+150x144
from 4m every 15s: errors_total{service="shop",track="canary"} 0+15x144

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 22m
-- expected --
+4m       canary: waits
+5m15s    canary: looks
+5m45s    canary: look 1, inconclusive, errors speaks against it, confidence at least 0.80
+5m45s    canary: decision 1 on fail at 0.8: do tell
+5m45s    tell: attempt 1
+5m46s    tell: attempt 1 taken with 200
+5m46s    tell: done, the receiver took it
+6m15s    canary: look 2, fail by errors, confidence at least 0.99
+6m15s    canary: decision 2 on fail at 0.95: do hold
+6m15s    hold: attempt 1
+6m16s    hold: attempt 1 taken with 200
+6m16s    hold: done, the receiver took it
+20m15s   canary: ends, its time is up: fail
-- rationale --
2026-01-01T00:06:15Z: fail: pause shop in production [hold]
gate canary, decision f12b5ae80edc8c52-2

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  2 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check errors: fails when value > 5%
    asked of 2 series, the new side: errors_total{service="shop", track="canary"} of requests_total{service="shop", track="canary"}
    asked of 2 series, the old side: errors_total{service="shop", track="stable"} of requests_total{service="shop", track="stable"}
    2 of 2 looks found both sides, with samples no older than 1m30s
    canary  60 of 600 (10.0%)
    stable  600 of 6,000 (10.0%)
    ratio   1.00; between 0.62 and 1.52 at 95%, however often anybody looks
    stable breaks that bound too

The verdict
  fail: check errors says it loudest
  confidence 99.34%
    of harmless releases, fewer than 1 in 151 would show evidence this strong,
    however often anybody looks
  confidence that it was this change: 0.0%
    stable breaks what may not be broken as well; whether it is taken back goes by this figure

The guards
  none spoke

What was done
  2026-01-01T00:06:15Z  written down as act_b2af6a30286474d1a12376c5: hold, attempt 1
  2026-01-01T00:06:16Z  attempt 1: taken with 200
  2026-01-01T00:06:16Z  done: the receiver took it

What else was done about this change
  2026-01-01T00:05:45Z  [tell] begun
  2026-01-01T00:05:46Z  [tell] done: the receiver took it

The gate
  2026-01-01T00:20:15Z  stopped watching: its time was up

Replay it bit for bit: backstop replay f12b5ae80edc8c52-2
