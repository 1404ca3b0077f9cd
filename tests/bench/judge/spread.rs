//! Work spread over the processors. Each piece has a seed of its own, so what comes out never depends on how.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What each of these leads to, in their order.
pub(crate) fn each<T: Sync, R: Send>(pieces: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    let worker = || {
        while let Some((number, piece)) = take(&next, pieces) {
            let result = work(piece);
            done.lock().unwrap().push((number, result));
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(worker);
        }
    });
    let mut done = done.into_inner().unwrap();
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, result)| result).collect()
}

fn take<'a, T>(next: &AtomicUsize, pieces: &'a [T]) -> Option<(usize, &'a T)> {
    let number = next.fetch_add(1, Ordering::Relaxed);
    pieces.get(number).map(|piece| (number, piece))
}
