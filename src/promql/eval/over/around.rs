//! What a window stands in: its series, its step, and what is to be said of it.

use std::cell::{Cell, RefCell};

use crate::promql::eval::annotation::Annotations;
use crate::promql::eval::column::{Column, is_none};
use crate::promql::eval::error::EvalError;
use crate::promql::eval::meter::Meter;
use crate::promql::eval::numbers::Numbers;
use crate::signal::histogram::Met;
use crate::signal::{Labels, NAME};
use crate::unit::Extent;

/// What a window stands in.
#[derive(Clone, Copy)]
pub(in crate::promql::eval) struct Around<'a> {
    /// What is said of its series.
    pub(super) remarks: &'a Remarks<'a>,
    /// The numbers that the function is given besides, each at every step.
    pub(super) numbers: &'a [Numbers<'a>],
    pub(super) step: usize,
    /// When the step is evaluated.
    pub(super) at: i64,
    /// Whether rates rest on the times at which counters began.
    pub(super) starts: bool,
    pub(super) meter: &'a Meter<'a>,
}

impl Around<'_> {
    /// A number that the function is given besides, as it is at this step.
    pub(super) fn number(&self, index: usize) -> f64 {
        self.numbers.get(index).and_then(|steps| steps.get(self.step)).copied().unwrap_or(f64::NAN)
    }

    pub(super) fn tell(&self, remark: Remark) {
        self.remarks.tell(remark);
    }

    /// Takes note of so much work; nothing where it is to stop.
    pub(super) fn goes_on(&self, work: usize) -> Option<()> {
        (!self.meter.is_over(work)).then_some(())
    }
}

/// What may be said of the samples of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::promql::eval) enum Remark {
    Mixed,
    MixedSchemas,
    NotCounter,
    NotGauge,
    HistogramsIgnored,
    HintsCollide,
    Added,
    Subtracted,
    Aggregated,
    NoCounterName,
    StartsOverlap,
}

impl Remark {
    const fn is_warning(self) -> bool {
        match self {
            Self::Mixed
            | Self::MixedSchemas
            | Self::NotCounter
            | Self::NotGauge
            | Self::HintsCollide
            | Self::StartsOverlap => true,
            Self::HistogramsIgnored
            | Self::Added
            | Self::Subtracted
            | Self::Aggregated
            | Self::NoCounterName => false,
        }
    }

    fn text(self, name: &str) -> String {
        let says = match self {
            Self::Mixed => "encountered a mix of histograms and floats for metric name",
            Self::MixedSchemas => {
                "vector contains a mix of histograms with exponential and custom buckets schemas for metric name"
            }
            Self::NotCounter => "this native histogram metric is not a counter:",
            Self::NotGauge => "this native histogram metric is not a gauge:",
            Self::HistogramsIgnored => {
                "ignored histograms in a range containing both floats and histograms for metric name"
            }
            Self::NoCounterName => {
                "metric might not be a counter, name does not end in _total/_sum/_count/_bucket:"
            }
            Self::StartsOverlap => {
                "sample has start time that overlaps with previous sample timestamp for metric"
            }
            Self::HintsCollide => {
                return "conflicting counter resets during histogram aggregation".to_owned();
            }
            Self::Added => return reconciled("addition"),
            Self::Subtracted => return reconciled("subtraction"),
            Self::Aggregated => return reconciled("aggregation"),
        };
        format!("{says} {name:?}")
    }
}

fn reconciled(operation: &str) -> String {
    format!("mismatched custom buckets were reconciled during {operation}")
}

/// What is said of a series: each thing once, however many windows it holds for.
pub(in crate::promql::eval) struct Remarks<'a> {
    labels: &'a Labels,
    of: Extent,
    annotations: &'a Annotations,
    told: Cell<u32>,
    fault: RefCell<Option<EvalError>>,
}

impl<'a> Remarks<'a> {
    /// The extent is that of the argument whose place is told.
    pub(in crate::promql::eval) fn new(labels: &'a Labels, of: Extent, annotations: &'a Annotations) -> Self {
        Self { labels, of, annotations, told: Cell::new(0), fault: RefCell::new(None) }
    }

    pub(super) fn tell(&self, remark: Remark) {
        let bit = 1 << remark as u32;
        if self.told.get() & bit != 0 {
            return;
        }
        self.told.set(self.told.get() | bit);
        let text = remark.text(self.labels.get(NAME));
        if remark.is_warning() {
            self.annotations.warn(self.of, text);
        } else {
            self.annotations.inform(self.of, text);
        }
    }

    /// Says that custom bounds were reconciled, where they were.
    pub(super) fn tell_met(&self, met: Met, remark: Remark) {
        if met.bounds_differ {
            self.tell(remark);
        }
    }

    pub(super) fn warn(&self, text: String) {
        self.annotations.warn(self.of, text);
    }

    /// Says that the function makes no sense with what it was given. The first of several is what counts.
    pub(super) fn fail(&self, error: EvalError) {
        self.fault.borrow_mut().get_or_insert(error);
    }

    pub(in crate::promql::eval) fn fault(&self) -> Result<(), EvalError> {
        self.fault.borrow_mut().take().map_or(Ok(()), Err)
    }

    /// Says that a metric is named as no counter is, where a rate was made of its numbers.
    pub(super) fn name_a_counter(&self, column: &Column) {
        let name = self.labels.get(NAME);
        let counts = ["_total", "_sum", "_count", "_bucket"].iter().any(|end| name.ends_with(end));
        if !name.is_empty() && !counts && column.values.iter().any(|value| !is_none(*value)) {
            self.tell(Remark::NoCounterName);
        }
    }
}
