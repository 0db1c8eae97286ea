//! A finished page as a crawler reads it: head, headings, links and pictures of its main part.

use std::cell::RefCell;

use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind::{Rawtext, Rcdata, ScriptData};
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer};
use serde_json::Value;

use crate::seo::meta::one_line;

/// What is read of a page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    pub lang: String,
    pub title: String,
    pub description: String,
    pub canonical: Option<String>,
    /// As the robots tag says it; empty without one.
    pub robots: String,
    /// (hreflang, address).
    pub alternates: Vec<(String, String)>,
    /// (property, content) of Open Graph and of cards.
    pub social: Vec<(String, String)>,
    /// Level and text, in order.
    pub headings: Vec<(u8, String)>,
    pub links: Vec<Link>,
    pub pictures: Vec<Picture>,
    /// Words of the main part.
    pub words: usize,
    /// The JSON-LD graph.
    pub graph: Option<Value>,
}

/// A link of the main part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Link {
    pub href: String,
    /// Its words, or what its pictures say.
    pub text: String,
}

/// A picture of the main part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Picture {
    pub src: String,
    /// `None` without the attribute.
    pub alt: Option<String>,
    /// Whether width and height are said.
    pub is_sized: bool,
}

impl Page {
    pub fn read(html: &str) -> Page {
        let input = BufferQueue::default();
        input.push_back(StrTendril::from(html));
        let tokenizer = Tokenizer::new(Sink::default(), Default::default());
        let _ = tokenizer.feed(&input);
        tokenizer.end();
        tokenizer.sink.0.into_inner().page
    }

    /// What previews are told under a name; empty without it.
    pub fn social(&self, property: &str) -> &str {
        let found = self.social.iter().find(|(known, _)| known == property);
        found.map_or("", |(_, content)| content)
    }
}

/// Where the reader stands.
#[derive(Default)]
struct Reader {
    page: Page,
    /// How deep in `main`, and in what is nobody's words: styles, templates.
    main: usize,
    hidden: usize,
    heading: Option<(u8, String)>,
    link: Option<Link>,
    title: bool,
    json_ld: bool,
    json: String,
}

#[derive(Default)]
struct Sink(RefCell<Reader>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut reader = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => return reader.open(&tag),
            Token::TagToken(tag) => reader.close(&tag.name),
            Token::CharacterTokens(text) => reader.text(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Reader {
    fn open(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let get = |key: &str| {
            let found = tag.attrs.iter().find(|attribute| &*attribute.name.local == key);
            found.map(|attribute| attribute.value.to_string())
        };
        match &*tag.name {
            "html" => self.page.lang = get("lang").unwrap_or_default(),
            "title" => {
                self.title = self.page.title.is_empty();
                return TokenSinkResult::RawData(Rcdata);
            }
            "script" => {
                self.json_ld = get("type").as_deref() == Some("application/ld+json");
                self.hidden += 1;
                return TokenSinkResult::RawData(ScriptData);
            }
            "style" => {
                self.hidden += 1;
                return TokenSinkResult::RawData(Rawtext);
            }
            "meta" => self.meta(get("name").or_else(|| get("property")), get("content").unwrap_or_default()),
            "link" => self.head_link(get("rel").unwrap_or_default(), get("hreflang"), get("href")),
            "main" => self.main += 1,
            _ if self.main == 0 => {}
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.heading = Some((tag.name.as_bytes()[1] - b'0', String::new()));
            }
            "a" => {
                self.link = get("href").map(|href| Link { href, text: get("aria-label").unwrap_or_default() })
            }
            "img" => self.picture(get("src"), get("alt"), get("width").is_some() && get("height").is_some()),
            _ => {}
        }
        TokenSinkResult::Continue
    }

    fn close(&mut self, name: &str) {
        match name {
            "title" => self.title = false,
            "script" | "style" => {
                self.hidden = self.hidden.saturating_sub(1);
                if std::mem::take(&mut self.json_ld) && self.page.graph.is_none() {
                    self.page.graph = serde_json::from_str(&self.json).ok();
                }
            }
            "main" => self.main = self.main.saturating_sub(1),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let heading = self.heading.take();
                self.page.headings.extend(heading.map(|(level, text)| (level, one_line(&text))));
            }
            "a" => {
                let link = self.link.take();
                self.page.links.extend(link.map(|link| Link { text: one_line(&link.text), ..link }));
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.title {
            self.page.title.push_str(text);
        }
        if self.json_ld {
            self.json.push_str(text);
        }
        if self.main == 0 || self.hidden > 0 {
            return;
        }
        self.page.words += text.split_whitespace().count();
        if let Some((_, heading)) = &mut self.heading {
            heading.push_str(text);
        }
        if let Some(link) = &mut self.link {
            link.text.push_str(text);
        }
    }

    fn meta(&mut self, name: Option<String>, content: String) {
        match name.as_deref() {
            Some("description") => self.page.description = content,
            Some("robots") => self.page.robots = content,
            Some(name) if ["og:", "twitter:", "article:"].iter().any(|start| name.starts_with(start)) => {
                self.page.social.push((name.to_owned(), content));
            }
            _ => {}
        }
    }

    fn head_link(&mut self, rel: String, hreflang: Option<String>, href: Option<String>) {
        match (rel.as_str(), hreflang, href) {
            ("canonical", _, href) => self.page.canonical = href,
            ("alternate", Some(hreflang), Some(href)) => self.page.alternates.push((hreflang, href)),
            _ => {}
        }
    }

    fn picture(&mut self, src: Option<String>, alt: Option<String>, is_sized: bool) {
        if let (Some(link), Some(alt)) = (&mut self.link, &alt) {
            link.text.push_str(alt);
        }
        self.page.pictures.push(Picture { src: src.unwrap_or_default(), alt, is_sized });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_as_a_crawler_reads_it() {
        let page = Page::read(
            r#"<!doctype html><html lang="en"><head><title>A &amp; B</title>
            <meta name="description" content="Said."><meta name="robots" content="noindex">
            <meta property="og:title" content="A"><link rel="canonical" href="https://site.test/a">
            <link rel="alternate" hreflang="fa" href="https://site.test/fa/a">
            <link rel="alternate" type="application/atom+xml" href="/feed">
            <script type="application/ld+json">{"@graph":[]}</script></head>
            <body><a href="/menu">Menu</a><h2>Not of the page</h2><main><h1>A <em>b</em></h1>
            <p>Three words here.</p><a href="/x"><img src="/m.webp" alt="A map"></a><a href="/y"></a>
            <img src="/n.webp" width="2" height="1"></main></body></html>"#,
        );
        assert_eq!(
            page,
            Page {
                lang: "en".into(),
                title: "A & B".into(),
                description: "Said.".into(),
                canonical: Some("https://site.test/a".into()),
                robots: "noindex".into(),
                alternates: vec![("fa".into(), "https://site.test/fa/a".into())],
                social: vec![("og:title".into(), "A".into())],
                headings: vec![(1, "A b".into())],
                links: vec![
                    Link { href: "/x".into(), text: "A map".into() },
                    Link { href: "/y".into(), text: String::new() },
                ],
                pictures: vec![
                    Picture { src: "/m.webp".into(), alt: Some("A map".into()), is_sized: false },
                    Picture { src: "/n.webp".into(), alt: None, is_sized: true },
                ],
                words: 5,
                graph: Some(serde_json::json!({ "@graph": [] })),
            }
        );
    }
}
