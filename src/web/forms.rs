//! Bytes in memory that go out in the form a client takes: plain, gzip or brotli, each made once, when
//! it is first asked for.

use std::sync::OnceLock;

use bytes::Bytes;
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Method, StatusCode};

use super::conditional::{Accepts, Coding, has_tag};
use crate::cache;

/// An answer that is all there.
pub type Whole = (StatusCode, HeaderMap, Bytes);

/// A file of the site with its forms.
pub struct Forms {
    hash: String,
    plain: Form,
    gzip: OnceLock<Option<Form>>,
    br: OnceLock<Option<Form>>,
    compresses: bool,
}

struct Form {
    etag: HeaderValue,
    headers: HeaderMap,
    body: Bytes,
}

impl Forms {
    /// `hash` names the bytes; `headers` are all but those that follow from the form.
    pub fn new(hash: &str, mut headers: HeaderMap, body: Bytes) -> Forms {
        let compresses = headers.get(header::CONTENT_TYPE).is_some_and(compresses);
        if compresses {
            headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        }
        Forms {
            hash: hash.to_owned(),
            plain: Form::new(hash, headers, body, None),
            gzip: OnceLock::new(),
            br: OnceLock::new(),
            compresses,
        }
    }

    /// The answer for a client; `None` where its form has yet to be made, which takes milliseconds.
    pub fn ready(&self, method: &Method, request: &HeaderMap) -> Option<Whole> {
        if !self.compresses {
            return Some(self.plain.answer(method, request));
        }
        let accepts = Accepts::of(request);
        let gzip = if accepts.takes(Coding::Gzip) { self.gzip.get()?.as_ref() } else { None };
        let br = if accepts.takes(Coding::Br) { self.br.get()?.as_ref() } else { None };
        let form = match accepts.best(br.is_some(), gzip.is_some()) {
            Coding::Br => br,
            Coding::Gzip => gzip,
            Coding::Identity => None,
        };
        Some(form.unwrap_or(&self.plain).answer(method, request))
    }

    /// The answer for a client, made if need be.
    pub fn answer(&self, method: &Method, request: &HeaderMap) -> Whole {
        if let Some(ready) = self.ready(method, request) {
            return ready;
        }
        self.pack();
        self.ready(method, request).unwrap_or_else(|| self.plain.answer(method, request))
    }

    /// Makes the compressed forms, where they are smaller.
    fn pack(&self) {
        let (plain, hash) = (&self.plain, &self.hash);
        let gzip = self.gzip.get_or_init(|| plain.packed(hash, "gzip", cache::gzip(&plain.body)));
        let smallest = gzip.as_ref().unwrap_or(plain);
        let br = || {
            plain
                .packed(hash, "br", cache::brotli(&plain.body))
                .filter(|br| br.body.len() < smallest.body.len())
        };
        self.br.get_or_init(br);
    }
}

impl Form {
    fn new(hash: &str, mut headers: HeaderMap, body: Bytes, coding: Option<&'static str>) -> Form {
        let suffix = coding.map(|coding| format!("-{coding}")).unwrap_or_default();
        let etag = HeaderValue::try_from(format!("\"{hash}{suffix}\"")).expect("digits and letters");
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
        headers.insert(header::ETAG, etag.clone());
        if let Some(coding) = coding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        Form { etag, headers, body }
    }

    fn packed(&self, hash: &str, coding: &'static str, packed: Vec<u8>) -> Option<Form> {
        let smaller = packed.len() < self.body.len();
        smaller.then(|| Form::new(hash, self.headers.clone(), packed.into(), Some(coding)))
    }

    fn answer(&self, method: &Method, request: &HeaderMap) -> Whole {
        let mut headers = self.headers.clone();
        if has_tag(request, &self.etag) {
            for name in [header::CONTENT_LENGTH, header::CONTENT_ENCODING, header::CONTENT_TYPE] {
                headers.remove(name);
            }
            return (StatusCode::NOT_MODIFIED, headers, Bytes::new());
        }
        let body = if *method == Method::HEAD { Bytes::new() } else { self.body.clone() };
        (StatusCode::OK, headers, body)
    }
}

/// Whether bytes of this type are text; pictures and fonts are compressed already.
fn compresses(content_type: &HeaderValue) -> bool {
    let text = content_type.to_str().unwrap_or_default();
    text.starts_with("text/") || text.contains("json") || text.contains("xml") || text == "image/x-icon"
}
