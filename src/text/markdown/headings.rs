//! Headings: their levels under the page's own, a place to link to for each, and the outline. All
//! other places of the text get their names here too, so that none can be taken twice.

use std::collections::{HashMap, HashSet};

use percent_encoding::percent_decode_str;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::prose;
use super::tokens::{Token, Tokens};

/// A heading of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutlineItem {
    /// 2 to 6.
    pub level: u8,
    /// What a fragment names it by, without `#`.
    pub id: String,
    pub title: String,
}

/// Settles levels, identifiers and the links between them.
///
/// A heading is named by what its author gave, else by its words. Identifiers typed on anything else
/// get `user-` in front, so that none can stand for a name of the page's scripts or styles
/// (SECURITY T1); links to them within the text follow.
pub(super) fn finish(tokens: &mut Tokens) -> Vec<OutlineItem> {
    settle_levels(tokens);
    let mut names = Names::default();
    name_other_places(tokens, &mut names);
    let outline = name_headings(tokens, &mut names);
    for link in tokens.elements_mut().filter(|element| element.name == "a") {
        let Some(fragment) = link.get("href").and_then(|href| href.strip_prefix('#')) else { continue };
        if let Some(name) = names.given.get(&*percent_decode_str(fragment).decode_utf8_lossy()) {
            let href = format!("#{name}");
            link.set("href", href);
        }
    }
    add_anchors(tokens);
    outline
}

fn level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', level @ b'1'..=b'6'] => Some(level - b'0'),
        _ => None,
    }
}

/// The page has the one `h1`, so a text's own headings begin at `h2`, and each is at most one level
/// below what it belongs to, however its author numbered them.
fn settle_levels(tokens: &mut Tokens) {
    // The authors' levels of the headings that the next one may belong to, outermost first.
    let mut above: Vec<u8> = Vec::new();
    for (at, end) in tokens.ends().into_iter().enumerate() {
        let Token::Open(element) = &mut tokens.0[at] else { continue };
        let Some(level) = level(&element.name) else { continue };
        above.retain(|outer| *outer < level);
        let name = format!("h{}", (above.len() + 2).min(6));
        above.push(level);
        element.name.clone_from(&name);
        tokens.0[end] = Token::Close(name);
    }
}

/// The names of places in one text.
#[derive(Debug, Default)]
struct Names {
    taken: HashSet<String>,
    /// The next number to try for a name that is taken.
    next: HashMap<String, usize>,
    /// What an author called a place, and what it is called now.
    given: HashMap<String, String>,
}

impl Names {
    /// The name itself, or with the first number that makes it new.
    fn take(&mut self, name: &str) -> String {
        let mut free = name.to_owned();
        while !self.taken.insert(free.clone()) {
            let number = self.next.entry(name.to_owned()).or_insert(1);
            free = format!("{name}-{number}");
            *number += 1;
        }
        free
    }
}

fn name_other_places(tokens: &mut Tokens, names: &mut Names) {
    for element in tokens.elements_mut().filter(|element| level(&element.name).is_none()) {
        let anchor = element.remove("name");
        let Some(typed) = element.remove("id").or(anchor) else { continue };
        let name = if is_note(&typed) { typed.clone() } else { format!("user-{typed}") };
        // The first of a name is the one that a link finds.
        if names.taken.insert(name.clone()) {
            names.given.insert(typed, name.clone());
            element.set("id", name);
        }
    }
}

/// Footnotes and their mentions have names that `write` makes: `fn-1`, `fnref-1`, `fnref-1-2`.
fn is_note(name: &str) -> bool {
    let number = name.strip_prefix("fnref-").or_else(|| name.strip_prefix("fn-"));
    number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-'))
}

fn name_headings(tokens: &mut Tokens, names: &mut Names) -> Vec<OutlineItem> {
    let ends = tokens.ends();
    let mut outline = Vec::new();
    let mut quoted_until = 0;
    for (at, end) in ends.into_iter().enumerate() {
        let Token::Open(element) = &tokens.0[at] else { continue };
        if ["blockquote", "table"].contains(&element.name.as_str()) {
            quoted_until = quoted_until.max(end);
        }
        let Some(level) = level(&element.name) else { continue };
        let title = prose::line(&tokens.0[at + 1..end]);
        let typed = element.get("id").map(str::to_owned);
        let wish = typed.clone().unwrap_or_else(|| slug(&title));
        let id = names.take(&wish);
        if let Some(typed) = typed {
            names.given.entry(typed).or_insert_with(|| id.clone());
        }
        if let Token::Open(element) = &mut tokens.0[at] {
            element.set("id", id.clone());
        }
        // A heading in a quotation belongs to what is quoted.
        if !title.is_empty() && at >= quoted_until {
            outline.push(OutlineItem { level, id, title });
        }
    }
    outline
}

/// The words of a title in small letters of any script, joined by hyphens.
fn slug(title: &str) -> String {
    let mut slug = String::with_capacity(title.len());
    for character in title.nfc().flat_map(char::to_lowercase) {
        if character.is_alphanumeric() || (is_combining_mark(character) && !slug.is_empty()) {
            slug.push(character);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "section".to_owned() } else { slug.to_owned() }
}

/// Ends each heading with a link to itself. It is empty (a style draws its sign), so that copied and
/// indexed text stays clean, and hidden from those who move by keyboard or ear: the outline is theirs.
fn add_anchors(tokens: &mut Tokens) {
    let mut out = Vec::with_capacity(tokens.0.len());
    let mut open: Vec<Option<String>> = Vec::new();
    let mut links = 0_usize;
    for token in tokens.0.drain(..) {
        match &token {
            Token::Open(element) if !element.is_void() => {
                links += usize::from(element.name == "a");
                let id = element.get("id").filter(|_| level(&element.name).is_some() && links == 0);
                open.push(id.map(|id| format!("#{id}")));
            }
            Token::Close(name) => {
                links = links.saturating_sub(usize::from(name == "a"));
                if let Some(href) = open.pop().flatten() {
                    let attributes = [
                        ("class", "anchor"),
                        ("href", href.as_str()),
                        ("aria-hidden", "true"),
                        ("tabindex", "-1"),
                    ];
                    out.extend([Token::open("a", &attributes), Token::close("a")]);
                }
            }
            _ => {}
        }
        out.push(token);
    }
    tokens.0 = out;
}
