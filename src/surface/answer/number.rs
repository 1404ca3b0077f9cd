//! Numbers as Prometheus's API writes them: the fewest digits that say them wholly, without an exponent unless that would
//! be a row of zeros.

use std::io::Write;

/// From here on there is an exponent.
const LARGE: f64 = 1e21;
/// Below here as well.
const SMALL: f64 = 1e-6;
/// From here up to whole numbers, a crate that is several times faster than the standard library writes no exponent.
const PLAIN: f64 = 1e-4;
/// Every whole number below this is one that 64 bits hold, and all of its digits count.
const WHOLE: f64 = 9_007_199_254_740_992.0;

/// A number.
pub fn written(value: f64) -> String {
    let mut out = Vec::new();
    write(&mut out, value);
    String::from_utf8(out).unwrap_or_default()
}

pub(super) fn write(out: &mut Vec<u8>, value: f64) {
    let magnitude = value.abs();
    if value.is_nan() {
        out.extend_from_slice(b"NaN");
    } else if magnitude < WHOLE && magnitude.fract() == 0.0 && !(value == 0.0 && value.is_sign_negative()) {
        #[expect(clippy::cast_possible_truncation, reason = "it is whole, and fits")]
        integer(out, value as i64);
    } else if value.is_infinite() {
        out.extend_from_slice(if value < 0.0 { b"-Inf" } else { b"+Inf" });
    } else if (PLAIN..WHOLE).contains(&magnitude) {
        out.extend_from_slice(zmij::Buffer::new().format_finite(value).as_bytes());
    } else if magnitude == 0.0 || (SMALL..LARGE).contains(&magnitude) {
        // Writing to bytes in memory does not fail.
        write!(out, "{value}").ok();
    } else {
        with_exponent(out, value);
    }
}

/// With an exponent of a sign and at least two digits.
fn with_exponent(out: &mut Vec<u8>, value: f64) {
    let text = format!("{value:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |rest| ('-', rest));
    write!(out, "{digits}e{sign}{exponent:0>2}").ok();
}

/// A whole number. Most numbers are, and this is several times faster than the general way.
pub(super) fn integer(out: &mut Vec<u8>, value: i64) {
    const MOST_DIGITS: usize = 20;
    let mut digits = [0; MOST_DIGITS];
    let mut at = MOST_DIGITS;
    let mut rest = value.unsigned_abs();
    loop {
        at -= 1;
        let digit = (rest % 10) as u8;
        digits[at] = b'0' + digit;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if value < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[at..]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_as_go_writes_them() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.0, "1"),
            (-42.0, "-42"),
            (0.1, "0.1"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e-6, "0.000001"),
            (9.9e-7, "9.9e-07"),
            (1e-7, "1e-07"),
            (-1.5e-300, "-1.5e-300"),
            (5e-324, "5e-324"),
            (9_007_199_254_740_992.0, "9007199254740992"),
            (9_007_199_254_740_994.0, "9007199254740994"),
            (123_456_789_012_345_680_000.0, "123456789012345680000"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (1.234_5e21, "1.2345e+21"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::NAN, "NaN"),
            (-f64::NAN, "NaN"),
            (f64::INFINITY, "+Inf"),
            (f64::NEG_INFINITY, "-Inf"),
        ] {
            assert_eq!(written(value), text, "{value:e}");
        }
    }

    proptest! {
        #[test]
        fn numbers_read_back(bits in prop_oneof![any::<u64>(), (-1e9..1e9).prop_map(f64::to_bits)], whole in any::<i64>()) {
            let value = f64::from_bits(bits);
            if (SMALL..LARGE).contains(&value.abs()) {
                // Of two shortest texts that are as near, Rust and Go may write one or the other.
                prop_assert_eq!(written(value).len(), value.to_string().len());
            }
            let back: f64 = written(value).parse().unwrap();
            prop_assert!(back.to_bits() == bits || value.is_nan() && back.is_nan());
            let mut out = Vec::new();
            integer(&mut out, whole);
            prop_assert_eq!(String::from_utf8(out).unwrap(), whole.to_string());
        }
    }
}
