//! The allow-lists, enforced by ammonia over a real HTML parser (SECURITY 0.10, T1).
//!
//! Never let `svg`, `math` or an element with raw text (`style`, `script`, `iframe`, `title`,
//! `textarea`, `noscript`, `xmp`, …) onto them: that is where every known way around is made from.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::Builder;

use super::{Author, links, video};

/// What staff may write as HTML.
#[rustfmt::skip]
pub(super) const STAFF: &[&str] = &[
    "a", "abbr", "address", "aside", "b", "bdi", "bdo", "blockquote", "br", "caption", "cite", "code",
    "col", "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "h1",
    "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "input", "ins", "kbd", "li", "mark", "meter", "ol", "p",
    "pre", "progress", "q", "rp", "rt", "ruby", "s", "samp", "section", "small", "span", "strong", "sub",
    "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u", "ul", "var", "wbr",
];

/// What a visitor's text may become: what Markdown makes.
#[rustfmt::skip]
const VISITOR: &[&str] = &[
    "a", "blockquote", "br", "code", "del", "em", "hr", "input", "li", "ol", "p", "pre", "span", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul", "b", "i", "s", "kbd", "sub", "sup",
];

/// What a visitor may also write as a tag.
pub(super) const BASIC: &[&str] =
    &["b", "blockquote", "br", "code", "del", "em", "i", "kbd", "s", "strong", "sub", "sup"];

/// Elements that go with all they hold.
#[rustfmt::skip]
pub(super) const DROPPED: &[&str] = &[
    "applet", "embed", "frame", "frameset", "iframe", "math", "noembed", "noframes", "noscript", "object",
    "plaintext", "script", "select", "style", "svg", "template", "textarea", "title", "xmp",
];

/// Further elements of HTML: they go, what they hold stays.
#[rustfmt::skip]
pub(super) const UNWRAPPED: &[&str] = &[
    "acronym", "area", "article", "audio", "base", "basefont", "big", "body", "button", "canvas", "center",
    "data", "datalist", "dialog", "dir", "fieldset", "font", "footer", "form", "head", "header", "hgroup",
    "html", "label", "legend", "link", "main", "map", "marquee", "menu", "meta", "nav", "nobr", "optgroup",
    "option", "output", "param", "picture", "rb", "rtc", "search", "slot", "source", "strike", "track",
    "tt", "video",
];

/// Classes that the site's styles know, besides `language-…` on code.
#[rustfmt::skip]
const CLASSES: &[&str] = &[
    "align-center", "align-left", "align-right", "anchor", "callout", "caution", "center",
    "contains-task-list", "end", "example", "footnote-back", "footnote-ref", "footnotes", "full",
    "important", "info", "note", "quiet", "start", "task", "tip", "video", "warning", "wide",
];

/// Relations of links worth keeping when staff writes them.
#[rustfmt::skip]
const RELATIONS: &[&str] = &[
    "author", "bookmark", "external", "help", "license", "me", "nofollow", "noopener", "noreferrer",
    "sponsored", "tag", "ugc",
];

/// Lets through only what is on the author's lists, as well-formed HTML.
pub(super) fn clean(html: &str, author: Author) -> String {
    static FOR_STAFF: LazyLock<Builder> = LazyLock::new(|| builder(Author::Staff));
    static FOR_VISITOR: LazyLock<Builder> = LazyLock::new(|| builder(Author::Visitor));
    let builder = match author {
        Author::Staff => &FOR_STAFF,
        Author::Visitor => &FOR_VISITOR,
    };
    builder.clean(html).to_string()
}

fn builder(author: Author) -> Builder<'static> {
    let (tags, generic): (_, &[&str]) = match author {
        Author::Staff => (STAFF, &["aria-label", "class", "dir", "id", "lang", "role", "title"]),
        Author::Visitor => (VISITOR, &["class", "dir"]),
    };
    let mut builder = Builder::empty();
    builder
        .tags(set(tags))
        .clean_content_tags(set(DROPPED))
        .generic_attributes(set(generic))
        .tag_attributes(attributes())
        .url_schemes(set(links::SCHEMES))
        .link_rel(None)
        .strip_comments(true)
        .attribute_filter(move |element, name, value| attribute(author, element, name, value));
    builder
}

fn set(names: &[&'static str]) -> HashSet<&'static str> {
    names.iter().copied().collect()
}

fn attributes() -> HashMap<&'static str, HashSet<&'static str>> {
    HashMap::from([
        ("a", set(&["aria-hidden", "href", "name", "rel", "tabindex"])),
        ("col", set(&["span"])),
        ("colgroup", set(&["span"])),
        ("del", set(&["datetime"])),
        ("details", set(&["open"])),
        ("figure", set(&["data-id", "data-provider", "data-start"])),
        ("img", set(&["alt", "decoding", "height", "loading", "src", "width"])),
        ("input", set(&["checked", "disabled", "type"])),
        ("ins", set(&["datetime"])),
        ("li", set(&["value"])),
        ("meter", set(&["high", "low", "max", "min", "optimum", "value"])),
        ("ol", set(&["reversed", "start", "type"])),
        ("progress", set(&["max", "value"])),
        ("td", set(&["colspan", "rowspan"])),
        ("th", set(&["colspan", "rowspan", "scope"])),
        ("time", set(&["datetime"])),
    ])
}

/// The value that an attribute keeps; none when it goes.
fn attribute<'v>(author: Author, element: &str, name: &str, value: &'v str) -> Option<Cow<'v, str>> {
    let keep = |good: bool| good.then_some(Cow::Borrowed(value));
    match (element, name) {
        (_, "href") => links::href(value, author).map(Cow::Owned),
        (_, "src") => links::src(value).map(Cow::Owned),
        (_, "class") => some_words(value, |class| known_class(element, class)),
        (_, "rel") => some_words(value, |relation| RELATIONS.contains(&relation)),
        (_, "id" | "name") => identifier(value),
        (_, "dir") => keep(["ltr", "rtl", "auto"].contains(&value)),
        (_, "lang") => {
            keep(value.len() <= 35 && value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
        }
        (_, "role") => keep(["doc-backlink", "doc-endnotes", "doc-noteref", "note"].contains(&value)),
        (_, "aria-hidden") => keep(value == "true"),
        (_, "tabindex") => keep(value == "-1"),
        (_, "loading") => keep(value == "lazy"),
        (_, "decoding") => keep(value == "async"),
        (_, "scope") => keep(["col", "colgroup", "row", "rowgroup"].contains(&value)),
        ("input", "type") => keep(value == "checkbox"),
        ("ol", "type") => keep(["1", "a", "A", "i", "I"].contains(&value)),
        ("img", _) if name != "alt" => {
            generic_or(name, value, value.parse::<u16>().is_ok_and(|size| size > 0))
        }
        (_, "colspan" | "rowspan" | "span") => keep(value.parse::<u16>().is_ok_and(|cells| cells <= 1000)),
        (_, "start") | ("li", "value") => keep(value.parse::<i32>().is_ok()),
        ("meter" | "progress", _) => generic_or(name, value, value.parse::<f32>().is_ok_and(f32::is_finite)),
        ("figure", "data-provider") => keep(video::PROVIDERS.contains(&value)),
        ("figure", "data-id") => keep(video::is_id(value)),
        ("figure", "data-start") => keep(value.parse::<u32>().is_ok()),
        _ => keep(true),
    }
}

/// Text for a reader stays as it is; any other attribute only when `good`.
fn generic_or<'v>(name: &str, value: &'v str, good: bool) -> Option<Cow<'v, str>> {
    (good || ["title", "aria-label"].contains(&name)).then_some(Cow::Borrowed(value))
}

fn known_class(element: &str, class: &str) -> bool {
    let language = class.strip_prefix("language-");
    match language {
        Some(language) => {
            element == "code"
                && language.len() <= 40
                && language.bytes().all(|b| b.is_ascii_alphanumeric() || b"+#-_.".contains(&b))
        }
        None => CLASSES.contains(&class) || super::code::CLASSES.contains(&class),
    }
}

fn some_words<'v>(value: &'v str, good: impl Fn(&str) -> bool) -> Option<Cow<'v, str>> {
    let words: Vec<&str> = value.split_ascii_whitespace().filter(|word| good(word)).collect();
    (!words.is_empty()).then(|| Cow::Owned(words.join(" ")))
}

/// An identifier has no white space (HTML 3.2.6); control characters have no business in it.
fn identifier(value: &str) -> Option<Cow<'_, str>> {
    let good = !value.is_empty() && !value.contains(|c: char| c.is_whitespace() || c.is_control());
    good.then_some(Cow::Borrowed(value))
}
