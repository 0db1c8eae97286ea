//! What is like an entry: it shares what both point at, the rarer the better, or words of the title.

use std::collections::HashMap;

use super::entries::{Entry, indexable};
use super::lists::{self, Listed};
use super::{Ask, Db, db::args, search};
use crate::error::Result;
use crate::text::search::Query;

/// What points at something popular is without end; the newest of it will do.
const NEWEST: i64 = 500;
/// Entries that are looked at more closely.
const CLOSER: usize = 60;
/// Entries that share words of the title.
const LIKE: i64 = 20;
/// A shared value of a filter, such as the kind of business, next to a shared relation.
const SHARED_VALUE: f64 = 0.5;
/// The likest by words of the title.
const SHARED_WORDS: f64 = 0.3;

/// Where to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Relations and values of filters.
    Relations,
    /// These, and the words of the title.
    RelationsAndWords,
}

/// Entries of the same type and language that are like an entry, the likest first; only such as may be
/// indexed, and never the entry itself. Four queries, three without words.
pub async fn related(db: &Db, entry: &Entry, by: By, limit: usize) -> Result<Vec<Listed>> {
    let mut likeness: HashMap<i64, f64> = HashMap::new();
    for (_, id, popularity) in shared_topics(db, entry).await? {
        *likeness.entry(id).or_default() += weight(popularity);
    }
    let close = best(&likeness, CLOSER);
    for (id, fields) in shared_values(db, entry.id, &close).await? {
        *likeness.entry(id).or_default() += SHARED_VALUE * fields as f64;
    }
    if by == By::RelationsAndWords
        && let Some(query) = Query::like(&entry.title)
    {
        let like = search::like(db, &query, &entry.kind, &entry.locale, LIKE).await?;
        for (place, id) in like.into_iter().filter(|id| *id != entry.id).enumerate() {
            *likeness.entry(id).or_default() += SHARED_WORDS / (place + 1) as f64;
        }
    }
    let ids = best(&likeness, limit);
    let mut found = lists::of_ids(db, &ids).await?;
    found.sort_by_key(|listed| ids.iter().position(|id| *id == listed.id));
    Ok(found)
}

/// What one entry shares with a few tells more than what it shares with thousands.
fn weight(popularity: i64) -> f64 {
    1.0 / (2.0 + popularity as f64).ln()
}

/// The likest, the newest first where they are alike.
fn best(likeness: &HashMap<i64, f64>, most: usize) -> Vec<i64> {
    let mut ranked: Vec<(i64, f64)> = likeness.iter().map(|(id, likeness)| (*id, *likeness)).collect();
    ranked.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(b.0.cmp(&a.0)));
    ranked.into_iter().take(most).map(|(id, _)| id).collect()
}

/// Who points at what the entry points at, or at a translation of it: the topic, who, and how many do.
/// `CROSS JOIN` keeps SQLite on the
/// way from the entry to the few that share something with it.
async fn shared_topics(db: &Db, entry: &Entry) -> Result<Vec<(i64, i64, i64)>> {
    db.all(
        concat!(
            "WITH topics (topic, to_id) AS (
                 SELECT DISTINCT m.translation_group, t.id
                 FROM relations mine CROSS JOIN entries m CROSS JOIN entries t
                 WHERE mine.from_id = $1 AND m.id = mine.to_id AND t.translation_group = m.translation_group
             ), pointing (topic, id, popularity, place) AS (
                 SELECT k.topic, r.from_id, COUNT(*) OVER (PARTITION BY k.topic),
                        ROW_NUMBER() OVER (PARTITION BY k.topic ORDER BY r.from_id DESC)
                 FROM topics k CROSS JOIN relations r
                 WHERE r.to_id = k.to_id
             )
             SELECT DISTINCT p.topic, e.id, p.popularity
             FROM pointing p CROSS JOIN entries e
             WHERE p.place <= $4 AND e.id = p.id AND e.id <> $1 AND e.type = $2 AND e.locale = $3 AND ",
            indexable!(),
            " ORDER BY p.topic, e.id"
        ),
        args![entry.id, &entry.kind, &entry.locale, NEWEST],
    )
    .await
}

/// How many values of filters each of these entries shares with an entry.
async fn shared_values(db: &impl Ask, entry: i64, others: &[i64]) -> Result<Vec<(i64, i64)>> {
    db.all(
        "SELECT f.entry_id, COUNT(*)
         FROM field_index mine JOIN field_index f ON f.field = mine.field AND f.text = mine.text
         WHERE mine.entry_id = $1 AND f.entry_id IN {ids:$2}
         GROUP BY f.entry_id ORDER BY f.entry_id",
        args![entry, others],
    )
    .await
}
