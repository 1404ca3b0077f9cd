//! PromQL features, by the names of Prometheus's own flag.

use crate::promql;
use crate::unit::nearest;

/// The features of these names.
pub(crate) fn read(names: &[String]) -> Result<promql::Features, String> {
    let mut features = promql::Features::NONE;
    for name in names.iter().filter(|name| !name.is_empty()) {
        let known = promql::Feature::EACH.map(promql::Feature::name);
        let feature = promql::Feature::named(name).ok_or_else(|| {
            let help = match nearest(name, known) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("they are {}", known.join(", ")),
            };
            format!("there is no PromQL feature `{name}`; {help}")
        })?;
        features = features.with(feature);
    }
    Ok(features)
}
