//! `backstop explain`, `backstop replay` and `backstop ledger`: what the ledger knows.

use std::path::Path;

use crate::archive::{Archive, Error, OpenError, Reader};
use crate::ledger::{Episode, rationale, replay as replayed};
use crate::run::args::{Explain, Form, Ledger, LedgerWhat, Replay, Which};
use crate::run::review::{named, review};
use crate::run::service::CHAIN;
use crate::run::{Ending, clock, output, rehearse};
use crate::surface::{decisions, exported};
use crate::unit::escaped;

/// Something that a command prints, and how it ends.
type Printed = Result<(String, Ending), Error>;

pub(crate) fn explain(asked: &Explain) -> Ending {
    if let Some(service) = &asked.target {
        return rehearse::run(asked, service);
    }
    on(&asked.which, async |reader| {
        let id = match named(reader, asked.decision.as_deref()).await? {
            Ok(id) => id,
            Err(why) => return Ok((format!("{why}\n"), Ending::Found)),
        };
        let episode = Episode::of(reader.episode(id.cell).await?);
        let text = match asked.output {
            Form::Text => rationale(&episode, id),
            Form::Json => decisions::shown(&episode, id).map(|value| value.to_string()),
        };
        Ok(text.map_or_else(
            || (format!("the ledger holds no decision {id}\n"), Ending::Found),
            |text| (format!("{text}\n"), Ending::Clean),
        ))
    })
}

pub(crate) fn replay(asked: &Replay) -> Ending {
    on(&asked.which, async |reader| {
        if asked.all {
            let review = review(reader).await?;
            let faults = review.faults.iter().fold(String::new(), |text, fault| text + fault + "\n");
            let ending = if review.faults.is_empty() { Ending::Clean } else { Ending::Found };
            return Ok((format!("{faults}{}\n", review.same()), ending));
        }
        let id = match named(reader, asked.decision.as_deref()).await? {
            Ok(id) => id,
            Err(why) => return Ok((format!("{why}\n"), Ending::Found)),
        };
        Ok(match replayed(&Episode::of(reader.episode(id.cell).await?), id) {
            Ok(standing) => {
                let confidence = standing.confidence();
                (
                    format!(
                        "decision {id} comes out the same, bit for bit: {} after {} looks, confidence {confidence}\n",
                        standing.verdict, standing.looks
                    ),
                    Ending::Clean,
                )
            }
            Err(difference) => (format!("{difference}\n"), Ending::Found),
        })
    })
}

pub(crate) fn run(asked: &Ledger) -> Ending {
    match &asked.what {
        LedgerWhat::Verify => on(&asked.which, verify),
        LedgerWhat::Export => on(&asked.which, export),
        LedgerWhat::Accept { by, why } => accept(Path::new(&asked.which.ledger), by, why),
    }
}

async fn verify(reader: &Reader) -> Printed {
    Ok(match reader.verify().await {
        Ok(verified) => {
            let pruned = match verified.pruned {
                0 => String::new(),
                pruned => format!(", the contents of {pruned} of which were pruned"),
            };
            (
                format!(
                    "{} rows{pruned}: each is as it was written, and follows from the one before\n",
                    verified.last.seq
                ),
                Ending::Clean,
            )
        }
        Err(Error::Broken(broken)) => (format!("{broken}\n"), Ending::Found),
        Err(error) => return Err(error),
    })
}

/// Page by page, so that a ledger of any size can be exported.
async fn export(reader: &Reader) -> Printed {
    let mut after = 0;
    loop {
        let page = reader.rows(after).await?;
        let Some(last) = page.last().map(|row| row.header.seq) else {
            return Ok((String::new(), Ending::Clean));
        };
        let text: String = page.iter().map(|row| exported::line(row) + "\n").collect();
        let ending = output::print(&text, Ending::Clean);
        if ending != Ending::Clean {
            return Ok((String::new(), ending));
        }
        after = last;
    }
}

/// Takes a ledger for what it is that was doubted.
fn accept(path: &Path, by: &str, why: &str) -> Ending {
    if by.trim().is_empty() || why.trim().is_empty() {
        return output::complain(
            "whoever reads the ledger will want to know who accepted it, and why: say both",
        );
    }
    // It is made where there is none, which is not what was meant.
    if !path.exists() {
        let path = path.to_owned();
        return output::complain(&OpenError::Missing { path }.to_string());
    }
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return output::complain(&format!("the ledger cannot be opened: {error}")),
    };
    let accepted = runtime.block_on(async {
        let mut archive = Archive::open(path, CHAIN).await.map_err(|error| error.to_string())?;
        let told = (escaped(by.to_owned()), escaped(why.to_owned()));
        let since = archive.accept(clock::now(), told.0, told.1).await.map_err(|error| error.to_string())?;
        archive.close().await.map_err(|error| error.to_string())?;
        Ok::<_, String>(since)
    });
    match accepted {
        Ok(Some(since)) => {
            let text =
                format!("the ledger was doubted since {since}, and is accepted by {by}: start backstop\n");
            output::print(&text, Ending::Clean)
        }
        Ok(None) => {
            output::print("nobody doubts this ledger, so there is nothing to accept\n", Ending::Found)
        }
        Err(why) => output::complain(&why),
    }
}

/// Runs a command on a ledger that somebody else may be writing.
fn on(which: &Which, command: impl AsyncFnOnce(&Reader) -> Printed) -> Ending {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return output::complain(&format!("the ledger cannot be read: {error}")),
    };
    let printed = runtime.block_on(async {
        let reader = Archive::read_only(Path::new(&which.ledger)).await.map_err(|error| error.to_string())?;
        command(&reader).await.map_err(|error| error.to_string())
    });
    match printed {
        Ok((text, ending)) => output::print(&text, ending),
        Err(why) => output::complain(&why),
    }
}
