//! Origins: what was asked for the counts of a check, and how many series answered.

use std::collections::BTreeSet;

use crate::engine::count::levels::FRESH_VOTE;
use crate::engine::count::{Reading, Whose};
use crate::engine::event::Window;
use crate::gate::{Comparison, Events, LONGEST_ASKED, Origin, Question};
use crate::promql::Plan;
use crate::store::{LOOKBACK, Stored};

impl Reading<'_> {
    /// Where what a check finds comes from, as of a stretch before its first look.
    pub(super) fn origin(&self, question: &Question, lately: Window) -> Origin {
        let lately = Window { from: lately.from.minus(LOOKBACK), to: lately.to };
        let is_beside = matches!(self.gate.comparison, Comparison::Tracks(_));
        let is_expr = matches!(question, Question::Expr { .. });
        let old = (is_beside && !is_expr).then_some(Whose::Old);
        let new = if is_expr { Whose::Anybody } else { Whose::New };
        Origin {
            new: self.told(question, new),
            old: old.map(|old| self.told(question, old)),
            new_series: self.heard(question, new, lately),
            old_series: old.map(|old| self.heard(question, old, lately)),
            fresh: if is_expr { FRESH_VOTE.max(self.gate.every) } else { self.fresh() },
        }
    }

    /// What is asked, in PromQL, as far as it is shown.
    fn told(&self, question: &Question, whose: Whose) -> String {
        let plans: Vec<String> =
            asked(question).iter().map(|plan| self.narrowed(plan, whose).to_string()).collect();
        let told = plans.join(" of ");
        if told.chars().count() <= LONGEST_ASKED {
            return told;
        }
        told.chars().take(LONGEST_ASKED).chain("..".chars()).collect()
    }

    /// How many series answer.
    fn heard(&self, question: &Question, whose: Whose, lately: Window) -> u32 {
        let mut heard = BTreeSet::new();
        for plan in asked(question) {
            // A classic histogram is known by the series that count all of it.
            let classic = is_histogram(question).then(|| plan.ending_in("_count"));
            for plan in classic.iter().chain([plan]) {
                let own = self.narrowed(plan, whose);
                let stored = own.selectors().flat_map(|selector| self.store.select(&selector.asks()));
                let came = |stored: &&Stored| !stored.points().between(lately.from, lately.to).is_empty();
                heard.extend(stored.filter(came).map(Stored::labels));
            }
        }
        u32::try_from(heard.len()).unwrap_or(u32::MAX)
    }
}

const fn is_histogram(question: &Question) -> bool {
    matches!(question, Question::Quantile(_) | Question::Slow(_))
}

/// The plans of a question.
fn asked(question: &Question) -> Vec<&Plan> {
    match question {
        Question::Proportion(proportion) => {
            let (Events::Bad(events) | Events::Good(events)) = &proportion.events;
            vec![events, &proportion.of]
        }
        Question::Quantile(quantile) => vec![&quantile.of],
        Question::Slow(slow) => vec![&slow.of],
        Question::Mean { of } => vec![of],
        Question::Expr { expr, .. } => vec![expr],
    }
}
