//! A real blog, imported and then walked over HTTP as a crawler would: all addresses it ever had, all
//! that its pages name, and what each page says of itself.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use atlas::actions::import::{Options, Report, Unwatched, markdown};
use atlas::entry::Actor;
use serde_json::Value;

use crate::on_both;
use crate::support::client::Client;
use crate::support::html::Html;
use crate::support::web::{ORIGIN, Site, path_of, shared};

/// Where the blog stood before.
const OLD_SITE: &str = "https://blog.rust-lang.org";

on_both! {
    // One test, since the import takes longest.
    async fn the_rust_blog_is_a_whole_site(site: Site) {
        let Some(blog) = Blog::import(&site).await else { return };
        assert!(blog.posts.len() > 370 && blog.aliases.len() > 300 && blog.images.len() > 360);
        let walk = Walk::everything(&site).await;
        assert!(walk.pages.len() > 500, "{} pages", walk.pages.len());
        let mut faults = blog.addresses_that_fail(&site).await;
        faults.extend(blog.links_that_fail(&walk));
        for (address, page) in &walk.pages {
            faults.extend(faults_of(address, page).into_iter().map(|fault| format!("{address}: {fault}")));
        }
        faults.extend(blog.titles_shared(&walk));
        faults.extend(differences(&site.sitemap().await, &walk));
        assert_eq!(faults, Vec::<String>::new());
    }
}

async fn hop(client: &mut Client, target: &str) -> String {
    client.ask("GET", target.as_bytes(), &[]).await.unwrap().hop()
}

/// The blog as its own files have it, read without the engine.
struct Blog {
    report: Report,
    /// By the address that the front matter gives.
    posts: BTreeMap<String, Post>,
    /// Former address to page.
    aliases: BTreeMap<String, String>,
    /// Address of an image to the type it has.
    images: BTreeMap<String, &'static str>,
}

/// What a file says of itself.
struct Post {
    file: String,
    title: String,
}

impl Blog {
    async fn import(site: &Site) -> Option<Blog> {
        let dir = shared("rust-blog/content")?;
        let options = Options {
            kind: Some("article".into()),
            old_site: Some(OLD_SITE.parse().unwrap()),
            ..Options::default()
        };
        let report =
            markdown::import(&site.app, &Actor::Operator, &dir, &options, &mut Unwatched).await.unwrap();
        let mut blog =
            Blog { report, posts: BTreeMap::new(), aliases: BTreeMap::new(), images: BTreeMap::new() };
        for file in walkdir::WalkDir::new(&dir).into_iter().map(Result::unwrap) {
            if file.path().extension().is_some_and(|extension| extension == "md") {
                blog.read(&dir, file.path());
            }
        }
        Some(blog)
    }

    /// Zola's own rules: `path` is the address, and what lies beside `index.md` stands below it.
    fn read(&mut self, dir: &Path, file: &Path) {
        let text = std::fs::read_to_string(file).unwrap();
        let front: toml::Table = text.split("+++").nth(1).unwrap().parse().unwrap();
        let name = file.strip_prefix(dir).unwrap().display().to_string();
        let Some(path) = front.get("path").and_then(toml::Value::as_str) else { return };
        let page = format!("/{}", path.trim_matches('/'));
        let aliases = front.get("aliases").and_then(toml::Value::as_array).into_iter().flatten();
        for alias in aliases {
            self.aliases
                .insert(format!("/{}", alias.as_str().unwrap().trim_start_matches('/')), page.clone());
        }
        if file.ends_with("index.md") {
            for beside in walkdir::WalkDir::new(file.parent().unwrap()).into_iter().map(Result::unwrap) {
                let inner = beside.path().strip_prefix(file.parent().unwrap()).unwrap();
                let kind = inner.extension().and_then(|extension| image_type(extension.to_str()?));
                if let Some(kind) = kind {
                    self.images.insert(format!("{page}/{}", inner.display()), kind);
                }
            }
        }
        let title = front["title"].as_str().unwrap().to_owned();
        self.posts.insert(page, Post { file: name, title });
    }

    /// Every post stands at its own address, every alias is one redirect from it, and every image is
    /// served, one redirect from where it stood.
    async fn addresses_that_fail(&self, site: &Site) -> Vec<String> {
        let mut client = site.client().await;
        let mut faults = Vec::new();
        for (page, post) in &self.posts {
            let got = hop(&mut client, page).await;
            if got != "200" {
                faults.push(format!("{}: {page}: {got}", post.file));
            }
        }
        for (alias, page) in &self.aliases {
            let got = hop(&mut client, alias).await;
            if got != format!("301 {ORIGIN}{page}") {
                faults.push(format!("alias {alias} of {page}: {got}"));
            }
        }
        for (old, kind) in &self.images {
            let moved = client.ask("GET", old.as_bytes(), &[]).await.unwrap();
            let to = moved.header("location").strip_prefix(ORIGIN).unwrap_or("/").to_owned();
            let image = client.ask("GET", to.as_bytes(), &[]).await.unwrap();
            if (moved.status, image.status, image.header("content-type")) != (301, 200, kind) {
                faults.push(format!("image {old}: {}, then {}", moved.hop(), image.hop()));
            }
        }
        faults
    }

    /// What pages name answers at once, but for what the import reported.
    fn links_that_fail(&self, walk: &Walk) -> Vec<String> {
        let failing = walk
            .answers
            .iter()
            .filter(|(address, (answer, _))| answer != "200" && !self.is_reported(address));
        failing.map(|(address, (answer, from))| format!("{address}: {answer}, linked from {from}")).collect()
    }

    /// No two pages of the index have the same title, unless their authors gave them the same.
    fn titles_shared(&self, walk: &Walk) -> Vec<String> {
        let mut titles: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
        for (address, page) in walk.pages.iter().filter(|(_, page)| page.is_indexable()) {
            titles.entry(page.title()).or_default().push(address);
        }
        titles.retain(|_, pages| {
            let given: BTreeSet<_> =
                pages.iter().map(|page| self.posts.get(*page).map(|post| &post.title)).collect();
            pages.len() > 1 && given != BTreeSet::from([given.iter().flatten().next().copied()])
        });
        titles.iter().map(|(title, pages)| format!("{title:?} is the title of {pages:?}")).collect()
    }

    /// Whether the import said of this address that nothing is there.
    fn is_reported(&self, address: &str) -> bool {
        let folded = atlas::text::Path::parse_href(address).unwrap().folded();
        let said = format!("links to {folded}, where nothing is");
        self.report.notes.iter().any(|note| note.reason.contains(&said))
    }
}

fn image_type(extension: &str) -> Option<&'static str> {
    Some(match extension {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "svg" => "image/svg+xml",
        _ => return None,
    })
}

/// Everything that can be reached from the home page by following what pages name.
struct Walk {
    /// What each address of the site answered, and a page that names it.
    answers: BTreeMap<String, (String, String)>,
    /// The HTML pages among them.
    pages: BTreeMap<String, Html>,
}

impl Walk {
    async fn everything(site: &Site) -> Walk {
        let mut client = site.client().await;
        let mut walk = Walk { answers: BTreeMap::new(), pages: BTreeMap::new() };
        let mut ahead = vec![("/".to_owned(), "the start".to_owned())];
        while let Some((address, from)) = ahead.pop() {
            if walk.answers.contains_key(&address) {
                continue;
            }
            let answer = client.ask("GET", address.as_bytes(), &[]).await.unwrap();
            walk.answers.insert(address.clone(), (answer.hop(), from));
            if answer.status != 200 || !answer.header("content-type").starts_with("text/html") {
                continue;
            }
            let page = Html::parse(answer.text());
            ahead.extend(page.addresses().filter_map(local).map(|to| (to, address.clone())));
            walk.pages.insert(address, page);
        }
        walk
    }
}

/// The address as it is asked for, when it is one of this site.
fn local(address: &str) -> Option<String> {
    let address = address.split('#').next()?;
    let local = address.strip_prefix(ORIGIN).unwrap_or(address);
    (local.starts_with('/') && !local.starts_with("//")).then(|| local.to_owned())
}

/// Where the sitemap and what pages say of themselves differ.
fn differences(listed: &[String], walk: &Walk) -> Vec<String> {
    let unique: BTreeSet<&str> = listed.iter().map(String::as_str).collect();
    let mut faults = Vec::new();
    if unique.len() != listed.len() {
        faults.push("the sitemap lists an address twice".to_owned());
    }
    for url in &unique {
        match walk.pages.get(path_of(url)) {
            None => faults.push(format!("{url} is listed; it is linked from nowhere, or no page")),
            Some(page) if page.canonical() != Some(url) => {
                faults.push(format!("{url} is listed and says its address is {:?}", page.canonical()));
            }
            Some(page) if !page.is_indexable() => {
                faults.push(format!("{url} is listed and not to be indexed"))
            }
            Some(_) => {}
        }
    }
    for (address, page) in &walk.pages {
        // What follows a first page is found through it.
        let url = format!("{ORIGIN}{address}");
        if page.is_indexable() && !address.contains("?page=") && !unique.contains(url.as_str()) {
            faults.push(format!("{url} may be indexed and is not listed"));
        }
    }
    faults
}

fn faults_of(address: &str, page: &Html) -> Vec<String> {
    let mut faults = Vec::new();
    let mut fault = |wrong: bool, what: String| {
        if wrong {
            faults.push(what);
        }
    };
    let headings = page.all("h1").count();
    fault(headings != 1, format!("{headings} h1"));
    fault(page.all("h1").any(|h1| h1.text.trim().is_empty()), "an empty h1".into());
    fault(page.title().trim().is_empty(), "no title".into());
    fault(page.meta("description").trim().is_empty(), "no description".into());
    let own = format!("{ORIGIN}{address}");
    fault(page.canonical() != Some(&own), format!("canonical {:?}", page.canonical()));
    for element in &page.0 {
        let inline = element.get("style").is_some()
            || element.attributes.iter().any(|(name, _)| name.starts_with("on"));
        fault(inline, format!("inline code in {element:?}"));
        fault(element.name == "style", "a style element".into());
        let data = element.get("type") == Some("application/ld+json");
        fault(element.name == "script" && !data && element.get("src").is_none(), "an inline script".into());
    }
    let graph = page.graph();
    let nodes = graph["@graph"].as_array().cloned().unwrap_or_default();
    fault(nodes.is_empty(), "an empty graph".into());
    if address != "/" && address != "/fa" {
        fault(!page.0.iter().any(|element| element.is("crumbs")), "no breadcrumbs".into());
        let crumbs = nodes.iter().find(|node| node["@type"] == "BreadcrumbList");
        fault(crumbs.is_none_or(|crumbs| length(&crumbs["itemListElement"]) < 2), "no BreadcrumbList".into());
    }
    faults
}

fn length(list: &Value) -> usize {
    list.as_array().map_or(0, Vec::len)
}
