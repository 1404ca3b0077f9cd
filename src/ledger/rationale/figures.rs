//! Figures as people read them.

use crate::gate::{Asked, Bound, Tally, Worse};

/// A count with its thousands apart.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A share as a percentage, with as many digits as say something.
pub(super) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    match percent {
        _ if percent >= 10.0 => format!("{percent:.1}%"),
        _ if percent >= 1.0 => format!("{percent:.2}%"),
        _ => format!("{percent:.3}%"),
    }
}

/// A tally: `412 of 3,020 (13.6%)`.
pub(super) fn tally(tally: Tally) -> String {
    let counts = format!("{} of {}", grouped(tally.events), grouped(tally.of));
    match share(tally) {
        Some(share) => format!("{counts} ({})", percent(share)),
        None => counts,
    }
}

/// The share of a tally; nothing where there was no traffic.
#[expect(clippy::cast_precision_loss, reason = "for reading")]
pub(super) fn share(tally: Tally) -> Option<f64> {
    (tally.of > 0).then(|| tally.events as f64 / tally.of as f64)
}

/// A ratio, with as many digits as say something.
pub(super) fn ratio(ratio: f64) -> String {
    match ratio {
        _ if ratio.is_infinite() => "no bound".to_owned(),
        _ if ratio >= 100.0 => format!("{ratio:.0}"),
        _ if ratio >= 10.0 => format!("{ratio:.1}"),
        _ => format!("{ratio:.2}"),
    }
}

/// The ratio of two shares, and between what it lies.
pub(super) fn between(new: f64, old: f64, (lower, upper): (f64, f64)) -> String {
    let (lower, upper) = (ratio(lower), ratio(upper));
    let between = format!("between {lower} and {upper} at 95%, however often anybody looks");
    match old {
        _ if old > 0.0 => format!("ratio   {}; {between}", ratio(new / old)),
        _ => format!("ratio   not to be had, as the old side had none; {between}"),
    }
}

/// Bounds as a condition: `ratio > 1.25 and difference > 0.05pp`. Those on a quantile are in the unit of its buckets,
/// levels and values in units of their own.
pub(super) fn bounds(bounds: &[Bound], worse: Worse, asked: Asked) -> String {
    let (scale, points, percent) = match asked {
        Asked::Share => (100.0, "pp", "%"),
        Asked::Quantile { .. } | Asked::Level | Asked::Votes { .. } => (1.0, "", ""),
    };
    let sign = match worse {
        Worse::Higher => '>',
        Worse::Lower => '<',
    };
    let each = bounds.iter().map(|bound| match bound {
        Bound::Ratio(ratio) => format!("ratio {sign} {}", rounded(*ratio)),
        // It is said by how much in the direction that is worse.
        Bound::Difference(difference) => {
            format!("difference {sign} {}{points}", rounded(difference * scale))
        }
        Bound::Value(value) => format!("value {sign} {}{percent}", rounded(value * scale)),
        Bound::Reached(value) => format!("value {sign}= {}", rounded(*value)),
    });
    each.collect::<Vec<_>>().join(" and ")
}

/// A level in its own unit, with four digits that say something.
pub(super) fn level(level: f64) -> String {
    let size = level.abs();
    if size > 0.0 && !(1e-4..1e7).contains(&size) {
        return format!("{level:.3e}");
    }
    let digits = [1_000.0, 100.0, 10.0, 1.0, 0.1, 0.01, 0.001].iter().position(|least| *least <= size);
    let digits = if size > 0.0 { digits.unwrap_or(7) } else { 0 };
    format!("{level:.digits$}")
}

/// Without the dust that a multiplication leaves.
pub(super) fn rounded(number: f64) -> f64 {
    (number * 1e9).round() / 1e9
}

/// How many: of harmless rollouts, fewer than one in so many would show evidence this strong.
pub(super) fn one_in(ln_evidence: f64) -> String {
    let times = libm::exp(ln_evidence.max(0.0));
    match times {
        _ if times >= 1e9 => "a billion".to_owned(),
        _ if times >= 1e6 => format!("{:.0} million", times / 1e6),
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "below a million, for reading"
        )]
        _ => grouped(times as u64),
    }
}

/// A confidence as a percentage that never says certainty.
pub(super) fn confidence(confidence: f64) -> String {
    let percent = confidence * 100.0;
    if percent > 99.9999 { "more than 99.9999%".to_owned() } else { percent_exact(percent) }
}

fn percent_exact(percent: f64) -> String {
    let digits = if percent >= 99.9 {
        4
    } else if percent >= 99.0 {
        2
    } else {
        1
    };
    // Rounded down: a confidence is never said to be more than it is.
    let scale = libm::pow(10.0, f64::from(digits));
    let down = (percent * scale).floor() / scale;
    format!("{down:.*}%", usize::try_from(digits).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_say_what_they_can_and_no_more() {
        for (number, text) in
            [(0, "0"), (999, "999"), (1_000, "1,000"), (27_310, "27,310"), (1_234_567, "1,234,567")]
        {
            assert_eq!(grouped(number), text);
        }
        for (share, text) in
            [(0.0, "0.000%"), (0.00443, "0.443%"), (0.0123, "1.23%"), (0.136_42, "13.6%"), (1.0, "100.0%")]
        {
            assert_eq!(percent(share), text);
        }
        for (sure, text) in [
            (0.5, "50.0%"),
            (0.8, "80.0%"),
            (0.95, "95.0%"),
            (0.998_71, "99.87%"),
            (0.999_961, "99.9961%"),
            (1.0 - 1e-12, "more than 99.9999%"),
        ] {
            assert_eq!(confidence(sure), text);
        }
        let none = Tally::default();
        assert_eq!(tally(none), "0 of 0");
        assert_eq!(tally(Tally { events: 3, of: 1_200 }), "3 of 1,200 (0.250%)");
    }
}
