//! Reading a request: what is good of it, and what is refused.
//!
//! A request that is partly bad gives what is good of it. It is answered with 400 all the same, which tells its sender
//! that sending it again would change nothing.

use crate::signal::Series;
use crate::source::remote_write::fields::{Fields, Malformed};
use crate::source::remote_write::read::{Why, parts, read};
use crate::source::remote_write::wire::tag;

/// How many refused series are named.
pub const NAMED_REFUSALS: usize = 8;

/// How each block in snappy's framing format, which is another, begins.
const FRAMED: &[u8] = b"\xff\x06\x00\x00sNaPpY";

/// What a request may have at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caps {
    /// Bytes as it is sent.
    pub compressed: usize,
    /// Bytes as it is read.
    pub decompressed: usize,
    /// Series.
    pub series: usize,
    /// Samples over all series. A histogram counts as many as take its room.
    pub samples: usize,
    /// Labels of a series.
    pub labels: usize,
    /// Bytes of a label's name, and of its value.
    pub label_bytes: usize,
}

/// Far more than a sender puts in a request: by default 2,000 samples, of less than a kilobyte each.
impl Default for Caps {
    fn default() -> Self {
        Self {
            compressed: 8 << 20,
            decompressed: 32 << 20,
            series: 50_000,
            samples: 500_000,
            labels: 64,
            label_bytes: 4_096,
        }
    }
}

/// What is good of a request, and what else was in it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Body {
    /// The series that are good.
    pub series: Vec<Series>,
    /// Those that are not.
    pub refused: Refused,
    /// Exemplars, which are not kept: nothing is made of them here.
    pub exemplars: u64,
}

/// Series that are refused, and histograms of others.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Refused {
    /// The first of them, up to [`NAMED_REFUSALS`].
    pub named: Vec<Refusal>,
    /// How many there are.
    pub count: u64,
}

/// A series that is refused, or a histogram of it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("series {series}: {why}")]
pub struct Refusal {
    /// What can be shown of its labels.
    pub series: String,
    /// Why.
    pub why: Why,
}

/// Why nothing of a request can be read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ParseError {
    /// More bytes than are taken.
    #[error("the request has {has} bytes; the most is {most}: lower `max_samples_per_send` in the sender")]
    Compressed {
        /// How many it has.
        has: usize,
        /// How many it may have.
        most: usize,
    },
    /// More bytes than are taken, once decompressed. It says so itself; none were decompressed.
    #[error(
        "the request has {has} bytes decompressed; the most is {most}: lower `max_samples_per_send` in the sender"
    )]
    Decompressed {
        /// How many it says it has.
        has: usize,
        /// How many it may have.
        most: usize,
    },
    /// More series than are taken.
    #[error("the request has more than {most} series; lower `max_samples_per_send` in the sender")]
    Series {
        /// How many it may have.
        most: usize,
    },
    /// More samples than are taken.
    #[error("the request has more than {most} samples; lower `max_samples_per_send` in the sender")]
    Samples {
        /// How many it may have.
        most: usize,
    },
    /// The other format of snappy.
    #[error("the request is in snappy's framing format; remote write takes the block format")]
    Framed,
    /// Not snappy.
    #[error("the request is no block of snappy: {0}")]
    Snappy(#[from] snap::Error),
    /// Not protobuf.
    #[error("the request is no `prometheus.WriteRequest`: {0}")]
    Malformed(#[from] Malformed),
}

impl ParseError {
    /// Whether it is more than is read at once, rather than wrong.
    pub const fn is_too_large(&self) -> bool {
        match self {
            Self::Compressed { .. }
            | Self::Decompressed { .. }
            | Self::Series { .. }
            | Self::Samples { .. } => true,
            Self::Framed | Self::Snappy(_) | Self::Malformed(_) => false,
        }
    }
}

/// Reads a request.
pub fn parse(body: &[u8], caps: &Caps) -> Result<Body, ParseError> {
    let message = decompressed(body, caps)?;
    let mut parsed = Body::default();
    let (mut series, mut samples) = (0, 0);
    for field in Fields(&message) {
        let (tag, bytes) = field?;
        if tag != tag::SERIES {
            continue;
        }
        let parts = parts(bytes)?;
        series += 1;
        samples += parts.samples;
        if caps.series < series {
            return Err(ParseError::Series { most: caps.series });
        }
        if caps.samples < samples {
            return Err(ParseError::Samples { most: caps.samples });
        }
        let read = read(bytes, parts, caps)?;
        parsed.exemplars += read.exemplars;
        match read.labels {
            Ok(labels) => {
                for why in read.unfit {
                    parsed.refused.tell(Refusal { series: labels.to_string(), why });
                }
                if !read.samples.is_empty() {
                    parsed.series.push(Series { labels, samples: read.samples });
                }
            }
            Err((series, why)) => parsed.refused.tell(Refusal { series, why }),
        }
    }
    Ok(parsed)
}

impl Refused {
    fn tell(&mut self, refusal: Refusal) {
        self.count += 1;
        if self.named.len() < NAMED_REFUSALS {
            self.named.push(refusal);
        }
    }
}

/// The message itself. A few bytes can say that they are gigabytes, so what they say is looked at first.
fn decompressed(body: &[u8], caps: &Caps) -> Result<Vec<u8>, ParseError> {
    if caps.compressed < body.len() {
        return Err(ParseError::Compressed { has: body.len(), most: caps.compressed });
    }
    if body.starts_with(FRAMED) {
        return Err(ParseError::Framed);
    }
    let has = snap::raw::decompress_len(body)?;
    if caps.decompressed < has {
        return Err(ParseError::Decompressed { has, most: caps.decompressed });
    }
    Ok(snap::raw::Decoder::new().decompress_vec(body)?)
}
