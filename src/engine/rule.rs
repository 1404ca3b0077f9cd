//! From a standing to a ruling: which occasion it is, what the policy wants then, and what every fact says to that.

use std::collections::BTreeSet;

use crate::decision::{
    Action, Answers, Authorship, Budget, Case, CellId, Claim, Course, DecisionId, Frozen, Intention, Key,
    Kind, Limits, Occasion, Ruling, Scope, Sight, Weak, Wish, decide,
};
use crate::engine::cell::Cell;
use crate::engine::event::{Effect, Notice};
use crate::engine::flight::{EXPIRES, Grounds};
use crate::engine::program::{Errand, Watch};
use crate::engine::step::Engine;
use crate::gate::{Comparison, Early, Release, Standing, Verdict};
use crate::ledger::Record;
use crate::signal::Change;
use crate::unit::{Confidence, Span, UnixMillis};

impl Engine {
    /// Decides on where a cell stands, if there is anything to decide, and nothing that was decided on like facts.
    pub(super) fn rule(&mut self, id: CellId, now: UnixMillis) -> Vec<Effect> {
        let Some(cell) = self.cells.get(&id) else { return Vec::new() };
        let watch = &self.program.watches[cell.watch];
        let first_release = self.past.is_first(&cell.change);
        let release = self.release(cell);
        let is_done = |errand: &Errand| errand.key(&cell.change).is_some_and(|key| self.past.knows(&key));
        let reached = match &watch.errands.alerted {
            // What is resolved asks for nothing.
            Some(errand) => self.incidents.alarm(id).map(|_| (Occasion::Alerted, errand)),
            None => occasion((cell, watch), (&release, first_release, self.waits(cell)), is_done, now),
        };
        let Some((occasion, errand)) = reached else { return Vec::new() };
        let errand = errand.clone();
        let key = errand.key(&cell.change);
        if key.as_ref().is_some_and(|key| self.past.knows(key)) {
            return Vec::new();
        }
        if errand.disturbs() && self.awaits_others(cell, now) {
            self.wait_for_others(id);
            return Vec::new();
        }
        if let Some(effects) = self.survey(id, &errand, now) {
            return effects;
        }
        let Some(cell) = self.cells.get(&id) else { return Vec::new() };
        let mut case = self.facts(cell, (&occasion, &errand), (release, now));
        if occasion == Occasion::Pass && case.sight.as_ref().and_then(Sight::going_on).is_some() {
            case.wish = Wish::Nothing;
        }
        let ruling = decide(&case);
        let within = self.program.approve_within;
        let aim = case.sight.as_ref().and_then(Sight::aim).cloned().map(Box::new);
        let Some(cell) = self.cells.get_mut(&id) else { return Vec::new() };
        let late = key.as_ref().is_some_and(|key| cell.asked_too_long_ago(key, within, now));
        if !late && !changes_what_was_ruled(cell, &occasion, &ruling) {
            return Vec::new();
        }
        let change = std::sync::Arc::clone(&cell.change);
        let (standing, wish) = (cell.standing(), case.wish.clone());
        let grounds = Grounds { standing, release, wish, ruling: ruling.clone() };
        let written = self.program.watches[cell.watch].written.clone();
        let (decision, mut effects) = record(cell, occasion, (case, ruling), written);
        if let (Wish::Nothing, Some(key)) = (&grounds.wish, &key) {
            cell.asks.remove(key);
        }
        let (Errand::Do(action), Some(key), Wish::Do { .. }) = (errand, key, &grounds.wish) else {
            return effects;
        };
        cell.ruled_on(key.clone(), &grounds.ruling, (decision, now));
        if grounds.ruling.course == Course::Act {
            let intention = Intention {
                key: key.clone(),
                decision,
                action: action.name.clone(),
                kind: action.kind,
                change: change.id.clone(),
                target: change.target.clone(),
                at: now,
                expires: now.plus(EXPIRES),
                claims: self.claims(&action),
                page: None,
                aim,
                answers: Answers::default(),
            };
            self.scouts.spent(&key);
            effects.push(self.intend(intention, (Some(action), grounds), now));
        } else {
            effects.extend(self.page_held((&key, action.kind), (decision, grounds), now));
        }
        effects
    }

    /// Every fact about an errand on an occasion.
    fn facts(
        &self,
        cell: &Cell,
        (occasion, errand): (&Occasion, &Errand),
        (release, now): (Release, UnixMillis),
    ) -> Case {
        let watch = &self.program.watches[cell.watch];
        let mut case =
            Case { stale: self.stale(cell, now), release, ..self.case(&cell.change, watch, errand, now) };
        if *occasion == Occasion::Alerted {
            let alarm = self.incidents.alarm(cell.id);
            (case.stale, case.alarm) = (self.unheard_since(cell.id, now), alarm.map(Box::new));
            // Nothing was judged, so it is not sure of anything; to tell somebody it need not be.
            case.floor = case.floor.filter(|_| errand.disturbs());
        }
        if matches!(occasion, Occasion::Pass | Occasion::Inconclusive) {
            case.floor = None;
        }
        if let Some(key) = errand.key(&cell.change) {
            (case.consents, case.declined) = self.consents(cell, &key, now);
        }
        let alone = match occasion {
            Occasion::Breach => true,
            Occasion::FirstRelease => cell.standing().verdict.is_breach(),
            Occasion::Fail { .. } | Occasion::Pass | Occasion::Inconclusive | Occasion::Alerted => false,
        };
        if alone && !watch.may_undo_on.contains(&Weak::Expr) {
            case.weak.insert(Weak::Expr);
        }
        case
    }

    /// What is recorded where a gate comes to its end and its policy wanted nothing of its verdict: why nothing was done
    /// is told like anything else.
    pub(super) fn conclude(&mut self, id: CellId, now: UnixMillis) -> Vec<Effect> {
        let Some(cell) = self.cells.get(&id) else { return Vec::new() };
        let (release, verdict) = (self.release(cell), cell.standing().verdict);
        let occasion = match verdict {
            _ if passes(&cell.standing(), &release) => Occasion::Pass,
            Verdict::Pass(_) | Verdict::Inconclusive(_) => Occasion::Inconclusive,
            Verdict::Fail(_) if verdict.is_breach() => Occasion::Breach,
            Verdict::Fail(_) => Occasion::Fail { rung: None },
        };
        if cell.is_over() || cell.ruled.iter().any(|(known, _)| is_alike(known, &occasion)) {
            return Vec::new();
        }
        let watch = &self.program.watches[cell.watch];
        let case = Case { wish: Wish::Nothing, release, ..self.case(&cell.change, watch, &Errand::Ask, now) };
        let ruling = decide(&case);
        let written = watch.written.clone();
        let cell = self.cells.get_mut(&id);
        cell.map(|cell| record(cell, occasion, (case, ruling), written).1).unwrap_or_default()
    }

    /// Every fact about an errand.
    pub(super) fn case(&self, change: &Change, watch: &Watch, errand: &Errand, now: UnixMillis) -> Case {
        let nothing = Limits::default();
        let (wish, limits, kind) = match errand {
            Errand::Ask => (Wish::Ask, &nothing, Kind::Notify),
            Errand::Do(action) => (self.wish(change, action), &action.limits, action.kind),
        };
        let own = errand.key(change);
        let ceiling = &self.program.limits;
        let cooldown = limits.cooldown.max(ceiling.cooldown).unwrap_or(Span::ZERO);
        let at_once = [limits.changes_undone_at_once, ceiling.changes_undone_at_once];
        let part =
            [limits.services_undone_at_once, ceiling.services_undone_at_once].into_iter().flatten().min();
        let budgets = self.budgets(errand, (change, own.as_ref()), now);
        let superseded = watch.gate.ends.early == Early::Superseded;
        let sight = self.sight(errand, (change, own.as_ref()), now);
        Case {
            at: now,
            wish,
            release: Release::alone(&Standing::UNLOOKED),
            mode: self.program.mode(watch, kind, &change.target.service),
            switched_off: self.past.off.everything().map(str::to_owned),
            service_off: self.past.off.service(&change.target.service).map(str::to_owned),
            doubted: self.program.doubted,
            frozen: self.frozen(change, kind, now),
            first: self.past.is_first(change),
            irreversible: self.past.irreversible(change, sight.as_ref()),
            provenance: change.provenance,
            ran_before: self.past.ran_before(change),
            stale: None,
            weak: weak(watch),
            in_flight: self.past.in_flight(&change.target, own.as_ref()).map(|key| key.0.clone()),
            unverified: self.past.unverified(&change.id).map(|key| key.0.clone()),
            unkeyed: unkeyed(&budgets, change),
            budgets,
            last_acted: self.past.last_acted(&change.target, &change.id),
            cooldown,
            undone_now: self.undone_now(change, now),
            undone_at_once: at_once.into_iter().flatten().min(),
            superseded: self.past.overtaken(change).filter(|_| superseded).cloned(),
            taken_back: self.past.taken_back(change),
            floor: self.program.floors.get(&kind).copied(),
            suspect: self.suspect(change),
            share: self.share(change, part, now),
            consents: Vec::new(),
            declined: None,
            alarm: None,
            sight,
        }
    }

    /// What is asked before anything is decided on an object; nothing where a look is there, or none is needed.
    fn survey(&mut self, id: CellId, errand: &Errand, now: UnixMillis) -> Option<Vec<Effect>> {
        let Errand::Do(action) = errand else { return None };
        let cell = self.cells.get(&id)?;
        let order = self.order(&cell.change, action, now)?;
        let (key, target) = (errand.key(&cell.change)?, cell.change.target.clone());
        self.scouts.ask(&key, (&target, order), now)
    }

    /// What a look at the object came to that an errand is done to.
    fn sight(
        &self,
        errand: &Errand,
        (change, own): (&Change, Option<&Key>),
        now: UnixMillis,
    ) -> Option<Sight> {
        let Errand::Do(action) = errand else { return None };
        self.order(change, action, now)?;
        let fresh = own.and_then(|key| self.scouts.fresh(key, now));
        // Nothing is done to an object that nobody looked at, whoever decides.
        fresh.or_else(|| Some(Sight::Unseen("nobody looked".to_owned())))
    }

    /// What a policy wants of an action.
    fn wish(&self, change: &Change, action: &Action) -> Wish {
        let on_object = || self.order(change, action, change.at).is_some();
        Wish::Do {
            action: action.name.clone(),
            kind: action.kind,
            approval: action.approval,
            able: action.deed.webhook().is_some() || on_object(),
        }
    }

    /// What holds an action of this kind on a change's target now: of several freezes the one that is over last.
    pub(super) fn frozen(&self, change: &Change, kind: Kind, now: UnixMillis) -> Option<Frozen> {
        let target = self.program.target(&change.target)?;
        let all = self.program.freezes.iter().chain(self.past.freezes());
        let holding = all.filter_map(|freeze| freeze.holds(target, kind, now));
        holding.max_by_key(|frozen| frozen.until)
    }

    pub(super) fn claims(&self, action: &Action) -> Vec<Claim> {
        let own = action.limits.rates.iter().map(|limit| (Some(action.name.clone()), limit));
        let all = self.program.limits.rates.iter().map(|limit| (None, limit));
        own.chain(all).map(|(of, (scope, rate))| Claim { of, scope: *scope, rate: *rate }).collect()
    }

    fn budgets(
        &self,
        errand: &Errand,
        (change, own): (&Change, Option<&Key>),
        now: UnixMillis,
    ) -> Vec<Budget> {
        let Errand::Do(action) = errand else { return Vec::new() };
        self.claims(action)
            .into_iter()
            .map(|Claim { of, scope, rate }| {
                let spent = self.past.spent((of.as_ref(), scope), (&change.target, own), (rate, now));
                Budget { of, scope, rate, spent }
            })
            .collect()
    }
}

/// Over what a budget counts of which the target is none.
fn unkeyed(budgets: &[Budget], change: &Change) -> Option<Scope> {
    let counts = |budget: &&Budget| match budget.scope {
        Scope::Environment => change.target.environment.is_none(),
        Scope::Service | Scope::Everywhere => false,
    };
    budgets.iter().find(counts).map(|budget| budget.scope)
}

/// Whether both are of one verdict.
fn is_alike(one: &Occasion, other: &Occasion) -> bool {
    let failed = |occasion: &Occasion| {
        matches!(occasion, Occasion::Fail { .. } | Occasion::Breach | Occasion::FirstRelease)
    };
    one == other || failed(one) && failed(other)
}

/// Has a decision written down, behind every look that it rests on.
fn record(
    cell: &mut Cell,
    occasion: Occasion,
    (case, ruling): (Case, Ruling),
    written: Option<Authorship>,
) -> (DecisionId, Vec<Effect>) {
    let (standing, at, course) = (cell.standing(), case.at, ruling.course);
    cell.ruled.retain(|(known, _)| *known != occasion);
    cell.ruled.push((occasion, ruling.clone()));
    let (id, written) = (cell.next_decision(), written.map(Box::new));
    let mut effects: Vec<Effect> = cell.write(at).into_iter().collect();
    let look = standing.looks;
    effects.push(Effect::Write(
        at,
        Record::Decided {
            id,
            cell: cell.id,
            look,
            at,
            occasion,
            standing,
            case: Box::new(case),
            ruling,
            written,
        },
    ));
    effects.push(Effect::Tell(Notice::Decided(id, course)));
    (id, effects)
}

/// The weak evidence that a gate rests on alone, but for what its policy allows in so many words.
fn weak(watch: &Watch) -> BTreeSet<Weak> {
    let alone = match watch.gate.comparison {
        _ if watch.asks() => Some(Weak::Alert),
        Comparison::Tracks(_) => None,
        Comparison::AfterBefore(_) => Some(Weak::AfterBefore),
    };
    alone.into_iter().filter(|weak| !watch.may_undo_on.contains(weak)).collect()
}

/// Which occasion it is, and what the policy wants then.
fn occasion<'w>(
    (cell, watch): (&Cell, &'w Watch),
    (release, first_release, waits): (&Release, bool, bool),
    is_done: impl Fn(&Errand) -> bool,
    now: UnixMillis,
) -> Option<(Occasion, &'w Errand)> {
    let (standing, errands) = (cell.standing(), &watch.errands);
    // Something that is the matter may hold a release, whatever did it; to take it back, it has to be to blame.
    let reaches = |(confidence, errand): &(Confidence, Errand)| {
        let reaches =
            if errand.disturbs() { release.blames(*confidence) } else { release.reaches(*confidence) };
        release.named && reaches
    };
    let reached = errands.fail.iter().rposition(reaches);
    let broken = if standing.verdict.is_breach() { breach(watch) } else { None };
    // Of the rung that is proved and the one that a threshold may lead to, the higher counts. What was reached once stays
    // reached, so a lower rung says nothing against a pass that came after it, nor, once that is done, against what is done
    // where nothing is known in the end; one that takes the release back does.
    let passes = passes(&standing, release);
    let rung = reached.max(broken).and_then(|rung| errands.fail.get(rung));
    if let Some((confidence, own)) = rung {
        let (occasion, errand) = match &errands.first_release {
            Some(errand) if first_release => (Occasion::FirstRelease, errand),
            _ if reached < broken => (Occasion::Breach, own),
            _ => (Occasion::Fail { rung: Some(*confidence) }, own),
        };
        let yields = passes && errands.pass.is_some() || is_done(errand);
        if own.takes_back() || !yields {
            return Some((occasion, errand));
        }
    }
    match standing.verdict {
        Verdict::Pass(_) if passes => errands.pass.as_ref().map(|errand| (Occasion::Pass, errand)),
        Verdict::Fail(_) => None,
        Verdict::Pass(_) | Verdict::Inconclusive(_) => {
            let (after, errand) = errands.inconclusive.as_ref()?;
            let late = cell.began().is_some_and(|began| began.plus(*after) <= now);
            (late || cell.is_through() && !waits || cell.waited_in_vain())
                .then_some((Occasion::Inconclusive, errand))
        }
    }
}

/// Whether a gate passes, with all others that have a say, and nothing speaks against the release by now.
fn passes(standing: &Standing, release: &Release) -> bool {
    matches!(standing.verdict, Verdict::Pass(_)) && release.passes && !release.leans()
}

/// The rung that a broken threshold leads to. No confidence leads to it, so it is the highest that does not touch what
/// serves, unless the policy says in so many words that it may; where every rung does, a person is asked about the first.
fn breach(watch: &Watch) -> Option<usize> {
    let rungs = &watch.errands.fail;
    let may_undo = watch.may_undo_on.contains(&Weak::Expr);
    let highest = rungs.iter().rposition(|(_, errand)| may_undo || !errand.disturbs());
    highest.or(if rungs.is_empty() { None } else { Some(0) })
}

/// Whether a ruling differs from the last one on the occasion in its course or in who spoke; figures alone do not count,
/// or each look would be decided anew.
fn changes_what_was_ruled(cell: &Cell, occasion: &Occasion, ruling: &Ruling) -> bool {
    let Some((_, last)) = cell.ruled.iter().find(|(known, _)| known == occasion) else { return true };
    let voices = |ruling: &Ruling| ruling.spoke.iter().map(std::mem::discriminant).collect::<Vec<_>>();
    last.course != ruling.course || voices(last) != voices(ruling)
}
