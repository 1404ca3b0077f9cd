//! Figures of the kill switch.

use std::collections::BTreeSet;

use crate::decision::Switches;
use crate::surface::metrics::table::{Row, Table, labels};

/// Whether automation is switched off.
pub(super) fn table(switches: &Switches) -> Table {
    Table::gauge(
        "backstop_switched_off",
        "Whether automation is switched off, by service; without one: for everything",
        rows(switches),
    )
}

/// A row for everything, whether it is off or not, and one for each service that is.
fn rows(switches: &Switches) -> Vec<Row> {
    let row = |service: &str, off: bool| Row::new(labels(&[("service", service)]), f64::from(u8::from(off)));
    let services: BTreeSet<&str> = switches.all().filter_map(|off| off.service).collect();
    let mut rows = vec![row("", switches.everything().is_some())];
    rows.extend(services.into_iter().map(|service| row(service, true)));
    rows
}
