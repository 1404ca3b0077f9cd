//! The stage: plays a script before the real engine, the real store and a real ledger, under a clock of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use serde_json::json;
use tokio::runtime::Handle;

use crate::archive::Archive;
use crate::decision::{DecisionId, Held, Turn};
use crate::engine::{Event, REMEMBERED, Rules, Said, restore};
use crate::run::drive::{Drive, Stopped};
use crate::run::service::CHAIN;
use crate::run::steady::Steady;
use crate::run::story::cast::Cast;
use crate::run::story::script::{Act, Alert, Moment, Scene, Script};
use crate::run::story::shelf::{self, Broken, Shelf};
use crate::run::story::told::Told;
use crate::signal::{ALERT_NAME, NAME, Notification, Observation, Series};
use crate::store::{Bounds, Store};
use crate::surface::http::{Problem, read_alerts, read_change};
use crate::unit::{Name, Span, UnixMillis};

/// When every story begins: a grid point of any step that divides a day.
const BEGINNING: UnixMillis = UnixMillis::new(1_767_225_600_000);

/// How fine the clock of stories is.
const TICK: i64 = 1_000;

/// What came of a story.
#[derive(Debug, Clone)]
pub struct Played {
    /// What was told, a line for each thing.
    pub told: String,
    /// The rationale of the last decision; empty if there was none.
    pub rationale: String,
    /// What is wrong with the ledger of it, which no story may expect.
    pub faults: Vec<String>,
}

/// Why a story cannot be played.
#[derive(Debug, thiserror::Error)]
pub enum Unplayable {
    /// Its rules are broken.
    #[error("its rules are broken; the numbers of its own lines are those of the story's file\n{0}")]
    Rules(String),
    /// It has none.
    #[error("it has no rules; write them in a part such as `-- rules.yaml --`, or `include` them")]
    NoRules,
    /// A change or an alert of it is none.
    #[error("line {line}: {why}")]
    Change {
        /// Its line.
        line: usize,
        /// Why.
        why: String,
    },
    /// The ledger could not be opened.
    #[error(transparent)]
    Open(#[from] crate::archive::OpenError),
    /// The ledger could not be written.
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// The ledger could not be read.
    #[error(transparent)]
    Archive(#[from] crate::archive::Error),
}

/// Plays the story of this file on a ledger in this folder.
pub fn play(script: &Script, file: &Path, folder: &Path, handle: &Handle) -> Result<Played, Unplayable> {
    let shelf = Shelf::of(script, file);
    let shelf::Said { rules, argocds } = shelf.read().map_err(|broken| Unplayable::Rules(broken.report))?;
    if rules.program.watches.is_empty() && rules.program.targets.is_empty() {
        return Err(Unplayable::NoRules);
    }
    let mut cast = Cast::new(Told::about(script.changes()));
    cast.argocds = argocds;
    let mut stage = Stage {
        shelf,
        rules,
        ledger: folder.join("ledger.db"),
        handle: handle.clone(),
        actors: Actors::Down { cast: Box::new(cast), until: 0 },
        rows: rows(script),
        cut_until: i64::MIN,
        off_by: 0,
        fires_since: BTreeMap::new(),
        steady: Steady::new(BEGINNING, Duration::ZERO),
    };
    let mut scenes = script.scenes.iter().filter(|scene| !matches!(scene.what, Act::Series(_))).peekable();
    let until = i64::try_from(script.until.millis()).unwrap_or(i64::MAX);
    let mut at = 0;
    while at <= until {
        stage.cast().told.at = Moment(at);
        stage.wake(at)?;
        stage.feed(at);
        while let Some(scene) = scenes.next_if(|scene| scene.at.0 <= at) {
            stage.enact(scene, at)?;
        }
        stage.tick(at)?;
        at += TICK;
    }
    stage.finish()
}

/// Every sample of a script by the moment at which it comes in.
fn rows(script: &Script) -> BTreeMap<i64, Vec<Series>> {
    let mut rows: BTreeMap<i64, Vec<Series>> = BTreeMap::new();
    let millis = |span: Span| i64::try_from(span.millis()).unwrap_or(i64::MAX);
    for Scene { at, what, .. } in &script.scenes {
        let Act::Series(row) = what else { continue };
        let (step, late) = (millis(row.every), millis(row.late));
        for (moment, value) in (0..).map(|index| at.0 + index * step).zip(&row.values) {
            let Some(point) = value.clone() else { continue };
            let at = UnixMillis::new(BEGINNING.millis() + moment);
            let sample = Observation { at, start: None, point };
            let labels = row.labels.clone();
            rows.entry(moment + late).or_default().push(Series { labels, samples: vec![sample] });
        }
    }
    rows
}

struct Stage {
    shelf: Shelf,
    /// What they said when they could be read last.
    rules: Rules,
    ledger: PathBuf,
    handle: Handle,
    actors: Actors,
    rows: BTreeMap<i64, Vec<Series>>,
    /// Until when nothing comes in.
    cut_until: i64,
    /// By how much the clock is off.
    off_by: i64,
    /// Since when each alert fires.
    fires_since: BTreeMap<String, UnixMillis>,
    /// The time that the process lives in.
    steady: Steady,
}

/// How much has passed since the beginning.
fn passed(at: i64) -> Duration {
    Duration::from_millis(at.unsigned_abs())
}

/// Who is there.
enum Actors {
    /// The process runs.
    Up(Box<Drive<Cast>>),
    /// It does not, up to that moment; the others live on.
    Down { cast: Box<Cast>, until: i64 },
}

impl Stage {
    /// What time it is for the process; the wall clock's, where it does not run.
    fn now(&mut self, at: i64) -> UnixMillis {
        let wall = self.wall(at);
        let Actors::Up(drive) = &self.actors else { return wall };
        self.steady.now(wall, passed(at), &drive.store)
    }

    fn wall(&self, at: i64) -> UnixMillis {
        UnixMillis::new(BEGINNING.millis() + at + self.off_by)
    }

    fn cast(&mut self) -> &mut Cast {
        match &mut self.actors {
            Actors::Up(drive) => &mut drive.world,
            Actors::Down { cast, .. } => cast,
        }
    }

    /// Starts the process, where it is time: with an empty store, and all that the ledger knows.
    fn wake(&mut self, at: i64) -> Result<(), Unplayable> {
        let Actors::Down { until, .. } = self.actors else { return Ok(()) };
        if at < until {
            return Ok(());
        }
        let now = self.wall(at);
        self.steady = Steady::new(now, passed(at));
        let archive = self.handle.block_on(Archive::open(&self.ledger, CHAIN))?;
        let records = self.handle.block_on(archive.reader().unfinished(now.minus(REMEMBERED)))?;
        let (engine, effects) = restore(Arc::clone(&self.rules.program), records, now);
        let store = Arc::new(RwLock::new(Store::new(Bounds::default())));
        let cast = std::mem::replace(self.cast(), Cast::new(Told::default()));
        let mut drive = Drive::new(engine, store, archive, self.handle.clone(), cast);
        let carried = drive.carry_out(effects, now);
        self.actors = Actors::Up(Box::new(drive));
        self.survive(carried, at)
    }

    /// Lets the process die, with all that it did not write down, until it is started again.
    fn crash(&mut self, at: i64, down: Span) -> Result<(), Unplayable> {
        let nobody = Box::new(Cast::new(Told::default()));
        let cast = match std::mem::replace(&mut self.actors, Actors::Down { cast: nobody, until: at }) {
            Actors::Up(drive) => Box::new(drive.die()),
            Actors::Down { cast, .. } => cast,
        };
        let until = at.saturating_add(i64::try_from(down.millis()).unwrap_or(i64::MAX));
        self.actors = Actors::Down { cast, until };
        let cast = self.cast();
        cast.answers.clear();
        cast.told.line(&if down.is_zero() {
            "the process dies, and is started again".to_owned()
        } else {
            format!("the process dies, and is started again after {down}")
        });
        self.wake(at)
    }

    /// A death is part of the story; everything else that stops the drive ends it.
    fn survive(&mut self, done: Result<(), Stopped>, at: i64) -> Result<(), Unplayable> {
        match done {
            Err(Stopped::Died) => self.crash(at, Span::ZERO),
            other => Ok(other?),
        }
    }

    /// Samples come in that are due; while nobody takes them they wait, as with any sender of remote write.
    fn feed(&mut self, at: i64) {
        if at < self.cut_until {
            return;
        }
        let now = self.now(at);
        let Actors::Up(drive) = &self.actors else { return };
        let later = self.rows.split_off(&(at + 1));
        let due = std::mem::replace(&mut self.rows, later);
        let mut store = drive.store.write().unwrap_or_else(PoisonError::into_inner);
        for batch in due.into_values() {
            store.append(&batch, now);
        }
    }

    fn happen(&mut self, event: Event, at: i64) -> Result<(), Unplayable> {
        let now = self.now(at);
        match &mut self.actors {
            Actors::Up(drive) => {
                let done = drive.happen(event, now);
                self.survive(done, at)
            }
            Actors::Down { cast, .. } => {
                if event != Event::Tick {
                    cast.told.line("nobody hears of it, as the process is down");
                }
                Ok(())
            }
        }
    }

    /// Somebody is shown all that is asked, and says yes or no to it.
    fn say(&mut self, by: &Name, agrees: bool, at: i64) -> Result<(), Unplayable> {
        let now = self.now(at);
        let Actors::Up(drive) = &mut self.actors else {
            self.cast().told.line("nobody hears of it, as the process is down");
            return Ok(());
        };
        let word = |held: &Held| held.word().to_owned();
        let asked = drive.engine.asked(now);
        let asked = asked.iter().map(|(.., asked)| (asked.decision, asked.spoke.iter().map(word).collect()));
        let asked: Vec<(DecisionId, BTreeSet<String>)> = asked.collect();
        if asked.is_empty() {
            drive.world.told.line(&format!("{by} is not asked about anything"));
        }
        for (decision, lifts) in asked {
            let Actors::Up(drive) = &mut self.actors else { break };
            drive.world.told.line(&format!("{by} {}", if agrees { "agrees" } else { "says no" }));
            let said = Said { decision, by: by.clone(), agrees, lifts, why: String::new() };
            let done = drive.said(said, now).map(|agreed| {
                if let Err(why) = agreed {
                    drive.world.told.line(&format!("that does not count: {why}"));
                }
            });
            self.survive(done, at)?;
        }
        Ok(())
    }

    fn tick(&mut self, at: i64) -> Result<(), Unplayable> {
        self.cast().go_on();
        for answer in std::mem::take(&mut self.cast().answers) {
            self.happen(answer, at)?;
        }
        self.happen(Event::Tick, at)
    }

    fn enact(&mut self, scene: &Scene, at: i64) -> Result<(), Unplayable> {
        match &scene.what {
            Act::Series(_) => {}
            Act::Change(text, provenance) => {
                let line = scene.line;
                let change = read_change(text.as_bytes(), self.now(at), (*provenance, None))
                    .map_err(|why| Unplayable::Change { line, why: why.to_string() })?;
                self.happen(Event::Changed(Box::new(change)), at)?;
            }
            Act::Alert(alert) => {
                let line = scene.line;
                let told = self
                    .notification(alert, at)
                    .map_err(|why| Unplayable::Change { line, why: why.to_string() })?;
                self.happen(Event::Alerted(Box::new(told)), at)?;
            }
            Act::Receiver(receiver) => self.cast().receiver = *receiver,
            Act::Switch { service, off } => {
                let turn = Turn { service: service.clone(), ..Turn::of_all(off.clone(), "the story") };
                self.happen(Event::Switched(turn), at)?;
            }
            Act::Say { by, agrees } => self.say(by, *agrees, at)?,
            Act::SourceCut(span) => {
                self.cut_until = at.saturating_add(i64::try_from(span.millis()).unwrap_or(i64::MAX));
            }
            Act::SourceDeaf(deaf, span) => {
                let until = at.saturating_add(i64::try_from(span.millis()).unwrap_or(i64::MAX));
                self.cast().deaf = Some((*deaf, Moment(until)));
            }
            Act::Crash(down) => self.crash(at, *down)?,
            Act::CrashAt(step) => self.cast().dies_at = Some(*step),
            Act::Object(object, hand) => {
                let now = self.wall(at);
                self.cast().lay(hand, object, now);
            }
            Act::Clock(by) => self.off_by += by,
            Act::Reload(swaps) => {
                self.shelf.swap(swaps);
                match self.shelf.read() {
                    Ok(shelf::Said { rules, argocds }) => {
                        self.cast().argocds = argocds;
                        self.rules = rules.clone();
                        self.happen(Event::Reloaded(rules), at)?;
                    }
                    Err(Broken { first, .. }) => {
                        let line = format!("the rules are broken, {first}, so those in force stay");
                        self.cast().told.line(&line);
                    }
                }
            }
        }
        Ok(())
    }

    /// An alert as Alertmanager tells it, read as what it sends is read.
    fn notification(&mut self, alert: &Alert, at: i64) -> Result<Notification, Problem> {
        let wall = self.wall(at);
        let key = alert.labels.to_string();
        let told = *self.fires_since.entry(key.clone()).or_insert(wall);
        let starts = alert.since.map_or(told, |since| self.wall(since.0));
        if !alert.fires {
            self.fires_since.remove(&key);
        }
        let name = |label: &str| if label == NAME { ALERT_NAME.to_owned() } else { label.to_owned() };
        let labels: BTreeMap<String, &str> =
            alert.labels.iter().map(|(label, value)| (name(label), value)).collect();
        let body = json!({ "version": "4", "alerts": [{
            "status": if alert.fires { "firing" } else { "resolved" },
            "labels": labels,
            "startsAt": starts.to_string(),
            "endsAt": if alert.fires { "0001-01-01T00:00:00Z".to_owned() } else { wall.to_string() },
        }] });
        let by = ("the story".to_owned(), alert.provenance);
        read_alerts(body.to_string().as_bytes(), self.now(at), by)
    }

    /// Ends the story: the ledger has to verify, and every decision has to come out again the same.
    fn finish(self) -> Result<Played, Unplayable> {
        let mut cast = match self.actors {
            Actors::Up(mut drive) => {
                drive.flush()?;
                drive.die()
            }
            Actors::Down { cast, .. } => *cast,
        };
        let archive = self.handle.block_on(Archive::read_only(&self.ledger))?;
        let review = self.handle.block_on(crate::run::review::review(&archive))?;
        for fault in &review.faults {
            cast.told.line(fault);
        }
        let rationale = review.last_rationale.map(|text| format!("{text}\n")).unwrap_or_default();
        Ok(Played { told: cast.told.text(), rationale, faults: review.faults })
    }
}
