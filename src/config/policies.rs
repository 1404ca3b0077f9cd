//! Policies: what verdicts lead to.

use std::collections::BTreeSet;

use crate::config::raw;
use crate::config::raw::Layer;
use crate::config::reader::{Reader, Whose, texts};
use crate::config::yaml::{Given, List, Spot, Text, Tree, decode};
use crate::decision::{Act, Kind, Policy, Rung, Undecided, Weak};
use crate::lint::{Finding, name};
use crate::unit::{Confidence, Name};

const WEAK: [(&str, Weak); 2] = [("before_after", Weak::AfterBefore), ("expr", Weak::Expr)];

/// Below this nothing that changes a target is done.
const LEAST_TO_ACT: f64 = 0.5;

/// The word for asking a person, wherever the name of an action may stand.
pub(crate) const ASK: &str = "ask";

/// Finds an action's kind by the name that stands in a text; reports the name if there is none.
pub(crate) type FindKind<'a> = dyn Fn(&mut Reader<'_>, &Text) -> Option<Kind> + 'a;

impl Reader<'_> {
    /// What a gate's verdicts lead to; parts that are wrong are left out.
    pub(crate) fn policy(
        &mut self,
        raw: &raw::Gate,
        defaults: &raw::Defaults,
        find: &FindKind<'_>,
    ) -> Policy {
        let empty = raw::Then::default();
        let beneath = defaults.gate.then.get().map_or(&empty, |spot| &spot.value);
        let own = raw.then.get().map_or(&empty, |spot| &spot.value).clone().over(beneath);
        let fail = own.fail.get().map(|spot| self.ladder(spot, defaults, find)).unwrap_or_default();
        let pass = own.pass.get().and_then(|spot| self.act(&spot.value, find));
        let inconclusive = own.inconclusive.get().and_then(|spot| self.undecided(spot, find));
        let first_release = raw.first_release.get().and_then(|spot| self.act(&spot.value, find));
        let may_undo_on: BTreeSet<Weak> =
            texts(&own.may_undo_on).filter_map(|text| self.word_text(text, &WEAK)).collect();
        Policy { fail, pass, inconclusive, first_release, may_undo_on }
    }

    /// An action by its name, or `ask`.
    pub(crate) fn act(&mut self, text: &Text, find: &FindKind<'_>) -> Option<Act> {
        if text.value == ASK {
            return Some(Act::Ask);
        }
        let action: Name = self.parse_text(text)?;
        find(self, text)?;
        Some(Act::Do { action, place: text.place })
    }

    fn undecided(&mut self, written: &Spot<raw::Inconclusive>, find: &FindKind<'_>) -> Option<Undecided> {
        let whose = Whose { what: "`inconclusive`", place: written.place };
        let raw = &written.value;
        let after =
            self.need(&raw.after, "after", whose).is_some().then(|| self.positive(&raw.after)).flatten();
        let act = self.need(&raw.r#do, "do", whose).and_then(|spot| self.act(&spot.value, find));
        Some(Undecided { after: after?, act: act? })
    }

    /// `fail: rollback`, or a list of rungs.
    fn ladder(&mut self, written: &Spot<Tree>, defaults: &raw::Defaults, find: &FindKind<'_>) -> Vec<Rung> {
        let node = &written.value.0;
        if node.items().is_none() {
            let text: Option<Text> = decode(node, &mut self.findings);
            let alone = text.map(|text| raw::Rung {
                r#do: Given::Is(Spot { place: text.place, value: text }),
                ..raw::Rung::default()
            });
            return alone
                .and_then(|rung| self.rung(&Spot { value: rung, place: written.place }, defaults, find))
                .into_iter()
                .collect();
        }
        let list: Option<List<raw::Rung>> = decode(node, &mut self.findings);
        let mut rungs: Vec<Rung> = Vec::new();
        for raw in list.map(|list| list.0).unwrap_or_default() {
            let Some(rung) = self.rung(&raw, defaults, find) else { continue };
            if let Some(below) = rungs.last().filter(|below| below.confidence >= rung.confidence) {
                let message =
                    format!("a rung at {} stands above one at {}", rung.confidence, below.confidence);
                let finding = Finding::error(name::LADDER, raw.place, message);
                self.findings.push(
                    finding.help("write the rungs in rising confidence; the highest that is reached counts"),
                );
            }
            rungs.push(rung);
        }
        rungs
    }

    /// A confidence that is low for what is done with it.
    fn low(&mut self, given: &Spot<f64>, usual: &Given<f64>, kind: Kind) {
        let usual = usual.get().map(|spot| spot.value);
        let Some(usual) = usual.filter(|usual| given.value < *usual) else { return };
        if kind.changes_target() && given.value < LEAST_TO_ACT {
            let message = format!("at a confidence of {} this is likelier wrong than right", given.value);
            self.error(name::LADDER, given.place, message, format!("{usual} is usual for what it does"));
        } else {
            let message = format!("a confidence of {} is low for what it leads to", given.value);
            let finding = Finding::warning(name::LOW_CONFIDENCE, given.place, message);
            self.push(finding.help(format!("{usual} is usual for it")));
        }
    }

    fn rung(
        &mut self,
        written: &Spot<raw::Rung>,
        defaults: &raw::Defaults,
        find: &FindKind<'_>,
    ) -> Option<Rung> {
        let whose = Whose { what: "the rung", place: written.place };
        let what = self.need(&written.value.r#do, "do", whose)?;
        let act = self.act(&what.value, find)?;
        let kind = if act == Act::Ask { Kind::Notify } else { find(self, &what.value)? };
        let by_kind = match kind {
            Kind::Notify => &defaults.confidence.notify,
            Kind::Pause => &defaults.confidence.pause,
            Kind::Rollback
            | Kind::Resume
            | Kind::Promote
            | Kind::SetWeight
            | Kind::ToggleFlag
            | Kind::Restart
            | Kind::Other => &defaults.confidence.rollback,
        };
        let confidence = written.value.confidence.clone().over(by_kind);
        let spot = confidence.get()?;
        match Confidence::new(spot.value) {
            Ok(confidence) => {
                self.low(spot, by_kind, kind);
                Some(Rung { confidence, act })
            }
            Err(error) => {
                self.findings.push(Finding::error(name::LADDER, spot.place, error.to_string()));
                None
            }
        }
    }
}
