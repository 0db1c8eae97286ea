//! What a form offers to choose from: entries found by how their titles begin, and by whole words
//! within them. Each question reads a bounded part of an index, however many entries there are.

use sqlx::FromRow;

use super::dialect::{self, Wanted};
use super::{Ask, Db, db::args};
use crate::entry::State;
use crate::error::Result;
use crate::text::search::Query;

/// An entry to choose.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Choice {
    pub id: i64,
    pub title: String,
    state: String,
    /// Its address, which tells namesakes apart.
    pub path: Option<String>,
}

impl Choice {
    pub fn state(&self) -> State {
        self.state.parse().expect("entries_state allows no other")
    }
}

/// Who chooses: of what is no public's, they see what they began, or with `everything` all.
#[derive(Debug, Clone, Copy)]
pub struct Eyes<'a> {
    pub everything: bool,
    pub actor: &'a str,
}

/// Entries of a type for what is typed so far: those whose titles begin so, then those that hold its
/// words; without any, the newest.
pub async fn find(db: &Db, kind: &str, typed: &str, eyes: Eyes<'_>, limit: usize) -> Result<Vec<Choice>> {
    let typed = typed.trim();
    if typed.is_empty() {
        return newest(db, kind, eyes, limit).await;
    }
    let mut found = beginning(db, kind, typed, eyes, limit).await?;
    if found.len() < limit
        && let Some(capital) = capitalised(typed)
    {
        found.extend(beginning(db, kind, &capital, eyes, limit).await?);
    }
    if found.len() < limit
        && let Ok(Some(query)) = Query::parse(typed)
    {
        found.extend(holding(db, kind, &query, eyes, limit).await?);
    }
    let mut seen = std::collections::HashSet::new();
    found.retain(|choice| seen.insert(choice.id));
    found.truncate(limit);
    Ok(found)
}

async fn newest(db: &impl Ask, kind: &str, eyes: Eyes<'_>, limit: usize) -> Result<Vec<Choice>> {
    db.all(
        "SELECT e.id, e.title, e.state, p.path
         FROM entries e LEFT JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
         WHERE e.type = $1 AND e.state <> 'trashed'
           AND ((e.state = 'published' AND e.visibility <> 'private') OR $2
                OR EXISTS (SELECT 1 FROM revisions r
                           WHERE r.entry_id = e.id AND r.number = 1 AND r.actor = $3))
         ORDER BY e.id DESC LIMIT $4",
        args![kind, eyes.everything, eyes.actor, limit as i64],
    )
    .await
}

/// In the order of their titles. Capitals of ASCII make no difference.
async fn beginning(
    db: &impl Ask,
    kind: &str,
    typed: &str,
    eyes: Eyes<'_>,
    limit: usize,
) -> Result<Vec<Choice>> {
    let from = typed.to_ascii_lowercase();
    // No title goes on with the last of all characters.
    let to = format!("{from}\u{10FFFF}");
    db.all(
        "SELECT e.id, e.title, e.state, p.path
         FROM entries e LEFT JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
         WHERE e.type = $1 AND lower(e.title) >= $2 AND lower(e.title) < $3 AND e.state <> 'trashed'
           AND ((e.state = 'published' AND e.visibility <> 'private') OR $4
                OR EXISTS (SELECT 1 FROM revisions r
                           WHERE r.entry_id = e.id AND r.number = 1 AND r.actor = $5))
         ORDER BY lower(e.title) LIMIT $6",
        args![kind, from, to, eyes.everything, eyes.actor, limit as i64],
    )
    .await
}

/// Where SQL folds no letters: what is typed in small ones, as a title has it. None where that is the same.
fn capitalised(typed: &str) -> Option<String> {
    let mut letters = typed.chars();
    let first = letters.next().filter(|first| !first.is_ascii())?;
    let capital = first.to_uppercase().chain(letters).collect::<String>();
    (capital != typed).then_some(capital)
}

/// Of the newest that search knows to hold every word.
async fn holding(db: &Db, kind: &str, query: &Query, eyes: Eyes<'_>, limit: usize) -> Result<Vec<Choice>> {
    let asked = dialect::question(&query.terms, Wanted::EveryWordInTitle, db.engine());
    db.all(
        "SELECT e.id, e.title, e.state, p.path
         FROM {newest:$1} AS f
         CROSS JOIN entries e
         LEFT JOIN paths p ON p.entry_id = e.id AND p.kind = 'canonical'
         WHERE e.id = f.entry_id AND e.type = $2 AND e.state <> 'trashed'
           AND ((e.state = 'published' AND e.visibility <> 'private') OR $3
                OR EXISTS (SELECT 1 FROM revisions r
                           WHERE r.entry_id = e.id AND r.number = 1 AND r.actor = $4))
         LIMIT $5",
        args![asked, kind, eyes.everything, eyes.actor, limit as i64],
    )
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_small_is_looked_for_as_a_title_has_it() {
        assert_eq!(capitalised("école").as_deref(), Some("École"));
        assert_eq!(capitalised("École"), None);
        assert_eq!(capitalised("school"), None, "SQL folds these");
        assert_eq!(capitalised("شیراز"), None);
    }
}
