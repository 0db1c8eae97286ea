//! HTML as someone typed it inside Markdown: finds its tags, and readies it for the sanitiser.

use std::collections::HashSet;
use std::ops::Range;

use super::super::safe_html::escape_into;
use super::tokens::VOID;
use super::{Author, sanitise, video};

/// A tag in typed HTML. All ranges are bytes of that HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag {
    pub range: Range<usize>,
    /// In lower case.
    pub name: String,
    pub closing: bool,
    pub attributes: Vec<Attribute>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attribute {
    /// In lower case.
    pub name: String,
    /// Without its quotes.
    pub value: Range<usize>,
    pub quote: Option<u8>,
}

impl Tag {
    /// A value with its character references read.
    pub fn value(&self, html: &str, name: &str) -> Option<String> {
        let attribute = self.attributes.iter().find(|attribute| attribute.name == name)?;
        Some(unescaped(&html[attribute.value.clone()]))
    }
}

/// What stands at a `<`.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Markup {
    Tag(Tag),
    /// A comment, declaration or processing instruction: nothing that is shown.
    Hidden(Range<usize>),
    /// A `<` that is only a character.
    Text(Range<usize>),
}

/// The next markup at or after `from`, split as the tokeniser of HTML (13.2.5) does.
pub(super) fn next_markup(html: &str, from: usize) -> Option<Markup> {
    let start = from + html[from..].find('<')?;
    let rest = &html[start..];
    // What never ends makes all that follows text: nothing is lost, and nothing is read twice.
    let endless = Markup::Text(start..html.len());
    if let Some(comment) = rest.strip_prefix("<!--") {
        return Some(comment.find("-->").map_or(endless, |end| Markup::Hidden(start..start + 4 + end + 3)));
    }
    if rest.starts_with("<!") || rest.starts_with("<?") {
        return Some(rest.find('>').map_or(endless, |end| Markup::Hidden(start..start + end + 1)));
    }
    let name = rest[1..].strip_prefix('/').unwrap_or(&rest[1..]);
    if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return Some(Markup::Text(start..start + 1));
    }
    Some(tag(html, start).map_or(endless, Markup::Tag))
}

/// The tag that starts here; none when the text ends within it.
fn tag(html: &str, start: usize) -> Option<Tag> {
    let bytes = html.as_bytes();
    let closing = bytes.get(start + 1) == Some(&b'/');
    let mut at = start + 1 + usize::from(closing);
    let end = skip(bytes, at, |byte| !is_space(byte) && byte != b'/' && byte != b'>');
    let name = html[at..end].to_ascii_lowercase();
    at = end;
    let mut attributes = Vec::new();
    loop {
        at = skip(bytes, at, |byte| is_space(byte) || byte == b'/');
        match bytes.get(at)? {
            b'>' => return Some(Tag { range: start..at + 1, name, closing, attributes }),
            _ => {
                let attribute;
                (attribute, at) = attribute_at(html, at)?;
                attributes.extend(attribute);
            }
        }
    }
}

/// The attribute that starts here, none when it has no value, and where it ends.
fn attribute_at(html: &str, start: usize) -> Option<(Option<Attribute>, usize)> {
    let bytes = html.as_bytes();
    // An equals sign may start a name, nowhere else.
    let end = skip(bytes, start + 1, |byte| !is_space(byte) && !matches!(byte, b'/' | b'>' | b'='));
    let name = html[start..end].to_ascii_lowercase();
    let equals = skip(bytes, end, is_space);
    if bytes.get(equals) != Some(&b'=') {
        return Some((None, end));
    }
    let at = skip(bytes, equals + 1, is_space);
    let (value, quote, after) = match *bytes.get(at)? {
        quote @ (b'"' | b'\'') => {
            let end = skip(bytes, at + 1, |byte| byte != quote);
            bytes.get(end)?;
            (at + 1..end, Some(quote), end + 1)
        }
        _ => {
            let end = skip(bytes, at, |byte| !is_space(byte) && byte != b'>');
            (at..end, None, end)
        }
    };
    Some((Some(Attribute { name, value, quote }), after))
}

fn skip(bytes: &[u8], from: usize, while_true: impl Fn(u8) -> bool) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    rest.iter().position(|byte| !while_true(*byte)).map_or(bytes.len(), |length| from + length)
}

fn is_space(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0x0b
}

/// The tags open at some place of a text, never fewer than a parser of HTML has open there: what
/// tags close each other is followed only where it is certain.
#[derive(Debug, Default)]
pub(super) struct Nesting(Vec<String>);

/// HTML nested deeper than this loses its further tags and keeps its text: a parser's work at each
/// tag grows with the number of those open.
const DEEPEST: usize = 256;

/// Elements that the next of the same group ends, though nothing says so.
const GROUPS: [&[&str]; 6] = [
    &["p"],
    &["li"],
    &["dd", "dt"],
    &["rb", "rp", "rt"],
    &["td", "th"],
    &["caption", "colgroup", "tbody", "tfoot", "thead", "tr"],
];

impl Nesting {
    /// Whether there is room for one more, which then is open.
    fn open(&mut self, name: &str) -> bool {
        if let Some(group) = GROUPS.iter().find(|group| group.contains(&name)) {
            self.0.pop_if(|top| group.contains(&top.as_str()));
        }
        if VOID.contains(&name) {
            return true;
        }
        let room = self.0.len() < DEEPEST;
        if room {
            self.0.push(name.to_owned());
        }
        room
    }

    fn close(&mut self, name: &str) {
        // Lists end their last item, paragraph or term.
        if ["dl", "ol", "ul"].contains(&name) {
            self.0.pop_if(|top| top == "p");
            self.0.pop_if(|top| ["dd", "dt", "li"].contains(&top.as_str()));
        }
        if name == "table" {
            self.0.pop_if(|top| GROUPS[4].contains(&top.as_str()));
            self.0.pop_if(|top| top == "tr");
            self.0.pop_if(|top| GROUPS[5].contains(&top.as_str()));
        }
        self.0.pop_if(|top| top == name);
    }
}

/// Readies typed HTML for the sanitiser, so that nothing a reader should see gets lost in it:
/// elements that go with all they hold are cut out where they end, a frame becomes a link to what it
/// showed, and what is no tag of HTML (`Vec<String>`) is text. So is every tag that the author may
/// not write.
pub(super) fn prepared(html: &str, author: Author, nesting: &mut Nesting) -> String {
    let mut out = String::with_capacity(html.len());
    let mut ends = Ends::default();
    let mut at = 0;
    while let Some(markup) = next_markup(html, at) {
        let (Markup::Tag(Tag { range, .. }) | Markup::Hidden(range) | Markup::Text(range)) = &markup;
        out.push_str(&html[at..range.start]);
        at = range.end;
        match &markup {
            Markup::Hidden(_) if author == Author::Staff => {}
            Markup::Tag(tag) => at = write_tag(&mut out, html, tag, author, nesting, &mut ends),
            Markup::Hidden(range) | Markup::Text(range) => escape_into(&mut out, &html[range.clone()]),
        }
    }
    out.push_str(&html[at..]);
    out
}

/// Writes a tag, or what takes its place, and gives the place to go on from.
fn write_tag(
    out: &mut String,
    html: &str,
    tag: &Tag,
    author: Author,
    nesting: &mut Nesting,
    ends: &mut Ends,
) -> usize {
    let name = tag.name.as_str();
    let known = |names: &[&str]| names.contains(&name);
    let written = &html[tag.range.clone()];
    if known(if author == Author::Staff { sanitise::STAFF } else { sanitise::BASIC }) {
        match (author, tag.closing) {
            (_, true) => {
                nesting.close(name);
                *out += &format!("</{name}>");
            }
            (_, false) if !nesting.open(name) => {}
            (Author::Staff, false) => out.push_str(written),
            (Author::Visitor, false) => *out += &format!("<{name}>"),
        }
        return tag.range.end;
    }
    if author == Author::Visitor {
        escape_into(out, written);
        return tag.range.end;
    }
    // Our pages run none of the author's scripts, so what stands in for one is what counts.
    if known(sanitise::UNWRAPPED) || name == "noscript" {
        return tag.range.end;
    }
    let end = match known(sanitise::DROPPED) {
        true if tag.closing => Some(tag.range.end),
        true => ends.of(html, tag),
        false => None,
    };
    if name == "iframe" && !tag.closing {
        out.push_str(&video::frame_link(html, tag));
        return end.unwrap_or(tag.range.end);
    }
    end.unwrap_or_else(|| {
        escape_into(out, &html[tag.range.clone()]);
        tag.range.end
    })
}

/// Finds where elements end in typed HTML, and remembers which never do.
#[derive(Debug, Default)]
pub(super) struct Ends(HashSet<String>);

impl Ends {
    /// Where the element that `open` starts ends, if it does, by name alone: what is in it is not
    /// looked at. `embed` and the like have no content.
    fn of(&mut self, html: &str, open: &Tag) -> Option<usize> {
        if ["embed", "frame"].contains(&open.name.as_str()) {
            return Some(open.range.end);
        }
        if self.0.contains(&open.name) {
            return None;
        }
        let end = end_of(html, open);
        if end.is_none() {
            self.0.insert(open.name.clone());
        }
        end
    }

    /// Where the text of a raw element such as `script` ends: nothing in it is a tag.
    pub fn of_text(&mut self, html: &str, tag: &Tag) -> Option<usize> {
        let raw = ["script", "style", "textarea", "title", "xmp"].contains(&tag.name.as_str());
        if raw && !tag.closing { self.of(html, tag) } else { None }
    }
}

fn end_of(html: &str, open: &Tag) -> Option<usize> {
    let bytes = html.as_bytes();
    let mut at = open.range.end;
    while let Some(found) = html[at..].find("</") {
        let name = at + found + 2;
        let end = name + open.name.len();
        if bytes.get(name..end).is_some_and(|bytes| bytes.eq_ignore_ascii_case(open.name.as_bytes()))
            && bytes.get(end).is_none_or(|byte| is_space(*byte) || matches!(byte, b'>' | b'/'))
        {
            return Some(html[end..].find('>').map_or(html.len(), |close| end + close + 1));
        }
        at = name;
    }
    None
}

/// Reads the character references that addresses have: numbers, and the named ones of XML.
pub(super) fn unescaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find('&') {
        text.push_str(&rest[..at]);
        let reference = &rest[at + 1..];
        let read = reference.split_once(';').and_then(|(name, after)| Some((character(name)?, after)));
        match read {
            Some((character, after)) => {
                text.push(character);
                rest = after;
            }
            None => {
                text.push('&');
                rest = reference;
            }
        }
    }
    text.push_str(rest);
    text
}

fn character(name: &str) -> Option<char> {
    let number = match name.strip_prefix('#') {
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => number.parse().ok(),
        },
        None => return XML.iter().find(|(one, _)| *one == name).map(|(_, character)| *character),
    };
    number.and_then(char::from_u32).filter(|character| *character != '\0')
}

const XML: [(&str, char); 5] = [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\'')];
