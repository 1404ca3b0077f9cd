//! What is left of an expression once its parts are known: how its operators bind.
//!
//! `promql-parser` settles that. It is shown the expression with every operand as the same metric, because it
//! cannot read all operands, and because where it finds types amiss it cannot say where: types are checked on the
//! plan. Calls become calls of `info`, which takes one vector or two: `f(a, b, c)` is shown as
//! `info(a, info(b, info(c)))`.

use crate::promql::operator::Operator;

const OPERAND: &str = "v ";
const CALL: &str = "info(";

/// An expression as it is shown to the parser.
#[derive(Debug, Default)]
pub(super) struct Skeleton {
    text: String,
    /// How many brackets close each pair that is open.
    open: Vec<usize>,
}

impl Skeleton {
    pub(super) fn leaf(&mut self) {
        self.text.push_str(OPERAND);
    }

    /// Either sign: the parser drops a `+`.
    pub(super) fn sign(&mut self) {
        self.text.push('-');
    }

    pub(super) fn operator(&mut self, operator: Operator) {
        let text = operator.text();
        // Histograms are trimmed as tightly as values are compared; the parser knows only the latter.
        let trims = matches!(operator, Operator::TrimUpper | Operator::TrimLower);
        self.text.push_str(if trims { "<" } else { text });
        self.text.push(' ');
    }

    pub(super) fn open(&mut self, call: bool) {
        self.text.push_str(if call { CALL } else { "(" });
        self.open.push(1);
    }

    /// Stands for the arguments of a call without any.
    pub(super) fn nothing(&mut self) {
        self.leaf();
    }

    pub(super) fn comma(&mut self) {
        self.text.push(',');
        self.text.push_str(CALL);
        if let Some(closing) = self.open.last_mut() {
            *closing += 1;
        }
    }

    pub(super) fn close(&mut self) {
        let closing = self.open.pop().unwrap_or(0);
        self.text.extend(std::iter::repeat_n(')', closing));
    }

    pub(super) fn finish(self) -> String {
        self.text
    }
}
