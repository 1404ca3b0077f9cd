use std::fmt::Write;

use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::lint::{Finding, name};
use crate::unit::{Extent, FileId};

#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct Shop {
    name: Given<Text>,
    open: Given<bool>,
    size: Given<u32>,
    price: Given<Number>,
    tags: List<String>,
    owner: OneOrMany<Text>,
    labels: Pairs,
    kind: Given<Kind>,
    inner: Given<Box<Shop>>,
    body: Option<Tree>,
}

#[derive(Debug, Deserialize, PartialEq, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Small,
    Large { floors: u8 },
}

fn read(text: &str) -> (Vec<Document>, Vec<Finding>) {
    let mut findings = Vec::new();
    let documents = compose(FileId(0), text, &mut findings);
    (documents, findings)
}

fn shop(text: &str) -> (Shop, Vec<Finding>) {
    let (documents, mut findings) = read(text);
    let shop = decode(&documents[0].root, &mut findings).unwrap_or_default();
    (shop, findings)
}

/// Each finding as its name and the characters it points at.
fn pointed<'t>(text: &'t str, findings: &[Finding]) -> Vec<(&'static str, &'t str)> {
    findings.iter().map(|finding| (finding.name, finding.place.extent.of(text))).collect()
}

#[test]
fn one_mistake_does_not_hide_the_next() {
    let text = "name: [a]\nopn: true\nopen: maybe\nsize: -1\nprice: '5'\ntags: [a, [b], ~, 5]\nowner: me\n\
                labels: {a: ~, b: {}, ~: x, c: 5}\nkind: smal\ninner: {size: 3, tags: x}\nbody: {x: [1, ~]}\n";
    let (shop, findings) = shop(text);
    assert_eq!(
        pointed(text, &findings),
        [
            (name::WRONG_TYPE, "[a]"),
            (name::UNKNOWN_KEY, "opn"),
            (name::WRONG_TYPE, "maybe"),
            (name::BAD_VALUE, "-1"),
            (name::WRONG_TYPE, "'5'"),
            (name::WRONG_TYPE, "[b]"),
            (name::WRONG_TYPE, "{}"),
            (name::BAD_VALUE, "smal"),
            (name::WRONG_TYPE, "x"),
        ],
        "{findings:#?}"
    );
    assert_eq!(findings[1].help.as_deref(), Some("did you mean `open`?"));
    assert!(shop.name.is_broken() && shop.open.is_broken() && shop.size.is_broken());
    assert_eq!(shop.tags.0.iter().map(|tag| tag.value.as_str()).collect::<Vec<_>>(), ["a", "5"]);
    assert_eq!(shop.owner.0.len(), 1);
    let labels: Vec<_> =
        shop.labels.0.iter().map(|p| (p.key.value.as_str(), p.value.value.as_str())).collect();
    assert_eq!(labels, [("a", ""), ("c", "5")]);
    assert!(
        shop.body.is_some_and(|Tree(node)| node.entries().is_some_and(|all| all[0].key.text() == Some("x")))
    );
    assert!(shop.inner.is_broken());
}

#[test]
fn words_with_and_without_a_value() {
    for (text, expected) in [
        ("kind: small", Some(Kind::Small)),
        ("kind: {large: {floors: 3}}", Some(Kind::Large { floors: 3 })),
        ("kind: {large: {floors: 300}}", None),
        ("kind: large", None),
        ("kind: {small: 3}", None),
        ("kind: [small]", None),
    ] {
        let (shop, findings) = shop(text);
        assert_eq!(findings.is_empty(), expected.is_some(), "{text}: {findings:?}");
        assert_eq!(shop.kind.value(), expected, "{text}");
    }
}

#[test]
fn keys_aliases_and_merges() {
    for (text, expected) in [
        ("name: a\nname: b", vec![(name::DUPLICATE_KEY, "name")]),
        ("'name': a\n\"name\": b", vec![(name::DUPLICATE_KEY, "\"name\"")]),
        ("name: *x", vec![(name::YAML_ALIAS, "*x")]),
        ("tags: &x [*x]", vec![(name::YAML_ALIAS, "*x")]),
        ("name: &x a\ntags: [*x]", vec![]),
        ("inner: &x {size: 1}\n<<: *x", vec![]),
        ("inner: &x {size: 1}\nsize: 3\n<<: [*x, {open: true}]", vec![]),
        ("tags: &x [{size: 1}]\n<<: *x", vec![(name::WRONG_TYPE, "*x"), (name::WRONG_TYPE, "{size: 1}")]),
        ("<<: 5", vec![(name::WRONG_TYPE, "5")]),
        ("<<: {sise: 5}", vec![(name::UNKNOWN_KEY, "sise")]),
        ("\"<<\": {}", vec![(name::UNKNOWN_KEY, "\"<<\"")]),
        ("name: &a.b c", vec![(name::YAML_SYNTAX, "&a.b")]),
        ("name: a\n\tsize: 5", vec![(name::YAML_SYNTAX, "\t")]),
        ("name: a\u{1}", vec![(name::YAML_SYNTAX, "\u{1}")]),
        ("? [a]\n: b", vec![(name::WRONG_TYPE, "[a]")]),
    ] {
        let (documents, mut findings) = read(text);
        for document in documents {
            decode::<Shop>(&document.root, &mut findings);
        }
        assert_eq!(pointed(text, &findings), expected, "{text}");
    }
    let (shop, _) = shop("inner: &x {size: 1, open: true}\nsize: 3\n<<: [*x, {open: false}]");
    assert_eq!((shop.size.value(), shop.open.value()), (Some(3), Some(true)));
}

#[test]
fn documents_after_a_broken_one_are_read() {
    let text = "\u{feff}a: [\n---\nname: b # why\r\n---\n\n";
    let (documents, findings) = read(text);
    assert_eq!(pointed(text, &findings), [(name::YAML_SYNTAX, "[")]);
    assert_eq!(documents.iter().map(|document| document.number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(documents[0].comments[0].place.extent.of(text), "# why");
    assert!(documents[1].root.is_null());
    assert!(read("").0.is_empty());
}

#[test]
fn nothing_is_nested_or_multiplied_without_end() {
    let brackets = "[".repeat(10_000);
    let dashes = "- ".repeat(10_000);
    let braces = "{a: ".repeat(10_000);
    for text in [&brackets, &dashes, &braces] {
        let (documents, findings) = read(text);
        assert!(documents.is_empty());
        assert_eq!(findings.len(), 1, "{findings:?}");
    }
    let deep = format!("body: {}{}", "[".repeat(190), "]".repeat(190));
    let (shop, findings) = shop(&deep);
    assert!(findings.is_empty() && shop.body.is_some());
    let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let one = format!("*a{}, ", level - 1);
        writeln!(laughs, "a{level}: &a{level} [{}]", one.repeat(9)).unwrap();
    }
    let (documents, findings) = read(&laughs);
    assert!(documents.is_empty());
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].name, name::YAML_ALIAS);
    let mut chain = "a0: &a0 [x]\n".to_owned();
    for level in 1..600 {
        writeln!(chain, "a{level}: &a{level} [*a{}]", level - 1).unwrap();
    }
    assert_eq!(read(&chain).1.len(), 1);
}

#[test]
fn points_into_every_style() {
    for (text, value, word, said) in [
        ("name: up == 0", "up == 0", "==", "=="),
        ("name: sum(\n  up)  \n  > 1", "sum( up) > 1", "up)", "up)"),
        ("name: sum(\n  up)", "sum( up)", "( u", "(\n  u"),
        ("name: 'a''b c'", "a'b c", "'b", "''b"),
        ("name: \"a\\u0041\\n\\\n   b\"", "aA\nb", "A", "\\u0041"),
        ("name: \"a\\u0041\\n\\\n   b\"", "aA\nb", "b", "b"),
        ("name: |\n\n    a\n      b\n\n    c\n", "\na\n  b\n\nc\n", "b", "b"),
        ("name: |\n\n    a\n      b\n\n    c\n", "\na\n  b\n\nc\n", "c", "c"),
        ("name: |2-\n    a\n  b", "  a\nb", "b", "b"),
        ("name: >\r\n  a\r\n  b\r\n\r\n  c\r\n   d\r\n  e\r\n", "a b\nc\n d\ne\n", "e", "e"),
        ("name: >\r\n  a\r\n  b\r\n\r\n  c\r\n   d\r\n  e\r\n", "a b\nc\n d\ne\n", "a b", "a\r\n  b"),
        ("name: |+\n  a  \n\n\n", "a  \n\n\n", "a  ", "a  "),
        ("name: é\u{1F600}ü", "é\u{1F600}ü", "ü", "ü"),
    ] {
        let (shop, findings) = shop(text);
        assert_eq!(findings, [], "{text}");
        let name = shop.name.value().unwrap();
        assert_eq!(name.value, value, "{text}");
        let start = u32::try_from(value.find(word).unwrap()).unwrap();
        let extent = Extent::new(start, start + u32::try_from(word.len()).unwrap());
        assert_eq!(name.at(text, extent).extent.of(text), said, "{text:?}");
    }
}

#[test]
fn the_schema_is_that_of_the_bare_types() {
    let schema = serde_json::to_value(schemars::schema_for!(Shop)).unwrap();
    assert_eq!(schema["properties"]["name"]["type"], serde_json::json!(["string", "null"]));
    assert_eq!(schema["properties"]["labels"]["additionalProperties"]["type"], "string");
}

/// A value written in each style that can say it.
fn spellings(value: &str) -> Vec<String> {
    let single = format!("name: '{}'", value.replace('\'', "''"));
    let escaped: String = value.chars().flat_map(char::escape_default).collect();
    let escaped = escaped.replace("\\'", "'").replace("\\u{", "\\U{");
    let mut double = String::new();
    let mut rest = escaped.as_str();
    while let Some((before, after)) = rest.split_once("\\U{") {
        let (digits, after) = after.split_once('}').unwrap();
        write!(double, "{before}\\U{digits:0>8}").unwrap();
        rest = after;
    }
    double += rest;
    let block = format!("name: |2-\n  {}", value.replace('\n', "\n  "));
    let folded = format!("name: >2-\n  {}", value.replace('\n', "\n\n  "));
    vec![format!("name: {value}"), single, format!("name: \"{double}\""), block, folded]
}

proptest! {
    #[test]
    fn the_place_of_a_part_says_that_part(
        value in "[a-c'\" \\\\é😀#:\n-]{0,24}", from in 0_usize..24, length in 1_usize..8
    ) {
        for text in spellings(&value) {
            let (documents, findings) = read(&text);
            if !findings.is_empty() { continue; }
            let Some(name) = decode::<Shop>(&documents[0].root, &mut Vec::new()).and_then(|s| s.name.value())
            else { continue };
            let parts: Vec<(usize, char)> = name.value.char_indices().skip(from).take(length).collect();
            let (Some(first), Some(last)) = (parts.first(), parts.last()) else { continue };
            let byte = |at: usize| u32::try_from(at).unwrap();
            let extent = Extent::new(byte(first.0), byte(last.0 + last.1.len_utf8()));
            let said = name.at(&text, extent).extent;
            let whole = name.place.extent;
            prop_assert!(whole.start <= said.start && said.end <= whole.end, "{text:?} {extent:?}");
            // Each visible character of the part stands in its place, and no visible one beside them does.
            let visible = |text: &str| text.chars().filter(|c| matches!(c, 'a'..='c' | 'é' | '😀' | ':' | '#')).collect::<String>();
            if name.style == Style::Double {
                let (again, _) = read(&format!("\"{}\"", said.of(&text)));
                prop_assert_eq!(again[0].root.text(), Some(extent.of(&name.value)), "{:?}", text);
            } else {
                prop_assert_eq!(visible(said.of(&text)), visible(extent.of(&name.value)), "{:?}", text);
            }
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "([a-z]|[-?:,\\[\\]{}&*!|>'\"%@#<~ \t\r\n]|\\PC){0,80}") {
        let (documents, mut findings) = read(&text);
        for document in documents {
            if let Some(shop) = decode::<Shop>(&document.root, &mut findings)
                && let Some(name) = shop.name.value() {
                name.at(&text, Extent::new(0, 3));
            }
        }
        for finding in findings {
            prop_assert!(text.get(finding.place.extent.start as usize..finding.place.extent.end as usize).is_some());
        }
    }
}
