//! What a histogram had above its borders: on both sides, and what the borders make of the bounds that were asked for.

use crate::gate::{
    Account, Arm, Asked, Border, Bound, CheckTerms, Lacking, Proof, Shows, StrandAccount, Worse, beyond,
};
use crate::ledger::rationale::figures::{between, ratio, rounded, share, tally};
use crate::ledger::rationale::native;
use crate::unit::escaped;

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
        lines.extend(tested((check, account.resolution), nth, border).map(|line| format!("  {line}")));
        lines.extend(merged(account, (check, nth), border).map(|line| format!("  {line}")));
    }
    lines.extend(native::nature(account));
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
    if let (Some(new), Some(old)) = (share(strand.new), share(strand.old)) {
        lines.push(between(new, old, (strand.interval.lower, strand.interval.upper)));
    }
    lines
}

/// Where it is counted on instances that had merged their buckets, and what that makes of a bound.
fn merged(account: &Account, (check, nth): (&CheckTerms, usize), border: Border) -> Option<String> {
    let there = native::moved(border, (account, check.worse))?;
    let tests = match bound_of(check, nth) {
        Some(Bound::Ratio(asked)) => {
            format!(", so a ratio of {} is tested as {}", ratio(asked), ratio(there.new / there.old))
        }
        Some(Bound::Difference(asked)) => {
            let tests = rounded((there.new - there.old).abs());
            format!(", so a difference of {} is tested as {tests}", rounded(asked))
        }
        Some(Bound::Value(asked) | Bound::Reached(asked)) => {
            format!(", so a value of {} is tested as {}", rounded(asked), rounded(there.new))
        }
        None => String::new(),
    };
    Some(format!("instances that merged their buckets since are counted{}{tests}", counted(there)))
}

/// The bound on a quantile that a border stands for.
fn bound_of(check: &CheckTerms, nth: usize) -> Option<Bound> {
    let Asked::Quantile { .. } = check.asked else { return None };
    let within: &[Bound] = match &check.passes {
        Proof::Within(within) => within,
        Proof::NotContradicted | Proof::Never => &[],
    };
    check.fails.iter().chain(within).nth(nth).copied()
}

/// What a bound on a quantile came to, where the buckets are not as fine as it is.
fn tested((check, resolution): (&CheckTerms, Option<i8>), nth: usize, border: Border) -> Option<String> {
    let bound = bound_of(check, nth)?;
    let target = rounded(beyond(bound, check.worse, border.old));
    let (old, new) = (rounded(border.old), rounded(border.new));
    if target.total_cmp(&new).is_eq() {
        return None;
    }
    let lie = format!("its buckets lie at {old} and {new}");
    let alike = || format!("none of its buckets lies between {old} and {target}");
    let lie = || if new.total_cmp(&old).is_eq() { alike() } else { lie.clone() };
    let advice = |asked: &str| match resolution {
        Some(resolution) => native::advice(resolution),
        None => format!("one at {target} would test {asked}"),
    };
    Some(match bound {
        Bound::Ratio(asked) => {
            let (asked, tests) = (ratio(asked), ratio(border.new / border.old));
            format!("a ratio of {asked} is tested as {tests}: {}; {}", lie(), advice(&asked))
        }
        Bound::Difference(asked) => {
            let tests = match check.worse {
                Worse::Higher => border.new - border.old,
                Worse::Lower => border.old - border.new,
            };
            let (asked, tests) = (rounded(asked), rounded(tests));
            let advice = advice(&asked.to_string());
            format!("a difference of {asked} is tested as {tests}: {}; {advice}", lie())
        }
        Bound::Value(asked) | Bound::Reached(asked) => {
            let (asked, advice) = (rounded(asked), advice("that"));
            format!("a value of {asked} is tested as {new}, its nearest bucket; {advice}")
        }
    })
}

/// The instances that lack a bucket, the first few by name.
fn who(lacking: &Lacking) -> String {
    let named = escaped(lacking.named.join(", "));
    let more = usize::try_from(lacking.count).unwrap_or(usize::MAX).saturating_sub(lacking.named.len());
    let verb = if lacking.count == 1 { "lacks" } else { "lack" };
    if more == 0 { format!("{named} {verb} one") } else { format!("{named} and {more} more {verb} one") }
}

/// The buckets that have to be there on a side, on each of its series, and which ones lack one.
pub(super) fn needed(account: &Account, arm: Arm) -> Vec<String> {
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
    let needed = format!("  each of its series needs the buckets {}", bounds.join(", "));
    let lacking = account.lacking.as_ref().filter(|lacking| !lacking.named.is_empty());
    std::iter::once(needed).chain(lacking.map(|lacking| format!("  {}", who(lacking)))).collect()
}
