Forty services were deployed this morning, and then what they all depend on: that one is bad, and they all go red with it. One change is taken back, that of the dependency; the forty are asked about, with what is likelier to blame.

-- server.yaml --
mode: act
settle: 15s
targets:
  - { service: payment, environment: production, select: { service: payment }, owner: team-shop }
  - { service: s01, environment: production, select: { service: s01 }, owner: team-shop, depends_on: [payment] }
  - { service: s02, environment: production, select: { service: s02 }, owner: team-shop, depends_on: [payment] }
  - { service: s03, environment: production, select: { service: s03 }, owner: team-shop, depends_on: [payment] }
  - { service: s04, environment: production, select: { service: s04 }, owner: team-shop, depends_on: [payment] }
  - { service: s05, environment: production, select: { service: s05 }, owner: team-shop, depends_on: [payment] }
  - { service: s06, environment: production, select: { service: s06 }, owner: team-shop, depends_on: [payment] }
  - { service: s07, environment: production, select: { service: s07 }, owner: team-shop, depends_on: [payment] }
  - { service: s08, environment: production, select: { service: s08 }, owner: team-shop, depends_on: [payment] }
  - { service: s09, environment: production, select: { service: s09 }, owner: team-shop, depends_on: [payment] }
  - { service: s10, environment: production, select: { service: s10 }, owner: team-shop, depends_on: [payment] }
  - { service: s11, environment: production, select: { service: s11 }, owner: team-shop, depends_on: [payment] }
  - { service: s12, environment: production, select: { service: s12 }, owner: team-shop, depends_on: [payment] }
  - { service: s13, environment: production, select: { service: s13 }, owner: team-shop, depends_on: [payment] }
  - { service: s14, environment: production, select: { service: s14 }, owner: team-shop, depends_on: [payment] }
  - { service: s15, environment: production, select: { service: s15 }, owner: team-shop, depends_on: [payment] }
  - { service: s16, environment: production, select: { service: s16 }, owner: team-shop, depends_on: [payment] }
  - { service: s17, environment: production, select: { service: s17 }, owner: team-shop, depends_on: [payment] }
  - { service: s18, environment: production, select: { service: s18 }, owner: team-shop, depends_on: [payment] }
  - { service: s19, environment: production, select: { service: s19 }, owner: team-shop, depends_on: [payment] }
  - { service: s20, environment: production, select: { service: s20 }, owner: team-shop, depends_on: [payment] }
  - { service: s21, environment: production, select: { service: s21 }, owner: team-shop, depends_on: [payment] }
  - { service: s22, environment: production, select: { service: s22 }, owner: team-shop, depends_on: [payment] }
  - { service: s23, environment: production, select: { service: s23 }, owner: team-shop, depends_on: [payment] }
  - { service: s24, environment: production, select: { service: s24 }, owner: team-shop, depends_on: [payment] }
  - { service: s25, environment: production, select: { service: s25 }, owner: team-shop, depends_on: [payment] }
  - { service: s26, environment: production, select: { service: s26 }, owner: team-shop, depends_on: [payment] }
  - { service: s27, environment: production, select: { service: s27 }, owner: team-shop, depends_on: [payment] }
  - { service: s28, environment: production, select: { service: s28 }, owner: team-shop, depends_on: [payment] }
  - { service: s29, environment: production, select: { service: s29 }, owner: team-shop, depends_on: [payment] }
  - { service: s30, environment: production, select: { service: s30 }, owner: team-shop, depends_on: [payment] }
  - { service: s31, environment: production, select: { service: s31 }, owner: team-shop, depends_on: [payment] }
  - { service: s32, environment: production, select: { service: s32 }, owner: team-shop, depends_on: [payment] }
  - { service: s33, environment: production, select: { service: s33 }, owner: team-shop, depends_on: [payment] }
  - { service: s34, environment: production, select: { service: s34 }, owner: team-shop, depends_on: [payment] }
  - { service: s35, environment: production, select: { service: s35 }, owner: team-shop, depends_on: [payment] }
  - { service: s36, environment: production, select: { service: s36 }, owner: team-shop, depends_on: [payment] }
  - { service: s37, environment: production, select: { service: s37 }, owner: team-shop, depends_on: [payment] }
  - { service: s38, environment: production, select: { service: s38 }, owner: team-shop, depends_on: [payment] }
  - { service: s39, environment: production, select: { service: s39 }, owner: team-shop, depends_on: [payment] }
  - { service: s40, environment: production, select: { service: s40 }, owner: team-shop, depends_on: [payment] }
hosts: [ "*.example.com" ]
trust:
  - { files: "*", services: ["*"], actions: [rollback, pause, notify], secrets: [hook], at_most: act }
limits: { everywhere: 99/h, changes_undone_at_once: 3 }
secrets:
  hook: { env: HOOK }

-- canary.yaml --
gates:
  - gate: canary
    owner: team-shop
    runbook: https://runbooks.example.com/canary
    upon: canary
    match: { environment: production }
    begins: { at: first_traffic, warmup: 30s, within: 10m }
    ends: { after: 30m, not_before: 20m }
    tracks: { label: track, canary: canary, stable: stable }
    checks:
      - check: errors
        proportion: { bad: errors_total, of: requests_total, absent_bad: zero_if_on_other_track }
        fails_when: ratio > 1.25 and difference > 0.05pp
    then:
      fail: [ { confidence: 0.98, do: tell }, { confidence: 0.99, do: take-back } ]
    first_release: tell

-- actions.yaml --
actions:
  - action: take-back
    does: rollback
    approval: none
    owner: team-shop
    runbook: https://runbooks.example.com/take-back
    webhook: { url: "https://deploy.example.com/take-back", sign: hook }
  - action: tell
    does: notify
    webhook: { url: "https://chat.example.com/shop", sign: hook }

-- story --
from -1h every 15s: requests_total{service="payment",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="payment",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="payment",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="payment",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s01",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s01",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s01",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s01",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s02",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s02",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s02",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s02",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s03",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s03",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s03",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s03",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s04",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s04",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s04",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s04",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s05",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s05",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s05",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s05",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s06",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s06",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s06",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s06",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s07",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s07",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s07",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s07",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s08",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s08",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s08",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s08",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s09",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s09",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s09",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s09",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s10",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s10",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s10",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s10",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s11",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s11",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s11",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s11",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s12",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s12",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s12",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s12",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s13",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s13",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s13",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s13",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s14",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s14",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s14",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s14",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s15",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s15",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s15",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s15",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s16",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s16",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s16",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s16",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s17",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s17",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s17",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s17",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s18",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s18",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s18",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s18",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s19",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s19",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s19",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s19",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s20",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s20",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s20",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s20",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s21",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s21",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s21",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s21",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s22",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s22",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s22",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s22",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s23",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s23",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s23",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s23",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s24",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s24",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s24",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s24",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s25",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s25",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s25",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s25",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s26",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s26",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s26",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s26",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s27",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s27",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s27",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s27",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s28",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s28",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s28",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s28",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s29",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s29",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s29",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s29",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s30",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s30",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s30",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s30",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s31",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s31",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s31",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s31",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s32",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s32",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s32",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s32",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s33",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s33",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s33",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s33",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s34",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s34",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s34",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s34",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s35",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s35",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s35",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s35",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s36",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s36",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s36",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s36",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s37",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s37",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s37",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s37",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s38",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s38",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s38",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s38",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s39",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s39",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s39",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s39",track="canary"} 0x8 8+8x22
from -1h every 15s: requests_total{service="s40",track="stable"} 0+1500x288
from -1h every 15s: errors_total{service="s40",track="stable"} 0+3x288
from 4m every 15s: requests_total{service="s40",track="canary"} 0+150x30
from 4m every 15s: errors_total{service="s40",track="canary"} 0x8 8+8x22

at 4m change {"service": "s01", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s02", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s03", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s04", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s05", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s06", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s07", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s08", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s09", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s10", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s11", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s12", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s13", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s14", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s15", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s16", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s17", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s18", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s19", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s20", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s21", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s22", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s23", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s24", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s25", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s26", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s27", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s28", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s29", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s30", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s31", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s32", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s33", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s34", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s35", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s36", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s37", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s38", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s39", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "s40", "environment": "production", "version": "2.4.1", "previous": "2.4.0", "kind": "canary"}
at 4m change {"service": "payment", "environment": "production", "version": "7.0.0", "previous": "6.9.9", "kind": "canary"}
until 9m
-- expected --
+4m       canary (s01 2.4.1): waits
+4m       canary (s02 2.4.1): waits
+4m       canary (s03 2.4.1): waits
+4m       canary (s04 2.4.1): waits
+4m       canary (s05 2.4.1): waits
+4m       canary (s06 2.4.1): waits
+4m       canary (s07 2.4.1): waits
+4m       canary (s08 2.4.1): waits
+4m       canary (s09 2.4.1): waits
+4m       canary (s10 2.4.1): waits
+4m       canary (s11 2.4.1): waits
+4m       canary (s12 2.4.1): waits
+4m       canary (s13 2.4.1): waits
+4m       canary (s14 2.4.1): waits
+4m       canary (s15 2.4.1): waits
+4m       canary (s16 2.4.1): waits
+4m       canary (s17 2.4.1): waits
+4m       canary (s18 2.4.1): waits
+4m       canary (s19 2.4.1): waits
+4m       canary (s20 2.4.1): waits
+4m       canary (s21 2.4.1): waits
+4m       canary (s22 2.4.1): waits
+4m       canary (s23 2.4.1): waits
+4m       canary (s24 2.4.1): waits
+4m       canary (s25 2.4.1): waits
+4m       canary (s26 2.4.1): waits
+4m       canary (s27 2.4.1): waits
+4m       canary (s28 2.4.1): waits
+4m       canary (s29 2.4.1): waits
+4m       canary (s30 2.4.1): waits
+4m       canary (s31 2.4.1): waits
+4m       canary (s32 2.4.1): waits
+4m       canary (s33 2.4.1): waits
+4m       canary (s34 2.4.1): waits
+4m       canary (s35 2.4.1): waits
+4m       canary (s36 2.4.1): waits
+4m       canary (s37 2.4.1): waits
+4m       canary (s38 2.4.1): waits
+4m       canary (s39 2.4.1): waits
+4m       canary (s40 2.4.1): waits
+4m       canary (payment 7.0.0): waits
+5m15s    canary (s29 2.4.1): looks
+5m15s    canary (s28 2.4.1): looks
+5m15s    canary (s15 2.4.1): looks
+5m15s    canary (s20 2.4.1): looks
+5m15s    canary (s13 2.4.1): looks
+5m15s    canary (s18 2.4.1): looks
+5m15s    canary (s24 2.4.1): looks
+5m15s    canary (s40 2.4.1): looks
+5m15s    canary (s09 2.4.1): looks
+5m15s    canary (s32 2.4.1): looks
+5m15s    canary (s27 2.4.1): looks
+5m15s    canary (s01 2.4.1): looks
+5m15s    canary (s17 2.4.1): looks
+5m15s    canary (s37 2.4.1): looks
+5m15s    canary (s14 2.4.1): looks
+5m15s    canary (s26 2.4.1): looks
+5m15s    canary (s22 2.4.1): looks
+5m15s    canary (s33 2.4.1): looks
+5m15s    canary (s21 2.4.1): looks
+5m15s    canary (s36 2.4.1): looks
+5m15s    canary (s34 2.4.1): looks
+5m15s    canary (payment 7.0.0): looks
+5m15s    canary (s07 2.4.1): looks
+5m15s    canary (s08 2.4.1): looks
+5m15s    canary (s16 2.4.1): looks
+5m15s    canary (s04 2.4.1): looks
+5m15s    canary (s06 2.4.1): looks
+5m15s    canary (s03 2.4.1): looks
+5m15s    canary (s38 2.4.1): looks
+5m15s    canary (s10 2.4.1): looks
+5m15s    canary (s11 2.4.1): looks
+5m15s    canary (s31 2.4.1): looks
+5m15s    canary (s05 2.4.1): looks
+5m15s    canary (s12 2.4.1): looks
+5m15s    canary (s30 2.4.1): looks
+5m15s    canary (s39 2.4.1): looks
+5m15s    canary (s25 2.4.1): looks
+5m15s    canary (s02 2.4.1): looks
+5m15s    canary (s23 2.4.1): looks
+5m15s    canary (s35 2.4.1): looks
+5m15s    canary (s19 2.4.1): looks
+5m45s    canary (s29 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s28 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s15 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s20 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s13 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s18 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s24 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s40 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s09 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s32 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s27 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s01 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s17 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s37 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s14 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s26 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s22 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s33 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s21 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s36 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s34 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (payment 7.0.0): look 1, inconclusive, nothing is proved
+5m45s    canary (s07 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s08 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s16 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s04 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s06 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s03 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s38 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s10 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s11 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s31 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s05 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s12 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s30 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s39 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s25 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s02 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s23 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s35 2.4.1): look 1, inconclusive, nothing is proved
+5m45s    canary (s19 2.4.1): look 1, inconclusive, nothing is proved
+7m15s    canary (s29 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s29 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s28 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s28 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s15 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s15 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s20 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s20 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s13 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s13 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s18 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s18 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s24 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s24 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s40 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s40 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s09 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s09 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s32 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s32 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s27 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s27 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s01 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s01 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s17 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s17 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s37 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s37 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s14 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s14 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s26 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s26 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s22 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s22 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s33 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s33 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s21 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s21 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s36 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s36 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s34 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s34 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (payment 7.0.0): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (payment 7.0.0): decision 1 on fail at 0.98: do tell
+7m15s    canary (s07 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s07 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s08 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s08 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s16 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s16 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s04 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s04 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s06 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s06 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s03 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s03 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s38 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s38 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s10 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s10 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s11 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s11 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s31 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s31 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s05 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s05 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s12 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s12 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s30 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s30 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s39 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s39 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s25 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s25 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s02 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s02 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s23 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s23 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s35 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s35 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    canary (s19 2.4.1): look 4, fail by errors, confidence at least 0.95
+7m15s    canary (s19 2.4.1): decision 1 on fail at 0.98: do tell
+7m15s    tell (s29): attempt 1
+7m15s    tell (s28): attempt 1
+7m15s    tell (s15): attempt 1
+7m15s    tell (s20): attempt 1
+7m15s    tell (s13): attempt 1
+7m15s    tell (s18): attempt 1
+7m15s    tell (s24): attempt 1
+7m15s    tell (s40): attempt 1
+7m15s    tell (s09): attempt 1
+7m15s    tell (s32): attempt 1
+7m15s    tell (s27): attempt 1
+7m15s    tell (s01): attempt 1
+7m15s    tell (s17): attempt 1
+7m15s    tell (s37): attempt 1
+7m15s    tell (s14): attempt 1
+7m15s    tell (s26): attempt 1
+7m15s    tell (s22): attempt 1
+7m15s    tell (s33): attempt 1
+7m15s    tell (s21): attempt 1
+7m15s    tell (s36): attempt 1
+7m15s    tell (s34): attempt 1
+7m15s    tell (payment): attempt 1
+7m15s    tell (s07): attempt 1
+7m15s    tell (s08): attempt 1
+7m15s    tell (s16): attempt 1
+7m15s    tell (s04): attempt 1
+7m15s    tell (s06): attempt 1
+7m15s    tell (s03): attempt 1
+7m15s    tell (s38): attempt 1
+7m15s    tell (s10): attempt 1
+7m15s    tell (s11): attempt 1
+7m15s    tell (s31): attempt 1
+7m15s    tell (s05): attempt 1
+7m15s    tell (s12): attempt 1
+7m15s    tell (s30): attempt 1
+7m15s    tell (s39): attempt 1
+7m15s    tell (s25): attempt 1
+7m15s    tell (s02): attempt 1
+7m15s    tell (s23): attempt 1
+7m15s    tell (s35): attempt 1
+7m15s    tell (s19): attempt 1
+7m16s    tell (s29): attempt 1 taken with 200
+7m16s    tell (s29): done, the receiver took it
+7m16s    tell (s28): attempt 1 taken with 200
+7m16s    tell (s28): done, the receiver took it
+7m16s    tell (s15): attempt 1 taken with 200
+7m16s    tell (s15): done, the receiver took it
+7m16s    tell (s20): attempt 1 taken with 200
+7m16s    tell (s20): done, the receiver took it
+7m16s    tell (s13): attempt 1 taken with 200
+7m16s    tell (s13): done, the receiver took it
+7m16s    tell (s18): attempt 1 taken with 200
+7m16s    tell (s18): done, the receiver took it
+7m16s    tell (s24): attempt 1 taken with 200
+7m16s    tell (s24): done, the receiver took it
+7m16s    tell (s40): attempt 1 taken with 200
+7m16s    tell (s40): done, the receiver took it
+7m16s    tell (s09): attempt 1 taken with 200
+7m16s    tell (s09): done, the receiver took it
+7m16s    tell (s32): attempt 1 taken with 200
+7m16s    tell (s32): done, the receiver took it
+7m16s    tell (s27): attempt 1 taken with 200
+7m16s    tell (s27): done, the receiver took it
+7m16s    tell (s01): attempt 1 taken with 200
+7m16s    tell (s01): done, the receiver took it
+7m16s    tell (s17): attempt 1 taken with 200
+7m16s    tell (s17): done, the receiver took it
+7m16s    tell (s37): attempt 1 taken with 200
+7m16s    tell (s37): done, the receiver took it
+7m16s    tell (s14): attempt 1 taken with 200
+7m16s    tell (s14): done, the receiver took it
+7m16s    tell (s26): attempt 1 taken with 200
+7m16s    tell (s26): done, the receiver took it
+7m16s    tell (s22): attempt 1 taken with 200
+7m16s    tell (s22): done, the receiver took it
+7m16s    tell (s33): attempt 1 taken with 200
+7m16s    tell (s33): done, the receiver took it
+7m16s    tell (s21): attempt 1 taken with 200
+7m16s    tell (s21): done, the receiver took it
+7m16s    tell (s36): attempt 1 taken with 200
+7m16s    tell (s36): done, the receiver took it
+7m16s    tell (s34): attempt 1 taken with 200
+7m16s    tell (s34): done, the receiver took it
+7m16s    tell (payment): attempt 1 taken with 200
+7m16s    tell (payment): done, the receiver took it
+7m16s    tell (s07): attempt 1 taken with 200
+7m16s    tell (s07): done, the receiver took it
+7m16s    tell (s08): attempt 1 taken with 200
+7m16s    tell (s08): done, the receiver took it
+7m16s    tell (s16): attempt 1 taken with 200
+7m16s    tell (s16): done, the receiver took it
+7m16s    tell (s04): attempt 1 taken with 200
+7m16s    tell (s04): done, the receiver took it
+7m16s    tell (s06): attempt 1 taken with 200
+7m16s    tell (s06): done, the receiver took it
+7m16s    tell (s03): attempt 1 taken with 200
+7m16s    tell (s03): done, the receiver took it
+7m16s    tell (s38): attempt 1 taken with 200
+7m16s    tell (s38): done, the receiver took it
+7m16s    tell (s10): attempt 1 taken with 200
+7m16s    tell (s10): done, the receiver took it
+7m16s    tell (s11): attempt 1 taken with 200
+7m16s    tell (s11): done, the receiver took it
+7m16s    tell (s31): attempt 1 taken with 200
+7m16s    tell (s31): done, the receiver took it
+7m16s    tell (s05): attempt 1 taken with 200
+7m16s    tell (s05): done, the receiver took it
+7m16s    tell (s12): attempt 1 taken with 200
+7m16s    tell (s12): done, the receiver took it
+7m16s    tell (s30): attempt 1 taken with 200
+7m16s    tell (s30): done, the receiver took it
+7m16s    tell (s39): attempt 1 taken with 200
+7m16s    tell (s39): done, the receiver took it
+7m16s    tell (s25): attempt 1 taken with 200
+7m16s    tell (s25): done, the receiver took it
+7m16s    tell (s02): attempt 1 taken with 200
+7m16s    tell (s02): done, the receiver took it
+7m16s    tell (s23): attempt 1 taken with 200
+7m16s    tell (s23): done, the receiver took it
+7m16s    tell (s35): attempt 1 taken with 200
+7m16s    tell (s35): done, the receiver took it
+7m16s    tell (s19): attempt 1 taken with 200
+7m16s    tell (s19): done, the receiver took it
+7m45s    canary (s29 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s28 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s15 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s20 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s13 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s18 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s24 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s40 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s09 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s32 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s27 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s01 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s17 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s37 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s14 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s26 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s22 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s33 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s21 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s36 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s34 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (payment 7.0.0): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s07 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s08 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s16 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s04 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s06 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s03 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s38 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s10 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s11 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s31 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s05 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s12 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s30 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s39 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s25 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s02 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s23 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s35 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s19 2.4.1): look 5, fail by errors, confidence at least 0.99
+7m45s    canary (s19 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s29 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s28 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s15 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s20 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s13 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s18 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s24 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s40 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s09 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s32 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s27 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s01 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s17 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s37 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s14 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s26 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s22 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s33 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s21 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s36 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s34 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (payment 7.0.0): decision 2 on fail at 0.99: do take-back
+7m45s    canary (s07 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s08 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s16 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s04 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s06 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s03 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s38 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s10 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s11 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s31 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s05 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s12 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s30 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s39 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s25 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s02 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s23 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    canary (s35 2.4.1): decision 2 on fail at 0.99: ask: take-back; payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause
+7m45s    tell (s19): attempt 1, to call somebody: it is held
+7m45s    tell (s29): attempt 1, to call somebody: it is held
+7m45s    tell (s28): attempt 1, to call somebody: it is held
+7m45s    tell (s15): attempt 1, to call somebody: it is held
+7m45s    tell (s20): attempt 1, to call somebody: it is held
+7m45s    tell (s13): attempt 1, to call somebody: it is held
+7m45s    tell (s18): attempt 1, to call somebody: it is held
+7m45s    tell (s24): attempt 1, to call somebody: it is held
+7m45s    tell (s40): attempt 1, to call somebody: it is held
+7m45s    tell (s09): attempt 1, to call somebody: it is held
+7m45s    tell (s32): attempt 1, to call somebody: it is held
+7m45s    tell (s27): attempt 1, to call somebody: it is held
+7m45s    tell (s01): attempt 1, to call somebody: it is held
+7m45s    tell (s17): attempt 1, to call somebody: it is held
+7m45s    tell (s37): attempt 1, to call somebody: it is held
+7m45s    tell (s14): attempt 1, to call somebody: it is held
+7m45s    tell (s26): attempt 1, to call somebody: it is held
+7m45s    tell (s22): attempt 1, to call somebody: it is held
+7m45s    tell (s33): attempt 1, to call somebody: it is held
+7m45s    tell (s21): attempt 1, to call somebody: it is held
+7m45s    tell (s36): attempt 1, to call somebody: it is held
+7m45s    tell (s34): attempt 1, to call somebody: it is held
+7m45s    take-back (payment): attempt 1
+7m45s    tell (s07): attempt 1, to call somebody: it is held
+7m45s    tell (s08): attempt 1, to call somebody: it is held
+7m45s    tell (s16): attempt 1, to call somebody: it is held
+7m45s    tell (s04): attempt 1, to call somebody: it is held
+7m45s    tell (s06): attempt 1, to call somebody: it is held
+7m45s    tell (s03): attempt 1, to call somebody: it is held
+7m45s    tell (s38): attempt 1, to call somebody: it is held
+7m45s    tell (s10): attempt 1, to call somebody: it is held
+7m45s    tell (s11): attempt 1, to call somebody: it is held
+7m45s    tell (s31): attempt 1, to call somebody: it is held
+7m45s    tell (s05): attempt 1, to call somebody: it is held
+7m45s    tell (s12): attempt 1, to call somebody: it is held
+7m45s    tell (s30): attempt 1, to call somebody: it is held
+7m45s    tell (s39): attempt 1, to call somebody: it is held
+7m45s    tell (s25): attempt 1, to call somebody: it is held
+7m45s    tell (s02): attempt 1, to call somebody: it is held
+7m45s    tell (s23): attempt 1, to call somebody: it is held
+7m45s    tell (s35): attempt 1, to call somebody: it is held
+7m46s    tell (s19): attempt 1 taken with 200
+7m46s    tell (s19): done, the receiver took it
+7m46s    tell (s29): attempt 1 taken with 200
+7m46s    tell (s29): done, the receiver took it
+7m46s    tell (s28): attempt 1 taken with 200
+7m46s    tell (s28): done, the receiver took it
+7m46s    tell (s15): attempt 1 taken with 200
+7m46s    tell (s15): done, the receiver took it
+7m46s    tell (s20): attempt 1 taken with 200
+7m46s    tell (s20): done, the receiver took it
+7m46s    tell (s13): attempt 1 taken with 200
+7m46s    tell (s13): done, the receiver took it
+7m46s    tell (s18): attempt 1 taken with 200
+7m46s    tell (s18): done, the receiver took it
+7m46s    tell (s24): attempt 1 taken with 200
+7m46s    tell (s24): done, the receiver took it
+7m46s    tell (s40): attempt 1 taken with 200
+7m46s    tell (s40): done, the receiver took it
+7m46s    tell (s09): attempt 1 taken with 200
+7m46s    tell (s09): done, the receiver took it
+7m46s    tell (s32): attempt 1 taken with 200
+7m46s    tell (s32): done, the receiver took it
+7m46s    tell (s27): attempt 1 taken with 200
+7m46s    tell (s27): done, the receiver took it
+7m46s    tell (s01): attempt 1 taken with 200
+7m46s    tell (s01): done, the receiver took it
+7m46s    tell (s17): attempt 1 taken with 200
+7m46s    tell (s17): done, the receiver took it
+7m46s    tell (s37): attempt 1 taken with 200
+7m46s    tell (s37): done, the receiver took it
+7m46s    tell (s14): attempt 1 taken with 200
+7m46s    tell (s14): done, the receiver took it
+7m46s    tell (s26): attempt 1 taken with 200
+7m46s    tell (s26): done, the receiver took it
+7m46s    tell (s22): attempt 1 taken with 200
+7m46s    tell (s22): done, the receiver took it
+7m46s    tell (s33): attempt 1 taken with 200
+7m46s    tell (s33): done, the receiver took it
+7m46s    tell (s21): attempt 1 taken with 200
+7m46s    tell (s21): done, the receiver took it
+7m46s    tell (s36): attempt 1 taken with 200
+7m46s    tell (s36): done, the receiver took it
+7m46s    tell (s34): attempt 1 taken with 200
+7m46s    tell (s34): done, the receiver took it
+7m46s    take-back (payment): attempt 1 taken with 200
+7m46s    take-back (payment): done, the receiver took it
+7m46s    canary (payment 7.0.0): ends, the change was taken back: fail
+7m46s    canary (payment 7.0.0): looks whether things are well again
+7m46s    tell (s07): attempt 1 taken with 200
+7m46s    tell (s07): done, the receiver took it
+7m46s    tell (s08): attempt 1 taken with 200
+7m46s    tell (s08): done, the receiver took it
+7m46s    tell (s16): attempt 1 taken with 200
+7m46s    tell (s16): done, the receiver took it
+7m46s    tell (s04): attempt 1 taken with 200
+7m46s    tell (s04): done, the receiver took it
+7m46s    tell (s06): attempt 1 taken with 200
+7m46s    tell (s06): done, the receiver took it
+7m46s    tell (s03): attempt 1 taken with 200
+7m46s    tell (s03): done, the receiver took it
+7m46s    tell (s38): attempt 1 taken with 200
+7m46s    tell (s38): done, the receiver took it
+7m46s    tell (s10): attempt 1 taken with 200
+7m46s    tell (s10): done, the receiver took it
+7m46s    tell (s11): attempt 1 taken with 200
+7m46s    tell (s11): done, the receiver took it
+7m46s    tell (s31): attempt 1 taken with 200
+7m46s    tell (s31): done, the receiver took it
+7m46s    tell (s05): attempt 1 taken with 200
+7m46s    tell (s05): done, the receiver took it
+7m46s    tell (s12): attempt 1 taken with 200
+7m46s    tell (s12): done, the receiver took it
+7m46s    tell (s30): attempt 1 taken with 200
+7m46s    tell (s30): done, the receiver took it
+7m46s    tell (s39): attempt 1 taken with 200
+7m46s    tell (s39): done, the receiver took it
+7m46s    tell (s25): attempt 1 taken with 200
+7m46s    tell (s25): done, the receiver took it
+7m46s    tell (s02): attempt 1 taken with 200
+7m46s    tell (s02): done, the receiver took it
+7m46s    tell (s23): attempt 1 taken with 200
+7m46s    tell (s23): done, the receiver took it
+7m46s    tell (s35): attempt 1 taken with 200
+7m46s    tell (s35): done, the receiver took it
-- rationale --
2026-01-01T00:07:45Z: fail: ask a person whether to roll back s35 in production [take-back]
gate canary, decision efabe2383a227ea3-2

The change
  canary of s35 in production to 2.4.1, in place of 2.4.0
  in effect since 2026-01-01T00:04:00Z, told by somebody who may record changes

The evidence
  5 looks, 30s apart, counted from 2026-01-01T00:05:00Z
  check errors: fails when ratio > 1.25 and difference > 0.05pp
    asked of 2 series, the new side: errors_total{service="s35", track="canary"} of requests_total{service="s35", track="canary"}
    asked of 2 series, the old side: errors_total{service="s35", track="stable"} of requests_total{service="s35", track="stable"}
    5 of 5 looks found both sides, with samples no older than 1m30s
    canary  48 of 1,500 (3.20%)
    stable  30 of 15,000 (0.200%)
    ratio   16.0; between 7.77 and 34.4 at 95%, however often anybody looks

The verdict
  fail: check errors says it loudest
  confidence 99.9112%
    of harmless releases, fewer than 1 in 1,127 would show evidence this strong,
    however often anybody looks

The guards
  payment, which it depends on, was changed to 7.0.0 and fails as well: that is the likelier cause (until the change of payment is undone, or proved harmless)

What was done
  nothing so far: it is for a person to say

What else was done about this change
  2026-01-01T00:07:15Z  [tell] begun
  2026-01-01T00:07:16Z  [tell] done: the receiver took it
  2026-01-01T00:07:45Z  [tell] begun: somebody is called, as something is held
  2026-01-01T00:07:46Z  [tell] done: the receiver took it

Replay it bit for bit: backstop replay efabe2383a227ea3-2
