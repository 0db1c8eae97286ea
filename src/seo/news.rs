//! The news sitemap (Google Search Central, "Create a news sitemap"): stories of the last two days.

use std::io::{self, Write};

use crate::clock::Time;

use super::dates;
use super::hreflang::Hreflang;
use super::xml::{Attribute, Document};

/// How long a story is news, in milliseconds.
pub const WINDOW: i64 = 48 * 60 * 60 * 1000;
/// How many stories the file may list.
pub const MAX_STORIES: usize = 1_000;

const SITEMAP: Attribute = ("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9");
const NEWS: Attribute = ("xmlns:news", "http://www.google.com/schemas/sitemap-news/0.9");

/// A story, which may be indexed and is its own canonical.
#[derive(Debug, Clone)]
pub struct Story {
    /// Absolute.
    pub loc: String,
    /// The publication's name as Google News shows it.
    pub publication: String,
    /// Of [`language`].
    pub language: String,
    pub published: Time,
    pub title: String,
}

/// The language of a publication: a code of ISO 639, and for Chinese the script by the place where it
/// is written.
pub fn language(locale: &Hreflang) -> String {
    let mut parts = locale.as_str().split('-');
    let language = parts.next().unwrap_or_default();
    if language != "zh" {
        return language.to_owned();
    }
    let traditional = parts.any(|part| matches!(part, "Hant" | "TW" | "HK" | "MO"));
    if traditional { "zh-tw".to_owned() } else { "zh-cn".to_owned() }
}

/// Writes the file. It may be empty.
///
/// # Errors
/// Those of the writer; `InvalidInput` for more stories than it may list.
pub fn write_news<W: Write>(out: W, stories: &[Story]) -> io::Result<W> {
    if stories.len() > MAX_STORIES {
        let reason = "a news sitemap lists at most 1,000 stories";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
    }
    let mut document = Document::open(out, "urlset", &[SITEMAP, NEWS])?;
    for story in stories {
        document.xml().element("url", &[], |xml| {
            xml.text("loc", &[], &story.loc)?;
            xml.element("news:news", &[], |xml| {
                xml.element("news:publication", &[], |xml| {
                    xml.text("news:name", &[], &story.publication)?;
                    xml.text("news:language", &[], &story.language)
                })?;
                let date = dates::w3c(story.published).unwrap_or_default();
                xml.text("news:publication_date", &[], &date)?;
                xml.text("news:title", &[], &story.title)
            })
        })?;
    }
    document.close()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::seo::hostile;

    fn written(stories: &[Story]) -> String {
        String::from_utf8(write_news(Vec::new(), stories).expect("memory takes it")).expect("UTF-8")
    }

    fn story(text: &str) -> Story {
        Story {
            loc: text.to_owned(),
            publication: text.to_owned(),
            language: "fa".into(),
            published: Time(1_795_368_480_000),
            title: text.to_owned(),
        }
    }

    #[test]
    fn a_story_names_its_publication_language_date_and_title() {
        let mut story = story("Tom & Jerry's");
        story.loc = "https://example.org/articles/a?b=1&c=2".into();
        insta::assert_snapshot!(written(&[story]), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
        <url>
        <loc>https://example.org/articles/a?b=1&amp;c=2</loc>
        <news:news>
        <news:publication>
        <news:name>Tom &amp; Jerry&apos;s</news:name>
        <news:language>fa</news:language>
        </news:publication>
        <news:publication_date>2026-11-22T17:28:00Z</news:publication_date>
        <news:title>Tom &amp; Jerry&apos;s</news:title>
        </news:news>
        </url>
        </urlset>
        "#);
    }

    #[test]
    fn no_news_is_a_whole_file_and_too_many_are_an_error() {
        assert!(roxmltree::Document::parse(&written(&[])).is_ok());
        let many = vec![story("a"); MAX_STORIES + 1];
        assert!(write_news(io::sink(), &many[1..]).is_ok());
        let error = write_news(io::sink(), &many).expect_err("one too many");
        assert_eq!(error.to_string(), "a news sitemap lists at most 1,000 stories");
    }

    #[test]
    fn a_language_is_a_code_alone_but_for_chinese() {
        for (locale, expected) in [
            ("fa", "fa"),
            ("en-GB", "en"),
            ("zh", "zh-cn"),
            ("zh-Hans", "zh-cn"),
            ("zh-TW", "zh-tw"),
            ("zh-Hant-HK", "zh-tw"),
        ] {
            assert_eq!(language(&Hreflang::parse(locale).expect("a valid code")), expected, "{locale}");
        }
    }

    proptest! {
        #![proptest_config(hostile::many())]
        #[test]
        fn any_string_is_read_back(text in hostile::strings()) {
            let written = written(&[story(&text)]);
            let read = roxmltree::Document::parse(&written).expect("well-formed");
            let expected = hostile::without_forbidden(&text);
            for name in ["loc", "name", "title"] {
                let found = read.descendants().find(|node| node.tag_name().name() == name);
                prop_assert_eq!(found.and_then(|node| node.text()).unwrap_or_default(), &expected);
            }
            prop_assert_eq!(read.descendants().filter(roxmltree::Node::is_element).count(), 9);
        }
    }
}
