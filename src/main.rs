//! The `backstop` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    backstop::run::main(std::env::args_os())
}
