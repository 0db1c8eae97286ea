//! Sitemaps, streamed from the files that were built in the background; no request builds one.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use hyper::{HeaderMap, Method};

use crate::error::Error;
use crate::files::sitemaps;
use crate::web::Web;
use crate::web::file::{FileAnswer, Stored};
use crate::web::headers::CachePolicy;

/// `/sitemap.xml`: the index.
pub async fn sitemap_index(State(web): State<Web>, method: Method, headers: HeaderMap) -> Response {
    answer(&web, sitemaps::INDEX, &method, &headers).await
}

/// `/sitemap-news.xml`: the stories of the last two days, where the site has news.
pub async fn sitemap_news(State(web): State<Web>, method: Method, headers: HeaderMap) -> Response {
    if web.app.news_types().next().is_none() {
        return Error::NotFound.into_response();
    }
    let path = sitemaps::news(&web.app.files.sitemaps());
    if !tokio::fs::try_exists(&path).await.unwrap_or(false) {
        return unbuilt();
    }
    respond(&path, &method, &headers).await
}

/// `/sitemaps/{file}`: a shard.
pub async fn sitemap_file(
    State(web): State<Web>,
    Path(name): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    if !sitemaps::is_shard(&name) {
        return Error::NotFound.into_response();
    }
    answer(&web, &name, &method, &headers).await
}

async fn answer(web: &Web, name: &str, method: &Method, headers: &HeaderMap) -> Response {
    match sitemaps::served(&web.app.files.sitemaps()).await {
        Some(folder) => respond(&folder.join(format!("{name}.gz")), method, headers).await,
        None => unbuilt(),
    }
}

/// Right after the first start, for as long as the first build takes.
fn unbuilt() -> Response {
    Error::Unavailable("the sitemap is being built for the first time".into()).into_response()
}

async fn respond(path: &std::path::Path, method: &Method, headers: &HeaderMap) -> Response {
    let answer = FileAnswer {
        path,
        content_type: "application/xml; charset=utf-8",
        stored: Stored::Gzip,
        hash: None,
        policy: CachePolicy::PAGE,
    };
    answer.respond(method, headers).await.unwrap_or_else(IntoResponse::into_response)
}
