//! What stands around every page: the head, the header, the breadcrumbs, the footer.

use crate::seo::JsonLd;
use crate::text::Dir;
use crate::web::views::{Crumb, Fact, Link, When, Words};

/// The frame of a page. The same for all pages of a locale but for `head`, `crumbs` and which link
/// is current.
#[derive(Debug, Clone, Default)]
pub struct Shell {
    /// Language of the page as BCP 47 (`en`, `fa`, `pt-BR`). Its direction follows from it.
    pub lang: String,
    pub site_name: String,
    pub site_tagline: Option<String>,
    /// The publisher's name where it is not the site's.
    pub published_by: Option<String>,
    pub logo: Option<Logo>,
    /// Where the site's name leads: the home page in this language.
    pub home_href: String,
    /// Where the search of the header asks; empty where the page has a search of its own.
    pub search_href: String,
    pub menu: Vec<Link>,
    pub footer: Vec<Link>,
    /// A line below the site's name at the foot.
    pub footer_text: Option<String>,
    /// The site elsewhere.
    pub social: Vec<Link>,
    /// This page in other languages, itself among them. Shown when there are at least two.
    pub locales: Vec<LocaleLink>,
    /// The way to this page. Shown when there are at least two.
    pub crumbs: Vec<Crumb>,
    /// When the page was published and changed, where its layout doesn't say so in a place of its own.
    pub published: Option<When>,
    /// Given only when it says more than `published`.
    pub updated: Option<When>,
    /// Who publishes the site; on the home page and the pages about it.
    pub publisher: Option<Publisher>,
    pub head: Head,
    /// Addresses of the style sheets with their hashes.
    pub css: Vec<String>,
    pub icons: IconLinks,
    /// The faces that the page is set in, asked for before the style sheet names them.
    pub faces: Vec<String>,
    /// The words of the interface in the page's language.
    pub t: &'static Words,
}

impl Shell {
    pub fn dir(&self) -> Dir {
        Dir::of(&self.lang)
    }
}

/// Who publishes the site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Publisher {
    pub name: String,
    pub description: Option<String>,
    /// Line by line.
    pub address: Vec<String>,
    /// Telephone, mail, registers, profiles.
    pub facts: Vec<Fact>,
}

/// What crawlers read first.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// The whole title, the site's name included where it belongs.
    pub title: String,
    /// Left out when empty.
    pub description: String,
    pub canonical: Option<String>,
    /// The value of the robots tag; none when nothing is forbidden.
    pub robots: Option<String>,
    /// (hreflang, href) of every translation, this page and `x-default` among them.
    pub alternates: Vec<(String, String)>,
    pub prev: Option<String>,
    pub next: Option<String>,
    /// The page's own feed first.
    pub feeds: Vec<Feed>,
    /// (property, content): `og:title`, `article:published_time`, `twitter:card` and the like.
    pub og: Vec<(String, String)>,
    /// (name, content) of the tags that prove to search engines whose site this is.
    pub verification: Vec<(String, String)>,
    pub json_ld: Option<JsonLd>,
    /// The script that counts visits, if somebody does.
    pub counter: Option<Counter>,
}

/// A script that counts visits; the page is whole without it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counter {
    pub src: String,
    /// What it is told: names and values of `data-` attributes.
    pub data: Vec<(&'static str, String)>,
}

impl Head {
    /// The attribute that holds the key of a social tag: X's cards want `name`, Open Graph (RDFa)
    /// `property`.
    pub fn key_of(&self, property: &str) -> &'static str {
        if property.starts_with("twitter:") { "name" } else { "property" }
    }
}

/// The icons at their fixed addresses, and the colours of the browser's frame.
#[derive(Debug, Clone, Default)]
pub struct IconLinks {
    /// The drawing besides the pictures, if there is one: its address, or a data URL that is it.
    pub svg: Option<String>,
    pub theme_light: String,
    pub theme_dark: String,
    /// The web manifest: its address, or a data URL that is the manifest.
    pub manifest: String,
}

/// A feed that readers may subscribe to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Feed {
    pub href: String,
    pub title: String,
    /// `application/rss+xml`, `application/atom+xml` or `application/feed+json`.
    pub mime: String,
}

/// The site's mark.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Logo {
    pub src: String,
    /// The site's name when the logo stands for it; empty when the name follows.
    pub alt: String,
    pub width: u32,
    pub height: u32,
}

/// This page in one of the site's languages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LocaleLink {
    pub href: String,
    /// The language's name for itself.
    pub label: String,
    pub lang: String,
    pub current: bool,
}

impl LocaleLink {
    pub fn dir(&self) -> Dir {
        Dir::of(&self.lang)
    }
}
