//! The site put together: routes, page cache, limits and proxies, as `serve` and the tests run it.

use std::sync::Arc;

use crate::app::{App, SPECULATION};
use crate::config::Environment;
use crate::store::Ask;
use crate::web::client::Proxies;
use crate::web::headers::Security;
use crate::web::health::Readiness;
use crate::web::server::{Limits, Site};
use crate::web::stable::Stable;
use crate::web::statics::Statics;
use crate::web::{Web, appearance, public, routes};

/// The site of an app, ready to be served.
pub fn site(app: &App) -> Site {
    app.look_by(appearance::look);
    let config = &app.config;
    let readiness = readiness(app);
    let mut security = Security::new(config.origin.is_https(), None);
    if let Some(rules) = app.assets.body(SPECULATION) {
        security = security.with_speculation(rules).expect("assets are checked when they are opened");
    }
    if config.environment != Environment::Production {
        security = security.closed_to_crawlers();
    }
    let statics = Arc::new(Statics::of(&app.assets, &security));
    let metrics = Arc::default();
    let web = Web {
        app: app.clone(),
        security: Arc::new(security.clone()),
        readiness: readiness.clone(),
        stable: Arc::new(Stable::of(app)),
        statics: Arc::clone(&statics),
        metrics: Arc::clone(&metrics),
    };
    let mut limits = Limits {
        connections: config.max_connections.get() as usize,
        request: config.request_timeout,
        grace: config.drain_timeout,
        ..Limits::default()
    };
    limits.patience.head = config.header_timeout;
    Site {
        origin: config.origin.clone(),
        pages: app.pages.clone(),
        router: routes::routes(web),
        readiness,
        draw_error: Some(public::draw_error(app)),
        security,
        proxies: Proxies::trusting(config.trusted_proxies.clone(), 1),
        clock: app.clock.clone(),
        log_hits: false,
        limits,
        statics,
        metrics,
        tally: Arc::clone(&app.tally),
        threads: std::thread::available_parallelism().map_or(1, usize::from),
    }
}

/// Ready as long as the database answers.
fn readiness(app: &App) -> Readiness {
    let db = app.db.clone();
    Readiness::new(move || {
        let db = db.clone();
        async move {
            db.one::<(i64,)>("SELECT value FROM counters WHERE name = 'changes'", vec![]).await.map(|_| ())
        }
    })
}
