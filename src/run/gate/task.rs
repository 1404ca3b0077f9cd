//! From arguments and rules to the one thing that is to be judged.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::{Loaded, program};
use crate::engine::{Errands, Program, Watch, latest_end};
use crate::gate::{Begins, Gate, Length, Match, Start, Target, Upon};
use crate::promql::is_label_name;
use crate::run::args;
use crate::signal::{Change, ChangeId, ChangeKind, Provenance, TargetKey};
use crate::unit::{Extent, FileId, Name, Place, Span, UnixMillis, nearest};

/// How far ahead the clock of whoever says when the change was may be.
const AHEAD: Span = Span::from_secs(300);

/// The keys of a match that every target has a say on, or none of.
const OF_A_TARGET: [&str; 3] = ["service", "environment", "cluster"];

/// What is to be judged: one gate, one target, one change.
#[derive(Debug)]
pub(super) struct Task {
    /// A program of that gate and that target, in which no verdict leads to anything.
    pub(super) program: Arc<Program>,
    /// The change.
    pub(super) change: Change,
    /// What was taken for the time of the change, where nobody said it.
    pub(super) assumed: Option<String>,
}

impl Task {
    /// What the arguments ask for, by these rules, of what this source knows.
    pub(super) fn read(
        asked: &args::Gate,
        loaded: &Loaded,
        (source, now): (Option<&Name>, UnixMillis),
    ) -> Result<Self, String> {
        let program = program(loaded);
        let (target, known) = target(&program.targets, asked)?;
        let target = Target { source: if known { target.source } else { source.cloned() }, ..target };
        let watch = watch(&program, &asked.name, (&target, known))?;
        let (kind, length) = (kind(&watch.gate)?, length(&watch.gate, program.settle)?);
        let (at, assumed) = match &asked.change_time {
            Some(text) => (moment(text, now)?, None),
            None if asked.wait => (now, Some("now, as `--change-time` does not say otherwise".to_owned())),
            None => {
                let assumed =
                    format!("{length} ago, as long as the gate takes; `--change-time` says otherwise");
                (now.minus(length), Some(assumed))
            }
        };
        let (service, environment, cluster) = target.key();
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let change = Change {
            id: ChangeId(format!("asked_{}", at.millis())),
            kind,
            target: TargetKey {
                service: service.to_owned(),
                environment: owned(environment),
                cluster: owned(cluster),
            },
            version: String::new(),
            previous: None,
            at,
            author: None,
            git_sha: None,
            link: None,
            intent: asked.intent.clone(),
            risk: asked.risk.clone(),
            irreversible: false,
            weight: None,
            provenance: Provenance::Unauthenticated,
            told_by: None,
        };
        let targets = std::iter::once(target.clone()).chain(others(&program.targets, &target, &watch.gate));
        let targets = targets.collect();
        // Whoever names a gate has chosen it, so it watches whatever it is asked about; and it only judges.
        // One that waits for an alert begins with the change.
        let begins = match watch.gate.begins {
            Begins { at: Start::Alert, warmup, within } => Begins { at: Start::Change, warmup, within },
            begins @ Begins { at: Start::Change | Start::FirstTraffic, .. } => begins,
        };
        let gate = Gate { matches: Match::default(), begins, ..watch.gate.clone() };
        let watches = vec![Watch { gate, errands: Errands::default(), ..watch.clone() }];
        let program = Arc::new(Program { targets, watches, responses: Vec::new(), ..program });
        Ok(Self { program, change, assumed })
    }

    /// The gate.
    pub(super) fn gate(&self) -> &Gate {
        &self.program.watches[0].gate
    }

    /// The target.
    pub(super) fn target(&self) -> &Target {
        &self.program.targets[0]
    }

    /// The latest moment at which the gate can take its last look.
    pub(super) fn end(&self) -> UnixMillis {
        latest_end(self.gate(), self.change.at)
    }
}

/// The targets that may be counted beside this one: those of the gate, and those that it depends on, as far as the same
/// source knows them.
fn others<'a>(known: &'a [Target], own: &'a Target, gate: &'a Gate) -> impl Iterator<Item = Target> + 'a {
    let is_other = move |other: &&Target| {
        let counts = own.depends_on.contains(&other.service) || gate.matches.fits(|label| other.label(label));
        counts && other.key() != own.key() && other.source == own.source
    };
    known.iter().filter(is_other).cloned()
}

/// How long ago a change was at the least whose gate could take all of its looks by now, if it had traffic at once.
fn length(gate: &Gate, settle: Span) -> Result<Span, String> {
    let Length::Time(after) = gate.ends.after else {
        return Err(format!("gate `{}` ends after runs of a job, and runs cannot be counted yet", gate.name));
    };
    let spans = [gate.begins.warmup, after, settle, gate.every, gate.every];
    Ok(Span::from_millis(spans.iter().fold(0, |sum, span| span.millis().saturating_add(sum))))
}

fn kind(gate: &Gate) -> Result<ChangeKind, String> {
    match gate.upon {
        Upon::Deployment => Ok(ChangeKind::Deployment),
        Upon::Canary => Ok(ChangeKind::Canary),
        Upon::Config => Ok(ChangeKind::Config),
        Upon::Infrastructure => Ok(ChangeKind::Infrastructure),
        Upon::Flag => Ok(ChangeKind::Flag),
        Upon::Job => Err(format!("gate `{}` watches runs of a job, which cannot be judged yet", gate.name)),
    }
}

/// When the change was: a time, or how long ago.
fn moment(text: &str, now: UnixMillis) -> Result<UnixMillis, String> {
    let at = text.parse().or_else(|error| match text.parse::<Span>() {
        Ok(ago) => Ok(now.minus(ago)),
        Err(_) => Err(format!("{error}, or how long ago it was, as in `10m`")),
    })?;
    if now.plus(AHEAD) < at {
        return Err(format!("`--change-time {text}` is {at}, which is {} from now", at.since(now)));
    }
    Ok(at)
}

/// The target that is meant, and whether the rules know it.
fn target(known: &[Target], asked: &args::Gate) -> Result<(Target, bool), String> {
    let (environment, cluster) = (asked.environment.as_deref(), asked.cluster.as_deref());
    let is_meant = |target: &&Target| {
        target.service == asked.service
            && (environment.is_none() || target.environment.as_deref() == environment)
            && (cluster.is_none() || target.cluster.as_deref() == cluster)
    };
    let meant: Vec<&Target> = known.iter().filter(is_meant).collect();
    match meant.as_slice() {
        [target] if asked.select.is_empty() => Ok(((*target).clone(), true)),
        [target] => Err(format!("the rules know {target} and its `select`; leave `--select` out")),
        [] if asked.select.is_empty() => Err(no_target(known, asked)),
        [] => Ok((made(asked)?, false)),
        several => {
            let several: Vec<String> = several.iter().map(ToString::to_string).collect();
            let several = several.join(", ");
            Err(format!(
                "there are several such targets: {several}; say which by `--environment` and `--cluster`"
            ))
        }
    }
}

fn no_target(known: &[Target], asked: &args::Gate) -> String {
    let meant = nearest(&asked.service, known.iter().map(|target| target.service.as_str()));
    let help = match meant {
        Some(meant) if meant == asked.service => "another environment or cluster of it is there".to_owned(),
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "there is none in `targets:` by that name".to_owned(),
    };
    format!(
        "the rules know no such target as {}: {help}; else say which series are its own: `--select LABEL=VALUE`",
        made(asked).map_or_else(|_| asked.service.clone(), |target| target.to_string())
    )
}

/// A target of what the arguments say.
fn made(asked: &args::Gate) -> Result<Target, String> {
    let mut select = BTreeMap::new();
    for text in &asked.select {
        let pair = text.split_once('=').filter(|(label, value)| is_label_name(label) && !value.is_empty());
        let Some((label, value)) = pair else {
            return Err(format!("`--select {text}` selects nothing; write `--select LABEL=VALUE`"));
        };
        if select.insert(label.to_owned(), value.to_owned()).is_some() {
            return Err(format!(
                "`--select` says twice what `{label}` is; no series has two values of a label"
            ));
        }
    }
    Ok(Target {
        place: Place { file: FileId(u32::MAX), extent: Extent::default() },
        service: asked.service.clone(),
        environment: asked.environment.clone(),
        cluster: asked.cluster.clone(),
        source: None,
        select,
        alerts: BTreeMap::new(),
        labels: BTreeMap::new(),
        object: None,
        gitops: None,
        through: None,
        depends_on: Vec::new(),
        owner: None,
    })
}

/// The gate of this name that a target fits. What the rules do not know of a target is not held against it.
fn watch<'a>(
    program: &'a Program,
    name: &str,
    (target, known): (&Target, bool),
) -> Result<&'a Watch, String> {
    let named: Vec<&Watch> =
        program.watches.iter().filter(|watch| watch.gate.name.as_str() == name).collect();
    let Some(first) = named.first() else {
        let names: Vec<&str> = program.watches.iter().map(|watch| watch.gate.name.as_str()).collect();
        let help = match nearest(name, names.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if names.is_empty() => {
                "there are no gates in the rules; `--rules` says where they are".to_owned()
            }
            None => format!("there are {}", names.join(", ")),
        };
        return Err(format!("there is no gate `{name}`; {help}"));
    };
    let fits = |watch: &&&Watch| misfit(&watch.gate.matches, target, known).is_none();
    if let Some(watch) = named.iter().find(fits) {
        return Ok(watch);
    }
    let (key, patterns) = misfit(&first.gate.matches, target, known).unwrap_or_default();
    let has = target.label(&key).unwrap_or("none");
    Err(format!(
        "gate `{name}` is not for {target}: its `match` asks for {key} {patterns}, and the target has {has}"
    ))
}

/// A key of a match that a target does not fit, and what it asks for.
fn misfit(matches: &Match, target: &Target, known: bool) -> Option<(String, String)> {
    let (key, patterns) = matches.iter().find(|(key, patterns)| {
        let label = target.label(key);
        let asked = known || OF_A_TARGET.contains(key);
        asked && !label.is_some_and(|label| patterns.iter().any(|pattern| pattern.fits(label)))
    })?;
    let patterns: Vec<String> = patterns.iter().map(ToString::to_string).collect();
    Some((key.to_owned(), patterns.join(" or ")))
}
