//! The parts of the settings and their fields: which key of `site.toml` each sets, and by what control.

use crate::app::{ANALYTICS, App, Palette};
use crate::schema::{LANDING, Type};
use crate::web::admin::words::{Words, fill};

/// A part, each a page of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    Site,
    Menus,
    Look,
    Logo,
    Organization,
    Search,
    Analytics,
}

/// One field: a key of the file.
pub struct Setting {
    pub key: String,
    pub label: String,
    pub help: Option<String>,
    pub control: Control,
}

/// What a key holds, and so how it is typed.
pub enum Control {
    /// A line of text, in an input of this kind.
    Line { kind: &'static str, placeholder: String },
    /// A line that can't be empty.
    Needed,
    /// A few lines of text.
    Text,
    /// One of these, (value, label); the first where nothing is said.
    Choice(Vec<(String, String)>),
    /// Yes or no.
    Tick,
    /// Several values, one a line.
    Lines,
    /// Several types, one a line, by what many of them are called.
    Types,
    /// A picture of the library by its address.
    Picture,
    /// A table with these members, each with its label.
    Parts(Vec<(&'static str, &'static str)>),
    /// Tables with these members, each a row; with `by_language`, a list for each of the site's languages,
    /// the member `locale` says which.
    Rows { parts: Vec<RowPart>, by_language: bool },
    /// One text for each of the site's languages: tables with `text` and `locale`.
    ByLanguage,
}

/// A member of a row.
pub struct RowPart {
    pub key: &'static str,
    pub label: &'static str,
    pub holds: Holds,
    /// The list of the page that offers values.
    pub offers: Option<&'static str>,
}

/// What a member of a row holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    Line,
    /// Several values between commas.
    Words,
    /// Several values, one a line.
    Lines,
}

/// The addresses that links are offered, as an element of the page.
pub const ADDRESSES: &str = "addresses";

impl Section {
    pub const ALL: [Section; 7] = [
        Section::Site,
        Section::Menus,
        Section::Look,
        Section::Logo,
        Section::Organization,
        Section::Search,
        Section::Analytics,
    ];

    /// As its address has it.
    pub fn name(self) -> &'static str {
        match self {
            Section::Site => "site",
            Section::Menus => "menus",
            Section::Look => "look",
            Section::Logo => "logo",
            Section::Organization => "organization",
            Section::Search => "search",
            Section::Analytics => "analytics",
        }
    }

    pub fn of(name: &str) -> Option<Section> {
        Section::ALL.into_iter().find(|section| section.name() == name)
    }

    pub fn label(self, t: &Words) -> &'static str {
        let s = t.settings;
        match self {
            Section::Site => s.site,
            Section::Menus => s.menus,
            Section::Look => s.look,
            Section::Logo => s.logo,
            Section::Organization => s.organization,
            Section::Search => s.search,
            Section::Analytics => s.analytics,
        }
    }

    pub fn reason(self, t: &Words) -> &'static str {
        let s = t.settings;
        match self {
            Section::Site => s.site_reason,
            Section::Menus => s.menus_reason,
            Section::Look => s.look_reason,
            Section::Logo => s.logo_reason,
            Section::Organization => s.organization_reason,
            Section::Search => s.search_reason,
            Section::Analytics => s.analytics_reason,
        }
    }

    /// Its fields, in the order of the page.
    pub fn settings(self, app: &App, t: &'static Words) -> Vec<Setting> {
        match self {
            Section::Site => site(app, t),
            Section::Menus => menus(t),
            Section::Look => look(app, t),
            Section::Logo => logo(t),
            Section::Organization => organization(t),
            Section::Search => search(app, t),
            Section::Analytics => analytics(t),
        }
    }
}

/// Every field of every part.
pub fn all(app: &App, t: &'static Words) -> impl Iterator<Item = (Section, Setting)> {
    Section::ALL
        .into_iter()
        .flat_map(move |section| section.settings(app, t).into_iter().map(move |setting| (section, setting)))
}

fn setting(key: &str, label: &str, help: &str, control: Control) -> Setting {
    let help = Some(help.to_owned()).filter(|help| !help.is_empty());
    Setting { key: key.to_owned(), label: label.to_owned(), help, control }
}

fn line() -> Control {
    Control::Line { kind: "text", placeholder: String::new() }
}

fn choice(options: &[(&str, &str)]) -> Control {
    let own = |(value, label): &(&str, &str)| ((*value).to_owned(), (*label).to_owned());
    Control::Choice(options.iter().map(own).collect())
}

fn site(app: &App, t: &'static Words) -> Vec<Setting> {
    let s = t.settings;
    let mut settings = vec![
        setting("name", s.name, "", Control::Needed),
        setting("tagline", s.tagline, s.tagline_help, line()),
        setting("description", s.description, s.description_help, Control::Text),
    ];
    let default = &app.site.default_locale().code;
    let has_own = |code: &str| {
        let parts = ["name", "tagline", "description"];
        parts.iter().any(|part| !app.site_file().value(&format!("locale.{code}.{part}")).is_null())
    };
    for locale in app.site.locales.iter().filter(|locale| locale.code != *default || has_own(&locale.code)) {
        let key = |part: &str| format!("locale.{}.{part}", locale.code);
        settings.extend([
            setting(&key("name"), &fill(s.name_in, &locale.label), s.in_help, line()),
            setting(&key("tagline"), &fill(s.tagline_in, &locale.label), "", line()),
            setting(&key("description"), &fill(s.description_in, &locale.label), "", Control::Text),
        ]);
    }
    settings.push(setting("time_zone", s.time_zone, s.time_zone_help, line()));
    settings
}

fn part(key: &'static str, label: &'static str, holds: Holds) -> RowPart {
    RowPart { key, label, holds, offers: None }
}

fn links(t: &'static Words, by_language: bool) -> Control {
    let s = t.settings;
    let href = RowPart { offers: by_language.then_some(ADDRESSES), ..part("href", s.link_href, Holds::Line) };
    Control::Rows { parts: vec![part("label", s.link_label, Holds::Line), href], by_language }
}

fn menus(t: &'static Words) -> Vec<Setting> {
    let s = t.settings;
    vec![
        setting("menu", s.menu, s.menu_help, links(t, true)),
        setting("footer", s.footer, "", links(t, true)),
        setting("look.footer", s.footer_text, s.footer_text_help, Control::ByLanguage),
        setting("look.social", s.social, s.social_help, links(t, false)),
    ]
}

/// Types that have a list of their own.
pub fn listed(app: &App) -> impl Iterator<Item = &Type> {
    app.types.iter().filter(|kind| kind.name != LANDING && kind.listing.is_some())
}

fn labels<'a>(t: &Words, types: impl Iterator<Item = &'a Type>) -> String {
    types.map(|kind| kind.label_in(t.lang).many.as_str()).collect::<Vec<_>>().join(t.comma)
}

fn look(app: &App, t: &'static Words) -> Vec<Setting> {
    let s = t.settings;
    let own = app.site.look.faces.iter().map(|face| face.family.get_ref().clone());
    let mut families: Vec<(String, String)> = Vec::new();
    for family in own {
        if families.iter().all(|(known, _)| *known != family) {
            families.push((family.clone(), family));
        }
    }
    let faces = |first: &[(&str, &str)]| match choice(first) {
        Control::Choice(mut options) => {
            options.extend(families.clone());
            Control::Choice(options)
        }
        other => other,
    };
    let shipped = [("shipped", s.shipped), ("system-serif", s.system_serif), ("system-sans", s.system_sans)];
    let mut settings: Vec<Setting> = [
        ("look.light.paper", s.light_paper, Palette::LIGHT.paper),
        ("look.light.ink", s.light_ink, Palette::LIGHT.ink),
        ("look.light.accent", s.light_accent, Palette::LIGHT.accent),
        ("look.dark.paper", s.dark_paper, Palette::DARK.paper),
        ("look.dark.ink", s.dark_ink, Palette::DARK.ink),
        ("look.dark.accent", s.dark_accent, Palette::DARK.accent),
    ]
    .into_iter()
    .map(|(key, label, shipped)| {
        setting(key, label, &fill(s.colour_help, shipped), colour(shipped.to_string()))
    })
    .collect();
    settings.extend([
        setting("look.text", s.text, "", faces(&shipped)),
        setting("look.headings", s.headings, "", faces(&[&[("", s.as_text)], &shipped[..]].concat())),
        setting("look.home", s.home, &fill(s.home_help, labels(t, listed(app))), Control::Types),
    ]);
    settings
}

fn colour(placeholder: String) -> Control {
    Control::Line { kind: "colour", placeholder }
}

fn logo(t: &'static Words) -> Vec<Setting> {
    let s = t.settings;
    let displays = [
        ("browser", s.display_browser),
        ("minimal-ui", s.display_minimal),
        ("standalone", s.display_standalone),
        ("fullscreen", s.display_fullscreen),
    ];
    vec![
        setting("look.logo", s.logo_picture, s.logo_help, Control::Picture),
        setting("look.logo_alone", s.logo_alone, s.logo_alone_help, Control::Tick),
        setting("icons.picture", s.icon, s.icon_help, Control::Picture),
        setting("icons.short_name", s.short_name, s.short_name_help, line()),
        setting("icons.theme_light", s.theme_light, "", colour(Palette::LIGHT.paper.to_string())),
        setting("icons.theme_dark", s.theme_dark, "", colour(Palette::DARK.paper.to_string())),
        setting("icons.background", s.background, "", colour(Palette::LIGHT.paper.to_string())),
        setting("icons.display", s.display, "", choice(&displays)),
    ]
}

fn organization(t: &'static Words) -> Vec<Setting> {
    let s = t.settings;
    let kind = |kind| Control::Line { kind, placeholder: String::new() };
    let address = vec![
        ("street", s.street),
        ("locality", s.locality),
        ("region", s.region),
        ("postal_code", s.postal_code),
        ("country", s.country),
    ];
    let contact = vec![
        part("label", s.contact_label, Holds::Line),
        part("email", s.org_email, Holds::Line),
        part("telephone", s.telephone, Holds::Line),
        part("languages", s.contact_languages, Holds::Words),
    ];
    vec![
        setting("organization.name", s.org_name, s.org_name_help, line()),
        setting("organization.legal_name", s.legal_name, "", line()),
        setting("organization.schema", s.org_schema, s.org_schema_help, line()),
        setting("organization.description", s.org_description, "", Control::Text),
        setting("organization.email", s.org_email, "", kind("email")),
        setting("organization.telephone", s.telephone, s.telephone_help, kind("tel")),
        setting("organization.address", s.address, s.address_help, Control::Parts(address)),
        setting("organization.founding_date", s.founding_date, "", kind("date")),
        setting("organization.vat_id", s.vat_id, "", line()),
        setting(
            "organization.contact",
            s.contacts,
            s.contacts_help,
            Control::Rows { parts: contact, by_language: false },
        ),
        setting("profiles", s.profiles, s.profiles_help, Control::Lines),
    ]
}

fn search(app: &App, t: &'static Words) -> Vec<Setting> {
    let s = t.settings;
    let switch = || choice(&[("allow", s.allow), ("disallow", s.disallow)]);
    let group = vec![
        part("agents", s.group_agents, Holds::Lines),
        part("disallow", s.group_disallow, Holds::Lines),
        part("allow", s.group_allow, Holds::Lines),
    ];
    let mut settings = vec![
        setting("robots.ai_training", s.ai_training, "", switch()),
        setting("robots.ai_search", s.ai_search, "", switch()),
        setting("robots.ai_user", s.ai_user, "", switch()),
        setting("robots.group", s.groups, s.groups_help, Control::Rows { parts: group, by_language: false }),
    ];
    let engines = [
        ("google", "Google"),
        ("bing", "Bing"),
        ("yandex", "Yandex"),
        ("pinterest", "Pinterest"),
        ("facebook", "Facebook"),
    ];
    settings.extend(engines.map(|(key, name)| {
        setting(&format!("verification.{key}"), &fill(s.verification, name), s.verification_help, line())
    }));
    let types = app.types.iter().filter(|kind| kind.name != LANDING);
    settings.extend([
        setting("news.types", s.news_types, &fill(s.news_types_help, labels(t, types)), Control::Types),
        setting("news.name", s.news_name, s.news_name_help, line()),
    ]);
    settings
}

fn analytics(t: &'static Words) -> Vec<Setting> {
    let s = t.settings;
    let name = |kind: &str| match kind {
        "plausible" => "Plausible".to_owned(),
        "umami" => "Umami".to_owned(),
        "goatcounter" => "GoatCounter".to_owned(),
        "matomo" => "Matomo".to_owned(),
        other => other.to_owned(),
    };
    let kinds = ANALYTICS.iter().map(|kind| ((*kind).to_owned(), name(kind)));
    let kinds = [(String::new(), s.analytics_none.to_owned())].into_iter().chain(kinds);
    let host = Control::Line { kind: "url", placeholder: "https://stats.example.org".to_owned() };
    vec![
        setting("analytics.kind", s.analytics_kind, "", Control::Choice(kinds.collect())),
        setting("analytics.host", s.analytics_host, s.analytics_host_help, host),
        setting("analytics.site", s.analytics_site, s.analytics_site_help, line()),
    ]
}
