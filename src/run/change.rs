//! `backstop change record`.

use serde_json::json;

use crate::run::args::RecordChange;
use crate::run::asking::{Asking, Heard};
use crate::run::{Ending, output};

pub(crate) fn record(asked: &RecordChange) -> Ending {
    let asking = match Asking::new(&asked.url, asked.token_file.as_deref()) {
        Ok(asking) => asking,
        Err(why) => return output::complain(&why),
    };
    let mut body = json!({
        "service": asked.service,
        "environment": asked.environment,
        "cluster": asked.cluster,
        "version": asked.version,
        "previous": asked.previous,
        "kind": asked.kind,
        "at": asked.at,
        "author": asked.author,
        "git_sha": asked.git_sha,
        "link": asked.link,
        "intent": asked.intent,
        "risk": asked.risk,
        "weight": asked.weight,
    });
    // A server that does not know of it yet takes everything else.
    if asked.irreversible {
        body["reversible"] = json!(false);
    }
    match asking.post("/v1/changes", &body) {
        Ok(Heard { status, text }) if (200..300).contains(&status) => {
            output::print(&format!("{text}\n"), Ending::Clean)
        }
        Ok(Heard { status, text }) => {
            let told = format!("{} did not record it ({status}): {text}\n", asked.url);
            output::print(&told, Ending::Found)
        }
        Err(why) => output::complain(&why),
    }
}
