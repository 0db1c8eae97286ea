//! The site and its publisher: the nodes that all pages share.

use super::image::Picture;
use super::node::{Extra, Node, reference};
use super::{Page, site_id};

/// The site, as every page of it says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Site {
    /// Scheme and host, without a slash at the end.
    pub origin: String,
    pub name: String,
    /// Its names in its other languages.
    pub alternate_names: Vec<String>,
    /// Said on the home page, which shows it.
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
    pub logo: Option<Picture>,
    /// What the page shows of it besides: `address`, `email`, `sameAs`. Nothing on a page that shows
    /// nothing of it.
    pub details: Vec<Extra>,
}

impl Site {
    /// The node of the site. Its name is the same on every page of the domain (Google Search Central,
    /// "Site names").
    pub(super) fn node(&self, page: &Page) -> Node {
        let mut node = Node::new("WebSite", &site_id(self, "website"));
        node.set("url", format!("{}/", self.origin));
        node.set("name", &*self.name);
        node.set("alternateName", self.alternate_names.clone());
        node.set("description", self.description.clone().filter(|_| self.is_root(page)));
        node.set("inLanguage", self.locales.clone());
        node.set("publisher", reference(&site_id(self, "organization")));
        node
    }

    fn is_root(&self, page: &Page) -> bool {
        page.url.strip_prefix(&self.origin).is_some_and(|path| matches!(path, "" | "/"))
    }

    pub(super) fn organization(&self) -> Node {
        let who = &self.organization;
        let schema = who.schema.as_deref().unwrap_or("Organization");
        let mut node = Node::new(schema, &site_id(self, "organization"));
        node.set("name", if who.name.is_empty() { &*self.name } else { &*who.name });
        node.set("url", format!("{}/", self.origin));
        node.set("logo", who.logo.as_ref().map(|logo| logo.node(&site_id(self, "logo")).to_value()));
        node.extend(&who.details);
        if who.name.is_empty() {
            // Called as the site is, in every language.
            node.extend(&[("alternateName".to_owned(), self.alternate_names.clone().into())]);
        }
        node
    }
}
