//! Mixes: by which labels the traffic of a share differs that nobody asks by, and what both sides had of each value.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::count::Whose;
use crate::engine::count::shares::Shares;
use crate::engine::count::slices::whole;
use crate::engine::event::Window;
use crate::gate::{Comparison, Counted, Events, Mix, MixBy, Tally};
use crate::promql::Selector;
use crate::signal::{Labels, NAME};

/// By how many labels the mix of a check is watched: those by which the old side's shares differ most.
const MOST_MIXES: usize = 2;

/// How many labels are looked at for those, by their names.
const MOST_LABELS: usize = 8;

/// How many values of a label are counted: those with the most traffic.
const MOST_VALUES: usize = 12;

/// How many values of a label are looked through for those.
const MOST_SEEN: usize = 1_000;

/// Labels that say where something runs and what it is, and nothing of the traffic that comes to it; and the bound of a bucket.
pub(in crate::engine) const NO_TRAFFIC: [&str; 22] = [
    NAME,
    "container",
    "endpoint",
    "host",
    "host_name",
    "hostname",
    "instance",
    "instance_id",
    "job",
    "k8s_node_name",
    "k8s_pod_name",
    "k8s_pod_uid",
    "le",
    "machine",
    "node",
    "pod",
    "pod_name",
    "pod_template_hash",
    "replica",
    "service_instance_id",
    "version",
    "service_version",
];

impl Shares<'_> {
    /// The labels by which the mix is watched, with what the old side had before the first look.
    pub(super) fn settle_mixes(&self, windows: &[Window]) -> Vec<Mix> {
        let Some((whole, of)) = whole(windows).zip(self.proportion.of.as_selector()) else {
            return Vec::new();
        };
        if !self.by.is_empty() {
            return Vec::new();
        }
        let candidates = self.candidates(of).into_iter().take(MOST_LABELS);
        let mut mixes: Vec<(f64, Mix)> =
            candidates.filter_map(|(label, values)| self.settle((whole, label), values)).collect();
        mixes.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| one.1.label.cmp(&other.1.label)));
        mixes.truncate(MOST_MIXES);
        mixes.into_iter().map(|(_, mix)| mix).collect()
    }

    /// The labels of the old side's series that have several values, with these.
    fn candidates(&self, of: &Selector) -> BTreeMap<String, BTreeSet<String>> {
        let (Events::Bad(events) | Events::Good(events)) = &self.proportion.events;
        let marked = events.as_selector().map(Selector::asks).unwrap_or_default();
        let tracks: Vec<&String> = match &self.reading.gate.comparison {
            Comparison::Tracks(tracks) => tracks.canary().keys().chain(tracks.stable().keys()).collect(),
            Comparison::AfterBefore(_) => Vec::new(),
        };
        let tells = |label: &str| {
            !NO_TRAFFIC.contains(&label)
                && !self.reading.target.select.contains_key(label)
                && !tracks.iter().any(|track| *track == label)
                && !marked.iter().any(|matcher| matcher.label == label)
        };
        let mut values: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for stored in self.reading.store.select(&self.reading.asks_of(of, Whose::Old)) {
            for (label, value) in stored.labels().iter().filter(|(label, _)| tells(label)) {
                let seen = values.entry(label.to_owned()).or_default();
                if seen.len() < MOST_SEEN {
                    seen.insert(value.to_owned());
                }
            }
        }
        values.retain(|_, values| values.len() > 1);
        values
    }

    /// One of them with its largest values, behind by how much the shares of these differ.
    fn settle(&self, (window, label): (Window, String), seen: BTreeSet<String>) -> Option<(f64, Mix)> {
        let all = MixBy { label, values: seen.into_iter().collect() };
        let had = self.by_value((window, Whose::Old), std::slice::from_ref(&all)).concat();
        let MixBy { label, values } = all;
        let mut ranked: Vec<(Tally, String)> = had.iter().copied().zip(values).collect();
        ranked.retain(|(tally, _)| tally.of > 0);
        ranked.sort_by(|one, other| other.0.of.cmp(&one.0.of).then_with(|| one.1.cmp(&other.1)));
        ranked.truncate(MOST_VALUES);
        if ranked.len() < 2 {
            return None;
        }
        let known = Tally::sum(ranked.iter().map(|(tally, _)| tally));
        let all = Tally::sum(&had);
        let rest =
            Tally { events: all.events.saturating_sub(known.events), of: all.of.saturating_sub(known.of) };
        let (before, values): (Vec<Tally>, Vec<String>) = ranked.into_iter().unzip();
        let differ = spread(&before);
        let before = before.into_iter().chain([rest]).collect();
        (differ > 0.0).then_some((differ, Mix { label, values, before }))
    }

    /// What both sides had in a window by the values of each label.
    pub(super) fn mixed(&self, window: Window, by: &[MixBy]) -> Vec<Counted> {
        if by.is_empty() {
            return Vec::new();
        }
        let new = self.by_value((window, Whose::New), by).concat();
        let old = match &self.reading.gate.comparison {
            Comparison::Tracks(_) => {
                let old = self.by_value((window, Whose::Old), by).concat();
                old.into_iter().map(|old| vec![old]).collect()
            }
            Comparison::AfterBefore(_) => vec![Vec::new(); new.len()],
        };
        new.into_iter().zip(old).map(|(new, old)| Counted { new, old }).collect()
    }

    /// What a side had in a window, by each label, of each value and at last of all others. All labels are counted at once,
    /// since it is reading the series that takes time: there is a place for each combination of their values.
    fn by_value(&self, (window, whose): (Window, Whose), by: &[MixBy]) -> Vec<Vec<Tally>> {
        let known: Vec<BTreeMap<&str, usize>> = by.iter().map(numbered).collect();
        let size = |known: &BTreeMap<&str, usize>| known.len() + 1;
        let of_label = |labels: &Labels, (by, known): (&MixBy, &BTreeMap<&str, usize>)| {
            known.get(labels.get(&by.label)).copied().unwrap_or(known.len())
        };
        let place = |labels: &Labels| {
            let each = by.iter().zip(&known);
            each.fold(0, |place, own| place * size(own.1) + of_label(labels, own))
        };
        let many: usize = known.iter().map(size).product();
        let places = (many, &place as &dyn Fn(&Labels) -> usize);
        let (Events::Bad(events) | Events::Good(events)) = &self.proportion.events;
        let count = |plan, window| {
            self.reading.increases(plan, whose, &[window], places).pop().unwrap_or_default().groups
        };
        let (of, events) = (count(&self.proportion.of, self.begun(window)), count(events, window));
        let mut stride = many;
        let each = known.iter().map(|known| {
            stride /= size(known);
            let mut tallies = vec![Tally::default(); size(known)];
            for (place, (events, of)) in events.iter().zip(&of).enumerate() {
                if let Some(tally) = tallies.get_mut(place / stride % size(known)) {
                    *tally = tally.and(Tally { events: *events, of: *of });
                }
            }
            tallies.into_iter().map(coherent).collect()
        });
        each.collect()
    }
}

/// The values of a label, with their places.
fn numbered(by: &MixBy) -> BTreeMap<&str, usize> {
    by.values.iter().enumerate().map(|(place, value)| (value.as_str(), place)).collect()
}

/// A scrape between two counters can make errors outrun their requests for a moment.
fn coherent(tally: Tally) -> Tally {
    Tally { events: tally.events.min(tally.of), ..tally }
}

/// By how much the shares of values differ: their variance, weighed by traffic.
#[expect(clippy::cast_precision_loss, reason = "it only ranks")]
fn spread(values: &[Tally]) -> f64 {
    let all = Tally::sum(values);
    let share = |tally: &Tally| tally.events as f64 / (tally.of as f64).max(1.0);
    let mean = share(&all);
    let each = values.iter().map(|tally| {
        let off = share(tally) - mean;
        tally.of as f64 / (all.of as f64).max(1.0) * off * off
    });
    each.sum()
}
