//! What measures and expressions have to show for themselves, in words.

use crate::gate::{LevelsAccount, VotesAccount};
use crate::ledger::rationale::figures::{grouped, level, ratio};

/// The levels of a measure on both sides, each by its word.
pub(super) fn of_measure(account: &LevelsAccount, [new, old]: [&str; 2]) -> Vec<String> {
    let Some(mean) = account.new else { return vec!["nothing was measured".to_owned()] };
    let last = account.last.map_or(String::new(), |(last, _)| format!(", {} at the last", level(last)));
    let mut lines =
        vec![format!("{new}  {} on average over {} looks{last}", level(mean), grouped(account.looks))];
    if let Some(before) = account.old {
        let last = account.last.and_then(|(_, last)| last);
        let last = last.map_or(String::new(), |last| format!(", {} beside it", level(last)));
        lines.push(format!("{old}  {} on average{last}", level(before)));
        if before > 0.0 && mean >= 0.0 {
            lines.push(format!("ratio   {} of the averages", ratio(mean / before)));
        }
    }
    if account.temper > 1.0 {
        let why = if account.known { "" } else { ", as too few were seen before to know better" };
        lines.push(format!(
            "levels may follow one another, so {} of them weigh as one{why}",
            ratio(account.temper)
        ));
    }
    lines
}

/// What an expression said at the last looks.
pub(super) fn of_expression(account: &VotesAccount) -> Vec<String> {
    let mut lines: Vec<String> =
        account.value.map(|value| format!("value   {} at the last look", level(value))).into_iter().collect();
    let missing = match account.missing {
        0 => String::new(),
        many => format!(", and {many} had no value"),
    };
    lines.push(format!("broken  in {} of the last {} looks{missing}", account.broke, account.of));
    if account.kept > 0 {
        lines.push(format!("kept    in {} of them, as far as a pass asks", account.kept));
    }
    lines.push("this is a threshold, with no statistics behind it".to_owned());
    lines
}
