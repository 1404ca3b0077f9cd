//! What the queries of an action's texts found, in words.

use crate::decision::{Answers, Found};

/// How many values of a query are told.
const MOST_TOLD: usize = 3;

/// A line for each query.
pub fn answer_lines(answers: &Answers) -> Vec<String> {
    let line = |(query, found): (&String, &Result<Vec<Found>, String>)| match found {
        Ok(found) => format!("asked `{query}`: {}", values(found)),
        Err(why) => format!("asked `{query}`, without an answer: {why}"),
    };
    answers.0.iter().map(line).collect()
}

fn values(found: &[Found]) -> String {
    let told: Vec<String> = found.iter().take(MOST_TOLD).map(value).collect();
    match found.len().saturating_sub(MOST_TOLD) {
        _ if found.is_empty() => "nothing".to_owned(),
        0 => told.join(", "),
        more => format!("{} and {more} more", told.join(", ")),
    }
}

fn value(Found { labels, value }: &Found) -> String {
    let pairs: Vec<String> = labels.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
    if pairs.is_empty() { value.to_string() } else { format!("{value} of {{{}}}", pairs.join(", ")) }
}
