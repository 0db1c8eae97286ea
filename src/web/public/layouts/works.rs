//! What points at an entry: the lists of hubs, profiles, services and taxonomies.

use crate::app::App;
use crate::error::Result;
use crate::schema::Type;
use crate::store::lists::{self, Order, Slice};
use crate::web::public::card::{cards, is_dated, order, tags};
use crate::web::public::listing::Leaf;
use crate::web::public::shell::Frame;
use crate::web::public::show::Target;
use crate::web::public::view::{EntryView, href};
use crate::web::views::{Card, Link, Section, Words};

/// Entries of a hub's smaller sections. What is beyond them stands in the type's own listing, which
/// each section links to.
const A_SECTION: i64 = 12;
const PER_PAGE: i64 = 24;

/// What points at an entry, by type: the largest list page by page, the others in part.
pub struct Works {
    pub sections: Vec<Section>,
    pub main: Option<Section>,
    pub leaf: Option<Leaf>,
    /// Whether feeds have any of it.
    pub has_feeds: bool,
    pub stale_with: Vec<String>,
    /// This page of the list in every language; none where one of them lacks it (SEO 3.15).
    pub siblings: Option<Vec<(String, String, bool)>>,
}

impl Works {
    /// Adds the list to what the page says of itself.
    pub fn tell(&self, app: &App, frame: &mut Frame<'_>, view: &EntryView) {
        frame.feeds_of = self.has_feeds.then(|| view.href.clone());
        let (Some(leaf), Some(main)) = (&self.leaf, &self.main) else { return };
        frame.list = leaf.list(app, &main.cards);
        if view.words().is_empty() && !main.cards.is_empty() {
            let titles: Vec<&str> = main.cards.iter().take(5).map(|card| card.title.as_str()).collect();
            let comma = Words::of(&view.entry.locale).comma;
            frame.description = format!("{}: {}", view.name(), titles.join(comma));
        }
        frame.href = leaf.href(&view.href, leaf.current);
        if leaf.current > 1 {
            frame.page = leaf.words(&view.entry.locale);
            match &self.siblings {
                Some(siblings) => frame.translations.clone_from(siblings),
                None => frame.alternates = false,
            }
        }
        let pagination = leaf.pagination(&view.href, &view.entry.locale);
        frame.prev = pagination.as_ref().and_then(|pages| pages.prev.clone());
        frame.next = pagination.as_ref().and_then(|pages| pages.next.clone());
    }

    pub fn pagination(&self, view: &EntryView) -> Option<crate::web::views::Pagination> {
        self.leaf.as_ref()?.pagination(&view.href, &view.entry.locale)
    }
}

pub async fn works(app: &App, view: &EntryView, target: &Target) -> Result<Works> {
    let locale = &view.entry.locale;
    let group = view.entry.translation_group;
    let mut counts = lists::counts_pointing_at(&app.db, group, locale).await?;
    counts.retain(|(name, _)| app.types.get(name).is_some());
    // The largest list is the page's own; at equal size, the type whose name comes first.
    counts.sort_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)));
    let has_feeds = app.has_feeds(&view.kind)
        && counts.iter().any(|(name, count)| *count > 0 && app.types.get(name).is_some_and(|kind| kind.feed));
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
    let siblings = siblings(app, view, &leaf).await?;
    Ok(Works { sections, main, leaf: Some(leaf), has_feeds, stale_with, siblings })
}

/// The same page of the list, beyond the first, in every language that has a page of this entry.
async fn siblings(app: &App, view: &EntryView, leaf: &Leaf) -> Result<Option<Vec<(String, String, bool)>>> {
    if leaf.current == 1 {
        return Ok(None);
    }
    let mut found = Vec::new();
    for translation in &view.translations {
        let counts =
            lists::counts_pointing_at(&app.db, view.entry.translation_group, &translation.locale).await?;
        let known = counts.iter().filter(|(name, _)| app.types.get(name).is_some());
        let longest = known.map(|(_, count)| *count).max().unwrap_or(0);
        if longest <= leaf.slice.offset {
            return Ok(None);
        }
        let path = leaf.href(&href(&translation.path), leaf.current);
        found.push((translation.locale.clone(), path, translation.indexable));
    }
    Ok(Some(found))
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
