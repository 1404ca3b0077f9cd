//! The arguments of `backstop serve`.

use clap::Args as ClapArgs;

use crate::run::log;

/// What to watch, and where.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Exit codes: 0 it was told to stop (SIGTERM, SIGINT), 3 could not run, 4 it was told so twice, or too slow."
)]
pub(crate) struct Serve {
    /// Files, folders or globs of rules
    #[arg(default_value = ".")]
    pub(crate) paths: Vec<String>,
    /// The server file, where it is not among the paths
    #[arg(long, value_name = "FILE")]
    pub(crate) server: Option<String>,
    /// Where to listen, in place of `listen:` in the server file
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<std::net::SocketAddr>,
    /// The ledger, in place of `ledger:` in the server file
    #[arg(long, value_name = "FILE")]
    pub(crate) ledger: Option<String>,
    /// Do not look whether the files are changed; SIGHUP and POST /-/reload read them again all the same
    #[arg(long)]
    pub(crate) no_watch: bool,
    #[command(flatten)]
    pub(crate) log: log::Asked,
}
