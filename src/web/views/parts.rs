//! The parts that pages share: links, cards, pictures, crumbs, pages of a list.

use crate::schema::ImageRights;
use crate::text::Dir;
use crate::web::views::Words;

/// A link with its text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Link {
    pub href: String,
    pub label: String,
    /// It leads to the page it stands on.
    pub current: bool,
}

impl Link {
    pub fn new(href: impl Into<String>, label: impl Into<String>) -> Link {
        Link { href: href.into(), label: label.into(), current: false }
    }

    #[must_use]
    pub fn current(mut self, current: bool) -> Link {
        self.current = current;
        self
    }
}

/// One step on the way to a page; the last one is the page itself and needs no address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Crumb {
    pub href: Option<String>,
    pub label: String,
}

/// An instant for machines and for people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct When {
    /// For `<time datetime>`: `2026-03-01T09:00:00Z` or `2026-03-01`.
    pub datetime: String,
    pub label: String,
}

/// An image with what must be said about it. Width and height in pixels keep its place free while
/// it loads; they are none only where nobody knows them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Picture {
    pub src: String,
    /// What it shows; empty when it adds nothing to the text beside it.
    pub alt: String,
    pub width: Option<u32>,
    pub height: Option<u32>,
    /// The widths it is there in, as the attribute of that name has them; none when nothing was made of it.
    pub srcset: Option<String>,
    pub caption: Option<String>,
    pub credit: Option<String>,
    pub rights: ImageRights,
}

impl Picture {
    /// Words stand below it.
    pub fn is_described(&self) -> bool {
        self.caption.is_some() || self.credit.is_some() || self.has_rights()
    }

    pub fn has_rights(&self) -> bool {
        self.rights != ImageRights::default()
    }
}

/// An entry in a list of entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Card {
    pub href: String,
    pub title: String,
    pub summary: Option<String>,
    /// A word or two above the title: a category, a district, a trade.
    pub kicker: Option<String>,
    pub date: Option<When>,
    pub image: Option<Picture>,
    /// The language of the entry when it is not the page's.
    pub lang: Option<String>,
    /// The schema.org type of what it leads to, for the list in structured data; empty when unknown.
    pub schema: String,
}

impl Card {
    /// How a list of these looks: as plates when each has a picture, as rows when some have, else as
    /// an index.
    pub fn shape(cards: &[Card]) -> &'static str {
        let pictured = cards.iter().filter(|card| card.image.is_some()).count();
        match pictured {
            0 => "index",
            all if all == cards.len() => "plates",
            _ => "rows",
        }
    }

    /// The direction of an entry in another language.
    pub fn dir(&self) -> Option<Dir> {
        self.lang.as_deref().map(Dir::of)
    }
}

/// Which card's image is loaded at once, as (list, card): the first there is, for it may be the
/// largest thing a visitor sees first (SEO 3.41).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Eager(Option<(usize, usize)>);

impl Eager {
    /// The first card with an image in these lists; none when an image stands before them.
    pub(super) fn of<'a>(taken: bool, lists: impl IntoIterator<Item = &'a Vec<Card>>) -> Eager {
        let pictured = |cards: &Vec<Card>| cards.iter().position(|card| card.image.is_some());
        let first = || lists.into_iter().enumerate().find_map(|(list, cards)| Some((list, pictured(cards)?)));
        Eager(if taken { None } else { first() })
    }

    pub(super) fn at(self, list: &usize, card: &usize) -> bool {
        self.0 == Some((*list, *card))
    }
}

/// Who wrote an article, at its end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuthorBox {
    pub href: String,
    pub name: String,
    pub summary: Option<String>,
    pub portrait: Option<Picture>,
    /// Their pages elsewhere, named by their hosts.
    pub profiles: Vec<Link>,
}

/// Cards under a heading, with the way to all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    /// The type of its entries, for the style sheet; may be empty.
    pub kind: String,
    pub title: String,
    pub cards: Vec<Card>,
    /// Where it draws its pictures in another width than lists do.
    pub room: Option<&'static str>,
    pub more: Option<Link>,
}

/// A heading of the body, for the outline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heading {
    /// The `id` of the heading, without `#`.
    pub id: String,
    pub text: String,
    /// 2 to 6, as in `h2` to `h6`.
    pub level: u8,
}

/// The pages of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pagination {
    /// From 1.
    pub current: u32,
    pub last: u32,
    pub prev: Option<String>,
    pub next: Option<String>,
    /// The pages worth a link, in order, with gaps.
    pub pages: Vec<PageLink>,
}

/// A page of a list, or a gap between two of them when it has neither address nor `current`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageLink {
    pub label: String,
    pub href: Option<String>,
    pub current: bool,
}

impl Pagination {
    /// The links of page `current` of `last`, both from 1; none when one page holds everything.
    /// Named are the first, the last and the neighbours; `href` makes the address of a page.
    pub fn new(current: u32, last: u32, words: &Words, href: impl Fn(u32) -> String) -> Option<Pagination> {
        if last < 2 {
            return None;
        }
        let current = current.clamp(1, last);
        let near = current.saturating_sub(2).max(1)..=current.saturating_add(2).min(last);
        let mut named: Vec<u32> = near.collect();
        named.extend([1, last]);
        named.sort_unstable();
        named.dedup();

        let mut pages = Vec::new();
        let mut before = 0;
        for page in named {
            match page - before {
                1 => {}
                // A gap that hides a single page would take as much room as the page.
                2 => pages.push(PageLink::to(page - 1, current, words, &href)),
                _ => pages.push(PageLink { label: "…".to_owned(), ..PageLink::default() }),
            }
            pages.push(PageLink::to(page, current, words, &href));
            before = page;
        }
        let prev = (current > 1).then(|| href(current - 1));
        let next = (current < last).then(|| href(current + 1));
        Some(Pagination { current, last, prev, next, pages })
    }
}

impl PageLink {
    fn to(page: u32, current: u32, words: &Words, href: &impl Fn(u32) -> String) -> PageLink {
        PageLink { label: words.number(page), href: Some(href(page)), current: page == current }
    }

    pub fn is_gap(&self) -> bool {
        self.href.is_none() && !self.current
    }
}
