//! An engine on a bench: a ledger that is a list, a shop that is a formula, receivers that do as they are told.
#![expect(clippy::unwrap_used, reason = "a test that cannot build its engine has failed")]
#![allow(dead_code, reason = "no test uses all of it")]

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use backstop::config;
use backstop::decision::{Answer, Course, DecisionId, Intention, Key, Order, Outcome, Refusal, Turn};
use backstop::engine::{Ask, Cell, Effect, Engine, Event, Inquiry, Notice, Program, Rules, Window, restore};
use backstop::gate::{Arm, Before, Counted, Ending, Found, Gap, Look, Opening, Strand, Tally};
use backstop::ledger::Record;
use backstop::lint::Severity;
use backstop::promql;
use backstop::signal::{Change, ChangeId, ChangeKind, Provenance, TargetKey};
use backstop::unit::{Span, UnixMillis};

/// On the grid of every gate of these tests.
pub(crate) const BEGINNING: i64 = 1_767_225_600_000;

pub(crate) fn at(seconds: i64) -> UnixMillis {
    UnixMillis::new(BEGINNING + seconds * 1_000)
}

pub(crate) fn seconds(at: UnixMillis) -> i64 {
    (at.millis() - BEGINNING) / 1_000
}

pub(crate) fn target(service: &str) -> TargetKey {
    TargetKey { service: service.to_owned(), environment: Some("production".to_owned()), cluster: None }
}

/// A change of a service, told by somebody known, from which on it runs this version.
pub(crate) fn change(service: &str, version: &str, seconds: i64) -> Change {
    Change {
        id: ChangeId(format!("{service}-{version}")),
        kind: ChangeKind::Canary,
        target: target(service),
        version: version.to_owned(),
        previous: Some("1".to_owned()),
        at: at(seconds),
        author: None,
        git_sha: None,
        link: None,
        intent: None,
        risk: None,
        irreversible: false,
        weight: None,
        provenance: Provenance::Authenticated,
        told_by: None,
    }
}

/// Where everything is that these tests are not about.
const SERVER: &str = "
mode: act
hosts: [ { host: localhost, http: true } ]
settle: 30s
limits: { everywhere: 100/h, per_service: 100/h, changes_undone_at_once: 100, cooldown: 0s }
secrets: { hook: { file: hook } }
targets:
  - { service: a, environment: production, select: { service: a } }
  - { service: b, environment: production, select: { service: b } }
  - { service: c, environment: production, select: { service: c } }
trust:
  - { files: '*', services: ['*'], actions: [rollback, pause, promote, notify], secrets: [hook], at_most: act }
";

/// The words of a gate on canaries, up to what follows from it.
macro_rules! gate {
    ($name:literal warms up $warmup:literal and ends after $ends:literal, $check:literal counts $bad:literal) => {
        concat!(
            "  - gate: ",
            $name,
            "
    owner: team
    runbook: https://example.com
    upon: canary
    match: { environment: production }
    every: 30s
    begins: { at: first_traffic, warmup: ",
            $warmup,
            ", within: 5m }
    ends: { after: ",
            $ends,
            ", not_before: 2m }
    tracks: { label: track, canary: canary, stable: stable }
    checks:
      - check: ",
            $check,
            "
        proportion: { bad: '",
            $bad,
            "', of: requests_total, absent_bad: zero_if_on_other_track }
        fails_when: ratio > 1.25 and difference > 0.05pp
"
        )
    };
}

pub(crate) use gate;

/// A gate on a canary and what it leads to.
const RULES: &str = concat!(
    "
gates:
",
    gate!("canary" warms up "1m" and ends after "10m", "errors" counts "errors_total"),
    "        passes_when: ratio < 2
    then:
      fail: [ { confidence: 0.80, do: notify }, { confidence: 0.95, do: pause }, { confidence: 0.99, do: rollback } ]
      pass: promote
      inconclusive: { after: 8m, do: notify }
actions:
  - { action: rollback, approval: none, owner: team, runbook: https://example.com, limits: { per_service: 9/h, cooldown: 0s }, webhook: { url: 'http://localhost/r', sign: hook, verify: { expr: 'up' } } }
  - { action: pause, approval: none, owner: team, runbook: https://example.com, limits: { per_service: 9/h, cooldown: 0s }, webhook: { url: 'http://localhost/h', sign: hook } }
  - { action: promote, approval: none, owner: team, runbook: https://example.com, limits: { per_service: 9/h, cooldown: 0s }, webhook: { url: 'http://localhost/p', sign: hook } }
  - { action: notify, webhook: { url: 'http://localhost/n', sign: hook } }
"
);

/// The program of the bench, with words put in the place of others; each has to be there.
pub(crate) fn program(edits: &[(&str, &str)]) -> Arc<Program> {
    let (mut server, mut rules) = (SERVER.to_owned(), RULES.to_owned());
    for (old, new) in edits {
        assert!(server.contains(old) || rules.contains(old), "there is no `{old}` in the rules of the bench");
        server = server.replace(old, new);
        rules = rules.replace(old, new);
    }
    let mut gathered = config::Gathered::default();
    gathered.files.add("backstop.yaml".to_owned(), server);
    gathered.files.add("rules.yaml".to_owned(), rules);
    let loaded = config::load(gathered, promql::Features::NONE);
    // These tests may do what nobody should.
    let errors: Vec<_> = loaded
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error && finding.name != "nobody-told")
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    Arc::new(config::program(&loaded))
}

/// How the new side of a service does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Does {
    /// As the old one.
    Well,
    /// It fails ten times as often.
    Badly,
    /// It fails twice as often, which takes longer to prove.
    Worse,
    /// It fails by four fifths more often, which takes longer still.
    SlightlyWorse,
    /// It has no traffic.
    Nothing,
    /// Its series are not there.
    Missing,
    /// It has a request a look, and no error.
    Little,
}

/// Everything outside.
#[derive(Debug, Clone)]
pub(crate) struct World {
    /// How each service does from when on; how it does by one gate alone, under `service gate`.
    pub(crate) does: BTreeMap<String, Vec<(i64, Does)>>,
    /// What the ledger says to the next intentions of an action; where nothing is left, it takes them.
    pub(crate) refusals: BTreeMap<String, VecDeque<Refusal>>,
    /// Whether what was taken is seen to have worked.
    pub(crate) holds: bool,
    /// Attempts without an answer.
    pub(crate) sent: Vec<(Key, u32)>,
    /// What is wanted of objects.
    pub(crate) surveys: Vec<(Key, Order)>,
    /// What texts ask that nobody has answered yet.
    pub(crate) inquiries: Vec<Inquiry>,
}

impl World {
    fn does(&self, cell: &(String, String), at: UnixMillis) -> Does {
        let (service, gate) = cell;
        let known = self.does.get(&format!("{service} {gate}")).or_else(|| self.does.get(service));
        let known = known.map(Vec::as_slice).unwrap_or_default();
        known.iter().rev().find(|(from, _)| *from < seconds(at)).map_or(Does::Well, |(_, does)| *does)
    }

    fn traffic(&self, service: &(String, String), window: Window) -> bool {
        window.from < window.to && !matches!(self.does(service, window.to), Does::Nothing | Does::Missing)
    }

    /// Whether nobody asks the new side for anything, and somebody the old side.
    fn idle(&self, service: &(String, String), window: Window) -> bool {
        window.from < window.to && self.does(service, window.to) == Does::Nothing
    }

    /// What a check counts. It is a formula of the window alone, as it is where the store keeps its samples.
    fn counted(&self, service: &(String, String), window: Window) -> Option<Counted> {
        let looks = window.to.since(window.from).millis() / 30_000;
        let old = vec![Tally { events: 5 * looks, of: 500 * looks }; 4];
        let (events, of) = match self.does(service, window.to) {
            Does::Well => (10, 1_000),
            Does::Badly => (100, 1_000),
            Does::Worse => (20, 1_000),
            Does::SlightlyWorse => (18, 1_000),
            Does::Nothing => (0, 0),
            Does::Little => (0, 1),
            Does::Missing => return None,
        };
        Some(Counted { new: Tally { events: events * looks, of: of * looks }, old })
    }
}

/// An engine with everything around it.
#[derive(Debug, Clone)]
pub(crate) struct Bench {
    pub(crate) engine: Engine,
    pub(crate) world: World,
    /// The ledger.
    pub(crate) records: Vec<Record>,
    pub(crate) notices: Vec<Notice>,
    pub(crate) now: UnixMillis,
    /// Of everything that the ledger took.
    keys: BTreeSet<Key>,
}

impl Bench {
    pub(crate) fn new(edits: &[(&str, &str)]) -> Self {
        let world = World {
            does: BTreeMap::new(),
            refusals: BTreeMap::new(),
            holds: false,
            sent: Vec::new(),
            surveys: Vec::new(),
            inquiries: Vec::new(),
        };
        let engine = Engine::new(program(edits));
        Self { engine, world, records: Vec::new(), notices: Vec::new(), now: at(0), keys: BTreeSet::new() }
    }

    /// From when on a service does how.
    #[must_use]
    pub(crate) fn does(mut self, service: &str, from: i64, does: Does) -> Self {
        self.world.does.entry(service.to_owned()).or_default().push((from, does));
        self
    }

    pub(crate) fn happen(&mut self, event: Event) {
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            for effect in self.engine.step(event, self.now) {
                events.extend(self.perform(effect));
            }
        }
    }

    pub(crate) fn tell(&mut self, change: Change) {
        self.happen(Event::Changed(Box::new(change)));
    }

    /// Lets time go on to this second, with a tick at each, and every attempt answered by `answer`.
    pub(crate) fn run(&mut self, until: i64, answer: &Answer) {
        while self.now < at(until) {
            self.now = self.now.plus(Span::from_secs(1));
            self.happen(Event::Tick);
            self.answer(answer);
        }
    }

    /// Answers all attempts.
    pub(crate) fn answer(&mut self, answer: &Answer) {
        for (key, attempt) in std::mem::take(&mut self.world.sent) {
            self.happen(Event::Answered { key, attempt, answer: answer.clone() });
        }
    }

    /// Has every look written down.
    pub(crate) fn write_all(&mut self) {
        let now = self.now;
        let written = self.engine.cells().filter_map(|cell| cell.clone().write(now));
        self.records.extend(written.filter_map(|effect| match effect {
            Effect::Write(_, record) => Some(record),
            _ => None,
        }));
    }

    /// The process dies, and is started again on its ledger. What a cell had not written down yet is counted again.
    pub(crate) fn restart(&mut self, program: Arc<Program>) {
        self.world.sent.clear();
        self.world.inquiries.clear();
        let taken = |record: &Record| match record {
            Record::Intended(intention) => Some(intention.key.clone()),
            _ => None,
        };
        self.keys = self.records.iter().filter_map(taken).collect();
        let (engine, effects) = restore(program, self.records.clone(), self.now);
        self.engine = engine;
        for effect in effects {
            for event in self.perform(effect) {
                self.happen(event);
            }
        }
    }

    /// Other rules come into force while it lives.
    pub(crate) fn reload(&mut self, program: Arc<Program>) {
        self.happen(Event::Reloaded(Rules { program, config: "c0ffee".to_owned() }));
    }

    fn perform(&mut self, effect: Effect) -> Vec<Event> {
        let service = |engine: &Engine, cell| {
            let cell = engine.cell(cell).unwrap();
            let gate = engine.program().watches[cell.watch].gate.name.to_string();
            (cell.change.target.service.clone(), gate)
        };
        match effect {
            Effect::Ask(Ask::Traffic { cell, window }) => {
                let seen = self.world.traffic(&service(&self.engine, cell), window);
                vec![Event::Traffic { cell, to: window.to, seen }]
            }
            Effect::Ask(Ask::Opening { cell, .. }) => {
                let row = vec![Tally { events: 5, of: 500 }; 4];
                let strand = Strand { rows: vec![row; 120], ..Strand::default() };
                let before = Before { strands: vec![strand], ..Before::default() };
                let checks = program_checks(&self.engine, self.engine.cell(cell).unwrap());
                vec![Event::Opening { cell, opening: Opening { checks: vec![before; checks] } }]
            }
            Effect::Ask(Ask::Count { cell, windows, at }) => {
                let service = service(&self.engine, cell);
                let gap = Found::Missing(Gap::Silent(Arm::New));
                let counted =
                    |window: &Window| self.world.counted(&service, *window).map_or(gap.clone(), Found::from);
                let found = windows.iter().map(counted).collect();
                vec![Event::Counted { cell, at, found }]
            }
            Effect::Ask(Ask::Recovery { cell, window, idle }) => {
                let service = service(&self.engine, cell);
                let found = self.world.counted(&service, window);
                let found = found.map_or(Found::Missing(Gap::Silent(Arm::New)), Found::from);
                let checks = program_checks(&self.engine, self.engine.cell(cell).unwrap());
                let idle = idle.is_some_and(|idle| self.world.idle(&service, idle));
                vec![Event::Fared { cell, at: window.to, found: vec![found; checks], idle }]
            }
            Effect::Write(_, record) => self.record(record),
            Effect::Intend(intention) => vec![self.intend(intention)],
            Effect::Refuse { key, at, why, .. } => self.record(Record::Refused { key, at, why }),
            Effect::Inquire(inquiry) => {
                self.world.inquiries.push(inquiry);
                Vec::new()
            }
            Effect::Retry { key, attempt, step, aim, answers, at } => {
                self.records.push(Record::Retried { key: key.clone(), attempt, step, at, aim, answers });
                vec![Event::Journaled { key, attempt }]
            }
            Effect::Survey { key, order } => {
                self.world.surveys.push((key, *order));
                Vec::new()
            }
            Effect::Send { key, attempt } => {
                self.world.sent.push((key, attempt));
                Vec::new()
            }
            Effect::Verify { key } => vec![Event::Verified { key, holds: self.world.holds, at: self.now }],
            Effect::Close { key, at, outcome, why } => self.record(Record::Closed { key, at, outcome, why }),
            Effect::Switch { at, turn: Turn { service, off, by, file } } => {
                self.record(Record::Switched { at, off, by, service, file })
            }
            Effect::Tell(notice) => {
                self.notices.push(notice);
                Vec::new()
            }
        }
    }

    fn record(&mut self, record: Record) -> Vec<Event> {
        self.records.push(record);
        Vec::new()
    }

    fn intend(&mut self, intention: Intention) -> Event {
        let key = intention.key.clone();
        let refusals = self.world.refusals.get_mut(intention.action.as_str());
        if let Some(why) = refusals.and_then(VecDeque::pop_front) {
            self.records.push(Record::Refused { key: key.clone(), at: intention.at, why: why.clone() });
            return Event::Refused { key, why };
        }
        assert!(self.keys.insert(key.clone()), "{key} is intended twice");
        self.records.push(Record::Intended(intention));
        Event::Journaled { key, attempt: 1 }
    }

    /// What was decided: the number, the second, the course and the wished action, `-` where none is.
    pub(crate) fn decided(&self) -> Vec<String> {
        self.records.iter().filter_map(told).collect()
    }

    /// What was intended, by service and action.
    pub(crate) fn intended(&self) -> Vec<String> {
        let intended = |record: &Record| match record {
            Record::Intended(it) => Some(format!("{} {}", it.action, it.target.service)),
            _ => None,
        };
        self.records.iter().filter_map(intended).collect()
    }

    /// All looks that were written down.
    pub(crate) fn looks(&self) -> Vec<Look> {
        let looks = |record: &Record| match record {
            Record::Looked { looks, .. } => looks.clone(),
            _ => Vec::new(),
        };
        self.records.iter().flat_map(looks).collect()
    }

    /// The key of the first intention of an action.
    pub(crate) fn key(&self, action: &str) -> Key {
        let key = |record: &Record| match record {
            Record::Intended(it) if it.action.as_str() == action => Some(it.key.clone()),
            _ => None,
        };
        self.records.iter().find_map(key).unwrap()
    }

    pub(crate) fn outcomes(&self) -> Vec<Outcome> {
        let outcome = |record: &Record| match record {
            Record::Closed { outcome, .. } => Some(*outcome),
            _ => None,
        };
        self.records.iter().filter_map(outcome).collect()
    }

    /// Why gates stopped, in their order.
    pub(crate) fn endings(&self) -> Vec<Ending> {
        let ending = |record: &Record| match record {
            Record::Ended { why, .. } => Some(*why),
            _ => None,
        };
        self.records.iter().filter_map(ending).collect()
    }

    /// All decisions, whole.
    pub(crate) fn decisions(&self) -> Vec<Record> {
        self.records.iter().filter(|record| matches!(record, Record::Decided { .. })).cloned().collect()
    }

    /// Everything that was decided, done and ended, whole, by what it is about: what happens at one moment may be written
    /// down in either order.
    pub(crate) fn lasting(&self) -> Vec<(UnixMillis, String)> {
        let lasting = |record: &Record| match record {
            Record::Decided { at, .. } | Record::Closed { at, .. } | Record::Ended { at, .. } => {
                Some((*at, format!("{record:?}")))
            }
            Record::Recovery { at, .. } => Some((*at, format!("{record:?}"))),
            Record::Intended(intention) => Some((intention.at, format!("{record:?}"))),
            _ => None,
        };
        let mut all: Vec<_> = self.records.iter().filter_map(lasting).collect();
        all.sort();
        all
    }

    /// The numbers of all decisions.
    pub(crate) fn ids(&self) -> BTreeSet<DecisionId> {
        let id = |record: &Record| match record {
            Record::Decided { id, .. } => Some(*id),
            _ => None,
        };
        self.records.iter().filter_map(id).collect()
    }
}

fn program_checks(engine: &Engine, cell: &Cell) -> usize {
    engine.program().watches[cell.watch].gate.checks.len()
}

fn told(record: &Record) -> Option<String> {
    let Record::Decided { case, ruling, .. } = record else { return None };
    let wish = match &case.wish {
        backstop::decision::Wish::Nothing => "nothing".to_owned(),
        backstop::decision::Wish::Ask => "ask".to_owned(),
        backstop::decision::Wish::Do { action, .. } => action.to_string(),
    };
    let spoke = ruling.spoke.iter().fold(String::new(), |spoke, held| {
        let held = format!("{held:?}");
        format!("{spoke} {}", held.split(['(', ' ']).next().unwrap_or_default())
    });
    let course = match ruling.course {
        Course::Act => "act",
        Course::Ask => "ask",
        Course::Hold => "hold",
    };
    Some(format!("{course}: {wish}{spoke}"))
}

pub(crate) fn taken() -> Answer {
    Answer::Accepted { status: 200, excerpt: String::new() }
}

pub(crate) fn rejected(retry_after: Option<u64>) -> Answer {
    let retry_after = retry_after.map(Span::from_secs);
    Answer::Rejected { status: 503, excerpt: String::new(), retry_after }
}

pub(crate) fn lost() -> Answer {
    Answer::Lost { why: "no answer in time".to_owned() }
}

pub(crate) fn unsent() -> Answer {
    Answer::Unsent { why: "no connection".to_owned() }
}
