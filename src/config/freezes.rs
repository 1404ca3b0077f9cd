//! Freezes of the server file.

use crate::config::raw;
use crate::config::reader::{Reader, Whose, texts};
use crate::config::yaml::Spot;
use crate::decision::{During, Freeze, Kind, LONGEST_WHY, Offset};
use crate::lint::name;
use crate::unit::UnixMillis;

impl Reader<'_> {
    /// When nothing is changed by itself.
    pub(crate) fn freezes(&mut self, raw: &raw::File) -> Vec<Freeze> {
        let written = || raw.freezes.get().into_iter().flat_map(|spot| &spot.value.0);
        self.names_once(written().filter_map(|spot| spot.value.freeze.get()), "freeze");
        written().filter_map(|spot| self.freeze(spot)).collect()
    }

    fn freeze(&mut self, written: &Spot<raw::Freeze>) -> Option<Freeze> {
        let raw = &written.value;
        let whose = Whose { what: "the freeze", place: written.place };
        let name = self.need(&raw.freeze, "freeze", whose).cloned();
        let name = name.and_then(|spot| self.parse_text(&spot.value));
        let why = self.need(&raw.why, "why", whose).cloned();
        if let Some(why) = &why
            && (why.value.value.trim().is_empty() || LONGEST_WHY < why.value.value.len())
        {
            let message = format!("a reason is a text of up to {LONGEST_WHY} bytes");
            self.error(name::BAD_VALUE, why.place, message, "say why nothing may be changed");
        }
        let during = self.during(raw, whose);
        let changing: Vec<_> = Kind::NAMED.into_iter().filter(|(_, kind)| kind.changes_target()).collect();
        let mut holds: Vec<Kind> =
            texts(&raw.holds).filter_map(|text| self.word_text(text, &changing)).collect();
        if raw.holds.is_absent() {
            holds = changing.iter().map(|(_, kind)| *kind).chain([Kind::Other]).collect();
        }
        let matches = self.matching(&raw.matches);
        let (why, holds) = (why?.value.value.clone(), holds.into_iter().collect());
        Some(Freeze { name: name?, why, matches, holds, during: during? })
    }

    fn during(&mut self, raw: &raw::Freeze, whose: Whose<'_>) -> Option<During> {
        self.exactly_one(&[("from", raw.from.place()), ("weekly", raw.weekly.place())], whose)?;
        let Some(weekly) = raw.weekly.get() else {
            self.need(&raw.until, "until", whose)?;
            let (from, until): (Option<UnixMillis>, _) = (self.parse(&raw.from), self.parse(&raw.until));
            let (from, until) = (from?, until?);
            if until <= from {
                let message = format!("this freeze is over at {until}, and begins at {from}");
                let help = "write the moment when things may be changed again";
                self.error(name::BAD_VALUE, raw.until.place()?, message, help);
                return None;
            }
            return Some(During::Once { from, until });
        };
        let whose = Whose { what: "`weekly`", place: weekly.place };
        if let Some(place) = raw.until.place() {
            let message = "a freeze of every week has its `until` in `weekly`";
            self.error(name::BAD_VALUE, place, message, "take this one out");
        }
        let weekly = &weekly.value;
        self.need(&weekly.from, "from", whose)?;
        self.need(&weekly.until, "until", whose)?;
        let offset: Option<Offset> =
            if weekly.offset.is_absent() { Some(Offset::default()) } else { self.parse(&weekly.offset) };
        let (from, until) = (self.parse(&weekly.from)?, self.parse(&weekly.until)?);
        if from == until {
            let message = "a freeze of no length, or of the whole week, is not one of every week";
            let help = "switch automation off, or write `mode: ask`";
            self.error(name::BAD_VALUE, whose.place, message, help);
            return None;
        }
        Some(During::Weekly { from, until, offset: offset? })
    }
}
