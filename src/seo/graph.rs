//! A page's structured data: one `@graph` of schema.org nodes with stable `@id`s that refer to each
//! other (JSON-LD 1.1; Google Search Central, "Structured data"; SEO 1b).
//!
//! A node is printed once and referred to from elsewhere: `{origin}/#website`,
//! `{origin}/#organization`, and of each page `{url}#webpage`, `#breadcrumb`, `#primaryimage`,
//! `#image-2` and so on, `#list`, `#faq` and `#entity`, the thing that the page is about, which is the
//! same on every page of its list. Whatever is referred to stands on the same page. What is handed in
//! must be what the page shows (SEO 3.29). Nothing empty is printed.

mod entity;
mod image;
mod node;
mod site;

use serde_json::{Value, json};

use crate::clock::Time;

use super::JsonLd;
use super::dates;

pub use entity::{Area, Article, Author, Business, Entity, Link, Person, Service, Term};
pub use image::Picture;
pub use node::{Extra, geo};
use node::{Node, reference};
pub use site::{Organization, Site};

/// A page.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    pub kind: PageKind,
    /// Absolute: its canonical URL.
    pub url: String,
    pub name: String,
    pub description: Option<String>,
    pub locale: String,
    pub published: Option<Time>,
    pub modified: Option<Time>,
    /// The page's own picture first.
    pub pictures: Vec<Picture>,
    /// From the root to this page; fewer than two are no trail.
    pub breadcrumb: Vec<Crumb>,
    /// What the page lists.
    pub list: Option<List>,
    /// `Question`s that the page answers and the site's owner wants named as its `FAQPage`.
    pub questions: Vec<Value>,
}

/// What kind of page it is, as schema.org calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PageKind {
    #[default]
    WebPage,
    CollectionPage,
    ProfilePage,
    AboutPage,
    ContactPage,
    SearchResultsPage,
    ItemPage,
}

impl PageKind {
    const ALL: [PageKind; 7] = [
        PageKind::WebPage,
        PageKind::CollectionPage,
        PageKind::ProfilePage,
        PageKind::AboutPage,
        PageKind::ContactPage,
        PageKind::SearchResultsPage,
        PageKind::ItemPage,
    ];

    /// The type of schema.org.
    pub fn schema(self) -> &'static str {
        match self {
            PageKind::WebPage => "WebPage",
            PageKind::CollectionPage => "CollectionPage",
            PageKind::ProfilePage => "ProfilePage",
            PageKind::AboutPage => "AboutPage",
            PageKind::ContactPage => "ContactPage",
            PageKind::SearchResultsPage => "SearchResultsPage",
            PageKind::ItemPage => "ItemPage",
        }
    }

    /// The kind that a type of schema.org is; `None` when it is no kind of page.
    pub fn of_schema(schema: &str) -> Option<PageKind> {
        PageKind::ALL.into_iter().find(|kind| kind.schema() == schema)
    }

    /// A page about the site's publisher.
    pub fn is_about_publisher(self) -> bool {
        matches!(self, PageKind::AboutPage | PageKind::ContactPage)
    }
}

/// A step of the visible trail.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Crumb {
    pub name: String,
    /// Absolute.
    pub url: String,
}

/// What a page lists, in the order shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct List {
    pub name: Option<String>,
    /// How many entries stand on the pages before this one.
    pub before: usize,
    /// How many there are on all pages.
    pub total: Option<usize>,
    pub items: Vec<Item>,
}

/// An entry of a list, as its card shows it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Item {
    pub name: String,
    /// Absolute.
    pub url: String,
    /// Its schema.org type; empty when unknown.
    pub schema: String,
    /// Absolute: its picture.
    pub image: Option<String>,
}

/// A list whose items are shown with pictures is said in full from this many on (Google Search
/// Central, "Carousels").
const FEWEST_IN_FULL: usize = 3;

/// The graph of one page.
#[derive(Debug, Clone, PartialEq)]
pub struct Graph {
    nodes: Vec<Node>,
}

impl Graph {
    /// Builds all nodes of a page and links them.
    pub fn new(site: &Site, page: &Page, entity: Option<&Entity>) -> Graph {
        let breadcrumb = breadcrumb(page);
        let list = page.list.as_ref().and_then(|list| item_list(list, &page.url));
        let entity = entity.map(|entity| entity.node(site, page));
        let faq = faq(page);
        let mut web_page = web_page(site, page);
        web_page.set("breadcrumb", breadcrumb.as_ref().map(Node::reference));
        let first = page.pictures.first();
        web_page.set("primaryImageOfPage", first.map(|_| reference(&picture_id(&page.url, 0))));
        web_page.set("hasPart", faq.as_ref().map(Node::reference));
        link_subjects(&mut web_page, site, page, entity.as_ref(), list.as_ref());

        let mut nodes = vec![site.organization(), site.node(page), web_page];
        nodes.extend(breadcrumb);
        let pictures = page.pictures.iter().enumerate();
        nodes.extend(pictures.map(|(at, picture)| picture.node(&picture_id(&page.url, at))));
        nodes.extend([entity, list, faq].into_iter().flatten());
        Graph { nodes }
    }

    /// The document, ready for `<script type="application/ld+json">`.
    pub fn to_json_ld(&self) -> JsonLd {
        JsonLd::new(&self.to_value())
    }

    /// The document as JSON.
    pub fn to_value(&self) -> Value {
        let nodes: Vec<Value> = self.nodes.iter().map(Node::to_value).collect();
        json!({ "@context": "https://schema.org", "@graph": nodes })
    }
}

impl Page {
    /// Page 2 of a category's list is still about the same category.
    fn entity_url(&self) -> &str {
        self.url.split(['?', '#']).next().unwrap_or_default()
    }

    fn is_mainly_a_list(&self) -> bool {
        let lists = self.list.as_ref().is_some_and(|list| list.items.iter().any(Item::is_shown));
        lists && self.kind == PageKind::CollectionPage
    }

    /// References to all its pictures: one, or a list.
    fn picture_references(&self) -> Value {
        let mut all: Vec<Value> =
            (0..self.pictures.len()).map(|at| reference(&picture_id(&self.url, at))).collect();
        if all.len() == 1 { all.remove(0) } else { Value::Array(all) }
    }
}

impl Crumb {
    fn is_shown(&self) -> bool {
        !self.name.trim().is_empty()
    }
}

impl Item {
    fn is_shown(&self) -> bool {
        !self.name.trim().is_empty()
    }
}

fn web_page(site: &Site, page: &Page) -> Node {
    let mut node = Node::new(page.kind.schema(), &page_id(&page.url, "webpage"));
    node.set("url", &*page.url);
    node.set("name", &*page.name);
    node.set("description", page.description.clone());
    node.set("inLanguage", &*page.locale);
    node.set("isPartOf", reference(&site_id(site, "website")));
    // A profile is made, not published (Google Search Central, "ProfilePage").
    let published = if page.kind == PageKind::ProfilePage { "dateCreated" } else { "datePublished" };
    node.set(published, page.published.and_then(dates::w3c));
    node.set("dateModified", page.modified.and_then(dates::w3c));
    node
}

/// What the page is about. A collection is mainly its list, every other page its entity; a list below
/// an entity is mentioned, for a person is not about the articles listed below.
fn link_subjects(web_page: &mut Node, site: &Site, page: &Page, entity: Option<&Node>, list: Option<&Node>) {
    if page.is_mainly_a_list() {
        web_page.set("mainEntity", list.map(Node::reference));
        web_page.set("about", entity.map(Node::reference));
        return;
    }
    let publisher = || page.kind.is_about_publisher().then(|| reference(&site_id(site, "organization")));
    let main = entity.map(Node::reference).or_else(publisher);
    if main.is_some() {
        web_page.set("mentions", list.map(Node::reference));
    }
    web_page.set("mainEntity", main.or_else(|| list.map(Node::reference)));
}

fn breadcrumb(page: &Page) -> Option<Node> {
    let shown = page.breadcrumb.iter().filter(|crumb| crumb.is_shown());
    let items: Vec<Value> = shown
        .enumerate()
        .map(|(at, crumb)| {
            let mut item = Node::inner("ListItem");
            item.set("position", at + 1);
            item.set("name", &*crumb.name);
            item.set("item", &*crumb.url);
            item.to_value()
        })
        .collect();
    let mut node = Node::new("BreadcrumbList", &page_id(&page.url, "breadcrumb"));
    let enough = items.len() >= 2;
    node.set("itemListElement", items);
    enough.then_some(node)
}

fn item_list(list: &List, url: &str) -> Option<Node> {
    let shown: Vec<&Item> = list.items.iter().filter(|item| item.is_shown()).collect();
    if shown.is_empty() {
        return None;
    }
    let in_full = shown.len() >= FEWEST_IN_FULL
        && shown.iter().all(|item| item.image.is_some() && !item.schema.is_empty());
    let items: Vec<Value> =
        shown.iter().enumerate().map(|(at, item)| list_item(item, list.before + at + 1, in_full)).collect();
    let mut node = Node::new("ItemList", &page_id(url, "list"));
    node.set("name", list.name.clone());
    node.set("numberOfItems", list.total);
    node.set("itemListElement", items);
    Some(node)
}

/// An item in the summary form (its place and its page), or in full.
fn list_item(item: &Item, position: usize, in_full: bool) -> Value {
    let mut node = Node::inner("ListItem");
    node.set("position", position);
    if in_full {
        let mut thing = entity::linked(&item.schema, &item.name, &item.url);
        thing.set("image", item.image.clone());
        node.set("item", thing.to_value());
    } else {
        node.set("name", &*item.name);
        node.set("url", &*item.url);
    }
    node.to_value()
}

/// The questions that the page answers. Google shows no result for them any more; other readers do.
fn faq(page: &Page) -> Option<Node> {
    if page.questions.is_empty() {
        return None;
    }
    let mut node = Node::new("FAQPage", &page_id(&page.url, "faq"));
    node.set("isPartOf", reference(&page_id(&page.url, "webpage")));
    node.set("mainEntity", page.questions.clone());
    Some(node)
}

fn picture_id(url: &str, at: usize) -> String {
    if at == 0 { page_id(url, "primaryimage") } else { page_id(url, &format!("image-{}", at + 1)) }
}

fn site_id(site: &Site, name: &str) -> String {
    format!("{}/#{name}", site.origin)
}

fn page_id(url: &str, name: &str) -> String {
    let url = url.split_once('#').map_or(url, |(url, _)| url);
    format!("{url}#{name}")
}

#[cfg(test)]
mod tests;
