//! What somebody may have meant.

/// Longer names are not guessed at.
const LONGEST_GUESS: usize = 40;

/// The name that takes the fewest changes, if that is few enough to be a slip.
pub(super) fn nearest<'n>(written: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let length = written.chars().count();
    if LONGEST_GUESS < length {
        return None;
    }
    let written = written.to_lowercase();
    names
        .map(|name| (distance(&written, &name.to_lowercase()), name))
        .filter(|(changes, _)| *changes <= length.div_ceil(4))
        .min()
        .map(|(_, name)| name)
}

/// How many letters must be put in, left out or replaced.
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    for (line, a) in from.chars().enumerate() {
        let mut corner = row[0];
        row[0] = line + 1;
        for (column, b) in to.chars().enumerate() {
            let replaced = corner + usize::from(a != b);
            corner = row[column + 1];
            row[column + 1] = replaced.min(corner + 1).min(row[column] + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised_and_other_words_are_not() {
        let names = ["humanize", "humanizeDuration", "toUpper", "len"];
        for (written, meant) in [
            ("humaniseDuration", Some("humanizeDuration")),
            ("HumanizeDuration", Some("humanizeDuration")),
            ("humanizeDurations", Some("humanizeDuration")),
            ("upper", Some("toUpper")),
            ("lem", Some("len")),
            ("default", None),
            ("", None),
        ] {
            assert_eq!(nearest(written, names.into_iter()), meant, "{written}");
        }
    }
}
