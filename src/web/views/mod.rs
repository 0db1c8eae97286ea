//! What the public templates print: plain owned values, made by the handlers, known to no database.
//!
//! Each page struct names its template (`ArticlePage` is `site/article.html`), and every template
//! extends `site/base.html`, which takes all it needs from the page's [`Shell`]. Text is escaped by
//! the templates; only [`SafeHtml`](crate::text::SafeHtml) and [`JsonLd`](crate::seo::JsonLd) are
//! printed as they are. Addresses (`href`, `src`) are printed as given: whoever makes them has
//! checked their scheme (SECURITY T4).

mod around;
#[cfg(test)]
mod dom;
mod facts;
mod pages;
mod parts;
mod rooms;
mod search;
mod search_words;
mod shell;
mod standing;
mod words;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

pub use around::{Around, CountedLink, FilterField, FilterForm, LinkGroup};
pub use facts::{Fact, FactValue, Geo, Hours, Video};
pub use pages::{
    ArticlePage, ErrorPage, HomePage, HubPage, LandingPage, ListingPage, PageLayout, PlacePage, ProfilePage,
    SeriesPlace, ServicePage, TaxonomyPage,
};
pub use parts::{AuthorBox, Card, Crumb, Heading, Link, PageLink, Pagination, Picture, Section, When};
pub use rooms::Room;
pub use search::{Choice, SearchPage, SearchResult, Trouble};
pub use shell::{Counter, Feed, Head, IconLinks, LocaleLink, Logo, Publisher, Shell};
pub use standing::OpenNow;
pub use words::{ENGLISH, ErrorWords, PERSIAN, Words};
