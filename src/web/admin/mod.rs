//! The back office: server-rendered forms behind doors, each of which says who may pass.

mod account;
mod cache;
mod dashboard;
mod doors;
mod entries;
mod failure;
mod forgotten;
mod framed;
mod guard;
mod jobs;
mod keys;
mod log;
mod log_export;
mod not_found;
mod person;
mod pictures;
mod posted;
mod proof;
mod qr;
mod redirects;
mod reviews;
mod revisions;
mod second_factor;
mod second_step;
mod sent;
mod sessions;
pub mod settings;
mod shell;
mod sign_in;
mod trash;
mod tree;
mod users;
mod views;
mod welcome;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use tower_sessions::cookie::SameSite;
use tower_sessions::{Expiry, SessionManagerLayer};

use crate::web::Web;

pub use doors::{Door, Need, doors};
pub use entries::own;
pub use failure::Failure;
pub use guard::Framing;
pub use person::Person;
pub use posted::Posted;
pub use words::{ENGLISH, PERSIAN};

/// Where the back office begins.
pub const HOME: &str = "/admin";

/// The router of the back office, made from its doors alone: what is not listed there has no address.
pub fn routes(web: &Web) -> Router {
    let secure = web.app.config.origin.is_https();
    let sessions = SessionManagerLayer::new(sessions::Sessions::new(web.app.clone()))
        .with_name(if secure { "__Host-sid" } else { "sid" })
        .with_secure(secure)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        // The cookie goes with the browser; how long it counts is said by its row.
        .with_expiry(Expiry::OnSessionEnd);
    let headers = Arc::new(web.security.admin());
    doors()
        .into_iter()
        .fold(Router::new(), |router, door| {
            let passing = guard::Passing { web: web.clone(), needs: door.needs };
            let guarded = (door.route)().route_layer(from_fn_with_state(passing, guard::pass));
            router.route(door.path, guarded)
        })
        .with_state(web.clone())
        // What a form may hold is said where it is read, and by the server for all bodies.
        .route_layer(DefaultBodyLimit::disable())
        .route_layer(sessions)
        .route_layer(from_fn_with_state(headers, guard::write_headers))
}
