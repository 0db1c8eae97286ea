//! The server: accepts connections, answers them, and stops without dropping any.

use std::convert::Infallible;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use hyper::header;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout_at};

use super::answer::Desk;
use super::client::Proxies;
use super::door;
use super::face::Facing;
use super::fronts::Fronts;
use super::health::Readiness;
use super::lane;
use super::line::{Begun, Line, Patience, Patient, Stopping};
use super::metrics::Metrics;
use crate::app::Tally;
use crate::cache::Pages;
use crate::clock::Clock;
use crate::config::Origin;
use crate::error::{Error, Result};

/// What the server lets a client do.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Open connections; more wait to be accepted.
    pub connections: usize,
    /// Bytes of a request's body.
    pub body: u64,
    /// Bytes of a form of the back office that brings files along, and how long it may take to come.
    pub upload: u64,
    pub upload_time: Duration,
    /// Bytes of path and query.
    pub target: usize,
    /// Bytes of a request's head, roughly: hyper looks only between two reads.
    pub head: usize,
    pub patience: Patience,
    /// How long a request's body may pause.
    pub body_pause: Duration,
    /// From the whole head to the beginning of the answer.
    pub request: Duration,
    /// How long requests may still run once the server has stopped accepting.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connections: 10_000,
            body: 1 << 20,
            upload: 512 << 20,
            upload_time: Duration::from_mins(15),
            target: 8 << 10,
            head: 32 << 10,
            patience: Patience {
                head: Duration::from_secs(10),
                // Longer than nginx keeps its own side open, so that it is nginx who closes.
                idle: Duration::from_secs(75),
                write: Duration::from_secs(30),
                notice: Duration::from_secs(1),
            },
            body_pause: Duration::from_secs(10),
            request: Duration::from_secs(30),
            grace: Duration::from_secs(10),
        }
    }
}

impl Limits {
    /// Bytes of this request's body, and how long it may take until its answer begins. Forms that bring
    /// files along go to the back office alone, which asks who sends them before it reads any.
    pub(super) fn of<B>(&self, request: &Request<B>) -> (u64, Duration) {
        let kind = request.headers().get(header::CONTENT_TYPE).map_or(&[][..], |kind| kind.as_bytes());
        let brings_files =
            kind.len() >= UPLOADED.len() && kind[..UPLOADED.len()].eq_ignore_ascii_case(UPLOADED);
        if brings_files && *request.method() == Method::POST && request.uri().path().starts_with("/admin/") {
            return (self.upload, self.upload_time);
        }
        (self.body, self.request)
    }
}

/// What a form that brings files along calls itself.
const UPLOADED: &[u8] = b"multipart/form-data";

/// What a server serves.
pub struct Site {
    pub origin: Origin,
    pub pages: Arc<Pages>,
    /// What answers everything that is not in memory.
    pub face: Facing,
    pub readiness: Readiness,
    pub proxies: Proxies,
    pub clock: Clock,
    /// Whether answers from memory leave a line in the log as well.
    pub log_hits: bool,
    pub limits: Limits,
    pub metrics: Arc<Metrics>,
    pub tally: Arc<Tally>,
    /// How many threads answer connections; with none, the runtime that serves does it.
    pub threads: usize,
}

/// What all connections share.
pub(super) struct Shared {
    pub(super) origin: Origin,
    pub(super) pages: Arc<Pages>,
    pub(super) face: Facing,
    pub(super) proxies: Proxies,
    pub(super) clock: Clock,
    pub(super) log_hits: bool,
    pub(super) limits: Limits,
    pub(super) stopping: Stopping,
    pub(super) metrics: Arc<Metrics>,
    pub(super) tally: Arc<Tally>,
    /// Where pages are made, when connections are answered elsewhere.
    pub(super) workshop: Option<Handle>,
    /// Media files whose bytes are collected while they are sent.
    pub(super) collecting: Arc<Semaphore>,
}

/// Media files that are collected at a time: a slow client holds the bytes of its own.
const MOST_COLLECTED: usize = 64;

/// How a server came to rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rest {
    /// Connections cut because their requests outlasted the grace.
    pub cut: usize,
}

impl Site {
    /// Serves until `stop` is done, then drains. For `patience.notice` the node calls itself unready,
    /// asks each client to close and still accepts; then it accepts no more, closes what is silent,
    /// and lets requests run for `grace`.
    pub async fn serve(self, listener: TcpListener, stop: impl Future<Output = ()>) -> Rest {
        let limits = self.limits;
        let readiness = self.readiness;
        let stopping = Stopping::new(OnceLock::new());
        let shared = Arc::new(Shared {
            origin: self.origin,
            pages: self.pages,
            face: self.face,
            proxies: self.proxies,
            clock: self.clock,
            log_hits: self.log_hits,
            limits,
            stopping: Arc::clone(&stopping),
            metrics: self.metrics,
            tally: self.tally,
            workshop: (self.threads > 0).then(Handle::current),
            collecting: Arc::new(Semaphore::new(MOST_COLLECTED)),
        });
        let mut fronts = Fronts::start(self.threads).unwrap_or_else(|error| {
            tracing::error!(%error, "no threads for connections; the others answer them");
            Fronts::default()
        });
        let (wake, waking) = watch::channel(());
        let mut open = JoinSet::new();
        tokio::pin!(stop);
        loop {
            let closing = stopping.get().map(|since| *since + limits.patience.notice);
            tokio::select! {
                accepted = listener.accept(), if open.len() < limits.connections => match accepted {
                    Ok((stream, peer)) => {
                        let answering = connection(Arc::clone(&shared), stream, peer, waking.clone());
                        open.spawn_on(answering, &fronts.next());
                    }
                    Err(error) => rest_after(&error).await,
                },
                Some(ended) = open.join_next(), if !open.is_empty() => note(ended),
                () = &mut stop, if closing.is_none() => {
                    readiness.drain();
                    let _ = stopping.set(Instant::now());
                    let _ = wake.send(());
                }
                () = sleep_until(closing.unwrap_or_else(Instant::now)), if closing.is_some() => break,
            }
        }
        if std::env::var_os("LISTEN_FDS").is_none() && door::close(&listener) {
            sleep(door::HANDSHAKE).await;
        }
        for (stream, peer) in let_in(listener) {
            let answering = connection(Arc::clone(&shared), stream, peer, waking.clone());
            open.spawn_on(answering, &fronts.next());
        }
        let rest = drain(open, limits.grace).await;
        fronts.end();
        rest
    }
}

/// Closes the socket, and gives whom the kernel has let in already: they would otherwise be reset. The
/// kernel is asked itself, since the runtime may not have heard of them yet.
fn let_in(listener: TcpListener) -> Vec<(TcpStream, SocketAddr)> {
    let Ok(listener) = listener.into_std() else { return Vec::new() };
    let accepted = std::iter::from_fn(|| {
        loop {
            match listener.accept() {
                Ok(accepted) => return Some(accepted),
                // This one has gone again, and others stand behind it.
                Err(error) if error.kind() == ErrorKind::ConnectionAborted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => return None,
                Err(error) => {
                    tracing::error!(%error, "not everybody who was let in could be answered");
                    return None;
                }
            }
        }
    });
    let adopted = accepted.filter_map(|(stream, peer)| {
        stream.set_nonblocking(true).ok()?;
        Some((TcpStream::from_std(stream).ok()?, peer))
    });
    adopted.collect()
}

async fn drain(mut open: JoinSet<()>, grace: Duration) -> Rest {
    let deadline = Instant::now() + grace;
    while let Ok(Some(ended)) = timeout_at(deadline, open.join_next()).await {
        note(ended);
    }
    let cut = open.len();
    if cut > 0 {
        tracing::warn!(connections = cut, "cut what was still running after the grace");
    }
    open.shutdown().await;
    Rest { cut }
}

fn note(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
    {
        tracing::error!(%error, "a connection failed");
    }
}

/// A client that went away is nothing; without free descriptors there is nothing to do but wait.
async fn rest_after(error: &std::io::Error) {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};
    if !matches!(error.kind(), ConnectionAborted | ConnectionReset | Interrupted) {
        tracing::error!(%error, "no connection can be accepted");
        sleep(Duration::from_millis(100)).await;
    }
}

async fn connection(
    shared: Arc<Shared>,
    stream: TcpStream,
    peer: SocketAddr,
    mut waking: watch::Receiver<()>,
) {
    let _open = Connected::new(&shared.metrics);
    let stream = match adopt(stream, shared.workshop.is_some()) {
        Ok(stream) => stream,
        Err(error) => return tracing::debug!(%error, %peer, "connection lost"),
    };
    // Without it the end of an answer waits for the client's acknowledgement.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "no TCP_NODELAY");
    }
    let line = Arc::new(Line::default());
    let limits = shared.limits;
    let mut stream = Patient::new(stream, Arc::clone(&line), limits.patience, Arc::clone(&shared.stopping));
    let desk = Arc::new(Desk { shared, line, peer: peer.ip() });
    let Some(read) = lane::run(&desk, &mut stream, &mut waking).await else { return };
    let stream = Begun { read, stream };
    let service = service_fn(move |request| {
        let desk = Arc::clone(&desk);
        async move { Ok::<_, Infallible>(desk.answer(request).await) }
    });
    let connection = http1::Builder::new()
        // `Patient` tells a slow head from an idle connection, hyper does not.
        .header_read_timeout(None)
        .max_buf_size(limits.head)
        .pipeline_flush(false)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    loop {
        let ended = tokio::select! {
            biased;
            ended = &mut connection => ended,
            // Polled once more, a silent connection sees that the server stops.
            Ok(()) = waking.changed() => continue,
        };
        if let Err(error) = ended {
            tracing::debug!(%error, %peer, "connection ended");
        }
        return;
    }
}

/// A connection belongs to the runtime on which it is made: that of this thread, not of who accepted it.
fn adopt(stream: TcpStream, from_elsewhere: bool) -> std::io::Result<TcpStream> {
    if from_elsewhere { TcpStream::from_std(stream.into_std()?) } else { Ok(stream) }
}

/// Counts a connection for as long as it is open.
struct Connected(Arc<Metrics>);

impl Connected {
    fn new(metrics: &Arc<Metrics>) -> Connected {
        metrics.connected();
        Connected(Arc::clone(metrics))
    }
}

impl Drop for Connected {
    fn drop(&mut self) {
        self.0.disconnected();
    }
}

/// A listening socket: the one that systemd or a parent handed over (`LISTEN_FDS`), so that no
/// connection is refused while one process takes over from another; else a new one.
///
/// # Errors
/// `Error::Unavailable` when the address is taken or may not be used.
pub async fn listen(address: SocketAddr) -> Result<TcpListener> {
    let wrong = |error: std::io::Error| Error::Unavailable(format!("can't listen on {address}: {error}"));
    match inherited(|name| std::env::var(name).ok())? {
        Some(listener) => {
            listener.set_nonblocking(true).map_err(wrong)?;
            TcpListener::from_std(listener).map_err(wrong)
        }
        None => TcpListener::bind(address).await.map_err(wrong),
    }
}

/// The first descriptor after standard input, output and error, as systemd's protocol has it.
#[cfg(unix)]
fn inherited(variable: impl Fn(&str) -> Option<String>) -> Result<Option<std::net::TcpListener>> {
    use std::os::fd::{FromRawFd, OwnedFd};
    let Some(count) = variable("LISTEN_FDS") else { return Ok(None) };
    let for_us = variable("LISTEN_PID").is_none_or(|pid| pid == std::process::id().to_string());
    if !for_us || count == "0" {
        return Ok(None);
    }
    if count != "1" {
        return Err(Error::Unavailable(format!("one socket can be handed over, not {count}")));
    }
    // SAFETY: the protocol gives descriptor 3 to this process alone, and nothing else takes it.
    let descriptor = unsafe { OwnedFd::from_raw_fd(3) };
    Ok(Some(std::net::TcpListener::from(descriptor)))
}

#[cfg(not(unix))]
fn inherited(_: impl Fn(&str) -> Option<String>) -> Result<Option<std::net::TcpListener>> {
    Ok(None)
}

/// Done when the process is asked to end: SIGTERM, or Ctrl-C.
///
/// # Errors
/// `Error::Internal` when the system lets nobody listen for signals.
pub fn asked_to_end() -> Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        Ok(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
