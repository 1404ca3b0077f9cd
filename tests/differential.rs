//! Random expressions over random samples, put to a real Prometheus as well: both must answer the same.
//!
//! `DIFFERENTIAL_SEED=n` asks those of one seed again, `DIFFERENTIAL_COUNT=n` so many of it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![expect(clippy::print_stderr, reason = "the seed is for people to read")]

#[path = "differential/answers.rs"]
mod answers;
#[path = "kit/chance.rs"]
mod chance;
#[path = "differential/data.rs"]
mod data;
#[path = "differential/grammar.rs"]
mod grammar;
#[path = "kit/peer.rs"]
mod peer;
#[path = "kit/skip.rs"]
mod skip;

use std::path::{Path, PathBuf};

use answers::{Answers, differ, ours, theirs};
use backstop::promql::When;
use backstop::unit::{Span, UnixMillis};
use chance::Chance;
use grammar::Grammar;

/// The seeds of each run, and how many expressions each has.
const SEEDS: [u64; 3] = [1, 2, 3];
const COUNT: usize = 1_000;

fn named(variable: &str, program: &str) -> PathBuf {
    std::env::var_os(variable).map_or_else(|| PathBuf::from(program), PathBuf::from)
}

fn is_3(program: &Path) -> bool {
    let told = std::process::Command::new(program).arg("--version").output();
    told.is_ok_and(|told| {
        let all = [told.stdout, told.stderr].concat();
        String::from_utf8_lossy(&all).contains("version 3.")
    })
}

#[test]
fn answers_are_those_of_prometheus() {
    let (prometheus, promtool) =
        (named("BACKSTOP_PROMETHEUS", "prometheus"), named("BACKSTOP_PROMTOOL", "promtool"));
    if !is_3(&prometheus) || !is_3(&promtool) {
        return skip::skip("expressions put to a Prometheus as well", "prometheus 3.x and promtool 3.x");
    }
    let folder = std::env::temp_dir().join(format!("backstop-differential-{}", std::process::id()));
    let series = data::series(&mut Chance(7));
    peer::blocks(&promtool, &folder, |file| data::write(&series, file));
    let store = data::store(&series);
    let peer = peer::start(&prometheus, &folder).unwrap();
    let number = |variable: &str| std::env::var(variable).ok().and_then(|text| text.parse::<u64>().ok());
    let seeds = number("DIFFERENTIAL_SEED").map_or(SEEDS.to_vec(), |seed| vec![seed]);
    let count = number("DIFFERENTIAL_COUNT").map_or(COUNT, |count| usize::try_from(count).unwrap());
    let (mut different, mut worth, mut failed) = (Vec::new(), 0, 0);
    for seed in seeds {
        eprintln!("seed {seed}: {count} expressions");
        let mut grammar = Grammar::new(seed);
        for _ in 0..count {
            let text = grammar.expression();
            let when = when(&mut grammar.chance);
            let (own, other) = (ours(&text, when, &store), theirs(&text, when, peer.address));
            match &own {
                Answers::Failed(_) => failed += 1,
                Answers::Rows(rows) => worth += usize::from(!rows.is_empty()),
            }
            if let Some(how) = differ(&own, &other) {
                different.push(format!("seed {seed}: {text}\n  at {when:?}\n  {how}"));
            }
        }
    }
    drop(peer);
    std::fs::remove_dir_all(folder).ok();
    eprintln!("{worth} have values, {failed} fail on both sides, {} differ", different.len());
    assert!(different.is_empty(), "{}", different.join("\n"));
    assert!(failed < worth, "{worth} have values, and {failed} fail: the grammar says too little");
}

/// A moment, or some steps.
fn when(chance: &mut Chance) -> When {
    let within = |chance: &mut Chance| data::BEGAN + data::within(chance, data::LENGTH + 300_000);
    let at = within(chance);
    if chance.share() < 0.5 {
        return When::At(UnixMillis::new(at));
    }
    let steps = data::within(chance, 40);
    let step = 1_000 * (1 + data::within(chance, 90));
    When::Range {
        from: UnixMillis::new(at),
        to: UnixMillis::new(at + steps * step),
        step: Span::from_millis(u64::try_from(step).unwrap()),
    }
}
