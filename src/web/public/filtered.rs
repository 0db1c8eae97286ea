//! A listing narrowed by a form. Such pages are for people: not to be indexed, kept by nobody, and no
//! page links to them (SEO 2.14, 3.37). A choice that a landing page is made for leads there.

use hyper::StatusCode;

use super::card::{cards, is_dated, tags};
use super::listing::Leaf;
use super::shell::{Canonical, Frame};
use super::show::{Drawn, Target, with_query};
use crate::app::App;
use crate::error::{Error, Result};
use crate::schema::{Facet, Field, Kind, Type, fold};
use crate::store::filters::{self, By, Filter, Narrowed};
use crate::store::landings::{self, Key};
use crate::store::{lists, paths};
use crate::web::headers::CachePolicy;
use crate::web::public::view::href;
use crate::web::views::{FilterField, FilterForm, Link, ListingPage, Words};

/// With more to choose from, the visitor types.
const MOST_OPTIONS: usize = 100;
/// A type with more entries than this is not looked through for a form.
const MOST_LOOKED_AT: i64 = 500;

/// The fields of a type that its listing can be narrowed by.
fn fields(kind: &Type) -> impl Iterator<Item = &Field> {
    let fits = |field: &&Field| {
        field.filter && matches!(field.kind, Kind::Relation | Kind::Choice | Kind::Boolean | Kind::Line)
    };
    kind.fields.iter().filter(fits)
}

/// The query keys of a type's listing, in the order in which an address has them.
pub fn keys(kind: &Type) -> Vec<&str> {
    fields(kind).map(|field| field.name.as_str()).collect()
}

/// A choice that was understood.
struct Chosen {
    filter: Filter,
    /// As the address says it.
    value: String,
    /// As a person reads it.
    label: String,
}

/// Draws a narrowed listing, or leads to the landing page that is the same list.
pub async fn draw(app: &App, locale: &str, kind: &Type, target: &Target) -> Result<Drawn> {
    let path = listing_path(app, locale, kind)?;
    let mut chosen = Vec::new();
    let mut unknown = false;
    for (name, value) in target.filters() {
        let field = kind.field(name).ok_or(Error::NotFound)?;
        match choose(app, locale, field, value).await? {
            Some(found) => chosen.push(found),
            None => unknown = true,
        }
    }
    let page = target.page()?;
    if !unknown {
        if let Some(to) = respelled(target, &chosen) {
            let url = app.config.origin.url(&path);
            return Ok(Drawn::redirect(302, &with_query(&url, &to), Vec::new()));
        }
        if page.is_none()
            && let Some(to) = landing(app, locale, kind, &chosen).await?
        {
            return Ok(Drawn::redirect(302, &app.config.origin.url(&to), Vec::new()));
        }
    }
    list(app, locale, kind, target, if unknown { None } else { Some(&chosen) }).await
}

/// The page, with its form filled in. A choice that nothing can fit has the form alone, as a 404.
async fn list(
    app: &App,
    locale: &str,
    kind: &Type,
    target: &Target,
    chosen: Option<&[Chosen]>,
) -> Result<Drawn> {
    let path = listing_path(app, locale, kind)?;
    let per_page = kind.listing.as_ref().map_or(24, |listing| i64::from(listing.per_page));
    let filters: Vec<Filter> =
        chosen.unwrap_or_default().iter().map(|chosen| chosen.filter.clone()).collect();
    let asked = Narrowed { kind: &kind.name, locale, filters: &filters };
    let (total, leaf, found) = if filters.is_empty() {
        (0, None, Vec::new())
    } else {
        let total = filters::count(&app.db, asked).await?;
        let leaf = Leaf::of(target, total, per_page)?;
        (total, Some(leaf), filters::slice(&app.db, asked, leaf.slice).await?)
    };
    let given: Vec<(String, String)> = target.filters().cloned().collect();
    let own = with_query(&path, &given);
    let label = kind.label_in(locale).many.clone();
    let words = Words::of(locale);
    let named: Vec<&str> = chosen.unwrap_or_default().iter().map(|chosen| chosen.label.as_str()).collect();
    let title =
        if named.is_empty() { label.clone() } else { format!("{label}: {}", named.join(words.comma)) };
    let mut frame = Frame::new(locale, &own, &title);
    // Not to be indexed, and so without a canonical: the two would contradict each other.
    frame.robots.noindex = true;
    frame.canonical = Canonical::None;
    frame.trail = vec![Link::new(path.clone(), label)];
    let (form, _) = form(app, kind, locale, &given).await?;
    let page = ListingPage {
        shell: frame.shell(app)?,
        title,
        summary: (total == 0).then(|| words.nothing_found.to_owned()),
        form,
        cards: cards(app, &found, locale, is_dated(kind)).await?,
        pagination: leaf.and_then(|leaf| {
            let href = |page: u32| {
                let mut query = given.clone();
                if page > 1 {
                    query.push(("page".to_owned(), page.to_string()));
                }
                with_query(&path, &query)
            };
            crate::web::views::Pagination::new(leaf.current, leaf.last, words, href)
        }),
    };
    let status = if total == 0 { StatusCode::NOT_FOUND } else { StatusCode::OK };
    let mut drawn = Drawn::page(status, &page, tags(&found).collect())?;
    drawn.policy = CachePolicy::NoStore;
    Ok(drawn)
}

fn listing_path(app: &App, locale: &str, kind: &Type) -> Result<String> {
    let listing = kind.listing.as_ref().ok_or(Error::NotFound)?;
    Ok(format!("{}{}", app.site.prefix(locale), listing.path))
}

/// What a value of the query means; none when it means nothing.
async fn choose(app: &App, locale: &str, field: &Field, value: &str) -> Result<Option<Chosen>> {
    let value = value.trim();
    let chosen = |by: By, value: &str, label: String| Chosen {
        filter: Filter { field: field.name.clone(), by },
        value: value.to_owned(),
        label,
    };
    Ok(match (field.kind, &field.to) {
        (Kind::Relation, Some(to)) => {
            let (name, id) = match value.rsplit_once('~') {
                Some((name, id)) => (name, id.parse::<i64>().ok()),
                None => (value, None),
            };
            let found = filters::named(&app.db, to, locale, name, name).await?;
            let several = found.iter().filter(|target| target.slug == name).count() > 1;
            let target = match id {
                Some(id) => found.into_iter().find(|target| target.id == id),
                None => found.into_iter().next(),
            };
            target.map(|target| {
                let value = if several || id.is_some() {
                    format!("{}~{}", target.slug, target.id)
                } else {
                    target.slug.clone()
                };
                chosen(By::Group(target.group), &value, target.title)
            })
        }
        (Kind::Choice, _) => field.choice(value).map(|choice| {
            chosen(By::Text(choice.value.clone()), &choice.value, choice.label_in(locale).to_owned())
        }),
        (Kind::Boolean, _) => {
            let words = Words::of(locale);
            let answer = [("true", 1.0, words.yes), ("false", 0.0, words.no)];
            let found = answer.into_iter().find(|(name, ..)| *name == value);
            found.map(|(name, number, word)| {
                chosen(By::Number(number), name, format!("{}: {word}", field.label_in(locale)))
            })
        }
        (Kind::Line, _) => Some(chosen(By::Text(fold(value)), value, value.to_owned())),
        _ => None,
    })
}

/// The query as an address has it, where the request says the same in other words: a city by its name.
fn respelled(target: &Target, chosen: &[Chosen]) -> Option<Vec<(String, String)>> {
    let right: Vec<(String, String)> =
        chosen.iter().map(|chosen| (chosen.filter.field.clone(), chosen.value.clone())).collect();
    let given: Vec<(String, String)> = target.filters().cloned().collect();
    if right == given {
        return None;
    }
    let pages = target.query.iter().filter(|(key, _)| key == "page").cloned();
    Some(right.into_iter().chain(pages).collect())
}

/// The landing page that lists exactly what was chosen. It may go again, so the redirect is not for
/// good.
async fn landing(app: &App, locale: &str, kind: &Type, chosen: &[Chosen]) -> Result<Option<String>> {
    for family in app.types.landings().filter(|family| family.kind == kind.name) {
        let by = |field: &str| chosen.iter().find(|chosen| chosen.filter.field == field);
        let Some(By::Group(hub)) = by(&family.hub).map(|chosen| chosen.filter.by.clone()) else { continue };
        let facet = match (&family.facet, family.facet_field().map(by)) {
            (Facet::None, _) => Some(String::new()),
            (_, Some(Some(chosen))) => match &chosen.filter.by {
                By::Group(group) => Some(group.to_string()),
                By::Text(text) => Some(text.clone()),
                By::Number(_) => None,
            },
            _ => None,
        };
        let fields = 1 + usize::from(family.facet_field().is_some());
        let (Some(facet), true) = (facet, chosen.len() == fields) else { continue };
        let key = Key { definition: family.name.clone(), hub, facet, locale: locale.to_owned() };
        if let Some(found) = landings::find(&app.db, &key).await?
            && found.is_live()
            && let Some(path) = paths::canonical(&app.db, found.entry_id).await?
        {
            return Ok(Some(href(path.as_str())));
        }
    }
    Ok(None)
}

/// The form of a listing, with what is chosen, and the tags of what it offers; none for a type that
/// nothing can be narrowed by.
pub async fn form(
    app: &App,
    kind: &Type,
    locale: &str,
    given: &[(String, String)],
) -> Result<(Option<FilterForm>, Vec<String>)> {
    let mut controls = Vec::new();
    let mut stale_with = Vec::new();
    for field in fields(kind) {
        let value = given.iter().find(|(name, _)| *name == field.name);
        let options = match (field.kind, &field.to) {
            (Kind::Relation, Some(to)) => {
                stale_with.push(format!("type:{to}"));
                let tags = ["site".to_owned(), format!("type:{to}"), format!("type:{}", kind.name)];
                let name = format!("targets:{locale}:{}:{to}", kind.name);
                match &*app.shared(&name, &tags, targets(app, kind, to, locale)).await? {
                    // There is nothing of it to choose.
                    Some(options) if options.is_empty() => continue,
                    Some(options) => options.clone(),
                    None => Vec::new(),
                }
            }
            (Kind::Choice, _) => field
                .choices
                .iter()
                .map(|choice| (choice.value.clone(), choice.label_in(locale).to_owned()))
                .collect(),
            (Kind::Boolean, _) => {
                let words = Words::of(locale);
                vec![("true".to_owned(), words.yes.to_owned()), ("false".to_owned(), words.no.to_owned())]
            }
            _ => Vec::new(),
        };
        controls.push(FilterField {
            name: field.name.clone(),
            label: field.label_in(locale).to_owned(),
            value: value.map_or_else(String::new, |(_, value)| value.clone()),
            options,
        });
    }
    let form = FilterForm {
        action: listing_path(app, locale, kind)?,
        fields: controls,
        narrowed: !given.is_empty(),
    };
    Ok(((!form.fields.is_empty()).then_some(form), stale_with))
}

/// What a relation can be narrowed to, by title; none when there is too much to list.
async fn targets(app: &App, kind: &Type, to: &str, locale: &str) -> Result<Option<Vec<(String, String)>>> {
    if lists::count_of_type(&app.db, to, locale).await? > MOST_LOOKED_AT {
        return Ok(None);
    }
    let possible = filters::possible(&app.db, to, locale, &kind.name, MOST_LOOKED_AT + 1).await?;
    if possible.len() as i64 > MOST_LOOKED_AT {
        return Ok(None);
    }
    let used: Vec<_> =
        possible.iter().filter(|possible| possible.used).map(|possible| &possible.target).collect();
    if used.len() > MOST_OPTIONS {
        return Ok(None);
    }
    let value = |target: &filters::Target| {
        let alone = possible.iter().filter(|other| other.target.slug == target.slug).count() == 1;
        if alone { target.slug.clone() } else { format!("{}~{}", target.slug, target.id) }
    };
    let mut options: Vec<(String, String)> =
        used.into_iter().map(|target| (value(target), target.title.clone())).collect();
    options.sort_by(|a, b| (&a.1, &a.0).cmp(&(&b.1, &b.0)));
    Ok(Some(options))
}
