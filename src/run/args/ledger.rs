//! The arguments of `backstop ledger`.

use clap::{Args as ClapArgs, Subcommand};

use crate::run::args::Which;

/// What to do with the ledger.
#[derive(Debug, ClapArgs)]
pub(crate) struct Ledger {
    #[command(subcommand)]
    pub(crate) what: LedgerWhat,
    #[command(flatten)]
    pub(crate) which: Which,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LedgerWhat {
    /// See whether every row is as it was written, and follows from the one before (exit code 1: one is not)
    Verify,
    /// Print every record as a line of JSON
    Export,
    /// Take a ledger for what it is that was found to be a restored or older one; backstop has to be stopped
    Accept {
        /// Who accepts it
        #[arg(long, value_name = "WHO")]
        by: String,
        /// Why what was done last is known, or does not matter
        #[arg(long, value_name = "WHY")]
        why: String,
    },
}
