//! What can be written down but is not carried out yet. It is an error and never ignored: a rule that is only
//! half carried out is worse than none.

use crate::config::raw;
use crate::config::reader::Reader;
use crate::config::rules::Guarded;
use crate::config::yaml::Given;
use crate::gate::{Comparison, Length, Stretches, Upon};
use crate::lint::{Finding, name};
use crate::rollout::{Rollout, Way};
use crate::unit::Place;

/// What of a gate is not carried out yet.
pub(crate) fn gate(reader: &mut Reader<'_>, guarded: &Guarded) {
    let gate = &guarded.gate;
    let raw = &guarded.raw;
    match gate.upon {
        Upon::Flag => say(reader, raw.upon.place().unwrap_or(gate.place), "a flag as the change"),
        Upon::Job => say(reader, raw.upon.place().unwrap_or(gate.place), "a job as the change"),
        Upon::Deployment | Upon::Canary | Upon::Config | Upon::Infrastructure => {}
    }
    if let Length::Runs(_) = gate.ends.after {
        let place = raw.ends.get().and_then(|spot| spot.value.runs.place());
        say(reader, place.unwrap_or(gate.place), "ending after runs");
    }
    if let Comparison::AfterBefore(baseline) = &gate.comparison
        && matches!(baseline.from, Stretches::Ago(_))
    {
        say(reader, guarded.compare_place, "a baseline of the same time some days ago");
    }
}

/// What of a rollout is not carried out yet.
pub(crate) fn rollout(reader: &mut Reader<'_>, rollout: &Rollout, raw: &raw::Rollout) {
    if let Way::BlueGreen(_) = rollout.way {
        say(reader, raw.blue_green.place().unwrap_or(rollout.place), "a switch between two copies");
    }
    if !rollout.waves.is_empty() {
        say(reader, raw.waves.place().unwrap_or(rollout.place), "rolling out in waves");
    }
}

/// Turning a flag.
pub(crate) fn set_variant<T>(reader: &mut Reader<'_>, given: &Given<T>) {
    if let Some(place) = given.place() {
        say(reader, place, "turning a flag");
    }
}

fn say(reader: &mut Reader<'_>, place: Place, what: &str) {
    let finding = Finding::error(name::NOT_YET, place, format!("{what} is not yet carried out"));
    reader.push(finding.help("it is read and checked, but nothing would happen; leave it out for now"));
}
