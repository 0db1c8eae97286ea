//! A real blog, imported and then walked over HTTP as a crawler would: all addresses it ever had, all
//! that its pages name, and what each page says of itself.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use atlas::actions::import::{Options, Report, Unwatched, markdown};
use atlas::entry::Actor;

use crate::on_both;
use crate::support::client::Client;
use crate::support::walk::{Page, Walk};
use crate::support::web::{ORIGIN, Site, shared};

/// What is wrong with single texts of the blog, as their authors wrote them.
const AS_WRITTEN: [&str; 5] = [
    "/2016/05/16/rust-at-one-year: an empty alt on /media/d54a99e2d9432e35/cupcakes.jpg",
    "/2016/08/10/Shape-of-errors-to-come: an empty alt on /media/a2e7fcdef7520b28/new-errors.png",
    "/2019/01/17/Rust-1.32.0: no #whats-in-1.28.0-stable on /2018/08/02/Rust-1.28",
    "/2019/09/26/Rust-1.38.0: no #maybeuninitt>-instead-of-mem::uninitialized on /2019/07/04/Rust-1.36.0",
    "/2021/05/11/edition-2021: no #cargos-new-feature-resolver on /2021/03/25/Rust-1.51.0",
];

/// How many posts begin with the same 160 letters as another one, so that they are told apart.
const ALIKE: usize = 17;

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
        faults.extend(walk.of_pages().chain(walk.lost_anchors()).filter(|fault| !blog.is_as_written(fault)));
        faults.extend(blog.titles_shared(&walk));
        faults.extend(descriptions_shared(&walk));
        faults.extend(walk.unanswered_alternates());
        faults.extend(walk.unlike_the_sitemap());
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        assert_eq!(told_apart(&walk), ALIKE);
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
        let failing = walk.failing().filter(|(address, ..)| !self.is_reported(address));
        failing.map(|(address, answer, from)| format!("{address}: {answer}, linked from {from}")).collect()
    }

    /// No two pages of the index have the same title, unless their authors gave them the same.
    fn titles_shared(&self, walk: &Walk) -> Vec<String> {
        let mut titles = walk.shared(Page::title);
        titles.retain(|(_, pages)| {
            let given: BTreeSet<_> =
                pages.iter().map(|page| self.posts.get(*page).map(|post| &post.title)).collect();
            given != BTreeSet::from([given.iter().flatten().next().copied()])
        });
        titles.iter().map(|(title, pages)| format!("{title:?} is the title of {pages:?}")).collect()
    }

    /// Whether the import said of this address that nothing is there.
    fn is_reported(&self, address: &str) -> bool {
        let folded = atlas::text::Path::parse_href(address).unwrap().folded();
        let said = format!("links to {folded}, where nothing is");
        let name = address.rsplit('/').next().unwrap_or_default();
        self.report.notes.iter().any(|note| note.reason.contains(&said)) || self.is_missing(name)
    }

    /// Whether the import said of this file that its folder doesn't hold it.
    fn is_missing(&self, name: &str) -> bool {
        let said = format!("{name}: the folder has no such document or image");
        self.report.notes.iter().any(|note| note.reason.ends_with(&said))
    }

    /// Whether only a change of the text could mend it.
    fn is_as_written(&self, fault: &str) -> bool {
        let unknown = fault.split_once("no size on ").is_some_and(|(_, name)| self.is_missing(name));
        unknown || AS_WRITTEN.contains(&fault)
    }
}

/// Pages that say the same of themselves.
fn descriptions_shared(walk: &Walk) -> Vec<String> {
    let shared = walk.shared(Page::description).into_iter();
    shared.map(|(text, pages)| format!("{text:?} is the description of {pages:?}")).collect()
}

/// How many posts say their title first.
fn told_apart(walk: &Walk) -> usize {
    let says_its_title = |page: &&Page| {
        let (title, _) = page.title().rsplit_once(" | ").unwrap_or((page.title(), ""));
        page.description().starts_with(&format!("{title}: "))
    };
    // Pages of lists begin with their title for another reason.
    let posts = walk.pages.iter().filter(|(address, _)| address.starts_with("/20"));
    posts.map(|(_, page)| page).filter(says_its_title).count()
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
