//! Links to what came later: now that everything is in, they become references to entries.

use crate::actions::import::Batch;
use crate::actions::publish::{Manner, publish_saved};
use crate::actions::save_draft::{Draft, Target, as_stored, save_draft};
use crate::entry::State;
use crate::error::Result;
use crate::store::{entries, links};

/// Saves every entry anew that links to an address which an entry has got since.
pub async fn settle(batch: &mut Batch<'_>) -> Result<()> {
    let mut after = 0;
    loop {
        let ids = links::settleable(&batch.change.tx, after).await?;
        let Some(last) = ids.last() else { return Ok(()) };
        after = *last;
        for id in ids {
            batch.open().await?;
            let settled = save(batch, id).await;
            if let Err(error) = batch.close(settled).await? {
                tracing::warn!(entry = id, %error, "its links stay as they are");
            }
        }
    }
}

async fn save(batch: &mut Batch<'_>, id: i64) -> Result<()> {
    let change = &mut batch.change;
    let Some(entry) = entries::find(&change.tx, id).await? else { return Ok(()) };
    let draft = entries::draft(&change.tx, id).await?;
    if as_stored(change, &entry, draft.content.clone()).await?.0 == draft.content {
        // A link with a query stays an address: there is nothing to turn.
        return Ok(());
    }
    let is_live = entry.state() == State::Published && entry.live_revision == Some(draft.id);
    let draft = Draft {
        target: Target::Existing { id, seen: entry.version },
        content: draft.content,
        reuse: false,
        lenient: true,
        tie: None,
    };
    let saved = save_draft(change, draft).await?;
    if is_live {
        publish_saved(change, saved, Manner { quiet: true, reuse: false }).await?;
    }
    Ok(())
}
