//! `atlas import csv FILE`: every row becomes an entry.

use std::collections::HashMap;
use std::path::Path as FilePath;

use sha2::{Digest, Sha256};

use crate::actions::import::related::Related;
use crate::actions::import::{Batch, Options, Progress, Report, addresses};
use crate::actions::publish::{Manner, publish_saved};
use crate::actions::save_draft::{Draft, Target, as_stored, save_draft};
use crate::actions::{Change, relate};
use crate::app::App;
use crate::clock::Time;
use crate::config::nearest;
use crate::entry::{Actor, Content, State};
use crate::error::{Error, Problem, Problems, Result};
use crate::files::hex;
use crate::schema::{Kind, RelationRef, Type, Value, read_cell, write_value};
use crate::source::csv::{self, Mapping, Row, Table};
use crate::store::entries;
use crate::store::imports::{self, Origin, Source};
use crate::text::Path;

/// Fields of the core that a column can fill. `tie` is what a slug made from the title gets added
/// when it is taken.
pub const CORE: [&str; 12] = [
    "title", "slug", "path", "summary", "body", "date", "updated", "locale", "parent", "state", "aliases",
    "tie",
];

/// Rows whose earlier import is asked for at a time.
const AT_ONCE: usize = 500;

/// Imports a table.
///
/// # Errors
/// `Invalid` when the file or the mapping is wrong; `Unavailable` when the database is away: what
/// was done until then is kept.
pub async fn import(
    app: &App,
    actor: &Actor,
    file: &FilePath,
    maps: &[String],
    read: &csv::Options,
    options: &Options,
    progress: &mut dyn Progress,
) -> Result<Report> {
    let name = options.kind.clone().unwrap_or_default();
    let Some(kind) = app.types.get(&name).cloned() else {
        let known: Vec<&str> = app.types.names().collect();
        let reason = format!("there is no type `{name}`; one of {}", known.join(", "));
        return Err(Problem::new(reason).field("--type").into());
    };
    let table = Table::open(file, read)?;
    let mapping = Mapping::parse(&turned(maps, &kind, table.headers()), table.headers())?;
    check_fields(&kind, &mapping)?;
    let mut report = Report { dry_run: options.dry_run, ..Report::default() };
    let unused = table.unused(&mapping);
    if !unused.is_empty() {
        report.notes.push(Problem::new(format!("columns not used: {}", unused.join(", "))));
    }
    let file_name = file.display().to_string();
    let source = options.source.clone().unwrap_or_else(|| {
        file.file_name().map_or_else(|| file_name.clone(), |name| name.to_string_lossy().into_owned())
    });
    let source = format!("{}:{source}", kind.name);
    let mut rows = Rows {
        kind: &kind,
        options,
        source: &source,
        related: Related::default(),
        maps: maps.join(" "),
        known: HashMap::new(),
    };
    let mut batch = Batch::begin(app, actor, options.dry_run).await?;
    progress.begin("rows", table.size());
    let mut left = table.rows(&mapping)?;
    loop {
        let some: Vec<_> = left.by_ref().take(AT_ONCE).collect();
        if some.is_empty() {
            break;
        }
        let mut asked = None;
        for (at, row) in some.iter().enumerate() {
            let row = match row {
                Ok(row) => row,
                Err(problem) => {
                    report.skip(problem.clone());
                    continue;
                }
            };
            progress.step(row.byte);
            // Between two commits, another import may have read the same rows.
            if asked != Some(batch.turns) {
                rows.ask(&mut batch.change, &some[at..]).await?;
                asked = Some(batch.turns);
            }
            rows.take_in(&mut batch, &file_name, row, &mut report).await?;
        }
    }
    progress.step(table.size());
    report.created += rows.related.created;
    batch.finish().await?;
    Ok(report)
}

/// `name=title` is read as `title=name` when only that makes sense.
fn turned(maps: &[String], kind: &Type, headers: &[String]) -> Vec<String> {
    let is_field = |name: &str| CORE.contains(&name) || name == "authors" || kind.field(name).is_some();
    let is_column = |name: &str| headers.iter().any(|header| header == name);
    let turn = |map: &String| match map.split_once('=') {
        Some((column, field)) if !is_field(column) && is_column(column) && is_field(field) => {
            format!("{field}={column}")
        }
        _ => map.clone(),
    };
    maps.iter().map(turn).collect()
}

fn check_fields(kind: &Type, mapping: &Mapping) -> Result<()> {
    let mut problems = Problems::default();
    let known: Vec<&str> = CORE
        .into_iter()
        .chain(["authors"])
        .chain(kind.fields.iter().map(|field| field.name.as_str()))
        .collect();
    for field in mapping.fields() {
        if !known.contains(&field) {
            let hint = nearest(field, known.iter().copied()).map_or_else(
                || format!("its fields are {}", known.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            problems.push(
                Problem::new(format!("the type {} has no field `{field}`; {hint}", kind.name)).field("--map"),
            );
        }
    }
    if !mapping.fields().any(|field| field == "title") {
        problems.push(Problem::new("say which column is the title: --map title=COLUMN").field("--map"));
    }
    problems.or(())
}

struct Rows<'a> {
    kind: &'a Type,
    options: &'a Options,
    source: &'a str,
    related: Related,
    /// The mapping as given: another mapping of the same rows is a change.
    maps: String,
    /// What earlier imports, and earlier rows of this one, made of the rows at hand, by key.
    known: HashMap<String, Source>,
}

enum Outcome {
    Created,
    Changed,
    Unchanged,
}

impl Rows<'_> {
    /// Finds out what is known of rows.
    async fn ask(&mut self, change: &mut Change<'_>, rows: &[Result<Row, Problem>]) -> Result<()> {
        let keys: Vec<String> = rows.iter().flatten().map(|row| row.key.clone()).collect();
        change.write_origins().await?;
        self.known = imports::find_many(&change.tx, self.source, &keys).await?;
        Ok(())
    }

    async fn take_in(
        &mut self,
        batch: &mut Batch<'_>,
        file: &str,
        row: &Row,
        report: &mut Report,
    ) -> Result<()> {
        let created = self.related.created;
        batch.open().await?;
        let mut notes = Problems::default();
        let saved = self.save(&mut batch.change, row, &mut notes).await;
        match batch.close(saved).await? {
            Ok((outcome, read)) => {
                match outcome {
                    Outcome::Created => report.created += 1,
                    Outcome::Changed => report.changed += 1,
                    Outcome::Unchanged => report.unchanged += 1,
                }
                self.known.insert(row.key.clone(), read);
            }
            Err(error) => {
                self.related.forget(created);
                report.fail(file, u32::try_from(row.line).ok(), &error);
                return Ok(());
            }
        }
        let line = u32::try_from(row.line).unwrap_or(u32::MAX);
        report.notes.extend(notes.0.into_iter().map(|note| note.at(file, line)));
        Ok(())
    }

    /// Saves a row; what is to be known of it from now on.
    async fn save(
        &mut self,
        change: &mut Change<'_>,
        row: &Row,
        notes: &mut Problems,
    ) -> Result<(Outcome, Source)> {
        let hash = hex(&Sha256::digest(format!("{}\0{:?}", self.maps, row.cells)));
        let known = self.known.get(&row.key).cloned();
        if let Some(known) = known.as_ref().filter(|known| known.hash == hash && !known.waiting) {
            return Ok((Outcome::Unchanged, known.clone()));
        }
        let Reading { content, state, locale, aliases, tie } = self.read(change, row, notes).await?;
        let waits = !notes.is_empty();
        let entry = match &known {
            Some(known) => entries::find(&change.tx, known.entry_id).await?,
            None => None,
        };
        if let Some(entry) = &entry
            && entry.state() == state
            && entries::draft(&change.tx, entry.id).await?.content
                == as_stored(change, entry, content.clone()).await?.0
        {
            let aliased = add_aliases(change, entry.id, &aliases, notes).await?;
            let read = self.remember(change, row, Source { entry_id: entry.id, hash, waiting: waits });
            return Ok((if aliased { Outcome::Changed } else { Outcome::Unchanged }, read));
        }
        let target = match &entry {
            Some(entry) => Target::Existing { id: entry.id, seen: entry.version },
            None => Target::New { kind: self.kind.name.clone(), locale, translation_of: None },
        };
        let draft = Draft { target, content, reuse: self.options.reuse, lenient: true, tie };
        let saved = save_draft(change, draft).await?;
        let id = saved.id;
        if state == State::Published {
            publish_saved(change, saved, Manner { reuse: self.options.reuse, quiet: false }).await?;
        }
        add_aliases(change, id, &aliases, notes).await?;
        let read = self.remember(change, row, Source { entry_id: id, hash, waiting: waits });
        Ok((if entry.is_some() { Outcome::Changed } else { Outcome::Created }, read))
    }

    fn remember(&self, change: &mut Change<'_>, row: &Row, read: Source) -> Source {
        change.came_from(Origin {
            source: self.source.to_owned(),
            key: row.key.clone(),
            kind: self.kind.name.clone(),
            read: read.clone(),
        });
        read
    }

    async fn read(&mut self, change: &mut Change<'_>, row: &Row, notes: &mut Problems) -> Result<Reading> {
        let default = change.app.site.default_locale().code.clone();
        let given = row.cells.iter().find(|(field, text)| field == "locale" && !text.is_empty());
        let locale = given.map_or(self.options.locale.clone().unwrap_or(default), |(_, text)| text.clone());
        let mut reading = Reading {
            content: Content::default(),
            state: State::Published,
            locale,
            aliases: Vec::new(),
            tie: None,
        };
        let mut problems = Problems::default();
        for (field, text) in row.cells.iter().filter(|(_, text)| !text.is_empty()) {
            let read = match self.kind.field(field).cloned() {
                Some(declared) => match read_cell(&declared, text) {
                    Ok(Some(value)) => self.relate(change, &declared, value, &mut reading, notes).await,
                    Ok(None) => Ok(()),
                    Err(problem) => Err(problem.into()),
                },
                None => self.core(change, field, text, &mut reading, notes).await,
            };
            match read {
                Ok(()) => {}
                Err(Error::Invalid(found)) => problems.0.extend(found.0),
                Err(other) => return Err(other),
            }
        }
        problems.or(reading)
    }

    /// A value of the type's own; relations become ids.
    async fn relate(
        &mut self,
        change: &mut Change<'_>,
        field: &crate::schema::Field,
        value: Value,
        reading: &mut Reading,
        notes: &mut Problems,
    ) -> Result<()> {
        let value = match (value, &field.to) {
            (Value::Relation(refs), Some(to)) if field.kind == Kind::Relation => {
                let mut ids = Vec::new();
                for reference in refs {
                    let RelationRef::Key(key) = reference else { continue };
                    let create = self.options.create_missing;
                    match self.related.find_or_create(change, to, &reading.locale, &key, create).await? {
                        Some(id) => ids.push(RelationRef::Id(id)),
                        None => {
                            let reason = format!("there is no {to} “{key}”; --create-missing creates it");
                            let problem = Problem::new(reason).field(&field.name);
                            if field.required {
                                return Err(problem.into());
                            }
                            notes.push(problem);
                        }
                    }
                }
                if ids.is_empty() {
                    return Ok(());
                }
                Value::Relation(ids)
            }
            (value, _) => value,
        };
        reading.content.fields.insert(field.name.clone(), write_value(&value));
        Ok(())
    }

    async fn core(
        &mut self,
        change: &mut Change<'_>,
        field: &str,
        text: &str,
        reading: &mut Reading,
        notes: &mut Problems,
    ) -> Result<()> {
        let content = &mut reading.content;
        let instant = || {
            Time::parse(text)
                .ok_or_else(|| Error::field(field, format!("`{text}` is no date such as 2026-03-01")))
        };
        match field {
            "title" => content.title = text.to_owned(),
            "slug" => content.slug = text.to_owned(),
            "path" => content.fixed_path = Some(text.to_owned()),
            "summary" => content.summary = text.to_owned(),
            "body" => content.body = text.to_owned(),
            "date" => content.published_at = Some(instant()?),
            "updated" => content.modified_at = Some(instant()?),
            "state" => {
                reading.state = match text {
                    "published" => State::Published,
                    "draft" => State::Draft,
                    other => {
                        let reason = format!("`{other}` is not one of published, draft");
                        return Err(Error::field("state", reason));
                    }
                }
            }
            "aliases" => reading.aliases = text.split('|').map(|alias| alias.trim().to_owned()).collect(),
            "tie" => reading.tie = Some(text.to_owned()),
            "parent" => {
                change.write_origins().await?;
                let default = &change.app.site.default_locale().code;
                content.parent =
                    relate::find(&change.tx, &self.kind.name, &reading.locale, default, text).await?;
                if content.parent.is_none() {
                    notes.push(
                        Problem::new(format!("there is no {} “{text}”", self.kind.name)).field("parent"),
                    );
                }
            }
            "authors" => {
                for name in text.split('|').map(str::trim) {
                    let create = self.options.create_missing;
                    match self.related.find_or_create(change, "author", &reading.locale, name, create).await?
                    {
                        Some(id) => content.authors.push(id),
                        None => {
                            notes.push(Problem::new(format!("there is no author “{name}”")).field("authors"))
                        }
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// What a row says.
struct Reading {
    content: Content,
    state: State,
    locale: String,
    aliases: Vec<String>,
    tie: Option<String>,
}

/// Adds former addresses; says whether one is new.
async fn add_aliases(
    change: &mut Change<'_>,
    id: i64,
    aliases: &[String],
    notes: &mut Problems,
) -> Result<bool> {
    let mut new = false;
    for alias in aliases {
        let added = match Path::parse(alias) {
            Ok(path) => addresses::add_alias(change, &path, id).await,
            Err(reason) => Err(Error::field("aliases", reason)),
        };
        match added {
            Ok(added) => new |= added,
            Err(error @ (Error::Internal(_) | Error::Unavailable(_))) => return Err(error),
            Err(error) => notes.push(Problem::new(format!("{alias}: {error}")).field("aliases")),
        }
    }
    Ok(new)
}
