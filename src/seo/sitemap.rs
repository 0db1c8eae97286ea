//! Sitemaps and their index (sitemaps.org 0.9; Google Search Central, "Build and submit a sitemap",
//! "Image sitemaps", "Localized versions of your pages").
//!
//! Both are streamed in constant memory. `priority` and `changefreq` are left out: nobody reads them.

use std::io::{self, Write};

use crate::clock::Time;

use super::dates;
use super::hreflang::Alternate;
use super::xml::{self, Attribute, Document, Xml};

/// How many URLs one file may list; an index as many files.
pub const MAX_URLS: u32 = 50_000;
/// How long one file may be before it is compressed.
pub const MAX_BYTES: u64 = 50 * 1024 * 1024;
/// How many images one URL may name.
pub const MAX_IMAGES: usize = 1_000;

/// What one file may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub urls: u32,
    /// Before it is compressed.
    pub bytes: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { urls: MAX_URLS, bytes: MAX_BYTES }
    }
}

const SITEMAP: Attribute = ("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9");
const IMAGE: Attribute = ("xmlns:image", "http://www.google.com/schemas/sitemap-image/1.1");
const XHTML: Attribute = ("xmlns:xhtml", "http://www.w3.org/1999/xhtml");

/// A page. It stands in a sitemap only if it may be indexed and is its own canonical: the caller's
/// one function decides that.
#[derive(Debug, Clone, Copy, Default)]
pub struct Url<'a> {
    /// Absolute.
    pub loc: &'a str,
    /// When what a reader sees last changed; left out when unknown.
    pub lastmod: Option<Time>,
    /// Absolute URLs. Those after `MAX_IMAGES` are counted and left out.
    pub images: &'a [String],
    /// All translations including this page, from `hreflang::cluster`.
    pub alternates: &'a [Alternate],
}

/// What became of a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Added {
    Yes,
    /// It wasn't written: close this file and add it to the next.
    Full,
}

/// One file of URLs.
#[derive(Debug)]
#[must_use = "a sitemap that isn't finished is not well-formed"]
pub struct UrlSet<W: Write> {
    file: File<W>,
    images_left_out: u64,
}

impl<W: Write> UrlSet<W> {
    /// # Errors
    /// Those of the writer.
    pub fn open(out: W) -> io::Result<UrlSet<W>> {
        UrlSet::within(Limits::default(), out)
    }

    /// A file that is full earlier than it has to be.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn within(limits: Limits, out: W) -> io::Result<UrlSet<W>> {
        let file = File::open(limits, out, "urlset", &[SITEMAP, IMAGE, XHTML])?;
        Ok(UrlSet { file, images_left_out: 0 })
    }

    /// Adds a page, or says that the file has no room for it.
    ///
    /// # Errors
    /// Those of the writer; `InvalidInput` for a page that no file has room for.
    pub fn add(&mut self, url: &Url) -> io::Result<Added> {
        let left_out = url.images.len().saturating_sub(MAX_IMAGES);
        let added = self.file.add(|xml| {
            xml.element("url", &[], |xml| {
                location(xml, url.loc, url.lastmod)?;
                for alternate in url.alternates {
                    let hreflang = ("hreflang", alternate.hreflang.as_str());
                    xml.empty("xhtml:link", &[("rel", "alternate"), hreflang, ("href", &alternate.href)])?;
                }
                for image in &url.images[..url.images.len() - left_out] {
                    xml.element("image:image", &[], |xml| xml.text("image:loc", &[], image))?;
                }
                Ok(())
            })
        })?;
        if added == Added::Yes {
            self.images_left_out += left_out as u64;
        }
        Ok(added)
    }

    /// How many pages it lists.
    pub fn len(&self) -> u32 {
        self.file.entries
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many images were beyond `MAX_IMAGES` of their page, for the report.
    pub fn images_left_out(&self) -> u64 {
        self.images_left_out
    }

    /// Closes the file and gives the writer back.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn finish(self) -> io::Result<W> {
        self.file.document.close().map(|counted| counted.out)
    }
}

/// A sitemap in the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    /// Absolute.
    pub loc: String,
    /// The newest `lastmod` in it.
    pub lastmod: Option<Time>,
}

/// Writes the index of sitemaps.
///
/// # Errors
/// Those of the writer; `InvalidInput` when there are more children than an index may list. What was
/// written by then is no whole file.
pub fn write_index<W: Write>(out: W, children: impl IntoIterator<Item = Child>) -> io::Result<W> {
    let mut file = File::open(Limits::default(), out, "sitemapindex", &[SITEMAP])?;
    for child in children {
        let write = |xml: &mut Xml<Vec<u8>>| {
            xml.element("sitemap", &[], |xml| location(xml, &child.loc, child.lastmod))
        };
        if file.add(write)? == Added::Full {
            let reason = "an index lists at most 50,000 sitemaps in 50 MB";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
        }
    }
    file.document.close().map(|counted| counted.out)
}

fn location(xml: &mut Xml<Vec<u8>>, loc: &str, lastmod: Option<Time>) -> io::Result<()> {
    xml.text("loc", &[], loc)?;
    match lastmod.and_then(dates::w3c) {
        Some(lastmod) => xml.text("lastmod", &[], &lastmod),
        None => Ok(()),
    }
}

/// A document that keeps both limits. Each entry is written apart first, so that its size is known.
#[derive(Debug)]
struct File<W: Write> {
    document: Document<Counted<W>>,
    limits: Limits,
    entries: u32,
    closing: u64,
    entry: Xml<Vec<u8>>,
}

impl<W: Write> File<W> {
    fn open(limits: Limits, out: W, root: &'static str, attributes: &[Attribute]) -> io::Result<File<W>> {
        let document = Document::open(Counted { out, bytes: 0 }, root, attributes)?;
        let entry = Xml::fragment(Vec::new());
        Ok(File { document, limits, entries: 0, closing: xml::closing_len(root), entry })
    }

    fn add(&mut self, write: impl FnOnce(&mut Xml<Vec<u8>>) -> io::Result<()>) -> io::Result<Added> {
        self.entry.clear();
        write(&mut self.entry)?;
        let bytes = self.document.out().bytes + self.entry.len() as u64 + self.closing;
        if self.entries == self.limits.urls || bytes > self.limits.bytes {
            if self.entries == 0 {
                let reason = "one entry alone is longer than a sitemap may be";
                return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
            }
            return Ok(Added::Full);
        }
        self.document.xml().append(&self.entry)?;
        self.entries += 1;
        Ok(Added::Yes)
    }
}

#[derive(Debug)]
struct Counted<W> {
    out: W,
    bytes: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let written = self.out.write(buffer)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::seo::hostile;
    use crate::seo::hreflang::Hreflang;

    const MEMORY: &str = "memory takes it";

    fn text(bytes: Vec<u8>) -> String {
        String::from_utf8(bytes).expect("UTF-8")
    }

    fn sitemap(urls: &[Url]) -> String {
        let mut set = UrlSet::open(Vec::new()).expect(MEMORY);
        for url in urls {
            assert_eq!(set.add(url).expect(MEMORY), Added::Yes);
        }
        text(set.finish().expect(MEMORY))
    }

    #[test]
    fn a_sitemap_lists_pages_with_dates_images_and_translations() {
        let images =
            ["https://example.org/media/a.jpg?w=1&h=2".to_owned(), "https://cdn.test/b.png".to_owned()];
        let alternate = |code: &str, href: &str| Alternate {
            hreflang: Hreflang::parse(code).expect("a valid code"),
            href: format!("https://example.org{href}"),
        };
        let alternates = [alternate("en", "/tehran"), alternate("fa", "/fa/%D8%AA")];
        let written = sitemap(&[
            Url {
                loc: "https://example.org/tehran",
                lastmod: Some(Time(1_795_368_480_999)),
                images: &images,
                alternates: &alternates,
            },
            Url { loc: "https://example.org/?q=Tom&page='2'", ..Url::default() },
            Url {
                loc: "https://example.org/old",
                lastmod: Some(Time(-62_167_219_200_001)),
                ..Url::default()
            },
        ]);
        insta::assert_snapshot!(written, @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" xmlns:xhtml="http://www.w3.org/1999/xhtml">
        <url>
        <loc>https://example.org/tehran</loc>
        <lastmod>2026-11-22T17:28:00Z</lastmod>
        <xhtml:link rel="alternate" hreflang="en" href="https://example.org/tehran"/>
        <xhtml:link rel="alternate" hreflang="fa" href="https://example.org/fa/%D8%AA"/>
        <image:image>
        <image:loc>https://example.org/media/a.jpg?w=1&amp;h=2</image:loc>
        </image:image>
        <image:image>
        <image:loc>https://cdn.test/b.png</image:loc>
        </image:image>
        </url>
        <url>
        <loc>https://example.org/?q=Tom&amp;page=&apos;2&apos;</loc>
        </url>
        <url>
        <loc>https://example.org/old</loc>
        </url>
        </urlset>
        "#);
    }

    #[test]
    fn a_sitemap_of_nothing_is_well_formed() {
        insta::assert_snapshot!(sitemap(&[]), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" xmlns:xhtml="http://www.w3.org/1999/xhtml">
        </urlset>
        "#);
    }

    #[test]
    fn an_index_lists_sitemaps_with_their_newest_change() {
        let children = [
            Child { loc: "https://example.org/sitemaps/place-1.xml".into(), lastmod: Some(Time(0)) },
            Child { loc: "https://example.org/sitemaps/a&b.xml".into(), lastmod: None },
        ];
        insta::assert_snapshot!(text(write_index(Vec::new(), children).expect(MEMORY)), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
        <sitemap>
        <loc>https://example.org/sitemaps/place-1.xml</loc>
        <lastmod>1970-01-01T00:00:00Z</lastmod>
        </sitemap>
        <sitemap>
        <loc>https://example.org/sitemaps/a&amp;b.xml</loc>
        </sitemap>
        </sitemapindex>
        "#);
    }

    #[test]
    fn a_file_takes_fifty_thousand_pages_and_not_one_more() {
        let mut set = UrlSet::open(Vec::new()).expect(MEMORY);
        let url = Url { loc: "https://example.org/a", ..Url::default() };
        for _ in 0..MAX_URLS {
            assert_eq!(set.add(&url).expect(MEMORY), Added::Yes);
        }
        assert_eq!(set.add(&url).expect(MEMORY), Added::Full);
        assert_eq!(set.len(), 50_000);
        let written = text(set.finish().expect(MEMORY));
        let read = roxmltree::Document::parse(&written).expect("well-formed");
        assert_eq!(read.root_element().children().filter(roxmltree::Node::is_element).count(), 50_000);
    }

    #[test]
    fn a_file_takes_fifty_megabytes_and_not_one_byte_more() {
        let frame = sitemap(&[]).len();
        let around = sitemap(&[Url::default()]).len() - frame;
        let half = "a".repeat((MAX_BYTES as usize - frame) / 2 - around);
        let rest = MAX_BYTES as usize - frame - (half.len() + around) - around;
        let (fits, too_long) = ("a".repeat(rest), "a".repeat(rest + 1));
        let page = |loc| Url { loc, ..Url::default() };

        let mut set = UrlSet::open(Vec::new()).expect(MEMORY);
        assert_eq!(set.add(&page(&half)).expect(MEMORY), Added::Yes);
        assert_eq!(set.add(&page(&too_long)).expect(MEMORY), Added::Full);
        assert_eq!(set.add(&page(&fits)).expect(MEMORY), Added::Yes);
        assert_eq!(set.add(&page("")).expect(MEMORY), Added::Full);
        assert_eq!(set.finish().expect(MEMORY).len(), 52_428_800);
    }

    #[test]
    fn a_page_that_no_file_has_room_for_is_an_error_and_no_endless_loop() {
        let mut set = UrlSet::open(io::sink()).expect(MEMORY);
        let loc = "a".repeat(MAX_BYTES as usize);
        let error = set.add(&Url { loc: &loc, ..Url::default() }).expect_err("too long");
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    }

    #[test]
    fn an_index_of_too_many_sitemaps_is_an_error() {
        let children =
            |count| (0..count).map(|n| Child { loc: format!("https://a.test/{n}"), lastmod: None });
        assert!(write_index(io::sink(), children(MAX_URLS)).is_ok());
        let error = write_index(io::sink(), children(MAX_URLS + 1)).expect_err("one too many");
        assert_eq!(error.to_string(), "an index lists at most 50,000 sitemaps in 50 MB");
    }

    #[test]
    fn images_beyond_the_limit_are_counted_and_left_out() {
        let images: Vec<String> = (0..=MAX_IMAGES).map(|n| format!("https://example.org/{n}.jpg")).collect();
        let mut set = UrlSet::open(Vec::new()).expect(MEMORY);
        let page = |images| Url { loc: "https://example.org/a", images, ..Url::default() };
        assert_eq!(set.add(&page(&images[..MAX_IMAGES])).expect(MEMORY), Added::Yes);
        assert_eq!(set.images_left_out(), 0);
        assert_eq!(set.add(&page(&images)).expect(MEMORY), Added::Yes);
        assert_eq!(set.images_left_out(), 1);
        let written = text(set.finish().expect(MEMORY));
        assert_eq!(written.matches("<image:loc>").count(), 2_000);
    }

    #[track_caller]
    fn reads_back(hostile: &str) {
        let expected = hostile::without_forbidden(hostile);
        let images = [hostile.to_owned()];
        let alternates = [Alternate { hreflang: Hreflang::x_default(), href: hostile.to_owned() }];
        let written =
            sitemap(&[Url { loc: hostile, lastmod: None, images: &images, alternates: &alternates }]);
        let read = roxmltree::Document::parse(&written).expect("well-formed");
        let element = |namespace: Attribute, name| {
            let found: Vec<_> = read.descendants().filter(|n| n.has_tag_name((namespace.1, name))).collect();
            assert_eq!(found.len(), 1, "{name}");
            found[0]
        };
        assert_eq!(element(SITEMAP, "loc").text().unwrap_or_default(), expected);
        assert_eq!(element(IMAGE, "loc").text().unwrap_or_default(), expected);
        assert_eq!(element(XHTML, "link").attribute("href"), Some(expected.as_str()));
        assert_eq!(read.descendants().filter(roxmltree::Node::is_element).count(), 6);
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
