//! Extending: a gate or rollout takes the keys that it does not give from another.

use std::collections::BTreeSet;

use crate::config::names::{Named, Names};
use crate::config::raw;
use crate::config::raw::Layer;
use crate::config::reader::{Reader, texts};
use crate::config::yaml::{Given, List, Spot, Text};
use crate::lint::{Finding, name};

/// How many things may extend one another in a row.
const LONGEST_CHAIN: usize = 32;

/// How many of a circle are shown.
const MOST_SHOWN: usize = 8;

/// Something that may extend another of its kind.
pub(crate) trait Extends: Clone {
    /// What it is called in a message.
    const WHAT: &'static str;

    /// The name of what it extends.
    fn base(&self) -> &Given<Text>;

    /// It, with what it does not give taken from `base`.
    fn extending(self, base: Self, reader: &mut Reader<'_>) -> Self;
}

/// For each thing, the chain of those it extends, nearest first.
pub(crate) type Chains = Vec<Vec<usize>>;

/// Finds what each thing extends; what cannot be found, leads back to itself, or goes on for too long is said, and
/// extends nothing.
pub(crate) fn chains<T: Extends>(names: &Names<T>, reader: &mut Reader<'_>) -> Chains {
    let bases: Vec<Option<usize>> =
        names.iter().enumerate().map(|(index, named)| base_of(names, index, named, reader)).collect();
    let lengths = lengths(&bases);
    let mut told = vec![false; bases.len()];
    (0..bases.len())
        .map(|start| match lengths[start] {
            Some(length) if length <= LONGEST_CHAIN => {
                std::iter::successors(bases[start], |at| bases[*at]).collect()
            }
            Some(length) => {
                // Whatever extends this one is too long as well, and needs no telling.
                if length == LONGEST_CHAIN + 1 {
                    say_too_long(names, start, reader);
                }
                Vec::new()
            }
            None => {
                let circle = in_circle(&bases, start);
                if !told[circle] {
                    say_circle(names, &bases, circle, &mut told, reader);
                }
                Vec::new()
            }
        })
        .collect()
}

/// How many others each extends in a row; nothing where that leads into a circle.
fn lengths(bases: &[Option<usize>]) -> Vec<Option<usize>> {
    let mut known: Vec<Option<Option<usize>>> = vec![None; bases.len()];
    for start in 0..bases.len() {
        let mut path = Vec::new();
        let mut walked = std::collections::BTreeSet::new();
        let mut at = Some(start);
        let end = loop {
            match at {
                None => break Some(0),
                Some(here) => match known[here] {
                    Some(length) => break length.map(|length| length + 1),
                    None if !walked.insert(here) => break None,
                    None => path.push(here),
                },
            }
            at = at.and_then(|here| bases[here]);
        };
        for (further, here) in path.into_iter().rev().enumerate() {
            known[here] = Some(end.map(|end| end + further));
        }
    }
    known.into_iter().map(Option::flatten).collect()
}

/// The first of the circle that a walk leads into.
fn in_circle(bases: &[Option<usize>], start: usize) -> usize {
    let mut at = start;
    for _ in bases {
        at = bases[at].unwrap_or(start);
    }
    let round = std::iter::successors(bases[at], |next| bases[*next].filter(|next| *next != at));
    round.chain([at]).min().unwrap_or(at)
}

/// A thing with all that it extends beneath it.
pub(crate) fn whole<T: Extends>(
    names: &Names<T>,
    index: usize,
    chain: &[usize],
    reader: &mut Reader<'_>,
) -> T {
    let mut links = chain.iter().rev().chain([&index]).map(|link| names.get(*link).thing.clone());
    let Some(outermost) = links.next() else { return names.get(index).thing.clone() };
    links.fold(outermost, |base, own| own.extending(base, reader))
}

fn base_of<T: Extends>(
    names: &Names<T>,
    index: usize,
    named: &Named<T>,
    reader: &mut Reader<'_>,
) -> Option<usize> {
    let text = &named.thing.base().get()?.value;
    let found = names.find_but(&named.folder, &text.value, Some(index));
    if found.is_some() {
        return found;
    }
    if text.value == named.name.as_str() {
        let message = format!("{} `{}` extends itself", T::WHAT, named.name);
        reader.error(
            name::CYCLE,
            text.place,
            message,
            "no folder further out has one of this name; extend another",
        );
        return None;
    }
    let known: Vec<&str> = names.reaching(&named.folder);
    reader.unknown(text, T::WHAT, known.into_iter().filter(|known| *known != named.name.as_str()));
    None
}

fn say_circle<T: Extends>(
    names: &Names<T>,
    bases: &[Option<usize>],
    start: usize,
    told: &mut [bool],
    reader: &mut Reader<'_>,
) {
    let mut at = start;
    let mut round: Vec<usize> = Vec::new();
    while !told[at] {
        told[at] = true;
        round.push(at);
        at = bases[at].unwrap_or(start);
    }
    let place = |index: usize| {
        let named = names.get(index);
        named.thing.base().place().unwrap_or(named.place)
    };
    let left = round.len().saturating_sub(MOST_SHOWN);
    let all = round.len();
    round.truncate(MOST_SHOWN);
    let shown: Vec<String> =
        round.iter().chain([&start]).map(|index| format!("`{}`", names.get(*index).name)).collect();
    let way = if left > 0 { format!("a circle of {all}, beginning ") } else { String::new() };
    let message = format!("each {} of these extends the next: {way}{}", T::WHAT, shown.join(" -> "));
    let mut finding =
        Finding::error(name::CYCLE, place(start), message).help("take `extends` out of one of them");
    for index in round.into_iter().skip(1) {
        finding = finding.with(place(index), format!("`{}` extends the next here", names.get(index).name));
    }
    reader.findings.push(finding);
}

fn say_too_long<T: Extends>(names: &Names<T>, start: usize, reader: &mut Reader<'_>) {
    let named = names.get(start);
    let message = format!("{} `{}` extends more than {LONGEST_CHAIN} others in a row", T::WHAT, named.name);
    let place = named.thing.base().place().unwrap_or(named.place);
    reader.error(name::CYCLE, place, message, "nobody could follow that; extend the outermost");
}

impl Extends for raw::Gate {
    const WHAT: &'static str = "gate";

    fn base(&self) -> &Given<Text> {
        &self.extends
    }

    fn extending(mut self, mut base: Self, reader: &mut Reader<'_>) -> Self {
        // Two ways of comparing cannot both hold, so giving one gives up the other.
        if !self.tracks.is_absent() {
            base.compare = Given::Absent;
        }
        if !self.compare.is_absent() {
            base.tracks = Given::Absent;
        }
        self.checks = merged(&self, &base, reader);
        base.without = Given::Absent;
        self.over(&base)
    }
}

/// The checks of both, by name: one's own stands in place of the extended gate's.
fn merged(own: &raw::Gate, base: &raw::Gate, reader: &mut Reader<'_>) -> Given<List<raw::Check>> {
    let listed = |gate: &raw::Gate| gate.checks.get().map(|spot| spot.value.0.clone()).unwrap_or_default();
    let title = |check: &Spot<raw::Check>| check.value.check.get().map(|spot| spot.value.value.clone());
    let (mine, beneath) = (listed(own), listed(base));
    for text in texts(&own.without) {
        if !beneath.iter().any(|check| title(check).as_deref() == Some(&text.value)) {
            let known: Vec<String> = beneath.iter().filter_map(title).collect();
            reader.unknown(text, "check of the extended gate", known.iter().map(String::as_str));
        }
    }
    let replaced: BTreeSet<String> = mine.iter().filter_map(title).collect();
    let dropped = |name: &str| texts(&own.without).any(|text| text.value == name);
    let kept = beneath
        .into_iter()
        .filter(|check| title(check).is_none_or(|name| !replaced.contains(&name) && !dropped(&name)));
    let all: Vec<_> = kept.chain(mine).collect();
    match own.checks.place().or(base.checks.place()) {
        Some(place) => Given::Is(Spot { value: List(all), place }),
        None => Given::Absent,
    }
}

impl Extends for raw::Rollout {
    const WHAT: &'static str = "rollout";

    fn base(&self) -> &Given<Text> {
        &self.extends
    }

    fn extending(self, mut base: Self, _: &mut Reader<'_>) -> Self {
        if !self.steps.is_absent() {
            base.blue_green = Given::Absent;
        }
        if !self.blue_green.is_absent() {
            base.steps = Given::Absent;
            base.set_weight = Given::Absent;
        }
        self.over(&base)
    }
}
