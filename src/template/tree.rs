//! The tree of a template, each part with its place in the text.

use crate::unit::Extent;

use super::number::Number;

/// A text that has been parsed.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// What is rendered.
    pub root: List,
    /// What `define` and `block` name, each name once; blank ones where nothing better came.
    pub definitions: Vec<Definition>,
}

/// Nodes one after the other.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    /// From the end of the action before to the start of the one after.
    pub extent: Extent,
    /// The nodes.
    pub nodes: Vec<Node>,
}

/// One step of rendering.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// Text that is copied.
    Text(Text),
    /// `{{pipeline}}`: prints its value, or nothing where it declares or assigns.
    Action {
        /// From `{{` to `}}`.
        extent: Extent,
        /// What is printed.
        pipeline: Pipeline,
    },
    /// `{{if}}`.
    If(Branch),
    /// `{{with}}`: as `if`, and the value becomes the dot.
    With(Branch),
    /// `{{range}}`.
    Range(Range),
    /// `{{template}}` or `{{block}}`.
    Call(Call),
    /// `{{break}}`.
    Break(Extent),
    /// `{{continue}}`.
    Continue(Extent),
}

/// Text that is copied; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// What is left of it after trimming.
    pub extent: Extent,
    /// The same characters.
    pub text: String,
}

/// `{{if}}` or `{{with}}` up to its `{{end}}`.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// From `{{if` to the end of `{{end}}`.
    pub extent: Extent,
    /// The first, and one for each `{{else if}}` or `{{else with}}`. What the pipeline of one declares is
    /// visible in all that follow. Never empty.
    pub arms: Vec<Arm>,
    /// What `{{else}}` begins.
    pub otherwise: Option<List>,
}

/// A condition and what it guards.
#[derive(Debug, Clone, PartialEq)]
pub struct Arm {
    /// `{{if ..}}` or `{{else if ..}}`.
    pub head: Extent,
    /// The condition.
    pub pipeline: Pipeline,
    /// What is rendered where it holds.
    pub body: List,
}

/// `{{range}}` up to its `{{end}}`.
#[derive(Debug, Clone, PartialEq)]
pub struct Range {
    /// From `{{range` to the end of `{{end}}`.
    pub extent: Extent,
    /// What is walked, and what is rendered for each element.
    pub arm: Arm,
    /// What `{{else}}` begins: rendered where there is no element.
    pub otherwise: Option<List>,
}

/// `{{template "name" pipeline}}`, or `{{block "name" pipeline}}`, which defines it in the same breath.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// From `{{` to `}}`; of a block, to the end of its `{{end}}`.
    pub extent: Extent,
    /// The template that is rendered. Whether it exists is known only then.
    pub name: Literal,
    /// What becomes its dot.
    pub argument: Option<Pipeline>,
}

/// What `{{define}}` or `{{block}}` names.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// From `{{define` to the end of `{{end}}`.
    pub extent: Extent,
    /// The name.
    pub name: Literal,
    /// What is rendered. It sees none of the variables around it.
    pub body: List,
}

/// A string constant, or a name written as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    /// With its quotes.
    pub extent: Extent,
    /// What it stands for: bytes, since `"\xff"` is a good string that no text can hold.
    pub value: Vec<u8>,
}

/// Commands, each of which hands its value to the next.
#[derive(Debug, Clone, PartialEq)]
pub struct Pipeline {
    /// From its first character to its last.
    pub extent: Extent,
    /// The variables that take its value.
    pub binding: Option<Binding>,
    /// The commands; never empty.
    pub commands: Vec<Command>,
}

/// `$x :=`, `$x =`, or `$i, $x :=` in a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// Whether they are new.
    pub kind: BindingKind,
    /// One, or two in a range. `{{range $i, $known}}` binds `$i` alone and walks `$known`.
    pub variables: Vec<Name>,
}

/// Whether a binding makes variables or changes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BindingKind {
    /// `:=`
    Declare,
    /// `=`. Whether the variable exists is known only at rendering.
    Assign,
}

/// A function or method with its arguments, or a single value.
#[derive(Debug, Clone, PartialEq)]
pub struct Command {
    /// From its first character to its last.
    pub extent: Extent,
    /// The operands; never empty.
    pub operands: Vec<Operand>,
}

/// One word of a command.
#[derive(Debug, Clone, PartialEq)]
pub struct Operand {
    /// Its characters.
    pub extent: Extent,
    /// What it is.
    pub term: Term,
}

/// What an operand is.
#[derive(Debug, Clone, PartialEq)]
pub enum Term {
    /// `.`
    Dot,
    /// `nil`
    Nil,
    /// `true` or `false`
    Bool(bool),
    /// `1`, `0x1p-2`, `'a'`, `2i`
    Number(Number),
    /// `"a"` or one in backquotes: its bytes.
    String(Vec<u8>),
    /// `.A.B`
    Field(Vec<Name>),
    /// `$x.A.B`
    Variable(Variable),
    /// `printf`
    Function(String),
    /// `(pipeline)`
    Pipeline(Box<Pipeline>),
    /// `(pipeline).A.B` or `function.A.B`
    Chain {
        /// What the fields are taken of.
        of: Box<Operand>,
        /// The fields; never empty.
        fields: Vec<Name>,
    },
}

/// `$x.A.B`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// The variable, with its `$`.
    pub name: Name,
    /// The fields taken of it.
    pub fields: Vec<Name>,
}

/// A name where it stands: a field without its dot, a variable with its `$`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Its characters.
    pub extent: Extent,
    /// The same characters.
    pub text: String,
}
