//! Which addresses a text may link to (SECURITY T4).

use std::collections::HashSet;

use url::{ParseError, Url};

use super::Author;
use super::tokens::Tokens;

/// Schemes that may stand in a text. `entry:` is our own: a reference to an entry by its number.
pub(super) const SCHEMES: &[&str] = &["http", "https", "mailto", "tel", "entry"];

/// The address as it may be printed, read the way a browser reads it; none when it is refused.
pub(super) fn href(raw: &str, author: Author) -> Option<String> {
    match Url::parse(raw) {
        Ok(url) => match url.scheme() {
            "http" | "https" | "mailto" | "tel" => Some(url.into()),
            // Only staff may ask for the address of an entry, which may not be public.
            "entry" if author == Author::Staff => entry(&url),
            _ => None,
        },
        Err(ParseError::RelativeUrlWithoutBase) => local(raw),
        Err(_) => None,
    }
}

/// The address of an image: on this site, or of another site (which then becomes a link).
pub(super) fn src(raw: &str) -> Option<String> {
    match Url::parse(raw) {
        Ok(url) => ["http", "https"].contains(&url.scheme()).then(|| url.into()),
        Err(ParseError::RelativeUrlWithoutBase) => local(raw).filter(|path| !path.starts_with('#')),
        Err(_) => None,
    }
}

/// Whether an address that `href` let through leads to some other site.
pub(super) fn is_foreign(href: &str) -> bool {
    href.starts_with("https:") || href.starts_with("http:")
}

fn entry(url: &Url) -> Option<String> {
    let digits = url.path().bytes().all(|byte| byte.is_ascii_digit());
    let id: i64 = url.path().parse().ok().filter(|id| digits && *id > 0)?;
    if url.query().is_some() {
        return None;
    }
    Some(url.fragment().map_or_else(|| format!("entry:{id}"), |fragment| format!("entry:{id}#{fragment}")))
}

/// A path from the root, a fragment, or a file beside this text.
fn local(raw: &str) -> Option<String> {
    // The URL standard drops these before it looks at an address, and so must we.
    let trimmed = raw.trim_matches(|c: char| c <= ' ');
    let path: String = trimmed.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
    let first = path.chars().next()?;
    let known_start =
        first.is_alphanumeric() || matches!(first, '/' | '#' | '.' | '_' | '-' | '%' | '~' | '@');
    if !known_start || path.starts_with("//") || path.contains('\\') || !stays_here(&path) {
        return None;
    }
    let mut printed = String::with_capacity(path.len());
    for character in path.chars() {
        match character {
            '\0'..=' ' | '"' | '<' | '>' | '`' | '\u{7f}' => printed += &format!("%{:02X}", character as u32),
            other => printed.push(other),
        }
    }
    Some(printed)
}

/// Whether the address, resolved on a page of this site, stays on the site.
fn stays_here(path: &str) -> bool {
    let page = Url::parse("https://site.invalid/folder/page").expect("a constant address parses");
    page.join(path).is_ok_and(|url| url.scheme() == "https" && url.host_str() == Some("site.invalid"))
}

/// Says of each link how it relates: a visitor's is never vouched for, a foreign page can't reach
/// back to the one that opened it.
pub(super) fn set_rel(tokens: &mut Tokens, author: Author) {
    for link in tokens.elements_mut().filter(|element| element.name == "a") {
        let Some(href) = link.get("href") else {
            link.remove("rel");
            continue;
        };
        match author {
            Author::Visitor => link.set("rel", "nofollow ugc noopener"),
            Author::Staff if is_foreign(href) => {
                let written = link.get("rel").unwrap_or_default();
                let rel = match written.split(' ').any(|relation| relation == "noopener") {
                    true => written.to_owned(),
                    false => format!("{written} noopener").trim_start().to_owned(),
                };
                link.set("rel", rel);
            }
            Author::Staff => {}
        }
    }
}

pub(super) fn collect(tokens: &Tokens) -> Vec<String> {
    let mut seen = HashSet::new();
    let hrefs = tokens.elements().filter(|element| element.name == "a").filter_map(|link| link.get("href"));
    hrefs.filter(|href| !href.starts_with('#') && seen.insert(*href)).map(str::to_owned).collect()
}
