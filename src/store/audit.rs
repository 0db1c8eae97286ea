//! The log of what was done. Each line carries the hash of its content and of the line before, so that
//! whoever changes the table behind our back breaks the chain (SECURITY T27).

use serde_json::json;
use sqlx::FromRow;

use super::{Ask, Db, Tx, db::args};
use crate::account::digest;
use crate::clock::Time;
use crate::error::Result;

/// Lines of an older version that are sealed at a time.
const BATCH: i64 = 1_000;
/// Instants come from several clocks: a day is looked for an hour beyond its end, in milliseconds.
const SKEW: i64 = 3_600_000;

/// What is to be written down.
#[derive(Debug, Clone)]
pub struct Audited {
    pub at: Time,
    pub action: String,
    pub entry: Option<i64>,
    pub detail: serde_json::Value,
}

/// A line as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Line {
    pub id: i64,
    pub at: Time,
    pub actor: String,
    pub action: String,
    pub entry_id: Option<i64>,
    pub detail: String,
    /// None where an older version wrote it, until it is sealed.
    pub hash: Option<String>,
}

impl Line {
    /// The hash that belongs to it after a line with the hash `before`; empty for the first.
    pub fn seal(&self, before: &str) -> String {
        let Line { id, at, actor, action, entry_id, detail, .. } = self;
        let content = json!([id, at.0, actor, action, entry_id, detail]);
        digest(&format!("{before}\n{content}"))
    }
}

#[derive(FromRow)]
struct Numbered {
    id: i64,
    last: Option<i64>,
    hash: Option<String>,
}

/// Writes lines, in their order. Only a change does so, and there is one at a time: the line before is
/// the last one.
pub async fn append(tx: &Tx, actor: &str, lines: &[Audited]) -> Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    let wanted = serde_json::Value::from(vec![0; lines.len()]).to_string();
    let numbered: Vec<Numbered> = tx
        .all(
            "SELECT n.id, l.id AS last, l.hash
             FROM {numbers:audit} n LEFT JOIN (SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1) l ON TRUE
             ORDER BY n.id",
            args![wanted],
        )
        .await?;
    let mut before = match numbered.first() {
        Some(Numbered { last: Some(_), hash: None, .. }) => seal_all(tx).await?,
        Some(Numbered { hash, .. }) => hash.clone().unwrap_or_default(),
        None => String::new(),
    };
    let rows = lines.iter().zip(numbered).map(|(line, Numbered { id, .. })| {
        let line = Line {
            id,
            at: line.at,
            actor: actor.to_owned(),
            action: line.action.clone(),
            entry_id: line.entry,
            detail: line.detail.to_string(),
            hash: None,
        };
        before = line.seal(&before);
        json!([line.id, line.at.0, line.actor, line.action, line.entry_id, line.detail, before])
    });
    let rows = serde_json::Value::from_iter(rows);
    tx.run(
        "INSERT INTO audit (id, at, actor, action, entry_id, detail, hash)
         SELECT CAST(r.a AS BIGINT), CAST(r.b AS BIGINT), r.c, r.d, CAST(r.e AS BIGINT), r.f, r.g
         FROM {rows:$1} AS r",
        args![rows.to_string()],
    )
    .await?;
    Ok(())
}

/// Seals what an older version has written; the last hash then.
async fn seal_all(tx: &Tx) -> Result<String> {
    while seal_some(tx).await? == BATCH as usize {}
    Ok(last(tx).await?.and_then(|line| line.hash).unwrap_or_default())
}

/// Seals what an older version has written, so many lines a commit; how many.
pub async fn seal_older(db: &Db) -> Result<usize> {
    let mut sealed = 0;
    while is_any_unsealed(db).await? {
        let tx = db.begin_in_turn().await?;
        sealed += seal_some(&tx).await?;
        tx.commit().await?;
    }
    Ok(sealed)
}

async fn is_any_unsealed(db: &Db) -> Result<bool> {
    let found: Option<(i64,)> =
        db.optional("SELECT id FROM audit WHERE hash IS NULL ORDER BY id LIMIT 1", args![]).await?;
    Ok(found.is_some())
}

async fn seal_some(tx: &Tx) -> Result<usize> {
    let lines: Vec<Line> = tx
        .all(
            "SELECT id, at, actor, action, entry_id, detail, hash FROM audit
             WHERE hash IS NULL ORDER BY id LIMIT $1",
            args![BATCH],
        )
        .await?;
    let Some(first) = lines.first() else { return Ok(0) };
    let before: Option<(Option<String>,)> =
        tx.optional("SELECT hash FROM audit WHERE id < $1 ORDER BY id DESC LIMIT 1", args![first.id]).await?;
    let mut before = before.and_then(|(hash,)| hash).unwrap_or_default();
    let rows = lines.iter().map(|line| {
        before = line.seal(&before);
        json!([line.id, before])
    });
    let rows = serde_json::Value::from_iter(rows);
    tx.run(
        "UPDATE audit SET hash = r.b FROM {rows:$1} AS r WHERE audit.id = CAST(r.a AS BIGINT)",
        args![rows.to_string()],
    )
    .await?;
    Ok(lines.len())
}

/// The last line.
pub async fn last(db: &impl Ask) -> Result<Option<Line>> {
    db.optional(
        "SELECT id, at, actor, action, entry_id, detail, hash FROM audit ORDER BY id DESC LIMIT 1",
        args![],
    )
    .await
}

/// Lines from a number on, in their order.
pub async fn from(db: &impl Ask, id: i64, limit: i64) -> Result<Vec<Line>> {
    db.all(
        "SELECT id, at, actor, action, entry_id, detail, hash FROM audit
         WHERE id >= $1 ORDER BY id LIMIT $2",
        args![id, limit],
    )
    .await
}

/// Which lines are asked for; all without anything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// As an actor is stored; empty for everybody.
    pub actor: String,
    /// Empty for everything.
    pub action: String,
    pub entry: Option<i64>,
    /// From this instant on, and until before that one.
    pub from: Option<Time>,
    pub to: Option<Time>,
}

/// A line with the title of its entry, if that is one that people write.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Found {
    pub id: i64,
    pub at: Time,
    pub actor: String,
    pub action: String,
    pub entry_id: Option<i64>,
    pub detail: String,
    pub hash: Option<String>,
    pub title: Option<String>,
}

macro_rules! found {
    ($where:literal) => {
        concat!(
            "SELECT a.id, a.at, a.actor, a.action, a.entry_id, a.detail, a.hash, e.title
             FROM audit a LEFT JOIN entries e ON e.id = a.entry_id AND e.type <> 'landing'
             WHERE a.id < $1 AND a.at >= $3 AND a.at < $4
               AND ($5 = '' OR a.actor = $5) AND ($6 = '' OR a.action = $6)
               AND ",
            $where,
            " ORDER BY a.id DESC LIMIT $2"
        )
    };
}

/// Lines before a number, the latest first; each question by the index that leaves least to read.
pub async fn find(db: &impl Ask, wanted: &Wanted, before: i64, limit: i64) -> Result<Vec<Found>> {
    const MANY: [&str; 2] = ["save_draft", "publish"];
    let before = match wanted.to {
        Some(to) => before.min(first_at(db, Time(to.0.saturating_add(SKEW))).await?.unwrap_or(before)),
        None => before,
    };
    let (from, to) = (wanted.from.unwrap_or(Time(i64::MIN)), wanted.to.unwrap_or(Time(i64::MAX)));
    let mut given = args![before, limit, from, to, &wanted.actor, &wanted.action];
    if let Some(entry) = wanted.entry {
        given.extend(args![entry]);
        return db.all(found!("a.entry_id = $7"), given).await;
    }
    if !matches!(wanted.actor.as_str(), "" | "operator" | "engine") {
        return db.all(found!("a.actor = $5 AND a.actor <> 'operator' AND a.actor <> 'engine'"), given).await;
    }
    if !wanted.action.is_empty() && !MANY.contains(&wanted.action.as_str()) {
        return db
            .all(found!("a.action = $6 AND a.action <> 'save_draft' AND a.action <> 'publish'"), given)
            .await;
    }
    let since = match wanted.from {
        Some(from) => first_at(db, Time(from.0.saturating_sub(SKEW))).await?.unwrap_or(i64::MAX),
        None => i64::MIN,
    };
    given.extend(args![since]);
    db.all(found!("a.id >= $7"), given).await
}

/// The first line of an instant or later.
async fn first_at(db: &impl Ask, at: Time) -> Result<Option<i64>> {
    let row: Option<(i64,)> =
        db.optional("SELECT id FROM audit WHERE at >= $1 ORDER BY at, id LIMIT 1", args![at]).await?;
    Ok(row.map(|(id,)| id))
}
