//! CommonMark to HTML, still to be sanitised.

use std::collections::HashMap;

use pulldown_cmark::{Alignment, CodeBlockKind, CowStr, Event, HeadingLevel, Parser, Tag, TagEnd};

use super::super::safe_html::escape_into;
use super::{Author, raw};

/// Markdown nested deeper than this is written flat: its text stays, its further marks go. No text
/// for people comes near it, and the parsers behind us need time that grows with the depth.
const DEEPEST: usize = 100;

/// The extensions of CommonMark that this author's text is read with.
pub(super) fn extensions(author: Author) -> pulldown_cmark::Options {
    use pulldown_cmark::Options;
    let all = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    match author {
        Author::Staff => all | Options::ENABLE_FOOTNOTES | Options::ENABLE_HEADING_ATTRIBUTES,
        // What a visitor writes stands in a page of someone else: it may name no place in it.
        Author::Visitor => all,
    }
}

pub(super) fn html(markdown: &str, author: Author) -> String {
    let mut writer = Writer::new(author, markdown.len());
    for event in Parser::new_ext(markdown, extensions(author)) {
        writer.event(event);
    }
    writer.finish()
}

struct Writer<'a> {
    author: Author,
    html: String,
    depth: usize,
    alignments: Vec<Alignment>,
    column: usize,
    in_head: bool,
    /// Pieces of the HTML block that is open.
    raw: Option<String>,
    nesting: raw::Nesting,
    /// The images open, and their alternative text so far.
    images: usize,
    alt: String,
    /// What names a visitor's image without an alternative text.
    alt_else: String,
    notes: Notes<'a>,
}

/// The footnotes, numbered in the order of their first mention.
#[derive(Default)]
struct Notes<'a> {
    numbers: HashMap<CowStr<'a>, usize>,
    /// By number less one: the text, once defined, and how often it was mentioned.
    all: Vec<(Option<String>, usize)>,
    /// What was being written when a definition began.
    outer: Vec<(CowStr<'a>, String)>,
}

impl<'a> Notes<'a> {
    fn number(&mut self, name: CowStr<'a>) -> usize {
        let next = self.all.len() + 1;
        let number = *self.numbers.entry(name).or_insert(next);
        if number == next {
            self.all.push((None, 0));
        }
        number
    }
}

impl<'a> Writer<'a> {
    fn new(author: Author, length: usize) -> Writer<'a> {
        Writer {
            author,
            html: String::with_capacity(length + length / 2),
            depth: 0,
            alignments: Vec::new(),
            column: 0,
            in_head: false,
            raw: None,
            nesting: raw::Nesting::default(),
            images: 0,
            alt: String::new(),
            alt_else: String::new(),
            notes: Notes::default(),
        }
    }

    fn event(&mut self, event: Event<'a>) {
        match event {
            Event::Start(tag) => {
                self.depth += 1;
                if self.images > 0 {
                    self.images += usize::from(matches!(tag, Tag::Image { .. }));
                } else if self.depth <= DEEPEST || keeps_its_place(&tag) {
                    self.start(tag);
                } else {
                    self.html.push(' ');
                }
            }
            Event::End(tag) => {
                let nested = self.depth > DEEPEST;
                self.depth -= 1;
                match tag {
                    TagEnd::Image => self.end_image(),
                    _ if self.images > 0 => {}
                    TagEnd::HtmlBlock | TagEnd::FootnoteDefinition => self.end(tag),
                    _ if nested => self.html.push(' '),
                    _ => self.end(tag),
                }
            }
            Event::Text(text) => self.text(&text),
            Event::Code(code) if self.images == 0 => {
                self.html.push_str("<code>");
                self.text(&code);
                self.html.push_str("</code>");
            }
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => self.text(&text),
            Event::Html(html) | Event::InlineHtml(html) => self.raw_html(&html),
            Event::FootnoteReference(name) if self.images == 0 => self.mention(name),
            Event::FootnoteReference(_) => {}
            Event::SoftBreak => self.text("\n"),
            Event::HardBreak if self.images == 0 => self.html.push_str("<br>\n"),
            Event::HardBreak => self.text("\n"),
            Event::Rule => self.html.push_str("<hr>\n"),
            Event::TaskListMarker(true) => {
                self.html.push_str("<input type=\"checkbox\" disabled=\"\" checked=\"\"> ");
            }
            Event::TaskListMarker(false) => self.html.push_str("<input type=\"checkbox\" disabled=\"\"> "),
        }
    }

    fn text(&mut self, text: &str) {
        match (self.images, &mut self.raw) {
            (0, None) => escape_into(&mut self.html, text),
            (0, Some(raw)) => raw.push_str(text),
            _ => self.alt.push_str(text),
        }
    }

    fn raw_html(&mut self, html: &str) {
        match &mut self.raw {
            Some(raw) => raw.push_str(html),
            None if self.images > 0 => {}
            None => self.html.push_str(&raw::prepared(html, self.author, &mut self.nesting)),
        }
    }

    fn start(&mut self, tag: Tag<'a>) {
        match tag {
            Tag::Paragraph => self.html.push_str("<p>"),
            Tag::Heading { level, id, classes, .. } => self.start_heading(level, id.as_deref(), &classes),
            Tag::BlockQuote(_) => self.html.push_str("<blockquote>\n"),
            Tag::CodeBlock(kind) => self.start_code(&kind),
            Tag::HtmlBlock => self.raw = Some(String::new()),
            Tag::List(Some(1)) => self.html.push_str("<ol>\n"),
            Tag::List(Some(start)) => self.html += &format!("<ol start=\"{start}\">\n"),
            Tag::List(None) => self.html.push_str("<ul>\n"),
            Tag::Item => self.html.push_str("<li>"),
            Tag::FootnoteDefinition(name) => {
                self.notes.outer.push((name, std::mem::take(&mut self.html)));
            }
            Tag::Table(alignments) => {
                self.alignments = alignments;
                self.html.push_str("<table>");
            }
            Tag::TableHead => {
                (self.in_head, self.column) = (true, 0);
                self.html.push_str("<thead><tr>");
            }
            Tag::TableRow => {
                self.column = 0;
                self.html.push_str("<tr>");
            }
            Tag::TableCell => self.start_cell(),
            Tag::Emphasis => self.html.push_str("<em>"),
            Tag::Strong => self.html.push_str("<strong>"),
            Tag::Strikethrough => self.html.push_str("<del>"),
            Tag::Superscript => self.html.push_str("<sup>"),
            Tag::Subscript => self.html.push_str("<sub>"),
            Tag::Link { link_type, dest_url, title, .. } => {
                let scheme = if link_type == pulldown_cmark::LinkType::Email { "mailto:" } else { "" };
                self.html.push_str("<a");
                self.attribute("href", &format!("{scheme}{dest_url}"));
                self.title(&title);
                self.html.push('>');
            }
            Tag::Image { dest_url, title, .. } => self.start_image(&dest_url, &title),
            Tag::DefinitionList => self.html.push_str("<dl>"),
            Tag::DefinitionListTitle => self.html.push_str("<dt>"),
            Tag::DefinitionListDefinition => self.html.push_str("<dd>"),
            Tag::MetadataBlock(_) => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.html.push_str("</p>\n"),
            TagEnd::Heading(_) if self.author == Author::Visitor => self.html.push_str("</strong></p>\n"),
            TagEnd::Heading(level) => self.html += &format!("</{level}>\n"),
            TagEnd::BlockQuote(_) => self.html.push_str("</blockquote>\n"),
            TagEnd::CodeBlock => self.html.push_str("</code></pre>\n"),
            TagEnd::HtmlBlock => self.end_raw(),
            TagEnd::List(true) => self.html.push_str("</ol>\n"),
            TagEnd::List(false) => self.html.push_str("</ul>\n"),
            TagEnd::Item => self.html.push_str("</li>\n"),
            TagEnd::FootnoteDefinition => self.end_note(),
            TagEnd::Table => self.html.push_str("</tbody></table>\n"),
            TagEnd::TableHead => {
                self.in_head = false;
                self.html.push_str("</tr></thead><tbody>\n");
            }
            TagEnd::TableRow => self.html.push_str("</tr>\n"),
            TagEnd::TableCell => self.html.push_str(if self.in_head { "</th>" } else { "</td>" }),
            TagEnd::Emphasis => self.html.push_str("</em>"),
            TagEnd::Strong => self.html.push_str("</strong>"),
            TagEnd::Strikethrough => self.html.push_str("</del>"),
            TagEnd::Superscript => self.html.push_str("</sup>"),
            TagEnd::Subscript => self.html.push_str("</sub>"),
            TagEnd::Link => self.html.push_str("</a>"),
            TagEnd::DefinitionList => self.html.push_str("</dl>\n"),
            TagEnd::DefinitionListTitle => self.html.push_str("</dt>"),
            TagEnd::DefinitionListDefinition => self.html.push_str("</dd>"),
            TagEnd::Image | TagEnd::MetadataBlock(_) => {}
        }
    }

    fn start_heading(&mut self, level: HeadingLevel, id: Option<&str>, classes: &[CowStr]) {
        if self.author == Author::Visitor {
            self.html.push_str("<p><strong>");
            return;
        }
        self.html += &format!("<{level}");
        if let Some(id) = id {
            self.attribute("id", id);
        }
        if !classes.is_empty() {
            let classes: Vec<&str> = classes.iter().map(AsRef::as_ref).collect();
            self.attribute("class", &classes.join(" "));
        }
        self.html.push('>');
    }

    fn start_code(&mut self, kind: &CodeBlockKind) {
        self.html.push_str("<pre><code");
        // `rust,ignore`, `rust no_run` and `rust{1,3}` are all Rust.
        let language = match kind {
            CodeBlockKind::Fenced(info) => info.split([',', ' ', '\t', '{']).next().unwrap_or_default(),
            CodeBlockKind::Indented => "",
        };
        if !language.is_empty() {
            self.attribute("class", &format!("language-{language}"));
        }
        self.html.push('>');
    }

    fn start_cell(&mut self) {
        self.html.push_str(if self.in_head { "<th scope=\"col\"" } else { "<td" });
        // As a class: the content security policy knows no style attribute.
        match self.alignments.get(self.column) {
            Some(Alignment::Left) => self.attribute("class", "align-left"),
            Some(Alignment::Center) => self.attribute("class", "align-center"),
            Some(Alignment::Right) => self.attribute("class", "align-right"),
            Some(Alignment::None) | None => {}
        }
        self.html.push('>');
        self.column += 1;
    }

    /// Opens an image up to its `alt`, which `end_image` writes.
    fn start_image(&mut self, src: &str, title: &str) {
        self.images = 1;
        self.alt.clear();
        match self.author {
            Author::Staff => {
                self.html.push_str("<img");
                self.attribute("src", src);
            }
            // A visitor shows no images: what was meant to be one is a link.
            Author::Visitor => {
                self.html.push_str("<a");
                self.attribute("href", src);
                self.alt_else = src.to_owned();
            }
        }
        self.title(title);
    }

    fn end_image(&mut self) {
        self.images -= 1;
        if self.images > 0 {
            return;
        }
        let alt = std::mem::take(&mut self.alt);
        match self.author {
            Author::Staff => {
                self.attribute("alt", &alt);
                self.html.push('>');
            }
            Author::Visitor => {
                self.html.push('>');
                escape_into(&mut self.html, if alt.trim().is_empty() { &self.alt_else } else { &alt });
                self.html.push_str("</a>");
            }
        }
    }

    fn end_raw(&mut self) {
        let raw = self.raw.take().unwrap_or_default();
        let html = raw::prepared(&raw, self.author, &mut self.nesting);
        match self.author {
            Author::Staff => self.html.push_str(&html),
            Author::Visitor => self.html += &format!("<p>{}</p>\n", html.trim_end()),
        }
    }

    fn mention(&mut self, name: CowStr<'a>) {
        let number = self.notes.number(name);
        let mentions = &mut self.notes.all[number - 1].1;
        *mentions += 1;
        let id = mention_id(number, *mentions);
        self.html += &format!(
            "<sup class=\"footnote-ref\"><a href=\"#fn-{number}\" id=\"{id}\" role=\"doc-noteref\">{number}</a></sup>"
        );
    }

    fn end_note(&mut self) {
        let Some((name, outer)) = self.notes.outer.pop() else { return };
        let text = std::mem::replace(&mut self.html, outer);
        let number = self.notes.number(name);
        self.notes.all[number - 1].0.get_or_insert(text);
    }

    fn finish(mut self) -> String {
        let notes = std::mem::take(&mut self.notes.all);
        if notes.is_empty() {
            return self.html;
        }
        self.html.push_str("<section class=\"footnotes\" role=\"doc-endnotes\">\n<ol>\n");
        for (at, (text, mentions)) in notes.iter().enumerate() {
            let number = at + 1;
            let back: String = (1..=*mentions)
                .map(|mention| {
                    let id = mention_id(number, mention);
                    format!(" <a class=\"footnote-back\" href=\"#{id}\" role=\"doc-backlink\">\u{21a9}\u{fe0e}</a>")
                })
                .collect();
            let text = text.as_deref().unwrap_or_default().trim_end();
            self.html += &match text.strip_suffix("</p>") {
                Some(text) => format!("<li id=\"fn-{number}\">{text}{back}</p></li>\n"),
                None => format!("<li id=\"fn-{number}\">{text}{back}</li>\n"),
            };
        }
        self.html.push_str("</ol>\n</section>\n");
        self.html
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.html += &format!(" {name}=\"");
        escape_into(&mut self.html, value);
        self.html.push('"');
    }

    fn title(&mut self, title: &str) {
        if !title.is_empty() {
            self.attribute("title", title);
        }
    }
}

/// What collects its content elsewhere and so can't be left out, however deep it stands.
fn keeps_its_place(tag: &Tag) -> bool {
    matches!(tag, Tag::HtmlBlock | Tag::FootnoteDefinition(_) | Tag::Image { .. })
}

fn mention_id(number: usize, mention: usize) -> String {
    if mention == 1 { format!("fnref-{number}") } else { format!("fnref-{number}-{mention}") }
}
