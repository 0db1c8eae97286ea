//! A page as a browser would build it.

use html5ever::tendril::TendrilSink;
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use serde_json::Value;

/// An element with its attributes and all text inside it.
#[derive(Debug, Clone)]
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub text: String,
    /// Where its parent stands among the elements of the page.
    pub parent: Option<usize>,
}

/// The elements of a page, in document order.
#[derive(Debug)]
pub struct Html(pub Vec<Element>);

impl Html {
    pub fn parse(text: &str) -> Html {
        let dom = html5ever::parse_document(RcDom::default(), Default::default()).one(text);
        let mut elements = Vec::new();
        collect(&dom.document, &mut Vec::new(), &mut elements);
        Html(elements)
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.0.iter().filter(move |element| element.name == name)
    }

    /// The only element of its name.
    #[track_caller]
    pub fn one<'a>(&'a self, name: &'a str) -> &'a Element {
        let found: Vec<&Element> = self.all(name).collect();
        assert_eq!(found.len(), 1, "one <{name}>, not {found:?}");
        found[0]
    }

    pub fn title(&self) -> &str {
        &self.one("title").text
    }

    /// The content of `<meta name>`; empty without it.
    pub fn meta(&self, name: &str) -> &str {
        let found = self.all("meta").find(|meta| meta.get("name") == Some(name));
        found.and_then(|meta| meta.get("content")).unwrap_or_default()
    }

    /// The addresses of `<link rel>`.
    pub fn links<'a>(&'a self, rel: &'a str) -> impl Iterator<Item = &'a Element> {
        self.all("link").filter(move |link| link.get("rel") == Some(rel))
    }

    /// The one canonical address; none where the page is no page.
    pub fn canonical(&self) -> Option<&str> {
        let found: Vec<&str> = self.links("canonical").filter_map(|link| link.get("href")).collect();
        assert!(found.len() < 2, "{found:?}");
        found.first().copied()
    }

    pub fn is_indexable(&self) -> bool {
        !self.meta("robots").contains("noindex")
    }

    /// The one JSON-LD block.
    #[track_caller]
    pub fn graph(&self) -> Value {
        serde_json::from_str(&self.one("script").text).unwrap()
    }

    /// The node of the graph that has this type.
    #[track_caller]
    pub fn node(&self, kind: &str) -> Value {
        let graph = self.graph();
        let nodes = graph["@graph"].as_array().unwrap();
        let is = |node: &&Value| {
            node["@type"] == kind
                || node["@type"].as_array().is_some_and(|all| all.iter().any(|one| one == kind))
        };
        nodes.iter().find(is).unwrap_or_else(|| panic!("no {kind} in {graph:#}")).clone()
    }

    /// What an element stands in, from its parent outwards.
    pub fn around<'a>(&'a self, element: &'a Element) -> impl Iterator<Item = &'a Element> {
        std::iter::successors(element.parent, |at| self.0[*at].parent).map(|at| &self.0[at])
    }

    /// Every address the page names for a browser or a crawler.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .flat_map(|element| ["href", "src", "poster"].into_iter().filter_map(|key| element.get(key)))
    }
}

impl Element {
    pub fn get(&self, key: &str) -> Option<&str> {
        self.attributes.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    pub fn is(&self, class: &str) -> bool {
        self.get("class").is_some_and(|classes| classes.split_whitespace().any(|one| one == class))
    }
}

fn collect(node: &Handle, open: &mut Vec<usize>, into: &mut Vec<Element>) {
    match &node.data {
        NodeData::Text { contents } => {
            for at in open.iter() {
                into[*at].text.push_str(&contents.borrow());
            }
        }
        NodeData::Element { name, attrs, .. } => {
            let attributes = attrs.borrow();
            let attributes =
                attributes.iter().map(|one| (one.name.local.to_string(), one.value.to_string())).collect();
            let parent = open.last().copied();
            into.push(Element { name: name.local.to_string(), attributes, text: String::new(), parent });
            open.push(into.len() - 1);
            node.children.borrow().iter().for_each(|child| collect(child, open, into));
            open.pop();
        }
        _ => node.children.borrow().iter().for_each(|child| collect(child, open, into)),
    }
}
