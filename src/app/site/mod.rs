//! `content/site.toml`: the site's name, languages and menus.

mod analytics;
pub mod colour;
mod feeds;
mod head;
mod icons;
pub mod look;
mod organization;
mod place;
mod robots;
mod robots_check;
mod security;

use serde::Deserialize;
use toml::Spanned;

pub use analytics::{Analytics, KIND_NAMES as ANALYTICS, Source as ScriptSource};
pub use head::{DefaultImage, Head};
pub use icons::{IconSettings, Verification};
pub use organization::{Contact, Logo, Organization};
pub use security::SecurityContact;

use self::look::Look;
use self::place::Place;
use crate::error::{Problem, Problems, Result};
use crate::seo::Hreflang;
pub use feeds::News;
use feeds::{FeedsSection, IndexNowSection, NewsSection};
use robots::RobotsSection;
pub use robots::plain_groups;

/// What the site says of itself.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    pub name: String,
    #[serde(default)]
    pub tagline: String,
    /// The home page's meta description.
    #[serde(default)]
    pub description: String,
    /// The time zone of places that name none and lie in nothing that does, by its IANA name.
    pub time_zone: Option<Spanned<String>>,
    /// The languages, the default one first.
    #[serde(rename = "locale")]
    pub locales: Vec<Locale>,
    #[serde(default, rename = "menu")]
    pub menu: Vec<MenuLink>,
    #[serde(default)]
    pub footer: Vec<MenuLink>,
    /// Hosts that redirects may lead to besides the site itself (SECURITY T16).
    #[serde(default)]
    pub redirect_hosts: Vec<String>,
    /// Profiles of the organisation elsewhere (`sameAs`).
    #[serde(default)]
    pub profiles: Vec<String>,
    #[serde(default, rename = "head")]
    head_table: head::HeadTable,
    /// `[head]`, checked.
    #[serde(skip)]
    pub head: Head,
    #[serde(default)]
    pub icons: IconSettings,
    #[serde(default)]
    pub verification: Verification,
    #[serde(default)]
    pub security: SecurityContact,
    #[serde(default)]
    pub robots: RobotsSection,
    #[serde(default)]
    pub feeds: FeedsSection,
    #[serde(default)]
    pub news: NewsSection,
    #[serde(default)]
    pub indexnow: IndexNowSection,
    #[serde(rename = "organization")]
    written_organization: Option<organization::Written>,
    /// Who publishes the site.
    #[serde(skip)]
    pub organization: Organization,
    #[serde(default)]
    pub look: Look,
    /// Who counts visits.
    #[serde(default)]
    pub analytics: Analytics,
    /// For messages about what is found out later.
    #[serde(skip)]
    pub(super) place: Place,
}

/// A language of the site.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Locale {
    /// ISO 639-1, with script or country when needed: `fa`, `de-AT`.
    pub code: String,
    /// Its name in itself.
    pub label: String,
    #[serde(default)]
    pub rtl: bool,
    /// The site's name, tagline and description in this language.
    pub name: Option<String>,
    pub tagline: Option<String>,
    pub description: Option<String>,
}

/// A link of a menu or of the footer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MenuLink {
    pub label: String,
    /// A path of the site, or a URL.
    pub href: Spanned<String>,
    /// The language it belongs to; the default one when absent.
    pub locale: Option<Spanned<String>>,
}

impl MenuLink {
    fn check(&self, menu: &str, locales: &[&str], place: &Place, problems: &mut Problems) {
        if let Some(code) = &self.locale
            && !locales.contains(&code.get_ref().as_str())
        {
            let reason = format!("the link “{}” has a language the site has not", self.label);
            problems.push(place.problem(code.span().start, reason).field(format!("{menu}.locale")));
        }
        if self.label.trim().is_empty() {
            let reason = format!("the link to `{}` has no words", self.href.get_ref());
            problems.push(place.problem(self.href.span().start, reason).field(format!("{menu}.label")));
        }
        let href = self.href.get_ref();
        let leads = ["/", "https://", "http://", "mailto:", "tel:"];
        if !leads.iter().any(|start| href.starts_with(start)) || href.starts_with("//") {
            let reason = format!(
                "the link “{}” leads to `{href}`; a path such as `/places`, a URL, mailto: or tel: is right",
                self.label
            );
            problems.push(place.problem(self.href.span().start, reason).field(format!("{menu}.href")));
        }
    }
}

impl Site {
    /// Reads and checks `site.toml`.
    ///
    /// # Errors
    /// `Error::Invalid` with file, line and key.
    pub fn parse(file: &str, text: &str) -> Result<Site> {
        let place = Place::new(file, text);
        let mut site: Site = toml::from_str(text)
            .map_err(|error| place.problem(error.span().map_or(0, |span| span.start), error.message()))?;
        let mut problems = Problems::default();
        if site.name.trim().is_empty() {
            problems.push(Problem::new("the site needs a name").field("name").file(file));
        }
        if site.locales.is_empty() {
            problems.push(Problem::new("the site needs a language").field("locale").file(file));
        }
        for locale in &site.locales {
            if crate::seo::Hreflang::parse(&locale.code).is_err() {
                let reason = format!("`{}` is no language code such as `en`, `fa` or `de-AT`", locale.code);
                problems.push(Problem::new(reason).field("locale.code").file(file));
            }
            if site.locales.iter().filter(|other| other.code == locale.code).count() > 1 {
                let reason = format!("`{}` stands here twice", locale.code);
                problems.push(Problem::new(reason).field("locale.code").file(file));
            }
        }
        let codes: Vec<&str> = site.locales.iter().map(|locale| locale.code.as_str()).collect();
        for (menu, links) in [("menu", &site.menu), ("footer", &site.footer)] {
            links.iter().for_each(|link| link.check(menu, &codes, &place, &mut problems));
        }
        site.head = site.head_table.check(&codes, &place, &mut problems);
        site.icons.check(&place, &mut problems);
        site.verification.check(&place, &mut problems);
        site.security.check(&place, &mut problems);
        site.robots.check(&site.locales, &place, &mut problems);
        site.feeds.check(&place, &mut problems);
        site.indexnow.check(&place, &mut problems);
        if let Some(zone) = &site.time_zone
            && crate::clock::Zone::named(zone.get_ref()).is_none()
        {
            let reason = format!(
                "there is no time zone `{}`; a name of the IANA database such as `Asia/Tehran` is right",
                zone.get_ref()
            );
            problems.push(place.problem(zone.span().start, reason).field("time_zone"));
        }
        for profile in &site.profiles {
            if let Err(reason) = crate::schema::web_address(profile) {
                problems.push(Problem::new(reason).field("profiles").file(file));
            }
        }
        if let Some(written) = site.written_organization.take() {
            site.organization = written.checked(&place, &mut problems);
        }
        site.look.check(&place, &codes, &mut problems);
        site.analytics.check(&place, &mut problems);
        site.place = place;
        problems.or(site)
    }

    /// Every type that the file names exists.
    pub fn check_types(&self, types: &[&str], problems: &mut Problems) {
        self.news.check(types, &self.place, problems);
        self.look.check_home(&self.place, types, problems);
    }

    /// The language that `x-default` leads to. Where it leads nowhere, a value that no page has.
    pub fn x_default(&self) -> Hreflang {
        let code = match &self.head.x_default {
            Some(head::XDefault::Nobody) => return Hreflang::x_default(),
            Some(head::XDefault::Locale(code)) => code,
            None => &self.default_locale().code,
        };
        Hreflang::parse(code).unwrap_or_else(|_| Hreflang::x_default())
    }

    /// The site with nobody counting its visits.
    pub fn uncounted(&self) -> Site {
        Site { analytics: Analytics::default(), ..self.clone() }
    }

    pub fn default_locale(&self) -> &Locale {
        &self.locales[0]
    }

    pub fn locale(&self, code: &str) -> Option<&Locale> {
        self.locales.iter().find(|locale| locale.code == code)
    }

    /// What paths of a language begin with: nothing for the default one, `/fa` for Persian.
    pub fn prefix(&self, code: &str) -> String {
        if code == self.default_locale().code { String::new() } else { format!("/{}", code.to_lowercase()) }
    }

    /// The language of a path, and the rest of it: `/fa/places` is Persian and `/places`.
    pub fn split_locale<'a>(&self, path: &'a str) -> (&Locale, &'a str) {
        for locale in &self.locales[1..] {
            if let Some(rest) = path.strip_prefix(&self.prefix(&locale.code))
                && (rest.is_empty() || rest.starts_with('/'))
            {
                return (locale, if rest.is_empty() { "/" } else { rest });
            }
        }
        (self.default_locale(), path)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub const TWO: &str = "name = \"A\"\n[[locale]]\ncode = \"en\"\nlabel = \"English\"\n\
                       [[locale]]\ncode = \"fa\"\nlabel = \"فارسی\"\nrtl = true\n";

    /// Four lines, so that a section begins on the fifth.
    const SITE: &str = "name = \"A\"\n[[locale]]\ncode = \"en\"\nlabel = \"English\"\n";

    /// A site with one more section.
    pub fn parsed(section: &str) -> Result<Site> {
        Site::parse("site.toml", &format!("{SITE}{section}"))
    }

    #[track_caller]
    pub fn refused(section: &str, message: &str) {
        assert_eq!(parsed(section).expect_err(section).to_string().trim_end(), message, "{section}");
    }

    #[test]
    fn the_language_of_a_path_is_its_first_segment() {
        let site = Site::parse("site.toml", TWO).unwrap();
        let split = |path| {
            let (locale, rest) = site.split_locale(path);
            (locale.code.clone(), rest.to_owned())
        };
        assert_eq!(split("/"), ("en".into(), "/".into()));
        assert_eq!(split("/fa"), ("fa".into(), "/".into()));
        assert_eq!(split("/fa/places"), ("fa".into(), "/places".into()));
        assert_eq!(split("/fabric"), ("en".into(), "/fabric".into()));
        assert_eq!(site.prefix("en"), "");
        assert_eq!(site.prefix("fa"), "/fa");
    }

    #[test]
    fn a_wrong_file_is_refused_with_its_line() {
        for (text, message) in [
            ("name = \"A\"\ncolour = 1\n", "site.toml:2: unknown field `colour`"),
            ("name = \"\"\n[[locale]]\ncode=\"en\"\nlabel=\"E\"", "site.toml: `name`: the site needs a name"),
            (
                "name = \"A\"\n[[locale]]\ncode=\"en\"\nlabel=\"E\"\n[[menu]]\nlabel=\"M\"\nhref=\"javascript:alert(1)\"",
                "`menu.href`: the link “M” leads to `javascript:alert(1)`",
            ),
            ("name = \"A\"\n[[locale]]\ncode=\"english\"\nlabel=\"E\"", "`english` is no language code"),
            (
                "name = \"A\"\ntime_zone = \"Asia/Teheran\"\n[[locale]]\ncode=\"en\"\nlabel=\"E\"",
                "site.toml:2: `time_zone`: there is no time zone `Asia/Teheran`",
            ),
        ] {
            let error = Site::parse("site.toml", text).unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
        }
    }
}
