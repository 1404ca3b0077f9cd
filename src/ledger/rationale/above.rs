//! What a histogram had above its borders: on both sides, and what the borders make of the bounds that were asked for.

use crate::gate::{
    Account, Arm, Asked, Border, Bound, CheckTerms, Proof, Shows, StrandAccount, Worse, beyond,
};
use crate::ledger::rationale::figures::{between, ratio, rounded, share, tally};

/// What was counted above each border; nothing where the check has none.
pub(super) fn lines(account: &Account, check: &CheckTerms, (new, old): (&str, &str)) -> Option<Vec<String>> {
    account.strands.first()?.part.border?;
    let mut lines = Vec::new();
    let whole = || account.strands.iter().filter(|strand| strand.part.slice.is_none());
    for (nth, strand) in whole().enumerate() {
        let Some(border) = strand.part.border else { continue };
        let aim = match border.shows {
            Shows::Both => "to fail or pass",
            Shows::Harm => "to fail",
            Shows::Proof => "to pass",
        };
        if let Some(at) = border.lacks() {
            let at = rounded(at);
            lines.push(format!(
                "{aim}: nothing can be shown, as its histogram has no bucket at {at} or beyond"
            ));
            continue;
        }
        lines.push(format!("{aim}, it is counted{}", counted(border)));
        let indented = both(strand, (new, old)).into_iter().map(|line| format!("  {line}"));
        lines.extend(indented);
        lines.extend(tested(check, nth, border).map(|line| format!("  {line}")));
    }
    Some(lines)
}

/// Above which bounds it is counted.
pub(super) fn counted(border: Border) -> String {
    if border.new.total_cmp(&border.old).is_eq() {
        return format!(" above {}", rounded(border.new));
    }
    format!(" above {} on the new side and above {} on the old one", rounded(border.new), rounded(border.old))
}

fn both(strand: &StrandAccount, (new, old): (&str, &str)) -> Vec<String> {
    let mut lines =
        vec![format!("{new:6}  {}", tally(strand.new)), format!("{old:6}  {}", tally(strand.old))];
    if let (Some(new), Some(old), Some(interval)) = (share(strand.new), share(strand.old), strand.interval) {
        lines.push(between(new, old, (interval.lower, interval.upper)));
    }
    lines
}

/// What a bound on a quantile came to, where the buckets are not as fine as it is.
fn tested(check: &CheckTerms, nth: usize, border: Border) -> Option<String> {
    let Asked::Quantile { .. } = check.asked else { return None };
    let within: &[Bound] = match &check.passes {
        Proof::Within(within) => within,
        Proof::NotContradicted | Proof::Never => &[],
    };
    let bound = *check.fails.iter().chain(within).nth(nth)?;
    let target = rounded(beyond(bound, check.worse, border.old));
    let (old, new) = (rounded(border.old), rounded(border.new));
    if target.total_cmp(&new).is_eq() {
        return None;
    }
    let lie = format!("its buckets lie at {old} and {new}");
    let alike = || format!("none of its buckets lies between {old} and {target}");
    let lie = || if new.total_cmp(&old).is_eq() { alike() } else { lie.clone() };
    Some(match bound {
        Bound::Ratio(asked) => {
            let (asked, tests) = (ratio(asked), ratio(border.new / border.old));
            format!("a ratio of {asked} is tested as {tests}: {}; one at {target} would test {asked}", lie())
        }
        Bound::Difference(asked) => {
            let tests = match check.worse {
                Worse::Higher => border.new - border.old,
                Worse::Lower => border.old - border.new,
            };
            let (asked, tests) = (rounded(asked), rounded(tests));
            format!(
                "a difference of {asked} is tested as {tests}: {}; one at {target} would test {asked}",
                lie()
            )
        }
        Bound::Value(asked) | Bound::Reached(asked) => {
            let asked = rounded(asked);
            format!(
                "a value of {asked} is tested as {new}, its nearest bucket; one at {asked} would test that"
            )
        }
    })
}

/// The buckets that have to be there on a side, on each of its series.
pub(super) fn needed(account: &Account, arm: Arm) -> String {
    let borders = account.strands.iter().filter_map(|strand| strand.part.border);
    let bound = |border: Border| match arm {
        Arm::New => border.new,
        Arm::Old => border.old,
    };
    let mut bounds: Vec<f64> =
        borders.filter(|border| border.lacks().is_none()).map(bound).map(rounded).collect();
    bounds.sort_by(f64::total_cmp);
    bounds.dedup_by(|one, other| one.total_cmp(other).is_eq());
    let bounds: Vec<String> = bounds.iter().map(f64::to_string).collect();
    format!("  each of its series needs the buckets {}", bounds.join(", "))
}
