//! What alerts may do. It stands in rule files, beside the gates and actions that it names, and what it asks for is held
//! against what its file is trusted with: whoever may write a team's rules may have alerts do no more than gates.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::load::Loading;
use crate::config::names::Named;
use crate::config::raw;
use crate::config::raw::Layer;
use crate::config::reader::{Reader, Whose, plain, texts};
use crate::config::rules::{Actor, Guarded, Occasion, Resolved};
use crate::config::yaml::{Given, OneOrMany, Pairs, Text};
use crate::config::{safety, trust};
use crate::decision::{Act, Alerts, Weak};
use crate::gate::{
    Baseline, Begins, Comparison, Early, Ends, Gate, Length, Match, Start, Stretches, Target, Upon,
};
use crate::lint::{Finding, name};
use crate::unit::{Name, Place, Span};

/// What an alert may do, checked.
#[derive(Debug)]
pub struct Incident {
    /// Where its name was written.
    pub place: Place,
    /// Which alerts of which targets.
    pub alerts: Alerts,
    /// What they may do.
    pub may: May,
}

/// What alerts may do.
#[derive(Debug)]
pub enum May {
    /// Begin a gate, by its number in the pile.
    Begin(usize),
    /// Ask for something.
    Ask(Box<Asks>),
}

/// Something that alerts may ask for.
#[derive(Debug)]
pub struct Asks {
    /// What stands in the place of a gate: it looks at nothing.
    pub gate: Gate,
    /// What is asked for.
    pub act: Act,
    /// The same, its action found.
    pub acts: Vec<Resolved>,
    /// Weak evidence on which it may undo a release, said in so many words.
    pub may_undo_on: BTreeSet<Weak>,
}

/// The evidence that an alert is.
const WEAK: [(&str, Weak); 1] = [("alert", Weak::Alert)];

/// What the name of whatever asks begins with: no gate is taken for it.
const PREFIX: &str = "incident.";

/// How often something would look that looks at nothing.
const NEVER: Span = Span::from_secs(60);

impl Loading<'_> {
    /// What alerts may do.
    pub(crate) fn incidents(&self, reader: &mut Reader<'_>, gates: &[Guarded]) -> Vec<Incident> {
        let mut known: BTreeMap<&Name, Place> = BTreeMap::new();
        let mut found = Vec::new();
        for named in self.pile.incidents.iter() {
            // What is written down of an alert names the rule by its name alone.
            if let Some(first) = known.insert(&named.name, named.place) {
                let message = format!("there are two of incident `{}`", named.name);
                let finding = Finding::error(name::DUPLICATE_NAME, named.place, message);
                let help = "the ledger tells them apart by their names: rename one";
                reader.push(finding.help(help).with(first, "the first is here"));
                continue;
            }
            found.extend(self.incident(reader, named, gates));
        }
        never_begun(reader, gates, &found);
        found
    }

    fn incident(
        &self,
        reader: &mut Reader<'_>,
        named: &Named<raw::Incident>,
        gates: &[Guarded],
    ) -> Option<Incident> {
        let raw = named.thing.clone().over(&crate::config::defaults::defaults().incident);
        let title = format!("incident `{}`", named.name);
        let whose = Whose { what: &title, place: named.place };
        let matches = reader.matching(&raw.r#match);
        let labels = reader.need(&raw.alerts, "alerts", whose).is_some().then(|| labels(reader, &raw.alerts));
        let within = reader.positive(&raw.within);
        let one =
            reader.exactly_one(&[("begin", raw.begin.place()), ("ask_for", raw.ask_for.place())], whose);
        self.found_by_alerts(reader, &matches, whose);
        if let (Some(place), Some(_)) = (raw.may_undo_on.place(), raw.begin.place()) {
            let help = "leave it out; what a gate may undo on stands in its `then`";
            reader.error(name::BAD_VALUE, place, "nothing is asked for here", help);
        }
        one?;
        let may = if let Some(spot) = raw.begin.get() {
            May::Begin(self.begun(reader, named, (&spot.value, &matches), gates)?)
        } else {
            let gate = stand_in(reader, named, (&matches, within?, plain(&raw.owner)))?;
            May::Ask(Box::new(self.asked_for(reader, named, (&raw, gate))?))
        };
        let alerts = Alerts { rule: named.name.clone(), matches, labels: labels?, within: within? };
        Some(Incident { place: named.place, alerts, may })
    }

    /// The gate that begins.
    fn begun(
        &self,
        reader: &mut Reader<'_>,
        named: &Named<raw::Incident>,
        (text, matches): (&Text, &Match),
        gates: &[Guarded],
    ) -> Option<usize> {
        let Some(index) = self.pile.gates.find(&named.folder, &text.value) else {
            reader.unknown(text, "gate", self.pile.gates.reaching(&named.folder).into_iter());
            return None;
        };
        let gate = &gates.iter().find(|guarded| guarded.index == index)?.gate;
        if !gate.matches.overlaps(matches) {
            let message = format!("gate `{}` fits none of the targets of these alerts", gate.name);
            let finding = Finding::error(name::MISMATCH, text.place, message).help("compare their `match`");
            reader.push(finding.with(gate.place, "the gate is here"));
        }
        if gate.begins.at != Start::Alert {
            let message = format!(
                "gate `{}` begins by itself with each change, so there is nothing to begin",
                gate.name
            );
            let help = "write `begins: { at: alert }` into the gate, or leave this entry out";
            let finding = Finding::warning(name::BEGINS_ITSELF, text.place, message).help(help);
            reader.push(finding.with(gate.place, "the gate is here"));
        }
        Some(index)
    }

    /// What is asked for, held against safety and trust as what a gate does.
    fn asked_for(
        &self,
        reader: &mut Reader<'_>,
        named: &Named<raw::Incident>,
        (raw, gate): (&raw::Incident, Gate),
    ) -> Option<Asks> {
        let find = |reader: &mut Reader<'_>, text: &Text| self.kind(reader, &named.folder, text);
        let may_undo_on: BTreeSet<Weak> =
            texts(&raw.may_undo_on).filter_map(|text| reader.word_text(text, &WEAK)).collect();
        let spot = raw.ask_for.get()?;
        let act = reader.act(&spot.value, &find)?;
        let acts: Vec<Resolved> =
            self.resolved(&named.folder, &act, spot.value.place, Occasion::Alert).into_iter().collect();
        let title = format!("incident `{}`", named.name);
        let actor = Actor {
            title: &title,
            place: named.place,
            owner: gate.owner.as_deref(),
            matches: &gate.matches,
            acts: &acts,
            watching: &gate,
            may_undo_on: &may_undo_on,
        };
        safety::asked_for(reader, &actor);
        trust::hold(reader, self.reach.server, self.reach.files, &actor);
        Some(Asks { gate, act, acts, may_undo_on })
    }

    /// That there are targets, and that alerts can find one of them.
    fn found_by_alerts(&self, reader: &mut Reader<'_>, matches: &Match, whose: Whose<'_>) {
        let targets = &self.reach.server.targets;
        let fits = |target: &&Target| matches.fits(|label| target.label(label));
        let mut fitting = targets.iter().filter(fits).peekable();
        let (message, help) = if targets.is_empty() {
            return;
        } else if fitting.peek().is_none() {
            ("fits no target", "compare its `match` with the `targets:` of the server file")
        } else if fitting.all(|target| target.alerts.is_empty()) {
            (
                "is for targets that no alert finds",
                "say which labels their alerts carry, under `alerts` of the target in the server file",
            )
        } else {
            return;
        };
        let message = format!("{} {message}", whose.what);
        reader.push(Finding::warning(name::NO_TARGET, whose.place, message).help(help));
    }
}

/// Gates that wait for an alert, and that no alert begins.
fn never_begun(reader: &mut Reader<'_>, gates: &[Guarded], incidents: &[Incident]) {
    for Guarded { gate, index, .. } in gates.iter().filter(|guarded| guarded.gate.begins.at == Start::Alert) {
        let begins = |incident: &Incident| matches!(incident.may, May::Begin(own) if own == *index);
        if !incidents.iter().any(begins) {
            let message = format!("gate `{}` begins with an alert, and no alert begins it", gate.name);
            let help = format!("add an entry to `incidents` that says `begin: {}`", gate.name);
            reader.push(Finding::warning(name::NEVER_BEGINS, gate.place, message).help(help));
        }
    }
}

/// The labels of alerts. They are whatever their rules give them, so none of them is taken for a slip.
fn labels(reader: &mut Reader<'_>, given: &Given<Pairs<OneOrMany<Text>>>) -> Match {
    let pairs = given.get().into_iter().flat_map(|spot| &spot.value.0);
    let mut keys = BTreeMap::new();
    for pair in pairs {
        if pair.value.0.is_empty() {
            let message = format!("`{}` has no value, so no alert would ever fit", pair.key.value);
            reader.error(name::BAD_VALUE, pair.key.place, message, "leave the key out to take every alert");
        }
        keys.insert(pair.key.value.clone(), reader.patterns(pair.value.0.iter().map(|spot| &spot.value)));
    }
    Match::new(keys)
}

/// What stands in the place of a gate where an alert asks for something: nothing is looked at.
fn stand_in(
    reader: &mut Reader<'_>,
    named: &Named<raw::Incident>,
    (matches, within, owner): (&Match, Span, Option<String>),
) -> Option<Gate> {
    let Ok(called) = format!("{PREFIX}{}", named.name).parse::<Name>() else {
        let message = format!("the name `{}` is too long for an incident", named.name);
        reader.error(name::BAD_VALUE, named.place, message, "write one of up to 90 characters");
        return None;
    };
    Some(Gate {
        name: called,
        place: named.place,
        owner,
        runbook: None,
        labels: BTreeMap::new(),
        upon: Upon::Deployment,
        matches: matches.clone(),
        every: NEVER,
        begins: Begins { at: Start::Alert, warmup: Span::ZERO, within },
        recovers_within: NEVER,
        ends: Ends { after: Length::Time(within), not_before: Span::ZERO, early: Early::Superseded },
        comparison: Comparison::AfterBefore(Baseline { length: NEVER, from: Stretches::JustBefore }),
        checks: Vec::new(),
        shadow: false,
    })
}
