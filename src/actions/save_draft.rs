//! Saving: a new revision, never an overwritten one. What readers see stays as it is until the
//! entry is published.

use std::collections::{BTreeMap, HashMap};

use serde_json::json;

use crate::actions::Change;
use crate::actions::address::{self, Wanted};
use crate::actions::check::{self, Checked};
use crate::actions::relate::Missing;
use crate::actions::relocate::{Step, relocate};
use crate::entry::{Content, State, Verb, permit};
use crate::error::{Error, Problem, Result};
use crate::schema::{LANDING, Type, Value};
use crate::store::entries::{self, Birth, Columns, Entry};
use crate::store::{paths, pictures};
use crate::text::{self, Path, Slug};

/// What is to be saved.
#[derive(Debug, Clone)]
pub struct Draft {
    pub target: Target,
    pub content: Content,
    /// Take a path that was public before and leads nowhere now.
    pub reuse: bool,
    /// Leave relations out that lead to nothing yet.
    pub lenient: bool,
    /// What to add to a slug made from the title when it is taken, before numbers: a region's code.
    pub tie: Option<String>,
}

/// A new entry, or one that the actor has seen at a version.
#[derive(Debug, Clone)]
pub enum Target {
    New { kind: String, locale: String, translation_of: Option<i64> },
    Existing { id: i64, seen: i64 },
}

/// What was saved, ready to be published.
#[derive(Debug)]
pub struct Saved {
    pub id: i64,
    pub version: i64,
    pub revision: i64,
    pub content: Content,
    pub values: BTreeMap<String, Value>,
    pub missing: Vec<Missing>,
    /// The entry is new: nothing is derived from it yet.
    pub fresh: Option<Fresh>,
    /// The path it wants still answers for something else; publishing may take it over.
    pub waiting: bool,
}

/// A new entry and its address.
#[derive(Debug)]
pub struct Fresh {
    pub entry: Entry,
    pub wanted: Wanted,
}

/// Saves a revision.
///
/// # Errors
/// `Invalid` with every wrong field; `Conflict` when somebody saved in between, or when the path is
/// taken; `Denied`.
pub async fn save_draft(change: &mut Change<'_>, draft: Draft) -> Result<Saved> {
    match draft.target.clone() {
        Target::New { kind, locale, translation_of } => {
            // Whoever begins it may go on with it.
            permit(change.actor, Verb::Draft, true)?;
            let birth = Birth { kind: &kind, locale: &locale, translation_of, at: change.now };
            create(change, &birth, draft).await
        }
        Target::Existing { id, seen } => {
            let entry = entries::find(&change.tx, id).await?.ok_or(Error::NotFound)?;
            change.permit_on(Verb::Draft, id).await?;
            if entry.state() == State::Scheduled {
                // The timetable publishes the newest revision: saving one decides what readers will see.
                change.permit_on(Verb::Publish, id).await?;
            }
            update(change, entry, seen, draft).await
        }
    }
}

async fn create(change: &mut Change<'_>, birth: &Birth<'_>, draft: Draft) -> Result<Saved> {
    let kind = kind_of(change, birth.kind)?;
    if change.app.site.locale(birth.locale).is_none() {
        let reason = format!("the site has no language `{}`", birth.locale);
        return Err(Problem::new(reason).field("locale").into());
    }
    let group = translation_group(change, birth).await?;
    let birth = Birth { translation_of: group, ..birth.clone() };
    let mut checked = check::check(change, &kind, birth.locale, draft.content, draft.lenient, None).await?;
    settle_links(change, &mut checked.content).await?;
    let (wanted, is_free) =
        free_path(change, &kind, birth.locale, &mut checked, draft.tie.as_deref()).await?;
    let columns = Columns { content: &checked.content, path_parent: wanted.below };
    let waiting = !is_free && is_waiting(change, None, &wanted.path, draft.reuse).await?;
    let entry = entries::insert(&change.tx, &birth, &columns).await?;
    if group.is_some() {
        change.forget_asked();
    }
    let id = entry.id;
    if !waiting {
        paths::assign_first(&change.tx, id, &wanted.path, change.now).await?;
        change.touch_path(&wanted.path.folded());
    }
    let revision = append(change, id, 1, &checked.content).await?;
    pictures::write_uses(&change.tx, id, &checked.content, true).await?;
    Ok(Saved { fresh: Some(Fresh { entry, wanted }), ..saved(id, 1, revision, checked, waiting) })
}

async fn update(change: &mut Change<'_>, entry: Entry, seen: i64, draft: Draft) -> Result<Saved> {
    if entry.state() == State::Trashed {
        return Err(Error::Conflict(format!("“{}” is in the trash; restore it first", entry.title)));
    }
    entries::advance(&change.tx, entry.id, seen).await?;
    let kind = kind_of(change, &entry.kind)?;
    let stored = entries::draft(&change.tx, entry.id).await?.content;
    let mut checked =
        check::check(change, &kind, &entry.locale, draft.content, draft.lenient, Some(&stored)).await?;
    if checked.slug_is_ours {
        // An entry that has a slug keeps it; a changed title alone moves no page.
        checked.content.slug.clone_from(&entry.slug);
    }
    settle_links(change, &mut checked.content).await?;
    let wanted =
        address::wanted_since(change, &kind, &entry.locale, &checked.content, entry.published_at).await?;
    address::refuse_cycle(change, entry.id, checked.content.parent, wanted.below).await?;
    let waiting = is_waiting(change, Some(entry.id), &wanted.path, draft.reuse).await?;
    if entry.live_revision.is_none() {
        let columns = Columns { content: &checked.content, path_parent: wanted.below };
        entries::write_columns(&change.tx, entry.id, &columns).await?;
        if !waiting {
            let step = Step { to: &wanted.path, public: false, reuse: false };
            relocate(change, &entry, step).await?;
        }
    }
    let revision = append(change, entry.id, seen + 1, &checked.content).await?;
    pictures::write_uses(&change.tx, entry.id, &checked.content, entry.live_revision.is_some()).await?;
    Ok(saved(entry.id, seen + 1, revision, checked, waiting))
}

/// What [`save_draft`] would store for an entry that is there, and which relations it would leave out:
/// an import asks before it saves.
///
/// # Errors
/// `Invalid` with every wrong field.
pub async fn as_stored(
    change: &Change<'_>,
    entry: &Entry,
    content: Content,
) -> Result<(Content, Vec<Missing>)> {
    let kind = kind_of(change, &entry.kind)?;
    let stored = entries::draft(&change.tx, entry.id).await?.content;
    let mut checked = check::check(change, &kind, &entry.locale, content, true, Some(&stored)).await?;
    if checked.slug_is_ours {
        checked.content.slug.clone_from(&entry.slug);
    }
    settle_links(change, &mut checked.content).await?;
    Ok((checked.content, checked.missing))
}

/// Whether a path still answers for something else. A draft shows the public nothing, so it takes no
/// path over: that is for its publication.
async fn is_waiting(change: &Change<'_>, id: Option<i64>, path: &Path, reuse: bool) -> Result<bool> {
    match paths::taken_by(&change.tx, path, id).await? {
        None => Ok(false),
        Some(taken) if reuse && taken.reusable => Ok(true),
        Some(taken) => Err(Error::Conflict(taken.explain())),
    }
}

fn saved(id: i64, version: i64, revision: i64, checked: Checked, waiting: bool) -> Saved {
    let Checked { content, values, missing, .. } = checked;
    Saved { id, version, revision, content, values, missing, fresh: None, waiting }
}

/// The declared type of that name.
///
/// # Errors
/// `Error::Invalid` naming the types there are.
pub fn kind_of(change: &Change<'_>, name: &str) -> Result<Type> {
    let types = &change.app.types;
    if name == LANDING {
        let reason = "landing pages follow from content/landings; nobody writes one";
        return Err(Problem::new(reason).field("type").into());
    }
    types.get(name).cloned().ok_or_else(|| {
        let known: Vec<&str> = types.names().filter(|name| *name != LANDING).collect();
        Problem::new(format!("there is no type `{name}`; one of {}", known.join(", "))).field("type").into()
    })
}

async fn translation_group(change: &Change<'_>, birth: &Birth<'_>) -> Result<Option<i64>> {
    let Some(of) = birth.translation_of else { return Ok(None) };
    let original = entries::find(&change.tx, of).await?;
    let Some(original) = original.filter(|original| original.kind == birth.kind) else {
        let reason = format!("entry {of} is no {} that could be translated", birth.kind);
        return Err(Problem::new(reason).field("translation_of").into());
    };
    let taken = match original.locale == birth.locale {
        true => Some(original.clone()),
        false => match entries::translation_in(&change.tx, of, birth.locale).await? {
            Some(id) => entries::find(&change.tx, id).await?,
            None => None,
        },
    };
    if let Some(taken) = taken {
        let mut reason = format!("“{}” is there in `{}` already", original.title, birth.locale);
        if taken.state() == State::Trashed {
            reason += ", in the trash: restore it";
        }
        return Err(Problem::new(reason).field("translation_of").into());
    }
    Ok(Some(original.translation_group))
}

async fn append(change: &Change<'_>, id: i64, number: i64, content: &Content) -> Result<i64> {
    let actor = change.actor.to_string();
    let revision = entries::append_revision(&change.tx, id, number, &actor, content, change.now).await?;
    change.audit("save_draft", Some(id), &json!({ "version": number }));
    Ok(revision)
}

/// The path of a new entry, and whether it is known to be free; a slug of ours gives way to what is
/// there already.
async fn free_path(
    change: &Change<'_>,
    kind: &Type,
    locale: &str,
    checked: &mut Checked,
    tie: Option<&str>,
) -> Result<(Wanted, bool)> {
    let mut wanted = address::wanted(change, kind, locale, &checked.content).await;
    if !checked.slug_is_ours || checked.content.fixed_path.is_some() {
        return Ok((wanted?, false));
    }
    let base = Slug::parse(&checked.content.slug).map_err(|reason| Problem::new(reason).field("slug"))?;
    let tied = tie.and_then(|tie| base.suffixed(tie));
    let numbered = (2..).map(|number| tied.as_ref().unwrap_or(&base).numbered(number));
    let mut candidates = tied.clone().into_iter().chain(numbered);
    let mut refused = 0;
    loop {
        match wanted {
            Ok(found) if paths::taken_by(&change.tx, &found.path, None).await?.is_none() => {
                return Ok((found, true));
            }
            Ok(_) => {}
            // What is refused under every slug belongs to the engine as a whole.
            Err(error) if refused >= 3 || !is_about_the_slug(&error) => return Err(error),
            Err(_) => refused += 1,
        }
        checked.content.slug = candidates.next().expect("numbers don't end").to_string();
        wanted = address::wanted(change, kind, locale, &checked.content).await;
    }
}

/// Whether another slug could help.
fn is_about_the_slug(error: &Error) -> bool {
    matches!(error, Error::Invalid(problems)
        if problems.0.iter().all(|problem| problem.reason.contains("belongs to")))
}

/// Links to pages of the site become references to their entries, so they follow later moves.
async fn settle_links(change: &Change<'_>, content: &mut Content) -> Result<()> {
    let found = text::markdown::addresses(&content.body);
    let asked: HashMap<String, Path> = found
        .iter()
        .filter_map(|address| Some((address.url.clone(), site_path(change, &address.url)?)))
        .collect();
    if asked.is_empty() {
        return Ok(());
    }
    let folded: Vec<String> = asked.values().map(Path::folded).collect();
    let owners = paths::owners(&change.tx, &folded).await?;
    if owners.is_empty() {
        return Ok(());
    }
    content.body = text::markdown::replace_addresses(&content.body, |address| {
        let id = owners.get(&asked.get(&address.url)?.folded())?;
        let fragment = address.url.split_once('#').map(|(_, fragment)| format!("#{fragment}"));
        Some(format!("entry:{id}{}", fragment.unwrap_or_default()))
    });
    Ok(())
}

/// The path that a link within the site leads to.
fn site_path(change: &Change<'_>, url: &str) -> Option<Path> {
    let origin = change.app.config.origin.to_string();
    let local = url.strip_prefix(&origin).unwrap_or(url);
    let path = local.split(['?', '#']).next().unwrap_or_default();
    if !path.starts_with('/') || path.starts_with("//") || path.starts_with("/media/") || local.contains('?')
    {
        return None;
    }
    Path::parse_href(path).ok()
}
