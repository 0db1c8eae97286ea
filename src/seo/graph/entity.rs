//! The thing that a page is about, as schema.org describes it.

use serde_json::Value;

use super::node::{Extra, Node, geo, reference};
use super::{Page, Site, dates, page_id, site_id};

/// What a page is about. Name, URL, description and image are the page's own.
#[derive(Debug, Clone, PartialEq)]
pub enum Entity {
    Article(Article),
    Person(Person),
    Business(Business),
    Area(Area),
    Service(Service),
    Term(Term),
}

/// Something written: `Article`, `BlogPosting`, `NewsArticle`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Article {
    /// Narrower types than `Article`.
    pub types: Vec<String>,
    pub authors: Vec<Author>,
    pub sections: Vec<String>,
    pub keywords: Vec<String>,
    /// What it is a part of: a series.
    pub part_of: Vec<Link>,
    pub words: Option<usize>,
    pub extra: Vec<Extra>,
}

/// Who wrote an article.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Author {
    /// The name only, without titles.
    pub name: String,
    /// Absolute: their page here.
    pub url: Option<String>,
    /// Profiles elsewhere.
    pub same_as: Vec<String>,
    /// Not a person but a team or company.
    pub organization: bool,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Person {
    pub types: Vec<String>,
    pub job_title: Option<String>,
    /// What the site itself knows the person by.
    pub identifier: Option<String>,
    /// Profiles elsewhere and the like.
    pub extra: Vec<Extra>,
}

/// A place that serves the public: a café, a salon.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Business {
    /// Narrower types than `LocalBusiness`.
    pub types: Vec<String>,
    /// With the country's code.
    pub telephone: Option<String>,
    /// Latitude and longitude in degrees.
    pub geo: Option<(f64, f64)>,
    /// Where it is: the nearest area first.
    pub contained_in: Vec<Link>,
    /// `address`, `openingHoursSpecification`, `priceRange` and so on.
    pub extra: Vec<Extra>,
}

/// A place on the map: a country, a city, a district.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Area {
    /// Narrower types than `Place`, such as `City`.
    pub types: Vec<String>,
    pub alternate_names: Vec<String>,
    pub geo: Option<(f64, f64)>,
    /// The nearest area first.
    pub contained_in: Vec<Link>,
    pub extra: Vec<Extra>,
}

/// Something that is done for customers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Service {
    pub types: Vec<String>,
    pub service_type: Option<String>,
    /// Whose it is; nobody is named when the content names nobody.
    pub provider: Option<Link>,
    pub area_served: Vec<Link>,
    pub extra: Vec<Extra>,
}

/// A category, a tag: a term of a set of them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Term {
    pub types: Vec<String>,
    /// The set it belongs to, such as the list of all categories.
    pub set: Option<Link>,
    pub extra: Vec<Extra>,
}

/// A thing that another page is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Link {
    /// Its schema.org type.
    pub schema: String,
    pub name: String,
    /// Absolute.
    pub url: String,
}

impl Entity {
    pub(super) fn node(&self, site: &Site, page: &Page) -> Node {
        let (base, types) = self.types();
        let url = page.entity_url();
        let mut node = Node::new(base, &page_id(url, "entity"));
        node.types(types);
        let name = if matches!(self, Entity::Article(_)) { "headline" } else { "name" };
        node.set(name, &*page.name);
        node.set("url", url);
        node.set("description", page.description.clone());
        node.set("image", page.picture_references());
        node.set(
            "mainEntityOfPage",
            (!page.is_mainly_a_list()).then(|| reference(&page_id(&page.url, "webpage"))),
        );
        match self {
            Entity::Article(article) => article.describe(&mut node, site, page),
            Entity::Person(person) => person.describe(&mut node),
            Entity::Business(business) => business.describe(&mut node),
            Entity::Area(area) => area.describe(&mut node),
            Entity::Service(service) => service.describe(&mut node),
            Entity::Term(term) => term.describe(&mut node),
        }
        node.extend(self.extra());
        node
    }

    /// The type when none is given, and those given.
    fn types(&self) -> (&'static str, &[String]) {
        match self {
            Entity::Article(it) => ("Article", &it.types),
            Entity::Person(it) => ("Person", &it.types),
            Entity::Business(it) => ("LocalBusiness", &it.types),
            Entity::Area(it) => ("Place", &it.types),
            Entity::Service(it) => ("Service", &it.types),
            Entity::Term(it) => ("DefinedTerm", &it.types),
        }
    }

    fn extra(&self) -> &[Extra] {
        match self {
            Entity::Article(it) => &it.extra,
            Entity::Person(it) => &it.extra,
            Entity::Business(it) => &it.extra,
            Entity::Area(it) => &it.extra,
            Entity::Service(it) => &it.extra,
            Entity::Term(it) => &it.extra,
        }
    }
}

impl Article {
    fn describe(&self, node: &mut Node, site: &Site, page: &Page) {
        node.set("datePublished", page.published.and_then(dates::w3c));
        node.set("dateModified", page.modified.or(page.published).and_then(dates::w3c));
        let named = self.authors.iter().filter(|author| !author.name.trim().is_empty());
        node.set("author", named.map(Author::value).collect::<Vec<_>>());
        node.set("publisher", reference(&site_id(site, "organization")));
        let mut part_of = vec![reference(&page_id(&page.url, "webpage"))];
        part_of.extend(self.part_of.iter().map(Link::value));
        node.set("isPartOf", part_of);
        node.set("inLanguage", &*page.locale);
        node.set("articleSection", self.sections.clone());
        node.set("keywords", self.keywords.clone());
        node.set("wordCount", self.words.filter(|words| *words > 0));
    }
}

impl Author {
    /// Each author is an object of their own, and the same node as on their page.
    fn value(&self) -> Value {
        let schema = if self.organization { "Organization" } else { "Person" };
        let mut node = linked(schema, &self.name, self.url.as_deref().unwrap_or_default());
        node.set("sameAs", self.same_as.clone());
        node.to_value()
    }
}

impl Person {
    fn describe(&self, node: &mut Node) {
        node.set("jobTitle", self.job_title.clone());
        node.set("identifier", self.identifier.clone());
    }
}

impl Business {
    fn describe(&self, node: &mut Node) {
        node.set("telephone", self.telephone.clone());
        node.set("geo", self.geo.map(|(latitude, longitude)| geo(latitude, longitude)));
        node.set("containedInPlace", nested(&self.contained_in));
    }
}

impl Area {
    fn describe(&self, node: &mut Node) {
        node.set("alternateName", self.alternate_names.clone());
        node.set("geo", self.geo.map(|(latitude, longitude)| geo(latitude, longitude)));
        node.set("containedInPlace", nested(&self.contained_in));
    }
}

impl Service {
    fn describe(&self, node: &mut Node) {
        node.set("serviceType", self.service_type.clone());
        node.set("provider", self.provider.as_ref().map(Link::value));
        node.set("areaServed", self.area_served.iter().map(Link::value).collect::<Vec<_>>());
    }
}

impl Term {
    fn describe(&self, node: &mut Node) {
        node.set("inDefinedTermSet", self.set.as_ref().map(Link::value));
    }
}

impl Link {
    fn value(&self) -> Value {
        linked(&self.schema, &self.name, &self.url).to_value()
    }
}

/// Areas inside one another, the nearest outermost.
fn nested(areas: &[Link]) -> Option<Value> {
    areas.iter().rev().fold(None, |around, area| {
        let mut node = linked(&area.schema, &area.name, &area.url);
        node.set("containedInPlace", around);
        Some(node.to_value())
    })
}

/// A thing known by the `@id` that its own page gives it.
pub(super) fn linked(schema: &str, name: &str, url: &str) -> Node {
    let schema = if schema.is_empty() { "Thing" } else { schema };
    let mut node =
        if url.is_empty() { Node::inner(schema) } else { Node::new(schema, &page_id(url, "entity")) };
    node.set("name", name);
    node.set("url", url);
    node
}
