//! A connection that is given up when the other side is slow (SECURITY T22).
//!
//! hyper's own timer counts the idle time between two requests and the time a head takes as one, so
//! a limit that stops a dribbled head would also cut the connections that nginx keeps open.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

/// How slow the other side of a connection may be.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// From the first byte of a head (of a new connection: from its start) to its last.
    pub head: Duration,
    /// Between two requests.
    pub idle: Duration,
    /// Without taking any byte of an answer.
    pub write: Duration,
    /// Once the server stops: how long a connection must have been silent to be closed.
    pub notice: Duration,
}

/// What a connection is doing; shared between its stream and its answers.
#[derive(Debug, Default)]
pub(super) struct Line(AtomicU8);

const SILENT: u8 = 0;
const HEAD: u8 = 1;
const BUSY: u8 = 2;

impl Line {
    /// A head has arrived.
    pub(super) fn busy(&self) {
        self.0.store(BUSY, Ordering::Release);
    }

    /// The first bytes of a head have come along with the one before.
    pub(super) fn begun(&self) {
        self.0.store(HEAD, Ordering::Release);
    }

    /// The answer has been handed over.
    pub(super) fn silent(&self) {
        self.0.store(SILENT, Ordering::Release);
    }

    fn state(&self) -> u8 {
        self.0.load(Ordering::Acquire)
    }
}

/// When the server began to stop.
pub(super) type Stopping = Arc<OnceLock<Instant>>;

/// A stream that ends by itself when the other side is too slow.
pub(super) struct Patient<S> {
    stream: S,
    line: Arc<Line>,
    patience: Patience,
    stopping: Stopping,
    fresh: bool,
    seen: u8,
    since: Instant,
    reading: Alarm,
    stalled: Option<Instant>,
    writing: Alarm,
}

impl<S> Patient<S> {
    pub(super) fn new(stream: S, line: Arc<Line>, patience: Patience, stopping: Stopping) -> Patient<S> {
        Patient {
            stream,
            line,
            patience,
            stopping,
            fresh: true,
            seen: SILENT,
            since: Instant::now(),
            reading: Alarm::default(),
            stalled: None,
            writing: Alarm::default(),
        }
    }

    /// Called when there is nothing to read: whether to wait on, end, or give up.
    fn wait(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let state = self.line.state();
        if state != self.seen {
            self.seen = state;
            self.since = Instant::now();
        }
        // An answer is made, or its last bytes are still on their way: hyper has handed them over, and holds
        // them until the client takes them. It asks again only when it is woken, so the alarm goes on.
        if state == BUSY || (state == SILENT && self.stalled.is_some()) {
            self.since = Instant::now();
            let again = if self.stopping.get().is_some() { self.patience.notice } else { self.patience.head };
            self.reading.rings(self.since + again, cx);
            return Poll::Pending;
        }
        let limit = match state {
            HEAD => self.patience.head,
            _ if self.fresh => self.patience.head,
            _ => self.patience.idle,
        };
        let mut deadline = self.since + limit;
        let closing = self.stopping.get().map(|stop| (*stop).max(self.since) + self.patience.notice);
        if let Some(closing) = closing.filter(|_| state == SILENT) {
            deadline = deadline.min(closing);
        }
        if !self.reading.rings(deadline, cx) {
            return Poll::Pending;
        }
        // Silence is no fault: hyper sees the end of the stream and closes without complaint.
        let end = if state == SILENT { Ok(()) } else { Err(too_slow("the client sends too slowly")) };
        Poll::Ready(end)
    }

    fn after_write<T>(&mut self, wrote: Poll<io::Result<T>>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        if wrote.is_ready() {
            self.stalled = None;
            return wrote;
        }
        let since = *self.stalled.get_or_insert_with(Instant::now);
        if self.writing.rings(since + self.patience.write, cx) {
            return Poll::Ready(Err(too_slow("the client takes no bytes")));
        }
        Poll::Pending
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let Poll::Ready(read) = Pin::new(&mut self.stream).poll_read(cx, buf) else { return self.wait(cx) };
        if buf.filled().len() > before && self.line.state() == SILENT {
            // The head of a new connection is counted from its start.
            if !self.fresh {
                self.since = Instant::now();
            }
            self.fresh = false;
            self.seen = HEAD;
            self.line.0.store(HEAD, Ordering::Release);
        }
        Poll::Ready(read)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.after_write(wrote, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.after_write(wrote, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// A stream of which the beginning has been read already.
pub(super) struct Begun<S> {
    pub(super) read: Bytes,
    pub(super) stream: S,
}

impl<S: AsyncRead + Unpin> AsyncRead for Begun<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.read.is_empty() {
            return Pin::new(&mut self.stream).poll_read(cx, buf);
        }
        let count = self.read.len().min(buf.remaining());
        buf.put_slice(&self.read.split_to(count));
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Begun<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

fn too_slow(reason: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, reason)
}

/// A timer that is moved only when it would ring: setting one for each request costs more than the
/// request.
#[derive(Default)]
pub(super) struct Alarm(Option<Pin<Box<Sleep>>>);

impl Alarm {
    /// Whether the deadline has passed; if not, the task is woken when it does.
    pub(super) fn rings(&mut self, deadline: Instant, cx: &mut Context<'_>) -> bool {
        let sleep = self.0.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        if sleep.deadline() > deadline {
            sleep.as_mut().reset(deadline);
        }
        loop {
            if sleep.as_mut().poll(cx).is_pending() {
                return false;
            }
            if Instant::now() >= deadline {
                return true;
            }
            sleep.as_mut().reset(deadline);
        }
    }
}
