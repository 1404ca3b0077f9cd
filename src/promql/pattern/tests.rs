use super::*;

#[test]
fn matches_as_go_does() {
    for (pattern, value, expected) in [
        ("a", "a", true),
        ("a", "ab", false),
        ("a|b|", "b", true),
        ("a|b|", "", true),
        ("a|b", "", false),
        (".*", "", true),
        (".+", "", false),
        (".+", "a\nb", true),
        ("5..", "503", true),
        ("5..", "5", false),
        ("a.b", "a\nb", true),
        ("(?-s)a.b", "a\nb", false),
        ("(?i)get|post", "POST", true),
        ("(?i:g)et", "GET", false),
        ("a{2,3}", "aaaa", false),
        ("a{,2}", "a{,2}", true),
        ("{", "{", true),
        ("}a]", "}a]", true),
        (r"\Qa.b\E+", "a.bb", true),
        (r"\Q(", "(", true),
        (r"[[:alpha:]-]+", "a-b", true),
        (r"[]a]+", "]a", true),
        (r"[^]a]", "]", false),
        (r"[a\]]", "]", true),
        (r"[a&&b]", "&", true),
        (r"[+--]", ",", true),
        (r"[[a]", "[", true),
        (r"[~~^]", "^", true),
        (r"\w+", "größe", false),
        (r"\d", "٣", false),
        (r"\s", "\u{b}", false),
        (r"\pL+", "größe", true),
        (r"\p{Greek}", "α", true),
        (r"\p{^Greek}", "a", true),
        (r"[\P{Lu}]", "A", false),
        (r"\x41\x{42}\103", "ABC", true),
        (r"\_\-\<", "_-<", true),
        (r"^a$", "a", true),
        (r"a\b.c", "a-c", true),
        (r"a\Bb", "ab", true),
        (r"é\Bb", "éb", false),
        (r"(?P<n>a)(?<m>b)", "ab", true),
        (r"(?U)a+", "aa", true),
        (r"(?)a", "a", true),
        (r"(?ii-s)A", "a", true),
        (r"\x{d800}|a", "a", true),
        (r"[\x{d800}-\x{e000}]", "\u{e000}", true),
        (r"\p{Cs}|b", "b", true),
        (r"a*?b??", "aab", true),
        (r"(|a)+", "aa", true),
        (r"^*a", "a", true),
        (r"a#b c", "a#b c", true),
        (r"\z|a", "a", true),
    ] {
        let read = Pattern::read(pattern.as_bytes()).unwrap();
        if let Means::Automaton { source, .. } = &read.0 {
            assert!(compile(source, LARGEST).is_some(), "{pattern} became {source}");
        }
        assert_eq!(read.matches(value), expected, "{pattern} on {value:?}");
    }
}

#[test]
fn refuses_what_go_refuses() {
    for (pattern, start, end) in [
        ("(", 0, 1),
        ("a)", 1, 2),
        ("a(b(c)", 1, 2),
        ("[a", 0, 1),
        ("[]", 0, 1),
        ("[b-a]", 1, 4),
        ("[a-[:digit:]]", 1, 4),
        ("[[:nope:]]", 1, 9),
        (r"[\b]", 1, 3),
        (r"[a-\d]", 3, 5),
        ("*", 0, 1),
        ("a|*", 2, 3),
        ("(*)", 1, 2),
        ("a**", 2, 3),
        ("a*+", 2, 3),
        ("a{2}{3}", 4, 7),
        ("a{1001}", 1, 7),
        ("a{3,2}", 1, 6),
        ("(a{100}){11}", 8, 12),
        ("(?=a)", 0, 3),
        ("(?!a)", 0, 3),
        ("(?<=a)", 0, 6),
        ("(?x)a", 0, 3),
        ("(?-)a", 0, 4),
        ("(?P<a-b>c)", 0, 7),
        ("(?P=a)", 0, 3),
        (r"(a)\1", 3, 5),
        (r"\8", 0, 2),
        (r"\C", 0, 2),
        (r"\Z", 0, 2),
        (r"\E", 0, 2),
        (r"\é", 0, 3),
        ("a\\", 1, 2),
        (r"\xZ1", 0, 4),
        (r"\x{110000}", 0, 10),
        (r"\p{Nope}", 0, 8),
        (r"\p{greek}", 0, 9),
        (r"\p{Alphabetic}", 0, 14),
        (r"\pZebra\p", 7, 9),
    ] {
        match Pattern::read(pattern.as_bytes()) {
            Ok(read) => panic!("{pattern} was taken as {read:?}"),
            Err(flaw) => assert_eq!((flaw.start, flaw.end), (start, end), "{pattern}: {}", flaw.why),
        }
    }
    assert!(Pattern::read(b"a.\xff").is_err());
}

#[test]
fn what_is_not_compiled_on_load_fits() {
    for (atom, times) in [
        ("a", 19_000),
        (".", 19_000),
        ("[^k]", 19_000),
        (r"(?i:\W)", 19_000),
        (r"[^\pL\pN]", 19),
        (r"\pL", 39),
    ] {
        let repeated =
            if times == 19_000 { format!("{atom}{{1000}}").repeat(19) } else { atom.repeat(times) };
        let read = Pattern::read(repeated.as_bytes()).unwrap();
        let Means::Automaton { source, compiled, .. } = &read.0 else { panic!("{atom} needs no automaton") };
        assert!(compiled.get().is_none(), "{atom} was compiled");
        assert!(compile(source, LARGEST).is_some(), "{atom} does not fit");
    }
}
