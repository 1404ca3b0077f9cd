//! Writing a request: what the demo and the tests send.

use prost::Message;

use crate::signal::{Point, Series};
use crate::source::remote_write::histogram;
use crate::source::remote_write::wire::{Label, Sample, TimeSeries, WriteRequest};

/// A request with these series. It is empty where they take more than the four gigabytes that snappy can compress.
pub fn encode(series: &[Series]) -> Vec<u8> {
    let message = WriteRequest { timeseries: series.iter().map(wired).collect() }.encode_to_vec();
    snap::raw::Encoder::new().compress_vec(&message).unwrap_or_default()
}

fn wired(series: &Series) -> TimeSeries {
    let label = |(name, value): (&str, &str)| Label { name: name.into(), value: value.into() };
    let mut wired = TimeSeries { labels: series.labels.iter().map(label).collect(), ..TimeSeries::default() };
    for observation in &series.samples {
        match &observation.point {
            Point::Float(value) => {
                wired.samples.push(Sample { value: *value, timestamp: observation.at.millis() });
            }
            Point::Histogram(own) => {
                wired.histograms.push(histogram::wired(observation.at, own).encode_to_vec());
            }
        }
    }
    wired
}
