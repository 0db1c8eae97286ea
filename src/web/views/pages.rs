//! The public pages, one struct a template.

use std::iter::once;

use askama::Template;

use crate::text::SafeHtml;
use crate::web::views::parts::Eager;
use crate::web::views::{
    Around, AuthorBox, Card, ErrorWords, Fact, FactValue, FilterForm, Geo, Heading, Hours, Link, OpenNow,
    Pagination, Picture, Room, Section, Shell, When,
};

/// The front page: one story first, then the latest, then a section a type.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "site/home.html", whitespace = "minimize")]
pub struct HomePage {
    pub shell: Shell,
    /// The `h1`: what the site is, in a line.
    pub title: String,
    pub summary: Option<String>,
    pub lead: Option<Card>,
    pub latest: Vec<Card>,
    pub latest_more: Option<Link>,
    pub sections: Vec<Section>,
}

impl HomePage {
    fn pictured(&self) -> Eager {
        let taken = self.lead.as_ref().is_some_and(|card| card.image.is_some());
        Eager::of(taken, once(&self.latest).chain(self.sections.iter().map(|s| &s.cards)))
    }
}

/// A long read.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "site/article.html", whitespace = "minimize")]
pub struct ArticlePage {
    pub shell: Shell,
    pub title: String,
    pub summary: Option<String>,
    pub authors: Vec<Link>,
    pub published: Option<When>,
    /// Given only when it says more than `published`.
    pub updated: Option<When>,
    pub minutes: Option<u32>,
    pub cover: Option<Picture>,
    pub outline: Vec<Heading>,
    pub body: SafeHtml,
    pub facts: Vec<Fact>,
    pub categories: Vec<Link>,
    pub tags: Vec<Link>,
    pub series: Option<SeriesPlace>,
    pub about_authors: Vec<AuthorBox>,
    pub related: Vec<Card>,
}

impl ArticlePage {
    fn pictured(&self) -> Eager {
        Eager::of(self.cover.is_some() || self.body.is_pictured(), [&self.related])
    }
}

/// Where an article stands in its series.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SeriesPlace {
    pub series: Link,
    /// (this part, parts in all), from 1.
    pub part: Option<(u32, u32)>,
    pub previous: Option<Link>,
    pub next: Option<Link>,
}

/// A page of any type that has no layout of its own.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "site/page.html", whitespace = "minimize")]
pub struct PageLayout {
    pub shell: Shell,
    pub title: String,
    pub summary: Option<String>,
    pub updated: Option<When>,
    pub cover: Option<Picture>,
    pub outline: Vec<Heading>,
    pub body: SafeHtml,
    pub facts: Vec<Fact>,
    pub sections: Vec<Section>,
}

impl PageLayout {
    fn pictured(&self) -> Eager {
        Eager::of(self.cover.is_some() || self.body.is_pictured(), self.sections.iter().map(|s| &s.cards))
    }
}

/// A person or an author, with what they made.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "site/profile.html", whitespace = "minimize")]
pub struct ProfilePage {
    pub shell: Shell,
    /// The person's name.
    pub title: String,
    pub job: Option<String>,
    pub summary: Option<String>,
    pub portrait: Option<Picture>,
    pub facts: Vec<Fact>,
    pub body: SafeHtml,
    /// Heading of their entries: `Articles by Leila Rad`.
    pub entries_title: String,
    pub entries: Vec<Card>,
    pub pagination: Option<Pagination>,
    /// What else points at them, and people who are like this one.
    pub sections: Vec<Section>,
    pub around: Around,
}

impl ProfilePage {
    fn pictured(&self) -> Eager {
        let lists = once(&self.entries).chain(self.sections.iter().map(|section| &section.cards));
        Eager::of(self.portrait.is_some() || self.body.is_pictured(), lists)
    }
}

/// A place one can go to: what one needs to get there comes first.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "site/place.html", whitespace = "minimize")]
pub struct PlacePage {
    pub shell: Shell,
    pub title: String,
    /// What kind of place it is.
    pub kicker: Option<String>,
    pub summary: Option<String>,
    pub address: Vec<String>,
    /// `tel:` and the number as people write it.
    pub telephone: Option<Link>,
    /// Whether it is open at the instant of drawing.
    pub open_now: Option<OpenNow>,
    pub hours: Option<Hours>,
    pub website: Option<Link>,
    pub geo: Option<Geo>,
    /// Whatever else is known.
    pub facts: Vec<Fact>,
    pub services: Vec<Link>,
    pub cover: Option<Picture>,
    pub body: SafeHtml,
    pub gallery: Vec<Picture>,
    pub faq: Vec<(String, SafeHtml)>,
    pub sections: Vec<Section>,
    pub around: Around,
}

impl PlacePage {
    fn pictured(&self) -> Eager {
        let taken = self.cover.is_some() || self.body.is_pictured() || !self.gallery.is_empty();
        Eager::of(taken, self.sections.iter().map(|s| &s.cards))
    }

    fn has_facts(&self) -> bool {
        !(self.address.is_empty() && self.services.is_empty() && self.facts.is_empty())
            || self.telephone.is_some()
            || self.hours.is_some()
            || self.website.is_some()
            || self.geo.is_some()
    }
}

/// A region, a city or an area: a text about it and all that lies in it.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "site/hub.html", whitespace = "minimize")]
pub struct HubPage {
    pub shell: Shell,
    pub title: String,
    pub summary: Option<String>,
    pub cover: Option<Picture>,
    pub facts: Vec<Fact>,
    pub body: SafeHtml,
    pub sections: Vec<Section>,
    /// Pages of the last section.
    pub pagination: Option<Pagination>,
    pub around: Around,
}

impl HubPage {
    fn pictured(&self) -> Eager {
        Eager::of(self.cover.is_some() || self.body.is_pictured(), self.sections.iter().map(|s| &s.cards))
    }
}

/// Something one can have done, and who does it.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "site/service.html", whitespace = "minimize")]
pub struct ServicePage {
    pub shell: Shell,
    pub title: String,
    pub kicker: Option<String>,
    pub summary: Option<String>,
    pub cover: Option<Picture>,
    pub facts: Vec<Fact>,
    pub body: SafeHtml,
    pub faq: Vec<(String, SafeHtml)>,
    pub sections: Vec<Section>,
    /// Pages of the last section.
    pub pagination: Option<Pagination>,
    pub around: Around,
}

impl ServicePage {
    fn pictured(&self) -> Eager {
        Eager::of(self.cover.is_some() || self.body.is_pictured(), self.sections.iter().map(|s| &s.cards))
    }
}

/// A category, a tag, a series or a service category, and what belongs to it.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "site/taxonomy.html", whitespace = "minimize")]
pub struct TaxonomyPage {
    pub shell: Shell,
    pub title: String,
    /// What it is: `Category`, `Series`.
    pub kicker: Option<String>,
    pub summary: Option<String>,
    pub cover: Option<Picture>,
    pub facts: Vec<Fact>,
    pub body: SafeHtml,
    /// Narrower ones.
    pub children: Vec<Link>,
    /// Set for a series: the number of the first card of this page.
    pub first_number: Option<u32>,
    pub cards: Vec<Card>,
    pub pagination: Option<Pagination>,
    pub around: Around,
}

impl TaxonomyPage {
    fn pictured(&self) -> Eager {
        Eager::of(self.cover.is_some() || self.body.is_pictured(), [&self.cards])
    }
}

/// All entries of a type.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "site/listing.html", whitespace = "minimize")]
pub struct ListingPage {
    pub shell: Shell,
    pub title: String,
    pub summary: Option<String>,
    pub form: Option<FilterForm>,
    pub cards: Vec<Card>,
    pub pagination: Option<Pagination>,
}

impl ListingPage {
    fn pictured(&self) -> Eager {
        Eager::of(false, [&self.cards])
    }
}

/// A landing page: what shares a hub and something else, the best filled first.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "site/landing.html", whitespace = "minimize")]
pub struct LandingPage {
    pub shell: Shell,
    pub title: String,
    /// Its introduction.
    pub summary: Option<String>,
    pub cards: Vec<Card>,
    pub pagination: Option<Pagination>,
    pub around: Around,
}

impl LandingPage {
    fn pictured(&self) -> Eager {
        Eager::of(false, [&self.cards])
    }
}

/// What stands where no page can: 404, 410, 500, 503.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "site/error.html", whitespace = "minimize")]
pub struct ErrorPage {
    pub shell: Shell,
    pub status: u16,
    /// Pages that may have been meant.
    pub suggestions: Vec<Link>,
    /// Ways on from here; the home page is always named.
    pub links: Vec<Link>,
    /// What a visitor can quote when asking for help.
    pub request_id: Option<String>,
}

impl ErrorPage {
    fn words(&self) -> &ErrorWords {
        self.shell.t.error(&self.status)
    }

    fn status_label(&self) -> String {
        self.shell.t.number(self.status.into())
    }
}
