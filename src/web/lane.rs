//! The shortest way from a request to a page in memory: no router, no map of headers, one read and one
//! write. What is not as simple as that is hyper's, with everything that has been read so far; hyper
//! keeps the connection from there on.

use std::io::{self, IoSlice};

use bytes::{Buf, Bytes, BytesMut};
use hyper::StatusCode;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::watch;

use super::address::{Address, right_address};
use super::answer::{Desk, known_form};
use super::conditional::{Accepts, Coding};
use super::log::Visit;
use super::metrics::Route;
use crate::app::{Tally, Visit as Counted};
use crate::cache::{CachedPage, write_head};
use crate::clock::Time;

/// Heads are short; what is longer than this grows the buffer once.
const BUFFER: usize = 2 << 10;
/// A head that is longer is read by hyper, which looks at no byte twice and refuses what is too long.
const LONGEST: usize = 4 << 10;
/// More header lines than browsers and proxies send.
const LINES: usize = 48;

/// Answers from memory for as long as that is all that is asked for. `None`: the connection has ended;
/// else what was read and is not answered.
pub(super) async fn run<S>(desk: &Desk, stream: &mut S, waking: &mut watch::Receiver<()>) -> Option<Bytes>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut read = BytesMut::with_capacity(BUFFER);
    let mut head = Vec::with_capacity(BUFFER);
    loop {
        head.clear();
        match desk.quick(&read, &mut head) {
            Step::Answer { length, body } => {
                read.advance(length);
                let sent = write(stream, &head, &body).await;
                desk.line.silent();
                sent.ok()?;
            }
            Step::Leave => return Some(read.freeze()),
            Step::More => {
                if !read.is_empty() {
                    desk.line.begun();
                }
                // Where all was answered this begins at the front again and costs nothing.
                read.reserve(BUFFER / 2);
                // Polled once more, a silent connection sees that the server stops.
                let came = loop {
                    tokio::select! {
                        biased;
                        came = stream.read_buf(&mut read) => break came,
                        Ok(()) = waking.changed() => {}
                    }
                };
                match came {
                    Ok(0) if read.is_empty() => {
                        let _ = stream.shutdown().await;
                        return None;
                    }
                    Ok(0) => return Some(read.freeze()),
                    Ok(_) => {}
                    Err(error) => {
                        tracing::debug!(%error, "connection ended");
                        return None;
                    }
                }
            }
        }
    }
}

/// What becomes of the bytes that have come.
enum Step {
    /// The head that took the first `length` bytes is answered.
    Answer { length: usize, body: Bytes },
    /// No whole head yet.
    More,
    /// Not for this lane.
    Leave,
}

/// A request that this lane understands.
struct Asked<'a> {
    head_only: bool,
    target: &'a str,
    host: Option<&'a str>,
    proto: Option<&'a str>,
    encodings: Option<&'a str>,
    known: Option<&'a [u8]>,
}

impl Desk {
    /// Looks at what has come, and writes the head of the answer, if that is in memory.
    fn quick(&self, read: &[u8], head: &mut Vec<u8>) -> Step {
        if read.is_empty() {
            return Step::More;
        }
        let mut lines = [httparse::EMPTY_HEADER; LINES];
        let mut request = httparse::Request::new(&mut lines);
        let length = match request.parse(read) {
            Ok(httparse::Status::Complete(length)) => length,
            Ok(httparse::Status::Partial) if read.len() < LONGEST => return Step::More,
            _ => return Step::Leave,
        };
        let answered = Asked::of(&request).and_then(|asked| self.page_for(&asked, request.headers, head));
        answered.map_or(Step::Leave, |body| Step::Answer { length, body })
    }

    fn page_for<'a>(
        &self,
        asked: &Asked<'a>,
        lines: &[httparse::Header<'a>],
        head: &mut Vec<u8>,
    ) -> Option<Bytes> {
        let shared = &self.shared;
        // What needs a word of its own is hyper's: a node asked directly, a stop, a log of hits.
        let proto = asked.proto.filter(|_| shared.proxies.trusts(self.peer));
        let right = right_address(asked.host, proto, &shared.origin) == Address::Right;
        if !right || shared.stopping.get().is_some() || (shared.log_hits && Visit::is_logged()) {
            return None;
        }
        let page = shared.pages.look(asked.target)?;
        self.line.busy();
        let (status, body) = write_answer(&page, asked, head);
        shared.metrics.hit(Route::Page, status);
        if !asked.head_only && Tally::counts(page.status.as_u16()) {
            shared.tally.note(&visit(asked.target, page.status, lines, shared.clock.now()));
        }
        head.extend_from_slice(b"date: ");
        head.extend_from_slice(date(shared.clock.now().0 / 1_000).as_ref());
        head.extend_from_slice(b"\r\n\r\n");
        Some(body)
    }
}

impl<'a> Asked<'a> {
    /// `None` for everything that has a body, changes the connection, or stands twice.
    fn of(request: &httparse::Request<'_, 'a>) -> Option<Asked<'a>> {
        let head_only = match request.method? {
            "GET" => false,
            "HEAD" => true,
            _ => return None,
        };
        let target = request.path.filter(|target| target.starts_with('/') && !target.contains('#'))?;
        if request.version != Some(1) {
            return None;
        }
        let mut asked = Asked { head_only, target, host: None, proto: None, encodings: None, known: None };
        for line in &*request.headers {
            asked.note(line)?;
        }
        asked.host.is_some().then_some(asked)
    }

    /// `None` for a line that this lane doesn't understand.
    fn note(&mut self, line: &httparse::Header<'a>) -> Option<()> {
        let is = |name: &str| line.name.eq_ignore_ascii_case(name);
        let text = || std::str::from_utf8(line.value).ok();
        // By length first: most lines are none of these.
        match line.name.len() {
            4 if is("host") => once(&mut self.host, text()?),
            15 if is("accept-encoding") => once(&mut self.encodings, text()?),
            13 if is("if-none-match") => once(&mut self.known, line.value),
            17 if is("x-forwarded-proto") => {
                once(&mut self.proto, text()?.rsplit(',').next().unwrap_or_default().trim())
            }
            10 if is("connection") => line.value.eq_ignore_ascii_case(b"keep-alive").then_some(()),
            _ => (!BEYOND.iter().any(|name| is(name))).then_some(()),
        }
    }
}

/// A visit to what is no page. Its headers are looked at only now: pages have no use for them.
fn visit<'a>(target: &'a str, status: StatusCode, lines: &[httparse::Header<'a>], at: Time) -> Counted<'a> {
    let header = |name: &str| {
        let line = lines.iter().find(|line| line.name.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(line.value).ok()
    };
    let path = target.split('?').next().unwrap_or_default();
    Counted { status: status.as_u16(), path, agent: header("user-agent"), referrer: header("referer"), at }
}

/// `None` for what stands twice.
fn once<T>(slot: &mut Option<T>, value: T) -> Option<()> {
    slot.replace(value).is_none().then_some(())
}

/// Lines that announce a body or another protocol.
const BEYOND: [&str; 5] = ["content-length", "transfer-encoding", "expect", "upgrade", "trailer"];

/// Writes status and headers, and gives the body.
fn write_answer(page: &CachedPage, asked: &Asked<'_>, head: &mut Vec<u8>) -> (StatusCode, Bytes) {
    let accepts = asked.encodings.map_or_else(Accepts::default, |line| Accepts::of_lines([line]));
    let variant = match accepts.best(page.br.is_some(), page.gzip.is_some()) {
        Coding::Br => page.br.as_ref(),
        Coding::Gzip => page.gzip.as_ref(),
        Coding::Identity => None,
    };
    let variant = variant.unwrap_or(&page.identity);
    if let Some(known) = asked.known.and_then(|list| known_form(page, variant, accepts, &[list])) {
        write_head(StatusCode::NOT_MODIFIED, &known, head);
        return (StatusCode::NOT_MODIFIED, Bytes::new());
    }
    head.extend_from_slice(&variant.head);
    (page.status, if asked.head_only { Bytes::new() } else { variant.body.clone() })
}

/// The present second, as `Date` has it; written anew when it is another.
fn date(second: i64) -> [u8; 29] {
    thread_local! {
        static LAST: std::cell::Cell<(i64, [u8; 29])> = const { std::cell::Cell::new((i64::MIN, [b' '; 29])) };
    }
    let (last, text) = LAST.get();
    if last == second {
        return text;
    }
    let mut text = [b' '; 29];
    let written = crate::clock::Time(second.saturating_mul(1_000)).http_date();
    let length = written.len().min(text.len());
    text[..length].copy_from_slice(&written.as_bytes()[..length]);
    LAST.set((second, text));
    text
}

/// Head and body in one call, as far as the socket takes them.
async fn write<S: AsyncWrite + Unpin>(stream: &mut S, head: &[u8], body: &[u8]) -> io::Result<()> {
    let mut sent = 0;
    while sent < head.len() {
        let count = stream.write_vectored(&[IoSlice::new(&head[sent..]), IoSlice::new(body)]).await?;
        if count == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        sent += count;
    }
    stream.write_all(&body[sent - head.len()..]).await
}
