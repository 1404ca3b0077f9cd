//! Whether a gate can work at all: its times leave time to look, and what it looks at can show something.

use crate::config::reader::Reader;
use crate::config::rules::Guarded;
use crate::config::time_of_day;
use crate::gate::{Comparison, ENOUGH_BASELINE, Length, Question, Stretches, WHOLE_DAY};
use crate::lint::{Finding, name};
use crate::unit::Span;

/// Looking more often than this asks more of a source than it can show.
const LEAST_INTERVAL: Span = Span::from_secs(1);

/// Holds a gate against what it needs to work.
pub(crate) fn hold(reader: &mut Reader<'_>, guarded: &Guarded) {
    baseline(reader, guarded);
    looks(reader, guarded);
    times(reader, guarded);
    slices(reader, guarded);
    warmup(reader, guarded);
}

/// What has just begun fares worse than what has run for hours, with no harm done.
fn warmup(reader: &mut Reader<'_>, guarded: &Guarded) {
    if !guarded.gate.begins.warmup.is_zero() {
        return;
    }
    let message = "without a warm-up the cold start counts, and may be proved as harm";
    let place = guarded.raw.begins.place().unwrap_or(guarded.gate.place);
    reader.push(
        Finding::warning(name::COLD_START, place, message)
            .help("leave out as long as it lasts: `warmup: 2m`"),
    );
}

fn baseline(reader: &mut Reader<'_>, guarded: &Guarded) {
    let Comparison::AfterBefore(baseline) = &guarded.gate.comparison else { return };
    if baseline.from != Stretches::JustBefore {
        return;
    }
    if baseline.length < WHOLE_DAY {
        guarded.gate.checks.iter().for_each(|check| time_of_day::hold(reader, check, baseline.length));
    }
    if baseline.length >= ENOUGH_BASELINE {
        return;
    }
    let message = format!(
        "a baseline of {} proves only large effects: bursts rarer than it are expected unseen",
        baseline.length
    );
    let help = format!("{ENOUGH_BASELINE} or more shows how events come; a day is better");
    reader.push(
        Finding::warning(
            name::SHORT_BASELINE,
            guarded.raw.compare.place().unwrap_or(guarded.gate.place),
            message,
        )
        .help(help),
    );
}

fn looks(reader: &mut Reader<'_>, guarded: &Guarded) {
    let (gate, every) = (&guarded.gate, guarded.gate.every);
    if every < LEAST_INTERVAL {
        let message = format!("looking every {every} is more often than once a second");
        reader.error(
            name::BAD_VALUE,
            gate.place,
            message,
            "no source shows that much; write `every: 15s` or more",
        );
    }
    let Length::Time(after) = gate.ends.after else { return };
    if after < every {
        let message =
            format!("gate `{}` looks every {every} and ends after {after}: it would never look", gate.name);
        reader.error(name::BAD_VALUE, gate.place, message, "look more often, or watch for longer");
        return;
    }
    let most = after.millis() / every.millis().max(1);
    for check in &gate.checks {
        if let Question::Expr { looks, .. } = &check.question
            && most < u64::from(looks.of())
        {
            let message = format!("{} looks are more than the {most} that this gate has", looks.of());
            let help = "ask for fewer, look more often, or watch for longer";
            reader.error(name::BAD_VALUE, check.place, message, help);
        }
    }
}

/// A slice by the label that tells the tracks apart has one track.
fn slices(reader: &mut Reader<'_>, guarded: &Guarded) {
    let Comparison::Tracks(tracks) = &guarded.gate.comparison else { return };
    for check in &guarded.gate.checks {
        let track =
            |label: &&String| tracks.canary().contains_key(*label) || tracks.stable().contains_key(*label);
        if let Some(label) = check.by.iter().find(track) {
            let message = format!("`by: [{label}]` slices by the label of the tracks, so no slice has both");
            reader.error(name::BAD_VALUE, check.place, message, "leave it out of `by`");
        }
    }
}

/// Times that leave no time to look.
fn times(reader: &mut Reader<'_>, guarded: &Guarded) {
    let Length::Time(after) = guarded.gate.ends.after else { return };
    let lags = guarded.gate.checks.iter().filter_map(|check| match &check.question {
        Question::Proportion(proportion) => Some((check.place, "lag", proportion.lag)),
        Question::Quantile(_) | Question::Slow(_) | Question::Mean { .. } | Question::Expr { .. } => None,
    });
    let warmup = (guarded.gate.place, "warmup", guarded.gate.begins.warmup);
    for (place, what, span) in lags.chain([warmup]).filter(|(_, _, span)| after <= *span) {
        let message = format!("a {what} of {span} leaves nothing of a gate that ends after {after}");
        reader.error(name::BAD_VALUE, place, message, "shorten the one or lengthen the other");
    }
    if let Some(undecided) = guarded.policy.inconclusive.as_ref().filter(|undecided| after < undecided.after)
    {
        let message = format!("inconclusive after {}, but the gate ends after {after}", undecided.after);
        reader.error(name::BAD_VALUE, guarded.gate.place, message, "give a time within the gate's own");
    }
}
