//! What a webhook is about: the message of an intention, and what a rule's own texts are filled from.

use crate::decision::{Action, Course, Held, Matter, Page, Wish};
use crate::engine::{Cell, Engine, Flight, Grounds};
use crate::responder::{Call, Event, Message};
use crate::unit::Confidence;

/// What is said of an intention, behind this address of the server.
pub(crate) fn message(flight: &Flight, engine: &Engine, (cell, url): (&Cell, Option<&str>)) -> Message {
    let (intention, change, standing) = (&flight.intention, &cell.change, &flight.grounds.standing);
    let release = &flight.grounds.release;
    let watch = &engine.program().watches[cell.watch];
    let gate = watch.gate.name.clone();
    // Which of several alerts fires may change from one attempt to the next, and what is said does not.
    let (verdict, says) = if watch.asks() {
        ("alert".to_owned(), "was asked for by an alert".to_owned())
    } else {
        (standing.verdict.word().to_owned(), format!("says {}", standing.verdict))
    };
    // What is surer than a float can say is still not certain.
    let confidence = Confidence::new(release.confidence().min(1.0 - f64::EPSILON / 2.0)).ok();
    let sure = confidence.map(|sure| format!(" with confidence {:.4}", sure.share())).unwrap_or_default();
    let (event, call) = called(flight, engine);
    let begins = match (&call, event) {
        (None, _) => format!("{} {}", intention.kind.verb(), intention.target),
        (Some(call), Event::ApprovalRequested) => {
            format!("may backstop {} {}? [{}]", call.kind.verb(), intention.target, call.action)
        }
        (Some(call), Event::ActionFailed) => {
            let outcome = call.outcome.unwrap_or_default();
            format!("a person has to look at {}: {} ended {outcome}", intention.target, call.action)
        }
        (Some(call), Event::ActionUnrecovered) => {
            let target = &intention.target;
            format!(
                "a person has to look at {target}: {} took it back, and things were not seen to be well in time",
                call.action
            )
        }
        (Some(call), Event::ActionHeld | Event::ActionRequested) => {
            format!("{} of {} is held back", call.action, intention.target)
        }
    };
    let holds = call.iter().flat_map(|call| &call.holds).map(|(_, why, _)| why.as_str());
    let holds: Vec<&str> = holds.collect();
    let holds = if holds.is_empty() { String::new() } else { format!("; {}", holds.join("; ")) };
    let headline =
        format!("{begins}: gate {gate} {says}{sure} about {} {}{holds}", change.kind.word(), change.version);
    Message {
        event,
        at: intention.at,
        key: intention.key.clone(),
        decision: intention.decision,
        action: intention.action.clone(),
        kind: intention.kind,
        target: intention.target.clone(),
        change: change.id.clone(),
        version: change.version.clone(),
        previous: change.previous.clone(),
        gate,
        verdict,
        confidence,
        headline,
        url: url.map(|url| format!("{url}/v1/decisions/{}", intention.decision)),
        call,
    }
}

/// What somebody is called for, where it is not the intention's own action that is told of.
fn called(flight: &Flight, engine: &Engine) -> (Event, Option<Call>) {
    let Grounds { wish, ruling, .. } = &flight.grounds;
    let (Some(page), Wish::Do { action, kind, .. }) = (flight.intention.page, wish) else {
        return (Event::ActionRequested, None);
    };
    let held = |held: &Held| (held.word(), held.to_string(), held.lift());
    let mut call =
        Call { action: action.clone(), kind: *kind, holds: Vec::new(), outcome: None, until: None };
    match page {
        Page::Ended(outcome) => {
            call.outcome = Some(outcome.word());
            (Event::ActionFailed, Some(call))
        }
        Page::Reapplied => {
            call.outcome = Some("reapplied");
            (Event::ActionFailed, Some(call))
        }
        Page::Unrecovered => {
            call.outcome = Some("unrecovered");
            (Event::ActionUnrecovered, Some(call))
        }
        Page::Held => {
            call.holds = ruling.spoke.iter().map(held).collect();
            let can_agree =
                ruling.course == Course::Ask && ruling.spoke.iter().all(|held| held.people().is_some());
            if can_agree {
                call.until = Some(flight.intention.at.plus(engine.program().approve_within));
            }
            (if can_agree { Event::ApprovalRequested } else { Event::ActionHeld }, Some(call))
        }
    }
}

/// What the texts of an action are filled from: what the fixed body says, and what its rule says of it.
pub(crate) fn matter(message: &Message, (cell, url): (&Cell, Option<&str>), action: &Action) -> Matter {
    let target = message.target.clone();
    Matter {
        service: target.service,
        environment: target.environment.unwrap_or_default(),
        cluster: target.cluster.unwrap_or_default(),
        change: message.change.0.clone(),
        change_kind: cell.change.kind.word().to_owned(),
        version: message.version.clone(),
        previous: message.previous.clone().unwrap_or_default(),
        action: message.action.to_string(),
        kind: message.kind.to_string(),
        gate: message.gate.to_string(),
        verdict: message.verdict.clone(),
        confidence: message.confidence.map(Confidence::share),
        key: message.key.0.clone(),
        runbook: action.runbook.clone().unwrap_or_default(),
        owner: action.owner.clone().unwrap_or_default(),
        decision: message.decision.to_string(),
        headline: message.headline.clone(),
        url: message.url.clone().unwrap_or_default(),
        event: message.event.word().to_owned(),
        wanted: message.call.as_ref().map(|call| call.action.to_string()).unwrap_or_default(),
        holds: message.call.iter().flat_map(|call| call.holds.iter().cloned().map(texts)).collect(),
        outcome: message.call.as_ref().and_then(|call| call.outcome).unwrap_or_default().to_owned(),
        server: url.unwrap_or_default().to_owned(),
    }
}

fn texts((word, why, lift): (&'static str, String, String)) -> (String, String, String) {
    (word.to_owned(), why, lift)
}
