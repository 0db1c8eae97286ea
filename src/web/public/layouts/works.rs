//! What stands on an entry's page: the lists of hubs, profiles, services, taxonomies and places.

use std::collections::HashMap;

use crate::app::App;
use crate::error::Result;
use crate::schema::{LANDING, Type};
use crate::store::landings::Linked;
use crate::store::lists::{Listed, Slice};
use crate::store::shelf_parts;
use crate::store::shelves::{self, Asked};
use crate::web::public::card::{cards, is_dated, tags};
use crate::web::public::listing::Leaf;
use crate::web::public::shell::Frame;
use crate::web::public::show::Target;
use crate::web::public::view::{EntryView, href};
use crate::web::views::{Card, Link, Section, Words};

/// Entries of a smaller section. What is beyond them stands on the list that the section links to.
const A_SECTION: i64 = 12;
/// Smaller hubs that stand in a section: the page is their only way in, so more of them are the page's
/// own list.
const SMALLER_HUBS: i64 = 24;
const PER_PAGE: i64 = 24;

/// What stands on an entry's page, by type: one list page by page, the others in part.
pub struct Works {
    /// How much of what is there: `40 places`.
    pub counts: Vec<String>,
    pub sections: Vec<Section>,
    pub main: Option<Section>,
    pub leaf: Option<Leaf>,
    /// Whether feeds have any of it.
    pub has_feeds: bool,
    pub stale_with: Vec<String>,
    /// This page of the list in every language; none where one of them lacks it (SEO 3.15).
    pub siblings: Option<Siblings>,
}

/// A page in other languages: (locale, address, may be indexed).
pub type Siblings = Vec<(String, String, bool)>;

impl Works {
    /// Adds the list to what the page says of itself.
    pub fn tell(&self, app: &App, frame: &mut Frame<'_>, view: &EntryView) {
        frame.feeds_of = self.has_feeds.then(|| view.href.clone());
        let (Some(leaf), Some(main)) = (&self.leaf, &self.main) else { return };
        if view.words().is_empty() && !main.cards.is_empty() {
            let titles: Vec<&str> = main.cards.iter().take(5).map(|card| card.title.as_str()).collect();
            let comma = Words::of(&view.entry.locale).comma;
            frame.description = format!("{}: {}", view.name(), titles.join(comma));
        }
        tell(app, frame, view, &Told { leaf, cards: &main.cards, siblings: self.siblings.as_ref() });
    }

    pub fn pagination(&self, view: &EntryView) -> Option<crate::web::views::Pagination> {
        self.leaf.as_ref()?.pagination(&view.href, &view.entry.locale)
    }
}

/// A page of a list.
pub struct Told<'a> {
    pub leaf: &'a Leaf,
    pub cards: &'a [Card],
    pub siblings: Option<&'a Siblings>,
}

/// A page of a list says which one it is, and what is on it.
pub fn tell(app: &App, frame: &mut Frame<'_>, view: &EntryView, told: &Told<'_>) {
    let leaf = told.leaf;
    frame.list = leaf.list(app, told.cards);
    frame.href = leaf.href(&view.href, leaf.current);
    if leaf.current > 1 {
        frame.page = leaf.words(&view.entry.locale);
        match told.siblings {
            Some(siblings) => frame.translations.clone_from(siblings),
            None => frame.alternates = false,
        }
    }
    let pagination = leaf.pagination(&view.href, &view.entry.locale);
    frame.prev = pagination.as_ref().and_then(|pages| pages.prev.clone());
    frame.next = pagination.as_ref().and_then(|pages| pages.next.clone());
}

/// The list of a type on a page, and how long it is.
struct Shelf<'a> {
    kind: &'a Type,
    entries: i64,
}

impl Shelf<'_> {
    fn is_hub(&self) -> bool {
        self.kind.layout == "hub"
    }

    /// What of it stands in a section.
    fn part(&self) -> Slice {
        Slice { limit: if self.is_hub() { SMALLER_HUBS } else { A_SECTION }, offset: 0 }
    }
}

/// One query for what there is, one a type for its entries, one for the sizes of all pictures, and one
/// for what is in smaller hubs.
pub async fn works(app: &App, view: &EntryView, target: &Target, lists: &[Linked]) -> Result<Works> {
    let mut shelves = shelves_of(app, view, &view.entry.locale).await?;
    let counts = counts(view, &shelves);
    let has_feeds = app.has_feeds(&view.kind) && shelves.iter().any(|shelf| shelf.kind.feed);
    let main = main_of(&shelves).map(|at| shelves.remove(at));
    let leaf = Leaf::of(target, main.as_ref().map_or(0, |main| main.entries), PER_PAGE)?;
    let mut wanted: Vec<(&Shelf<'_>, Slice)> = shelves.iter().map(|shelf| (shelf, shelf.part())).collect();
    wanted.extend(main.as_ref().map(|main| (main, leaf.slice)));
    let (mut cards, mut stale_with) = shelved(app, view, &wanted).await?;
    stale_with.extend(self::stale_with(view));
    let main = main.as_ref().map(|main| Section {
        kind: main.kind.name.clone(),
        title: label(view, main.kind),
        cards: cards.pop().unwrap_or_default(),
        ..Section::default()
    });
    let sections = shelves.iter().zip(cards).map(|(shelf, cards)| section(app, view, shelf, cards, lists));
    let (sections, siblings) = (sections.collect(), siblings(app, view, &leaf).await?);
    Ok(Works { counts, sections, main, leaf: Some(leaf), has_feeds, stale_with, siblings })
}

/// The same page of the list, beyond the first, in every language that has a page of this entry.
async fn siblings(app: &App, view: &EntryView, leaf: &Leaf) -> Result<Option<Siblings>> {
    if leaf.current == 1 {
        return Ok(None);
    }
    let mut found = Vec::new();
    for translation in &view.translations {
        let shelves = shelves_of(app, view, &translation.locale).await?;
        let entries = main_of(&shelves).map_or(0, |at| shelves[at].entries);
        if entries <= leaf.slice.offset {
            return Ok(None);
        }
        let path = leaf.href(&href(&translation.path), leaf.current);
        found.push((translation.locale.clone(), path, translation.indexable));
    }
    Ok(Some(found))
}

/// What points at an entry that has no list of its own, in part.
pub async fn sections(app: &App, view: &EntryView) -> Result<(Vec<Section>, Vec<String>)> {
    let shelves = shelves_of(app, view, &view.entry.locale).await?;
    let wanted: Vec<(&Shelf<'_>, Slice)> = shelves.iter().map(|shelf| (shelf, shelf.part())).collect();
    let (cards, mut stale_with) = shelved(app, view, &wanted).await?;
    stale_with.extend(self::stale_with(view));
    let sections = shelves.iter().zip(cards).map(|(shelf, cards)| section(app, view, shelf, cards, &[]));
    Ok((sections.collect(), stale_with))
}

fn stale_with(view: &EntryView) -> Vec<String> {
    let mut tags: Vec<String> =
        view.translations.iter().map(|translation| format!("to:{}", translation.id)).collect();
    tags.push(format!("shelf:{}", view.entry.translation_group));
    tags
}

/// Smaller hubs first, those right below before those in them; then the longest list.
async fn shelves_of<'a>(app: &'a App, view: &EntryView, locale: &str) -> Result<Vec<Shelf<'a>>> {
    let found = shelf_parts::types(&app.db, &[view.entry.translation_group], locale).await?;
    let mut shelves: Vec<Shelf> = found
        .iter()
        .filter_map(|shelf| Some(Shelf { kind: app.types.get(&shelf.shelf)?, entries: shelf.entries }))
        .filter(|shelf| shelf.kind.name != LANDING)
        .collect();
    let is_below =
        |kind: &Type| kind.fields.iter().any(|field| field.to.as_deref() == Some(view.kind.name.as_str()));
    shelves.sort_by_key(|shelf| {
        let is_inner = shelf.is_hub() && !is_below(shelf.kind);
        (!shelf.is_hub(), is_inner, -shelf.entries)
    });
    Ok(shelves)
}

fn counts(view: &EntryView, shelves: &[Shelf<'_>]) -> Vec<String> {
    let words = Words::of(&view.entry.locale);
    shelves
        .iter()
        .map(|shelf| {
            let label = shelf.kind.label_in(&view.entry.locale);
            words.counted(shelf.entries, &label.one, &label.many)
        })
        .collect()
}

/// The list that has pages: smaller hubs when there are many, else the longest that is no articles.
fn main_of(shelves: &[Shelf<'_>]) -> Option<usize> {
    let many = shelves.iter().position(|shelf| shelf.is_hub() && shelf.entries > SMALLER_HUBS);
    let longest = || {
        let own = shelves.iter().enumerate().filter(|(_, shelf)| !shelf.is_hub());
        // What can be visited goes before what can be read.
        own.max_by_key(|(at, shelf)| (!is_dated(shelf.kind), shelf.entries, std::cmp::Reverse(*at)))
            .map(|(at, _)| at)
    };
    many.or_else(longest).or((!shelves.is_empty()).then_some(0))
}

fn section(app: &App, view: &EntryView, shelf: &Shelf<'_>, cards: Vec<Card>, lists: &[Linked]) -> Section {
    let more = if shelf.entries > shelf.part().limit { more(app, view, shelf.kind, lists) } else { None };
    Section { kind: shelf.kind.name.clone(), title: label(view, shelf.kind), cards, room: None, more }
}

/// The whole list: the landing page of the type on this hub, else the type's own listing.
fn more(app: &App, view: &EntryView, kind: &Type, lists: &[Linked]) -> Option<Link> {
    let whole = lists.iter().find(|list| {
        list.facet.is_empty()
            && app.types.landing(&list.definition).is_some_and(|family| family.kind == kind.name)
    });
    if let Some(list) = whole {
        return Some(Link::new(href(&list.path), list.title.clone()));
    }
    let listing = kind.listing.as_ref()?;
    let all = Words::of(&view.entry.locale).all(&label(view, kind));
    Some(Link::new(format!("{}{}", app.site.prefix(&view.entry.locale), listing.path), all))
}

fn label(view: &EntryView, kind: &Type) -> String {
    kind.label_in(&view.entry.locale).many.clone()
}

/// Cards of slices of lists, and the tags of what is on them. A series is read from its first part.
async fn shelved(
    app: &App,
    view: &EntryView,
    wanted: &[(&Shelf<'_>, Slice)],
) -> Result<(Vec<Vec<Card>>, Vec<String>)> {
    let locale = view.entry.locale.as_str();
    let (mut all, mut lengths) = (Vec::new(), Vec::new());
    for (shelf, slice) in wanted {
        let asked = Asked {
            hub: view.entry.translation_group,
            locale,
            shelf: &shelf.kind.name,
            reversed: view.kind.name == "series",
        };
        let found = shelves::slice(&app.db, asked, *slice).await?;
        lengths.push(found.len());
        all.extend(found);
    }
    let mut stale_with: Vec<String> = tags(&all).collect();
    let mut drawn = cards(app, &all, locale, true).await?;
    let is_hub = |listed: &Listed| app.types.get(&listed.kind).is_some_and(|kind| kind.layout == "hub");
    let hubs: Vec<i64> =
        all.iter().filter(|listed| is_hub(listed)).map(|listed| listed.translation_group).collect();
    let inside = inside(app, locale, &hubs).await?;
    for (card, listed) in drawn.iter_mut().zip(&all) {
        if !app.types.get(&listed.kind).is_some_and(is_dated) {
            card.date = None;
        }
        if let Some(counted) = inside.get(&listed.translation_group) {
            card.kicker = Some(counted.clone());
        }
    }
    stale_with.extend(hubs.iter().map(|hub| format!("shelf:{hub}")));
    let mut rest = drawn.into_iter();
    let lists = lengths.into_iter().map(|length| rest.by_ref().take(length).collect()).collect();
    Ok((lists, stale_with))
}

/// How much is in each of these hubs, in a few words.
async fn inside(app: &App, locale: &str, hubs: &[i64]) -> Result<HashMap<i64, String>> {
    if hubs.is_empty() {
        return Ok(HashMap::new());
    }
    let words = Words::of(locale);
    let mut inside: HashMap<i64, Vec<(i64, String)>> = HashMap::new();
    for shelf in shelf_parts::types(&app.db, hubs, locale).await? {
        let Some(kind) = app.types.get(&shelf.shelf) else { continue };
        let label = kind.label_in(locale);
        let counted = words.counted(shelf.entries, &label.one, &label.many);
        inside.entry(shelf.hub).or_default().push((shelf.entries, counted));
    }
    let joined = |mut counted: Vec<(i64, String)>| {
        counted.sort_by_key(|(entries, _)| std::cmp::Reverse(*entries));
        let two: Vec<String> = counted.into_iter().take(2).map(|(_, text)| text).collect();
        two.join(words.comma)
    };
    Ok(inside.into_iter().map(|(hub, counted)| (hub, joined(counted))).collect())
}
