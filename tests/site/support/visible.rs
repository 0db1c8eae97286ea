//! What a page shows, and what its structured data says beyond that.
//!
//! The rule: every text that JSON-LD says stands in the page's visible text, or in the `alt` of one of
//! its pictures, or, for a description, in the page's own `<meta name="description">`. White space and
//! the digits of Persian make no difference. A telephone number is where a `tel:` link leads, a day is
//! the day of a `<time datetime>`, a degree stands on the page without its sign, an hour in the table of hours (`00:00`
//! to `23:59` is a word, and so is `00:00` to `00:00`). Of the names of the site and of its publisher
//! one is enough. Addresses, numbers, types and codes of languages are not text.

use html5ever::tendril::TendrilSink;
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use serde_json::Value;

/// Properties whose values are text for readers.
const TEXT: [&str; 27] = [
    "name",
    "headline",
    "alternateName",
    "legalName",
    "description",
    "caption",
    "text",
    "jobTitle",
    "email",
    "streetAddress",
    "addressLocality",
    "addressRegion",
    "postalCode",
    "addressCountry",
    "priceRange",
    "servesCuisine",
    "serviceType",
    "articleSection",
    "keywords",
    "creditText",
    "copyrightNotice",
    "contactType",
    "vatID",
    "iso6523Code",
    "category",
    "slogan",
    "award",
];

const DAYS: [&str; 6] =
    ["datePublished", "dateModified", "dateCreated", "uploadDate", "foundingDate", "dateline"];

/// What a reader sees of a page.
pub struct Visible {
    text: String,
    alts: Vec<String>,
    description: String,
    days: Vec<String>,
    telephones: Vec<String>,
}

impl Visible {
    pub fn of(html: &str) -> Visible {
        let dom = html5ever::parse_document(RcDom::default(), Default::default()).one(html);
        let mut visible = Visible {
            text: String::new(),
            alts: Vec::new(),
            description: String::new(),
            days: Vec::new(),
            telephones: Vec::new(),
        };
        visible.read(&dom.document, false);
        visible.text = plain(&visible.text);
        visible
    }

    fn read(&mut self, node: &Handle, in_body: bool) {
        let mut in_body = in_body;
        match &node.data {
            NodeData::Text { contents } if in_body => self.text.push_str(&contents.borrow()),
            NodeData::Element { name, attrs, .. } => {
                let attrs = attrs.borrow();
                let get = |key: &str| {
                    attrs.iter().find(|one| &*one.name.local == key).map(|one| one.value.to_string())
                };
                match &*name.local {
                    "script" | "style" | "template" | "noscript" => return,
                    "body" => in_body = true,
                    "img" => self.alts.extend(get("alt").map(|alt| plain(&alt))),
                    "time" => self.days.extend(get("datetime").map(|time| day(&time).to_owned())),
                    "meta" if get("name").as_deref() == Some("description") => {
                        self.description = plain(&get("content").unwrap_or_default());
                    }
                    "a" => self
                        .telephones
                        .extend(get("href").and_then(|href| href.strip_prefix("tel:").map(str::to_owned))),
                    _ => {}
                }
                // Only within a line do words of two elements join.
                let inline = ["a", "b", "bdi", "code", "em", "i", "small", "span", "strong", "time"];
                if !inline.contains(&&*name.local) {
                    self.text.push(' ');
                }
            }
            _ => {}
        }
        node.children.borrow().iter().for_each(|child| self.read(child, in_body));
    }

    fn shows(&self, text: &str) -> bool {
        let text = plain(text);
        self.text.contains(&text) || self.alts.contains(&text)
    }
}

/// One space between words, digits as in ASCII.
fn plain(text: &str) -> String {
    let digit = |c: char| match c {
        '۰'..='۹' => char::from(b'0' + (u32::from(c) - u32::from('۰')) as u8),
        other => other,
    };
    let text: String = text.chars().map(digit).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn day(time: &str) -> &str {
    time.split('T').next().unwrap_or_default()
}

/// Every text of the graph that the page doesn't show, as `Type.property: text`.
pub fn unsaid(graph: &Value, page: &Visible) -> Vec<String> {
    let mut found = Vec::new();
    visit(&graph["@graph"], page, &mut found);
    found
}

fn visit(node: &Value, page: &Visible, found: &mut Vec<String>) {
    match node {
        Value::Array(values) => values.iter().for_each(|value| visit(value, page, found)),
        Value::Object(map) => {
            let kind = node["@type"].to_string();
            let id = node["@id"].as_str().unwrap_or_default();
            let of_the_site = map.len() > 1 && (id.ends_with("/#website") || id.ends_with("/#organization"));
            for (property, value) in map {
                if of_the_site && matches!(property.as_str(), "name" | "alternateName") {
                    continue;
                }
                texts(value)
                    .into_iter()
                    .filter(|text| !is_shown(property, text, node, page))
                    .for_each(|text| found.push(format!("{kind}.{property}: {text}")));
                visit(value, page, found);
            }
            if of_the_site {
                let names: Vec<&str> =
                    [&node["name"], &node["alternateName"]].into_iter().flat_map(texts).collect();
                if !names.iter().any(|name| page.shows(name)) {
                    found.push(format!("{kind}: none of {names:?}"));
                }
            }
        }
        _ => {}
    }
}

/// The text of a value, or of each in a list.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(values) => values.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn is_shown(property: &str, text: &str, node: &Value, page: &Visible) -> bool {
    match property {
        "description" => page.shows(text) || plain(text) == page.description,
        "telephone" => page.telephones.iter().any(|shown| shown == text),
        "latitude" | "longitude" => page.shows(text.trim_start_matches('-')),
        "opens" | "closes" => {
            let whole = node["opens"] == "00:00" && (node["closes"] == "23:59" || node["closes"] == "00:00");
            let end = if text == "23:59" { "24:00" } else { text };
            whole || page.shows(text) || page.shows(end)
        }
        _ if DAYS.contains(&property) => page.days.iter().any(|shown| shown == day(text)),
        _ if TEXT.contains(&property) => page.shows(text),
        _ => true,
    }
}
