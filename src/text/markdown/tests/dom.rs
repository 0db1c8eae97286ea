//! What a browser makes of rendered HTML, by html5ever, and what must never be in it.

use html5ever::tendril::TendrilSink;
use html5ever::{LocalName, ParseOpts, QualName, local_name, ns, parse_fragment};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use url::Url;

use super::super::sanitise;

#[derive(Debug)]
pub struct Element {
    pub name: String,
    pub namespace: String,
    pub attributes: Vec<(String, String)>,
}

#[derive(Debug, Default)]
pub struct Dom {
    pub elements: Vec<Element>,
    /// Every text node, one after the other.
    pub text: String,
    pub comments: usize,
}

/// Parses the HTML as it would stand in the `main` of a page.
pub fn parse(html: &str) -> Dom {
    let context = QualName::new(None, ns!(html), LocalName::from("main"));
    let parsed = parse_fragment(RcDom::default(), ParseOpts::default(), context, vec![], false).one(html);
    let mut dom = Dom::default();
    let mut stack: Vec<Handle> = parsed.document.children.borrow()[0].children.borrow().clone();
    stack.reverse();
    while let Some(node) = stack.pop() {
        match &node.data {
            NodeData::Text { contents } => dom.text.push_str(&contents.borrow()),
            NodeData::Element { name, attrs, template_contents, .. } => {
                let attributes =
                    attrs.borrow().iter().map(|a| (a.name.local.to_string(), a.value.to_string())).collect();
                dom.elements.push(Element {
                    name: name.local.to_string(),
                    namespace: name.ns.to_string(),
                    attributes,
                });
                assert!(template_contents.borrow().is_none() || name.local != local_name!("template"));
            }
            _ => dom.comments += 1,
        }
        stack.extend(node.children.borrow().iter().rev().cloned());
    }
    dom
}

/// Fails on anything that the promises of SECURITY T1 and T4 exclude. The lists stand here once
/// more on purpose: they are checked against the browser's view, not the sanitiser's.
pub fn assert_harmless(html: &str, source: &str) -> Dom {
    let dom = parse(html);
    let source: String = source.chars().take(300).collect();
    assert_eq!(dom.comments, 0, "a comment from {source:?}: {html}");
    for element in &dom.elements {
        let Element { name, namespace, attributes } = element;
        assert_eq!(
            namespace, "http://www.w3.org/1999/xhtml",
            "{name} of another namespace from {source:?}: {html}"
        );
        assert!(sanitise::STAFF.contains(&name.as_str()), "<{name}> from {source:?}: {html}");
        for (key, value) in attributes {
            assert!(!key.starts_with("on"), "{key} from {source:?}: {html}");
            assert!(!FORBIDDEN.contains(&key.as_str()), "{key} from {source:?}: {html}");
            match key.as_str() {
                "href" => assert_address(value, &source, html),
                "src" => {
                    assert_eq!(name, "img", "a src from {source:?}: {html}");
                    assert!(on_this_site(value), "an image of {value:?} from {source:?}: {html}");
                }
                _ => {}
            }
        }
        let has = |key: &str, wanted: &str| attributes.iter().any(|(k, v)| k == key && v == wanted);
        if name == "input" {
            assert!(has("type", "checkbox") && has("disabled", ""), "an input from {source:?}: {html}");
        }
        assert!(name != "h1", "a second h1 from {source:?}: {html}");
    }
    dom
}

const FORBIDDEN: &[&str] = &[
    "style",
    "name",
    "srcdoc",
    "srcset",
    "action",
    "formaction",
    "background",
    "poster",
    "data",
    "ping",
    "target",
    "xlink:href",
    "is",
    "slot",
    "part",
    "form",
    "autofocus",
    "contenteditable",
    "accesskey",
    "popover",
    "popovertarget",
    "commandfor",
    "usemap",
    "download",
    "nonce",
    "integrity",
    "itemprop",
];

fn assert_address(href: &str, source: &str, html: &str) {
    if let Some(reference) = href.strip_prefix("entry:") {
        let id = reference.split('#').next().unwrap_or_default();
        assert!(id.parse::<i64>().is_ok_and(|id| id > 0), "{href:?} from {source:?}: {html}");
        return;
    }
    // As a browser resolves it on a page of ours.
    let page = Url::parse("https://site.invalid/folder/page").unwrap();
    let url = page.join(href).unwrap_or_else(|error| panic!("{href:?} {error} from {source:?}: {html}"));
    let written_out = ["http:", "https:"].iter().any(|scheme| href.starts_with(scheme));
    match url.scheme() {
        "https" | "http" => assert!(written_out || on_this_site(href), "{href:?} from {source:?}: {html}"),
        scheme => assert!(["mailto", "tel"].contains(&scheme), "{href:?} from {source:?}: {html}"),
    }
}

fn on_this_site(address: &str) -> bool {
    let page = Url::parse("https://site.invalid/folder/page").unwrap();
    let written_out = Url::parse(address).is_ok();
    !written_out && page.join(address).is_ok_and(|url| url.host_str() == Some("site.invalid"))
}
