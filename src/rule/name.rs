//! The names in a rule. Any UTF-8 will do, but for what is said with each.

use std::fmt;

/// Why a text is no such name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing was written.
    #[error("{0} must not be empty")]
    Empty(&'static str),
    /// `__name__` is not for labels to set.
    #[error("`__name__` cannot be set as a label; the name of the series is set by `record`")]
    Reserved,
    /// Braces belong into an expression.
    #[error("the record name `{0}` holds braces; a selector belongs into `expr`, labels into `labels`")]
    Braces(String),
}

/// One newtype for each kind of name, with what is checked of it.
macro_rules! names {
    ($($(#[$doc:meta])* $name:ident, $called:literal, $check:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Checks a text.
            pub fn new(text: impl Into<String>) -> Result<Self, NameError> {
                let text = text.into();
                if text.is_empty() {
                    return Err(NameError::Empty($called));
                }
                let check: fn(&str) -> Result<(), NameError> = $check;
                check(&text)?;
                Ok(Self(text))
            }

            /// Its characters.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

names! {
    /// What a group is called, once in its file.
    GroupName, "the name of a group", |_| Ok(());
    /// What an alert is called.
    AlertName, "the name of an alert", |_| Ok(());
    /// The series that a recording rule writes.
    RecordName, "the name of a record", no_braces;
    /// A label that a rule sets.
    LabelName, "the name of a label", not_reserved;
    /// An annotation of an alert.
    AnnotationName, "the name of an annotation", |_| Ok(());
}

fn no_braces(text: &str) -> Result<(), NameError> {
    if text.contains(['{', '}']) { Err(NameError::Braces(text.to_owned())) } else { Ok(()) }
}

fn not_reserved(text: &str) -> Result<(), NameError> {
    if text == "__name__" { Err(NameError::Reserved) } else { Ok(()) }
}
