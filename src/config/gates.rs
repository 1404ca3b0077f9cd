//! Gates: from what was written to what is watched.

use std::collections::BTreeMap;

use crate::config::checks::Setting;
use crate::config::defaults;
use crate::config::names::Named;
use crate::config::raw;
use crate::config::raw::Layer;
use crate::config::reader::{Reader, Whose, plain, texts};
use crate::config::yaml::{Given, Spot, Text, Tree};
use crate::gate::{Baseline, Begins, Comparison, Early, Ends, Gate, Length, Start, Stretches, Tracks, Upon};
use crate::lint::{Finding, name};
use crate::unit::Span;

const UPON: [(&str, Upon); 6] = [
    ("deployment", Upon::Deployment),
    ("canary", Upon::Canary),
    ("config", Upon::Config),
    ("infrastructure", Upon::Infrastructure),
    ("flag", Upon::Flag),
    ("job", Upon::Job),
];
const STARTS: [(&str, Start); 3] =
    [("change", Start::Change), ("first_traffic", Start::FirstTraffic), ("alert", Start::Alert)];
const EARLY: [(&str, Early); 2] = [("superseded", Early::Superseded), ("never", Early::Never)];

impl Reader<'_> {
    /// A gate; nothing if any part of it is wrong, after all its parts were read.
    pub(crate) fn gate(&mut self, written: &Named<raw::Gate>, defaults: &raw::Defaults) -> Option<Gate> {
        let title = format!("gate `{}`", written.name);
        let whose = Whose { what: &title, place: written.place };
        let filled = written.thing.clone().over(&defaults.gate);
        let upon = self.word(&filled.upon, &UPON);
        let every: Option<Span> = self.positive(&filled.every);
        let ends = self.ends(&written.thing.ends, &defaults.gate.ends);
        let begins = self.begins(&filled.begins, &defaults.gate.begins);
        let recovers_within = self.recovers_within(&filled, every);
        self.one_comparison(&written.thing);
        let comparison = self.comparison(&filled, upon, whose, &defaults.gate);
        let setting = Setting {
            defaults: &defaults.check,
            tracks: !filled.tracks.is_absent(),
            passes_when: &filled.passes_when,
        };
        let checks = self.need(&filled.checks, "checks", whose);
        let written_checks: Vec<_> = checks.into_iter().flat_map(|spot| &spot.value.0).collect();
        if let Some(spot) = checks.filter(|spot| spot.value.0.is_empty()) {
            self.error(
                name::MISSING_KEY,
                spot.place,
                format!("{title} has no check"),
                "a gate asks at least one question",
            );
        }
        self.names_once(written_checks.iter().filter_map(|check| check.value.check.get()), "check");
        let checks: Vec<_> = written_checks.iter().map(|check| self.check(check, &setting)).collect();
        Some(Gate {
            name: written.name.clone(),
            place: written.place,
            owner: plain(&filled.owner),
            runbook: plain(&filled.runbook),
            labels: self.labels(&filled.labels),
            matches: self.matching(&filled.r#match),
            shadow: filled.shadow.get().is_some_and(|spot| spot.value),
            upon: upon?,
            every: every?,
            begins: begins?,
            ends: ends?,
            recovers_within: recovers_within?,
            comparison: comparison?,
            checks: checks.into_iter().collect::<Option<Vec<_>>>().filter(|checks| !checks.is_empty())?,
        })
    }

    /// Who is called before anybody could look is called for nothing.
    fn recovers_within(&mut self, filled: &raw::Gate, every: Option<Span>) -> Option<Span> {
        let within: Span = self.positive(&filled.recovers_within)?;
        let Some(every) = every.filter(|every| within < *every) else { return Some(within) };
        let place = filled.recovers_within.place()?;
        if place.file == defaults::FILE {
            // Nobody asked for it: a gate that seldom looks has the time of a look.
            return Some(every);
        }
        let message = format!("{within} leaves no time to look in: there is a look every {every}");
        self.error(
            name::BAD_VALUE,
            place,
            message,
            "give it the time of a look at least, as in `recovers_within: 10m`",
        );
        None
    }

    fn begins(&mut self, given: &Given<raw::Begins>, defaults: &Given<raw::Begins>) -> Option<Begins> {
        let raw = given.get()?.value.clone().over(&defaults.get()?.value);
        let at = self.word(&raw.at, &STARTS);
        let warmup = self.parse(&raw.warmup);
        let within = self.positive(&raw.within);
        Some(Begins { at: at?, warmup: warmup?, within: within? })
    }

    fn ends(&mut self, given: &Given<raw::Ends>, defaults: &Given<raw::Ends>) -> Option<Ends> {
        let beneath = &defaults.get()?.value;
        let empty = raw::Ends::default();
        let own = given.get().map_or(&empty, |spot| &spot.value);
        let filled = own.clone().over(beneath);
        let length = self.length(own, &filled);
        let early = self.word(&filled.early, &EARLY);
        let not_before: Option<Span> = self.parse(&filled.not_before);
        let (length, mut not_before) = (length?, not_before?);
        if let Length::Time(after) = length
            && not_before > after
        {
            match own.not_before.place() {
                Some(place) => {
                    let message =
                        format!("a pass may not count before {not_before}, but the gate ends after {after}");
                    self.error(name::BAD_VALUE, place, message, "shorten `not_before` or lengthen `after`");
                    return None;
                }
                // Nobody asked for it: a short gate may pass at its end.
                None => not_before = after,
            }
        }
        Some(Ends { after: length, not_before, early: early? })
    }

    fn length(&mut self, own: &raw::Ends, filled: &raw::Ends) -> Option<Length> {
        let Some(runs) = own.runs.get() else { return self.positive(&filled.after).map(Length::Time) };
        if let Some(after) = own.after.place() {
            let finding = Finding::error(
                name::BAD_VALUE,
                runs.place,
                "a gate ends after a time or after runs, not both",
            );
            self.findings.push(finding.help("keep one of them").with(after, "the time is here"));
            return None;
        }
        if runs.value == 0 {
            self.error(name::BAD_VALUE, runs.place, "no run can show anything", "write at least 1");
            return None;
        }
        Some(Length::Runs(runs.value))
    }

    /// Two ways of comparing cannot both be meant.
    fn one_comparison(&mut self, own: &raw::Gate) {
        if let (Some(tracks), Some(compare)) = (own.tracks.place(), own.compare.place()) {
            let message = "a gate compares tracks, or after with before, not both";
            let finding = Finding::error(name::BAD_VALUE, compare, message).help("keep one of them");
            self.findings.push(finding.with(tracks, "the tracks are here"));
        }
    }

    fn comparison(
        &mut self,
        raw: &raw::Gate,
        upon: Option<Upon>,
        whose: Whose<'_>,
        beneath: &raw::Gate,
    ) -> Option<Comparison> {
        if let Some(tracks) = raw.tracks.get() {
            return self.tracks(tracks).map(Comparison::Tracks);
        }
        if upon == Some(Upon::Canary) {
            let finding = Finding::error(
                name::MISSING_KEY,
                whose.place,
                format!("{} watches a canary but has no `tracks`", whose.what),
            );
            self.findings.push(finding.help("say which series are which: `tracks: { label: deployment_track, canary: canary, stable: stable }`"));
            return None;
        }
        let spot = raw.compare.get()?;
        let compare = &spot.value;
        let whose = Whose { what: "`compare`", place: spot.place };
        let after = self
            .need(&compare.after, "after", whose)
            .and_then(|spot| self.word_text(&spot.value, &[("before", ())]));
        let length = self.positive(&compare.baseline.clone().over(&beneath.compare.get()?.value.baseline));
        let mut spans = Vec::new();
        for text in texts(&compare.ago) {
            let span: Option<Span> = self.parse_text(text);
            if span.zip(length).is_some_and(|(ago, length)| ago < length) {
                self.error(
                    name::BAD_VALUE,
                    text.place,
                    "this baseline would hold the release itself",
                    "as in `ago: [1d, 7d]`",
                );
            }
            spans.extend(span);
        }
        let from = if compare.ago.is_absent() { Stretches::JustBefore } else { Stretches::Ago(spans) };
        after?;
        Some(Comparison::AfterBefore(Baseline { length: length?, from }))
    }

    fn tracks(&mut self, written: &Spot<raw::Tracks>) -> Option<Tracks> {
        let raw = &written.value;
        let whose = Whose { what: "`tracks`", place: written.place };
        let label = raw.label.get();
        let canary = self.need(&raw.canary, "canary", whose).and_then(|spot| self.track(spot, label));
        let stable = self.need(&raw.stable, "stable", whose).and_then(|spot| self.track(spot, label));
        match Tracks::new(canary?, stable?) {
            Ok(tracks) => Some(tracks),
            Err(error) => {
                self.error(
                    name::BAD_VALUE,
                    written.place,
                    error.to_string(),
                    "the two have to differ in a label",
                );
                None
            }
        }
    }

    /// One track: the value of the label that both share, or labels of its own.
    fn track(
        &mut self,
        written: &Spot<Tree>,
        label: Option<&Spot<Text>>,
    ) -> Option<BTreeMap<String, String>> {
        let node = &written.value.0;
        if let (Some(label), Some(value)) = (label, node.text()) {
            return Some(BTreeMap::from([(label.value.value.clone(), value.to_owned())]));
        }
        let mut own = BTreeMap::new();
        for entry in node.entries().unwrap_or_default() {
            if let (Some(key), Some(value)) = (entry.key.text(), entry.value.text()) {
                own.insert(key.to_owned(), value.to_owned());
            } else {
                let help = "as in `canary: { deployment_track: canary, region: eu }`";
                self.error(name::WRONG_TYPE, entry.value.place, "a label's value is a text", help);
                return None;
            }
        }
        if own.is_empty() {
            let help = "give `label:` beside it, or labels: `canary: { deployment_track: canary }`";
            self.error(
                name::BAD_VALUE,
                written.place,
                "this does not say which label it is the value of",
                help,
            );
            return None;
        }
        Some(own)
    }
}
