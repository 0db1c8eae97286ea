//! Who may work on the site, and what they get in by.

use sqlx::FromRow;

use super::{Ask, Tx, db::args};
use crate::account::Language;
use crate::clock::Time;
use crate::entry::{Actor, Role};
use crate::error::{Error, Result};

/// A person who may work on the site.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct User {
    pub id: i64,
    /// Folded, as `account::fold_email` has it.
    pub email: String,
    pub name: String,
    role: String,
    pub created_at: Time,
    pub disabled_at: Option<Time>,
    language: Option<String>,
}

impl User {
    pub fn role(&self) -> Role {
        self.role.parse().expect("users_role allows no other")
    }

    /// The language that the back office speaks to them; none while it is the one that their browser asks
    /// for.
    pub fn language(&self) -> Option<Language> {
        self.language.as_deref().and_then(Language::of)
    }

    pub fn is_disabled(&self) -> bool {
        self.disabled_at.is_some()
    }

    /// Who acts when this user does.
    pub fn actor(&self) -> Actor {
        Actor::User { id: self.id, role: self.role() }
    }
}

/// # Errors
/// `Invalid` when the address is somebody else's already.
pub async fn insert(tx: &Tx, email: &str, name: &str, role: Role, now: Time) -> Result<User> {
    let inserted = tx
        .one(
            "INSERT INTO users (email, name, role, created_at) VALUES ($1, $2, $3, $4) RETURNING *",
            args![email, name, role.as_str(), now],
        )
        .await;
    inserted.map_err(taken)
}

fn taken(error: Error) -> Error {
    match error {
        Error::Conflict(_) => Error::field("email", "is the address of somebody who is there already"),
        other => other,
    }
}

/// # Errors
/// `Invalid` when the address is somebody else's already.
pub async fn set_email(tx: &Tx, id: i64, email: &str) -> Result<()> {
    let set = tx.run("UPDATE users SET email = $2 WHERE id = $1", args![id, email]).await;
    set.map(|_| ()).map_err(taken)
}

pub async fn find(db: &impl Ask, id: i64) -> Result<Option<User>> {
    db.optional("SELECT * FROM users WHERE id = $1", args![id]).await
}

/// The user of a folded address.
pub async fn find_by_email(db: &impl Ask, email: &str) -> Result<Option<User>> {
    db.optional("SELECT * FROM users WHERE email = $1", args![email]).await
}

/// Everybody, by name; at most 1,000.
pub async fn all(db: &impl Ask) -> Result<Vec<User>> {
    db.all("SELECT * FROM users ORDER BY name, id LIMIT 1000", args![]).await
}

/// How many owners can get in.
pub async fn owners(db: &impl Ask) -> Result<i64> {
    let (count,): (i64,) =
        db.one("SELECT COUNT(*) FROM users WHERE role = 'owner' AND disabled_at IS NULL", args![]).await?;
    Ok(count)
}

pub async fn set_role(tx: &Tx, id: i64, role: Role) -> Result<()> {
    tx.run("UPDATE users SET role = $2 WHERE id = $1", args![id, role.as_str()]).await.map(|_| ())
}

pub async fn set_disabled(tx: &Tx, id: i64, at: Option<Time>) -> Result<()> {
    tx.run("UPDATE users SET disabled_at = $2 WHERE id = $1", args![id, at]).await.map(|_| ())
}

pub async fn set_name(tx: &Tx, id: i64, name: &str) -> Result<()> {
    tx.run("UPDATE users SET name = $2 WHERE id = $1", args![id, name]).await.map(|_| ())
}

pub async fn set_language(tx: &Tx, id: i64, language: Language) -> Result<()> {
    tx.run("UPDATE users SET language = $2 WHERE id = $1", args![id, language.code()]).await.map(|_| ())
}

/// The stored hash of a user's password; none before they have chosen one.
pub async fn password(db: &impl Ask, user: i64) -> Result<Option<String>> {
    let row: Option<(String,)> =
        db.optional("SELECT password FROM credentials WHERE user_id = $1", args![user]).await?;
    Ok(row.map(|(password,)| password))
}

pub async fn set_password(tx: &Tx, user: i64, hash: &str, now: Time) -> Result<()> {
    tx.run(
        "INSERT INTO credentials (user_id, password, changed_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_id) DO UPDATE SET password = excluded.password, changed_at = excluded.changed_at",
        args![user, hash, now],
    )
    .await
    .map(|_| ())
}

/// A link that lets one person in once.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct OneTimeLink {
    /// `None`: the first owner, who is nobody yet.
    pub user_id: Option<i64>,
    pub expires_at: Time,
}

/// Makes a link for a user, or for the first owner. Earlier ones of theirs open nothing any more, but those
/// that would be open longer: anybody can ask for a short one, and takes no invitation away by it.
pub async fn give_link(tx: &Tx, digest: &str, user: Option<i64>, now: Time, expires: Time) -> Result<()> {
    tx.run(
        "DELETE FROM one_time_links
         WHERE (user_id = $1 AND expires_at <= $4) OR (user_id IS NULL AND $2) OR expires_at <= $3",
        args![user, user.is_none(), now, expires],
    )
    .await?;
    tx.run(
        "INSERT INTO one_time_links (digest, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)",
        args![digest, user, now, expires],
    )
    .await
    .map(|_| ())
}

/// The link of this secret, if it opens anything still.
pub async fn link(db: &impl Ask, digest: &str, now: Time) -> Result<Option<OneTimeLink>> {
    db.optional(
        "SELECT user_id, expires_at FROM one_time_links WHERE digest = $1 AND expires_at > $2",
        args![digest, now],
    )
    .await
}

/// Uses a link up; of several who try at once one gets it.
pub async fn use_link(tx: &Tx, digest: &str, now: Time) -> Result<Option<OneTimeLink>> {
    tx.optional(
        "DELETE FROM one_time_links WHERE digest = $1 AND expires_at > $2 RETURNING user_id, expires_at",
        args![digest, now],
    )
    .await
}

/// Takes every link of a user back.
pub async fn take_links_back(tx: &Tx, user: i64) -> Result<()> {
    tx.run("DELETE FROM one_time_links WHERE user_id = $1", args![user]).await.map(|_| ())
}
