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
    let Some(folder) = sitemaps::current(&web.app.files.sitemaps()) else {
        return Error::Unavailable("the sitemap is being built for the first time".into()).into_response();
    };
    let path = folder.join(format!("{name}.gz"));
    let answer = FileAnswer {
        path: &path,
        content_type: "application/xml; charset=utf-8",
        stored: Stored::Gzip,
        hash: None,
        policy: CachePolicy::PAGE,
    };
    answer.respond(method, headers).await.unwrap_or_else(IntoResponse::into_response)
}
