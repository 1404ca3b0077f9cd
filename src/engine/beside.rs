//! What runs beside a target, on the same source, and that its change does not touch: if it fares worse as well, the change may be innocent.

use crate::engine::cell::Cell;
use crate::engine::step::Engine;
use crate::gate::{Comparison, MOST_ASIDE, Target};

impl Engine {
    /// The targets to count beside the one that a cell watches, and whether that depends on each: what it depends on first,
    /// then others that its gate is for. Where both sides run at the same time, what hits both cancels anyway.
    pub fn beside(&self, cell: &Cell) -> Vec<(&Target, bool)> {
        let gate = &self.program.watches[cell.watch].gate;
        let Some(own) = self.program.target(&cell.change.target) else { return Vec::new() };
        if matches!(gate.comparison, Comparison::Tracks(_)) {
            return Vec::new();
        }
        let near = |target: &&Target| {
            target.key() != own.key()
                && (&target.environment, &target.cluster, &target.source)
                    == (&own.environment, &own.cluster, &own.source)
        };
        let calm = |target: &&Target| self.of(&target.to_key()).all(Cell::is_over);
        let near: Vec<&Target> = self.program.targets.iter().filter(near).collect();
        let depends = |target: &Target| own.depends_on.contains(&target.service);
        let dependencies = near.iter().filter(|target| depends(target)).map(|target| (*target, true));
        let others = near.iter().filter(|target| !depends(target));
        let alike = others.filter(|target| gate.matches.fits(|label| target.label(label)));
        let calm = alike.filter(|target| calm(target)).map(|target| (*target, false));
        dependencies.chain(calm).take(MOST_ASIDE).collect()
    }
}
