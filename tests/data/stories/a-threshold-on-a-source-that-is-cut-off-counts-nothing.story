One bad sample and then silence: it would look bad for five minutes, but what is not heard of casts no vote.

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
      - check: burn
        expr: max(errors_now)
        fails_when: value > 14.4
        looks: 3 of 5
    then: { fail: [ { confidence: 0.80, do: tell }, { confidence: 0.95, do: hold } ] }
    first_release: tell

-- story --
include act.yaml
include actions.yaml

from -10m every 15s: errors_now{service="shop",track="canary"} 1x70 90 1x60
at 7m45s source cut for 5m

at 4m change {"service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
until 16m
-- expected --
+4m       burn: waits
+5m15s    burn: looks
+5m45s    burn: look 1, inconclusive, nothing is proved
+9m15s    burn: look 8, inconclusive, burn: the new side was not heard of lately
+12m45s   burn: look 15, inconclusive, nothing is proved
+15m15s   burn: decision 1 on inconclusive: hold: nothing is wanted
+15m15s   burn: ends, its time is up: inconclusive
-- rationale --
2026-01-01T00:15:15Z: inconclusive, and the policy wants nothing done about shop in production
gate burn, decision 95b237e844e76d18-1

The change
  canary of shop in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  20 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check burn: fails when value > 14.4 in 3 of 5 looks
    asked of 1 series: max(errors_now{service="shop"})
    13 of 20 looks found it, with samples no older than 1m
    value   1.000 at the last look
    broken  in 0 of the last 5 looks
    this is a threshold, with no statistics behind it

The verdict
  inconclusive: nothing is proved, and check burn is not kept as far as a pass would ask
  next to nothing speaks against it

The guards
  none spoke

What was done
  nothing

The gate
  2026-01-01T00:15:15Z  stopped watching: its time was up

Replay it bit for bit: backstop replay 95b237e844e76d18-1
