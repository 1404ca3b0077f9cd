//! Calls: which function is evaluated how.

use crate::promql::eval::error::EvalError;
use crate::promql::eval::grid::Grid;
use crate::promql::eval::held::Held;
use crate::promql::eval::line::Lines;
use crate::promql::eval::numbers::Numbers;
use crate::promql::eval::window::Windows;
use crate::promql::eval::{
    Evaluation, Worth, absent, calendar, histogram, info, label, map, over, sort, time,
};
use crate::promql::node::{Call, Kind, Node};
use crate::promql::selector::Selector;
use crate::promql::text::Text;
use crate::unit::Extent;

/// A function with what it is called with.
pub(super) struct Called<'e> {
    pub(super) evaluation: Evaluation<'e>,
    pub(super) call: &'e Call,
    pub(super) grid: Grid,
    whole: Extent,
    arguments: Vec<Option<Held<'e>>>,
}

impl<'e> Called<'e> {
    /// How many arguments there are.
    pub(super) fn len(&self) -> usize {
        self.call.arguments.len()
    }

    fn take(&mut self, index: usize) -> Option<Held<'e>> {
        self.arguments.get_mut(index).and_then(Option::take)
    }

    pub(super) fn lines(&mut self, index: usize) -> Lines<'e> {
        self.take(index).map_or_else(Lines::none, Held::lines)
    }

    pub(super) fn windows(&mut self, index: usize) -> Option<Windows<'e>> {
        if self.is_window(index) { self.take(index).and_then(Held::windows) } else { None }
    }

    /// A number for each step.
    pub(super) fn scalar(&mut self, index: usize) -> Numbers<'e> {
        self.take(index).map_or_else(Numbers::none, Held::scalar)
    }

    pub(super) fn text(&mut self, index: usize) -> Text {
        self.take(index).map_or_else(Text::default, Held::text)
    }

    /// Whether an argument is a range vector.
    pub(super) fn is_window(&self, index: usize) -> bool {
        matches!(self.arguments.get(index), Some(Some(Held::Windows(_))))
    }

    /// Where the whole call stands.
    pub(super) const fn whole(&self) -> Extent {
        self.whole
    }

    /// Where an argument stands.
    pub(super) fn extent(&self, index: usize) -> Extent {
        self.call.arguments.get(index).map_or(self.call.name, |id| self.evaluation.plan.node(*id).extent)
    }

    /// The selector that an argument is, brackets aside, and its node.
    pub(super) fn selector(&self, index: usize) -> Option<(&'e Selector, &'e Node)> {
        let node = self.evaluation.plan.bare(*self.call.arguments.get(index)?);
        if let Kind::Selector(selector) = &node.kind { Some((selector, node)) } else { None }
    }
}

/// Calls a function.
pub(super) fn call<'e>(
    evaluation: Evaluation<'e>,
    call: &'e Call,
    (grid, whole): (Grid, Extent),
    worth: &mut Worth<'e>,
) -> Result<Held<'e>, EvalError> {
    let arguments = call.arguments.iter().map(|argument| Some(worth.take(*argument))).collect();
    let called = Called { evaluation, call, grid, whole, arguments };
    let name = call.function.name;
    if let Some(each) = map::named(name) {
        return Ok(Held::Lines(map::call(called, each)));
    }
    if let Some(each) = over::named(name) {
        return over::call(called, each).map(Held::Lines);
    }
    match name {
        "absent" | "absent_over_time" => absent::call(called),
        "label_replace" | "label_join" => label::call(called),
        "sort" | "sort_desc" | "sort_by_label" | "sort_by_label_desc" => sort::call(called),
        "info" => info::call(called),
        _ if name.starts_with("histogram_") => histogram::call(called),
        _ => match calendar::named(name) {
            Some(part) => calendar::call(called, part).map(Held::Lines),
            None => time::call(called),
        },
    }
}
