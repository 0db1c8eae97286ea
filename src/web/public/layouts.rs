//! From an entry's view to the page struct of its layout. A layout sees typed values only.

use askama::Template;
use hyper::StatusCode;

use super::card::{cards, is_dated, order, tags};
use super::entry::frame;
use super::listing::Leaf;
use super::shell::Frame;
use super::show::{Drawn, Target};
use super::view::{EntryView, href, picture};
use crate::app::App;
use crate::error::{Error, Result};
use crate::schema::{ShowWith, Shown, Type, Value, show_value};
use crate::store::lists::{self, Order, Slice};
use crate::text::{SafeHtml, markdown};
use crate::web::views::{
    ArticlePage, Card, Fact, FactValue, Geo, Hours, HubPage, Link, PageLayout, Picture, PlacePage,
    ProfilePage, Section, SeriesPlace, ServicePage, TaxonomyPage, Words,
};

/// Entries of a hub's smaller sections. What is beyond them stands in the type's own listing, which
/// each section links to.
const A_SECTION: i64 = 12;
const PER_PAGE: i64 = 24;

/// Draws the page of a layout.
pub async fn draw(app: &App, view: &EntryView, target: &Target) -> Result<Drawn> {
    match view.kind.layout.as_str() {
        "article" => article(app, view, target).await,
        "profile" => profile(app, view, target).await,
        "place" => place(app, view, target).await,
        "hub" => hub(app, view, target).await,
        "service" => service(app, view, target).await,
        "taxonomy" => taxonomy(app, view, target).await,
        _ => page(app, view, target).await,
    }
}

fn drawn(template: &impl Template, tags: Vec<String>) -> Result<Drawn> {
    Drawn::page(StatusCode::OK, template, tags)
}

/// A page without a list has no second one.
fn single(target: &Target) -> Result<()> {
    if target.page()?.is_some() { Err(Error::NotFound) } else { Ok(()) }
}

async fn article(app: &App, view: &EntryView, target: &Target) -> Result<Drawn> {
    single(target)?;
    let locale = &view.entry.locale;
    let words = Words::of(locale);
    let (series, mut stale_with) = series(app, view).await?;
    let related = related(app, view).await?;
    stale_with.extend(related.1);
    let published = view.entry.published_at.map(|at| words.when(at));
    let updated = view
        .entry
        .modified_at
        .map(|at| words.when(at))
        .filter(|when| published.as_ref().is_none_or(|published| published.label != when.label));
    let page = ArticlePage {
        shell: frame(app, view).shell(app)?,
        title: view.entry.title.clone(),
        summary: view.summary(),
        authors: links(view, "authors"),
        published,
        updated,
        minutes: u32::try_from(view.minutes).ok().filter(|minutes| *minutes > 0),
        cover: view.cover(),
        outline: view.outline.clone(),
        body: view.body.clone(),
        facts: facts(view, &["categories", "tags", "series", "authors"]),
        categories: links(view, "categories"),
        tags: links(view, "tags"),
        series,
        related: related.0,
    };
    drawn(&page, stale_with)
}

/// Where an article stands in its series: parts in the order in which they were published.
async fn series(app: &App, view: &EntryView) -> Result<(Option<SeriesPlace>, Vec<String>)> {
    let Some(series) = view.related("series").next() else { return Ok((None, Vec::new())) };
    let group = group_of(app, series.id).await?;
    let all = Slice { limit: 1000, offset: 0 };
    let parts =
        lists::pointing_at(&app.db, group, &view.kind.name, &view.entry.locale, Order::Oldest, all).await?;
    let at = parts.iter().position(|part| part.id == view.entry.id);
    let link = |at: usize| parts.get(at).map(|part| Link::new(href(&part.path), part.title.clone()));
    let place = SeriesPlace {
        series: Link::new(href(&series.path), series.title.clone()),
        part: at.map(|at| (at as u32 + 1, parts.len() as u32)),
        previous: at.and_then(|at| at.checked_sub(1)).and_then(link),
        next: at.and_then(|at| link(at + 1)),
    };
    Ok((Some(place), vec![format!("to:{}", series.id), format!("type:{}", view.kind.name)]))
}

async fn group_of(app: &App, id: i64) -> Result<i64> {
    let entry = crate::store::entries::find(&app.db, id).await?;
    Ok(entry.map_or(id, |entry| entry.translation_group))
}

/// Newer entries of the type that share the first category.
async fn related(app: &App, view: &EntryView) -> Result<(Vec<Card>, Vec<String>)> {
    let Some(category) = view.related("categories").next() else { return Ok((Vec::new(), Vec::new())) };
    let group = group_of(app, category.id).await?;
    let few = Slice { limit: 4, offset: 0 };
    let mut found =
        lists::pointing_at(&app.db, group, &view.kind.name, &view.entry.locale, Order::Newest, few).await?;
    found.retain(|other| other.id != view.entry.id);
    found.truncate(3);
    let mut stale_with: Vec<String> = tags(&found).collect();
    stale_with.push(format!("to:{}", category.id));
    Ok((cards(app, &found, &view.entry.locale, true).await?, stale_with))
}

async fn page(app: &App, view: &EntryView, target: &Target) -> Result<Drawn> {
    single(target)?;
    let children = lists::children(&app.db, view.entry.id, Slice { limit: 200, offset: 0 }).await?;
    let mut stale_with: Vec<String> = tags(&children).collect();
    stale_with.push(format!("type:{}", view.kind.name));
    let children = cards(app, &children, &view.entry.locale, false).await?;
    let sections =
        Section { title: view.kind.label_in(&view.entry.locale).many.clone(), cards: children, more: None };
    let page = PageLayout {
        shell: frame(app, view).shell(app)?,
        title: view.entry.title.clone(),
        summary: view.summary(),
        updated: view.entry.modified_at.map(|at| Words::of(&view.entry.locale).when(at)),
        cover: view.cover(),
        outline: view.outline.clone(),
        body: view.body.clone(),
        facts: facts(view, &[]),
        sections: if sections.cards.is_empty() { Vec::new() } else { vec![sections] },
    };
    drawn(&page, stale_with)
}

async fn profile(app: &App, view: &EntryView, target: &Target) -> Result<Drawn> {
    let works = works(app, view, target).await?;
    let mut frame = frame(app, view);
    works.tell(app, &mut frame, view);
    let entries_title = works.main.as_ref().map_or_else(String::new, |main| main.title.clone());
    let page = ProfilePage {
        shell: frame.shell(app)?,
        title: view.entry.title.clone(),
        job: line(view, "job_title"),
        summary: view.summary(),
        portrait: view.cover(),
        facts: facts(view, &["job_title"]),
        body: view.body.clone(),
        entries_title,
        pagination: works.pagination(view),
        entries: works.main.map_or_else(Vec::new, |main| main.cards),
    };
    drawn(&page, works.stale_with)
}

async fn place(app: &App, view: &EntryView, target: &Target) -> Result<Drawn> {
    single(target)?;
    let shown = |field: &str| shown(view, field);
    let kicker = match view.kind.fields.iter().find(|field| field.kind == crate::schema::Kind::Choice) {
        Some(field) => match shown(&field.name) {
            Some(Shown::Line(label)) => Some(label),
            _ => None,
        },
        None => None,
    };
    let known =
        ["business_type", "address", "telephone", "hours", "website", "geo", "services", "gallery", "faq"];
    let page = PlacePage {
        shell: frame(app, view).shell(app)?,
        title: view.entry.title.clone(),
        kicker,
        summary: view.summary(),
        address: match shown("address") {
            Some(Shown::Lines(lines)) => lines,
            _ => Vec::new(),
        },
        telephone: link(shown("telephone")),
        hours: match shown("hours") {
            Some(Shown::Hours(hours)) => Some(hours_of(&hours)),
            _ => None,
        },
        website: link(shown("website")),
        geo: match view.values.get("geo") {
            Some(Value::Geo(geo)) => Some(Geo::new(geo.latitude, geo.longitude)),
            _ => None,
        },
        facts: facts(view, &known),
        services: links(view, "services"),
        cover: view.cover(),
        body: view.body.clone(),
        gallery: gallery(view),
        faq: faq(view),
        sections: Vec::new(),
    };
    drawn(&page, Vec::new())
}

async fn hub(app: &App, view: &EntryView, target: &Target) -> Result<Drawn> {
    let works = works(app, view, target).await?;
    let mut frame = frame(app, view);
    works.tell(app, &mut frame, view);
    let pagination = works.pagination(view);
    let mut sections = works.sections;
    sections.extend(works.main);
    let page = HubPage {
        shell: frame.shell(app)?,
        title: view.entry.title.clone(),
        summary: view.summary(),
        cover: view.cover(),
        facts: facts(view, &[]),
        body: view.body.clone(),
        sections,
        pagination,
    };
    drawn(&page, works.stale_with)
}

async fn service(app: &App, view: &EntryView, target: &Target) -> Result<Drawn> {
    let works = works(app, view, target).await?;
    let mut frame = frame(app, view);
    works.tell(app, &mut frame, view);
    let pagination = works.pagination(view);
    let mut sections = works.sections;
    sections.extend(works.main);
    let page = ServicePage {
        shell: frame.shell(app)?,
        title: view.entry.title.clone(),
        kicker: view.related("category").next().map(|category| category.title.clone()),
        summary: view.summary(),
        cover: view.cover(),
        facts: facts(view, &["faq"]),
        body: view.body.clone(),
        faq: faq(view),
        sections,
        pagination,
    };
    drawn(&page, works.stale_with)
}

async fn taxonomy(app: &App, view: &EntryView, target: &Target) -> Result<Drawn> {
    let works = works(app, view, target).await?;
    let mut frame = frame(app, view);
    works.tell(app, &mut frame, view);
    let children = lists::children(&app.db, view.entry.id, Slice { limit: 200, offset: 0 }).await?;
    let pagination = works.pagination(view);
    let numbered = view.kind.name == "series";
    let first = works.leaf.map_or(1, |leaf| leaf.slice.offset as u32 + 1);
    let page = TaxonomyPage {
        shell: frame.shell(app)?,
        title: view.entry.title.clone(),
        kicker: Some(view.kind.label_in(&view.entry.locale).one.clone()),
        summary: view.summary(),
        cover: view.cover(),
        facts: facts(view, &[]),
        body: view.body.clone(),
        children: children.iter().map(|child| Link::new(href(&child.path), child.title.clone())).collect(),
        first_number: numbered.then_some(first),
        cards: works.main.map_or_else(Vec::new, |main| main.cards),
        pagination,
    };
    let mut stale_with = works.stale_with;
    stale_with.push(format!("type:{}", view.kind.name));
    drawn(&page, stale_with)
}

/// What points at an entry, by type: the largest list page by page, the others in part.
struct Works {
    sections: Vec<Section>,
    main: Option<Section>,
    leaf: Option<Leaf>,
    stale_with: Vec<String>,
}

impl Works {
    /// Adds the list to what the page says of itself.
    fn tell(&self, app: &App, frame: &mut Frame<'_>, view: &EntryView) {
        let (Some(leaf), Some(main)) = (&self.leaf, &self.main) else { return };
        frame.list = leaf.list(app, &main.cards);
        if view.words().is_empty() && !main.cards.is_empty() {
            let titles: Vec<&str> = main.cards.iter().take(5).map(|card| card.title.as_str()).collect();
            let comma = Words::of(&view.entry.locale).comma;
            frame.description = format!("{}: {}", view.entry.title, titles.join(comma));
        }
        frame.href = leaf.href(&view.href, leaf.current);
        if leaf.current > 1 {
            frame.title_tag = Some(leaf.title(&view.entry.title, &view.entry.locale));
            frame.description = leaf.title(&frame.description, &view.entry.locale);
            // A sibling may lack this page: then none is named (SEO 3.15).
            frame.translations = Vec::new();
        }
        let pagination = leaf.pagination(&view.href, &view.entry.locale);
        frame.prev = pagination.as_ref().and_then(|pages| pages.prev.clone());
        frame.next = pagination.as_ref().and_then(|pages| pages.next.clone());
    }

    fn pagination(&self, view: &EntryView) -> Option<crate::web::views::Pagination> {
        self.leaf.as_ref()?.pagination(&view.href, &view.entry.locale)
    }
}

async fn works(app: &App, view: &EntryView, target: &Target) -> Result<Works> {
    let locale = &view.entry.locale;
    let group = view.entry.translation_group;
    let mut counts = lists::counts_pointing_at(&app.db, group, locale).await?;
    counts.retain(|(name, _)| app.types.get(name).is_some());
    // The largest list is the page's own; at equal size, the type whose name comes first.
    counts.sort_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)));
    let mut stale_with: Vec<String> =
        view.translations.iter().map(|translation| format!("to:{}", translation.id)).collect();
    let main = counts.pop();
    let mut sections = Vec::new();
    for (name, count) in counts {
        let Some(kind) = app.types.get(&name) else { continue };
        let slice = Slice { limit: A_SECTION, offset: 0 };
        let found = lists::pointing_at(&app.db, group, &name, locale, order(kind), slice).await?;
        stale_with.extend(tags(&found));
        let mut section = section(app, view, kind, cards(app, &found, locale, is_dated(kind)).await?);
        if count <= A_SECTION {
            section.more = None;
        }
        sections.push(section);
    }
    let total = main.as_ref().map_or(0, |(_, count)| *count);
    let leaf = Leaf::of(target, total, PER_PAGE)?;
    let main = match main.as_ref().and_then(|(name, _)| app.types.get(name)) {
        Some(kind) => {
            let found =
                lists::pointing_at(&app.db, group, &kind.name, locale, order_of_part(view, kind), leaf.slice)
                    .await?;
            stale_with.extend(tags(&found));
            let mut section = section(app, view, kind, cards(app, &found, locale, is_dated(kind)).await?);
            section.more = None;
            Some(section)
        }
        None => None,
    };
    Ok(Works { sections, main, leaf: Some(leaf), stale_with })
}

/// A series is read from its first part; everything else in the type's own order.
fn order_of_part<'a>(view: &EntryView, kind: &'a Type) -> Order<'a> {
    if view.kind.name == "series" { Order::Oldest } else { order(kind) }
}

fn section(app: &App, view: &EntryView, kind: &Type, cards: Vec<Card>) -> Section {
    let label = kind.label_in(&view.entry.locale).many.clone();
    let more = kind.listing.as_ref().map(|listing| {
        Link::new(format!("{}{}", app.site.prefix(&view.entry.locale), listing.path), label.clone())
    });
    Section { title: label, cards, more }
}

fn links(view: &EntryView, field: &str) -> Vec<Link> {
    view.related(field).map(|pointed| Link::new(href(&pointed.path), pointed.title.clone())).collect()
}

fn line(view: &EntryView, field: &str) -> Option<String> {
    match view.values.get(field) {
        Some(Value::Line(text)) => Some(text.clone()),
        _ => None,
    }
}

/// Renders the Markdown of a field.
fn field_markdown(view: &EntryView, text: &str) -> SafeHtml {
    let rtl = crate::web::views::Dir::of(&view.entry.locale) == crate::web::views::Dir::Rtl;
    let options = markdown::Options { author: markdown::Author::Staff, rtl, images: &view.sizes };
    markdown::render(text, &options).html
}

fn shown(view: &EntryView, name: &str) -> Option<Shown> {
    let field = view.kind.field(name)?;
    let value = view.values.get(name)?;
    let with = ShowWith {
        locale: &view.entry.locale,
        markdown: &|text| field_markdown(view, text),
        entry: &|reference| {
            let found = view.find(reference)?;
            Some(crate::schema::Link { href: href(&found.path), text: found.title.clone(), ltr: false })
        },
    };
    Some(show_value(field, value, &with))
}

/// Everything known that the layout has no place of its own for.
fn facts(view: &EntryView, known: &[&str]) -> Vec<Fact> {
    let fields = view.kind.fields.iter().filter(|field| !known.contains(&field.name.as_str()));
    fields
        .filter_map(|field| {
            let value = fact(view, shown(view, &field.name)?)?;
            Some(Fact::new(field.label_in(&view.entry.locale), value))
        })
        .collect()
}

fn fact(view: &EntryView, shown: Shown) -> Option<FactValue> {
    let rel = |href: &str| if href.starts_with("http") { "external noopener" } else { "" };
    Some(match shown {
        Shown::Nothing => return None,
        Shown::Line(text) => FactValue::Text(text),
        Shown::Lines(lines) => FactValue::Lines(lines),
        Shown::Html(html) => FactValue::Html(html),
        Shown::Time { text, .. } | Shown::Point { text, .. } => FactValue::Text(text),
        Shown::Link(link) => {
            FactValue::Link { rel: rel(&link.href).into(), href: link.href, text: link.text }
        }
        Shown::Links(links) => {
            FactValue::Links(links.into_iter().map(|link| Link::new(link.href, link.text)).collect())
        }
        Shown::Images(images) => {
            FactValue::Images(images.iter().map(|image| picture(image, &view.sizes)).collect())
        }
        Shown::Hours(hours) => FactValue::Hours(hours_of(&hours)),
        Shown::Questions(questions) => {
            FactValue::Questions(questions.into_iter().map(|item| (item.question, item.answer)).collect())
        }
        Shown::Video { video, text, .. } => {
            FactValue::Link { rel: rel(&video.url).into(), href: video.url, text }
        }
    })
}

fn link(shown: Option<Shown>) -> Option<Link> {
    match shown {
        Some(Shown::Link(link)) => Some(Link::new(link.href, link.text)),
        _ => None,
    }
}

fn hours_of(hours: &crate::schema::ShownHours) -> Hours {
    let rows = hours.week.iter().chain(&hours.special);
    Hours {
        rows: rows.map(|row| (row.days.clone(), row.times.join(", "))).collect(),
        time_zone: hours.time_zone.clone(),
    }
}

fn gallery(view: &EntryView) -> Vec<Picture> {
    match view.values.get("gallery") {
        Some(Value::Gallery(images)) => images.iter().map(|image| picture(image, &view.sizes)).collect(),
        _ => Vec::new(),
    }
}

fn faq(view: &EntryView) -> Vec<(String, SafeHtml)> {
    match shown(view, "faq") {
        Some(Shown::Questions(questions)) => {
            questions.into_iter().map(|item| (item.question, item.answer)).collect()
        }
        _ => Vec::new(),
    }
}
