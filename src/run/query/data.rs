//! Samples in files.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::promql::script::{LARGEST_SCRIPT, Script};
use crate::source::exposition::{self, LARGEST_TEXT};
use crate::store::{Bounds, Is, Store};
use crate::unit::{Span, UnixMillis};

/// How scripts end their names.
const SCRIPT: &str = "test";

/// Nothing in a file is too old or too new.
const EVER: Span = Span::from_millis(u64::MAX);

/// How much there may be in all files.
const BOUNDS: Bounds = Bounds { retention: EVER, series: 1_000_000, samples: 50_000_000, ahead: EVER };

/// Samples of all files.
pub(super) struct Data {
    pub(super) store: Store,
}

impl Data {
    /// What is in these files. Samples that say no time are of the moment given.
    pub(super) fn read(paths: &[String], now: UnixMillis) -> Result<Self, String> {
        let mut data = Self { store: Store::new(BOUNDS) };
        for path in paths {
            data.add(path, now)?;
        }
        Ok(data)
    }

    /// When the newest sample was taken.
    pub(super) fn newest(&self) -> Option<UnixMillis> {
        let all = self.store.select::<Is<'_>>(&[]);
        all.iter().filter_map(|stored| stored.points().times.last().copied()).max()
    }

    fn add(&mut self, path: &str, now: UnixMillis) -> Result<(), String> {
        if Path::new(path).extension().is_some_and(|extension| extension == SCRIPT) {
            let text = String::from_utf8(bytes(path, LARGEST_SCRIPT)?)
                .map_err(|_| format!("{path}: it is not UTF-8; save it as UTF-8"))?;
            let script =
                Script::read(&text).map_err(|error| format!("{path}:{}: {}", error.line, error.why))?;
            return script
                .load_into(&mut self.store)
                .map_err(|failure| format!("{path}:{}: {}", failure.line, failure.what.got));
        }
        let read = exposition::read(&bytes(path, LARGEST_TEXT)?, now);
        let series = read.map_err(|error| format!("{path}:{}: {}", error.line, error.why))?;
        let refused = self.store.append(&series, UnixMillis::new(0));
        if refused.over_series + refused.over_samples > 0 {
            let Bounds { series, samples, .. } = BOUNDS;
            return Err(format!(
                "{path}: with this there are more than {series} series or {samples} samples; give fewer files"
            ));
        }
        match refused.refused() {
            0 => Ok(()),
            late => Err(format!(
                "{path}: {late} samples are older than those of their series in the files before; give the files in the \
                 order of their times"
            )),
        }
    }
}

/// A file, or standard input; one byte more than it may have is enough to tell that it is too large.
fn bytes(path: &str, most: usize) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let most = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let read = match path {
        "-" => std::io::stdin().lock().take(most).read_to_end(&mut bytes),
        _ => File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes)),
    };
    read.map_err(|error| format!("{path}: it cannot be read: {error}"))?;
    Ok(bytes)
}
