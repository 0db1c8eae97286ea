//! `atlas export markdown DIR`: everything as files that `atlas import markdown` reads back into
//! the same site.

use std::collections::HashMap;
use std::fs;
use std::path::Path as FilePath;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::actions::import::Progress;
use crate::actions::import::markdown::REDIRECTS;
use crate::actions::import::redirects::HEADER;
use crate::actions::redirects;
use crate::app::App;
use crate::clock::Time;
use crate::entry::{Content, State};
use crate::error::{Error, Problem, Result};
use crate::files::write_atomically;
use crate::schema::{Kind, LANDING, Type};
use crate::source::{Cover, Export, Seo, file_name, write};
use crate::store::entries::{self, Entry};
use crate::store::paths::Answer;
use crate::store::{media, paths};
use crate::text::markdown;

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    pub documents: u64,
    pub images: u64,
    pub redirects: u64,
    /// Entries in the trash, which are not written; their addresses are, as gone or as redirects
    /// to what replaced them.
    pub left_out: u64,
    /// Published entries with changes that nobody has published: the files say what readers see.
    pub unpublished_changes: u64,
    /// Entries that could not be written, and why.
    pub problems: Vec<Problem>,
}

/// Writes the site into an empty folder.
///
/// # Errors
/// `Invalid` when the folder has anything in it; `Unavailable` on a full disk.
pub async fn export(app: &App, dir: &FilePath, progress: &mut dyn Progress) -> Result<Report> {
    let unusable = |error: std::io::Error| {
        Problem::new(format!("can't be made a folder to write into: {error}")).file(dir.display().to_string())
    };
    fs::create_dir_all(dir).map_err(unusable)?;
    if fs::read_dir(dir).map_err(unusable)?.next().is_some() {
        let reason = "is not empty; an export never mixes with what is there";
        return Err(Problem::new(reason).file(dir.display().to_string()).into());
    }
    let mut report = Report::default();
    let mut gone = Vec::new();
    progress.begin("entries", entries::count(&app.db).await? as u64);
    let mut after = 0;
    let mut done = 0;
    loop {
        let ids = entries::ids_after(&app.db, after, 500).await?;
        let Some(last) = ids.last() else { break };
        after = *last;
        for entry in entries::find_many(&app.db, &ids).await? {
            if entry.kind == LANDING {
                // It follows from what is listed and from content/landings; its old addresses don't.
                let live = entry.state() == State::Published;
                gone.extend(if live {
                    paths::former(&app.db, entry.id).await?
                } else {
                    paths::public_of(&app.db, entry.id).await?
                });
            } else if entry.state() == State::Trashed {
                report.left_out += 1;
                gone.extend(paths::public_of(&app.db, entry.id).await?);
            } else if paths::canonical(&app.db, entry.id).await?.is_none() {
                report.problems.push(homeless(&entry));
            } else {
                report.unpublished_changes += u64::from(export_entry(app, dir, &entry).await?);
                report.documents += 1;
            }
            done += 1;
            progress.step(done);
        }
    }
    report.images = export_media(app, dir, progress).await?;
    report.redirects = export_redirects(app, dir, gone).await?;
    Ok(report)
}

/// A draft that is to take over another's path, or one that came back when its path was taken.
fn homeless(entry: &Entry) -> Problem {
    let reason = format!(
        "entry {} “{}” has no address, as another has taken it; give it a slug of its own and export again",
        entry.id, entry.title
    );
    Problem::new(reason).field("slug")
}

/// Writes an entry; says whether it has changes that are not published, and so not written.
async fn export_entry(app: &App, dir: &FilePath, entry: &Entry) -> Result<bool> {
    let (content, newer) = content(app, entry).await?;
    let document = document(app, entry, content).await?;
    let locale = (document.locale != app.site.default_locale().code).then_some(document.locale.as_str());
    let file = dir.join(file_name(&document.kind, locale, &document.path));
    fs::create_dir_all(file.parent().unwrap_or(dir))?;
    fs::write(&file, write(&document))?;
    Ok(newer)
}

/// What readers see of a published entry, else the draft; and whether the draft is newer.
async fn content(app: &App, entry: &Entry) -> Result<(Content, bool)> {
    let draft = entries::draft(&app.db, entry.id).await?;
    if entry.state() != State::Published || entry.live_revision == Some(draft.id) {
        return Ok((draft.content, false));
    }
    let live = entries::live(&app.db, entry.id).await?;
    Ok(live.map_or((draft.content, false), |live| (live.content, true)))
}

async fn document(app: &App, entry: &Entry, content: Content) -> Result<Export> {
    let kind = app.types.get(&entry.kind).ok_or_else(|| {
        let reason = format!("“{}” is of the type {}, which is not declared", entry.title, entry.kind);
        Error::from(Problem::new(reason))
    })?;
    let ids = ids_of(&content, kind, entry);
    let addresses = paths::canonicals(&app.db, &ids).await?;
    let written = written(app, &ids, &addresses).await?;
    let path = paths::canonical(&app.db, entry.id).await?;
    let path = path.ok_or_else(|| Error::Internal(format!("entry {} has no path", entry.id)))?;
    let original = (entry.translation_group != entry.id).then_some(entry.translation_group);
    let address = |id: Option<i64>| id.and_then(|id| written.get(&id).cloned());
    let state = entry.state();
    Ok(Export {
        kind: entry.kind.clone(),
        title: content.title.clone(),
        slug: Some(content.slug.clone()).filter(|slug| path.name() != Some(slug)),
        path: path.to_string(),
        locale: entry.locale.clone(),
        translation_of: address(original),
        parent: address(content.parent),
        summary: some(&content.summary),
        date: if state == State::Scheduled { entry.publish_at } else { date(entry, &content) },
        updated: entry.modified_at.or(content.modified_at).filter(|at| Some(*at) != date(entry, &content)),
        expiry: entry.unpublish_at,
        state: (state != State::Published).then(|| state.to_string()),
        replaced_by: address(entry.replaced_by),
        visibility: (!content.visibility.is_public()).then(|| content.visibility.to_string()),
        authors: content.authors.iter().filter_map(|id| written.get(id).cloned()).collect(),
        aliases: paths::former(&app.db, entry.id).await?,
        cover: content.cover.as_ref().map(|cover| Cover {
            src: cover.src.clone(),
            alt: some(&cover.alt),
            caption: cover.caption.clone(),
            credit: cover.credit.clone(),
            creator: cover.rights.creator.clone(),
            copyright: cover.rights.copyright.clone(),
            license: cover.rights.license.clone(),
            license_page: cover.rights.license_page.clone(),
        }),
        seo: Seo {
            title: some(&content.seo.title),
            description: some(&content.seo.description),
            canonical: content.seo.canonical.clone(),
            noindex: content.seo.noindex,
            nofollow: content.seo.nofollow,
            robots: some(&content.seo.robots),
            faq: content.seo.faq,
        },
        fields: fields(&content, kind, &written),
        body: body(&content.body, &addresses),
    })
}

/// The addresses of those entries that are written: what is in the trash is named nowhere.
async fn written(app: &App, ids: &[i64], addresses: &HashMap<i64, String>) -> Result<HashMap<i64, String>> {
    let all = entries::find_many(&app.db, ids).await?;
    let kept = all.iter().filter(|entry| entry.state() != State::Trashed);
    Ok(kept.filter_map(|entry| Some((entry.id, addresses.get(&entry.id)?.clone()))).collect())
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

fn date(entry: &Entry, content: &Content) -> Option<Time> {
    content.published_at.or(entry.published_at)
}

/// Every entry that the document names.
fn ids_of(content: &Content, kind: &Type, entry: &Entry) -> Vec<i64> {
    let mut ids = content.authors.clone();
    ids.extend(content.parent);
    ids.push(entry.translation_group);
    ids.extend(entry.replaced_by);
    for field in kind.fields.iter().filter(|field| field.kind == Kind::Relation) {
        ids.extend(relation_ids(content.fields.get(&field.name)));
    }
    ids.extend(
        markdown::addresses(&content.body)
            .iter()
            .filter_map(|address| reference(&address.url))
            .map(|(id, _)| id),
    );
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn relation_ids(value: Option<&Value>) -> Vec<i64> {
    match value {
        Some(Value::Array(ids)) => ids.iter().filter_map(Value::as_i64).collect(),
        Some(one) => one.as_i64().into_iter().collect(),
        None => Vec::new(),
    }
}

/// The id and the fragment (with `#`) of `entry:42#part`.
fn reference(url: &str) -> Option<(i64, &str)> {
    let rest = url.strip_prefix("entry:")?;
    let (id, fragment) = rest.find('#').map_or((rest, ""), |at| rest.split_at(at));
    Some((id.parse().ok()?, fragment))
}

/// The fields with relations as paths: ids mean nothing on another site.
fn fields(content: &Content, kind: &Type, addresses: &HashMap<i64, String>) -> Map<String, Value> {
    let mut fields = Map::new();
    for field in &kind.fields {
        let Some(value) = content.fields.get(&field.name) else { continue };
        if field.kind != Kind::Relation {
            fields.insert(field.name.clone(), value.clone());
            continue;
        }
        let paths: Vec<Value> = relation_ids(Some(value))
            .iter()
            .filter_map(|id| addresses.get(id).cloned().map(Value::String))
            .collect();
        let value = match (field.many, paths.as_slice()) {
            (_, []) => continue,
            (false, [one]) => one.clone(),
            _ => Value::Array(paths),
        };
        fields.insert(field.name.clone(), value);
    }
    fields
}

fn body(body: &str, addresses: &HashMap<i64, String>) -> String {
    markdown::replace_addresses(body, |address| {
        let (id, fragment) = reference(&address.url)?;
        let path = addresses.get(&id)?;
        Some(format!("{}{fragment}", paths::stored(path).href()))
    })
}

async fn export_media(app: &App, dir: &FilePath, progress: &mut dyn Progress) -> Result<u64> {
    let all = media::all(&app.db).await?;
    progress.begin("images", all.len() as u64);
    for (done, file) in all.iter().enumerate() {
        let folder = dir.join("media").join(&file.hash);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(&file.name), app.files.read_media(&file.hash, &file.name)?)?;
        progress.step(done as u64 + 1);
    }
    Ok(all.len() as u64)
}

async fn export_redirects(app: &App, dir: &FilePath, gone: Vec<String>) -> Result<u64> {
    let mut all = Vec::new();
    for wish in redirects::list(&app.db).await? {
        all.push(if wish.kind == "exact" { at_present(app, wish.from).await? } else { wish });
    }
    for path in gone {
        all.push(at_present(app, path).await?);
    }
    if all.is_empty() {
        return Ok(0);
    }
    // Expressions stay in the order in which they are tried.
    let key = |wish: &redirects::Wish| match wish.kind.as_str() {
        "regex" => (true, String::new()),
        _ => (false, wish.from.clone()),
    };
    all.sort_by_cached_key(key);
    write_atomically(&dir.join(REDIRECTS), table(&all)?.as_bytes())?;
    Ok(all.len() as u64)
}

/// What a path that is no page answers today: where it leads, or that it is gone.
async fn at_present(app: &App, from: String) -> Result<redirects::Wish> {
    let (to, status) = match paths::resolve(&app.db, &paths::stored(&from).folded()).await? {
        Answer::Redirect { to, status, .. } => (Some(to), status as u16),
        Answer::Gone { .. } | Answer::Entry { .. } | Answer::Unknown { .. } => (None, 410),
    };
    Ok(redirects::Wish { kind: "exact".into(), from, to, status, reuse: false })
}

/// Redirects and rules as the table that `atlas redirects import` reads.
pub fn table(all: &[redirects::Wish]) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let wrong = |error: csv::Error| Error::internal(error);
    writer.write_record(HEADER).map_err(wrong)?;
    for wish in all {
        let href = |text: &str| match crate::text::Path::parse(text) {
            Ok(path) if text.starts_with('/') && wish.kind == "exact" => path.href(),
            _ => text.to_owned(),
        };
        let to = wish.to.as_deref().map(href).unwrap_or_default();
        writer
            .write_record([wish.kind.as_str(), &href(&wish.from), &to, &wish.status.to_string()])
            .map_err(wrong)?;
    }
    let bytes = writer.into_inner().map_err(Error::internal)?;
    String::from_utf8(bytes).map_err(Error::internal)
}
