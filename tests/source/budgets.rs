//! Budgets: how often, and how much at one time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::Duration;

use backstop::signal::Deaf;
use backstop::source::prometheus::MOST_UNANSWERED;
use tokio::task::JoinSet;

use crate::process::wait;
use crate::server::{NOTHING, Server, answer};
use crate::{ask, client};

#[tokio::test]
async fn a_query_without_a_turn_in_time_is_told_so_and_not_sent() {
    let server = Server::start(|stream, _, _| answer(stream, "200 OK", NOTHING));
    let source = format!("url: '{}', budget: 2/h, timeout: 2s", server.url());
    let prometheus = client("", &source).unwrap();
    ask(&prometheus).await.unwrap();
    let error = ask(&prometheus).await.unwrap_err();
    assert_eq!(error.kind(), Deaf::OverBudget);
    assert!(error.may_pass() && error.to_string().contains("its `budget: 2/h` lets it be"), "{error}");
    assert_eq!(server.queries(), 1);
    let usage = prometheus.usage();
    assert_eq!((usage.answered, usage.waited), (1, 0));
}

#[tokio::test]
async fn whoever_waits_has_a_turn_and_is_counted() {
    let server = Server::start(|stream, _, _| answer(stream, "200 OK", NOTHING));
    let source = format!("url: '{}', budget: 20/s, timeout: 30s", server.url());
    let prometheus = client("", &source).unwrap();
    let mut asking = JoinSet::new();
    for _ in 0..10 {
        let prometheus = prometheus.clone();
        asking.spawn(async move { ask(&prometheus).await.is_ok() });
    }
    assert!(asking.join_all().await.into_iter().all(|heard| heard));
    let usage = prometheus.usage();
    assert_eq!(usage.answered, 10);
    // Two may go out at once; on a slow machine some more have a turn by the time they come.
    assert!((1..=8).contains(&usage.waited), "{}", usage.waited);
}

#[tokio::test]
async fn a_server_has_so_many_questions_before_it_and_no_more() {
    let (arrived, before) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let most = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&most);
    let server = Server::start(move |stream, _, _| {
        seen.fetch_max(before.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        arrived.fetch_add(1, Ordering::SeqCst);
        wait("as many questions as there may be", || {
            (MOST_UNANSWERED <= arrived.load(Ordering::SeqCst)).then_some(())
        });
        // Time for one more, if there were one more.
        sleep(Duration::from_millis(100));
        before.fetch_sub(1, Ordering::SeqCst);
        answer(stream, "200 OK", NOTHING);
    });
    let source = format!("url: '{}', budget: 100000/s, timeout: 30s", server.url());
    let prometheus = client("", &source).unwrap();
    let mut asking = JoinSet::new();
    for _ in 0..2 * MOST_UNANSWERED {
        let prometheus = prometheus.clone();
        asking.spawn(async move { ask(&prometheus).await.is_ok() });
    }
    assert!(asking.join_all().await.into_iter().all(|heard| heard));
    assert_eq!(most.load(Ordering::SeqCst), MOST_UNANSWERED);
    assert_eq!(prometheus.usage().waited, MOST_UNANSWERED as u64);
}
