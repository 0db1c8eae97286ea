//! Images: those of this site get their size and load late; those of others become links.

use std::collections::HashMap;

use super::links;
use super::tokens::{Element, Token, Tokens};

/// An image that a text shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InlineImage {
    /// As it stands in the text: a path of this site, or a file beside the text.
    pub src: String,
    pub alt: String,
}

/// Sizes every image, lets all but the first load late (it may be the largest thing a reader first
/// sees), and lists them.
///
/// An image of another site is never fetched (the content security policy allows our own only, and
/// its visitor would be known there): it becomes a link with its alternative text.
pub(super) fn place(tokens: &mut Tokens, sizes: &HashMap<String, (u32, u32)>) -> Vec<InlineImage> {
    let mut shown = Vec::new();
    let mut out = Vec::with_capacity(tokens.0.len());
    let mut links_open = 0_usize;
    for token in tokens.0.drain(..) {
        match token {
            Token::Open(image) if image.name == "img" => match image.get("src") {
                Some(src) if !links::is_foreign(src) => {
                    let alt = image.get("alt").unwrap_or_default().to_owned();
                    let inline = InlineImage { src: src.to_owned(), alt };
                    out.push(Token::Open(placed(image, sizes, shown.is_empty())));
                    shown.push(inline);
                }
                src => out.extend(stand_in(&image, src, links_open > 0)),
            },
            other => {
                match &other {
                    Token::Open(element) if element.name == "a" => links_open += 1,
                    Token::Close(name) if name == "a" => links_open = links_open.saturating_sub(1),
                    _ => {}
                }
                out.push(other);
            }
        }
    }
    tokens.0 = out;
    shown
}

fn placed(mut image: Element, sizes: &HashMap<String, (u32, u32)>, first: bool) -> Element {
    if image.get("alt").is_none() {
        image.set("alt", "");
    }
    let size =
        image.get("src").and_then(|src| sizes.get(src)).filter(|(width, height)| *width > 0 && *height > 0);
    if let Some(&(width, height)) = size {
        let written = |name| image.get(name).and_then(|pixels| pixels.parse::<u64>().ok());
        // One side as written keeps the true ratio, so nothing jumps when the image arrives.
        let (width, height) = (u64::from(width), u64::from(height));
        let (width, height) = match (written("width"), written("height")) {
            (Some(wide), Some(high)) => (wide, high),
            (Some(wide), None) => (wide, (wide * height / width).max(1)),
            (None, Some(high)) => ((high * width / height).max(1), high),
            (None, None) => (width, height),
        };
        image.set("width", width.to_string());
        image.set("height", height.to_string());
    }
    image.remove("loading");
    image.remove("decoding");
    if !first {
        image.set("loading", "lazy");
        image.set("decoding", "async");
    }
    image
}

fn stand_in(image: &Element, src: Option<&str>, in_link: bool) -> Vec<Token> {
    let alt = image.get("alt").unwrap_or_default().trim();
    let label = match (alt, src) {
        ("", Some(src)) => {
            src.split(['?', '#']).next().unwrap_or(src).rsplit('/').find(|part| !part.is_empty())
        }
        ("", None) => None,
        (alt, _) => Some(alt),
    };
    let Some(label) = label.map(|label| Token::Text(label.to_owned())) else { return Vec::new() };
    match src {
        Some(src) if !in_link => vec![Token::open("a", &[("href", src)]), label, Token::close("a")],
        _ => vec![label],
    }
}
