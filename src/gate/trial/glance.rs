//! Glances: what a check shows that costs nothing to tell, so that it can be told after each look of each gate.

use crate::gate::look::Gap;
use crate::gate::opening::Border;
use crate::gate::strands::Strands;
use crate::gate::tally::Tally;
use crate::gate::trial::Trial;

/// What a check shows at a glance.
#[derive(Debug, Clone, PartialEq)]
pub struct Glance {
    /// What the new side had.
    pub new: Tally,
    /// What the old side had: since the first look, or all of the baseline.
    pub old: Tally,
    /// Why the last look found nothing.
    pub gap: Option<Gap>,
    /// What both sides had above each border of the whole of their traffic.
    pub above: Vec<(Border, Tally, Tally)>,
}

impl Trial {
    /// What a check shows at a glance.
    pub fn glance(&self, check: usize) -> Option<Glance> {
        let inquiry = self.inquiries.get(check)?;
        let strands = inquiry.strands().into_iter().flat_map(Strands::each);
        let whole = strands.filter(|(part, _)| part.slice.is_none());
        let above = whole.filter_map(|(part, process)| {
            part.border.map(|border| (border, process.new, process.old_shown()))
        });
        Some(Glance {
            new: inquiry.new_side(),
            old: inquiry.old_side(),
            gap: inquiry.gap,
            above: above.collect(),
        })
    }
}
