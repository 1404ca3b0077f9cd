//! The service, assembled: a store, a ledger, the engine in its thread, and a port.

mod beginning;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, RwLock};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{oneshot, watch};

use crate::archive::{Archive, Reader};
use crate::config::Loaded;
use crate::decision::Turn;
use crate::engine::{Effect, Engine, Event, Notice, REMEMBERED, restore};
use crate::responder::Responder;
use crate::run::clock::{self, Stopwatch};
use crate::run::control::{Command, Line, QUEUE, live};
use crate::run::drive::{Drive, Stopped};
use crate::run::evaluators::Evaluators;
use crate::run::export::Exporter;
use crate::run::front::{Front, Tally};
use crate::run::mirror::Mirrors;
use crate::run::objects::Objects;
use crate::run::outside::Outside;
use crate::run::queries::Queries;
use crate::run::reload::{Fixed, Origin, Reloader};
use crate::run::requests::Requests;
use crate::run::researchers::Researchers;
use crate::run::servers::clients;
use crate::run::service::beginning::{started, tell};
use crate::run::set::{self, InForce, Set, TokenError};
use crate::run::switch::{Keeper, Stop, Watch};
use crate::store::{Bounds, Store};
use crate::surface::http::{Access, Counters, Door, DoorError, Limits, may_bind, router, serve_at};

/// How long to wait before a ledger is tried again that could not be written.
const BREATH: Duration = Duration::from_secs(5);

/// How often whoever waits for it looks whether it is ready.
const GLANCE: Duration = Duration::from_millis(20);

/// How long whoever waits for that says nothing of itself: that it lives is told more often.
const MURMUR: Duration = Duration::from_millis(500);

/// The chain that a service writes; each replica will have its own.
pub(crate) const CHAIN: u32 = 1;

/// What a service is made of.
pub(crate) struct Setup {
    pub(crate) loaded: Loaded,
    pub(crate) ledger: PathBuf,
    pub(crate) listen: SocketAddr,
    pub(crate) listener: Option<UnboundedSender<Notice>>,
    /// Where its rules can be read again.
    pub(crate) origin: Option<Origin>,
    /// The way out for spans.
    pub(crate) exporter: Option<Exporter>,
}

/// A service that runs.
pub(crate) struct Service {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    line: Line,
    stop: watch::Sender<bool>,
    switch: Stop,
    keeper: Keeper,
    control: JoinHandle<()>,
    /// Closed once the engine's thread ends, however it does.
    alive: oneshot::Receiver<()>,
    server: tokio::task::JoinHandle<()>,
    ready: Arc<AtomicBool>,
    /// What is counted of it.
    pub(crate) tally: Arc<Tally>,
    /// Reads its rules again.
    pub(crate) reloader: Option<Arc<Reloader>>,
}

/// Why a service does not start.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartError {
    /// Its ledger cannot be opened.
    #[error(transparent)]
    Ledger(#[from] crate::archive::OpenError),
    /// Its ledger cannot be read.
    #[error(transparent)]
    Read(#[from] crate::archive::Error),
    /// What follows from the ledger cannot be written.
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// It may not listen there.
    #[error(transparent)]
    Bind(#[from] crate::surface::http::BindError),
    /// It cannot listen there.
    #[error("nothing can listen on {0}: {1}; set `listen:` in the server file to an address that is free")]
    Listen(SocketAddr, std::io::Error),
    /// A token is none.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// It has no certificate to show.
    #[error(transparent)]
    Door(#[from] DoorError),
    /// No webhook can be sent.
    #[error(transparent)]
    Responder(#[from] crate::responder::ResponderError),
    /// The engine ended and was not told to.
    #[error(
        "the engine has stopped by itself, so nothing is watched any more; please report it with the log, and start again"
    )]
    Ended,
    /// A source cannot be asked as it is set up.
    #[error("{0}")]
    Source(String),
    /// There is no thread for the engine.
    #[error("no thread can be started: {0}")]
    Thread(std::io::Error),
}

/// Everything that the engine's thread is started with, and started again.
struct Engineering {
    in_force: InForce,
    ledger: PathBuf,
    store: Arc<RwLock<Store>>,
    line: Line,
    handle: Handle,
    responder: Responder,
    tally: Arc<Tally>,
    listener: Option<UnboundedSender<Notice>>,
    ready: Arc<AtomicBool>,
    mirrors: Arc<Mutex<Mirrors>>,
    stop: Stop,
}

/// Starts a service: it listens, and its engine is as its ledger says.
pub(crate) async fn start(setup: Setup) -> Result<Service, StartError> {
    let access = set::access(&setup.loaded.server)?;
    may_bind(&access, setup.listen)?;
    let door = set::door(&setup.loaded.server)?;
    let (listener, address) = listening(setup.listen).await?;
    let archive = Archive::open(&setup.ledger, CHAIN).await?;
    tell(&archive, &setup.ledger);
    let (queue, commands) = sync_channel(QUEUE);
    let line = Line(queue);
    let Setup { loaded, ledger, listen, listener: hears, exporter, origin } = setup;
    let doubted = archive.doubted();
    let set = tokio::task::spawn_blocking(move || Set::of(loaded, doubted)).await;
    let set = set.map_err(|error| StartError::Thread(error.into()))?;
    let fixed = Fixed {
        address,
        listen: (set.server.listen == listen).then_some(listen),
        ledger: (ledger.as_os_str() == set.server.ledger.as_str()).then(|| ledger.clone()),
        doubted,
    };
    let sources = clients(&set.server, |_, _| true).map_err(StartError::Source)?;
    let mirrors = Mirrors::of(sources, (&line, &Handle::current()));
    let in_force = InForce::new(set);
    let engineering = Engineering {
        ledger,
        store: Arc::new(RwLock::new(Store::new(Bounds::default()))),
        line: line.clone(),
        handle: Handle::current(),
        responder: Responder::new(in_force.reach())?,
        in_force,
        tally: Arc::new(Tally::new(exporter)),
        listener: hears,
        ready: Arc::default(),
        mirrors: Arc::new(Mutex::new(mirrors)),
        stop: Stop::default(),
    };
    let watch = Watch::first(engineering.stop.clone(), engineering.in_force.clone());
    engineering.tally.reloads.began(clock::now());
    let reloader =
        origin.map(|origin| Arc::new(engineering.reloader(origin, fixed, (access.clone(), door.clone()))));
    let reader = archive.reader();
    let drive = engineering.drive(archive).await?;
    let counters: Arc<Counters> = Arc::default();
    let front = engineering.front(reader, Arc::clone(&counters), reloader.clone());
    let keeper = Keeper::start(watch, line.clone()).map_err(StartError::Thread)?;
    let switch = engineering.stop.clone();
    let (ready, tally) = (Arc::clone(&engineering.ready), Arc::clone(&engineering.tally));
    let listeners = Arc::clone(&tally.listeners);
    let (living, alive) = oneshot::channel();
    let life = Life { ready: Arc::clone(&engineering.ready), _living: living };
    let control = std::thread::Builder::new().name("control".to_owned());
    let control = control.spawn(move || {
        let _life = life;
        engineering.run(drive, &commands);
    });
    let control = control.map_err(StartError::Thread)?;
    let (stop, mut stopped) = watch::channel(false);
    let shutdown = async move {
        // Whoever holds the other end said so, or is gone: both mean the end.
        stopped.wait_for(|stopped| *stopped).await.ok();
        // Theirs are the requests that never end by themselves.
        listeners.close();
    };
    let router = router(Arc::new(front), access);
    let server = tokio::spawn(serve_at((listener, door), router, Limits::default(), counters, shutdown));
    Ok(Service { address, line, stop, switch, keeper, control, alive, server, ready, tally, reloader })
}

async fn listening(at: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let unlistenable = |error| StartError::Listen(at, error);
    let listener = TcpListener::bind(at).await.map_err(unlistenable)?;
    let address = listener.local_addr().map_err(unlistenable)?;
    Ok((listener, address))
}

/// The life of the engine's thread. However it ends, nobody is told after that it is ready.
struct Life {
    ready: Arc<AtomicBool>,
    _living: oneshot::Sender<()>,
}

impl Drop for Life {
    fn drop(&mut self) {
        self.ready.store(false, Ordering::SeqCst);
    }
}

impl Service {
    /// Waits until the engine has ended, which it does not while it is not told to.
    pub(crate) async fn ended(&mut self) {
        // Nothing is ever said; the other end goes with the thread.
        (&mut self.alive).await.ok();
    }

    /// Waits until it is ready.
    pub(crate) fn readiness(&self) -> impl Future<Output = ()> + use<> {
        let ready = Arc::clone(&self.ready);
        async move {
            while !ready.load(Ordering::SeqCst) {
                tokio::time::sleep(GLANCE).await;
            }
        }
    }

    /// Turns the kill switch for everything, as signals say.
    pub(crate) fn turns(&self) -> impl Fn(Option<String>) + use<> {
        let (switch, line) = (self.switch.clone(), self.line.clone());
        move |off| {
            if off.is_none()
                && let Some(why) = switch.now().by_file().get(&None)
            {
                tracing::warn!(
                    why,
                    "everything stays off, as the file of the switch says so: take that away"
                );
            }
            let turned = switch.turn(&Turn::of_all(off, "a signal"), &line);
            tokio::spawn(async move {
                if let Err(error) = turned.await {
                    tracing::error!(%error, "the turn of the switch is not written down");
                }
            });
        }
    }

    /// Stops it: requests end, everything is written down, the ledger is closed.
    pub(crate) async fn stop(self) {
        // A receiver that is gone is one that has stopped.
        self.stop.send(true).ok();
        self.keeper.stop();
        self.server.await.ok();
        while self.line.say(Command::Stop).is_err() && !self.control.is_finished() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        tokio::task::spawn_blocking(move || self.control.join().ok()).await.ok();
        if let Some(exporter) = &self.tally.exporter {
            exporter.finish().await;
        }
    }
}

impl Engineering {
    /// Whoever answers the routes.
    fn front(&self, ledger: Reader, counters: Arc<Counters>, reloader: Option<Arc<Reloader>>) -> Front {
        Front {
            line: self.line.clone(),
            store: Arc::clone(&self.store),
            ledger,
            ready: Arc::clone(&self.ready),
            counters,
            tally: Arc::clone(&self.tally),
            queries: Queries::new(Arc::clone(&self.store)),
            reloader,
            mirrors: Arc::clone(&self.mirrors),
            stop: self.stop.clone(),
            in_force: self.in_force.clone(),
        }
    }

    /// Whoever reads the rules again.
    fn reloader(&self, origin: Origin, fixed: Fixed, (access, door): (Access, Option<Door>)) -> Reloader {
        Reloader {
            origin,
            fixed,
            access,
            door,
            line: self.line.clone(),
            in_force: self.in_force.clone(),
            mirrors: Arc::clone(&self.mirrors),
            tally: Arc::clone(&self.tally),
            turn: tokio::sync::Mutex::default(),
        }
    }

    /// The engine as the ledger says it was, with what follows from that about to be carried out.
    async fn drive(&self, mut archive: Archive) -> Result<(Drive<Outside>, Vec<Effect>), StartError> {
        let (now, set) = (clock::now(), self.in_force.now());
        let records = archive.reader().unfinished(now.minus(REMEMBERED)).await?;
        let (mut engine, mut effects): (Engine, Vec<Effect>) =
            restore(Arc::clone(&set.rules.program), records, now);
        for turn in self.stop.renewed(&engine.past().off) {
            effects.extend(engine.step(Event::Switched(turn), now));
        }
        self.tally.board.fill(&engine);
        archive.append(&[crate::ledger::Entry::of(&started(&set), now).map_err(Stopped::from)?]).await?;
        let outside = Outside {
            line: self.line.clone(),
            handle: self.handle.clone(),
            requests: Requests::new(self.responder.clone(), self.in_force.clone()),
            looks: BTreeMap::new(),
            tally: Arc::clone(&self.tally),
            listener: self.listener.clone(),
            mirrors: Arc::clone(&self.mirrors),
            stop: self.stop.clone(),
            evaluators: Evaluators::start(self.line.clone()).map_err(StartError::Thread)?,
            researchers: Researchers::new(self.line.clone(), self.handle.clone()),
            objects: Objects::new(self.line.clone(), self.handle.clone(), self.in_force.clone()),
        };
        let store = Arc::clone(&self.store);
        Ok((Drive::new(engine, store, archive, self.handle.clone(), outside), effects))
    }

    /// Lets the engine live. A ledger that cannot be written ends it: nothing is acted on that is not written down, and
    /// what was not written did not happen. It is built again from the ledger once that can be.
    fn run(&self, first: (Drive<Outside>, Vec<Effect>), commands: &Receiver<Command>) {
        let mut next = Some(first);
        loop {
            let ended = match next.take() {
                Some((mut drive, effects)) => drive
                    .carry_out(effects, clock::now())
                    .and_then(|()| live(drive, commands, (&self.ready, &self.tally))),
                None => Ok(()),
            };
            let Err(why) = ended else { return };
            self.ready.store(false, Ordering::SeqCst);
            loop {
                tracing::error!(%why, "the ledger cannot be written, so nothing is acted on");
                if !breathe(commands, &self.tally) {
                    return;
                }
                let again = self.handle.block_on(async {
                    let archive = Archive::open(&self.ledger, CHAIN).await?;
                    self.drive(archive).await
                });
                match again {
                    Ok(drive) => {
                        self.tally.restarts.fetch_add(1, Ordering::Relaxed);
                        next = Some(drive);
                        break;
                    }
                    Err(error) => tracing::error!(%error, "the ledger cannot be opened again"),
                }
            }
        }
    }
}

/// Waits for a while, in which whoever asks learns at once that there is no answer now; not so if it is told to stop.
fn breathe(commands: &Receiver<Command>, tally: &Tally) -> bool {
    let watch = Stopwatch::start();
    loop {
        tally.beats.fetch_add(1, Ordering::Relaxed);
        let left = BREATH.saturating_sub(watch.elapsed());
        match commands.recv_timeout(left.min(MURMUR)) {
            Ok(Command::Stop) | Err(RecvTimeoutError::Disconnected) => return false,
            Err(RecvTimeoutError::Timeout) if left <= MURMUR => return true,
            Ok(_) | Err(RecvTimeoutError::Timeout) => {}
        }
    }
}
