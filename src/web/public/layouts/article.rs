//! The page of something written, with its place in a series.

use super::parts::{facts, links};
use super::related::related;
use super::{drawn, single};
use crate::app::App;
use crate::error::Result;
use crate::store::related::By;
use crate::store::relations::Pointed;
use crate::store::shelves::{self, Asked, Near, Stands};
use crate::web::public::entry::frame;
use crate::web::public::pictures::picture;
use crate::web::public::show::{Drawn, Target};
use crate::web::public::view::{EntryView, href};
use crate::web::views::{ArticlePage, AuthorBox, Link, SeriesPlace, Words};

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
        about_authors: about_authors(app, view),
        related: related.cards,
    };
    drawn(&page, stale_with)
}

/// Who wrote it: those of whom their own page says more than the byline does.
fn about_authors(app: &App, view: &EntryView) -> Vec<AuthorBox> {
    let about = |author: &Pointed| {
        let (_, content) = view.authors.get(&author.id)?;
        let profiles = view.profiles_of(app, author.id).into_iter().filter_map(|address| {
            let url = url::Url::parse(&address).ok()?;
            let host = url.host_str()?;
            Some(Link::new(address.as_str(), host.strip_prefix("www.").unwrap_or(host)))
        });
        let about = AuthorBox {
            href: href(&author.path),
            name: author.title.clone(),
            summary: Some(content.summary.clone()).filter(|text| !text.is_empty()),
            portrait: content.cover.as_ref().map(|image| picture(image, &view.pictures)),
            profiles: profiles.collect(),
        };
        let says_more = about.summary.is_some() || about.portrait.is_some() || !about.profiles.is_empty();
        says_more.then_some(about)
    };
    view.related("authors").filter_map(about).collect()
}

/// Where an article stands in its series: parts in the order in which they were published. Three queries
/// at most, however many parts there are.
async fn series(app: &App, view: &EntryView) -> Result<(Option<SeriesPlace>, Vec<String>)> {
    let Some(series) = view.related("series").next() else { return Ok((None, Vec::new())) };
    let asked =
        Asked { hub: series.group, locale: &view.entry.locale, shelf: &view.kind.name, reversed: true };
    let stands = shelves::standing(&app.db, asked, view.entry.id).await?;
    let (previous, next) = match &stands {
        Some(stands) => shelves::beside(&app.db, asked, stands).await?,
        None => (None, None),
    };
    let link = |near: Near| Link::new(href(&near.path), near.title);
    let part =
        |stands: &Stands| Some((u32::try_from(stands.before).ok()? + 1, u32::try_from(stands.of).ok()?));
    let place = SeriesPlace {
        series: Link::new(href(&series.path), series.title.clone()),
        part: stands.as_ref().and_then(part),
        previous: previous.map(link),
        next: next.map(link),
    };
    Ok((Some(place), vec![format!("to:{}", series.id), format!("type:{}", view.kind.name)]))
}
