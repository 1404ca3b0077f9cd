Of two canary pods one is promoted, and its series go on as stable ones under new labels: their bad history is not counted as if it had just happened.

-- canary.yaml --
gates:
  - gate: canary
    owner: team-shop
    runbook: https://runbooks.example.com/canary
    upon: canary
    match: { service: shop, environment: production }
    begins: { at: first_traffic, warmup: 30s, within: 10m }
    ends: { after: 30m, not_before: 20m }
    tracks: { label: track, canary: canary, stable: stable }
    checks:
      - check: errors
        proportion: { bad: errors_total, of: requests_total, absent_bad: zero_if_on_other_track }
        fails_when: ratio > 1.25 and difference > 0.05pp
        passes_when: ratio < 2
    then:
      fail: [ { confidence: 0.80, do: tell }, { confidence: 0.99, do: take-back } ]
    first_release: tell

-- story --
include act.yaml
include actions.yaml

from -1h every 15s: requests_total{service="shop",track="stable",pod="s"} 0+1500x400
from -1h every 15s: errors_total{service="shop",track="stable",pod="s"} 0+3x400
from 3m every 15s: requests_total{service="shop",track="canary",pod="b"} 0+600x148
from 3m every 15s: errors_total{service="shop",track="canary",pod="b"} 0+1x148
from -30m every 15s: requests_total{service="shop",track="canary",pod="a"} 0+1500x120 181500+1500x39
from -30m every 15s: errors_total{service="shop",track="canary",pod="a"} 0+150x120 18003+3x39
from 10m15s every 15s: requests_total{service="shop",track="stable",pod="a"} 241500+1500x119
from 10m15s every 15s: errors_total{service="shop",track="stable",pod="a"} 18123+3x119

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 40m
-- expected --
+4m       canary: waits
+5m15s    canary: looks
+5m45s    canary: look 1, inconclusive, nothing is proved
+10m45s   canary: look 11, inconclusive, errors: samples of the new side come late, and are waited for
+15m15s   canary: look 20, inconclusive, nothing is proved
+25m15s   canary: look 40, pass, proved
+25m15s   canary: decision 1 on pass: hold: nothing is wanted
+25m15s   canary: ends, its verdict is final: pass
-- rationale --
2026-01-01T00:25:15Z: pass, and the policy wants nothing done about shop in production
gate canary, decision f12b5ae80edc8c52-1

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  40 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 2
    asked of 4 series, the new side: errors_total{service="shop", track="canary"} of requests_total{service="shop", track="canary"}
    asked of 2 series, the old side: errors_total{service="shop", track="stable"} of requests_total{service="shop", track="stable"}
    31 of 40 looks found both sides, with samples no older than 1m30s
    canary  140 of 78,000 (0.179%)
    stable  417 of 208,500 (0.200%)
    ratio   0.90; between 0.61 and 1.25 at 95%, however often anybody looks

The verdict
  pass: it is proved that the release is no worse than it may be; check errors was the last to prove it
    of releases that are worse, fewer than 1 in a billion would show evidence this strong

The guards
  none spoke

What was done
  nothing

The gate
  2026-01-01T00:25:15Z  stopped watching: its verdict is final

Replay it bit for bit: backstop replay f12b5ae80edc8c52-1
