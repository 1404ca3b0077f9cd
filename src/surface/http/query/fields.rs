//! The fields of a form or of an address: `query=up&time=0`.

/// Fields, the first of each name being the one that counts.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Those of a form, and behind them those of an address.
    pub(super) fn of(form: &[u8], address: &str) -> Self {
        let pairs = form_urlencoded::parse(form).chain(form_urlencoded::parse(address.as_bytes()));
        Self(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    /// A field; the empty text where it is not there.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_counts_before_an_address() {
        let fields = Fields::of(b"query=up%7Ba%3D%22b+%26+c%2Bd%22%7D&time=1", "time=2&step=15s&step=30s&x");
        assert_eq!(fields.get("query"), "up{a=\"b & c+d\"}");
        assert_eq!(
            (fields.get("time"), fields.get("step"), fields.get("x"), fields.get("y")),
            ("1", "15s", "", "")
        );
    }
}
