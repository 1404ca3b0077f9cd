//! Rest: how long a server is left alone that says it is asked too much, or that cannot be reached.

use std::sync::Mutex;
use std::time::Duration;

use tokio::time::Instant;
use xxhash_rust::xxh64::xxh64;

use crate::unit::Span;

/// The first rest, where nobody says how long it should be; each that follows on another is twice as long.
pub const SHORTEST_REST: Span = Span::from_secs(1);

/// The longest rest of our own choosing: a server that is back is known to be after this.
pub const LONGEST_REST: Span = Span::from_secs(30);

/// The longest rest that a server can ask for. One that asks for more is asked again, and may say so again.
pub const LONGEST_REST_ASKED: Span = Span::from_secs(300);

/// After how many questions in a row that nobody answered a server is left alone.
pub const UNANSWERED: u32 = 3;

/// By which part of itself a rest may be longer, so that not all who were sent away come back at once.
const SPREAD: u64 = 8;

/// What is known of how a server can be asked.
#[derive(Debug)]
pub(crate) struct Rest {
    /// Whose rests these are: those of two servers do not end at one moment.
    of: String,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The number of the last rest.
    number: u64,
    until: Option<Instant>,
    why: String,
    /// How many rests followed on one another, without a good answer between.
    doubled: u32,
    unanswered: u32,
}

/// How a question ended, as far as rests go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Met {
    /// Somebody answered, whatever they said.
    Answered,
    /// Nobody did.
    Nobody,
    /// It is asked too much, and asks to be left alone for so long, where it says so.
    TooMuch(Option<Span>),
}

/// Which rest was the last when a question was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Since(u64);

impl Rest {
    pub(crate) fn new(of: &str) -> Self {
        Self { of: of.to_owned(), state: Mutex::default() }
    }

    /// That it may be asked now; else for how much longer it is left alone, and why.
    pub(crate) fn over(&self) -> Result<Since, (Span, String)> {
        let state = self.state();
        let left = state.until.map_or(Duration::ZERO, |until| until.duration_since(Instant::now()));
        if left.is_zero() {
            return Ok(Since(state.number));
        }
        // Rounded up, or whoever comes back then would be early.
        let left = left.as_nanos().div_ceil(1_000_000);
        Err((Span::from_millis(u64::try_from(left).unwrap_or(u64::MAX)), state.why.clone()))
    }

    /// Notes how a question ended. One that was asked before the last rest tells nothing of what came after it.
    pub(crate) fn note(&self, since: Since, met: Met, why: impl FnOnce() -> String) {
        let mut state = self.state();
        if since.0 != state.number {
            return;
        }
        let asked = match met {
            Met::Answered => {
                (state.unanswered, state.doubled) = (0, 0);
                return;
            }
            Met::Nobody => {
                state.unanswered = state.unanswered.saturating_add(1);
                if state.unanswered < UNANSWERED {
                    return;
                }
                None
            }
            Met::TooMuch(asked) => {
                state.unanswered = 0;
                asked
            }
        };
        let own =
            SHORTEST_REST.millis().saturating_mul(1 << state.doubled.min(16)).min(LONGEST_REST.millis());
        let asked = asked.map(|asked| asked.millis().min(LONGEST_REST_ASKED.millis()));
        let rest = asked.unwrap_or(own).max(SHORTEST_REST.millis());
        state.doubled = state.doubled.saturating_add(1);
        state.number += 1;
        let more = xxh64(self.of.as_bytes(), state.number) % (rest / SPREAD);
        state.until = Some(Instant::now() + Duration::from_millis(rest + more));
        state.why = why();
    }

    /// Nothing in here panics while it holds the lock; and if it did, what is known would be as good as before.
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Met::{Answered, Nobody, TooMuch};

    fn meet(rest: &Rest, met: Met) {
        rest.note(rest.over().unwrap(), met, || "it said so".to_owned());
    }

    /// For how long it is left alone now, in seconds without what is added.
    fn left(rest: &Rest) -> u64 {
        rest.over().err().map_or(0, |(left, _)| left.millis() * SPREAD / (SPREAD + 1) / 1_000 + 1)
    }

    async fn pass(rest: &Rest) {
        if let Err((left, _)) = rest.over() {
            tokio::time::advance(Duration::from_millis(left.millis())).await;
        }
        assert!(rest.over().is_ok());
    }

    fn between(rest: &Rest, seconds: u64) {
        let (left, why) = rest.over().unwrap_err();
        let (least, most) = (seconds * 1_000, seconds * 1_000 * (SPREAD + 1) / SPREAD);
        assert!((least..=most).contains(&left.millis()), "{left} where {seconds}s are due");
        assert_eq!(why, "it said so");
    }

    #[tokio::test(start_paused = true)]
    async fn rests_double_up_to_a_bound_and_end_with_an_answer() {
        let rest = Rest::new("http://a");
        for seconds in [1, 2, 4, 8, 16, 30, 30] {
            meet(&rest, TooMuch(None));
            between(&rest, seconds);
            pass(&rest).await;
        }
        meet(&rest, Answered);
        meet(&rest, TooMuch(None));
        between(&rest, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_says_how_long_within_bounds() {
        for (asked, seconds) in [(0, 1), (1, 1), (7, 7), (120, 120), (300, 300), (86_400, 300)] {
            let rest = Rest::new("http://a");
            meet(&rest, TooMuch(Some(Span::from_secs(asked))));
            between(&rest, seconds);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_run_without_an_answer_leads_to_a_rest_and_a_few_do_not() {
        let rest = Rest::new("http://a");
        for met in [Nobody, Nobody, Answered, Nobody, Nobody, Answered] {
            meet(&rest, met);
            assert_eq!(left(&rest), 0);
        }
        meet(&rest, Nobody);
        meet(&rest, Nobody);
        for seconds in [1, 2, 4, 8, 16, 30] {
            // What goes unanswered after a rest is the same run.
            meet(&rest, Nobody);
            between(&rest, seconds);
            pass(&rest).await;
        }
        meet(&rest, Answered);
        meet(&rest, Nobody);
        assert_eq!(left(&rest), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_asked_before_a_rest_changes_nothing_of_it() {
        let rest = Rest::new("http://a");
        let before: Vec<Since> = (0..20).map(|_| rest.over().unwrap()).collect();
        for since in before {
            rest.note(since, TooMuch(None), || "it said so".to_owned());
            between(&rest, 1);
            rest.note(since, Answered, String::new);
            between(&rest, 1);
        }
        pass(&rest).await;
        meet(&rest, TooMuch(None));
        between(&rest, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn two_servers_do_not_come_back_at_one_moment() {
        let left: Vec<Span> = ["http://a", "http://b", "http://c"]
            .into_iter()
            .map(|of| {
                let rest = Rest::new(of);
                meet(&rest, TooMuch(Some(Span::from_secs(60))));
                rest.over().unwrap_err().0
            })
            .collect();
        assert!(left[0] != left[1] && left[1] != left[2] && left[0] != left[2], "{left:?}");
    }
}
