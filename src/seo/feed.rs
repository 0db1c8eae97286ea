//! Feeds: Atom 1.0 (RFC 4287) and RSS 2.0 (rssboard.org, with `content`, `dc` and `atom` as its best
//! practices advise). Text that holds HTML is escaped once, as both formats ask; links in it are made
//! absolute.

use std::io::{self, Write};

use crate::clock::Time;
use crate::text::SafeHtml;

use super::absolute::absolute;
use super::dates;
use super::hreflang::Hreflang;
use super::xml::{Attribute, Document, Xml};

const ATOM: &str = "http://www.w3.org/2005/Atom";

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
}

impl Item {
    fn named_authors(&self) -> impl Iterator<Item = &Author> {
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
    let mut document = Document::open(out, "feed", &[("xmlns", ATOM), language])?;
    let xml = document.xml();
    xml.text("id", &[], &feed.id)?;
    xml.text("title", &[], &feed.title)?;
    optional(xml, "subtitle", feed.subtitle.as_deref())?;
    xml.empty("link", &[("rel", "self"), ("type", "application/atom+xml"), ("href", &feed.self_url)])?;
    xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &feed.url)])?;
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
    let content = item.content.as_ref().map(SafeHtml::as_str);
    html(xml, "content", &[("type", "html")], content, feed, item)
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
    let content = item.content.as_ref().map(SafeHtml::as_str);
    html(xml, "content:encoded", &[], content, feed, item)
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

fn html<W: Write>(
    xml: &mut Xml<W>,
    name: &'static str,
    attributes: &[Attribute],
    content: Option<&str>,
    feed: &Feed,
    item: &Item,
) -> io::Result<()> {
    match content.filter(|content| !content.is_empty()) {
        Some(content) => xml.text(name, attributes, &absolute(content, &feed.origin, &item.url)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::seo::hostile;

    const MEMORY: &str = "memory takes it";

    fn text(written: io::Result<Vec<u8>>) -> String {
        String::from_utf8(written.expect(MEMORY)).expect("UTF-8")
    }

    fn time(text: &str) -> Time {
        Time::parse(text).expect("a date")
    }

    fn feed() -> Feed {
        Feed {
            origin: "https://example.org".into(),
            id: "https://example.org/".into(),
            title: "Atlas".into(),
            subtitle: Some("Cafés & cities".into()),
            url: "https://example.org/".into(),
            self_url: "https://example.org/feed.xml".into(),
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
                },
            ],
        }
    }

    #[test]
    fn an_atom_feed_has_all_that_readers_need() {
        insta::assert_snapshot!(text(write_atom(Vec::new(), &feed())), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB">
        <id>https://example.org/</id>
        <title>Atlas</title>
        <subtitle>Cafés &amp; cities</subtitle>
        <link rel="self" type="application/atom+xml" href="https://example.org/feed.xml"/>
        <link rel="alternate" type="text/html" href="https://example.org/"/>
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
        <rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
        <channel>
        <title>Atlas</title>
        <link>https://example.org/</link>
        <description>Cafés &amp; cities</description>
        <language>en-gb</language>
        <lastBuildDate>Mon, 02 Mar 2026 09:00:00 GMT</lastBuildDate>
        <atom:link rel="self" type="application/rss+xml" href="https://example.org/feed.xml"/>
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
        let feed = feed();
        let mut xml = Xml::fragment(Vec::new());
        let content = Some("<p>A &amp; B <a href=\"/x\">x</a><a href=\"#fn1\">1</a></p>");
        html(&mut xml, "content", &[("type", "html")], content, &feed, &feed.entries[0]).expect(MEMORY);
        let mut document = Document::open(Vec::new(), "feed", &[]).expect(MEMORY);
        document.xml().append(&xml).expect(MEMORY);
        insta::assert_snapshot!(text(document.close()), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <feed>
        <content type="html">&lt;p&gt;A &amp;amp; B &lt;a href=&quot;https://example.org/x&quot;&gt;x&lt;/a&gt;&lt;a href=&quot;https://example.org/tehran/cafe-naderi#fn1&quot;&gt;1&lt;/a&gt;&lt;/p&gt;</content>
        </feed>
        "#);
    }

    /// A feed that says the same hostile thing everywhere, and the element that holds its HTML.
    fn hostile_feed(hostile: &str) -> Feed {
        let author = Author { name: hostile.into(), url: Some(hostile.into()) };
        let mut feed = feed();
        feed.entries.truncate(1);
        feed.title = hostile.into();
        feed.author = author.clone();
        feed.entries[0] = Item {
            id: hostile.into(),
            title: hostile.into(),
            url: hostile.into(),
            authors: vec![author],
            categories: vec![hostile.into()],
            summary: Some(hostile.into()),
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
        let mut xml = Xml::fragment(Vec::new());
        html(&mut xml, "content", &[], Some(hostile), feed, &feed.entries[0]).expect(MEMORY);
        let mut document = Document::open(Vec::new(), "feed", &[]).expect(MEMORY);
        document.xml().append(&xml).expect(MEMORY);
        let written = text(document.close());
        let read = roxmltree::Document::parse(&written).expect("well-formed content");
        let found = read.root_element().first_element_child().and_then(|n| n.text()).unwrap_or_default();
        let linked = absolute(hostile, &feed.origin, &feed.entries[0].url);
        assert_eq!(found, hostile::without_forbidden(&linked));
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
