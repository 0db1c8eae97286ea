//! What titles and descriptions of entries are made of: the values of their templates' tokens, and
//! what tells namesakes apart.

use super::layouts::shown;
use super::shell::Title;
use super::view::EntryView;
use crate::app::App;
use crate::entry::Content;
use crate::error::Result;
use crate::schema::{Shown, Type};
use crate::seo::meta::one_line;
use crate::store::entries::Entry;
use crate::store::lists::Above;
use crate::store::namesakes::{self, Named, Namesake};
use crate::text::{Script, Slug, Template};
use crate::web::views::Words;

/// The template of an entry's title: its type's, else the site's.
pub fn title_template<'a>(app: &'a App, kind: &'a Type, locale: &str) -> &'a Template {
    kind.head.title.in_locale(locale).unwrap_or_else(|| app.site.head.title(locale))
}

/// The description: the editor's words for search results, else what the first template of type and
/// site makes that makes anything, else summary or beginning, else what it is and where.
pub fn description(app: &App, view: &EntryView) -> String {
    let own = &view.content.seo.description;
    if !own.is_empty() {
        return own.clone();
    }
    let locale = &view.entry.locale;
    let templates = [view.kind.head.description.in_locale(locale), app.site.head.description(locale)];
    let filled =
        templates.into_iter().flatten().map(|template| template.fill(|token| value(app, view, token)));
    let made = filled.filter(|line| !line.is_empty()).map(|line| one_line(&line)).next();
    made.unwrap_or_else(|| view.description())
}

/// What a line of the head is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenFrom {
    /// What an editor wrote for search results.
    Entry,
    /// The template of its type.
    Type,
    /// The site's template.
    Site,
    Summary,
    /// How its text begins.
    Beginning,
    /// Nobody wrote a word: what it is, and where.
    Nothing,
}

/// One place that a line of the head could be taken from, and what it would say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rung {
    pub from: TakenFrom,
    /// Empty where nothing is said there.
    pub text: String,
    pub is_taken: bool,
}

/// Of several places, the first that says anything is taken.
fn rungs(places: impl IntoIterator<Item = (TakenFrom, String)>) -> Vec<Rung> {
    let mut is_free = true;
    let rung = |(from, text): (TakenFrom, String)| {
        let is_taken = !text.is_empty() && std::mem::take(&mut is_free);
        is_free = is_free && !is_taken;
        Rung { from, text, is_taken }
    };
    places.into_iter().map(rung).collect()
}

/// What the title could be taken from, the nearest first.
pub fn titles(app: &App, view: &EntryView) -> Vec<Rung> {
    let locale = &view.entry.locale;
    let here = app.site.locale(locale).unwrap_or_else(|| app.site.default_locale());
    let fill = |template: &Template| {
        let site = super::shell::name(app, here);
        Title::of(template, |token| value(app, view, token)).fill(&view.entry.title, None, site)
    };
    let by_type = view.kind.head.title.in_locale(locale).map(fill).unwrap_or_default();
    rungs([
        (TakenFrom::Entry, view.content.seo.title.clone()),
        (TakenFrom::Type, by_type),
        (TakenFrom::Site, fill(app.site.head.title(locale))),
    ])
}

/// What the description could be taken from, the nearest first, as [`description`] takes it.
pub fn descriptions(app: &App, view: &EntryView) -> Vec<Rung> {
    let locale = &view.entry.locale;
    let fill = |template: Option<&Template>| {
        template.map(|template| one_line(&template.fill(|token| value(app, view, token)))).unwrap_or_default()
    };
    let nothing = if view.words().is_empty() { view.description() } else { String::new() };
    rungs([
        (TakenFrom::Entry, view.content.seo.description.clone()),
        (TakenFrom::Type, fill(view.kind.head.description.in_locale(locale))),
        (TakenFrom::Site, fill(app.site.head.description(locale))),
        (TakenFrom::Summary, view.content.summary.clone()),
        (TakenFrom::Beginning, view.excerpt.clone()),
        (TakenFrom::Nothing, nothing),
    ])
}

/// The value of a token; empty when there is none. `page` is the frame's.
pub fn value(app: &App, view: &EntryView, token: &str) -> String {
    let locale = &view.entry.locale;
    let words = Words::of(locale);
    let label = view.kind.label_in(locale);
    let here = app.site.locale(locale).unwrap_or_else(|| app.site.default_locale());
    match token {
        "title" => view.name(),
        "type" => label.one.clone(),
        "types" => label.many.clone(),
        "parent" => view.above.last().map(|above| above.title.clone()).unwrap_or_default(),
        "parents" => {
            let titles: Vec<&str> = view.above.iter().rev().map(|above| above.title.as_str()).collect();
            titles.join(words.comma)
        }
        "summary" => view.content.summary.clone(),
        "excerpt" => view.excerpt.clone(),
        "year" => {
            let year = view.entry.published_at.and_then(|at| u32::try_from(at.date().year()).ok());
            year.map(|year| words.number(year)).unwrap_or_default()
        }
        "site" => super::shell::name(app, here).to_owned(),
        "tagline" => super::shell::tagline(app, here).to_owned(),
        field => of_field(view, field, words),
    }
}

fn of_field(view: &EntryView, field: &str, words: &Words) -> String {
    match shown(view, field) {
        Some(Shown::Line(text) | Shown::Time { text, .. }) => text,
        Some(Shown::Link(link)) => link.text,
        Some(Shown::Links(links)) => {
            links.iter().map(|link| link.text.as_str()).collect::<Vec<_>>().join(words.comma)
        }
        _ => String::new(),
    }
}

/// What is put behind the title of an entry whose title others would have as well; empty when none
/// has. It is made of what differs: the word for its type, what its slug has beyond its title, and
/// for those that agree in both, their number by age. One query.
pub async fn tie(
    app: &App,
    entry: &Entry,
    kind: &Type,
    content: &Content,
    above: &[Above],
) -> Result<String> {
    if !content.seo.title.is_empty() {
        return Ok(String::new());
    }
    let template = title_template(app, kind, &entry.locale);
    // Only titles made in the same way can be the same.
    let alike = |other: &&Type| title_template(app, other, &entry.locale) == template;
    let kinds: Vec<String> = if template.has("type") || template.has("types") {
        vec![kind.name.clone()]
    } else {
        app.types.iter().filter(alike).map(|other| other.name.clone()).collect()
    };
    let parent = above.last().map_or("", |above| above.title.as_str());
    let tells = template.has("parent") || template.has("parents");
    let named =
        Named { id: entry.id, title: &entry.title, locale: &entry.locale, below: tells.then_some(parent) };
    let others = namesakes::of(&app.db, &named, &kinds).await?;
    Ok(apart(entry, &kind.label_in(&entry.locale).one, &others, Words::of(&entry.locale)))
}

/// Whether others say the same as an entry whose editor wrote no description for it. At most one query.
pub async fn say_the_same(app: &App, entry: &Entry, content: &Content) -> Result<bool> {
    match entry.words_key.filter(|_| content.seo.description.is_empty()) {
        Some(key) => namesakes::say_the_same(&app.db, entry.id, key).await,
        None => Ok(false),
    }
}

fn apart(entry: &Entry, label: &str, others: &[Namesake], words: &Words) -> String {
    let same_type: Vec<&Namesake> = others.iter().filter(|other| other.kind == entry.kind).collect();
    let mut parts = Vec::new();
    if same_type.len() < others.len() {
        parts.push(label.to_owned());
    }
    if !same_type.is_empty() {
        let bases = bases(&entry.title);
        let beyond = beyond(&bases, &entry.slug);
        let equal = |other: &&&Namesake| other.id < entry.id && self::beyond(&bases, &other.slug) == beyond;
        let before = same_type.iter().filter(equal).count();
        let mut part = beyond;
        if before > 0 {
            let number = words.number(u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1));
            part = if part.is_empty() { number } else { format!("{part} {number}") };
        }
        parts.push(part);
    }
    parts.retain(|part| !part.is_empty());
    parts.join(words.comma)
}

/// The slugs that are made from a title.
fn bases(title: &str) -> Vec<String> {
    let made = [Script::Keep, Script::Transliterate].map(|script| Slug::from_title(title, script));
    made.iter().flatten().map(ToString::to_string).collect()
}

/// What a slug has beyond the title it was made from: `IL` of `springfield-il`, nothing of
/// `springfield`. Of a slug that was not made from the title, all of it.
fn beyond(bases: &[String], slug: &str) -> String {
    let rest = bases.iter().find_map(|base| slug.strip_prefix(base.as_str()));
    let rest = match rest {
        Some("") => return String::new(),
        Some(rest) if rest.starts_with('-') => &rest[1..],
        _ => slug,
    };
    // Codes of states and countries are written in capitals.
    let is_code = |part: &str| part.len() <= 3 && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let words = rest.replace('-', " ");
    if rest.split('-').all(is_code) { words.to_ascii_uppercase() } else { words }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_tells_what_it_has_beyond_its_title() {
        for (title, slug, expected) in [
            ("Springfield", "springfield", ""),
            ("Springfield", "springfield-il", "IL"),
            ("Springfield", "springfield-mo-2", "MO 2"),
            ("Springfield", "springfield-capital-of-illinois", "capital of illinois"),
            ("Springfield", "springfields", "springfields"),
            ("São Paulo", "são-paulo-27", "27"),
            ("São Paulo", "sao-paulo-27", "27"),
            ("شیراز", "شیراز-8", "8"),
            ("Tehran in a day", "tehran-guide", "tehran guide"),
            ("!", "x", "X"),
        ] {
            assert_eq!(beyond(&bases(title), slug), expected, "{slug}");
        }
    }
}
