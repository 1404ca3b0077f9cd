//! What is told: on standard error how far it is, a line for each thing; on standard output the verdict with its grounds.

use std::fmt::Write as _;
use std::io::Write as _;

use serde_json::{Value, json};

use crate::gate::{Ending as Ended, Standing, Verdict};
use crate::ledger::Grounds;
use crate::run::Ending;
use crate::run::gate::fetch::{Fetched, Trouble};
use crate::run::gate::judge::{Evidence, Judge, Stage};
use crate::run::gate::task::Task;
use crate::surface::verdict;

/// Tells how far it is.
pub(super) struct Teller {
    opening: Vec<String>,
    within: String,
    stage: Option<Stage>,
    looks: u32,
    told_capacity: bool,
    /// What was said besides: nothing is said twice in a row.
    said: Vec<String>,
}

impl Teller {
    pub(super) fn new(task: &Task, host: &str) -> Self {
        let (gate, change) = (task.gate(), &task.change);
        let mut opening = vec![format!("gate {} of {}, asked of {host}", gate.name, task.target())];
        let assumed = task.assumed.as_ref().map(|what| format!(" ({what})")).unwrap_or_default();
        opening.push(format!("the change is taken to be of {}{assumed}", change.at));
        let within = change.at.plus(gate.begins.within).to_string();
        Self { opening, within, stage: None, looks: 0, told_capacity: false, said: Vec::new() }
    }

    /// What is about to be judged, and what was assumed.
    pub(super) fn opening(&self) {
        self.opening.iter().for_each(|text| line(text));
    }

    /// How far it is, where that is another thing than last time.
    pub(super) fn progress(&mut self, judge: &Judge) {
        let stage = judge.stage();
        if self.stage.replace(stage) != Some(stage) {
            match stage {
                Stage::Awaiting => {
                    line(&format!("waiting for the new side to have traffic, until {}", self.within));
                }
                Stage::Warming(from) => line(&format!("counting from {from}")),
                Stage::Looking | Stage::Over(_) => {}
            }
        }
        let standing = judge.standing();
        if standing.looks == self.looks {
            return;
        }
        self.looks = standing.looks;
        let Evidence { began, trial } = judge.evidence();
        let grounds = Grounds { began: began.as_ref(), trial: trial.as_ref(), standing: &standing };
        let planned = began.as_ref().map_or(0, |began| began.terms.looks);
        line(&format!("look {} of {planned}: {}; {}", standing.looks, words(&standing), grounds.counts()));
        let prospects = grounds.prospects();
        if !self.told_capacity && !prospects.is_empty() {
            self.told_capacity = true;
            for prospect in prospects {
                let (check, planned) = (&prospect.check, &prospect.planned);
                line(&format!(
                    "check {check}: at this traffic, with {planned} planned: {}",
                    prospect.words()
                ));
            }
        }
    }

    /// What has to be known besides, as soon as it is: a name that is wrong should not be waited for.
    pub(super) fn besides(&mut self, notes: Vec<String>) {
        notes.iter().filter(|note| !self.said.contains(note)).for_each(|note| line(note));
        self.said = notes;
    }
}

fn line(text: &str) {
    // Progress that nobody reads is no reason to stop.
    writeln!(std::io::stderr().lock(), "{text}").ok();
}

fn words(standing: &Standing) -> String {
    match (standing.verdict, standing.rung()) {
        (Verdict::Pass(_), _) => "proved to be no worse than it may be".to_owned(),
        (_, Some(rung)) => format!("worse than it may be, with confidence {rung:.2} or more"),
        (_, None) => "nothing is proved yet".to_owned(),
    }
}

/// What has to be known beside the verdict.
pub(super) fn notes(fetched: &Fetched, trouble: Option<&Trouble>, stopped: bool) -> Vec<String> {
    let mut notes = Vec::new();
    if stopped {
        notes.push("it was told to stop, so later looks were not taken".to_owned());
    }
    notes.extend(trouble.map(|trouble| format!("later looks could not be taken yet: {trouble}")));
    if fetched.has_begun() {
        let (silent, from) = fetched.silent();
        notes
            .extend(silent.map(|selector| {
                format!("nothing is known of `{selector}` since {from}; is its name right?")
            }));
    }
    notes.extend(fetched.left.iter().cloned());
    notes
}

/// What came of it.
pub(super) struct Judgement<'a> {
    pub(super) task: &'a Task,
    pub(super) host: &'a str,
    pub(super) stage: Stage,
    pub(super) evidence: Evidence,
    pub(super) standing: Standing,
    pub(super) ending: Ending,
    pub(super) notes: Vec<String>,
}

impl Judgement<'_> {
    const fn grounds(&self) -> Grounds<'_> {
        let Evidence { began, trial } = &self.evidence;
        Grounds { began: began.as_ref(), trial: trial.as_ref(), standing: &self.standing }
    }

    /// For people.
    pub(super) fn text(&self) -> String {
        let (task, grounds) = (self.task, self.grounds());
        let mut text = format!("{}: {}\n", self.standing.verdict, task.target());
        let _infallible =
            writeln!(text, "gate {}, since {}, asked of {}", task.gate().name, task.change.at, self.host);
        for (title, passage) in [
            ("The evidence", if self.is_early() { Vec::new() } else { grounds.evidence() }),
            ("The verdict", grounds.verdict()),
            ("The gate", vec![self.stands()]),
            ("Besides", self.notes.clone()),
        ] {
            if passage.is_empty() {
                continue;
            }
            let _infallible = writeln!(text, "\n{title}");
            for line in passage {
                let _infallible = writeln!(text, "  {line}");
            }
        }
        text
    }

    /// For machines.
    pub(super) fn json(&self) -> Value {
        let (task, mut shown) = (self.task, verdict::shown(&self.grounds()));
        let target = task.target();
        let own = json!({
            "gate": task.gate().name.as_str(),
            "service": target.service,
            "environment": target.environment,
            "cluster": target.cluster,
            "change_time": task.change.at.to_string(),
            "change_time_assumed": task.assumed.is_some(),
            "exit": self.ending.code(),
            "stands": self.stands(),
            "final": matches!(self.stage, Stage::Over(_)) || matches!(self.standing.verdict, Verdict::Fail(_)),
            "notes": self.notes,
        });
        if let (Some(shown), Value::Object(own)) = (shown.as_object_mut(), own) {
            shown.extend(own);
        }
        shown
    }

    /// Whether no look was due yet.
    const fn is_early(&self) -> bool {
        matches!(self.stage, Stage::Awaiting | Stage::Warming(_))
    }

    /// How far the gate is.
    fn stands(&self) -> String {
        let gate = self.task.gate();
        match self.stage {
            Stage::Awaiting => format!(
                "the new side has had no traffic yet; it is waited for until {}",
                self.task.change.at.plus(gate.begins.within)
            ),
            Stage::Warming(from) => format!("it counts from {from}, and has taken no look yet"),
            Stage::Looking if matches!(self.standing.verdict, Verdict::Fail(_)) => {
                "its verdict is final: what was proved once stays proved".to_owned()
            }
            Stage::Looking => {
                let planned = self.evidence.began.as_ref().map_or(0, |began| began.terms.looks);
                format!("{} of {planned} looks are taken; later ones may say more", self.standing.looks)
            }
            Stage::Over(Ended::Verdict) => "its verdict is final".to_owned(),
            Stage::Over(Ended::NeverBegan) => {
                format!("the new side had no traffic within {} of the change", gate.begins.within)
            }
            Stage::Over(
                Ended::TimeUp
                | Ended::Superseded
                | Ended::Unheard
                | Ended::ActedOn
                | Ended::Withdrawn
                | Ended::Resolved,
            ) => "its time is up".to_owned(),
        }
    }
}
