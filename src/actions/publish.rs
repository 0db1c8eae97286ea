//! Publishing: the draft becomes what readers see, with everything that follows from it, in one
//! transaction (DESIGN 7).

use std::collections::BTreeMap;

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::actions::address::{self, Wanted};
use crate::actions::relocate::{self, Step};
use crate::actions::save_draft::{Fresh, Saved, kind_of};
use crate::actions::search_row::{self, Live};
use crate::actions::shelve::{self, Goods};
use crate::actions::{Change, landings};
use crate::clock::Time;
use crate::entry::{Actor, Content, Indexable, State, Verb, Visibility, is_indexable};
use crate::error::{Error, Result};
use crate::files::hex;
use crate::schema::{IndexValue, RelationRef, Type, Value, index_value};
use crate::seo::images;
use crate::seo::meta::description_key;
use crate::store::entries::{self, Columns, Entry, GoingLive, Rendered};
use crate::store::jobs::{self, Payload};
use crate::store::links::{self, Link};
use crate::store::media;
use crate::store::namesakes;
use crate::store::paths;
use crate::store::pictures;
use crate::store::relations::{self, Indexed, Relation};
use crate::store::reviews;
use crate::store::search::{self, Topic};
use crate::store::shards;
use crate::store::shelves::Above;
use crate::text::{self, Path, SafeHtml};

/// Milliseconds from a publication to the look at its page.
const LOOK_AFTER: i64 = 1_000;

/// How to publish.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manner {
    /// Take a path that was public before and leads nowhere now.
    pub reuse: bool,
    /// Readers see nothing new: the date of the last change stays.
    pub quiet: bool,
}

/// Publishes the newest revision of an entry that the actor has seen at a version.
///
/// # Errors
/// `Invalid` when something required is missing; `Conflict` when somebody saved in between or the
/// path is taken; `Denied`.
pub async fn publish(change: &mut Change<'_>, id: i64, seen: i64, manner: Manner) -> Result<i64> {
    let entry = entries::find(&change.tx, id).await?.ok_or(Error::NotFound)?;
    change.permit_on(Verb::Publish, id).await?;
    if entry.state() == State::Trashed {
        return Err(Error::Conflict(format!("“{}” is in the trash; restore it first", entry.title)));
    }
    entries::advance(&change.tx, id, seen).await?;
    let draft = entries::draft(&change.tx, id).await?;
    let kind = kind_of(change, &entry.kind)?;
    let (values, problems) = kind.read_stored(&draft.content.fields);
    problems.or(())?;
    reviews::close(&change.tx, id).await?;
    let (revision, content) = (draft.id, draft.content);
    let part = Part { kind, revision, content, values, fresh: None, waiting: false, manner };
    go_live(change, entry, part).await?;
    Ok(seen + 1)
}

/// Publishes what has just been saved in the same change.
///
/// # Errors
/// As [`publish`].
pub async fn publish_saved(change: &mut Change<'_>, saved: Saved, manner: Manner) -> Result<i64> {
    change.permit_on(Verb::Publish, saved.id).await?;
    let version = saved.version;
    let Saved { id, revision, content, values, fresh, waiting, .. } = saved;
    // Nobody but this change knows of a new entry: its version rises when it goes live.
    let (entry, fresh) = match fresh {
        Some(Fresh { entry, wanted }) => (entry, Some(wanted)),
        None => {
            reviews::close(&change.tx, id).await?;
            (entries::advance(&change.tx, id, version).await?, None)
        }
    };
    let kind = kind_of(change, &entry.kind)?;
    let part = Part { kind, revision, content, values, fresh, waiting, manner };
    go_live(change, entry, part).await?;
    Ok(version + 1)
}

/// Puts a revision in the place of the live one whose fields were declared otherwise. What an editor
/// would be asked to mend stays as it was: no page goes away because its type grew stricter.
pub(super) async fn renew(
    change: &mut Change<'_>,
    entry: Entry,
    revision: i64,
    content: Content,
    quiet: bool,
) -> Result<()> {
    let kind = kind_of(change, &entry.kind)?;
    let (values, _) = kind.read_stored(&content.fields);
    let manner = Manner { reuse: false, quiet };
    go_live(change, entry, Part { kind, revision, content, values, fresh: None, waiting: false, manner })
        .await
}

/// What is about to go live.
struct Part {
    kind: Type,
    revision: i64,
    content: Content,
    values: BTreeMap<String, Value>,
    /// The entry has no derived rows yet, and was just given this address.
    fresh: Option<Wanted>,
    /// It has no path yet, as the one it wants has to be taken over.
    waiting: bool,
    manner: Manner,
}

impl Part {
    fn is_fresh(&self) -> bool {
        self.fresh.is_some()
    }
}

async fn go_live(change: &mut Change<'_>, entry: Entry, part: Part) -> Result<()> {
    let points_before =
        if part.is_fresh() { Vec::new() } else { relations::targets(&change.tx, entry.id).await? };
    let content = &part.content;
    let again;
    let wanted = match &part.fresh {
        Some(wanted) => wanted,
        None => {
            let (kind, since) = (&part.kind, entry.published_at);
            again = address::wanted_since(change, kind, &entry.locale, content, since).await?;
            &again
        }
    };
    let columns = Columns { content, path_parent: wanted.below };
    let moved = if part.is_fresh() {
        part.waiting && relocate(change, &entry, wanted, &part).await?
    } else {
        address::refuse_cycle(change, entry.id, content.parent, wanted.below).await?;
        entries::write_columns(&change.tx, entry.id, &columns).await?;
        relocate(change, &entry, wanted, &part).await?
    };
    if part.content.visibility != Visibility::Private {
        paths::mark_public(&change.tx, entry.id, change.now).await?;
        change.touch_path(&wanted.path.folded());
    }
    let relations = write_relations(change, &entry, &part).await?;
    let points_at: Vec<i64> = relations.iter().map(|row| row.to).chain(part.content.parent).collect();
    let pointed = pointed(change, &entry, &part, &relations).await?;
    let Body { html, plain, excerpt, words } = write_body(change, &entry, &part).await?;
    let (topics, above) = pointed.map(|PointedAt { topics, above }| (topics, above)).unzip();
    write_search(change, &entry, &part, &plain, topics).await?;
    let hash = content_hash(&part, &html);
    let modified = modified(change, &entry, &part, &hash);
    let line = Line { moved, same: entry.modified_at == Some(modified) };
    let is_seen = write_line(change, &entry, &part, html, line).await?;
    let says_else = entry.content_hash.as_deref() != Some(hash.as_str()) && !part.manner.quiet;
    let published = part.content.published_at.or(entry.published_at).unwrap_or(change.now);
    let words_key = description_key(&entry.locale, part.content.words(&excerpt));
    let live = GoingLive {
        revision: part.revision,
        published,
        modified,
        content_hash: hash,
        words_key,
        worth: shelve::worth(&part.kind, &part.content, &part.values, words),
        advance: part.is_fresh(),
    };
    entries::set_live(&change.tx, entry.id, &live).await?;
    if !part.is_fresh() {
        pictures::write_uses(&change.tx, entry.id, &part.content, false).await?;
    }
    change.audit("publish", Some(entry.id), &json!({ "revision": part.revision }));
    let all: Vec<i64> = points_before.iter().copied().chain(points_at).collect();
    change.touch_pages(&entry, &all);
    if is_seen && (says_else || moved) {
        change.tell(&entry, &all);
    }
    change.touch(namesakes::tag(&entry.locale, &part.content.title));
    if let Some(key) = words_key {
        change.touch(namesakes::words_tag(key));
    }
    if matches!(change.actor, Actor::User { .. }) {
        // People are told what is wrong; an import would ask for as many looks as it has rows.
        look_later(change, entry.id).await?;
    }
    follow(change, &entry, &part, Followed { points_before, words, published, above }).await
}

/// Asks for a look at the page, in a moment: whoever publishes twice is looked at once.
pub async fn look_later(change: &Change<'_>, entry: i64) -> Result<()> {
    jobs::enqueue(&change.tx, &Payload::CheckPage { entry }, Time(change.now.0 + LOOK_AFTER), change.now)
        .await
}

/// What lists need to know of a publication.
struct Followed {
    /// What stands above a fresh entry.
    above: Option<Vec<Above>>,
    points_before: Vec<i64>,
    words: u32,
    published: Time,
}

/// Hubs and landing pages follow: where the entry stands, and what stands on it.
async fn follow(change: &mut Change<'_>, entry: &Entry, part: &Part, followed: Followed) -> Result<()> {
    let goods = Goods {
        kind: &part.kind,
        content: &part.content,
        values: &part.values,
        words: followed.words,
        published: followed.published,
    };
    let mut keys = shelve::shelve(change, entry, &goods, followed.above).await?;
    if !part.is_fresh() && relations::targets(&change.tx, entry.id).await? != followed.points_before {
        shelve::reshelve_below(change, entry).await?;
    }
    // Nothing can point at what is new, unless it is a translation.
    let is_known = !part.is_fresh() || entry.translation_group != entry.id;
    let same = entry.is_live()
        && entry.visibility() == part.content.visibility
        && entry.title == part.content.title
        && entry.slug == part.content.slug;
    if is_known && !same {
        keys.extend(landings::about(change, entry).await?);
    }
    change.settle_later(keys);
    Ok(())
}

/// What the sitemap says of an entry besides its pictures.
struct Line {
    moved: bool,
    /// Its date stays.
    same: bool,
}

/// Notes the pictures for the sitemap, and marks its shards where they say anything new. Whether crawlers
/// could or can see the page.
async fn write_line(
    change: &mut Change<'_>,
    entry: &Entry,
    part: &Part,
    html: String,
    line: Line,
) -> Result<bool> {
    let content = &part.content;
    let images = images::of_entry(content.cover.as_ref(), &part.values, &SafeHtml::from_store(html));
    let same = line.same && shards::has_images(&change.tx, entry.id, &images).await?;
    if !same {
        shards::write_images(&change.tx, entry.id, &images, part.is_fresh()).await?;
    }
    let was = is_indexable(&entry.indexable()).is_ok();
    let is = is_indexable(&Indexable {
        state: State::Published,
        visibility: content.visibility,
        noindex: content.seo.noindex,
        canonical: content.seo.canonical.as_deref(),
    })
    .is_ok();
    if was {
        change.was_indexable(entry.id);
    }
    if was != is || (is && line.moved) {
        change.touch_line(entry.id, true);
    } else if is && !same {
        change.touch_line(entry.id, false);
    }
    Ok(was || is)
}

/// Moves the entry and everything below it to the wanted path; whether it was elsewhere.
async fn relocate(change: &mut Change<'_>, entry: &Entry, wanted: &Wanted, part: &Part) -> Result<bool> {
    let public = part.content.visibility != Visibility::Private;
    let step = Step { to: &wanted.path, public, reuse: part.manner.reuse };
    let Some(along) = relocate::relocate(change, entry, step).await? else { return Ok(false) };
    let detail = json!({ "to": wanted.path.as_str(), "with": along });
    change.audit("move", Some(entry.id), &detail);
    Ok(true)
}

/// What a fresh entry points at; none of another one, of which the database is asked.
struct PointedAt {
    topics: Vec<Topic>,
    above: Vec<Above>,
}

/// The rows of an import point at the same few entries, so these are asked for once a change.
async fn pointed(
    change: &Change<'_>,
    entry: &Entry,
    part: &Part,
    relations: &[Relation],
) -> Result<Option<PointedAt>> {
    if !part.is_fresh() || entry.translation_group != entry.id {
        change.forget_asked();
        return Ok(None);
    }
    let ids: Vec<i64> = relations.iter().map(|row| row.to).collect();
    let found = change.pointed(&ids, &entry.locale).await?;
    let mut rows: Vec<&Relation> = relations.iter().collect();
    rows.sort_by(|a, b| a.field.cmp(&b.field));
    let topics = rows.iter().filter_map(|row| found.get(&row.to)?.topic.clone()).collect();
    let above = rows.iter().flat_map(|row| {
        let above = found.get(&row.to).map_or(&[][..], |pointed| &pointed.above);
        above
            .iter()
            .map(|above| Above { field: (above.id == row.to).then(|| row.field.clone()), ..above.clone() })
    });
    Ok(Some(PointedAt { topics, above: above.collect() }))
}

async fn write_relations(change: &Change<'_>, entry: &Entry, part: &Part) -> Result<Vec<Relation>> {
    let authors = part.content.authors.iter().map(|id| Relation { field: "authors".into(), to: *id });
    let mut rows: Vec<Relation> = authors.collect();
    for (name, value) in &part.values {
        if let Value::Relation(refs) = value {
            rows.extend(refs.iter().filter_map(|reference| match reference {
                RelationRef::Id(id) => Some(Relation { field: name.clone(), to: *id }),
                RelationRef::Key(_) => None,
            }));
        }
    }
    relations::write(&change.tx, entry.id, &rows, part.is_fresh()).await?;
    let indexed: Vec<Indexed> = part
        .kind
        .fields
        .iter()
        .filter(|field| field.filter || field.sort)
        .filter_map(|field| {
            let (number, text) = match index_value(part.values.get(&field.name)?)? {
                IndexValue::Number(number) => (Some(number), None),
                IndexValue::Text(text) => (None, Some(text)),
            };
            Some(Indexed { field: field.name.clone(), number, text })
        })
        .collect();
    relations::write_index(&change.tx, entry.id, &entry.kind, &indexed, part.is_fresh()).await?;
    Ok(rows)
}

/// What search finds of it from now on.
async fn write_search(
    change: &Change<'_>,
    entry: &Entry,
    part: &Part,
    plain: &str,
    topics: Option<Vec<Topic>>,
) -> Result<()> {
    let live = Live { entry, kind: &part.kind, content: &part.content, values: &part.values, plain };
    search_row::write(&change.tx, &live, topics).await?;
    let named_anew = entry.state() != State::Published
        || entry.title != part.content.title
        || entry.visibility() != part.content.visibility;
    if named_anew && !part.is_fresh() {
        search::mark_stale(&change.tx, entry.translation_group).await?;
    }
    Ok(())
}

/// A rendered body.
#[derive(Default)]
struct Body {
    html: String,
    plain: String,
    excerpt: String,
    words: u32,
}

/// Renders the body and keeps it.
async fn write_body(change: &Change<'_>, entry: &Entry, part: &Part) -> Result<Body> {
    let body = &part.content.body;
    if body.is_empty() && part.is_fresh() {
        return Ok(Body::default());
    }
    let images: Vec<String> =
        text::markdown::addresses(body).into_iter().map(|address| address.url).collect();
    let sizes = media::sizes(&media::known(&change.tx, &images).await?);
    let rtl = change.app.site.locale(&entry.locale).is_some_and(|locale| locale.rtl);
    let options = text::markdown::Options { author: text::markdown::Author::Staff, rtl, images: &sizes };
    let rendered = text::markdown::render(body, &options);
    let outline: Vec<_> = rendered
        .outline
        .iter()
        .map(|heading| json!({ "level": heading.level, "id": heading.id, "title": heading.title }))
        .collect();
    let words = rendered.words;
    let stored = Rendered {
        html: rendered.html.to_string(),
        outline: serde_json::Value::Array(outline).to_string(),
        plain: rendered.plain,
        excerpt: rendered.excerpt,
        words: i64::from(rendered.words),
        minutes: i64::from(rendered.minutes),
    };
    entries::write_rendered(&change.tx, entry.id, text::markdown::SANITISER, &stored).await?;
    let found: Vec<Link> = rendered.links.iter().filter_map(|link| internal(link)).collect();
    links::write(&change.tx, entry.id, &found, part.is_fresh()).await?;
    Ok(Body { html: stored.html, plain: stored.plain, excerpt: stored.excerpt, words })
}

fn internal(link: &str) -> Option<Link> {
    if let Some(reference) = link.strip_prefix("entry:") {
        let id: i64 = reference.split('#').next()?.parse().ok()?;
        return Some(Link { to: Some(id), address: id.to_string() });
    }
    let path = link.split(['?', '#']).next()?;
    if !path.starts_with('/') || path.starts_with("/media/") {
        return None;
    }
    Some(Link { to: None, address: Path::parse_href(path).ok()?.folded() })
}

/// The hash of what a reader sees: main content, structured data, links.
fn content_hash(part: &Part, html: &str) -> String {
    let content = &part.content;
    let mut seen = json!([
        content.title,
        content.summary,
        html,
        content.cover,
        content.authors,
        content.fields,
        content.published_at,
    ]);
    if let (Some(faq), Some(seen)) = (content.seo.faq, seen.as_array_mut()) {
        seen.push(json!(faq));
    }
    hex(&Sha256::digest(seen.to_string()))
}

/// `lastmod` moves when the hash moves, and only then.
fn modified(change: &Change<'_>, entry: &Entry, part: &Part, hash: &str) -> Time {
    if (part.manner.quiet || entry.content_hash.as_deref() == Some(hash))
        && let Some(before) = entry.modified_at
    {
        return before;
    }
    let first = entry.content_hash.is_none();
    match part.content.modified_at {
        Some(given) => given,
        None if first => part.content.published_at.unwrap_or(change.now),
        None => change.now,
    }
}
