//! One series of a request, held against what labels have to be.

use prost::Message;

use crate::signal::{Labels, LabelsError, Observation, Sample};
use crate::source::remote_write::fields::{Fields, Malformed};
use crate::source::remote_write::histogram::{self, Unfit};
use crate::source::remote_write::parse::Caps;
use crate::source::remote_write::wire::{self, Label, TimeSeries, tag};
use crate::unit::{UnixMillis, escaped};

/// The most labels of a refused series that are shown, and the most bytes of each name and value.
const SHOWN_LABELS: usize = 12;
const SHOWN_BYTES: usize = 80;

/// How many bytes of a histogram are counted as one sample.
const SAMPLE_BYTES: usize = 16;

/// Why a series, or a histogram of it, is refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Why {
    /// It is known by nothing.
    #[error("it has no labels")]
    Unlabelled,
    /// More labels than any series should have.
    #[error("it has {has} labels; the most is {most}")]
    Labels {
        /// How many it has.
        has: usize,
        /// How many it may have.
        most: usize,
    },
    /// A name or a value that is too long.
    #[error("label `{label}` takes {has} bytes; the most for a name or a value is {most}")]
    Long {
        /// The beginning of its name.
        label: String,
        /// How many bytes it has.
        has: usize,
        /// How many it may have.
        most: usize,
    },
    /// A name or a value that is no text.
    #[error("label `{0}` is not valid UTF-8")]
    NotText(String),
    /// The labels are not in order.
    #[error("label `{label}` comes after `{before}`; labels have to be sorted by their names")]
    Unsorted {
        /// The label.
        label: String,
        /// The one before it.
        before: String,
    },
    /// A name that is given twice, or one that is empty.
    #[error(transparent)]
    Name(#[from] LabelsError),
    /// A histogram that is none; what else its series has is kept.
    #[error("its histogram{}: {unfit}", at.map(|at| format!(" of {at}")).unwrap_or_default())]
    Histogram {
        /// When, where that is known.
        at: Option<UnixMillis>,
        /// What is wrong.
        unfit: Unfit,
    },
}

/// A series as it was read.
pub(super) struct Read {
    /// Its labels; what is wrong with them, beside what can be shown of them.
    pub(super) labels: Result<Labels, (String, Why)>,
    pub(super) samples: Vec<Observation>,
    /// What is wrong with its histograms.
    pub(super) unfit: Vec<Why>,
    pub(super) exemplars: u64,
}

/// How many parts a series has.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Parts {
    pub(super) labels: usize,
    /// A histogram counts as many as take its room.
    pub(super) samples: usize,
    pub(super) exemplars: u64,
}

/// Counts the parts of a series.
pub(super) fn parts(series: &[u8]) -> Result<Parts, Malformed> {
    let mut parts = Parts::default();
    for field in Fields(series) {
        let (tag, bytes) = field?;
        match tag {
            tag::LABEL => parts.labels += 1,
            tag::SAMPLE => parts.samples += 1,
            tag::EXEMPLAR => parts.exemplars += 1,
            tag::HISTOGRAM => parts.samples += 1 + bytes.len() / SAMPLE_BYTES,
            _ => {}
        }
    }
    Ok(parts)
}

/// Reads a series of so many parts.
pub(super) fn read(series: &[u8], parts: Parts, caps: &Caps) -> Result<Read, Malformed> {
    let Parts { labels: has, samples: _, exemplars } = parts;
    if caps.labels < has {
        let why = Why::Labels { has, most: caps.labels };
        let first = Fields(series).filter_map(Result::ok).find(|(tag, _)| *tag == tag::LABEL);
        let first = first.map(|(_, label)| Label::decode(label)).transpose()?;
        let labels = Err((shown(first.as_slice()), why));
        return Ok(Read { labels, samples: Vec::new(), unfit: Vec::new(), exemplars });
    }
    let TimeSeries { labels, samples, histograms } = TimeSeries::decode(series)?;
    let labels = checked(&labels, caps).map_err(|why| (shown(&labels), why));
    let sample =
        |sample: &wire::Sample| Sample { at: UnixMillis::new(sample.timestamp), value: sample.value };
    let mut samples: Vec<Observation> = samples.iter().map(sample).map(Observation::from).collect();
    let are_mixed = !samples.is_empty() && !histograms.is_empty();
    let mut unfit = Vec::new();
    for bytes in histograms {
        match histogram::read(&bytes) {
            Ok(observation) => samples.push(observation),
            Err((at, why)) => unfit.push(Why::Histogram { at, unfit: why }),
        }
    }
    // Numbers and histograms are told apart from each other, and each in the order of time.
    if are_mixed {
        samples.sort_by_key(|sample| sample.at);
    }
    Ok(Read { labels, samples, unfit, exemplars })
}

fn checked(labels: &[Label], caps: &Caps) -> Result<Labels, Why> {
    if labels.is_empty() {
        return Err(Why::Unlabelled);
    }
    let mut pairs: Vec<(String, String)> = Vec::with_capacity(labels.len());
    for label in labels {
        let has = label.name.len().max(label.value.len());
        if caps.label_bytes < has {
            return Err(Why::Long { label: lossy(&label.name), has, most: caps.label_bytes });
        }
        let text = |bytes: &[u8]| std::str::from_utf8(bytes).map(str::to_owned);
        let (Ok(name), Ok(value)) = (text(&label.name), text(&label.value)) else {
            return Err(Why::NotText(lossy(&label.name)));
        };
        if let Some((before, _)) = pairs.last().filter(|(before, _)| name < *before) {
            return Err(Why::Unsorted { label: escaped(name), before: escaped(before.clone()) });
        }
        pairs.push((name, value));
    }
    // Looked at before those with an empty value are left out, which would hide it.
    if let Some(twice) = pairs.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        return Err(LabelsError::Twice(escaped(twice[0].0.clone())).into());
    }
    if pairs.iter().any(|(name, _)| name.is_empty()) {
        return Err(LabelsError::Nameless.into());
    }
    let labels = Labels::new(pairs)?;
    if labels.is_empty() { Err(Why::Unlabelled) } else { Ok(labels) }
}

/// What can be shown of labels that are none, as they were sent.
fn shown(labels: &[Label]) -> String {
    let pair = |label: &Label| format!("{}={:?}", lossy(&label.name), lossy(&label.value));
    let mut pairs: Vec<String> = labels.iter().take(SHOWN_LABELS).map(pair).collect();
    if SHOWN_LABELS < labels.len() {
        pairs.push("..".to_owned());
    }
    format!("{{{}}}", pairs.join(", "))
}

/// The beginning of bytes as text, with a mark in the place of what is none.
fn lossy(bytes: &[u8]) -> String {
    let beginning = &bytes[..bytes.len().min(SHOWN_BYTES)];
    escaped(String::from_utf8_lossy(beginning).into_owned())
}
