//! The word that was meant.

/// The most letters of a word that is guessed at; a longer one is no slip, and dear to compare.
const LONGEST_GUESS: usize = 40;

/// The candidate that is the least typing away from `word`, if it is near enough to have been meant.
///
/// One letter in three may be wrong, up to three; at least one, if any of the word is left then. Whether a letter is
/// a capital does not count.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = letters(word, LONGEST_GUESS);
    if LONGEST_GUESS < word.len() {
        return None;
    }
    let allowed = (word.len() / 3).clamp(1, 3).min(word.len().saturating_sub(1));
    let near = |candidate: &'a str| {
        let letters = letters(candidate, LONGEST_GUESS + allowed);
        let may_be = letters.len().abs_diff(word.len()) <= allowed;
        let away = may_be.then(|| distance(&word, &letters))?;
        (away <= allowed).then_some((away, candidate))
    };
    candidates.into_iter().filter_map(near).min().map(|(_, candidate)| candidate)
}

/// The letters of a word; of one that has more than `most`, one more than that.
fn letters(word: &str, most: usize) -> Vec<char> {
    word.chars().take(most + 1).map(|c| c.to_ascii_lowercase()).collect()
}

/// How many letters have to be added, dropped, changed, or swapped with their neighbour.
fn distance(one: &[char], other: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=other.len()).collect();
    for i in 1..=one.len() {
        let mut row = vec![i];
        for j in 1..=other.len() {
            let change = above[j - 1] + usize::from(one[i - 1] != other[j - 1]);
            let mut least = change.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_word_that_was_meant() {
        let keys = ["every", "begins", "ends", "compare", "tracks", "checks", "passes_when"];
        for (typed, meant) in [
            ("evrey", Some("every")),
            ("track", Some("tracks")),
            ("check", Some("checks")),
            ("pass_when", Some("passes_when")),
            ("Begins", Some("begins")),
            ("psases_when", Some("passes_when")),
            ("ENDS", Some("ends")),
            ("whatever", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, keys), meant, "{typed}");
        }
    }

    #[test]
    fn a_word_is_near_while_something_of_it_is_left() {
        for (typed, candidate, near) in [
            ("a", "b", false),
            ("a", "A", true),
            ("a", "ab", false),
            ("ab", "a", true),
            ("ab", "cb", true),
            ("abcde", "abcxy", false),
            ("abcdef", "abcdxy", true),
            ("", "a", false),
        ] {
            assert_eq!(nearest(typed, [candidate]).is_some(), near, "{typed} {candidate}");
        }
    }

    #[test]
    fn long_words_are_not_guessed_at() {
        let longest = "x".repeat(LONGEST_GUESS);
        let longer = "x".repeat(LONGEST_GUESS + 1);
        let candidates = [longest.as_str(), longer.as_str()];
        assert_eq!(nearest(&longest, candidates), Some(longest.as_str()));
        assert_eq!(nearest(&longest, [longer.as_str()]), Some(longer.as_str()));
        assert_eq!(nearest(&longer, candidates), None);
        let huge = "x".repeat(1 << 20);
        assert_eq!(nearest(&huge, std::iter::repeat_n(huge.as_str(), 10_000)), None);
        assert_eq!(nearest(&longest, std::iter::repeat_n(huge.as_str(), 10_000)), None);
    }
}
