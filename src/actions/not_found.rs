//! What an editor does with an address that leads nowhere.

use serde_json::json;

use super::redirects::{self, Wish};
use crate::actions::Change;
use crate::app::Answered;
use crate::app::App;
use crate::clock::Time;
use crate::entry::Verb;
use crate::entry::rules::Rule;
use crate::error::{Error, Result};
use crate::store::Tx;
use crate::store::not_found::{self, Missed};
use crate::store::paths::{self, Answer};
use crate::text::Path;

/// How long an address is remembered that nobody asks for, in milliseconds.
const KEPT: i64 = 90 * 24 * 3_600_000;

/// What is to become of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settlement {
    /// It leads there with a 301; a path or a URL, as redirects take it.
    LeadTo(String),
    /// It says that it is gone (410).
    Gone,
    /// It stays as it is, and nobody is told of it any more.
    Ignore,
    /// It is told of again.
    Watch,
}

/// Settles an address.
///
/// # Errors
/// `NotFound` when it is not listed any more, those of `redirects::add`, `Denied`.
pub async fn settle(change: &mut Change<'_>, id: i64, settlement: &Settlement) -> Result<()> {
    change.permit(Verb::Redirect)?;
    let missed = not_found::find(&change.tx, id).await?.ok_or(Error::NotFound)?;
    let (to, status) = match settlement {
        Settlement::LeadTo(to) => (Some(to.clone()), 301),
        Settlement::Gone => (None, 410),
        Settlement::Ignore => return set_ignored(change, &missed, true).await,
        Settlement::Watch => return set_ignored(change, &missed, false).await,
    };
    let from = paths::stored(&missed.path).href();
    let wish = Wish { kind: "exact".into(), from, to, status, reuse: false };
    redirects::add(change, &wish).await.map(|_| ())
}

async fn set_ignored(change: &mut Change<'_>, missed: &Missed, ignored: bool) -> Result<()> {
    not_found::set_ignored(&change.tx, missed.id, ignored.then_some(change.now)).await?;
    let action = if ignored { "ignore_not_found" } else { "watch_not_found" };
    change.audit(action, None, &json!({ "path": missed.path }));
    Ok(())
}

/// Forgets the addresses that a new rule answers: those that it matches and does not lead nowhere.
pub(super) async fn forget_answered(change: &Change<'_>, rule: &Rule) -> Result<()> {
    let mut answered = Vec::new();
    for (id, path) in not_found::all(&change.tx).await? {
        let Some(target) = rule.apply(&paths::stored(&path)) else { continue };
        if leads_somewhere(change, target).await? {
            answered.push(id);
        }
    }
    not_found::forget(&change.tx, &answered).await.map(|_| ())
}

async fn leads_somewhere(change: &Change<'_>, target: Option<String>) -> Result<bool> {
    let Some(target) = target.filter(|target| target.starts_with('/')) else { return Ok(true) };
    let Ok(path) = Path::parse(&target) else { return Ok(false) };
    let folded = path.folded();
    if change.app.own_page(&folded).is_some() {
        return Ok(true);
    }
    Ok(!matches!(paths::resolve(&change.tx, &folded).await?, Answer::Unknown { .. }))
}

/// The addresses that answer by now, in whatever way.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn answered(app: &App) -> Result<Vec<i64>> {
    let mut answered = Vec::new();
    for (id, path) in not_found::all(&app.db).await? {
        if !matches!(app.answer(&paths::stored(&path)).await?, Answered::NotFound) {
            answered.push(id);
        }
    }
    Ok(answered)
}

/// Forgets these, and what nobody has asked for in three months.
pub async fn forget(tx: &Tx, answered: &[i64], now: Time) -> Result<()> {
    not_found::forget(tx, answered).await?;
    not_found::forget_before(tx, Time(now.0 - KEPT)).await.map(|_| ())
}
