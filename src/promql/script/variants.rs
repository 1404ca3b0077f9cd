//! The ways in which an expression at a moment is put, which all have to come to the same.
//!
//! Where every selector and subquery looks from a fixed time, it does not matter when the expression is evaluated,
//! unless a function in it tells the time. And what an expression is worth at a moment, it is worth at that step of a
//! range.

use std::borrow::Cow;

use crate::promql::eval::When;
use crate::promql::number::Number;
use crate::promql::plan::Plan;
use crate::unit::{Span, UnixMillis};

/// How far a range goes to either side of the moment, in steps as long.
const AROUND: Span = Span::from_secs(60);

/// What an expression calls that asks for its own range; at a moment that is another one.
const OWN_RANGE: [&str; 4] = ["start()", "end()", "range()", "step()"];

/// One way in which an expression is put.
pub(super) struct Put<'p> {
    pub(super) plan: Cow<'p, Plan>,
    pub(super) at: UnixMillis,
    /// From when it looks, where that is not when it is evaluated.
    fixed: Option<UnixMillis>,
}

/// Every way in which an expression at a moment is put: as it stands first.
pub(super) fn puts(plan: &Plan, at: UnixMillis) -> Vec<Put<'_>> {
    let mut puts = vec![Put { plan: Cow::Borrowed(plan), at, fixed: None }];
    if let Some(fixed) = plan.looking_from(at) {
        let moments = moments(at.millis()).into_iter();
        puts.extend(moments.map(|moment| Put {
            plan: Cow::Owned(fixed.clone()),
            at: moment,
            fixed: Some(at),
        }));
    }
    puts
}

/// When what looks from a fixed time is evaluated: long before that and long after it.
fn moments(at: i64) -> Vec<UnixMillis> {
    let all = if at == 0 {
        vec![-1_000, 0, 1_000]
    } else {
        vec![at.saturating_mul(-10), 0, at / 5, at, at.saturating_mul(10)]
    };
    all.into_iter().map(UnixMillis::new).collect()
}

pub(super) fn asks_for_its_range(text: &str) -> bool {
    OWN_RANGE.iter().any(|call| text.contains(call))
}

impl Put<'_> {
    /// The range of which its moment is the middle step.
    pub(super) fn around(&self) -> When {
        When::Range { from: self.at.minus(AROUND), to: self.at.plus(AROUND), step: AROUND }
    }

    /// How it is put, in words; nothing where it stands so.
    pub(super) fn at_a_moment(&self) -> String {
        match self.fixed {
            None => String::new(),
            Some(fixed) => format!("with `@ {}` in it, at {} s", seconds(fixed), seconds(self.at)),
        }
    }

    /// The same for the range.
    pub(super) fn within_a_range(&self) -> String {
        let fixed =
            self.fixed.map(|fixed| format!("with `@ {}` in it, ", seconds(fixed))).unwrap_or_default();
        format!("{fixed}as the middle step of a range around {} s", seconds(self.at))
    }
}

fn seconds(at: UnixMillis) -> Number {
    Number(crate::promql::number::as_float(at.millis()) / 1_000.0)
}
