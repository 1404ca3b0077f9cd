//! How a service begins: what it says of the ledger that it finds, and the first record.

use std::path::Path;

use crate::archive::{Archive, LastStop};
use crate::ledger::{JUDGE, Record};
use crate::run::set::Set;

/// Says how the ledger was left, where there is something to say.
pub(super) fn tell(archive: &Archive, ledger: &Path) {
    if archive.last_stop() == LastStop::Unclean {
        tracing::warn!(
            "the process before was cut short; all that it wrote down is known, and nothing else counts"
        );
    }
    if let Some(since) = archive.doubted() {
        let ledger = ledger.display();
        tracing::error!(
            %since,
            "the ledger was further already, or was put here without the mark beside it: what was done last may not be known here, so backstop only says what it would do. Put the newest one back if it still exists, or accept this one: stop backstop, `backstop ledger accept --by WHO --why WHY --ledger {ledger}`, and start it again"
        );
    }
}

/// The first record.
pub(super) fn started(set: &Set) -> Record {
    let version = env!("CARGO_PKG_VERSION").to_owned();
    let (config, mode) = (set.rules.config.clone(), set.server.mode);
    Record::Started { version, judge: JUDGE, config, mode }
}
