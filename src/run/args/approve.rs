//! The arguments of `backstop approve`.

use clap::Args as ClapArgs;

/// What is said to what is asked, and whom to tell.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Exit codes: 0 it counts, or the list, 1 refused, 3 could not run.")]
pub(crate) struct Approve {
    /// The decision that asks
    pub(crate) decision: Option<String>,
    /// Say no: it is not done for this change
    #[arg(long, requires = "decision")]
    pub(crate) no: bool,
    /// Why
    #[arg(long, requires = "decision")]
    pub(crate) why: Option<String>,
    /// The backstop to tell
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:9098")]
    pub(crate) url: String,
    /// The file that holds the token to tell it with; else `BACKSTOP_TOKEN` is taken from the environment
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<String>,
}
