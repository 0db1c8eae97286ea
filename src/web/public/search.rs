//! The search page. It is found by no search engine, and no answer of it is kept: what can be asked for
//! is without number.

use std::time::Duration;

use hyper::StatusCode;

use super::shell::{Canonical, Frame, name, search_href};
use super::show::{Drawn, Target, with_query};
use super::view::href;
use crate::app::App;
use crate::error::{Error, Result};
use crate::seo::meta;
use crate::store::search::{self, Best, Narrow, Shown};
use crate::text::search::{MAX_QUERY, MAX_WORDS, Piece, Query, TooLong, mark, snippet};
use crate::web::headers::CachePolicy;
use crate::web::views::{Choice, Pagination, SearchPage, SearchResult, Trouble, Words};

/// The query keys that this page knows, in the order in which its form sends them.
pub const KNOWN: [&str; 4] = ["q", "type", "city", "page"];

const PER_PAGE: usize = 20;
/// Characters of a snippet.
const SNIPPET: usize = 220;

/// Draws the search page of a language: four queries at most.
///
/// # Errors
/// `NotFound` past the last page of results.
pub async fn draw(app: &App, locale: &str, target: &Target) -> Result<Drawn> {
    let words = Words::of(locale);
    let asked = Asked::read(target);
    let kinds = kinds(app, locale, asked.kind).await?;
    let cities = cities(app, locale, asked.city).await?;
    let narrow = Narrow {
        kind: asked.kind.filter(|_| kinds.iter().any(|choice| choice.chosen)),
        city: asked.city.filter(|_| cities.iter().any(|choice| choice.chosen)),
    };
    let mut page = SearchPage {
        action: search_href(app, locale),
        q: asked.q.chars().take(MAX_QUERY).collect(),
        kinds,
        cities,
        ..SearchPage::default()
    };
    match Query::parse(asked.q) {
        _ if asked.q.is_empty() => {}
        Ok(Some(query)) => {
            let best = search::search(&app.db, &query, locale, narrow).await?;
            let narrowed = narrow.kind.is_some() || narrow.city.is_some();
            show(app, locale, target, (&query, &best), narrowed, &mut page).await?;
        }
        Ok(None) => page.trouble = Some(trouble(words.search.no_words_title, words.search.no_words)),
        Err(TooLong) => {
            let text = words.too_long(MAX_QUERY as u32, MAX_WORDS as u32);
            page.trouble = Some(trouble(words.search.too_long_title, &text));
        }
    }
    if page.results.is_empty() && target.page()?.is_some_and(|number| number > 1) {
        return Err(Error::NotFound);
    }
    page.shell = frame(app, locale, target, &page.q).shell(app)?;
    page.shell.search_href = String::new();
    let mut drawn = Drawn::page(StatusCode::OK, &page, Vec::new())?;
    drawn.policy = CachePolicy::Visitor { browser: Duration::from_secs(60) };
    Ok(drawn)
}

/// What a request asks for; filters that are empty or no filters ask for everything.
struct Asked<'a> {
    q: &'a str,
    kind: Option<&'a str>,
    city: Option<i64>,
}

impl<'a> Asked<'a> {
    fn read(target: &'a Target) -> Asked<'a> {
        let value = |name: &str| {
            let found = target.query.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
        };
        Asked {
            q: value("q").unwrap_or_default(),
            kind: value("type"),
            city: value("city").and_then(|city| city.parse().ok()),
        }
    }
}

/// Puts a page of what was found into the page.
async fn show(
    app: &App,
    locale: &str,
    target: &Target,
    (query, best): (&Query, &Best),
    narrowed: bool,
    page: &mut SearchPage,
) -> Result<()> {
    let words = Words::of(locale);
    if best.ids.is_empty() {
        let advice = if narrowed { words.search.nothing_narrowed } else { words.search.nothing };
        page.trouble = Some(trouble(words.search.nothing_title, advice));
        return Ok(());
    }
    let current = target.page()?.unwrap_or(1);
    let last = best.ids.len().div_ceil(PER_PAGE) as u32;
    if current > last {
        return Err(Error::NotFound);
    }
    let from = (current as usize - 1) * PER_PAGE;
    let ids: Vec<i64> = best.ids.iter().skip(from).take(PER_PAGE).copied().collect();
    let shown = search::shown(&app.db, &ids).await?;
    page.results = shown.into_iter().map(|row| result(app, locale, query, row)).collect();
    page.count = Some(words.found(best.ids.len() as u32, best.more));
    page.pagination = Pagination::new(current, last, words, |number| address(&page.action, target, number));
    Ok(())
}

fn trouble(title: &str, text: &str) -> Trouble {
    Trouble { title: title.to_owned(), text: text.to_owned() }
}

/// The address of a page of results.
fn address(action: &str, target: &Target, number: u32) -> String {
    let asked = target.query.iter().filter(|(key, value)| key != "page" && !value.is_empty());
    let mut query: Vec<(String, String)> = asked.cloned().collect();
    if number > 1 {
        query.push(("page".into(), number.to_string()));
    }
    with_query(action, &query)
}

fn result(app: &App, locale: &str, query: &Query, row: Shown) -> SearchResult {
    let plain = row.plain.unwrap_or_default();
    let texts = [&row.summary, &plain, &row.facts];
    // Where nothing of the question stands in one piece, the page says what it is about.
    let found = texts.iter().find_map(|text| snippet(text, query, SNIPPET));
    let about = || texts.iter().find(|text| !text.is_empty()).and_then(|text| beginning(text, query));
    SearchResult {
        href: href(&row.path),
        kind: app.types.get(&row.kind).map_or_else(String::new, |kind| kind.label_in(locale).one.clone()),
        title: mark(&row.title, query),
        trail: trail(&row.path),
        snippet: found.or_else(about).unwrap_or_default(),
    }
}

/// The first words of a text.
fn beginning(text: &str, query: &Query) -> Option<Vec<Piece>> {
    let mut end = text.char_indices().nth(SNIPPET).map_or(text.len(), |(at, _)| at);
    if end < text.len() {
        end = text[..end].rfind(char::is_whitespace).unwrap_or(end);
    }
    let mut pieces = mark(&text[..end], query);
    if end < text.len() {
        pieces.push(Piece { text: "…".to_owned(), marked: false });
    }
    (!pieces.is_empty()).then_some(pieces)
}

/// What a path stands below, for the eye: `/iran/tehran/bazaar` is `iran › tehran`.
fn trail(path: &str) -> String {
    let mut segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    segments.pop();
    segments.join(" › ")
}

fn frame<'a>(app: &'a App, locale: &'a str, target: &Target, q: &str) -> Frame<'a> {
    let words = Words::of(locale);
    let mut frame = Frame::new(locale, &search_href(app, locale), words.search.title);
    let here = app.site.locale(locale).unwrap_or_else(|| app.site.default_locale());
    let title = if q.is_empty() { words.search.title.to_owned() } else { words.searched(q) };
    frame.title_tag = Some(meta::title(&title, name(app, here)));
    frame.canonical = Canonical::None;
    frame.robots.noindex = true;
    // The way to the same search in another language; none of them is indexed, so none is an alternate.
    frame.translations = app
        .site
        .locales
        .iter()
        .map(|other| {
            let asked = target.query.iter().filter(|(key, value)| key == "q" && !value.is_empty());
            let query: Vec<(String, String)> = asked.cloned().collect();
            (other.code.clone(), with_query(&search_href(app, &other.code), &query), false)
        })
        .collect();
    frame
}

/// The types that have anything to be found.
async fn kinds(app: &App, locale: &str, chosen: Option<&str>) -> Result<Vec<Choice>> {
    let names: Vec<String> = app.types.iter().map(|kind| kind.name.clone()).collect();
    let known = search::kinds(&app.db, &names, locale).await?;
    let mut choices: Vec<Choice> = app
        .types
        .iter()
        .filter(|kind| known.contains(&kind.name))
        .map(|kind| Choice {
            value: kind.name.clone(),
            label: kind.label_in(locale).many.clone(),
            chosen: chosen == Some(kind.name.as_str()),
        })
        .collect();
    choices.sort_by(|a, b| a.label.cmp(&b.label));
    Ok(choices)
}

/// The cities that have anything to be found in them.
async fn cities(app: &App, locale: &str, chosen: Option<i64>) -> Result<Vec<Choice>> {
    let found = search::cities(&app.db, locale, chosen).await?;
    let choice = |city: search::City| Choice {
        value: city.id.to_string(),
        chosen: chosen == Some(city.id),
        label: city.title,
    };
    Ok(found.into_iter().map(choice).collect())
}
