//! Templates: the Go template language as Prometheus uses it in labels and annotations.
//!
//! [`parse`] accepts what Prometheus 3.5 accepts and refuses what it refuses, and says where and why. The tree
//! keeps everything that rendering and lints need, with the place of each part. [`render()`] makes text of it as
//! Prometheus does, within bounds; where a template calls `query`, it says which answer it needs.
//!
//! Prometheus sets a prelude before each text that declares `$labels`, `$value` and two more. Here the prelude
//! is the [`Scope`]: the same names are known, and every place is a place in the user's own text.

mod quote;
mod function;
mod scope;
mod tree;
mod walk;
mod alphabet;
mod number;
mod literal;
mod token;
mod lexer;
mod variable;
mod definition;
mod parser;
mod control;
mod pipeline;
mod term;
mod bound;
mod paper;
mod value;
mod answer;
mod clock;
mod print;
mod compare;
mod builtin;
mod label;
mod human;
mod expression;
mod text;
mod call;
mod evaluate;
mod render;

pub use answer::{Answers, Found};
pub use bound::{
    BYTES_A_STEP, DEEPEST_ARGUMENTS, DEEPEST_BLOCK, DEEPEST_CALL, MOST_OUTPUT, MOST_QUERIES, MOST_STEPS,
};
pub use function::{Arity, Function};
pub use number::Number;
pub use parser::{DEEPEST, parse};
pub use render::{Given, Rendered, render};
pub use scope::Scope;
pub use tree::{
    Arm, Binding, BindingKind, Branch, Call, Command, Definition, List, Literal, Name, Node, Operand,
    Pipeline, Range, Template, Term, Text, Variable,
};
pub use value::{Arguments, Record, Value};
pub use walk::{Access, Root};
