//! `data:` URLs (RFC 2397).

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What stands encoded in a data URL within an attribute: what no URL may hold (RFC 3986, 2.2 and 2.4),
/// and what would end the attribute.
const IN_DATA: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'<')
    .add(b'>')
    .add(b'\'')
    .add(b'[')
    .add(b']')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The URL that is this text itself: `data:image/svg+xml,%3Csvg…`. It may stand in an attribute as it
/// is.
pub fn data_url(mime: &str, text: &str) -> String {
    format!("data:{mime},{}", utf8_percent_encode(text, IN_DATA))
}
