//! The addresses in a document: its own, its former ones, and those it links to.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::Value;

use crate::actions::import::document::{Arrival, Sources};
use crate::actions::{Change, address, relate};
use crate::entry::Content;
use crate::error::{Error, Problem, Problems, Result};
use crate::schema::{ImageRef, ImageRights, Kind};
use crate::source::{self, Dialect};
use crate::store::paths;
use crate::text::{Path, Slug, markdown};

/// The body with links to files of the folder and to the old site turned into addresses of ours.
pub fn body_of(sources: &Sources<'_>, arrival: &mut Arrival<'_>) -> String {
    let body = arrival.document.body.clone();
    relinked(sources, arrival, "body", &body)
}

/// Pictures and texts among the type's own fields name files and addresses too.
pub fn relink_fields(sources: &Sources<'_>, arrival: &mut Arrival<'_>, content: &mut Content) {
    for field in arrival.kind.fields.clone() {
        let Some(value) = content.fields.get_mut(&field.name) else { continue };
        match field.kind {
            Kind::Image | Kind::Gallery => relink_pictures(sources, arrival, &field.name, value),
            Kind::Markdown => relink_text(sources, arrival, &field.name, value),
            Kind::Faq => {
                let questions = value.as_array_mut().into_iter().flatten();
                for answer in questions.filter_map(|question| question.get_mut("answer")) {
                    relink_text(sources, arrival, &field.name, answer);
                }
            }
            _ => {}
        }
    }
}

fn relink_pictures(sources: &Sources<'_>, arrival: &mut Arrival<'_>, field: &str, value: &mut Value) {
    match value {
        Value::Array(pictures) => {
            for picture in pictures {
                relink_pictures(sources, arrival, field, picture);
            }
        }
        Value::Object(picture) => {
            if let Some(src) = picture.get_mut("src") {
                relink_pictures(sources, arrival, field, src);
            }
        }
        Value::String(src) => match relink(sources, arrival, src) {
            Relinked::As(new) => *src = new,
            Relinked::Kept => {}
            Relinked::Lost(reason) => {
                arrival.notes.push(Problem::new(format!("{src}: {reason}")).field(field));
            }
        },
        _ => {}
    }
}

fn relink_text(sources: &Sources<'_>, arrival: &mut Arrival<'_>, field: &str, value: &mut Value) {
    if let Value::String(text) = value {
        *text = relinked(sources, arrival, field, text);
    }
}

fn relinked(sources: &Sources<'_>, arrival: &mut Arrival<'_>, field: &str, text: &str) -> String {
    let mut odd = Vec::new();
    let text = markdown::replace_addresses(text, |found| match relink(sources, arrival, &found.url) {
        Relinked::As(new) => (new != found.url).then_some(new),
        Relinked::Kept => None,
        Relinked::Lost(reason) => {
            let problem = Problem::new(format!("{}: {reason}", found.url)).field(field);
            if !odd.contains(&problem) {
                odd.push(problem);
            }
            None
        }
    });
    arrival.notes.0.append(&mut odd);
    text
}

enum Relinked {
    As(String),
    Kept,
    Lost(&'static str),
}

fn relink(sources: &Sources<'_>, arrival: &Arrival<'_>, url: &str) -> Relinked {
    let from = source::links::From {
        file: &arrival.page.file,
        path: &arrival.located.path,
        old_site: sources.options.old_site.as_ref(),
    };
    match source::resolve(from, url) {
        source::Target::File { path, fragment } => {
            if let Some(media) = sources.images.by_file.get(&path) {
                return Relinked::As(media.clone());
            }
            match sources.folder.addresses.get(&path) {
                Some(address) => href(address, fragment.as_deref()),
                None => Relinked::Lost("the folder has no such document or image"),
            }
        }
        source::Target::Named { name, fragment } => {
            match source::links::find(&sources.folder.files, &arrival.page.file, &name) {
                Some(file) => href(&sources.folder.addresses[file], fragment.as_deref()),
                None => Relinked::Lost("no document has this name"),
            }
        }
        source::Target::SitePath { query: Some(_), .. } => Relinked::Kept,
        source::Target::SitePath { path, fragment, .. } => match sources.images.by_address.get(&path) {
            Some(media) => Relinked::As(media.clone()),
            None => href(&path, fragment.as_deref()),
        },
        source::Target::External | source::Target::Fragment(_) => Relinked::Kept,
        source::Target::Odd(reason) => Relinked::Lost(reason),
    }
}

fn href(path: &str, fragment: Option<&str>) -> Relinked {
    match (Path::parse(path), fragment) {
        (Ok(path), None) => Relinked::As(path.href()),
        (Ok(path), Some(fragment)) => {
            Relinked::As(format!("{}#{}", path.href(), utf8_percent_encode(fragment, FRAGMENT)))
        }
        (Err(_), _) => Relinked::Lost("no page can have this address"),
    }
}

/// What RFC 3986 leaves unencoded in a fragment, and letters of any script, which browsers take.
const FRAGMENT: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'#').add(b'%').add(b'\\');

pub fn cover_of(sources: &Sources<'_>, arrival: &mut Arrival<'_>) -> Option<ImageRef> {
    let cover = arrival.document.front.cover.clone()?;
    let src = match relink(sources, arrival, &cover.src) {
        Relinked::As(src) if src.starts_with("/media/") => src,
        Relinked::Kept if ImageRef::at(&cover.src).is_ok_and(|image| image.src.contains("://")) => cover.src,
        Relinked::As(_) | Relinked::Kept | Relinked::Lost(_) => {
            let reason = format!("{} is no image of the folder; it is left out", cover.src);
            arrival.notes.push(Problem::new(reason).field("image"));
            return None;
        }
    };
    let rights = ImageRights::of(cover.creator, cover.copyright, cover.license, cover.license_page)
        .inspect_err(|fault| arrival.notes.push(Problem::new(fault).field("image")))
        .unwrap_or_default();
    let (caption, credit) = (cover.caption, cover.credit);
    Some(ImageRef { src, alt: cover.alt.unwrap_or_default(), caption, credit, rights })
}

/// Keeps the address of the source where the type's rule would give another one.
pub async fn fix_path(
    change: &Change<'_>,
    sources: &Sources<'_>,
    arrival: &Arrival<'_>,
    content: &mut Content,
) -> Result<()> {
    if sources.options.own_paths && arrival.document.dialect != Dialect::Atlas {
        return Ok(());
    }
    let given = Path::parse(&arrival.located.path).map_err(|reason| Error::field("path", reason))?;
    let mut resolved = content.clone();
    let (mut values, _) = arrival.kind.read(&content.fields);
    relate::resolve(change, &arrival.kind, &arrival.locale, &mut values, &mut Problems::default()).await?;
    resolved.fields =
        values.iter().map(|(name, value)| (name.clone(), crate::schema::write_value(value))).collect();
    // What no editor could type as a slug makes no address by a rule.
    let slug = Slug::parse(&content.slug).is_ok_and(|slug| slug.as_str() == content.slug);
    let by_rule = address::wanted(change, &arrival.kind, &arrival.locale, &resolved).await;
    if !slug || !by_rule.is_ok_and(|wanted| wanted.path == given) {
        content.fixed_path = Some(given.to_string());
    }
    Ok(())
}

/// Adds the former addresses; says whether one is new.
pub async fn add_aliases(change: &mut Change<'_>, arrival: &mut Arrival<'_>, id: i64) -> Result<bool> {
    let mut aliases = arrival.located.aliases.clone();
    let own = paths::canonical(&change.tx, id).await?;
    if own.as_ref().is_some_and(|own| own.as_str() != arrival.located.path) {
        aliases.push(arrival.located.path.clone());
    }
    let mut new = false;
    for alias in aliases {
        let added = match Path::parse(&alias) {
            Ok(path) if own.as_ref().is_some_and(|own| own.folded() == path.folded()) => Ok(false),
            Ok(path) => add_alias(change, &path, id).await,
            Err(reason) => Err(Error::field("aliases", reason)),
        };
        match added {
            Ok(added) => new |= added,
            Err(error @ (Error::Internal(_) | Error::Unavailable(_))) => return Err(error),
            Err(Error::Invalid(problems)) => arrival.notes.0.extend(
                problems
                    .0
                    .into_iter()
                    .map(|problem| Problem::new(format!("{alias}: {}", problem.reason)).field("aliases")),
            ),
            Err(error) => arrival.notes.push(Problem::new(error.to_string()).field("aliases")),
        }
    }
    Ok(new)
}

/// Adds a former address; says whether it is new.
///
/// # Errors
/// `Invalid` when the engine has the path, `Conflict` when something else does.
pub async fn add_alias(change: &mut Change<'_>, path: &Path, id: i64) -> Result<bool> {
    address::Reserved::check(change.app, path)?;
    let added = paths::add_former(&change.tx, id, path, change.now).await?;
    if added {
        change.touch_path(&path.folded());
    }
    Ok(added)
}
