//! Every URL of the site. This is the only list.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hyper::{StatusCode, header};

use crate::web::address::Address;
use crate::web::errors::RequestInfo;
use crate::web::media::Media;
use crate::web::{Web, admin, health, media, public, stable, statics};

/// The site's router; what nothing here matches is a public path.
pub fn routes(web: Web) -> Router {
    let readiness = web.readiness.clone();
    let folder = Media::new(web.app.files.media()).of_site(web.app.config.origin.clone());
    let statics = statics::routes(Arc::clone(&web.statics));
    // Its own list of doors says who may pass each.
    let office = admin::routes(&web);
    let mut fixed = Router::new();
    if let Some(path) = web.app.site.indexnow.path() {
        fixed = fixed.route(&path, get(public::index_now_key));
    }
    fixed = fixed
        .route("/robots.txt", get(public::robots))
        .route("/sitemap.xml", get(public::sitemap_index))
        .route("/sitemap-news.xml", get(public::sitemap_news))
        .route("/sitemaps/{file}", get(public::sitemap_file))
        .route(stable::SECURITY_TXT, get(stable::security_txt));
    for address in stable::ADDRESSES {
        fixed = fixed.route(address, get(stable::show));
    }
    fixed
        // Everything with an address in the registry, listings, feeds, home pages, and 404.
        .fallback(public::show)
        .with_state(web.clone())
        .merge(office)
        .merge(statics)
        .merge(media::routes(folder))
        // Of the site's own host alone; pages find their one redirect by themselves.
        .route_layer(from_fn_with_state(web, to_origin))
        .merge(health::routes(readiness))
}

/// One 301 to the configured origin for what came in under another host, `robots.txt` included: no
/// other host has rules, files or an index of its own (SEO 3.26).
async fn to_origin(State(web): State<Web>, request: Request, next: Next) -> Response {
    let wrong = request.extensions().get::<RequestInfo>().is_some_and(|info| info.address == Address::Wrong);
    if !wrong {
        return next.run(request).await;
    }
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, web.app.config.origin.url(target))]).into_response()
}
