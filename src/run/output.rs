//! Writing to the terminal.

use std::io::{IsTerminal, Write};

use crate::run::Ending;

/// Whether standard output shows colours.
pub(crate) fn colour() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Whether somebody looks at standard output.
pub(crate) fn is_seen() -> bool {
    std::io::stdout().is_terminal()
}

/// Whether standard error shows colours.
pub(crate) fn colour_of_errors() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Tells something beside what is printed.
pub(crate) fn aside(text: &str) {
    // With standard error gone there is nobody left to tell.
    let _gone: std::io::Result<()> = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Prints a text; a reader that went away has seen enough, anything else keeps the command from running.
pub(crate) fn print(text: &str, ending: Ending) -> Ending {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => ending,
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => ending,
        Err(error) => complain(&format!("cannot write to standard output: {error}")),
    }
}

/// Says why the command cannot run.
pub(crate) fn complain(why: &str) -> Ending {
    // With standard error gone as well there is nobody left to tell; the exit code still does.
    let _gone: std::io::Result<()> = writeln!(std::io::stderr().lock(), "backstop: {why}");
    Ending::CouldNotRun
}
