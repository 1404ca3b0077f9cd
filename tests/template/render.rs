//! What comes of templates: by our own table, and by promtool where there is one.

use std::fmt::Write as _;
use std::process::Command;

use backstop::template::{Answers, Found, Given, MOST_OUTPUT, Rendered, Value, render};
use backstop::unit::Fault;
use proptest::prelude::{prop, proptest};

const TABLE: &str = include_str!("../data/template/render.txt");

/// A row of the table: the value of the alert, what comes of the text, and the text.
struct Row {
    /// Whether promtool has the same to say. It knows no address of its own, and prints some things by chance.
    shared: bool,
    value: String,
    expected: String,
    text: String,
}

fn rows() -> Vec<Row> {
    let rows = TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    rows.map(|line| {
        let mut parts = line.splitn(3, " | ").map(plain);
        let value = parts.next().unwrap();
        let shared = !value.starts_with('~');
        let value = value.trim_start_matches('~').to_owned();
        Row { shared, value, expected: parts.next().unwrap(), text: parts.next().unwrap() }
    })
    .collect()
}

fn plain(text: &str) -> String {
    text.replace('␤', "\n").replace('␍', "\r").replace('␉', "\t").replace('␢', " ")
}

fn labels() -> Value {
    Value::labels([("instance", "h1:80"), ("job", "a")])
}

/// What the queries of the table find.
fn answers() -> Answers {
    let of = |name: &str, job: &str, value| Found {
        labels: [("__name__", name), ("job", job)]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into(),
        value,
    };
    let mut answers = Answers::default();
    // In which order a server tells them that are not sorted nobody knows.
    for query in ["down", "sort(down)"] {
        answers.add(query, Ok(vec![of("down", "b", 2.5), of("down", "a", 3.0)]));
    }
    answers.add("sum(down)", Ok(vec![Found { labels: [].into(), value: 5.5 }]));
    answers.add("none", Ok(Vec::new()));
    answers.add("1 +", Err("no expression".to_owned()));
    answers
}

fn rendered(text: &str, value: f64) -> Result<Rendered, Fault> {
    let template = super::alert(text)?;
    let external = Value::labels([("site", "fra")]);
    let url = "http://prom.example.com/base";
    let data = Value::alert(labels(), external.clone(), url, value);
    let variables = [
        ("$labels", labels()),
        ("$externalLabels", external),
        ("$externalURL", Value::text(url)),
        ("$value", Value::Float(value)),
    ];
    render(
        &template,
        &data,
        &Given { external_url: url, variables: &variables, in_address: false },
        &answers(),
    )
}

/// What came of it in one line.
fn said(got: Result<Rendered, Fault>) -> String {
    match got {
        Ok(Rendered::Text(text)) => format!("={text}"),
        Ok(Rendered::Needs(query)) => format!("?{query}"),
        Err(fault) => format!("!{}..{} {}", fault.extent.start, fault.extent.end, fault.message),
    }
}

#[test]
fn every_row_is_rendered_or_refused_at_its_place() {
    let rows = rows();
    if std::env::var_os("UPDATE").is_some() {
        return update();
    }
    assert!(300 < rows.len(), "only {} rows were read", rows.len());
    let mut wrong = String::new();
    for Row { value, expected, text, .. } in rows {
        let got = said(rendered(&text, value.parse().unwrap()));
        if got != expected {
            writeln!(wrong, "{value} | {text:?}\n  expected {expected:?}\n  got      {got:?}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// Writes what comes of each row into the table. A person reads the difference, and promtool has its say.
fn update() {
    let one_line = |text: String| {
        text.replace('\n', "␤").replace('\r', "␍").replace('\t', "␉").replace(" |", "␢|").replace("| ", "|␢")
    };
    let mut written = String::new();
    for line in TABLE.lines() {
        let parts: Vec<_> = line.splitn(3, " | ").collect();
        let [value, _, text] = parts.as_slice() else {
            writeln!(written, "{line}").unwrap();
            continue;
        };
        let got = said(rendered(&plain(text), value.trim_start_matches('~').parse().unwrap()));
        writeln!(written, "{value} | {} | {text}", one_line(got)).unwrap();
    }
    std::fs::write("tests/data/template/render.txt", written).unwrap();
}

#[test]
fn promtool_agrees_with_every_row_that_is_rendered() {
    let Some(promtool) = super::promtool::promtool("what promtool makes of each template") else { return };
    let rows: Vec<_> = rows().into_iter().filter(|row| row.shared).collect();
    let mut rules = String::from("groups:\n- name: g\n  rules:\n");
    let mut test = String::from(
        "rule_files: [rules.yml]\nevaluation_interval: 1m\ntests:\n- interval: 1m\n  external_labels: {site: fra}\n  \
         input_series:\n  - {series: 'up{job=\"a\",instance=\"h1:80\"}', values: 1x3}\n  \
         - {series: 'down{job=\"b\"}', values: 2.5x3}\n  - {series: 'down{job=\"a\"}', values: 3x3}\n  \
         alert_rule_test:\n",
    );
    for (number, row) in rows.iter().enumerate() {
        let text = super::quoted(&row.text);
        writeln!(
            rules,
            "  - alert: A{number}\n    expr: up * 0 + ({})\n    annotations: {{t: {text}}}",
            row.value
        )
        .unwrap();
        writeln!(test, "  - {{eval_time: 1m, alertname: A{number}, exp_alerts: []}}").unwrap();
    }
    let folder = std::env::temp_dir().join(format!("backstop-render-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("rules.yml"), rules).unwrap();
    std::fs::write(folder.join("test.yml"), test).unwrap();
    let output =
        Command::new(promtool).args(["test", "rules"]).arg(folder.join("test.yml")).output().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    let output =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    let mut wrong = String::new();
    for (number, Row { value, expected, text, .. }) in rows.iter().enumerate() {
        let got = annotation(&output, number);
        let agrees = match expected.split_at(1) {
            ("=", expected) => got == expected,
            _ => got.starts_with("<error expanding template: "),
        };
        if !agrees {
            writeln!(wrong, "{value} | {text:?}\n  expected {expected:?}\n  promtool {got:?}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// What promtool made of the annotation of that alert.
fn annotation(output: &str, number: usize) -> String {
    let (_, after) = output.split_once(&format!("alertname: A{number}, ")).unwrap_or_default();
    assert!(!after.is_empty(), "promtool said nothing of row {number}: {output:.2000}");
    let (block, _) = after.split_once("alertname: A").unwrap_or((after, ""));
    let Some((_, quoted)) = block.split_once("Annotations:{t=\"") else { return String::new() };
    let mut bytes = Vec::new();
    let mut rest = quoted.chars();
    while let Some(c) = rest.next().filter(|c| *c != '"') {
        if c != '\\' {
            bytes.extend(c.to_string().bytes());
            continue;
        }
        let escape = rest.next().unwrap();
        let c = match escape {
            'x' => {
                let hex: String = rest.by_ref().take(2).collect();
                bytes.push(u8::from_str_radix(&hex, 16).unwrap());
                continue;
            }
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            'u' | 'U' => {
                let hex: String = rest.by_ref().take(if escape == 'u' { 4 } else { 8 }).collect();
                char::from_u32(u32::from_str_radix(&hex, 16).unwrap()).unwrap()
            }
            other => other,
        };
        bytes.extend(c.to_string().bytes());
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn every_bound_is_met_by_name() {
    let doubled = "{{ $x := \"ab\" }}{{ range 40 }}{{ $x = print $x $x }}{{ end }}";
    let nested = "{{ $x := 1 }}{{ range 200 }}{{ $x = args $x }}{{ end }}";
    let asking = "{{ range $i := 20 }}{{ with query (printf \"%d\" $i) }}{{ end }}{{ end }}";
    let itself = "{{ define \"t\" }}{{ template \"t\" }}{{ end }}{{ template \"t\" }}";
    let blocks = format!(
        "{{{{ define \"t\" }}}}{}{{{{ template \"t\" }}}}{}{{{{ end }}}}{{{{ template \"t\" }}}}",
        "{{ if 1 }}".repeat(90),
        "{{ end }}".repeat(90)
    );
    for (text, message) in [
        ("{{ range 1000000000 }}{{ end }}", "rendering takes more than 200000 steps"),
        ("{{ range 40000 }}ab{{ end }}", "this makes a text of more than 65536 bytes"),
        ("{{ range 9000 }}{{ match \"a\" \"b\" }}{{ end }}", "rendering takes more than 200000 steps"),
        (doubled, "this makes a text of more than 65536 bytes"),
        ("{{ printf \"%999999d\" 1 }}", "this makes a text of more than 65536 bytes"),
        ("{{ printf \"%.999999f\" 1.5 }}", "this makes a text of more than 65536 bytes"),
        (nested, "`args` stands more than 100 deep in `args`"),
        (itself, "`template` stands more than 100 deep in `template`"),
        (&blocks, "blocks and templates stand more than 300 deep in one another"),
    ] {
        let got = rendered(text, 1.0).unwrap_err();
        assert_eq!(got.message, message, "{text:.80}");
    }
    let template = super::alert(asking).unwrap();
    let mut answers = Answers::default();
    let refused = loop {
        match render(&template, &Value::Missing, &Given::default(), &answers) {
            Ok(Rendered::Needs(query)) => answers.add(query, Ok(Vec::new())),
            Ok(Rendered::Text(text)) => panic!("{text}"),
            Err(fault) => break fault,
        }
    };
    assert_eq!(refused.message, "this asks more than 16 different queries");
}

#[test]
fn what_is_as_much_as_may_be_is_rendered() {
    let text = format!("{{{{ range {} }}}}ab{{{{ end }}}}", MOST_OUTPUT / 2);
    assert!(matches!(rendered(&text, 1.0), Ok(Rendered::Text(text)) if text.len() == MOST_OUTPUT));
}

/// Pieces that make much of little.
const GREEDY: &[&str] = &[
    "{{ range 1000 }}",
    "{{ range $i := 300 }}",
    "{{ range $labels }}",
    "{{ if 1 }}",
    "{{ with args $x $x }}",
    "{{ $x = print $x $x }}",
    "{{ $x = args $x $x $y }}",
    "{{ $y = args $y $x }}",
    "{{ $x = printf \"%10000v\" $y }}",
    "{{ $y = reReplaceAll \"a*\" \"$0$0aa\" (print $y) }}",
    "{{ match \"(a*)*b\" (print $x) }}",
    "{{ $x }}{{ print $y }}",
    "{{ template \"t\" $x }}",
    "{{ template \"u\" args $x $y }}",
    "{{ break }}",
    "{{ end }}",
    "a",
];

proptest! {
    #[test]
    fn no_template_runs_long(pieces in prop::collection::vec(prop::sample::select(GREEDY), 0..25)) {
        let mut open = 0_u32;
        let mut body = String::new();
        for piece in pieces {
            let ends = piece == "{{ end }}";
            if (ends && open == 0) || (piece == "{{ break }}" && !body.contains("range")) {
                continue;
            }
            let opens = ["{{ range", "{{ if", "{{ with"].iter().any(|start| piece.starts_with(start));
            open = open + u32::from(opens) - u32::from(ends);
            body += piece;
        }
        body += &"{{ end }}".repeat(open as usize);
        let text = format!(
            "{{{{ $x := \"a\" }}}}{{{{ $y := 1 }}}}{body}\
             {{{{ define \"t\" }}}}{{{{ . }}}}{{{{ template \"u\" . }}}}{{{{ end }}}}\
             {{{{ define \"u\" }}}}{{{{ range 3 }}}}{{{{ template \"t\" $ }}}}{{{{ end }}}}{{{{ end }}}}"
        );
        let Ok(template) = super::alert(&text) else { return Ok(()) };
        #[expect(clippy::disallowed_methods, reason = "how long it takes is the claim")]
        let begun = std::time::Instant::now();
        if let Ok(Rendered::Text(text)) = render(&template, &labels(), &Given::default(), &answers()) {
            // A byte that is no character becomes three.
            assert!(text.len() <= 3 * MOST_OUTPUT);
        }
        assert!(begun.elapsed().as_secs() < 10, "{text}");
    }
}
