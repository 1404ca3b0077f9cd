//! Control: the one thread in which the engine lives. Everything that happens comes to it through one bounded queue.

mod freezing;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::decision::{Announced, Turn};
use crate::engine::{Agreement, Engine, Event, Flight, NotAsked, Outcomes, Said, State};
use crate::run::clock::{self, Stopwatch};
use crate::run::drive::{Drive, Stopped};
use crate::run::front::Tally;
use crate::run::mirror::Resourced;
use crate::run::set::{InForce, Set};
use crate::run::steady::Steady;
use crate::run::world::World;
use crate::signal::{Change, Notification};
use crate::surface::http::{NotFrozen, Recorded, Unavailable, change_shown};
use crate::surface::watching::{self, Chosen};
use crate::surface::{approvals, freezes, incidents};
use crate::unit::{Name, Span, UnixMillis};

/// How many commands may wait. Whoever comes when it is full is told to come again.
pub(crate) const QUEUE: usize = 4_096;

/// How often the engine looks at the clock, unless looks are closer together.
pub(crate) const TICK: Span = Span::from_millis(500);

/// How long the answers to attempts are waited for that are on their way when it is told to stop.
pub(crate) const ANSWERS_WITHIN: Duration = Duration::from_secs(10);

/// How many things that happened are heard before it is looked whether something is due.
const MOST_HEARD: usize = 256;

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
    /// Alerts are told of; it is answered once that is written down.
    Alerts(Box<Notification>, Reply<Outcomes>),
    /// The last incidents.
    Incidents(usize, Reply<Value>),
    /// The kill switch is turned; it is answered once that is written down.
    Switch(Turn, Reply<()>),
    /// A freeze is announced; it is answered once it is written down.
    Freeze(Announced, Reply<Result<(), NotFrozen>>),
    /// A freeze that was announced is lifted, by whom; likewise.
    Lift(Name, String, Reply<Result<(), NotFrozen>>),
    /// Freezes.
    Freezes(Reply<Value>),
    /// Another set of rules comes into force; it is answered once that is written down.
    Reload(Box<Renewal>),
    /// Somebody says something to what was asked; it is answered once it is written down.
    Say(Box<Said>, Reply<Result<Agreement, NotAsked>>),
    /// What people are asked.
    Approvals(Reply<Value>),
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
            Ok(command) => {
                if hear(&mut drive, command, commands, (&mut now, tally))? {
                    break;
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
        tally.alerts.open.store(drive.engine.incidents().open().len() as u64, Ordering::Relaxed);
        let (now, began) = (now(), watch.elapsed());
        // However many ask, it ticks.
        if next <= watch.elapsed() {
            drive.follow(Event::Tick, now)?;
            // Whoever found the queue full was not heard.
            drive.resupply(now)?;
            next = began + pause(&drive.engine, now);
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

/// Hears a command, and whether it is the last. Of many things that happened at once those that wait already are heard with
/// it.
fn hear<W: World>(
    drive: &mut Drive<W>,
    command: Command,
    commands: &Receiver<Command>,
    (now, tally): (&mut impl FnMut() -> UnixMillis, &Tally),
) -> Result<bool, Stopped> {
    let Command::Happen(event) = command else {
        return obey(drive, command, (now(), tally)).map(|()| false);
    };
    drive.follow(*event, now())?;
    let mut other = None;
    for command in commands.try_iter().take(MOST_HEARD) {
        let Command::Happen(event) = command else {
            other = Some(command);
            break;
        };
        drive.follow(*event, now())?;
    }
    drive.rest(now())?;
    let last = matches!(other, Some(Command::Stop));
    other.map_or(Ok(()), |other| obey(drive, other, (now(), tally)))?;
    Ok(last)
}

fn obey<W: World>(
    drive: &mut Drive<W>,
    command: Command,
    (now, tally): (UnixMillis, &Tally),
) -> Result<(), Stopped> {
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
        Command::Alerts(told, reply) => {
            let before = *drive.engine.incidents().outcomes();
            drive.happen(Event::Alerted(told), now)?;
            drive.flush()?;
            let heard = drive.engine.incidents().outcomes().since(&before);
            tally.alerts.heard(&heard);
            answer(reply, heard);
        }
        Command::Incidents(limit, reply) => answer(reply, incidents::shown(&drive.engine, limit)),
        Command::Switch(turn, reply) => {
            drive.happen(Event::Switched(turn), now)?;
            answer(reply, ());
        }
        Command::Freeze(announced, reply) => {
            let done = freezing::announce(drive, announced, now)?;
            answer(reply, done);
        }
        Command::Lift(name, by, reply) => {
            let done = freezing::lift(drive, &name, by, now)?;
            answer(reply, done);
        }
        Command::Freezes(reply) => answer(reply, freezes::shown(&drive.engine, now)),
        Command::Reload(renewal) => {
            let Renewal { set, in_force, sources, reply } = *renewal;
            drive.renew(set.rules.clone(), now)?;
            sources.renew(&set.server, &drive.engine);
            in_force.put(set);
            answer(reply, ());
        }
        Command::Say(said, reply) => {
            let agreed = drive.said(*said, now)?;
            drive.flush()?;
            answer(reply, agreed);
        }
        Command::Approvals(reply) => answer(reply, approvals::asked(&drive.engine, now)),
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
