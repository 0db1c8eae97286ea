//! Dropping pages that are kept in memory, on every node: through the table of changes, as any change does.

use serde_json::json;

use crate::actions::Change;
use crate::entry::Verb;
use crate::error::{Error, Result};
use crate::text::read_target;

/// Bytes of a tag.
const LONGEST: usize = 1_000;

/// Tags that stand alone; the others are `name:what`.
const ALONE: [&str; 2] = ["site", "rules"];

/// Names of tags, as pages carry them.
pub const NAMES: [&str; 11] =
    ["entry", "type", "group", "to", "path", "shelf", "shelves", "landing", "media", "title", "words"];

/// What is to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purge {
    All,
    /// The page at an address of this site, all pages of a list among them.
    Page(String),
    /// Everything that was made from something.
    Tag(String),
}

/// Drops pages; they are made anew when they are next asked for.
///
/// # Errors
/// `Invalid` for an address that is none of this site's, or what is no tag; `Denied`.
pub async fn purge(change: &mut Change<'_>, what: &Purge) -> Result<()> {
    change.permit(Verb::Oversee)?;
    let tag = match what {
        Purge::All => "site".to_owned(),
        Purge::Page(address) => format!("path:{}", folded(change.app.config.origin.as_str(), address)?),
        Purge::Tag(tag) => read_tag(tag)?,
    };
    change.audit("purge", None, &json!({ "tag": tag }));
    change.touch(tag);
    Ok(())
}

/// The look-up form of an address, as a person gives it: a path or a whole URL of this site.
fn folded(origin: &str, address: &str) -> Result<String> {
    let wrong = |reason: String| Error::field("page", reason);
    let address = address.trim();
    let path = match address.strip_prefix(origin) {
        Some("") => "/",
        Some(rest) => rest,
        None => address,
    };
    if !path.starts_with('/') {
        return Err(wrong(format!("`{address}` is neither a path (/…) nor an address of this site")));
    }
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let path = crate::text::Path::parse_href(path).map_err(wrong)?;
    let asked = read_target(&path.href()).map_err(|odd| wrong(odd.to_string()))?;
    Ok(asked.path.folded())
}

fn read_tag(tag: &str) -> Result<String> {
    let tag = tag.trim();
    let known = ALONE.contains(&tag)
        || tag.split_once(':').is_some_and(|(name, what)| NAMES.contains(&name) && !what.is_empty());
    if known && tag.len() <= LONGEST && !tag.chars().any(char::is_control) {
        return Ok(tag.to_owned());
    }
    let names = NAMES.join(":…, ");
    Err(Error::field("tag", format!("`{tag}` is no tag; one is site, rules, {names}:…")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_a_person_gives_it() {
        let read = |address: &str| folded("https://site.test", address).map_err(|error| error.to_string());
        for address in ["/Tehran", " https://site.test/tehran/ ", "/tehran?page=2#top", "/%54ehran"] {
            assert_eq!(read(address).as_deref(), Ok("/tehran"), "{address}");
        }
        assert_eq!(read("https://site.test").as_deref(), Ok("/"));
        for address in ["tehran", "https://other.test/tehran", "", "/a\u{0}"] {
            assert!(read(address).is_err(), "{address}");
        }
    }

    #[test]
    fn only_what_pages_carry_is_a_tag() {
        for tag in ["entry:42", "type:place", "site", " rules ", "path:/tehran"] {
            assert!(read_tag(tag).is_ok(), "{tag}");
        }
        for tag in ["", "entry", "entry:", "nothing:1", "a\nb:c", &format!("type:{}", "x".repeat(1_000))] {
            assert!(read_tag(tag).is_err(), "{tag}");
        }
    }
}
