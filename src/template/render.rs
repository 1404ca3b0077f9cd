//! Rendering: the tree is walked as Go walks it.

use std::collections::{BTreeMap, BTreeSet};

use crate::template::answer::Answers;
use crate::template::bound::{DEEPEST_BLOCK, DEEPEST_CALL, MOST_OUTPUT, MOST_STEPS};
use crate::template::paper::{Full, Paper};
use crate::template::print;
use crate::template::text;
use crate::template::tree::{BindingKind, Branch, Call, List, Node, Range, Template};
use crate::template::value::Value;
use crate::unit::{Extent, Fault};

/// What came of rendering.
#[derive(Debug, Clone, PartialEq)]
pub enum Rendered {
    /// The whole text. What is no UTF-8 in it stands as `U+FFFD`.
    Text(String),
    /// The answer to this query is needed; with it, rendering begins anew.
    Needs(String),
}

/// What is known beside the data.
#[derive(Debug, Clone, Copy, Default)]
pub struct Given<'a> {
    /// Where people reach what sends this; for `externalURL` and `pathPrefix`.
    pub external_url: &'a str,
    /// Variables declared before the text begins, each with its `$`.
    pub variables: &'a [(&'static str, Value)],
    /// Whether what actions print becomes part of an address: nothing in it then ends a path or begins a query.
    pub in_address: bool,
}

/// Renders a template. The same data and answers give the same text; nothing else comes into it.
///
/// # Errors
/// Where Go fails, and where a bound is met: the characters at fault, and why.
pub fn render(
    template: &Template,
    data: &Value,
    given: &Given<'_>,
    answers: &Answers,
) -> Result<Rendered, Fault> {
    let mut variables = vec![("$", data.clone())];
    variables.extend(given.variables.iter().map(|(name, value)| (*name, value.clone())));
    let named = |definition: &'_ crate::template::tree::Definition| definition.name.value.clone();
    let mut walk = Walk {
        definitions: template.definitions.iter().map(|known| (named(known), &known.body)).collect(),
        external_url: given.external_url,
        in_address: given.in_address,
        answers,
        asked: BTreeSet::new(),
        paper: Paper::default(),
        variables,
        steps: 0,
        calls: 0,
        deep: 0,
    };
    match walk.list(data, &template.root) {
        Ok(()) | Err(Stop::Break | Stop::Continue) => {}
        Err(Stop::Failed(fault)) => return Err(fault),
        Err(Stop::Needs(query)) => return Ok(Rendered::Needs(query)),
    }
    Ok(Rendered::Text(String::from_utf8_lossy(&walk.paper.bytes).into_owned()))
}

/// Why walking does not go on.
#[derive(Debug)]
pub(super) enum Stop {
    Failed(Fault),
    Needs(String),
    /// To the end of the `range` around.
    Break,
    /// To its next round.
    Continue,
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault)
    }
}

pub(super) type Walked<T> = Result<T, Stop>;

/// How far rendering has got.
#[derive(Debug)]
pub(super) struct Walk<'t> {
    pub(super) definitions: BTreeMap<Vec<u8>, &'t List>,
    pub(super) external_url: &'t str,
    in_address: bool,
    pub(super) answers: &'t Answers,
    pub(super) asked: BTreeSet<String>,
    paper: Paper,
    /// What is declared, the newest last; a name may stand twice.
    pub(super) variables: Vec<(&'t str, Value)>,
    steps: usize,
    calls: u32,
    deep: u32,
}

pub(super) fn too_long(at: Extent) -> Stop {
    let message = format!("this makes a text of more than {MOST_OUTPUT} bytes");
    Fault::new(at, message).help("say less, or walk over less").into()
}

impl<'t> Walk<'t> {
    /// Counts steps, up to the bound.
    pub(super) fn step(&mut self, count: usize, at: Extent) -> Walked<()> {
        self.steps = self.steps.saturating_add(count);
        if self.steps <= MOST_STEPS {
            return Ok(());
        }
        let message = format!("rendering takes more than {MOST_STEPS} steps");
        Err(Fault::new(at, message).help("walk over less in `range`").into())
    }

    pub(super) fn list(&mut self, dot: &Value, list: &'t List) -> Walked<()> {
        if self.deep == DEEPEST_BLOCK {
            let message = format!("blocks and templates stand more than {DEEPEST_BLOCK} deep in one another");
            return Err(Fault::new(list.extent, message).into());
        }
        self.deep += 1;
        let walked = list.nodes.iter().try_for_each(|node| self.node(dot, node));
        self.deep -= 1;
        walked
    }

    fn node(&mut self, dot: &Value, node: &'t Node) -> Walked<()> {
        match node {
            Node::Text(text) => {
                self.step(1, text.extent)?;
                self.paper.write(&text.text).map_err(|Full| too_long(text.extent))
            }
            Node::Action { extent, pipeline } => {
                let value = self.pipeline(dot, pipeline)?;
                if pipeline.binding.is_some() {
                    return Ok(());
                }
                let mut shown = Paper::default();
                let paper = if self.in_address { &mut shown } else { &mut self.paper };
                print::shown(paper, &value).map_err(|Full| too_long(*extent))?;
                text::address_escaped(&mut self.paper, &shown.bytes).map_err(|Full| too_long(*extent))
            }
            Node::If(branch) => self.branch(dot, branch, false),
            Node::With(branch) => self.branch(dot, branch, true),
            Node::Range(range) => self.range(dot, range),
            Node::Call(call) => self.call(dot, call),
            Node::Break(_) => Err(Stop::Break),
            Node::Continue(_) => Err(Stop::Continue),
        }
    }

    fn branch(&mut self, dot: &Value, branch: &'t Branch, with: bool) -> Walked<()> {
        let mark = self.variables.len();
        for arm in &branch.arms {
            let value = self.pipeline(dot, &arm.pipeline)?;
            if value.truth() {
                self.list(if with { &value } else { dot }, &arm.body)?;
                self.variables.truncate(mark);
                return Ok(());
            }
        }
        branch.otherwise.iter().try_for_each(|list| self.list(dot, list))?;
        self.variables.truncate(mark);
        Ok(())
    }

    fn range(&mut self, dot: &Value, range: &'t Range) -> Walked<()> {
        let before = self.variables.len();
        let over = self.pipeline(dot, &range.arm.pipeline)?;
        let mark = self.variables.len();
        let mut rounds = 0_usize;
        let mut next = Rounds::of(&over, range)?;
        while let Some((key, element)) = next.take() {
            rounds += 1;
            self.step(1, range.arm.head)?;
            self.bind(range, key, &element)?;
            match self.list(&element, &range.arm.body) {
                Ok(()) | Err(Stop::Continue) => self.variables.truncate(mark),
                Err(Stop::Break) => break,
                Err(stop) => return Err(stop),
            }
        }
        if rounds == 0 {
            range.otherwise.iter().try_for_each(|list| self.list(dot, list))?;
        }
        self.variables.truncate(before);
        Ok(())
    }

    /// Gives the variables of a `range` what they stand for in this round.
    fn bind(&mut self, range: &'t Range, key: Value, element: &Value) -> Walked<()> {
        let Some(binding) = &range.arm.pipeline.binding else { return Ok(()) };
        let (key_name, name) = match binding.variables.as_slice() {
            [key, name, ..] => (Some(key), name),
            [name] => (None, name),
            [] => return Ok(()),
        };
        if binding.kind == BindingKind::Assign {
            if let Some(key_name) = key_name {
                self.assign(key_name, key)?;
            }
            return self.assign(name, element.clone());
        }
        let mut newest = self.variables.iter_mut().rev();
        if let Some((_, variable)) = newest.next() {
            *variable = element.clone();
        }
        if let Some((_, variable)) = newest.next().filter(|_| key_name.is_some()) {
            *variable = key;
        }
        Ok(())
    }

    fn call(&mut self, dot: &Value, call: &'t Call) -> Walked<()> {
        self.step(1, call.extent)?;
        let Some(body) = self.definitions.get(&call.name.value).copied() else {
            let name = String::from_utf8_lossy(&call.name.value).into_owned();
            let fault = Fault::new(call.name.extent, format!("no template is called `{name}`"));
            return Err(fault.help(format!("define it: `{{{{define \"{name}\"}}}}..{{{{end}}}}`")).into());
        };
        let argument = match &call.argument {
            Some(pipeline) => self.pipeline(dot, pipeline)?,
            None => Value::Missing,
        };
        if self.calls == DEEPEST_CALL {
            let message = format!("`template` stands more than {DEEPEST_CALL} deep in `template`");
            return Err(Fault::new(call.extent, message).help("one that calls itself has to end").into());
        }
        self.calls += 1;
        let outside = std::mem::replace(&mut self.variables, vec![("$", argument.clone())]);
        self.list(&argument, body)?;
        self.variables = outside;
        self.calls -= 1;
        Ok(())
    }
}

/// What is left to walk over: each with its index or key.
struct Rounds<'v> {
    over: &'v Value,
    at: usize,
    /// The pairs of a map.
    pairs: Box<dyn Iterator<Item = (Value, Value)> + 'v>,
}

impl<'v> Rounds<'v> {
    fn of(over: &'v Value, range: &Range) -> Result<Self, Fault> {
        let at = range.arm.pipeline.extent;
        let named = range.arm.pipeline.binding.as_ref().map_or(0, |binding| binding.variables.len());
        let mut pairs: Box<dyn Iterator<Item = _>> = Box::new(std::iter::empty());
        match over {
            Value::Missing | Value::List(_) => {}
            Value::Int(_) | Value::Byte(_) if named < 2 => {}
            Value::Int(_) | Value::Byte(_) => {
                let message = "a number is walked over with one variable, not two";
                return Err(Fault::new(at, message).help("write `{{range $i := ..}}`"));
            }
            Value::Labels(labels) => {
                pairs = Box::new(labels.iter().map(|(key, value)| (Value::text(key), Value::text(value))));
            }
            Value::Arguments(made) => {
                pairs = Box::new(made.entries.iter().map(|(key, value)| (Value::text(key), value.clone())));
            }
            Value::Bool(_)
            | Value::Float(_)
            | Value::Complex(..)
            | Value::Text(_)
            | Value::Html(_)
            | Value::Record(_)
            | Value::Time(_) => {
                let message = format!("this is {}, and `range` cannot walk over it", over.kind());
                let help = "it walks over labels, over what `query` found, and over whole numbers";
                return Err(Fault::new(at, message).help(help));
            }
        }
        Ok(Self { over, at: 0, pairs })
    }

    fn take(&mut self) -> Option<(Value, Value)> {
        let at = self.at;
        self.at += 1;
        let index = Value::Int(i64::try_from(at).unwrap_or(i64::MAX));
        match self.over {
            Value::List(list) => Some((index, list.get(at)?.clone())),
            Value::Int(count) => (index != *self.over && 0 < *count).then_some((Value::Missing, index)),
            Value::Byte(count) => {
                u8::try_from(at).ok().filter(|at| at < count).map(|at| (Value::Missing, Value::Byte(at)))
            }
            Value::Missing
            | Value::Bool(_)
            | Value::Float(_)
            | Value::Complex(..)
            | Value::Text(_)
            | Value::Html(_)
            | Value::Labels(_)
            | Value::Arguments(_)
            | Value::Record(_)
            | Value::Time(_) => self.pairs.next(),
        }
    }
}
