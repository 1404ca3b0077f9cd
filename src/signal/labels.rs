//! Labels: what a series is known by.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// The label that holds a metric's name.
pub const NAME: &str = "__name__";

/// The labels by which a process is known that exposes series.
pub const JOB: &str = "job";
/// See [`JOB`].
pub const INSTANCE: &str = "instance";

/// The label that says the bound of a bucket.
pub const BOUND: &str = "le";

/// What stands behind each name and each value. It is the least of all letters, so that whole texts are ordered as their
/// labels are.
const END: char = '\0';

/// Labels in the order of their names, each name once, none with an empty value: two series are the same where these
/// are equal. Copies share one text, and to compare two is to compare their texts.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Labels {
    /// Names and values in turns, each with its end.
    text: Arc<str>,
    /// Where each name and each value ends.
    ends: Arc<[usize]>,
    /// Whether an end stands within a name or a value, too.
    odd: bool,
}

/// Why pairs are no labels.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LabelsError {
    /// A name is given twice.
    #[error("label `{0}` is given twice")]
    Twice(String),
    /// A name is empty.
    #[error("a label has no name")]
    Nameless,
}

impl Labels {
    /// Labels of these pairs; those with an empty value are as good as absent.
    pub fn new(mut pairs: Vec<(String, String)>) -> Result<Self, LabelsError> {
        pairs.retain(|(_, value)| !value.is_empty());
        pairs.sort_unstable();
        if let Some(twice) = pairs.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(LabelsError::Twice(twice[0].0.clone()));
        }
        if pairs.iter().any(|(name, _)| name.is_empty()) {
            return Err(LabelsError::Nameless);
        }
        let bytes = pairs.iter().map(|(name, value)| name.len() + value.len() + 2).sum();
        Ok(Self::of(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())), (pairs.len(), bytes)))
    }

    /// Labels of pairs that are in order: at most so many, which take at most so many bytes.
    fn of<'p>(pairs: impl Iterator<Item = (&'p str, &'p str)>, (most, bytes): (usize, usize)) -> Self {
        let (mut text, mut ends) = (String::with_capacity(bytes), Vec::with_capacity(2 * most));
        let mut odd = false;
        for part in pairs.flat_map(|(name, value)| [name, value]) {
            odd |= part.contains(END);
            text.push_str(part);
            ends.push(text.len());
            text.push(END);
        }
        Self { text: text.into(), ends: ends.into(), odd }
    }

    /// A name, or the value behind it.
    fn part(&self, index: usize) -> &str {
        let before = index.checked_sub(1).and_then(|before| self.ends.get(before));
        let from = before.map_or(0, |end| end + END.len_utf8());
        self.ends.get(index).and_then(|to| self.text.get(from..*to)).unwrap_or_default()
    }

    /// The value of a label; the empty text where there is none.
    pub fn get(&self, name: &str) -> &str {
        self.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        (0..self.len()).map(|index| (self.part(2 * index), self.part(2 * index + 1)))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len() / 2
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Those that `keep` wants.
    #[must_use]
    pub fn only(&self, keep: impl Fn(&str) -> bool) -> Self {
        Self::of(self.iter().filter(|(name, _)| keep(name)), (self.len(), self.text.len()))
    }

    /// The same with that label; without it where the value is empty.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let added = (!name.is_empty() && !value.is_empty()).then_some((name, value));
        let before = self.iter().filter(|(known, _)| *known < name);
        let behind = self.iter().filter(|(known, _)| name < *known);
        let bytes = self.text.len() + name.len() + value.len() + 2;
        Self::of(before.chain(added).chain(behind), (self.len() + 1, bytes))
    }
}

impl Ord for Labels {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.odd || other.odd { self.iter().cmp(other.iter()) } else { self.text.cmp(&other.text) }
    }
}

impl PartialOrd for Labels {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for Labels {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl fmt::Debug for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Labels({})", self.in_full())
    }
}

impl Labels {
    /// As Prometheus writes them in messages, the name among the others: `{__name__="name", label="value"}`.
    pub fn in_full(&self) -> String {
        let pairs: Vec<String> = self.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
        format!("{{{}}}", pairs.join(", "))
    }
}

/// As Prometheus writes a series: `name{label="value"}`.
impl fmt::Display for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.get(NAME))?;
        let mut others = self.iter().filter(|(name, _)| *name != NAME).peekable();
        if others.peek().is_none() {
            return if self.get(NAME).is_empty() { f.write_str("{}") } else { Ok(()) };
        }
        for (index, (name, value)) in others.enumerate() {
            write!(f, "{}{name}={value:?}", if index == 0 { "{" } else { ", " })?;
        }
        f.write_str("}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        text.split_whitespace()
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    #[test]
    fn order_and_empty_values_make_no_difference() {
        let one = Labels::new(pairs("b=2 __name__=x a=1")).unwrap();
        let other = Labels::new(pairs("a=1 c= __name__=x b=2")).unwrap();
        assert_eq!(one, other);
        assert_eq!((one.get("b"), one.get("c"), one.len()), ("2", "", 3));
        assert_eq!(one.to_string(), r#"x{a="1", b="2"}"#);
        assert_eq!(Labels::new(pairs("a=1 a=2")), Err(LabelsError::Twice("a".to_owned())));
        assert_eq!(Labels::new(pairs("=1")), Err(LabelsError::Nameless));
    }

    #[test]
    fn a_label_is_set_and_taken_out() {
        let labels = Labels::new(pairs("a=1 c=3")).unwrap();
        for (name, value, expected) in [
            ("b", "2", r#"{a="1", b="2", c="3"}"#),
            ("a", "9", r#"{a="9", c="3"}"#),
            ("d", "4", r#"{a="1", c="3", d="4"}"#),
            ("c", "", r#"{a="1"}"#),
            ("x", "", r#"{a="1", c="3"}"#),
            ("", "1", r#"{a="1", c="3"}"#),
        ] {
            assert_eq!(labels.with(name, value).to_string(), expected, "{name}={value}");
        }
    }

    proptest! {
        /// They stand as their pairs do, whatever letters those have.
        #[test]
        fn labels_are_ordered_as_their_pairs(
            one in prop::collection::btree_map("[a-c\0]{1,2}", "[a-c\0]{1,2}", 0..4),
            other in prop::collection::btree_map("[a-c\0]{1,2}", "[a-c\0]{1,2}", 0..4),
        ) {
            let of = |pairs: &std::collections::BTreeMap<String, String>| {
                Labels::new(pairs.clone().into_iter().collect()).unwrap()
            };
            let (own, others) = (of(&one), of(&other));
            prop_assert_eq!(own.cmp(&others), one.iter().cmp(other.iter()));
            prop_assert_eq!(own == others, one == other);
            let told: Vec<(&str, &str)> = own.iter().collect();
            let pairs: Vec<(&str, &str)> = one.iter().map(|(name, value)| (&**name, &**value)).collect();
            prop_assert_eq!(told, pairs);
        }
    }
}
