//! What a link in a document means: another file, an address of the site, or something outside.

use percent_encoding::percent_decode_str;
use unicode_normalization::UnicodeNormalization;
use url::Url;

use super::address::join;
use super::walk::{extension, is_image};

/// Where a link or an image leads. Fragments and queries come without `#` and `?`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A file of the folder, by its path there.
    File { path: String, fragment: Option<String> },
    /// A document by a name that its site looked up (Hugo's `ref`, Jekyll's `post_url`): beside the
    /// linking file, from the root, or the only file whose path ends like this. [`find`] does so.
    Named { name: String, fragment: Option<String> },
    /// An address of the site: decoded, no slash at the end.
    SitePath { path: String, query: Option<String>, fragment: Option<String> },
    /// Another site, or another scheme such as `mailto:`.
    External,
    /// A place in the same document.
    Fragment(String),
    /// Nothing that can be followed, and why.
    Odd(&'static str),
}

/// Where a link stands.
#[derive(Debug, Clone, Copy)]
pub struct From<'a> {
    /// The document's path in its folder.
    pub file: &'a str,
    /// Its address on the site.
    pub path: &'a str,
    /// The site that the folder was written for; absolute links to it are links of this site.
    pub old_site: Option<&'a Url>,
}

/// Reads the destination of a link or an image as Markdown or HTML gives it.
pub fn resolve(from: From<'_>, link: &str) -> Target {
    let link = link.trim();
    if link.is_empty() {
        return Target::Odd("the link is empty");
    }
    if link.chars().any(char::is_control) {
        return Target::Odd("the link has a control character");
    }
    if let Some(fragment) = link.strip_prefix('#') {
        return Target::Fragment(decoded(fragment).unwrap_or_else(|| fragment.to_owned()));
    }
    match scheme(link) {
        Some("entry") => return Target::Odd("an `entry:` link only means something inside one site"),
        Some(scheme) if scheme.len() == 1 => return Target::Odd("the link names a drive of a computer"),
        Some("http" | "https") => return absolute(from, link),
        Some(_) => return Target::External,
        None if link.starts_with("//") => return absolute(from, &format!("https:{link}")),
        None => {}
    }
    let Some(parts) = Parts::of(link) else { return Target::Odd("the link is not UTF-8 when decoded") };
    parts.target(from)
}

/// A link cut at `?` and `#`, its path decoded.
struct Parts {
    path: String,
    query: Option<String>,
    fragment: Option<String>,
}

impl Parts {
    fn of(link: &str) -> Option<Parts> {
        let (rest, fragment) = cut(link, '#');
        let (path, query) = cut(rest, '?');
        let fragment = fragment.map(|text| decoded(text).unwrap_or_else(|| text.to_owned()));
        Some(Parts { path: decoded(path)?, query: query.map(str::to_owned), fragment })
    }

    fn target(self, from: From<'_>) -> Target {
        let Parts { path, query, fragment } = self;
        let file = |path: Option<String>, fragment| match path {
            Some(path) => Target::File { path, fragment },
            None => Target::Odd("the link leads out of the folder"),
        };
        if path.contains('\\') {
            return Target::Odd("the link has a backslash");
        }
        if let Some(name) = path.strip_prefix("@ref/") {
            return Target::Named { name: name.to_owned(), fragment };
        }
        if let Some(inside) = path.strip_prefix("@/") {
            return file(join("", inside), fragment);
        }
        if path.starts_with('/') {
            return site_path(&path, query, fragment);
        }
        if path.is_empty() {
            return site_path(from.path, query, fragment);
        }
        if is_mail_address(&path) {
            return Target::External;
        }
        if names_a_file(&path) {
            let folder = from.file.rsplit_once('/').map_or("", |(folder, _)| folder);
            return file(join(folder, &path), fragment);
        }
        // As a browser reads it on a page whose address ends with a slash, as these generators have it.
        let page = match extension(from.path).as_deref() {
            Some("html" | "htm") => from.path.rsplit_once('/').map_or("", |(folder, _)| folder),
            _ => from.path,
        };
        match join(page, &path) {
            Some(path) => site_path(&path, query, fragment),
            None => Target::Odd("the link leads above the site's root"),
        }
    }
}

fn absolute(from: From<'_>, link: &str) -> Target {
    let (Ok(url), Some(old)) = (Url::parse(link), from.old_site) else { return Target::External };
    let same = url.host() == old.host() && (url.port() == old.port());
    let root = old.path().trim_end_matches('/');
    let inside = url.path().strip_prefix(root).filter(|rest| rest.is_empty() || rest.starts_with('/'));
    match inside {
        Some(path) if same && url.username().is_empty() => {
            let fragment = url.fragment().map(|text| decoded(text).unwrap_or_else(|| text.to_owned()));
            match decoded(path) {
                Some(path) => site_path(&path, url.query().map(str::to_owned), fragment),
                None => Target::Odd("the link is not UTF-8 when decoded"),
            }
        }
        _ => Target::External,
    }
}

fn site_path(path: &str, query: Option<String>, fragment: Option<String>) -> Target {
    let Some(inner) = join("", path) else { return Target::Odd("the link leads above the site's root") };
    let inner = inner
        .strip_suffix("index.html")
        .filter(|rest| rest.is_empty() || rest.ends_with('/'))
        .unwrap_or(&inner);
    Target::SitePath { path: format!("/{}", inner.trim_end_matches('/')), query, fragment }
}

/// `<help@example.org>` in Markdown, but not `logo@2x.png`.
fn is_mail_address(path: &str) -> bool {
    let host = path.split_once('@').map(|(_, host)| host);
    host.is_some_and(|host| host.contains('.') && !host.contains('/')) && !is_image(path)
}

/// `a.png` and `b.md` are files; `Rust-1.25`, `old.html` and `name` are addresses.
fn names_a_file(path: &str) -> bool {
    extension(path).is_some_and(|ending| {
        let plain =
            (2..=8).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let letter = ending.starts_with(|c: char| c.is_ascii_alphabetic());
        plain && letter && !matches!(ending.as_str(), "html" | "htm" | "php" | "aspx" | "asp" | "xml")
    })
}

/// Finds the file a [`Target::Named`] means among `files` (sorted or not); none when there is no
/// such file or more than one.
pub fn find<'a>(files: &'a [String], from_file: &str, name: &str) -> Option<&'a str> {
    let folder = from_file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let beside = join(folder, name).filter(|_| !name.starts_with('/'));
    let spelled = |wanted: &str, file: &str| {
        let stem = file.strip_suffix(".md").or_else(|| file.strip_suffix(".markdown"));
        let folder = file.strip_suffix("/index.md").or_else(|| file.strip_suffix("/_index.md"));
        // Jekyll names a post without its ending, whichever of the two it has.
        let bare = wanted.strip_suffix(".md").unwrap_or(wanted);
        file == wanted || stem == Some(bare) || folder == Some(wanted)
    };
    let exact = |wanted: &str| files.iter().find(|file| spelled(wanted, file));
    if let Some(file) = beside.as_deref().and_then(exact) {
        return Some(file);
    }
    let root = join("", name)?;
    if let Some(file) = exact(&root) {
        return Some(file);
    }
    let mut ends = files.iter().filter(|file| {
        let inner = file.match_indices('/').map(|(at, _)| &file[at + 1..]);
        inner.into_iter().any(|tail| spelled(&root, tail))
    });
    ends.next().filter(|_| ends.next().is_none()).map(String::as_str)
}

fn cut(text: &str, at: char) -> (&str, Option<&str>) {
    text.split_once(at).map_or((text, None), |(before, after)| (before, Some(after)))
}

fn decoded(text: &str) -> Option<String> {
    let text = percent_decode_str(text).decode_utf8().ok()?;
    (!text.chars().any(char::is_control)).then(|| text.nfc().collect())
}

fn scheme(link: &str) -> Option<&str> {
    let (scheme, _) = link.split_once(':')?;
    let letters = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    if !letters {
        return None;
    }
    match scheme.to_ascii_lowercase().as_str() {
        "http" => Some("http"),
        "https" => Some("https"),
        "entry" => Some("entry"),
        _ => Some(scheme),
    }
}
