//! `backstop demo`: the same service as `backstop serve`, on loopback, with a simulated shop that sends it real remote
//! write and a target that takes its webhooks. Nothing inside is put on: the story is whatever comes of it.

mod rules;
mod shop;
mod target;
mod teller;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::archive::Archive;
use crate::decision::Recovery;
use crate::engine::Notice;
use crate::gate::{Ending as Ended, Verdict};
use crate::run::args::{Demo, Scenario};
use crate::run::demo::rules::{Pace, rules};
use crate::run::demo::shop::{Shop, Turn};
use crate::run::demo::target::Target;
use crate::run::demo::teller::Teller;
use crate::run::scratch::Folder;
use crate::run::service::{Setup, start};
use crate::run::{Ending, clock, load, output, review};

/// The token of the demonstration's pipeline, which is also the shop's.
const TOKEN: &str = "demonstration-only";

pub(crate) fn run(asked: &Demo) -> Ending {
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return output::complain(&format!("no thread can be started: {error}")),
    };
    match runtime.block_on(demo(asked)) {
        Ok(ending) => ending,
        Err(why) => output::complain(&why),
    }
}

/// What came of the release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Came {
    TakenBack,
    LeftAlone,
    Undecided,
}

async fn demo(asked: &Demo) -> Result<Ending, String> {
    let pace = Pace::of(asked.fast, asked.scenario);
    let mut folder = Folder::new("demo").map_err(|error| format!("no folder can be made: {error}"))?;
    let target = Target::start().await?;
    std::fs::write(folder.path().join("token"), TOKEN).map_err(|error| error.to_string())?;
    std::fs::write(folder.path().join("hook"), target::SECRET).map_err(|error| error.to_string())?;
    let text = rules(&pace, folder.path(), target.address());
    std::fs::write(folder.path().join("backstop.yaml"), &text).map_err(|error| error.to_string())?;
    let loaded = load::load(&[folder.path().join("backstop.yaml").display().to_string()], None)?;
    let (listener, notices) = unbounded_channel();
    let ledger = folder.path().join("backstop.db");
    let listen = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let hears = Some(listener);
    let setup =
        Setup { loaded, ledger: ledger.clone(), listen, listener: hears, exporter: None, origin: None };
    let service = start(setup).await.map_err(|error| error.to_string())?;
    let mut teller = Teller::new(clock::now());
    Teller::opening(service.address, target.address(), asked.scenario);
    let (told, turns) = unbounded_channel();
    let outside = (Arc::clone(&target.canary_is_up), told);
    let shop = Shop::open(service.address, pace, asked.scenario, outside).await?;
    let came = follow((notices, turns), &mut teller, &pace).await;
    shop.close().await;
    service.stop().await;
    let reader = Archive::read_only(&ledger).await.map_err(|error| error.to_string())?;
    let review = review::review(&reader).await.map_err(|error| error.to_string())?;
    Teller::closing(&review, asked.keep.then(|| folder.path()));
    if asked.keep {
        folder.keep();
    }
    Ok(match (asked.scenario, came) {
        _ if !review.faults.is_empty() => Ending::Found,
        (Scenario::BadCanary, Some(Came::TakenBack)) => Ending::Clean,
        (Scenario::Healthy, Some(Came::LeftAlone)) => Ending::LeftAlone,
        (Scenario::LowTraffic, Some(Came::Undecided)) => Ending::Undecided,
        (Scenario::BadCanary | Scenario::Healthy | Scenario::LowTraffic, _) => Ending::Found,
    })
}

/// Follows what happens until the gate has stopped and the shop is well, by itself and by what the gate saw of it, or patience has run out.
async fn follow(
    (mut notices, mut turns): (UnboundedReceiver<Notice>, UnboundedReceiver<Turn>),
    teller: &mut Teller,
    pace: &Pace,
) -> Option<Came> {
    let patience = tokio::time::sleep(Duration::from_millis(pace.patience.millis()));
    tokio::pin!(patience);
    let (mut came, mut is_well, mut recovered) = (None, false, None);
    loop {
        tokio::select! {
            Some(turn) = turns.recv() => {
                teller.turn(turn);
                is_well |= matches!(turn, Turn::Recovered { .. });
            }
            notice = notices.recv() => {
                let notice = notice?;
                teller.notice(&notice);
                if let Notice::Ended(_, why, standing) = &notice {
                    came = Some(outcome(*why, standing.verdict)?);
                }
                if let Notice::Recovery(_, recovery) = &notice {
                    recovered = is_recovered(recovery);
                }
            }
            () = &mut patience => {
                teller.line("this takes longer than it may");
                return None;
            }
        }
        match came {
            Some(Came::TakenBack) if recovered == Some(false) => return None,
            Some(Came::TakenBack) if !is_well || recovered.is_none() => {}
            Some(came) => return Some(came),
            None => {}
        }
    }
}

/// Whether the gate saw that things are well again; nothing while it looks.
const fn is_recovered(recovery: &Recovery) -> Option<bool> {
    match recovery {
        Recovery::Begun { .. } => None,
        Recovery::Recovered { .. } => Some(true),
        Recovery::Unrecovered { .. } | Recovery::Superseded | Recovery::Withdrawn => Some(false),
    }
}

/// What a gate's end means for the release.
const fn outcome(why: Ended, verdict: Verdict) -> Option<Came> {
    match (why, verdict) {
        (Ended::ActedOn, _) => Some(Came::TakenBack),
        (Ended::Verdict, Verdict::Pass(_)) => Some(Came::LeftAlone),
        (Ended::TimeUp, Verdict::Inconclusive(_)) => Some(Came::Undecided),
        (
            Ended::Verdict
            | Ended::TimeUp
            | Ended::Superseded
            | Ended::NeverBegan
            | Ended::Unheard
            | Ended::Withdrawn
            | Ended::Resolved,
            _,
        ) => None,
    }
}
