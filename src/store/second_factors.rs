//! What people show besides their password.

use sqlx::FromRow;

use super::{Ask, Tx, db::args};
use crate::clock::Time;
use crate::error::Result;

/// The second factor of a user.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct SecondFactor {
    /// Encrypted.
    pub seed: String,
    /// It counts from then on; not yet, without one.
    pub confirmed_at: Option<Time>,
    pub last_step: i64,
}

pub async fn find(db: &impl Ask, user: i64) -> Result<Option<SecondFactor>> {
    db.optional("SELECT seed, confirmed_at, last_step FROM second_factors WHERE user_id = $1", args![user])
        .await
}

/// Whether a user has one that counts.
pub async fn is_on(db: &impl Ask, user: i64) -> Result<bool> {
    Ok(find(db, user).await?.is_some_and(|factor| factor.confirmed_at.is_some()))
}

/// Who has one that counts; at most 1,000.
pub async fn users(db: &impl Ask) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> = db
        .all(
            "SELECT user_id FROM second_factors WHERE confirmed_at IS NOT NULL ORDER BY user_id LIMIT 1000",
            args![],
        )
        .await?;
    Ok(rows.into_iter().map(|(user,)| user).collect())
}

/// Puts a seed in the place of one that never counted; false where one counts.
pub async fn begin(tx: &Tx, user: i64, seed: &str) -> Result<bool> {
    let rows = tx
        .run(
            "INSERT INTO second_factors (user_id, seed, last_step) VALUES ($1, $2, 0)
             ON CONFLICT (user_id) DO UPDATE SET seed = excluded.seed, last_step = 0
             WHERE second_factors.confirmed_at IS NULL",
            args![user, seed],
        )
        .await?;
    Ok(rows == 1)
}

/// Lets the one with this seed count, by its first code; false where another has taken its place.
pub async fn confirm(tx: &Tx, user: i64, seed: &str, step: i64, now: Time) -> Result<bool> {
    let rows = tx
        .run(
            "UPDATE second_factors SET confirmed_at = $3, last_step = $2
             WHERE user_id = $1 AND confirmed_at IS NULL AND seed = $4",
            args![user, step, now, seed],
        )
        .await?;
    Ok(rows == 1)
}

/// Takes the code of a step; of several who send it at once, one has it taken.
pub async fn take_step(tx: &Tx, user: i64, step: i64) -> Result<bool> {
    let rows = tx
        .run(
            "UPDATE second_factors SET last_step = $2
             WHERE user_id = $1 AND last_step < $2 AND confirmed_at IS NOT NULL",
            args![user, step],
        )
        .await?;
    Ok(rows == 1)
}

/// Takes the factor away, with its recovery codes; false where there was none.
pub async fn remove(tx: &Tx, user: i64) -> Result<bool> {
    tx.run("DELETE FROM recovery_codes WHERE user_id = $1", args![user]).await?;
    Ok(tx.run("DELETE FROM second_factors WHERE user_id = $1", args![user]).await? == 1)
}

/// Puts these recovery codes in the place of all before.
pub async fn set_recovery_codes(tx: &Tx, user: i64, digests: &[String]) -> Result<()> {
    tx.run("DELETE FROM recovery_codes WHERE user_id = $1", args![user]).await?;
    for digest in digests {
        tx.run("INSERT INTO recovery_codes (user_id, digest) VALUES ($1, $2)", args![user, digest]).await?;
    }
    Ok(())
}

/// Uses a recovery code up; of several who send it at once, one has it taken.
pub async fn use_recovery_code(tx: &Tx, user: i64, digest: &str) -> Result<bool> {
    let rows =
        tx.run("DELETE FROM recovery_codes WHERE user_id = $1 AND digest = $2", args![user, digest]).await?;
    Ok(rows == 1)
}

/// How many recovery codes are left.
pub async fn recovery_codes_left(db: &impl Ask, user: i64) -> Result<i64> {
    let (count,): (i64,) =
        db.one("SELECT COUNT(*) FROM recovery_codes WHERE user_id = $1", args![user]).await?;
    Ok(count)
}
