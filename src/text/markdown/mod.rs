//! Markdown to the HTML of a page, and what else is read off a text on the way.
//!
//! The stages, one file each: `write` turns CommonMark into HTML, `sanitise` lets through only what
//! is on our lists, and the rest works on the tokens of that safe HTML: headings, pictures, video,
//! code, direction, prose. Nothing after the sanitiser adds an element or attribute that it would
//! not let through, and a test runs it again over the result to prove it.

mod addresses;
mod code;
mod direction;
mod headings;
mod language;
mod links;
mod pictures;
mod prose;
mod raw;
mod sanitise;
#[cfg(test)]
mod tests;
mod tokens;
mod video;
mod write;

use std::collections::HashMap;

pub use addresses::{Address, AddressKind, addresses, replace_addresses};
pub use headings::OutlineItem;
pub use pictures::InlineImage;

use super::SafeHtml;
use tokens::Tokens;

/// The version of the sanitiser and of all that `render` decides. Whoever stores rendered HTML
/// stores this beside it and renders again when it has moved (SECURITY T1).
pub const SANITISER: i64 = 2;

/// Who wrote a text, which decides how much of it is trusted to be markup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Author {
    /// Someone with a role on the site: inline HTML of our list, images, video, footnotes.
    Staff,
    /// Anyone else: basic formatting; links that search engines don't follow; other tags are text.
    Visitor,
}

/// What a text is rendered with.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    pub author: Author,
    /// Whether the page around it reads from right to left.
    pub rtl: bool,
    /// Width and height in pixels of the images known, by their `src`.
    pub images: &'a HashMap<String, (u32, u32)>,
}

/// A rendered text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rendered {
    pub html: SafeHtml,
    /// Its headings in order, levels as in `html` (2 to 6: the page owns the one `h1`).
    pub outline: Vec<OutlineItem>,
    /// What a reader reads, one block a line, without footnote numbers.
    pub plain: String,
    /// The beginning in at most 200 characters.
    pub excerpt: String,
    pub words: u32,
    /// Reading time at 230 words a minute; at least 1 when there is a word.
    pub minutes: u32,
    /// Every address linked to, once, in order; fragments of this same text are left out.
    pub links: Vec<String>,
    /// Every image shown, in order; images of other sites have become links.
    pub images: Vec<InlineImage>,
}

/// Renders Markdown (CommonMark with tables, footnotes, task lists, strikethrough and heading
/// attributes). Any text renders to something; nothing here fails.
pub fn render(markdown: &str, options: &Options) -> Rendered {
    let html = write::html(markdown, options.author);
    let mut tokens = Tokens::parse(&sanitise::clean(&html, options.author));
    tokens.drop_stray();
    let images = pictures::place(&mut tokens, options.images);
    if options.author == Author::Staff {
        video::facades(&mut tokens);
    }
    let outline = headings::finish(&mut tokens);
    links::set_rel(&mut tokens, options.author);
    code::highlight_blocks(&mut tokens);
    direction::mark(&mut tokens, options.rtl);

    let plain = prose::plain(&tokens);
    let words = prose::words(&plain);
    Rendered {
        outline,
        excerpt: prose::excerpt(&tokens),
        words,
        minutes: words.div_ceil(prose::WORDS_A_MINUTE),
        links: links::collect(&tokens),
        images,
        html: SafeHtml::from_sanitiser(tokens.write()),
        plain,
    }
}
