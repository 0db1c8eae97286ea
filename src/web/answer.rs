//! From a request to its answer: a page in memory at once, anything else through the router.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::Poll;
use std::time::Instant;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http_body_util::Limited;
use hyper::body::{Body as _, Incoming};
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, Request, StatusCode, Version};
use tokio::runtime::Handle;
use tower::ServiceExt;
use tracing::Instrument;

use super::address::{Address, right_address};
use super::body::{Arriving, Keep, Reply};
use super::client::Client;
use super::conditional::{Accepts, Coding, has_tag, lists_tag};
use super::errors::{self, RequestInfo};
use super::face::Face;
use super::forms::Whole;
use super::headers::{PUBLIC_MARK, REQUEST_ID, ROBOTS_TAG, SERVER_TIMING};
use super::line::Line;
use super::log::{Visit, without_secret};
use super::metrics::Route;
use super::server::Shared;
use super::statics;
use crate::app::{Tally, Visit as Counted};
use crate::cache::{CachedPage, KeptFile, Outcome, Served, Variant};

/// RFC 9211: a negative time to live says that the answer is outdated.
const STALE_MARK: (&str, &str) = ("cache-status", "atlas; hit; ttl=-1; detail=database-away");

/// One connection's view of the server.
pub(super) struct Desk {
    pub(super) shared: Arc<Shared>,
    pub(super) line: Arc<Line>,
    pub(super) peer: std::net::IpAddr,
}

impl Desk {
    pub(super) async fn answer(self: Arc<Desk>, request: Request<Incoming>) -> hyper::Response<Reply> {
        self.line.busy();
        let started = Instant::now();
        let client = self.shared.proxies.client(self.peer, request.headers());
        let host = host(&request);
        let origin = &self.shared.origin;
        let address = host.map(|host| right_address(host, client.proto, origin));
        if let Ok(address @ (Address::Right | Address::Direct)) = address
            && let Some(answer) = self.kept_answer(&request, address, client, started)
        {
            return answer;
        }
        let info = RequestInfo {
            id: self.shared.clock.uuid().to_string(),
            method: request.method().clone(),
            uri: request.uri().clone(),
            client: client.ip,
            address: *address.as_ref().unwrap_or(&Address::Wrong),
        };
        let (odd_host, desk) = (address.is_err(), Arc::clone(&self));
        let making = Box::pin(async move { desk.routed_answer(request, info, odd_host, started).await });
        match &self.shared.workshop {
            Some(workshop) => self.made_in(workshop, making).await,
            None => making.await,
        }
    }

    /// Pages are made where no answer from memory waits for them.
    async fn made_in(
        &self,
        workshop: &Handle,
        making: impl Future<Output = hyper::Response<Reply>> + Send + 'static,
    ) -> hyper::Response<Reply> {
        let mut made = Made(workshop.spawn(making));
        (&mut made.0).await.unwrap_or_else(|error| {
            tracing::error!(%error, "an answer could not be made");
            let mut answer = hyper::Response::new(Reply::whole(Bytes::new(), Arc::clone(&self.line), None));
            *answer.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            (self.shared.face)().security.enforce(StatusCode::INTERNAL_SERVER_ERROR, answer.headers_mut());
            answer
        })
    }

    fn kept_answer(
        &self,
        request: &Request<Incoming>,
        address: Address,
        client: Client<'_>,
        started: Instant,
    ) -> Option<hyper::Response<Reply>> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) || !request.body().is_end_stream() {
            return None;
        }
        let target = request.uri().path_and_query()?;
        let (route, (status, mut headers, body)) = match self.shared.pages.look(target.as_str()) {
            Some(page) => {
                if request.method() == Method::GET && address == Address::Right {
                    self.tally(target.path(), page.status, &Named::of(request.headers()));
                }
                (Route::Page, choose(&page, request.method(), request.headers()))
            }
            None => self.kept_file(request, target.path()).filter(|_| target.query().is_none())?,
        };
        self.shared.metrics.hit(route, status);
        self.last_words(address, status, &mut headers);
        let visit = (self.shared.log_hits && Visit::is_logged()).then(|| {
            let id = self.shared.clock.uuid().to_string();
            headers.insert(REQUEST_ID, id_value(&id));
            Box::new(Visit {
                method: request.method().clone(),
                uri: request.uri().clone(),
                status,
                started,
                bytes: 0,
                cache: Outcome::Hit.name(),
                id,
                client: client.ip,
            })
        });
        let mut answer = hyper::Response::new(Reply::whole(body, Arc::clone(&self.line), visit));
        *answer.status_mut() = status;
        *answer.headers_mut() = headers;
        Some(answer)
    }

    /// Counts a visit to what is no page.
    fn tally(&self, path: &str, status: StatusCode, named: &Named) {
        if Tally::counts(status.as_u16()) {
            self.shared.tally.note(&Counted {
                status: status.as_u16(),
                path,
                agent: named.agent.as_ref().and_then(|value| value.to_str().ok()),
                referrer: named.referrer.as_ref().and_then(|value| value.to_str().ok()),
                at: self.shared.clock.now(),
            });
        }
    }

    fn kept_file(&self, request: &Request<Incoming>, path: &str) -> Option<(Route, Whole)> {
        let (method, headers) = (request.method(), request.headers());
        if path.starts_with(statics::ROOT) {
            return Some((Route::Static, (self.shared.face)().statics.ready(method, path, headers)?));
        }
        // Parts and dates are for who reads the file itself.
        let plain = [header::RANGE, header::IF_MODIFIED_SINCE].iter().all(|name| !headers.contains_key(name));
        if !plain || Route::of(path) != Route::Media {
            return None;
        }
        Some((Route::Media, whole(&*self.shared.pages.file(path)?, method, headers)))
    }

    async fn routed_answer(
        &self,
        request: Request<Incoming>,
        info: RequestInfo,
        odd_host: bool,
        started: Instant,
    ) -> hyper::Response<Reply> {
        let named = Named::of(request.headers());
        let face = (self.shared.face)();
        let answer = match self.refusal(&request, odd_host) {
            Some(status) => errors::page(status, &info, face.draw_error.as_ref()),
            None => {
                let span = tracing::debug_span!("request", id = info.id, method = %info.method, path = without_secret(info.uri.path()));
                self.route(request, &info, &face).instrument(span).await
            }
        };
        let outcome = answer.extensions().get::<Outcome>().copied();
        let (mut parts, body) = answer.into_parts();
        face.security.enforce(parts.status, &mut parts.headers);
        let keep = self.keep_file(&info, &parts);
        self.last_words(info.address, parts.status, &mut parts.headers);
        parts.headers.insert(REQUEST_ID, id_value(&info.id));
        if info.sees_timing() {
            parts.headers.insert(SERVER_TIMING, timing(started, outcome));
        }
        let route = Route::of(info.uri.path());
        self.shared.metrics.made(route, parts.status, started.elapsed());
        // Who asks the node itself, or another host, is no visitor.
        if info.method == Method::GET && info.address == Address::Right && route == Route::Page {
            self.tally(info.uri.path(), parts.status, &named);
        }
        let visit = Visit::is_logged().then(|| {
            Box::new(Visit {
                method: info.method,
                uri: info.uri,
                status: parts.status,
                started,
                bytes: 0,
                cache: outcome.map_or("pass", Outcome::name),
                id: info.id,
                client: info.client,
            })
        });
        let reply = Reply::flow(body, Arc::clone(&self.line), visit);
        let reply = match keep {
            Some((length, keep)) => reply.keeping(length, keep),
            None => reply,
        };
        hyper::Response::from_parts(parts, reply)
    }

    /// What is to be done with the bytes of a small media file, whose address names them.
    fn keep_file(&self, info: &RequestInfo, parts: &axum::http::response::Parts) -> Option<(usize, Keep)> {
        let wanted = Route::of(info.uri.path()) == Route::Media
            && info.method == Method::GET
            && info.uri.query().is_none()
            && parts.status == StatusCode::OK;
        let text = |name| parts.headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let immutable = wanted && text(header::CACHE_CONTROL).is_some_and(|text| text.contains("immutable"));
        let length: u64 = text(header::CONTENT_LENGTH).filter(|_| immutable)?.parse().ok()?;
        let etag = parts.headers.get(header::ETAG)?.clone();
        if !self.shared.pages.takes_file(length) {
            return None;
        }
        let turn = Arc::clone(&self.shared.collecting).try_acquire_owned().ok()?;
        let (headers, path) = (parts.headers.clone(), info.uri.path().to_owned());
        let pages = Arc::clone(&self.shared.pages);
        let keep = Box::new(move |body| {
            pages.keep_file(&path, KeptFile { etag, headers, body });
            drop(turn);
        });
        Some((usize::try_from(length).ok()?, keep))
    }

    /// What is refused before anything looks at it.
    fn refusal(&self, request: &Request<Incoming>, odd_host: bool) -> Option<StatusCode> {
        let uri = request.uri();
        let length = uri.path_and_query().map_or(0, |target| target.as_str().len());
        if length > self.shared.limits.target {
            return Some(StatusCode::URI_TOO_LONG);
        }
        if odd_host || uri.path_and_query().is_none() || *request.method() == Method::CONNECT {
            return Some(StatusCode::BAD_REQUEST);
        }
        let announced = request.body().size_hint().lower();
        (announced > self.shared.limits.of(request).0).then_some(StatusCode::PAYLOAD_TOO_LARGE)
    }

    async fn route(&self, request: Request<Incoming>, info: &RequestInfo, face: &Face) -> Response {
        let draw = face.draw_error.as_ref();
        let limits = &self.shared.limits;
        let (largest, patience) = limits.of(&request);
        let (mut parts, incoming) = request.into_parts();
        parts.extensions.insert(info.clone());
        let (body, progress) = Arriving::new(incoming, limits.body_pause);
        let largest = usize::try_from(largest).unwrap_or(usize::MAX);
        let request = Request::from_parts(parts, Body::new(Limited::new(body, largest)));
        let work = caught(face.router.clone().oneshot(request));
        match tokio::time::timeout(patience, work).await {
            // So axum answers a body that ends in an error.
            Ok(Some(answer)) if answer.status() == StatusCode::BAD_REQUEST && progress.has_stopped() => {
                errors::page(StatusCode::REQUEST_TIMEOUT, info, draw)
            }
            Ok(Some(answer)) => errors::finish(answer, info, draw),
            // The panic itself is logged by the hook.
            Ok(None) => {
                tracing::error!(id = info.id, path = without_secret(info.uri.path()), "a handler panicked");
                errors::page(StatusCode::INTERNAL_SERVER_ERROR, info, draw)
            }
            Err(_) if progress.is_open() => errors::page(StatusCode::REQUEST_TIMEOUT, info, draw),
            Err(_) => {
                tracing::error!(
                    id = info.id,
                    path = without_secret(info.uri.path()),
                    "a handler took too long"
                );
                errors::page(StatusCode::SERVICE_UNAVAILABLE, info, draw)
            }
        }
    }

    /// Under any host but the configured one nothing may be indexed, nor kept by nginx. A redirect to
    /// the right host is no page, and has to be followed.
    fn last_words(&self, address: Address, status: StatusCode, headers: &mut HeaderMap) {
        if address != Address::Right {
            headers.remove(PUBLIC_MARK);
        }
        if address == Address::Direct || (address == Address::Wrong && !status.is_redirection()) {
            headers.insert(ROBOTS_TAG, HeaderValue::from_static("noindex"));
        }
        if self.shared.stopping.get().is_some() {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
    }
}

/// The host a request asks for. That of an absolute target goes before the header (RFC 9112, 3.2.2).
/// `Err` where the header is missing in HTTP/1.1, stands twice, or is no text (RFC 9112, 3.2).
fn host(request: &Request<Incoming>) -> Result<Option<&str>, ()> {
    let mut lines = request.headers().get_all(header::HOST).iter();
    let line = lines.next();
    if lines.next().is_some() || (line.is_none() && request.version() == Version::HTTP_11) {
        return Err(());
    }
    if let Some(authority) = request.uri().authority() {
        return Ok(Some(authority.as_str()));
    }
    line.map(|line| line.to_str().map_err(|_| ())).transpose()
}

fn id_value(id: &str) -> HeaderValue {
    HeaderValue::try_from(id).expect("a UUID makes a header value")
}

/// Runs a handler; `None` if it panicked.
async fn caught<F>(work: F) -> Option<Response>
where
    F: Future<Output = Result<Response, std::convert::Infallible>>,
{
    let mut work = std::pin::pin!(work);
    std::future::poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx))) {
        Ok(Poll::Ready(Ok(answer))) => Poll::Ready(Some(answer)),
        Ok(Poll::Pending) => Poll::Pending,
        Err(_) => Poll::Ready(None),
    })
    .await
}

/// The answer of a handler that got its page from the cache or rendered it.
pub fn page(served: &Served, request: &Parts) -> Response {
    let (status, headers, body) = choose(&served.page, &request.method, &request.headers);
    let mut answer = Response::new(Body::from(body));
    *answer.status_mut() = status;
    *answer.headers_mut() = headers;
    if served.outcome == Outcome::Stale {
        // Nobody else is to keep it: it is to go as soon as the database is back.
        answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
        answer.headers_mut().remove(PUBLIC_MARK);
        answer.headers_mut().insert(STALE_MARK.0, HeaderValue::from_static(STALE_MARK.1));
    }
    answer.extensions_mut().insert(served.outcome);
    answer
}

/// A file in memory, or 304 for a client that has it; `HEAD` without the body.
fn whole(file: &KeptFile, method: &Method, request: &HeaderMap) -> Whole {
    let mut headers = file.headers.clone();
    if has_tag(request, &file.etag) {
        for name in [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::ACCEPT_RANGES] {
            headers.remove(name);
        }
        return (StatusCode::NOT_MODIFIED, headers, Bytes::new());
    }
    let body = if *method == Method::HEAD { Bytes::new() } else { file.body.clone() };
    (StatusCode::OK, headers, body)
}

/// How long an answer took and where it came from, in milliseconds (W3C Server Timing).
fn timing(started: Instant, outcome: Option<Outcome>) -> HeaderValue {
    let took = started.elapsed().as_secs_f64() * 1000.0;
    let text = format!("total;dur={took:.1}, cache;desc=\"{}\"", outcome.map_or("pass", Outcome::name));
    HeaderValue::try_from(text).expect("digits and letters make a header value")
}

/// The encoding this client takes, or 304 if it has it; `HEAD` without the body.
fn choose(page: &CachedPage, method: &Method, headers: &HeaderMap) -> Whole {
    let accepts = Accepts::of(headers);
    let variant = match accepts.best(page.br.is_some(), page.gzip.is_some()) {
        Coding::Br => page.br.as_ref(),
        Coding::Gzip => page.gzip.as_ref(),
        Coding::Identity => None,
    };
    let variant = variant.unwrap_or(&page.identity);
    let lists: Vec<&[u8]> =
        headers.get_all(header::IF_NONE_MATCH).iter().map(HeaderValue::as_bytes).collect();
    if let Some(known) = known_form(page, variant, accepts, &lists) {
        return (StatusCode::NOT_MODIFIED, known, Bytes::new());
    }
    let body = if *method == Method::HEAD { Bytes::new() } else { variant.body.clone() };
    (page.status, variant.headers.clone(), body)
}

/// The headers of a 304 for a client that has the page: in the form that it would get, or in another
/// compressed one that it takes. Forms are made one after the other, and none of them makes the last
/// one wrong.
pub(super) fn known_form(
    page: &CachedPage,
    best: &Variant,
    accepts: Accepts,
    lists: &[&[u8]],
) -> Option<HeaderMap> {
    let named = |etag: &HeaderValue| lists.iter().any(|list| lists_tag(list, etag));
    let has = |variant: &&Variant| variant.etag.as_ref().is_some_and(named);
    let taken = [(Coding::Br, page.br.as_ref()), (Coding::Gzip, page.gzip.as_ref())];
    let others = taken.into_iter().filter(|(coding, _)| accepts.takes(*coding)).filter_map(|(_, form)| form);
    if let Some(variant) = std::iter::once(best).chain(others).find(has) {
        return Some(variant.not_modified());
    }
    let quick = page.quick.as_ref().filter(|tag| accepts.takes(Coding::Gzip) && named(tag))?;
    let mut headers = best.not_modified();
    headers.insert(header::ETAG, quick.clone());
    Some(headers)
}

/// What a visitor says of themselves, kept until the answer is known.
struct Named {
    agent: Option<HeaderValue>,
    referrer: Option<HeaderValue>,
}

impl Named {
    fn of(headers: &HeaderMap) -> Named {
        let value = |name| headers.get(name).cloned();
        Named { agent: value(header::USER_AGENT), referrer: value(header::REFERER) }
    }
}

/// An answer being made elsewhere; given up with the request.
struct Made(tokio::task::JoinHandle<hyper::Response<Reply>>);

impl Drop for Made {
    fn drop(&mut self) {
        self.0.abort();
    }
}
