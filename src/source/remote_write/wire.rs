//! The messages as they travel. Names and values are bytes here: whether they are text is found out series by series,
//! so that one which is not does not take the others with it.

/// What one request carries. It is taken apart by hand, since each series may be small and its place in memory is not.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct WriteRequest {
    #[prost(message, repeated, tag = "1")]
    pub(super) timeseries: Vec<TimeSeries>,
}

/// The tags of what is counted before anything is decoded.
pub(super) mod tag {
    /// A series of a request.
    pub(in crate::source::remote_write) const SERIES: u32 = 1;
    /// A label of a series.
    pub(in crate::source::remote_write) const LABEL: u32 = 1;
    /// A sample of a series.
    pub(in crate::source::remote_write) const SAMPLE: u32 = 2;
    /// An exemplar of a series.
    pub(in crate::source::remote_write) const EXEMPLAR: u32 = 3;
    /// A native histogram of a series.
    pub(in crate::source::remote_write) const HISTOGRAM: u32 = 4;
}

/// A series and samples of it.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct TimeSeries {
    #[prost(message, repeated, tag = "1")]
    pub(super) labels: Vec<Label>,
    #[prost(message, repeated, tag = "2")]
    pub(super) samples: Vec<Sample>,
}

/// A label.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Label {
    #[prost(bytes = "vec", tag = "1")]
    pub(super) name: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    pub(super) value: Vec<u8>,
}

/// A value at so many milliseconds since 1970.
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub(super) struct Sample {
    #[prost(double, tag = "1")]
    pub(super) value: f64,
    #[prost(int64, tag = "2")]
    pub(super) timestamp: i64,
}
