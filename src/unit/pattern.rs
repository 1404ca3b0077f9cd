//! Patterns over names and paths: `checkout-*`, `teams/checkout/**`.

use std::fmt;

/// A pattern: `*` stands for any run of characters but `/`, `**` for any run at all, the rest for itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pattern(Vec<Piece>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    Exactly(char),
    AnyInSegment,
    Anything,
}

impl Pattern {
    /// Reads a pattern; every text is one.
    pub fn new(text: &str) -> Self {
        let mut pieces = Vec::with_capacity(text.len());
        for c in text.chars() {
            match (c, pieces.last()) {
                ('*', Some(Piece::AnyInSegment)) => {
                    pieces.pop();
                    pieces.push(Piece::Anything);
                }
                ('*', Some(Piece::Anything)) => {}
                ('*', _) => pieces.push(Piece::AnyInSegment),
                _ => pieces.push(Piece::Exactly(c)),
            }
        }
        Self(pieces)
    }

    /// Whether it begins at the root of all paths.
    pub fn is_rooted(&self) -> bool {
        self.0.first() == Some(&Piece::Exactly('/'))
    }

    /// Whether `text` fits.
    pub fn fits(&self, text: &str) -> bool {
        let mut letters = text.chars();
        let mut pieces = self.0.as_slice();
        while let [Piece::Exactly(wanted), rest @ ..] = pieces {
            if letters.next() != Some(*wanted) {
                return false;
            }
            pieces = rest;
        }
        let left: Vec<Piece> = letters.map(Piece::Exactly).collect();
        if pieces.is_empty() { left.is_empty() } else { meet(pieces, &left, Piece::share_a_character) }
    }

    /// Whether some text fits both.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.meets(other, Piece::share_a_character)
    }

    /// Whether every text that fits `other` fits this too. A `*` of `other` can only be met by one here, so
    /// this may say no where a cleverer look would say yes; it never says yes wrongly.
    pub fn covers(&self, other: &Self) -> bool {
        self.meets(other, Piece::stands_for)
    }

    fn meets(&self, other: &Self, pair: fn(Piece, Piece) -> bool) -> bool {
        // Nearly all patterns differ in their first letters, or are literal: those need no table.
        let Some((mine, theirs)) = unequal_part(&self.0, &other.0) else { return false };
        if mine.iter().chain(theirs).all(|piece| piece.is_exact()) {
            return mine.is_empty() && theirs.is_empty();
        }
        meet(mine, theirs, pair)
    }
}

/// What is left when equal letters at both ends are taken off; nothing if letters there differ.
fn unequal_part<'p>(mut one: &'p [Piece], mut other: &'p [Piece]) -> Option<(&'p [Piece], &'p [Piece])> {
    while let ([first, rest @ ..], [their_first, their_rest @ ..]) = (one, other)
        && first.is_exact()
        && their_first.is_exact()
    {
        if first != their_first {
            return None;
        }
        (one, other) = (rest, their_rest);
    }
    while let ([rest @ .., last], [their_rest @ .., their_last]) = (one, other)
        && last.is_exact()
        && their_last.is_exact()
    {
        if last != their_last {
            return None;
        }
        (one, other) = (rest, their_rest);
    }
    Some((one, other))
}

/// Walks both side by side: `above[j]` says whether the pieces so far can meet the first `j` of the other.
fn meet(mine: &[Piece], theirs: &[Piece], pair: fn(Piece, Piece) -> bool) -> bool {
    let may_be_empty = |piece: Piece| !piece.is_exact();
    // Where only `mine` may stretch, an asterisk of the other is one opaque piece.
    let both_stretch = pair(Piece::Exactly('a'), Piece::AnyInSegment);
    let width = theirs.len() + 1;
    let mut above = vec![false; width];
    above[0] = true;
    for j in 1..width {
        above[j] = both_stretch && above[j - 1] && may_be_empty(theirs[j - 1]);
    }
    for piece in mine.iter().copied() {
        let mut row = vec![false; width];
        row[0] = above[0] && may_be_empty(piece);
        for j in 1..width {
            let other = theirs[j - 1];
            let together = pair(piece, other);
            row[j] = (above[j - 1] && together)
                || (above[j] && may_be_empty(piece))
                || (row[j - 1] && may_be_empty(piece) && together)
                || (both_stretch && row[j - 1] && may_be_empty(other))
                || (both_stretch && above[j] && may_be_empty(other) && together);
        }
        above = row;
    }
    above[width - 1]
}

impl Piece {
    const fn is_exact(self) -> bool {
        matches!(self, Self::Exactly(_))
    }

    fn share_a_character(self, other: Self) -> bool {
        match (self, other) {
            (Self::Exactly(mine), Self::Exactly(theirs)) => mine == theirs,
            (Self::Exactly(c), Self::AnyInSegment) | (Self::AnyInSegment, Self::Exactly(c)) => c != '/',
            _ => true,
        }
    }

    fn stands_for(self, other: Self) -> bool {
        match (self, other) {
            (Self::Exactly(mine), Self::Exactly(theirs)) => mine == theirs,
            (Self::Exactly(_), _) | (Self::AnyInSegment, Self::Anything) => false,
            (Self::AnyInSegment, Self::Exactly(theirs)) => theirs != '/',
            (Self::AnyInSegment, Self::AnyInSegment) | (Self::Anything, _) => true,
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|piece| match piece {
            Piece::Exactly(c) => write!(f, "{c}"),
            Piece::AnyInSegment => f.write_str("*"),
            Piece::Anything => f.write_str("**"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fits() {
        for (pattern, text, expected) in [
            ("checkout-*", "checkout-service", true),
            ("checkout-*", "checkout-", true),
            ("checkout-*", "checkout", false),
            ("*", "anything", true),
            ("*", "", true),
            ("*", "a/b", false),
            ("teams/checkout/**", "teams/checkout/gates/http.yaml", true),
            ("teams/*/x.yaml", "teams/a/x.yaml", true),
            ("teams/*/x.yaml", "teams/a/b/x.yaml", false),
            ("a*b*c", "aXbYc", true),
            ("a*b*c", "acb", false),
            ("", "", true),
            ("", "a", false),
        ] {
            assert_eq!(Pattern::new(pattern).fits(text), expected, "{pattern} on {text}");
        }
    }

    #[test]
    fn overlaps_and_covers() {
        for (one, other, overlap, covers) in [
            ("checkout-*", "*-service", true, false),
            ("checkout-*", "payment-*", false, false),
            ("*", "checkout-*", true, true),
            ("checkout-*", "*", true, false),
            ("checkout-*", "checkout-eu-*", true, true),
            ("**", "a/*/b", true, true),
            ("a", "a", true, true),
            ("*", "**", true, false),
            ("a*", "*b", true, false),
            ("a", "b*", false, false),
            ("*", "*", true, true),
        ] {
            let (first, second) = (Pattern::new(one), Pattern::new(other));
            assert_eq!(first.overlaps(&second), overlap, "{one} and {other} overlap");
            assert_eq!(second.overlaps(&first), overlap, "{other} and {one} overlap");
            assert_eq!(first.covers(&second), covers, "{one} covers {other}");
        }
    }

    proptest::proptest! {
        #[test]
        fn laws(one in "[ab*/]{0,6}", other in "[ab*/]{0,6}", text in "[ab/]{0,6}") {
            let (first, second) = (Pattern::new(&one), Pattern::new(&other));
            let both = first.fits(&text) && second.fits(&text);
            proptest::prop_assert!(!both || first.overlaps(&second), "{text} fits {one} and {other}");
            proptest::prop_assert_eq!(first.overlaps(&second), second.overlaps(&first), "{} and {}", one, other);
            let covered = first.covers(&second) && second.fits(&text);
            proptest::prop_assert!(!covered || first.fits(&text), "{one} covers {other}, which {text} fits");
            proptest::prop_assert!(first.covers(&first), "{one} covers itself");
        }
    }
}
