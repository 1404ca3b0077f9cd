//! Secrets: texts that are used and never shown.

use std::fmt;

/// What is shown in the place of a secret.
pub(crate) const REDACTED: &str = "<redacted>";

/// A secret. Nothing prints it; whoever needs it asks for it by name, which a reader can search for.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// A secret of this text.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The text itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The text of somebody else with this secret taken out, wherever it stands there in plain sight.
    pub fn taken_out_of(&self, text: &str) -> String {
        if self.0.is_empty() { text.to_owned() } else { text.replace(&self.0, REDACTED) }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_never_shown() {
        let secret = Secret::new("hunter2".to_owned());
        assert_eq!(format!("{secret:?} {:#?}", Some(&secret)), "<redacted> Some(\n    <redacted>,\n)");
        assert_eq!(secret.reveal(), "hunter2");
        assert_eq!(secret.taken_out_of("hunter2, hunter3, hunter2"), "<redacted>, hunter3, <redacted>");
        assert_eq!(Secret::new(String::new()).taken_out_of("abc"), "abc");
    }
}
