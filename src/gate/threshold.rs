//! Thresholds: `ratio > 1.25 and difference > 0.05pp`, held against what the question can answer.

use std::fmt;

use crate::unit::{Amount, Extent, Fault};

/// What a threshold is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// The new side over the old one.
    Ratio,
    /// The new side less the old one.
    Difference,
    /// By how much of the old side the new one lies above it.
    Increase,
    /// By how much of the old side the new one lies below it.
    Decrease,
    /// The new side alone.
    Value,
}

const QUANTITIES: [(&str, Quantity); 5] = [
    ("ratio", Quantity::Ratio),
    ("difference", Quantity::Difference),
    ("increase", Quantity::Increase),
    ("decrease", Quantity::Decrease),
    ("value", Quantity::Value),
];

/// Which way a threshold lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// `>`, `>=`.
    Above,
    /// `<`, `<=`.
    Below,
}

/// Which way is worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worse {
    /// As with errors and latency.
    Higher,
    /// As with orders and conversion.
    Lower,
}

/// What kind of answer a question gives, and so what its thresholds may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// A share of events on two sides: a difference is percentage points.
    Share,
    /// A time on two sides: a difference is a time.
    Time,
    /// A number in the metric's own unit on two sides.
    Measure,
    /// A number with nothing to hold it against: its value only.
    Alone,
}

/// What a condition is for: harm lies on the worse side, the proof of a pass on the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// `fails_when`.
    Fail,
    /// `passes_when`.
    Pass,
}

/// A quantity held against an amount.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    /// What is held.
    pub quantity: Quantity,
    /// Which way it lies.
    pub side: Side,
    /// Whether the amount itself lies there: of an expression alone, since evidence cannot tell `>` and `>=` apart.
    pub reached: bool,
    /// Against what.
    pub amount: Amount,
}

/// Thresholds that hold together: at least one, each quantity once, each fit for its question.
#[derive(Debug, Clone, PartialEq)]
pub struct Thresholds(Vec<Threshold>);

const FORM: &str =
    "write a quantity, a sign and an amount, joined by `and`: `ratio > 1.25 and difference > 0.05pp`";

impl Thresholds {
    /// Reads a condition on a question of this `scale` for which `worse` is worse.
    pub fn parse(text: &str, scale: Scale, worse: Worse, purpose: Purpose) -> Result<Self, Fault> {
        let words = words(text);
        let mut found: Vec<Threshold> = Vec::new();
        if let Some(or) = words.iter().find(|word| matches!(word.of(text), "or" | "," | "&&" | "||")) {
            let help = "thresholds are joined by `and` alone; for either of two, write two checks";
            return Err(Fault::new(*or, format!("`{}` joins nothing here", or.of(text))).help(help));
        }
        for term in words.split(|word| word.of(text) == "and") {
            let [quantity, sign, amount @ ..] = term else { return Err(unfinished(text, term)) };
            let (Some(first), Some(last)) = (amount.first(), amount.last()) else {
                return Err(unfinished(text, term));
            };
            let threshold = Threshold {
                quantity: read_quantity(text, *quantity)?,
                side: read_side(text, *sign)?,
                reached: scale == Scale::Alone && sign.of(text).ends_with('='),
                amount: read_amount(text, first.to(*last))?,
            };
            if found.iter().any(|known| known.quantity == threshold.quantity) {
                let message = format!("`{}` is given twice in one condition", threshold.quantity);
                return Err(Fault::new(*quantity, message).help("both would have to hold; keep the stricter"));
            }
            threshold.suits(scale).map_err(|why| why.fault(quantity.to(*last)))?;
            threshold.lies(worse, purpose).map_err(|why| why.fault(quantity.to(*sign)))?;
            threshold.bounds(scale, worse, purpose).map_err(|why| why.fault(first.to(*last)))?;
            found.push(threshold);
        }
        Ok(Self(found))
    }

    /// The thresholds.
    pub fn all(&self) -> &[Threshold] {
        &self.0
    }

    /// Whether any of them is held against a time.
    pub fn name_a_time(&self) -> bool {
        self.0.iter().any(|threshold| matches!(threshold.amount, Amount::Time(_)))
    }
}

/// A fault whose place is not known yet.
struct Unfit {
    message: String,
    help: &'static str,
}

impl Unfit {
    fn fault(self, extent: Extent) -> Fault {
        Fault::new(extent, self.message).help(self.help)
    }
}

impl Threshold {
    /// Whether the question can answer it.
    fn suits(&self, scale: Scale) -> Result<(), Unfit> {
        use Amount::{Number, Percent, Points, Time};
        if self.amount.value() < 0.0 && self.quantity != Quantity::Value {
            let message = format!("`{}` cannot be held against less than nothing", self.quantity);
            return Err(Unfit { message, help: "its direction is said by the word and the sign" });
        }
        let help = match (scale, self.quantity, self.amount) {
            (Scale::Alone, Quantity::Value, Number(_) | Percent(_) | Time(_)) => return Ok(()),
            (Scale::Alone, Quantity::Value, Points(_)) => {
                "write a bare number, a percentage or a time: `value > 14.4`"
            }
            (Scale::Alone, _, _) => {
                let message = format!(
                    "an `expr` has a value and nothing to hold it against, so no `{}`",
                    self.quantity
                );
                return Err(Unfit { message, help: "write `value > ..`" });
            }
            (_, Quantity::Ratio, Number(_))
            | (_, Quantity::Increase | Quantity::Decrease, Percent(_))
            | (Scale::Share, Quantity::Difference, Points(_))
            | (Scale::Share, Quantity::Value, Percent(_))
            | (Scale::Time, Quantity::Difference | Quantity::Value, Time(_))
            | (Scale::Measure, Quantity::Difference | Quantity::Value, Number(_)) => return Ok(()),
            (_, Quantity::Ratio, _) => "a ratio is a bare number: `ratio > 1.25`",
            (_, Quantity::Increase | Quantity::Decrease, _) => "an increase is relative: `increase > 20%`",
            (Scale::Share, Quantity::Difference, _) => {
                "the difference of two shares is percentage points: `difference > 0.05pp`; for a relative one write `increase > 20%`"
            }
            (Scale::Share, Quantity::Value, _) => "a share is a percentage: `value > 1%`",
            (Scale::Time, Quantity::Difference | Quantity::Value, _) => "write a time: `difference > 50ms`",
            (Scale::Measure, Quantity::Difference | Quantity::Value, _) => {
                "write a bare number in the metric's own unit: `value > 14.4`"
            }
        };
        Err(Unfit {
            message: format!("`{}` cannot be held against {}", self.quantity, self.amount.kind()),
            help,
        })
    }

    /// Whether it lies on the side that its purpose needs: a gate that fails when things get better is a slip.
    fn lies(&self, worse: Worse, purpose: Purpose) -> Result<(), Unfit> {
        // A decrease grows as the value falls, so it looks the other way.
        let up = (self.side == Side::Above) != (self.quantity == Quantity::Decrease);
        match (purpose, worse, up) {
            (Purpose::Fail, Worse::Higher, true)
            | (Purpose::Fail, Worse::Lower, false)
            | (Purpose::Pass, Worse::Higher, false)
            | (Purpose::Pass, Worse::Lower, true) => Ok(()),
            (Purpose::Fail, ..) => Err(Unfit {
                message: format!("`{}` here would fail a release for getting better", self.quantity),
                help: match self.quantity {
                    Quantity::Increase => "write `decrease`: here less is worse",
                    Quantity::Decrease => "write `increase`: here more is worse",
                    Quantity::Ratio | Quantity::Difference | Quantity::Value => "turn the sign",
                },
            }),
            (Purpose::Pass, ..) => Err(Unfit {
                message: format!("`{}` here would pass a release for getting worse", self.quantity),
                help: "a pass is proved on the good side: `passes_when: ratio < 2`",
            }),
        }
    }
}

impl Threshold {
    /// Whether its amount leaves something to fail and something to pass.
    fn bounds(&self, scale: Scale, worse: Worse, purpose: Purpose) -> Result<(), Unfit> {
        let amount = self.amount.value();
        let unfit = |message: String, help| Err(Unfit { message, help });
        if (scale == Scale::Share && self.quantity != Quantity::Ratio && self.quantity != Quantity::Increase
            || self.quantity == Quantity::Decrease)
            && amount >= 1.0
        {
            return unfit(
                format!("`{}` can never be {} or more", self.quantity, self.amount),
                "write less than 100",
            );
        }
        if purpose == Purpose::Pass {
            return Ok(());
        }
        match (self.quantity, worse) {
            (Quantity::Ratio, Worse::Higher) if amount < 1.0 => unfit(
                format!("`ratio > {}` would fail a release that is no worse", self.amount),
                "write a ratio of 1 or more",
            ),
            (Quantity::Ratio, Worse::Lower) if amount > 1.0 => unfit(
                format!("`ratio < {}` would fail a release that is no worse", self.amount),
                "write a ratio of 1 or less",
            ),
            (
                Quantity::Difference | Quantity::Increase | Quantity::Decrease,
                Worse::Higher | Worse::Lower,
            ) if amount <= 0.0 => unfit(
                format!("a {} of {} is no harm", self.quantity, self.amount),
                "write how much is too much",
            ),
            _ => Ok(()),
        }
    }
}

/// Words and signs, each with where it stands.
fn words(text: &str) -> Vec<Extent> {
    let class = |c: char| match c {
        c if c.is_whitespace() => 0,
        '<' | '>' | '=' | '!' => 1,
        _ => 2,
    };
    let mut found: Vec<(u8, Extent)> = Vec::new();
    for (at, c) in text.char_indices() {
        let here = Extent::new(offset(at), offset(at + c.len_utf8()));
        match found.last_mut() {
            Some((known, extent)) if *known == class(c) => extent.end = here.end,
            _ => found.push((class(c), here)),
        }
    }
    found.retain(|(class, _)| *class != 0);
    found.into_iter().map(|(_, extent)| extent).collect()
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn unfinished(text: &str, term: &[Extent]) -> Fault {
    match (term.first(), term.last()) {
        (Some(first), Some(last)) => {
            let at = first.to(*last);
            Fault::new(at, format!("`{}` is no finished threshold", at.of(text))).help(FORM)
        }
        _ => Fault::whole(text, "a threshold is missing").help(FORM),
    }
}

fn read_quantity(text: &str, at: Extent) -> Result<Quantity, Fault> {
    let word = at.of(text);
    QUANTITIES.iter().find(|(name, _)| *name == word).map(|(_, quantity)| *quantity).ok_or_else(|| {
        let known = QUANTITIES.map(|(name, _)| format!("`{name}`")).join(", ");
        Fault::new(at, format!("`{word}` is no quantity")).help(format!("the quantities are {known}"))
    })
}

fn read_side(text: &str, at: Extent) -> Result<Side, Fault> {
    match at.of(text) {
        ">" | ">=" => Ok(Side::Above),
        "<" | "<=" => Ok(Side::Below),
        other => {
            Err(Fault::new(at, format!("`{other}` is no sign")).help("the signs are `>`, `>=`, `<` and `<=`"))
        }
    }
}

fn read_amount(text: &str, at: Extent) -> Result<Amount, Fault> {
    at.of(text).parse().map_err(|error: crate::unit::AmountError| Fault::new(at, error.to_string()))
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = QUANTITIES.iter().find(|(_, quantity)| quantity == self).map_or("", |(name, _)| name);
        f.write_str(name)
    }
}

impl fmt::Display for Thresholds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(i, threshold)| {
            let and = if i == 0 { "" } else { " and " };
            let sign = if threshold.side == Side::Above { '>' } else { '<' };
            let even = if threshold.reached { "=" } else { "" };
            write!(f, "{and}{} {sign}{even} {}", threshold.quantity, threshold.amount)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str, scale: Scale, worse: Worse, purpose: Purpose) -> Result<String, String> {
        Thresholds::parse(text, scale, worse, purpose)
            .map(|all| all.to_string())
            .map_err(|fault| format!("{}..{} {}", fault.extent.start, fault.extent.end, fault.message))
    }

    #[test]
    fn takes_what_its_question_can_answer() {
        use Purpose::{Fail, Pass};
        use Scale::{Alone, Measure, Share, Time};
        use Worse::{Higher, Lower};
        for (text, scale, worse, purpose) in [
            ("ratio > 1.25 and difference > 0.05pp", Share, Higher, Fail),
            ("difference > 10pp", Share, Higher, Fail),
            ("increase > 20%", Time, Higher, Fail),
            ("difference > 50ms", Time, Higher, Fail),
            ("decrease > 20%", Share, Lower, Fail),
            ("ratio < 0.8", Share, Lower, Fail),
            ("value > 1%", Share, Higher, Fail),
            ("value > 14.4", Alone, Higher, Fail),
            ("value < -3", Alone, Lower, Fail),
            ("value >= 14.4", Alone, Higher, Fail),
            ("value <= 1", Alone, Higher, Pass),
            ("value < 3", Measure, Lower, Fail),
            ("ratio < 2", Share, Higher, Pass),
            ("decrease < 5%", Share, Lower, Pass),
        ] {
            assert_eq!(parse(text, scale, worse, purpose).as_deref(), Ok(text));
        }
        assert_eq!(parse("ratio>=1.25", Share, Higher, Fail).as_deref(), Ok("ratio > 1.25"));
    }

    #[test]
    fn refuses_the_rest_at_its_place() {
        use Purpose::{Fail, Pass};
        use Scale::{Alone, Share, Time};
        use Worse::{Higher, Lower};
        for (text, scale, worse, purpose, expected) in [
            ("", Share, Higher, Fail, "0..0 a threshold is missing"),
            ("ratio", Share, Higher, Fail, "0..5 `ratio` is no finished threshold"),
            ("ratio > 1 and", Share, Higher, Fail, "0..13 a threshold is missing"),
            ("ratio > 2 or difference > 1pp", Share, Higher, Fail, "10..12 `or` joins nothing here"),
            ("ration > 1", Share, Higher, Fail, "0..6 `ration` is no quantity"),
            ("ratio == 1", Share, Higher, Fail, "6..8 `==` is no sign"),
            ("ratio > x", Share, Higher, Fail, "8..9 `x` is not an amount"),
            (
                "difference > 10%",
                Share,
                Higher,
                Fail,
                "0..16 `difference` cannot be held against a relative percentage",
            ),
            ("increase > 2", Time, Higher, Fail, "0..12 `increase` cannot be held against a bare number"),
            (
                "ratio > 2",
                Alone,
                Higher,
                Fail,
                "0..9 an `expr` has a value and nothing to hold it against, so no `ratio`",
            ),
            ("ratio > -1", Share, Higher, Fail, "0..10 `ratio` cannot be held against less than nothing"),
            ("ratio < 2", Share, Higher, Fail, "0..7 `ratio` here would fail a release for getting better"),
            ("ratio > 2", Share, Higher, Pass, "0..7 `ratio` here would pass a release for getting worse"),
            ("ratio > 0.5", Share, Higher, Fail, "8..11 `ratio > 0.5` would fail a release that is no worse"),
            ("difference > 0pp", Share, Higher, Fail, "13..16 a difference of 0pp is no harm"),
            ("difference > 150pp", Share, Higher, Fail, "13..18 `difference` can never be 150pp or more"),
            ("value > 300%", Share, Higher, Fail, "8..12 `value` can never be 300% or more"),
            ("increase > 5%", Share, Lower, Fail, "0..10 `increase` here would fail"),
            ("ratio > 2 and ratio > 3", Share, Higher, Fail, "14..19 `ratio` is given twice"),
        ] {
            let got = parse(text, scale, worse, purpose).unwrap_err();
            assert!(got.starts_with(expected), "{text}: {got}");
        }
    }
}
