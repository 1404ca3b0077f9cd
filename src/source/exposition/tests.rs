//! What is read of which text, and what is refused.

use proptest::prelude::*;

use super::*;

const NOW: UnixMillis = UnixMillis::new(5_000);

fn told(text: &str) -> Vec<String> {
    let one = |series: Series| {
        let samples = series
            .samples
            .iter()
            .map(|sample| format!(" {}@{}", sample.number().unwrap(), sample.at.millis()));
        series.labels.in_full() + &samples.collect::<String>()
    };
    read(text.as_bytes(), NOW).unwrap().into_iter().map(one).collect()
}

#[test]
fn lines_are_samples() {
    for (text, series) in [
        ("", &[][..]),
        ("\n# HELP up Whether.\n# TYPE up gauge\n#anything\n", &[]),
        ("up 1", &[r#"{__name__="up"} 1@5000"#]),
        ("up 1 1500\n", &[r#"{__name__="up"} 1@1500"#]),
        ("up 1 -1500\r\n", &[r#"{__name__="up"} 1@-1500"#]),
        ("  up\t{ }\t1\t1500  ", &[r#"{__name__="up"} 1@1500"#]),
        ("up{job=\"a\",} 1e3", &[r#"{__name__="up", job="a"} 1000@5000"#]),
        ("up { job = \"a\" , b=\"\" } +Inf", &[r#"{__name__="up", job="a"} inf@5000"#]),
        ("a:b{x=\"1\\\"\\\\\\n{}é\"} NaN", &[r#"{__name__="a:b", x="1\"\\\n{}é"} NaN@5000"#]),
        ("{\"a.b\", \"c.d\"=\"e\"} -Inf", &[r#"{__name__="a.b", c.d="e"} -inf@5000"#]),
        ("{\"a.b\"} 1", &[r#"{__name__="a.b"} 1@5000"#]),
        ("up 2 2\nup 1 1\nup 3", &[r#"{__name__="up"} 1@1 2@2 3@5000"#]),
        (
            "h_bucket{le=\"+Inf\"} 2\nh_sum 3\nh_count 2\n",
            &[
                r#"{__name__="h_bucket", le="+Inf"} 2@5000"#,
                r#"{__name__="h_count"} 2@5000"#,
                r#"{__name__="h_sum"} 3@5000"#,
            ],
        ),
        (
            "# TYPE a counter\na_total 1 1.5 # {trace=\"x\"} 0.5 1.2\na_created 0.5\n# EOF\n",
            &[r#"{__name__="a_created"} 0.5@5000"#, r#"{__name__="a_total"} 1@1500"#],
        ),
        ("a_total 1 # {trace=\"x\"} 0.5\n# EOF", &[r#"{__name__="a_total"} 1@5000"#]),
        ("up 1 1520879607.789\n# EOF\n\n", &[r#"{__name__="up"} 1@1520879607789"#]),
    ] {
        assert_eq!(told(text), series, "{text}");
    }
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    for (text, line, says) in [
        ("up 1\n1up 2", 2, "`1up 2` begins no line"),
        ("up", 1, "`` is no value"),
        ("up one", 1, "`one` is no value"),
        ("up 1 soon", 1, "`soon` is no time; write whole milliseconds"),
        ("up 1 1.5", 1, "where the text ends with `# EOF`"),
        ("up 1 NaN\n# EOF", 1, "`NaN` is no time; write seconds since 1970"),
        ("up 1 2 3", 1, "`3` follows where the line should end"),
        ("up 1 2 # {} 3", 1, "`# {} 3` follows"),
        ("up{job} 1", 1, "`job} 1` is no label"),
        ("up{job=a} 1", 1, "`job=a} 1` is no label"),
        ("up{a.b=\"c\"} 1", 1, "`a.b=\"c\"} 1` is no label"),
        ("up{job=\"a\" b=\"c\"} 1", 1, "a comma or a closing brace is missing before `b=\"c\"} 1`"),
        ("up{job=\"a", 1, "begins with `\"a` does not end"),
        ("up{job=\"a\\", 1, "does not end"),
        ("up{job=\"\\x\"} 1", 1, "`\\x` stands for nothing"),
        ("up{a=\"1\",a=\"\"} 1", 1, "label `a` is given twice"),
        ("up{\"down\"} 1", 1, "label `__name__` is given twice"),
        ("{a=\"1\"} 1", 1, "the series has no name"),
        ("{} 1", 1, "the series has no name"),
        ("up 1\nup 2", 2, "up has a sample of that time in line 1"),
        ("up 1\n# EOF\nup 2\n# EOF\n", 3, "this stands behind `# EOF`"),
        ("up\u{1b} 1", 1, "`\\u{1b} 1` is no value"),
    ] {
        let error = read(text.as_bytes(), NOW).unwrap_err();
        assert_eq!(error.line, line, "{text}: {error}");
        assert!(error.to_string().contains(says), "{text}: {says:?} is not in {error}");
    }
    let error = read(b"up 1\n\nup{a=\"\xff\"} 1", NOW).unwrap_err();
    assert_eq!(error, Misread::NotText(0xff).at(3));
}

fn text() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "up", "{", "}", "\"", "\\", "n", "=", ",", " ", "\t", "\n", "\r", "#", "# EOF", "1", "NaN", "+Inf",
        "é", "a.b", "\"a\"", "1.5",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn nothing_breaks_it(text in text(), bytes in any::<Vec<u8>>()) {
        for bytes in [text.as_bytes(), &bytes] {
            if let Err(error) = read(bytes, NOW) {
                let lines = bytes.split(|byte| *byte == b'\n').count();
                prop_assert!((1..=lines).contains(&error.line), "{error}");
            }
        }
    }

    /// What is written is read again, whatever stands in names and values.
    #[test]
    fn what_is_written_is_read(
        name in "[a-z.é\"\\\\\n {}=,#]{1,8}",
        pairs in prop::collection::btree_map("[a-z.\"\\\\\n ]{1,6}", ".{1,8}", 0..4),
        value in any::<f64>(),
        at in -1_000_000_000_i64..1_000_000_000_000,
    ) {
        let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"));
        let label = |text: String, (name, value): (&String, &String)| text + "," + &quoted(name) + "=" + &quoted(value);
        let labels = pairs.iter().fold(String::new(), label);
        let line = format!("{{{}{labels}}} {value:e} {at}\n", quoted(&name));
        let found = read(line.as_bytes(), NOW).unwrap();
        let expected = pairs.into_iter().chain([("__name__".to_owned(), name)]).collect();
        prop_assert_eq!(&found[0].labels, &Labels::new(expected).unwrap());
        let sample = &found[0].samples[0];
        prop_assert_eq!(sample.at.millis(), at);
        prop_assert!(sample.number().unwrap().to_bits() == value.to_bits() || value.is_nan() && sample.number().unwrap().is_nan());
    }
}
