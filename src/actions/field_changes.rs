//! Applying `content/changes/`: values of fields that were renamed, became another kind, or went
//! away. Each file is applied once, to every entry of its type, whatever its state.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use crate::actions::Change;
use crate::actions::import::Progress;
use crate::actions::publish;
use crate::actions::relate;
use crate::actions::save_draft::kind_of;
use crate::app::App;
use crate::entry::{Actor, Content, State};
use crate::error::{Error, Problem, Problems, Result};
use crate::schema::{
    FieldChanges, FieldStep, FieldStepKind, Type, Value, read_cell, read_value, write_value,
};
use crate::store::entries::{self, Entry, Revision};
use crate::store::field_changes;

/// Entries of one commit.
const BATCH: i64 = 500;
/// Problems that are named; what is beyond them is counted.
const NAMED: usize = 50;

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The files that were applied now.
    pub files: Vec<String>,
    /// Entries whose values changed.
    pub entries: u64,
}

/// Applies every file that has not been. All values are tried before the first is changed, so one that
/// does not fit leaves everything as it was; an interrupted run goes on where it was, and of several
/// processes each batch is done by one.
///
/// # Errors
/// `Invalid` with each value that can't become what its field is now: nothing of its file is done.
pub async fn apply(app: &App, progress: &mut dyn Progress) -> Result<Report> {
    let mut report = Report::default();
    for file in &app.field_changes {
        let begun = field_changes::find(&app.db, &file.name).await?;
        if begun.is_some_and(|begun| begun.finished_at.is_some()) {
            continue;
        }
        look(app, file, begun.map_or(0, |begun| begun.last_entry), progress).await?;
        report.entries += change_all(app, file, progress).await?;
        report.files.push(file.name.clone());
    }
    Ok(report)
}

/// What of `content/changes/` the next start would apply.
pub async fn pending(app: &App) -> Result<Vec<Problem>> {
    let mut pending = Vec::new();
    for file in &app.field_changes {
        let begun = field_changes::find(&app.db, &file.name).await?;
        if begun.is_none_or(|begun| begun.finished_at.is_none()) {
            let reason = format!("the next start applies it to the stored entries of the type {}", file.kind);
            pending.push(Problem::new(reason).file(format!("changes/{}", file.name)));
        }
    }
    Ok(pending)
}

/// Tries the steps on every entry without changing one, in turns with those who save meanwhile.
async fn look(app: &App, file: &FieldChanges, mut after: i64, progress: &mut dyn Progress) -> Result<()> {
    let mut change = Change::begin(app, &Actor::Engine).await?;
    let kind = kind_of(&change, &file.kind)?;
    let (mut problems, mut more, mut done) = (Problems::default(), 0, 0);
    progress.begin("looking", entries::count_of_type(&app.db, &file.kind).await? as u64);
    while let Some(batch) = batch(&change, file, after).await? {
        for entry in batch {
            after = entry.id;
            done += 1;
            let (draft, live) = revisions(&change, &entry).await?;
            for revision in std::iter::once(draft).chain(live) {
                match edited(&change, &kind, &entry, file, &revision.content).await {
                    Err(Error::Invalid(found)) if problems.0.len() < NAMED => problems.0.extend(found.0),
                    Err(Error::Invalid(found)) => more += found.0.len(),
                    other => _ = other?,
                }
            }
        }
        progress.step(done);
        change.commit_and_continue().await?;
    }
    if more > 0 {
        problems.push(Problem::new(format!("and {more} more values")).file(format!("changes/{}", file.name)));
    }
    change.tx.roll_back().await?;
    problems.or(())
}

async fn change_all(app: &App, file: &FieldChanges, progress: &mut dyn Progress) -> Result<u64> {
    let mut change = Change::begin(app, &Actor::Engine).await?;
    let kind = kind_of(&change, &file.kind)?;
    let (mut changed, mut done) = (0, 0);
    progress.begin("changing", entries::count_of_type(&change.tx, &file.kind).await? as u64);
    let mut after;
    loop {
        // Another process may have gone on meanwhile: what holds is what is read in our turn.
        let begun = field_changes::find(&change.tx, &file.name).await?;
        if begun.is_some_and(|begun| begun.finished_at.is_some()) {
            change.tx.roll_back().await?;
            return Ok(changed);
        }
        after = begun.map_or(0, |begun| begun.last_entry);
        let Some(batch) = batch(&change, file, after).await? else { break };
        for entry in batch {
            after = entry.id;
            done += 1;
            changed += u64::from(change_one(&mut change, &kind, file, entry).await?);
        }
        field_changes::write(&change.tx, &file.name, after, None).await?;
        change.commit_and_continue().await?;
        progress.step(done);
    }
    let now = change.now;
    field_changes::write(&change.tx, &file.name, after, Some(now)).await?;
    change.audit("field_changes", None, &json!({ "file": file.name, "entries": changed }));
    change.commit().await?;
    Ok(changed)
}

async fn batch(change: &Change<'_>, file: &FieldChanges, after: i64) -> Result<Option<Vec<Entry>>> {
    let found = entries::of_type_after(&change.tx, &file.kind, after, BATCH).await?;
    Ok(Some(found).filter(|found| !found.is_empty()))
}

/// The draft, and the live revision where readers see another.
async fn revisions(change: &Change<'_>, entry: &Entry) -> Result<(Revision, Option<Revision>)> {
    let draft = entries::draft(&change.tx, entry.id).await?;
    if entry.state() != State::Published || entry.live_revision == Some(draft.id) {
        return Ok((draft, None));
    }
    let live = entries::live(&change.tx, entry.id).await?;
    Ok((draft, live))
}

/// Changes the live revision and the draft, each in a new revision; says whether there was anything
/// to change.
async fn change_one(change: &mut Change<'_>, kind: &Type, file: &FieldChanges, entry: Entry) -> Result<bool> {
    let (draft, live) = revisions(change, &entry).await?;
    let new_draft = edited(change, kind, &entry, file, &draft.content).await?;
    let is_live = entry.state() == State::Published;
    let mut entry = entry;
    let Some(live) = live else {
        let Some(new) = new_draft else { return Ok(false) };
        let revision = append(change, &mut entry, &new.content).await?;
        if is_live {
            publish::renew(change, entry, revision, new.content, new.quiet).await?;
        }
        return Ok(true);
    };
    let new_live = edited(change, kind, &entry, file, &live.content).await?;
    if new_draft.is_none() && new_live.is_none() {
        return Ok(false);
    }
    if let Some(new) = new_live {
        let revision = append(change, &mut entry, &new.content).await?;
        publish::renew(change, entry.clone(), revision, new.content, new.quiet).await?;
    }
    // The newest revision is the draft, so it is written again even where it stays as it was.
    let content = new_draft.map_or(draft.content, |new| new.content);
    append(change, &mut entry, &content).await?;
    Ok(true)
}

async fn append(change: &Change<'_>, entry: &mut Entry, content: &Content) -> Result<i64> {
    *entry = entries::advance(&change.tx, entry.id, entry.version).await?;
    let actor = change.actor.to_string();
    entries::append_revision(&change.tx, entry.id, entry.version, &actor, content, change.now).await
}

/// A content after the steps.
struct Edited {
    content: Content,
    /// Readers see what they saw: a value has another name, or one that was not shown is gone.
    quiet: bool,
}

/// Does the steps of a file on one content; `None` when they leave it as it is.
async fn edited(
    change: &Change<'_>,
    kind: &Type,
    entry: &Entry,
    file: &FieldChanges,
    content: &Content,
) -> Result<Option<Edited>> {
    let mut fields = content.fields.clone();
    let (mut problems, mut quiet) = (Problems::default(), true);
    for step in &file.steps {
        let (field, result) = match &step.what {
            FieldStepKind::Rename { from, to } => (from, rename(&mut fields, from, to)),
            FieldStepKind::Drop { field } => {
                fields.shift_remove(field);
                (field, Ok(()))
            }
            FieldStepKind::Convert { field, values } => {
                let result = convert(change, kind, &entry.locale, &mut fields, field, values).await?;
                quiet &= !matches!(result, Ok(true));
                (field, result.map(|_| ()))
            }
        };
        if let Err(reason) = result {
            problems.push(told(file, step, entry, field, &reason));
        }
    }
    let changed = fields != content.fields;
    problems.or(changed.then(|| Edited { content: Content { fields, ..content.clone() }, quiet }))
}

fn told(file: &FieldChanges, step: &FieldStep, entry: &Entry, field: &str, reason: &str) -> Problem {
    Problem::new(format!("entry {} “{}”: {reason}", entry.id, entry.title))
        .field(field)
        .at(format!("changes/{}", file.name), step.line)
}

fn rename(fields: &mut Map<String, Json>, from: &str, to: &str) -> Result<(), String> {
    let Some(value) = fields.get(from) else { return Ok(()) };
    if fields.contains_key(to) {
        return Err(format!("has a value under `{to}` already"));
    }
    let value = value.clone();
    fields.shift_remove(from);
    fields.insert(to.to_owned(), value);
    Ok(())
}

/// Reads a value as its field is declared now; says whether it became another.
async fn convert(
    change: &Change<'_>,
    kind: &Type,
    locale: &str,
    fields: &mut Map<String, Json>,
    name: &str,
    values: &BTreeMap<String, String>,
) -> Result<Result<bool, String>> {
    let (Some(field), Some(before)) = (kind.field(name), fields.get(name).cloned()) else {
        return Ok(Ok(false));
    };
    let raw = replaced(&before, values);
    let read = match (read_value(field, &raw), &raw) {
        (Err(problem), Json::String(text)) => read_cell(field, text).map_err(|_| problem.reason),
        (read, _) => read.map_err(|problem| problem.reason),
    };
    let value = match read {
        Ok(Some(value)) => value,
        Ok(None) => {
            fields.shift_remove(name);
            return Ok(Ok(true));
        }
        Err(reason) => return Ok(Err(reason)),
    };
    let mut read: BTreeMap<String, Value> = BTreeMap::from([(name.to_owned(), value)]);
    let mut problems = Problems::default();
    let missing = relate::resolve(change, kind, locale, &mut read, &mut problems).await?;
    let lost = missing.iter().map(|missing| missing.problem().reason);
    if let Some(reason) = problems.0.into_iter().map(|problem| problem.reason).chain(lost).next() {
        return Ok(Err(reason));
    }
    let Some(value) = read.get(name).map(write_value) else { return Ok(Ok(false)) };
    let is_new = value != before;
    fields.insert(name.to_owned(), value);
    Ok(Ok(is_new))
}

/// The stored value with the words that have a replacement replaced, also those of a list.
fn replaced(value: &Json, values: &BTreeMap<String, String>) -> Json {
    match value {
        Json::String(text) => Json::String(values.get(text).unwrap_or(text).clone()),
        Json::Bool(_) | Json::Number(_) => match values.get(&value.to_string()) {
            Some(text) => Json::String(text.clone()),
            None => value.clone(),
        },
        Json::Array(all) => all.iter().map(|one| replaced(one, values)).collect(),
        Json::Null | Json::Object(_) => value.clone(),
    }
}
