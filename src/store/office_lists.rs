//! The lists of the back office: entries of a type whatever their state, found by the words of their
//! titles, narrowed by state and fields, in several orders, page by page from the last entry of the page
//! before. Each way begins at an index that has the order already, so a page takes the same time however
//! many entries there are.

use std::collections::HashMap;

use serde_json::json;

use unicode_normalization::char::is_combining_mark;

use super::dialect::Engine;
use super::filters::{By, Filter};
use super::office::Listed;
use super::{Arg, Ask, Db, db::args};
use crate::entry::{Content, State};
use crate::error::{Error, Result};

/// What of a type is asked for.
#[derive(Debug, Clone, Default)]
pub struct Wanted<'a> {
    pub kind: &'a str,
    /// All but the trash without one.
    pub state: Option<State>,
    /// Only what this actor began.
    pub own: Option<&'a str>,
    /// What words of the title begin with; empty for all.
    pub words: &'a str,
    /// A relation is to that very entry.
    pub filters: &'a [Filter],
    pub order: Order<'a>,
    /// The last entry of the page before.
    pub after: Option<i64>,
    pub limit: i64,
}

/// In which order. Whoever searches or narrows sees the newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order<'a> {
    #[default]
    Newest,
    Title,
    /// By a number that the type sorts by, the largest first; what has none is left out.
    Number(&'a str),
}

/// `$1` is the type, `$2` the state, `$3` who began them, `$4` what fields hold, `$5` the last entry of the
/// page before. `|| ''` keeps planners from beginning with all entries of the type.
macro_rules! narrowed {
    ($what:literal, $from:literal, $type:literal, $end:literal) => {
        concat!(
            "SELECT ",
            $what,
            " FROM ",
            $from,
            " AS e WHERE ",
            $type,
            " = $1
               AND (($2 = '' AND e.state <> 'trashed') OR e.state = $2)
               AND ($3 = '' OR EXISTS (SELECT 1 FROM revisions b
                                       WHERE b.entry_id = e.id AND b.number = 1 AND b.actor = $3))
               AND NOT EXISTS (
                   SELECT 1 FROM {filters:$4} AS f
                   WHERE NOT ((f.hub IS NOT NULL AND EXISTS (
                                  SELECT 1 FROM relations r
                                  WHERE r.from_id = e.id AND r.field = f.field AND r.to_id = f.hub))
                           OR (f.hub IS NULL AND EXISTS (
                                  SELECT 1 FROM field_index i
                                  WHERE i.entry_id = e.id AND i.field = f.field
                                    AND (i.text = f.text OR i.number = f.number))))) ",
            $end
        )
    };
}

/// Where a list begins: the index that has its entries in order.
macro_rules! begun {
    ($way:expr, $what:literal, $end:literal) => {
        match $way {
            Way::All => narrowed!($what, "(SELECT x.id AS at, x.* FROM entries x)", "e.type", $end),
            Way::Unpublished => narrowed!(
                $what,
                "(SELECT x.id AS at, x.* FROM entries x WHERE x.state <> 'published')",
                "e.type || ''",
                $end
            ),
            Way::Own => narrowed!(
                $what,
                "(SELECT b.entry_id AS at, x.* FROM revisions b JOIN entries x ON x.id = b.entry_id
                  WHERE b.actor = $6 AND b.number = 1 AND b.actor <> 'operator')",
                "e.type || ''",
                $end
            ),
            Way::Words => narrowed!($what, "{titled:$6}", "e.type || ''", $end),
            Way::Relation => narrowed!(
                $what,
                "(SELECT r.from_id AS at, x.* FROM relations r JOIN entries x ON x.id = r.from_id
                  WHERE r.to_id = $6 AND r.field = $7)",
                "e.type || ''",
                $end
            ),
            Way::Text => narrowed!(
                $what,
                "(SELECT i.entry_id AS at, x.* FROM field_index i JOIN entries x ON x.id = i.entry_id
                  WHERE i.type = $1 AND i.field = $7 AND i.text = $6)",
                "e.type || ''",
                $end
            ),
            Way::Number => narrowed!(
                $what,
                "(SELECT i.entry_id AS at, x.* FROM field_index i JOIN entries x ON x.id = i.entry_id
                  WHERE i.type = $1 AND i.field = $7 AND i.number = $6)",
                "e.type || ''",
                $end
            ),
        }
    };
}

/// Which index a list begins at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    All,
    Unpublished,
    Own,
    Words,
    Relation,
    Text,
    Number,
}

impl Wanted<'_> {
    /// The first filter is the one that is read from its index: a relation leaves fewest.
    fn first(&self) -> Option<&Filter> {
        let relation = self.filters.iter().find(|filter| matches!(filter.by, By::Group(_)));
        relation.or_else(|| self.filters.first())
    }

    fn way(&self) -> Way {
        if !question(self.words).is_empty() {
            return Way::Words;
        }
        match (self.first().map(|filter| &filter.by), self.own, self.state) {
            (Some(By::Group(_)), ..) => Way::Relation,
            (Some(By::Text(_)), ..) => Way::Text,
            (Some(By::Number(_)), ..) => Way::Number,
            (None, Some(_), _) => Way::Own,
            (None, None, None | Some(State::Published)) => Way::All,
            (None, None, Some(_)) => Way::Unpublished,
        }
    }

    fn common(&self, after: i64) -> Vec<Arg> {
        let row = |filter: &Filter| match &filter.by {
            By::Group(id) => json!([filter.field, id, null, null]),
            By::Text(text) => json!([filter.field, null, text, null]),
            By::Number(number) => json!([filter.field, null, null, number]),
        };
        let filters: Vec<_> = self.filters.iter().map(row).collect();
        let state = self.state.map_or("", State::as_str);
        args![self.kind, state, self.own.unwrap_or_default(), json!(filters).to_string(), after]
    }

    /// What the way begins with, from `$6` on.
    fn arguments(&self, db: &Db) -> Vec<Arg> {
        let mut given = self.common(self.after.unwrap_or(i64::MAX));
        match self.way() {
            Way::All | Way::Unpublished => {}
            Way::Own => given.extend(args![self.own.unwrap_or_default()]),
            Way::Words => given.extend(args![written(self.words, self.kind, db.engine())]),
            Way::Relation | Way::Text | Way::Number => {
                let first = self.first().expect("the way is that of a filter");
                given.push(match &first.by {
                    By::Group(id) => (*id).into(),
                    By::Text(text) => text.into(),
                    By::Number(number) => (*number).into(),
                });
                given.extend(args![&first.field]);
            }
        }
        given
    }
}

/// The words that are looked for, without what no title is found by.
fn question(words: &str) -> Vec<String> {
    let parts = words.split(|letter: char| !letter.is_alphanumeric() && !is_combining_mark(letter));
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Whether something was typed that no title is found by: marks alone.
fn finds_nothing(words: &str) -> bool {
    !words.trim().is_empty() && question(words).is_empty()
}

/// As the database's own index is asked: every word, as the beginning of one.
fn written(words: &str, kind: &str, engine: Engine) -> String {
    let words = question(words);
    match engine {
        Engine::Sqlite => {
            let words: Vec<String> = words.iter().map(|word| format!("\"{word}\" *")).collect();
            format!("type : \"{kind}\" AND title : ({})", words.join(" AND "))
        }
        Engine::Postgres => {
            // A server whose locale knows no letters but English ones has made these alone small.
            let word = |word: &String| match (word.to_lowercase(), word.to_ascii_lowercase()) {
                (small, as_typed) if small == as_typed => format!("'{small}':*"),
                (small, as_typed) => format!("('{small}':* | '{as_typed}':*)"),
            };
            words.iter().map(word).collect::<Vec<_>>().join(" & ")
        }
    }
}

/// The numbers of a page of entries, in order.
pub async fn ids(db: &Db, wanted: &Wanted<'_>) -> Result<Vec<i64>> {
    if finds_nothing(wanted.words) {
        return Ok(Vec::new());
    }
    let plain = wanted.way() == Way::All;
    match wanted.order {
        Order::Title if plain => return by_title(db, wanted).await,
        Order::Number(field) if plain => return by_number(db, wanted, field).await,
        _ => {}
    }
    let sql = match wanted.way() {
        // Of a million entries few are in any other state: these have an index of their own.
        way @ (Way::All | Way::Unpublished) => {
            begun!(way, "e.at", "AND e.at < $5 ORDER BY e.at DESC LIMIT $6")
        }
        way @ (Way::Own | Way::Words) => begun!(way, "e.at", "AND e.at < $5 ORDER BY e.at DESC LIMIT $7"),
        way => begun!(way, "e.at", "AND e.at < $5 ORDER BY e.at DESC LIMIT $8"),
    };
    let mut given = wanted.arguments(db);
    given.extend(args![wanted.limit]);
    let rows: Vec<(i64,)> = db.all(sql, given).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

async fn by_title(db: &Db, wanted: &Wanted<'_>) -> Result<Vec<i64>> {
    let last: Option<(String,)> = match wanted.after {
        Some(id) => db.optional("SELECT title FROM entries WHERE id = $1", args![id]).await?,
        None => None,
    };
    let mut given = wanted.common(wanted.after.unwrap_or(0));
    given.extend(args![last.map(|(title,)| title).unwrap_or_default(), wanted.limit]);
    let rows: Vec<(i64,)> = db
        .all(
            narrowed!(
                "e.id",
                "entries",
                "e.type",
                "AND (e.title, e.id) > ($6, $5) ORDER BY e.title, e.id LIMIT $7"
            ),
            given,
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

async fn by_number(db: &Db, wanted: &Wanted<'_>, field: &str) -> Result<Vec<i64>> {
    let last: Option<(f64,)> = match wanted.after {
        Some(id) => {
            db.optional(
                "SELECT number FROM field_index WHERE entry_id = $1 AND field = $2 AND number IS NOT NULL",
                args![id, field],
            )
            .await?
        }
        None => None,
    };
    let mut given = wanted.common(wanted.after.unwrap_or(i64::MAX));
    given.extend(args![last.map_or(f64::MAX, |(number,)| number), wanted.limit, field]);
    let rows: Vec<(i64,)> = db
        .all(
            narrowed!(
                "e.at",
                "(SELECT i.entry_id AS at, i.number AS rank, x.*
                  FROM field_index i JOIN entries x ON x.id = i.entry_id
                  WHERE i.type = $1 AND i.field = $8 AND i.number IS NOT NULL)",
                "e.type || ''",
                "AND (e.rank, e.at) < ($6, $5) ORDER BY e.rank DESC, e.at DESC LIMIT $7"
            ),
            given,
        )
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// How many entries there are in all. This reads them.
pub async fn count(db: &Db, wanted: &Wanted<'_>) -> Result<i64> {
    if finds_nothing(wanted.words) {
        return Ok(0);
    }
    let wanted = Wanted { after: None, ..wanted.clone() };
    let sql = begun!(wanted.way(), "COUNT(*)", "AND e.at < $5");
    let (count,): (i64,) = db.one(sql, wanted.arguments(db)).await?;
    Ok(count)
}

/// The entries of these numbers, in their order.
pub async fn rows(db: &impl Ask, ids: &[i64]) -> Result<Vec<Listed>> {
    let mut rows = super::office::listed_of(db, ids).await?;
    rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    Ok(rows)
}

/// What these revisions hold, by their numbers.
pub async fn contents(db: &impl Ask, revisions: &[i64]) -> Result<HashMap<i64, Content>> {
    let rows: Vec<(i64, String)> =
        db.all("SELECT id, content FROM revisions WHERE id IN {ids:$1}", args![revisions]).await?;
    let read = |(id, json): (i64, String)| Ok((id, serde_json::from_str(&json).map_err(Error::internal)?));
    rows.into_iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_asked_for_as_beginnings_and_nothing_else_gets_through() {
        assert_eq!(written("Blue  do", "place", Engine::Postgres), "'blue':* & 'do':*");
        assert_eq!(
            written("O'Neil\" OR (x)*", "place", Engine::Sqlite),
            "type : \"place\" AND title : (\"O\" * AND \"Neil\" * AND \"OR\" * AND \"x\" *)"
        );
        assert_eq!(written("Élan", "place", Engine::Postgres), "('élan':* | 'Élan':*)");
        assert!(finds_nothing("%") && !finds_nothing(" "));
        assert!(question(" …' ").is_empty());
    }
}
