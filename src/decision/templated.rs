//! Texts of actions, which may be templates.

use crate::decision::matter::Matter;
use crate::template::{self, Answers, Given, Rendered, Scope, Template};
use crate::unit::{Extent, Fault};

/// A text as it is written, with its template where it holds one.
#[derive(Debug, Clone, PartialEq)]
pub struct Templated {
    text: String,
    template: Option<Template>,
}

impl Templated {
    /// Reads a text. What can be known before anything happens is found here: each template is filled once from made-up
    /// matter, so that a field that no action has is found before it is missed.
    ///
    /// # Errors
    /// Where it is no template, asks a query, or cannot be filled.
    pub fn new(text: &str) -> Result<Self, Fault> {
        if !text.contains("{{") {
            return Ok(Self { text: text.to_owned(), template: None });
        }
        let template = template::parse(text, &Scope::action())?;
        if let Some((_, extent)) = template.functions().into_iter().find(|(name, _)| *name == "query") {
            return Err(asks(extent));
        }
        let read = Self { text: text.to_owned(), template: Some(template) };
        for matter in [Matter::full(), Matter::bare()] {
            read.filled(&matter, false)?;
        }
        Ok(read)
    }

    /// As it is written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it says of this matter. In an address, nothing that is filled in ends a path or begins a query.
    ///
    /// # Errors
    /// Where it cannot be filled.
    pub fn filled(&self, matter: &Matter, in_address: bool) -> Result<String, Fault> {
        let Some(template) = &self.template else { return Ok(self.text.clone()) };
        let given = Given { in_address, ..Given::default() };
        match template::render(template, &matter.value(), &given, &Answers::default())? {
            Rendered::Text(text) => Ok(text),
            Rendered::Needs(_) => Err(asks(Extent::all(&self.text))),
        }
    }
}

fn asks(extent: Extent) -> Fault {
    Fault::new(extent, "`query` is not answered in the texts of an action yet")
        .help("say what the action is about: `.Service`, `.Verdict`, `.Decision.Headline`")
}
