//! A site as a crawler walks it: from the home page along its links, then everything else that pages
//! name; and what is wrong with it.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::percent_decode_str;
use serde_json::Value;
use url::{Position, Url};

use super::client::Answer;
use super::html::{Element, Html};
use super::web::{ORIGIN, Site, path_of};

/// What was found on the way.
#[derive(Default)]
pub struct Walk {
    /// What each address of the site answered, and a page that names it.
    pub answers: BTreeMap<String, (String, String)>,
    /// The HTML pages among them.
    pub pages: BTreeMap<String, Page>,
    /// The addresses that the sitemap lists.
    listed: Vec<String>,
    /// Pages that a chain of links leads to from the home page, over pages that may be indexed.
    reached: BTreeSet<String>,
}

/// What one page says of itself.
#[derive(Default)]
pub struct Page {
    pub language: String,
    pub title: String,
    pub description: String,
    pub canonical: Option<String>,
    pub indexable: bool,
    /// Language and address of each alternate.
    pub alternates: Vec<(String, String)>,
    /// What is wrong with the page by itself.
    pub faults: Vec<String>,
    /// Addresses that a person can follow.
    links: BTreeSet<String>,
    /// Addresses that it names in any other way.
    named: BTreeSet<String>,
    /// Places within pages that it links to, as (address, id).
    anchors: BTreeSet<(String, String)>,
    ids: BTreeSet<String>,
}

impl Walk {
    pub async fn everything(site: &Site) -> Walk {
        let mut walk = Walk { listed: site.sitemap().await, ..Walk::default() };
        let mut client = site.client().await;
        // What is linked comes first, so that whatever is left then has no link.
        let mut linked = vec![("/".to_owned(), "the start".to_owned())];
        let mut named: Vec<(String, String)> =
            walk.listed.iter().map(|url| (path_of(url).to_owned(), "the sitemap".to_owned())).collect();
        loop {
            let by_link = !linked.is_empty();
            let Some((address, from)) = linked.pop().or_else(|| named.pop()) else { return walk };
            if walk.answers.contains_key(&address) {
                continue;
            }
            let answer = client.ask("GET", address.as_bytes(), &[]).await.unwrap();
            walk.answers.insert(address.clone(), (answer.hop(), from));
            if answer.status != 200 || !answer.header("content-type").starts_with("text/html") {
                continue;
            }
            let page = Page::read(&address, &answer);
            let onwards = if by_link && page.indexable { &mut linked } else { &mut named };
            onwards.extend(page.links.iter().map(|to| (to.clone(), address.clone())));
            named.extend(page.named.iter().map(|to| (to.clone(), address.clone())));
            if by_link {
                walk.reached.insert(address.clone());
            }
            walk.pages.insert(address, page);
        }
    }

    /// Everything that is wrong, one fault a line.
    pub fn faults(&self) -> Vec<String> {
        let mut faults: Vec<String> = self.of_pages().collect();
        faults
            .extend(self.failing().map(|(address, answer, from)| format!("{address}: {answer}, on {from}")));
        faults.extend(self.lost_anchors());
        for (what, text) in [("title", Page::title as fn(&Page) -> &str), ("description", Page::description)]
        {
            let shared = self.shared(text).into_iter();
            faults.extend(shared.map(|(text, pages)| format!("{text:?} is the {what} of {pages:?}")));
        }
        faults.extend(self.unanswered_alternates());
        faults.extend(self.unlike_the_sitemap());
        faults
    }

    /// What is wrong with single pages.
    pub fn of_pages(&self) -> impl Iterator<Item = String> {
        let faults = |(address, page): (&String, &Page)| -> Vec<String> {
            page.faults.iter().map(|fault| format!("{address}: {fault}")).collect()
        };
        self.pages.iter().flat_map(faults)
    }

    /// Addresses that answer with anything but themselves: what they answer, and a page that names them.
    pub fn failing(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        let failing = self.answers.iter().filter(|(_, (answer, _))| answer != "200");
        failing.map(|(address, (answer, from))| (address.as_str(), answer.as_str(), from.as_str()))
    }

    /// Links to places within pages that are not there.
    pub fn lost_anchors(&self) -> Vec<String> {
        let is_lost =
            |(to, id): &&(String, String)| self.pages.get(to).is_some_and(|page| !page.ids.contains(id));
        let lost = |(address, page): (&String, &Page)| -> Vec<String> {
            page.anchors
                .iter()
                .filter(is_lost)
                .map(|(to, id)| format!("{address}: no #{id} on {to}"))
                .collect()
        };
        self.pages.iter().flat_map(lost).collect()
    }

    /// Texts that several pages of one language and of the index have, with these pages.
    pub fn shared<'a>(&'a self, text: fn(&'a Page) -> &'a str) -> Vec<(&'a str, Vec<&'a str>)> {
        let mut having: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
        for (address, page) in self.pages.iter().filter(|(_, page)| page.indexable) {
            having.entry((&page.language, text(page))).or_default().push(address);
        }
        having.retain(|(_, text), pages| !text.is_empty() && pages.len() > 1);
        having.into_iter().map(|((_, text), pages)| (text, pages)).collect()
    }

    /// Alternates that are no page of the index, or don't name the same ones.
    pub fn unanswered_alternates(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for (address, page) in self.pages.iter().filter(|(_, page)| !page.alternates.is_empty()) {
            let own = format!("{ORIGIN}{address}");
            let names_itself =
                page.alternates.iter().any(|(lang, url)| *lang == page.language && *url == own);
            if !names_itself || !page.indexable {
                faults.push(format!("{address} names other languages, and itself as none"));
            }
            for (_, url) in &page.alternates {
                let other = self.pages.get(path_of(url));
                if !other.is_some_and(|other| other.indexable && other.alternates == page.alternates) {
                    faults.push(format!("{address} names {url}, which doesn't name the same"));
                }
            }
        }
        faults
    }

    /// Where the sitemap, the links and what pages say of themselves differ.
    pub fn unlike_the_sitemap(&self) -> Vec<String> {
        let unique: BTreeSet<&str> = self.listed.iter().map(|url| path_of(url)).collect();
        let mut faults = Vec::new();
        if unique.len() != self.listed.len() {
            faults.push("the sitemap lists an address twice".to_owned());
        }
        for address in &unique {
            match self.pages.get(*address) {
                None => faults.push(format!("{address} is listed and no page")),
                Some(page) if page.canonical != Some(format!("{ORIGIN}{address}")) => {
                    faults.push(format!("{address} is listed and says its address is {:?}", page.canonical));
                }
                Some(page) if !page.indexable => {
                    faults.push(format!("{address} is listed and not to be indexed"));
                }
                Some(_) => {}
            }
        }
        for (address, _) in self.pages.iter().filter(|(_, page)| page.indexable) {
            if !self.reached.contains(address) {
                faults.push(format!("{address} may be indexed, and no links lead there"));
            }
            // What follows a first page is found through it.
            if !address.contains("?page=") && !unique.contains(address.as_str()) {
                faults.push(format!("{address} may be indexed and is not listed"));
            }
        }
        faults
    }
}

impl Page {
    pub fn title(&self) -> &str {
        &self.title
    }

    pub fn description(&self) -> &str {
        &self.description
    }

    fn read(address: &str, answer: &Answer) -> Page {
        let html = Html::parse(answer.text());
        let noindex = answer.header("x-robots-tag").contains("noindex");
        let mut page = Page {
            language: html.one("html").get("lang").unwrap_or_default().to_owned(),
            title: html.title().trim().to_owned(),
            description: html.meta("description").trim().to_owned(),
            canonical: html.canonical().map(str::to_owned),
            indexable: html.is_indexable() && !noindex,
            ..Page::default()
        };
        let of = |link: &Element| Some((link.get("hreflang")?.to_owned(), link.get("href")?.to_owned()));
        // A feed is an alternate too, in no other language.
        let alternates = html.links("alternate").filter(|link| link.get("type").is_none());
        page.alternates = alternates.filter_map(of).collect();
        page.alternates.sort();
        page.collect_addresses(&Url::parse(ORIGIN).unwrap().join(address).unwrap(), &html);
        page.judge(address, &html);
        page
    }

    fn collect_addresses(&mut self, own: &Url, html: &Html) {
        for element in &html.0 {
            self.ids.extend(element.get("id").map(str::to_owned));
            let followed =
                element.name == "a" && element.get("rel").is_none_or(|rel| !rel.contains("nofollow"));
            for named in addresses(element) {
                let Some((address, id)) = local(own, named) else { continue };
                self.anchors.extend(id.map(|id| (address.clone(), id)));
                let into = if followed { &mut self.links } else { &mut self.named };
                into.insert(address);
            }
        }
        let mut said = Vec::new();
        graph_addresses(&graph_of(html), &mut said);
        self.named.extend(said.iter().filter_map(|url| local(own, url)).map(|(address, _)| address));
    }

    /// What can be said against a page without knowing others.
    fn judge(&mut self, address: &str, html: &Html) {
        let mut faults = Vec::new();
        faults.extend(headings(html));
        faults.extend(images(html));
        faults.extend(inline_code(html));
        faults.extend(outside_the_head(html));
        faults.extend(ratings(&graph_of(html)));
        let mut fault = |wrong: bool, what: &str| faults.extend(wrong.then(|| what.to_owned()));
        fault(self.title.is_empty(), "no title");
        fault(self.language.is_empty(), "no language");
        let count = html.0.iter().filter(|element| element.get("id").is_some()).count();
        fault(count != self.ids.len(), "one id twice");
        if self.indexable {
            fault(self.canonical != Some(format!("{ORIGIN}{address}")), "its canonical address is another");
            fault(self.description.is_empty() && !address.contains("?page="), "no description");
            let graph = graph_of(html);
            let nodes = graph["@graph"].as_array().cloned().unwrap_or_default();
            let crumbs = nodes.iter().find(|node| node["@type"] == "BreadcrumbList");
            let listed = crumbs.and_then(|crumbs| crumbs["itemListElement"].as_array()).map_or(0, Vec::len);
            let shown = html.0.iter().any(|element| element.is("crumbs"));
            let home = address == "/" || address == format!("/{}", self.language);
            fault(!home && (listed < 2 || !shown), "no breadcrumbs");
        }
        self.faults = faults;
    }
}

/// Structured data; null on a page that is kept out of the index and so says none.
fn graph_of(html: &Html) -> Value {
    let is_data = |element: &&Element| element.get("type") == Some("application/ld+json");
    if html.all("script").any(|element| is_data(&element)) { html.graph() } else { Value::Null }
}

/// One `h1` with words in it, and no level left out on the way down.
fn headings(html: &Html) -> Vec<String> {
    let level = |element: &Element| match element.name.as_bytes() {
        [b'h', level @ b'1'..=b'6'] => Some((level - b'0', element.text.trim().to_owned())),
        _ => None,
    };
    let headings: Vec<(u8, String)> = html.0.iter().filter_map(level).collect();
    let mut faults = Vec::new();
    let first = headings.iter().filter(|(level, _)| *level == 1).count();
    if first != 1 {
        faults.push(format!("{first} h1"));
    }
    faults.extend(headings.iter().filter(|(_, text)| text.is_empty()).map(|_| "an empty heading".to_owned()));
    let mut above = 0;
    for (level, text) in headings {
        if level > above + 1 {
            faults.push(format!("{text:?} is an h{level} below an h{above}"));
        }
        above = level;
    }
    faults
}

/// Every image says what it shows, unless a link's text beside it does, and has its place kept free.
fn images(html: &Html) -> Vec<String> {
    let mut faults = Vec::new();
    for image in html.all("img") {
        let src = image.get("src").unwrap_or_default();
        let beside_words =
            html.around(image).any(|around| around.is("card-image") || around.get("aria-hidden").is_some());
        match image.get("alt") {
            None => faults.push(format!("no alt on {src}")),
            Some(alt) if alt.trim().is_empty() && !beside_words => {
                faults.push(format!("an empty alt on {src}"))
            }
            Some(_) => {}
        }
        if image.get("width").is_none() || image.get("height").is_none() {
            faults.push(format!("no size on {src}"));
        }
    }
    faults
}

/// What the security policy would refuse.
fn inline_code(html: &Html) -> Vec<String> {
    let refused = |element: &&Element| {
        let data = element.get("type") == Some("application/ld+json");
        element.get("style").is_some()
            || element.attributes.iter().any(|(name, _)| name.starts_with("on"))
            || element.name == "style"
            || (element.name == "script" && !data && element.get("src").is_none())
    };
    html.0.iter().filter(refused).map(|element| format!("inline code in {element:?}")).collect()
}

/// What crawlers read in the head alone: a browser ends it at the first element that has no place there.
fn outside_the_head(html: &Html) -> Vec<String> {
    let of_the_head = |element: &&Element| match element.name.as_str() {
        "title" => !html.around(element).any(|around| around.name == "svg"),
        "meta" | "base" | "link" => true,
        _ => false,
    };
    let outside = html
        .0
        .iter()
        .filter(of_the_head)
        .filter(|element| html.around(element).all(|around| around.name != "head"));
    outside.map(|element| format!("<{}> outside the head", element.name)).collect()
}

/// Nobody has reviewed anything on these sites, so nothing may have stars.
fn ratings(graph: &Value) -> Vec<String> {
    match graph {
        Value::Array(all) => all.iter().flat_map(ratings).collect(),
        Value::Object(all) => {
            let stars = |key: &&String| {
                ["aggregateRating", "review", "reviewRating", "starRating"].contains(&key.as_str())
            };
            let own =
                all.keys().filter(stars).map(|key| format!("{key}, though nobody has reviewed anything"));
            own.chain(all.values().flat_map(ratings)).collect()
        }
        _ => Vec::new(),
    }
}

/// Every address that an element names.
fn addresses(element: &Element) -> Vec<&str> {
    let mut named: Vec<&str> =
        ["href", "src", "poster", "action"].into_iter().filter_map(|key| element.get(key)).collect();
    let candidates = element.get("srcset").into_iter().flat_map(|set| set.split(','));
    named.extend(candidates.filter_map(|candidate| candidate.split_whitespace().next()));
    let shown = element.get("property").is_some_and(|name| name == "og:image" || name == "og:url");
    named.extend(element.get("content").filter(|_| shown));
    named
}

/// Every address of the site that structured data gives for something to be opened.
fn graph_addresses(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::String(text) if text.starts_with(ORIGIN) && !text.contains('{') => into.push(text.clone()),
        Value::Array(all) => all.iter().for_each(|one| graph_addresses(one, into)),
        Value::Object(all) => {
            all.iter().filter(|(key, _)| *key != "@id").for_each(|(_, one)| graph_addresses(one, into));
        }
        _ => {}
    }
}

/// An address as a browser asks for it, and the id it names there, when it is one of this site.
fn local(own: &Url, named: &str) -> Option<(String, Option<String>)> {
    let url = own.join(named).ok()?;
    if url.origin().ascii_serialization() != ORIGIN {
        return None;
    }
    let id = url.fragment().filter(|fragment| !fragment.is_empty());
    let id = id.map(|fragment| percent_decode_str(fragment).decode_utf8_lossy().into_owned());
    Some((url[Position::BeforePath..Position::AfterQuery].to_owned(), id))
}
