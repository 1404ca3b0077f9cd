//! From Go's syntax of regular expressions to that of the `regex` crate.

mod class;

/// The most that a counted repetition may multiply, nested ones together.
const MAX_REPEATS: usize = 1_000;

/// How deep brackets may nest.
const MAX_DEPTH: usize = 250;

/// What is wrong with a pattern: the bytes of it, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternFlaw {
    /// Where it begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What it is.
    pub why: &'static str,
}

type Flaw = PatternFlaw;

/// A pattern of Go's, as the `regex` crate understands it. What is read always compiles, but for its size.
#[derive(Debug, PartialEq, Eq)]
pub struct GoPattern {
    /// The same pattern for the crate.
    pub source: String,
    /// Roughly how many states it needs.
    pub size: usize,
}

impl GoPattern {
    /// Translates a pattern, or says why Go refuses it.
    pub fn read(pattern: &str) -> Result<Self, PatternFlaw> {
        translate(pattern)
    }
}

fn translate(pattern: &str) -> Result<GoPattern, Flaw> {
    let mut translator = Translator {
        input: Input { pattern, at: 0, classes: 0 },
        source: String::new(),
        names: Vec::new(),
        outer: Vec::new(),
        group: Group::default(),
    };
    while let Some(c) = translator.input.peek() {
        translator.item(c)?;
    }
    match translator.outer.last() {
        Some((open, _)) => Err(Flaw { start: *open, end: open + 1, why: "this bracket is not closed" }),
        None => Ok(GoPattern { source: translator.source, size: translator.group.size }),
    }
}

/// A pattern and how much of it is read.
struct Input<'p> {
    pattern: &'p str,
    at: usize,
    /// How many classes of Unicode it has named.
    classes: usize,
}

impl<'p> Input<'p> {
    fn rest(&self) -> &'p str {
        &self.pattern[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn take(&mut self, expected: &str) -> bool {
        let there = self.rest().starts_with(expected);
        self.at += if there { expected.len() } else { 0 };
        there
    }

    /// What is wrong from `start` to here.
    fn flaw(&self, start: usize, why: &'static str) -> Flaw {
        Flaw { start, end: self.at.max(start), why }
    }
}

/// What is known of the brackets being read.
#[derive(Default)]
struct Group {
    last: Last,
    /// The most that repetitions within multiply.
    repeats: usize,
    size: usize,
}

/// What stands right before: only an operand can be repeated.
#[derive(Default, Clone, Copy)]
enum Last {
    #[default]
    Nothing,
    Operand {
        repeats: usize,
        size: usize,
    },
    Repetition,
}

struct Translator<'p> {
    input: Input<'p>,
    source: String,
    /// The groups that have a name.
    names: Vec<&'p str>,
    /// The brackets around, each with the byte where the next inner one opens.
    outer: Vec<(usize, Group)>,
    group: Group,
}

impl Translator<'_> {
    fn item(&mut self, c: char) -> Result<(), Flaw> {
        let start = self.input.at;
        match c {
            '(' => return self.open(),
            ')' => return self.close(),
            '*' | '+' | '?' => {
                self.input.next();
                return self.repeat(start, &c.to_string(), None);
            }
            '{' => {
                if let Some((min, max)) = self.counts()? {
                    let max_text = max.map(|max| max.to_string()).unwrap_or_default();
                    return self.repeat(start, &format!("{{{min},{max_text}}}"), Some(max.unwrap_or(min)));
                }
                self.literal('{');
            }
            '|' => {
                self.source.push('|');
                self.group.last = Last::Nothing;
                self.input.next();
                return Ok(());
            }
            '[' => {
                let size = class::bracketed(&mut self.input, &mut self.source)?;
                self.operand(1, size);
                return Ok(());
            }
            '\\' => return self.escape(),
            '^' | '$' | '.' => {
                self.source.push(c);
                self.operand(1, 1);
            }
            c => self.literal(c),
        }
        self.input.next();
        Ok(())
    }

    fn operand(&mut self, repeats: usize, size: usize) {
        self.group.repeats = self.group.repeats.max(repeats);
        self.group.size = self.group.size.saturating_add(size);
        self.group.last = Last::Operand { repeats, size };
    }

    fn literal(&mut self, c: char) {
        class::push_char(&mut self.source, c);
        self.operand(1, 1);
    }

    fn open(&mut self) -> Result<(), Flaw> {
        let start = self.input.at;
        self.input.next();
        if self.outer.len() == MAX_DEPTH {
            return Err(self.input.flaw(start, "the brackets nest too deep"));
        }
        if self.input.take("?P<") || self.input.take("?<") {
            let name = self.input.rest().split('>').next().unwrap_or("");
            let word = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            self.input.at += name.len();
            if name.is_empty() || !word || !self.input.take(">") {
                return Err(self
                    .input
                    .flaw(start, "Go's syntax has no such group; it has no look-behind either"));
            }
            if self.names.contains(&name) {
                return Err(self.input.flaw(start, "there is a group of this name already"));
            }
            self.names.push(name);
            // The crate takes no name that begins with a digit; such a group goes by its number.
            if name.starts_with(|c: char| c.is_ascii_digit()) {
                self.source.push('(');
            } else {
                self.source.extend(["(?P<", name, ">"]);
            }
        } else if self.input.take("?") {
            if !self.flags(start)? {
                return Ok(());
            }
        } else {
            self.source.push('(');
        }
        let outer = std::mem::take(&mut self.group);
        self.outer.push((start, outer));
        Ok(())
    }

    /// Reads flags up to their end; whether they open a group.
    fn flags(&mut self, start: usize) -> Result<bool, Flaw> {
        let (mut on, mut off) = (String::new(), String::new());
        let (mut negative, mut seen) = (false, false);
        loop {
            let why = "Go's syntax has no such group; look-ahead, for one, is missing from it";
            let c = self.input.next();
            match c {
                Some(flag @ ('i' | 'm' | 's' | 'U')) => {
                    seen = true;
                    let (to, from) = if negative { (&mut off, &mut on) } else { (&mut on, &mut off) };
                    from.retain(|other| other != flag);
                    if !to.contains(flag) {
                        to.push(flag);
                    }
                }
                Some('-') if !negative => (negative, seen) = (true, false),
                Some(end @ (':' | ')')) if seen || !negative => {
                    let off = if off.is_empty() { off } else { format!("-{off}") };
                    if end == ':' || !on.is_empty() || !off.is_empty() {
                        self.source.extend(["(?", &on, &off]);
                        self.source.push(end);
                    }
                    return Ok(end == ':');
                }
                Some(_) | None => return Err(self.input.flaw(start, why)),
            }
        }
    }

    fn close(&mut self) -> Result<(), Flaw> {
        let start = self.input.at;
        self.input.next();
        let Some((_, outer)) = self.outer.pop() else {
            return Err(self.input.flaw(start, "no bracket is open here"));
        };
        let inner = std::mem::replace(&mut self.group, outer);
        self.source.push(')');
        self.operand(inner.repeats.max(1), inner.size.max(1));
        Ok(())
    }

    /// The counts of `{2}`, `{2,}` or `{2,5}`; none where the brace is a plain character.
    fn counts(&mut self) -> Result<Option<(usize, Option<usize>)>, Flaw> {
        let start = self.input.at;
        let Some((inside, _)) = self.input.rest()[1..].split_once('}') else { return Ok(None) };
        let (min, max) = inside.split_once(',').unwrap_or((inside, inside));
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        let leads = |text: &str| 1 < text.len() && text.starts_with('0');
        if min.is_empty() || !digits(min) || !digits(max) || leads(min) || leads(max) {
            return Ok(None);
        }
        self.input.at += inside.len() + 2;
        let count = |text: &str| text.parse::<usize>().ok().filter(|count| *count <= MAX_REPEATS);
        let least = count(min);
        let most = if max.is_empty() { Some(None) } else { count(max).map(Some) };
        match (least, most) {
            (Some(min), Some(max)) if max.is_none_or(|max| min <= max) => Ok(Some((min, max))),
            _ => Err(self
                .input
                .flaw(start, "a count must be at most 1000, and the first no larger than the second")),
        }
    }

    fn repeat(&mut self, start: usize, operator: &str, times: Option<usize>) -> Result<(), Flaw> {
        let lazy = self.input.take("?");
        match self.group.last {
            Last::Nothing => Err(self.input.flaw(start, "nothing stands here that could be repeated")),
            Last::Repetition => Err(self.input.flaw(start, "a repetition cannot be repeated; use brackets")),
            Last::Operand { repeats, size } => {
                let times = times.unwrap_or(1).max(1);
                let repeats = repeats * times;
                if 1 < times && MAX_REPEATS < repeats {
                    return Err(self.input.flaw(start, "together these repetitions make more than 1000"));
                }
                self.source.push_str(operator);
                if lazy {
                    self.source.push('?');
                }
                self.operand(repeats, size.saturating_mul(times));
                self.group.last = Last::Repetition;
                Ok(())
            }
        }
    }

    fn escape(&mut self) -> Result<(), Flaw> {
        let start = self.input.at;
        let kind = self.input.rest().chars().nth(1);
        let assertion = match kind {
            Some('A') => r"\A",
            Some('z') => r"\z",
            // Letters of other scripts are no word characters in Go.
            Some('b') => r"(?-u:\b)",
            Some('B') => r"(?-u:\B)",
            Some('Q') => {
                self.input.at += 2;
                let quoted = self.input.rest().split(r"\E").next().unwrap_or("");
                self.input.at += quoted.len();
                self.input.take(r"\E");
                quoted.chars().for_each(|c| self.literal(c));
                return Ok(());
            }
            Some('C') => {
                self.input.at += 2;
                return Err(self.input.flaw(start, r"single bytes cannot be matched with `\C`"));
            }
            _ => {
                let size = class::escaped(&mut self.input, &mut self.source)?;
                self.operand(1, size);
                return Ok(());
            }
        };
        self.input.at += 2;
        self.source.push_str(assertion);
        self.operand(1, 1);
        Ok(())
    }
}
