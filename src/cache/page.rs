//! A page as bytes, ready to go out in either encoding.

use std::fmt;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::StatusCode;
use hyper::header::{self, HeaderMap, HeaderValue};
use sha2::{Digest, Sha256};

use crate::clock::Time;

/// Below this many bytes an answer fits one packet either way, and is not compressed.
const WORTH_PACKING: usize = 256;

/// A name a page was rendered from: `entry:42`, `type:place`, `menu`, `site`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tag(Arc<str>);

impl Tag {
    pub fn new(name: impl AsRef<str>) -> Tag {
        Tag(Arc::from(name.as_ref()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a render gives.
#[derive(Debug, Clone)]
pub struct Rendered {
    pub status: StatusCode,
    /// All headers but those that follow from the body: length, encoding, `ETag`, `Vary`.
    pub headers: HeaderMap,
    pub body: Bytes,
    pub tags: Vec<Tag>,
    /// The change sequence read before anything else of the page was read.
    pub rendered_from: i64,
}

/// A page as it is kept and sent.
#[derive(Debug)]
pub struct CachedPage {
    pub status: StatusCode,
    pub identity: Variant,
    /// Absent where compressing gains nothing.
    pub gzip: Option<Variant>,
    pub tags: Vec<Tag>,
    pub rendered_from: i64,
    pub stored_at: Time,
    pub fresh_until: Time,
}

/// One encoding of a page, with its complete headers.
#[derive(Debug)]
pub struct Variant {
    /// Strong; only of a 200, since nothing else is revalidated.
    pub etag: Option<HeaderValue>,
    pub headers: HeaderMap,
    /// The headers of a 304: the same without those that describe the body.
    pub not_modified: HeaderMap,
    pub body: Bytes,
}

impl CachedPage {
    /// Compresses the body and writes the headers of both encodings, once.
    pub fn new(rendered: Rendered, now: Time, fresh_for: Duration) -> CachedPage {
        let Rendered { status, mut headers, body, tags, rendered_from } = rendered;
        headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
        let hash = (status == StatusCode::OK).then(|| hash(&body));
        let packed = (body.len() >= WORTH_PACKING).then(|| Bytes::from(gzip(&body)));
        let gzip = packed
            .filter(|packed| packed.len() < body.len())
            .map(|packed| Variant::new(headers.clone(), packed, hash.as_deref(), Some("gzip")));
        let lasts = i64::try_from(fresh_for.as_millis()).unwrap_or(i64::MAX);
        CachedPage {
            status,
            identity: Variant::new(headers, body, hash.as_deref(), None),
            gzip,
            tags,
            rendered_from,
            stored_at: now,
            fresh_until: Time(now.0.saturating_add(lasts)),
        }
    }

    /// About how much memory it takes.
    pub(super) fn bytes(&self) -> usize {
        const HEADERS: usize = 2_048;
        const A_TAG: usize = 160;
        let gzip = self.gzip.as_ref().map_or(0, |variant| variant.body.len() + HEADERS);
        self.identity.body.len() + HEADERS + gzip + self.tags.len() * A_TAG
    }
}

impl Variant {
    fn new(mut headers: HeaderMap, body: Bytes, hash: Option<&str>, coding: Option<&'static str>) -> Variant {
        let etag = hash.map(|hash| etag(hash, coding));
        if let Some(etag) = &etag {
            headers.insert(header::ETAG, etag.clone());
        }
        let mut not_modified = headers.clone();
        not_modified.remove(header::CONTENT_TYPE);
        not_modified.remove(header::CONTENT_LANGUAGE);
        if let Some(coding) = coding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
        Variant { etag, headers, not_modified, body }
    }
}

/// A strong tag names bytes, so each encoding has its own (RFC 9110, 8.8.3).
fn etag(hash: &str, coding: Option<&str>) -> HeaderValue {
    let text = match coding {
        Some(coding) => format!("\"{hash}-{coding}\""),
        None => format!("\"{hash}\""),
    };
    HeaderValue::try_from(text).expect("hexadecimal digits make a header value")
}

/// The first 16 bytes of the SHA-256, in hexadecimal.
pub(crate) fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes)[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Gzip at level 6, without a time in its header, so that equal pages give equal bytes.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4 + 64), Compression::new(6));
    encoder.write_all(bytes).expect("a vector takes all bytes");
    encoder.finish().expect("a vector takes all bytes")
}
