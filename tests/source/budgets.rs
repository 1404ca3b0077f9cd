//! Budgets: how often, and how much at one time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use backstop::signal::Deaf;
use backstop::source::prometheus::MOST_UNANSWERED;
use tokio::task::JoinSet;

use crate::server::{NOTHING, Server, answer, hold};
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
    let most = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&most);
    let server = Server::start(move |stream, _, _| {
        seen.fetch_add(1, Ordering::SeqCst);
        hold(stream);
    });
    let source = format!("url: '{}', budget: 100000/s, timeout: 1s", server.url());
    let prometheus = client("", &source).unwrap();
    let mut asking = JoinSet::new();
    for _ in 0..MOST_UNANSWERED + 5 {
        let prometheus = prometheus.clone();
        asking.spawn(async move { ask(&prometheus).await.unwrap_err().kind() });
    }
    let ended = asking.join_all().await;
    // Those behind them have waited as long, or find a server that is left alone by then.
    assert!(ended.iter().all(|deaf| matches!(deaf, Deaf::Late | Deaf::BackingOff)), "{ended:?}");
    assert_eq!(most.load(Ordering::SeqCst), MOST_UNANSWERED);
}
