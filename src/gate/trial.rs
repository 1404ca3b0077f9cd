//! A trial: the whole of one gate's evidence about one change, and the verdict that it leads to.

use crate::gate::capacity::Capacity;
use crate::gate::process::Process;
use crate::gate::tally::{Look, Opening, Tally};
use crate::gate::terms::{CheckTerms, Judged, Proof, Terms};
use crate::gate::verdict::{Arm, Finding, LEANING, PROVED, Shortfall, Standing, Verdict, lies_beyond};
use crate::stats::{Interval, ln_mean};

/// A trial. It is a fold over looks: opened again on the same terms, the same looks lead to the same bits.
#[derive(Debug, Clone)]
pub struct Trial {
    terms: Terms,
    processes: Vec<Process>,
    looks: u32,
    ln_now: f64,
    ln_most: f64,
    /// The check that said it loudest when there was most to say.
    loudest_at_most: usize,
}

/// What a check has to show for itself: for people, and only when they ask.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Account {
    /// What the new side had.
    pub new: Tally,
    /// What the old side had: since the first look, or all of the baseline.
    pub old: Tally,
    /// The logarithm of the evidence of harm now.
    pub ln_harm: f64,
    /// The largest that the logarithm of the evidence for a pass ever was.
    pub ln_proof: f64,
    /// In clusters of what size events are taken to come.
    pub temper: f64,
    /// Between what the ratio of the two shares lies, at 95 %, however often anybody looks.
    pub interval: Interval,
    /// Whether the last look could not count it.
    pub missing: bool,
}

impl Trial {
    /// A trial before its first look.
    pub fn open(terms: Terms, opening: &Opening) -> Self {
        let rows = |index: usize| opening.rows.get(index).map_or(&[][..], Vec::as_slice);
        let processes = terms.checks.iter().enumerate();
        let processes = processes.map(|(index, check)| Process::new(&terms, check, rows(index))).collect();
        Self { terms, processes, looks: 0, ln_now: 0.0, ln_most: 0.0, loudest_at_most: 0 }
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
        for (index, process) in self.processes.iter_mut().enumerate() {
            process.look(look.counted.get(index).and_then(Option::as_ref));
        }
        self.looks += 1;
        self.ln_now = self.ln_release();
        if self.ln_most < self.ln_now {
            (self.ln_most, self.loudest_at_most) = (self.ln_now, self.loudest());
        }
        self.standing()
    }

    /// Where it stands.
    pub fn standing(&self) -> Standing {
        Standing { looks: self.looks, ln_now: self.ln_now, ln_most: self.ln_most, verdict: self.verdict() }
    }

    /// What a check has to show for itself.
    pub fn account(&self, check: usize) -> Option<Account> {
        let process = self.processes.get(check)?;
        Some(Account {
            new: process.new,
            old: process.old_shown(),
            ln_harm: process.ln_harm(),
            ln_proof: process.ln_proof(),
            temper: process.temper(),
            interval: process.interval(),
            missing: process.missing,
        })
    }

    /// What a check could prove at the traffic that it sees; nothing where it saw none.
    pub fn capacity(&self, check: usize) -> Option<Capacity> {
        let (terms, process) = (self.terms.checks.get(check)?, self.processes.get(check)?);
        let stretches = process.stretches().unwrap_or(self.looks);
        let sides = [(process.new, self.looks), (process.old_shown(), stretches)];
        Capacity::of(terms, sides, process.temper(), self.part_of(terms))
    }

    fn judged(&self) -> impl Iterator<Item = (usize, &CheckTerms, &Process)> {
        let all = self.terms.checks.iter().zip(&self.processes).enumerate();
        all.map(|(index, (terms, process))| (index, terms, process))
            .filter(|(_, terms, _)| terms.judged == Judged::Yes)
    }

    /// A check that has not seen enough has no say yet. Leaving it out only lowers the evidence, so what is promised of
    /// the whole still holds.
    fn ln_harm(terms: &CheckTerms, process: &Process) -> f64 {
        if process.new.of < terms.at_least { f64::NEG_INFINITY } else { process.ln_harm() }
    }

    /// The release's evidence: the mean over the checks, and of that this gate's share.
    fn ln_release(&self) -> f64 {
        let (ln, weights): (Vec<f64>, Vec<f64>) =
            self.judged().map(|(_, terms, process)| (Self::ln_harm(terms, process), terms.weight)).unzip();
        if ln.is_empty() {
            return 0.0;
        }
        // A floor that a record can hold: no evidence at all is the same as next to none.
        (ln_mean(&ln, &weights) + libm::log(self.terms.share)).max(LEAST)
    }

    /// The part of the release's evidence that is a check's: what it shows alone counts for so much.
    fn part_of(&self, check: &CheckTerms) -> f64 {
        let all: f64 = self.judged().map(|(_, terms, _)| terms.weight).sum();
        if all > 0.0 { self.terms.share * check.weight / all } else { self.terms.share }
    }

    fn loudest(&self) -> usize {
        let mut loudest = (0, f64::NEG_INFINITY);
        for (index, terms, process) in self.judged() {
            let ln = Self::ln_harm(terms, process);
            if loudest.1 < ln {
                loudest = (index, ln);
            }
        }
        loudest.0
    }

    fn verdict(&self) -> Verdict {
        if is_proved(self.ln_most) {
            let finding = Finding { check: self.loudest_at_most, ln_evidence: self.ln_most, proved: true };
            return Verdict::Fail(finding);
        }
        if let Some(shortfall) = self.shortfall() {
            return Verdict::Inconclusive(shortfall);
        }
        self.pass().map_or_else(
            || Verdict::Inconclusive(Shortfall::NotProved { check: self.furthest() }),
            Verdict::Pass,
        )
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
        self.judged().find_map(|(check, terms, process)| {
            let (new, old) = (process.new.of, process.old_shown().of);
            match (new, old) {
                _ if process.missing => Some(Shortfall::Missing { check }),
                (0, _) => Some(Shortfall::NoTraffic { check, arm: Arm::New }),
                (_, 0) => Some(Shortfall::NoTraffic { check, arm: Arm::Old }),
                _ if new < terms.at_least => {
                    Some(Shortfall::TooFew { check, had: new, needs: terms.at_least })
                }
                _ => None,
            }
        })
    }

    /// The checks that a pass needs: those that are critical, or all where none is.
    fn needed(&self) -> Vec<(usize, &CheckTerms, &Process)> {
        let critical = self.judged().any(|(_, terms, _)| terms.critical);
        self.judged().filter(|(_, terms, _)| terms.critical || !critical).collect()
    }

    fn pass(&self) -> Option<Finding> {
        let needed = self.needed();
        if self.looks < self.terms.pass_from || needed.is_empty() {
            return None;
        }
        let mut weakest: Option<Finding> = None;
        for (check, terms, process) in needed {
            let proved = match &terms.passes {
                Proof::Within(_) if is_proved(process.ln_proof()) => true,
                Proof::NotContradicted if self.terms.looks <= self.looks => false,
                Proof::Within(_) | Proof::NotContradicted | Proof::Never => return None,
            };
            let finding = Finding { check, ln_evidence: process.ln_proof(), proved };
            if weakest.is_none_or(|known| finding.ln_evidence < known.ln_evidence) {
                weakest = Some(finding);
            }
        }
        weakest
    }

    fn furthest(&self) -> usize {
        let needed = self.needed();
        let first = needed.iter().min_by(|one, other| one.2.ln_proof().total_cmp(&other.2.ln_proof()));
        first.map_or(0, |(check, ..)| *check)
    }
}

fn is_proved(ln_evidence: f64) -> bool {
    lies_beyond(ln_evidence, libm::log(PROVED))
}

/// The least that the logarithm of evidence is said to be.
const LEAST: f64 = -700.0;
