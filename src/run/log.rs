//! The log: a line for each thing that happens, on standard error, for people or for machines.

use std::fmt;
use std::io::{IsTerminal, Write};

use clap::{Args, ValueEnum};
use serde::Serialize;
use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use crate::run::clock;

/// How much is logged, where no argument says: `error`, `warn`, `info`, `debug` or `trace`.
const LEVEL: &str = "BACKSTOP_LOG";

/// How it is written, where no argument says: `text` or `json`.
const FORMAT: &str = "BACKSTOP_LOG_FORMAT";

/// What arguments say of the log.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Asked {
    /// How the log is written; else as `BACKSTOP_LOG_FORMAT` says, or as text
    #[arg(long = "log-format", value_enum, value_name = "FORMAT")]
    format: Option<Format>,
    /// How much is logged; else as `BACKSTOP_LOG` says, or info
    #[arg(long = "log-level", value_enum, value_name = "LEVEL")]
    level: Option<Level>,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For machines: each line an object
    Json,
}

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    /// What a person has to look at
    Error,
    /// That, and what is not as it should be
    Warn,
    /// That, and what is done
    Info,
    /// That, and each look
    Debug,
    /// Everything
    Trace,
}

/// Sends the log to standard error. What the arguments leave out the environment says.
pub(crate) fn start(Asked { format, level }: Asked) {
    let from = |name: &str| std::env::var(name).ok();
    let level =
        level.map(LevelFilter::from).or_else(|| from(LEVEL)?.parse().ok()).unwrap_or(LevelFilter::INFO);
    let told = || from(FORMAT).filter(|text| text == "json").map(|_| Format::Json);
    let log = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(|| Unheard(std::io::stderr()))
        .log_internal_errors(false);
    // It is set once; a second time changes nothing.
    match format.or_else(told).unwrap_or(Format::Text) {
        Format::Text => {
            let log = log.with_target(false).with_ansi(std::io::stderr().is_terminal());
            tracing::subscriber::set_global_default(log.finish()).ok();
        }
        Format::Json => {
            tracing::subscriber::set_global_default(log.event_format(Lines).finish()).ok();
        }
    }
}

impl From<Level> for LevelFilter {
    fn from(level: Level) -> Self {
        match level {
            Level::Error => Self::ERROR,
            Level::Warn => Self::WARN,
            Level::Info => Self::INFO,
            Level::Debug => Self::DEBUG,
            Level::Trace => Self::TRACE,
        }
    }
}

/// Lines of JSON, each an object.
struct Lines;

/// A line.
#[derive(Serialize)]
struct Line<'e> {
    time: String,
    level: String,
    target: &'e str,
    message: String,
    fields: Map<String, Value>,
}

impl<S, N> FormatEvent<S, N> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, _: &FmtContext<'_, S, N>, mut out: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut read = Read::default();
        event.record(&mut read);
        let line = Line {
            time: clock::now().to_string(),
            level: event.metadata().level().as_str().to_ascii_lowercase(),
            target: event.metadata().target(),
            message: read.message,
            fields: read.fields,
        };
        writeln!(out, "{}", serde_json::to_string(&line).map_err(|_| fmt::Error)?)
    }
}

/// What an event says.
#[derive(Default)]
struct Read {
    message: String,
    fields: Map<String, Value>,
}

impl Read {
    fn put(&mut self, field: &Field, value: Value) {
        match (field.name(), value) {
            ("message", Value::String(text)) => self.message = text,
            (name, value) => {
                self.fields.insert(name.to_owned(), value);
            }
        }
    }
}

impl Visit for Read {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field, Value::String(format!("{value:?}")));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value.into());
    }
}

/// Standard error, as far as somebody reads it. A log that nobody takes any more is no reason to stop watching.
struct Unheard(std::io::Stderr);

impl Write for Unheard {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.write_all(bytes).ok();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush().ok();
        Ok(())
    }
}
