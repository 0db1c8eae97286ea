//! What stands beside the form of a part: the languages, how well colours can be read, what crawlers are
//! told, addresses to link to.

use url::form_urlencoded;

use super::form::Form;
use super::sections::{Section, listed};
use crate::app::{App, Colour, Palette};
use crate::config::Environment;
use crate::error::Result;
use crate::web::admin::posted::Posted;
use crate::web::admin::words::{Words, fill};

/// All of it; what a part has no use for is empty.
#[derive(Default)]
pub struct Beside {
    pub languages: Vec<Language>,
    /// Addresses that links are offered, with what stands there.
    pub addresses: Vec<(String, String)>,
    pub schemes: Vec<Scheme>,
    pub robots: Option<Robots>,
}

pub struct Language {
    pub code: String,
    pub label: String,
    pub is_default: bool,
    pub rtl: bool,
}

/// The colours of a scheme, and the home page in them.
pub struct Scheme {
    pub name: &'static str,
    pub label: &'static str,
    pub contrasts: Vec<Contrast>,
    pub frame: String,
    pub sample: String,
}

/// Two colours on each other.
pub struct Contrast {
    pub label: &'static str,
    /// `15.2`
    pub ratio: String,
    pub said: &'static str,
    pub is_poor: bool,
}

/// What crawlers are told.
pub struct Robots {
    pub text: String,
    pub is_closed: bool,
    /// What the rules keep from search engines; none when nobody asked.
    pub findings: Option<Vec<String>>,
}

impl Beside {
    pub fn has_any(&self) -> bool {
        !self.languages.is_empty()
            || !self.addresses.is_empty()
            || !self.schemes.is_empty()
            || self.robots.is_some()
    }

    /// # Errors
    /// `Unavailable` when the database is away.
    pub async fn of(section: Section, form: &Form<'_>, compare: bool) -> Result<Beside> {
        let app = form.app;
        let mut beside = Beside::default();
        match section {
            Section::Site => beside.languages = languages(app),
            Section::Menus => beside.addresses = addresses(app),
            Section::Look => beside.schemes = schemes(form.t, &form.typed),
            Section::Search => beside.robots = Some(robots(app, form.t, compare).await?),
            Section::Logo | Section::Organization | Section::Analytics => {}
        }
        Ok(beside)
    }
}

fn languages(app: &App) -> Vec<Language> {
    let locales = app.site.locales.iter().enumerate();
    let language = locales.map(|(at, locale)| Language {
        code: locale.code.clone(),
        label: locale.label.clone(),
        is_default: at == 0,
        rtl: locale.rtl,
    });
    language.collect()
}

/// The lists of every type in every language.
fn addresses(app: &App) -> Vec<(String, String)> {
    let mut addresses = Vec::new();
    for locale in &app.site.locales {
        let prefix = app.site.prefix(&locale.code);
        addresses.extend(listed(app).filter_map(|kind| {
            let listing = kind.listing.as_ref()?;
            Some((format!("{prefix}{}", listing.path), kind.label_in(&locale.code).many.clone()))
        }));
    }
    addresses
}

/// What is typed, in both schemes.
pub fn schemes(t: &Words, typed: &Posted) -> Vec<Scheme> {
    let s = t.settings;
    [("light", s.light, Palette::LIGHT), ("dark", s.dark, Palette::DARK)]
        .into_iter()
        .map(|(name, label, shipped)| {
            let own = |part: &str| Colour::parse(typed.get(&format!("look.{name}.{part}")).trim());
            let palette = shipped.with(own("ink"), own("paper"), own("accent"));
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.append_pair("scheme", name);
            query.extend_pairs(typed.0.iter().filter(|(name, _)| name.starts_with("look.")));
            Scheme {
                name,
                label,
                contrasts: vec![
                    contrast(t, s.contrast_text, palette.ink, palette.paper),
                    contrast(t, s.contrast_accent, palette.accent, palette.paper),
                    contrast(t, s.contrast_shade, palette.accent, palette.shade),
                ],
                frame: fill(s.preview_frame, label.to_lowercase()),
                sample: format!("{}/sample?{}", super::AT, query.finish()),
            }
        })
        .collect()
}

fn contrast(t: &Words, label: &'static str, colour: Colour, ground: Colour) -> Contrast {
    let ratio = colour.contrast(ground);
    let said = match ratio {
        ratio if ratio >= 7.0 => t.settings.contrast_good,
        ratio if ratio >= Palette::LEAST => t.settings.contrast_enough,
        _ => t.settings.contrast_poor,
    };
    Contrast { label, ratio: t.number(format!("{ratio:.1}")), said, is_poor: ratio < Palette::LEAST }
}

async fn robots(app: &App, t: &Words, compare: bool) -> Result<Robots> {
    let findings = match compare {
        true => Some(app.lint_robots().await?.iter().map(|found| t.sentence(&found.reason)).collect()),
        false => None,
    };
    Ok(Robots {
        text: app.robots().text()?,
        is_closed: app.config.environment != Environment::Production,
        findings,
    })
}
