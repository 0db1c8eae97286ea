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
                    Author { name: "Leila".into(), url: Some("https://example.org/authors/leila".into()) },
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
    let creator = item.children().find(|n| n.has_tag_name(("http://purl.org/dc/elements/1.1/", "creator")));
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
