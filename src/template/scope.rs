//! What a template may name.

use super::function::{Function, GO, PROMETHEUS};

/// What a template may name: the variables declared before its first character, and the functions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    variables: &'static [&'static str],
    functions: &'static [Function],
    name: Option<String>,
}

impl Scope {
    /// What an alert's labels and annotations may name.
    pub const fn alert() -> Self {
        Self::new(&["$labels", "$externalLabels", "$externalURL", "$value"], PROMETHEUS)
    }

    /// What the texts of an action may name: functions, and whatever its data holds when it is filled in.
    pub const fn action() -> Self {
        Self::new(&[], PROMETHEUS)
    }

    /// These variables, each with its `$`, and these functions beside those of Go itself.
    pub const fn new(variables: &'static [&'static str], functions: &'static [Function]) -> Self {
        Self { variables, functions, name: None }
    }

    /// The same, for a text that itself goes by a name: a `define` in it may not take that name again.
    /// Prometheus calls the text of alert `X` `__alert_X`.
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// The variables that are declared before the text begins.
    pub const fn variables(&self) -> &'static [&'static str] {
        self.variables
    }

    /// All functions, Go's own first.
    pub fn functions(&self) -> impl Iterator<Item = &'static Function> + use<> {
        GO.iter().chain(self.functions)
    }

    /// The function of that name.
    pub fn function(&self, name: &str) -> Option<&'static Function> {
        self.functions().find(|function| function.name == name)
    }

    /// The name that the text itself goes by.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }
}
