//! Texts of actions, which may be templates.

use crate::decision::matter::Matter;
use crate::promql::{self, Features, ValueType};
use crate::template::{self, Answers, Found, Given, Rendered, Scope, Template};
use crate::unit::{Extent, Fault};

/// A text as it is written, with its template where it holds one.
#[derive(Debug, Clone, PartialEq)]
pub struct Templated {
    text: String,
    template: Option<Template>,
    asks: bool,
}

/// What texts are filled with.
#[derive(Debug, Clone, Copy)]
pub struct Filling<'a> {
    /// What the action is about.
    pub matter: &'a Matter,
    /// What queries found.
    pub answers: &'a Answers,
    /// Whether a text of the body that cannot be filled says so in its place, for somebody to be told all the same. Of what
    /// is to change a target nothing is sent then.
    pub says_why: bool,
}

impl Templated {
    /// Reads a text. What can be known before anything happens is found here: each template is filled once from made-up
    /// matter, so that a field that no action has is found before it is missed, and a query that is none before it is asked.
    ///
    /// # Errors
    /// Where it is no template, asks what is no PromQL, or cannot be filled.
    pub fn new(text: &str, features: Features) -> Result<Self, Fault> {
        if !text.contains("{{") {
            return Ok(Self { text: text.to_owned(), template: None, asks: false });
        }
        let template = template::parse(text, &Scope::action())?;
        let asks = template.calls("query");
        let read = Self { text: text.to_owned(), template: Some(template), asks };
        read.tried(features, &[Found { labels: [].into(), value: 1.0 }])?;
        Ok(read)
    }

    /// As it is written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it asks a query, or may.
    pub const fn asks(&self) -> bool {
        self.asks
    }

    /// Why it could not be filled where its queries found nothing.
    pub fn is_lost_on_nothing(&self, features: Features) -> Option<Fault> {
        self.tried(features, &[]).err().filter(|_| self.asks)
    }

    /// What it says, or which query has to be answered first. In an address, nothing that is filled in ends a path or begins a query.
    ///
    /// # Errors
    /// Where it cannot be filled.
    pub fn rendered(&self, filling: Filling<'_>, in_address: bool) -> Result<Rendered, Fault> {
        let Some(template) = &self.template else { return Ok(Rendered::Text(self.text.clone())) };
        let Filling { matter, answers, .. } = filling;
        let given = Given { external_url: &matter.server, in_address, ..Given::default() };
        template::render(template, &matter.value(), &given, answers)
    }

    /// What it says, now that every query of it is answered.
    ///
    /// # Errors
    /// Where it cannot be filled.
    pub fn filled(&self, filling: Filling<'_>, in_address: bool) -> Result<String, Fault> {
        match self.rendered(filling, in_address)? {
            Rendered::Text(text) => Ok(text),
            Rendered::Needs(query) => {
                Err(Fault::new(Extent::all(&self.text), format!("nobody has asked `{query}`")))
            }
        }
    }

    /// Fills it from made-up matter, where each query finds this.
    fn tried(&self, features: Features, found: &[Found]) -> Result<(), Fault> {
        for matter in [Matter::full(), Matter::bare()] {
            let mut answers = Answers::default();
            while let Rendered::Needs(query) =
                self.rendered(Filling { matter: &matter, answers: &answers, says_why: false }, false)?
            {
                let found = is_answered(&query, features).map(|()| found.to_vec());
                answers.add(query, found);
            }
        }
        Ok(())
    }
}

/// Whether a query can be answered at a moment, whatever samples there are; or why it cannot.
fn is_answered(query: &str, features: Features) -> Result<(), String> {
    let plan = promql::parse(query, features).map_err(|fault| format!("it is no PromQL: {fault}"))?;
    match plan.value_type() {
        ValueType::Vector | ValueType::Scalar => Ok(()),
        other @ (ValueType::Matrix | ValueType::String) => {
            Err(format!("it is no instant vector or scalar but a {other}"))
        }
    }
}
