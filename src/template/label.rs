//! What is done with what a query found.

use crate::template::call::Wrong;
use crate::template::value::Value;

/// The label that holds a text where a sample can only hold a number.
const TEXT_OF_A_SAMPLE: &str = "__value__";

pub(super) fn answered(name: &str, arguments: &[Value]) -> Result<Value, Wrong> {
    match (name, arguments) {
        ("first", [Value::List(list)]) => {
            let none = "`first` has nothing to take: the query found nothing; ask with `with` whether it did";
            list.first().cloned().ok_or_else(|| none.into())
        }
        ("value", [sample]) => Ok(sample.field("Value").cloned().unwrap_or(Value::Missing)),
        ("strvalue", [sample]) => Ok(Value::text(label(sample, TEXT_OF_A_SAMPLE))),
        ("label", [wanted, sample]) => Ok(Value::text(label(sample, &name_of(wanted)))),
        ("sortByLabel", [wanted, Value::List(list)]) => {
            let wanted = name_of(wanted);
            let mut sorted = list.to_vec();
            sorted.sort_by(|one, other| label(one, &wanted).cmp(label(other, &wanted)));
            Ok(Value::list(sorted))
        }
        _ => Ok(Value::Missing),
    }
}

fn name_of(value: &Value) -> String {
    String::from_utf8_lossy(value.bytes().unwrap_or_default()).into_owned()
}

fn label<'v>(sample: &'v Value, name: &str) -> &'v str {
    let Some(Value::Labels(labels)) = sample.field("Labels") else { return "" };
    labels.get(name).map_or("", String::as_str)
}
