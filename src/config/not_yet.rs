//! What can be written down but is not carried out yet. It is an error and never ignored: a rule that is only
//! half carried out is worse than none. It is told from what was written, whatever else is wrong there.

use crate::config::raw;
use crate::config::reader::Reader;
use crate::config::yaml::Given;
use crate::lint::{Finding, name};
use crate::unit::Place;

/// What of a gate is not carried out yet.
pub(crate) fn gate(reader: &mut Reader<'_>, raw: &raw::Gate) {
    if let Some(upon) = raw.upon.get() {
        match upon.value.value.as_str() {
            "flag" => say(reader, upon.place, "a flag as the change"),
            "job" => say(reader, upon.place, "a job as the change"),
            _ => {}
        }
    }
    if let Some(place) = raw.ends.get().and_then(|spot| spot.value.runs.place()) {
        say(reader, place, "ending after runs");
    }
    if let Some(place) = raw.compare.get().and_then(|spot| spot.value.ago.place()) {
        say(reader, place, "a baseline of the same time some days ago");
    }
}

/// What of a rollout is not carried out yet.
pub(crate) fn rollout(reader: &mut Reader<'_>, raw: &raw::Rollout) {
    if let Some(place) = raw.blue_green.place() {
        say(reader, place, "a switch between two copies");
    }
    if let Some(place) = raw.waves.place() {
        say(reader, place, "rolling out in waves");
    }
}

/// Turning a flag.
pub(crate) fn set_variant<T>(reader: &mut Reader<'_>, given: &Given<T>) {
    if let Some(spot) = given.get() {
        say(reader, spot.place, "turning a flag");
    }
}

fn say(reader: &mut Reader<'_>, place: Place, what: &str) {
    let finding = Finding::error(name::NOT_YET, place, format!("{what} is not yet carried out"));
    reader.push(finding.help("it is read and checked, but nothing would happen; leave it out for now"));
}
