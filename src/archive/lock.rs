//! The lock: a file beside the ledger, held for as long as a process writes. It also remembers how far the ledger was,
//! so that an older copy of it is noticed.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use crate::archive::error::OpenError;

/// How the ledger was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastStop {
    /// There was none before.
    First,
    /// Whoever wrote it closed it.
    Clean,
    /// Whoever wrote it ended without closing it. All that was written is there.
    Unclean,
    /// It was further already: it is gone, or this is an older copy. Or it is one without its mark, which nobody can tell from
    /// an older one.
    Older,
}

impl LastStop {
    /// Whether nothing that was known can have been lost.
    pub const fn is_clean(self) -> bool {
        matches!(self, Self::Clean)
    }
}

/// How far a ledger was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Mark {
    pub(super) epoch: u32,
    pub(super) seq: u64,
}

/// A lock that is held.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    path: PathBuf,
    left: Mark,
}

impl Lock {
    /// Takes the lock of the ledger at `path`, or says who may have it.
    pub(super) fn take(path: &Path) -> Result<Self, OpenError> {
        let mut name = path.as_os_str().to_owned();
        name.push(".lock");
        let lock = PathBuf::from(name);
        let unusable = |why| OpenError::Lock { path: lock.clone(), why };
        let options = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&lock);
        let mut file = options.map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(OpenError::InUse { path: path.to_owned() }),
            Err(TryLockError::Error(why)) => return Err(unusable(why)),
        }
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(unusable)?;
        Ok(Self { left: read(&text), file, path: lock })
    }

    /// How far the ledger was when somebody last marked it.
    pub(super) const fn left(&self) -> Mark {
        self.left
    }

    /// Marks how far the ledger is.
    pub(super) fn mark(&mut self, mark: Mark) -> Result<(), OpenError> {
        self.write(mark).map_err(|why| OpenError::Lock { path: self.path.clone(), why })
    }

    fn write(&mut self, mark: Mark) -> io::Result<()> {
        // At no moment is there none: a ledger without its mark is doubted.
        let line = format!("{} {}\n", mark.epoch, mark.seq);
        self.file.rewind()?;
        self.file.write_all(line.as_bytes())?;
        self.file.set_len(line.len() as u64)?;
        self.file.sync_data()
    }
}

/// A mark that says nothing is none: the lock alone protects nothing but the lock.
fn read(text: &str) -> Mark {
    let mut numbers = text.split_whitespace();
    let epoch = numbers.next().and_then(|number| number.parse().ok());
    let seq = numbers.next().and_then(|number| number.parse().ok());
    epoch.zip(seq).map_or_else(Mark::default, |(epoch, seq)| Mark { epoch, seq })
}
