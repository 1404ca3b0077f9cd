//! Whoever hears of things as they happen. Each has a place in a ring of what was told: one that falls behind by more than
//! that is told how much it lost, and whoever tells never waits for anybody.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast, mpsc};
use tokio::time::MissedTickBehavior;

use crate::surface::metrics::ListenerFigures;

/// How many may listen at once.
pub const MOST_LISTENERS: usize = 32;

/// By how many events one may fall behind.
pub const KEPT: usize = 1_024;

/// How often those who hear nothing are told that somebody is there.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// After how many milliseconds one that was cut off comes again.
const AGAIN: u32 = 3_000;

/// All of them.
#[derive(Debug)]
pub struct Listeners {
    /// Nothing once nobody is told anything more.
    ring: Mutex<Option<broadcast::Sender<Told>>>,
    places: Arc<Semaphore>,
    /// What tells the numbers of this process from those of another.
    epoch: String,
    number: AtomicU64,
    refused: AtomicU64,
    lost: AtomicU64,
}

/// Something that was told, as it is written.
#[derive(Debug, Clone)]
struct Told {
    text: Bytes,
}

/// One of them.
#[derive(Debug)]
pub(super) struct Listener {
    ring: broadcast::Receiver<Told>,
    _place: OwnedSemaphorePermit,
    listeners: Arc<Listeners>,
    /// How much happened since what it heard last, where that is known.
    missed: Option<u64>,
}

impl Listeners {
    /// Nobody yet; of a process that began at this moment.
    pub fn new(began: i64) -> Self {
        let (ring, _) = broadcast::channel(KEPT);
        Self {
            ring: Mutex::new(Some(ring)),
            places: Arc::new(Semaphore::new(MOST_LISTENERS)),
            epoch: format!("{began:x}"),
            number: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            lost: AtomicU64::new(0),
        }
    }

    /// Tells everybody; what it is about is put into words where there is anybody.
    pub fn tell(&self, event: &str, data: impl FnOnce() -> String) {
        let number = self.number.fetch_add(1, Ordering::Relaxed) + 1;
        let ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(ring) = ring.as_ref().filter(|ring| 0 < ring.receiver_count()) else { return };
        let (epoch, data) = (&self.epoch, data());
        let text = format!("id: {epoch}-{number}\nevent: {event}\ndata: {data}\n\n");
        // The last one may have gone just now.
        ring.send(Told { text: text.into() }).ok();
    }

    /// Ends it for everybody, once they heard what was told.
    pub fn close(&self) {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// Figures of them.
    pub fn figures(&self) -> ListenerFigures {
        ListenerFigures {
            open: (MOST_LISTENERS - self.places.available_permits()) as u64,
            refused: self.refused.load(Ordering::Relaxed),
            told: self.number.load(Ordering::Relaxed),
            lost: self.lost.load(Ordering::Relaxed),
        }
    }

    /// Another one, who may say what they heard last; why not, where they are too many.
    pub(super) fn join(self: &Arc<Self>, last: Option<&str>) -> Result<Listener, String> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| {
            self.refused.fetch_add(1, Ordering::Relaxed);
            format!("{MOST_LISTENERS} others listen already")
        })?;
        let ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let ring = ring.as_ref().ok_or_else(|| "backstop is stopping".to_owned())?.subscribe();
        let heard = last.and_then(|last| last.rsplit_once('-')).filter(|(epoch, _)| *epoch == self.epoch);
        let heard = heard.and_then(|(_, number)| number.parse::<u64>().ok());
        let missed = heard.map(|heard| self.number.load(Ordering::Relaxed).saturating_sub(heard));
        Ok(Listener { ring, _place: place, listeners: Arc::clone(self), missed })
    }
}

impl Listener {
    /// Lets whoever takes the frames hear of everything, until they are gone or nobody tells anything more.
    pub(super) async fn follow(mut self, frames: mpsc::Sender<Bytes>) {
        let mut beat = tokio::time::interval_at(tokio::time::Instant::now() + HEARTBEAT, HEARTBEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut next = Some(Bytes::from(format!(": backstop tells what happens\nretry: {AGAIN}\n\n")));
        let mut behind = self.missed.take().filter(|missed| 0 < *missed);
        loop {
            let frame = match (next.take(), behind.take()) {
                (Some(frame), missed) => {
                    behind = missed;
                    frame
                }
                (None, Some(missed)) => self.lost(missed),
                (None, None) => tokio::select! {
                    () = frames.closed() => return,
                    told = self.ring.recv() => match told {
                        Ok(told) => told.text,
                        Err(RecvError::Lagged(missed)) => self.lost(missed),
                        Err(RecvError::Closed) => return,
                    },
                    _ = beat.tick() => Bytes::from_static(b": still here\n\n"),
                },
            };
            if frames.send(frame).await.is_err() {
                return;
            }
        }
    }

    /// That it lost something. It has no number: what comes next has.
    fn lost(&self, missed: u64) -> Bytes {
        self.listeners.lost.fetch_add(missed, Ordering::Relaxed);
        format!("event: lost\ndata: {{\"events\":{missed}}}\n\n").into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn text(frames: &mut mpsc::Receiver<Bytes>) -> Option<String> {
        frames.recv().await.map(|frame| String::from_utf8(frame.to_vec()).unwrap())
    }

    fn follows(listener: Listener) -> mpsc::Receiver<Bytes> {
        let (frames, heard) = mpsc::channel(1);
        tokio::spawn(listener.follow(frames));
        heard
    }

    #[tokio::test]
    async fn whoever_falls_behind_is_told_by_how_much() {
        let listeners = Arc::new(Listeners::new(255));
        listeners.tell("unheard", || panic!("nobody is there to be told"));
        let mut slow = follows(listeners.join(None).unwrap());
        assert!(text(&mut slow).await.unwrap().contains("retry: 3000\n\n"));
        listeners.tell("first", || "{}".to_owned());
        assert_eq!(text(&mut slow).await.unwrap(), "id: ff-2\nevent: first\ndata: {}\n\n");
        let many = KEPT as u64 + 20;
        for number in 0..many {
            listeners.tell("more", || number.to_string());
        }
        listeners.close();
        let (mut heard, mut lost) = (0, 0);
        while let Some(frame) = text(&mut slow).await {
            let missed = frame.strip_prefix("event: lost\ndata: {\"events\":").map(str::trim_end);
            match missed.and_then(|rest| rest.strip_suffix('}')) {
                Some(missed) => lost += missed.parse::<u64>().unwrap(),
                None => heard += 1,
            }
        }
        assert!(20 <= lost && heard + lost == many, "{heard} heard, {lost} lost");
        let figures = listeners.figures();
        assert_eq!((figures.told, figures.lost, figures.refused), (many + 2, lost, 0));
        assert_eq!(listeners.join(None).unwrap_err(), "backstop is stopping");
    }

    #[tokio::test]
    async fn whoever_comes_again_is_told_what_they_missed_if_that_is_known() {
        let listeners = Arc::new(Listeners::new(255));
        for _ in 0..5 {
            listeners.tell("more", String::new);
        }
        for (last, missed) in
            [("ff-3", Some("2")), ("ff-5", None), ("fe-3", None), ("ff-x", None), ("", None), ("ff-9", None)]
        {
            let mut again = follows(listeners.join(Some(last)).unwrap());
            text(&mut again).await.unwrap();
            listeners.tell("next", String::new);
            let next = text(&mut again).await.unwrap();
            let told = missed.map(|missed| format!("event: lost\ndata: {{\"events\":{missed}}}\n\n"));
            assert_eq!(told.as_ref().is_some_and(|told| *told == next), missed.is_some(), "{last}: {next}");
            // Back to five for the next row.
            listeners.number.store(5, Ordering::Relaxed);
        }
    }

    #[tokio::test]
    async fn only_so_many_may_listen_and_a_place_is_free_when_one_goes() {
        let listeners = Arc::new(Listeners::new(0));
        let mut all: Vec<_> = (0..MOST_LISTENERS).map(|_| follows(listeners.join(None).unwrap())).collect();
        assert!(listeners.join(None).unwrap_err().contains("32 others listen"));
        assert_eq!((listeners.figures().open, listeners.figures().refused), (32, 1));
        all.pop();
        while listeners.figures().open == 32 {
            tokio::task::yield_now().await;
        }
        assert!(listeners.join(None).is_ok());
    }
}
