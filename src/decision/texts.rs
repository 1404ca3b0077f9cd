//! The texts of a webhook, and what they ask before they can be filled.

use crate::decision::action::{Action, Answering, Body, BodyValue, Verification, Webhook};
use crate::decision::body::fill;
use crate::decision::templated::{Filling, Templated};
use crate::template::Rendered;
use crate::unit::Fault;

/// Where a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    Address,
    Body,
    AddressOfVerify,
    Says,
}

impl Action {
    /// Whether it is sent though a text of it has no answer: people are told all the same, where it is known where they are. Of
    /// what is to change a target nothing is sent with a hole in it.
    pub fn says_why(&self) -> bool {
        let has_address = self.deed.webhook().is_some_and(|webhook| !webhook.url.asks());
        has_address && !self.kind.changes_target()
    }
}

impl Webhook {
    /// Whether a text of it asks a query, or may.
    pub fn asks(&self) -> bool {
        self.texts().iter().any(|(_, text)| text.asks())
    }

    /// The next query that has to be answered before its texts can be filled; nothing where they can.
    ///
    /// # Errors
    /// Where a text that asks cannot be filled, in words.
    pub fn needs(&self, filling: Filling<'_>) -> Result<Option<String>, String> {
        for (stands, text) in self.texts().into_iter().filter(|(_, text)| text.asks()) {
            match text.rendered(filling, stands.in_address()) {
                Ok(Rendered::Needs(query)) => return Ok(Some(query)),
                Ok(Rendered::Text(_)) => {}
                Err(_) if filling.says_why => {}
                Err(fault) => return Err(stands.unfilled(&fault)),
            }
        }
        Ok(None)
    }

    /// Its address.
    ///
    /// # Errors
    /// Where it cannot be filled, in words.
    pub fn filled_address(&self, filling: Filling<'_>) -> Result<String, String> {
        Stands::Address.filled(&self.url, filling)
    }

    /// What it says, where its rule says that.
    ///
    /// # Errors
    /// Where it cannot be filled, in words.
    pub fn filled_body(&self, filling: Filling<'_>) -> Result<Option<Body<String>>, String> {
        let body = self.body.as_ref().map(|body| fill(body, filling)).transpose();
        body.map_err(|fault| Stands::Body.unfilled(&fault))
    }

    fn texts(&self) -> Vec<(Stands, &Templated)> {
        let mut texts = vec![(Stands::Address, &self.url)];
        if let Some(Body(body)) = &self.body {
            texts.extend(body.values().flat_map(leaves).map(|text| (Stands::Body, text)));
        }
        if let Some(Verification::Url(answering)) = &self.verify {
            texts.push((Stands::AddressOfVerify, &answering.url));
            texts.extend(answering.says.iter().map(|says| (Stands::Says, says)));
        }
        texts
    }
}

impl Answering {
    /// Its address, and what it should say.
    ///
    /// # Errors
    /// Where one of them cannot be filled, in words.
    pub fn filled(&self, filling: Filling<'_>) -> Result<(String, Option<String>), String> {
        let says = self.says.as_ref().map(|says| Stands::Says.filled(says, filling)).transpose();
        Ok((Stands::AddressOfVerify.filled(&self.url, filling)?, says?))
    }
}

impl Stands {
    fn filled(self, text: &Templated, filling: Filling<'_>) -> Result<String, String> {
        text.filled(filling, self.in_address()).map_err(|fault| self.unfilled(&fault))
    }

    fn unfilled(self, fault: &Fault) -> String {
        format!("{} cannot be filled: {fault}", self.words())
    }

    const fn in_address(self) -> bool {
        matches!(self, Self::Address | Self::AddressOfVerify)
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Address => "its address",
            Self::Body => "its body",
            Self::AddressOfVerify => "the address of its `verify`",
            Self::Says => "what its `verify` should say",
        }
    }
}

fn leaves(value: &BodyValue) -> Vec<&Templated> {
    match value {
        BodyValue::Text(text) => vec![text],
        BodyValue::List(values) => values.iter().flat_map(leaves).collect(),
        BodyValue::Map(values) => values.values().flat_map(leaves).collect(),
        BodyValue::Null | BodyValue::Bool(_) | BodyValue::Whole(_) | BodyValue::Number(_) => Vec::new(),
    }
}
