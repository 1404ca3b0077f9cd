//! How much a template may do. What a rule says is rendered for each alert and each action, so none may take long.

/// The longest text that it may make, whether it prints it or not, in bytes.
pub const MOST_OUTPUT: usize = 64 << 10;

/// The most steps: nodes, commands and operands, rounds of a `range`, and every [`BYTES_A_STEP`] bytes that a function
/// reads or writes.
pub const MOST_STEPS: usize = 200_000;

/// How many bytes of text a function works on within a step.
pub const BYTES_A_STEP: usize = 64;

/// The most queries, each counted once.
pub const MOST_QUERIES: usize = 16;

/// How deep `template` may stand in `template`.
pub const DEEPEST_CALL: u32 = 100;

/// How deep the texts of blocks and templates may stand in one another while they are rendered: each takes room on the
/// stack.
pub const DEEPEST_BLOCK: u32 = 300;

/// How deep `args` may stand in `args`.
pub const DEEPEST_ARGUMENTS: u32 = 100;
