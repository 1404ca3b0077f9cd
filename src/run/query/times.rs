//! When an expression is evaluated, as people say it.

use crate::promql::When;
use crate::run::args::Query;
use crate::surface::http::MOST_STEPS;
use crate::unit::{Span, UnixMillis};

/// How many steps a range has where nobody says how far apart they lie.
const STEPS: u64 = 100;

/// The shortest step that is taken then.
const SHORTEST_STEP: u64 = 1_000;

/// The moments that times are said from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    /// Now.
    pub(super) now: UnixMillis,
    /// When it is evaluated where nobody says.
    pub(super) newest: UnixMillis,
}

impl Times {
    /// When it is evaluated.
    pub(super) fn when(self, asked: &Query) -> Result<When, String> {
        let of = |name: &str, text: Option<&String>| {
            text.map_or(Ok(self.newest), |text| self.moment(text).map_err(|why| format!("--{name}: {why}")))
        };
        let Some(from) = &asked.from else { return of("at", asked.at.as_ref()).map(When::At) };
        let (from, to) = (of("from", Some(from))?, of("to", asked.to.as_ref())?);
        if to < from {
            return Err(format!(
                "the range begins at {from} and ends before that, at {to}; say both with `--from` and `--to`"
            ));
        }
        let step = match &asked.step {
            Some(text) => step(text)?,
            None => Span::from_millis((to.since(from).millis() / STEPS / 1_000 * 1_000).max(SHORTEST_STEP)),
        };
        let steps = to.since(from).millis() / step.millis();
        if u64::try_from(MOST_STEPS).is_ok_and(|most| most < steps) {
            return Err(format!(
                "from {from} to {to} there are {steps} steps of {step}; the most is {MOST_STEPS}: say a longer `--step`"
            ));
        }
        Ok(When::Range { from, to, step })
    }

    fn moment(self, text: &str) -> Result<UnixMillis, String> {
        if text == "now" {
            return Ok(self.now);
        }
        if let Some(seconds) = text.parse::<f64>().ok().filter(|seconds| (seconds * 1_000.0).abs() < 9e15) {
            return Ok(millis(seconds));
        }
        if let Ok(ago) = text.strip_prefix('-').unwrap_or(text).parse::<Span>() {
            return Ok(self.now.minus(ago));
        }
        text.parse::<UnixMillis>().map_err(|error| format!("{error}, `now`, or how long ago, as in `-10m`"))
    }
}

fn step(text: &str) -> Result<Span, String> {
    let seconds = text.parse::<f64>().ok().filter(|seconds| (0.0..9e12).contains(seconds));
    let step = match seconds {
        Some(seconds) => millis(seconds).since(UnixMillis::new(0)),
        None => text.parse::<Span>().map_err(|error| format!("--step: {error}"))?,
    };
    if step.is_zero() {
        return Err(format!("--step: `{text}` is no step; write how far apart the steps lie, as in `30s`"));
    }
    Ok(step)
}

#[expect(clippy::cast_possible_truncation, reason = "it is held to what fits")]
fn millis(seconds: f64) -> UnixMillis {
    UnixMillis::new((seconds * 1_000.0).round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMES: Times = Times { now: UnixMillis::new(10_000_000), newest: UnixMillis::new(7_000_000) };

    fn asked(args: &[&str]) -> Query {
        use clap::Parser;
        let whole = [&["backstop", "query", "up", "--data", "x"], args].concat();
        let parsed = crate::run::args::Args::try_parse_from(whole).unwrap();
        let crate::run::args::Command::Query(asked) = parsed.command else { panic!("{args:?}") };
        *asked
    }

    #[test]
    fn times_are_said_in_many_ways() {
        for (at, millis) in [
            ("now", 10_000_000),
            ("-1h", 6_400_000),
            ("1h", 6_400_000),
            ("300", 300_000),
            ("-300", -300_000),
            ("1.5", 1_500),
            ("1970-01-01T01:00:00Z", 3_600_000),
        ] {
            assert_eq!(TIMES.when(&asked(&["--at", at])), Ok(When::At(UnixMillis::new(millis))), "{at}");
        }
        assert_eq!(TIMES.when(&asked(&[])), Ok(When::At(TIMES.newest)));
        let range = |from, to, step| When::Range {
            from: UnixMillis::new(from),
            to: UnixMillis::new(to),
            step: Span::from_millis(step),
        };
        for (args, when) in [
            (&["--from", "0"][..], range(0, 7_000_000, 70_000)),
            (&["--from", "6999"], range(6_999_000, 7_000_000, 1_000)),
            (&["--from=-1h", "--to", "now", "--step", "30s"], range(6_400_000, 10_000_000, 30_000)),
            (&["--from", "0", "--to", "0", "--step", "0.5"], range(0, 0, 500)),
        ] {
            assert_eq!(TIMES.when(&asked(args)), Ok(when), "{args:?}");
        }
        for (args, says) in [
            (&["--at", "soon"][..], "--at: `soon` is not a time"),
            (&["--from", "8000"], "ends before that"),
            (&["--from", "0", "--step", "0"], "--step: `0` is no step"),
            (&["--from", "0", "--step", "x"], "--step: `x` is not a duration"),
            (&["--from", "0", "--step", "100ms"], "there are 70000 steps of 100ms; the most is 11000"),
        ] {
            let why = TIMES.when(&asked(args)).unwrap_err();
            assert!(why.contains(says), "{args:?}: {why}");
        }
    }
}
