//! The registry of every URL path the site has ever had (DESIGN 1.1).
//!
//! A path of an entry points at the entry, never at another path; a redirect points at an entry or
//! at something that is no entry. So whatever is moved, in whatever order, an old path is one hop
//! from the present one, and chains and loops have no way to be written down.

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use serde_json::json;
use sqlx::FromRow;

use super::{Ask, Tx, db::args};
use crate::clock::Time;
use crate::error::{Error, Result};
use crate::text::Path;

/// What a visitor gets at a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// The canonical path of a live entry.
    Entry { id: i64, path: String },
    /// One hop away: a path of this site, or another site's URL.
    Redirect { status: i64, to: String, entry: Option<i64>, why: &'static str },
    /// It was here once.
    Gone { entry: Option<i64> },
    /// The registry doesn't know it: rules may, else 404.
    Unknown { entry: Option<i64> },
}

/// A path with what it belongs to, and that entry's present state.
#[derive(Debug, Clone, FromRow)]
struct Found {
    path: String,
    kind: String,
    entry_id: Option<i64>,
    target: Option<String>,
    status: Option<i64>,
    public_at: Option<i64>,
    live: Option<bool>,
    canonical: Option<String>,
    replaced_by: Option<i64>,
    replacement: Option<String>,
}

/// Looks a path up by its folded form.
pub async fn resolve(db: &impl Ask, folded: &str) -> Result<Answer> {
    let found: Option<Found> = db
        .optional(
            "SELECT p.path, p.kind, p.entry_id, p.target, p.status, p.public_at,
                    (e.state = 'published' AND e.visibility <> 'private') AS live,
                    c.path AS canonical, r.id AS replaced_by, rc.path AS replacement
             FROM paths p
             LEFT JOIN entries e ON e.id = p.entry_id
             LEFT JOIN paths c ON c.entry_id = e.id AND c.kind = 'canonical'
             LEFT JOIN entries r ON r.id = e.replaced_by
                  AND r.state = 'published' AND r.visibility <> 'private'
             LEFT JOIN paths rc ON rc.entry_id = r.id AND rc.kind = 'canonical'
             WHERE p.folded = $1",
            args![folded],
        )
        .await?;
    Ok(found.map_or(Answer::Unknown { entry: None }, answer))
}

fn answer(found: Found) -> Answer {
    let entry = found.entry_id;
    let status = found.status.unwrap_or(301);
    match (found.kind.as_str(), entry, found.target) {
        ("gone", ..) => Answer::Gone { entry: None },
        ("redirect", None, Some(to)) => Answer::Redirect { status, to, entry: None, why: "redirect" },
        (kind, Some(id), _) => match (found.live, found.canonical, found.replacement) {
            (Some(true), Some(path), _) if kind == "canonical" => Answer::Entry { id, path },
            (Some(true), Some(to), _) if kind == "former" => {
                Answer::Redirect { status, to, entry, why: "former path of an entry" }
            }
            (Some(true), Some(to), _) => Answer::Redirect { status, to, entry, why: "redirect to an entry" },
            (_, _, Some(to)) => Answer::Redirect {
                status,
                to,
                entry: found.replaced_by,
                why: "path of an entry that another one replaced",
            },
            _ if found.public_at.is_some() || kind == "redirect" => Answer::Gone { entry },
            _ => Answer::Unknown { entry },
        },
        (kind, None, None) => unreachable!("paths_kind forbids a {kind} without a target: {}", found.path),
        (kind, None, Some(_)) => unreachable!("paths_kind forbids a {kind} with a target: {}", found.path),
    }
}

/// A path an entry is to have.
#[derive(Debug, Clone)]
pub struct Move {
    pub entry: i64,
    pub path: Path,
    /// Whether the entry is, or has been, public at its present path.
    pub public: bool,
}

/// A path that can't be given, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub path: String,
    /// The title of what holds it, when an entry does.
    pub holder: Option<String>,
    /// It was public once and nobody lives there now: it may be taken on purpose.
    pub reusable: bool,
}

#[derive(FromRow)]
struct Holder {
    folded: String,
    path: String,
    title: Option<String>,
    public_at: Option<i64>,
    held: bool,
}

/// Gives entries their canonical paths, all at once. Their present ones become former when they
/// were ever public, else they are forgotten.
///
/// # Errors
/// `Error::Conflict` naming the first path that another thing holds. One where no page is now, but
/// once was, is taken over only when `reuse` says so.
pub async fn assign(tx: &Tx, moves: &[Move], reuse: bool, now: Time) -> Result<()> {
    let mut folded = HashSet::new();
    if let Some(step) = moves.iter().find(|step| !folded.insert(step.path.folded())) {
        return Err(Error::Conflict(format!("two entries would get the path {}", step.path)));
    }
    let rows = inherited(moves, &[], now);
    let holders: Vec<Holder> = holders(tx, &rows).await?;
    if let Some(holder) = holders.iter().find(|holder| holder.held || !reuse) {
        return Err(Error::Conflict(taken(holder).explain()));
    }
    for holder in &holders {
        tx.run("DELETE FROM paths WHERE folded = $1", args![&holder.folded]).await?;
    }
    let rows = inherited(moves, &holders, now);
    tx.run(
        "DELETE FROM paths
         WHERE kind = 'canonical' AND public_at IS NULL AND entry_id IN (SELECT id FROM {moves:$1} AS m)",
        args![&rows],
    )
    .await?;
    tx.run(
        "UPDATE paths SET kind = 'former'
         WHERE kind = 'canonical' AND entry_id IN (SELECT id FROM {moves:$1} AS m)",
        args![&rows],
    )
    .await?;
    place(tx, &rows, moves.len(), now).await
}

/// Gives an entry that has no path its first one, which is free.
///
/// # Errors
/// `Error::Conflict` when another entry has got it in the meantime.
pub async fn assign_first(tx: &Tx, entry: i64, path: &Path, now: Time) -> Result<()> {
    let placed = tx
        .run(
            "INSERT INTO paths (folded, path, kind, entry_id, created_at) VALUES ($1, $2, 'canonical', $3, $4)
             ON CONFLICT (folded) DO NOTHING",
            args![path.folded(), path.as_str(), entry, now],
        )
        .await?;
    if placed == 0 {
        return Err(Error::Conflict(format!("the path {path} is taken; choose another slug")));
    }
    tx.run(
        "UPDATE paths SET target = NULL, target_folded = NULL, entry_id = $2 WHERE target_folded = $1",
        args![path.folded(), entry],
    )
    .await?;
    Ok(())
}

/// The moves as rows. A path that is taken over stays one that was public, whoever has it.
fn inherited(moves: &[Move], from: &[Holder], now: Time) -> String {
    let before: HashMap<&str, Option<i64>> =
        from.iter().map(|holder| (holder.folded.as_str(), holder.public_at)).collect();
    let row = |step: &Move| {
        let folded = step.path.folded();
        let public_at = before.get(folded.as_str()).copied().flatten().or(step.public.then_some(now.0));
        json!([step.entry, folded, step.path.as_str(), public_at])
    };
    serde_json::Value::Array(moves.iter().map(row).collect()).to_string()
}

async fn holders(db: &impl Ask, rows: &str) -> Result<Vec<Holder>> {
    db.all(
        "SELECT p.folded, p.path, e.title, p.public_at,
                (p.kind = 'canonical' AND (p.public_at IS NULL
                 OR (e.state = 'published' AND e.type <> 'landing'))) AS held
         FROM {moves:$1} AS m
         JOIN paths p ON p.folded = m.folded
         LEFT JOIN entries e ON e.id = p.entry_id
         WHERE p.entry_id IS NULL OR p.entry_id <> m.id OR p.kind = 'redirect'",
        args![rows],
    )
    .await
}

/// Writes canonical paths; the entry's own former one becomes canonical again.
async fn place(tx: &Tx, rows: &str, count: usize, now: Time) -> Result<()> {
    let placed = tx
        .run(
            "INSERT INTO paths (folded, path, kind, entry_id, public_at, created_at)
         SELECT folded, path, 'canonical', id, public_at, $2
         FROM {moves:$1} AS m
         WHERE true
         ON CONFLICT (folded) DO UPDATE
         SET kind = 'canonical', path = excluded.path,
             public_at = COALESCE(paths.public_at, excluded.public_at)
         WHERE paths.entry_id = excluded.entry_id",
            args![rows, now],
        )
        .await?;
    if placed < count as u64 {
        refuse_lost(tx, rows).await?;
    }
    tx.run(
        "UPDATE paths SET target = NULL, target_folded = NULL,
                entry_id = (SELECT p.entry_id FROM paths p WHERE p.folded = paths.target_folded)
         WHERE target_folded IN (SELECT folded FROM {moves:$1} AS m)",
        args![rows],
    )
    .await?;
    Ok(())
}

/// Names the first path that something else holds.
async fn refuse_lost(tx: &Tx, rows: &str) -> Result<()> {
    let lost: Option<(String,)> = tx
        .optional(
            "SELECT m.path FROM {moves:$1} AS m
             WHERE NOT EXISTS (
                 SELECT 1 FROM paths p
                 WHERE p.folded = m.folded AND p.entry_id = m.id AND p.kind = 'canonical'
             )",
            args![rows],
        )
        .await?;
    match lost {
        Some((path,)) => Err(Error::Conflict(format!("the path {path} is taken; choose another slug"))),
        None => Ok(()),
    }
}

fn taken(holder: &Holder) -> Taken {
    Taken { path: holder.path.clone(), holder: holder.title.clone(), reusable: !holder.held }
}

impl Taken {
    /// In words, with what to do.
    pub fn explain(&self) -> String {
        let holder =
            self.holder.as_deref().map_or_else(|| "a redirect".to_owned(), |title| format!("“{title}”"));
        if self.reusable {
            format!(
                "the path {} was public before and belongs to {holder}; choose another slug, or have it reused by the command line",
                self.path
            )
        } else {
            format!("the path {} is taken by {holder}; choose another slug", self.path)
        }
    }
}

/// The translation of an entry in a locale, or the entry itself where there is none, with its path.
pub async fn canonical_in(db: &impl Ask, entry: i64, locale: &str) -> Result<Option<(i64, Option<String>)>> {
    db.optional(
        "SELECT t.id, p.path
         FROM entries e
         JOIN entries t ON t.translation_group = e.translation_group
         LEFT JOIN paths p ON p.entry_id = t.id AND p.kind = 'canonical'
         WHERE e.id = $1 AND (t.id = $1 OR (t.locale = $2 AND t.state <> 'trashed'))
         ORDER BY (t.locale = $2 AND t.state <> 'trashed') DESC LIMIT 1",
        args![entry, locale],
    )
    .await
}

/// Whether somebody else has the path.
pub async fn taken_by(db: &impl Ask, path: &Path, entry: Option<i64>) -> Result<Option<Taken>> {
    let holder: Option<Holder> = db
        .optional(
            "SELECT p.folded, p.path, e.title, p.public_at,
                    (p.kind = 'canonical' AND (p.public_at IS NULL
                 OR (e.state = 'published' AND e.type <> 'landing'))) AS held
             FROM paths p LEFT JOIN entries e ON e.id = p.entry_id
             WHERE p.folded = $1 AND (p.entry_id IS NULL OR p.entry_id <> $2 OR p.kind = 'redirect')",
            args![path.folded(), entry.unwrap_or(0)],
        )
        .await?;
    Ok(holder.as_ref().map(taken))
}

/// The first of these paths that another thing holds.
pub async fn first_taken(db: &impl Ask, moves: &[Move]) -> Result<Option<Taken>> {
    let rows = inherited(moves, &[], Time(0));
    Ok(holders(db, &rows).await?.first().map(taken))
}

/// Notes that the entry's canonical path has been shown to the public.
pub async fn mark_public(tx: &Tx, entry: i64, now: Time) -> Result<()> {
    tx.run(
        "UPDATE paths SET public_at = $2 WHERE entry_id = $1 AND kind = 'canonical' AND public_at IS NULL",
        args![entry, now],
    )
    .await?;
    Ok(())
}

/// Forgets the entry's path when the public never saw it, so that it is free again.
pub async fn forget_unseen(tx: &Tx, entry: i64) -> Result<()> {
    tx.run(
        "DELETE FROM paths WHERE entry_id = $1 AND kind = 'canonical' AND public_at IS NULL",
        args![entry],
    )
    .await?;
    Ok(())
}

/// Adds a former path: an alias that an import brings. Says whether it is new.
///
/// # Errors
/// `Error::Conflict` when another thing holds it.
pub async fn add_former(tx: &Tx, entry: i64, path: &Path, now: Time) -> Result<bool> {
    if let Some(taken) = taken_by(tx, path, Some(entry)).await? {
        return Err(Error::Conflict(format!(
            "the path {} already belongs to {}",
            path,
            match &taken.holder {
                Some(title) => format!("“{title}”"),
                None => "a redirect".to_owned(),
            }
        )));
    }
    let added = tx
        .run(
            "INSERT INTO paths (folded, path, kind, entry_id, public_at, created_at)
             VALUES ($1, $2, 'former', $3, $4, $4)
             ON CONFLICT (folded) DO NOTHING",
            args![path.folded(), path.as_str(), entry, now],
        )
        .await?;
    Ok(added > 0)
}

/// The canonical path of an entry.
pub async fn canonical(db: &impl Ask, entry: i64) -> Result<Option<Path>> {
    let row: Option<(String,)> = db
        .optional("SELECT path FROM paths WHERE entry_id = $1 AND kind = 'canonical'", args![entry])
        .await?;
    Ok(row.map(|(path,)| stored(&path)))
}

/// The canonical paths of entries, by id.
pub async fn canonicals(db: &impl Ask, ids: &[i64]) -> Result<HashMap<i64, String>> {
    let rows: Vec<(i64, String)> = db
        .all("SELECT entry_id, path FROM paths WHERE entry_id IN {ids:$1} AND kind = 'canonical'", args![ids])
        .await?;
    Ok(rows.into_iter().collect())
}

/// The paths at which the public has seen an entry, by folded form.
pub async fn public_of(db: &impl Ask, entry: i64) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = db
        .all(
            "SELECT path FROM paths
             WHERE entry_id = $1 AND public_at IS NOT NULL AND kind <> 'redirect'
             ORDER BY folded",
            args![entry],
        )
        .await?;
    Ok(rows.into_iter().map(|(path,)| path).collect())
}

/// The former paths of an entry, in the order of their folded forms.
pub async fn former(db: &impl Ask, entry: i64) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = db
        .all("SELECT path FROM paths WHERE entry_id = $1 AND kind = 'former' ORDER BY folded", args![entry])
        .await?;
    Ok(rows.into_iter().map(|(path,)| path).collect())
}

/// Whose path a folded path is, live or not.
pub async fn owner(db: &impl Ask, folded: &str) -> Result<Option<i64>> {
    let row: Option<(i64,)> = db
        .optional(
            "SELECT entry_id FROM paths WHERE folded = $1 AND entry_id IS NOT NULL AND kind <> 'redirect'",
            args![folded],
        )
        .await?;
    Ok(row.map(|(id,)| id))
}

/// Whose paths folded paths are; those that are nobody's are left out.
pub async fn owners(db: &impl Ask, folded: &[String]) -> Result<HashMap<String, i64>> {
    let rows: Vec<(String, i64)> = db
        .all(
            "SELECT folded, entry_id FROM paths
             WHERE folded IN {texts:$1} AND entry_id IS NOT NULL AND kind <> 'redirect'",
            args![folded],
        )
        .await?;
    Ok(rows.into_iter().collect())
}

/// Every folded path that leads to an entry.
pub async fn all_of(db: &impl Ask, entry: i64) -> Result<Vec<String>> {
    let rows: Vec<(String,)> =
        db.all("SELECT folded FROM paths WHERE entry_id = $1 ORDER BY folded", args![entry]).await?;
    Ok(rows.into_iter().map(|(folded,)| folded).collect())
}

/// An entry below another, by path.
#[derive(Debug, Clone, FromRow)]
pub struct Below {
    pub id: i64,
    /// The entry right above it.
    pub above: i64,
    #[sqlx(rename = "type")]
    pub kind: String,
    pub locale: String,
    pub slug: String,
    pub published_at: Option<Time>,
    /// None when another entry has taken its path over.
    pub path: Option<String>,
    pub public: bool,
}

/// Every entry whose path begins with this entry's, however deep; nearer ones first.
pub async fn below(db: &impl Ask, entry: i64) -> Result<Vec<Below>> {
    db.all(
        "WITH RECURSIVE below (id, depth) AS (
             SELECT id, 1 FROM entries WHERE path_parent_id = $1
             UNION
             SELECT e.id, b.depth + 1
             FROM entries e JOIN below b ON e.path_parent_id = b.id
             WHERE b.depth < 64
         )
         SELECT e.id, e.path_parent_id AS above, e.type, e.locale, e.slug, e.published_at, p.path,
                (e.state = 'published' AND e.visibility <> 'private') AS public
         FROM below b
         JOIN entries e ON e.id = b.id
         LEFT JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
         ORDER BY b.depth, p.folded",
        args![entry],
    )
    .await
}

/// A path as the registry has it; only the normaliser ever wrote there.
pub fn stored(path: &str) -> Path {
    Path::from_store(path)
}

/// Canonical paths of live entries, folded and as shown, after this folded one.
pub async fn live_after(db: &impl Ask, folded: &str, limit: i64) -> Result<Vec<(String, String)>> {
    db.all(
        "SELECT p.folded, p.path
         FROM paths p JOIN entries e ON e.id = p.entry_id
         WHERE p.kind = 'canonical' AND p.folded > $1
           AND e.state = 'published' AND e.visibility <> 'private'
         ORDER BY p.folded LIMIT $2",
        args![folded, limit],
    )
    .await
}

/// One row of the registry as it stands.
#[derive(Debug, Clone, FromRow)]
pub struct Registered {
    pub kind: String,
    pub entry_id: Option<i64>,
    pub target: Option<String>,
}

pub async fn registered(db: &impl Ask, folded: &str) -> Result<Option<Registered>> {
    db.optional("SELECT kind, entry_id, target FROM paths WHERE folded = $1", args![folded]).await
}
