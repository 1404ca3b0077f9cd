//! What holds of native histograms on the wire: which are read, and why others are refused by themselves.

use proptest::prelude::*;
use prost::Message;

use crate::signal::histogram::{Bounds, Buckets, Hint, Parts, Resolution, Schema};
use crate::signal::{Histogram, Labels, NAME, Observation, Point, STALE, Sample, Series, is_stale};
use crate::source::remote_write::wire::{self, BucketSpan, Count, ZeroCount};
use crate::source::remote_write::{Body, Caps, LONGEST_HISTOGRAM, ParseError, encode, parse};
use crate::unit::UnixMillis;

/// Two requests of about a second, three of about two, one of none: as an instrument counts them.
fn whole() -> wire::Histogram {
    wire::Histogram {
        count: Some(Count::Whole(6)),
        sum: 8.5,
        schema: 0,
        zero_threshold: 0.001,
        zero_count: Some(ZeroCount::Whole(1)),
        positive_spans: vec![BucketSpan { offset: 0, length: 2 }],
        positive_deltas: vec![2, 1],
        timestamp: 1_000,
        ..wire::Histogram::default()
    }
}

fn floats() -> wire::Histogram {
    wire::Histogram {
        count: Some(Count::Float(5.5)),
        zero_count: Some(ZeroCount::Float(0.5)),
        positive_deltas: Vec::new(),
        positive_counts: vec![2.0, 3.0],
        ..whole()
    }
}

fn custom() -> wire::Histogram {
    wire::Histogram {
        count: Some(Count::Whole(5)),
        schema: Schema::CUSTOM,
        zero_threshold: 0.0,
        zero_count: Some(ZeroCount::Whole(0)),
        custom_values: vec![0.1, 0.5],
        ..whole()
    }
}

fn sent(histograms: &[wire::Histogram]) -> Vec<u8> {
    let label = wire::Label { name: b"__name__".to_vec(), value: b"h".to_vec() };
    let histograms = histograms.iter().map(Message::encode_to_vec).collect();
    let series = wire::TimeSeries { labels: vec![label], histograms, ..wire::TimeSeries::default() };
    let message = wire::WriteRequest { timeseries: vec![series] }.encode_to_vec();
    snap::raw::Encoder::new().compress_vec(&message).unwrap()
}

fn read(histograms: &[wire::Histogram]) -> Body {
    parse(&sent(histograms), &Caps::default()).unwrap()
}

fn only(histogram: wire::Histogram) -> Histogram {
    let body = read(&[histogram]);
    assert_eq!(body.refused.count, 0, "{:?}", body.refused);
    match &body.series[0].samples[0].point {
        Point::Histogram(histogram) => histogram.as_ref().clone(),
        Point::Float(value) => panic!("{value}"),
    }
}

#[test]
fn histograms_are_read_as_they_were_counted() {
    for (wired, text) in [
        (whole(), "{count:6, sum:8.5, [-0.001,0.001]:1, (0.5,1]:2, (1,2]:3}"),
        (floats(), "{count:5.5, sum:8.5, [-0.001,0.001]:0.5, (0.5,1]:2, (1,2]:3}"),
        (custom(), "{count:5, sum:8.5, [-Inf,0.1]:2, (0.1,0.5]:3}"),
        (
            wire::Histogram {
                negative_spans: vec![BucketSpan { offset: 1, length: 1 }],
                negative_deltas: vec![4],
                count: Some(Count::Whole(10)),
                ..whole()
            },
            "{count:10, sum:8.5, [-2,-1):4, [-0.001,0.001]:1, (0.5,1]:2, (1,2]:3}",
        ),
        // What is NaN lies in no bucket, and makes the sum none.
        (
            wire::Histogram { count: Some(Count::Whole(7)), sum: f64::NAN, ..whole() },
            "{count:7, sum:NaN, [-0.001,0.001]:1, (0.5,1]:2, (1,2]:3}",
        ),
    ] {
        assert_eq!(only(wired).to_string(), text);
    }
    for (number, hint) in [(0, Hint::Unknown), (1, Hint::Reset), (2, Hint::NotReset), (3, Hint::Gauge)] {
        assert_eq!(only(wire::Histogram { reset_hint: number, ..whole() }).hint(), hint);
    }
}

#[test]
fn a_sum_that_is_stale_is_the_end_of_its_series() {
    let ended =
        wire::Histogram { sum: f64::from_bits(STALE), timestamp: 2_000, ..wire::Histogram::default() };
    let body = read(&[whole(), ended]);
    let last = body.series[0].samples.last().unwrap();
    assert_eq!((last.at, last.number().map(is_stale)), (UnixMillis::new(2_000), Some(true)));
}

/// Prometheus reads them so as well, up to schema 52.
#[test]
fn buckets_finer_than_there_are_here_are_merged() {
    let span = |offset, length| vec![BucketSpan { offset, length }];
    let fine = |schema, spans, deltas| wire::Histogram {
        schema,
        positive_spans: spans,
        positive_deltas: deltas,
        negative_spans: Vec::new(),
        negative_deltas: Vec::new(),
        zero_count: None,
        count: Some(Count::Whole(10)),
        ..whole()
    };
    let far = || {
        vec![
            BucketSpan { offset: -2_000_000_000, length: 1 },
            BucketSpan { offset: 2_000_000_001, length: 1 },
        ]
    };
    for (schema, spans, deltas, cells) in [
        // At schema 9 the buckets 3 and 4 make the second one of schema 8; 5 makes the third, and -1 and 0 the one at 0.
        (9, span(3, 3), vec![2, 1, 2], vec![(2, 5.0), (3, 5.0)]),
        (9, span(-1, 3), vec![2, 1, 2], vec![(0, 5.0), (1, 5.0)]),
        (10, span(1, 5), vec![1, 0, 0, 0, 5], vec![(1, 4.0), (2, 6.0)]),
        (52, far(), vec![4, 2], vec![(0, 4.0), (1, 6.0)]),
        (8, span(3, 3), vec![2, 1, 2], vec![(3, 2.0), (4, 3.0), (5, 5.0)]),
    ] {
        let histogram = only(fine(schema, spans, deltas));
        assert_eq!(histogram.schema().number(), 8, "{schema}");
        assert_eq!(histogram.parts().positive.iter().collect::<Vec<_>>(), cells, "{schema}");
    }
}

#[test]
fn a_bad_histogram_is_refused_by_itself_and_says_why() {
    let spans = |offset, length| vec![BucketSpan { offset, length }];
    for (bad, said) in [
        (
            wire::Histogram { count: Some(Count::Whole(7)), ..whole() },
            "its buckets hold 6 observations, but its count is 7",
        ),
        (wire::Histogram { schema: 53, ..whole() }, "there is no histogram schema 53"),
        (wire::Histogram { schema: -5, ..whole() }, "there is no histogram schema -5"),
        (
            wire::Histogram { positive_spans: spans(0, 3), ..whole() },
            "the spans tell of 3 buckets, but there are 2",
        ),
        (wire::Histogram { positive_spans: spans(0, u32::MAX), ..whole() }, "bucket index"),
        (wire::Histogram { positive_spans: spans(5_000, 2), ..whole() }, "there are no numbers in bucket"),
        (
            wire::Histogram { positive_deltas: vec![2, -3], ..whole() },
            "a bucket counts -1; a count is at least 0",
        ),
        (wire::Histogram { positive_deltas: vec![i64::MAX, 1], ..whole() }, "a bucket counts more than 2^53"),
        (
            wire::Histogram { positive_counts: vec![1.0], ..whole() },
            "its count is a whole number, but its buckets are a float",
        ),
        (
            wire::Histogram { positive_deltas: vec![1], ..floats() },
            "its count is a float, but its buckets are a whole number",
        ),
        (wire::Histogram { positive_counts: vec![2.0, f64::NAN], ..floats() }, "a bucket counts NaN"),
        (wire::Histogram { count: Some(Count::Float(-1.0)), ..floats() }, "it counts -1"),
        (wire::Histogram { zero_threshold: -0.5, ..whole() }, "its zero bucket reaches to -0.5"),
        (wire::Histogram { custom_values: vec![1.0], ..whole() }, "it has 1 custom bounds, but schema 0"),
        (wire::Histogram { custom_values: vec![0.5, 0.1], ..custom() }, "custom bound 0.1 follows 0.5"),
        (wire::Histogram { reset_hint: 4, ..whole() }, "there is no reset hint 4"),
        (
            wire::Histogram { custom_values: vec![1.0; LONGEST_HISTOGRAM / 8], ..custom() },
            "bytes; the most is 65536",
        ),
    ] {
        let body = read(&[whole(), bad, wire::Histogram { timestamp: 3_000, ..whole() }]);
        let named: Vec<String> = body.refused.named.iter().map(ToString::to_string).collect();
        assert!(named.len() == 1 && named[0].starts_with("series h: its histogram"), "{named:?}");
        assert!(named[0].contains(said), "`{said}` is not in `{}`", named[0]);
        assert_eq!((body.series[0].samples.len(), body.refused.count), (2, 1), "{said}");
    }
}

#[test]
fn bytes_that_are_no_histogram_lose_nothing_else() {
    let label = wire::Label { name: b"__name__".to_vec(), value: b"h".to_vec() };
    let series = wire::TimeSeries {
        labels: vec![label],
        samples: vec![wire::Sample { value: 1.0, timestamp: 1_000 }],
        histograms: vec![vec![0x19, 0x01], whole().encode_to_vec()],
    };
    let message = wire::WriteRequest { timeseries: vec![series] }.encode_to_vec();
    let body = parse(&snap::raw::Encoder::new().compress_vec(&message).unwrap(), &Caps::default()).unwrap();
    assert_eq!((body.series[0].samples.len(), body.refused.count), (2, 1));
    let said = body.refused.named[0].to_string();
    assert!(said.contains("it is no `prometheus.Histogram`"), "{said}");
}

#[test]
fn histograms_count_as_many_samples_as_take_their_room() {
    let bytes = sent(&[whole()]);
    let caps = Caps { samples: 1, ..Caps::default() };
    assert_eq!(parse(&bytes, &caps), Err(ParseError::Samples { most: 1 }));
}

fn any_histogram() -> impl Strategy<Value = Histogram> {
    let counts = || prop::collection::vec(0_u32..1_000, 0..12);
    let schema = prop_oneof![(-4..=8).prop_map(Some), Just(None)];
    (
        schema,
        -20..20_i32,
        counts(),
        counts(),
        0_u32..9,
        any::<f64>(),
        0..4_usize,
        prop_oneof![Just(1.0), Just(0.5)],
    )
        .prop_map(|(schema, first, above, below, zero, sum, hint, scale)| {
            let counts = |counts: &[u32]| counts.iter().map(|count| f64::from(*count) * scale).collect();
            let (below, zero, first) =
                if schema.is_none() { (Vec::new(), 0, 0) } else { (below, zero, first) };
            let all: u32 = above.iter().chain(&below).sum::<u32>() + zero;
            let schema = match schema {
                Some(number) => Schema::Exponential(Resolution::new(number).unwrap()),
                None => Schema::Custom(Bounds::new((0..11).map(f64::from).collect::<Vec<_>>()).unwrap()),
            };
            let parts = Parts {
                schema,
                zero_threshold: 0.0,
                zero_count: f64::from(zero) * scale,
                count: f64::from(all) * scale,
                // A zero without its sign is what the wire leaves out.
                sum: if is_stale(sum) || sum.to_bits() == f64::to_bits(-0.0) { 0.0 } else { sum },
                positive: Buckets::from_index(first, counts(&above)).unwrap(),
                negative: Buckets::from_index(first, counts(&below)).unwrap(),
                hint: Hint::ALL[hint],
            };
            Histogram::new(parts).unwrap()
        })
}

proptest! {
    #[test]
    fn what_is_written_is_read(histograms in prop::collection::vec(any_histogram(), 1..5)) {
        let labels = Labels::new(vec![(NAME.to_owned(), "h".to_owned())]).unwrap();
        let samples = histograms.into_iter().zip(1..).map(|(own, at)| Observation::histogram(UnixMillis::new(at), own));
        let mut samples: Vec<Observation> = samples.collect();
        samples.insert(0, Sample { at: UnixMillis::new(0), value: 7.0 }.into());
        let series = [Series { labels, samples }];
        let body = parse(&encode(&series), &Caps::default()).unwrap();
        prop_assert_eq!(&body.refused.named, &Vec::new());
        prop_assert_eq!(&body.series[..], &series[..]);
    }

    #[test]
    fn no_damage_is_too_strange(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut message = snap::raw::Decoder::new().decompress_vec(&sent(&[whole(), floats(), custom()])).unwrap();
        let at = at.index(message.len());
        message[at] = byte;
        drop(parse(&snap::raw::Encoder::new().compress_vec(&message).unwrap(), &Caps::default()));
    }
}
