//! Paths: the addresses of the site, as text.

use std::fmt;
use std::str::FromStr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::chars::{TATWEEL, is_assigned, is_bidi_control, is_control, is_invisible};
use super::{Slug, fold};

/// A path has at most this many bytes of UTF-8.
pub const MAX_PATH: usize = 1_000;
/// A segment of a path has at most this many bytes of UTF-8.
pub const MAX_SEGMENT: usize = 255;
/// An encoded path has at most this many bytes, so that with the origin before it an address stays
/// below the 2,048 that sitemaps.org sets as a limit.
pub const MAX_HREF: usize = 1_900;

/// The path of an address of this site: decoded text in NFC that starts with `/`, without empty or
/// dot segments, without a trailing slash (but for the root) and without a last `index.html`.
///
/// Segments may hold whatever imported sites have in them, spaces and `%` and symbols, but nothing
/// that servers in front might read differently from us. Two paths are equal when they are the same
/// text; whether they are the same *address* is asked of [`Path::folded`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Path(String);

impl Path {
    pub fn root() -> Path {
        Path("/".into())
    }

    /// Reads a path as an editor or front matter writes it. The leading slash is optional, repeated
    /// and trailing slashes and a last `index.html` go. `%` means itself: for encoded text there is
    /// [`Path::parse_href`].
    ///
    /// # Errors
    /// The reason, as a sentence for a form.
    pub fn parse(decoded: &str) -> Result<Path, String> {
        if decoded.is_empty() {
            return Err("the path is empty; the home page is `/`".into());
        }
        if is_url(decoded) {
            return Err("this is a whole URL; write only its path, such as `/about`".into());
        }
        Path::normal(decoded).map_err(|odd| odd.to_string())
    }

    /// Reads a path as it stands in a link, percent-encoded (RFC 3986). Decodes exactly once.
    ///
    /// # Errors
    /// The reason, as a sentence for a form.
    pub fn parse_href(href: &str) -> Result<Path, String> {
        Path::parse(&decode(href).map_err(|odd| odd.to_string())?)
    }

    /// Text that was a `Path` when it was stored: it is normal already.
    pub fn from_store(text: &str) -> Path {
        debug_assert_eq!(Path::parse(text).as_ref().map(Path::as_str), Ok(text));
        Path(text.to_owned())
    }

    /// The path that a request asks for, however its slashes and escapes are written.
    pub(super) fn requested(encoded: &str) -> Result<Path, Odd> {
        Path::normal(&decode(encoded)?)
    }

    fn normal(decoded: &str) -> Result<Path, Odd> {
        let text: String = decoded.nfc().collect();
        let mut segments: Vec<&str> = text.split('/').filter(|segment| !segment.is_empty()).collect();
        for segment in &segments {
            check(segment)?;
        }
        // The index file is the folder's own page, at any depth of it.
        while segments.last().is_some_and(|last| is_index(last)) {
            segments.pop();
        }
        Path::fitting(format!("/{}", segments.join("/")))
    }

    fn fitting(text: String) -> Result<Path, Odd> {
        let path = Path(text);
        let fits =
            path.0.len() <= MAX_PATH && (path.0.len() * 3 <= MAX_HREF || path.href().len() <= MAX_HREF);
        if fits { Ok(path) } else { Err(Odd::TooLong) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_root(&self) -> bool {
        self.0 == "/"
    }

    /// The key under which the registry finds this path.
    pub fn folded(&self) -> String {
        fold(&self.0)
    }

    /// The path percent-encoded, for links and headers: what RFC 3986 calls `pchar` stays, every
    /// other byte becomes `%` and two upper-case hexadecimal digits.
    pub fn href(&self) -> String {
        utf8_percent_encode(&self.0, ESCAPED).to_string()
    }

    /// The path of a child.
    ///
    /// # Errors
    /// The reason, when it would be too long.
    pub fn join(&self, slug: &Slug) -> Result<Path, String> {
        let above = if self.is_root() { "" } else { &self.0 };
        Path::fitting(format!("{above}/{slug}")).map_err(|odd| odd.to_string())
    }

    /// The path one segment shorter; the root has none.
    pub fn parent(&self) -> Option<Path> {
        let (above, _) = self.0.rsplit_once('/').filter(|_| !self.is_root())?;
        // Through the normaliser, as the segment that is now last may be an index file.
        Some(Path::normal(above).expect("a part of a path is a path"))
    }

    /// The last segment; the root has none.
    pub fn name(&self) -> Option<&str> {
        self.segments().next_back()
    }

    /// The segments from left to right; none for the root.
    pub fn segments(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/').filter(|segment| !segment.is_empty())
    }

    /// Whether this path is below `above`: `/a/b` is under `/a`, and neither `/ab` nor `/a` is.
    pub fn is_under(&self, above: &Path) -> bool {
        self.below(above).is_some_and(|rest| !rest.is_empty())
    }

    /// Where this path goes when `from`, which it is or is under, becomes `to`. `None` when it is
    /// neither, or when it would be too long there.
    #[must_use]
    pub fn rebased(&self, from: &Path, to: &Path) -> Option<Path> {
        let rest = self.below(from)?;
        if rest.is_empty() {
            return Some(to.clone());
        }
        let above = if to.is_root() { "" } else { &to.0 };
        Path::fitting(format!("{above}/{rest}")).ok()
    }

    /// What is left of this path after `above`, without a slash; empty when both are the same.
    fn below(&self, above: &Path) -> Option<&str> {
        if self == above {
            Some("")
        } else if above.is_root() {
            Some(&self.0[1..])
        } else {
            self.0.strip_prefix(&above.0)?.strip_prefix('/')
        }
    }
}

/// Everything but `pchar` and the slash (RFC 3986, 3.3).
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

/// Why a path is refused. The sentences are for an editor's form; a visitor gets a 400.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Odd {
    #[error("the path is too long; at most {MAX_PATH} bytes, or {MAX_HREF} when encoded")]
    TooLong,
    #[error("a part of the path is too long; at most {MAX_SEGMENT} bytes between two slashes")]
    LongSegment,
    #[error("a path starts with `/`")]
    NoSlash,
    #[error("`%` must be followed by two hexadecimal digits")]
    BadEscape,
    #[error("the decoded path is not UTF-8")]
    NotUtf8,
    #[error("an encoded slash can't be part of a path")]
    EncodedSlash,
    #[error("a backslash can't be part of a path")]
    Backslash,
    #[error("`?` and `#` can't be part of a path")]
    Delimiter,
    #[error("`.` and `..` can't be parts of a path")]
    DotSegment,
    #[error("control characters can't be part of a path")]
    Control,
    #[error("characters that turn the direction of text can't be part of a path")]
    BidiControl,
    #[error("the path has a code point that Unicode has not assigned")]
    Unassigned,
    #[error("a part of the path has nothing that can be seen")]
    Blank,
}

fn check(segment: &str) -> Result<(), Odd> {
    if segment.len() > MAX_SEGMENT {
        return Err(Odd::LongSegment);
    }
    for c in segment.chars() {
        match c {
            '\\' => return Err(Odd::Backslash),
            '?' | '#' => return Err(Odd::Delimiter),
            c if is_control(c) => return Err(Odd::Control),
            c if is_bidi_control(c) => return Err(Odd::BidiControl),
            c if !is_assigned(c) => return Err(Odd::Unassigned),
            _ => {}
        }
    }
    // Folding and careless readers drop characters that can't be seen: what is left must not be a
    // dot segment either.
    let mut seen = segment.chars().filter(|c| !c.is_whitespace() && *c != TATWEEL && !is_invisible(*c));
    match (seen.next(), seen.next(), seen.next()) {
        (None, ..) => Err(Odd::Blank),
        (Some('.'), None | Some('.'), None) => Err(Odd::DotSegment),
        _ => Ok(()),
    }
}

/// Undoes percent-encoding, once. A slash or backslash that comes out would be a different path to
/// a server that decodes before it splits (SECURITY 0.3).
fn decode(encoded: &str) -> Result<String, Odd> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let [high, low, tail @ ..] = tail else { return Err(Odd::BadEscape) };
        rest = tail;
        match (hex(*high)? << 4) | hex(*low)? {
            b'/' => return Err(Odd::EncodedSlash),
            byte => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).map_err(|_| Odd::NotUtf8)
}

fn hex(digit: u8) -> Result<u8, Odd> {
    let value = char::from(digit).to_digit(16).ok_or(Odd::BadEscape)?;
    Ok(u8::try_from(value).expect("a hexadecimal digit is below 16"))
}

/// Whether a segment names the page of its folder.
pub(super) fn is_index(segment: &str) -> bool {
    ["index.html", "index.htm", "index.php"].iter().any(|name| segment.eq_ignore_ascii_case(name))
}

fn is_url(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, _)| {
        !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
    })
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for Path {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl FromStr for Path {
    type Err = String;

    fn from_str(text: &str) -> Result<Path, String> {
        Path::parse(text)
    }
}

impl TryFrom<String> for Path {
    type Error = String;

    fn try_from(text: String) -> Result<Path, String> {
        Path::parse(&text)
    }
}

impl From<Path> for String {
    fn from(path: Path) -> String {
        path.0
    }
}

#[cfg(test)]
mod tests;
