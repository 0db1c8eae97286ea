//! Writing down which addresses led nowhere, and which redirects were used. It changes nothing that readers
//! see, so it is no change with tags and a log.

use crate::app::{Answered, App, Count, Taken};
use crate::error::Result;
use crate::store::not_found::{self, Visits};
use crate::store::redirects as exact;

/// Writes down what this process has counted; what can't be written is counted on.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn write_down(app: &App) -> Result<()> {
    let taken = app.tally.take();
    if taken.is_empty() {
        return Ok(());
    }
    let written = write(app, &taken).await;
    if written.is_err() {
        app.tally.give_back(taken);
    }
    written
}

async fn write(app: &App, taken: &Taken) -> Result<()> {
    let mut missed = Vec::new();
    for count in &taken.missed {
        // A list has no page 99, and is there all the same.
        if matches!(app.answer(&count.path).await?, Answered::NotFound) {
            missed.push(count);
        }
    }
    let mut used = Vec::new();
    for count in &taken.led {
        used.extend(redirect_of(app, count).await?.map(|(kind, pattern)| (kind, pattern, count)));
    }
    if missed.is_empty() && used.is_empty() {
        return Ok(());
    }
    let tx = app.db.begin().await?;
    for count in missed {
        let Count { path, visits, first_at, last_at, referrer } = count;
        let (visits, first_at, last_at) = (*visits, *first_at, *last_at);
        let new = Visits { path, visits, first_at, last_at, referrer: referrer.as_deref() };
        not_found::count(&tx, &new).await?;
    }
    not_found::trim(&tx).await?;
    for (kind, pattern, count) in used {
        exact::count(&tx, kind, &pattern, count.visits, count.last_at).await?;
    }
    tx.commit().await
}

/// The redirect or rule that answers at an address, by kind and key; none where an entry's own former
/// address leads on, or another spelling of it.
async fn redirect_of(app: &App, count: &Count) -> Result<Option<(&'static str, String)>> {
    let folded = count.path.folded();
    if exact::redirect_at(&app.db, &folded).await?.is_some() {
        return Ok(Some(("exact", folded)));
    }
    let by_rule = match app.answer(&count.path).await? {
        Answered::Redirect { why, .. } => why == "rule",
        Answered::Gone { entry } => entry.is_none(),
        _ => false,
    };
    let rules = app.rules();
    let rule = rules.iter().filter(|_| by_rule).find(|rule| rule.apply(&count.path).is_some());
    Ok(rule.map(|rule| (rule.kind(), rule.text.clone())))
}
