//! Lists of the back office as somebody wants them again.

use sqlx::FromRow;

use super::{Ask, Tx, db::args};
use crate::error::Result;

/// A list with a name.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct View {
    pub id: i64,
    #[sqlx(rename = "type")]
    pub kind: String,
    pub name: String,
    pub query: String,
}

/// Keeps a list under a name; the same name of the same user and type is replaced.
pub async fn write(tx: &Tx, user: i64, view: &View) -> Result<()> {
    tx.run(
        "INSERT INTO views (user_id, type, name, query) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id, type, name) DO UPDATE SET query = excluded.query",
        args![user, &view.kind, &view.name, &view.query],
    )
    .await
    .map(|_| ())
}

/// The views of a user on a type, by name; at most 50.
pub async fn of(db: &impl Ask, user: i64, kind: &str) -> Result<Vec<View>> {
    db.all(
        "SELECT id, type, name, query FROM views WHERE user_id = $1 AND type = $2 ORDER BY name LIMIT 50",
        args![user, kind],
    )
    .await
}

/// A view, if it is this user's.
pub async fn find(db: &impl Ask, user: i64, id: i64) -> Result<Option<View>> {
    db.optional("SELECT id, type, name, query FROM views WHERE id = $1 AND user_id = $2", args![id, user])
        .await
}

pub async fn remove(tx: &Tx, user: i64, id: i64) -> Result<u64> {
    tx.run("DELETE FROM views WHERE id = $1 AND user_id = $2", args![id, user]).await
}
