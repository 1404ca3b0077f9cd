//! YAML as Prometheus reads it, with the place of every key and value.
//!
//! [`compose`] turns a text into trees and [`decode`] a tree into any `serde` type. Neither stops at the first
//! thing that is wrong: each finding is pushed, what it spoils is left out, and the reading goes on.

mod align;
mod compose;
mod decode;
mod dialect;
mod given;
mod mend;
mod merge;
mod node;
mod resolve;
mod shape;
mod syntax;
mod text;
mod tree;
#[cfg(test)]
mod tests;

pub use compose::compose;
pub use decode::decode;
pub use given::{Given, Spot};
pub use node::{Comment, Document, Entry, Node, Scalar, Style, Value};
pub use resolve::{Meaning, Misfit};
pub use shape::{List, Number, OneOrMany, Pair, Pairs, Tree};
pub use text::Text;
