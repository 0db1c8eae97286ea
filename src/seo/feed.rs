//! Feeds: Atom 1.0 (RFC 4287), RSS 2.0 (rssboard.org, with `content`, `dc` and `atom` as its best
//! practices advise) and JSON Feed 1.1. Text that holds HTML is escaped once, as both XML formats ask;
//! links in it are made absolute.

use std::io::{self, Write};

use serde::Serialize;

use crate::clock::Time;
use crate::text::SafeHtml;

use super::absolute::absolute;
use super::dates;
use super::hreflang::Hreflang;
use super::json_feed::write_json;
use super::xml::{Attribute, Document, Xml};

const ATOM: &str = "http://www.w3.org/2005/Atom";
const MEDIA: Attribute = ("xmlns:media", "http://search.yahoo.com/mrss/");

/// How a feed is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    Atom,
    Rss,
    Json,
}

impl Format {
    pub const ALL: [Format; 3] = [Format::Atom, Format::Rss, Format::Json];

    /// The last part of a feed's address.
    pub fn file(self) -> &'static str {
        match self {
            Format::Atom => "feed.xml",
            Format::Rss => "rss.xml",
            Format::Json => "feed.json",
        }
    }

    /// The format of an address's last part.
    pub fn of_file(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.file() == name)
    }

    /// The media type, as links to the feed name it.
    pub fn mime(self) -> &'static str {
        match self {
            Format::Atom => "application/atom+xml",
            Format::Rss => "application/rss+xml",
            Format::Json => "application/feed+json",
        }
    }

    /// The header `Content-Type`.
    pub fn content_type(self) -> &'static str {
        match self {
            Format::Atom => "application/atom+xml; charset=utf-8",
            Format::Rss => "application/rss+xml; charset=utf-8",
            Format::Json => "application/feed+json; charset=utf-8",
        }
    }

    /// The whole feed as text.
    ///
    /// # Errors
    /// Those of the writer, of which memory has none.
    pub fn write(self, feed: &Feed) -> io::Result<Vec<u8>> {
        match self {
            Format::Atom => write_atom(Vec::new(), feed),
            Format::Rss => write_rss(Vec::new(), feed),
            Format::Json => write_json(Vec::new(), feed),
        }
    }
}

/// A feed. Every URL is absolute.
#[derive(Debug, Clone)]
pub struct Feed {
    /// The site's origin, which links such as `/a` in the content start from.
    pub origin: String,
    /// A permanent IRI; readers know the feed by it.
    pub id: String,
    pub title: String,
    pub subtitle: Option<String>,
    /// The page that lists the same things.
    pub url: String,
    /// The feed's own address.
    pub self_url: String,
    /// The WebSub hub that tells its readers of changes (W3C WebSub, 4).
    pub hub: Option<String>,
    /// When any of its entries last changed.
    pub updated: Time,
    pub locale: Hreflang,
    /// Who wrote what names no author; the feed's title when it has no name.
    pub author: Author,
    /// A square picture.
    pub icon: Option<String>,
    pub entries: Vec<Item>,
}

/// One entry of a feed.
#[derive(Debug, Clone)]
pub struct Item {
    /// A permanent IRI that outlives a change of address.
    pub id: String,
    pub title: String,
    pub url: String,
    pub published: Option<Time>,
    pub updated: Time,
    pub authors: Vec<Author>,
    pub categories: Vec<String>,
    /// Plain text.
    pub summary: Option<String>,
    /// The whole content.
    pub content: Option<SafeHtml>,
    /// Its picture, absolute.
    pub image: Option<String>,
}

impl Item {
    /// The whole content with absolute links.
    pub(super) fn html(&self, feed: &Feed) -> Option<String> {
        let content = self.content.as_ref().filter(|content| !content.is_empty())?;
        Some(absolute(content.as_str(), &feed.origin, &self.url))
    }

    pub(super) fn named_authors(&self) -> impl Iterator<Item = &Author> {
        self.authors.iter().filter(|author| !author.name.is_empty())
    }
}

/// Who wrote something.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Author {
    pub name: String,
    pub url: Option<String>,
}

/// Writes the feed as Atom: `application/atom+xml`.
///
/// # Errors
/// Those of the writer.
pub fn write_atom<W: Write>(out: W, feed: &Feed) -> io::Result<W> {
    let language = ("xml:lang", feed.locale.as_str());
    let mut document = Document::open(out, "feed", &[("xmlns", ATOM), MEDIA, language])?;
    let xml = document.xml();
    xml.text("id", &[], &feed.id)?;
    xml.text("title", &[], &feed.title)?;
    optional(xml, "subtitle", feed.subtitle.as_deref())?;
    xml.empty("link", &[("rel", "self"), ("type", "application/atom+xml"), ("href", &feed.self_url)])?;
    xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &feed.url)])?;
    if let Some(hub) = &feed.hub {
        xml.empty("link", &[("rel", "hub"), ("href", hub)])?;
    }
    xml.text("updated", &[], &instant(feed.updated))?;
    atom_author(xml, &feed.author, &feed.title)?;
    optional(xml, "icon", feed.icon.as_deref())?;
    for item in &feed.entries {
        xml.element("entry", &[], |xml| atom_entry(xml, feed, item))?;
    }
    document.close()
}

fn atom_entry<W: Write>(xml: &mut Xml<W>, feed: &Feed, item: &Item) -> io::Result<()> {
    xml.text("id", &[], &item.id)?;
    xml.text("title", &[], &item.title)?;
    xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &item.url)])?;
    optional(xml, "published", item.published.and_then(dates::w3c).as_deref())?;
    xml.text("updated", &[], &instant(item.updated))?;
    for author in item.named_authors() {
        atom_author(xml, author, &feed.title)?;
    }
    for category in item.categories.iter().filter(|category| !category.is_empty()) {
        xml.empty("category", &[("term", category)])?;
    }
    optional(xml, "summary", item.summary.as_deref())?;
    if let Some(content) = item.html(feed) {
        xml.text("content", &[("type", "html")], &content)?;
    }
    picture(xml, item)
}

/// The entry's picture (Media RSS 1.5.1), which both XML formats may hold.
fn picture<W: Write>(xml: &mut Xml<W>, item: &Item) -> io::Result<()> {
    match &item.image {
        Some(image) => xml.empty("media:content", &[("url", image), ("medium", "image")]),
        None => Ok(()),
    }
}

fn atom_author<W: Write>(xml: &mut Xml<W>, author: &Author, otherwise: &str) -> io::Result<()> {
    let name = if author.name.is_empty() { otherwise } else { &author.name };
    xml.element("author", &[], |xml| {
        xml.text("name", &[], name)?;
        optional(xml, "uri", author.url.as_deref())
    })
}

/// Atom demands these dates, so an impossible one becomes the first that all readers know.
fn instant(time: Time) -> String {
    dates::w3c(time).unwrap_or_else(|| Time(0).rfc3339())
}

/// Writes the feed as RSS: `application/rss+xml`.
///
/// # Errors
/// Those of the writer.
pub fn write_rss<W: Write>(out: W, feed: &Feed) -> io::Result<W> {
    let namespaces: &[Attribute] = &[
        ("version", "2.0"),
        ("xmlns:atom", ATOM),
        ("xmlns:content", "http://purl.org/rss/1.0/modules/content/"),
        ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
        MEDIA,
    ];
    let mut document = Document::open(out, "rss", namespaces)?;
    document.xml().element("channel", &[], |xml| {
        xml.text("title", &[], &feed.title)?;
        xml.text("link", &[], &feed.url)?;
        xml.text("description", &[], feed.subtitle.as_deref().unwrap_or(&feed.title))?;
        xml.text("language", &[], &feed.locale.as_str().to_ascii_lowercase())?;
        optional(xml, "lastBuildDate", dates::rfc822(feed.updated).as_deref())?;
        let address = ("href", feed.self_url.as_str());
        xml.empty("atom:link", &[("rel", "self"), ("type", "application/rss+xml"), address])?;
        if let Some(hub) = &feed.hub {
            xml.empty("atom:link", &[("rel", "hub"), ("href", hub)])?;
        }
        for item in &feed.entries {
            xml.element("item", &[], |xml| rss_item(xml, feed, item))?;
        }
        Ok(())
    })?;
    document.close()
}

fn rss_item<W: Write>(xml: &mut Xml<W>, feed: &Feed, item: &Item) -> io::Result<()> {
    xml.text("title", &[], &item.title)?;
    xml.text("link", &[], &item.url)?;
    xml.text("guid", &[("isPermaLink", "false")], &item.id)?;
    let date = item.published.unwrap_or(item.updated);
    optional(xml, "pubDate", dates::rfc822(date).as_deref())?;
    for author in item.named_authors() {
        xml.text("dc:creator", &[], &author.name)?;
    }
    for category in item.categories.iter().filter(|category| !category.is_empty()) {
        xml.text("category", &[], category)?;
    }
    optional(xml, "description", item.summary.as_deref().map(as_html).as_deref())?;
    if let Some(content) = item.html(feed) {
        xml.text("content:encoded", &[], &content)?;
    }
    picture(xml, item)
}

/// RSS readers take a description for HTML, so its text is escaped as HTML first.
fn as_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn optional<W: Write>(xml: &mut Xml<W>, name: &'static str, text: Option<&str>) -> io::Result<()> {
    match text.filter(|text| !text.is_empty()) {
        Some(text) => xml.text(name, &[], text),
        None => Ok(()),
    }
}

#[cfg(test)]
pub(super) mod tests;
