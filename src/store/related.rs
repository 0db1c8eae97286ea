//! What is like an entry: it shares what both point at, the rarer the better; where little is shared, words
//! of the title. However much points at a topic, only the first entries on its shelf are looked at.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::entries::Entry;
use super::lists::{self, Listed};
use super::{Arg, Ask, Db, db::args, search};
use crate::error::Result;
use crate::text::search::Query;

/// What is pointed at by fewest tells most: so many topics are looked at.
const TOPICS: usize = 8;
/// The first entries on the shelf of a topic.
const EACH: i64 = 64;
/// Entries that are looked at more closely.
const CLOSER: usize = 24;
/// Entries that share words of the title.
const LIKE: i64 = 20;
/// A shared value of a filter, such as the kind of business, next to a shared relation.
const SHARED_VALUE: f64 = 0.5;
/// The likest by words of the title.
const SHARED_WORDS: f64 = 0.3;
/// Weights are summed as whole numbers, so that the order of the sum makes no difference.
const WHOLE: f64 = 1e9;

/// Where to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Relations and values of filters.
    Relations,
    /// These, and the words of the title where these give too little.
    RelationsAndWords,
}

/// Entries of the same type and language that are like an entry, the likest first; only such as may be
/// indexed, and never the entry itself. At most five queries.
pub async fn related(db: &Db, entry: &Entry, by: By, limit: usize) -> Result<Vec<Listed>> {
    let mut likeness: HashMap<i64, f64> = HashMap::new();
    let topics = topics(db, entry).await?;
    if !topics.is_empty() {
        for (id, weight) in shared_topics(db, entry, &topics).await? {
            likeness.insert(id, weight as f64 / WHOLE);
        }
    }
    let close: Vec<i64> = likeness.keys().copied().collect();
    for (id, fields) in shared_values(db, entry.id, &close).await? {
        *likeness.entry(id).or_default() += SHARED_VALUE * fields as f64;
    }
    if by == By::RelationsAndWords
        && likeness.len() < limit
        && let Some(query) = Query::like(&entry.title)
    {
        let like = search::like(db, &query, &entry.kind, &entry.locale, LIKE).await?;
        for (place, id) in like.into_iter().filter(|id| *id != entry.id).enumerate() {
            *likeness.entry(id).or_default() += SHARED_WORDS / (place + 1) as f64;
        }
    }
    // Some of them may not be indexed.
    let ids = best(&likeness, limit * 2);
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = lists::of_ids(db, &ids).await?;
    found.sort_by_key(|listed| ids.iter().position(|id| *id == listed.id));
    found.truncate(limit);
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

/// What the entry points at, and how many of its own type and language stand there; the rarest first.
async fn topics(db: &Db, entry: &Entry) -> Result<Vec<(i64, i64)>> {
    db.all(
        "SELECT topic, popularity FROM (
             SELECT m.translation_group AS topic,
                    (SELECT CAST(COALESCE(SUM(p.entries), 0) AS BIGINT) FROM shelf_parts p
                     WHERE p.hub = m.translation_group AND p.locale = $2 AND p.shelf = $3) AS popularity
             FROM relations mine CROSS JOIN entries m
             WHERE mine.from_id = $1 AND m.id = mine.to_id
             GROUP BY m.translation_group
         ) AS topics
         ORDER BY popularity, topic LIMIT $4",
        args![entry.id, &entry.locale, &entry.kind, TOPICS as i64],
    )
    .await
}

/// One topic of the statement below.
macro_rules! on_shelf {
    ($hub:literal, $weight:literal) => {
        concat!(
            "SELECT id, weight FROM (
                 SELECT entry_id AS id, CAST(",
            $weight,
            " AS BIGINT) AS weight FROM shelves WHERE hub = ",
            $hub,
            " AND locale = $1 AND shelf = $2
                 ORDER BY rank DESC, at DESC, name DESC, entry_id DESC LIMIT $3
             ) AS topic"
        )
    };
}

/// All topics one after the other, each by its parameters for hub and weight.
macro_rules! on_shelves {
    ($hub:literal $weight:literal $(, $hubs:literal $weights:literal)*) => {
        concat!(on_shelf!($hub, $weight), $(" UNION ALL ", on_shelf!($hubs, $weights)),*)
    };
}

/// Who stands on the shelves of these topics, with the weight of all that is shared: those that share
/// most. The sums are made here, for a database would sort the rows twice.
async fn shared_topics(db: &Db, entry: &Entry, topics: &[(i64, i64)]) -> Result<Vec<(i64, i64)>> {
    let mut asked = args![&entry.locale, &entry.kind, EACH];
    for at in 0..TOPICS {
        // No translation group has the number -1.
        let (hub, popularity) = topics.get(at).copied().unwrap_or((-1, 0));
        asked.extend([Arg::from(hub), Arg::from((weight(popularity) * WHOLE) as i64)]);
    }
    let rows: Vec<(i64, i64)> = db
        .all(
            on_shelves!(
                "$4" "$5",
                "$6" "$7",
                "$8" "$9",
                "$10" "$11",
                "$12" "$13",
                "$14" "$15",
                "$16" "$17",
                "$18" "$19"
            ),
            asked,
        )
        .await?;
    let mut sums: HashMap<i64, i64> = HashMap::with_capacity(rows.len());
    for (id, weight) in rows {
        *sums.entry(id).or_default() += weight;
    }
    sums.remove(&entry.id);
    let mut shared: Vec<(i64, i64)> = sums.into_iter().collect();
    shared.sort_unstable_by_key(|&(id, weight)| Reverse((weight, id)));
    shared.truncate(CLOSER);
    Ok(shared)
}

/// How many values of filters each of these entries shares with an entry.
async fn shared_values(db: &impl Ask, entry: i64, others: &[i64]) -> Result<Vec<(i64, i64)>> {
    if others.is_empty() {
        return Ok(Vec::new());
    }
    db.all(
        "SELECT f.entry_id, COUNT(*)
         FROM field_index mine JOIN field_index f ON f.field = mine.field AND f.text = mine.text
         WHERE mine.entry_id = $1 AND f.entry_id IN {ids:$2}
         GROUP BY f.entry_id ORDER BY f.entry_id",
        args![entry, others],
    )
    .await
}
