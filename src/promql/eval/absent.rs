//! `absent` and `absent_over_time`: a series where there is none.

use std::borrow::Cow;

use crate::promql::eval::call::Called;
use crate::promql::eval::column::{Column, NONE};
use crate::promql::eval::error::EvalError;
use crate::promql::eval::held::Held;
use crate::promql::eval::line::{Line, Lines};
use crate::promql::eval::over::refusal;
use crate::promql::matcher::{MatchOp, Matcher};
use crate::promql::selector::Selector;
use crate::signal::{Labels, NAME, Point};

/// 1 at each step at which no series has anything.
pub(super) fn call(mut called: Called<'_>) -> Result<Held<'_>, EvalError> {
    let labels = called.selector(0).map_or_else(Labels::default, |(selector, _)| absent_labels(selector));
    let mut column = Column::of(1.0, called.grid.len());
    if let Some(windows) = called.windows(0) {
        let reach = windows.reach;
        let refused = reach.extended.and_then(|extended| refusal(extended, called.call.function.name));
        if let Some(refused) = refused {
            return Err(refused);
        }
        for track in windows.each {
            let there = track?.each_window(&reach, |_, _| Some(Point::Float(1.0)));
            take_out(&mut column, &there);
        }
    } else {
        for line in called.lines(0) {
            take_out(&mut column, &line?.column);
        }
    }
    Ok(Held::Lines(Lines::of(vec![Line { labels: Cow::Owned(labels), unnamed: false, column }], true)))
}

fn take_out(column: &mut Column, there: &Column) {
    for (index, value) in column.values.iter_mut().enumerate() {
        if there.has(index) {
            *value = NONE;
        }
    }
}

/// The labels that a series would surely have if the selector meant one: those asked for by `=`, and by nothing else.
fn absent_labels(selector: &Selector) -> Labels {
    let of = |name: &str| selector.matchers.iter().filter(|matcher| matcher.label == name).count();
    let sure =
        |matcher: &&Matcher| matcher.op == MatchOp::Equal && matcher.label != NAME && of(&matcher.label) == 1;
    selector.matchers.iter().filter(sure).fold(Labels::default(), |labels, matcher| {
        labels.with(&matcher.label, matcher.value.as_str().unwrap_or_default())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promql::{Features, parse};

    #[test]
    fn only_what_is_sure_is_told() {
        for (text, expected) in [
            ("x", "{}"),
            ("x{a=\"1\", b=\"2\"}", r#"{a="1", b="2"}"#),
            ("x{a=\"1\", b!=\"2\", c=~\"3\"}", r#"{a="1"}"#),
            ("x{a=\"1\", a=\"2\", b=\"3\"}", r#"{b="3"}"#),
            ("x{a=\"1\", a=\"2\", a=\"3\"}", "{}"),
            ("x{a=\"1\", a!=\"2\"}", "{}"),
            ("x{a!=\"2\", a=\"1\"}", "{}"),
            ("{__name__=\"x\", a=\"1\"}", r#"{a="1"}"#),
            ("x{a=\"\"}", "{}"),
        ] {
            let plan = parse(text, Features::NONE).unwrap();
            assert_eq!(absent_labels(plan.as_selector().unwrap()).to_string(), expected, "{text}");
        }
    }
}
