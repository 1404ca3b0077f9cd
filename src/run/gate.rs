//! `backstop gate`: one verdict for a pipeline, judged as `backstop serve` would, from what Prometheus knows. Nothing is
//! written down, and nothing is done about it.

mod fetch;
mod judge;
mod server;
mod task;
mod told;

use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use crate::engine::{Wanted, reach};
use crate::gate::{Deaf, Ending as Ended, Shortfall, Standing, Verdict};
use crate::run::args::{Form, Gate};
use crate::run::gate::fetch::{Fetched, Trouble};
use crate::run::gate::judge::{Judge, Stage};
use crate::run::gate::server::Server;
use crate::run::gate::task::Task;
use crate::run::gate::told::{Judgement, Teller};
use crate::run::{Ending, clock, load, output};
use crate::unit::{Span, UnixMillis};

/// How long after its last look could have been a gate is waited for whose Prometheus is gone.
const PATIENCE: Span = Span::from_secs(120);

/// The shortest pause between two times that Prometheus is asked.
const PAUSE: Span = Span::from_millis(100);

pub(crate) fn run(asked: &Gate) -> Ending {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return output::complain(&format!("no connection can be made: {error}")),
    };
    match runtime.block_on(judged(asked)) {
        Ok((text, ending)) => output::print(&text, ending),
        Err(why) => output::complain(&why),
    }
}

async fn judged(asked: &Gate) -> Result<(String, Ending), String> {
    let loaded = load::load(&asked.rules, None)?;
    let now = clock::now();
    let Server { prometheus, source } = Server::of(asked, &loaded.server)?;
    let task = Task::read(asked, &loaded, (source.as_ref(), now))?;
    let host = prometheus.host().to_owned();
    let judge = Judge::new(&task, now);
    let from = task.change.at.floor(task.gate().every).minus(reach(task.gate()));
    let wanted = Wanted::by((task.gate(), task.target()), &judge.beside(), (from, task.end()));
    let mut watch = Watch {
        judge,
        fetched: Fetched::new(prometheus, wanted),
        teller: Teller::new(&task, &host),
        trouble: None,
        task,
    };
    watch.teller.opening();
    let stopped = tokio::select! {
        done = watch.watch(asked.wait) => { done.map_err(|trouble| trouble.to_string())?; false }
        told = told_to_stop() => { told.map_err(|error| format!("signals cannot be heard: {error}"))?; true }
    };
    let Watch { judge, fetched, task, trouble, .. } = watch;
    let standing = standing(&judge, trouble.as_ref());
    let judgement = Judgement {
        task: &task,
        host: &host,
        stage: judge.stage(),
        evidence: judge.evidence(),
        standing,
        ending: ending(standing.verdict),
        notes: told::notes(&fetched, trouble.as_ref(), stopped),
    };
    let text = match asked.output {
        Form::Text => judgement.text(),
        Form::Json => format!("{}\n", judgement.json()),
    };
    Ok((text, judgement.ending))
}

/// Where the gate stands. What a source says in part decides nothing: neither that there is nothing to see yet, nor that
/// a pass holds which later looks could still take back.
fn standing(judge: &Judge, trouble: Option<&Trouble>) -> Standing {
    let standing = judge.standing();
    let is_open = !matches!(judge.stage(), Stage::Over(_)) && !matches!(standing.verdict, Verdict::Fail(_));
    if !is_open || !trouble.is_some_and(Trouble::is_partial) {
        return standing;
    }
    let verdict = Verdict::Inconclusive(Shortfall::Unheard { deaf: Deaf::Partial });
    Standing { verdict, ..standing }
}

/// What the exit code says of a verdict.
const fn ending(verdict: Verdict) -> Ending {
    match verdict {
        Verdict::Pass(_) => Ending::Clean,
        Verdict::Fail(_) => Ending::Found,
        Verdict::Inconclusive(_) => Ending::Inconclusive,
    }
}

/// Waits until somebody wants it to stop.
async fn told_to_stop() -> std::io::Result<()> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

/// A gate that is watched.
struct Watch {
    task: Task,
    fetched: Fetched,
    judge: Judge,
    teller: Teller,
    /// What went wrong the last time, where it may be gone the next.
    trouble: Option<Trouble>,
}

impl Watch {
    /// Looks until nothing is left to wait for; without waiting, once.
    async fn watch(&mut self, wait: bool) -> Result<(), Trouble> {
        loop {
            let now = clock::now();
            match self.look(now).await {
                Ok(()) => self.trouble = None,
                // At first it is more likely the address than the weather, but for one that answers.
                Err(trouble)
                    if !trouble.is_partial()
                        && (!wait || !self.fetched.has_begun() || !trouble.may_pass()) =>
                {
                    return Err(trouble);
                }
                Err(trouble) => self.trouble = Some(trouble),
            }
            // Whoever does not wait is told all of it at the end.
            if wait {
                self.teller.besides(told::notes(&self.fetched, self.trouble.as_ref(), false));
                self.teller.progress(&self.judge);
            }
            let settle = self.task.program.settle;
            if !wait || self.is_final() || self.task.end().plus(settle).plus(PATIENCE) <= now {
                return Ok(());
            }
            let every = self.task.gate().every;
            let next = now.minus(settle).floor(every).plus(every).plus(settle);
            let pause = next.since(clock::now()).max(PAUSE);
            tokio::time::sleep(Duration::from_millis(pause.millis())).await;
        }
    }

    /// Takes the looks that are due, from samples that had time to come in.
    async fn look(&mut self, now: UnixMillis) -> Result<(), Trouble> {
        let settled = now.minus(self.task.program.settle).floor(self.task.gate().every);
        self.fetched.up_to(settled.min(self.task.end())).await?;
        self.judge.look(&self.fetched.store, now);
        Ok(())
    }

    /// Whether no look can change the verdict any more: evidence of harm that once was enough stays so.
    fn is_final(&self) -> bool {
        let failed = matches!(self.judge.standing().verdict, Verdict::Fail(_));
        failed
            || matches!(self.judge.stage(), Stage::Over(Ended::Verdict | Ended::TimeUp | Ended::NeverBegan))
    }
}
