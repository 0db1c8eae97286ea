//! The same done to many entries: one action an entry, each in a change of its own, so that one that can't
//! be done keeps no other from it, and what was done stays done whatever ends the run.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::actions::Change;
use crate::actions::publish::{Manner, publish, publish_saved};
use crate::actions::restore::restore;
use crate::actions::save_draft::{Draft, Target, save_draft};
use crate::actions::trash::trash;
use crate::actions::unpublish::{Then, unpublish};
use crate::app::App;
use crate::entry::{Actor, Content, State, Verb, permit};
use crate::error::{Error, Problem, Result};
use crate::store::bulk::{self, Run};
use crate::store::entries::{self, Entry};
use crate::store::filters::Filter;
use crate::store::jobs::{self, Claim, Payload};
use crate::store::office_lists::{self, Wanted};
use crate::store::{office, users};

/// Entries of a run that are done before other work gets its turn.
const STEP: i64 = 100;

/// What is done to each entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Deed {
    Publish,
    /// Its addresses say that it is gone.
    Unpublish,
    Trash,
    /// Out of the trash.
    Restore,
    /// Null empties the field.
    Set {
        field: String,
        value: Json,
    },
    /// One more for a field that takes several.
    Add {
        field: String,
        value: Json,
    },
}

impl Deed {
    pub fn verb(&self) -> Verb {
        match self {
            Deed::Publish => Verb::Publish,
            Deed::Unpublish => Verb::Unpublish,
            Deed::Trash => Verb::Trash,
            Deed::Restore => Verb::Restore,
            Deed::Set { .. } | Deed::Add { .. } => Verb::Draft,
        }
    }
}

/// A list, all of which is meant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Matching {
    pub kind: String,
    pub state: Option<String>,
    pub words: String,
    pub filters: Vec<Filter>,
}

impl Matching {
    fn wanted<'a>(&'a self, own: Option<&'a str>) -> Wanted<'a> {
        Wanted {
            kind: &self.kind,
            state: self.state.as_deref().and_then(|state| state.parse().ok()),
            own,
            words: &self.words,
            filters: &self.filters,
            ..Wanted::default()
        }
    }
}

/// Which entries are meant.
#[derive(Debug, Clone, PartialEq)]
pub enum Which {
    /// Each with the version that was seen.
    Ticked(Vec<(i64, Option<i64>)>),
    /// A list, and how many it has: counted before a change begins, for all entries of it are read.
    All(Matching, i64),
}

/// How many entries a list has for this actor.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn count(app: &App, actor: &Actor, matching: &Matching) -> Result<i64> {
    let own = own(actor);
    office_lists::count(&app.db, &matching.wanted(own.as_deref())).await
}

/// Begins a run; a job does it, or goes on where whoever began it stopped.
///
/// # Errors
/// `Invalid` when nothing is meant; `Denied` when the role never allows this.
pub async fn begin(change: &Change<'_>, kind: &str, deed: &Deed, which: Which) -> Result<i64> {
    let (total, query, ticked) = match which {
        Which::All(matching, total) => {
            (total, Some(serde_json::to_string(&matching).map_err(Error::internal)?), Vec::new())
        }
        Which::Ticked(ticked) => {
            let known = visible(change, ticked).await?;
            (known.len() as i64, None, known)
        }
    };
    if total == 0 {
        return Err(Error::field("entry", "tick at least one entry"));
    }
    let id = enter(change, kind, deed, query, total).await?;
    bulk::add(&change.tx, id, &ticked).await?;
    Ok(id)
}

/// A run without entries yet, and the job that does it.
async fn enter(
    change: &Change<'_>,
    kind: &str,
    deed: &Deed,
    query: Option<String>,
    total: i64,
) -> Result<i64> {
    let Actor::User { id: user_id, .. } = change.actor else {
        return Err(Error::Denied("only people do this".into()));
    };
    permit(change.actor, deed.verb(), true)?;
    let run = Run {
        id: 0,
        user_id: *user_id,
        kind: kind.to_owned(),
        deed: serde_json::to_string(deed).map_err(Error::internal)?,
        query,
        total,
        created_at: change.now,
        ended_at: None,
    };
    let id = bulk::begin(&change.tx, &run).await?;
    jobs::enqueue(&change.tx, &Payload::Bulk { run: id }, change.now, change.now).await?;
    Ok(id)
}

/// Begins a run that takes what another one has put into the trash back out of it.
///
/// # Errors
/// As [`begin`].
pub async fn take_back(change: &Change<'_>, run: &Run) -> Result<i64> {
    let back = enter(change, &run.kind, &Deed::Restore, None, 0).await?;
    if bulk::add_done(&change.tx, run.id, back).await? == 0 {
        return Err(Error::Conflict("nothing of it is in the trash".into()));
    }
    Ok(back)
}

/// Of these entries, those that the actor may know of.
async fn visible(change: &Change<'_>, ticked: Vec<(i64, Option<i64>)>) -> Result<Vec<(i64, Option<i64>)>> {
    let ids: Vec<i64> = ticked.iter().map(|(id, _)| *id).collect();
    let actor = change.actor.to_string();
    let known = office::titles(&change.tx, &ids, own(change.actor).is_none(), &actor).await?;
    Ok(ticked.into_iter().filter(|(id, _)| known.iter().any(|(known, _)| known == id)).collect())
}

/// The actor's name, where lists show them their own alone.
fn own(actor: &Actor) -> Option<String> {
    match actor {
        Actor::User { role, .. } if !role.has_all_entries() => Some(actor.to_string()),
        _ => None,
    }
}

/// A run as a job: some entries, then other work gets its turn.
///
/// # Errors
/// `Unavailable` when the database is away; what is wrong with an entry is noted with it.
pub async fn carry_out(app: &App, run: i64, job: &Claim) -> Result<()> {
    let ended = step(app, run).await?;
    let now = app.database_now().await?;
    let tx = app.db.begin().await?;
    jobs::complete(&tx, job).await?;
    if !ended {
        jobs::enqueue(&tx, &job.payload, now, now).await?;
    }
    tx.commit().await
}

/// Does the next entries of a run; whether none is left.
///
/// # Errors
/// As [`carry_out`].
pub async fn step(app: &App, run: i64) -> Result<bool> {
    let Some(run) = bulk::find(&app.db, run).await?.filter(|run| run.ended_at.is_none()) else {
        return Ok(true);
    };
    let user = users::find(&app.db, run.user_id).await?.filter(|user| !user.is_disabled());
    let left = match &user {
        Some(user) => next(app, &run, &user.actor()).await?,
        // Nobody goes on in the name of who was kept out.
        None => Vec::new(),
    };
    let (Some(user), false) = (user, left.is_empty()) else {
        let tx = app.db.begin().await?;
        bulk::end(&tx, run.id, app.clock.now()).await?;
        tx.commit().await?;
        return Ok(true);
    };
    let deed: Deed = serde_json::from_str(&run.deed).map_err(Error::internal)?;
    for (entry, seen) in left {
        one(app, &user.actor(), run.id, &deed, entry, seen).await?;
    }
    Ok(false)
}

/// The next entries of a run; of a list, those that come after what the run has already.
async fn next(app: &App, run: &Run, actor: &Actor) -> Result<Vec<(i64, Option<i64>)>> {
    let left = bulk::left(&app.db, run.id, STEP).await?;
    let Some(query) = run.query.as_deref().filter(|_| left.is_empty()) else { return Ok(left) };
    let matching: Matching = serde_json::from_str(query).map_err(Error::internal)?;
    let own = own(actor);
    let after = bulk::last(&app.db, run.id).await?;
    let wanted = Wanted { after, limit: STEP, ..matching.wanted(own.as_deref()) };
    let more: Vec<_> = office_lists::ids(&app.db, &wanted).await?.into_iter().map(|id| (id, None)).collect();
    if !more.is_empty() {
        let tx = app.db.begin().await?;
        bulk::add(&tx, run.id, &more).await?;
        tx.commit().await?;
    }
    Ok(more)
}

/// Does it to one entry and notes so in the same change, or notes why not.
async fn one(app: &App, actor: &Actor, run: i64, deed: &Deed, entry: i64, seen: Option<i64>) -> Result<()> {
    let reason = match tried(app, actor, run, deed, entry, seen).await {
        Ok(()) => return Ok(()),
        Err(error @ Error::Unavailable(_)) => return Err(error),
        Err(error) => error.to_string(),
    };
    let tx = app.db.begin().await?;
    bulk::done(&tx, run, entry, Some(&reason)).await?;
    tx.commit().await
}

async fn tried(app: &App, actor: &Actor, run: i64, deed: &Deed, entry: i64, seen: Option<i64>) -> Result<()> {
    if *deed == Deed::Publish {
        let draft = entries::draft(&app.db, entry).await?;
        let stopping = app.stopping(entry, draft.content).await?;
        if let Some(finding) = stopping.first() {
            let reason = format!("the check stops it: {} {}", finding.what.name(), finding.evidence);
            return Err(Error::Conflict(reason));
        }
    }
    let mut change = Change::begin(app, actor).await?;
    // Whoever came first has done it.
    if !bulk::is_left(&change.tx, run, entry).await? {
        return Ok(());
    }
    let found = entries::find(&change.tx, entry).await?.ok_or(Error::NotFound)?;
    let seen = seen.unwrap_or(found.version);
    apply(&mut change, &found, seen, deed).await?;
    bulk::done(&change.tx, run, entry, None).await?;
    change.commit().await
}

async fn apply(change: &mut Change<'_>, entry: &Entry, seen: i64, deed: &Deed) -> Result<()> {
    let id = entry.id;
    match deed {
        Deed::Publish => {
            let draft = entries::draft(&change.tx, id).await?;
            if entry.state() == State::Published && entry.live_revision == Some(draft.id) {
                return Err(Error::Conflict("it is published already".into()));
            }
            publish(change, id, seen, Manner::default()).await?;
        }
        Deed::Unpublish => drop(unpublish(change, id, seen, false, Then::Gone).await?),
        Deed::Trash => drop(trash(change, id, seen, Then::Gone).await?),
        Deed::Restore => drop(restore(change, id, seen).await?),
        Deed::Set { field, value } => {
            edit(change, entry, seen, |content| {
                match value {
                    Json::Null => drop(content.fields.remove(field)),
                    value => drop(content.fields.insert(field.clone(), value.clone())),
                }
                Ok(())
            })
            .await?;
        }
        Deed::Add { field, value } => {
            edit(change, entry, seen, |content| {
                let list = content.fields.entry(field.clone()).or_insert_with(|| Json::Array(Vec::new()));
                let list = list.as_array_mut().ok_or_else(|| Problem::new("takes one alone").field(field))?;
                if !list.contains(value) {
                    list.push(value.clone());
                }
                Ok(())
            })
            .await?;
        }
    }
    Ok(())
}

/// Saves an entry with another content. What readers see follows at once where nothing else waits to be
/// published; else it would go live by the way.
async fn edit(
    change: &mut Change<'_>,
    entry: &Entry,
    seen: i64,
    edit: impl FnOnce(&mut Content) -> Result<()>,
) -> Result<()> {
    let draft = entries::draft(&change.tx, entry.id).await?;
    let mut content = draft.content;
    edit(&mut content)?;
    let is_clean = entry.state() == State::Published && entry.live_revision == Some(draft.id);
    let target = Target::Existing { id: entry.id, seen };
    let saved =
        save_draft(change, Draft { target, content, reuse: false, lenient: false, tie: None }).await?;
    if is_clean {
        publish_saved(change, saved, Manner::default()).await?;
    }
    Ok(())
}
