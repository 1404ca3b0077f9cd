//! Reloading: the files are read again, and what they say comes into force as a whole. On any error what was in force
//! before stays.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::Mutex;

use crate::config::{self, Loaded};
use crate::run::clock::{self, Stopwatch};
use crate::run::control::{Command, Line, Renewal};
use crate::run::front::Tally;
use crate::run::load;
use crate::run::mirror::{Mirrors, Resourced};
use crate::run::servers::clients;
use crate::run::set::{self, InForce, Set};
use crate::run::sight::{Resting, Sight};
use crate::surface::http::{Access, Door, NotReloaded, Reloaded, may_bind};
use crate::unit::{Login, Name, UnixMillis};

/// Where the rules are read from.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    /// Files, folders or globs.
    pub(crate) paths: Vec<String>,
    /// The server file, where it is not among them.
    pub(crate) server: Option<String>,
}

/// What stays as it was when the process was started, and where it was said.
#[derive(Debug, Clone)]
pub(crate) struct Fixed {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// Where the server file had it listen; nothing where that was said elsewhere.
    pub(crate) listen: Option<SocketAddr>,
    /// The ledger, likewise.
    pub(crate) ledger: Option<PathBuf>,
    /// Since when the ledger is doubted.
    pub(crate) doubted: Option<UnixMillis>,
}

/// Who wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By<'s> {
    /// Somebody does, now.
    Request,
    /// The files are otherwise, and were so at two looks.
    Watch(&'s Sight),
}

/// What came of it.
#[derive(Debug)]
pub(crate) enum Came {
    /// Another set is in force.
    Taken(Reloaded),
    /// The files say what they said.
    Same,
    /// They were otherwise again before all of them were read.
    Moving,
}

/// Reads the files again, one time after the other.
pub(crate) struct Reloader {
    pub(crate) origin: Origin,
    pub(crate) fixed: Fixed,
    pub(crate) line: Line,
    pub(crate) access: Access,
    pub(crate) door: Option<Door>,
    pub(crate) in_force: InForce,
    pub(crate) mirrors: Arc<std::sync::Mutex<Mirrors>>,
    pub(crate) tally: Arc<Tally>,
    /// Why the last attempt failed, where it did; whoever holds it reloads.
    pub(crate) turn: Mutex<Option<String>>,
}

impl Reloader {
    /// Puts what the files say now into force.
    pub(crate) async fn reload(&self, by: By<'_>) -> Result<Came, NotReloaded> {
        let mut failed = self.turn.lock().await;
        let came = self.attempt(by).await;
        match &came {
            Ok(Came::Taken(reloaded)) => {
                *failed = None;
                self.tally.reloads.taken(clock::now());
                for kept in &reloaded.kept {
                    tracing::warn!("{kept}");
                }
            }
            Ok(Came::Same) => {
                *failed = None;
                self.tally.reloads.last_failed.store(false, Ordering::Relaxed);
            }
            Ok(Came::Moving) => {}
            Err(why) => {
                self.tally.reloads.refused();
                let text = why.text();
                // The watch may come to the same again and again; it is said once.
                if by == By::Request || failed.as_ref() != Some(&text) {
                    tracing::error!("the rules were not reloaded, and those in force stay: {text}");
                }
                *failed = Some(text);
            }
        }
        came
    }

    async fn attempt(&self, by: By<'_>) -> Result<Came, NotReloaded> {
        let (origin, doubted) = (self.origin.clone(), self.fixed.doubted);
        let read = tokio::task::spawn_blocking(move || read(&origin, doubted)).await;
        let (set, access, door) =
            read.map_err(|_| NotReloaded::Unavailable("backstop is stopping".to_owned()))??;
        may_bind(&access, self.fixed.address).map_err(|why| NotReloaded::Refused(why.to_string()))?;
        let now = self.in_force.now();
        if let By::Watch(sight) = by {
            let besides = besides(&now.server);
            if sight != &look(self.origin.clone(), besides).await {
                return Ok(Came::Moving);
            }
            if set.rules == now.rules && access == self.access && door == self.door {
                return Ok(Came::Same);
            }
        }
        let kept = self.kept(&set, door.as_ref());
        let program = &set.rules.program;
        let (gates, targets) = (program.watches.len(), program.targets.len());
        let config = set.rules.config.clone();
        let sources = self.sources(&set.server, &now.server)?;
        let (set, in_force) = (Arc::new(set), self.in_force.clone());
        let renewal = |reply| Command::Reload(Box::new(Renewal { set, in_force, sources, reply }));
        let renewed = self.line.ask(renewal);
        renewed.await.map_err(|why| NotReloaded::Unavailable(why.0))?;
        self.access.renew(&access);
        if let (Some(own), Some(door)) = (&self.door, &door) {
            own.renew(door);
        }
        Ok(Came::Taken(Reloaded { config, gates, targets, kept }))
    }

    /// The sources that are asked otherwise from now on. What a secret is, is read with each use; where it is, may differ.
    fn sources(&self, wants: &config::Server, known: &config::Server) -> Result<Resourced, NotReloaded> {
        let is_fresh = |name: &Name, source: &config::Source| {
            let may_differ = wants.secrets != known.secrets && source.login != Login::None;
            may_differ || !known.asks(name) || known.sources.get(name) != Some(source)
        };
        let fresh = clients(wants, is_fresh).map_err(NotReloaded::Refused)?;
        let (mirrors, line, handle) = (Arc::clone(&self.mirrors), self.line.clone(), Handle::current());
        Ok(Resourced { mirrors, fresh, line, handle })
    }

    /// What the files say now that takes a start to come into force.
    fn kept(&self, set: &Set, door: Option<&Door>) -> Vec<String> {
        let Fixed { address, listen, ledger, .. } = &self.fixed;
        let wants = &set.server;
        let mut kept = Vec::new();
        if listen.is_some_and(|listen| listen != wants.listen) {
            kept.push(format!(
                "`listen: {}` takes a start of backstop: until then it listens on {address}",
                wants.listen
            ));
        }
        if door.is_some() != self.door.is_some() {
            let how = if self.door.is_some() { "by TLS" } else { "in the clear" };
            kept.push(format!("`tls` takes a start of backstop: until then it listens {how}"));
        }
        if let Some(ledger) = ledger.as_ref().filter(|ledger| ledger.as_os_str() != wants.ledger.as_str()) {
            kept.push(format!(
                "`ledger: {}` takes a start of backstop: until then it writes {}",
                wants.ledger,
                ledger.display()
            ));
        }
        kept
    }

    /// What its files look like now.
    pub(crate) async fn look(&self) -> Sight {
        look(self.origin.clone(), besides(&self.in_force.now().server)).await
    }
}

/// The files of tokens and certificates, which are read when they come into force, and not with each use.
fn besides(server: &config::Server) -> Vec<String> {
    let secrets = server.access.iter().filter_map(|access| server.secrets.get(access.token()?));
    let tls = server
        .tls
        .iter()
        .flat_map(|tls| [&tls.cert_file, &tls.key_file].into_iter().chain(&tls.client_ca_file));
    let file = |secret: &config::Secret| match secret {
        config::Secret::File(path) => Some(path.clone()),
        config::Secret::Env(_) => None,
    };
    secrets.filter_map(file).chain(tls.cloned()).collect()
}

async fn look(origin: Origin, besides: Vec<String>) -> Sight {
    let looked = tokio::task::spawn_blocking(move || Sight::of(&origin, &besides)).await;
    looked.unwrap_or_default()
}

fn read(origin: &Origin, doubted: Option<UnixMillis>) -> Result<(Set, Access, Option<Door>), NotReloaded> {
    if origin.paths.iter().any(|path| path == config::STANDARD_INPUT) {
        let why = "the rules came from standard input, which cannot be read again; start backstop on files";
        return Err(NotReloaded::Refused(why.to_owned()));
    }
    let loaded = load::read(&origin.paths, origin.server.as_ref());
    if let Some(broken) = broken(&loaded) {
        return Err(broken);
    }
    let access = set::access(&loaded.server).map_err(|why| NotReloaded::Refused(why.to_string()))?;
    let door = set::door(&loaded.server).map_err(|why| NotReloaded::Refused(why.to_string()))?;
    Ok((Set::of(loaded, doubted), access, door))
}

fn broken(loaded: &Loaded) -> Option<NotReloaded> {
    let report = load::errors(loaded)?;
    let findings = serde_json::from_str(&load::as_json(loaded)).unwrap_or_default();
    Some(NotReloaded::Broken { report, findings })
}

/// How often files are looked at.
const LOOKS_EVERY: Duration = Duration::from_secs(1);

/// How many times as long as a look takes it is waited for the next one, so that many files cost no more than few.
const RESTS: u32 = 20;

/// Reads the rules again whenever their files are otherwise and at rest, for as long as it is asked.
pub(crate) async fn watch(reloader: &Reloader, read: Sight) {
    let mut resting = Resting::new(read);
    let mut rest = LOOKS_EVERY;
    loop {
        tokio::time::sleep(rest).await;
        let clock = Stopwatch::start();
        let sight = reloader.look().await;
        rest = LOOKS_EVERY.max(clock.elapsed().saturating_mul(RESTS));
        if !resting.see(&sight) {
            continue;
        }
        match reloader.reload(By::Watch(&sight)).await {
            // They are looked at again.
            Ok(Came::Moving) | Err(NotReloaded::Unavailable(_)) => {}
            Ok(Came::Taken(_) | Came::Same) | Err(NotReloaded::Broken { .. } | NotReloaded::Refused(_)) => {
                resting.read(sight);
            }
        }
    }
}
