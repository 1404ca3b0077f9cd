//! Ties: two gates that would both stand in place of the same shared one.

use std::collections::BTreeMap;

use crate::config::extends::Chains;
use crate::config::reader::Reader;
use crate::config::rules::Guarded;
use crate::lint::{Finding, name};

/// Says which gates tie. Of the gates that extend the same one, the one with the most keys in its `match` stands
/// in its place; two with as many keys, for targets that fit both, leave it open which.
pub(crate) fn find(reader: &mut Reader<'_>, gates: &[Guarded], chains: &Chains) {
    let mut families: BTreeMap<usize, Vec<&Guarded>> = BTreeMap::new();
    for guarded in gates {
        if let Some(outermost) = chains[guarded.index].last() {
            families.entry(*outermost).or_default().push(guarded);
        }
    }
    for family in families.values() {
        for (i, one) in family.iter().enumerate() {
            if let Some(other) = family[..i].iter().find(|other| tie(one, other, chains)) {
                say(reader, one, other);
            }
        }
    }
}

fn tie(one: &Guarded, other: &Guarded, chains: &Chains) -> bool {
    let related = chains[one.index].contains(&other.index) || chains[other.index].contains(&one.index);
    let (mine, theirs) = (&one.gate, &other.gate);
    !related
        && mine.upon == theirs.upon
        && mine.matches.keys() == theirs.matches.keys()
        && mine.matches.overlaps(&theirs.matches)
}

fn say(reader: &mut Reader<'_>, one: &Guarded, other: &Guarded) {
    let message = format!(
        "gates `{}` and `{}` extend the same gate for the same targets, and neither is more particular",
        other.gate.name, one.gate.name
    );
    let finding = Finding::error(name::TIE, one.gate.place, message);
    let finding = finding.help("add a key to the `match` of one, or let one extend the other");
    reader.push(finding.with(other.gate.place, "the other is here"));
}
