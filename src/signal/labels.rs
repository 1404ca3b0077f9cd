//! Labels: what a series is known by.

use std::fmt;

/// The label that holds a metric's name.
pub const NAME: &str = "__name__";

/// Labels in the order of their names, each name once, none with an empty value: two series are the same where these
/// are equal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Labels(Vec<(String, String)>);

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
        Ok(Self(pairs))
    }

    /// The value of a label; the empty text where there is none.
    pub fn get(&self, name: &str) -> &str {
        let at = self.0.binary_search_by(|(known, _)| known.as_str().cmp(name));
        at.map_or("", |at| &self.0[at].1)
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those that `keep` wants.
    #[must_use]
    pub fn only(&self, keep: impl Fn(&str) -> bool) -> Self {
        Self(self.0.iter().filter(|(name, _)| keep(name)).cloned().collect())
    }

    /// The same with that label; without it where the value is empty.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut others = self.only(|known| known != name);
        if !name.is_empty() && !value.is_empty() {
            let at = others.0.partition_point(|(known, _)| known.as_str() < name);
            others.0.insert(at, (name.to_owned(), value.to_owned()));
        }
        others
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
}
