//! Bodies: what a rule says is sent, filled leaf by leaf.

use std::collections::BTreeMap;

use crate::decision::action::{Body, BodyValue};
use crate::decision::templated::Filling;
use crate::unit::Fault;

/// The longest body, with all that is filled in, in bytes of its texts.
pub const MOST_OF_A_BODY: usize = 256 << 10;

/// Fills each text of a body; its structure stays as the rule has it, whatever the texts say.
///
/// # Errors
/// Where a text cannot be filled, or all of them together are too long.
pub fn fill(body: &Body, filling: Filling<'_>) -> Result<Body<String>, Fault> {
    let mut left = MOST_OF_A_BODY;
    Ok(Body(named(&body.0, filling, &mut left)?))
}

fn named(
    values: &BTreeMap<String, BodyValue>,
    filling: Filling<'_>,
    left: &mut usize,
) -> Result<BTreeMap<String, BodyValue<String>>, Fault> {
    values.iter().map(|(name, value)| Ok((name.clone(), filled(value, filling, left)?))).collect()
}

fn filled(value: &BodyValue, filling: Filling<'_>, left: &mut usize) -> Result<BodyValue<String>, Fault> {
    Ok(match value {
        BodyValue::Null => BodyValue::Null,
        BodyValue::Bool(truth) => BodyValue::Bool(*truth),
        BodyValue::Whole(whole) => BodyValue::Whole(*whole),
        BodyValue::Number(number) => BodyValue::Number(*number),
        BodyValue::Text(templated) => {
            let text = templated.filled(filling, false).and_then(|text| {
                let rest = left.checked_sub(text.len()).ok_or_else(|| {
                    let message = format!("the texts of the body are longer than {MOST_OF_A_BODY} bytes");
                    Fault::whole(templated.text(), message)
                })?;
                *left = rest;
                Ok(text)
            });
            BodyValue::Text(match text {
                // Whoever is called knows at least what it is about.
                Err(fault) if filling.says_why => {
                    format!("{} (this cannot be filled: {fault})", filling.matter.headline)
                }
                text => text?,
            })
        }
        BodyValue::List(values) => BodyValue::List(
            values.iter().map(|value| filled(value, filling, left)).collect::<Result<_, _>>()?,
        ),
        BodyValue::Map(values) => BodyValue::Map(named(values, filling, left)?),
    })
}
