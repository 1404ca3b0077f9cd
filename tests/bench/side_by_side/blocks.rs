//! A Prometheus over the samples; its blocks are made once and kept beside what is built.

use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};

use backstop::signal::NAME;

use crate::data;
use crate::peer::{Peer, blocks};

/// The one that is named.
pub(crate) fn start() -> Option<Peer> {
    let named = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let (prometheus, promtool) = (named("PROMETHEUS")?, named("PROMTOOL")?);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("side_by_side");
    blocks(&promtool, &folder, write);
    crate::peer::start(&prometheus, &folder)
}

fn write(file: &mut dyn Write) {
    data::each(|labels, samples| {
        let mut series = labels.get(NAME).to_owned();
        let others = labels.iter().filter(|(name, _)| *name != NAME);
        let pairs: Vec<String> = others.map(|(name, value)| format!("{name}=\"{value}\"")).collect();
        write!(series, "{{{}}}", pairs.join(",")).unwrap();
        for sample in samples {
            let at = sample.at.millis();
            writeln!(file, "{series} {} {}.{:03}", sample.value, at / 1_000, at % 1_000).unwrap();
        }
    });
}
