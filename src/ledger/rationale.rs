//! The rationale: an episode in plain words, for whoever is woken by it. Everything in it is folded again from counts
//! and facts, so it says what was judged and nothing else.

mod figures;
mod levels;
mod mixed;
mod native;
mod above;
mod alert;
mod passages;
mod sliced;
mod conclusion;
mod prospect;
mod answers;
mod deeds;
mod recovered;
mod judged;

pub use judged::Grounds;

pub use answers::answer_lines;
pub use conclusion::{reason, reason_of_slice};
pub use prospect::{Prospect, prospect, prospects};
pub use recovered::recovery_words;

use std::fmt::Write as _;

use crate::decision::{DecisionId, Occasion};
use crate::gate::Trial;
use crate::ledger::episode::{Began, Decided, Episode};

/// A decision in plain words; nothing if the episode does not hold it.
pub fn rationale(episode: &Episode, id: DecisionId) -> Option<String> {
    let decided = episode.decision(id)?;
    let mut text = String::new();
    let gate = episode.gate.as_ref().map_or("a gate", |gate| gate.as_str());
    let headline = headline(episode, decided);
    let (began, trial) = (episode.began.as_ref(), episode.trial(decided.look));
    // Where an alert asks for it, nothing was judged.
    let (evidence, verdict) = if decided.occasion == Occasion::Alerted {
        (Vec::new(), Vec::new())
    } else {
        let looked = (trial.as_ref(), decided.look);
        (
            passages::evidence(began, looked, episode.change.as_ref()),
            verdict(decided, (began, trial.as_ref())),
        )
    };
    let _infallible = writeln!(text, "{headline}\ngate {gate}, decision {id}\n");
    for (title, passage) in [
        ("The change", passages::change(episode)),
        ("The alert", alert::passage(episode, decided)),
        ("The evidence", evidence),
        ("The verdict", verdict),
        ("The rule", decided.written.iter().map(ToString::to_string).collect()),
        ("The guards", passages::guards(decided)),
        ("What was done", deeds::own(episode, decided)),
        ("What else was done about this change", deeds::others(episode, decided)),
        ("The gate", [deeds::ended(episode), recovered::lines(episode)].concat()),
    ] {
        if passage.is_empty() {
            continue;
        }
        let _infallible = writeln!(text, "{title}");
        for line in passage {
            let _infallible = writeln!(text, "  {line}");
        }
        text.push('\n');
    }
    let _infallible = write!(text, "Replay it bit for bit: backstop replay {id}");
    Some(text)
}

fn verdict(decided: &Decided, evidence: (Option<&Began>, Option<&Trial>)) -> Vec<String> {
    let mut lines = conclusion::verdict(evidence, &decided.standing, &decided.case.release);
    lines.extend(conclusion::of_source(&decided.standing.verdict));
    lines
}

/// A decision in one line.
pub fn headline(episode: &Episode, decided: &Decided) -> String {
    let change = episode.change.as_ref();
    let target = change.map_or_else(|| "its target".to_owned(), |change| change.target.to_string());
    let (verdict, what) = (decided.standing.verdict, passages::course(decided, &target));
    match &decided.case.alarm {
        Some(alarm) => format!("{}: alert {}{what}", decided.at, alert::name(alarm)),
        None => format!("{}: {verdict}{what}", decided.at),
    }
}
