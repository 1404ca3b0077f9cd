//! A Prometheus that is asked. The expression goes to it as it is: it may know more than is known here.

use crate::promql::When;
use crate::run::args::{Query, Sight};
use crate::run::query::times::Times;
use crate::run::query::{drawn, sight};
use crate::run::{Ending, login, output};
use crate::source::prometheus::{Error, Found, Moments, Prometheus, Told};
use crate::surface::answer::{Shown, Worth};
use crate::unit::UnixMillis;

/// How Prometheus calls what was asked well and cannot be answered.
const NOT_EVALUATED: [&str; 3] = ["execution", "timeout", "canceled"];

pub(super) fn run(asked: &Query, url: &str, now: UnixMillis) -> Result<Ending, String> {
    let when = Times { now, newest: now }.when(asked)?;
    let moments = match when {
        When::At(at) => Moments::At(at),
        When::Range { from, to, step } => Moments::Range { from, to, step },
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("no connection can be made: {error}"))?;
    let client = crate::responder::client().map_err(|error| error.to_string())?;
    let prometheus = Prometheus::new(client, url, login::read(&asked.login)?);
    let prometheus = prometheus.map_err(|error| format!("--url: {error}"))?;
    match runtime.block_on(prometheus.query(&asked.expr, moments)) {
        Ok(found) => Ok(told(asked, when, found)),
        Err(error) => {
            let ending = ending(&error);
            output::complain(&error.to_string());
            Ok(ending)
        }
    }
}

fn ending(error: &Error) -> Ending {
    let Error::Failed { kind, .. } = error else { return Ending::CouldNotRun };
    if NOT_EVALUATED.contains(&kind.as_str()) { Ending::Found } else { Ending::CouldNotRun }
}

fn told(asked: &Query, when: When, found: Found) -> Ending {
    let sight = sight(asked, when);
    if sight == Sight::Json {
        return output::print(
            &format!("{}\n", String::from_utf8_lossy(&found.body).trim_end()),
            Ending::Clean,
        );
    }
    for note in found.warnings.iter().chain(&found.infos) {
        output::aside(&format!("{note}\n"));
    }
    output::print(&drawn(sight, &shown(found)), Ending::Clean)
}

fn shown(found: Found) -> Shown {
    let worth = |told: Told| match told {
        Told::Number(value) => Worth::Number(value),
        Told::Words(text) => Worth::Words(text),
    };
    match found.kind.as_str() {
        "matrix" => {
            let points = |points: Vec<(UnixMillis, Told)>| {
                points.into_iter().map(|(at, told)| (at, worth(told))).collect()
            };
            Shown::Times(found.series.into_iter().map(|(labels, all)| (labels, points(all))).collect())
        }
        "vector" => {
            let newest = |(labels, points): (_, Vec<(_, Told)>)| {
                Some((labels, worth(points.into_iter().next_back()?.1)))
            };
            Shown::Moment(found.series.into_iter().filter_map(newest).collect())
        }
        _ => {
            let alone = found.series.into_iter().flat_map(|(_, points)| points).next();
            Shown::Alone(alone.map_or(Worth::Words(String::new()), |(_, told)| worth(told)))
        }
    }
}
