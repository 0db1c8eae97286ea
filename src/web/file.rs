//! Files from disk, streamed: sitemaps, feeds, media.

use std::fs::Metadata;
use std::io::{self, Write};
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::UNIX_EPOCH;

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use flate2::write::MultiGzDecoder;
use hyper::body::Frame;
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Method, StatusCode};
use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncSeekExt, ReadBuf, Take};

use super::conditional::{not_modified, wants_gzip};
use super::headers::CachePolicy;
use crate::clock::Time;
use crate::error::{Error, Result};

const CHUNK: usize = 64 << 10;
/// Of compressed input: gzip turns one byte into 1,032 at most, so a step stays under 9 MB.
const PACKED_CHUNK: usize = 8 << 10;

/// How a file lies on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    Plain,
    /// Compressed, and sent so to whom takes it; others get it unpacked on the way.
    Gzip,
}

/// A file to be answered with.
#[derive(Debug, Clone)]
pub struct FileAnswer<'a> {
    pub path: &'a Path,
    pub content_type: &'static str,
    pub stored: Stored,
    /// The hash of its content where it is known; else time and size tell versions apart.
    pub hash: Option<&'a str>,
    pub policy: CachePolicy,
}

impl FileAnswer<'_> {
    /// Answers `GET` and `HEAD` with the file, 304, or a single range of a plain file (RFC 9110, 14).
    ///
    /// # Errors
    /// `Error::NotFound` where there is no such file; `Error::Internal` where it can't be read.
    pub async fn respond(&self, method: &Method, request: &HeaderMap) -> Result<Response> {
        let mut file = open(self.path).await?;
        // Of the open file, so that a newer one under the same name changes nothing any more.
        let about = file.metadata().await?;
        if !about.is_file() {
            return Err(Error::NotFound);
        }
        let sent = match self.stored {
            Stored::Plain => Sent::Plain,
            Stored::Gzip if wants_gzip(request) => Sent::Gzip,
            Stored::Gzip => Sent::Unpacked,
        };
        let (modified, etag, size) = (modified(&about), self.etag(&about, sent), about.len());
        let mut headers = self.headers(&etag, modified);
        if not_modified(request, &etag, modified) {
            return Ok(answer(StatusCode::NOT_MODIFIED, headers, Body::empty()));
        }
        let asked = match sent {
            Sent::Plain => range(method, request, &etag, modified, size),
            Sent::Gzip | Sent::Unpacked => Asked::Whole,
        };
        let (status, from, length) = match asked {
            Asked::Whole => (StatusCode::OK, 0, size),
            Asked::Part { from, length } => (StatusCode::PARTIAL_CONTENT, from, length),
            Asked::Beyond => return Ok(beyond(size)),
        };
        self.describe_body(&mut headers, sent, &asked, size);
        if *method == Method::HEAD {
            return Ok(answer(status, headers, Body::empty()));
        }
        if from > 0 {
            file.seek(io::SeekFrom::Start(from)).await?;
        }
        let body = match sent {
            Sent::Unpacked => Body::new(Unpacking::new(file)),
            Sent::Plain | Sent::Gzip => Body::new(Reading::new(file.take(length))),
        };
        Ok(answer(status, headers, body))
    }

    /// The headers that a 304 has as well.
    fn headers(&self, etag: &HeaderValue, modified: Option<Time>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        self.policy.write(StatusCode::OK, &mut headers);
        headers.insert(header::ETAG, etag.clone());
        if let Some(modified) = modified {
            headers.insert(header::LAST_MODIFIED, value(modified.http_date()));
        }
        if self.stored == Stored::Gzip {
            headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        }
        headers
    }

    fn describe_body(&self, headers: &mut HeaderMap, sent: Sent, asked: &Asked, size: u64) {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        match sent {
            Sent::Plain => headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes")),
            Sent::Gzip => headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip")),
            // How long it becomes is known only at its end.
            Sent::Unpacked => return,
        };
        let mut length = size;
        if let Asked::Part { from, length: part } = *asked {
            length = part;
            headers.insert(header::CONTENT_RANGE, value(format!("bytes {from}-{}/{size}", from + part - 1)));
            // nginx would take the part for the whole.
            headers.remove(super::headers::PUBLIC_MARK);
        }
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }

    fn etag(&self, about: &Metadata, sent: Sent) -> HeaderValue {
        let version = match self.hash {
            Some(hash) => hash.to_owned(),
            None => {
                let since = about.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
                format!("{:x}-{:x}", since.unwrap_or_default().as_nanos(), about.len())
            }
        };
        let coding = if sent == Sent::Gzip { "-gzip" } else { "" };
        value(format!("\"{version}{coding}\""))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sent {
    Plain,
    Gzip,
    Unpacked,
}

async fn open(path: &Path) -> Result<File> {
    use io::ErrorKind::{InvalidFilename, InvalidInput, IsADirectory, NotADirectory, NotFound};
    File::open(path).await.map_err(|error| match error.kind() {
        NotFound | NotADirectory | IsADirectory | InvalidFilename | InvalidInput => Error::NotFound,
        _ => Error::internal(format!("{}: {error}", path.display())),
    })
}

fn modified(about: &Metadata) -> Option<Time> {
    let since = about.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(Time(i64::try_from(since.as_millis()).ok()?))
}

fn value(text: String) -> HeaderValue {
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

fn answer(status: StatusCode, headers: HeaderMap, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

fn beyond(size: u64) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_RANGE, value(format!("bytes */{size}")));
    answer(StatusCode::RANGE_NOT_SATISFIABLE, headers, Body::empty())
}

#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Whole,
    Part { from: u64, length: u64 },
    Beyond,
}

/// What `Range` asks for. Several ranges, other units and nonsense are answered with the whole, as
/// RFC 9110, 14.2 lets us; so is a range of a version that is no more (`If-Range`).
fn range(
    method: &Method,
    request: &HeaderMap,
    etag: &HeaderValue,
    modified: Option<Time>,
    size: u64,
) -> Asked {
    let text = request.get(header::RANGE).and_then(|value| value.to_str().ok());
    let Some(text) = text.filter(|_| *method == Method::GET) else { return Asked::Whole };
    if let Some(version) = request.get(header::IF_RANGE) {
        let same_time = modified.is_some_and(|at| version.as_bytes() == at.http_date().as_bytes());
        if version != etag && !same_time {
            return Asked::Whole;
        }
    }
    let Some((first, last)) = text.strip_prefix("bytes=").and_then(|text| text.trim().split_once('-')) else {
        return Asked::Whole;
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(first) || !digits(last) {
        return Asked::Whole;
    }
    let (from, end) = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(from), Ok(last)) if last < from => return Asked::Whole,
        (Ok(from), Ok(last)) => (from, last.saturating_add(1).min(size)),
        (Ok(from), Err(_)) if last.is_empty() => (from, size),
        (Err(_), Ok(length)) if first.is_empty() => (size.saturating_sub(length), size),
        _ => return Asked::Whole,
    };
    if from >= end { Asked::Beyond } else { Asked::Part { from, length: end - from } }
}

/// A file in steps. When it turns out shorter than announced, hyper ends the connection.
struct Reading {
    file: Take<File>,
    buffer: Vec<u8>,
}

impl Reading {
    fn new(file: Take<File>) -> Reading {
        let most = usize::try_from(file.limit()).unwrap_or(CHUNK).clamp(1, CHUNK);
        Reading { file, buffer: vec![0; most] }
    }
}

impl hyper::body::Body for Reading {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let Reading { file, buffer } = &mut *self;
        let read = ready!(read(file, buffer, cx));
        Poll::Ready(
            read.map(|bytes| (!bytes.is_empty()).then(|| Frame::data(Bytes::copy_from_slice(bytes))))
                .transpose(),
        )
    }
}

/// A compressed file, unpacked in steps.
struct Unpacking {
    file: File,
    buffer: Vec<u8>,
    decoder: Option<MultiGzDecoder<Vec<u8>>>,
}

impl Unpacking {
    fn new(file: File) -> Unpacking {
        Unpacking { file, buffer: vec![0; PACKED_CHUNK], decoder: Some(MultiGzDecoder::new(Vec::new())) }
    }

    /// Takes in a step, of which the last is empty; gives what has been unpacked by then.
    fn step(decoder: &mut Option<MultiGzDecoder<Vec<u8>>>, packed: &[u8]) -> io::Result<Vec<u8>> {
        let Some(unpacker) = decoder else { return Ok(Vec::new()) };
        if !packed.is_empty() {
            unpacker.write_all(packed)?;
            return Ok(std::mem::take(unpacker.get_mut()));
        }
        decoder.take().map_or_else(|| Ok(Vec::new()), MultiGzDecoder::finish)
    }
}

impl hyper::body::Body for Unpacking {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let Unpacking { file, buffer, decoder } = &mut *self;
        while decoder.is_some() {
            let packed = match ready!(read(file, buffer, cx)) {
                Ok(packed) => packed,
                Err(error) => return Poll::Ready(Some(Err(error))),
            };
            match Unpacking::step(decoder, packed) {
                Ok(plain) if plain.is_empty() => {}
                Ok(plain) => return Poll::Ready(Some(Ok(Frame::data(Bytes::from(plain))))),
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
        Poll::Ready(None)
    }
}

fn read<'b>(
    file: &mut (impl AsyncRead + Unpin),
    buffer: &'b mut [u8],
    cx: &mut Context<'_>,
) -> Poll<io::Result<&'b [u8]>> {
    let mut target = ReadBuf::new(buffer);
    ready!(Pin::new(file).poll_read(cx, &mut target))?;
    let length = target.filled().len();
    Poll::Ready(Ok(&buffer[..length]))
}

#[cfg(test)]
mod tests;
