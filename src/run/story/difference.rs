//! What differs between two texts, line by line, with what stands around it.

use std::fmt::Write as _;

/// How many lines are shown around what differs.
const AROUND: usize = 2;

/// The most pairs of lines that are held against one another; above it everything between the first and the last line
/// that differ counts as different.
const MOST_PAIRS: usize = 1_000_000;

/// A line of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line<'a> {
    Same(&'a str),
    Expected(&'a str),
    Came(&'a str),
}

/// The lines that differ: `-` was expected, `+` came.
pub(super) fn difference(expected: &str, came: &str) -> String {
    let lines = aligned(&expected.lines().collect::<Vec<_>>(), &came.lines().collect::<Vec<_>>());
    let is_near = |index: usize| {
        let near = index.saturating_sub(AROUND)..(index + AROUND + 1).min(lines.len());
        lines[near].iter().any(|line| !matches!(line, Line::Same(_)))
    };
    let mut text = String::new();
    let mut gap = false;
    for (index, line) in lines.iter().enumerate() {
        if !is_near(index) {
            gap = true;
            continue;
        }
        if std::mem::take(&mut gap) {
            text.push_str("    ..\n");
        }
        let (sign, line) = match line {
            Line::Same(line) => (' ', line),
            Line::Expected(line) => ('-', line),
            Line::Came(line) => ('+', line),
        };
        let _infallible = writeln!(text, "  {sign} {line}");
    }
    text
}

fn aligned<'a>(expected: &[&'a str], came: &[&'a str]) -> Vec<Line<'a>> {
    let same = |(one, other): &(&&str, &&str)| one == other;
    let head = expected.iter().zip(came).take_while(same).count();
    let (one, other) = (&expected[head..], &came[head..]);
    let tail = one.iter().rev().zip(other.iter().rev()).take_while(same).count();
    let (one, other) = (&one[..one.len() - tail], &other[..other.len() - tail]);
    let mut lines: Vec<Line<'a>> = expected[..head].iter().map(|line| Line::Same(line)).collect();
    if one.len().saturating_mul(other.len()) <= MOST_PAIRS {
        between(one, other, &mut lines);
    } else {
        lines.extend(one.iter().map(|line| Line::Expected(line)));
        lines.extend(other.iter().map(|line| Line::Came(line)));
    }
    lines.extend(expected[expected.len() - tail..].iter().map(|line| Line::Same(line)));
    lines
}

/// Keeps as many lines the same as possible.
fn between<'a>(one: &[&'a str], other: &[&'a str], lines: &mut Vec<Line<'a>>) {
    // How many lines of the rests behind two places can be the same.
    let width = other.len() + 1;
    let mut kept = vec![0_usize; (one.len() + 1) * width];
    for i in (0..one.len()).rev() {
        for j in (0..other.len()).rev() {
            kept[i * width + j] = if one[i] == other[j] {
                kept[(i + 1) * width + j + 1] + 1
            } else {
                kept[(i + 1) * width + j].max(kept[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < one.len() || j < other.len() {
        if i < one.len() && j < other.len() && one[i] == other[j] {
            lines.push(Line::Same(one[i]));
            (i, j) = (i + 1, j + 1);
        } else if i < one.len() && (j == other.len() || kept[i * width + j + 1] <= kept[(i + 1) * width + j])
        {
            lines.push(Line::Expected(one[i]));
            i += 1;
        } else {
            lines.push(Line::Came(other[j]));
            j += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_shown_with_what_is_around_it() {
        for (expected, came, text) in [
            ("", "", ""),
            ("a\nb\n", "a\nb\n", ""),
            ("a\nb\nc\n", "a\nx\nc\n", "    a\n  - b\n  + x\n    c\n"),
            ("", "a\n", "  + a\n"),
            ("a\n", "", "  - a\n"),
            (
                "1\n2\n3\n4\na\n5\n6\n7\n8\n",
                "1\n2\n3\n4\n5\n6\n7\n8\n",
                "    ..\n    3\n    4\n  - a\n    5\n    6\n",
            ),
            (
                "a\n1\n2\n3\n4\n5\nb\n",
                "1\n2\n3\n4\n5\nc\n",
                "  - a\n    1\n    2\n    ..\n    4\n    5\n  - b\n  + c\n",
            ),
            ("a\nb\nc\n", "c\nb\na\n", "  + c\n  + b\n    a\n  - b\n  - c\n"),
        ] {
            let got = difference(expected, came);
            let counts = |text: &str, sign: &str| text.lines().filter(|line| line.starts_with(sign)).count();
            if expected == "a\nb\nc\n" && came == "c\nb\na\n" {
                // Which of the three stays is of no matter.
                assert_eq!((counts(&got, "  -"), counts(&got, "  +")), (2, 2), "{got}");
            } else {
                assert_eq!(got, text, "{expected:?} and {came:?}");
            }
        }
    }

    #[test]
    fn a_long_difference_is_one_block() {
        let many = |what: &str| {
            (0..2_000).fold(String::new(), |text, index| text + what + &index.to_string() + "\n")
        };
        let got = difference(&many("a"), &many("b"));
        assert_eq!(got.lines().count(), 4_000);
    }
}
