//! The site's public origin.

use std::fmt;

use url::{Host, Url};

use super::FromText;

/// Scheme, host and port of the site as its visitors know it (RFC 6454): lower case, a host outside
/// ASCII in its IDNA form, the scheme's own port left out. Every absolute URL begins with it; request
/// headers never make one (SECURITY 0.7).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    text: String,
    host: String,
}

impl Origin {
    /// The absolute URL of a path that is already percent-encoded and starts with `/`.
    pub fn url(&self, path_href: &str) -> String {
        // Without the slash, `.evil.example` or `@evil.example` would change the host.
        let slash = if path_href.starts_with('/') { "" } else { "/" };
        format!("{}{slash}{path_href}", self.text)
    }

    /// `https://example.org`, without a slash at the end.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The host alone: `example.org`, `[::1]`.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Host and port as a `Host` header carries them: `example.org`, `127.0.0.1:8080`.
    pub fn authority(&self) -> &str {
        self.text.split_once("://").map_or("", |(_, authority)| authority)
    }

    pub fn is_https(&self) -> bool {
        self.text.starts_with("https:")
    }
}

impl FromText for Origin {
    fn from_text(text: &str) -> Result<Origin, String> {
        parse(text).ok_or_else(|| {
            "http or https, a host and perhaps a port, such as https://example.org, and nothing after them".into()
        })
    }
}

fn parse(text: &str) -> Option<Origin> {
    // The URL standard forgives backslashes, missing slashes and line breaks; a setting shouldn't.
    let (_, rest) = text.split_once("://")?;
    if rest.is_empty()
        || text.contains(|c: char| c == '\\' || c == '@' || c.is_whitespace() || c.is_control())
    {
        return None;
    }
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    if rest.contains(['/', '?', '#']) {
        return None;
    }
    let url = Url::parse(text).ok()?;
    let host = match url.host()? {
        Host::Domain(name) if name.ends_with('.') => return None,
        host => host.to_string(),
    };
    let text = match url.scheme() {
        "http" | "https" => url.origin().ascii_serialization(),
        _ => return None,
    };
    Some(Origin { text, host })
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.text)
    }
}
