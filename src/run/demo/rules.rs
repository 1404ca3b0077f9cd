//! The rules of the demonstration: what a team would write, at the pace of the one who watches.

use std::net::SocketAddr;
use std::path::Path;

use crate::run::args::Scenario;
use crate::unit::Span;

/// How fast everything goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// How far apart samples are.
    pub(super) scrape: Span,
    /// How far apart looks are.
    pub(super) look: Span,
    /// How long before the change the shop was running.
    pub(super) before: Span,
    /// How long the canary is well.
    pub(super) well: Span,
    /// How long the gate watches at least: what goes bad later than it is proved well is another story.
    pub(super) least: Span,
    /// How long the gate watches at most.
    pub(super) watch: Span,
    /// How long the shop may take to be well again.
    pub(super) recovers: Span,
    /// How long everything may take.
    pub(super) patience: Span,
    /// How many requests a second the shop gets.
    pub(super) requests: u64,
}

impl Pace {
    pub(super) const fn of(fast: bool, scenario: Scenario) -> Self {
        let requests = match scenario {
            Scenario::LowTraffic => 4,
            Scenario::Healthy | Scenario::BadCanary => 20_000,
        };
        if fast {
            return Self {
                scrape: Span::from_millis(200),
                look: Span::from_secs(1),
                before: Span::from_secs(600),
                well: Span::from_millis(1_500),
                least: Span::from_secs(4),
                watch: Span::from_secs(7),
                recovers: Span::from_secs(4),
                patience: Span::from_secs(20),
                requests,
            };
        }
        Self {
            scrape: Span::from_millis(1_000),
            look: Span::from_secs(3),
            before: Span::from_secs(1_800),
            well: Span::from_secs(12),
            least: Span::from_secs(24),
            watch: Span::from_secs(42),
            recovers: Span::from_secs(12),
            patience: Span::from_secs(120),
            requests,
        }
    }
}

/// Rules and server settings in one file.
pub(super) fn rules(pace: &Pace, folder: &Path, target: SocketAddr) -> String {
    let (look, least, watch, settle) = (pace.look, pace.least, pace.watch, pace.scrape);
    let recovers = pace.recovers;
    let gone = Span::from_millis(pace.scrape.millis() * 3);
    let (folder, ip) = (folder.display(), target.ip());
    format!(
        "\
mode: act
hosts:
  - {{ host: {ip}, addresses: [{ip}], http: true }}
settle: {settle}
secrets:
  token: {{ file: {folder}/token }}
  hook: {{ file: {folder}/hook }}
access:
  - {{ who: pipeline, token: token, may: [change, ingest, read] }}
targets:
  - service: shop
    environment: production
    select: {{ service: shop }}
    owner: team-shop
trust:
  - {{ files: \"*\", services: [shop], actions: [rollback, notify], secrets: [hook], at_most: act }}
gates:
  - gate: shop-canary
    owner: team-shop
    runbook: https://runbooks.example.com/canary
    upon: canary
    match: {{ service: shop, environment: production }}
    every: {look}
    begins: {{ at: first_traffic, warmup: 0s, within: {watch} }}
    ends: {{ after: {watch}, not_before: {least} }}
    recovers_within: {recovers}
    tracks: {{ label: track, canary: canary, stable: stable }}
    checks:
      - check: errors
        proportion: {{ bad: 'http_requests_total{{code=~\"5..\"}}', of: http_requests_total, absent_bad: zero_if_on_other_track }}
        fails_when: ratio > 1.25 and difference > 0.05pp
        passes_when: ratio < 2
    then:
      fail: [ {{ confidence: 0.80, do: notify }}, {{ confidence: 0.99, do: take-back }} ]
    first_release: notify
actions:
  - action: take-back
    does: rollback
    approval: none
    owner: team-shop
    runbook: https://runbooks.example.com/take-back
    webhook:
      url: http://{target}/take-back
      sign: hook
      verify: {{ expr: 'absent_over_time(http_requests_total{{service=\"shop\", track=\"canary\"}}[{gone}])' }}
  - action: notify
    webhook: {{ url: http://{target}/notify, sign: hook }}
"
    )
}
