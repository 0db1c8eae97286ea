//! The site put together: routes, page cache, limits and proxies, as `serve` and the tests run it.

use std::sync::Arc;

use crate::app::{App, SPECULATION};
use crate::config::Environment;
use crate::store::Ask;
use crate::web::client::Proxies;
use crate::web::face::{self, Face};
use crate::web::headers::Security;
use crate::web::health::Readiness;
use crate::web::metrics::Metrics;
use crate::web::server::{Limits, Site};
use crate::web::stable::Stable;
use crate::web::statics::Statics;
use crate::web::{Web, appearance, public, routes};

/// The site of an app, ready to be served.
pub fn site(app: &App) -> Site {
    app.look_by(appearance::look);
    let config = &app.config;
    let readiness = readiness(app);
    let metrics = Arc::default();
    let mut limits = Limits {
        connections: config.max_connections.get() as usize,
        request: config.request_timeout,
        grace: config.drain_timeout,
        ..Limits::default()
    };
    limits.patience.head = config.header_timeout;
    let (whose, of) = (app.clone(), app.clone());
    let (ready, counted) = (readiness.clone(), Arc::clone(&metrics));
    let face = face::renewed(
        move || whose.edition_now(),
        move |before| {
            let app = of.current();
            (app.edition(), of_now(app, &ready, &counted, before))
        },
    );
    Site {
        origin: config.origin.clone(),
        pages: app.pages.clone(),
        face,
        readiness,
        proxies: Proxies::trusting(config.trusted_proxies.clone(), 1),
        clock: app.clock.clone(),
        log_hits: false,
        limits,
        metrics,
        tally: Arc::clone(&app.tally),
        threads: std::thread::available_parallelism().map_or(1, usize::from),
    }
}

/// What answers by the settings of this moment.
fn of_now(app: App, readiness: &Readiness, metrics: &Arc<Metrics>, before: Option<&Face>) -> Face {
    let config = &app.config;
    let mut security = Security::new(config.origin.is_https(), None);
    if let Some(rules) = app.assets.body(SPECULATION) {
        security = security.with_speculation(rules).expect("assets are checked when they are opened");
    }
    if config.environment != Environment::Production {
        security = security.closed_to_crawlers();
    }
    security = security.with_sources_of_pages(&app.site.analytics.allowed());
    let statics = Arc::new(Statics::after(before.map(|face| &*face.statics), &app.assets, &security));
    let draw_error = Some(public::draw_error(&app));
    let web = Web {
        security: Arc::new(security.clone()),
        readiness: readiness.clone(),
        stable: Arc::new(Stable::of(&app)),
        statics: Arc::clone(&statics),
        metrics: Arc::clone(metrics),
        app,
    };
    Face { router: routes::routes(web), draw_error, security, statics }
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
