//! Templates: what is accepted and refused, and where; by our own table, and by promtool where there is one.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "kit/skip.rs"]
mod skip;
#[path = "kit/promtool.rs"]
mod promtool;
#[path = "template/body.rs"]
mod body;
#[path = "template/render.rs"]
mod render;

use std::fmt::Write as _;
use std::process::Command;

use backstop::template::{self, BindingKind, Node, Number, Root, Scope, Template, Term};
use backstop::unit::Fault;
use proptest::prelude::{Strategy, any, prop, prop_oneof, proptest};

const TABLE: &str = include_str!("data/template/parse.txt");

/// A row of the table; for a text that is refused, the bytes and the message.
struct Row {
    text: String,
    refused: Option<(u32, u32, String)>,
}

fn rows() -> Vec<Row> {
    let rows = TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    rows.map(row).collect()
}

fn row(line: &str) -> Row {
    let (expected, text) = line.split_once(" | ").unwrap();
    let text = text.replace('␤', "\n").replace('␍', "\r").replace('␉', "\t");
    let refused = (expected != "ok").then(|| {
        let (place, message) = expected.split_once(' ').unwrap();
        let (start, end) = place.split_once("..").unwrap();
        (start.parse().unwrap(), end.parse().unwrap(), message.to_owned())
    });
    Row { text, refused }
}

fn alert(text: &str) -> Result<Template, Fault> {
    template::parse(text, &Scope::alert().named("__alert_A"))
}

fn tree(text: &str) -> Template {
    alert(text).unwrap()
}

/// The one operand of the one action.
fn term(text: &str) -> Term {
    tree(text).operands().first().unwrap().term.clone()
}

#[test]
fn every_row_is_accepted_or_refused_at_its_place() {
    let rows = rows();
    assert!(450 < rows.len(), "only {} rows were read", rows.len());
    for Row { text, refused } in rows {
        let got = alert(&text).err().map(|error| (error.extent.start, error.extent.end, error.message));
        assert_eq!(got, refused, "{text:?}");
    }
}

#[test]
fn promtool_agrees_with_every_row() {
    let Some(promtool) = promtool::promtool("what promtool says of each template") else { return };
    let rows = rows();
    let mut file =
        String::from("groups:\n- name: g\n  rules:\n  - alert: A\n    expr: up\n    annotations:\n");
    for (number, row) in rows.iter().enumerate() {
        writeln!(file, "      row{number}: {}", quoted(&row.text)).unwrap();
    }
    let path = std::env::temp_dir().join(format!("backstop-template-{}.yml", std::process::id()));
    std::fs::write(&path, file).unwrap();
    let said = Command::new(promtool).args(["check", "rules", "--lint=none"]).arg(&path).output().unwrap();
    std::fs::remove_file(&path).unwrap();
    let said = String::from_utf8_lossy(&said.stdout).into_owned() + &String::from_utf8_lossy(&said.stderr);
    assert!(said.contains("row"), "promtool refused nothing, or did not get to the templates: {said}");
    for (number, Row { text, refused }) in rows.iter().enumerate() {
        let told = said.contains(&format!("annotation \"row{number}\": "));
        assert_eq!(told, refused.is_some(), "row {number}: {text:?}");
    }
}

/// A text as a YAML string: all but plain ASCII escaped.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            ' '..='~' => quoted.push(c),
            _ => write!(quoted, "\\U{:08x}", u32::from(c)).unwrap(),
        }
    }
    quoted + "\""
}

#[test]
fn help_names_the_way_out() {
    for (text, help) in [
        ("{{ humaniseDuration $value }}", "did you mean `humanizeDuration`?"),
        ("{{ $label.instance }}", "did you mean `$labels`?"),
        ("{{ labels.instance }}", "did you mean `$labels`?"),
        ("{{ instance }}", "for a label write `$labels.instance`, for text `\"instance\"`"),
        ("{{ $x | default 1 }}", "declare it before: `{{$x := ..}}`"),
        ("{{ define \"a\" }}{{ $value }}{{ end }}", "pass it what it needs: `{{template \"name\" .}}`"),
        ("{{ if 1 }}{{ $x := 1 }}{{ end }}{{ $x }}", "declare it before the block"),
        ("{{ now }}", "`now` came after Prometheus 3.5"),
        ("{{ $value * 100 }}", "templates have no operators"),
        ("{{ $labels.my-label }}", "write `index $labels \"a-b\"`"),
        ("{{ printf(\"a\") }}", "a function takes its arguments after spaces: `printf ..`"),
        ("{{ if 1 }}", "put `{{end}}` where it ends"),
        ("{{ $value", "end it with `}}`"),
    ] {
        let got = alert(text).unwrap_err().help.unwrap_or_default();
        assert!(got.contains(help), "{text:?}: {got}");
    }
}

#[test]
fn other_scopes_know_other_names() {
    let scope = Scope::new(&["$change"], &[]);
    for (text, accepted) in [
        ("{{ .Service }}: {{ .Decision.Headline }}", true),
        ("{{ $change.Version | printf \"%s\" }}", true),
        ("{{ $labels.job }}", false),
        ("{{ humanize 1 }}", false),
        ("{{ define \"__alert_A\" }}x{{ end }}", true),
    ] {
        assert_eq!(template::parse(text, &scope).is_ok(), accepted, "{text:?}");
    }
    let help = template::parse("{{ service }}", &scope).unwrap_err().help;
    assert_eq!(help.as_deref(), Some("for a field write `.service`, for text `\"service\"`"));
}

#[test]
fn every_function_is_known_once_and_callable() {
    let scope = Scope::alert();
    let names: Vec<_> = scope.functions().map(|function| function.name).collect();
    assert_eq!(names.len(), 45);
    for name in &names {
        assert_eq!(names.iter().filter(|other| *other == name).count(), 1, "{name}");
        assert!(alert(&format!("{{{{ {name} }}}}")).is_ok(), "{name}");
    }
}

#[test]
fn text_is_kept_but_for_what_is_trimmed() {
    for (text, kept) in [
        ("", &[][..]),
        ("plain }} text", &["plain }} text"]),
        (" a {{1}} b ", &[" a ", " b "]),
        (" a {{- 1 -}} b ", &[" a", "b "]),
        (" \n\t{{- 1 -}}\r\n {{1}}", &[]),
        ("a {{/* c */}} b", &["a ", " b"]),
        ("a {{- /* c */ -}} b", &["a", "b"]),
        ("\u{a0}{{- 1 -}}\u{a0}", &["\u{a0}", "\u{a0}"]),
    ] {
        let tree = tree(text);
        let found: Vec<_> = tree
            .root
            .nodes
            .iter()
            .filter_map(|node| {
                let Node::Text(part) = node else { return None };
                assert_eq!(part.extent.of(text), part.text);
                Some(part.text.as_str())
            })
            .collect();
        assert_eq!(found, kept, "{text:?}");
    }
}

#[test]
fn numbers_have_every_type_that_holds_them() {
    let number = |int, uint, float| (int, uint, float, None);
    let max = u64::MAX;
    for (text, expected) in [
        ("1", number(Some(1), Some(1), Some(1.0))),
        ("-1", number(Some(-1), None, Some(-1.0))),
        ("+1", number(Some(1), None, Some(1.0))),
        ("-0", number(Some(0), Some(0), Some(0.0))),
        ("1_000", number(Some(1000), Some(1000), Some(1000.0))),
        ("0x1F", number(Some(31), Some(31), Some(31.0))),
        ("017", number(Some(15), Some(15), Some(15.0))),
        ("0b1_01", number(Some(5), Some(5), Some(5.0))),
        ("18446744073709551615", number(None, Some(max), Some(18_446_744_073_709_551_615.0))),
        ("1e3", number(Some(1000), Some(1000), Some(1000.0))),
        ("1.5", number(None, None, Some(1.5))),
        ("-2.0", number(Some(-2), None, Some(-2.0))),
        ("1e19", number(None, Some(10_000_000_000_000_000_000), Some(1e19))),
        ("1e20", number(None, None, Some(1e20))),
        ("0x1.8p-2", number(None, None, Some(0.375))),
        ("0x1p-1074", number(None, None, Some(f64::from_bits(1)))),
        ("0x1p-1075", number(Some(0), Some(0), Some(0.0))),
        ("0x1.8p-1075", number(None, None, Some(f64::from_bits(1)))),
        ("0x1.fffffffffffff7fffp1023", number(None, None, Some(f64::MAX))),
        ("0x1.00000000000008p0", number(Some(1), Some(1), Some(1.0))),
        ("0x1.000000000000080000000001p0", number(None, None, Some(1.0 + f64::EPSILON))),
        ("0x1234567.89abcdef0123456p-1", number(None, None, Some(9_544_371.768_888_889))),
        ("'a'", number(Some(97), Some(97), Some(97.0))),
        ("'\\''", number(Some(39), Some(39), Some(39.0))),
        ("'\\xff'", number(Some(255), Some(255), Some(255.0))),
        ("2i", (None, None, None, Some((0.0, 2.0)))),
        ("-1.5-2e1i", (None, None, None, Some((-1.5, -20.0)))),
        ("3+0i", (Some(3), Some(3), Some(3.0), Some((3.0, 0.0)))),
    ] {
        let Term::Number(Number { int, uint, float, complex, text: written }) =
            term(&format!("{{{{{text}}}}}"))
        else {
            panic!("{text} is no number")
        };
        assert_eq!((int, uint, float, complex), expected, "{text}");
        assert_eq!(written, text);
    }
}

#[test]
fn strings_hold_bytes() {
    for (text, bytes) in [
        (r#""a\tb""#, &b"a\tb"[..]),
        (r#""\x41\101\u00e9\U0001F600""#, "AAé😀".as_bytes()),
        (r#""\xff\377\x80""#, b"\xff\xff\x80"),
        (r#""\a\b\f\n\r\v\\\"""#, b"\x07\x08\x0c\n\r\x0b\\\""),
        (r"`\d+`", br"\d+"),
        ("`a\r\nb`", b"a\nb"),
        ("\"é\"", "é".as_bytes()),
    ] {
        assert_eq!(term(&format!("{{{{{text}}}}}")), Term::String(bytes.to_vec()), "{text}");
    }
}

#[test]
fn uses_are_found_in_the_order_of_the_text() {
    let text = "{{ $labels.job }}{{ with query (printf \"%s\" .A.B) }}{{ . | first | value }}{{ else }}{{ \
                (index $value 0).C }}{{ end }}{{ define \"d\" }}{{ $ | title }}{{ end }}";
    let tree = tree(text);
    let functions: Vec<_> = tree.functions().into_iter().map(|(name, _)| name).collect();
    assert_eq!(functions, ["query", "printf", "first", "value", "index", "title"]);
    assert!(tree.functions().iter().all(|(name, extent)| extent.of(text) == *name));
    assert!(tree.calls("query") && !tree.calls("humanize"));
    let fields: Vec<_> = tree
        .fields()
        .into_iter()
        .map(|access| {
            let names: Vec<_> = access.fields.iter().map(|name| name.extent.of(text)).collect();
            (access.extent.of(text), access.root, names.join("/"))
        })
        .collect();
    let expected = [
        ("$labels.job", Root::Variable("$labels"), "job"),
        (".A.B", Root::Dot, "A/B"),
        ("(index $value 0).C", Root::Value, "C"),
        ("$value", Root::Variable("$value"), ""),
        ("$", Root::Variable("$"), ""),
    ];
    assert_eq!(fields, expected.map(|(text, root, names)| (text, root, names.to_owned())));
}

#[test]
fn blocks_cover_their_characters() {
    let text = "a{{if 1}}b{{else if $x := 2}}c{{else}}d{{end}}e{{range $i, $v = .}}{{break}}{{end}}";
    let tree = tree(text);
    let [_, Node::If(branch), _, Node::Range(range)] = tree.root.nodes.as_slice() else {
        panic!("{:?}", tree.root)
    };
    assert_eq!(branch.extent.of(text), "{{if 1}}b{{else if $x := 2}}c{{else}}d{{end}}");
    let heads: Vec<_> = branch.arms.iter().map(|arm| arm.head.of(text)).collect();
    assert_eq!(heads, ["{{if 1}}", "{{else if $x := 2}}"]);
    assert_eq!(branch.arms[1].pipeline.extent.of(text), "$x := 2");
    assert_eq!(branch.otherwise.as_ref().unwrap().extent.of(text), "d");
    assert_eq!(range.arm.body.extent.of(text), "{{break}}");
    let binding = range.arm.pipeline.binding.as_ref().unwrap();
    assert_eq!((binding.kind, binding.variables.len()), (BindingKind::Assign, 2));
}

#[test]
fn a_range_over_a_known_variable_after_a_comma_binds_one() {
    let tree = tree("{{range $i, $labels}}{{end}}");
    let [Node::Range(range)] = tree.root.nodes.as_slice() else { panic!("{:?}", tree.root) };
    let binding = range.arm.pipeline.binding.as_ref().unwrap();
    assert_eq!((binding.kind, binding.variables.len()), (BindingKind::Declare, 1));
}

#[test]
fn what_stands_too_deep_is_refused_and_does_no_harm() {
    let deep = |open: &str, close: &str, count| format!("{}1{}", open.repeat(count), close.repeat(count));
    let most = template::DEEPEST as usize;
    let blocks = ["{{if 1}}", "{{with 1}}", "{{range .}}", "{{block \"b\" .}}"];
    for count in [most, most + 1, 10_000, 100_000] {
        let mut texts = vec![format!("{{{{{}}}}}", deep("(", ")", count)), "{{if 1}}".repeat(count)];
        texts.extend(blocks.iter().map(|open| deep(open, "{{end}}", count)));
        for (number, text) in texts.iter().enumerate() {
            let got = alert(text);
            // The second is never ended, and a block within a block of the same name defines it twice.
            if count == most && ![1, 5].contains(&number) {
                assert!(got.is_ok(), "{number}: {got:?}");
            } else if most < count {
                let message = got.unwrap_err().message;
                assert_eq!(message, "parentheses and blocks stand more than 100 deep in one another");
            }
        }
    }
}

#[test]
fn what_is_long_but_not_deep_is_accepted() {
    let chain = format!("{{{{if 1}}}}{}{{{{end}}}}", "{{else if 2}}x".repeat(20_000));
    let fields = format!("{{{{ ${} }}}}", ".a".repeat(50_000));
    let stages = format!("{{{{ 1{} }}}}", " | print".repeat(50_000));
    let variables = (0..20_000).fold(String::new(), |mut text, number| {
        write!(text, "{{{{$v{number} := 1}}}}{{{{$v{number}}}}}").unwrap();
        text
    });
    let definitions = (0..20_000).fold(String::new(), |mut text, number| {
        write!(text, "{{{{define \"{number}\"}}}}x{{{{end}}}}").unwrap();
        text
    });
    for text in [chain, fields, stages, variables, definitions] {
        let got = alert(&text);
        assert!(got.is_ok(), "{:?}", got.unwrap_err());
    }
}

/// Pieces that are likely to mean something beside one another.
const PIECES: &[&str] = &[
    "{{", "}}", "{{- ", " -}}", "/*", "*/", "(", ")", "|", ",", ".", ".A", "$", "$x", "$labels", ":=", "=",
    "if", "else", "end", "range", "with", "define", "template", "block", "break", "nil", "true", "1",
    "0x1p-2", "1+2i", "'a'", "'", "\"a\"", "\"", "`", "\\", "\n", "print", "é", "ि", "😀", "-", " ",
];

proptest! {
    #[test]
    fn no_text_does_harm(text in texts()) {
        let inside = |start: u32, end: u32| {
            start <= end && text.get(start as usize..end as usize).is_some()
        };
        match alert(&text) {
            Ok(tree) => {
                for operand in tree.operands() {
                    assert!(inside(operand.extent.start, operand.extent.end), "{operand:?}");
                }
            }
            Err(error) => {
                assert!(inside(error.extent.start, error.extent.end), "{error:?}");
                assert!(error.extent.start < error.extent.end, "{error:?} points at nothing");
            }
        }
    }

    #[test]
    fn a_plain_text_is_one_node(text in "[^{]{1,40}") {
        let tree = tree(&text);
        assert!(matches!(tree.root.nodes.as_slice(), [Node::Text(node)] if node.text == text));
    }
}

fn texts() -> impl Strategy<Value = String> {
    let pieces =
        || prop::collection::vec(prop::sample::select(PIECES), 0..20).prop_map(|pieces| pieces.concat());
    let action = pieces().prop_map(|inner| format!("{{{{{inner}}}}}"));
    prop_oneof![any::<String>(), any::<String>().prop_map(|text| format!("{{{{{text}}}}}")), pieces(), action]
}
