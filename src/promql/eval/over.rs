//! Functions of the samples in a window.
//!
//! Each is a plain function of one window first: that one says what is right. Where windows overlap much, most have
//! a second form that goes over all windows of a series and takes each sample up only once or twice. A law holds that
//! both say the same.

mod around;
mod refusal;
mod seen;
mod started;
mod counts;
mod sliding;
mod rate;
mod rate_of_histograms;
mod extended;
mod extended_histograms;
mod instant;
mod turn;
mod edge;
mod extreme;
mod total;
mod total_of_histograms;
mod spread;
mod rank;
mod trend;
mod smoothing;
mod interpolated;
#[cfg(test)]
mod tests;

pub(super) use interpolated::{extended, interpolated};
pub(super) use refusal::refusal;

use std::ops::Range;

use crate::promql::eval::call::Called;
use crate::promql::eval::column::Column;
use crate::promql::eval::error::EvalError;
use crate::promql::eval::layout::Layout;
use crate::promql::eval::line::{Line, Lines};
use crate::promql::eval::meter::{Hold, SERIES, samples_of};
use crate::promql::eval::numbers::Numbers;
use crate::promql::eval::over::around::{Around, Remarks};
use crate::promql::eval::reach::Reach;
use crate::promql::eval::window::{Track, Window};
use crate::signal::Point;

/// What a function makes of a window.
type Plain = fn(&Window<'_>, &Around<'_>) -> Option<Point>;

/// What a function makes of all windows of a series; nothing where it has to be asked for each.
type Moving = fn(&Course<'_>) -> Option<Column>;

/// How many bytes are remembered of a sample at most, whatever the function.
const REMEMBERED: usize = 160;

/// A function of the samples in a window.
#[derive(Clone, Copy)]
pub(super) struct Over {
    plain: Plain,
    moving: Option<Moving>,
}

/// A series with all windows that a function sees of it.
struct Course<'c> {
    track: &'c Track<'c>,
    reach: &'c Reach,
    layout: &'c Layout<'c>,
    around: Around<'c>,
}

impl Over {
    /// What it makes of each window of a series.
    fn column(self, course: &Course<'_>) -> Column {
        let moving = self.moving.filter(|_| course.overlaps());
        // Where there is no room to remember anything each window is looked at by itself, slow as that is.
        let room = moving.and_then(|moving| Some((moving, course.room()?)));
        let moved = room.and_then(|(moving, _room)| moving(course));
        moved.unwrap_or_else(|| course.each(self.plain))
    }
}

impl<'c> Course<'c> {
    /// Whether a window shares samples with the next: else nothing is won by remembering any.
    fn overlaps(&self) -> bool {
        1 < self.reach.grid.len() && self.reach.grid.step() < self.reach.range
    }

    /// Room for what is remembered of each sample.
    fn room(&self) -> Option<Hold<'c>> {
        let mut room = Hold::new(self.around.meter);
        room.add(samples_of(REMEMBERED).saturating_mul(self.track.points().len())).ok()?;
        Some(room)
    }

    fn around(&self, step: usize) -> Around<'c> {
        Around { step, at: self.reach.grid.at(step), ..self.around }
    }

    /// What a function makes of each window, given the samples in it.
    fn points(&self, point: impl FnMut(usize, Range<usize>) -> Option<Point>) -> Column {
        self.layout.points(self.track.pace(), point)
    }

    /// The same of one that makes numbers.
    fn numbers(&self, number: impl FnMut(usize, Range<usize>) -> Option<f64>) -> Column {
        self.layout.numbers(self.track.pace(), number)
    }

    fn each(&self, plain: Plain) -> Column {
        let points = self.track.points();
        self.points(|step, part| plain(&Window::of(points, part, self.reach, step), &self.around(step)))
    }
}

/// The function of that name.
pub(super) fn named(name: &str) -> Option<Over> {
    let plain = |plain: Plain| Over { plain, moving: None };
    let moving = |plain: Plain, moving: Moving| Over { plain, moving: Some(moving) };
    Some(match name {
        "rate" => moving(rate::rate, rate::moving_rate),
        "increase" => moving(rate::increase, rate::moving_increase),
        "delta" => moving(rate::delta, rate::moving_delta),
        "irate" => plain(instant::irate),
        "idelta" => plain(instant::idelta),
        "resets" => moving(turn::resets, turn::moving_resets),
        "changes" => moving(turn::changes, turn::moving_changes),
        "count_over_time" => plain(edge::count),
        "present_over_time" => plain(edge::present),
        "first_over_time" => plain(edge::first),
        "last_over_time" => plain(edge::last),
        "ts_of_first_over_time" => plain(edge::time_of_first),
        "ts_of_last_over_time" => plain(edge::time_of_last),
        "min_over_time" => moving(extreme::min, extreme::moving_min),
        "max_over_time" => moving(extreme::max, extreme::moving_max),
        "ts_of_min_over_time" => moving(extreme::time_of_min, extreme::moving_time_of_min),
        "ts_of_max_over_time" => moving(extreme::time_of_max, extreme::moving_time_of_max),
        "sum_over_time" => moving(total::sum, total::moving_sum),
        "avg_over_time" => moving(total::avg, total::moving_avg),
        "stddev_over_time" => moving(spread::stddev, spread::moving_stddev),
        "stdvar_over_time" => moving(spread::stdvar, spread::moving_stdvar),
        "quantile_over_time" => moving(rank::quantile, rank::moving_quantile),
        "mad_over_time" => moving(rank::mad, rank::moving_mad),
        "deriv" => moving(trend::deriv, trend::moving_deriv),
        "predict_linear" => moving(trend::predict_linear, trend::moving_predict_linear),
        "double_exponential_smoothing" => moving(smoothing::smoothed, smoothing::moving_smoothed),
        _ => return None,
    })
}

pub(super) fn call(mut called: Called<'_>, over: Over) -> Result<Lines<'_>, EvalError> {
    let arguments = 0..called.len();
    let Some(at) = arguments.clone().find(|index| called.is_window(*index)) else { return Ok(Lines::none()) };
    let Some(windows) = called.windows(at) else { return Ok(Lines::none()) };
    let name = called.call.function.name;
    if let Some(refused) = windows.reach.extended.and_then(|extended| refusal(extended, name)) {
        return Err(refused);
    }
    let numbers: Vec<Numbers<'_>> =
        arguments.filter(|index| *index != at).map(|index| called.scalar(index)).collect();
    // Prometheus tells the first argument's place, whichever the range vector is.
    let (evaluation, of, reach) = (called.evaluation, called.extent(0), windows.reach);
    let (meter, mut layout) = (evaluation.meter, None);
    let lines = windows.each.map(move |track| {
        let track = track?;
        meter.work(SERIES + track.points().len())?;
        let layout = Layout::kept(&mut layout, track.points().times, &reach, meter)?;
        let remarks = Remarks::new(&track.labels, of, evaluation.annotations);
        let starts = evaluation.query.starts;
        let around = Around { remarks: &remarks, numbers: &numbers, step: 0, at: 0, starts, meter };
        let column = over.column(&Course { track: &track, reach: &reach, layout, around });
        meter.work(column.len())?;
        if rate::counts_up(name) {
            remarks.name_a_counter(&column);
        }
        remarks.fault()?;
        Ok(Line { labels: track.labels, unnamed: track.unnamed, column })
    });
    Ok(Lines::new(lines, windows.apart))
}
