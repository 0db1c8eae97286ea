//! What a person does with jobs that failed for good.

use serde_json::json;

use crate::actions::Change;
use crate::entry::Verb;
use crate::error::{Error, Result};
use crate::store::jobs;

/// Gives dead jobs another chance, one or all; how many wait again.
///
/// # Errors
/// `NotFound` when there is no dead job of that number; `Denied`.
pub async fn retry(change: &mut Change<'_>, id: Option<i64>) -> Result<u64> {
    change.permit(Verb::Oversee)?;
    let retried = jobs::retry(&change.tx, id, change.now).await?;
    if id.is_some() && retried == 0 {
        return Err(Error::NotFound);
    }
    change.audit("retry_jobs", None, &json!({ "job": id, "retried": retried }));
    Ok(retried)
}

/// Forgets a dead job.
///
/// # Errors
/// `NotFound` when there is no dead job of that number; `Denied`.
pub async fn forget(change: &mut Change<'_>, id: i64) -> Result<()> {
    change.permit(Verb::Oversee)?;
    if !jobs::forget(&change.tx, id).await? {
        return Err(Error::NotFound);
    }
    change.audit("forget_job", None, &json!({ "job": id }));
    Ok(())
}
