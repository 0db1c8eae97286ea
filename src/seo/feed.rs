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
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::seo::hostile;

    const MEMORY: &str = "memory takes it";

    pub fn text(written: io::Result<Vec<u8>>) -> String {
        String::from_utf8(written.expect(MEMORY)).expect("UTF-8")
    }

    fn time(text: &str) -> Time {
        Time::parse(text).expect("a date")
    }

    pub fn feed() -> Feed {
        Feed {
            origin: "https://example.org".into(),
            id: "https://example.org/".into(),
            title: "Atlas".into(),
            subtitle: Some("Cafés & cities".into()),
            url: "https://example.org/".into(),
            self_url: "https://example.org/feed.xml".into(),
            hub: Some("https://hub.test/?a=1&b=2".into()),
            updated: time("2026-03-02T09:00:00Z"),
            locale: Hreflang::parse("en-GB").expect("a valid code"),
            author: Author { name: "Atlas".into(), url: Some("https://example.org/".into()) },
            icon: Some("https://example.org/static/icon.png".into()),
            entries: vec![
                Item {
                    id: "urn:uuid:00000000-0000-0000-0000-000000000001".into(),
                    title: "Tom & Jerry's <b>café</b>".into(),
                    url: "https://example.org/tehran/cafe-naderi".into(),
                    published: Some(time("2026-03-01T09:00:00Z")),
                    updated: time("2026-03-02T09:00:00Z"),
                    authors: vec![
                        Author {
                            name: "Leila".into(),
                            url: Some("https://example.org/authors/leila".into()),
                        },
                        Author { name: "Omid".into(), url: None },
                    ],
                    categories: vec!["Food & drink".into(), "Tehran".into()],
                    summary: Some("Less than 2 < 3 coffees.".into()),
                    content: None,
                    image: Some("https://example.org/media/a.jpg?a=1&b=2".into()),
                },
                Item {
                    id: "urn:uuid:00000000-0000-0000-0000-000000000002".into(),
                    title: "Old".into(),
                    url: "https://example.org/old".into(),
                    published: None,
                    updated: Time(i64::from(i32::MIN) * 40_000),
                    authors: vec![],
                    categories: vec![],
                    summary: None,
                    content: Some(SafeHtml::default()),
                    image: None,
                },
            ],
        }
    }

    #[test]
    fn an_atom_feed_has_all_that_readers_need() {
        insta::assert_snapshot!(text(write_atom(Vec::new(), &feed())), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" xml:lang="en-GB">
        <id>https://example.org/</id>
        <title>Atlas</title>
        <subtitle>Cafés &amp; cities</subtitle>
        <link rel="self" type="application/atom+xml" href="https://example.org/feed.xml"/>
        <link rel="alternate" type="text/html" href="https://example.org/"/>
        <link rel="hub" href="https://hub.test/?a=1&amp;b=2"/>
        <updated>2026-03-02T09:00:00Z</updated>
        <author>
        <name>Atlas</name>
        <uri>https://example.org/</uri>
        </author>
        <icon>https://example.org/static/icon.png</icon>
        <entry>
        <id>urn:uuid:00000000-0000-0000-0000-000000000001</id>
        <title>Tom &amp; Jerry&apos;s &lt;b&gt;café&lt;/b&gt;</title>
        <link rel="alternate" type="text/html" href="https://example.org/tehran/cafe-naderi"/>
        <published>2026-03-01T09:00:00Z</published>
        <updated>2026-03-02T09:00:00Z</updated>
        <author>
        <name>Leila</name>
        <uri>https://example.org/authors/leila</uri>
        </author>
        <author>
        <name>Omid</name>
        </author>
        <category term="Food &amp; drink"/>
        <category term="Tehran"/>
        <summary>Less than 2 &lt; 3 coffees.</summary>
        <media:content url="https://example.org/media/a.jpg?a=1&amp;b=2" medium="image"/>
        </entry>
        <entry>
        <id>urn:uuid:00000000-0000-0000-0000-000000000002</id>
        <title>Old</title>
        <link rel="alternate" type="text/html" href="https://example.org/old"/>
        <updated>1970-01-01T00:00:00Z</updated>
        </entry>
        </feed>
        "#);
    }

    #[test]
    fn an_rss_feed_has_all_that_readers_need() {
        insta::assert_snapshot!(text(write_rss(Vec::new(), &feed())), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">
        <channel>
        <title>Atlas</title>
        <link>https://example.org/</link>
        <description>Cafés &amp; cities</description>
        <language>en-gb</language>
        <lastBuildDate>Mon, 02 Mar 2026 09:00:00 GMT</lastBuildDate>
        <atom:link rel="self" type="application/rss+xml" href="https://example.org/feed.xml"/>
        <atom:link rel="hub" href="https://hub.test/?a=1&amp;b=2"/>
        <item>
        <title>Tom &amp; Jerry&apos;s &lt;b&gt;café&lt;/b&gt;</title>
        <link>https://example.org/tehran/cafe-naderi</link>
        <guid isPermaLink="false">urn:uuid:00000000-0000-0000-0000-000000000001</guid>
        <pubDate>Sun, 01 Mar 2026 09:00:00 GMT</pubDate>
        <dc:creator>Leila</dc:creator>
        <dc:creator>Omid</dc:creator>
        <category>Food &amp; drink</category>
        <category>Tehran</category>
        <description>Less than 2 &amp;lt; 3 coffees.</description>
        <media:content url="https://example.org/media/a.jpg?a=1&amp;b=2" medium="image"/>
        </item>
        <item>
        <title>Old</title>
        <link>https://example.org/old</link>
        <guid isPermaLink="false">urn:uuid:00000000-0000-0000-0000-000000000002</guid>
        </item>
        </channel>
        </rss>
        "#);
    }

    #[test]
    fn content_is_escaped_html_with_absolute_links() {
        let mut feed = feed();
        let content = "<p>A &amp; B <a href=\"/x\">x</a><a href=\"#fn1\">1</a></p>";
        feed.entries[0].content = Some(SafeHtml::from_store(content.into()));
        let line = |written: String, name: &str| {
            let found = written.lines().find(|line| line.starts_with(name)).map(str::to_owned);
            found.expect("the element has a line of its own")
        };
        let rss = line(text(write_rss(Vec::new(), &feed)), "<content:encoded>");
        let atom = line(text(write_atom(Vec::new(), &feed)), "<content ");
        assert_eq!(
            rss.replace("content:encoded>", ""),
            atom.replace("content type=\"html\">", "").replace("content>", "")
        );
        insta::assert_snapshot!(atom, @r#"
        <content type="html">&lt;p&gt;A &amp;amp; B &lt;a href=&quot;https://example.org/x&quot;&gt;x&lt;/a&gt;&lt;a href=&quot;https://example.org/tehran/cafe-naderi#fn1&quot;&gt;1&lt;/a&gt;&lt;/p&gt;</content>
        "#);
    }

    /// A feed that says the same hostile thing everywhere, and the element that holds its HTML.
    pub fn hostile_feed(hostile: &str) -> Feed {
        let author = Author { name: hostile.into(), url: Some(hostile.into()) };
        let mut feed = feed();
        feed.entries.truncate(1);
        feed.title = hostile.into();
        feed.hub = Some(hostile.into());
        feed.author = author.clone();
        feed.entries[0] = Item {
            id: hostile.into(),
            title: hostile.into(),
            url: hostile.into(),
            authors: vec![author],
            categories: vec![hostile.into()],
            summary: Some(hostile.into()),
            image: Some(hostile.into()),
            ..feed.entries[0].clone()
        };
        feed
    }

    #[track_caller]
    fn reads_back(hostile: &str) {
        let feed = hostile_feed(hostile);
        let expected = hostile::without_forbidden(hostile);

        let atom = text(write_atom(Vec::new(), &feed));
        let read = roxmltree::Document::parse(&atom).expect("well-formed Atom");
        let entry = read.descendants().find(|n| n.has_tag_name((ATOM, "entry"))).expect("an entry");
        let child = |name| entry.children().find(|n| n.has_tag_name((ATOM, name)));
        for name in ["id", "title", "summary"] {
            let found = child(name).and_then(|n| n.text()).unwrap_or_default();
            assert_eq!(found, expected, "{name}");
        }
        if !hostile.is_empty() {
            assert_eq!(child("category").and_then(|n| n.attribute("term")), Some(expected.as_str()));
            let name = child("author").and_then(|n| n.first_element_child());
            assert_eq!(name.and_then(|n| n.text()).unwrap_or_default(), expected);
        }
        assert_eq!(child("link").and_then(|n| n.attribute("href")), Some(expected.as_str()));
        let hub = read.descendants().find(|n| n.attribute("rel") == Some("hub"));
        assert_eq!(hub.and_then(|n| n.attribute("href")), Some(expected.as_str()));
        let picture = read.descendants().find(|n| n.has_tag_name((MEDIA.1, "content")));
        assert_eq!(picture.and_then(|n| n.attribute("url")), Some(expected.as_str()));
        let title = read.root_element().children().find(|n| n.has_tag_name((ATOM, "title")));
        assert_eq!(title.and_then(|n| n.text()).unwrap_or_default(), expected);

        let rss = text(write_rss(Vec::new(), &feed));
        let read = roxmltree::Document::parse(&rss).expect("well-formed RSS");
        let item = read.descendants().find(|n| n.has_tag_name("item")).expect("an item");
        let child = |name| item.children().find(|n| n.has_tag_name(name));
        for name in ["title", "link", "guid", "category"] {
            let found = child(name).and_then(|n| n.text()).unwrap_or_default();
            assert_eq!(found, expected, "{name}");
        }
        let creator =
            item.children().find(|n| n.has_tag_name(("http://purl.org/dc/elements/1.1/", "creator")));
        assert_eq!(creator.and_then(|n| n.text()).unwrap_or_default(), expected);
        let described = child("description").and_then(|n| n.text()).unwrap_or_default();
        assert_eq!(described, as_html(&expected));

        content_reads_back(hostile, &feed);
    }

    #[track_caller]
    fn content_reads_back(hostile: &str, feed: &Feed) {
        let mut feed = feed.clone();
        feed.entries[0].content = Some(SafeHtml::from_store(hostile.to_owned()));
        let linked = absolute(hostile, &feed.origin, &feed.entries[0].url);
        for (written, name) in
            [(write_atom(Vec::new(), &feed), "content"), (write_rss(Vec::new(), &feed), "encoded")]
        {
            let written = text(written);
            let read = roxmltree::Document::parse(&written).expect("well-formed content");
            let is_content = |node: &roxmltree::Node| {
                node.tag_name().name() == name && node.tag_name().namespace() != Some(MEDIA.1)
            };
            let found = read.descendants().find(is_content).and_then(|node| node.text());
            assert_eq!(found.unwrap_or_default(), hostile::without_forbidden(&linked));
        }
    }

    #[test]
    fn the_known_hostile_strings_are_read_back() {
        hostile::table().iter().for_each(|text| reads_back(text));
    }

    proptest! {
        #![proptest_config(hostile::many())]
        #[test]
        fn any_string_is_read_back(text in hostile::strings()) {
            reads_back(&text);
        }
    }
}
