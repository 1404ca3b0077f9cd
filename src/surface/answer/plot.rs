//! Answers as plots of plain characters, a block for each series.

use std::fmt::Write as _;

use crate::surface::answer::number::written;
use crate::surface::answer::shown::{Shown, Worth, name};
use crate::surface::answer::table::table;
use crate::unit::UnixMillis;

/// How many columns a plot has beside its axis, and how many lines.
const WIDTH: usize = 64;
const HEIGHT: usize = 8;

/// How wide the numbers at the axis may be.
const AXIS: usize = 10;

/// How many series are plotted.
const MOST_PLOTTED: usize = 12;

/// A plot of what has a course over time; a table of what has none.
pub fn plot(shown: &Shown) -> String {
    let Shown::Times(rows) = shown else { return table(shown) };
    if rows.is_empty() {
        return table(shown);
    }
    let moments = || rows.iter().flat_map(|(_, points)| points.iter().map(|(at, _)| *at));
    let span = (moments().min().unwrap_or_default(), moments().max().unwrap_or_default());
    let blocks = rows.iter().take(MOST_PLOTTED);
    let mut text =
        blocks.map(|(labels, points)| block(&name(labels), points, span)).collect::<Vec<_>>().join("\n");
    let more = rows.len().saturating_sub(MOST_PLOTTED);
    if 0 < more {
        let _infallible = writeln!(text, "\n.. and {more} more series; `--output table` prints all of them");
    }
    text
}

/// One series; all blocks have the same time below them, so that they can be held against one another.
fn block(name: &str, points: &[(UnixMillis, Worth)], span: (UnixMillis, UnixMillis)) -> String {
    let numbers = points.iter().filter_map(|(at, worth)| match worth {
        Worth::Number(value) if value.is_finite() => Some((*at, *value)),
        Worth::Number(_) | Worth::Words(_) => None,
    });
    let numbers: Vec<(UnixMillis, f64)> = numbers.collect();
    let left = points.len() - numbers.len();
    let mut text = format!("{name}\n");
    if !numbers.is_empty() {
        text += &drawn(&numbers, span);
    }
    if 0 < left {
        let _infallible =
            writeln!(text, "{left} of its values are no numbers to plot; `--output table` prints them");
    }
    text
}

fn drawn(numbers: &[(UnixMillis, f64)], (from, to): (UnixMillis, UnixMillis)) -> String {
    let low = numbers.iter().map(|(_, value)| *value).fold(f64::INFINITY, f64::min);
    let high = numbers.iter().map(|(_, value)| *value).fold(f64::NEG_INFINITY, f64::max);
    let mut cells = [[' '; WIDTH]; HEIGHT];
    for (at, value) in numbers {
        let column = place(at.since(from).millis(), to.since(from).millis(), WIDTH);
        // Halved, as the difference of two numbers may be larger than any.
        let share = (value / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0);
        let line = if share.is_nan() { HEIGHT / 2 } else { HEIGHT - 1 - part(share) };
        if let Some(cell) = cells.get_mut(line).and_then(|line| line.get_mut(column)) {
            *cell = '*';
        }
    }
    let mut text = String::new();
    for (index, line) in cells.iter().enumerate() {
        let label = match index {
            0 if low < high => short(high),
            last if last == HEIGHT - 1 && low < high => short(low),
            middle if middle == HEIGHT / 2 && high <= low => short(low),
            _ => String::new(),
        };
        let line: String = line.iter().collect();
        let _infallible = writeln!(text, "{label:>AXIS$} |{}", line.trim_end());
    }
    let (from, to) = (from.to_string(), to.to_string());
    let gap = WIDTH.saturating_sub(to.len());
    let _infallible = writeln!(text, "{:>AXIS$} +{}\n{:>AXIS$}  {from:gap$}{to}", "", "-".repeat(WIDTH), "");
    text
}

/// The column of a time.
fn place(gone: u64, all: u64, width: usize) -> usize {
    let last = u128::try_from(width.saturating_sub(1)).unwrap_or(0);
    usize::try_from(u128::from(gone) * last / u128::from(all.max(1)))
        .unwrap_or(0)
        .min(width.saturating_sub(1))
}

/// The line of a share, from the lowest.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of few lines")]
#[expect(clippy::cast_precision_loss, reason = "they are few lines")]
fn part(share: f64) -> usize {
    ((share * (HEIGHT - 1) as f64).round() as usize).min(HEIGHT - 1)
}

/// A number that is as wide as the axis, at most.
fn short(value: f64) -> String {
    let whole = written(value);
    if whole.len() <= AXIS { whole } else { format!("{value:.2e}") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::signal::{Labels, NAME};

    fn labels(name: &str) -> Labels {
        Labels::new(vec![(NAME.to_owned(), name.to_owned())]).unwrap()
    }

    fn series(values: &[f64]) -> Vec<(UnixMillis, Worth)> {
        let at = |index: usize| UnixMillis::new(i64::try_from(index).unwrap() * 60_000);
        values.iter().enumerate().map(|(index, value)| (at(index), Worth::Number(*value))).collect()
    }

    #[test]
    fn a_line_goes_up() {
        let values: Vec<f64> = (0..64_u32).map(f64::from).collect();
        let text = plot(&Shown::Times(vec![(labels("a"), series(&values))]));
        let expected = "a
        63 |                                                           *****
           |                                                  *********
           |                                         *********
           |                                *********
           |                       *********
           |              *********
           |     *********
         0 |*****
           +----------------------------------------------------------------
            1970-01-01T00:00:00Z                        1970-01-01T01:03:00Z
";
        assert_eq!(text, expected);
    }

    #[test]
    fn what_is_constant_is_a_line_and_what_is_no_number_is_told() {
        let text = plot(&Shown::Times(vec![(labels("a"), series(&[5.0, 5.0, f64::NAN]))]));
        assert!(text.contains("         5 |*"), "{text}");
        assert!(text.contains("1 of its values are no numbers"), "{text}");
        let many = vec![(labels("a"), series(&[1.0])); MOST_PLOTTED + 3];
        let text = plot(&Shown::Times(many));
        assert_eq!(text.matches("+---").count(), MOST_PLOTTED);
        assert!(text.ends_with(".. and 3 more series; `--output table` prints all of them\n"), "{text}");
    }

    proptest! {
        #[test]
        fn everything_has_a_place(values in prop::collection::vec(any::<f64>(), 0..80)) {
            let finite = values.iter().filter(|value| value.is_finite()).count();
            let text = plot(&Shown::Times(vec![(labels("a"), series(&values))]));
            prop_assert_eq!(text.contains('*'), 0 < finite);
            let widest = text.lines().filter(|line| line.contains('|')).map(str::len).max().unwrap_or(0);
            prop_assert!(widest <= AXIS + 2 + WIDTH, "{}", text);
        }
    }
}
