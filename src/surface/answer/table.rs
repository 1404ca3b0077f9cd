//! Answers as tables.

use std::fmt::Write as _;

use crate::surface::answer::shown::{Shown, Worth, name};
use crate::unit::UnixMillis;

/// What is told where nothing was found.
const NOTHING: &str = "no series\n";

/// The widest column of series: the values of longer ones stand right behind them.
const WIDEST: usize = 100;

/// A table: each series in a line with its value; over time, each in a block of its own.
pub fn table(shown: &Shown) -> String {
    match shown {
        Shown::Alone(worth) => worth.text() + "\n",
        Shown::Moment(rows) if rows.is_empty() => NOTHING.to_owned(),
        Shown::Times(rows) if rows.is_empty() => NOTHING.to_owned(),
        Shown::Moment(rows) => {
            let lines = rows.iter().map(|(labels, worth)| (name(labels), worth.text()));
            columns(&lines.collect::<Vec<_>>(), "")
        }
        Shown::Times(rows) => {
            let block = |(labels, points): &(_, Vec<(UnixMillis, Worth)>)| {
                let lines = points.iter().map(|(at, worth)| (at.to_string(), worth.text()));
                format!("{}\n{}", name(labels), columns(&lines.collect::<Vec<_>>(), "  "))
            };
            rows.iter().map(block).collect::<Vec<String>>().join("\n")
        }
    }
}

fn columns(lines: &[(String, String)], before: &str) -> String {
    let widths = lines.iter().map(|(left, _)| left.chars().count());
    let width = widths.filter(|width| *width <= WIDEST).max().unwrap_or(0);
    lines.iter().fold(String::new(), |mut text, (left, right)| {
        let _infallible = writeln!(text, "{before}{left:width$}  {right}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::{Labels, NAME};

    fn labels(name: &str, job: &str) -> Labels {
        Labels::new(vec![(NAME.to_owned(), name.to_owned()), ("job".to_owned(), job.to_owned())]).unwrap()
    }

    #[test]
    fn values_stand_in_a_column() {
        let words = Worth::Words("{count:1, sum:2}".to_owned());
        let long = "x".repeat(WIDEST);
        let rows = vec![
            (labels("up", "a"), Worth::Number(1.0)),
            (labels("duration", "\u{1b}[2J"), words),
            (labels(&long, "b"), Worth::Number(f64::NAN)),
        ];
        let expected = format!(
            "up{{job=\"a\"}}                {}\nduration{{job=\"\\u{{1b}}[2J\"}}  {{count:1, sum:2}}\n{long}{{job=\"b\"}}  NaN\n",
            1
        );
        assert_eq!(table(&Shown::Moment(rows)), expected);
        assert_eq!(table(&Shown::Moment(Vec::new())), NOTHING);
        assert_eq!(table(&Shown::Alone(Worth::Number(0.5))), "0.5\n");
    }

    #[test]
    fn series_over_time_are_blocks() {
        let points =
            vec![(UnixMillis::new(0), Worth::Number(1.0)), (UnixMillis::new(1_500), Worth::Number(2.0))];
        let shown = Shown::Times(vec![(labels("a", "x"), points.clone()), (labels("b", "x"), points)]);
        let block = "  1970-01-01T00:00:00Z      1\n  1970-01-01T00:00:01.500Z  2\n";
        assert_eq!(table(&shown), format!("a{{job=\"x\"}}\n{block}\nb{{job=\"x\"}}\n{block}"));
    }
}
