//! One document: from its front matter and body to a saved and published entry.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::actions::Change;
use crate::actions::import::folder::{Folder, Page};
use crate::actions::import::images::Images;
use crate::actions::import::related::Related;
use crate::actions::import::{Options, addresses, names};
use crate::actions::publish::{Manner, publish_saved};
use crate::actions::relate::Missing;
use crate::actions::save_draft::{Draft, Saved, Target, as_stored, save_draft};
use crate::actions::schedule::schedule;
use crate::actions::unpublish::{Then, unpublish};
use crate::clock::Time;
use crate::entry::{Content, Seo, State, Visibility};
use crate::error::{Error, Problem, Problems, Result};
use crate::files::hex;
use crate::schema::Type;
use crate::source::{self, Dialect, Document, Located};
use crate::store::entries::Entry;
use crate::store::imports::{self, Origin, Source};
use crate::store::{entries, paths};
use crate::text::{Path, Slug, markdown};

/// What documents are taken in with.
pub struct Sources<'a> {
    pub folder: &'a Folder,
    pub images: &'a Images,
    pub options: &'a Options,
    pub source: String,
    pub related: Related,
    /// Keys of front matters that mean nothing here, with the number of documents that have them.
    pub unused: BTreeMap<String, u64>,
}

/// What became of a document.
pub struct Outcome {
    pub what: What,
    pub notes: Problems,
    /// Something it names or links to is not there yet.
    pub waits: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Created,
    Changed,
    Unchanged,
    /// Nothing was done: what it relates to comes later in the folder.
    Left,
}

/// A document on its way in.
pub struct Arrival<'a> {
    pub page: &'a Page,
    pub kind: Type,
    pub locale: String,
    pub document: Document,
    pub located: Located,
    pub notes: Problems,
    /// A relation leads to a document that is not in yet.
    pub waits: bool,
    hash: String,
    /// The same file came in before without what it waits for: readers see nothing new.
    completes: bool,
}

/// Where a document is to end up.
#[derive(Debug, Clone, Copy)]
struct End {
    state: State,
    replaced_by: Option<i64>,
    /// When it leaves the site.
    expiry: Option<Time>,
}

/// Takes a document in. `last` takes it in without what it waits for.
///
/// # Errors
/// `Invalid` with the field and, where it is known, the line.
pub async fn take_in(
    change: &mut Change<'_>,
    sources: &mut Sources<'_>,
    page: &Page,
    last: bool,
) -> Result<Outcome> {
    let (document, located, bytes) = sources.folder.read(change.app, &page.file)?;
    let kind = change.app.types.get(&page.kind).expect("the survey checked the type").clone();
    let locale = located.locale.clone().or_else(|| sources.options.locale.clone());
    let locale = locale.unwrap_or_else(|| change.app.site.default_locale().code.clone());
    let hash = hex(&Sha256::digest(&bytes));
    change.write_origins().await?;
    let known = imports::find(&change.tx, &sources.source, &page.file).await?;
    if known.as_ref().is_some_and(|known| known.hash == hash && !known.waiting) {
        return Ok(Outcome { what: What::Unchanged, notes: Problems::default(), waits: false });
    }
    let completes = known.as_ref().is_some_and(|known| known.hash == hash);
    let notes = Problems(document.warnings.clone());
    let mut arrival = Arrival { page, kind, locale, document, located, notes, waits: false, hash, completes };
    let known = match known {
        Some(known) => entries::find(&change.tx, known.entry_id).await?,
        None => adopt(change, &arrival).await?,
    };
    match save(change, sources, &mut arrival, known, last).await {
        Ok(what) => {
            let notes = with_lines(&arrival.document, &page.file, arrival.notes);
            Ok(Outcome { what, notes, waits: arrival.waits })
        }
        Err(Error::Invalid(problems)) => {
            Err(Error::Invalid(with_lines(&arrival.document, &page.file, problems)))
        }
        Err(other) => Err(other),
    }
}

/// An entry at this document's address that an import of the same file made from another place.
async fn adopt(change: &Change<'_>, arrival: &Arrival<'_>) -> Result<Option<Entry>> {
    let Ok(path) = Path::parse(&arrival.located.path) else { return Ok(None) };
    let Some(id) = paths::owner(&change.tx, &path.folded()).await? else { return Ok(None) };
    if !imports::elsewhere(&change.tx, &arrival.kind.name, &arrival.page.file, id).await? {
        return Ok(None);
    }
    entries::find(&change.tx, id).await
}

async fn save(
    change: &mut Change<'_>,
    sources: &mut Sources<'_>,
    arrival: &mut Arrival<'_>,
    known: Option<Entry>,
    last: bool,
) -> Result<What> {
    let content = content_of(change, sources, arrival).await?;
    let translation_of = names::translation(change, arrival).await?;
    let replaced_by = names::replacement(change, arrival).await?;
    if arrival.waits && !last {
        return Ok(What::Left);
    }
    if !arrival.completes {
        count_unused(sources, arrival);
    }
    let expiry = arrival.document.front.expiry;
    let end = End { state: state_of(change, arrival)?, replaced_by, expiry };
    let Some(entry) = known else {
        let (kind, locale) = (arrival.kind.name.clone(), arrival.locale.clone());
        let target = Target::New { kind, locale, translation_of };
        put(change, sources, arrival, target, content, end).await?;
        return Ok(What::Created);
    };
    let (stored, missing) = as_stored(change, &entry, content.clone()).await?;
    if entry.state() == end.state
        && entry.replaced_by == end.replaced_by
        && entries::draft(&change.tx, entry.id).await?.content == stored
    {
        arrival.notes.0.extend(missing.iter().map(Missing::problem));
        let aliased = addresses::add_aliases(change, arrival, entry.id).await?;
        arrival.waits |= end.state != State::Published && links_ahead(sources, &stored.body);
        remember(change, sources, arrival, entry.id);
        return Ok(if aliased { What::Changed } else { What::Unchanged });
    }
    let target = Target::Existing { id: entry.id, seen: entry.version };
    put(change, sources, arrival, target, content, end).await?;
    Ok(What::Changed)
}

async fn put(
    change: &mut Change<'_>,
    sources: &Sources<'_>,
    arrival: &mut Arrival<'_>,
    target: Target,
    content: Content,
    end: End,
) -> Result<()> {
    let reuse = sources.options.reuse;
    let saved = save_draft(change, Draft { target, content, reuse, lenient: true, tie: None }).await?;
    arrival.notes.0.extend(saved.missing.iter().map(|missing| missing.problem()));
    arrival.waits |= end.state != State::Published && links_ahead(sources, &saved.content.body);
    let id = saved.id;
    settle_state(change, saved, end, Manner { reuse, quiet: arrival.completes }).await?;
    set_expiry(change, id, end).await?;
    addresses::add_aliases(change, arrival, id).await?;
    remember(change, sources, arrival, id);
    Ok(())
}

fn remember(change: &mut Change<'_>, sources: &Sources<'_>, arrival: &Arrival<'_>, id: i64) {
    change.came_from(Origin {
        source: sources.source.clone(),
        key: arrival.page.file.clone(),
        kind: arrival.kind.name.clone(),
        read: Source { entry_id: id, hash: arrival.hash.clone(), waiting: arrival.waits },
    });
}

/// Whether a text that has no rows of links yet leads to a document that is still to come.
fn links_ahead(sources: &Sources<'_>, body: &str) -> bool {
    markdown::addresses(body).iter().any(|address| {
        let path = address.url.split(['?', '#']).next().unwrap_or_default();
        path.starts_with('/')
            && !address.url.contains('?')
            && Path::parse_href(path).is_ok_and(|path| sources.folder.paths.contains(&path.folded()))
    })
}

async fn content_of(
    change: &mut Change<'_>,
    sources: &mut Sources<'_>,
    arrival: &mut Arrival<'_>,
) -> Result<Content> {
    let front = arrival.document.front.clone();
    let mut content = Content {
        title: front.title.clone(),
        slug: slug_of(arrival),
        summary: front.description.clone().or_else(|| arrival.document.lead.clone()).unwrap_or_default(),
        body: addresses::body_of(sources, arrival),
        visibility: visibility_of(&front)?,
        published_at: arrival.located.date,
        modified_at: front.updated,
        seo: Seo {
            title: front.seo.title.clone().unwrap_or_default(),
            description: front.seo.description.clone().unwrap_or_default(),
            canonical: front.seo.canonical.clone(),
            noindex: front.seo.noindex,
            nofollow: front.seo.nofollow,
            robots: front.seo.robots.clone().unwrap_or_default(),
            faq: front.seo.faq,
        },
        fields: front.fields.clone(),
        ..Content::default()
    };
    addresses::relink_fields(sources, arrival, &mut content);
    content.cover = addresses::cover_of(sources, arrival);
    content.parent = names::parent_of(change, arrival).await?;
    content.authors = names::people(change, sources, arrival).await?;
    names::terms(change, sources, arrival, &mut content).await?;
    if sources.options.create_missing {
        names::create_related(change, sources, arrival, &content).await?;
    }
    names::wait_for_relations(change, arrival, &content).await?;
    addresses::fix_path(change, sources, arrival, &mut content).await?;
    Ok(content)
}

fn slug_of(arrival: &Arrival<'_>) -> String {
    let given = arrival.located.slug.clone().or_else(|| arrival.document.front.slug.clone());
    given
        .filter(|slug| Slug::parse(slug).is_ok())
        .or_else(|| Path::parse(&arrival.located.path).ok()?.name().map(str::to_owned))
        .unwrap_or_default()
}

fn visibility_of(front: &source::FrontMatter) -> Result<Visibility> {
    match &front.visibility {
        None => Ok(Visibility::Public),
        Some(text) => text.parse().map_err(|reason: String| Error::field("visibility", reason)),
    }
}

/// What the front matter wants. Hugo and Jekyll show a post from its date on, and Hugo none after
/// its expiry.
fn state_of(change: &Change<'_>, arrival: &mut Arrival<'_>) -> Result<State> {
    let front = &arrival.document.front;
    let ahead = arrival.located.date.is_some_and(|date| date > change.now);
    let waits_for_its_date = matches!(arrival.document.dialect, Dialect::Yaml | Dialect::Json);
    let state = match &front.state {
        Some(text) => text.parse().map_err(|reason: String| Error::field("state", reason))?,
        None if front.draft => State::Draft,
        None if ahead && waits_for_its_date => State::Scheduled,
        None => State::Published,
    };
    match state {
        State::Trashed => Err(Error::field("state", "an import brings nothing into the trash")),
        State::Scheduled if arrival.located.date.is_none() => {
            Err(Error::field("date", "a scheduled entry needs the date on which it appears"))
        }
        // Its time came while it lay in the file.
        State::Scheduled if !ahead => Ok(State::Published),
        State::Published if front.expiry.is_some_and(|end| end <= change.now) => {
            arrival.notes.push(Problem::new("its time is over, so it comes in as a draft").field("expiry"));
            Ok(State::Draft)
        }
        state => Ok(state),
    }
}

async fn settle_state(change: &mut Change<'_>, saved: Saved, end: End, manner: Manner) -> Result<()> {
    let (id, date) = (saved.id, saved.content.published_at);
    match (end.state, end.replaced_by) {
        (State::Published, _) => publish_saved(change, saved, manner).await.map(|_| ()),
        (State::Scheduled, _) => schedule(change, id, saved.version, date, end.expiry).await.map(|_| ()),
        (State::Draft, None) => withdraw(change, &saved).await,
        (State::Trashed, _) => Ok(()),
        (state @ (State::Archived | State::Draft), replaced_by) => {
            let version = publish_saved(change, saved, manner).await?;
            let then = replaced_by.map_or(Then::Gone, Then::To);
            unpublish(change, id, version, state == State::Archived, then).await.map(|_| ())
        }
    }
}

/// A page whose file says now that it is a draft leaves the site.
async fn withdraw(change: &mut Change<'_>, saved: &Saved) -> Result<()> {
    match entries::find(&change.tx, saved.id).await? {
        Some(entry) if matches!(entry.state(), State::Published | State::Scheduled) => {
            unpublish(change, entry.id, entry.version, false, Then::Gone).await.map(|_| ())
        }
        _ => Ok(()),
    }
}

/// A page that leaves the site one day.
async fn set_expiry(change: &mut Change<'_>, id: i64, end: End) -> Result<()> {
    if end.expiry.is_none() || end.state != State::Published {
        return Ok(());
    }
    let Some(entry) = entries::find(&change.tx, id).await? else { return Ok(()) };
    if entry.unpublish_at != end.expiry {
        schedule(change, id, entry.version, None, end.expiry).await?;
    }
    Ok(())
}

fn count_unused(sources: &mut Sources<'_>, arrival: &Arrival<'_>) {
    for key in arrival.document.front.extra.keys() {
        *sources.unused.entry(key.clone()).or_default() += 1;
    }
}

/// Gives each problem the line of its key.
fn with_lines(document: &Document, file: &str, problems: Problems) -> Problems {
    let place = |problem: Problem| {
        let field = problem.field.clone().unwrap_or_default();
        let line = document.line_of(&field).or_else(|| document.line_of(&format!("fields.{field}")));
        Problem {
            file: problem.file.or_else(|| Some(file.to_owned())),
            line: problem.line.or(line),
            ..problem
        }
    };
    Problems(problems.0.into_iter().map(place).collect())
}
