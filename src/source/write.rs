//! The file form that export writes and import reads back byte for byte.
//!
//! TOML between `+++` lines, keys in one fixed order and only those that have a value; one empty
//! line; the body exactly as it is; one line end. [`super::parse`] takes away what this adds, so a
//! body that begins or ends with empty lines keeps them.

use std::fmt::Write as _;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use super::document::{Cover, Dialect, Document, Seo};
use crate::clock::Time;

/// An entry as its file says it. Empty texts and lists are not written, and `null` neither: TOML
/// has none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Export {
    pub kind: String,
    pub title: String,
    /// Decoded, beginning with `/`.
    pub path: String,
    pub slug: Option<String>,
    pub locale: String,
    /// The path of the entry it translates.
    pub translation_of: Option<String>,
    pub parent: Option<String>,
    pub summary: Option<String>,
    /// Times lie in the years 0 to 9999; others are not written.
    pub date: Option<Time>,
    pub updated: Option<Time>,
    /// When it leaves the site.
    pub expiry: Option<Time>,
    pub state: Option<String>,
    /// The path of the entry that its addresses lead to, now that it is not live itself.
    pub replaced_by: Option<String>,
    pub visibility: Option<String>,
    pub authors: Vec<String>,
    pub aliases: Vec<String>,
    pub cover: Option<Cover>,
    pub seo: Seo,
    pub fields: Map<String, Value>,
    pub body: String,
}

impl Export {
    /// What [`write`] was given, from what [`super::parse`] read.
    pub fn of(document: Document) -> Option<Export> {
        let Document { front, body, dialect: Dialect::Atlas, .. } = document else { return None };
        Some(Export {
            kind: front.kind?,
            title: front.title,
            path: front.path?,
            slug: front.slug,
            locale: front.locale?,
            translation_of: front.translation_of,
            parent: front.parent,
            summary: front.description,
            date: front.date,
            updated: front.updated,
            expiry: front.expiry,
            state: front.state,
            replaced_by: front.replaced_by,
            visibility: front.visibility,
            authors: front.authors,
            aliases: front.aliases,
            cover: front.cover,
            seo: front.seo,
            fields: front.fields,
            body,
        })
    }
}

/// The file's text.
pub fn write(export: &Export) -> String {
    let mut file = FrontWriter { text: "+++\n".to_owned() };
    file.text("type", Some(&export.kind));
    file.text("title", Some(&export.title));
    file.text("path", Some(&export.path));
    file.text("slug", export.slug.as_deref());
    file.text("locale", Some(&export.locale));
    file.text("translation_of", export.translation_of.as_deref());
    file.text("parent", export.parent.as_deref());
    file.text("summary", export.summary.as_deref());
    file.time("date", export.date);
    file.time("updated", export.updated);
    file.time("expiry", export.expiry);
    file.text("state", export.state.as_deref());
    file.text("replaced_by", export.replaced_by.as_deref());
    file.text("visibility", export.visibility.as_deref());
    file.list("authors", &export.authors);
    file.list("aliases", &export.aliases);
    file.cover(export.cover.as_ref());
    file.seo(&export.seo);
    file.fields(&export.fields);
    let mut text = file.text;
    text.push_str("+++\n");
    if !export.body.is_empty() {
        let _ = writeln!(text, "\n{}", export.body);
    }
    text
}

struct FrontWriter {
    text: String,
}

impl FrontWriter {
    fn text(&mut self, key: &str, value: Option<&str>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            let _ = writeln!(self.text, "{key} = {}", Quoted(value));
        }
    }

    fn time(&mut self, key: &str, value: Option<Time>) {
        if let Some(text) = value.and_then(timestamp) {
            let _ = writeln!(self.text, "{key} = {text}");
        }
    }

    fn list(&mut self, key: &str, values: &[String]) {
        if !values.is_empty() {
            let values: Vec<String> = values.iter().map(|value| Quoted(value).to_string()).collect();
            let _ = writeln!(self.text, "{key} = [{}]", values.join(", "));
        }
    }

    fn flag(&mut self, key: &str, value: bool) {
        if value {
            let _ = writeln!(self.text, "{key} = true");
        }
    }

    fn cover(&mut self, cover: Option<&Cover>) {
        let Some(cover) = cover.filter(|cover| !cover.src.is_empty()) else { return };
        self.text.push_str("[cover]\n");
        self.text("src", Some(&cover.src));
        self.text("alt", cover.alt.as_deref());
        self.text("caption", cover.caption.as_deref());
        self.text("credit", cover.credit.as_deref());
        self.text("creator", cover.creator.as_deref());
        self.text("copyright", cover.copyright.as_deref());
        self.text("license", cover.license.as_deref());
        self.text("license_page", cover.license_page.as_deref());
    }

    fn seo(&mut self, seo: &Seo) {
        if *seo == Seo::default() {
            return;
        }
        self.text.push_str("[seo]\n");
        self.text("title", seo.title.as_deref());
        self.text("description", seo.description.as_deref());
        self.text("canonical", seo.canonical.as_deref());
        self.flag("noindex", seo.noindex);
        self.flag("nofollow", seo.nofollow);
        self.text("robots", seo.robots.as_deref());
        if let Some(faq) = seo.faq {
            let _ = writeln!(self.text, "faq = {faq}");
        }
    }

    fn fields(&mut self, fields: &Map<String, Value>) {
        let mut heading = "[fields]\n";
        for (key, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
            self.text.push_str(std::mem::take(&mut heading));
            self.text.push_str(&name(key));
            self.text.push_str(" = ");
            match value {
                Value::String(text) if text.contains('\n') => self.paragraphs(text),
                value => toml(&mut self.text, value),
            }
            self.text.push('\n');
        }
    }

    /// A text of several lines, so that it can be read and edited as it is.
    fn paragraphs(&mut self, text: &str) {
        self.text.push_str("\"\"\"\n");
        for (at, line) in text.split('\n').enumerate() {
            if at > 0 {
                self.text.push('\n');
            }
            // Two things would end it early: its own quotes, and a line like the closing fence.
            match line.strip_prefix("+++") {
                Some(rest) if rest.trim().is_empty() => {
                    self.text.push_str("\\u002B++");
                    escape(&mut self.text, rest);
                }
                _ => escape(&mut self.text, line),
            }
        }
        self.text.push_str("\"\"\"");
    }
}

/// A TOML basic string (TOML 1.0, “String”).
struct Quoted<'a>(&'a str);

impl std::fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = String::with_capacity(self.0.len() + 2);
        escape(&mut text, self.0);
        write!(f, "\"{text}\"")
    }
}

fn escape(into: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '"' => into.push_str("\\\""),
            '\\' => into.push_str("\\\\"),
            '\n' => into.push_str("\\n"),
            '\r' => into.push_str("\\r"),
            '\t' => into.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(into, "\\u{:04X}", u32::from(c));
            }
            c => into.push(c),
        }
    }
}

fn name(key: &str) -> String {
    let bare = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if !key.is_empty() && key.bytes().all(bare) { key.to_owned() } else { Quoted(key).to_string() }
}

/// A value on one line.
fn toml(into: &mut String, value: &Value) {
    match value {
        // Left out by those who call.
        Value::Null => {}
        Value::Bool(flag) => into.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(number), _) => _ = write!(into, "{number}"),
            // Above what TOML's integers hold there are only floats.
            (None, Some(number)) => _ = write!(into, "{number:?}"),
            (None, None) => _ = write!(into, "{number}"),
        },
        Value::String(text) => _ = write!(into, "{}", Quoted(text)),
        Value::Array(items) => {
            into.push('[');
            for (at, item) in items.iter().filter(|item| !item.is_null()).enumerate() {
                into.push_str(if at > 0 { ", " } else { "" });
                toml(into, item);
            }
            into.push(']');
        }
        Value::Object(members) => {
            let mut open = "{ ";
            for (key, value) in members.iter().filter(|(_, value)| !value.is_null()) {
                into.push_str(open);
                _ = write!(into, "{} = ", name(key));
                toml(into, value);
                open = ", ";
            }
            into.push_str(if open == ", " { " }" } else { "{}" });
        }
    }
}

/// RFC 3339 in UTC, with milliseconds only where there are some.
fn timestamp(time: Time) -> Option<String> {
    let at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(time.0) * 1_000_000).ok()?;
    if !(0..=9999).contains(&at.year()) {
        return None;
    }
    let whole = Time(time.0 - time.0.rem_euclid(1000)).rfc3339();
    Some(match time.0.rem_euclid(1000) {
        0 => whole,
        milliseconds => format!("{}.{milliseconds:03}Z", whole.trim_end_matches('Z')),
    })
}

/// The file of an entry: `place/tehran/cafe-naderi.md`, and `place/tehran/cafe-naderi.fa.md` with a
/// locale, which is to be given for all but the default one.
///
/// Different entries get different names, and no name depends on another entry. What a file system
/// may refuse or take for something else is percent-encoded: signs, hidden and reserved names,
/// joiners that some ignore. A long part is cut and a hash keeps it apart. Case stays: the registry
/// of paths already refuses two that differ in case alone.
pub fn file_name(kind: &str, locale: Option<&str>, path: &str) -> String {
    let mut parts: Vec<String> = path.split('/').filter(|part| !part.is_empty()).map(safe).collect();
    let last = match parts.pop() {
        None => "index".to_owned(),
        // The home page has the plain name.
        Some(name) if parts.is_empty() && name == "index" => "%69ndex".to_owned(),
        Some(name) => without_locale(&name),
    };
    for folder in &mut parts {
        // Or a folder could be in the way of a file of this name.
        if folder.to_ascii_lowercase().ends_with(".md") {
            folder.replace_range(folder.len() - 3..folder.len() - 2, "%2E");
        }
        *folder = cut(folder);
    }
    let ending = locale.map(|locale| format!(".{}", safe(locale))).unwrap_or_default();
    let mut file = safe(kind);
    for folder in &parts {
        file.push('/');
        file.push_str(folder);
    }
    let file = format!("{file}/{}{ending}.md", cut(&last));
    if file.len() <= LONGEST_NAME {
        return file;
    }
    format!("{}/~{}{ending}.md", safe(kind), hash(path))
}

/// Well under the 255 bytes of most file systems, endings included.
const LONGEST_PART: usize = 180;
/// Well under the 4,096 bytes of Linux and the 1,024 of macOS.
const LONGEST_NAME: usize = 900;

fn safe(part: &str) -> String {
    let stem = part.split('.').next().unwrap_or(part).to_ascii_lowercase();
    let reserved = matches!(stem.as_str(), "con" | "prn" | "aux" | "nul" | "conin$" | "conout$")
        || (stem.chars().count() == 4
            && (stem.starts_with("com") || stem.starts_with("lpt"))
            && stem.ends_with(|c: char| c.is_ascii_digit() || "¹²³".contains(c)));
    let mut name = String::with_capacity(part.len());
    let last = part.chars().count().saturating_sub(1);
    for (at, c) in part.chars().enumerate() {
        let odd = c.is_control()
            || "<>:\"/\\|?*%~".contains(c)
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
            || (at == 0 && (reserved || matches!(c, '.' | '_' | ' ' | '-')))
            || (at == last && matches!(c, '.' | ' '));
        if odd { encode(&mut name, c) } else { name.push(c) }
    }
    name
}

fn encode(into: &mut String, c: char) {
    for byte in c.encode_utf8(&mut [0; 4]).bytes() {
        let _ = write!(into, "%{byte:02X}");
    }
}

/// `node.js` must not look like `node` in a locale `js`.
fn without_locale(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, ending)) if ending.starts_with(|c: char| c.is_ascii_alphabetic()) => {
            format!("{stem}%2E{ending}")
        }
        _ => name.to_owned(),
    }
}

/// `~` is in no other name, so a cut one is no other's.
fn cut(part: &str) -> String {
    if part.len() <= LONGEST_PART {
        return part.to_owned();
    }
    let mut end = LONGEST_PART - 33;
    let inside_code = |end: usize| (1..=2).any(|back| part.as_bytes()[end - back] == b'%');
    while !part.is_char_boundary(end) || inside_code(end) {
        end -= 1;
    }
    format!("{}~{}", &part[..end], hash(part))
}

fn hash(text: &str) -> String {
    Sha256::digest(text)[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}
