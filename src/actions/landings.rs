//! The life of landing pages: made with the entry that makes them worth it, kept out of the index
//! while they are thin, and taken away with a redirect to their hub when they are empty.
//!
//! A landing page is an entry of the type `landing`, so its addresses live by the law of every
//! address: it moves with its hub, and each old one is one hop from the present one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::actions::relocate::{Step, relocate};
use crate::actions::search_row::{self, Live};
use crate::actions::shelve::key_of;
use crate::actions::unpublish::touch_paths;
use crate::actions::{Change, Reserved};
use crate::app::App;
use crate::entry::{Content, Seo, State, is_indexable};
use crate::error::{Error, Result};
use crate::files::hex;
use crate::schema::{Facet, LANDING, Landing as Family, fill_in};
use crate::store::entries::{self, Birth, Columns, Entry, GoingLive, Standing, Worth};
use crate::store::landings::{self, Key, Landing, Subject};
use crate::store::paths::{self, Move};
use crate::store::{Ask, search, shelf_parts};
use crate::text::Path;

/// Entries of a new landing page whose own pages are named one by one as outdated.
const NAMED: i64 = 200;

/// What a landing page is to be.
struct Wanted {
    hub: Subject,
    title: String,
    slug: String,
    path: Path,
    entries: i64,
    /// Fewer entries than its file asks for.
    thin: bool,
}

/// Nobody changes a landing page by hand.
///
/// # Errors
/// `Conflict` when the entry is one.
pub fn refuse(entry: &Entry) -> Result<()> {
    if entry.kind != LANDING {
        return Ok(());
    }
    Err(Error::Conflict(format!(
        "“{}” is a landing page: it follows from content/landings and from what it lists",
        entry.title
    )))
}

/// Brings these landing pages into the state that follows from what stands on them.
pub async fn settle_all(change: &mut Change<'_>, keys: BTreeSet<Key>) -> Result<()> {
    for key in keys {
        settle(change, &key).await?;
    }
    Ok(())
}

/// The landing pages that an entry's title, address or state is part of: those below it, and those
/// that it is the second relation of.
pub async fn about(change: &Change<'_>, entry: &Entry) -> Result<BTreeSet<Key>> {
    let mut keys = BTreeSet::new();
    let types = &change.app.types;
    let (group, locale) = (entry.translation_group, entry.locale.as_str());
    if types.landings().any(|family| family.hub_kind == entry.kind) {
        for shelf in shelf_parts::shelves(&change.tx, &[group], locale).await? {
            keys.extend(key_of(group, locale, &shelf.shelf));
        }
        keys.extend(landings::below(&change.tx, group, locale).await?.into_iter().map(|found| found.key));
    }
    for family in types.landings() {
        if matches!(&family.facet, Facet::Relation { to, .. } if *to == entry.kind) {
            let facet = group.to_string();
            let there = landings::of_facet(&change.tx, &family.name, &facet, locale).await?;
            keys.extend(there.into_iter().map(|found| found.key));
            for hub in landings::hubs_with(&change.tx, &family.shelf(&facet), group, locale).await? {
                keys.insert(Key {
                    definition: family.name.clone(),
                    hub,
                    facet: facet.clone(),
                    locale: locale.to_owned(),
                });
            }
        }
    }
    Ok(keys)
}

/// What became of a landing page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    Unchanged,
    Made,
    Changed,
    Removed,
}

pub async fn settle(change: &mut Change<'_>, key: &Key) -> Result<Settled> {
    let present = landings::find(&change.tx, key).await?;
    let wanted = wanted(change.app, &change.tx, key).await?;
    match (present, wanted) {
        (None, Some(wanted)) if !wanted.thin => create(change, key, &wanted).await,
        (None, _) => Ok(Settled::Unchanged),
        (Some(present), Some(wanted)) if present.is_live() || !wanted.thin => {
            renew(change, &present, &wanted).await
        }
        (Some(present), _) => retire(change, &present).await,
    }
}

/// What follows from the files and from what is listed; none when there is to be no page.
async fn wanted(app: &App, db: &impl Ask, key: &Key) -> Result<Option<Wanted>> {
    let Some(family) = app.types.landing(&key.definition) else { return Ok(None) };
    let Some(words) = family.words.get(&key.locale) else { return Ok(None) };
    let entries = shelf_parts::count(db, key.hub, &key.locale, &family.shelf(&key.facet)).await?;
    if entries == 0 {
        return Ok(None);
    }
    let Some(hub) = subject(db, key.hub, &key.locale).await? else { return Ok(None) };
    let Some((name, slug)) = facet(db, family, key).await? else { return Ok(None) };
    let with = [(family.hub.as_str(), hub.title.as_str()), (family.facet_field().unwrap_or(""), &name)];
    let title = fill_in(&words.title, &with);
    let above = hub.path.as_deref().unwrap_or_default();
    let Ok(path) = Path::parse(&format!("{above}/{slug}")) else { return Ok(None) };
    let thin = entries < i64::from(family.min);
    Ok(Some(Wanted { hub, title, slug, path, entries, thin }))
}

async fn subject(db: &impl Ask, group: i64, locale: &str) -> Result<Option<Subject>> {
    let found = landings::subject(db, group, locale).await?;
    Ok(found.filter(|found| found.is_listed() && found.path.is_some()))
}

/// The name and the slug of what the entries share besides the hub.
async fn facet(db: &impl Ask, family: &Family, key: &Key) -> Result<Option<(String, String)>> {
    Ok(match &family.facet {
        Facet::None => {
            let words = family.words.get(&key.locale);
            words.and_then(|words| Some((String::new(), words.slug.clone()?)))
        }
        Facet::Choice { values, .. } => {
            let words = values.get(&key.facet).and_then(|words| words.get(&key.locale));
            words.map(|words| (words.name.clone(), words.slug.clone()))
        }
        Facet::Relation { .. } => {
            let Ok(group) = key.facet.parse() else { return Ok(None) };
            subject(db, group, &key.locale).await?.map(|found| (found.title, found.slug))
        }
    })
}

/// The title and the path of a landing page that could be there.
pub async fn would_be(app: &App, key: &Key) -> Result<Option<(String, Path)>> {
    Ok(wanted(app, &app.db, key).await?.map(|wanted| (wanted.title, wanted.path)))
}

/// Who has the path of a landing page, in words, when it can't have it. An entry goes before it.
pub async fn holder(app: &App, db: &impl Ask, path: &Path, own: Option<i64>) -> Result<Option<String>> {
    if let Some(holder) = Reserved::holder(app, &path.folded()) {
        return Ok(Some(holder));
    }
    let taken = paths::taken_by(db, path, own).await?;
    Ok(taken.map(|taken| match taken.holder {
        Some(title) => format!("“{title}”"),
        None => "a redirect".to_owned(),
    }))
}

async fn create(change: &mut Change<'_>, key: &Key, wanted: &Wanted) -> Result<Settled> {
    if holder(change.app, &change.tx, &wanted.path, None).await?.is_some() {
        return Ok(Settled::Unchanged);
    }
    let content = content(wanted);
    let translation_of = landings::group(&change.tx, key).await?;
    let birth = Birth { kind: LANDING, locale: &key.locale, translation_of, at: change.now };
    let columns = Columns { content: &content, path_parent: Some(wanted.hub.id) };
    let id = entries::insert(&change.tx, &birth, &columns).await?.id;
    paths::assign_first(&change.tx, id, &wanted.path, change.now).await?;
    landings::insert(&change.tx, id, key, wanted.entries).await?;
    go_live(change, id, 1, &content).await?;
    change.audit("landing", Some(id), &json!({ "made": wanted.path.as_str() }));
    touch(change, id, key).await?;
    // The pages of what it lists lead to it.
    if wanted.entries > NAMED {
        change.touch("site");
    } else {
        let shelf = format!("{}/{}", key.definition, key.facet);
        for listed in landings::listed(&change.tx, key.hub, &key.locale, &shelf).await? {
            change.touch(format!("entry:{listed}"));
        }
    }
    Ok(Settled::Made)
}

fn content(wanted: &Wanted) -> Content {
    Content {
        title: wanted.title.clone(),
        slug: wanted.slug.clone(),
        parent: Some(wanted.hub.id),
        seo: Seo { noindex: wanted.thin, ..Seo::default() },
        ..Content::default()
    }
}

/// Makes a state of it the live one.
async fn go_live(change: &mut Change<'_>, id: i64, number: i64, content: &Content) -> Result<()> {
    let actor = change.actor.to_string();
    let revision = entries::append_revision(&change.tx, id, number, &actor, content, change.now).await?;
    let entry = entries::find(&change.tx, id).await?.ok_or(Error::NotFound)?;
    let published = entry.published_at.unwrap_or(change.now);
    let live = GoingLive {
        revision,
        published,
        modified: change.now,
        content_hash: hex(&Sha256::digest(json!([content.title, content.slug]).to_string())),
        words_key: None,
        worth: Worth::default(),
        advance: false,
    };
    entries::set_live(&change.tx, id, &live).await?;
    if let Some(kind) = change.app.types.get(LANDING) {
        let live = Live { entry: &entry, kind, content, values: &BTreeMap::new(), plain: "" };
        search_row::write(&change.tx, &live, None).await?;
    }
    paths::mark_public(&change.tx, id, change.now).await
}

/// Keeps a landing page up to date, or brings it back.
async fn renew(change: &mut Change<'_>, present: &Landing, wanted: &Wanted) -> Result<Settled> {
    let id = present.entry_id;
    let entry = entries::find(&change.tx, id).await?.ok_or(Error::NotFound)?;
    let moved = paths::canonical(&change.tx, id).await?.as_ref() != Some(&wanted.path);
    if moved && holder(change.app, &change.tx, &wanted.path, Some(id)).await?.is_some() {
        return retire(change, present).await;
    }
    let was_indexable = is_indexable(&entry.indexable()).is_ok();
    let changed = !present.is_live()
        || entry.title != wanted.title
        || entry.slug != wanted.slug
        || entry.noindex != wanted.thin
        || entry.path_parent_id != Some(wanted.hub.id);
    if changed {
        let content = content(wanted);
        let columns = Columns { content: &content, path_parent: Some(wanted.hub.id) };
        let entry = entries::advance(&change.tx, id, entry.version).await?;
        entries::write_columns(&change.tx, id, &columns).await?;
        go_live(change, id, entry.version, &content).await?;
    }
    if moved {
        let step = Step { to: &wanted.path, public: true, reuse: false };
        relocate(change, &entry, step).await?;
        paths::mark_public(&change.tx, id, change.now).await?;
    }
    if present.entries != wanted.entries {
        landings::set_entries(&change.tx, id, wanted.entries, change.now).await?;
    }
    if was_indexable {
        change.was_indexable(id);
    }
    if changed || moved || present.entries != wanted.entries {
        touch(change, id, &present.key).await?;
    }
    if changed || moved {
        let detail = json!({ "at": wanted.path.as_str(), "noindex": wanted.thin });
        change.audit("landing", Some(id), &detail);
        return Ok(Settled::Changed);
    }
    Ok(Settled::Unchanged)
}

/// Takes a landing page away: its addresses lead to its hub, or to what replaced that.
async fn retire(change: &mut Change<'_>, present: &Landing) -> Result<Settled> {
    let id = present.entry_id;
    let key = &present.key;
    let hub = landings::subject(&change.tx, key.hub, &key.locale).await?;
    let to = hub.map(|hub| match hub.replaced_by {
        Some(other) if !hub.is_listed() => other,
        _ => hub.id,
    });
    let to = to.filter(|to| *to != id);
    let entry = entries::find(&change.tx, id).await?.ok_or(Error::NotFound)?;
    if !present.is_live() && entry.replaced_by == to {
        return Ok(Settled::Unchanged);
    }
    if is_indexable(&entry.indexable()).is_ok() {
        change.was_indexable(id);
    }
    entries::advance(&change.tx, id, entry.version).await?;
    let standing = Standing { replaced_by: to, ..Standing::default() };
    entries::set_state(&change.tx, id, State::Archived, &standing).await?;
    search::remove(&change.tx, id).await?;
    if let Some(to) = to {
        entries::bend_replacements(&change.tx, id, to).await?;
    }
    landings::set_entries(&change.tx, id, 0, change.now).await?;
    if present.is_live() {
        change.audit("landing", Some(id), &json!({ "removed": true, "to": to }));
    }
    touch(change, id, key).await?;
    Ok(if present.is_live() { Settled::Removed } else { Settled::Unchanged })
}

/// Landing pages give their paths to entries that are to have them: an editor said so.
pub async fn give_way(change: &mut Change<'_>, moves: &[Move]) -> Result<()> {
    let folded: Vec<String> = moves.iter().map(|step| step.path.folded()).collect();
    for landing in landings::holding(&change.tx, &folded).await? {
        // One that moves along may hold its new path already, in another spelling.
        if moves.iter().all(|step| step.entry != landing.entry_id) {
            retire(change, &landing).await?;
        }
    }
    Ok(())
}

/// As [`give_way`], for one that can't move along with its hub.
pub async fn stay_behind(change: &mut Change<'_>, id: i64) -> Result<()> {
    match landings::at(&change.tx, id).await? {
        Some(landing) if landing.is_live() => retire(change, &landing).await.map(|_| ()),
        _ => Ok(()),
    }
}

async fn touch(change: &mut Change<'_>, id: i64, key: &Key) -> Result<()> {
    let entry = entries::find(&change.tx, id).await?.ok_or(Error::NotFound)?;
    change.touch_entry(&entry, &[]);
    change.touch(format!("shelf:{}", key.hub));
    change.touch(format!("landing:{}/{}", key.definition, key.facet));
    touch_paths(change, id).await
}
