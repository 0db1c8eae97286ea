//! After the content folder has changed: every entry is put where it belongs, its pictures are noted
//! for the sitemap, and every landing page is made, kept or taken away as the files now say. In
//! bounded memory, one transaction a batch.

use std::collections::BTreeMap;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::actions::Change;
use crate::actions::landings::{self, Settled};
use crate::actions::shelve::{Goods, key_of, shelve, worth};
use crate::app::App;
use crate::entry::{Actor, State};
use crate::error::{Problem, Result};
use crate::files::hex;
use crate::schema::LANDING;
use crate::seo::images;
use crate::store::entries::{self, Entry};
use crate::store::landings as stored;
use crate::store::{shards, shelf_parts, shelves};
use crate::text::SafeHtml;

/// Entries or landing pages in one transaction.
const BATCH: i64 = 200;

/// The name under which it is noted what the lists were last worked out from.
const MARK: &str = "landings";

/// Raised when what a list goes by changes in code.
const EDITION: u32 = 3;

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Published entries that were looked at.
    pub entries: u64,
    /// Landing pages made, changed and removed.
    pub made: u64,
    pub changed: u64,
    pub removed: u64,
}

/// Does it when types or landing pages are declared otherwise than the last time.
///
/// # Errors
/// `Unavailable` when the database is away; the next start goes on.
pub async fn reconcile_if_needed(app: &App) -> Result<Option<Report>> {
    if shelves::mark(&app.db, MARK).await?.as_deref() == Some(&fingerprint(app)) {
        return Ok(None);
    }
    reconcile(app).await.map(Some)
}

/// An empty site is in order as it is: what comes in from now on is put where it belongs, and the first
/// start finds nothing to do.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn begin(app: &App) -> Result<()> {
    if !entries::any(&app.db).await? {
        reconcile_if_needed(app).await?;
    }
    Ok(())
}

/// Does it in any case.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn reconcile(app: &App) -> Result<Report> {
    let mut report = Report::default();
    let mut change = Change::begin(app, &Actor::Engine).await?;
    put_all(&mut change, &mut report).await?;
    settle_shelves(&mut change, &mut report).await?;
    settle_pages(&mut change, &mut report).await?;
    shelves::set_mark(&change.tx, MARK, &fingerprint(app)).await?;
    change.commit().await?;
    Ok(report)
}

/// What lists follow from besides the entries.
fn fingerprint(app: &App) -> String {
    let types: BTreeMap<&str, String> = app
        .types
        .iter()
        .map(|kind| {
            let fields: Vec<_> = kind.fields.iter().map(|field| (&field.name, field.kind)).collect();
            (kind.name.as_str(), format!("{} {:?} {fields:?}", kind.layout, kind.listing))
        })
        .collect();
    let families: Vec<_> = app.types.landings().collect();
    hex(&Sha256::digest(format!("{EDITION} {types:?} {families:?}")))
}

async fn put_all(change: &mut Change<'_>, report: &mut Report) -> Result<()> {
    let mut after = 0;
    loop {
        let ids = entries::ids_after(&change.tx, after, BATCH).await?;
        let Some(last) = ids.last() else { return Ok(()) };
        after = *last;
        for entry in entries::find_many(&change.tx, &ids).await? {
            if entry.state() != State::Published || entry.kind == LANDING {
                continue;
            }
            let Some(kind) = change.app.types.get(&entry.kind) else { continue };
            let Some(live) = entries::live(&change.tx, entry.id).await? else { continue };
            let (values, _) = kind.read_stored(&live.content.fields);
            let words = entries::words(&change.tx, entry.id).await?;
            let goods = Goods {
                kind,
                content: &live.content,
                values: &values,
                words: u32::try_from(words).unwrap_or(u32::MAX),
                published: entry.published_at.unwrap_or(entry.created_at),
            };
            let worth = worth(kind, &live.content, &values, goods.words);
            shelves::set_worth(&change.tx, entry.id, worth).await?;
            // Its landing pages are looked at when everything is in its place.
            shelve(change, &entry, &goods, None).await?;
            note_images(change, &entry, &goods).await?;
            report.entries += 1;
        }
        change.commit_and_continue().await?;
    }
}

/// Which fields hold pictures is the type's to say, and sitemaps are built from what is noted.
async fn note_images(change: &mut Change<'_>, entry: &Entry, goods: &Goods<'_>) -> Result<()> {
    let html = shards::pictured_body(&change.tx, entry.id).await?.unwrap_or_default();
    let body = SafeHtml::from_store(html);
    let images = images::of_entry(goods.content.cover.as_ref(), goods.values, &body);
    if !shards::has_images(&change.tx, entry.id, &images).await? {
        shards::write_images(&change.tx, entry.id, &images, false).await?;
        change.touch(format!("entry:{}", entry.id));
        change.touch_line(entry.id, false);
    }
    Ok(())
}

async fn settle_shelves(change: &mut Change<'_>, report: &mut Report) -> Result<()> {
    let mut after = (0, String::new(), String::new());
    loop {
        let at = (after.0, after.1.as_str(), after.2.as_str());
        let found = shelf_parts::landing_shelves_after(&change.tx, at, BATCH).await?;
        let Some(last) = found.last() else { return Ok(()) };
        after = (last.hub, last.locale.clone(), last.shelf.clone());
        for shelf in &found {
            if let Some(key) = key_of(shelf.hub, &shelf.locale, &shelf.shelf) {
                let settled = landings::settle(change, &key).await?;
                count(report, settled);
            }
        }
        change.commit_and_continue().await?;
    }
}

/// Those that nothing stands on any more, or that no file declares.
async fn settle_pages(change: &mut Change<'_>, report: &mut Report) -> Result<()> {
    let mut after = 0;
    loop {
        let found = stored::after(&change.tx, after, BATCH).await?;
        let Some(last) = found.last() else { return Ok(()) };
        after = last.entry_id;
        for landing in &found {
            let settled = landings::settle(change, &landing.key).await?;
            count(report, settled);
        }
        change.commit_and_continue().await?;
    }
}

fn count(report: &mut Report, settled: Settled) {
    match settled {
        Settled::Unchanged => {}
        Settled::Made => report.made += 1,
        Settled::Changed => report.changed += 1,
        Settled::Removed => report.removed += 1,
    }
}

/// Landing pages that could be there and are not, because something else has their path.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn hindered(app: &App) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    let mut after = (0, String::new(), String::new());
    loop {
        let at = (after.0, after.1.as_str(), after.2.as_str());
        let found = shelf_parts::landing_shelves_after(&app.db, at, BATCH).await?;
        let Some(last) = found.last() else { return Ok(problems) };
        after = (last.hub, last.locale.clone(), last.shelf.clone());
        for shelf in &found {
            let Some(key) = key_of(shelf.hub, &shelf.locale, &shelf.shelf) else { continue };
            let Some(family) = app.types.landing(&key.definition) else { continue };
            if shelf.entries < i64::from(family.min) {
                continue;
            }
            let present = stored::find(&app.db, &key).await?;
            if present.as_ref().is_some_and(stored::Landing::is_live) {
                continue;
            }
            let own = present.map(|present| present.entry_id);
            if let Some((title, path)) = landings::would_be(app, &key).await? {
                let reason = match landings::holder(app, &app.db, &path, own).await? {
                    Some(holder) => format!("“{title}” has no page: {holder} has its path {path}"),
                    None => format!("“{title}” is not made yet; `atlas landings apply` does it"),
                };
                problems.push(Problem::new(reason).file(&family.file));
            }
        }
    }
}
