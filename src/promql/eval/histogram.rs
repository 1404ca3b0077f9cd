//! Functions of histograms, native ones and those that are told in buckets.

mod bucket;
mod family;

use std::borrow::Cow;

use crate::promql::eval::annotation::Annotations;
use crate::promql::eval::call::Called;
use crate::promql::eval::column::{Cell, Column};
use crate::promql::eval::error::EvalError;
use crate::promql::eval::held::Held;
use crate::promql::eval::histogram::bucket::Shares;
use crate::promql::eval::histogram::family::{Asks, families};
use crate::promql::eval::line::{Line, Lines};
use crate::promql::eval::meter::Kept;
use crate::promql::name::is_label_name;
use crate::promql::number::Number;
use crate::signal::histogram::NanObservations;
use crate::signal::{Histogram, NAME, Point};
use crate::unit::Extent;

pub(super) fn call(called: Called<'_>) -> Result<Held<'_>, EvalError> {
    Ok(Held::Lines(match called.call.function.name {
        "histogram_avg" => each(called, Histogram::mean),
        "histogram_count" => each(called, Histogram::count),
        "histogram_stddev" => each(called, Histogram::deviation),
        "histogram_stdvar" => each(called, Histogram::variance),
        "histogram_sum" => each(called, Histogram::sum),
        "histogram_fraction" => fraction(called)?,
        "histogram_quantiles" => quantiles(called)?,
        _ => quantile(called)?,
    }))
}

/// A number of each histogram; what is none goes.
fn each(mut called: Called<'_>, number: fn(&Histogram) -> f64) -> Lines<'_> {
    let meter = called.evaluation.meter;
    called.lines(0).map(move |mut line| {
        line.column = line.column.map(meter, |_, cell| match cell {
            Cell::Histogram(histogram) => Some(Point::Float(number(histogram))),
            Cell::Float(_) | Cell::None => None,
        });
        line
    })
}

fn quantile(mut called: Called<'_>) -> Result<Lines<'_>, EvalError> {
    let shares = called.scalar(0);
    let (own, of) = (called.extent(0), called.extent(1));
    let annotations = called.evaluation.annotations;
    check(&shares, own, annotations);
    let asks = Asks { function: "histogram_quantile", of, annotations };
    let families = families(&mut called, 1, &asks)?;
    let native = |index: usize, histogram: &Histogram, name: &str| {
        native_quantile(shares[index], histogram, name, &asks)
    };
    let classic = |index: usize, buckets: &mut Shares, name: &str| {
        buckets.smooth(name, &asks);
        buckets.quantile(shares[index])
    };
    let lines = families.lines(called.grid.len(), native, classic)?;
    Ok(Lines::kept(lines, false))
}

fn quantiles(mut called: Called<'_>) -> Result<Lines<'_>, EvalError> {
    let label = called.text(1);
    let Some(label) = label.as_str().filter(|label| is_label_name(label)) else {
        return Err(EvalError::Argument(format!("invalid label name {label}")));
    };
    let annotations = called.evaluation.annotations;
    let asks = Asks { function: "histogram_quantiles", of: called.extent(0), annotations };
    let families = families(&mut called, 0, &asks)?;
    let mut all = Kept::new(called.evaluation.meter);
    for index in 2..called.len() {
        let own = called.extent(index);
        let shares = called.scalar(index);
        check(&shares, own, annotations);
        // One series has one label, so a share that changes from step to step makes several.
        let mut distinct: Vec<f64> = Vec::new();
        for share in shares.iter() {
            called.evaluation.meter.work(1 + distinct.len())?;
            if !distinct.iter().any(|known| Number(*known) == Number(*share)) {
                distinct.push(*share);
            }
        }
        for share in distinct {
            let is_now = |index: usize| Number(shares[index]) == Number(share);
            let native = |index: usize, histogram: &Histogram, name: &str| {
                if is_now(index) { Some(native_quantile(share, histogram, name, &asks)) } else { None }
            };
            let classic = |index: usize, buckets: &mut Shares, name: &str| {
                if !is_now(index) {
                    return None;
                }
                buckets.smooth(name, &asks);
                Some(buckets.quantile(share))
            };
            for line in families.some_lines(called.grid.len(), native, classic)?.each() {
                let labels = Cow::Owned(line.labels.with(label, &open_metrics(share)));
                let line = Line { labels, ..line };
                all.push(line.weight(), line)?;
            }
        }
    }
    Ok(Lines::kept(all, false))
}

fn fraction(mut called: Called<'_>) -> Result<Lines<'_>, EvalError> {
    let (lower, upper) = (called.scalar(0), called.scalar(1));
    let annotations = called.evaluation.annotations;
    let asks = Asks { function: "histogram_fraction", of: called.extent(2), annotations };
    let families = families(&mut called, 2, &asks)?;
    let native = |index: usize, histogram: &Histogram, name: &str| {
        let fraction = histogram.fraction(lower[index], upper[index]);
        if fraction.has_nan {
            asks.inform(
                name,
                "input to histogram_fraction has NaN observations, which are excluded from all fractions",
            );
        }
        fraction.value
    };
    let classic = |index: usize, buckets: &mut Shares, _: &str| buckets.fraction(lower[index], upper[index]);
    let lines = families.lines(called.grid.len(), native, classic)?;
    Ok(Lines::kept(lines, false))
}

fn native_quantile(share: f64, histogram: &Histogram, name: &str, asks: &Asks<'_>) -> f64 {
    let quantile = histogram.quantile(share);
    match quantile.nan {
        NanObservations::Harmless => {}
        NanObservations::Skewed => {
            asks.inform(name, "input to histogram_quantile has NaN observations, result is skewed higher");
        }
        NanObservations::Hit => {
            asks.inform(name, "input to histogram_quantile has NaN observations, result is NaN");
        }
    }
    quantile.value
}

/// Tells of shares that none can be.
fn check(shares: &[f64], extent: Extent, annotations: &Annotations) {
    for share in shares.iter().filter(|share| !(0.0..=1.0).contains(*share)) {
        let text = format!("quantile value should be between 0 and 1, got {}", signed(*share));
        annotations.warn(extent, text);
    }
}

/// A number as Go prints it.
fn signed(number: f64) -> String {
    if number == f64::INFINITY { "+Inf".to_owned() } else { Number(number).to_string() }
}

/// A number as OpenMetrics writes it in a label: a whole one with a fraction.
fn open_metrics(number: f64) -> String {
    let text = signed(number);
    if number.is_finite() && !text.contains(['.', 'e']) { format!("{text}.0") } else { text }
}

impl Asks<'_> {
    fn inform(&self, name: &str, text: &str) {
        let text =
            if name.is_empty() { text.to_owned() } else { format!("{text} for metric name \"{name}\"") };
        self.annotations.inform(self.of, text);
    }
}

/// A line with a column.
fn line<'e>(of: &Line<'e>, column: Column) -> Line<'e> {
    Line { labels: of.labels.clone(), unnamed: of.unnamed, column }
}

/// The name of a metric as annotations tell it.
fn name<'l>(line: &'l Line<'_>) -> &'l str {
    line.labels.get(NAME)
}
