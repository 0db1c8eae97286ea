//! A page's structured data: one `@graph` of schema.org nodes with stable `@id`s that refer to each
//! other (JSON-LD 1.1; Google Search Central, "Structured data"; SEO 1b).
//!
//! A node is printed once and referred to from elsewhere: `{origin}/#website`,
//! `{origin}/#organization`, and of each page `{url}#webpage`, `#breadcrumb`, `#primaryimage`, `#list`
//! and `#entity`, the thing that the page is about,
//! which is the same on every page of its list. What is handed in must be what the page shows
//! (SEO 3.29). Nothing empty is printed.

mod entity;
mod node;

use serde_json::{Value, json};

use crate::clock::Time;

use super::JsonLd;
use super::dates;
use super::meta::Image;

pub use entity::{Area, Article, Author, Business, Entity, Link, Person, Service, Term};
pub use node::{Extra, geo};
use node::{Node, reference};

/// The site, as every page of it says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Site {
    /// Scheme and host, without a slash at the end.
    pub origin: String,
    pub name: String,
    pub alternate_names: Vec<String>,
    pub description: Option<String>,
    /// The locales it is written in.
    pub locales: Vec<String>,
    /// Who publishes it.
    pub organization: Organization,
}

/// Who publishes the site.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Organization {
    /// A narrower type than `Organization`, if there is one.
    pub schema: Option<String>,
    /// The site's name when empty.
    pub name: String,
    /// Square, at least 112 pixels a side.
    pub logo: Option<Image>,
    pub description: Option<String>,
    /// Profiles of it elsewhere.
    pub same_as: Vec<String>,
    /// More properties, such as `address`.
    pub extra: Vec<Extra>,
}

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
    pub image: Option<Image>,
    /// From the root to this page; fewer than two are no trail.
    pub breadcrumb: Vec<Crumb>,
    /// What the page lists.
    pub list: Option<List>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PageKind {
    #[default]
    WebPage,
    CollectionPage,
    ProfilePage,
    AboutPage,
    ContactPage,
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
    pub items: Vec<Crumb>,
}

/// The graph of one page.
#[derive(Debug, Clone, PartialEq)]
pub struct Graph {
    nodes: Vec<Node>,
}

impl Graph {
    /// Builds all nodes of a page and links them.
    pub fn new(site: &Site, page: &Page, entity: Option<&Entity>) -> Graph {
        let breadcrumb = breadcrumb(page);
        let image = page.image.as_ref().map(|image| primary_image(image, &page.url));
        let list = page.list.as_ref().and_then(|list| item_list(list, &page.url));
        let entity = entity.map(|entity| entity.node(site, page));
        let mut web_page = web_page(site, page);
        web_page.set("breadcrumb", breadcrumb.as_ref().map(Node::reference));
        web_page.set("primaryImageOfPage", image.as_ref().map(Node::reference));
        link_subjects(&mut web_page, page, entity.as_ref(), list.as_ref());

        let mut nodes = vec![organization(site)];
        nodes.extend(is_root(site, page).then(|| website(site)));
        nodes.push(web_page);
        nodes.extend([breadcrumb, image, entity, list].into_iter().flatten());
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
        let lists = self.list.as_ref().is_some_and(|list| list.items.iter().any(Crumb::is_shown));
        lists && self.kind == PageKind::CollectionPage
    }
}

impl Crumb {
    fn is_shown(&self) -> bool {
        !self.name.trim().is_empty()
    }
}

/// The site's own node belongs on the root of the domain alone; other pages refer to it.
fn is_root(site: &Site, page: &Page) -> bool {
    page.url.strip_prefix(&site.origin).is_some_and(|path| matches!(path, "" | "/"))
}

fn website(site: &Site) -> Node {
    let mut node = Node::new("WebSite", &site_id(site, "website"));
    node.set("url", format!("{}/", site.origin));
    node.set("name", &*site.name);
    node.set("alternateName", site.alternate_names.clone());
    node.set("description", site.description.clone());
    node.set("inLanguage", site.locales.clone());
    node.set("publisher", reference(&site_id(site, "organization")));
    node
}

fn organization(site: &Site) -> Node {
    let who = &site.organization;
    let mut node = Node::new(who.schema.as_deref().unwrap_or("Organization"), &site_id(site, "organization"));
    node.set("name", if who.name.is_empty() { &*site.name } else { &*who.name });
    node.set("url", format!("{}/", site.origin));
    node.set("logo", who.logo.as_ref().map(|logo| image_node(logo, &site_id(site, "logo")).to_value()));
    node.set("description", who.description.clone());
    node.set("sameAs", who.same_as.clone());
    node.extend(&who.extra);
    node
}

fn web_page(site: &Site, page: &Page) -> Node {
    let kind = match page.kind {
        PageKind::WebPage => "WebPage",
        PageKind::CollectionPage => "CollectionPage",
        PageKind::ProfilePage => "ProfilePage",
        PageKind::AboutPage => "AboutPage",
        PageKind::ContactPage => "ContactPage",
    };
    let mut node = Node::new(kind, &page_id(&page.url, "webpage"));
    node.set("url", &*page.url);
    node.set("name", &*page.name);
    node.set("description", page.description.clone());
    node.set("inLanguage", &*page.locale);
    node.set("isPartOf", reference(&site_id(site, "website")));
    node.set("datePublished", page.published.and_then(dates::w3c));
    node.set("dateModified", page.modified.and_then(dates::w3c));
    node
}

/// What the page is about. A collection is mainly its list, every other page its entity.
fn link_subjects(web_page: &mut Node, page: &Page, entity: Option<&Node>, list: Option<&Node>) {
    let (main, other) =
        if page.is_mainly_a_list() { (list, entity) } else { (entity.or(list), entity.and(list)) };
    web_page.set("mainEntity", main.map(Node::reference));
    web_page.set("about", other.map(Node::reference));
}

fn breadcrumb(page: &Page) -> Option<Node> {
    let items = positions(&page.breadcrumb, 0, "item");
    let mut node = Node::new("BreadcrumbList", &page_id(&page.url, "breadcrumb"));
    let enough = items.len() >= 2;
    node.set("itemListElement", items);
    enough.then_some(node)
}

fn item_list(list: &List, url: &str) -> Option<Node> {
    let items = positions(&list.items, list.before, "url");
    if items.is_empty() {
        return None;
    }
    let mut node = Node::new("ItemList", &page_id(url, "list"));
    node.set("name", list.name.clone());
    node.set("numberOfItems", list.total);
    node.set("itemListElement", items);
    Some(node)
}

/// `ListItem`s counted from one, without those that have no name to show.
fn positions(crumbs: &[Crumb], before: usize, link: &'static str) -> Vec<Value> {
    let named = crumbs.iter().filter(|crumb| crumb.is_shown());
    let item = |(at, crumb): (usize, &Crumb)| {
        let mut item = Node::inner("ListItem");
        item.set("position", before + at + 1);
        item.set("name", &*crumb.name);
        item.set(link, &*crumb.url);
        item.to_value()
    };
    named.enumerate().map(item).collect()
}

fn primary_image(image: &Image, url: &str) -> Node {
    image_node(image, &page_id(url, "primaryimage"))
}

fn image_node(image: &Image, id: &str) -> Node {
    let mut node = Node::new("ImageObject", id);
    node.set("url", &*image.url);
    node.set("width", image.width);
    node.set("height", image.height);
    node.set("description", &*image.alt);
    node
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
