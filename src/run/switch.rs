//! The kill switch as everybody sees it at once. It is set before the engine hears of it, and read wherever something
//! could still go out: however much the engine has to do, it holds from then on. It is lifted once that is written down.

mod file;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot::{self, Receiver, error::TryRecvError};

use crate::decision::{Offs, Refusal, Switches, Turn};
use crate::run::control::{Command, Line};
use crate::run::set::InForce;
use crate::surface::http::Unavailable;

/// How often the file is looked at.
const LOOKS_EVERY: Duration = Duration::from_millis(200);

/// Answers once a turn is written down.
type Written = Receiver<Result<(), Unavailable>>;

/// The kill switch.
#[derive(Clone, Default)]
pub(crate) struct Stop(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// What is written down.
    known: Switches,
    /// What was switched off and is not written down yet, and whether the engine will hear of it.
    coming: Vec<(Turn, bool)>,
}

impl Stop {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What speaks against doing anything to a service.
    pub(crate) fn against(&self, service: &str) -> Option<Refusal> {
        self.state().now().against(service)
    }

    /// All that is off.
    pub(crate) fn now(&self) -> Switches {
        self.state().now()
    }

    /// It is turned, and answered once that is written down. What is off is so when this returns.
    pub(crate) fn turn(
        &self,
        turn: &Turn,
        line: &Line,
    ) -> impl Future<Output = Result<(), Unavailable>> + Send + use<> {
        let said = self.say(turn, line);
        async move {
            said?.await.unwrap_or_else(|_| {
                Err(Unavailable("its ledger cannot be written; what is off is off all the same".to_owned()))
            })
        }
    }

    fn say(&self, turn: &Turn, line: &Line) -> Result<Written, Unavailable> {
        let (reply, answer) = oneshot::channel();
        if turn.off.is_some() {
            let Turn { service, off, by, .. } = turn;
            tracing::warn!(?service, why = off.as_deref().unwrap_or_default(), by, "switched off");
            self.state().coming.push((turn.clone(), true));
        }
        let said = line.say(Command::Switch(turn.clone(), reply));
        if let Err(why) = said {
            // It holds, and is told to the engine as soon as there is room.
            let mut state = self.state();
            if let Some((_, queued)) = state.coming.iter_mut().rev().find(|(coming, _)| coming == turn) {
                *queued = false;
            }
            return Err(why);
        }
        Ok(answer)
    }

    /// It was turned, and that is written down.
    pub(crate) fn settled(&self, turn: &Turn) {
        let mut state = self.state();
        state.known.turn(turn);
        if let Some(place) = state.coming.iter().position(|(coming, _)| coming == turn) {
            state.coming.remove(place);
        }
        if turn.off.is_none() {
            tracing::warn!(service = ?turn.service, by = turn.by, "switched on");
        }
    }

    /// An engine begins with what its ledger says; what that does not know is told, to happen before all else.
    pub(crate) fn renewed(&self, ledger: &Switches) -> Vec<Turn> {
        let mut state = self.state();
        let by_file = turns(state.known.by_file());
        state.known = ledger.clone();
        for turn in &by_file {
            state.known.turn(turn);
        }
        for (_, queued) in &mut state.coming {
            *queued = true;
        }
        by_file.into_iter().chain(state.coming.iter().map(|(turn, _)| turn.clone())).collect()
    }

    /// What the engine has not been told of, as its queue was full.
    fn untold(&self, line: &Line) {
        let mut state = self.state();
        for (turn, queued) in state.coming.iter_mut().filter(|(_, queued)| !*queued) {
            let (reply, _) = oneshot::channel();
            *queued = line.say(Command::Switch(turn.clone(), reply)).is_ok();
        }
    }
}

impl State {
    fn now(&self) -> Switches {
        let mut now = self.known.clone();
        for (turn, _) in &self.coming {
            now.turn(turn);
        }
        now
    }
}

/// The turns by which a file comes to say this.
fn turns(offs: &Offs) -> Vec<Turn> {
    let turn = |(service, why): (&Option<String>, &String)| file_turn(service.clone(), Some(why.clone()));
    offs.iter().map(turn).collect()
}

fn file_turn(service: Option<String>, off: Option<String>) -> Turn {
    Turn { service, off, by: "the file of the switch".to_owned(), file: true }
}

/// Whoever looks at the file, in a thread that does nothing else.
pub(crate) struct Keeper {
    ends: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Keeper {
    /// Looks at the file from now on; it was looked at before, by [`Watch::first`].
    pub(crate) fn start(mut watch: Watch, line: Line) -> std::io::Result<Self> {
        let ends = Arc::new(AtomicBool::new(false));
        let end = Arc::clone(&ends);
        let thread = std::thread::Builder::new().name("switch".to_owned()).spawn(move || {
            while !end.load(Ordering::SeqCst) {
                watch.look(&line);
                watch.stop.untold(&line);
                std::thread::park_timeout(LOOKS_EVERY);
            }
        })?;
        Ok(Self { ends, thread })
    }

    /// Stops looking.
    pub(crate) fn stop(self) {
        self.ends.store(true, Ordering::SeqCst);
        self.thread.thread().unpark();
    }
}

/// A look at the file.
pub(crate) struct Watch {
    stop: Stop,
    in_force: InForce,
    /// What it said, as far as that was told.
    told: Offs,
    /// What it does not say any more, and whether that is written down.
    lifted: Vec<(Option<String>, String, Written)>,
}

impl Watch {
    /// Before the engine begins: what the file says holds from its first moment on.
    pub(crate) fn first(stop: Stop, in_force: InForce) -> Self {
        let mut watch = Self { stop, in_force, told: Offs::new(), lifted: Vec::new() };
        watch.told = watch.read();
        watch.stop.state().coming.extend(turns(&watch.told).into_iter().map(|turn| (turn, true)));
        for (service, why) in &watch.told {
            tracing::warn!(?service, why, "switched off by its file");
        }
        watch
    }

    fn read(&self) -> Offs {
        let set = self.in_force.now();
        let Some(path) = &set.server.switch_file else { return Offs::new() };
        let services: BTreeSet<&str> =
            set.rules.program.targets.iter().map(|target| target.service.as_str()).collect();
        file::read(path, |service| services.contains(service))
    }

    fn look(&mut self, line: &Line) {
        self.hear();
        let says = self.read();
        for (service, why) in &says {
            if self.told.get(service) != Some(why) {
                // Where the queue is full it holds all the same, and is told later.
                self.stop.say(&file_turn(service.clone(), Some(why.clone())), line).ok();
                self.told.insert(service.clone(), why.clone());
            }
        }
        let gone: Vec<_> = self.told.keys().filter(|service| !says.contains_key(service)).cloned().collect();
        for service in gone {
            let Ok(answer) = self.stop.say(&file_turn(service.clone(), None), line) else { continue };
            if let Some(why) = self.told.remove(&service) {
                self.lifted.push((service, why, answer));
            }
        }
    }

    /// What could not be written down is not lifted, and so is tried again.
    fn hear(&mut self) {
        for (service, why, mut answer) in std::mem::take(&mut self.lifted) {
            match answer.try_recv() {
                Ok(Ok(())) => {}
                Err(TryRecvError::Empty) => self.lifted.push((service, why, answer)),
                Ok(Err(_)) | Err(TryRecvError::Closed) => {
                    self.told.entry(service).or_insert(why);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::sync_channel;

    use super::*;

    #[test]
    fn what_is_off_holds_before_anybody_hears_of_it_and_until_its_end_is_written_down() {
        let (stop, off) = (Stop::default(), Turn::of_all(Some("x".to_owned()), "jo"));
        let (on, one) = (Turn::of_all(None, "jo"), Turn::of_one("shop", Some("y".to_owned()), "jo"));
        let (sender, commands) = sync_channel(2);
        let line = Line(sender);
        let against = |service: &str| stop.against(service).map(|why| why.to_string());
        let x = Some("automation is switched off: x".to_owned());
        let y = Some("automation is switched off for the service: y".to_owned());
        stop.say(&off, &line).unwrap();
        assert_eq!((against("shop"), against("cart")), (x.clone(), x.clone()));
        stop.say(&on, &line).unwrap();
        assert_eq!(against("cart"), x, "nobody wrote down that it is on again");
        assert!(stop.say(&one, &line).is_err(), "the queue is full");
        stop.settled(&off);
        assert_eq!(against("cart"), x);
        stop.settled(&on);
        assert_eq!((against("shop"), against("cart")), (y.clone(), None));
        assert!(commands.try_iter().count() == 2, "what there was no room for");
        stop.untold(&line);
        assert!(matches!(commands.try_recv(), Ok(Command::Switch(turn, _)) if turn == one));
        // The engine died before it was written down: the next one is told first of all.
        assert_eq!(stop.renewed(&Switches::default()), std::slice::from_ref(&one));
        assert_eq!(against("shop"), y);
        stop.settled(&one);
        assert_eq!(stop.renewed(&stop.now()), []);
        assert_eq!(against("shop"), y);
    }
}
