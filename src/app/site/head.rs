//! `[head]`: what titles, descriptions and previews are made from when nothing nearer says so.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::place::Place;
use crate::error::Problems;
use crate::schema::{Localised, read_template};
use crate::seo::RobotsMeta;
use crate::text::Template;

/// What a title is made from unless a file says otherwise.
const TITLE: &str = "{title} – {page} | {site}";
const HOME: &str = "{site} — {tagline}";
const LISTING: &str = "{types} – {page} | {site}";

/// Tokens that the site's own templates know besides those of every template.
const SITE_TOKENS: [&str; 1] = ["tagline"];

/// The table as it is written.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HeadTable {
    title: Option<Spanned<String>>,
    titles: BTreeMap<String, Spanned<String>>,
    description: Option<Spanned<String>>,
    descriptions: BTreeMap<String, Spanned<String>>,
    home: Option<Spanned<String>>,
    homes: BTreeMap<String, Spanned<String>>,
    listing: Option<Spanned<String>>,
    listings: BTreeMap<String, Spanned<String>>,
    robots: Option<Spanned<String>>,
    image: Option<ImageTable>,
    x_default: Option<Spanned<String>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct ImageTable {
    src: Spanned<String>,
    #[serde(default)]
    alt: String,
    width: Option<u32>,
    height: Option<u32>,
}

/// The table, checked.
#[derive(Debug, Clone)]
pub struct Head {
    title: Localised,
    description: Localised,
    home: Localised,
    listing: Localised,
    /// Directives of every page that says nothing else.
    pub robots: RobotsMeta,
    /// The picture of pages that have none.
    pub image: Option<DefaultImage>,
    /// The locale that `x-default` leads to: `None` for the default one.
    pub(super) x_default: Option<XDefault>,
}

/// Where everybody goes whose language the site has not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum XDefault {
    Locale(String),
    /// No page claims to be for everybody.
    Nobody,
}

/// A picture that stands for the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefaultImage {
    /// A path of the site, or a URL.
    pub src: String,
    pub alt: String,
    pub width: Option<u32>,
    pub height: Option<u32>,
}

impl Default for Head {
    fn default() -> Head {
        HeadTable::default().check(&[], &Place::default(), &mut Problems::default())
    }
}

impl Head {
    /// The template of entries whose type has none.
    pub fn title(&self, locale: &str) -> &Template {
        needed(&self.title, locale)
    }

    pub fn description(&self, locale: &str) -> Option<&Template> {
        self.description.in_locale(locale)
    }

    pub fn home(&self, locale: &str) -> &Template {
        needed(&self.home, locale)
    }

    pub fn listing(&self, locale: &str) -> &Template {
        needed(&self.listing, locale)
    }
}

fn template(key: &str, text: &Spanned<String>, place: &Place, problems: &mut Problems) -> Option<Template> {
    let read = read_template(text.get_ref(), SITE_TOKENS.into_iter());
    read.map_err(|reason| problems.push(place.problem(text.span().start, reason).field(key))).ok()
}

fn needed<'a>(rule: &'a Localised, locale: &str) -> &'a Template {
    rule.in_locale(locale).expect("checking puts the built-in template where there is none")
}

impl HeadTable {
    /// Reads every template; `locales` are the codes of the site.
    pub(super) fn check(&self, locales: &[&str], place: &Place, problems: &mut Problems) -> Head {
        let mut read = |key: &str,
                        one: &Option<Spanned<String>>,
                        many: &BTreeMap<String, Spanned<String>>| {
            let own = one.as_ref().and_then(|text| template(key, text, place, problems));
            let mut by_locale = BTreeMap::new();
            for (locale, text) in many {
                let key = format!("{key}s.{locale}");
                by_locale.extend(template(&key, text, place, problems).map(|read| (locale.clone(), read)));
                if !locales.contains(&locale.as_str()) {
                    problems.push(
                        place.problem(text.span().start, "is for a language the site has not").field(&key),
                    );
                }
            }
            Localised { own, by_locale }
        };
        let or = |mut rule: Localised, text: &str| {
            let built_in = || Template::parse(text).expect("the built-in templates are right");
            rule.own = rule.own.or_else(|| Some(built_in()));
            rule
        };
        let title = or(read("head.title", &self.title, &self.titles), TITLE);
        let home = or(read("head.home", &self.home, &self.homes), HOME);
        let listing = or(read("head.listing", &self.listing, &self.listings), LISTING);
        let description = read("head.description", &self.description, &self.descriptions);
        Head {
            title,
            description,
            home,
            listing,
            robots: self.robots(place, problems),
            image: self.image(place, problems),
            x_default: self.x_default(locales, place, problems),
        }
    }

    fn robots(&self, place: &Place, problems: &mut Problems) -> RobotsMeta {
        let Some(text) = &self.robots else { return RobotsMeta::default() };
        let meta = match RobotsMeta::parse(text.get_ref()) {
            Ok(meta) if meta.noindex || meta.nofollow || meta.indexifembedded => {
                Err("would keep the whole site out of search; ATLAS_ENVIRONMENT=staging does that".to_owned())
            }
            other => other,
        };
        meta.unwrap_or_else(|reason| {
            problems.push(place.problem(text.span().start, reason).field("head.robots"));
            RobotsMeta::default()
        })
    }

    fn image(&self, place: &Place, problems: &mut Problems) -> Option<DefaultImage> {
        let table = self.image.as_ref()?;
        let src = table.src.get_ref().trim();
        let own = src.starts_with('/') && !src.starts_with("//");
        if !own && !url::Url::parse(src).is_ok_and(|url| matches!(url.scheme(), "http" | "https")) {
            let reason = format!("is `{src}`; a path of the site such as `/media/…` or a URL is right");
            problems.push(place.problem(table.src.span().start, reason).field("head.image.src"));
        }
        Some(DefaultImage {
            src: src.to_owned(),
            alt: table.alt.clone(),
            width: table.width,
            height: table.height,
        })
    }

    fn x_default(&self, locales: &[&str], place: &Place, problems: &mut Problems) -> Option<XDefault> {
        let text = self.x_default.as_ref()?;
        match text.get_ref().as_str() {
            "none" => Some(XDefault::Nobody),
            code if locales.contains(&code) => Some(XDefault::Locale(code.to_owned())),
            code => {
                let reason = format!("is `{code}`; a language of the site or `none` is right");
                problems.push(place.problem(text.span().start, reason).field("head.x_default"));
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Site;
    use super::super::tests::TWO;
    use super::*;

    fn site(table: &str) -> Site {
        Site::parse("site.toml", &format!("{TWO}{table}")).unwrap()
    }

    #[test]
    fn each_language_has_its_template_and_the_built_in_one_stands_where_there_is_none() {
        let own = site("[head]\ntitle = \"{title} / {site}\"\ntitles.fa = \"{title} در {site}\"\n").head;
        assert_eq!(
            (own.title("en").to_string(), own.title("fa").to_string()),
            ("{title} / {site}".into(), "{title} در {site}".into())
        );
        assert_eq!(
            (own.home("fa").to_string(), own.listing("en").to_string()),
            (HOME.into(), LISTING.into())
        );
        let built_in = site("").head;
        assert_eq!((built_in.title("fa").to_string(), built_in.description("en")), (TITLE.into(), None));
        assert_eq!(built_in.robots, RobotsMeta::default());
    }

    #[test]
    fn everybody_else_goes_to_the_default_language_unless_told_otherwise() {
        for (table, expected) in [
            ("", "en"),
            ("[head]\nx_default = \"fa\"\n", "fa"),
            ("[head]\nx_default = \"none\"\n", "x-default"),
        ] {
            assert_eq!(site(table).x_default().as_str(), expected);
        }
    }

    #[test]
    fn a_wrong_table_is_refused_with_its_lines() {
        let table = "[head]\ntitle = \"{titel} | {site}\"\nhome = \"{site\"\ntitles.de = \"{title}\"\n\
                     robots = \"noindex\"\nimage = { src = \"javascript:x\" }\nx_default = \"de\"\n";
        let error = Site::parse("site.toml", &format!("{TWO}{table}")).unwrap_err().to_string();
        insta::assert_snapshot!(error, @r"
        site.toml:10: `head.title`: holds `{titel}`, which is no token here; did you mean `title`?
        site.toml:12: `head.titles.de`: is for a language the site has not
        site.toml:11: `head.home`: opens a brace that nothing closes
        site.toml:13: `head.robots`: would keep the whole site out of search; ATLAS_ENVIRONMENT=staging does that
        site.toml:14: `head.image.src`: is `javascript:x`; a path of the site such as `/media/…` or a URL is right
        site.toml:15: `head.x_default`: is `de`; a language of the site or `none` is right
        ");
        for (table, message) in [
            (
                "[head]\nrobots = \"max-snippet:x\"\n",
                "site.toml:10: `head.robots`: `max-snippet:x` needs a whole number, 0 for nothing or -1 for no limit",
            ),
            (
                "[head]\nimage = { src = \"//evil.example/x.png\" }\n",
                "site.toml:10: `head.image.src`: is `//evil.example/x.png`; a path of the site such as `/media/…` or a URL is right",
            ),
        ] {
            assert_eq!(Site::parse("site.toml", &format!("{TWO}{table}")).unwrap_err().to_string(), message);
        }
    }
}
