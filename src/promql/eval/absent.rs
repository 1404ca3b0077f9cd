//! The labels of what is not there.

use crate::promql::matcher::MatchOp;
use crate::promql::selector::Selector;
use crate::signal::{Labels, NAME};

/// The labels that a series would surely have if the selector meant one: those asked for by `=`, once.
///
/// Read in order, as in Prometheus: what follows on an `=` of the same label takes it out again for good, but an `=`
/// that follows on something else stands.
pub(super) fn absent_labels(selector: &Selector) -> Labels {
    let mut labels = Labels::default();
    let mut asked: Vec<&str> = Vec::new();
    for matcher in selector.matchers.iter().filter(|matcher| matcher.label != NAME) {
        let name = matcher.label.as_str();
        let sure = matcher.op == MatchOp::Equal && !asked.contains(&name);
        let value = matcher.value.as_str().filter(|_| sure).unwrap_or_default();
        labels = labels.with(name, value);
        if sure {
            asked.push(name);
        }
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promql::{Features, parse};

    #[test]
    fn only_what_is_sure_is_told() {
        for (text, expected) in [
            ("x", "{}"),
            ("x{a=\"1\", b=\"2\"}", r#"{a="1", b="2"}"#),
            ("x{a=\"1\", b!=\"2\", c=~\"3\"}", r#"{a="1"}"#),
            ("x{a=\"1\", a=\"2\", b=\"3\"}", r#"{b="3"}"#),
            ("x{a=\"1\", a=\"2\", a=\"3\"}", "{}"),
            ("x{a=\"1\", a!=\"2\"}", "{}"),
            ("x{a!=\"2\", a=\"1\"}", r#"{a="1"}"#),
            ("{__name__=\"x\", a=\"1\"}", r#"{a="1"}"#),
            ("x{a=\"\"}", "{}"),
        ] {
            let plan = parse(text, Features::NONE).unwrap();
            assert_eq!(absent_labels(plan.as_selector().unwrap()).to_string(), expected, "{text}");
        }
    }
}
