//! Which path an entry is to have.

use crate::actions::Change;
use crate::app::{Answered, App, Icons, SEARCH, Site, feed_of};
use crate::clock::Time;
use crate::entry::Content;
use crate::error::{Problem, Result};
use crate::schema::{PrefixSource, Type};
use crate::store::{entries, paths};
use crate::text::Path;

/// The most entries that may stand above one another.
const DEEPEST: usize = 32;

/// The path an entry gets from its type's rule, and the entry whose path it begins with.
#[derive(Debug)]
pub struct Wanted {
    pub path: Path,
    pub below: Option<i64>,
}

/// Works out the path of a content.
///
/// # Errors
/// `Error::Invalid` when the rule needs a relation or a date that is not there, or when the path
/// belongs to the engine.
pub async fn wanted(change: &Change<'_>, kind: &Type, locale: &str, content: &Content) -> Result<Wanted> {
    wanted_since(change, kind, locale, content, None).await
}

/// As [`wanted`], for an entry that has been public since then: its date stays in its address.
///
/// # Errors
/// As [`wanted`].
pub async fn wanted_since(
    change: &Change<'_>,
    kind: &Type,
    locale: &str,
    content: &Content,
    since: Option<Time>,
) -> Result<Wanted> {
    let prefix = match above(kind, content).filter(|_| content.fixed_path.is_none()) {
        Some(id) => Some(change.address_in(id, locale).await?.unwrap_or((id, None))),
        None => None,
    };
    built(change.app, kind, locale, content, since.unwrap_or(change.now), prefix)
}

/// As [`wanted_since`], for who only wants to know.
///
/// # Errors
/// As [`wanted`].
pub async fn would_be(
    app: &App,
    kind: &Type,
    locale: &str,
    content: &Content,
    since: Option<Time>,
) -> Result<Wanted> {
    let prefix = match above(kind, content).filter(|_| content.fixed_path.is_none()) {
        Some(id) => Some(paths::canonical_in(&app.db, id, locale).await?.unwrap_or((id, None))),
        None => None,
    };
    built(app, kind, locale, content, since.unwrap_or_else(|| app.clock.now()), prefix)
}

/// The path of a content below an entry with this path, or by itself.
fn built(
    app: &App,
    kind: &Type,
    locale: &str,
    content: &Content,
    date: Time,
    above: Option<(i64, Option<String>)>,
) -> Result<Wanted> {
    if let Some(fixed) = &content.fixed_path {
        let path = Path::parse(fixed).map_err(|reason| Problem::new(reason).field("path"))?;
        Reserved::check(app, &path)?;
        return Ok(Wanted { path, below: None });
    }
    let (below, prefix) = above.map_or((None, None), |(id, path)| (Some(id), path));
    let prefix = prefix.as_deref().map(paths::stored);
    let published = content.published_at.unwrap_or(date);
    let built = kind.path.build(prefix.as_ref().map(Path::as_str), Some(published.date()), &content.slug);
    let built = built.ok_or_else(|| missing(kind))?;
    let path = Path::parse(&in_locale(&app.site, locale, &built))
        .map_err(|reason| Problem::new(reason).field("slug"))?;
    Reserved::check(app, &path)?;
    Ok(Wanted { path, below })
}

fn missing(kind: &Type) -> Problem {
    match kind.path.prefix_source() {
        PrefixSource::Field(field) => {
            Problem::new("is needed for the address and leads to no entry with one").field(field)
        }
        _ => Problem::new("the address can't be built from the type's path rule").field("path"),
    }
}

/// A path of a language that is not the default one begins with its code, once.
pub(super) fn in_locale(site: &Site, locale: &str, path: &str) -> String {
    let prefix = site.prefix(locale);
    let inside = path == prefix || path.strip_prefix(&prefix).is_some_and(|rest| rest.starts_with('/'));
    if prefix.is_empty() || inside { path.to_owned() } else { format!("{prefix}{path}") }
}

/// The entry that the rule says the path begins with.
pub fn above(kind: &Type, content: &Content) -> Option<i64> {
    match kind.path.prefix_source() {
        PrefixSource::None => None,
        PrefixSource::Parent => content.parent,
        PrefixSource::Field(field) => first_id(content, field),
    }
}

/// Nothing stands below itself.
///
/// # Errors
/// `Error::Invalid` naming what leads back to the entry.
pub async fn refuse_cycle(
    change: &Change<'_>,
    id: i64,
    parent: Option<i64>,
    below: Option<i64>,
) -> Result<()> {
    for (field, above) in [("parent", parent), ("path", below)] {
        let mut next = above;
        let mut steps = 0;
        while let Some(at) = next {
            steps += 1;
            if at == id {
                let reason = "leads back to this entry: nothing can stand below itself";
                return Err(Problem::new(reason).field(field).into());
            }
            if steps > DEEPEST {
                return Err(Problem::new(format!("stands more than {DEEPEST} levels deep"))
                    .field(field)
                    .into());
            }
            let entry = entries::find(&change.tx, at).await?;
            next = entry
                .and_then(|entry| if field == "parent" { entry.parent_id } else { entry.path_parent_id });
        }
    }
    Ok(())
}

/// The first id of a relation field.
pub fn first_id(content: &Content, field: &str) -> Option<i64> {
    match content.fields.get(field)? {
        serde_json::Value::Array(ids) => ids.first()?.as_i64(),
        other => other.as_i64(),
    }
}

/// Paths that belong to the engine or to a listing.
pub struct Reserved;

impl Reserved {
    const FIRST_SEGMENTS: [&str; 13] = [
        "admin",
        "api",
        "static",
        "media",
        "sitemaps",
        "search",
        "healthz",
        "readyz",
        "metrics",
        ".well-known",
        "robots.txt",
        "sitemap.xml",
        "site.webmanifest",
    ];

    /// # Errors
    /// `Error::Invalid` naming who has the path.
    pub fn check(app: &App, path: &Path) -> Result<()> {
        match Reserved::for_entries(app, &path.folded()) {
            None => Ok(()),
            Some(holder) => {
                let reason = format!("the path {path} belongs to {holder}; choose another slug");
                Err(Problem::new(reason).field("slug").into())
            }
        }
    }

    /// Who has a folded path, when no entry can have it: every page may have feeds below it.
    pub fn for_entries(app: &App, folded: &str) -> Option<String> {
        Reserved::holder(app, folded)
            .or_else(|| feed_of(folded).map(|(page, _)| format!("the feed of {page}")))
    }

    /// Who has a folded path already, whatever is published.
    pub fn holder(app: &App, folded: &str) -> Option<String> {
        let first = folded.trim_start_matches('/').split('/').next().unwrap_or_default();
        if Reserved::FIRST_SEGMENTS.contains(&first)
            || Icons::is_name(first)
            || (first.starts_with("sitemap") && first.ends_with(".xml"))
        {
            return Some("the engine".into());
        }
        let (_, rest) = app.site.split_locale(folded);
        if rest == "/" {
            return Some("a home page".into());
        }
        if matches!(app.own_page(folded), Some(Answered::Feed { .. })) {
            return Some("a feed".into());
        }
        if app.site.indexnow.path().is_some_and(|key| key.eq_ignore_ascii_case(folded)) {
            return Some("the key of IndexNow".into());
        }
        if rest == SEARCH {
            return Some("the search page".into());
        }
        app.types.listed_at(rest).map(|kind| format!("the listing of {}", kind.label.many))
    }
}
