//! Plans of expressions that were asked before. Dashboards and alerts ask the same ones again and again, at other times;
//! to read one, and to compile its patterns, takes longer than to evaluate it over a few series.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::promql::{self, Features, Plan};
use crate::unit::Fault;

/// How many plans are kept.
const MOST: usize = 256;

/// The longest text, in bytes, and the largest patterns, in parts of automata, of a plan that is kept: all of them
/// together take some tens of megabytes, and a hundred for each that uses all at a time where texts are hostile.
const LONGEST: usize = 4 << 10;
const LARGEST: usize = 100;

/// Plans by their texts.
#[derive(Default)]
pub(in crate::surface::http) struct Plans(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    /// Each with the turn in which it was last asked for.
    plans: BTreeMap<String, (u64, Arc<Plan>)>,
    turn: u64,
}

impl Plans {
    /// The plan of an expression. What Prometheus keeps behind a switch may change the meaning of rules in git; a query
    /// is asked here and now.
    pub(super) fn of(&self, text: &str) -> Result<Arc<Plan>, Fault> {
        if let Some(plan) = self.kept(|kept| kept.known(text)) {
            return Ok(plan);
        }
        let plan = Arc::new(promql::parse(text, Features::ALL)?);
        if text.len() <= LONGEST && plan.parts() <= LARGEST {
            self.kept(|kept| kept.keep(text, &plan));
        }
        Ok(plan)
    }

    fn kept<T>(&self, with: impl FnOnce(&mut Kept) -> T) -> T {
        with(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Kept {
    fn known(&mut self, text: &str) -> Option<Arc<Plan>> {
        self.turn += 1;
        let (turn, plan) = self.plans.get_mut(text)?;
        *turn = self.turn;
        Some(Arc::clone(plan))
    }

    /// Keeps one more; the one that was not asked for the longest makes room.
    fn keep(&mut self, text: &str, plan: &Arc<Plan>) {
        if MOST <= self.plans.len() {
            let oldest = self.plans.iter().min_by_key(|(_, (turn, _))| *turn);
            let oldest = oldest.map(|(text, _)| text.clone()).unwrap_or_default();
            self.plans.remove(&oldest);
        }
        self.plans.insert(text.to_owned(), (self.turn, Arc::clone(plan)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plans_that_are_asked_for_stay() {
        let plans = Plans::default();
        let first = plans.of("up").unwrap();
        for index in 0..2 * MOST {
            plans.of(&format!("up + {index}")).unwrap();
            assert!(Arc::ptr_eq(&first, &plans.of("up").unwrap()));
        }
        assert_eq!(plans.kept(|kept| kept.plans.len()), MOST);
        let last = plans.of("up + 0").unwrap();
        assert_eq!(last.nodes().len(), 3);
    }

    #[test]
    fn what_would_take_much_room_is_read_each_time() {
        let plans = Plans::default();
        for text in [
            "up + ".repeat(LONGEST / 5 + 1) + "1",
            r#"{a=~"(b{100}c){9}"}"#.to_owned(),
            r#"label_replace(up, "a", "", "b", "(c{100}d){9}")"#.to_owned(),
        ] {
            plans.of(&text).unwrap();
            assert_eq!(plans.kept(|kept| kept.plans.len()), 0, "{text:.40}");
        }
        assert!(plans.of("up +").is_err());
    }
}
