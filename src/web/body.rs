//! The bodies of requests, read with limits, and of answers, followed to their last byte.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::time::Instant;

use super::line::{Alarm, Line};
use super::log::Visit;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The body of a request that must keep arriving.
pub(super) struct Arriving {
    incoming: Incoming,
    pause: Duration,
    since: Option<Instant>,
    alarm: Alarm,
    progress: Arc<Progress>,
}

/// How far a request's body got.
#[derive(Debug, Default)]
pub(super) struct Progress {
    open: AtomicBool,
    stopped: AtomicBool,
}

impl Progress {
    /// Not all of it has arrived.
    pub(super) fn is_open(&self) -> bool {
        self.open.load(Ordering::Acquire)
    }

    /// Nothing came for too long.
    pub(super) fn has_stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
    }
}

impl Arriving {
    /// `pause` is how long nothing may come.
    pub(super) fn new(incoming: Incoming, pause: Duration) -> (Arriving, Arc<Progress>) {
        let progress = Arc::new(Progress { open: (!incoming.is_end_stream()).into(), ..Progress::default() });
        let body = Arriving {
            incoming,
            pause,
            since: None,
            alarm: Alarm::default(),
            progress: Arc::clone(&progress),
        };
        (body, progress)
    }
}

impl Body for Arriving {
    type Data = Bytes;
    type Error = Failure;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Failure>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.incoming).poll_frame(cx) {
            self.since = None;
            if frame.is_none() || self.incoming.is_end_stream() {
                self.progress.open.store(false, Ordering::Release);
            }
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let since = *self.since.get_or_insert_with(Instant::now);
        let deadline = since + self.pause;
        if self.alarm.rings(deadline, cx) {
            self.progress.stopped.store(true, Ordering::Release);
            let slow = io::Error::new(io::ErrorKind::TimedOut, "the request's body stopped arriving");
            return Poll::Ready(Some(Err(slow.into())));
        }
        Poll::Pending
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.size_hint()
    }
}

/// The body of an answer; when it is done with, the connection is silent and the log has its line.
pub(super) struct Reply {
    content: Content,
    line: Arc<Line>,
    visit: Option<Box<Visit>>,
    collecting: Option<Collecting>,
}

/// Reads along with a body that is to be kept.
struct Collecting {
    bytes: BytesMut,
    expected: usize,
    keep: Keep,
}

/// What to do with a body that has gone out whole.
pub(super) type Keep = Box<dyn FnOnce(Bytes) + Send + Sync>;

enum Content {
    Whole(Bytes),
    Flow(axum::body::Body),
}

impl Reply {
    pub(super) fn whole(bytes: Bytes, line: Arc<Line>, visit: Option<Box<Visit>>) -> Reply {
        Reply { content: Content::Whole(bytes), line, visit, collecting: None }
    }

    pub(super) fn flow(body: axum::body::Body, line: Arc<Line>, visit: Option<Box<Visit>>) -> Reply {
        Reply { content: Content::Flow(body), line, visit, collecting: None }
    }

    /// Hands over all bytes of the body, if it turns out to be as long as expected.
    pub(super) fn keeping(mut self, expected: usize, keep: Keep) -> Reply {
        self.collecting = Some(Collecting { bytes: BytesMut::with_capacity(expected), expected, keep });
        self
    }

    fn sent(&mut self, bytes: &Bytes) {
        if let Some(visit) = &mut self.visit {
            visit.bytes += bytes.len() as u64;
        }
        if let Some(collecting) = &mut self.collecting {
            collecting.bytes.extend_from_slice(bytes);
        }
    }

    /// hyper asks for no frame after the length that was announced.
    fn is_complete(&self) -> bool {
        self.collecting.as_ref().is_some_and(|collecting| collecting.bytes.len() == collecting.expected)
    }

    fn whole_was_sent(&mut self) {
        if let Some(Collecting { bytes, expected, keep }) = self.collecting.take()
            && bytes.len() == expected
        {
            keep(bytes.freeze());
        }
    }
}

impl Body for Reply {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = match &mut self.content {
            Content::Whole(bytes) if bytes.is_empty() => None,
            Content::Whole(bytes) => Some(Ok(Frame::data(std::mem::take(bytes)))),
            Content::Flow(body) => std::task::ready!(Pin::new(body).poll_frame(cx)),
        };
        if let Some(data) = frame.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref()) {
            let data = data.clone();
            self.sent(&data);
        }
        let ended = match &frame {
            None => true,
            Some(Ok(_)) => self.is_end_stream() || self.is_complete(),
            Some(Err(_)) => false,
        };
        if ended {
            self.whole_was_sent();
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        match &self.content {
            Content::Whole(bytes) => bytes.is_empty(),
            Content::Flow(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.content {
            Content::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Content::Flow(body) => body.size_hint(),
        }
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        self.line.silent();
        if let Some(visit) = self.visit.take() {
            visit.log();
        }
    }
}
