//! Every URL of the site. This is the only list.

use axum::Router;
use axum::routing::get;

use crate::web::media::Media;
use crate::web::{Web, health, media, public, statics};

/// The site's router; what nothing here matches is a public path.
pub fn routes(web: Web) -> Router {
    let readiness = web.readiness.clone();
    let folder = Media::new(web.app.files.media());
    Router::new()
        .route("/robots.txt", get(public::robots))
        .route("/sitemap.xml", get(public::sitemap_index))
        .route("/sitemaps/{file}", get(public::sitemap_file))
        // Everything with an address in the registry, listings, feeds, home pages, and 404.
        .fallback(public::show)
        .with_state(web)
        .merge(health::routes(readiness))
        .merge(statics::routes())
        .merge(media::routes(folder))
}
