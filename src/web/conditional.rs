//! Which encoding a client takes, and whether it has the answer already (RFC 9110, 12 and 13).

use hyper::HeaderMap;
use hyper::header::{ACCEPT_ENCODING, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH};

use crate::clock::Time;

/// A content coding that answers are kept in (RFC 9110, 8.4.1; `br` is RFC 7932).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    Br,
    Gzip,
    Identity,
}

/// Which codings a client takes, by weight in thousandths; one of weight 0 is refused.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Accepts {
    br: u16,
    gzip: u16,
    identity: u16,
}

impl Accepts {
    /// Reads `Accept-Encoding`. The plain form is always possible, and preferred only by name.
    pub fn of(headers: &HeaderMap) -> Accepts {
        Accepts::of_lines(headers.get_all(ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok()))
    }

    /// The same from the values of its lines.
    pub fn of_lines<'a>(lines: impl IntoIterator<Item = &'a str>) -> Accepts {
        let (mut br, mut gzip, mut identity, mut any) = (None, None, None, None);
        for line in lines {
            for item in line.split(',') {
                let (coding, weight) = item.split_once(';').unwrap_or((item, ""));
                let slot = match coding.trim() {
                    name if name.eq_ignore_ascii_case("br") => &mut br,
                    name if name.eq_ignore_ascii_case("gzip") => &mut gzip,
                    name if name.eq_ignore_ascii_case("x-gzip") => &mut gzip,
                    name if name.eq_ignore_ascii_case("identity") => &mut identity,
                    "*" => &mut any,
                    _ => continue,
                };
                *slot = Some(thousandths(weight));
            }
        }
        Accepts {
            br: br.or(any).unwrap_or(0),
            gzip: gzip.or(any).unwrap_or(0),
            identity: identity.unwrap_or(0),
        }
    }

    /// The coding to answer in, of those that there are; of equal ones the smallest.
    pub fn best(self, has_br: bool, has_gzip: bool) -> Coding {
        let br = if has_br { self.br } else { 0 };
        let gzip = if has_gzip { self.gzip } else { 0 };
        match () {
            () if br > 0 && br >= gzip && br >= self.identity => Coding::Br,
            () if gzip > 0 && gzip >= self.identity => Coding::Gzip,
            () => Coding::Identity,
        }
    }

    pub fn takes(self, coding: Coding) -> bool {
        match coding {
            Coding::Br => self.br > 0,
            Coding::Gzip => self.gzip > 0,
            Coding::Identity => true,
        }
    }
}

/// Whether to answer in gzip where there is no other form: it is accepted, and not less than the
/// plain one.
pub fn wants_gzip(headers: &HeaderMap) -> bool {
    Accepts::of(headers).best(false, true) == Coding::Gzip
}

/// A weight such as `q=0.8` as 800; nothing is 1000, nonsense 0 (RFC 9110, 12.4.2).
fn thousandths(weight: &str) -> u16 {
    let weight = weight.trim();
    if weight.is_empty() {
        return 1000;
    }
    let Some((name, value)) = weight.split_once('=') else { return 0 };
    let value = value.trim();
    match value.parse::<f32>() {
        Ok(q) if name.trim().eq_ignore_ascii_case("q") && (0.0..=1.0).contains(&q) => (q * 1000.0) as u16,
        _ => 0,
    }
}

/// Whether `If-None-Match` names this tag: a list or `*`, compared weakly (RFC 9110, 13.1.2).
pub fn has_tag(headers: &HeaderMap, etag: &HeaderValue) -> bool {
    headers.get_all(IF_NONE_MATCH).iter().any(|line| lists_tag(line.as_bytes(), etag))
}

/// Whether one line of `If-None-Match` names this tag.
pub fn lists_tag(line: &[u8], etag: &HeaderValue) -> bool {
    let opaque = etag.as_bytes();
    let opaque = opaque.strip_prefix(b"W/").unwrap_or(opaque);
    let mut rest = line.trim_ascii();
    if rest == b"*" {
        return true;
    }
    while let Some((tag, after)) = next_tag(rest) {
        if tag == opaque {
            return true;
        }
        rest = after;
    }
    false
}

/// The first tag of a list with its quotes, without `W/`; a tag may hold commas.
fn next_tag(list: &[u8]) -> Option<(&[u8], &[u8])> {
    let start = list.iter().position(|&byte| byte == b'"')?;
    let length = list[start + 1..].iter().position(|&byte| byte == b'"')?;
    let end = start + length + 2;
    Some((&list[start..end], &list[end..]))
}

/// Whether a client that has the answer of this tag and time needs no other. `If-Modified-Since`
/// counts only without `If-None-Match` (RFC 9110, 13.1.3).
pub fn not_modified(headers: &HeaderMap, etag: &HeaderValue, modified: Option<Time>) -> bool {
    if headers.contains_key(IF_NONE_MATCH) {
        return has_tag(headers, etag);
    }
    let Some(modified) = modified else { return false };
    let since = headers.get(IF_MODIFIED_SINCE).and_then(|value| http_date(value.to_str().ok()?));
    since.is_some_and(|since| modified.0 / 1000 <= since.0 / 1000)
}

/// Reads `Sun, 22 Nov 2026 17:28:00 GMT`, the one form that is sent today (RFC 9110, 5.6.7).
pub fn http_date(text: &str) -> Option<Time> {
    use time::format_description::well_known::Rfc2822;
    let text = text.strip_suffix(" GMT")?;
    let at = time::OffsetDateTime::parse(&format!("{text} +0000"), &Rfc2822).ok()?;
    Some(Time(at.unix_timestamp() * 1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: hyper::header::HeaderName, values: &[&str]) -> HeaderMap {
        values.iter().map(|value| (name.clone(), HeaderValue::from_str(value).unwrap())).collect()
    }

    #[test]
    fn gzip_goes_to_those_who_take_it() {
        let cases: [(&[&str], bool); 22] = [
            (&[], false),
            (&[""], false),
            (&["gzip"], true),
            (&["GZIP"], true),
            (&["x-gzip"], true),
            (&["gzip, deflate, br, zstd"], true),
            (&["br;q=1.0, gzip;q=0.8, *;q=0.1"], true),
            (&["gzip;q=0"], false),
            (&["gzip;q=0.000, *"], false),
            (&["gzip; q=0.001"], true),
            (&["*"], true),
            (&["*;q=0"], false),
            (&["identity"], false),
            (&["identity, gzip;q=0.5"], false),
            (&["identity;q=0.5, gzip;q=0.5"], true),
            (&["identity;q=0"], false),
            (&["deflate, br"], false),
            (&["br", "gzip"], true),
            (&["gzip;q=nonsense"], false),
            (&["gzip;q=2"], false),
            (&["gzip;level=1"], false),
            (&["gzipped"], false),
        ];
        for (lines, expected) in cases {
            assert_eq!(wants_gzip(&with(ACCEPT_ENCODING, lines)), expected, "{lines:?}");
        }
    }

    #[test]
    fn the_smallest_form_goes_to_those_who_take_it() {
        use Coding::{Br, Gzip, Identity};
        let cases: [(&[&str], Coding); 17] = [
            (&[], Identity),
            (&["gzip, deflate, br, zstd"], Br),
            (&["br"], Br),
            (&["BR;q=1, gzip"], Br),
            (&["br;q=0.5, gzip;q=0.5"], Br),
            (&["br;q=0.499, gzip;q=0.5"], Gzip),
            (&["br;q=0, gzip"], Gzip),
            (&["br;q=0"], Identity),
            (&["*"], Br),
            (&["*, br;q=0"], Gzip),
            (&["gzip;q=0.2, *;q=0.1"], Gzip),
            (&["*;q=0"], Identity),
            (&["identity;q=0, *;q=0"], Identity),
            (&["identity, br;q=0.9"], Identity),
            (&["identity;q=0.9, br"], Br),
            (&["br;q=nonsense, gzip"], Gzip),
            (&["brotli"], Identity),
        ];
        for (lines, expected) in cases {
            let accepts = Accepts::of(&with(ACCEPT_ENCODING, lines));
            assert_eq!(accepts.best(true, true), expected, "{lines:?}");
            assert_eq!(accepts.best(false, false), Identity, "{lines:?}");
            assert_ne!(accepts.best(false, true), Br, "{lines:?}");
        }
    }

    #[test]
    fn a_tag_is_found_in_every_form_of_the_list() {
        let etag = HeaderValue::from_static("\"abc\"");
        let cases: [(&[&str], bool); 11] = [
            (&[], false),
            (&["\"abc\""], true),
            (&["W/\"abc\""], true),
            (&["*"], true),
            (&[" * "], true),
            (&["\"x\", \"abc\""], true),
            (&["\"x,\"  ,W/\"abc\""], true),
            (&["\"x\"", "\"abc\""], true),
            (&["abc"], false),
            (&["\"abc"], false),
            (&["\"abc-gzip\", \"*\""], false),
        ];
        for (lines, expected) in cases {
            assert_eq!(has_tag(&with(IF_NONE_MATCH, lines), &etag), expected, "{lines:?}");
        }
    }

    #[test]
    fn a_date_counts_only_where_no_tag_is_sent() {
        let etag = HeaderValue::from_static("\"abc\"");
        let modified = http_date("Sun, 22 Nov 2026 17:28:00 GMT").unwrap();
        assert_eq!(modified.http_date(), "Sun, 22 Nov 2026 17:28:00 GMT");
        let mut headers = with(IF_MODIFIED_SINCE, &["Sun, 22 Nov 2026 17:28:00 GMT"]);
        assert!(not_modified(&headers, &etag, Some(Time(modified.0 + 999))));
        assert!(!not_modified(&headers, &etag, Some(Time(modified.0 + 1000))));
        assert!(!not_modified(&headers, &etag, None));
        headers.insert(IF_NONE_MATCH, HeaderValue::from_static("\"other\""));
        assert!(!not_modified(&headers, &etag, Some(modified)));
        for text in ["", "now", "Sun, 22 Nov 2026 17:28:00 +0000", "Sun, 32 Nov 2026 17:28:00 GMT"] {
            assert_eq!(http_date(text), None, "{text}");
        }
    }
}
