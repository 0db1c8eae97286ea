//! The page of something written, with its place in a series.

use super::parts::{facts, links};
use super::related::related;
use super::{drawn, single};
use crate::app::App;
use crate::error::Result;
use crate::store::lists::Slice;
use crate::store::related::By;
use crate::store::shelves::{self, Asked};
use crate::web::public::entry::frame;
use crate::web::public::show::{Drawn, Target};
use crate::web::public::view::{EntryView, href};
use crate::web::views::{ArticlePage, Link, SeriesPlace, Words};

pub async fn article(app: &App, view: &EntryView, target: &Target) -> Result<Drawn> {
    single(target)?;
    let locale = &view.entry.locale;
    let words = Words::of(locale);
    let (series, mut stale_with) = series(app, view).await?;
    let related = related(app, view, By::RelationsAndWords).await?;
    stale_with.extend(related.stale_with);
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
        facts: facts(view, &["form", "categories", "tags", "series", "authors"]),
        categories: links(view, "categories"),
        tags: links(view, "tags"),
        series,
        related: related.cards,
    };
    drawn(&page, stale_with)
}

/// Where an article stands in its series: parts in the order in which they were published.
async fn series(app: &App, view: &EntryView) -> Result<(Option<SeriesPlace>, Vec<String>)> {
    let Some(series) = view.related("series").next() else { return Ok((None, Vec::new())) };
    let group = series.group;
    let all = Slice { limit: 1000, offset: 0 };
    let asked = Asked { hub: group, locale: &view.entry.locale, shelf: &view.kind.name, reversed: true };
    let parts = shelves::slice(&app.db, asked, all).await?;
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
