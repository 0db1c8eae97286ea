//! What content an address leads to, and why. What the router answers, the engine's own addresses and
//! the query included, is in `web/explain.rs`.

use serde::Serialize;

use crate::app::{Answered, App, SEARCH, feed_path};
use crate::entry::is_indexable;
use crate::error::{Error, Result};
use crate::schema::LANDING;
use crate::store::{entries, paths};
use crate::text::{Path, read_target};

/// What happens to an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    pub asked: String,
    /// The path as the site spells it, decoded.
    pub path: String,
    /// The status a visitor gets.
    pub status: u16,
    /// Where a redirect leads, absolute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Why, in one sentence.
    pub why: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<About>,
}

/// The entry behind an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct About {
    pub id: i64,
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub locale: String,
    pub state: String,
    pub visibility: String,
    pub canonical: Option<String>,
    pub former: Vec<String>,
    pub indexable: bool,
    /// Why it may not be indexed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_indexable_because: Option<String>,
}

/// An address as a visitor would send it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// As it was given.
    pub url: String,
    /// As it stands in the request line, without the query.
    pub path: String,
    pub query: Option<String>,
    /// Of another host or scheme.
    pub elsewhere: bool,
}

/// Explains the path of an address.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn explain(app: &App, asked: &Asked) -> Result<Explanation> {
    let (raw, moved) = (&asked.path, asked.elsewhere);
    let explanation = |path: &str, status, location, why: &str, entry| Explanation {
        asked: asked.url.clone(),
        path: path.to_owned(),
        status,
        location,
        why: why.to_owned(),
        entry,
    };
    let found = match read_target(raw) {
        Ok(found) => found,
        Err(odd) => return Ok(explanation(raw, 400, None, &format!("the path is refused: {odd}"), None)),
    };
    let path = found.path;
    let shown = path.to_string();
    let to = |path: &str| Some(app.config.origin.url(&paths::stored(path).href()));
    let own = |what: &str, canonical: &str| {
        let spelled = found.exact && !moved && shown == canonical;
        let why = if spelled { what.to_owned() } else { format!("another spelling of {what}") };
        explanation(
            &shown,
            if spelled { 200 } else { 301 },
            (!spelled).then(|| to(canonical)).flatten(),
            &why,
            None,
        )
    };
    Ok(match app.answer(&path).await? {
        Answered::Home { locale } => {
            let prefix = app.site.prefix(&locale);
            own(&format!("the home page ({locale})"), if prefix.is_empty() { "/" } else { &prefix })
        }
        Answered::Listing { locale, kind } => {
            let listing = app.types.get(&kind).and_then(|kind| kind.listing.as_ref());
            let at = listing.map_or_else(String::new, |listing| listing.path.clone());
            own(
                &format!("the listing of the type {kind} ({locale})"),
                &format!("{}{at}", app.site.prefix(&locale)),
            )
        }
        Answered::Feed { locale, kind, format } => {
            let listing = kind.as_ref().and_then(|kind| app.types.get(kind)?.listing.as_ref());
            let at = listing.map_or("", |listing| listing.path.as_str());
            let of = kind.as_ref().map_or_else(String::new, |kind| format!(" of the type {kind}"));
            let page = format!("{}{at}", app.site.prefix(&locale));
            own(&format!("the feed{of} ({locale})"), &feed_path(&page, format))
        }
        Answered::EntryFeed { id, path: canonical, .. } => {
            let mut found = own("the feed of an entry", &canonical);
            found.entry = about(app, id).await?;
            found
        }
        Answered::Search { locale } => own(
            &format!("the search page ({locale}), never indexed"),
            &format!("{}{SEARCH}", app.site.prefix(&locale)),
        ),
        Answered::Entry { id, path: canonical } => {
            let about = about(app, id).await?;
            let spelled = found.exact && !moved && shown == canonical;
            let is_landing = about.as_ref().is_some_and(|about| about.kind == LANDING);
            let why = if spelled && is_landing {
                "the canonical path of a landing page"
            } else if spelled {
                "the canonical path of an entry"
            } else {
                "another spelling of an entry's path"
            };
            explanation(
                &shown,
                if spelled { 200 } else { 301 },
                (!spelled).then(|| to(&canonical)).flatten(),
                why,
                about,
            )
        }
        Answered::Redirect { status, to: target, why, .. } => {
            let location = if target.starts_with('/') { to(&target) } else { Some(target) };
            let entry = paths::owner(&app.db, &path.folded()).await?;
            let entry = match entry {
                Some(id) => about(app, id).await?,
                None => None,
            };
            explanation(&shown, status, location, &why, entry)
        }
        Answered::Gone { entry } => {
            let entry = match entry {
                Some(id) => about(app, id).await?,
                None => None,
            };
            explanation(&shown, 410, None, "it was here once and is gone", entry)
        }
        Answered::NotFound => explanation(&shown, 404, None, "nothing was ever here", None),
    })
}

impl Asked {
    /// Reads a URL or a path.
    ///
    /// # Errors
    /// `Invalid` when it is neither.
    pub fn read(url: &str, origin: &str) -> Result<Asked> {
        let plain = url.split('#').next().unwrap_or_default();
        let (address, query) =
            plain.split_once('?').map_or((plain, None), |(path, query)| (path, Some(query)));
        let (path, elsewhere) = path_of(address, origin)?;
        let query = query.map(encoded).filter(|query| !query.is_empty());
        Ok(Asked { url: url.to_owned(), path, query, elsewhere })
    }
}

/// The path of an address without a query, and whether it is one of another site.
fn path_of(address: &str, origin: &str) -> Result<(String, bool)> {
    if let Some(rest) = address.strip_prefix(origin)
        && (rest.is_empty() || rest.starts_with('/'))
    {
        return Ok((if rest.is_empty() { "/".into() } else { rest.to_owned() }, false));
    }
    if address.starts_with('/') {
        // What a browser would send of a path typed with letters of any script.
        let href = if address.is_ascii() {
            address.to_owned()
        } else {
            Path::parse(address).map_err(|reason| Error::field("URL", reason))?.href()
        };
        return Ok((href, false));
    }
    match url::Url::parse(address) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok((url.path().to_owned(), true)),
        _ => Err(Error::field("URL", format!("`{address}` is neither a path (/…) nor a URL"))),
    }
}

/// A query as browsers send it, typed with letters of any script.
fn encoded(query: &str) -> String {
    let mut url = url::Url::parse("https://site.invalid/").expect("a URL");
    url.set_query(Some(query));
    url.query().unwrap_or_default().to_owned()
}

/// What is known of an entry; `None` where there is none.
pub async fn about(app: &App, id: i64) -> Result<Option<About>> {
    let Some(entry) = entries::find(&app.db, id).await? else { return Ok(None) };
    let reason = is_indexable(&entry.indexable()).err();
    Ok(Some(About {
        canonical: paths::canonical(&app.db, id).await?.map(|path| app.config.origin.url(&path.href())),
        former: paths::former(&app.db, id).await?,
        indexable: reason.is_none(),
        not_indexable_because: reason.map(|reason| reason.explain().to_owned()),
        id,
        state: entry.state().to_string(),
        visibility: entry.visibility().to_string(),
        kind: entry.kind,
        title: entry.title,
        locale: entry.locale,
    }))
}
