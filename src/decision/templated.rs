//! Texts of actions, which may be templates.

use crate::decision::matter::Matter;
use crate::promql::{self, Features, ValueType};
use crate::template::{self, Answers, Found, Given, MOST_QUERIES, Operand, Rendered, Scope, Template, Term};
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
        read.tries(features)?;
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
        match self.tried(features, &[]) {
            Tried::Lost(fault) => Some(fault),
            Tried::Filled | Tried::Wrong(_) => None,
        }
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
                let why = if filling.answers.0.len() < MOST_QUERIES {
                    format!("`{query}` was not asked in time")
                } else {
                    format!(
                        "`{query}` was not asked: {MOST_QUERIES} queries are the most, of all texts together"
                    )
                };
                Err(Fault::new(Extent::all(&self.text), why))
            }
        }
    }

    /// Fills it from made-up matter. What a query finds cannot be known before it is asked: here each finds several values, and
    /// every label that the text names is a number and a duration.
    fn tries(&self, features: Features) -> Result<(), Fault> {
        self.asks_promql(features)?;
        let labels = self.names().into_iter().map(|name| (name, "0".to_owned())).collect();
        match self.tried(features, &vec![Found { labels, value: 1.0 }; SEVERAL]) {
            Tried::Filled => Ok(()),
            Tried::Lost(fault) | Tried::Wrong(fault) => Err(fault),
        }
    }

    /// Whether each query that stands there in so many words can be answered, whatever would have to hold for it to be asked.
    fn asks_promql(&self, features: Features) -> Result<(), Fault> {
        let operands = self.template.iter().flat_map(Template::operands).collect::<Vec<_>>();
        for pair in operands.windows(2) {
            let [
                Operand { term: Term::Function(name), extent },
                Operand { term: Term::String(query), extent: at },
            ] = pair
            else {
                continue;
            };
            let between = Extent::new(extent.end, at.start).of(&self.text);
            if name == "query" && !between.is_empty() && between.trim().is_empty() {
                let query = String::from_utf8_lossy(query);
                is_answered(&query, features)
                    .map_err(|why| Fault::new(*at, format!("the query `{query}` has no answer: {why}")))?;
            }
        }
        Ok(())
    }

    /// Every name by which it may ask for a label.
    fn names(&self) -> Vec<String> {
        let Some(template) = &self.template else { return Vec::new() };
        let fields = template.fields().into_iter().flat_map(|access| access.fields);
        let texts = template.operands().into_iter().filter_map(|operand| {
            let Term::String(bytes) = &operand.term else { return None };
            Some(String::from_utf8_lossy(bytes).into_owned())
        });
        fields.map(|name| name.text.clone()).chain(texts).collect()
    }

    /// Fills it from made-up matter, where each query finds this.
    fn tried(&self, features: Features, found: &[Found]) -> Tried {
        for matter in [Matter::full(), Matter::bare()] {
            let (mut answers, mut is_wrong) = (Answers::default(), true);
            loop {
                let filling = Filling { matter: &matter, answers: &answers, says_why: false };
                match self.rendered(filling, false) {
                    Ok(Rendered::Text(_)) => break,
                    Ok(Rendered::Needs(query)) => {
                        let answer = is_answered(&query, features).map(|()| found.to_vec());
                        is_wrong = answer.is_err();
                        answers.add(query, answer);
                    }
                    Err(fault) if is_wrong => return Tried::Wrong(fault),
                    Err(fault) => return Tried::Lost(fault),
                }
            }
        }
        Tried::Filled
    }
}

/// How many values a made-up query finds.
const SEVERAL: usize = 20;

/// What came of filling a text from made-up matter.
enum Tried {
    Filled,
    /// It cannot be filled where its queries find this.
    Lost(Fault),
    /// It cannot be filled whatever they find.
    Wrong(Fault),
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
