//! Looks at the page of an entry after people have published it, and notes what is wrong.

use crate::app::App;
use crate::error::{Error, Result};
use crate::jobs::worker::complete;
use crate::seo::review::Level;
use crate::store::entries;
use crate::store::jobs::Claim;
use crate::store::page_checks::{self, PageCheck};

pub async fn check_page(app: &App, entry: i64, job: &Claim) -> Result<()> {
    let found = entries::find(&app.db, entry).await?.filter(|entry| entry.is_live());
    let live = match found {
        Some(_) => entries::live(&app.db, entry).await?,
        None => None,
    };
    let now = app.database_now().await?;
    let (Some(found), Some(live)) = (found, live) else {
        // It is live no more: there is nothing to look at.
        let tx = app.db.begin().await?;
        complete(&tx, job, now).await?;
        return tx.commit().await;
    };
    let looked = app.look_at(entry, live.content).await?;
    let count = |level| looked.findings.iter().filter(|finding| finding.level() == level).count() as i64;
    let findings = serde_json::to_string(&looked.findings).map_err(Error::internal)?;
    let check = PageCheck {
        entry,
        revision: live.id,
        title_key: page_checks::title_key(&found.locale, &looked.title),
        errors: count(Level::Error),
        warnings: count(Level::Warning),
        hints: count(Level::Hint),
        findings: &findings,
    };
    let tx = app.db.begin().await?;
    page_checks::write(&tx, &check, now).await?;
    complete(&tx, job, now).await?;
    tx.commit().await
}
