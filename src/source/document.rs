//! One Markdown file: its front matter in any of the known dialects, and its body.

use std::collections::HashMap;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use serde_json::Map;

use super::front::reader::{Reader, Table};
use super::front::{self, Fault, Member, Value};
use super::templates;
use crate::clock::Time;
use crate::error::{Problem, Problems};

/// A file, read.
#[derive(Debug, Clone)]
pub struct Document {
    pub front: FrontMatter,
    /// Markdown. In [`Dialect::Atlas`] the very bytes export was given; otherwise with `\n` line
    /// ends, without a heading that served as the title, and with generators' own syntax turned
    /// into Markdown where there is a way to say the same.
    pub body: String,
    pub dialect: Dialect,
    /// Markdown before `<!-- more -->`: a summary, for want of a description.
    pub lead: Option<String>,
    /// What was left as it is and deserves a look. The file is good all the same.
    pub warnings: Vec<Problem>,
    lines: HashMap<String, u32>,
}

/// Whose habits a file follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Written by export: TOML with `type`, `locale` and an absolute `path`.
    Atlas,
    /// Zola, or Hugo with TOML.
    Toml,
    /// Jekyll or Hugo.
    Yaml,
    /// Hugo.
    Json,
    /// No front matter at all.
    Bare,
}

/// What a front matter says, whatever its keys are called.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FrontMatter {
    /// `type`: an Atlas type when it names one; Hugo uses the key for its own ends.
    pub kind: Option<String>,
    pub title: String,
    pub date: Option<Time>,
    pub updated: Option<Time>,
    pub slug: Option<String>,
    /// `path`, `url` or `permalink`, as written; [`super::locate`] makes an address of it.
    pub path: Option<String>,
    /// As written; those of Jekyll's `redirect_from` begin with `/`. [`super::locate`] makes
    /// addresses of them.
    pub aliases: Vec<String>,
    pub authors: Vec<String>,
    pub categories: Vec<String>,
    pub tags: Vec<String>,
    pub draft: bool,
    pub expiry: Option<Time>,
    pub description: Option<String>,
    pub cover: Option<Cover>,
    pub locale: Option<String>,
    pub translation_of: Option<String>,
    pub parent: Option<String>,
    pub state: Option<String>,
    /// The path of the entry to which the addresses of one that is not live lead.
    pub replaced_by: Option<String>,
    pub visibility: Option<String>,
    pub seo: Seo,
    /// The type's own fields, under `fields`.
    pub fields: Map<String, serde_json::Value>,
    /// Everything else. Nothing of it is used; a report says so.
    pub extra: Map<String, serde_json::Value>,
}

/// A cover image; `src` is a file beside the document, a site path or a URL.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cover {
    pub src: String,
    pub alt: Option<String>,
    pub caption: Option<String>,
    pub credit: Option<String>,
    pub creator: Option<String>,
    pub copyright: Option<String>,
    pub license: Option<String>,
    pub license_page: Option<String>,
}

/// Overrides for search engines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seo {
    pub title: Option<String>,
    pub description: Option<String>,
    pub canonical: Option<String>,
    pub noindex: bool,
    pub nofollow: bool,
    /// Directives as the robots tag has them.
    pub robots: Option<String>,
    pub faq: Option<bool>,
}

impl Document {
    /// The line of a key, by its name in the file or in [`FrontMatter`]; keys of tables are dotted
    /// (`fields.city`).
    pub fn line_of(&self, key: &str) -> Option<u32> {
        self.lines.get(key).copied()
    }
}

/// Reads a file. `name` is how problems call it, and where the title comes from when neither the
/// front matter nor a first-level heading gives one.
///
/// # Errors
/// Everything that is wrong with the front matter, each with its line in the file.
pub fn parse(name: &str, text: &str) -> Result<Document, Problems> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let parts = split(text).map_err(|fault| problems(name, fault))?;
    let dialect = match parts.dialect {
        Dialect::Toml if is_atlas(&parts.members) => Dialect::Atlas,
        dialect => dialect,
    };
    let mut reader = Reader {
        file: name,
        yaml: dialect == Dialect::Yaml,
        problems: Problems::default(),
        lines: HashMap::new(),
    };
    reader.note_lines("", &parts.members);
    let (mut front, title) = front_matter(&mut reader, Table::root(parts.members));
    let Reader { mut problems, lines, .. } = reader;
    problems.0.sort_by_key(|problem| problem.line);
    let mut document = Document {
        front: FrontMatter::default(),
        body: String::new(),
        dialect,
        lead: None,
        warnings: Vec::new(),
        lines,
    };
    if dialect == Dialect::Atlas {
        document.body = parts.body.to_owned();
    } else {
        let body = unix_lines(parts.body);
        let plain = templates::to_markdown(&body, name, parts.body_line);
        document.body = plain.body;
        document.lead = plain.lead;
        document.warnings = plain.warnings;
    }
    front.title = title.or_else(|| take_heading(&mut document.body)).unwrap_or_else(|| title_of_name(name));
    document.front = front;
    if problems.is_empty() { Ok(document) } else { Err(problems) }
}

fn problems(name: &str, fault: Fault) -> Problems {
    let problem = Problem::new(fault.reason).at(name, fault.line);
    Problems(vec![match fault.key {
        Some(key) => problem.field(key),
        None => problem,
    }])
}

struct Parts<'a> {
    members: Vec<Member>,
    dialect: Dialect,
    body: &'a str,
    body_line: u32,
}

/// Takes the front matter from the body.
fn split(text: &str) -> Result<Parts<'_>, Fault> {
    let start = text.len() - text.trim_start().len();
    let first_line = line_after(&text[..start], 1);
    let rest = &text[start..];
    let (line, _) = take_line(rest);
    match line.trim_end() {
        "+++" => fenced(rest, first_line, Dialect::Toml),
        "---" => fenced(rest, first_line, Dialect::Yaml),
        _ if is_json(rest) => {
            let (members, end) = front::json::read(rest, first_line)?;
            let (line, body) = take_line(&rest[end..]);
            let fence_line = line_after(&rest[..end], first_line);
            if !line.trim().is_empty() {
                let reason = "after the closing brace of the front matter the line has to end";
                return Err(Fault::new(fence_line, reason));
            }
            Ok(parts(members, Dialect::Json, body, fence_line + 1))
        }
        _ => {
            let body = text.strip_suffix('\n').unwrap_or(text);
            Ok(Parts { members: Vec::new(), dialect: Dialect::Bare, body, body_line: 1 })
        }
    }
}

/// An object, not a template's `{{` or `{%`.
fn is_json(text: &str) -> bool {
    let inner = text.strip_prefix('{').map(str::trim_start);
    inner.is_some_and(|inner| inner.starts_with(['"', '}']))
}

fn fenced(text: &str, first_line: u32, dialect: Dialect) -> Result<Parts<'_>, Fault> {
    let (open, rest) = take_line(text);
    let fence = open.trim_end();
    let closes = |line: &str| line == fence || (dialect == Dialect::Yaml && line == "...");
    let mut at = 0;
    let mut line_number = first_line + 1;
    while at < rest.len() {
        let (line, after) = take_line(&rest[at..]);
        if closes(line.trim_end()) {
            let front = &rest[..at];
            let members = match dialect {
                Dialect::Yaml => front::yaml::read(front, first_line + 1)?,
                _ => front::toml::read(front, first_line + 1)?,
            };
            return Ok(parts(members, dialect, after, line_number + 1));
        }
        at = rest.len() - after.len();
        line_number += 1;
    }
    Err(Fault::new(
        first_line,
        format!("the front matter that opens here is never closed by a line `{fence}`"),
    ))
}

/// One empty line after the front matter and the file's last line end are not the body's:
/// see [`super::write`].
fn parts(members: Vec<Member>, dialect: Dialect, after: &str, line: u32) -> Parts<'_> {
    let (blank, rest) = take_line(after);
    let (body, body_line) = if blank.is_empty() { (rest, line + 1) } else { (after, line) };
    let body = body.strip_suffix('\n').unwrap_or(body);
    Parts { members, dialect, body, body_line }
}

/// A line without its end, and what follows.
fn take_line(text: &str) -> (&str, &str) {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    (line.strip_suffix('\r').unwrap_or(line), rest)
}

fn line_after(text: &str, first: u32) -> u32 {
    let breaks = text.bytes().filter(|byte| *byte == b'\n').count();
    first.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX))
}

fn unix_lines(text: &str) -> String {
    text.replace("\r\n", "\n").trim_end_matches('\r').to_owned()
}

/// Export always writes these three.
fn is_atlas(members: &[Member]) -> bool {
    let text = |key: &str| {
        members.iter().find(|member| member.key == key).and_then(|member| match &member.node.value {
            Value::Text(text) => Some(text.as_str()),
            _ => None,
        })
    };
    text("type").is_some()
        && text("locale").is_some()
        && text("path").is_some_and(|path| path.starts_with('/'))
}

/// All that a front matter says, and the title if it gives one.
fn front_matter(reader: &mut Reader<'_>, mut root: Table) -> (FrontMatter, Option<String>) {
    let title = reader.text(&mut root, &["title"]);
    let mut front = FrontMatter {
        kind: reader.text(&mut root, &["type"]),
        date: reader.time(&mut root, &["date", "publishdate"]),
        updated: reader.time(&mut root, &["updated", "lastmod", "modified", "last_modified_at"]),
        slug: reader.text(&mut root, &["slug"]),
        path: reader.text(&mut root, &["path", "url", "permalink"]),
        aliases: aliases(reader, &mut root),
        authors: reader.names(&mut root, &["authors", "author"]),
        categories: reader.texts(&mut root, &["categories"], true),
        tags: reader.texts(&mut root, &["tags"], true),
        draft: draft(reader, &mut root),
        expiry: reader.time(&mut root, &["expiry", "expirydate", "expires", "unpublishdate"]),
        description: reader.text(&mut root, &["description", "summary", "excerpt"]),
        cover: cover(reader, &mut root),
        locale: reader.text(&mut root, &["locale", "lang", "language"]),
        translation_of: reader.text(&mut root, &["translation_of"]),
        parent: reader.text(&mut root, &["parent"]),
        state: reader.text(&mut root, &["state"]),
        replaced_by: reader.text(&mut root, &["replaced_by"]),
        visibility: reader.text(&mut root, &["visibility"]),
        ..FrontMatter::default()
    };
    singular(reader, &mut root, &mut front);
    let mut left = Map::new();
    taxonomies(reader, &mut root, &mut front, &mut left);
    generator_extra(reader, &mut root, &mut front, &mut left);
    front.seo = seo(reader, &mut root, &mut left);
    front.fields = reader.table(&mut root, &["fields"]).map(Table::rest).unwrap_or_default();
    front.extra = root.rest();
    front.extra.extend(left);
    (front, title)
}

fn aliases(reader: &mut Reader<'_>, root: &mut Table) -> Vec<String> {
    let mut aliases = reader.texts(root, &["aliases"], false);
    let from_root = reader.texts(root, &["redirect_from", "redirects"], false);
    aliases.extend(from_root.into_iter().map(|path| match path.contains("://") || path.starts_with('/') {
        true => path,
        false => format!("/{path}"),
    }));
    aliases
}

fn draft(reader: &mut Reader<'_>, root: &mut Table) -> bool {
    let draft = reader.flag(root, &["draft"]);
    let published = reader.flag(root, &["published"]);
    draft.unwrap_or(false) || !published.unwrap_or(true)
}

/// Jekyll's `category: one` and `tag: one` are one name each, whatever is in it.
fn singular(reader: &mut Reader<'_>, root: &mut Table, front: &mut FrontMatter) {
    if front.categories.is_empty() {
        front.categories = reader.texts(root, &["category"], false);
    }
    if front.tags.is_empty() {
        front.tags = reader.texts(root, &["tag"], false);
    }
}

/// Zola's `[taxonomies]`.
fn taxonomies(
    reader: &mut Reader<'_>,
    root: &mut Table,
    front: &mut FrontMatter,
    left: &mut Map<String, serde_json::Value>,
) {
    let Some(mut table) = reader.table(root, &["taxonomies"]) else { return };
    front.categories.extend(reader.texts(&mut table, &["categories"], true));
    front.tags.extend(reader.texts(&mut table, &["tags"], true));
    if front.authors.is_empty() {
        front.authors = reader.names(&mut table, &["authors", "author"]);
    }
    keep(left, "taxonomies", table);
}

/// Zola's `[extra]` and Hugo's `[params]`, of which only an image means anything here.
fn generator_extra(
    reader: &mut Reader<'_>,
    root: &mut Table,
    front: &mut FrontMatter,
    left: &mut Map<String, serde_json::Value>,
) {
    for name in ["extra", "params"] {
        let Some(mut table) = reader.table(root, &[name]) else { continue };
        if front.cover.is_none() {
            front.cover = cover(reader, &mut table);
        }
        keep(left, name, table);
    }
}

fn keep(left: &mut Map<String, serde_json::Value>, name: &str, table: Table) {
    if !table.is_empty() {
        left.insert(name.to_owned(), serde_json::Value::Object(table.rest()));
    }
}

/// `image = "a.png"`, `images = ["a.png"]` or a table with more to say.
fn cover(reader: &mut Reader<'_>, table: &mut Table) -> Option<Cover> {
    let found = reader.take(table, &["cover", "image", "featured_image", "images"])?;
    let (line, key) = (found.line(), found.key().to_owned());
    let mut node = found.into_node();
    if let Value::List(nodes) = node.value {
        node = nodes.into_iter().next()?;
    }
    let Value::Map(members) = node.value else {
        return reader.as_text(node, &key).map(|src| Cover { src, ..Cover::default() });
    };
    let mut table = Table::under(&key, members);
    let before = reader.problems.0.len();
    let src = reader.text(&mut table, &["src", "image", "path", "url"]);
    if src.is_none() && reader.problems.0.len() == before {
        reader.wrong(line, &key, "an image that is a table needs a `src`");
    }
    Some(Cover {
        src: src?,
        alt: reader.text(&mut table, &["alt"]),
        caption: reader.text(&mut table, &["caption"]),
        credit: reader.text(&mut table, &["credit"]),
        creator: reader.text(&mut table, &["creator"]),
        copyright: reader.text(&mut table, &["copyright"]),
        license: reader.text(&mut table, &["license"]),
        license_page: reader.text(&mut table, &["license_page"]),
    })
}

fn seo(reader: &mut Reader<'_>, root: &mut Table, left: &mut Map<String, serde_json::Value>) -> Seo {
    let Some(mut table) = reader.table(root, &["seo"]) else { return Seo::default() };
    let seo = Seo {
        title: reader.text(&mut table, &["title"]),
        description: reader.text(&mut table, &["description"]),
        canonical: reader.text(&mut table, &["canonical"]),
        noindex: reader.flag(&mut table, &["noindex"]).unwrap_or(false),
        nofollow: reader.flag(&mut table, &["nofollow"]).unwrap_or(false),
        robots: reader.texts(&mut table, &["robots"], false).into_iter().reduce(|all, one| all + ", " + &one),
        faq: reader.flag(&mut table, &["faq"]),
    };
    keep(left, "seo", table);
    seo
}

/// Takes the first heading of the first level out of the body.
fn take_heading(body: &mut String) -> Option<String> {
    let mut depth = 0_usize;
    let mut range = None;
    let mut title = String::new();
    for (event, at) in Parser::new_ext(body, Options::empty()).into_offset_iter() {
        match event {
            Event::Start(tag) => {
                if depth == 0 && matches!(tag, Tag::Heading { level: HeadingLevel::H1, .. }) {
                    range = Some(at);
                }
                depth += 1;
            }
            Event::End(TagEnd::Heading(HeadingLevel::H1)) if range.is_some() => break,
            Event::End(_) => depth -= 1,
            Event::Text(text) | Event::Code(text) if range.is_some() => title.push_str(&text),
            Event::SoftBreak | Event::HardBreak if range.is_some() => title.push(' '),
            _ => {}
        }
    }
    let range = range?;
    let title = title.trim().to_owned();
    if title.is_empty() {
        return None;
    }
    let after = body[range.end..].trim_start_matches('\n').to_owned();
    body.truncate(range.start);
    body.push_str(&after);
    Some(title)
}

/// `posts/2020-01-02-hello_world.fa.md` is “Hello world”.
fn title_of_name(name: &str) -> String {
    let words = super::address::bare_name(name).replace(['-', '_'], " ");
    let mut letters = words.trim().chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => name.to_owned(),
    }
}
