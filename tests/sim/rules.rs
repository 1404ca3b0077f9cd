//! The rules of a simulated world: a canary or an after/before gate for each service, with a ladder of actions.

use std::fmt::Write as _;
use std::sync::Arc;

use backstop::config;
use backstop::decision::Mode;
use backstop::engine::Program;
use backstop::lint::Severity;
use backstop::promql;
use backstop::unit::{Rate, Span};

/// How many services there are.
pub(crate) const SERVICES: usize = 10;

/// From which service on changes are whole deployments, with nothing running beside them.
pub(crate) const DEPLOYED: usize = 8;

/// The rungs of every gate.
pub(crate) const NOTIFY: f64 = 0.80;
pub(crate) const PAUSE: f64 = 0.95;
pub(crate) const ROLLBACK: f64 = 0.99;

/// What became of the rules of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edit {
    /// They are as at first.
    Nothing,
    /// More may be worse, by which a gate that looks does not go.
    Milder,
    /// It is not paused any more.
    NoPause,
    /// Nobody can see whether an action worked.
    Unverified,
    /// Its actions have other names.
    Actions,
    /// Its gate has another name.
    Gate,
    /// Its check has another name: it is another question.
    Check,
    /// It is not there any more.
    Gone,
}

/// All that may become of them.
pub(crate) const EDITS: [Edit; 8] = [
    Edit::Nothing,
    Edit::Milder,
    Edit::NoPause,
    Edit::Unverified,
    Edit::Actions,
    Edit::Gate,
    Edit::Check,
    Edit::Gone,
];

impl Edit {
    /// The beginning of its gate's name, and the name of its check: a gate goes on while both stay.
    pub(crate) const fn asks(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Nothing | Self::Milder | Self::NoPause | Self::Unverified | Self::Actions => {
                Some(("g", "errors"))
            }
            Self::Gate => Some(("h", "errors")),
            Self::Check => Some(("g", "failures")),
            Self::Gone => None,
        }
    }

    /// What its actions are called.
    const fn does(self) -> (&'static str, &'static str) {
        if matches!(self, Self::Actions) { ("undo", "hold") } else { ("back", "pause") }
    }
}

/// The rules at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Edition {
    /// How far automation may go.
    pub(crate) mode: Mode,
    /// What became of each service's.
    pub(crate) edits: [Edit; SERVICES],
}

impl Edition {
    /// That of every beginning.
    pub(crate) const FIRST: Self = Self { mode: Mode::Act, edits: [Edit::Nothing; SERVICES] };

    /// The services that there are.
    fn services(&self) -> impl Iterator<Item = (usize, Edit)> {
        self.edits.into_iter().enumerate().filter(|(_, edit)| *edit != Edit::Gone)
    }
}

/// How often automation may act.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ceilings {
    /// All actions together.
    pub(crate) everywhere: &'static str,
    /// All actions on a service.
    pub(crate) per_service: &'static str,
    /// Each action on a service.
    pub(crate) own: &'static str,
    cooldown: &'static str,
    at_once: u32,
}

/// So wide that nothing is held back by them.
pub(crate) const WIDE: Ceilings =
    Ceilings { everywhere: "200/h", per_service: "50/h", own: "20/h", cooldown: "0s", at_once: 100 };

/// The others, from narrow to less so.
pub(crate) const CEILINGS: [Ceilings; 3] = [
    Ceilings { everywhere: "3/h", per_service: "2/h", own: "1/h", cooldown: "10m", at_once: 3 },
    Ceilings { everywhere: "5/30m", per_service: "2/20m", own: "1/20m", cooldown: "5m", at_once: 2 },
    Ceilings { everywhere: "12/h", per_service: "3/h", own: "1/h", cooldown: "2m", at_once: 6 },
];

impl Ceilings {
    pub(crate) fn rate(text: &str) -> (u32, i64) {
        let rate: Rate = text.parse().unwrap();
        (rate.times(), i64::try_from(rate.per().millis()).unwrap())
    }

    /// The program of these ceilings.
    pub(crate) fn program(&self, edition: &Edition) -> Arc<Program> {
        let mut gathered = config::Gathered::default();
        gathered.files.add("rules.yaml".to_owned(), self.text(edition));
        let loaded = config::load(gathered, promql::Features::NONE);
        let errors: Vec<_> =
            loaded.findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        let program = config::program(&loaded);
        assert_eq!(program.watches.len(), edition.services().count());
        assert_eq!(program.settle, Span::from_secs(15));
        Arc::new(program)
    }

    fn text(&self, edition: &Edition) -> String {
        let Self { everywhere, per_service, cooldown, at_once, .. } = self;
        let mode = edition.mode;
        let mut text = format!(
            "\
mode: {mode}
hosts: [ {{ host: receiver.example.com, http: true }} ]
settle: 15s
limits: {{ everywhere: {everywhere}, per_service: {per_service}, changes_undone_at_once: {at_once}, cooldown: {cooldown} }}
trust:
  - {{ files: \"*\", services: [\"*\"], actions: [rollback, pause, notify], at_most: act }}
targets:
"
        );
        for (service, _) in edition.services() {
            writeln!(text, "  - {{ service: s{service}, environment: production, select: {{ service: s{service} }}, owner: team }}")
                .unwrap();
        }
        text.push_str("gates:\n");
        edition.services().for_each(|own| gate(&mut text, own));
        text.push_str(
            "actions:\n  - { action: notify, webhook: { url: \"http://receiver.example.com/notify\", body: { text: '{{ query `sum(http_requests_total)` | first | value }}' } } }\n",
        );
        edition.services().for_each(|own| actions(&mut text, own, self));
        text
    }
}

/// The gate of a service.
fn gate(text: &mut String, (service, edit): (usize, Edit)) {
    let Some((gate, check)) = edit.asks() else { return };
    let (undo, hold) = edit.does();
    let (upon, against) = if service < DEPLOYED {
        ("canary", "tracks: { label: track, canary: canary, stable: stable }")
    } else {
        ("deployment", "compare: { after: before, baseline: 30m }")
    };
    // One of them stops at a pause, as before/after evidence does; the other may undo, in so many words.
    let rollback = format!(", {{ confidence: {ROLLBACK}, do: {undo}-{service} }}");
    let pause = format!(", {{ confidence: {PAUSE}, do: {hold}-{service} }}");
    let pause = if edit == Edit::NoPause { "" } else { &*pause };
    let ratio = if edit == Edit::Milder { "1.5" } else { "1.25" };
    let (rollback, may) = match service {
        ..DEPLOYED => (&*rollback, ""),
        DEPLOYED => ("", ""),
        _ => (&*rollback, "may_undo_on: before_after"),
    };
    let absent = if service < DEPLOYED { "zero_if_on_other_track" } else { "unknown" };
    write!(
        text,
        "  - gate: {gate}{service}
    owner: team
    upon: {upon}
    match: {{ service: s{service}, environment: production }}
    every: 30s
    begins: {{ at: first_traffic, warmup: 30s, within: 8m }}
    ends: {{ after: 20m, not_before: 10m }}
    {against}
    checks:
      - check: {check}
        proportion: {{ bad: 'http_requests_total{{code=\"500\"}}', of: http_requests_total, absent_bad: {absent} }}
        fails_when: ratio > {ratio} and difference > 0.05pp
        passes_when: ratio < 2
    then:
      fail: [ {{ confidence: {NOTIFY}, do: notify }}{pause}{rollback} ]
      {may}
    first_release: notify
"
    )
    .unwrap();
}

/// Whether the texts of what takes a service back ask something.
pub(crate) const fn asks(service: usize) -> bool {
    service % 2 == 1
}

/// What may be done to a service.
fn actions(text: &mut String, (service, edit): (usize, Edit), Ceilings { own, cooldown, .. }: &Ceilings) {
    let (undo, hold) = edit.does();
    let verify = |expr: &str| {
        if edit == Edit::Unverified { String::new() } else { format!("verify: {{ expr: '{expr}' }}") }
    };
    let gone = if service < DEPLOYED {
        format!("absent_over_time(http_requests_total{{service=\"s{service}\", track=\"canary\"}}[45s])")
    } else {
        format!("release_held{{service=\"s{service}\"}} > 1")
    };
    // Half of what takes back says what it found.
    let body = if asks(service) {
        format!(
            "body: {{ rate: '{{{{ range query `sum(http_requests_total{{service=\"s{service}\"}})` }}}}{{{{ .Value }}}}{{{{ end }}}}' }}"
        )
    } else {
        String::new()
    };
    let (gone, held) = (verify(&gone), verify(&format!("release_held{{service=\"s{service}\"}} > 0")));
    write!(
        text,
        "  - action: {undo}-{service}
    does: rollback
    approval: none
    owner: team
    limits: {{ per_service: {own}, cooldown: {cooldown} }}
    webhook:
      url: http://receiver.example.com/back
      {body}
      {gone}
  - action: {hold}-{service}
    does: pause
    approval: none
    owner: team
    limits: {{ per_service: {own}, cooldown: {cooldown} }}
    webhook:
      url: http://receiver.example.com/pause
      {held}
"
    )
    .unwrap();
}
