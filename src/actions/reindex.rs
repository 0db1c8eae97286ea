//! Writing the rows of search anew: all of them, or those that have become wrong since they were
//! written. Visitors go on searching meanwhile.

use serde::Serialize;

use crate::actions::import::{Progress, Unwatched};
use crate::actions::search_row::{self, Live};
use crate::app::App;
use crate::entry::is_indexable;
use crate::error::Result;
use crate::seo::meta::description_key;
use crate::store::{Tx, entries, namesakes, search};

/// Entries of one transaction.
const BATCH: i64 = 200;

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Rebuilt {
    /// Entries that were looked at.
    pub entries: u64,
    /// Those that a search finds.
    pub found: u64,
}

/// Writes every row anew, a few hundred entries a transaction.
///
/// # Errors
/// `Unavailable` when the database is away; what was done stays, and the next start does all again.
pub async fn rebuild(app: &App, progress: &mut (dyn Progress + Send)) -> Result<Rebuilt> {
    let total = entries::count(&app.db).await?;
    progress.begin("search", u64::try_from(total).unwrap_or(0));
    rebuild_until(app, progress, &|| false).await
}

/// Brings search up to date: all rows when their form is not the one of this program, else those that
/// hold a title that has changed. How many entries were written.
///
/// # Errors
/// As [`rebuild`].
pub async fn keep_up(app: &App, stop: &(dyn Fn() -> bool + Sync)) -> Result<u64> {
    if search::version(&app.db).await? < search::VERSION {
        return rebuild_until(app, &mut Unwatched, stop).await.map(|rebuilt| rebuilt.entries);
    }
    let mut done = 0;
    while !stop() {
        let stale = search::stale(&app.db, BATCH).await?;
        if stale.is_empty() {
            break;
        }
        write(app, &stale, &mut Rebuilt::default()).await?;
        done += stale.len() as u64;
    }
    Ok(done)
}

async fn rebuild_until(
    app: &App,
    progress: &mut (dyn Progress + Send),
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Rebuilt> {
    let mut rebuilt = Rebuilt::default();
    let mut after = 0;
    loop {
        let ids = entries::ids_after(&app.db, after, BATCH).await?;
        let Some(last) = ids.last() else { break };
        if stop() {
            return Ok(rebuilt);
        }
        after = *last;
        write(app, &ids, &mut rebuilt).await?;
        progress.step(rebuilt.entries);
    }
    let tx = app.db.begin_in_turn().await?;
    search::set_version(&tx, search::VERSION).await?;
    tx.commit().await?;
    Ok(rebuilt)
}

/// Writes the rows of these entries as they are now: nobody changes them before this is committed.
async fn write(app: &App, ids: &[i64], rebuilt: &mut Rebuilt) -> Result<()> {
    let tx = app.db.begin_in_turn().await?;
    for id in ids {
        rebuilt.entries += 1;
        rebuilt.found += u64::from(write_one(app, &tx, *id).await?);
    }
    tx.commit().await
}

/// Whether a search finds it now.
async fn write_one(app: &App, tx: &Tx, id: i64) -> Result<bool> {
    let Some(entry) = entries::find(tx, id).await? else { return Ok(false) };
    let kind = app.types.get(&entry.kind).filter(|_| is_indexable(&entry.indexable()).is_ok());
    let (Some(kind), Some(live)) = (kind, entries::live(tx, id).await?) else {
        search::remove(tx, id).await?;
        return Ok(false);
    };
    let (values, _) = kind.read_stored(&live.content.fields);
    let (plain, excerpt) = match entries::rendered(tx, id).await? {
        Some(rendered) => (rendered.plain, rendered.excerpt),
        None => Default::default(),
    };
    let words_key = description_key(&entry.locale, live.content.words(&excerpt));
    if words_key != entry.words_key {
        namesakes::set_words_key(tx, id, words_key).await?;
    }
    let live = Live { entry: &entry, kind, content: &live.content, values: &values, plain: &plain };
    search_row::write(tx, &live, None).await?;
    Ok(true)
}
