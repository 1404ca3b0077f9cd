//! Fusing: selectors that differ in the value of one label alone, as one that means the series of all of them.

use crate::promql::matcher::{MatchOp, Matcher};
use crate::promql::selector::{Selector, Shift};
use crate::signal::NAME;
use crate::unit::Extent;

/// The longest value that is fused: longer ones would make long patterns.
const LONGEST: usize = 128;

/// A selector without what it asks of one label, and the one value that it asks of that.
#[derive(Debug, Clone, PartialEq)]
pub struct Mould {
    /// The label.
    pub label: String,
    /// Its value.
    pub value: String,
    rest: Selector,
}

impl Selector {
    /// The moulds that it fits: one for each label of which it asks one value and nothing else. Only plain selectors have
    /// any; a window or a shift would have to be the same for all.
    pub fn moulds(&self) -> Vec<Mould> {
        if self.range.is_some() || self.extended.is_some() || self.shift != Shift::default() {
            return Vec::new();
        }
        let alone = |label: &str| self.matchers.iter().filter(|other| other.label == label).count() == 1;
        let asked = self.matchers.iter().enumerate().filter_map(|(index, matcher)| {
            let value = matcher.value.as_str().filter(|value| !value.is_empty() && value.len() <= LONGEST)?;
            let plain = matcher.op == MatchOp::Equal && matcher.label != NAME && alone(&matcher.label);
            plain.then(|| {
                let mut rest = self.clone();
                rest.matchers.remove(index);
                Mould { label: matcher.label.clone(), value: value.to_owned(), rest }
            })
        });
        asked.filter(|mould| !mould.rest.selects_all()).collect()
    }
}

impl Mould {
    /// What is the same for all that fit into it.
    pub fn shape(&self) -> String {
        format!("{} by {}", self.rest, self.label)
    }

    /// The selector of all series that any of these values would have selected; nothing where they make no pattern.
    pub fn fused(&self, values: &[&str]) -> Option<Selector> {
        let pattern: Vec<String> = values.iter().map(|value| regex::escape(value)).collect();
        let pattern = pattern.join("|").as_str().into();
        let any = Matcher::new(self.label.clone(), MatchOp::Regex, pattern, Extent::default()).ok()?;
        let mut fused = self.rest.clone();
        fused.matchers.push(any);
        Some(fused)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::promql::{Features, parse};
    use crate::signal::Labels;

    fn selector(text: &str) -> Selector {
        parse(text, Features::ALL).unwrap().as_selector().unwrap().clone()
    }

    #[test]
    fn only_plain_selectors_are_fused() {
        for (text, labels) in [
            (r#"m{a="1",b=~"2|3",c!="4"}"#, vec!["a"]),
            (r#"m{a="1",b="2"}"#, vec!["a", "b"]),
            (r#"{__name__="m",b="2"}"#, vec!["b"]),
            (r#"{__name__=~"m|n",b="2"}"#, vec!["b"]),
            (r#"{b="2"}"#, vec![]),
            (r#"m{a=""}"#, vec![]),
            (r#"m{a="1",a=~"1|2"}"#, vec![]),
            (r#"m{a="1"}[5m]"#, vec![]),
            (r#"m{a="1"} offset 5m"#, vec![]),
            ("m", vec![]),
        ] {
            let plan = parse(text, Features::ALL).unwrap();
            let moulds = plan.as_selector().map(Selector::moulds).unwrap_or_default();
            assert_eq!(moulds.iter().map(|mould| mould.label.as_str()).collect::<Vec<_>>(), labels, "{text}");
        }
    }

    #[test]
    fn a_fused_selector_is_written_as_people_would() {
        let one = selector(r#"m{code=~"5..",service="a.b"}"#);
        let mould = &one.moulds()[0];
        assert_eq!(mould.shape(), r#"m{code=~"5.."} by service"#);
        assert_eq!(mould.fused(&["a.b", "c"]).unwrap().to_string(), r#"m{code=~"5..", service=~"a\\.b|c"}"#);
    }

    proptest! {
        /// Fused, they mean what all of them mean, and nothing else; by the value of the label each has its own.
        #[test]
        fn fused_is_the_same_as_single(
            values in prop::collection::btree_set(r"[a-c.|*+\\$^()\[\]{}?-]{1,3}", 1..6),
            other in prop::sample::select(vec![r#"b=~"x.*""#, r#"b!="y""#, r#"b="x""#]),
            series in prop::collection::vec((r"[a-c.|*+\\$^()\[\]{}?-]{0,3}", "[xyz]{0,2}", "(m|n)"), 0..40),
        ) {
            let plain = selector(&format!("m{{{other},a=\"v\"}}"));
            let single = |value: &str| {
                let mut one = plain.clone();
                one.matchers[1] = Matcher::equal("a", value, Extent::default());
                one
            };
            let all: Vec<Selector> = values.iter().map(|value| single(value)).collect();
            let mould = all[0].moulds().into_iter().find(|mould| mould.label == "a").unwrap();
            prop_assert!(all.iter().all(|one| one.moulds().iter().any(|own| own.shape() == mould.shape())));
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            let fused = mould.fused(&values).unwrap();
            let read = selector(&fused.to_string());
            for (a, b, name) in series {
                let labels = [(NAME, name), ("a", a), ("b", b)];
                let labels = labels.map(|(label, value)| (label.to_owned(), value));
                let labels = Labels::new(labels.into_iter().filter(|(_, value)| !value.is_empty()).collect()).unwrap();
                let own = all.iter().filter(|one| one.accepts(&labels)).count();
                prop_assert_eq!(fused.accepts(&labels), own == 1, "{}", labels);
                prop_assert_eq!(read.accepts(&labels), own == 1, "{}", labels);
            }
        }
    }
}
