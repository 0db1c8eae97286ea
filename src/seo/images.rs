//! The pictures of a page.

use std::collections::{BTreeMap, HashSet};

use crate::schema::{ImageRef, Value};
use crate::text::SafeHtml;

/// The pictures of an entry's page, each once: its cover, those of its fields, those of its body.
/// Pictures that other sites serve are theirs to list.
pub fn of_entry(cover: Option<&ImageRef>, values: &BTreeMap<String, Value>, body: &SafeHtml) -> Vec<String> {
    let mut found: Vec<String> = cover.iter().map(|cover| cover.src.clone()).collect();
    for value in values.values() {
        match value {
            Value::Image(image) => found.push(image.src.clone()),
            Value::Gallery(gallery) => found.extend(gallery.iter().map(|image| image.src.clone())),
            _ => {}
        }
    }
    found.extend(of_body(body));
    let mut seen = HashSet::new();
    found.retain(|src| src.starts_with('/') && !src.starts_with("//") && seen.insert(src.clone()));
    found
}

/// The addresses of a body's pictures, in their order, each once.
pub fn of_body(html: &SafeHtml) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    // In sanitised HTML, brackets stand only at the edges of tags.
    for tag in html.as_str().split('<').skip(1).filter_map(|tag| tag.strip_prefix("img ")) {
        let tag = tag.split('>').next().unwrap_or_default();
        let value = tag.strip_prefix("src=\"").or_else(|| Some(tag.split_once(" src=\"")?.1));
        let Some(value) = value else { continue };
        let src = plain(value.split('"').next().unwrap_or_default());
        if !found.contains(&src) {
            found.push(src);
        }
    }
    found
}

/// What a quoted attribute says. The ampersand comes last, or `&amp;lt;` would be read twice.
fn plain(value: &str) -> String {
    value
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(html: &str) -> Vec<String> {
        of_body(&SafeHtml::from_store(html.to_owned()))
    }

    #[test]
    fn every_picture_is_found_once_and_in_order() {
        assert_eq!(
            found(
                "<p><img src=\"/media/b/b.jpg\" alt=\"x\"> <img alt=\"src=&quot;/no.jpg&quot;\" \
                 width=\"1\" src=\"/media/a/a.jpg?a=1&amp;b=&#39;2&#39;\"><img src=\"/media/b/b.jpg\"></p>"
            ),
            ["/media/b/b.jpg", "/media/a/a.jpg?a=1&b='2'"]
        );
    }

    #[test]
    fn what_only_looks_like_a_picture_is_none() {
        for html in [
            "",
            "<p>&lt;img src=\"/x.jpg\"&gt;</p>",
            "<img alt=\"x\">",
            "<image src=\"/x.jpg\">",
            "img src=\"/x\"",
        ] {
            assert_eq!(found(html), Vec::<String>::new(), "{html}");
        }
    }
}
