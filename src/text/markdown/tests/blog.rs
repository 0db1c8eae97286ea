//! A real magazine: every post of the Rust blog, when the shared data lie beside the project.

use std::path::PathBuf;
use std::time::Instant;

use super::super::{addresses, replace_addresses};
use super::{dom, staff};

/// The posts: name and Markdown without front matter. Empty where the data are not at hand.
fn posts() -> Vec<(String, String)> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let shared = std::env::var_os("ATLAS_SHARED").map_or(beside, PathBuf::from);
    let folder = shared.join("data/rust-blog/content");
    let files = walkdir::WalkDir::new(&folder).sort_by_file_name().into_iter().filter_map(Result::ok);
    files
        .filter(|file| file.path().extension().is_some_and(|extension| extension == "md"))
        .map(|file| {
            let text = std::fs::read_to_string(file.path()).unwrap();
            let body = text.split_once("\n+++\n").map_or(text.as_str(), |(_, body)| body);
            (file.path().strip_prefix(&folder).unwrap().display().to_string(), body.to_owned())
        })
        .collect()
}

#[test]
fn every_post_of_the_rust_blog_renders_whole() {
    let posts = posts();
    if posts.is_empty() {
        eprintln!("the Rust blog is not beside the project: nothing to render");
        return;
    }
    let start = Instant::now();
    let (mut bytes, mut words, mut highlighted) = (0, 0, 0);
    for (name, markdown) in &posts {
        let rendered = staff(markdown);
        let html = rendered.html.as_str();
        bytes += html.len();
        words += rendered.words;
        highlighted += html.matches("<span class=\"hl-").count();
        assert_eq!(markdown.trim().is_empty(), rendered.excerpt.is_empty(), "the beginning of {name}");
        assert_eq!(rendered.words == 0, rendered.minutes == 0, "{name}");
        assert!(rendered.outline.iter().all(|item| html.contains(&format!(" id=\"{}\"", item.id))), "{name}");
    }
    println!(
        "{} posts, {words} words, {bytes} bytes of HTML, {highlighted} marks in code, in {:?}",
        posts.len(),
        start.elapsed()
    );
}

#[test]
fn no_post_of_the_rust_blog_shows_what_is_forbidden() {
    for (name, markdown) in posts() {
        let rendered = staff(&markdown);
        let dom = dom::assert_harmless(rendered.html.as_str(), &name);
        let attributes = |key: &'static str| {
            let all = dom.elements.iter().flat_map(|element| &element.attributes);
            all.filter(move |(one, _)| one == key).map(|(_, value)| value.as_str())
        };
        let ids: Vec<&str> = attributes("id").collect();
        let fragments = attributes("href").filter_map(|href| href.strip_prefix('#'));
        for fragment in fragments {
            assert!(ids.contains(&fragment), "{name} links to #{fragment}, which is not there");
        }
    }
}

#[test]
fn the_addresses_of_every_post_can_be_changed_and_found_again() {
    for (name, markdown) in posts() {
        assert_eq!(replace_addresses(&markdown, |_| None), markdown, "{name}");
        let found = addresses(&markdown);
        let same = replace_addresses(&markdown, |address| Some(address.url.clone()));
        assert_eq!(staff(&same), staff(&markdown), "{name}");
        let all = replace_addresses(&markdown, |_| Some("/a (b)".to_owned()));
        let urls: Vec<_> = addresses(&all).into_iter().map(|address| address.url).collect();
        assert_eq!(urls, vec!["/a (b)".to_owned(); found.len()], "{name}");
    }
}
