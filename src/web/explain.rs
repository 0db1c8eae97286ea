//! What the router answers to an address, and why: it is asked, so what is said is what visitors get.

use std::net::{IpAddr, Ipv4Addr};

use axum::body::Body;
use axum::extract::Request;
use hyper::header::{self, HeaderName};
use hyper::{Method, Uri};
use serde::Serialize;
use tower::ServiceExt;

use crate::actions::explain::{self, Asked, Explanation};
use crate::app::App;
use crate::error::{Error, Result};
use crate::web::address::Address;
use crate::web::errors::RequestInfo;
use crate::web::public::{Target, draw};
use crate::web::{site, stable};

/// What happens to an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explained {
    #[serde(flatten)]
    pub explanation: Explanation,
    /// What the page is made from; a change to any of these drops it from the caches.
    pub cache_tags: Vec<String>,
}

/// Explains a URL or a path, as a visitor would send it.
///
/// # Errors
/// `Invalid` when it is neither, `Unavailable` when the database is away.
pub async fn explain(app: &App, url: &str) -> Result<Explained> {
    let asked = Asked::read(url, app.config.origin.as_str())?;
    let target = match &asked.query {
        Some(query) => format!("{}?{query}", asked.path),
        None => asked.path.clone(),
    };
    // What is no target of HTTP comes in nowhere; the reason is the path's.
    let Ok(uri) = Uri::try_from(&target) else {
        return Ok(Explained { explanation: explain::explain(app, &asked).await?, cache_tags: Vec::new() });
    };
    let (status, location) = answer(app, &asked, uri.clone()).await?;
    if let Some(what) = engine_address(app, uri.path()) {
        let why = match status {
            404 => format!("there is none: {what}"),
            503 => format!("not there yet: {what}"),
            300..400 if asked.elsewhere => format!("{what}, asked of another host"),
            300..400 => format!("another name of it: {what}"),
            _ => what.to_owned(),
        };
        let (path, entry) = (asked.path, None);
        let explanation = Explanation { asked: asked.url, path, status, location, why, entry };
        return Ok(Explained { explanation, cache_tags: Vec::new() });
    }
    let mut explanation = explain::explain(app, &asked).await?;
    if explanation.status == 200 && status == 404 {
        explanation.why = format!("{}, which has no such page or choice", explanation.why);
    } else if explanation.status == 200 && status == 301 {
        explanation.why = format!("{}, with a query that it spells otherwise", explanation.why);
    }
    (explanation.status, explanation.location) = (status, location);
    let mut cache_tags = match Target::read(app, &uri, asked.elsewhere) {
        Some((target, _)) => draw(app, &target).await?.tags,
        None => Vec::new(),
    };
    cache_tags.sort_unstable();
    cache_tags.dedup();
    Ok(Explained { explanation, cache_tags })
}

/// Status and target of what the router answers.
async fn answer(app: &App, asked: &Asked, uri: Uri) -> Result<(u16, Option<String>)> {
    let info = RequestInfo {
        id: app.clock.uuid().to_string(),
        method: Method::GET,
        uri: uri.clone(),
        client: IpAddr::V4(Ipv4Addr::LOCALHOST),
        address: if asked.elsewhere { Address::Wrong } else { Address::Right },
    };
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = uri;
    request.extensions_mut().insert(info);
    let answer = (site(app).face)().router.clone().oneshot(request).await.map_err(Error::internal)?;
    let text = |name: HeaderName| Some(answer.headers().get(name)?.to_str().ok()?.to_owned());
    Ok((answer.status().as_u16(), text(header::LOCATION)))
}

/// What stands at an address that is the engine's own and no content.
fn engine_address(app: &App, path: &str) -> Option<&'static str> {
    let segments = path.split('/').count() - 1;
    Some(match path {
        "/robots.txt" => "what crawlers may fetch, made of the settings",
        "/sitemap.xml" => "the index of the sitemaps, a file that this node has built",
        "/sitemap-news.xml" => "the news of two days, a file that this node has built",
        "/healthz" => "whether the process is alive",
        "/readyz" => "whether the process can answer",
        stable::SECURITY_TXT => "whom to tell of a weakness, made of the settings",
        _ if stable::ADDRESSES.contains(&path) => "an icon or the manifest, from memory",
        _ if app.site.indexnow.path().as_deref() == Some(path) => "the key of IndexNow",
        _ if path.starts_with("/sitemaps/") && segments == 2 => "a sitemap, a file that this node has built",
        _ if path.starts_with("/static/") => "a file of the look, named by its content",
        _ if path.starts_with("/media/") && segments == 3 => "a media file, named by its content",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    /// The patterns of all routes: whoever adds one says what stands there, in `engine_address`.
    fn patterns() -> Vec<String> {
        let files = [
            include_str!("routes.rs"),
            include_str!("health.rs"),
            include_str!("media.rs"),
            include_str!("statics.rs"),
        ];
        let routes = files.iter().flat_map(|file| file.split(".route(\"").skip(1));
        routes.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())).collect()
    }

    #[test]
    fn every_route_is_explained() {
        let explained = include_str!("explain.rs");
        let patterns = patterns();
        assert!(patterns.len() > 7, "{patterns:?}");
        for pattern in patterns {
            let fixed = pattern.split('{').next().unwrap_or_default();
            assert!(explained.contains(&format!("\"{fixed}\"")), "{pattern}");
        }
    }
}
