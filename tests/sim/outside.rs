//! Everybody outside of backstop: a receiver, which is a witness that believes nobody, and whatever lets a process die.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::{Arc, RwLock};

use backstop::decision::{Answer, Answers, Intention, Key, Kind, Outcome, Page, Refusal};
use backstop::engine::{Effect, Engine, Event, Flight, Notice};
use backstop::ledger::Record;
use backstop::run::counting::{Counted, Counting};
use backstop::run::research::Research;
use backstop::run::world::{Met, World};
use backstop::signal::{Change, Deaf, Provenance};
use backstop::store::Store;
use backstop::unit::{Span, UnixMillis};

use crate::Planted;
use crate::plan::{Dies, Gap, MINUTE, Manner, Plan, SECOND, Step};
use crate::rules::{NOTIFY, PAUSE, ROLLBACK, SERVICES, asks};
use crate::tail::Tail;
use crate::town::{CANARY, SCRAPE};

/// How long backstop waits for an answer.
const TIMEOUT: i64 = 10 * SECOND;

/// Until when everything is refused, where that is planted.
pub(crate) const REFUSED: i64 = 40 * MINUTE;

/// In one half minute of so many, what is asked takes long to count.
const SLOW: i64 = 13;

/// In three half minutes of so many, what texts ask takes longer than anybody waits, takes a while, or has no answer.
const INQUIRED: i64 = 7;

/// A request that came in.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) key: Key,
    pub(crate) intention: Intention,
    pub(crate) service: usize,
    /// When it came in truth.
    pub(crate) came: i64,
}

/// Something that was done.
#[derive(Debug, Clone)]
pub(crate) struct Done {
    pub(crate) kind: Kind,
    pub(crate) change: String,
    pub(crate) service: usize,
}

/// Everybody outside.
pub(crate) struct Outside {
    pub(crate) tail: Tail,
    pub(crate) plan: Plan,
    pub(crate) planted: Planted,
    /// When it is in truth.
    pub(crate) at: i64,
    /// Which process it is: answers to another one are lost.
    pub(crate) process: u32,
    pub(crate) dies: Option<Dies>,
    pub(crate) manners: [Manner; SERVICES],
    pub(crate) requests: Vec<Request>,
    /// What was done, by its key: a repetition does nothing.
    pub(crate) done: BTreeMap<Key, Done>,
    /// What the receiver is about to do.
    doing: Vec<(i64, Key, Done)>,
    answers: Vec<(i64, u32, Event)>,
    /// What each effect said that went out, by its key.
    said: BTreeMap<Key, Answers>,
    /// What is counted elsewhere, and for which process.
    counting: Vec<(u32, i64, Counting)>,
    pub(crate) faults: Vec<String>,
    pub(crate) deaths: u64,
    pub(crate) verified: u64,
    pub(crate) verified_in_vain: u64,
    /// Looks that were counted for too long.
    pub(crate) cut: u64,
    pub(crate) verbose: bool,
}

impl Outside {
    pub(crate) fn new(tail: Tail, plan: Plan, planted: Planted, verbose: bool) -> Self {
        Self {
            tail,
            plan,
            planted,
            at: 0,
            process: 0,
            dies: None,
            manners: [Manner::Takes; SERVICES],
            requests: Vec::new(),
            done: BTreeMap::new(),
            doing: Vec::new(),
            answers: Vec::new(),
            said: BTreeMap::new(),
            counting: Vec::new(),
            faults: Vec::new(),
            deaths: 0,
            verified: 0,
            verified_in_vain: 0,
            cut: 0,
            verbose,
        }
    }

    /// The answers that come in now; those to a process that died are lost.
    pub(crate) fn answers(&mut self) -> Vec<Event> {
        let (at, process) = (self.at, self.process);
        let due = self.answers.extract_if(.., |(due, ..)| *due <= at);
        due.filter(|(_, asked, _)| *asked == process).map(|(.., event)| event).collect()
    }

    /// What the receiver does now.
    pub(crate) fn do_now(&mut self) -> Vec<Done> {
        let at = self.at;
        let due: Vec<_> = self.doing.extract_if(.., |(due, ..)| *due <= at).collect();
        let mut done = Vec::new();
        for (_, key, what) in due {
            // What it has seen before it does not do again.
            if let Entry::Vacant(place) = self.done.entry(key) {
                done.push(place.insert(what).clone());
            }
        }
        done
    }

    pub(crate) fn fault(&mut self, text: &str) {
        self.faults.push(format!("at {}s {text}", self.at / SECOND));
    }

    /// What has to hold before anything goes out.
    fn may_go_out(&mut self, key: &Key, intention: &Intention, attempt: u32, now: UnixMillis) {
        self.tail.read();
        let mut wrong = Vec::new();
        if !self.tail.held.contains(&(key.clone(), attempt)) {
            wrong.push(format!(
                "journal: attempt {attempt} of {key} goes out, and the ledger does not hold it"
            ));
        }
        if self.tail.closed.contains_key(key) {
            wrong.push(format!("close: {key} goes out, and is closed"));
        }
        if intention.expires < now {
            wrong.push(format!("age: {key} goes out at {now}, and expired at {}", intention.expires));
        }
        if self.tail.off {
            wrong.push(format!("switch: {key} goes out, and automation is switched off"));
        }
        let rungs = [(Kind::Notify, NOTIFY), (Kind::Pause, PAUSE), (Kind::Rollback, ROLLBACK)];
        let confidence = rungs.into_iter().find(|(kind, _)| *kind == intention.kind).unwrap().1;
        match (intention.page, self.tail.rests_on(intention.decision, confidence)) {
            (None, Some((true, failed))) if failed || !intention.kind.changes_target() => {}
            // A call is about what was held, or about what was done.
            (Some(page), Some(_))
                if self.tail.acts_on(intention.decision)
                    == matches!(page, Page::Ended(_) | Page::Unrecovered) => {}
            (page, other) => {
                wrong.push(format!("verdict: {key} goes out on {other:?}, to call for {page:?}"));
            }
        }
        let (answers, rollout) = (&intention.answers, self.plan.rollout(&intention.change.0));
        if self.tail.answers.get(key).cloned().unwrap_or_default() != *answers {
            wrong.push(format!("texts: {key} goes out saying what the ledger does not: {answers:?}"));
        }
        if self.said.get(key).is_some_and(|said| said != answers) {
            wrong.push(format!("texts: {key} goes out again, saying something else: {answers:?}"));
        }
        let asks =
            intention.kind == Kind::Notify || intention.kind == Kind::Rollback && asks(rollout.service);
        let is_whole = intention.kind == Kind::Notify || answers.0.values().all(Result::is_ok);
        let is_lacking = answers.is_empty() && intention.kind != Kind::Notify;
        if !asks && !answers.is_empty() || asks && (is_lacking || !is_whole) {
            wrong.push(format!("texts: {key} goes out with {answers:?}"));
        }
        self.said.insert(key.clone(), answers.clone());
        if intention.kind.changes_target() && (rollout.again || !rollout.attested) {
            wrong.push(format!("guard: {key} goes out about {rollout:?}"));
        }
        for text in wrong {
            self.fault(&text);
        }
    }

    fn receive(&mut self, request: &Request, attempt: u32) {
        let Request { key, intention, service, .. } = request;
        let (at, manner) = (self.at, self.manners[*service]);
        let accepted = || Answer::Accepted { status: 200, excerpt: String::new() };
        let rejected = |status, wait: Option<u64>| Answer::Rejected {
            status,
            excerpt: String::new(),
            retry_after: wait.map(Span::from_secs),
        };
        let lost = || Answer::Lost { why: "no answer in time".to_owned() };
        let (answered, answer, does) = match manner {
            Manner::Takes => (at, accepted(), Some(at)),
            Manner::Slow(span) if span <= TIMEOUT => (at + span, accepted(), Some(at + span)),
            Manner::Slow(span) => (at + TIMEOUT, lost(), Some(at + span)),
            Manner::Down => (at, Answer::Unsent { why: "no connection".to_owned() }, None),
            Manner::Broken => (at, rejected(500, None), None),
            Manner::Busy(wait) => (at, rejected(429, Some(wait)), None),
            Manner::Loses => (at + TIMEOUT, lost(), Some(at)),
            Manner::Drops => (at + TIMEOUT, lost(), None),
        };
        if let Some(due) = does {
            let done = Done { kind: intention.kind, change: intention.change.0.clone(), service: *service };
            self.doing.push((due, key.clone(), done));
        }
        let event = Event::Answered { key: intention.key.clone(), attempt, answer };
        self.answers.push((answered, self.process, event));
        if manner != Manner::Down {
            self.requests.push(request.clone());
        }
    }
}

impl World for Outside {
    fn meet(&mut self, effect: Effect) -> Met {
        let dies = match self.dies {
            None => false,
            Some(Dies::After(0)) => true,
            Some(Dies::After(left)) => {
                self.dies = Some(Dies::After(left - 1));
                false
            }
            Some(Dies::Before(step)) => step_of(&effect) == Some(step),
        };
        if dies {
            self.dies = None;
            self.deaths += 1;
            if self.verbose {
                println!("{:>6}s dies before {effect:?}", self.at / SECOND);
            }
            return Met::Died;
        }
        match (self.planted, effect) {
            (Planted::NoJournal, Effect::Intend(intention)) => {
                Met::Answer(vec![Event::Journaled { key: intention.key, attempt: 1 }])
            }
            (Planted::Mumbles, Effect::Intend(intention)) => {
                let mute = Intention { answers: Answers::default(), ..intention };
                Met::Perform(Box::new(Effect::Intend(mute)))
            }
            (Planted::Refuses, Effect::Intend(intention)) if self.at < REFUSED => {
                let why = Refusal::SwitchedOff("the simulator says so".to_owned());
                Met::Answer(vec![Event::Refused { key: intention.key, why }])
            }
            (_, effect) => Met::Perform(Box::new(effect)),
        }
    }

    fn send(&mut self, flight: &Flight, _: &Engine, attempt: u32, now: UnixMillis) {
        let intention = flight.intention.clone();
        let key = match (self.planted, attempt) {
            (Planted::NewKey, 2..) => Key(format!("{}-{attempt}", intention.key)),
            _ => intention.key.clone(),
        };
        self.may_go_out(&key, &intention, attempt, now);
        let service = self.plan.rollout(&intention.change.0).service;
        let request = Request { key, intention, service, came: self.at };
        self.receive(&request, attempt);
    }

    fn inquire(&mut self, research: Research, sent: &Arc<RwLock<Store>>) -> Option<Event> {
        let (slow, event) = match self.at / (30 * SECOND) % INQUIRED {
            0 => (20 * SECOND, research.done_by(sent)),
            1 => (4 * SECOND, research.done_by(sent)),
            2 => (SECOND, research.without("nobody answers")),
            _ => return Some(research.done_by(sent)),
        };
        self.answers.push((self.at + slow, self.process, event));
        None
    }

    fn count(&mut self, counting: Counting) -> Option<Counted> {
        if !self.plan.elsewhere {
            return Some(counting.counted());
        }
        // Some take longer than until the next look.
        let takes = if self.at / (30 * SECOND) % SLOW == 0 { 2 * MINUTE } else { 0 };
        self.counting.push((self.process, self.at + takes, counting));
        None
    }

    fn timed(&mut self, _: Span, cut: Option<Deaf>) {
        self.cut += u64::from(cut == Some(Deaf::Uncounted));
    }

    /// The last is there first.
    fn counted(&mut self) -> Vec<Counted> {
        let all = std::mem::take(&mut self.counting).into_iter();
        let (done, rest): (Vec<_>, Vec<_>) = all.partition(|(_, at, _)| *at <= self.at);
        self.counting = rest;
        let own = done.into_iter().rev().filter(|(process, ..)| *process == self.process);
        own.map(|(_, _, counting)| counting.counted()).collect()
    }

    fn tell(&mut self, notice: &Notice, engine: &Engine) {
        if self.verbose && !matches!(notice, Notice::Looked(..)) {
            println!("{:>6}s {notice:?}", self.at / SECOND);
        }
        let Notice::Closed(key, Outcome::Verified, _) = notice else { return };
        self.verified += 1;
        let intention = engine.past().intention(key).cloned();
        if let Some(intention) =
            intention.filter(|_| !self.done.contains_key(key) && self.planted == Planted::Nothing)
        {
            self.verified_in_vain += 1;
            // Of a canary that is there, and of which everything is heard, nobody can have seen that it is gone.
            let rollout = self.plan.rollout(&intention.change.0);
            let gap = |gap: &Gap| {
                gap.service == rollout.service
                    && gap.canary != Some(false)
                    && gap.from <= self.at
                    && self.at < gap.to + SCRAPE
            };
            if self.at < rollout.at + CANARY && !self.plan.gaps.iter().any(gap) {
                self.fault(&format!("verified: {key} was seen to have worked, and was never done"));
            }
        }
    }
}

fn step_of(effect: &Effect) -> Option<Step> {
    match effect {
        Effect::Intend(_) => Some(Step::Intend),
        Effect::Retry { .. } => Some(Step::Retry),
        Effect::Send { .. } => Some(Step::Send),
        Effect::Verify { .. } => Some(Step::Verify),
        Effect::Close { .. } => Some(Step::Close),
        Effect::Tell(Notice::Looked(..)) => None,
        Effect::Tell(_) => Some(Step::Tell),
        Effect::Write(_, Record::Answered { .. }) => Some(Step::Answered),
        Effect::Write(_, Record::Decided { .. }) => Some(Step::Decided),
        Effect::Write(_, Record::Ended { .. }) => Some(Step::Ended),
        Effect::Write(..)
        | Effect::Ask(_)
        | Effect::Survey { .. }
        | Effect::Inquire(_)
        | Effect::Refuse { .. }
        | Effect::Switch { .. } => None,
    }
}

/// A release, as whoever ships it tells of it.
pub(crate) fn change(rollout: &crate::plan::Rollout, beginning: UnixMillis) -> Change {
    use backstop::signal::{ChangeId, ChangeKind, TargetKey};
    let kind =
        if crate::rules::DEPLOYED <= rollout.service { ChangeKind::Deployment } else { ChangeKind::Canary };
    Change {
        id: ChangeId(rollout.id.clone()),
        kind,
        target: TargetKey {
            service: format!("s{}", rollout.service),
            environment: Some("production".to_owned()),
            cluster: None,
        },
        version: rollout.version.clone(),
        previous: Some("0.9.0".to_owned()),
        at: UnixMillis::new(beginning.millis() + rollout.at),
        author: None,
        git_sha: None,
        link: None,
        intent: None,
        risk: None,
        irreversible: false,
        weight: None,
        provenance: if rollout.attested { Provenance::Authenticated } else { Provenance::Unauthenticated },
        told_by: None,
    }
}
