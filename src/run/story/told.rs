//! What a story tells: a line for each thing that happened, with its moment.

use std::collections::BTreeMap;

use crate::decision::{
    Answer, Case, CellId, Claimant, Course, DecisionId, Incident, Intention, Key, Led, LedTo, Occasion,
    Outcome, Page, Recovery, Sight, Wish,
};
use crate::engine::{Cell, Engine, Flight, Notice};
use crate::gate::{Arm, Ending, Shortfall, Standing, Verdict};
use crate::ledger::{Prospect, answer_lines, prospects, recovery_words};
use crate::run::story::script::Moment;
use crate::signal::Change;
use crate::unit::Span;

/// What was told so far.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// When it is now.
    pub(super) at: Moment,
    lines: Vec<String>,
    /// Whether each line has to say of which change it is.
    several: bool,
    /// What was last said of each cell: a look that says the same is not told.
    said: BTreeMap<CellId, String>,
    /// What was decided last: on which occasion, and what was wanted.
    decided: Option<(DecisionId, String, String)>,
    /// The key under which each action for a change went out last.
    keys: BTreeMap<(String, String, Option<Key>), Key>,
}

impl Told {
    /// Nothing yet, about so many changes.
    pub(super) fn about(changes: usize) -> Self {
        Self { several: changes > 1, ..Self::default() }
    }

    pub(super) fn text(&self) -> String {
        self.lines.iter().fold(String::new(), |text, line| text + line + "\n")
    }

    pub(super) fn line(&mut self, what: &str) {
        let sign = if self.at.0 < 0 { '-' } else { '+' };
        let span = Span::from_millis(self.at.0.unsigned_abs());
        let line = format!("{:9} {what}", format!("{sign}{span}"));
        self.lines.push(line.trim_end().to_owned());
    }

    /// What is about to be decided; it is told with its course.
    pub(super) fn decides(&mut self, id: DecisionId, occasion: &Occasion, case: &Case) {
        let wish = match &case.wish {
            Wish::Nothing if case.sight.as_ref().and_then(Sight::going_on).is_some() => {
                "nothing is left to do".to_owned()
            }
            Wish::Nothing => "nothing is wanted".to_owned(),
            Wish::Ask => "a person".to_owned(),
            Wish::Do { action, .. } => action.to_string(),
        };
        self.decided = Some((id, occasion_words(occasion), wish));
    }

    /// An attempt as it goes out. A receiver knows a repetition by its key alone; what is done to an object is named.
    pub(super) fn sent(&mut self, flight: &Flight, attempt: u32) {
        let intention = &flight.intention;
        if let Some(aim) = &intention.aim {
            let step = aim.steps.get(usize::from(flight.step)).map_or("", |step| step.word());
            let line = format!("{}: attempt {attempt}, {step}", self.action(intention));
            return self.line(&line);
        }
        let call = match intention.page {
            None => String::new(),
            Some(Page::Held) => ", to call somebody: it is held".to_owned(),
            Some(Page::Reapplied) => ", to call somebody: what was taken back runs again".to_owned(),
            Some(Page::Ended(outcome)) => format!(", to call somebody: it ended {}", outcome.word()),
            Some(Page::Unrecovered) => ", to call somebody: things are not well again".to_owned(),
        };
        // Each call has a key of its own.
        let called = intention.page.map(|_| intention.key.clone());
        let of = (intention.change.0.clone(), intention.action.to_string(), called);
        let key = match self.keys.insert(of, intention.key.clone()) {
            None => "",
            Some(before) if before == intention.key => ", with the same key",
            Some(_) => ", with another key",
        };
        let action = self.action(intention);
        for asked in answer_lines(&intention.answers) {
            self.line(&format!("{action}: {asked}"));
        }
        self.line(&format!("{action}: attempt {attempt}{key}{call}"));
    }

    pub(super) fn notice(&mut self, notice: &Notice, engine: &Engine) {
        let line = match notice {
            Notice::Awaited(id) => format!("{}: waits", self.gate(*id, engine)),
            Notice::Began(id, _) => {
                let trial = engine.cell(*id).and_then(|cell| Some((cell.trial()?, cell.every())));
                let prospects = trial.map(|(trial, every)| prospects(trial, every)).unwrap_or_default();
                let vain = prospects.iter().filter(|prospect| prospect.in_vain).map(in_vain);
                format!("{}: looks{}", self.gate(*id, engine), vain.collect::<String>())
            }
            Notice::Looked(id, standing) => {
                let words = standing_words(standing, engine.cell(*id), engine);
                if self.said.insert(*id, words.clone()).as_ref() == Some(&words) {
                    return;
                }
                format!("{}: look {}, {words}", self.gate(*id, engine), standing.looks)
            }
            Notice::Decided(id, course) => {
                let ruled = engine.cell(id.cell).and_then(|cell| cell.ruled.last());
                let spoke = ruled.iter().flat_map(|(_, ruling)| &ruling.spoke);
                let why = spoke.fold(String::new(), |text, held| text + "; " + &held.to_string());
                let decided = self.decided.take().filter(|(known, ..)| known == id);
                let (occasion, wish) =
                    decided.map(|(_, occasion, wish)| (occasion, wish)).unwrap_or_default();
                let course = course_word(*course);
                format!(
                    "{}: decision {} on {occasion}: {course} {wish}{why}",
                    self.gate(id.cell, engine),
                    id.number
                )
            }
            Notice::Refused(key, why) => format!("{}: refused, {why}", self.named(key, engine)),
            // It is told as it goes out.
            Notice::Sent(..) => return,
            Notice::Answered(key, attempt, answer) => {
                format!("{}: attempt {attempt} {}", self.named(key, engine), answer_words(answer))
            }
            Notice::Closed(key, outcome, why) => {
                format!("{}: {}, {why}", self.named(key, engine), outcome_word(*outcome))
            }
            Notice::Ended(id, why, standing) => {
                let gate = self.gate(*id, engine);
                format!("{gate}: ends, {}: {}", ending_words(*why), standing.verdict)
            }
            Notice::Withdrawn { gate, change, target, standing, .. } => {
                let known = |known: &&std::sync::Arc<Change>| (&known.id, &known.target) == (change, target);
                let of = engine.past().changes().find(known).filter(|_| self.several);
                let of = of.map(|change| format!(" ({})", change_words(change))).unwrap_or_default();
                let why = ending_words(Ending::Withdrawn);
                format!("{gate}{of}: ends, {why}: {}", standing.verdict)
            }
            Notice::Reloaded { .. } => "other rules are in force".to_owned(),
            Notice::Alerted(incident) => alerted(incident, engine),
            Notice::Recovery(id, recovery) => {
                let gate = self.gate(*id, engine);
                // When that is stands at the end of it.
                let words = match recovery {
                    Recovery::Begun { .. } => "looks whether things are well again".to_owned(),
                    Recovery::Recovered { .. }
                    | Recovery::Unrecovered { .. }
                    | Recovery::Superseded
                    | Recovery::Withdrawn => recovery_words(recovery),
                };
                format!("{gate}: {words}")
            }
        };
        self.line(&line);
    }

    fn gate(&self, id: CellId, engine: &Engine) -> String {
        let Some(cell) = engine.cell(id) else { return id.to_string() };
        let gate = &engine.program().watches[cell.watch].gate.name;
        if self.several { format!("{gate} ({})", change_words(&cell.change)) } else { gate.to_string() }
    }

    fn named(&self, key: &Key, engine: &Engine) -> String {
        let flight = engine.flight(key).map(|flight| &flight.intention);
        let intention = engine.past().intention(key).or(flight);
        intention.map_or_else(|| key.to_string(), |intention| self.action(intention))
    }

    fn action(&self, intention: &Intention) -> String {
        let action = &intention.action;
        if self.several { format!("{action} ({})", intention.target.service) } else { action.to_string() }
    }
}

fn change_words(change: &Change) -> String {
    format!("{} {}", change.target.service, change.version)
}

/// That a check can prove nothing in the looks that are planned.
fn in_vain(prospect: &Prospect) -> String {
    let words =
        |looks: Option<f64>| looks.map_or("never".to_owned(), |looks| format!("{:.0} looks", looks.ceil()));
    let Some(capacity) = prospect.capacity else { return String::new() };
    let (harm, pass) = (words(capacity.to_prove_a_doubling), words(capacity.to_pass));
    format!(
        "; {} would take more than is planned: {harm} to prove a doubling, {pass} to pass",
        prospect.check
    )
}

/// The verdict, with the rung of confidence that was reached: the figures move at every look, and are in the ledger.
fn standing_words(standing: &Standing, cell: Option<&Cell>, engine: &Engine) -> String {
    let rung = standing.rung().map(|rung| format!(", confidence at least {rung:.2}")).unwrap_or_default();
    let check = |index: usize| {
        let gate = cell.map(|cell| &engine.program().watches[cell.watch].gate);
        let check = gate.and_then(|gate| gate.checks.get(index));
        check.map_or_else(|| index.to_string(), |check| check.name.to_string())
    };
    let why = match standing.verdict {
        Verdict::Fail(finding) if finding.proved => format!(" by {}", check(finding.check)),
        Verdict::Fail(finding) => format!(" by {}, a threshold without confidence", check(finding.check)),
        Verdict::Pass(finding) if finding.proved => ", proved".to_owned(),
        Verdict::Pass(_) => ", not contradicted".to_owned(),
        Verdict::Inconclusive(shortfall) => match shortfall {
            Shortfall::NoLook => String::new(),
            Shortfall::Unheard { deaf } => format!(", the source {deaf}"),
            Shortfall::NoTraffic { check: index, arm: Arm::New } => {
                format!(", {}: no traffic on the new side", check(index))
            }
            Shortfall::NoTraffic { check: index, arm: Arm::Old } => {
                format!(", {}: no traffic on the old side", check(index))
            }
            Shortfall::Missing { check: index, gap } => format!(", {}: {gap}", check(index)),
            Shortfall::TooFew { check: index, .. } => format!(", {}: too few events", check(index)),
            Shortfall::Unjudged { check: index, .. } => format!(", {}: cannot be judged yet", check(index)),
            Shortfall::Unlike { check: index } => format!(", {}: unlike mixes of traffic", check(index)),
            Shortfall::Saturated { check: index, at } => {
                format!(", {}: its histogram has no bucket at {at} or beyond", check(index))
            }
            Shortfall::Leaning { check: index, .. } => format!(", {} speaks against it", check(index)),
            Shortfall::NotProved { .. } => ", nothing is proved".to_owned(),
        },
    };
    format!("{}{why}{rung}", standing.verdict)
}

/// An alert, and what each rule makes of it.
fn alerted(incident: &Incident, engine: &Engine) -> String {
    let name = incident.alert.name();
    if incident.resolved.is_some() {
        return format!("alert {name}: resolved");
    }
    let whose = match &incident.of {
        Claimant::Target(target) => target.to_string(),
        Claimant::Nobody => return format!("alert {name}: fires, and is no target's"),
        Claimant::Several(targets) => {
            let targets: Vec<String> = targets.iter().map(ToString::to_string).collect();
            return format!("alert {name}: fires, and could be of {}", targets.join(" or of "));
        }
    };
    let led = |led: &Led| {
        let begins = engine.program().responses.iter().find(|response| response.alerts.rule == led.rule);
        let watches = &engine.program().watches;
        let begins = begins.and_then(|response| watches.get(response.begins));
        let begins = begins.map(|watch| watch.gate.name.to_string()).unwrap_or_default();
        match &led.to {
            LedTo::Began(_) => format!("; {}: begins {begins}", led.rule),
            LedTo::Asked(_) => format!("; {}: asks", led.rule),
            LedTo::Nothing(why) => format!("; {}: nothing, {why}", led.rule),
        }
    };
    format!("alert {name}: fires for {whose}{}", incident.led.iter().map(led).collect::<String>())
}

fn occasion_words(occasion: &Occasion) -> String {
    match occasion {
        Occasion::Fail { rung: Some(rung) } => format!("fail at {rung}"),
        Occasion::Fail { rung: None } => "fail".to_owned(),
        Occasion::Breach => "a broken threshold".to_owned(),
        Occasion::Pass => "pass".to_owned(),
        Occasion::Inconclusive => "inconclusive".to_owned(),
        Occasion::FirstRelease => "fail of a first release".to_owned(),
        Occasion::Alerted => "an alert".to_owned(),
    }
}

const fn course_word(course: Course) -> &'static str {
    match course {
        Course::Act => "do",
        Course::Ask => "ask:",
        Course::Hold => "hold:",
    }
}

fn answer_words(answer: &Answer) -> String {
    match answer {
        Answer::Accepted { status, .. } => format!("taken with {status}"),
        Answer::Rejected { status, .. } => format!("not taken, {status}"),
        Answer::Unsent { why } => format!("not sent, {why}"),
        Answer::Lost { why } => format!("lost, {why}"),
        Answer::Overtaken { why } => format!("overtaken, {why}"),
    }
}

const fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Taken => "done",
        Outcome::Verified => "verified",
        Outcome::Unverified => "not verified",
        Outcome::Failed => "failed",
        Outcome::Expired => "given up",
    }
}

const fn ending_words(why: Ending) -> &'static str {
    match why {
        Ending::Verdict => "its verdict is final",
        Ending::TimeUp => "its time is up",
        Ending::Superseded => "another change took its place",
        Ending::NeverBegan => "there never was any traffic",
        Ending::Unheard => "the source was not heard in time",
        Ending::ActedOn => "the change was taken back",
        Ending::Withdrawn => "the rules say otherwise now",
        Ending::Resolved => "the alert is resolved",
    }
}
