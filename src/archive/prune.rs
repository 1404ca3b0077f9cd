//! Thinning: counts of gates that ended long ago are let go of. Their rows stay, and the chain still verifies.

use sqlx::Row as _;

use crate::archive::error::Error;
use crate::archive::open::Archive;
use crate::archive::writing::Writing;
use crate::ledger::Kind;
use crate::unit::UnixMillis;

/// How many gates one transaction thins, so that nobody waits long for it.
const CELLS_AT_ONCE: u32 = 64;

impl Archive {
    /// Lets go of the counts of some gates that ended before this time, and tells how many gates those were; none: there
    /// is nothing more to thin.
    pub async fn prune(&mut self, before: UnixMillis) -> Result<usize, Error> {
        let mut writing = self.begin().await?;
        let done = prune(&mut writing, before).await;
        writing.end(done).await
    }
}

async fn prune(writing: &mut Writing<'_>, before: UnixMillis) -> Result<usize, Error> {
    let ended = sqlx::query(
        "SELECT cell.id AS id FROM cell JOIN entry ON entry.seq = cell.ended
         WHERE cell.pruned = 0 AND cell.ended IS NOT NULL AND entry.at < ? ORDER BY cell.ended LIMIT ?",
    );
    let ended = ended.bind(before.millis()).bind(CELLS_AT_ONCE).fetch_all(writing.connection()).await?;
    for cell in &ended {
        let id: i64 = cell.try_get("id")?;
        let thin = "UPDATE entry SET payload = NULL WHERE subject = ? AND subject <> 0 AND kind = ?";
        sqlx::query(thin).bind(id).bind(Kind::Looked.number()).execute(writing.connection()).await?;
        sqlx::query("UPDATE cell SET pruned = 1 WHERE id = ?").bind(id).execute(writing.connection()).await?;
    }
    Ok(ended.len())
}
