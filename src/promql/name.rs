//! What may name a metric and a label.

/// Whether Prometheus takes it as a metric's name. Since version 3 any text does that is not empty.
pub fn is_metric_name(name: &str) -> bool {
    !name.is_empty()
}

/// Whether Prometheus takes it as a label's name. Since version 3 any text does that is not empty.
pub fn is_label_name(name: &str) -> bool {
    !name.is_empty()
}

/// Whether a metric's name can stand without quotes, and in systems that know only the old rule.
pub fn is_legacy_metric_name(name: &str) -> bool {
    is_word(name, |c| is_word_start(c) || c == ':')
}

/// Whether a label's name can stand without quotes, and in systems that know only the old rule.
pub fn is_legacy_label_name(name: &str) -> bool {
    is_word(name, is_word_start)
}

fn is_word(name: &str, starts: impl Fn(char) -> bool) -> bool {
    name.chars().next().is_some_and(&starts) && name.chars().all(|c| starts(c) || c.is_ascii_digit())
}

pub(super) fn is_word_start(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_'
}

pub(super) fn is_word_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_by_both_rules() {
        for (name, utf8, metric, label) in [
            ("", false, false, false),
            ("up", true, true, true),
            ("_a1", true, true, true),
            ("job:up:sum", true, true, false),
            (":a", true, true, false),
            ("1a", true, false, false),
            ("http.server", true, false, false),
            ("größe", true, false, false),
            ("a b", true, false, false),
        ] {
            assert_eq!(is_metric_name(name), utf8, "{name:?}");
            assert_eq!(is_label_name(name), utf8, "{name:?}");
            assert_eq!(is_legacy_metric_name(name), metric, "{name:?}");
            assert_eq!(is_legacy_label_name(name), label, "{name:?}");
        }
    }
}
