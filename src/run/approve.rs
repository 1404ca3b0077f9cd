//! `backstop approve`: saying yes or no to what a decision asks.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::run::args::Approve;
use crate::run::asking::{Asking, Heard};
use crate::run::{Ending, output};

pub(crate) fn run(asked: &Approve) -> Ending {
    let asking = match Asking::new(&asked.url, asked.token_file.as_deref()) {
        Ok(asking) => asking,
        Err(why) => return output::complain(&why),
    };
    let heard = match asking.get("/v1/approvals") {
        Ok(heard) => heard,
        Err(why) => return output::complain(&why),
    };
    let Heard { status: 200, text } = heard else { return refused(&asked.url, &heard) };
    let waiting: Value = serde_json::from_str(&text).unwrap_or_default();
    let waiting = waiting["approvals"].as_array().cloned().unwrap_or_default();
    let Some(decision) = &asked.decision else { return output::print(&list(&waiting), Ending::Clean) };
    // Whoever agrees is shown what speaks against it: what comes up in between is not agreed to.
    let shown = waiting.iter().find(|one| one["decision"] == decision.as_str());
    let lifts = shown.map(|one| words(one).into_iter().map(|(word, _)| word).collect()).unwrap_or_default();
    let lifts: Vec<String> = if asked.no { Vec::new() } else { lifts };
    let body = json!({ "approve": !asked.no, "lifts": lifts, "why": asked.why.clone().unwrap_or_default() });
    match asking.post(&format!("/v1/decisions/{decision}/approval"), &body) {
        Ok(Heard { status: 200, text }) => output::print(&format!("{text}\n"), Ending::Clean),
        Ok(heard) => refused(&asked.url, &heard),
        Err(why) => output::complain(&why),
    }
}

fn refused(url: &str, heard: &Heard) -> Ending {
    output::print(&format!("{url} did not take it ({}): {}\n", heard.status, heard.text), Ending::Found)
}

/// What speaks against one: the words with their reasons.
fn words(one: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let holds = one["holds"].as_array().cloned().unwrap_or_default();
    holds.iter().map(|hold| (text(&hold["word"]), text(&hold["why"]))).collect()
}

fn list(waiting: &[Value]) -> String {
    if waiting.is_empty() {
        return "nothing waits for anybody\n".to_owned();
    }
    let mut list = String::new();
    for one in waiting {
        let text = |key: &str| crate::unit::escaped(one[key].as_str().unwrap_or_default().to_owned());
        let (decision, action, service, version) =
            (text("decision"), text("action"), text("service"), text("version"));
        let of = match one["environment"].as_str() {
            Some(environment) => format!(" in {}", crate::unit::escaped(environment.to_owned())),
            None => String::new(),
        };
        let (agreed, needed) = (one["agreed"].as_array().map_or(0, Vec::len), &one["needed"]);
        writeln!(list, "{decision}  {action}: {service}{of} {version}").ok();
        for (word, why) in words(one) {
            writeln!(list, "  {}: {}", crate::unit::escaped(word), crate::unit::escaped(why)).ok();
        }
        writeln!(list, "  until {}; {agreed} of {needed} agreed", text("until")).ok();
    }
    list.push_str("say `backstop approve DECISION`, or `backstop approve DECISION --no`\n");
    list
}
