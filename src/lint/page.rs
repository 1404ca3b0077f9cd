//! A page for everything that can be found: what it means, what it looks like, and the way out.

use crate::lint::Severity;

/// What is said of one kind of finding.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// Its name.
    pub name: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// Whether a comment can switch it off.
    pub can_be_allowed: bool,
    /// The page, in Markdown.
    pub text: &'static str,
}

/// The page of that name.
pub fn page(name: &str) -> Option<&'static Page> {
    PAGES.iter().find(|page| page.name == name)
}

impl Page {
    /// Its first sentence.
    pub fn summary(&self) -> &'static str {
        self.text.lines().find(|line| !line.is_empty() && !line.starts_with('#')).unwrap_or_default()
    }
}

/// Declares the names of findings and their pages.
macro_rules! pages {
    ($($constant:ident = $name:literal, $severity:ident $(, $allowed:ident)?;)*) => {
        /// The names of everything that can be found.
        pub mod name {
            $(
                #[doc = concat!("`", $name, "`: its page says what it means.")]
                pub const $constant: &str = $name;
            )*
        }

        /// Everything that can be found.
        pub const PAGES: &[Page] = &[$(
            Page {
                name: $name,
                severity: Severity::$severity,
                can_be_allowed: pages!(@allowed $($allowed)?),
                text: include_str!(concat!("page/", $name, ".md")),
            },
        )*];
    };
    (@allowed) => { false };
    (@allowed allowed) => { true };
}

pages! {
    NO_SUCH_FILE = "no-such-file", Error;
    UNREADABLE = "unreadable", Error;
    TOO_LARGE = "too-large", Error;
    NOT_UTF8 = "not-utf8", Error;
    YAML_SYNTAX = "yaml-syntax", Error;
    YAML_ALIAS = "yaml-alias", Error;
    DUPLICATE_KEY = "duplicate-key", Error;
    UNKNOWN_KEY = "unknown-key", Error;
    MISSING_KEY = "missing-key", Error;
    WRONG_TYPE = "wrong-type", Error;
    BAD_VALUE = "bad-value", Error;
    LATER_DOCUMENT = "later-document", Warning;
    BAD_COMMENT = "bad-comment", Warning;
    PROMQL_SYNTAX = "promql-syntax", Error;
    TEMPLATE_SYNTAX = "template-syntax", Error;
    NOT_A_COUNTER = "not-a-counter", Error;
    DUPLICATE_NAME = "duplicate-name", Error;
    UNKNOWN_NAME = "unknown-name", Error;
    CYCLE = "cycle", Error;
    TIE = "tie", Error;
    THRESHOLD = "threshold", Error;
    LADDER = "ladder", Error;
    STEPS = "steps", Error;
    MISMATCH = "mismatch", Error;
    NO_PURPOSE = "no-purpose", Error;
    NO_ENVIRONMENT = "no-environment", Error;
    NO_OWNER = "no-owner", Error;
    NO_PROOF = "no-proof", Error;
    NOBODY_TOLD = "nobody-told", Error;
    WRONG_WAY = "wrong-way", Error;
    WEAK_EVIDENCE = "weak-evidence", Error;
    NOT_TRUSTED = "not-trusted", Error;
    UNAPPROVED = "unapproved", Error;
    LOOSENED_CEILING = "loosened-ceiling", Error;
    FOREIGN_SELECTOR = "foreign-selector", Error;
    FOREIGN_HOST = "foreign-host", Error;
    PLAIN_SECRET = "plain-secret", Error;
    NOT_YET = "not-yet", Error;
    NO_TARGET = "no-target", Warning, allowed;
    BEGINS_ITSELF = "begins-itself", Warning, allowed;
    NEVER_BEGINS = "never-begins", Warning, allowed;
    UNCLEAR_UNIT = "unclear-unit", Warning, allowed;
    SHORT_BASELINE = "short-baseline", Warning, allowed;
    COLD_START = "cold-start", Warning, allowed;
    NO_LAG = "no-lag", Warning, allowed;
    LOW_CONFIDENCE = "low-confidence", Warning, allowed;
    UNVERIFIED = "unverified", Warning, allowed;
    LOST_ON_NOTHING = "lost-on-nothing", Warning, allowed;
    NOT_LAST_KNOWN_GOOD = "not-last-known-good", Warning, allowed;
    DUPLICATE_RULES = "duplicate-rules", Warning, allowed;
}
