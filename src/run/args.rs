//! The command line.

mod approve;
mod ledger;
mod serve;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

pub(crate) use approve::Approve;
pub(crate) use ledger::{Ledger, LedgerWhat};
pub(crate) use serve::Serve;

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
    /// Watch: take samples and changes in, judge, act within what the server file allows, and write it all down
    Serve(Serve),
    /// Play stories and hold PromQL against scripts: what has to come of them, and what expressions are worth
    Test(Test),
    /// Evaluate a PromQL expression, over samples in files or by a Prometheus
    Query(Box<Query>),
    /// Judge one release by a gate, from what a Prometheus knows, and say so by the exit code
    Gate(Box<Gate>),
    /// Say in plain words why something was decided, and what came of it
    Explain(Explain),
    /// Make a decision again from what the ledger holds; a difference is an error
    Replay(Replay),
    /// Look after the ledger
    Ledger(Ledger),
    /// Tell a running backstop of changes
    Change(Change),
    /// Say yes or no to what a running backstop asks; without a decision, list what it asks
    Approve(Approve),
    /// Watch a simulated shop ship a release, and see it taken back
    Demo(Demo),
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

/// Which stories to play, and which scripts to hold PromQL against.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Exit codes: 0 all went as told, 1 some did not, 3 could not run.")]
pub(crate) struct Test {
    /// Stories (`*.story`), scripts of PromQL (`*.test`), folders of them, or globs
    #[arg(default_value = ".")]
    pub(crate) paths: Vec<String>,
    /// Write what came of each story into its file
    #[arg(long)]
    pub(crate) update: bool,
}

/// What is judged, by what, and from where.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Exit codes: 0 pass, 1 fail, 2 inconclusive (too little traffic, no data, told to stop), 3 could not judge: \
                  bad rules or arguments, no such gate or target, a Prometheus that cannot be reached or refuses."
)]
pub(crate) struct Gate {
    /// The gate
    pub(crate) name: String,
    /// The Prometheus that is asked, or anything with its query API; with the login of the source at that address, if any
    #[arg(long, required_unless_present = "source", conflicts_with = "source")]
    pub(crate) url: Option<String>,
    /// A source of the server file, asked in its place
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Option<String>,
    /// The service that was changed
    #[arg(long)]
    pub(crate) service: String,
    /// Its environment
    #[arg(long)]
    pub(crate) environment: Option<String>,
    /// Its cluster
    #[arg(long)]
    pub(crate) cluster: Option<String>,
    /// A label of its series, where `targets:` does not know them; may be given again
    #[arg(long, value_name = "LABEL=VALUE")]
    pub(crate) select: Vec<String>,
    /// When the change took effect: RFC 3339, seconds since 1970, or how long ago, as in `10m`; where it is not said, so long
    /// ago as the gate takes, and with --wait now
    #[arg(long, value_name = "TIME")]
    pub(crate) change_time: Option<String>,
    /// What the change is meant to do, where a rule has thresholds of its own for that
    #[arg(long)]
    pub(crate) intent: Option<String>,
    /// How risky it is held to be, likewise
    #[arg(long)]
    pub(crate) risk: Option<String>,
    /// Look until the verdict is final or the gate's time is up
    #[arg(long)]
    pub(crate) wait: bool,
    /// Files, folders or globs of rules, the server file among them
    #[arg(long, value_name = "PATH", num_args = 1.., default_value = ".")]
    pub(crate) rules: Vec<String>,
    #[command(flatten)]
    pub(crate) login: Login,
    /// How the verdict is printed
    #[arg(long, value_enum, default_value_t = Form::Text)]
    pub(crate) output: Form,
}

/// Who asks a Prometheus.
#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct Login {
    /// The file that holds a token for Prometheus; else `BACKSTOP_PROMETHEUS_TOKEN` is taken from the environment
    #[arg(long, value_name = "FILE", conflicts_with = "username")]
    pub(crate) token_file: Option<String>,
    /// The user that asks Prometheus, with a password
    #[arg(long, value_name = "NAME")]
    pub(crate) username: Option<String>,
    /// The file that holds the password; else `BACKSTOP_PROMETHEUS_PASSWORD` is taken from the environment
    #[arg(long, value_name = "FILE", requires = "username")]
    pub(crate) password_file: Option<String>,
}

/// What is evaluated, when, and over what.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Times: RFC 3339, seconds since 1970, `now`, or how long ago, as in `-1h`.\n\
                  Exit codes: 0 evaluated, 1 it cannot be evaluated over these samples, 3 could not run: an expression, file or \
                  argument that is none, a Prometheus that cannot be reached or refuses.")]
pub(crate) struct Query {
    /// The expression
    pub(crate) expr: String,
    /// When it is evaluated; else when the newest sample of --data was taken, or now
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, conflicts_with = "from")]
    pub(crate) at: Option<String>,
    /// From when on, for a range
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub(crate) from: Option<String>,
    /// Until when; else as for --at
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, requires = "from")]
    pub(crate) to: Option<String>,
    /// How far apart the steps of a range lie, as in `30s`; else a hundredth of it
    #[arg(long, value_name = "DURATION", requires = "from")]
    pub(crate) step: Option<String>,
    /// Files of samples: OpenMetrics or Prometheus's text, `-` for standard input; and scripts (`*.test`), of which their
    /// `load` counts
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with = "url", required_unless_present = "url")]
    pub(crate) data: Vec<String>,
    /// The Prometheus that is asked, or anything with its query API
    #[arg(long)]
    pub(crate) url: Option<String>,
    #[command(flatten)]
    pub(crate) login: Login,
    /// How the answer is printed; else a range on a terminal as a plot, and all else as a table
    #[arg(long, value_enum)]
    pub(crate) output: Option<Sight>,
    /// PromQL features, by the names of Prometheus's own flag
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(crate) enable_feature: Vec<String>,
}

/// How an answer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sight {
    /// A line for each value
    Table,
    /// As Prometheus's API gives it
    Json,
    /// A picture of plain characters
    Plot,
}

/// Which ledger is read. It may be one that a running backstop writes.
#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct Which {
    /// The ledger
    #[arg(long, value_name = "FILE", default_value = "backstop.db", global = true)]
    pub(crate) ledger: String,
}

/// What to explain.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Exit codes: 0 explained, 1 there is no such decision or target, 3 could not run.")]
pub(crate) struct Explain {
    /// The decision; without one, the last
    pub(crate) decision: Option<String>,
    /// The last decision
    #[arg(long, conflicts_with = "decision")]
    pub(crate) last: bool,
    /// Not a decision, but what would be done to the object of this service now; nothing is changed
    #[arg(long, value_name = "SERVICE", conflicts_with_all = ["decision", "last", "output"])]
    pub(crate) target: Option<String>,
    /// In which environment
    #[arg(long, value_name = "NAME", requires = "target")]
    pub(crate) environment: Option<String>,
    /// The rule files and the server file, as `serve` reads them
    #[arg(long, value_name = "PATH", requires = "target", num_args = 1.., default_value = ".")]
    pub(crate) rules: Vec<String>,
    #[command(flatten)]
    pub(crate) which: Which,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = Form::Text)]
    pub(crate) output: Form,
}

/// How something is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// For people
    Text,
    /// For machines
    Json,
}

/// What to make again.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Exit codes: 0 the same bit for bit, 1 a difference, or no such decision, 3 could not run."
)]
pub(crate) struct Replay {
    /// The decision
    #[arg(required_unless_present = "all")]
    pub(crate) decision: Option<String>,
    /// Every decision in the ledger
    #[arg(long, conflicts_with = "decision")]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) which: Which,
}

/// What to tell of changes.
#[derive(Debug, ClapArgs)]
pub(crate) struct Change {
    #[command(subcommand)]
    pub(crate) what: ChangeWhat,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ChangeWhat {
    /// Record a change: a deployment, a canary, a turned flag
    Record(Box<RecordChange>),
}

/// A change, and whom to tell.
#[derive(Debug, ClapArgs)]
#[command(after_help = "Exit codes: 0 recorded, or known already, 1 refused, 3 could not run.")]
pub(crate) struct RecordChange {
    /// The service that was changed
    #[arg(long)]
    pub(crate) service: String,
    /// Its environment
    #[arg(long)]
    pub(crate) environment: Option<String>,
    /// Its cluster
    #[arg(long)]
    pub(crate) cluster: Option<String>,
    /// The version that the change brought
    #[arg(long = "to", value_name = "VERSION")]
    pub(crate) version: String,
    /// The version before
    #[arg(long = "from", value_name = "VERSION")]
    pub(crate) previous: Option<String>,
    /// deployment, canary, config, infrastructure or flag
    #[arg(long)]
    pub(crate) kind: Option<String>,
    /// When it took effect: RFC 3339, or seconds since 1970; now, where it is not said
    #[arg(long)]
    pub(crate) at: Option<String>,
    /// Who did it
    #[arg(long)]
    pub(crate) author: Option<String>,
    /// Which commit
    #[arg(long)]
    pub(crate) git_sha: Option<String>,
    /// Where there is more to read
    #[arg(long)]
    pub(crate) link: Option<String>,
    /// What it is meant to do
    #[arg(long)]
    pub(crate) intent: Option<String>,
    /// How risky it is held to be
    #[arg(long)]
    pub(crate) risk: Option<String>,
    /// What ran before cannot run again as it was, as after a migration that drops a column
    #[arg(long)]
    pub(crate) irreversible: bool,
    /// The part of the traffic that it takes, as 5%
    #[arg(long, value_name = "PERCENT")]
    pub(crate) weight: Option<String>,
    /// The backstop to tell
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:9098")]
    pub(crate) url: String,
    /// The file that holds the token to tell it with; else `BACKSTOP_TOKEN` is taken from the environment
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<String>,
}

/// Which demonstration.
#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Exit codes: 0 the bad canary was taken back and that was verified, 10 the healthy release was left alone, \
                  20 the traffic was too low to decide, 1 it went otherwise, 3 could not run."
)]
pub(crate) struct Demo {
    /// A few seconds instead of a minute
    #[arg(long)]
    pub(crate) fast: bool,
    /// What becomes of the release
    #[arg(long, value_enum, default_value_t = Scenario::BadCanary)]
    pub(crate) scenario: Scenario,
    /// Keep its folder with rules and ledger, and say where it is
    #[arg(long)]
    pub(crate) keep: bool,
}

/// What becomes of the release of a demonstration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scenario {
    /// The canary is as good as the stable version
    Healthy,
    /// The canary goes bad
    BadCanary,
    /// Hardly anybody comes
    LowTraffic,
}
