//! Control: the one thread in which the engine lives. Everything that happens comes to it through one bounded queue.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::engine::{Engine, Event, Flight, State};
use crate::run::clock::{self, Stopwatch};
use crate::run::drive::{Drive, Stopped};
use crate::run::front::Tally;
use crate::run::mirror::Resourced;
use crate::run::set::{InForce, Set};
use crate::run::steady::Steady;
use crate::run::world::World;
use crate::signal::Change;
use crate::surface::http::{Recorded, Unavailable, change_shown};
use crate::surface::watching::{self, Chosen};
use crate::unit::{Span, UnixMillis};

/// How many commands may wait. Whoever comes when it is full is told to come again.
pub(crate) const QUEUE: usize = 4_096;

/// How often the engine looks at the clock, unless looks are closer together.
pub(crate) const TICK: Span = Span::from_millis(500);

/// How long the answers to attempts are waited for that are on their way when it is told to stop.
pub(crate) const ANSWERS_WITHIN: Duration = Duration::from_secs(10);

/// How often old samples and old counts are let go of.
const PRUNE_EVERY: Span = Span::from_secs(60);

/// What the engine is asked.
pub(crate) enum Command {
    /// Something happened.
    Happen(Box<Event>),
    /// Something came from a source.
    Supplied,
    /// A change is told; it is answered once it is written down.
    Change(Box<Change>, Reply<Recorded>),
    /// The kill switch is turned; it is answered once that is written down.
    Switch { off: Option<String>, by: String, reply: Reply<()> },
    /// Another set of rules comes into force; it is answered once that is written down.
    Reload(Box<Renewal>),
    /// What is watched.
    Gates(Chosen, Reply<Value>),
    /// The last changes.
    Changes(usize, Reply<Vec<Value>>),
    /// That it writes everything down and stops.
    Stop,
}

/// Another set of rules. Everything that changes with it is told here, in the moment in which it does.
pub(crate) struct Renewal {
    /// The set.
    pub(crate) set: Arc<Set>,
    /// Where it has to be put for all who go by it.
    pub(crate) in_force: InForce,
    /// The sources that are asked otherwise from then on.
    pub(crate) sources: Resourced,
    /// Whoever waits for that.
    pub(crate) reply: Reply<()>,
}

/// Where an answer goes.
pub(crate) type Reply<T> = oneshot::Sender<Result<T, Unavailable>>;

/// The way to the engine.
#[derive(Clone)]
pub(crate) struct Line(pub(crate) SyncSender<Command>);

impl Line {
    /// Puts a command into the queue.
    pub(crate) fn say(&self, command: Command) -> Result<(), Unavailable> {
        self.0.try_send(command).map_err(|error| match error {
            TrySendError::Full(_) => Unavailable(format!("{QUEUE} others wait already")),
            TrySendError::Disconnected(_) => Unavailable("backstop is stopping".to_owned()),
        })
    }

    /// Asks, and waits for the answer.
    pub(crate) async fn ask<T>(&self, command: impl FnOnce(Reply<T>) -> Command) -> Result<T, Unavailable> {
        let (reply, answer) = oneshot::channel();
        self.say(command(reply))?;
        answer.await.unwrap_or_else(|_| {
            Err(Unavailable("backstop is stopping, or its ledger cannot be written".to_owned()))
        })
    }
}

/// Lets the engine live until it is told to stop, or its ledger cannot be written.
pub(crate) fn live<W: World>(
    mut drive: Drive<W>,
    commands: &Receiver<Command>,
    (ready, tally): (&AtomicBool, &Tally),
) -> Result<(), Stopped> {
    let lead = &tally.lead;
    let watch = Stopwatch::start();
    let mut steady = Steady::new(clock::now(), watch.elapsed());
    let store = Arc::clone(&drive.store);
    let mut now = || {
        let wall = clock::now();
        let now = steady.now(wall, watch.elapsed(), &store);
        lead.store(now.millis() - wall.millis(), Ordering::Relaxed);
        now
    };
    let mut pruned = now();
    drive.happen(Event::Tick, pruned)?;
    let mut next = watch.elapsed() + pause(&drive.engine, pruned);
    ready.store(true, Ordering::SeqCst);
    loop {
        tally.beats.fetch_add(1, Ordering::Relaxed);
        match commands.recv_timeout(next.saturating_sub(watch.elapsed())) {
            Ok(Command::Stop) | Err(RecvTimeoutError::Disconnected) => break,
            Ok(command) => obey(&mut drive, command, now())?,
            Err(RecvTimeoutError::Timeout) => {}
        }
        let now = now();
        // However many ask, it ticks.
        if next <= watch.elapsed() {
            drive.happen(Event::Tick, now)?;
            // Whoever found the queue full was not heard.
            drive.resupply(now)?;
            next = watch.elapsed() + pause(&drive.engine, now);
        }
        if PRUNE_EVERY < now.since(pruned) {
            drive.sweep(now);
            drive.thin(now)?;
            pruned = now;
        }
    }
    ready.store(false, Ordering::SeqCst);
    drain(&mut drive, commands, &mut now)?;
    let now = now();
    let looks = drive.engine.write_down(now);
    drive.carry_out(looks, now)?;
    drive.close()
}

/// Hears the answers to attempts that are on their way, for a while: one that is heard need not be looked for after the
/// next start. Nothing else is done any more.
fn drain<W: World>(
    drive: &mut Drive<W>,
    commands: &Receiver<Command>,
    now: &mut impl FnMut() -> UnixMillis,
) -> Result<(), Stopped> {
    let watch = Stopwatch::start();
    let flies = |flight: &Flight| matches!(flight.state, State::Sent { .. });
    while drive.engine.flights().any(flies) {
        match commands.recv_timeout(ANSWERS_WITHIN.saturating_sub(watch.elapsed())) {
            Ok(Command::Happen(event)) if matches!(*event, Event::Answered { .. }) => {
                drive.happen(*event, now())?;
            }
            Ok(_) => {}
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
        }
    }
    Ok(())
}

/// How long until the engine looks at the clock again: when the next look is due, and half as far apart as looks are, since
/// whoever is answered meanwhile has another one due.
fn pause(engine: &Engine, now: UnixMillis) -> Duration {
    let looks = engine.program().watches.iter().map(|watch| watch.gate.every.millis() / 2);
    let often = looks.min().unwrap_or(u64::MAX).clamp(20, TICK.millis());
    let due = engine.next_turn(now).map_or(u64::MAX, |at| at.since(now).millis());
    Duration::from_millis(often.min(due))
}

fn obey<W: World>(drive: &mut Drive<W>, command: Command, now: UnixMillis) -> Result<(), Stopped> {
    match command {
        Command::Happen(event) => drive.happen(*event, now)?,
        Command::Supplied => drive.resupply(now)?,
        Command::Change(change, reply) => {
            let id = change.id.clone();
            let new = !drive.engine.past().changes().any(|known| known.id == id);
            drive.happen(Event::Changed(change), now)?;
            drive.flush()?;
            answer(reply, Recorded { id, new });
        }
        Command::Switch { off, by, reply } => {
            drive.happen(Event::Switched { off, by }, now)?;
            answer(reply, ());
        }
        Command::Reload(renewal) => {
            let Renewal { set, in_force, sources, reply } = *renewal;
            drive.renew(set.rules.clone(), now)?;
            sources.renew(&set.server, &drive.engine);
            in_force.put(set);
            answer(reply, ());
        }
        Command::Gates(chosen, reply) => answer(reply, watching::shown(&drive.engine, &chosen, now)),
        Command::Changes(limit, reply) => {
            let mut known: Vec<_> = drive.engine.past().changes().collect();
            known.sort_by(|one, other| (other.at, &other.id).cmp(&(one.at, &one.id)));
            answer(reply, known.into_iter().take(limit).map(|change| json!(change_shown(change))).collect());
        }
        Command::Stop => {}
    }
    Ok(())
}

/// Whoever asked may have gone; then nobody is told.
fn answer<T>(reply: Reply<T>, value: T) {
    reply.send(Ok(value)).ok();
}

#[cfg(test)]
mod tests {
    use std::sync::RwLock;
    use std::sync::atomic::AtomicU32;
    use std::sync::mpsc::sync_channel;

    use super::*;
    use crate::archive::Archive;
    use crate::decision::CellId;
    use crate::engine::{Engine, Notice};
    use crate::run::scratch::Folder;
    use crate::run::service::CHAIN;
    use crate::store::{Bounds, Store};

    /// A world in which nothing happens, and that stops the engine after some ticks.
    struct Quiet {
        line: Line,
        ticks: u32,
        looked: Arc<AtomicU32>,
    }

    impl World for Quiet {
        fn send(&mut self, _: &Flight, _: &Engine, _: u32, _: UnixMillis) {}

        fn tell(&mut self, _: &Notice, _: &Engine) {}

        fn supplied(&mut self) {
            self.ticks += 1;
            if self.ticks == 4 {
                self.line.say(Command::Stop).ok();
            }
        }

        fn woken(&mut self) -> Vec<CellId> {
            self.looked.fetch_add(1, Ordering::Relaxed);
            Vec::new()
        }
    }

    #[test]
    fn each_tick_looks_whether_something_came() {
        let folder = Folder::new("ticks").unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let archive = runtime.block_on(Archive::open(folder.path().join("ledger.db"), CHAIN)).unwrap();
        let engine = Engine::new(Arc::new(crate::config::program(&crate::config::load(
            crate::config::Gathered::default(),
            crate::promql::Features::NONE,
        ))));
        let (sender, commands) = sync_channel(8);
        let looked = Arc::new(AtomicU32::new(0));
        let world = Quiet { line: Line(sender), ticks: 0, looked: Arc::clone(&looked) };
        let store = Arc::new(RwLock::new(Store::new(Bounds::default())));
        let drive = Drive::new(engine, store, archive, runtime.handle().clone(), world);
        live(drive, &commands, (&AtomicBool::new(false), &Tally::new(None))).unwrap();
        assert!(0 < looked.load(Ordering::Relaxed));
    }
}
