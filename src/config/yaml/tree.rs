//! From the parser's events to trees.

use std::collections::BTreeMap;

use serde_yaml::granit_parser::{ErrorKind, Event, ScalarStyle, StructureStyle, Tag};

use crate::config::yaml::dialect::{Around, Dialect, line_start};
use crate::config::yaml::node::{Comment, Document, Entry, Node, Scalar, Style, Value};
use crate::config::yaml::{merge, syntax};
use crate::lint::{Finding, name};
use crate::unit::{Extent, FileId, Place};

/// Deeper than any rule, shallow enough for every stack.
const MAX_DEPTH: usize = 200;
/// How many nodes the aliases of one document may stand for together.
const MAX_ALIASED: usize = 200_000;
/// The namespace whose tags are written `!!`.
const YAML_TAGS: &str = "tag:yaml.org,2002:";

/// Whether the rest of the document is worth reading.
#[derive(PartialEq, Eq)]
pub(super) enum Flow {
    /// It is.
    Go,
    /// Something in it cannot be made sense of, and was reported.
    Abandon,
}

/// A list or mapping whose end has not come.
struct Open {
    start: u32,
    flow: bool,
    anchor: usize,
    tag: Option<Box<str>>,
    holds: Holds,
}

enum Holds {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, key: Option<Node> },
}

/// What an anchor names, with the size that each alias to it brings.
struct Anchored {
    node: Node,
    weight: usize,
    height: usize,
}

/// Builds the documents of one file, event by event.
pub(super) struct Composer<'a> {
    file: FileId,
    text: &'a str,
    findings: &'a mut Vec<Finding>,
    dialect: Dialect<'a>,
    number: usize,
    open: Vec<Open>,
    anchors: BTreeMap<usize, Anchored>,
    comments: Vec<Comment>,
    root: Option<Node>,
    /// The document that has just ended.
    pub(super) finished: Option<Document>,
    /// Nodes so far, and how many of them came through aliases.
    nodes: usize,
    aliased: usize,
}

impl<'a> Composer<'a> {
    pub(super) fn new(file: FileId, text: &'a str, findings: &'a mut Vec<Finding>) -> Self {
        Self {
            file,
            text,
            findings,
            dialect: Dialect::new(text),
            number: 0,
            open: Vec::new(),
            anchors: BTreeMap::new(),
            comments: Vec::new(),
            root: None,
            finished: None,
            nodes: 0,
            aliased: 0,
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the parser may learn other events")]
    pub(super) fn take(&mut self, event: Event<'_>, extent: Extent) -> Flow {
        if let Some((extent, message, help)) = self.dialect.check(&event, extent, &self.around()) {
            let place = self.place(extent);
            self.findings.push(syntax::finding(place, message.to_owned(), Some(help)));
            return self.abandon();
        }
        match event {
            Event::Comment(text, _) => {
                self.comments.push(Comment { place: self.place(extent), text: text.into_owned() });
                Flow::Go
            }
            Event::Scalar(text, style, anchor, tag) => {
                let scalar = self.scalar(&text, written(style), extent);
                let tag = short(tag.as_deref());
                let place = self.place(scalar.1);
                self.put(Node { place, alias: None, tag, value: Value::Scalar(scalar.0) }, anchor)
            }
            Event::SequenceStart(style, anchor, tag) => self.open(Open {
                start: extent.start,
                flow: style == StructureStyle::Flow,
                anchor,
                tag: short(tag.as_deref()),
                holds: Holds::List(Vec::new()),
            }),
            Event::MappingStart(style, anchor, tag) => self.open(Open {
                start: extent.start,
                flow: style == StructureStyle::Flow,
                anchor,
                tag: short(tag.as_deref()),
                holds: Holds::Map { entries: Vec::new(), key: None },
            }),
            Event::SequenceEnd | Event::MappingEnd => self.close(extent),
            Event::Alias(anchor) => self.alias(anchor, extent),
            Event::UnresolvedAlias(alias) => {
                let message = format!("`*{alias}` names nothing: no `&{alias}` stands before it");
                self.refuse(extent, message, "set the anchor on the value first, or quote the text");
                Flow::Abandon
            }
            Event::Anchor(..) => match syntax::refused_anchor(self.place(extent), self.text) {
                Some(finding) => {
                    self.findings.push(finding);
                    self.abandon()
                }
                None => Flow::Go,
            },
            Event::DocumentEnd => {
                self.finish(extent.end);
                Flow::Go
            }
            _ => Flow::Go,
        }
    }

    fn place(&self, extent: Extent) -> Place {
        Place { file: self.file, extent }
    }

    /// A scalar, and where its characters stand.
    fn scalar(&self, text: &str, style: Style, extent: Extent) -> (Scalar, Extent) {
        let block = matches!(style, Style::Literal | Style::Folded);
        // The parser writes `~` where nothing stands.
        let nothing = style == Style::Plain && extent.start == extent.end;
        let text = if nothing { String::new() } else { text.to_owned() };
        let extent = if block {
            // Up to the end of the last line that holds something.
            let whole = extent.of(self.text);
            let shown = whole.trim_end_matches(['\n', '\r', ' ']).len();
            let shown = whole[shown..].find(['\n', '\r']).map_or(whole.len(), |at| shown + at);
            Extent::new(extent.start, extent.start + u32::try_from(shown).unwrap_or(0))
        } else {
            extent
        };
        // Between brackets a `:` that no blank follows belongs to the text before it.
        let behind = self.text.get(extent.end as usize..).unwrap_or_default().as_bytes();
        let flow = style == Style::Plain && self.open.last().is_some_and(|open| open.flow);
        if flow && !nothing && matches!(behind, [b':', b',' | b'[' | b']' | b'{' | b'}', ..]) {
            let scalar = Scalar { text: text + ":", style };
            return (scalar, Extent::new(extent.start, extent.end + 1));
        }
        (Scalar { text, style }, extent)
    }

    /// What stands around the next event.
    fn around(&self) -> Around {
        let flow = self.open.last().is_some_and(|open| open.flow);
        let block = self.open.iter().rev().find(|open| !open.flow);
        let indent = block.map_or(0, |open| {
            let start = open.start as usize;
            start - line_start(self.text, start)
        });
        let key = matches!(self.open.last(), Some(Open { holds: Holds::Map { key: None, .. }, .. }));
        Around { flow, key, indent }
    }

    fn open(&mut self, open: Open) -> Flow {
        if self.open.len() >= MAX_DEPTH {
            let message = format!("lists and mappings are nested more than {MAX_DEPTH} deep here");
            let place = self.place(Extent::new(open.start, open.start));
            self.findings.push(syntax::finding(place, message, None));
            return self.abandon();
        }
        self.open.push(open);
        Flow::Go
    }

    fn close(&mut self, end: Extent) -> Flow {
        let Some(Open { start, anchor, tag, holds, .. }) = self.open.pop() else { return Flow::Go };
        let (value, last) = match holds {
            Holds::List(items) => {
                let last = items.last().map(|node| node.written().extent.end);
                (Value::List(items), last)
            }
            Holds::Map { entries, .. } => {
                let last = entries.last().map(|entry| entry.value.written().extent.end);
                (Value::Map(merge::settle(entries, self.text, self.findings)), last)
            }
        };
        // A bracket closes with characters of its own; a block ends where its last value does.
        let end = if end.start < end.end { end.end } else { last.unwrap_or(end.end) };
        let place = self.place(Extent::new(start, end.max(start)));
        self.put(Node { place, alias: None, tag, value }, anchor)
    }

    /// Puts a finished node where it belongs.
    fn put(&mut self, node: Node, anchor: usize) -> Flow {
        self.nodes += 1;
        if anchor != 0 {
            let (weight, height) = (node.weight(), node.height());
            self.anchors.insert(anchor, Anchored { node: node.clone(), weight, height });
        }
        if self.is_torn_key(&node) {
            let (place, message) = (node.place, "this key goes over more than one line");
            self.findings.push(syntax::finding(place, message.to_owned(), Some("write it on one line")));
            return self.abandon();
        }
        if self.is_bare_key(&node, anchor) {
            let (place, message) = (node.place, "no key stands before this `:`");
            self.findings.push(syntax::finding(
                place,
                message.to_owned(),
                Some("write one, or quote the text"),
            ));
            return self.abandon();
        }
        match self.open.last_mut().map(|open| &mut open.holds) {
            None => self.root = Some(node),
            Some(Holds::List(items)) => items.push(node),
            Some(Holds::Map { entries, key }) => match key.take() {
                None => *key = Some(node),
                Some(key) => entries.push(Entry { key, value: node }),
            },
        }
        Flow::Go
    }

    /// Whether it is a key between brackets that goes over lines without being announced by a `?`.
    fn is_torn_key(&self, node: &Node) -> bool {
        let is_key =
            matches!(self.open.last(), Some(Open { flow: true, holds: Holds::Map { key: None, .. }, .. }));
        let Extent { start, end } = node.written().extent;
        let behind = self.text[end as usize..].trim_start();
        let colon = self.text.len() - behind.len();
        is_key
            && node.text().is_some()
            && behind.starts_with(':')
            && self.text[start as usize..colon].contains(['\n', '\r'])
            && !self.text[..start as usize].trim_end().ends_with('?')
    }

    /// Whether it is a key of no characters that is not even announced by a `?`.
    fn is_bare_key(&self, node: &Node, anchor: usize) -> bool {
        let is_key = matches!(self.open.last(), Some(Open { holds: Holds::Map { key: None, .. }, .. }));
        let Extent { start, end } = node.place.extent;
        is_key
            && start == end
            && anchor == 0
            && node.tag.is_none()
            && node.text().is_some()
            && !self.text[..start as usize].trim_end().ends_with('?')
    }

    fn alias(&mut self, anchor: usize, extent: Extent) -> Flow {
        let Some(anchored) = self.anchors.get(&anchor) else {
            let message = format!("`{}` stands inside the value that it names", extent.of(self.text));
            self.refuse(extent, message, "a value cannot hold itself; write out what is meant");
            return Flow::Abandon;
        };
        self.nodes += anchored.weight;
        self.aliased += anchored.weight;
        if self.aliased > MAX_ALIASED || out_of_proportion(self.aliased, self.nodes) {
            let message = format!(
                "the aliases up to here stand for {} values, out of proportion to what is written",
                self.aliased
            );
            self.refuse(extent, message, "write the values out, or alias smaller parts");
            return Flow::Abandon;
        }
        if self.open.len() + anchored.height > MAX_DEPTH {
            let message = format!("with this alias lists and mappings are nested more than {MAX_DEPTH} deep");
            self.refuse(extent, message, "write the values out, less deep");
            return Flow::Abandon;
        }
        let node = Node { alias: Some(self.place(extent)), ..anchored.node.clone() };
        self.put(node, 0)
    }

    fn refuse(&mut self, extent: Extent, message: String, help: &str) {
        self.findings.push(Finding::error(name::YAML_ALIAS, self.place(extent), message).help(help));
        self.abandon();
    }

    pub(super) fn broken(&mut self, kind: &ErrorKind, at: u32) {
        self.findings.push(syntax::broken(self.file, self.text, kind, at));
        self.abandon();
    }

    fn abandon(&mut self) -> Flow {
        self.root = None;
        self.finish_none();
        self.dialect.skip_to(u32::MAX);
        Flow::Abandon
    }

    fn finish_none(&mut self) {
        self.open.clear();
        self.anchors.clear();
        self.comments.clear();
        self.nodes = 0;
        self.aliased = 0;
        self.number += 1;
    }

    fn finish(&mut self, end: u32) {
        let root = self.root.take().unwrap_or_else(|| Node::null(self.file, end));
        let comments = std::mem::take(&mut self.comments);
        self.finished = Some(Document { number: self.number, root, end, comments });
        self.finish_none();
    }
}

/// Prometheus's own bound: from a thousand values on, all but one in a hundred may come through aliases,
/// and fewer where there are very many.
fn out_of_proportion(aliased: usize, nodes: usize) -> bool {
    aliased > 100 && nodes > 1_000 && aliased.saturating_mul(100) > nodes.saturating_mul(99)
}

fn written(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted => Style::Single,
        ScalarStyle::DoubleQuoted => Style::Double,
        ScalarStyle::Literal => Style::Literal,
        ScalarStyle::Folded => Style::Folded,
    }
}

fn short(tag: Option<&Tag>) -> Option<Box<str>> {
    let tag = tag?;
    let short = match tag.suffix_in_namespace(YAML_TAGS) {
        Some(name) => format!("!!{name}"),
        None => format!("{}{}", tag.handle(), tag.suffix()),
    };
    Some(short.into())
}
