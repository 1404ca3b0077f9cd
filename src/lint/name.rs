//! The names of what can be found, each in one place.

/// The text is no YAML, or none that Prometheus reads.
pub const YAML_SYNTAX: &str = "yaml-syntax";
/// An alias names nothing, holds itself, or grows out of bounds.
pub const YAML_ALIAS: &str = "yaml-alias";
/// A key stands twice in one mapping.
pub const DUPLICATE_KEY: &str = "duplicate-key";
/// A key that nobody reads.
pub const UNKNOWN_KEY: &str = "unknown-key";
/// A value of another kind than the key takes.
pub const WRONG_TYPE: &str = "wrong-type";
/// A value of the right kind that means nothing here.
pub const BAD_VALUE: &str = "bad-value";
/// A key that must be there and is not.
pub const MISSING_KEY: &str = "missing-key";
/// A document after the first holds what is only read from the first.
pub const LATER_DOCUMENT: &str = "later-document";
/// A text that is no PromQL, or none that is switched on.
pub const PROMQL_SYNTAX: &str = "promql-syntax";
/// A text that is no template.
pub const TEMPLATE_SYNTAX: &str = "template-syntax";
/// Two groups of one file have one name.
pub const DUPLICATE_GROUP: &str = "duplicate-group";
/// Two rules of one file write the same series, or two alerts say the same.
pub const DUPLICATE_RULE: &str = "duplicate-rule";
