//! The listing of a type, page by page.

use hyper::StatusCode;

use super::card::{cards, is_dated, tags};
use super::filtered;
use super::shell::{Frame, Title};
use super::show::{Drawn, Target};
use super::structured::absolute;
use crate::app::App;
use crate::error::{Error, Result};
use crate::seo::graph::{Item, List, PageKind};
use crate::store::lists::{self, Listed, Slice};
use crate::web::views::{Card, ListingPage, Pagination, Words};

/// A page of a list: which one, of how many, and the rows to read.
#[derive(Debug, Clone, Copy)]
pub struct Leaf {
    pub current: u32,
    pub last: u32,
    pub slice: Slice,
    pub total: i64,
}

impl Leaf {
    /// # Errors
    /// `NotFound` past the end.
    pub fn of(target: &Target, total: i64, per_page: i64) -> Result<Leaf> {
        let current = target.page()?.unwrap_or(1);
        let last = u32::try_from((total + per_page - 1) / per_page).unwrap_or(u32::MAX).max(1);
        if current > last {
            return Err(Error::NotFound);
        }
        let slice = Slice { limit: per_page, offset: i64::from(current - 1) * per_page };
        Ok(Leaf { current, last, slice, total })
    }

    /// The address of a page of the list.
    pub fn href(&self, path: &str, page: u32) -> String {
        if page == 1 { path.to_owned() } else { format!("{path}?page={page}") }
    }

    pub fn pagination(&self, path: &str, locale: &str) -> Option<Pagination> {
        Pagination::new(self.current, self.last, Words::of(locale), |page| self.href(path, page))
    }

    /// The list as the graph says it.
    pub fn list(&self, app: &App, cards: &[Card]) -> Option<List> {
        let item = |card: &Card| Item {
            name: card.title.clone(),
            url: app.config.origin.url(&card.href),
            schema: card.schema.clone(),
            image: card.image.as_ref().map(|image| absolute(app, &image.src)),
        };
        (!cards.is_empty()).then(|| List {
            name: None,
            before: usize::try_from(self.slice.offset).unwrap_or(0),
            total: usize::try_from(self.total).ok(),
            items: cards.iter().map(item).collect(),
        })
    }

    /// The number of a page beyond the first, for title and description: no two pages have the same.
    pub fn words(&self, locale: &str) -> Option<String> {
        (self.current > 1).then(|| Words::of(locale).page_of(&self.current, &self.last))
    }
}

/// Draws a page of a type's listing.
pub async fn draw(app: &App, locale: &str, name: &str, target: &Target) -> Result<Drawn> {
    let kind = app.types.get(name).ok_or(Error::NotFound)?;
    let listing = kind.listing.as_ref().ok_or(Error::NotFound)?;
    if target.is_filtered() {
        return filtered::draw(app, locale, kind, target).await;
    }
    let total = lists::count_of_type(&app.db, name, locale).await?;
    let leaf = Leaf::of(target, total, i64::from(listing.per_page))?;
    let found: Vec<Listed> = lists::of_type(&app.db, kind, locale, leaf.slice).await?;
    let drawn = cards(app, &found, locale, is_dated(kind)).await?;
    let path = format!("{}{}", app.site.prefix(locale), listing.path);
    let label = kind.label_in(locale).many.clone();
    let mut frame = Frame::new(locale, &leaf.href(&path, leaf.current), &label);
    let here = app.site.locale(locale).unwrap_or_else(|| app.site.default_locale());
    frame.title_from = Some(Title::of(app.site.head.listing(locale), |token| match token {
        "title" | "types" => label.clone(),
        "type" => kind.label_in(locale).one.clone(),
        "summary" => super::shell::description(app, here).to_owned(),
        "tagline" => super::shell::tagline(app, here).to_owned(),
        _ => String::new(),
    }));
    frame.page = leaf.words(locale);
    frame.description = format!("{label} · {}", super::shell::description(app, here));
    // An empty list is a page for people, not for an index.
    frame.robots.noindex = total == 0;
    frame.feeds_of = kind.feed.then(|| path.clone());
    frame.page_kind = PageKind::CollectionPage;
    frame.list = leaf.list(app, &drawn);
    frame.translations = translations(app, locale, name, &listing.path, &leaf).await?;
    let pagination = leaf.pagination(&path, locale);
    frame.prev = pagination.as_ref().and_then(|pages| pages.prev.clone());
    frame.next = pagination.as_ref().and_then(|pages| pages.next.clone());
    let (form, choices) = filtered::form(app, kind, locale, &[]).await?;
    let mut stale_with = vec![format!("type:{name}")];
    stale_with.extend(choices);
    stale_with.extend(tags(&found));
    let page =
        ListingPage { shell: frame.shell(app)?, title: label, summary: None, form, cards: drawn, pagination };
    Drawn::page(StatusCode::OK, &page, stale_with)
}

/// The same page of the listing in other languages; where one lacks this page, none is named
/// (SEO 3.15).
async fn translations(
    app: &App,
    here: &str,
    name: &str,
    path: &str,
    leaf: &Leaf,
) -> Result<Vec<(String, String, bool)>> {
    let mut found = Vec::new();
    for locale in &app.site.locales {
        let total = match locale.code.as_str() {
            code if code == here => leaf.total,
            code => lists::count_of_type(&app.db, name, code).await?,
        };
        if leaf.current > 1 && total <= leaf.slice.offset {
            return Ok(Vec::new());
        }
        let path = format!("{}{path}", app.site.prefix(&locale.code));
        found.push((locale.code.clone(), leaf.href(&path, leaf.current), total > 0));
    }
    Ok(found)
}
