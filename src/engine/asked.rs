//! What a check asks about a target, told from everything else that can be asked: counts of two questions are not one
//! evidence, whatever both are called.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ring::digest;

use crate::gate::{Absent, Buckets, Check, Comparison, Events, Gate, Question, QuestionId, Target};

/// What tells the question of a check from every other. It is made of what is asked, so a rule that was only written
/// down otherwise asks what it asked; and of nothing that is a figure, since those hold once a gate has begun.
pub(super) fn question_id(gate: &Gate, check: &Check, target: Option<&Target>) -> QuestionId {
    let mut text = question(&check.question);
    let _infallible = write!(text, "\nby {:?}", check.by);
    for (side, labels) in sides(gate, target) {
        let _infallible = write!(text, "\n{side} {labels:?}");
    }
    let digest = digest::digest(&digest::SHA256, text.as_bytes());
    QuestionId(digest.as_ref().iter().take(8).fold(0, |id, byte| id << 8 | u64::from(*byte)))
}

/// The labels that are added to every selector.
fn sides<'a>(
    gate: &'a Gate,
    target: Option<&'a Target>,
) -> impl Iterator<Item = (&'static str, &'a BTreeMap<String, String>)> {
    let tracks = match &gate.comparison {
        Comparison::Tracks(tracks) => vec![("new", tracks.canary()), ("old", tracks.stable())],
        Comparison::AfterBefore(_) => Vec::new(),
    };
    target.map(|target| ("both", &target.select)).into_iter().chain(tracks)
}

fn question(question: &Question) -> String {
    let stored = |buckets: &Option<Buckets>| match buckets {
        None => "either",
        Some(Buckets::Classic) => "classic",
        Some(Buckets::Native) => "native",
    };
    match question {
        Question::Proportion(proportion) => {
            let (which, events) = match &proportion.events {
                Events::Bad(events) => ("bad", events),
                Events::Good(events) => ("good", events),
            };
            let absent = match proportion.absent {
                Absent::Unknown => "unknown".to_owned(),
                Absent::ZeroIfOnOtherSide => "zero if on the other side".to_owned(),
                Absent::ZeroIfSeenIn(span) => format!("zero if seen in {span}"),
            };
            format!("{which} {events}\nof {}\nlag {}\nabsent {absent}", proportion.of, proportion.lag)
        }
        Question::Quantile(quantile) => {
            format!("quantile {}\nof {}\n{}", quantile.q, quantile.of, stored(&quantile.buckets))
        }
        Question::Slow(slow) => {
            let over: Vec<String> = slow.over.iter().map(ToString::to_string).collect();
            format!("slow {}\nof {}\n{}", over.join(" "), slow.of, stored(&slow.buckets))
        }
        Question::Mean { of } => format!("mean {of}"),
        // How many looks have to agree is a figure.
        Question::Expr { expr, .. } => format!("expr {expr}"),
    }
}
