//! Who points at whom, and the typed index of field values.

use serde_json::{Value, json};
use sqlx::FromRow;

use super::{Ask, Tx, db::args};
use crate::error::Result;

/// One relation of an entry, in the order its editor gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    pub field: String,
    pub to: i64,
}

/// A value of a field marked `filter` or `sort`.
#[derive(Debug, Clone, PartialEq)]
pub struct Indexed {
    pub field: String,
    pub number: Option<f64>,
    pub text: Option<String>,
}

/// Replaces what an entry points at. `fresh` says that it has no rows yet.
pub async fn write(tx: &Tx, entry: i64, relations: &[Relation], fresh: bool) -> Result<()> {
    if !fresh {
        tx.run("DELETE FROM relations WHERE from_id = $1", args![entry]).await?;
    }
    if relations.is_empty() {
        return Ok(());
    }
    let rows = relations.iter().enumerate().map(|(at, relation)| json!([relation.field, at, relation.to]));
    tx.run(
        "INSERT INTO relations (from_id, field, position, to_id)
         SELECT $2, r.a, CAST(r.b AS BIGINT), CAST(r.c AS BIGINT) FROM {rows:$1} AS r",
        args![Value::from_iter(rows).to_string(), entry],
    )
    .await?;
    Ok(())
}

pub async fn write_index(tx: &Tx, entry: i64, kind: &str, values: &[Indexed], fresh: bool) -> Result<()> {
    if !fresh {
        tx.run("DELETE FROM field_index WHERE entry_id = $1", args![entry]).await?;
    }
    if values.is_empty() {
        return Ok(());
    }
    let rows = values.iter().map(|value| json!([value.field, null, value.text, value.number]));
    tx.run(
        "INSERT INTO field_index (entry_id, field, type, number, text)
         SELECT $2, f.field, $3, f.number, f.text FROM {filters:$1} AS f",
        args![Value::from_iter(rows).to_string(), entry, kind],
    )
    .await?;
    Ok(())
}

/// The words in the index of several entries: (entry, field, text).
pub async fn indexed_texts(db: &impl Ask, entries: &[i64]) -> Result<Vec<(i64, String, String)>> {
    db.all(
        "SELECT entry_id, field, text FROM field_index WHERE entry_id IN {ids:$1} AND text IS NOT NULL",
        args![entries],
    )
    .await
}

/// An entry that is pointed at, in the words of the page's locale where it is translated.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Pointed {
    /// The entry that points.
    pub from_id: i64,
    pub field: String,
    /// The id that is stored.
    pub stored_id: i64,
    /// The id that is shown: its translation, when there is one.
    pub id: i64,
    #[sqlx(rename = "translation_group")]
    pub group: i64,
    #[sqlx(rename = "type")]
    pub kind: String,
    pub title: String,
    pub summary: String,
    pub cover: Option<String>,
    pub path: String,
}

macro_rules! pointed {
    ($of:literal) => {
        concat!(
            "SELECT r.from_id, r.field, r.to_id AS stored_id, shown.id, shown.translation_group, shown.type, shown.title, shown.summary,
                    shown.cover, p.path
             FROM relations r
             JOIN entries target ON target.id = r.to_id
             LEFT JOIN entries own ON own.translation_group = target.translation_group AND own.locale = $2
                  AND own.state = 'published' AND own.visibility = 'public'
             JOIN entries shown ON shown.id = COALESCE(own.id, target.id)
                  AND shown.state = 'published' AND shown.visibility = 'public'
             JOIN paths p ON p.entry_id = shown.id AND p.kind = 'canonical'
             WHERE ",
            $of,
            " ORDER BY r.from_id, r.field, r.position"
        )
    };
}

/// What an entry points at, live ones only.
pub async fn of(db: &impl Ask, entry: i64, locale: &str) -> Result<Vec<Pointed>> {
    db.all(pointed!("r.from_id = $1"), args![entry, locale]).await
}

/// As [`of`], for several entries at once.
pub async fn of_all(db: &impl Ask, entries: &[i64], locale: &str) -> Result<Vec<Pointed>> {
    db.all(pointed!("r.from_id IN {ids:$1}"), args![entries, locale]).await
}

/// What an entry would point at with these relations, live ones only.
pub async fn as_if(db: &impl Ask, entry: i64, relations: &[Relation], locale: &str) -> Result<Vec<Pointed>> {
    if relations.is_empty() {
        return Ok(Vec::new());
    }
    let row = |(at, relation): (usize, &Relation)| json!([relation.to, relation.field, at]);
    let rows = serde_json::Value::from_iter(relations.iter().enumerate().map(row));
    db.all(
        "SELECT CAST($3 AS BIGINT) AS from_id, r.b AS field, target.id AS stored_id, shown.id,
                shown.translation_group, shown.type, shown.title, shown.summary, shown.cover, p.path
         FROM {rows:$1} AS r
         JOIN entries target ON target.id = CAST(r.a AS BIGINT)
         LEFT JOIN entries own ON own.translation_group = target.translation_group AND own.locale = $2
              AND own.state = 'published' AND own.visibility = 'public'
         JOIN entries shown ON shown.id = COALESCE(own.id, target.id)
              AND shown.state = 'published' AND shown.visibility = 'public'
         JOIN paths p ON p.entry_id = shown.id AND p.kind = 'canonical'
         ORDER BY r.b, CAST(r.c AS BIGINT)",
        args![rows.to_string(), locale, entry],
    )
    .await
}

/// The ids of everything an entry points at, whatever their state.
pub async fn targets(db: &impl Ask, entry: i64) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> = db
        .all("SELECT DISTINCT to_id FROM relations WHERE from_id = $1 ORDER BY to_id", args![entry])
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
