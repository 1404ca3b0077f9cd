//! `backstop config` and `backstop schema`.

use crate::config;
use crate::run::args::{Config, Schema};
use crate::run::{Ending, output};

pub(crate) fn config(asked: &Config) -> Ending {
    debug_assert!(asked.defaults, "clap requires it: there is nothing else to show yet");
    output::print(config::DEFAULTS, Ending::Clean)
}

pub(crate) fn schema(_: &Schema) -> Ending {
    output::print(&config::schema(), Ending::Clean)
}
