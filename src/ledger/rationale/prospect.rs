//! Prospects: what a gate could prove at the traffic there is, told before it has looked in vain for an hour.

use crate::gate::{Asked, Capacity, CheckTerms, Judged, Trial};
use crate::ledger::rationale::figures::{grouped, rounded};
use crate::unit::{Name, Span};

/// What one check could prove.
#[derive(Debug, Clone, PartialEq)]
pub struct Prospect {
    /// The check.
    pub check: Name,
    /// How many looks what takes; nothing where there is no traffic to tell by.
    pub capacity: Option<Capacity>,
    /// The same in words, thing by thing.
    pub told: Vec<String>,
    /// How long is planned, in words.
    pub planned: String,
    /// Whether it can come to no verdict in the looks that are planned.
    pub in_vain: bool,
}

impl Prospect {
    /// What it could prove, as one line.
    pub fn words(&self) -> String {
        self.told.join("; ")
    }
}

/// What each check that has a say could prove.
pub fn prospects(trial: &Trial, every: Span) -> Vec<Prospect> {
    let checks = trial.terms().checks.iter().enumerate();
    let judged = checks.filter(|(_, check)| check.judged == Judged::Yes);
    judged.filter_map(|(index, _)| prospect(trial, index, every)).collect()
}

/// What a check could prove. How far levels spread is only known as they come, and a threshold proves nothing.
pub fn prospect(trial: &Trial, index: usize, every: Span) -> Option<Prospect> {
    let check = trial.terms().checks.get(index)?;
    let counts = |check: &&CheckTerms| matches!(check.asked, Asked::Share | Asked::Quantile { .. });
    let check = Some(check).filter(counts)?;
    let capacity = trial.capacity(index);
    let told = match (trial.lacks(index), capacity) {
        (Some(at), _) => {
            vec![format!("nothing can be shown, as its histogram has no bucket at {} or beyond", rounded(at))]
        }
        (None, Some(capacity)) => capacity_words(&capacity, check.asked, every).into(),
        (None, None) => vec!["nobody can tell yet what it could prove, as a side has no traffic".to_owned()],
    };
    let planned = f64::from(trial.terms().looks);
    let fits = |looks: Option<f64>| looks.is_some_and(|looks| looks <= planned);
    let decides = |capacity: Capacity| fits(capacity.to_prove_a_doubling) || fits(capacity.to_pass);
    let in_vain = capacity.is_some_and(|capacity| !decides(capacity));
    Some(Prospect {
        check: check.name.clone(),
        capacity,
        told,
        planned: looks_words(planned, every),
        in_vain,
    })
}

/// How long it takes to prove harm, and to prove that there is none.
fn capacity_words(capacity: &Capacity, asked: Asked, every: Span) -> [String; 2] {
    let quantile = matches!(asked, Asked::Quantile { .. });
    let twice =
        if quantile { "that twice as much lies above its border" } else { "that it does twice the harm" };
    let to_fail = match capacity.to_prove_a_doubling {
        Some(looks) => format!("{twice} takes about {} to prove", looks_words(looks, every)),
        None => format!("{twice} lies within what is tolerated"),
    };
    let to_pass = match capacity.to_pass {
        Some(looks) if quantile => {
            format!(
                "by what is seen so far, that it is fast enough takes about {}",
                looks_words(looks, every)
            )
        }
        None if quantile => "by what is seen so far, that it is fast enough is not to be proved".to_owned(),
        Some(looks) => format!("that it is as good as the old one takes about {}", looks_words(looks, every)),
        None => "that it is as good as the old one is never proved on these terms".to_owned(),
    };
    [to_fail, to_pass]
}

/// So many looks.
pub(super) fn many(looks: u64) -> String {
    if looks == 1 { "1 look".to_owned() } else { format!("{} looks", grouped(looks)) }
}

/// A number of looks, and how long they take.
fn looks_words(looks: f64, every: Span) -> String {
    const YEAR: f64 = 365.0 * 86_400_000.0;
    #[expect(clippy::cast_precision_loss, reason = "for reading")]
    let millis = looks.max(1.0) * every.millis() as f64;
    if millis > YEAR {
        return "more than a year of looks".to_owned();
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below a year, for reading")]
    let (looks, millis) = (looks.ceil() as u64, millis as u64);
    // Minutes say enough of hours.
    let grain = if millis < 3_600_000 { 1_000 } else { 60_000 };
    format!("{} ({})", many(looks), Span::from_millis(millis / grain * grain))
}
