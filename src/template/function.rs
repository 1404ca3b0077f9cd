//! The functions that a template may call.

/// How many arguments a function takes; the value that a pipe hands over counts as the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arity {
    /// The fewest.
    pub least: u8,
    /// The most; none where there is no bound.
    pub most: Option<u8>,
}

/// A function that a template may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Function {
    /// The name it is called by.
    pub name: &'static str,
    /// The arguments it takes. Parsing does not check them: Go does so when it renders.
    pub arity: Arity,
}

const fn exactly(name: &'static str, count: u8) -> Function {
    Function { name, arity: Arity { least: count, most: Some(count) } }
}

const fn at_least(name: &'static str, least: u8) -> Function {
    Function { name, arity: Arity { least, most: None } }
}

/// What Go itself offers in every template.
pub(super) const GO: &[Function] = &[
    at_least("and", 1),
    at_least("call", 1),
    at_least("eq", 2),
    exactly("ge", 2),
    exactly("gt", 2),
    at_least("html", 0),
    at_least("index", 1),
    at_least("js", 0),
    exactly("le", 2),
    exactly("len", 1),
    exactly("lt", 2),
    exactly("ne", 2),
    exactly("not", 1),
    at_least("or", 1),
    at_least("print", 0),
    at_least("printf", 1),
    at_least("println", 0),
    at_least("slice", 1),
    at_least("urlquery", 0),
];

/// What Prometheus 3.5 adds.
pub(super) const PROMETHEUS: &[Function] = &[
    at_least("args", 0),
    exactly("externalURL", 0),
    exactly("first", 1),
    exactly("graphLink", 1),
    exactly("humanize", 1),
    exactly("humanize1024", 1),
    exactly("humanizeDuration", 1),
    exactly("humanizePercentage", 1),
    exactly("humanizeTimestamp", 1),
    exactly("label", 2),
    exactly("match", 2),
    exactly("parseDuration", 1),
    exactly("pathPrefix", 0),
    exactly("query", 1),
    exactly("reReplaceAll", 3),
    exactly("safeHtml", 1),
    exactly("sortByLabel", 2),
    exactly("stripDomain", 1),
    exactly("stripPort", 1),
    exactly("strvalue", 1),
    exactly("tableLink", 1),
    exactly("title", 1),
    exactly("toLower", 1),
    exactly("toTime", 1),
    exactly("toUpper", 1),
    exactly("value", 1),
];

/// Names that are no functions here, though people have good reason to try them, each with the reason.
pub(super) const ELSEWHERE: &[(&str, &str)] = &[
    ("now", "`now` came after Prometheus 3.5, which refuses the whole file for it"),
    ("toDuration", "`toDuration` came after Prometheus 3.5, which refuses the whole file for it"),
    ("urlQueryEscape", "`urlQueryEscape` came after Prometheus 3.5; `urlquery` does the same"),
    ("tmpl", "`tmpl` is for console pages only; write `{{template \"name\" .}}`"),
    ("upper", "write `toUpper`"),
    ("lower", "write `toLower`"),
    ("elseif", "write `{{else if ..}}`"),
    ("elif", "write `{{else if ..}}`"),
    ("endif", "write `{{end}}`"),
    ("for", "write `{{range ..}}`"),
    ("foreach", "write `{{range ..}}`"),
];
