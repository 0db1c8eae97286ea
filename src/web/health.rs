//! Whether the process lives, and whether it should be given requests.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hyper::StatusCode;
use hyper::header::{CONTENT_TYPE, RETRY_AFTER};

use crate::error::Result;

/// How long the check may take; who asks usually gives up soon after.
const PATIENCE: Duration = Duration::from_secs(2);

type Check = dyn Fn() -> Pin<Box<dyn Future<Output = Result<()>> + Send>> + Send + Sync;

/// Whether this node should be given requests. Clones share it.
#[derive(Clone)]
pub struct Readiness(Arc<State>);

struct State {
    draining: AtomicBool,
    check: Box<Check>,
    /// What is wrong though requests are answered.
    warnings: RwLock<Vec<String>>,
}

impl Readiness {
    /// `check` asks what the site can't do without, such as the database.
    pub fn new<F, Fut>(check: F) -> Readiness
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<()>> + Send + 'static,
    {
        let check = Box::new(move || Box::pin(check()) as Pin<Box<dyn Future<Output = _> + Send>>);
        Readiness(Arc::new(State { draining: AtomicBool::new(false), check, warnings: RwLock::default() }))
    }

    /// Replaces what is said beside `ready`.
    pub fn warn(&self, warnings: Vec<String>) {
        *self.0.warnings.write().expect("no writer panics") = warnings;
    }

    fn ready(&self) -> String {
        let warnings = self.0.warnings.read().expect("no writer panics");
        let lines = warnings.iter().map(|warning| format!("warning: {warning}\n"));
        std::iter::once("ready\n".to_owned()).chain(lines).collect()
    }

    /// From now on never ready again.
    pub(super) fn drain(&self) {
        self.0.draining.store(true, Ordering::Release);
    }

    async fn ask(&self) -> Result<(), String> {
        if self.0.draining.load(Ordering::Acquire) {
            return Err("stopping".to_owned());
        }
        match tokio::time::timeout(PATIENCE, (self.0.check)()).await {
            Ok(answer) => answer.map_err(|error| error.to_string()),
            Err(_) => Err("the check takes too long".to_owned()),
        }
    }
}

/// `/healthz`: 200 as long as the process lives. `/readyz`: 503 while it should get no requests; why
/// stands in the log alone. What the site found wrong with itself stands below `ready`.
pub fn routes(readiness: Readiness) -> Router {
    let ready = move || async move {
        match readiness.ask().await {
            Ok(()) => plain(StatusCode::OK, readiness.ready()),
            Err(reason) => {
                tracing::warn!(reason, "not ready");
                let mut response = plain(StatusCode::SERVICE_UNAVAILABLE, "not ready\n");
                response.headers_mut().insert(RETRY_AFTER, 1.into());
                response
            }
        }
    };
    Router::new()
        .route("/healthz", get(|| async { plain(StatusCode::OK, "alive\n") }))
        .route("/readyz", get(ready))
}

fn plain(status: StatusCode, text: impl Into<axum::body::Body>) -> Response {
    (status, [(CONTENT_TYPE, "text/plain; charset=utf-8")], text.into()).into_response()
}
