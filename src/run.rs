//! Running: the commands and their exit codes.

mod args;
mod check;
mod output;
mod show;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};

/// How a command ended. The codes are part of what pipelines rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// It did its work and found nothing that counts.
    Clean,
    /// It found something.
    Found,
    /// It could not run.
    CouldNotRun,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        Self::from(match ending {
            Ending::Clean => 0,
            Ending::Found => 1,
            Ending::CouldNotRun => 3,
        })
    }
}

/// Runs the command that the arguments ask for.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let ending = match Args::try_parse_from(args) {
        Ok(args) => match args.command {
            Command::Check(asked) => check::run(&asked),
            Command::Config(asked) => show::config(&asked),
            Command::Schema(asked) => show::schema(&asked),
        },
        Err(error) => usage(&error),
    };
    ending.into()
}

/// Help and version are what was asked for; all else is a command line that could not be run.
fn usage(error: &clap::Error) -> Ending {
    let printed = error.print();
    match (error.use_stderr(), printed) {
        (false, Ok(())) => Ending::Clean,
        _ => Ending::CouldNotRun,
    }
}
