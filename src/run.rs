//! Running: the commands and their exit codes.

mod args;
mod output;
mod load;
mod features;
mod check;
mod show;
mod clock;
mod steady;
mod scratch;
pub mod counting;
pub mod research;
pub mod world;
pub mod drive;
mod bell;
mod evaluators;
mod control;
mod authorship;
mod set;
mod switch;
mod sight;
mod reload;
mod notify;
pub mod queries;
mod board;
mod log;
mod spans;
mod export;
mod reloads;
mod front;
mod message;
mod certificates;
mod doors;
mod requests;
mod researchers;
mod objects;
mod outside;
mod service;
mod serve;
pub mod review;
mod ledger;
mod asking;
mod rehearse;
mod change;
mod approve;
pub mod story;
mod test;
mod login;
pub mod servers;
mod processes;
mod mirror;
mod gate;
mod query;
mod demo;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use args::{Args, ChangeWhat, Command};

/// How a command ended. The codes are part of what pipelines rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// It did its work and found nothing that counts.
    Clean,
    /// It found something.
    Found,
    /// It could not run.
    CouldNotRun,
    /// There was not enough to say.
    Inconclusive,
    /// The demonstration left a healthy release alone.
    LeftAlone,
    /// The demonstration could not decide.
    Undecided,
    /// It was told twice to stop, or did not stop in time.
    CutShort,
}

impl Ending {
    /// Its exit code.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Found => 1,
            Self::Inconclusive => 2,
            Self::CouldNotRun => 3,
            Self::CutShort => 4,
            Self::LeftAlone => 10,
            Self::Undecided => 20,
        }
    }
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        Self::from(ending.code())
    }
}

/// Runs the command that the arguments ask for.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let ending = match Args::try_parse_from(args) {
        Ok(args) => match args.command {
            Command::Check(asked) => check::run(&asked),
            Command::Serve(asked) => serve::run(&asked),
            Command::Test(asked) => test::run(&asked),
            Command::Explain(asked) => ledger::explain(&asked),
            Command::Replay(asked) => ledger::replay(&asked),
            Command::Ledger(asked) => ledger::run(&asked),
            Command::Change(asked) => match asked.what {
                ChangeWhat::Record(change) => change::record(&change),
            },
            Command::Approve(asked) => approve::run(&asked),
            Command::Query(asked) => query::run(&asked),
            Command::Gate(asked) => gate::run(&asked),
            Command::Demo(asked) => demo::run(&asked),
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
