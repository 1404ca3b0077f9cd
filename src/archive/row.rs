//! Rows as the database holds them.

use sqlx::sqlite::SqliteRow;
use sqlx::{Decode, Row as _, Sqlite, Type};

use crate::archive::error::Error;
use crate::ledger::{Broken, FORMAT, Flaw, Hash, Header, Record, Row};
use crate::unit::UnixMillis;

/// Asks for rows of the ledger, and for columns of what is joined to them.
macro_rules! rows {
    ($which:literal) => {
        rows!(with "", $which)
    };
    (with $more:literal, $which:literal) => {
        concat!(
            "SELECT entry.seq AS seq, format, chain, epoch, entry.kind AS kind, entry.at AS at, subject, digest, ",
            "hash, payload",
            $more,
            " FROM entry ",
            $which
        )
    };
}
pub(super) use rows;

/// Reads a row. Whatever is in a column that was never written there is that row's flaw.
pub(super) fn read(found: &SqliteRow) -> Result<Row, Error> {
    let seq = found.try_get::<i64, _>("seq")?.cast_unsigned();
    let columns = Columns { found, seq };
    let format: u8 = columns.number("format")?;
    if format != FORMAT {
        return Err(columns.flawed("format").into());
    }
    let header = Header {
        chain: columns.number("chain")?,
        epoch: columns.number("epoch")?,
        seq,
        kind: columns.number("kind")?,
        at: UnixMillis::new(columns.column("at")?),
        subject: columns.column::<i64>("subject")?.cast_unsigned(),
    };
    let (digest, hash) = (columns.hash("digest")?, columns.hash("hash")?);
    Ok(Row { header, digest, hash, payload: columns.column("payload")? })
}

/// Reads what a row says; nothing where that was pruned.
pub(super) fn record(found: &SqliteRow) -> Result<Option<Record>, Error> {
    let row = read(found)?;
    row.record().map_err(|why| Error::Malformed { seq: row.header.seq, why })
}

struct Columns<'r> {
    found: &'r SqliteRow,
    seq: u64,
}

impl<'r> Columns<'r> {
    const fn flawed(&self, column: &'static str) -> Broken {
        Broken { seq: self.seq, what: Flaw::Column(column) }
    }

    fn column<T: Decode<'r, Sqlite> + Type<Sqlite>>(&self, column: &'static str) -> Result<T, Broken> {
        self.found.try_get(column).map_err(|_| self.flawed(column))
    }

    fn number<T: TryFrom<i64>>(&self, column: &'static str) -> Result<T, Broken> {
        self.column::<i64>(column)?.try_into().map_err(|_| self.flawed(column))
    }

    fn hash(&self, column: &'static str) -> Result<Hash, Broken> {
        let bytes: Vec<u8> = self.column(column)?;
        bytes.try_into().map(Hash).map_err(|_| self.flawed(column))
    }
}
