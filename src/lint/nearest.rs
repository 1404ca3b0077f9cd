//! The word that was probably meant.

/// The nearest of `words` to what was written, if any is near enough to be worth asking about.
///
/// Near means: no more than one letter in three is wrong, where a swap of neighbours counts once.
pub fn nearest<'w>(written: &str, words: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    /// No key is longer; a longer word is not worth the comparing.
    const LONGEST: usize = 64;
    let written: Vec<char> = written.to_lowercase().chars().take(LONGEST + 1).collect();
    if written.len() > LONGEST {
        return None;
    }
    let allowed = written.len().div_ceil(3);
    words
        .into_iter()
        .map(|word| (distance(&written, &word.to_lowercase().chars().collect::<Vec<_>>()), word))
        .filter(|(far, _)| *far <= allowed)
        .min_by_key(|(far, _)| *far)
        .map(|(_, word)| word)
}

/// How many letters must be put in, taken out, changed or swapped with their neighbour.
fn distance(left: &[char], right: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let mut best = (above[j] + usize::from(a != b)).min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == right[j - 1] && left[i - 1] == *b {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[right.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_what_was_meant() {
        let keys = ["record", "alert", "expr", "for", "keep_firing_for", "labels", "annotations"];
        for (written, meant) in [
            ("experr", Some("expr")),
            ("exrp", Some("expr")),
            ("label", Some("labels")),
            ("Alert", Some("alert")),
            ("keepFiringFor", Some("keep_firing_for")),
            ("anotations", Some("annotations")),
            ("summary", None),
            ("", None),
        ] {
            assert_eq!(nearest(written, keys), meant, "{written}");
        }
    }
}
