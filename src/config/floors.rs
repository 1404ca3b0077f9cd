//! Floors of the server file: how sure an action of each kind has to be.

use std::collections::BTreeMap;

use crate::config::raw;
use crate::config::reader::Reader;
use crate::decision::Kind;
use crate::lint::name;
use crate::unit::Confidence;

/// What a failure may lead to.
const FAILING: [(&str, Kind); 6] = [
    ("rollback", Kind::Rollback),
    ("pause", Kind::Pause),
    ("set_weight", Kind::SetWeight),
    ("toggle_flag", Kind::ToggleFlag),
    ("restart", Kind::Restart),
    ("notify", Kind::Notify),
];

impl Reader<'_> {
    /// How sure an action of each kind has to be of a failure, whatever a policy says.
    pub(crate) fn floors(&mut self, raw: &raw::File) -> BTreeMap<Kind, Confidence> {
        let mut floors = BTreeMap::new();
        for pair in raw.floors.get().into_iter().flat_map(|spot| &spot.value.0) {
            let Some(kind) = self.word_text(&pair.key, &FAILING) else { continue };
            match Confidence::new(pair.value) {
                Ok(floor) => floors.extend([(kind, floor)]),
                Err(error) => {
                    let help = format!("write how sure it has to be: `{}: 0.99`", pair.key.value);
                    self.error(name::BAD_VALUE, pair.key.place, error.to_string(), help);
                }
            }
        }
        floors
    }
}
