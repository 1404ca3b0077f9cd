//! What a rationale says of slices: the worst with its counts, and the verdict of each.

use crate::gate::{Account, Arm, Shortfall, Slice, SliceAccount, StrandAccount, Verdict};
use crate::ledger::rationale::above;
use crate::ledger::rationale::figures::{between, share, tally};
use crate::unit::escaped;

/// The slice that says it loudest, those that the evidence names, and where the others stand.
pub(super) fn lines(account: &Account) -> Vec<String> {
    let Some(worst) = account.worst() else { return Vec::new() };
    let strand = account.strand_of(&worst.slice);
    let counts = strand.map(counted).unwrap_or_default();
    let mut lines =
        vec![format!("of {} slices the worst is {}: {counts}", account.slices.len(), worst.slice)];
    lines.extend(strand.and_then(ratio).map(|ratio| format!("  {ratio}")));
    lines.push(format!("  {}", proved(account, worst)));
    lines.extend(others(account).into_iter().map(|line| format!("  {line}")));
    lines.into_iter().map(escaped).collect()
}

fn counted(strand: &StrandAccount) -> String {
    let above = strand.part.border.map(above::counted).unwrap_or_default();
    format!("{}, against {}{above}", tally(strand.new), tally(strand.old))
}

fn ratio(strand: &StrandAccount) -> Option<String> {
    let interval = (strand.interval.lower, strand.interval.upper);
    Some(between(share(strand.new)?, share(strand.old)?, interval))
}

/// What is proved of any of them.
fn proved(account: &Account, worst: &SliceAccount) -> String {
    let named = listed(account.culprits());
    if named.is_empty() {
        let speaks = worst.ln_harm > 0.0;
        let nothing = if speaks { "is proved of any of them alone" } else { "speaks against any of them" };
        return format!("nothing {nothing}");
    }
    let fail = account.slices.iter().any(|own| matches!(own.verdict, Some(Verdict::Fail(_))));
    let fail = if fail { "fail: " } else { "" };
    format!("{fail}proved of {named}; of what is named so, fewer than 1 in 20 are named wrongly")
}

/// Those that do not fail, by where they stand.
fn others(account: &Account) -> Vec<String> {
    let mut stands: Vec<(&'static str, Vec<&Slice>)> = Vec::new();
    for own in &account.slices {
        let Some(words) = own.verdict.as_ref().and_then(words) else { continue };
        match stands.iter_mut().find(|(known, _)| *known == words) {
            Some((_, slices)) => slices.push(&own.slice),
            None => stands.push((words, vec![&own.slice])),
        }
    }
    stands.into_iter().map(|(words, slices)| format!("{words}: {}", listed(slices))).collect()
}

fn listed<'a>(slices: impl IntoIterator<Item = &'a Slice>) -> String {
    slices.into_iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// Where a slice stands that does not fail.
const fn words(verdict: &Verdict) -> Option<&'static str> {
    Some(match verdict {
        Verdict::Fail(_) => return None,
        Verdict::Pass(finding) if finding.proved => "pass",
        Verdict::Pass(_) => "pass, as nothing spoke against it until the end, which proves nothing",
        Verdict::Inconclusive(Shortfall::Leaning { .. }) => {
            "inconclusive, though something speaks against it"
        }
        Verdict::Inconclusive(Shortfall::NoTraffic { arm: Arm::New, .. }) => {
            "inconclusive, without traffic on the new side"
        }
        Verdict::Inconclusive(Shortfall::NoTraffic { arm: Arm::Old, .. }) => {
            "inconclusive, without traffic on the old side"
        }
        // What the whole check lacks is said of the check.
        Verdict::Inconclusive(_) => "inconclusive",
    })
}
