//! From an address to its page: normalised once, rendered at most once at a time, kept in memory.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use hyper::header::{self, HeaderValue};
use hyper::{Method, StatusCode, Uri};

use super::{entry, errors, feed, filtered, home, listing, search};
use crate::app::{Answered, App, SEARCH, feed_of, feed_path};
use crate::cache::{CachedPage, Outcome, Rendered, Served, Tag};
use crate::clock::Time;
use crate::error::{Error, Result};
use crate::text::{Path, known_query, read_target, write_query};
use crate::web::Web;
use crate::web::address::Address;
use crate::web::answer;
use crate::web::errors::RequestInfo;
use crate::web::headers::CachePolicy;

/// How long a page stays in memory when nothing changes. Changes drop it at once; this bounds what a
/// lost message could do.
const FRESH: Duration = Duration::from_hours(1);

/// The page of a list: the one query key that a page kept in memory knows.
const PAGE: &str = "page";

/// A finished page, before its bytes are kept.
pub struct Drawn {
    pub status: StatusCode,
    pub content_type: &'static str,
    pub body: String,
    pub policy: CachePolicy,
    /// Where a redirect leads.
    pub location: Option<String>,
    /// The header `Link` (RFC 8288).
    pub link: Option<String>,
    /// What the page was made from.
    pub tags: Vec<String>,
    /// When the page says something else though nothing has changed: a place opens or closes.
    pub holds_until: Option<Time>,
}

impl Drawn {
    /// An HTML page.
    pub fn page(status: StatusCode, template: &impl Template, tags: Vec<String>) -> Result<Drawn> {
        let body = template.render().map_err(Error::internal)?;
        let content_type = "text/html; charset=utf-8";
        Ok(Drawn { content_type, body, ..Drawn::empty(status, tags) })
    }

    /// A page that says something else from an instant on: then it is drawn anew, and nobody shows an
    /// old copy for long.
    #[must_use]
    pub fn until(mut self, at: Option<Time>) -> Drawn {
        if at.is_some() {
            self.holds_until = at;
            self.policy = CachePolicy::PASSING_PAGE;
        }
        self
    }

    /// A public answer without a body.
    pub fn empty(status: StatusCode, tags: Vec<String>) -> Drawn {
        Drawn {
            status,
            content_type: "text/plain; charset=utf-8",
            body: String::new(),
            policy: CachePolicy::PAGE,
            location: None,
            link: None,
            tags,
            holds_until: None,
        }
    }

    /// A redirect; its status says whether anybody may keep it.
    pub fn redirect(status: u16, to: &str, tags: Vec<String>) -> Drawn {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::MOVED_PERMANENTLY);
        Drawn { location: Some(to.to_owned()), ..Drawn::empty(status, tags) }
    }
}

/// Any public path: a page, its one redirect, 410 or 404.
pub async fn show(State(web): State<Web>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    let wrong_host =
        request.extensions().get::<RequestInfo>().is_some_and(|info| info.address == Address::Wrong);
    let Some((target, is_search)) = Target::read(&web.app, request.uri(), wrong_host) else {
        return errors::refused(&web.app, &request);
    };
    let (parts, _) = request.into_parts();
    // What a visitor chose or asked for is kept by nobody: there is more of it than memory (SEO 3.32).
    let key = parts.uri.path_and_query().filter(|_| !target.moved && !is_search && !target.is_filtered());
    let served = match key {
        Some(key) => web.app.pages.get_or_render(key.as_str(), || cached(&web, &target)).await,
        None => {
            cached(&web, &target).await.map(|page| Served { page: Arc::new(page), outcome: Outcome::Miss })
        }
    };
    match served {
        Ok(served) => answer::page(&served, &parts),
        Err(error) => error.into_response(),
    }
}

/// The query keys that a page knows: what can be searched for, the fields that a listing can be narrowed
/// by, and the page of a list.
fn known_keys<'a>(app: &'a App, own: Option<&Answered>) -> Vec<&'a str> {
    let mut keys: Vec<&str> = match own {
        Some(Answered::Search { .. }) => return search::KNOWN.to_vec(),
        Some(Answered::Listing { kind, .. }) => app.types.get(kind).map_or_else(Vec::new, filtered::keys),
        _ => Vec::new(),
    };
    keys.push(PAGE);
    keys
}

/// What is asked for, normalised.
pub struct Target {
    pub path: Path,
    pub query: Vec<(String, String)>,
    /// The request spelled it differently, or came to another host: one 301 to the right address.
    pub moved: bool,
}

impl Target {
    /// What a request asks for, and whether it asks the search; `None` for a path that is refused.
    pub fn read(app: &App, uri: &Uri, wrong_host: bool) -> Option<(Target, bool)> {
        let asked = read_target(uri.path()).inspect_err(|odd| tracing::debug!(%odd, "refused path")).ok()?;
        let own = app.own_page(&asked.path.folded());
        let is_search = matches!(own, Some(Answered::Search { .. }));
        let (query, query_exact) = known_query(uri.query(), &known_keys(app, own.as_ref()));
        let mut target =
            Target { path: asked.path, query, moved: wrong_host || !asked.exact || !query_exact };
        if !is_search {
            target.drop_empty();
        }
        Some((target, is_search))
    }

    /// The page of a list, from 1.
    ///
    /// # Errors
    /// `NotFound` when it is no number.
    pub fn page(&self) -> Result<Option<u32>> {
        match self.query.iter().find(|(key, _)| key == PAGE) {
            None => Ok(None),
            Some((_, text)) if text.starts_with(['0', '+']) => Err(Error::NotFound),
            Some((_, text)) => text.parse().map(Some).map_err(|_| Error::NotFound),
        }
    }

    /// What of a listing is asked for, by field.
    pub fn filters(&self) -> impl Iterator<Item = &(String, String)> {
        self.query.iter().filter(|(key, _)| key != PAGE)
    }

    pub fn is_filtered(&self) -> bool {
        self.filters().next().is_some()
    }

    /// A form sends what nobody chose as empty.
    fn drop_empty(&mut self) {
        let before = self.query.len();
        self.query.retain(|(key, value)| key == PAGE || !value.trim().is_empty());
        self.moved |= self.query.len() < before;
    }
}

async fn cached(web: &Web, target: &Target) -> Result<CachedPage> {
    let rendered_from = web.app.sequence();
    let drawn = draw(&web.app, target).await?;
    // What a visitor chose is without number: its 404 and its redirect are kept by nobody either.
    let free = target.is_filtered() && drawn.policy == CachePolicy::PAGE;
    let policy = if free { CachePolicy::NoStore } else { drawn.policy };
    let mut headers = web.security.page(drawn.status, drawn.content_type, policy);
    if let Some(location) = &drawn.location {
        let value = HeaderValue::from_str(location).map_err(Error::internal)?;
        headers.insert(header::LOCATION, value);
    }
    if let Some(link) = &drawn.link {
        headers.insert(header::LINK, HeaderValue::from_str(link).map_err(Error::internal)?);
    }
    let rendered = Rendered {
        status: drawn.status,
        headers,
        body: drawn.body.into(),
        tags: drawn.tags.iter().map(Tag::new).collect(),
        rendered_from,
    };
    let now = web.app.clock.now();
    Ok(CachedPage::new(rendered, now, fresh_for(drawn.holds_until, now)))
}

/// How long a page may be kept that holds until an instant.
fn fresh_for(holds_until: Option<Time>, now: Time) -> Duration {
    let left = holds_until.map(|until| u64::try_from(until.0.saturating_sub(now.0)).unwrap_or(0));
    left.map_or(FRESH, |left| FRESH.min(Duration::from_millis(left)))
}

/// Finds what answers, and draws it.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn draw(app: &App, target: &Target) -> Result<Drawn> {
    let folded = target.path.folded();
    let mut tags = vec!["site".to_owned(), format!("path:{folded}")];
    // A page that moves takes its feeds along.
    tags.extend(feed_of(&folded).map(|(page, _)| format!("path:{page}")));
    let is_first = |(key, value): &&(String, String)| key == PAGE && value == "1";
    let first_page = target.query.iter().any(|parameter| is_first(&parameter));
    let answered = app.answer(&target.path).await?;
    let canonical = canonical(app, &answered);
    if let Some(canonical) = &canonical
        && (target.moved || first_page || *canonical != target.path)
    {
        let query: Vec<_> = target.query.iter().filter(|parameter| !is_first(parameter)).cloned().collect();
        let to = with_query(&app.config.origin.url(&canonical.href()), &query);
        return Ok(Drawn::redirect(301, &to, tags));
    }
    let drawn = match answered {
        Answered::Home { locale } => home::draw(app, &locale, target).await,
        Answered::Listing { locale, kind } => listing::draw(app, &locale, &kind, target).await,
        Answered::Feed { locale, kind, format } => {
            feed::draw(app, &locale, kind.as_deref(), format, target).await
        }
        Answered::EntryFeed { id, format, .. } => feed::draw_entry(app, id, format, target).await,
        Answered::Search { locale } => search::draw(app, &locale, target).await,
        Answered::Entry { id, .. } => entry::draw(app, id, target).await,
        Answered::Redirect { status, to, entry, .. } => {
            // It leads to where the entry stands now, so it goes when the entry moves.
            tags.extend(entry.map(|id| format!("entry:{id}")));
            let to = match Path::parse(&to) {
                Ok(path) if to.starts_with('/') => app.config.origin.url(&path.href()),
                _ => to,
            };
            Ok(Drawn::redirect(status, &to, tags.clone()))
        }
        Answered::Gone { entry } => {
            tags.extend(entry.map(|id| format!("entry:{id}")));
            errors::draw(app, StatusCode::GONE, target).await
        }
        Answered::NotFound => {
            tags.extend(app.awaited(&target.path).map(|awaited| format!("path:{awaited}")));
            Err(Error::NotFound)
        }
    };
    let mut drawn = match drawn {
        Err(Error::NotFound) => errors::draw(app, StatusCode::NOT_FOUND, target).await?,
        other => other?,
    };
    drawn.tags.extend(tags);
    Ok(drawn)
}

/// The right spelling of an address that answers with a page.
fn canonical(app: &App, answered: &Answered) -> Option<Path> {
    let own = |locale: &str, rest: &str| {
        let path = format!("{}{rest}", app.site.prefix(locale));
        Path::parse(&path).ok()
    };
    match answered {
        Answered::Home { locale } => own(locale, "/"),
        Answered::Listing { locale, kind } => own(locale, &app.types.get(kind)?.listing.as_ref()?.path),
        Answered::Feed { locale, kind: None, format } => own(locale, &feed_path("/", *format)),
        Answered::Feed { locale, kind: Some(kind), format } => {
            own(locale, &feed_path(&app.types.get(kind)?.listing.as_ref()?.path, *format))
        }
        Answered::Search { locale } => own(locale, SEARCH),
        Answered::Entry { path, .. } | Answered::EntryFeed { path, .. } => Path::parse(path).ok(),
        _ => None,
    }
}

/// An address with a query, when there is one.
pub fn with_query(url: &str, query: &[(String, String)]) -> String {
    if query.is_empty() { url.to_owned() } else { format!("{url}?{}", write_query(query)) }
}
