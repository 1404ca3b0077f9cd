//! What nodes evaluate to on the way.

use crate::promql::eval::error::EvalError;
use crate::promql::eval::line::Lines;
use crate::promql::eval::meter::Meter;
use crate::promql::eval::numbers::Numbers;
use crate::promql::eval::window::Windows;
use crate::promql::text::Text;

/// What a node has been evaluated to. The plan was checked, so that each node finds what it needs in those it is made
/// of.
pub(super) enum Held<'e> {
    /// A number for each step.
    Scalar(Numbers<'e>),
    Lines(Lines<'e>),
    Windows(Windows<'e>),
    Text(Text),
}

impl<'e> Held<'e> {
    pub(super) fn scalar(self) -> Numbers<'e> {
        match self {
            Self::Scalar(values) => values,
            Self::Lines(_) | Self::Windows(_) | Self::Text(_) => Numbers::none(),
        }
    }

    pub(super) fn lines(self) -> Lines<'e> {
        match self {
            Self::Lines(lines) => lines,
            Self::Scalar(_) | Self::Windows(_) | Self::Text(_) => Lines::none(),
        }
    }

    pub(super) fn windows(self) -> Option<Windows<'e>> {
        match self {
            Self::Windows(windows) => Some(windows),
            Self::Scalar(_) | Self::Lines(_) | Self::Text(_) => None,
        }
    }

    pub(super) fn text(self) -> Text {
        match self {
            Self::Text(text) => text,
            Self::Scalar(_) | Self::Lines(_) | Self::Windows(_) => Text::default(),
        }
    }

    /// What it is at its one step, at so many.
    pub(super) fn spread(self, meter: &'e Meter<'e>, len: usize) -> Result<Self, EvalError> {
        Ok(match self {
            Self::Scalar(values) => {
                Self::Scalar(Numbers::same(meter, values.first().copied().unwrap_or(f64::NAN), len)?)
            }
            Self::Lines(lines) => Self::Lines(lines.map(move |mut line| {
                if !meter.is_over(len) {
                    line.column = line.column.repeated(len);
                }
                line
            })),
            Self::Windows(_) | Self::Text(_) => self,
        })
    }
}
