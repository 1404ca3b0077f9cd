//! The command line.

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

/// Watches every release and takes it back when the evidence says so.
#[derive(Debug, Parser)]
#[command(name = "backstop", version, arg_required_else_help = true, disable_help_subcommand = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check rule and server files: all that is wrong in them, each with its place and the way out
    Check(Check),
    /// Show settings
    Config(Config),
    /// Print the JSON Schema of rule and server files, for editors
    Schema(Schema),
}

/// What to check, and how to tell.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Exit codes: 0 nothing found, 1 findings at or above --fail-on, 3 could not run.")]
pub(crate) struct Check {
    /// Files, folders, globs, or `-` for standard input
    #[arg(default_value = ".")]
    pub(crate) paths: Vec<String>,
    /// The server file, where it is not among the paths
    #[arg(long, value_name = "FILE")]
    pub(crate) server: Option<String>,
    /// How findings are printed
    #[arg(long, value_enum, default_value_t = Output::Text)]
    pub(crate) output: Output,
    /// The least severity that makes the check fail
    #[arg(long, value_enum, default_value_t = FailOn::Error)]
    pub(crate) fail_on: FailOn,
    /// PromQL features, by the names of Prometheus's own flag
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(crate) enable_feature: Vec<String>,
    /// Explain a finding by its name, or list them all
    #[arg(long, value_name = "NAME", num_args = 0..=1, default_missing_value = "")]
    pub(crate) explain: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// For people
    Text,
    /// For machines
    Json,
    /// For GitHub's workflow log
    Github,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// What does not load
    Error,
    /// That, and what may not do what was meant
    Warning,
    /// Everything
    Note,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Config {
    /// Print every default, with what it means
    #[arg(long, required = true)]
    pub(crate) defaults: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Schema {}
