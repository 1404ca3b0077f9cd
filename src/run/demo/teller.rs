//! The teller: says on the terminal what happens, as it happens, and nothing that does not matter.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;

use crate::decision::{Answer, Course, Outcome, Recovery};
use crate::engine::Notice;
use crate::gate::{Ending as Ended, Standing, Verdict};
use crate::ledger::recovery_words;
use crate::run::args::Scenario;
use crate::run::demo::shop::{FAILING, FAILING_BADLY, Turn};
use crate::run::review::Review;
use crate::run::{Ending, clock, output};
use crate::unit::UnixMillis;

/// Tells the story.
pub(super) struct Teller {
    began: UnixMillis,
    /// What was last said of where the gate stands: the same is not said twice.
    said: String,
}

impl Teller {
    pub(super) const fn new(began: UnixMillis) -> Self {
        Self { began, said: String::new() }
    }

    pub(super) fn opening(backstop: SocketAddr, target: SocketAddr, scenario: Scenario) {
        let what = match scenario {
            Scenario::BadCanary => "A shop ships a canary that will go bad.",
            Scenario::Healthy => "A shop ships a canary that is as good as what runs.",
            Scenario::LowTraffic => "A shop that hardly anybody comes to ships a canary.",
        };
        say(&format!("{what}\nbackstop listens on {backstop}, the shop's platform on {target}.\n\n"));
    }

    /// A line, with the seconds since the beginning.
    pub(super) fn line(&self, what: &str) {
        let since = clock::now().since(self.began).millis();
        say(&format!("{:>4}.{}s  {what}\n", since / 1_000, since % 1_000 / 100));
    }

    pub(super) fn turn(&self, turn: Turn) {
        self.line(&match turn {
            Turn::WentBad => {
                let (bad, well) = (FAILING_BADLY / 1_000, FAILING / 1_000);
                format!(
                    "the canary goes bad: of 1,000 requests it fails {bad} now, where stable fails {well}"
                )
            }
            Turn::Recovered { failed, of } => {
                format!("the shop is well again: {failed} of its last {of} requests failed, as few as before")
            }
        });
    }

    pub(super) fn notice(&mut self, notice: &Notice) {
        let line = match notice {
            Notice::Awaited(_) => {
                "the pipeline tells of canary 2.4.1 in place of 2.4.0; gate shop-canary waits for its traffic"
                    .to_owned()
            }
            Notice::Began(..) => {
                "the canary has traffic; the gate looks at it beside the stable version".to_owned()
            }
            Notice::Looked(_, standing) => {
                let said = standing_words(standing);
                if said == self.said {
                    return;
                }
                self.said.clone_from(&said);
                format!("look {}: {said}", standing.looks)
            }
            Notice::Decided(id, Course::Act) => format!("decision {id}: act"),
            Notice::Decided(id, Course::Ask) => format!("decision {id}: ask a person"),
            Notice::Refused(_, why) => format!("not done: {why}"),
            Notice::Sent(_, attempt) => format!("a signed webhook goes out, attempt {attempt}"),
            Notice::Answered(_, _, Answer::Accepted { status, excerpt }) => {
                format!("the platform answers {status}: {excerpt}")
            }
            Notice::Answered(_, _, answer) => format!("the platform answers otherwise: {answer:?}"),
            Notice::Closed(_, Outcome::Verified, _) => {
                "verified: no request reaches the canary any more".to_owned()
            }
            // Nobody changes the rules of a demonstration.
            Notice::Decided(_, Course::Hold)
            | Notice::Closed(_, Outcome::Taken, _)
            | Notice::Withdrawn { .. }
            | Notice::Reloaded { .. }
            | Notice::Alerted(_) => return,
            Notice::Closed(_, outcome, why) => format!("{outcome:?}: {why}"),
            Notice::Recovery(_, Recovery::Begun { .. }) => {
                "the gate looks whether things are well again".to_owned()
            }
            Notice::Recovery(_, recovery) => format!("the gate: {}", recovery_words(recovery)),
            Notice::Ended(_, why, standing) => format!("the gate stops: {}", ending_words(*why, standing)),
        };
        self.line(&line);
    }

    pub(super) fn closing(review: &Review, kept: Option<&Path>) {
        let mut text = String::from("\n");
        if let Some(rationale) = &review.last_rationale {
            text.push_str(rationale);
            text.push_str("\n\n");
        }
        for fault in &review.faults {
            text.extend([fault.as_str(), "\n"]);
        }
        let (rows, same) = (review.rows, review.same());
        let _infallible = writeln!(text, "The ledger has {rows} rows and verifies; {same}.");
        if let Some(folder) = kept {
            let folder = folder.display();
            let _infallible =
                writeln!(text, "Kept: {folder} (backstop explain --ledger {folder}/backstop.db)");
        }
        say(&text);
    }
}

fn standing_words(standing: &Standing) -> String {
    match (standing.verdict, standing.rung()) {
        (Verdict::Pass(_), _) => "proved to be no worse than it may be".to_owned(),
        (_, Some(rung)) => format!("worse than stable, with confidence {rung:.2} or more"),
        (_, None) => "nothing is proved yet".to_owned(),
    }
}

fn ending_words(why: Ended, standing: &Standing) -> String {
    match (why, standing.verdict) {
        (Ended::ActedOn, _) => "the canary was taken back".to_owned(),
        (Ended::Verdict, Verdict::Pass(_)) => "the canary passes, and is left alone".to_owned(),
        (Ended::TimeUp, verdict) => format!("its time is up, and the verdict is {verdict}"),
        (Ended::Superseded, _) => "another change took its place".to_owned(),
        (Ended::NeverBegan, _) => "the canary never had traffic".to_owned(),
        (Ended::Unheard, _) => "its source was not heard in time".to_owned(),
        (Ended::Withdrawn, _) => "the rules say otherwise now".to_owned(),
        (Ended::Resolved, _) => "the alert is resolved".to_owned(),
        (Ended::Verdict, verdict) => verdict.to_string(),
    }
}

/// A terminal that went away has seen enough.
fn say(text: &str) {
    let _seen: Ending = output::print(text, Ending::Clean);
}
