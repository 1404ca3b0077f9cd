//! Groups of series by where they run: errors that come in clusters show as groups that differ.

use crate::signal::Labels;

/// The offset basis and the prime of FNV-1a with 64 bits.
const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;

/// The group of a series among so many: by its `instance`, or else its `pod`. Without either it is the first: by other
/// labels errors would be in another group than their requests. Groups are on record, so the hash is written out here
/// and is the same everywhere: FNV-1a, its upper half folded onto its lower, because its lowest bits see nothing but the
/// lowest bits of each byte.
pub fn group_of(labels: &Labels, groups: usize) -> usize {
    let place = ["instance", "pod"].into_iter().map(|name| labels.get(name)).find(|value| !value.is_empty());
    let Some(place) = place else { return 0 };
    let hash = fold(BASIS, place);
    let groups = u64::try_from(groups).unwrap_or(u64::MAX).max(1);
    usize::try_from((hash ^ (hash >> 32)) % groups).unwrap_or(0)
}

/// Goes on with a text and an end that no text holds.
fn fold(hash: u64, text: &str) -> u64 {
    text.bytes().chain([0xff]).fold(hash, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME))
}
