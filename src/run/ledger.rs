//! `backstop explain`, `backstop replay` and `backstop ledger`: what the ledger knows.

use std::path::Path;

use crate::archive::{Archive, Error, Reader};
use crate::ledger::{Episode, rationale, replay as replayed};
use crate::run::args::{Explain, Form, Ledger, LedgerWhat, Replay, Which};
use crate::run::review::{named, review};
use crate::run::{Ending, output};
use crate::surface::{decisions, exported};

/// Something that a command prints, and how it ends.
type Printed = Result<(String, Ending), Error>;

pub(crate) fn explain(asked: &Explain) -> Ending {
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
    match asked.what {
        LedgerWhat::Verify => on(&asked.which, verify),
        LedgerWhat::Export => on(&asked.which, export),
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
