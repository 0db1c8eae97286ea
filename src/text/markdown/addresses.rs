//! The addresses that Markdown mentions, and where, so that an import or a move can change them and
//! leave every other byte as its author wrote it.

use std::collections::HashSet;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, LinkType, Parser, Tag, TagEnd};

use super::raw::{self, Markup};
use super::{Author, write};

/// An address in a Markdown text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Its bytes in the text, without brackets or quotes around it.
    pub range: Range<usize>,
    /// As meant: escapes and character references read.
    pub url: String,
    pub kind: AddressKind,
    syntax: Syntax,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AddressKind {
    Link,
    Image,
}

/// How an address is written, which decides how another is written in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Syntax {
    Bare,
    Angled,
    Quoted(u8),
    Unquoted,
}

/// Every destination of a link, image or reference definition and every `href` and `src` of inline
/// HTML, in order. Autolinks (`<https://…>`) are text and left out.
pub fn addresses(markdown: &str) -> Vec<Address> {
    let mut found = Vec::new();
    let mut images = HashSet::new();
    let mut links = HashSet::new();
    let mut open: Vec<Open> = Vec::new();
    let mut html: Option<Vec<Range<usize>>> = None;
    let mut events = Parser::new_ext(markdown, write::extensions(Author::Staff)).into_offset_iter();
    for (event, range) in events.by_ref() {
        match event {
            Event::Start(Tag::HtmlBlock) => html = Some(Vec::new()),
            Event::End(TagEnd::HtmlBlock) => in_html(markdown, &html.take().unwrap_or_default(), &mut found),
            Event::Html(_) if html.is_some() => html.get_or_insert_default().push(range),
            Event::Html(_) | Event::InlineHtml(_) => {
                let end = range.end;
                in_html(markdown, &[range], &mut found);
                inner_end(&mut open, end);
            }
            Event::Start(Tag::Link { link_type, dest_url, id, .. }) => {
                links.insert(label(&id));
                open.push(Open::new(AddressKind::Link, link_type, dest_url, range));
            }
            Event::Start(Tag::Image { link_type, dest_url, id, .. }) => {
                images.insert(label(&id));
                open.push(Open::new(AddressKind::Image, link_type, dest_url, range));
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                found.extend(open.pop().and_then(|open| open.address(markdown)));
                inner_end(&mut open, range.end);
            }
            _ => inner_end(&mut open, range.end),
        }
    }
    for (name, definition) in events.reference_definitions().iter() {
        let image = images.contains(&label(name)) && !links.contains(&label(name));
        let kind = if image { AddressKind::Image } else { AddressKind::Link };
        found.extend(in_definition(markdown, definition.span.clone(), &definition.dest, kind));
    }
    found.sort_by_key(|address| (address.range.start, address.range.end));
    found
}

/// The text with the addresses that `change` gives another for, and not one other byte changed.
///
/// In the new address, what no URL holds (control characters, `<`, `>`, a backtick) is
/// percent-encoded; all else reads back as given.
pub fn replace_addresses(markdown: &str, mut change: impl FnMut(&Address) -> Option<String>) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut written = 0;
    for address in addresses(markdown) {
        if let Some(new) = change(&address) {
            out.push_str(&markdown[written..address.range.start]);
            out.push_str(&address.syntax.write(&new, starts_line(&markdown[..address.range.start])));
            written = address.range.end;
        }
    }
    out.push_str(&markdown[written..]);
    out
}

/// A link or image whose end has not come yet.
struct Open<'a> {
    kind: AddressKind,
    inline: bool,
    url: CowStr<'a>,
    range: Range<usize>,
    /// Where what it holds ends, so far.
    inner: usize,
}

fn inner_end(open: &mut [Open], end: usize) {
    if let Some(last) = open.last_mut() {
        last.inner = last.inner.max(end.min(last.range.end));
    }
}

impl<'a> Open<'a> {
    fn new(kind: AddressKind, link_type: LinkType, url: CowStr<'a>, range: Range<usize>) -> Open<'a> {
        let bracket = if kind == AddressKind::Image { 2 } else { 1 };
        let inner = (range.start + bracket).min(range.end);
        Open { kind, inline: link_type == LinkType::Inline, url, range, inner }
    }

    /// After its text come `](`, the destination, perhaps a title, and `)` at the very end.
    fn address(self, markdown: &str) -> Option<Address> {
        if !self.inline {
            return None;
        }
        let text = &markdown[..self.range.end];
        text[self.inner..].match_indices("](").find_map(|(at, _)| {
            let (range, syntax) = destination(text, blank(text, self.inner + at + 2))?;
            let after = if syntax == Syntax::Angled { range.end + 1 } else { range.end };
            (title_end(text, after)? == self.range.end - 1 && text.ends_with(')')).then(|| Address {
                range,
                url: self.url.to_string(),
                kind: self.kind,
                syntax,
            })
        })
    }
}

/// The destination after the label of a reference definition.
fn in_definition(markdown: &str, span: Range<usize>, url: &str, kind: AddressKind) -> Option<Address> {
    let text = &markdown[..span.end];
    let mut escaped = false;
    let label = text[span.start..].char_indices().find(|(_, character)| {
        let found = *character == ']' && !escaped;
        escaped = *character == '\\' && !escaped;
        found
    })?;
    let colon = span.start + label.0 + 1;
    text[colon..].starts_with(':').then_some(())?;
    let (range, syntax) = destination(text, blank(text, colon + 1))?;
    Some(Address { range, url: url.to_owned(), kind, syntax })
}

/// A link destination (CommonMark 6.3), at least an empty one.
fn destination(text: &str, start: usize) -> Option<(Range<usize>, Syntax)> {
    let angled = text[start..].starts_with('<');
    let start = start + usize::from(angled);
    let (mut depth, mut escaped) = (0_usize, false);
    for (at, character) in text[start..].char_indices() {
        let here = start + at;
        match character {
            _ if escaped && character.is_ascii_punctuation() => escaped = false,
            '\\' => escaped = true,
            '>' if angled => return Some((start..here, Syntax::Angled)),
            '<' | '\n' | '\r' if angled => return None,
            _ if angled => escaped = false,
            '(' => depth += 1,
            ')' if depth == 0 => return Some((start..here, Syntax::Bare)),
            ')' => depth -= 1,
            c if c == ' ' || c.is_ascii_control() => return Some((start..here, Syntax::Bare)),
            _ => escaped = false,
        }
    }
    (!angled).then_some((start..text.len(), Syntax::Bare))
}

/// The place after white space, and after the marks of quotations at the start of a line.
fn blank(text: &str, from: usize) -> usize {
    let mut line_start = false;
    for (at, character) in text[from..].char_indices() {
        match character {
            '\n' | '\r' => line_start = true,
            ' ' | '\t' => {}
            '>' if line_start => {}
            _ => return from + at,
        }
    }
    text.len()
}

/// The place after an optional title and the space around it.
fn title_end(text: &str, from: usize) -> Option<usize> {
    let start = blank(text, from);
    let close = match text[start..].chars().next()? {
        '"' => '"',
        '\'' => '\'',
        '(' => ')',
        _ => return Some(start),
    };
    let mut escaped = false;
    for (at, character) in text[start + 1..].char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == close => return Some(blank(text, start + 1 + at + 1)),
            _ => {}
        }
    }
    None
}

/// The addresses in typed HTML, given as the pieces of the text that it is made of (in a quotation,
/// each line is one).
fn in_html(markdown: &str, pieces: &[Range<usize>], found: &mut Vec<Address>) {
    let html: String = pieces.iter().map(|piece| &markdown[piece.clone()]).collect();
    let mut ends = raw::Ends::default();
    let mut at = 0;
    while let Some(markup) = raw::next_markup(&html, at) {
        let tag = match markup {
            Markup::Hidden(range) | Markup::Text(range) => {
                at = range.end;
                continue;
            }
            Markup::Tag(tag) => tag,
        };
        at = ends.of_text(&html, &tag).unwrap_or(tag.range.end);
        for attribute in tag.attributes.iter().filter(|_| !tag.closing) {
            let kind = match (attribute.name.as_str(), tag.name.as_str()) {
                ("href", _) => AddressKind::Link,
                ("src", "img") => AddressKind::Image,
                ("src", _) => AddressKind::Link,
                _ => continue,
            };
            if let Some(range) = in_text(pieces, &attribute.value) {
                let syntax = attribute.quote.map_or(Syntax::Unquoted, Syntax::Quoted);
                found.push(Address { url: raw::unescaped(&markdown[range.clone()]), range, kind, syntax });
            }
        }
    }
}

/// The bytes of the text for bytes of the joined pieces; none when they lie in more than one.
fn in_text(pieces: &[Range<usize>], joined: &Range<usize>) -> Option<Range<usize>> {
    let mut before = 0;
    for piece in pieces {
        if joined.start >= before && joined.end <= before + piece.len() {
            let offset = piece.start - before;
            return Some(joined.start + offset..joined.end + offset);
        }
        before += piece.len();
    }
    None
}

/// A reference's label as CommonMark compares it: case and white space don't count.
fn label(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Whether an address after this text is the first thing on its line, quotation marks apart.
fn starts_line(before: &str) -> bool {
    before.trim_end_matches([' ', '\t', '>', '<']).ends_with(['\n', '\r'])
}

impl Syntax {
    /// An address as it is written in the place of another.
    fn write(self, url: &str, first: bool) -> String {
        let url = without_impossible(url);
        match self {
            Syntax::Quoted(quote) => in_quotes(&url, quote),
            Syntax::Unquoted => format!("\"{}\"", in_quotes(&url, b'"')),
            Syntax::Angled => angled(&url, first),
            Syntax::Bare if url.is_empty() || url.contains(' ') => format!("<{}>", angled(&url, first)),
            // Else a rule, a heading's underline or a list might start here.
            Syntax::Bare if first && url.starts_with(['#', '-', '=', '*', '_', '+', '~', ':']) => {
                format!("\\{}", escaped(&url))
            }
            Syntax::Bare => escaped(&url),
        }
    }
}

/// Between `<` and `>`. At the start of a line these would make a tag of many a word, and so a block
/// of HTML, unless its first letter is written by number.
fn angled(url: &str, first: bool) -> String {
    match url.chars().next() {
        Some(letter) if first && letter.is_ascii_alphabetic() => {
            format!("&#{};{}", letter as u32, escaped(&url[1..]))
        }
        Some('!' | '/' | '?') if first => format!("\\{}", escaped(url)),
        _ => escaped(url),
    }
}

fn without_impossible(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for character in url.chars() {
        match character {
            '<' | '>' | '`' | '\u{7f}' => out += &format!("%{:02X}", character as u32),
            c if c.is_ascii_control() => out += &format!("%{:02X}", c as u32),
            other => out.push(other),
        }
    }
    out
}

/// With a backslash before each character that Markdown, a table included, might read otherwise.
fn escaped(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    let mut characters = url.chars().peekable();
    while let Some(character) = characters.next() {
        let next = characters.peek();
        let reference = character == '&' && next.is_some_and(|c| c.is_ascii_alphanumeric() || *c == '#');
        let escape = character == '\\' && next.is_none_or(|c| c.is_ascii_punctuation());
        if reference || escape || matches!(character, '(' | ')' | '|') {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

fn in_quotes(url: &str, quote: u8) -> String {
    let mut out = String::with_capacity(url.len());
    for character in url.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '"' if quote == b'"' => out.push_str("&quot;"),
            '\'' if quote == b'\'' => out.push_str("&#39;"),
            '|' => out.push_str("&#124;"),
            other => out.push(other),
        }
    }
    out
}
