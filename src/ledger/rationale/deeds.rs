//! What was done: each step of a decision's own action, and how every other one about the change ended.

use std::collections::BTreeMap;

use crate::decision::{Aim, Answer, Answers, Course, Edition, Key, Outcome, Page, Refusal, Wish};
use crate::gate::Ending;
use crate::ledger::episode::{Decided, Deed, DeedKind, Episode};
use crate::ledger::rationale::answers::answer_lines;
use crate::unit::{Name, escaped};

/// What was done for a decision.
pub(super) fn own(episode: &Episode, decided: &Decided) -> Vec<String> {
    let own = key(episode, decided);
    let mut lines = Vec::new();
    let mut aim = None;
    for deed in episode.deeds.iter().filter(|deed| own.as_ref() == Some(&deed.key)) {
        let begun = aims(deed);
        aim = begun.or(aim);
        lines.push(escaped(deed_line(deed, aim)));
        lines.extend(begun.map(|aim| escaped(format!("  {}", aim_line(aim)))));
        lines.extend(asked(deed));
    }
    match (&decided.case.wish, decided.ruling.course) {
        _ if !lines.is_empty() => lines,
        (Wish::Do { .. } | Wish::Ask, Course::Ask) => {
            vec!["nothing so far: it is for a person to say".to_owned()]
        }
        (Wish::Do { .. } | Wish::Ask | Wish::Nothing, Course::Act | Course::Ask | Course::Hold) => {
            vec!["nothing".to_owned()]
        }
    }
}

/// What was done for other decisions of the gate on the same change.
pub(super) fn others(episode: &Episode, decided: &Decided) -> Vec<String> {
    let own = key(episode, decided);
    let named: BTreeMap<&Key, &Name> = episode
        .deeds
        .iter()
        .filter_map(|deed| match &deed.what {
            DeedKind::Intended(intention) => Some((&deed.key, &intention.action)),
            DeedKind::Retried { .. }
            | DeedKind::Answered { .. }
            | DeedKind::Closed(..)
            | DeedKind::Refused(_)
            | DeedKind::Said(_) => None,
        })
        .collect();
    let line = |deed: &Deed| {
        let action = named.get(&deed.key)?;
        let what = match &deed.what {
            DeedKind::Intended(intention) => match intention.page {
                None if intention.key.gives_back() => {
                    "begun: git has moved past what was taken back, so what keeps its object is given back"
                        .to_owned()
                }
                None => "begun".to_owned(),
                Some(Page::Reapplied) => {
                    "begun: somebody is called, as what was taken back runs again".to_owned()
                }
                Some(Page::Held) => "begun: somebody is called, as something is held".to_owned(),
                Some(Page::Ended(outcome)) => {
                    format!("begun: somebody is called, as something ended {}", outcome.word())
                }
                Some(Page::Unrecovered) => {
                    "begun: somebody is called, as things were not seen to be well again".to_owned()
                }
            },
            DeedKind::Closed(outcome, why) => format!("{}: {why}", outcome_words(*outcome)),
            DeedKind::Retried { .. }
            | DeedKind::Answered { .. }
            | DeedKind::Refused(_)
            | DeedKind::Said(_) => {
                return None;
            }
        };
        let told = escaped(format!("{}  [{action}] {what}", deed.at));
        Some(std::iter::once(told).chain(asked(deed)))
    };
    let others = episode.deeds.iter().filter(|deed| own.as_ref() != Some(&deed.key));
    others.filter_map(line).flatten().collect()
}

/// Since when the gate watches no longer.
pub(super) fn ended(episode: &Episode) -> Vec<String> {
    let ended = episode.ended.map(|(at, why)| {
        let why = match why {
            Ending::Verdict => "its verdict is final",
            Ending::TimeUp => "its time was up",
            Ending::Superseded => "another change took the place of this one",
            Ending::NeverBegan => "what it waited for did not come",
            Ending::Unheard => "the source was not heard in time",
            Ending::ActedOn => "the change was taken back",
            Ending::Withdrawn => "the rules say otherwise now",
            Ending::Resolved => "the alert is resolved",
        };
        format!("{at}  stopped watching: {why}")
    });
    ended.into_iter().collect()
}

/// The key of what a decision led to, or may lead to once somebody agrees.
fn key(episode: &Episode, decided: &Decided) -> Option<Key> {
    match (&decided.case.wish, &episode.change) {
        (Wish::Do { action, .. }, Some(change)) if decided.ruling.course != Course::Hold => {
            Some(Key::of(&change.id, &change.target, action))
        }
        (Wish::Do { .. } | Wish::Ask | Wish::Nothing, _) => None,
    }
}

/// What is done to an object from a deed on; nothing where that stays, or nothing is.
fn aims(deed: &Deed) -> Option<&Aim> {
    match &deed.what {
        DeedKind::Intended(intention) => intention.aim.as_deref(),
        DeedKind::Retried { aim, .. } => aim.as_deref(),
        DeedKind::Answered { .. } | DeedKind::Closed(..) | DeedKind::Refused(_) | DeedKind::Said(_) => None,
    }
}

/// What was found out with a deed that its texts ask.
fn asked(deed: &Deed) -> Vec<String> {
    let answers: Option<&Answers> = match &deed.what {
        DeedKind::Intended(intention) => Some(&intention.answers),
        DeedKind::Retried { answers, .. } => Some(answers),
        DeedKind::Answered { .. } | DeedKind::Closed(..) | DeedKind::Refused(_) | DeedKind::Said(_) => None,
    };
    answers.into_iter().flat_map(answer_lines).map(|line| escaped(format!("  {line}"))).collect()
}

/// What is done to an object: which, what it ran, what it is to run, and the steps that lead there.
fn aim_line(aim: &Aim) -> String {
    let steps: Vec<&str> = aim.steps.iter().map(|step| step.word()).collect();
    let to = aim.to.as_ref().map(|to| format!(" to {}", edition_words(to))).unwrap_or_default();
    format!("on {}, from {}{to}: {}", aim.object, edition_words(&aim.from), steps.join(", "))
}

fn edition_words(edition: &Edition) -> String {
    let images = edition.images.join(", ");
    if edition.revision.is_empty() { images } else { format!("{images} (revision {})", edition.revision) }
}

fn deed_line(deed: &Deed, aim: Option<&Aim>) -> String {
    let step = |step: u8| {
        let name = aim.and_then(|aim| aim.steps.get(usize::from(step)));
        name.map(|name| format!(", {}", name.word())).unwrap_or_default()
    };
    let what = match &deed.what {
        DeedKind::Intended(intention) => {
            format!("written down as {}: {}, attempt 1{}", deed.key, intention.action, step(0))
        }
        DeedKind::Retried { attempt, step: nth, .. } if *attempt == 1 => {
            format!("written down: attempt {attempt}{}", step(*nth))
        }
        DeedKind::Retried { attempt, step: nth, .. } => {
            format!("written down again: attempt {attempt}{}", step(*nth))
        }
        DeedKind::Answered { attempt, step: nth, answer } => {
            format!("attempt {attempt}{}: {}", step(*nth), answer_words(answer))
        }
        DeedKind::Closed(outcome, why) => format!("{}: {why}", outcome_words(*outcome)),
        DeedKind::Refused(why @ Refusal::Meanwhile(_)) => format!("not done after all: {why}"),
        DeedKind::Refused(why) => format!("refused by the ledger: {why}"),
        DeedKind::Said(said) => {
            let why = if said.why.is_empty() { String::new() } else { format!(": {}", said.why) };
            let says = if said.agrees { "agreed" } else { "said no" };
            format!("{} {says}{why}", said.by)
        }
    };
    format!("{}  {what}", deed.at)
}

fn answer_words(answer: &Answer) -> String {
    let said = |excerpt: &str| if excerpt.is_empty() { String::new() } else { format!(": {excerpt}") };
    match answer {
        Answer::Accepted { status, excerpt } => format!("taken with {status}{}", said(excerpt)),
        Answer::Rejected { status, excerpt, .. } => format!("not taken, {status}{}", said(excerpt)),
        Answer::Unsent { why } => format!("not sent: {why}"),
        Answer::Lost { why } => format!("sent, and nobody knows what came of it: {why}"),
        Answer::Overtaken { why } => format!("nothing done, it is not as it was: {why}"),
    }
}

const fn outcome_words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Taken => "done",
        Outcome::Verified => "verified",
        Outcome::Unverified => "not verified, a person has to look",
        Outcome::Failed => "failed, a person has to look",
        Outcome::Expired => "given up",
    }
}
