The canary is as good as stable on each route, but has more of the one that fails more often. Its total says otherwise, so it is not judged as a whole.

-- canary.yaml --
gates:
  - gate: canary
    owner: team-shop
    runbook: https://runbooks.example.com/canary
    upon: canary
    match: { service: shop, environment: production }
    begins: { at: first_traffic, warmup: 30s, within: 10m }
    ends: { after: 10m, not_before: 5m }
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

from -1h every 15s: requests_total{service="shop",track="stable",route="/home"} 0+900x320
from -1h every 15s: errors_total{service="shop",track="stable",route="/home"} 0+5x320
from -1h every 15s: requests_total{service="shop",track="stable",route="/pay"} 0+100x320
from -1h every 15s: errors_total{service="shop",track="stable",route="/pay"} 0+5x320
from 4m every 15s: requests_total{service="shop",track="canary",route="/home"} 0+800x64
from 4m every 15s: errors_total{service="shop",track="canary",route="/home"} 0+4x64
from 4m every 15s: requests_total{service="shop",track="canary",route="/pay"} 0+200x64
from 4m every 15s: errors_total{service="shop",track="canary",route="/pay"} 0+10x64

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 16m
-- expected --
+4m       canary: waits
+5m15s    canary: looks
+5m45s    canary: look 1, inconclusive, nothing is proved
+6m15s    canary: look 2, inconclusive, errors: unlike mixes of traffic
+15m15s   canary: decision 1 on inconclusive: hold: nothing is wanted
+15m15s   canary: ends, its time is up: inconclusive
-- rationale --
2026-01-01T00:15:15Z: inconclusive, and the policy wants nothing done about shop in production
gate canary, decision f12b5ae80edc8c52-1

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  20 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp; passes when ratio < 2
    asked of 4 series, the new side: errors_total{service="shop", track="canary"} of requests_total{service="shop", track="canary"}
    asked of 4 series, the old side: errors_total{service="shop", track="stable"} of requests_total{service="shop", track="stable"}
    20 of 20 looks found both sides, with samples no older than 1m30s
    canary  560 of 40,000 (1.40%)
    stable  400 of 40,000 (1.00%)
    ratio   1.40; between 1.12 and 1.76 at 95%, however often anybody looks
    by `route` the new side has another mix of traffic: with it the old side's 1.00% would be 1.44%

The verdict
  inconclusive: check errors compares unlike mixes of traffic, so it is not judged as a whole
    `by: [route]` compares like with like

The guards
  none spoke

What was done
  nothing

The gate
  2026-01-01T00:15:15Z  stopped watching: its time was up

Replay it bit for bit: backstop replay f12b5ae80edc8c52-1
