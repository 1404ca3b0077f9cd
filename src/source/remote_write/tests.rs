//! What holds of requests: those that are whole, those that are partly bad, and any bytes at all.

use proptest::prelude::*;
use prost::Message;

use crate::signal::{Labels, Observation, STALE, Sample, Series};
use crate::source::remote_write::wire;
use crate::source::remote_write::{Body, Caps, NAMED_REFUSALS, ParseError, Why, encode, parse};
use crate::unit::UnixMillis;

fn label(name: &[u8], value: &[u8]) -> wire::Label {
    wire::Label { name: name.to_vec(), value: value.to_vec() }
}

fn wired(labels: &[(&str, &str)]) -> wire::TimeSeries {
    let labels = labels.iter().map(|(name, value)| label(name.as_bytes(), value.as_bytes())).collect();
    let samples = vec![wire::Sample { value: 1.0, timestamp: 1_000 }];
    wire::TimeSeries { labels, samples, histograms: Vec::new() }
}

fn compressed(message: &[u8]) -> Vec<u8> {
    snap::raw::Encoder::new().compress_vec(message).unwrap()
}

fn request(timeseries: Vec<wire::TimeSeries>) -> Vec<u8> {
    compressed(&wire::WriteRequest { timeseries }.encode_to_vec())
}

fn read(timeseries: Vec<wire::TimeSeries>, caps: &Caps) -> Body {
    parse(&request(timeseries), caps).unwrap()
}

#[test]
fn the_good_part_is_kept_and_the_rest_is_named() {
    let caps = Caps { labels: 3, label_bytes: 8, ..Caps::default() };
    let long = "x".repeat(9);
    let good = wired(&[("__name__", "up"), ("job", "api")]);
    let bytes =
        |name: &[u8], value: &[u8]| wire::TimeSeries { labels: vec![label(name, value)], ..wired(&[]) };
    for (bad, said) in [
        (
            wired(&[("job", "api"), ("__name__", "up")]),
            r#"series {job="api", __name__="up"}: label `__name__` comes after `job`; labels have to be sorted by their names"#,
        ),
        (wired(&[("a", "1"), ("a", "1")]), r#"series {a="1", a="1"}: label `a` is given twice"#),
        (wired(&[("a", ""), ("a", "1")]), r#"series {a="", a="1"}: label `a` is given twice"#),
        (wired(&[("", "1")]), r#"series {="1"}: a label has no name"#),
        (wired(&[]), "series {}: it has no labels"),
        (wired(&[("a", "")]), r#"series {a=""}: it has no labels"#),
        (
            wired(&[("a", "1"), ("b", "1"), ("c", "1"), ("d", "1")]),
            r#"series {a="1"}: it has 4 labels; the most is 3"#,
        ),
        (
            wired(&[("a", &long)]),
            r#"series {a="xxxxxxxxx"}: label `a` takes 9 bytes; the most for a name or a value is 8"#,
        ),
        (
            wired(&[(&long, "a")]),
            r#"series {xxxxxxxxx="a"}: label `xxxxxxxxx` takes 9 bytes; the most for a name or a value is 8"#,
        ),
        (bytes(b"a", b"\xff"), "series {a=\"\u{fffd}\"}: label `a` is not valid UTF-8"),
        (bytes(b"\xff", b"a"), "series {\u{fffd}=\"a\"}: label `\u{fffd}` is not valid UTF-8"),
    ] {
        let body = read(vec![bad, good.clone()], &caps);
        let named: Vec<String> = body.refused.named.iter().map(ToString::to_string).collect();
        assert_eq!((named, body.refused.count), (vec![said.to_owned()], 1));
        assert_eq!(body.series.len(), 1, "{said}");
        assert_eq!(body.series[0].labels.to_string(), r#"up{job="api"}"#);
    }
}

#[test]
fn an_empty_value_is_no_label_and_no_fault() {
    let body = read(vec![wired(&[("__name__", "up"), ("job", "")])], &Caps::default());
    assert_eq!((body.series[0].labels.to_string().as_str(), body.refused.count), ("up", 0));
}

#[test]
fn refusals_are_named_up_to_a_bound() {
    let body = read(vec![wired(&[]); 20], &Caps::default());
    assert_eq!((body.refused.named.len(), body.refused.count), (NAMED_REFUSALS, 20));
    assert_eq!(body.refused.named[0].why, Why::Unlabelled);
}

#[test]
fn what_is_too_much_is_refused_before_it_is_read() {
    let many = |count: usize| vec![wired(&[("a", "1")]); count];
    let two = request(many(2));
    let length = snap::raw::decompress_len(&two).unwrap();
    let caps = Caps { compressed: two.len(), decompressed: length, series: 2, samples: 2, ..Caps::default() };
    assert_eq!(parse(&two, &caps).unwrap().series.len(), 2);
    for (caps, error) in [
        (
            Caps { compressed: two.len() - 1, ..caps },
            ParseError::Compressed { has: two.len(), most: two.len() - 1 },
        ),
        (
            Caps { decompressed: length - 1, ..caps },
            ParseError::Decompressed { has: length, most: length - 1 },
        ),
        (Caps { series: 1, ..caps }, ParseError::Series { most: 1 }),
        (Caps { samples: 1, ..caps }, ParseError::Samples { most: 1 }),
    ] {
        assert!(error.is_too_large());
        assert_eq!(parse(&two, &caps), Err(error));
    }
    // Four gigabytes, it says, in six bytes.
    let bomb = b"\xff\xff\xff\xff\x0f\x00";
    let caps = Caps::default();
    assert_eq!(
        parse(bomb, &caps),
        Err(ParseError::Decompressed { has: 0xffff_ffff, most: caps.decompressed })
    );
    // Sixteen million series of nothing, two bytes each.
    let hollow = compressed(&[0x0a, 0x00].repeat(16 << 20));
    assert_eq!(parse(&hollow, &caps), Err(ParseError::Series { most: caps.series }));
}

#[test]
fn what_is_no_request_is_refused_whole() {
    let caps = Caps::default();
    let whole = compressed(&wire::WriteRequest { timeseries: vec![wired(&[("a", "1")])] }.encode_to_vec());
    let cut_off = compressed(&[0x0a, 0x05, 0x00]);
    let framed = [b"\xff\x06\x00\x00sNaPpY".as_slice(), &whole].concat();
    for (body, said) in [
        (b"".as_slice(), "the request is no block of snappy"),
        (b"hello", "the request is no block of snappy"),
        (&whole[..whole.len() - 1], "the request is no block of snappy"),
        (&framed, "the request is in snappy's framing format; remote write takes the block format"),
        (
            &cut_off,
            "the request is no `prometheus.WriteRequest`: a field of 5 bytes begins 1 bytes before the end",
        ),
    ] {
        let error = parse(body, &caps).unwrap_err();
        assert!(error.to_string().starts_with(said), "{error}");
        assert!(!error.is_too_large());
    }
    let nothing = parse(&request(Vec::new()), &caps).unwrap();
    assert_eq!(nothing, Body::default(), "a request may be empty");
}

#[test]
fn exemplars_and_metadata_are_passed_over() {
    let mut series = wired(&[("__name__", "up")]).encode_to_vec();
    series.extend([0x1a, 0x00]);
    let mut message = vec![0x1a, 0x02, 0x08, 0x01, 0x0a, u8::try_from(series.len()).unwrap()];
    message.extend(series);
    let body = parse(&compressed(&message), &Caps::default()).unwrap();
    assert_eq!((body.exemplars, body.series.len()), (1, 1));
    assert_eq!((body.series[0].samples.len(), body.refused.count), (1, 0));
}

/// The bytes of one request, as its description says they are: they were put together by hand.
#[test]
fn reads_bytes_that_others_wrote() {
    let series: &[u8] =
        b"\x0a\x0e\x0a\x08__name__\x12\x02up\x12\x0c\x09\x00\x00\x00\x00\x00\x00\xf8\x3f\x10\xe8\x07";
    let message = [&[0x0a, u8::try_from(series.len()).unwrap()], series].concat();
    let literal = [
        &[u8::try_from(message.len()).unwrap(), u8::try_from((message.len() - 1) << 2).unwrap()],
        &message[..],
    ]
    .concat();
    let body = parse(&literal, &Caps::default()).unwrap();
    let samples = vec![Sample { at: UnixMillis::new(1_000), value: 1.5 }.into()];
    let labels = Labels::new(vec![("__name__".to_owned(), "up".to_owned())]).unwrap();
    assert_eq!(body.series, [Series { labels, samples }]);
}

fn any_series() -> impl Strategy<Value = Series> {
    let labels = prop::collection::btree_map("[a-z_é]{1,6}", "\\PC{1,8}", 1..6);
    let value = prop_oneof![any::<u64>(), Just(STALE)].prop_map(f64::from_bits);
    let samples = prop::collection::vec((any::<i64>(), value), 1..6);
    (labels, samples).prop_map(|(labels, samples)| {
        let sample = |(at, value)| Sample { at: UnixMillis::new(at), value }.into();
        let samples = samples.into_iter().map(sample).collect();
        Series { labels: Labels::new(labels.into_iter().collect()).unwrap(), samples }
    })
}

/// Bits, since NaN is not equal to itself.
fn bits(series: &[Series]) -> Vec<(String, Vec<(i64, u64)>)> {
    let samples = |sample: &Observation| (sample.at.millis(), sample.number().unwrap_or_default().to_bits());
    let all = series.iter();
    all.map(|series| (series.labels.to_string(), series.samples.iter().map(samples).collect())).collect()
}

proptest! {
    #[test]
    fn what_is_written_is_read(series in prop::collection::vec(any_series(), 0..8)) {
        let body = parse(&encode(&series), &Caps::default()).unwrap();
        prop_assert_eq!(bits(&body.series), bits(&series));
        prop_assert_eq!(body.refused.count, 0);
    }

    #[test]
    fn no_bytes_are_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        drop(parse(&bytes, &Caps::default()));
        drop(parse(&compressed(&bytes), &Caps::default()));
    }

    #[test]
    fn no_damage_is_too_strange(series in prop::collection::vec(any_series(), 1..4), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut message = snap::raw::Decoder::new().decompress_vec(&encode(&series)).unwrap();
        let at = at.index(message.len());
        message[at] = byte;
        drop(parse(&compressed(&message), &Caps::default()));
        drop(parse(&compressed(&message[..at]), &Caps::default()));
    }
}
