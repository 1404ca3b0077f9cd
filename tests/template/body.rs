//! Bodies of webhooks, filled from what an action is about.

use std::collections::BTreeMap;

use backstop::decision::{Body, BodyValue, Matter, Templated, fill};
use backstop::responder::json;
use proptest::prelude::{any, proptest};
use serde_json::{Value, json as expected};

fn leaf(text: &str) -> BodyValue {
    BodyValue::Text(Templated::new(text).unwrap())
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
        let bytes = json(fill(&body(), &matter).unwrap()).unwrap();
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
        assert_eq!(json(fill(&body(), &matter).unwrap()).unwrap(), bytes);
    }

    #[test]
    fn nothing_that_is_filled_in_leaves_its_part_of_an_address(text in any::<String>()) {
        let url = Templated::new("https://x.example.com/a/{{ .Service }}?of={{ .Version }}").unwrap();
        let matter = Matter { service: text.clone(), version: text, ..Matter::default() };
        let filled = url.filled(&matter, true).unwrap();
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
        ("{{ query \"up\" }}", "`query` is not answered in the texts of an action yet"),
        (
            "{{ if false }}{{ query \"up\" }}{{ end }}",
            "`query` is not answered in the texts of an action yet",
        ),
        ("{{ humanizePercentage .Confidence }}", "a number is wanted here, and this is nothing"),
        ("{{ if eq .Environment \"\" }}{{ .Nope }}{{ end }}", "there is no `.Nope` here"),
        ("{{ template \"t\" }}", "no template is called `t`"),
        ("{{ toUpper 1 }}", "a text is wanted here, and this is a whole number"),
    ] {
        assert_eq!(Templated::new(text).unwrap_err().message, message, "{text}");
    }
    let good = "{{ with .Confidence }}{{ humanizePercentage . }}{{ end }}{{ .Weight }}{{ .Decision.URL }}";
    let filled =
        Templated::new(good).unwrap().filled(&Matter { confidence: Some(0.25), ..Matter::default() }, false);
    assert_eq!(filled.unwrap(), "25%");
}

#[test]
fn a_body_that_would_be_too_long_is_not_sent() {
    let much = || leaf("{{ range 30000 }}ab{{ end }}");
    let body = |count: usize| Body(map(vec![("all", BodyValue::List((0..count).map(|_| much()).collect()))]));
    assert!(fill(&body(4), &Matter::default()).is_ok());
    let fault = fill(&body(5), &Matter::default()).unwrap_err();
    assert_eq!(fault.message, "the texts of the body are longer than 262144 bytes");
}
