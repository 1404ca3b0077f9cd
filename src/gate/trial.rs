//! A trial: the whole of one gate's evidence about one change, and the verdict that it leads to.

mod account;
mod fares;
mod glance;
mod sliced;

use crate::gate::capacity::Capacity;
use crate::gate::inquiry::Inquiry;
use crate::gate::look::Look;
use crate::gate::opening::{Before, Opening, Part};
use crate::gate::process::Process;
use crate::gate::tally::Tally;
use crate::gate::terms::{Asked, Bound, CheckTerms, Judged, Proof, Terms};
use crate::gate::verdict::{Finding, LEANING, PROVED, Shortfall, Standing, Verdict, lies_beyond};
use crate::gate::votes::Votes;
use crate::stats::ln_mean;

pub use account::{Account, StrandAccount};
pub use fares::Fares;
pub use glance::Glance;
pub use sliced::SliceAccount;

/// A trial. It is a fold over looks: opened again on the same terms, the same looks lead to the same bits.
#[derive(Debug, Clone)]
pub struct Trial {
    terms: Terms,
    inquiries: Vec<Inquiry>,
    /// What the new side of each check had in the last stretch before the first look.
    lately: Vec<Tally>,
    looks: u32,
    ln_now: f64,
    ln_most: f64,
    ln_ours: f64,
    /// The check that said it loudest when there was most to say.
    loudest_at_most: usize,
}

impl Trial {
    /// A trial before its first look.
    pub fn open(terms: Terms, opening: &Opening) -> Self {
        let unknown = Before::default();
        let before = |index: usize| opening.checks.get(index).unwrap_or(&unknown);
        let checks = terms.checks.iter().enumerate();
        let inquiries = checks.map(|(index, check)| Inquiry::new(&terms, check, before(index))).collect();
        let lately = (0..terms.checks.len()).map(|index| before(index).lately).collect();
        Self {
            terms,
            inquiries,
            lately,
            looks: 0,
            ln_now: 0.0,
            ln_most: 0.0,
            ln_ours: 0.0,
            loudest_at_most: 0,
        }
    }

    /// Its terms.
    pub const fn terms(&self) -> &Terms {
        &self.terms
    }

    /// How many looks there were.
    pub const fn looks(&self) -> u32 {
        self.looks
    }

    /// Takes a look in, and says where that leaves it.
    pub fn look(&mut self, look: &Look) -> Standing {
        for (index, inquiry) in self.inquiries.iter_mut().enumerate() {
            inquiry.look(look.found.get(index));
        }
        self.looks += 1;
        self.ln_now = self.ln_release(Self::ln_harm);
        self.ln_ours = self.ln_ours.max(self.ln_release(Self::ln_ours));
        if self.ln_most < self.ln_now {
            (self.ln_most, self.loudest_at_most) = (self.ln_now, self.loudest());
        }
        self.standing()
    }

    /// What it gives to the evidence of its release now: the logarithm of all, and of what is this change's.
    pub fn given(&self) -> (f64, f64) {
        (self.ln_now, self.ln_release(Self::ln_ours))
    }

    /// Where it stands.
    pub fn standing(&self) -> Standing {
        let Self { looks, ln_now, ln_most, ln_ours, .. } = *self;
        Standing { looks, ln_now, ln_most, ln_ours, verdict: self.verdict() }
    }

    /// What a check could prove at the traffic that it sees, or that it saw before its first look; nothing where it saw
    /// none.
    pub fn capacity(&self, check: usize) -> Option<Capacity> {
        let terms = self.terms.checks.get(check)?;
        let strands = self.inquiries.get(check)?.strands()?;
        let lately = *self.lately.get(check)?;
        let sides = |process: &Process| {
            if self.looks == 0 {
                return [(lately, 1), process.opening()];
            }
            let stretches = process.stretches().unwrap_or(self.looks);
            if process.stretches().is_some() {
                return [(process.new, self.looks), (process.old_shown(), stretches)];
            }
            let (before, many) = process.opening();
            [(process.new, self.looks), (process.old.and(before), stretches.saturating_add(many))]
        };
        let whole = strands.whole()?;
        if let Asked::Quantile { q } = terms.asked {
            if strands.lacks().is_some() {
                return Some(Capacity { to_prove_a_doubling: None, to_pass: None });
            }
            // Of what is as good as the old side, just as much lies above the same bucket: that proves nothing.
            let apart =
                |part: &Part| part.border.is_some_and(|border| border.new.total_cmp(&border.old).is_ne());
            let alone = |bound: &Bound| matches!(bound, Bound::Value(_));
            let alone = matches!(&terms.passes, Proof::Within(within) if within.iter().all(alone));
            let proof = strands.proving().filter(|(part, _)| 0 < self.looks || alone || apart(part));
            let proof = proof.map(|(_, process)| {
                let [mut new, old] = sides(process);
                if self.looks == 0 {
                    // Nobody counted above this border yet: it is what could be proved at best.
                    new.0.events = 0;
                }
                [new, old]
            });
            return Capacity::above(terms, q, (sides(whole), proof), whole.temper(), self.part_of(terms));
        }
        Capacity::of(terms, sides(whole), whole.temper(), self.part_of(terms))
    }

    /// Where a bucket is missing, so that a check can show nothing.
    pub fn lacks(&self, check: usize) -> Option<f64> {
        self.inquiries.get(check)?.strands()?.lacks()
    }

    fn judged(&self) -> impl Iterator<Item = (usize, &CheckTerms, &Inquiry)> {
        let all = self.terms.checks.iter().zip(&self.inquiries).enumerate();
        all.map(|(index, (terms, process))| (index, terms, process))
            .filter(|(_, terms, _)| terms.judged == Judged::Yes)
    }

    /// Those that gather evidence; a threshold gathers none.
    fn evident(&self) -> impl Iterator<Item = (usize, &CheckTerms, &Inquiry)> {
        self.judged().filter(|(_, _, inquiry)| inquiry.votes().is_none())
    }

    /// A check that has not seen enough has no say yet, and none has one that compares unlike mixes. Leaving it out only
    /// lowers the evidence, so what is promised of the whole still holds.
    fn ln_harm(terms: &CheckTerms, inquiry: &Inquiry) -> f64 {
        let has_a_say = terms.at_least <= inquiry.saw() && inquiry.unlike().is_none();
        if has_a_say { inquiry.ln_harm() } else { f64::NEG_INFINITY }
    }

    /// The same, as far as it was this change: evidence that it was something else is held against it. That is one at
    /// the least, so what is promised holds all the more.
    fn ln_ours(terms: &CheckTerms, inquiry: &Inquiry) -> f64 {
        Self::ln_harm(terms, inquiry) - inquiry.ln_aside().max(0.0)
    }

    /// The release's evidence: the mean over the checks, and of that this gate's share.
    fn ln_release(&self, ln: impl Fn(&CheckTerms, &Inquiry) -> f64) -> f64 {
        let (ln, weights): (Vec<f64>, Vec<f64>) =
            self.evident().map(|(_, terms, inquiry)| (ln(terms, inquiry), terms.weight)).unzip();
        if ln.is_empty() {
            return libm::log(self.terms.share);
        }
        // A floor that a record can hold: no evidence at all is the same as next to none.
        (ln_mean(&ln, &weights) + libm::log(self.terms.share)).max(LEAST)
    }

    /// The part of the release's evidence that is a check's: what it shows alone counts for so much.
    fn part_of(&self, check: &CheckTerms) -> f64 {
        let all: f64 = self.evident().map(|(_, terms, _)| terms.weight).sum();
        if all > 0.0 { self.terms.share * check.weight / all } else { self.terms.share }
    }

    fn loudest(&self) -> usize {
        let mut loudest = (0, f64::NEG_INFINITY);
        for (index, terms, inquiry) in self.evident() {
            let ln = Self::ln_harm(terms, inquiry);
            if loudest.1 < ln {
                loudest = (index, ln);
            }
        }
        loudest.0
    }

    /// The verdict of one check alone, on what it gives to the release's evidence; nothing where it has no say.
    pub fn of_check(&self, check: usize) -> Option<Verdict> {
        let (_, terms, inquiry) = self.judged().find(|(index, ..)| *index == check)?;
        let ln_evidence = match inquiry.votes() {
            Some(votes) if votes.is_broken() => {
                return Some(Verdict::Fail(Finding { check, ln_evidence: 0.0, proved: false }));
            }
            Some(_) => 0.0,
            None => Self::ln_harm(terms, inquiry) + libm::log(self.part_of(terms)),
        };
        if is_proved(ln_evidence) {
            return Some(Verdict::Fail(Finding { check, ln_evidence, proved: true }));
        }
        if let Some(shortfall) = Self::shortfall_of((check, terms, inquiry)) {
            return Some(Verdict::Inconclusive(shortfall));
        }
        if libm::log(LEANING) <= ln_evidence {
            return Some(Verdict::Inconclusive(Shortfall::Leaning { check, ln_evidence }));
        }
        let unproved = Verdict::Inconclusive(Shortfall::NotProved { check });
        Some(self.pass_of((check, terms, inquiry)).map_or(unproved, Verdict::Pass))
    }

    fn verdict(&self) -> Verdict {
        if is_proved(self.ln_most) {
            let finding = Finding { check: self.loudest_at_most, ln_evidence: self.ln_most, proved: true };
            return Verdict::Fail(finding);
        }
        if let Some(check) = self.broken().next() {
            return Verdict::Fail(Finding { check, ln_evidence: 0.0, proved: false });
        }
        if let Some(shortfall) = self.shortfall() {
            return Verdict::Inconclusive(shortfall);
        }
        self.pass().map_or_else(
            || Verdict::Inconclusive(Shortfall::NotProved { check: self.furthest() }),
            Verdict::Pass,
        )
    }

    /// The thresholds that are broken now.
    pub fn broken(&self) -> impl Iterator<Item = usize> {
        let broken = |inquiry: &Inquiry| inquiry.votes().is_some_and(Votes::is_broken);
        self.judged().filter(move |(_, _, inquiry)| broken(inquiry)).map(|(check, ..)| check)
    }

    /// What keeps it from any verdict but a failure.
    fn shortfall(&self) -> Option<Shortfall> {
        if self.looks == 0 {
            return Some(Shortfall::NoLook);
        }
        if libm::log(LEANING) <= self.ln_now {
            return Some(Shortfall::Leaning { check: self.loudest(), ln_evidence: self.ln_now });
        }
        for (check, terms) in self.terms.checks.iter().enumerate() {
            if let Judged::NotYet(question) = terms.judged {
                return Some(Shortfall::Unjudged { check, question });
            }
        }
        self.judged().find_map(Self::shortfall_of)
    }

    /// What keeps a check from any verdict but a failure.
    fn shortfall_of((check, terms, inquiry): (usize, &CheckTerms, &Inquiry)) -> Option<Shortfall> {
        if let Some(gap) = inquiry.gap {
            return Some(Shortfall::Missing { check, gap });
        }
        if let Some(arm) = inquiry.idle() {
            return Some(Shortfall::NoTraffic { check, arm });
        }
        let (had, needs) = (inquiry.saw(), terms.at_least);
        if had < needs {
            return Some(Shortfall::TooFew { check, had, needs });
        }
        if inquiry.unlike().is_some() {
            return Some(Shortfall::Unlike { check });
        }
        inquiry.strands()?.lacks().map(|at| Shortfall::Saturated { check, at })
    }

    /// The checks that a pass needs: those that are critical, or all where none is.
    fn needed(&self) -> Vec<(usize, &CheckTerms, &Inquiry)> {
        let critical = self.judged().any(|(_, terms, _)| terms.critical);
        self.judged().filter(|(_, terms, _)| terms.critical || !critical).collect()
    }

    fn pass(&self) -> Option<Finding> {
        let needed = self.needed();
        if self.looks < self.terms.pass_from || needed.is_empty() {
            return None;
        }
        let (mut weakest, mut threshold): (Option<Finding>, Option<Finding>) = (None, None);
        for own in needed {
            let finding = self.pass_of(own)?;
            if own.2.votes().is_some() {
                threshold = threshold.or(Some(finding));
            } else if weakest.is_none_or(|known| finding.ln_evidence < known.ln_evidence) {
                weakest = Some(finding);
            }
        }
        // A threshold that is kept neither adds to what is proved nor takes from it.
        weakest.or(threshold)
    }

    /// Whether a check has what is enough for a pass, and if so, whether that is a proof.
    fn passed(&self, terms: &CheckTerms, inquiry: &Inquiry) -> Option<bool> {
        match (&terms.passes, inquiry.votes()) {
            (Proof::Within(_), Some(votes)) => votes.is_kept().then_some(false),
            (Proof::Within(_), None) => is_proved(inquiry.ln_proof()).then_some(true),
            (Proof::NotContradicted, _) => (self.terms.looks <= self.looks).then_some(false),
            (Proof::Never, _) => None,
        }
    }

    /// Why a check passes, where it does.
    fn pass_of(&self, (check, terms, inquiry): (usize, &CheckTerms, &Inquiry)) -> Option<Finding> {
        let proved = self.passed(terms, inquiry)?;
        Some(Finding { check, ln_evidence: inquiry.ln_proof(), proved })
    }

    fn furthest(&self) -> usize {
        let needed = self.needed();
        let lacking = needed.iter().filter(|(_, terms, inquiry)| self.passed(terms, inquiry).is_none());
        let first = lacking.min_by(|one, other| one.2.ln_proof().total_cmp(&other.2.ln_proof()));
        first.or(needed.first()).map_or(0, |(check, ..)| *check)
    }
}

fn is_proved(ln_evidence: f64) -> bool {
    lies_beyond(ln_evidence, libm::log(PROVED))
}

/// The least that the logarithm of evidence is said to be.
const LEAST: f64 = -700.0;
