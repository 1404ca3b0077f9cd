//! The alternatives that are held against the border of harm: how many times beyond it the truth may lie.

/// Which way harm lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// A higher share than the border.
    Up,
    /// A lower share than the border.
    Down,
}

/// How many alternatives there are.
pub(super) const ALTERNATIVES: usize = 12;

/// How many times the border. Close together where effects are common, wide where they are plain anyway.
const TIMES: [f64; ALTERNATIVES] = [1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0, 6.0, 10.0, 20.0, 50.0];

/// How likely each of them is against the others, where those near the border are likelier.
pub(super) const NEAR: [f64; ALTERNATIVES] = [0.6, 1.2, 1.2, 1.2, 1.3, 1.3, 1.4, 1.4, 1.3, 0.8, 0.2, 0.1];

/// An alternative: the truth is so many times the border.
#[derive(Debug, Clone, Copy)]
pub(super) struct Alternative {
    /// How many times, less one.
    pub(super) beyond: f64,
    /// The logarithm of how many times.
    pub(super) ln: f64,
}

impl Alternative {
    /// The truth is so many times the border.
    pub(super) fn new(times: f64) -> Self {
        Self { beyond: times - 1.0, ln: libm::log(times) }
    }
}

/// All alternatives on one side of the border.
pub(super) fn grid(direction: Direction) -> [Alternative; ALTERNATIVES] {
    TIMES.map(|times| match direction {
        Direction::Up => Alternative::new(times),
        Direction::Down => Alternative::new(1.0 / times),
    })
}
