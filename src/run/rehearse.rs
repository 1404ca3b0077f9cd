//! `backstop explain --target`: what would be done to the object of a target now. Everything is looked at and nothing is
//! changed: the platform itself says whether it would take the first step.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use crate::archive::Archive;
use crate::decision::{Aim, Answer, Edition, Method, Order, Seen, Sight, decide};
use crate::engine::{Engine, REMEMBERED, Rehearsal, restore};
use crate::responder::Stop;
use crate::responder::object::Step;
use crate::run::args::Explain;
use crate::run::objects::{Whom, reached};
use crate::run::set::{InForce, Set};
use crate::run::{Ending, clock, load, output};
use crate::signal::TargetKey;
use crate::unit::UnixMillis;

/// Says what would be done to the object of a target.
pub(crate) fn run(asked: &Explain, service: &str) -> Ending {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return output::complain(&format!("nothing can be asked: {error}")),
    };
    match runtime.block_on(told(asked, service)) {
        Ok((text, ending)) => output::print(&text, ending),
        Err(why) => output::complain(&why),
    }
}

async fn told(asked: &Explain, service: &str) -> Result<(String, Ending), String> {
    let set = Set::of(load::load(&asked.rules, None)?, None);
    let program = Arc::clone(&set.rules.program);
    let target = match target(&set, (service, asked.environment.as_deref())) {
        Ok(target) => target,
        Err(why) => return Ok((format!("{why}\n"), Ending::Found)),
    };
    let now = clock::now();
    let reader = Archive::read_only(Path::new(&asked.which.ledger)).await;
    let reader = reader.map_err(|error| error.to_string())?;
    let records = reader.unfinished(now.minus(REMEMBERED)).await.map_err(|error| error.to_string())?;
    let (engine, _) = restore(program, records, now);
    let rehearsals = engine.rehearsals(&target, now);
    if rehearsals.is_empty() {
        let why = "no gate leads to an action on its object";
        return Ok((format!("{target}: {why}\n"), Ending::Found));
    }
    let in_force = InForce::new(set);
    let mut text = format!("{target}: {}\n", rehearsals[0].order.object);
    known(&mut text, &engine, (&target, now));
    for rehearsal in &rehearsals {
        rehearsed(&mut text, rehearsal, &in_force).await;
    }
    Ok((text, Ending::Clean))
}

/// The target that is meant; else what there is.
fn target(set: &Set, (service, environment): (&str, Option<&str>)) -> Result<TargetKey, String> {
    let all = || set.server.targets.iter().filter(|target| target.service == service);
    let meant: Vec<TargetKey> = all()
        .map(crate::gate::Target::to_key)
        .filter(|key| environment.is_none_or(|wanted| key.environment.as_deref() == Some(wanted)))
        .collect();
    match &*meant {
        [one] => Ok(one.clone()),
        [] if all().next().is_none() => Err(format!("there is no target of service `{service}`")),
        [] => Err(format!("service `{service}` has no target there; it has {}", listed(all()))),
        _ => Err(format!(
            "service `{service}` has several targets, name one by `--environment`: {}",
            listed(all())
        )),
    }
}

fn listed<'a>(targets: impl Iterator<Item = &'a crate::gate::Target>) -> String {
    targets.map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn known(text: &mut String, engine: &Engine, (target, now): (&TargetKey, UnixMillis)) {
    let good = engine.past().vouched(target);
    let good =
        if good.is_empty() { "nothing: no gate has passed here yet".to_owned() } else { good.join(", ") };
    let _infallible = writeln!(text, "looked at {now}; known to be good: {good}");
}

async fn rehearsed(text: &mut String, rehearsal: &Rehearsal, in_force: &InForce) {
    let order = &rehearsal.order;
    let (action, gate) = (&rehearsal.action.name, &rehearsal.gate);
    let _infallible = writeln!(text, "\naction {action}, of gate {gate}: {}", order.does.verb());
    let sight = match looked_at(text, order, in_force).await {
        Ok(sight) => sight,
        Err(why) => Sight::Unseen(why),
    };
    let ruling = decide(&rehearsal.case(sight));
    let _infallible = writeln!(text, "  now it would: {}", ruling.course);
    for held in &ruling.spoke {
        let _infallible = writeln!(text, "    {held}; until {}", held.lift());
    }
}

/// Looks at the object, and asks whether the first step would be taken.
async fn looked_at(text: &mut String, order: &Order, in_force: &InForce) -> Result<Sight, String> {
    let (kept, platforms) = reached(in_force, Whom::of(order), order.cluster.clone()).await?;
    let got = platforms.got(&kept, &order.object).await?;
    let sight = kept.sighted(order, &got);
    if let Some(app) = &order.through {
        let _infallible = writeln!(text, "  through Argo CD ({app}), by its actions on resources");
    }
    if let Sight::Seen(seen) = &sight {
        shown(text, seen);
    }
    let first = sight.aim().and_then(|aim| Some((aim, aim.steps.first()?)));
    if let Some((aim, first)) = first
        && let Ok(step) = kept.step(aim, *first, &got)
    {
        let answer = match step.dry() {
            Some(dry) => Some(platforms.at(dry.at)?.send(&dry, &(Arc::new(|| None) as Stop)).await),
            None => None,
        };
        planned(text, (aim, &step), answer.as_ref());
    }
    Ok(sight)
}

fn shown(text: &mut String, seen: &Seen) {
    let runs = seen.runs.as_ref().map_or_else(|| "nothing that can be read".to_owned(), edition);
    let _infallible = writeln!(text, "  runs {runs}");
    let held = seen.aim.as_ref().and_then(|aim| aim.keeper.as_ref());
    let keeper = match (held, &seen.keeper) {
        (Some(held), _) => format!("{held}, which is held first, and given back once git has moved on"),
        (None, Some(keeper)) => keeper.clone(),
        (None, None) => "nobody that would take this back".to_owned(),
    };
    let _infallible = writeln!(text, "  kept by {keeper}");
}

/// The steps, the images that they change, and what the platform says to the first one.
fn planned(text: &mut String, (aim, step): (&Aim, &Step), answer: Option<&Answer>) {
    let steps: Vec<&str> = aim.steps.iter().map(|step| step.word()).collect();
    let _infallible = writeln!(text, "  steps: {}", steps.join(", then "));
    if let Some(to) = &aim.to {
        let _infallible = writeln!(text, "  to {}", edition(to));
        for (sign, these, those) in [('-', &aim.from, to), ('+', to, &aim.from)] {
            for image in these.images.iter().filter(|image| !those.images.contains(image)) {
                let _infallible = writeln!(text, "    {sign} {image}");
            }
        }
    }
    let said = match answer {
        None => "is not asked: it has no way to say what it would do".to_owned(),
        Some(Answer::Accepted { status, .. }) => format!("would take it ({status})"),
        Some(Answer::Rejected { status, excerpt, .. }) => {
            format!("would not take it: {status}, {excerpt}")
        }
        Some(Answer::Unsent { why } | Answer::Lost { why } | Answer::Overtaken { why }) => {
            format!("does not say whether it would take it: {why}")
        }
    };
    let _infallible = writeln!(text, "  {} {}: the platform {said}", word(step.method), step.path);
}

const fn word(method: Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Patch => "PATCH",
        Method::Delete => "DELETE",
    }
}

fn edition(edition: &Edition) -> String {
    let revision = if edition.revision.is_empty() { "no revision yet" } else { &edition.revision };
    format!("revision {revision}: {}", edition.images.join(", "))
}
