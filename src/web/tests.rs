//! The server over real sockets.

mod attack;
mod client;
mod drain;
mod pages;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use hyper::StatusCode;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::address::Address;
use super::answer;
use super::client::Proxies;
use super::errors::RequestInfo;
use super::face::{self, Face};
use super::headers::{CachePolicy, Security};
use super::health::{self, Readiness};
use super::server::{Limits, Rest, Site};
use crate::cache::{CachedPage, Pages, Rendered, Tag};
use crate::clock::{Clock, Time};
use crate::config::{FromText, Origin};
use crate::error::{Error, Result};

/// Bytes of `/large`: more than sockets hold.
const LARGE: usize = 32 << 20;

/// A running site and what it did.
struct Running {
    at: SocketAddr,
    world: Arc<World>,
    stop: Option<oneshot::Sender<()>>,
    rest: JoinHandle<Rest>,
}

struct World {
    pages: Arc<Pages>,
    security: Security,
    renders: AtomicUsize,
    away: std::sync::atomic::AtomicBool,
    dropped: Arc<AtomicUsize>,
}

impl Running {
    /// Asks it to stop and waits until it has.
    async fn stop(mut self) -> Rest {
        self.stop.take().unwrap().send(()).unwrap();
        self.rest.await.unwrap()
    }
}

async fn start(change: impl FnOnce(&mut Site)) -> Running {
    let clock = Clock::fixed(Time(1_790_000_000_000));
    let pages = Arc::new(Pages::new(32 << 20, clock.clone()));
    let security = Security::new(false, None);
    let world = Arc::new(World {
        pages: Arc::clone(&pages),
        security: security.clone(),
        renders: AtomicUsize::new(0),
        away: false.into(),
        dropped: Arc::default(),
    });
    let readiness = Readiness::new(|| async { Ok(()) });
    let router = Router::new()
        .route("/echo", post(|body: Bytes| async move { body }))
        .route("/refusing", post(|| async { StatusCode::BAD_REQUEST }))
        .route("/slow", get(|| async { tokio::time::sleep(Duration::from_millis(600)).await }))
        .route("/hang", get(std::future::pending::<()>))
        .route(
            "/panic",
            get(|| async {
                if true {
                    panic!("canary of a panic")
                }
            }),
        )
        .route("/away", get(|| async { Error::Unavailable("canary: no database".into()) }))
        .route("/broken", get(|| async { Error::Internal("canary of a cause".into()) }))
        .route(
            "/cookie",
            get(|| async {
                ([("set-cookie", "a=b"), ("cache-control", "public"), ("x-public-cache", "1")], "")
            }),
        )
        .route("/big", get(big))
        .route("/large", get(|| async { vec![b'x'; LARGE] }))
        .route("/block", get(block))
        .route("/media/0123456789abcdef/a.png", get(file))
        .fallback(show)
        .with_state(Arc::clone(&world))
        .merge(health::routes(readiness.clone()));
    let mut site = Site {
        origin: Origin::from_text("http://site.test").unwrap(),
        pages,
        face: face::fixed(Face { router, draw_error: None, security, statics: Arc::default() }),
        readiness,
        proxies: Proxies::none(),
        clock,
        log_hits: true,
        limits: Limits::default(),
        metrics: Arc::default(),
        tally: Arc::default(),
        threads: 2,
    };
    change(&mut site);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let rest = tokio::spawn(site.serve(listener, async move {
        let _ = stopped.await;
    }));
    Running { at, world, stop: Some(stop), rest }
}

/// Pages as a site has them: `/none…` is a 404, a wrong address one 301, anything else a page.
async fn show(State(world): State<Arc<World>>, request: Request) -> Result<Response> {
    let (parts, _) = request.into_parts();
    let info = parts.extensions.get::<RequestInfo>().expect("the server says who asks");
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
    if info.address == Address::Wrong {
        let to = Origin::from_text("http://site.test").unwrap().url(target);
        return Ok((StatusCode::MOVED_PERMANENTLY, [(LOCATION, to)]).into_response());
    }
    let render = || async {
        if world.away.load(Ordering::SeqCst) {
            return Err(Error::Unavailable("no database".into()));
        }
        world.renders.fetch_add(1, Ordering::SeqCst);
        let status = if target.starts_with("/none") { StatusCode::NOT_FOUND } else { StatusCode::OK };
        let rendered = Rendered {
            status,
            headers: world.security.page(status, "text/html; charset=utf-8", CachePolicy::PAGE),
            body: if target == "/prose" {
                prose()
            } else {
                Bytes::from(format!("<h1>{}</h1>", parts.uri.path().repeat(200)))
            },
            tags: vec![Tag::new("site")],
            rendered_from: 1,
        };
        Ok(CachedPage::new(rendered, Time(1_790_000_000_000), Duration::from_mins(1)))
    };
    let served = world.pages.get_or_render(target, render).await?;
    Ok(answer::page(&served, &parts))
}

/// Text that each level compresses differently.
fn prose() -> Bytes {
    let paragraph =
        |n: usize| format!("<p>Paragraph {} of {n} tells of the {}th place.</p>", n * 7919, n % 31);
    (0..400).map(paragraph).collect::<String>().into()
}

/// A file as media are answered.
async fn file(State(world): State<Arc<World>>) -> impl IntoResponse {
    world.renders.fetch_add(1, Ordering::SeqCst);
    let headers = [
        ("cache-control", "public, max-age=31536000, immutable"),
        ("etag", "\"0123456789abcdef\""),
        ("content-type", "image/png"),
        ("accept-ranges", "bytes"),
    ];
    (headers, "media".repeat(100))
}

/// A handler that holds its thread for a while.
async fn block() {
    std::thread::sleep(Duration::from_millis(1_500));
}

/// An answer without an end, which tells when it is given up.
async fn big(State(world): State<Arc<World>>) -> Body {
    struct Endless(Arc<AtomicUsize>);
    impl hyper::body::Body for Endless {
        type Data = Bytes;
        type Error = std::convert::Infallible;
        fn poll_frame(
            self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<hyper::body::Frame<Bytes>, Self::Error>>> {
            std::task::Poll::Ready(Some(Ok(hyper::body::Frame::data(Bytes::from_static(&[b'x'; 65_536])))))
        }
    }
    impl Drop for Endless {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    Body::new(Endless(Arc::clone(&world.dropped)))
}
