//! Reading the ledger, page by page, while somebody writes it.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteRow};
use sqlx::{Row as _, SqlitePool};

use crate::archive::error::{Error, OpenError};
use crate::archive::row::{self, rows};
use crate::archive::schema::{self, Found};
use crate::decision::CellId;
use crate::ledger::{Broken, Flaw, Hash, Kind, Link, Row, Verified, Verifier};

/// How many rows a page has at most.
pub const PAGE: u32 = 1_000;

/// How many may read at once; whoever comes later waits for a moment.
const READERS: u32 = 4;

/// A ledger that is read.
#[derive(Debug, Clone)]
pub struct Reader {
    pub(super) pool: SqlitePool,
}

impl Reader {
    /// Beside the one who writes, in the same process.
    pub(super) fn beside(path: &Path) -> Self {
        let options = SqliteConnectOptions::new().filename(path).read_only(true);
        Self { pool: SqlitePoolOptions::new().max_connections(READERS).connect_lazy_with(options) }
    }

    /// From another process.
    pub(super) async fn open(path: &Path) -> Result<Self, OpenError> {
        if !path.exists() {
            return Err(OpenError::Missing { path: path.to_owned() });
        }
        let reader = Self::beside(path);
        let storage = |error: sqlx::Error| OpenError::Storage { path: path.to_owned(), why: error.into() };
        let mut connection = reader.pool.acquire().await.map_err(storage)?;
        match schema::look(&mut connection, path).await? {
            Found::Ledger(_) => Ok(reader),
            Found::Empty => Err(OpenError::Missing { path: path.to_owned() }),
        }
    }

    pub(super) async fn close(&self) {
        self.pool.close().await;
    }

    /// The rows after this number, up to [`PAGE`] of them.
    pub async fn rows(&self, after: u64) -> Result<Vec<Row>, Error> {
        let page = sqlx::query(rows!("WHERE seq > ? ORDER BY seq LIMIT ?"));
        read(&page.bind(after.cast_signed()).bind(PAGE).fetch_all(&self.pool).await?)
    }

    /// The rows about a gate and change after this number, up to [`PAGE`] of them.
    pub async fn about(&self, cell: CellId, after: u64) -> Result<Vec<Row>, Error> {
        let page = sqlx::query(rows!("WHERE subject = ? AND subject <> 0 AND seq > ? ORDER BY seq LIMIT ?"));
        let page = page.bind(cell.0.cast_signed()).bind(after.cast_signed()).bind(PAGE);
        read(&page.fetch_all(&self.pool).await?)
    }

    /// The last row of a kind. Looks are too many to be found so.
    pub async fn last(&self, kind: Kind) -> Result<Option<Row>, Error> {
        let last = sqlx::query(rows!("WHERE kind = ? AND kind <> 4 ORDER BY seq DESC LIMIT 1"));
        let last = last.bind(kind.number()).fetch_optional(&self.pool).await?;
        last.as_ref().map(row::read).transpose()
    }

    /// The end of the chain, as whoever writes last left it.
    pub async fn head(&self) -> Result<Link, Error> {
        let head = sqlx::query("SELECT seq, hash FROM ledger").fetch_one(&self.pool).await?;
        let hash: Vec<u8> = head.try_get("hash")?;
        let lost = |_| Error::Damaged("the last hash has lost its length".to_owned());
        Ok(Link {
            seq: head.try_get::<i64, _>("seq")?.cast_unsigned(),
            hash: Hash(hash.try_into().map_err(lost)?),
        })
    }

    /// Goes along the whole chain as far as it was when asked, and tells the first row that is not as it was written.
    pub async fn verify(&self) -> Result<Verified, Error> {
        let head = self.head().await?;
        let mut verifier = Verifier::after(Link::START);
        let mut after = 0;
        while after < head.seq {
            let page = sqlx::query(rows!("WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?"));
            let page = page.bind(after.cast_signed()).bind(head.seq.cast_signed()).bind(PAGE);
            let found = page.fetch_all(&self.pool).await?;
            if found.is_empty() {
                break;
            }
            for row in &found {
                verifier.row(&row::read(row)?)?;
            }
            after += found.len() as u64;
        }
        let verified = verifier.finish();
        if verified.last.seq < head.seq {
            let what = Flaw::Cut { written: head.seq };
            return Err(Broken { seq: verified.last.seq + 1, what }.into());
        }
        let same = verified.last == head;
        if same { Ok(verified) } else { Err(Broken { seq: head.seq, what: Flaw::Hash }.into()) }
    }
}

/// Reads rows.
pub(super) fn read(found: &[SqliteRow]) -> Result<Vec<Row>, Error> {
    found.iter().map(row::read).collect()
}
