//! Budgets: how often a server is asked, however many ask.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep};

use crate::unit::{Rate, Span};

/// What part of a budget may be spent at once, after a pause: so in no stretch of its length is it exceeded by more.
const AT_ONCE: u32 = 10;

type Limiter = RateLimiter<NotKeyed, InMemoryState, Timer, NoOpMiddleware<Duration>>;

/// Turns to ask, handed out in the order in which they are waited for.
#[derive(Debug)]
pub(super) struct Budget {
    rate: Rate,
    limiter: Limiter,
    /// Whoever is first in the line: the others need not look before they are.
    first: Mutex<()>,
}

impl Budget {
    /// One that lets so many pass; one at least, as nothing else could ever be asked. It has to be made where there is
    /// a timer.
    pub(super) fn new(rate: Rate) -> Self {
        let times = NonZeroU32::new(rate.times()).unwrap_or(NonZeroU32::MIN);
        let at_once = NonZeroU32::new(times.get() / AT_ONCE).unwrap_or(NonZeroU32::MIN);
        let apart = Duration::from_millis(rate.per().millis()) / times.get();
        let quota = Quota::with_period(apart.max(Duration::from_nanos(1)));
        let quota = quota.unwrap_or(Quota::per_second(times)).allow_burst(at_once);
        let timer = Timer { from: Instant::now() };
        Self { rate, limiter: RateLimiter::direct_with_clock(quota, timer), first: Mutex::new(()) }
    }

    /// How much it is.
    pub(super) const fn rate(&self) -> Rate {
        self.rate
    }

    /// Waits for a turn, for so long at the most: whether there was one at once; nothing, where there was none in time.
    pub(super) async fn turn(&self, within: Span) -> Option<bool> {
        let waited = tokio::time::timeout(Duration::from_millis(within.millis()), self.next());
        waited.await.ok()
    }

    async fn next(&self) -> bool {
        let mut at_once = true;
        let _first = if let Ok(first) = self.first.try_lock() {
            first
        } else {
            at_once = false;
            self.first.lock().await
        };
        while let Err(not_until) = self.limiter.check() {
            at_once = false;
            sleep(not_until.wait_time_from(self.limiter.clock().now())).await;
        }
        at_once
    }
}

/// The runtime's own timer, by which it waits too.
#[derive(Debug, Clone)]
struct Timer {
    from: Instant,
}

impl Clock for Timer {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.from.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn budget(text: &str) -> Arc<Budget> {
        Arc::new(Budget::new(text.parse().unwrap()))
    }

    /// When each of so many got its turn, in milliseconds.
    async fn turns(budget: &Arc<Budget>, many: usize, within: Span) -> Vec<Option<u128>> {
        let from = Instant::now();
        let one = || {
            let budget = Arc::clone(budget);
            tokio::spawn(async move { budget.turn(within).await.map(|_| from.elapsed().as_millis()) })
        };
        let all: Vec<_> = (0..many).map(|_| one()).collect();
        let mut turns = Vec::new();
        for turn in all {
            turns.push(turn.await.unwrap());
        }
        turns
    }

    #[tokio::test(start_paused = true)]
    async fn turns_are_spread_and_come_in_order() {
        for (rate, many, last) in [
            ("20/s", 1, 0),
            ("20/s", 2, 0),
            ("20/s", 3, 50),
            ("20/s", 42, 2_000),
            ("600/m", 60, 0),
            ("600/m", 61, 100),
            ("1/s", 3, 2_000),
            ("0/s", 3, 2_000),
            ("1/h", 2, 3_600_000),
        ] {
            let turns = turns(&budget(rate), many, Span::from_secs(86_400)).await;
            assert!(turns.is_sorted() && turns[0] == Some(0), "{rate}: {turns:?}");
            // A timer may be a millisecond late for each that waits.
            let (ended, late) = (turns[many - 1].unwrap(), many as u128);
            assert!((last..=last + late).contains(&ended), "{rate}: the last of {many} after {ended} ms");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn in_no_stretch_is_a_budget_exceeded_by_more_than_a_tenth() {
        let budget = budget("600/m");
        // A pause saves up no more than what may be spent at once.
        sleep(Duration::from_secs(3_600)).await;
        let turns = turns(&budget, 2_000, Span::from_secs(3_600)).await;
        let at: Vec<u128> = turns.into_iter().flatten().collect();
        for (index, from) in at.iter().enumerate() {
            let within = at[index..].iter().take_while(|at| **at < from + 60_000).count();
            assert!(within <= 660, "{within} from {from} ms on");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_has_no_turn_in_time_is_told_and_takes_none_from_others() {
        let budget = budget("1/s");
        let first = turns(&budget, 4, Span::from_millis(1_500)).await;
        assert_eq!(first.iter().filter(|turn| turn.is_some()).count(), 2, "{first:?}");
        sleep(Duration::from_millis(600)).await;
        assert_eq!(budget.turn(Span::from_millis(100)).await, Some(true));
        assert_eq!(budget.turn(Span::from_millis(100)).await, None);
        assert_eq!(budget.turn(Span::from_millis(1_000)).await, Some(false));
    }
}
