//! The functions of PromQL: what each takes and gives.

use crate::promql::value::ValueType;
use crate::unit::nearest;

use ValueType::{Matrix as M, Scalar as S, String as T, Vector as V};

/// A function of PromQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// What it takes; see `more` for how often the last of them may stand.
    pub arguments: &'static [ValueType],
    /// Whether it may be called with more or fewer.
    pub more: More,
    /// What it gives.
    pub result: ValueType,
    /// Whether a feature must be on for it.
    pub experimental: bool,
    /// Whether series keep their metric name through it.
    pub keeps_name: bool,
    /// Whether it depends on the time of evaluation even where everything beneath it is fixed in time by `@`.
    pub tells_time: bool,
}

/// How often the last argument of a function may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum More {
    /// Once.
    Exactly,
    /// Not at all, or up to so often.
    UpTo(usize),
    /// Not at all, or as often as one likes.
    Any,
}

impl Function {
    const fn new(name: &'static str, arguments: &'static [ValueType], result: ValueType) -> Self {
        Self {
            name,
            arguments,
            more: More::Exactly,
            result,
            experimental: false,
            keeps_name: false,
            tells_time: false,
        }
    }

    const fn at_most_more(self, times: usize) -> Self {
        Self { more: More::UpTo(times), ..self }
    }

    const fn any_more(self) -> Self {
        Self { more: More::Any, ..self }
    }

    const fn experimental(self) -> Self {
        Self { experimental: true, ..self }
    }

    const fn keeps_name(self) -> Self {
        Self { keeps_name: true, ..self }
    }

    const fn tells_time(self) -> Self {
        Self { tells_time: true, ..self }
    }

    /// The function of that name. Unlike keywords, functions are told apart by case.
    pub fn named(name: &str) -> Option<&'static Self> {
        let at = FUNCTIONS.binary_search_by(|function| function.name.cmp(name)).ok()?;
        FUNCTIONS.get(at)
    }

    /// The fewest arguments, and the most where there is a limit.
    pub fn arity(&self) -> (usize, Option<usize>) {
        let all = self.arguments.len();
        match self.more {
            More::Exactly => (all, Some(all)),
            More::UpTo(times) => (all - 1, Some(all - 1 + times)),
            More::Any => (all - 1, None),
        }
    }

    /// What the argument at that place must be.
    pub fn argument(&self, at: usize) -> Option<ValueType> {
        self.arguments.get(at).or(self.arguments.last()).copied()
    }

    /// The function whose name is most like a mistyped one, or that has another name now.
    pub fn like(name: &str) -> Option<&'static str> {
        if name.eq_ignore_ascii_case("holt_winters") {
            return Some("double_exponential_smoothing");
        }
        nearest(name, FUNCTIONS.iter().map(|function| function.name))
    }
}

/// Every function, by name.
#[rustfmt::skip]
pub const FUNCTIONS: [Function; 90] = [
    Function::new("abs", &[V], V),
    Function::new("absent", &[V], V),
    Function::new("absent_over_time", &[M], V),
    Function::new("acos", &[V], V),
    Function::new("acosh", &[V], V),
    Function::new("asin", &[V], V),
    Function::new("asinh", &[V], V),
    Function::new("atan", &[V], V),
    Function::new("atanh", &[V], V),
    Function::new("avg_over_time", &[M], V),
    Function::new("ceil", &[V], V),
    Function::new("changes", &[M], V),
    Function::new("clamp", &[V, S, S], V),
    Function::new("clamp_max", &[V, S], V),
    Function::new("clamp_min", &[V, S], V),
    Function::new("cos", &[V], V),
    Function::new("cosh", &[V], V),
    Function::new("count_over_time", &[M], V),
    Function::new("day_of_month", &[V], V).at_most_more(1).tells_time(),
    Function::new("day_of_week", &[V], V).at_most_more(1).tells_time(),
    Function::new("day_of_year", &[V], V).at_most_more(1).tells_time(),
    Function::new("days_in_month", &[V], V).at_most_more(1).tells_time(),
    Function::new("deg", &[V], V),
    Function::new("delta", &[M], V),
    Function::new("deriv", &[M], V),
    Function::new("double_exponential_smoothing", &[M, S, S], V).experimental(),
    Function::new("end", &[], S).experimental().tells_time(),
    Function::new("exp", &[V], V),
    Function::new("first_over_time", &[M], V).keeps_name(),
    Function::new("floor", &[V], V),
    Function::new("histogram_avg", &[V], V),
    Function::new("histogram_count", &[V], V),
    Function::new("histogram_fraction", &[S, S, V], V),
    Function::new("histogram_quantile", &[S, V], V),
    Function::new("histogram_quantiles", &[V, T, S, S], V).at_most_more(9).experimental(),
    Function::new("histogram_stddev", &[V], V),
    Function::new("histogram_stdvar", &[V], V),
    Function::new("histogram_sum", &[V], V),
    Function::new("hour", &[V], V).at_most_more(1).tells_time(),
    Function::new("idelta", &[M], V),
    Function::new("increase", &[M], V),
    Function::new("info", &[V, V], V).at_most_more(1).experimental().keeps_name(),
    Function::new("irate", &[M], V),
    Function::new("label_join", &[V, T, T, T], V).any_more().keeps_name(),
    Function::new("label_replace", &[V, T, T, T, T], V).keeps_name(),
    Function::new("last_over_time", &[M], V).keeps_name(),
    Function::new("ln", &[V], V),
    Function::new("log10", &[V], V),
    Function::new("log2", &[V], V),
    Function::new("mad_over_time", &[M], V).experimental(),
    Function::new("max_of", &[S, S], S).experimental(),
    Function::new("max_over_time", &[M], V),
    Function::new("min_of", &[S, S], S).experimental(),
    Function::new("min_over_time", &[M], V),
    Function::new("minute", &[V], V).at_most_more(1).tells_time(),
    Function::new("month", &[V], V).at_most_more(1).tells_time(),
    Function::new("pi", &[], S),
    Function::new("predict_linear", &[M, S], V).tells_time(),
    Function::new("present_over_time", &[M], V),
    Function::new("quantile_over_time", &[S, M], V),
    Function::new("rad", &[V], V),
    Function::new("range", &[], S).experimental().tells_time(),
    Function::new("rate", &[M], V),
    Function::new("resets", &[M], V),
    Function::new("round", &[V, S], V).at_most_more(1),
    Function::new("scalar", &[V], S),
    Function::new("sgn", &[V], V),
    Function::new("sin", &[V], V),
    Function::new("sinh", &[V], V),
    Function::new("sort", &[V], V).keeps_name(),
    Function::new("sort_by_label", &[V, T], V).any_more().experimental().keeps_name(),
    Function::new("sort_by_label_desc", &[V, T], V).any_more().experimental().keeps_name(),
    Function::new("sort_desc", &[V], V).keeps_name(),
    Function::new("sqrt", &[V], V),
    Function::new("start", &[], S).experimental().tells_time(),
    Function::new("start_timestamp", &[V], V).experimental(),
    Function::new("stddev_over_time", &[M], V),
    Function::new("stdvar_over_time", &[M], V),
    Function::new("step", &[], S).experimental().tells_time(),
    Function::new("sum_over_time", &[M], V),
    Function::new("tan", &[V], V),
    Function::new("tanh", &[V], V),
    Function::new("time", &[], S).tells_time(),
    Function::new("timestamp", &[V], V).tells_time(),
    Function::new("ts_of_first_over_time", &[M], V).experimental(),
    Function::new("ts_of_last_over_time", &[M], V).experimental(),
    Function::new("ts_of_max_over_time", &[M], V).experimental(),
    Function::new("ts_of_min_over_time", &[M], V).experimental(),
    Function::new("vector", &[S], V),
    Function::new("year", &[V], V).at_most_more(1).tells_time(),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stand_by_name() {
        assert!(FUNCTIONS.is_sorted_by_key(|function| function.name));
        for function in &FUNCTIONS {
            assert_eq!(Function::named(function.name), Some(function));
        }
        assert_eq!(Function::named("RATE"), None);
        assert_eq!(FUNCTIONS.iter().filter(|function| function.experimental).count(), 17);
    }

    #[test]
    fn slips_are_recognised() {
        for (slip, meant) in [
            ("Rate", Some("rate")),
            ("histogram_quantil", Some("histogram_quantile")),
            ("label_relpace", Some("label_replace")),
            ("irat", Some("irate")),
            ("launch_missiles", None),
            (&"x".repeat(100_000), None),
        ] {
            assert_eq!(Function::like(slip), meant, "{slip:.20}");
        }
    }
}
