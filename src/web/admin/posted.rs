//! A form as it came: names and values, in their order.

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use hyper::header::{self, HeaderMap};
use url::form_urlencoded;

use super::failure::Failure;
use crate::error::{Error, Result};
use crate::web::Web;

/// Bytes of the largest form, as the server's own limit has it (SECURITY T21).
pub const MOST_BYTES: usize = 1 << 20;
/// Fields of the largest form. SECURITY T21 asks for 500, but a gallery of 200 pictures has more.
pub const MOST_FIELDS: usize = 2_000;

/// The fields of a form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Posted(pub Vec<(String, String)>);

impl Posted {
    /// `None` where there are more fields than any form has.
    pub fn parse(body: &[u8]) -> Option<Posted> {
        let fields: Vec<(String, String)> = form_urlencoded::parse(body)
            .take(MOST_FIELDS + 1)
            // Browsers send line breaks as CR LF (HTML, 4.10.21).
            .map(|(name, value)| (name.into_owned(), value.replace("\r\n", "\n")))
            .collect();
        (fields.len() <= MOST_FIELDS).then_some(Posted(fields))
    }

    /// The value of a field; empty without it.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// Takes a field out of the form.
    pub fn take(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.remove(at).1)
    }

    /// As a body has it.
    pub fn encode(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }

    /// The value of a field in place of what it had.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    /// A number; `None` where it is none.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.get(name).trim().parse().ok()
    }
}

/// Whether a body is a form without files.
pub fn is_form(headers: &HeaderMap) -> bool {
    is_of(headers, "application/x-www-form-urlencoded")
}

/// Whether a body is a form that may bring files along.
pub fn is_multipart(headers: &HeaderMap) -> bool {
    is_of(headers, "multipart/form-data")
}

fn is_of(headers: &HeaderMap, wanted: &str) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(wanted))
}

impl FromRequest<Web> for Posted {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &Web) -> Result<Posted, Failure> {
        let (parts, body) = request.into_parts();
        let read = async {
            if !is_form(&parts.headers) {
                return Err(Error::field("form", "a form is right"));
            }
            let body = to_bytes(body, MOST_BYTES).await.map_err(|_| Error::field("form", "is too large"))?;
            Posted::parse(&body).ok_or_else(|| Error::field("form", "has too many fields"))
        };
        read.await.map_err(Failure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_with_its_line_breaks() {
        let posted = Posted::parse(b"title=A+b&body=one%0D%0Atwo&x=").unwrap();
        assert_eq!((posted.get("title"), posted.get("body"), posted.get("none")), ("A b", "one\ntwo", ""));
        assert!(posted.has("x") && !posted.has("y"));
    }

    #[test]
    fn more_fields_than_any_form_has_are_refused() {
        assert!(Posted::parse("a=1&".repeat(MOST_FIELDS).as_bytes()).is_some());
        assert!(Posted::parse("a=1&".repeat(MOST_FIELDS + 1).as_bytes()).is_none());
    }
}
