//! What was seen after a change was taken back: whether things got well by that.

use crate::decision::Recovery;
use crate::gate::{Counted, Found, Look, Terms};
use crate::ledger::episode::Episode;
use crate::ledger::rationale::figures::{level, tally};
use crate::unit::{Span, UnixMillis};

/// What was seen, in its order.
pub(super) fn lines(episode: &Episode) -> Vec<String> {
    let Some(began) = &episode.began else { return Vec::new() };
    let begun = episode.recovery.iter().rev().find_map(|(_, recovery)| match recovery {
        Recovery::Begun { since, until, .. } => Some((*since, *until)),
        Recovery::Recovered { .. }
        | Recovery::Unrecovered { .. }
        | Recovery::Superseded
        | Recovery::Withdrawn => None,
    });
    let line = |(at, recovery): &(UnixMillis, Recovery)| {
        let after = begun.and_then(|(since, until)| after(recovery, since, until));
        let after = after.map(|span| format!(", {span} after the change was taken back")).unwrap_or_default();
        format!("{at}  {}{after}{}", recovery_words(recovery), seen_words(recovery, &began.terms))
    };
    episode.recovery.iter().map(line).collect()
}

/// How long after a change was taken back things were seen to be well, or were not.
fn after(recovery: &Recovery, since: UnixMillis, until: UnixMillis) -> Option<Span> {
    match recovery {
        Recovery::Recovered { look, .. } => Some(look.at.since(since)),
        Recovery::Unrecovered { .. } => Some(until.since(since)),
        Recovery::Begun { .. } | Recovery::Superseded | Recovery::Withdrawn => None,
    }
}

/// Whether things are well after a change was taken back, in words without figures.
pub fn recovery_words(recovery: &Recovery) -> String {
    match recovery {
        Recovery::Begun { until, .. } => return format!("looks until {until} whether things are well again"),
        Recovery::Recovered { idle: true, .. } => {
            "things are well again, as nobody asks the new side for anything any more"
        }
        Recovery::Recovered { idle: false, .. } => "things are well again",
        Recovery::Unrecovered { .. } => "a person has to look: things were not seen to be well in time",
        Recovery::Superseded => {
            "looks no more whether things are well again: something else came to the target"
        }
        Recovery::Withdrawn => "looks no more whether things are well again: the rules say otherwise now",
    }
    .to_owned()
}

/// What was seen then of each check, or last.
fn seen_words(recovery: &Recovery, terms: &Terms) -> String {
    let look = match recovery {
        Recovery::Recovered { look, .. } | Recovery::Unrecovered { last: Some(look) } => look,
        Recovery::Unrecovered { last: None } => return "; no look was taken".to_owned(),
        Recovery::Begun { .. } | Recovery::Superseded | Recovery::Withdrawn => return String::new(),
    };
    // Nobody has to be told what was not found of what nobody uses.
    let is_idle = matches!(recovery, Recovery::Recovered { idle: true, .. });
    if is_idle && !look.found.iter().any(Found::is_there) {
        return String::new();
    }
    let last = matches!(recovery, Recovery::Unrecovered { .. }).then(|| format!(" last, at {}", look.at));
    format!("; seen{}: {}", last.unwrap_or_default(), look_words(look, terms))
}

fn look_words(look: &Look, terms: &Terms) -> String {
    let each = terms.checks.iter().zip(&look.found);
    let each: Vec<String> =
        each.map(|(check, found)| format!("{} {}", check.name, found_words(found))).collect();
    each.join(", ")
}

fn found_words(found: &Found) -> String {
    match found {
        Found::Counts(counts) => counts.strands.first().map(counted).unwrap_or_default(),
        Found::Levels(levels) => format!("at {} beside {}", level(levels.new), level(levels.old)),
        Found::Value(value) => format!("at {}", level(*value)),
        Found::Missing(gap) => format!("nothing, as {gap}"),
        Found::Lacking(_) => "nothing, as its histogram lacks a bucket".to_owned(),
    }
}

fn counted(counted: &Counted) -> String {
    let new = tally(counted.new);
    if counted.old.is_empty() { new } else { format!("{new} beside {}", tally(counted.old_sum())) }
}
