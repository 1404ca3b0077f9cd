//! The kill switch: what is switched off, and why. It is turned by hand, or by a file, and neither lifts what the other
//! holds.

use std::collections::BTreeMap;

use crate::decision::intention::Refusal;

/// A turn of the switch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// The service that it is about; none: everything.
    pub service: Option<String>,
    /// Why that is off; none: it is on again.
    pub off: Option<String>,
    /// Who turned it.
    pub by: String,
    /// Whether a file did: then that alone lifts it.
    pub file: bool,
}

impl Turn {
    /// Everything, by hand.
    pub fn of_all(off: Option<String>, by: &str) -> Self {
        Self { service: None, off, by: by.to_owned(), file: false }
    }

    /// One service, by hand.
    pub fn of_one(service: &str, off: Option<String>, by: &str) -> Self {
        Self { service: Some(service.to_owned()), ..Self::of_all(off, by) }
    }
}

/// Why things are off, by service; under none: everything is.
pub type Offs = BTreeMap<Option<String>, String>;

/// Everything that is switched off.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Switches {
    by_hand: Offs,
    by_file: Offs,
}

/// Something that is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Off<'a> {
    /// The service; none: everything.
    pub service: Option<&'a str>,
    /// Why.
    pub why: &'a str,
    /// Whether a file says so.
    pub file: bool,
}

impl Switches {
    /// It is turned.
    pub fn turn(&mut self, turn: &Turn) {
        let offs = if turn.file { &mut self.by_file } else { &mut self.by_hand };
        match &turn.off {
            Some(why) => offs.insert(turn.service.clone(), why.clone()),
            None => offs.remove(&turn.service),
        };
    }

    /// Why everything is off, where it is. What a file says comes first: no hand lifts it.
    pub fn everything(&self) -> Option<&str> {
        self.off(None)
    }

    /// Why this service is off, where it is by itself.
    pub fn service(&self, service: &str) -> Option<&str> {
        self.off(Some(service))
    }

    fn off(&self, service: Option<&str>) -> Option<&str> {
        let service = service.map(str::to_owned);
        self.by_file.get(&service).or_else(|| self.by_hand.get(&service)).map(String::as_str)
    }

    /// What speaks against doing anything to this service.
    pub fn against(&self, service: &str) -> Option<Refusal> {
        let everything = self.everything().map(|why| Refusal::SwitchedOff(why.to_owned()));
        everything.or_else(|| self.service(service).map(|why| Refusal::ServiceOff(why.to_owned())))
    }

    /// What the file says of it.
    pub const fn by_file(&self) -> &Offs {
        &self.by_file
    }

    /// All that is off: what the file says, then what was turned by hand; everything before services.
    pub fn all(&self) -> impl Iterator<Item = Off<'_>> {
        let by_file = self.by_file.iter().map(|off| (off, true));
        let all = by_file.chain(self.by_hand.iter().map(|off| (off, false)));
        all.map(|((service, why), file)| Off { service: service.as_deref(), why, file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_goes_before_a_service_and_neither_file_nor_hand_lifts_what_the_other_holds() {
        let turn = |service: Option<&str>, off: Option<&str>, file| Turn {
            service: service.map(str::to_owned),
            off: off.map(str::to_owned),
            by: "jo".to_owned(),
            file,
        };
        let all = |why: &str| Some(Refusal::SwitchedOff(why.to_owned()));
        let one = |why: &str| Some(Refusal::ServiceOff(why.to_owned()));
        let mut switches = Switches::default();
        for (turned, shop, cart) in [
            (turn(Some("shop"), Some("a"), false), one("a"), None),
            (turn(None, Some("b"), false), all("b"), all("b")),
            (turn(None, Some("c"), true), all("c"), all("c")),
            (turn(None, None, false), all("c"), all("c")),
            (turn(Some("shop"), None, true), all("c"), all("c")),
            (turn(None, None, true), one("a"), None),
            (turn(Some("cart"), Some("d"), true), one("a"), one("d")),
            (turn(Some("cart"), None, false), one("a"), one("d")),
            (turn(Some("shop"), None, false), None, one("d")),
            (turn(Some("cart"), None, true), None, None),
        ] {
            switches.turn(&turned);
            assert_eq!((switches.against("shop"), switches.against("cart")), (shop, cart), "{turned:?}");
        }
        assert_eq!(switches, Switches::default());
        assert_eq!(switches.all().count(), 0);
    }
}
