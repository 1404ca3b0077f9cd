//! Requests: what an action has sent, and what is asked to see whether it worked.

use std::sync::Arc;

use crate::decision::{self, Action, Filling, Matter, Method, Verification, Webhook};
use crate::engine::{Engine, Flight};
use crate::responder::{self, Message, Request, Responder, Seal, SigningKey, Stop};
use crate::run::doors::{Door, Doors};
use crate::run::message::{matter, message};
use crate::run::set::InForce;
use crate::unit::{Login, Name};

/// Makes requests of flights, by the rules that are in force.
pub(crate) struct Requests {
    pub(crate) responder: Responder,
    doors: Doors,
    /// Where secrets are.
    in_force: InForce,
}

impl Requests {
    pub(crate) fn new(responder: Responder, in_force: InForce) -> Self {
        Self { responder, doors: Doors::new(in_force.clone()), in_force }
    }

    /// Where people reach this server.
    pub(crate) fn external_url(&self) -> Option<String> {
        self.in_force.now().server.external_url.clone()
    }

    /// What an attempt sends; or why nothing can be sent.
    pub(crate) fn of(&mut self, flight: &Flight, engine: &Engine, stop: Stop) -> Result<Request, String> {
        let (webhook, matter, message) = about(flight, engine, self.external_url().as_deref())?;
        let filling = filling(flight, &matter);
        let body = webhook.filled_body(filling)?.map_or_else(|| message.body(), responder::json);
        let body = body.map_err(|error| error.to_string())?;
        let url = webhook.filled_address(filling)?;
        let signing =
            webhook.sign.iter().map(|name| self.signing_key(name)).collect::<Result<_, String>>()?;
        let seal = webhook.seal.as_ref().map(|seal| self.seal(seal)).transpose()?;
        let Door { login, clients } = self.door(webhook)?;
        let Webhook { method, headers, expect, timeout, .. } = webhook;
        Ok(Request {
            url,
            method: *method,
            headers: headers.clone(),
            body,
            signing,
            seal,
            login,
            client: clients.map(|clients| clients.now()),
            expect: expect.clone(),
            timeout: *timeout,
            key: Some(flight.intention.key.clone()),
            stop,
        })
    }

    /// What is asked to see whether an action worked, through the same door, and what the answer says then; or why nobody
    /// can be asked.
    pub(crate) fn look(
        &mut self,
        flight: &Flight,
        engine: &Engine,
    ) -> Result<(Request, Option<String>), String> {
        let (webhook, matter, _) = about(flight, engine, self.external_url().as_deref())?;
        let Some(Verification::Url(answering)) = &webhook.verify else {
            return Err("its `verify` has no address".to_owned());
        };
        let (url, says) = answering.filled(filling(flight, &matter))?;
        let Door { login, clients } = self.door(webhook)?;
        let request = Request {
            url,
            method: Method::Get,
            headers: webhook.headers.clone(),
            body: Vec::new(),
            signing: Vec::new(),
            seal: None,
            login,
            client: clients.map(|clients| clients.now()),
            expect: answering.expect.clone(),
            timeout: webhook.timeout,
            key: None,
            // To look changes nothing.
            stop: Arc::new(|| None),
        };
        Ok((request, says))
    }

    fn door(&mut self, webhook: &Webhook) -> Result<Door, String> {
        if let Login::OAuth2 { token_url, .. } = &webhook.login {
            self.responder.allow(token_url)?;
        }
        self.doors.of(webhook, &self.responder)
    }

    /// Secrets are read when they are used, so one that was changed is the new one from then on.
    fn signing_key(&self, name: &Name) -> Result<SigningKey, String> {
        SigningKey::parse(&self.in_force.secret(name)?)
            .map_err(|error| format!("the secret `{name}` signs nothing: {error}"))
    }

    fn seal(&self, how: &decision::Seal) -> Result<Seal, String> {
        Ok(Seal { how: how.clone(), key: self.in_force.secret(&how.key)? })
    }
}

/// The webhook of a flight, and what it is about.
fn about<'f>(
    flight: &'f Flight,
    engine: &Engine,
    external_url: Option<&str>,
) -> Result<(&'f Webhook, Matter, Message), String> {
    let action = flight.action.as_deref().ok_or("the rules do not say any more how it is done")?;
    let webhook = action.deed.webhook().ok_or("there is no adapter for it yet")?;
    let cell = engine.cell(flight.intention.decision.cell).ok_or("its gate is not in the rules any more")?;
    let message = message(flight, engine, (cell, external_url));
    Ok((webhook, matter(&message, (cell, external_url), action), message))
}

/// What its texts are filled with, the same for each attempt.
fn filling<'f>(flight: &'f Flight, matter: &'f Matter) -> Filling<'f> {
    let says_why = flight.action.as_deref().is_some_and(Action::says_why);
    Filling { matter, answers: &flight.intention.answers, says_why }
}
