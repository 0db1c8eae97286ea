//! What stands in a page's head for crawlers and link previews (Google Search Central, "Title links",
//! "Snippets", "Canonicalization"; ogp.me; X cards).

use sha2::{Digest, Sha256};
use unicode_normalization::char::is_combining_mark;

use crate::clock::Time;

use super::dates;
use super::hreflang::{Alternate, Hreflang};
use super::robots_meta::RobotsMeta;

/// How many characters of a description results show, roughly.
pub const DESCRIPTION_LENGTH: usize = 160;

/// The head of one page. The template escapes every value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meta {
    /// The whole `<title>`, from `title`.
    pub title: String,
    /// The page's own title, as previews show it beside the site's name.
    pub headline: String,
    /// One line, from `description`; nothing is printed when empty.
    pub description: String,
    /// Absolute, without a fragment; `None` for a page without an address, such as an error.
    pub canonical: Option<String>,
    pub robots: RobotsMeta,
    pub locale: Hreflang,
    /// From `hreflang::cluster`.
    pub alternates: Vec<Alternate>,
    pub site_name: String,
    pub kind: Kind,
    pub image: Option<Image>,
}

/// The `og:type`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Kind {
    #[default]
    Website,
    Article(Story),
    Profile,
}

/// What Open Graph says of an article (ogp.me, "article").
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Story {
    pub published: Option<Time>,
    pub modified: Option<Time>,
    /// Absolute URLs of the authors' profiles.
    pub authors: Vec<String>,
    pub section: Option<String>,
    pub tags: Vec<String>,
}

/// The picture that stands for a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Image {
    /// Absolute.
    pub url: String,
    /// Pixels.
    pub width: Option<u32>,
    pub height: Option<u32>,
    pub alt: String,
}

impl Image {
    /// The content type that the ending of the URL's path names.
    pub fn mime(&self) -> Option<&'static str> {
        let path = self.url.split(['?', '#']).next().unwrap_or_default();
        let (_, ending) = path.rsplit('/').next()?.rsplit_once('.')?;
        Some(match ending.to_ascii_lowercase().as_str() {
            "jpg" | "jpeg" => "image/jpeg",
            "png" => "image/png",
            "gif" => "image/gif",
            "webp" => "image/webp",
            "avif" => "image/avif",
            "svg" => "image/svg+xml",
            _ => return None,
        })
    }
}

impl Meta {
    /// Open Graph as (`property`, `content`) pairs, in the order to print them. A property without a
    /// value has no pair.
    pub fn open_graph(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        let mut say = |property, content: Option<String>| {
            pairs.extend(content.filter(|content| !content.is_empty()).map(|content| (property, content)));
        };
        say("og:type", Some(self.kind.name().into()));
        say("og:title", Some(self.headline.clone()));
        say("og:description", Some(self.description.clone()));
        say("og:url", self.canonical.clone());
        say("og:site_name", Some(self.site_name.clone()));
        say("og:locale", self.locale.open_graph());
        for alternate in self.alternates.iter().filter(|other| other.hreflang != self.locale) {
            say("og:locale:alternate", alternate.hreflang.open_graph());
        }
        if let Kind::Article(story) = &self.kind {
            say("article:published_time", story.published.and_then(dates::w3c));
            say("article:modified_time", story.modified.and_then(dates::w3c));
            for author in &story.authors {
                say("article:author", Some(author.clone()));
            }
            say("article:section", story.section.clone());
            for tag in &story.tags {
                say("article:tag", Some(tag.clone()));
            }
        }
        if let Some(image) = &self.image {
            say("og:image", Some(image.url.clone()));
            say("og:image:type", image.mime().map(str::to_owned));
            say("og:image:width", image.width.map(|pixels| pixels.to_string()));
            say("og:image:height", image.height.map(|pixels| pixels.to_string()));
            say("og:image:alt", Some(image.alt.clone()));
        }
        pairs
    }

    /// X's card as (`name`, `content`) pairs; title, text and image come from Open Graph. A picture
    /// that is known to be small, or upright, is shown small (X: large ones need 300 × 157).
    pub fn card(&self) -> Vec<(&'static str, String)> {
        let size = |image: &Image| Some((image.width?, image.height?));
        let large = self.image.as_ref().is_some_and(|image| {
            size(image).is_none_or(|(width, height)| width >= 300 && height >= 157 && width >= height)
        });
        let card = if large { "summary_large_image" } else { "summary" };
        let mut pairs = vec![("twitter:card", card.to_owned())];
        let alt = self.image.as_ref().map(|image| image.alt.clone()).filter(|alt| !alt.is_empty());
        pairs.extend(alt.map(|alt| ("twitter:image:alt", alt)));
        pairs
    }
}

impl Kind {
    fn name(&self) -> &'static str {
        match self {
            Kind::Website => "website",
            Kind::Article(_) => "article",
            Kind::Profile => "profile",
        }
    }
}

/// The `<title>`: the page's, then the site's, which isn't said twice.
pub fn title(page: &str, site: &str) -> String {
    let (page, site) = (one_line(page), one_line(site));
    if page.is_empty() || site.is_empty() || names_the_site(&page, &site) {
        return if page.is_empty() { site } else { page };
    }
    format!("{page} | {site}")
}

/// Whether the page's title begins or ends with the site's name as words of their own.
pub fn names_the_site(page: &str, site: &str) -> bool {
    let (page, site) = (page.to_lowercase(), site.to_lowercase());
    let apart = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    page.strip_prefix(&site).is_some_and(|rest| apart(rest.chars().next()))
        || page.strip_suffix(&site).is_some_and(|rest| apart(rest.chars().next_back()))
}

/// A description from plain text: one line of at most `DESCRIPTION_LENGTH` characters, cut between
/// two words where there are words.
pub fn description(text: &str) -> String {
    shortened(text, DESCRIPTION_LENGTH)
}

/// Two texts have the same key when they are the same description in the same language.
pub fn description_key(locale: &str, text: &str) -> Option<i64> {
    let line = description(text);
    if line.is_empty() {
        return None;
    }
    let hash = Sha256::digest(format!("{locale}\n{line}"));
    let first = hash.first_chunk().copied().unwrap_or_default();
    Some(i64::from_be_bytes(first))
}

fn shortened(text: &str, length: usize) -> String {
    let line = one_line(text);
    let Some((limit, _)) = line.char_indices().nth(length) else {
        return line;
    };
    let room = line[..limit].char_indices().next_back().map_or(0, |(at, _)| at);
    let kept = match line[..limit].rfind(' ') {
        Some(space) if line[..space].chars().count() > length / 2 => &line[..space],
        _ => &line[..start_of_cluster(&line, room)],
    };
    let kept = kept.trim_end_matches(|c: char| c.is_whitespace() || ",;:،؛–—-(".contains(c));
    format!("{kept}…")
}

/// A description with the number of the page, which is never cut off: no two pages of a list have the
/// same one.
pub fn description_of_page(text: &str, page: Option<&str>) -> String {
    let Some(page) = page else { return description(text) };
    let ending = format!(" – {page}");
    let room = DESCRIPTION_LENGTH.saturating_sub(ending.chars().count());
    let start = shortened(text, room);
    if start.is_empty() { page.to_owned() } else { start + &ending }
}

/// Runs of white space and control characters become one space.
pub fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The nearest place at or before `at` that doesn't tear a letter from its marks or an emoji apart;
/// `at` itself when there is none.
fn start_of_cluster(line: &str, at: usize) -> usize {
    let joins = |c: char| {
        is_combining_mark(c)
            || matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}')
    };
    let mut start = at;
    while let Some(before) = line[..start].chars().next_back() {
        let after = line[start..].chars().next().unwrap_or(' ');
        if !joins(after) && before != '\u{200D}' {
            break;
        }
        start -= before.len_utf8();
    }
    if start == 0 { at } else { start }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::seo::hostile;

    fn code(text: &str) -> Hreflang {
        Hreflang::parse(text).expect("a valid code")
    }

    fn article() -> Meta {
        Meta {
            title: "Café Naderi | Atlas".into(),
            headline: "Café Naderi".into(),
            description: "Coffee since 1927.".into(),
            canonical: Some("https://example.org/tehran/cafe-naderi".into()),
            robots: RobotsMeta::default(),
            locale: code("en-GB"),
            alternates: [("en-GB", ""), ("fa-IR", "/fa"), ("de", "/de")]
                .map(|(locale, href)| Alternate {
                    hreflang: code(locale),
                    href: format!("https://example.org{href}"),
                })
                .into(),
            site_name: "Atlas".into(),
            kind: Kind::Article(Story {
                published: Time::parse("2026-03-01"),
                authors: vec!["https://example.org/authors/leila".into()],
                section: Some("Food & drink".into()),
                tags: vec!["Coffee".into(), "Gardens".into()],
                ..Story::default()
            }),
            image: Some(Image {
                url: "https://example.org/media/0123456789abcdef/naderi.jpg".into(),
                width: Some(1200),
                height: Some(630),
                alt: "The garden".into(),
            }),
        }
    }

    fn lines(meta: &Meta) -> String {
        meta.open_graph().iter().map(|(property, content)| format!("{property} = {content}\n")).collect()
    }

    #[test]
    fn open_graph_says_what_the_page_has() {
        insta::assert_snapshot!(lines(&article()), @r"
        og:type = article
        og:title = Café Naderi
        og:description = Coffee since 1927.
        og:url = https://example.org/tehran/cafe-naderi
        og:site_name = Atlas
        og:locale = en_GB
        og:locale:alternate = fa_IR
        article:published_time = 2026-03-01T00:00:00Z
        article:author = https://example.org/authors/leila
        article:section = Food & drink
        article:tag = Coffee
        article:tag = Gardens
        og:image = https://example.org/media/0123456789abcdef/naderi.jpg
        og:image:type = image/jpeg
        og:image:width = 1200
        og:image:height = 630
        og:image:alt = The garden
        ");
        let large = ("twitter:card", "summary_large_image".to_owned());
        assert_eq!(article().card(), [large, ("twitter:image:alt", "The garden".to_owned())]);
    }

    #[test]
    fn a_small_or_upright_picture_makes_a_small_card() {
        let card = |width, height| {
            let image = Image { width, height, alt: String::new(), ..article().image.unwrap() };
            Meta { image: Some(image), ..article() }.card()[0].1.clone()
        };
        for (width, height, expected) in [
            (Some(1200), Some(630), "summary_large_image"),
            (Some(300), Some(157), "summary_large_image"),
            (Some(299), Some(157), "summary"),
            (Some(600), Some(900), "summary"),
            (None, None, "summary_large_image"),
        ] {
            assert_eq!(card(width, height), expected, "{width:?} × {height:?}");
        }
        assert_eq!(
            Image { url: "https://a.test/x.PNG?v=1".into(), ..Image::default() }.mime(),
            Some("image/png")
        );
        assert_eq!(Image { url: "https://a.test/x".into(), ..Image::default() }.mime(), None);
    }

    #[test]
    fn open_graph_leaves_out_what_the_page_lacks() {
        let bare = Meta {
            description: String::new(),
            canonical: None,
            locale: code("en"),
            alternates: vec![],
            kind: Kind::Website,
            image: None,
            ..article()
        };
        insta::assert_snapshot!(lines(&bare), @r"
        og:type = website
        og:title = Café Naderi
        og:site_name = Atlas
        ");
        assert_eq!(bare.card(), [("twitter:card", "summary".to_owned())]);
        assert!(lines(&Meta { kind: Kind::Profile, ..bare }).starts_with("og:type = profile\n"));
    }

    #[test]
    fn a_title_names_the_site_once() {
        for (page, site, expected) in [
            ("Café Naderi", "Atlas", "Café Naderi | Atlas"),
            ("Atlas", "Atlas", "Atlas"),
            ("ATLAS: every city", "Atlas", "ATLAS: every city"),
            ("About Atlas", "Atlas", "About Atlas"),
            ("Café Naderi | Atlas", "Atlas", "Café Naderi | Atlas"),
            ("Atlases of the world", "Atlas", "Atlases of the world | Atlas"),
            ("Lowatlas", "Atlas", "Lowatlas | Atlas"),
            ("درباره اطلس", "اطلس", "درباره اطلس"),
            ("", "Atlas", "Atlas"),
            ("Tehran", "", "Tehran"),
            ("  Two\n lines ", " Atlas ", "Two lines | Atlas"),
        ] {
            assert_eq!(title(page, site), expected);
            assert_eq!(title(expected, site), expected, "a finished title stays as it is");
        }
    }

    #[test]
    fn a_description_is_one_line_cut_between_words() {
        assert_eq!(description("  Coffee\r\n since\t1927.\u{0} "), "Coffee since 1927.");
        let whole = "word ".repeat(31) + "words";
        assert_eq!(whole.chars().count(), DESCRIPTION_LENGTH);
        assert_eq!(description(&whole), whole);
        assert_eq!(description(&format!("{whole}!")), "word ".repeat(31).trim_end().to_owned() + "…");
        assert_eq!(description(&"one, ".repeat(40)), "one, ".repeat(31) + "one…");
    }

    #[test]
    fn a_later_page_says_its_number_however_long_the_description() {
        let of_page = |text: &str| description_of_page(text, Some("Page 2 of 3"));
        assert_eq!(of_page("Coffee since 1927."), "Coffee since 1927. – Page 2 of 3");
        assert_eq!(of_page(" "), "Page 2 of 3");
        let long = of_page(&"word ".repeat(100));
        assert!(
            long.ends_with("word… – Page 2 of 3") && long.chars().count() <= DESCRIPTION_LENGTH,
            "{long}"
        );
        assert_eq!(description_of_page("a  b", None), "a b");
    }

    #[test]
    fn a_description_without_spaces_is_cut_between_characters() {
        assert_eq!(description(&"京".repeat(200)), "京".repeat(159) + "…");
        let woman = "👩🏽\u{200D}🚒";
        assert_eq!(description(&woman.repeat(60)), woman.repeat(39) + "…");
        assert_eq!(description(&"e\u{301}".repeat(100)), "e\u{301}".repeat(79) + "…");
        let endless = format!("e{}", "\u{301}".repeat(300));
        assert_eq!(description(&endless), format!("e{}…", "\u{301}".repeat(158)));
    }

    proptest! {
        #![proptest_config(hostile::many())]
        #[test]
        fn any_text_becomes_one_short_line(text in prop_oneof![hostile::strings(), ".{0,400}"]) {
            let line = description(&text);
            prop_assert!(line.chars().count() <= DESCRIPTION_LENGTH);
            let harmful = |c: char| c.is_control() || c == '\u{2028}';
            prop_assert!(!line.contains(harmful));
            prop_assert_eq!(description(&line), line.clone(), "a finished description stays as it is");
            if let Some(kept) = line.strip_suffix('…') {
                let whole = one_line(&text);
                prop_assert!(whole.starts_with(kept));
            } else {
                prop_assert_eq!(line, one_line(&text));
            }
        }
    }
}
