//! A page as bytes, ready to go out in either encoding.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use hyper::StatusCode;
use hyper::header::{self, HeaderMap, HeaderValue};
use sha2::{Digest, Sha256};

use super::packing::{brotli, gzip, gzip_quickly};
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
    /// Absent where compressing gains nothing. Made at once and quickly, later as small as it gets.
    pub gzip: Option<Variant>,
    /// Absent until it has been made in the background.
    pub br: Option<Variant>,
    /// The tag of the gzip form that the present one took the place of: who has that one has the page.
    pub quick: Option<HeaderValue>,
    pub tags: Vec<Tag>,
    pub rendered_from: i64,
    pub stored_at: Time,
    pub fresh_until: Time,
    /// Nobody has to ask any more for its smallest forms.
    settled: AtomicBool,
}

/// One encoding of a page, with its complete headers.
#[derive(Debug, Clone)]
pub struct Variant {
    /// Strong; only of a 200, since nothing else is revalidated.
    pub etag: Option<HeaderValue>,
    pub headers: HeaderMap,
    /// Status line and headers as they stand on the wire, all but `Date`.
    pub head: Bytes,
    pub body: Bytes,
}

impl CachedPage {
    /// Compresses the body quickly and writes the headers of both encodings, once.
    pub fn new(rendered: Rendered, now: Time, fresh_for: Duration) -> CachedPage {
        let Rendered { status, mut headers, body, tags, rendered_from } = rendered;
        headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
        let hash = (status == StatusCode::OK).then(|| hash(&body));
        let packed = (body.len() >= WORTH_PACKING).then(|| Bytes::from(gzip_quickly(&body)));
        let gzip = packed
            .filter(|packed| packed.len() < body.len())
            .map(|packed| Variant::new(status, &headers, packed, hash.as_deref(), Some(("gzip", "gz"))));
        let lasts = i64::try_from(fresh_for.as_millis()).unwrap_or(i64::MAX);
        CachedPage {
            status,
            identity: Variant::new(status, &headers, body, hash.as_deref(), None),
            // Redirects and pages of errors are small, or asked for once.
            settled: (gzip.is_none() || status != StatusCode::OK).into(),
            gzip,
            br: None,
            quick: None,
            tags,
            rendered_from,
            stored_at: now,
            fresh_until: Time(now.0.saturating_add(lasts)),
        }
    }

    /// Whether this is the first time that somebody misses its smallest forms.
    pub(super) fn wants_packing(&self) -> bool {
        !self.settled.load(Ordering::Relaxed) && !self.settled.swap(true, Ordering::Relaxed)
    }

    /// There was no room for it where it would wait: the next time is the first again.
    pub(super) fn wait_again(&self) {
        self.settled.store(false, Ordering::Relaxed);
    }

    /// The same page with its smallest forms, which take milliseconds to make.
    pub(super) fn packed(&self) -> CachedPage {
        let plain = &self.identity;
        let tag = plain.etag.as_ref().and_then(|etag| etag.to_str().ok());
        let hash = tag.map(|tag| tag.trim_matches('"'));
        let smaller = |packed: Vec<u8>, coding, than: usize| {
            let fits = packed.len() < than;
            fits.then(|| {
                Variant::new(self.status, &plain.headers, packed.into(), hash, Some((coding, coding)))
            })
        };
        let quick = self.gzip.as_ref().map_or(plain.body.len(), |quick| quick.body.len());
        let gzip = smaller(gzip(&plain.body), "gzip", quick);
        let best = gzip.as_ref().map_or(quick, |gzip| gzip.body.len());
        let br = smaller(brotli(&plain.body), "br", best);
        let quick = self.gzip.as_ref().filter(|_| gzip.is_some()).and_then(|quick| quick.etag.clone());
        CachedPage {
            status: self.status,
            identity: self.identity.clone(),
            gzip: gzip.or_else(|| self.gzip.clone()),
            br,
            quick,
            tags: self.tags.clone(),
            rendered_from: self.rendered_from,
            stored_at: self.stored_at,
            fresh_until: self.fresh_until,
            settled: true.into(),
        }
    }

    /// About how much memory it takes.
    pub(super) fn bytes(&self) -> usize {
        const OWN: usize = 512;
        const A_TAG: usize = 160;
        let forms = [Some(&self.identity), self.gzip.as_ref(), self.br.as_ref()];
        forms.into_iter().flatten().map(Variant::bytes).sum::<usize>() + OWN + self.tags.len() * A_TAG
    }
}

impl Variant {
    /// `coding` is its name in `Content-Encoding` and in the tag.
    fn new(
        status: StatusCode,
        headers: &HeaderMap,
        body: Bytes,
        hash: Option<&str>,
        coding: Option<(&'static str, &str)>,
    ) -> Variant {
        let mut headers = headers.clone();
        let etag = hash.map(|hash| etag(hash, coding.map(|(_, mark)| mark)));
        if let Some(etag) = &etag {
            headers.insert(header::ETAG, etag.clone());
        }
        if let Some((coding, _)) = coding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
        let mut head = Vec::with_capacity(1_024);
        write_head(status, &headers, &mut head);
        // Copies have no room to grow, which would double what they take.
        Variant { etag, headers: headers.clone(), head: Bytes::copy_from_slice(&head), body }
    }

    /// The headers of a 304: the same without those that describe the body.
    pub fn not_modified(&self) -> HeaderMap {
        let mut headers = self.headers.clone();
        for name in
            [header::CONTENT_TYPE, header::CONTENT_LANGUAGE, header::CONTENT_ENCODING, header::CONTENT_LENGTH]
        {
            headers.remove(name);
        }
        headers
    }

    fn bytes(&self) -> usize {
        // What a map takes for a header, its index and a value of its own.
        const A_HEADER: usize = 128;
        self.body.len() + self.head.len() + self.headers.len() * A_HEADER
    }
}

/// Status line and headers as they stand on the wire (RFC 9112, 4 and 5).
pub(crate) fn write_head(status: StatusCode, headers: &HeaderMap, head: &mut Vec<u8>) {
    head.extend_from_slice(b"HTTP/1.1 ");
    head.extend_from_slice(status.as_str().as_bytes());
    head.push(b' ');
    head.extend_from_slice(status.canonical_reason().unwrap_or_default().as_bytes());
    head.extend_from_slice(b"\r\n");
    for (name, value) in headers {
        head.extend_from_slice(name.as_str().as_bytes());
        head.extend_from_slice(b": ");
        head.extend_from_slice(value.as_bytes());
        head.extend_from_slice(b"\r\n");
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
