//! The frame of a page: head, menus, languages, breadcrumbs and the JSON-LD graph.

use super::publisher;
use crate::app::{App, Locale, SEARCH, STYLE_SHEET, ScriptSource, feed_path};
use crate::clock::Time;
use crate::config::Environment;
use crate::error::{Error, Result};
use crate::seo::feed::Format;
use crate::seo::graph::{self, Entity, List, PageKind};
use crate::seo::hreflang::{Member, cluster};
use crate::seo::meta::{self, Image, Kind};
use crate::seo::{Graph, Hreflang, Meta, RobotsMeta};
use crate::text::Dir;
use crate::text::Template;
use crate::web::views::{Counter, Crumb, Feed, Head, IconLinks, Link, LocaleLink, Logo, Shell, Words};

/// What a page says of itself; the frame follows from it.
pub struct Frame<'a> {
    pub locale: &'a str,
    /// The address of the page without the origin, with `?page=n` where it has one.
    pub href: String,
    /// The page's own title, without the site's name.
    pub title: String,
    /// What the title tag says instead, when an editor gave it.
    pub title_tag: Option<String>,
    /// What the title tag is made of, else title and site.
    pub title_from: Option<Title>,
    /// Which page of a list this is, in words (`Page 2 of 3`); none on the first. It stands in title
    /// and description, so that no two pages have the same.
    pub page: Option<String>,
    pub description: String,
    pub robots: RobotsMeta,
    /// An editor's canonical elsewhere; else the page's own address, or none for what is no page.
    pub canonical: Canonical,
    /// The same page in other languages: (locale, address, may be indexed).
    pub translations: Vec<(String, String, bool)>,
    /// Whether `translations` are this very page. On page 2 of a list they may be the first page of
    /// the others: people go there, crawlers are told nothing (SEO 3.15).
    pub alternates: bool,
    /// From the top, without the home page and without the page itself.
    pub trail: Vec<Link>,
    pub published: Option<Time>,
    pub modified: Option<Time>,
    pub social: Kind,
    pub image: Option<Image>,
    /// For structured data, the page's own first; without any, `image` stands for them.
    pub pictures: Vec<graph::Picture>,
    /// What the page answers and says as its `FAQPage`.
    pub questions: Vec<serde_json::Value>,
    /// The layout shows `published` and `modified` in a place of its own.
    pub dated_by_layout: bool,
    /// Words of its text are set in italics.
    pub italics: bool,
    pub page_kind: PageKind,
    pub entity: Option<Entity>,
    pub list: Option<List>,
    pub prev: Option<String>,
    pub next: Option<String>,
    /// The path below which the page has feeds of its own.
    pub feeds_of: Option<String>,
}

/// A template with the values of its tokens, but for those of the frame: `page` and `site`.
pub struct Title {
    template: Template,
    values: Vec<(String, String)>,
}

impl Title {
    pub fn of(template: &Template, value: impl Fn(&str) -> String) -> Title {
        let values = template.tokens().filter(|token| !matches!(*token, "page" | "site"));
        let values = values.map(|token| (token.to_owned(), value(token))).collect();
        Title { template: template.clone(), values }
    }

    /// The site isn't named where the page's own title does it already.
    pub(super) fn fill(&self, title: &str, page: Option<&str>, site: &str) -> String {
        let line = self.template.fill(|token| match token {
            "page" => page.unwrap_or_default().to_owned(),
            "site" if self.template.has("title") && meta::names_the_site(title, site) => String::new(),
            "site" => site.to_owned(),
            _ => self.values.iter().find(|(name, _)| name == token).map_or(String::new(), |(_, v)| v.clone()),
        });
        let line = meta::one_line(&line);
        match page {
            Some(page) if !self.template.has("page") => numbered(&line, page),
            _ => line,
        }
    }
}

fn numbered(line: &str, page: &str) -> String {
    if line.is_empty() { page.to_owned() } else { format!("{line} – {page}") }
}

/// Which address search engines are given.
pub enum Canonical {
    Own,
    Elsewhere(String),
    None,
}

impl<'a> Frame<'a> {
    pub fn new(locale: &'a str, href: &str, title: &str) -> Frame<'a> {
        Frame {
            locale,
            href: href.to_owned(),
            title: title.to_owned(),
            title_tag: None,
            title_from: None,
            page: None,
            description: String::new(),
            robots: RobotsMeta::default(),
            canonical: Canonical::Own,
            translations: Vec::new(),
            alternates: true,
            trail: Vec::new(),
            published: None,
            modified: None,
            social: Kind::Website,
            image: None,
            pictures: Vec::new(),
            questions: Vec::new(),
            dated_by_layout: false,
            italics: false,
            page_kind: PageKind::WebPage,
            entity: None,
            list: None,
            prev: None,
            next: None,
            feeds_of: None,
        }
    }

    /// Builds the frame.
    pub fn shell(self, app: &App) -> Result<Shell> {
        let locale = app.site.locale(self.locale).unwrap_or_else(|| app.site.default_locale());
        let is_page = !matches!(self.canonical, Canonical::None);
        let crumbs = self.crumbs(app, locale);
        let meta = self.meta(app, locale)?;
        let graph = is_page.then(|| self.graph(app, locale, &meta, &crumbs));
        let home = home(app, &locale.code);
        let words = Words::of(&locale.code);
        let shown = |at: Option<Time>| at.filter(|_| !self.dated_by_layout).map(|at| words.when(at));
        let (published, updated) = (shown(self.published), shown(self.modified));
        let robots = Some(meta.robots.content()).filter(|content| !content.is_empty());
        Ok(Shell {
            lang: locale.code.clone(),
            site_name: name(app, locale).to_owned(),
            site_tagline: Some(tagline(app, locale).to_owned()),
            published_by: app
                .site
                .organization
                .name
                .clone()
                .filter(|publisher| publisher != name(app, locale)),
            search_href: search_href(app, &locale.code),
            menu: self.menu(app, &app.site.menu),
            logo: logo(app, locale),
            footer: self.menu(app, &app.site.footer),
            footer_text: self.footer_text(app),
            social: app
                .site
                .look
                .social
                .iter()
                .map(|profile| Link::new(profile.href.get_ref(), profile.label.clone()))
                .collect(),
            locales: self.locale_links(app),
            crumbs: if crumbs.len() > 1 { crumbs } else { Vec::new() },
            updated: updated.filter(|updated| {
                published.as_ref().is_none_or(|published| published.label != updated.label)
            }),
            published,
            publisher: self.shows_publisher(app).then(|| publisher::shown(app, &locale.code)).flatten(),
            head: Head {
                title: meta.title.clone(),
                description: meta.description.clone(),
                canonical: meta.canonical.clone(),
                robots,
                alternates: meta
                    .alternates
                    .iter()
                    .map(|alternate| (alternate.hreflang.to_string(), alternate.href.clone()))
                    .collect(),
                prev: self.prev.clone(),
                next: self.next.clone(),
                feeds: self.feeds(app, locale, words),
                og: if is_page {
                    let pairs = meta.open_graph().into_iter().chain(meta.card());
                    pairs.map(|(property, content)| (property.to_owned(), content)).collect()
                } else {
                    Vec::new()
                },
                verification: if self.href == home { app.site.verification.tags() } else { Vec::new() },
                json_ld: graph.map(|graph| graph.to_json_ld()),
                counter: counter(app),
            },
            css: app.assets.address(STYLE_SHEET).map(str::to_owned).into_iter().collect(),
            faces: app
                .site
                .look
                .first_faces(Dir::of(&locale.code) == Dir::Rtl, self.italics)
                .iter()
                .filter_map(|name| app.assets.address(name).map(str::to_owned))
                .collect(),
            icons: IconLinks {
                svg: app.icons.drawing.clone(),
                theme_light: app.site.icons.theme_light().to_owned(),
                theme_dark: app.site.icons.theme_dark().to_owned(),
                manifest: app.manifest.href.clone(),
            },
            home_href: home,
            t: words,
        })
    }

    /// The page's own feed, then that of the site.
    fn feeds(&self, app: &App, locale: &Locale, words: &Words) -> Vec<Feed> {
        let feed = |page: &str, title: &str| Feed {
            href: feed_path(page, Format::Atom),
            title: format!("{title}: {}", words.feed),
            mime: Format::Atom.mime().into(),
        };
        let own = self.feeds_of.as_ref().map(|page| feed(page, &self.title));
        own.into_iter().chain([feed(&home(app, &locale.code), name(app, locale))]).collect()
    }

    fn meta(&self, app: &App, locale: &Locale) -> Result<Meta> {
        let url = app.config.origin.url(&self.href);
        let hreflang = |code: &str| Hreflang::parse(code).map_err(Error::from);
        let members = self
            .translations
            .iter()
            .filter(|_| self.alternates)
            .map(|(code, href, indexable)| {
                Ok(Member {
                    hreflang: hreflang(code)?,
                    url: app.config.origin.url(href),
                    indexable: *indexable,
                    self_canonical: true,
                })
            })
            .collect::<Result<Vec<_>>>()?;
        let mut alternates = cluster(&members, &app.site.x_default());
        // Who is no member names none: they would not name it back (SEO 3.14).
        if !alternates.iter().any(|alternate| alternate.href == url) {
            alternates.clear();
        }
        let site = name(app, locale);
        let page = self.page.as_deref();
        let title = match (&self.title_tag, &self.title_from) {
            (Some(given), _) => page.map_or_else(|| given.clone(), |page| numbered(given, page)),
            (None, Some(from)) => from.fill(&self.title, page, site),
            (None, None) => meta::title(
                &page.map_or_else(|| self.title.clone(), |page| numbered(&self.title, page)),
                site,
            ),
        };
        Ok(Meta {
            title,
            headline: self.title.clone(),
            description: meta::description_of_page(&self.description, page),
            canonical: match &self.canonical {
                Canonical::Own => Some(url),
                Canonical::Elsewhere(other) => Some(other.clone()),
                Canonical::None => None,
            },
            robots: RobotsMeta {
                // Only production may be indexed.
                noindex: self.robots.noindex || app.config.environment != Environment::Production,
                ..self.robots.clone()
            }
            .or(&app.site.head.robots),
            locale: hreflang(&locale.code)?,
            alternates,
            site_name: site.to_owned(),
            kind: self.social.clone(),
            image: self.image.clone().or_else(|| default_image(app)),
        })
    }

    fn crumbs(&self, app: &App, locale: &Locale) -> Vec<Crumb> {
        let words = Words::of(&locale.code);
        let home = home(app, &locale.code);
        let mut crumbs = vec![Crumb { href: Some(home.clone()), label: words.home.to_owned() }];
        crumbs.extend(
            self.trail.iter().map(|link| Crumb { href: Some(link.href.clone()), label: link.label.clone() }),
        );
        if self.href != home && !matches!(self.canonical, Canonical::None) {
            crumbs.push(Crumb { href: None, label: self.title.clone() });
        }
        crumbs
    }

    fn graph(&self, app: &App, locale: &Locale, meta: &Meta, crumbs: &[Crumb]) -> Graph {
        let origin = &app.config.origin;
        let own = self.href.split('?').next().unwrap_or_default();
        let breadcrumb = crumbs
            .iter()
            .map(|crumb| graph::Crumb {
                name: crumb.label.clone(),
                url: origin.url(crumb.href.as_deref().unwrap_or(own)),
            })
            .collect();
        let site = self.site(app, locale);
        let mut pictures = self.pictures.clone();
        if pictures.is_empty() {
            pictures.extend(self.image.as_ref().map(graph::Picture::from));
        }
        let page = graph::Page {
            kind: self.page_kind,
            url: origin.url(&self.href),
            name: self.title.clone(),
            description: Some(meta.description.clone()).filter(|text| !text.is_empty()),
            locale: locale.code.clone(),
            published: self.published,
            modified: self.modified,
            pictures,
            breadcrumb,
            list: self.list.clone(),
            questions: self.questions.clone(),
        };
        Graph::new(&site, &page, self.entity.as_ref())
    }

    /// The site under its one name, whatever the language of the page; its other names are said beside.
    fn site(&self, app: &App, locale: &Locale) -> graph::Site {
        let others = app.site.locales.iter().filter_map(|locale| locale.name.clone());
        let mut alternate_names: Vec<String> = Vec::new();
        for other in others.filter(|other| *other != app.site.name) {
            if !alternate_names.contains(&other) {
                alternate_names.push(other);
            }
        }
        graph::Site {
            origin: app.config.origin.as_str().to_owned(),
            name: app.site.name.clone(),
            alternate_names,
            description: Some(description(app, locale).to_owned()).filter(|text| !text.is_empty()),
            locales: app.site.locales.iter().map(|locale| locale.code.clone()).collect(),
            organization: publisher::node(app, self.shows_publisher(app)),
        }
    }

    /// The publisher is shown on the home pages and on the pages about it (Google Search Central,
    /// "Organization").
    fn shows_publisher(&self, app: &App) -> bool {
        let home = app.site.locales.iter().any(|locale| home(app, &locale.code) == self.href);
        home || self.page_kind.is_about_publisher()
    }

    fn menu(&self, app: &App, links: &[crate::app::MenuLink]) -> Vec<Link> {
        let default = &app.site.default_locale().code;
        links
            .iter()
            .filter(|link| link.locale.as_ref().map_or(default, |code| code.get_ref()) == self.locale)
            .map(|link| {
                let written = link.href.get_ref();
                let href = match crate::text::Path::parse(written) {
                    Ok(path) if written.starts_with('/') => path.href(),
                    _ => written.clone(),
                };
                let current = href == self.href;
                Link::new(href, link.label.clone()).current(current)
            })
            .collect()
    }

    /// The line at the foot in the page's language.
    fn footer_text(&self, app: &App) -> Option<String> {
        let default = &app.site.default_locale().code;
        let of = |locale: Option<&String>| locale.unwrap_or(default) == self.locale;
        let mut texts = app.site.look.footer.iter();
        let found = texts.find(|footer| of(footer.locale.as_ref().map(|code| code.get_ref())))?;
        Some(found.text.clone())
    }

    fn locale_links(&self, app: &App) -> Vec<LocaleLink> {
        let found = |code: &str| self.translations.iter().find(|(locale, ..)| locale == code);
        app.site
            .locales
            .iter()
            .map(|locale| LocaleLink {
                href: found(&locale.code)
                    .map_or_else(|| home(app, &locale.code), |(_, href, _)| href.clone()),
                label: locale.label.clone(),
                lang: locale.code.clone(),
                current: locale.code == self.locale,
            })
            .collect()
    }
}

/// The picture of pages that have none: that of `[head]`, else a file `card.png` among the icons.
fn default_image(app: &App) -> Option<Image> {
    let origin = &app.config.origin;
    if let Some(image) = &app.site.head.image {
        let own = image.src.starts_with('/');
        return Some(Image {
            url: if own { origin.url(&image.src) } else { image.src.clone() },
            width: image.width,
            height: image.height,
            alt: image.alt.clone(),
        });
    }
    let (name, width, height) = app.icons.card?;
    Some(Image {
        url: origin.url(&format!("/{name}")),
        width: Some(width),
        height: Some(height),
        alt: app.site.name.clone(),
    })
}

/// The script that counts visits, if somebody does.
fn counter(app: &App) -> Option<Counter> {
    let script = app.site.analytics.script()?;
    let src = match script.src {
        ScriptSource::Url(url) => url,
        ScriptSource::Own(file) => app.assets.address(file)?.to_owned(),
    };
    Some(Counter { src, data: script.data })
}

/// The site's mark, with its name where the mark stands for it.
fn logo(app: &App, locale: &Locale) -> Option<Logo> {
    let logo = app.assets.logo.as_ref()?;
    let alt = if app.site.look.logo_alone { name(app, locale).to_owned() } else { String::new() };
    Some(Logo { src: logo.address.clone(), alt, width: logo.width, height: logo.height })
}

/// The site's name in a language.
pub fn name<'a>(app: &'a App, locale: &'a Locale) -> &'a str {
    locale.name.as_deref().unwrap_or(&app.site.name)
}

/// The site's tagline in a language.
pub fn tagline<'a>(app: &'a App, locale: &'a Locale) -> &'a str {
    locale.tagline.as_deref().unwrap_or(&app.site.tagline)
}

/// The site's description in a language.
pub fn description<'a>(app: &'a App, locale: &'a Locale) -> &'a str {
    locale.description.as_deref().unwrap_or(&app.site.description)
}

/// The home page of a language.
pub fn home(app: &App, locale: &str) -> String {
    let prefix = app.site.prefix(locale);
    if prefix.is_empty() { "/".to_owned() } else { prefix }
}

/// The search page of a language.
pub fn search_href(app: &App, locale: &str) -> String {
    format!("{}{SEARCH}", app.site.prefix(locale))
}

/// The words of the locale a path belongs to.
pub fn locale_of<'a>(app: &'a App, path: &str) -> &'a str {
    &app.site.split_locale(path).0.code
}
