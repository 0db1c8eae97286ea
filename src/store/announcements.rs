//! What search engines are to be told of, address by address (IndexNow).

use sqlx::FromRow;

use super::entries::indexable;
use super::{Ask, Tx, db::args};
use crate::clock::Time;
use crate::error::Result;

/// Something that an engine is still to be told.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Announcement {
    pub path: String,
    pub hash: String,
}

/// Notes what is at the addresses of these entries from now on: the page with its hash, or nothing any
/// more (`-`). Of former addresses, those among the touched ones. An entry counts that may be indexed,
/// could be before (`left`), or was announced once. How many addresses say something else than before.
pub async fn note(tx: &Tx, entries: &[i64], left: &[i64], touched: &[String]) -> Result<u64> {
    tx.run(
        concat!(
            "INSERT INTO announcements (path, hash)
             SELECT p.path,
                    CASE WHEN p.kind = 'canonical' AND ",
            indexable!(),
            " THEN COALESCE(e.content_hash, '') ELSE '-' END
             FROM entries e
             JOIN paths p ON p.entry_id = e.id AND p.kind IN ('canonical', 'former')
             WHERE e.id IN {ids:$1}
               AND p.public_at IS NOT NULL
               AND (p.kind = 'canonical' OR p.folded IN {texts:$3})
               AND (",
            indexable!(),
            " OR e.id IN {ids:$2} OR EXISTS (SELECT 1 FROM announcements a WHERE a.path = p.path))
             ON CONFLICT (path) DO UPDATE SET hash = excluded.hash
             WHERE announcements.hash <> excluded.hash"
        ),
        args![entries, left, touched],
    )
    .await
}

/// What is to be told and was not told after this instant; at most so many.
pub async fn due(db: &impl Ask, not_after: Time, limit: i64) -> Result<Vec<Announcement>> {
    db.all(
        "SELECT path, hash FROM announcements
         WHERE (told IS NULL OR told <> hash) AND (told_at IS NULL OR told_at <= $1)
         ORDER BY path LIMIT $2",
        args![not_after, limit],
    )
    .await
}

/// When what is still to be told was told last, the earliest; `None` when there is nothing.
pub async fn earliest(db: &impl Ask) -> Result<Option<Time>> {
    let (at,): (Option<Time>,) = db
        .one(
            "SELECT MIN(COALESCE(told_at, 0)) FROM announcements WHERE told IS NULL OR told <> hash",
            args![],
        )
        .await?;
    Ok(at)
}

/// Notes that engines were told; what has changed since stays to be told.
pub async fn told(tx: &Tx, told: &[Announcement], now: Time) -> Result<()> {
    let pairs: Vec<[&str; 2]> = told.iter().map(|one| [one.path.as_str(), one.hash.as_str()]).collect();
    tx.run(
        "UPDATE announcements SET told = hash, told_at = $2
         WHERE (path, hash) IN (SELECT told.path, told.hash FROM {pairs:$1} told)",
        args![serde_json::json!(pairs).to_string(), now],
    )
    .await?;
    Ok(())
}
