//! Bodies of webhooks, filled from what an action is about.

use std::collections::BTreeMap;

use backstop::decision::{Answers, Body, BodyValue, Filling, Found, Matter, Templated, fill};
use backstop::promql::Features;
use backstop::responder::json;
use backstop::unit::Fault;
use proptest::prelude::{any, proptest};
use serde_json::{Value, json as expected};

fn read(text: &str) -> Result<Templated, Fault> {
    Templated::new(text, Features::NONE)
}

/// What a text is filled with where it asks nothing.
fn filling(matter: &Matter) -> Filling<'_> {
    static NOTHING: Answers = Answers(BTreeMap::new());
    Filling { matter, answers: &NOTHING, says_why: false }
}

fn leaf(text: &str) -> BodyValue {
    BodyValue::Text(read(text).unwrap())
}

fn map(values: Vec<(&str, BodyValue)>) -> BTreeMap<String, BodyValue> {
    values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Leaves at every kind of place.
fn body() -> Body {
    Body(map(vec![
        ("service", leaf("{{ .Service }}")),
        ("list", BodyValue::List(vec![leaf("a{{ .Version }}b"), BodyValue::Whole(1), leaf("plain \" }")])),
        ("deep", BodyValue::Map(map(vec![("of", leaf("{{ .Decision.Headline | printf \"%s\" }}"))]))),
        ("byte", leaf("{{ slice .Service 0 }}{{ \"\\xff\" }}")),
        ("none", BodyValue::Null),
        ("share", BodyValue::Number(0.5)),
    ]))
}

proptest! {
    #[test]
    fn no_leaf_breaks_the_json(service in any::<String>(), version in "[\"\\\\{}\\[\\],:\\x00-\\x1f\u{2028}a]{0,20}", headline in any::<String>()) {
        let matter = Matter {
            service: service.clone(),
            version: version.clone(),
            headline: headline.clone(),
            ..Matter::default()
        };
        let bytes = json(fill(&body(), filling(&matter)).unwrap()).unwrap();
        let got: Value = serde_json::from_slice(&bytes).unwrap();
        let wanted = expected!({
            "service": service,
            "list": [format!("a{version}b"), 1, "plain \" }"],
            "deep": { "of": headline },
            "byte": format!("{service}\u{fffd}"),
            "none": null,
            "share": 0.5,
        });
        assert_eq!(got, wanted);
        // The next attempt says the same, byte for byte.
        assert_eq!(json(fill(&body(), filling(&matter)).unwrap()).unwrap(), bytes);
    }

    #[test]
    fn nothing_that_is_filled_in_leaves_its_part_of_an_address(text in any::<String>()) {
        let url = read("https://x.example.com/a/{{ .Service }}?of={{ .Version }}").unwrap();
        let matter = Matter { service: text.clone(), version: text, ..Matter::default() };
        let filled = url.filled(filling(&matter), true).unwrap();
        let rest = filled.strip_prefix("https://x.example.com/a/").unwrap();
        let (path, query) = rest.split_once("?of=").unwrap();
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.~%".contains(c);
        assert!(path.chars().all(plain) && query.chars().all(plain), "{filled}");
    }
}

#[test]
fn what_could_not_be_filled_is_found_when_it_is_read() {
    for (text, message) in [
        ("{{ .Servise }}", "there is no `.Servise` here"),
        ("{{ .Decision.Title }}", "there is no `.Title` here"),
        ("{{ humanizePercentage .Confidence }}", "a number is wanted here, and this is nothing"),
        ("{{ if eq .Environment \"\" }}{{ .Nope }}{{ end }}", "there is no `.Nope` here"),
        ("{{ template \"t\" }}", "no template is called `t`"),
        ("{{ toUpper 1 }}", "a text is wanted here, and this is a whole number"),
    ] {
        assert_eq!(read(text).unwrap_err().message, message, "{text}");
    }
    let good = "{{ with .Confidence }}{{ humanizePercentage . }}{{ end }}{{ .Weight }}{{ .Decision.URL }}";
    let matter = Matter { confidence: Some(0.25), ..Matter::default() };
    let filled = read(good).unwrap().filled(filling(&matter), false);
    assert_eq!(filled.unwrap(), "25%");
}

#[test]
fn a_body_that_would_be_too_long_is_not_sent() {
    let much = || leaf("{{ range 30000 }}ab{{ end }}");
    let body = |count: usize| Body(map(vec![("all", BodyValue::List((0..count).map(|_| much()).collect()))]));
    let matter = Matter::default();
    assert!(fill(&body(4), filling(&matter)).is_ok());
    let fault = fill(&body(5), filling(&matter)).unwrap_err();
    assert_eq!(fault.message, "the texts of the body are longer than 262144 bytes");
}

#[test]
fn what_a_text_asks_is_read_before_it_is_asked() {
    for (text, message) in [
        ("{{ query \"up\" }}", None),
        ("{{ query (printf \"errors{version=%q}\" .Version) | first | value }}", None),
        ("{{ if false }}{{ query \"up\" }}{{ end }}", None),
        ("{{ range query \"up\" }}{{ .Labels.job }} {{ .Value }}{{ end }}", None),
        ("{{ query \"1\" | first | value | humanize }}", None),
        ("{{ query \"info\" | first | label \"replicas\" | humanize }}", None),
        ("{{ query \"info\" | first | label \"lasts\" | parseDuration }}", None),
        ("{{ (query \"info\" | first).Labels.lasts | parseDuration }}", None),
        ("{{ index (query \"topk(3, up)\") 2 | value }}", None),
        (
            "{{ with query \"info\" }}{{ . | first | label \"of\" | humanize }}{{ . | first | label \"for\" | parseDuration }}{{ end }}",
            None,
        ),
        (
            "{{ if eq .Environment \"staging\" }}{{ query \"up{\" }}{{ end }}",
            Some("the query `up{` has no answer"),
        ),
        (
            "{{ \"up{\" | printf \"%s\" }}{{ if eq .Kind \"pause\" }}{{ query .Service }} \"up{\"{{ end }}",
            None,
        ),
        ("{{ with query \"up\" }}{{ .Service }}{{ end }}", Some("`.Service` is taken of a list")),
        ("{{ with query \"up\" }}{{ query \"up{\" }}{{ end }}", Some("the query `up{` has no answer")),
        ("{{ query \"up\" | first | value | toUpper }}", Some("a text is wanted here")),
        ("{{ query \"up\" | first | value }}{{ .Nope }}", Some("there is no `.Nope` here")),
        ("{{ query \"up{\" }}", Some("the query `up{` has no answer: it is no PromQL: ")),
        (
            "{{ query \"up[5m]\" }}",
            Some("the query `up[5m]` has no answer: it is no instant vector or scalar but a range vector"),
        ),
        ("{{ query \"'up'\" }}", Some("it is no instant vector or scalar but a string")),
        ("{{ query \"limitk(1, up)\" }}", Some("the query `limitk(1, up)` has no answer: it is no PromQL: ")),
        ("{{ (query \"up\").Value }}", Some("`.Value` is taken of a list")),
        ("{{ query .Confidence }}", Some("a text is wanted here")),
    ] {
        match (read(text), message) {
            (Ok(read), None) => assert!(read.asks(), "{text}"),
            (Err(fault), Some(message)) => assert!(fault.message.contains(message), "{text}: {fault}"),
            (read, _) => panic!("{text}: {read:?}"),
        }
    }
    assert!(!read("{{ .Service }}").unwrap().asks());
}

/// What is to change a target is not sent with a hole in it; somebody who is told is told all the same.
#[test]
fn what_cannot_be_filled_says_so_only_to_people() {
    let text = "{{ query \"errors\" | first | value }} errors";
    let body = Body(map(vec![("text", leaf(text)), ("service", leaf("{{ .Service }}"))]));
    let headline = "roll back checkout".to_owned();
    let matter = Matter { service: "checkout".to_owned(), headline, ..Matter::default() };
    let sample = || Found { labels: BTreeMap::new(), value: 12.5 };
    let why = "roll back checkout (this cannot be filled: the query `errors` has no answer: its source did not answer)";
    let none = "roll back checkout (this cannot be filled: `first` has nothing to take: the query found nothing; ask with `with` whether it did)";
    for (found, says) in [
        (Ok(vec![sample()]), "12.5 errors"),
        (Ok(Vec::new()), none),
        (Err("its source did not answer".to_owned()), why),
    ] {
        let mut answers = Answers::default();
        answers.add("errors", found.clone());
        let told = Filling { matter: &matter, answers: &answers, says_why: true };
        let filled = fill(&body, told).unwrap();
        assert_eq!(filled.0["text"], BodyValue::Text(says.to_owned()));
        assert_eq!(filled.0["service"], BodyValue::Text("checkout".to_owned()));
        let strict = Filling { says_why: false, ..told };
        assert_eq!(fill(&body, strict).is_ok(), matches!(&found, Ok(found) if !found.is_empty()));
    }
}

#[test]
fn the_server_is_named_as_people_reach_it() {
    let matter = Matter { server: "https://backstop.example.com/b".to_owned(), ..Matter::default() };
    let text = read("{{ externalURL }} {{ pathPrefix }}").unwrap();
    assert_eq!(text.filled(filling(&matter), false).unwrap(), "https://backstop.example.com/b /b");
}
