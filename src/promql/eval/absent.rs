//! `absent` and `absent_over_time`: a series where there is none.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::promql::eval::call::Called;
use crate::promql::eval::column::{Column, NONE};
use crate::promql::eval::error::EvalError;
use crate::promql::eval::held::Held;
use crate::promql::eval::layout::{Layout, Pace};
use crate::promql::eval::line::{Line, Lines};
use crate::promql::eval::meter::SERIES;
use crate::promql::eval::over::refusal;
use crate::promql::matcher::MatchOp;
use crate::promql::selector::Selector;
use crate::signal::{Labels, NAME};

/// 1 at each step at which no series has anything.
pub(super) fn call(mut called: Called<'_>) -> Result<Held<'_>, EvalError> {
    let labels = called.selector(0).map_or_else(Labels::default, |(selector, _)| absent_labels(selector));
    let meter = called.evaluation.meter;
    let mut column = Column::of(1.0, called.grid.len());
    if let Some(windows) = called.windows(0) {
        let reach = windows.reach;
        let refused = reach.extended.and_then(|extended| refusal(extended, called.call.function.name));
        if let Some(refused) = refused {
            return Err(refused);
        }
        let mut layout = None;
        for track in windows.each {
            let layout = Layout::kept(&mut layout, track?.points().times, &reach, meter)?;
            let there = layout.numbers(Pace { meter, sample: 0 }, |_, _| Some(1.0));
            meter.work(SERIES + there.len())?;
            take_out(&mut column, &there);
        }
    } else {
        for line in called.lines(0) {
            let line = line?;
            meter.work(SERIES + line.column.len())?;
            take_out(&mut column, &line.column);
        }
    }
    let line = Line { labels: Cow::Owned(labels), unnamed: false, column };
    Ok(Held::Lines(Lines::of(meter, [line], true)?))
}

fn take_out(column: &mut Column, there: &Column) {
    for (index, value) in column.values.iter_mut().enumerate() {
        if there.has(index) {
            *value = NONE;
        }
    }
}

/// The labels that a series would surely have if the selector meant one: those asked for by `=` once, and by nothing
/// behind that. What else is asked of them before makes no difference to Prometheus.
fn absent_labels(selector: &Selector) -> Labels {
    let mut sure: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    for matcher in selector.matchers.iter().filter(|matcher| ![NAME, ""].contains(&matcher.label.as_str())) {
        match sure.entry(&matcher.label) {
            Entry::Vacant(place) if matcher.op == MatchOp::Equal => {
                place.insert(matcher.value.as_str());
            }
            Entry::Vacant(_) => {}
            Entry::Occupied(mut known) => {
                known.insert(None);
            }
        }
    }
    let pairs = sure.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())));
    Labels::new(pairs.collect()).unwrap_or_default()
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
            ("x{a!=\"2\", a=\"1\"}", r#"{a="1"}"#),
            ("x{a=~\".+\", a=\"1\"}", r#"{a="1"}"#),
            ("x{a=~\".+\", a=\"1\", a!=\"2\"}", "{}"),
            ("x{a=\"1\", a!=\"2\", a=\"1\"}", "{}"),
            ("{__name__=\"x\", a=\"1\"}", r#"{a="1"}"#),
            ("x{a=\"\"}", "{}"),
        ] {
            let plan = parse(text, Features::NONE).unwrap();
            assert_eq!(absent_labels(plan.as_selector().unwrap()).to_string(), expected, "{text}");
        }
    }
}
