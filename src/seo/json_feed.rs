//! JSON Feed 1.1 (jsonfeed.org).

use std::io::{self, Write};

use serde::Serialize;

use super::dates;
use super::feed::{Author, Feed, Item};

#[derive(Serialize)]
struct JsonFeed<'a> {
    version: &'static str,
    title: &'a str,
    home_page_url: &'a str,
    feed_url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    icon: Option<&'a str>,
    authors: Vec<JsonAuthor<'a>>,
    language: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hubs: Vec<Hub<'a>>,
    items: Vec<JsonItem<'a>>,
}

#[derive(Serialize)]
struct Hub<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    url: &'a str,
}

#[derive(Serialize)]
struct JsonAuthor<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct JsonItem<'a> {
    id: &'a str,
    url: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_html: Option<String>,
    /// An item needs content of one kind or the other.
    #[serde(skip_serializing_if = "Option::is_none")]
    content_text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_published: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authors: Vec<JsonAuthor<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<&'a str>,
}

/// Writes the feed as JSON: `application/feed+json`.
///
/// # Errors
/// Those of the writer.
pub fn write_json<W: Write>(mut out: W, feed: &Feed) -> io::Result<W> {
    let name = Some(feed.author.name.as_str()).filter(|name| !name.is_empty());
    let json = JsonFeed {
        version: "https://jsonfeed.org/version/1.1",
        title: &feed.title,
        home_page_url: &feed.url,
        feed_url: &feed.self_url,
        description: some(feed.subtitle.as_deref()),
        icon: some(feed.icon.as_deref()),
        authors: vec![JsonAuthor { name: name.unwrap_or(&feed.title), url: feed.author.url.as_deref() }],
        language: feed.locale.as_str(),
        hubs: feed.hub.iter().map(|url| Hub { kind: "WebSub", url }).collect(),
        items: feed.entries.iter().map(|item| json_item(feed, item)).collect(),
    };
    serde_json::to_writer_pretty(&mut out, &json)?;
    out.write_all(b"\n")?;
    Ok(out)
}

fn json_item<'a>(feed: &Feed, item: &'a Item) -> JsonItem<'a> {
    let content_html = item.html(feed);
    let summary = some(item.summary.as_deref());
    let content_text = content_html.is_none().then(|| summary.unwrap_or(&item.title));
    let author = |author: &'a Author| JsonAuthor { name: &author.name, url: author.url.as_deref() };
    JsonItem {
        id: &item.id,
        url: &item.url,
        title: &item.title,
        content_text,
        content_html,
        summary,
        image: item.image.as_deref(),
        date_published: item.published.and_then(dates::w3c),
        date_modified: dates::w3c(item.updated),
        authors: item.named_authors().map(author).collect(),
        tags: item.categories.iter().map(String::as_str).filter(|tag| !tag.is_empty()).collect(),
    }
}

fn some(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;
    use crate::seo::absolute::absolute;
    use crate::seo::feed::tests::{feed, hostile_feed, text};
    use crate::seo::hostile;
    use crate::text::SafeHtml;

    #[test]
    fn a_json_feed_has_all_that_readers_need() {
        let mut feed = feed();
        feed.entries[1].content = Some(SafeHtml::from_store("<p><a href=\"/x\">x</a></p>".into()));
        insta::assert_snapshot!(text(write_json(Vec::new(), &feed)));
    }

    #[track_caller]
    fn reads_back(hostile: &str) {
        let mut feed = hostile_feed(hostile);
        feed.entries[0].content = Some(SafeHtml::from_store(hostile.to_owned()));
        let written = text(write_json(Vec::new(), &feed));
        let read: Value = serde_json::from_str(&written).expect("JSON");
        assert_eq!(read["title"], hostile);
        assert_eq!(read["hubs"][0]["url"], hostile);
        let item = &read["items"][0];
        for key in ["id", "url", "title", "image"] {
            assert_eq!(item[key], hostile, "{key}");
        }
        if hostile.is_empty() {
            assert_eq!(item["content_text"], "");
        } else {
            assert_eq!(item["content_html"], absolute(hostile, &feed.origin, &feed.entries[0].url));
            assert_eq!(item["tags"][0], hostile);
            assert_eq!(item["authors"][0]["name"], hostile);
            assert_eq!(item["summary"], hostile);
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
