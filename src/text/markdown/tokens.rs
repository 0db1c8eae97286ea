//! Safe HTML as a flat list of tags and text, which the later stages walk and change.
//!
//! This reads only what the sanitiser's serialiser writes: nested properly, every attribute in
//! double quotes, brackets always escaped outside tags. It is no parser for HTML from elsewhere.

/// Elements without content, of those we let through.
pub(super) const VOID: [&str; 6] = ["br", "col", "hr", "img", "input", "wbr"];

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Open(Element),
    Close(String),
    Text(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Element {
    pub name: String,
    /// Names and decoded values, in order.
    pub attributes: Vec<(String, String)>,
}

impl Element {
    pub fn new(name: &str, attributes: &[(&str, &str)]) -> Element {
        let attributes = attributes.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        Element { name: name.to_owned(), attributes }
    }

    pub fn is_void(&self) -> bool {
        VOID.contains(&self.name.as_str())
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        match self.attributes.iter_mut().find(|(key, _)| key == name) {
            Some(attribute) => attribute.1 = value.into(),
            None => self.attributes.push((name.to_owned(), value.into())),
        }
    }

    pub fn remove(&mut self, name: &str) -> Option<String> {
        let at = self.attributes.iter().position(|(key, _)| key == name)?;
        Some(self.attributes.remove(at).1)
    }

    pub fn has_class(&self, class: &str) -> bool {
        self.get("class").is_some_and(|classes| classes.split(' ').any(|one| one == class))
    }
}

impl Token {
    pub fn open(name: &str, attributes: &[(&str, &str)]) -> Token {
        Token::Open(Element::new(name, attributes))
    }

    pub fn close(name: &str) -> Token {
        Token::Close(name.to_owned())
    }

    pub fn is_blank(&self) -> bool {
        matches!(self, Token::Text(text) if text.trim().is_empty())
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tokens(pub Vec<Token>);

impl Tokens {
    pub fn parse(html: &str) -> Tokens {
        let mut tokens = Vec::new();
        let mut rest = html;
        while let Some(start) = rest.find('<') {
            if start > 0 {
                tokens.push(Token::Text(decoded(&rest[..start])));
            }
            let Some(length) = rest[start..].find('>') else { return Tokens(tokens) };
            let tag = &rest[start + 1..start + length];
            tokens.push(match tag.strip_prefix('/') {
                Some(name) => Token::close(name),
                None => Token::Open(element(tag)),
            });
            rest = &rest[start + length + 1..];
        }
        if !rest.is_empty() {
            tokens.push(Token::Text(decoded(rest)));
        }
        Tokens(tokens)
    }

    pub fn write(&self) -> String {
        let mut html = String::new();
        for (at, token) in self.0.iter().enumerate() {
            match token {
                Token::Open(element) => {
                    html.push('<');
                    html.push_str(&element.name);
                    for (name, value) in &element.attributes {
                        html.push(' ');
                        html.push_str(name);
                        html.push_str("=\"");
                        encode(&mut html, value, true);
                        html.push('"');
                    }
                    html.push('>');
                    // A parser drops the first line break in `pre`, so one that is meant needs another.
                    let next = self.0.get(at + 1);
                    if element.name == "pre"
                        && matches!(next, Some(Token::Text(text)) if text.starts_with('\n'))
                    {
                        html.push('\n');
                    }
                }
                Token::Close(name) => {
                    html.push_str("</");
                    html.push_str(name);
                    html.push('>');
                }
                Token::Text(text) => encode(&mut html, text, false),
            }
        }
        html
    }

    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.0.iter().filter_map(|token| match token {
            Token::Open(element) => Some(element),
            _ => None,
        })
    }

    pub fn elements_mut(&mut self) -> impl Iterator<Item = &mut Element> {
        self.0.iter_mut().filter_map(|token| match token {
            Token::Open(element) => Some(element),
            _ => None,
        })
    }

    /// For each token, where the element that it opens is closed; its own place for all others.
    pub fn ends(&self) -> Vec<usize> {
        let mut ends: Vec<usize> = (0..self.0.len()).collect();
        let mut open = Vec::new();
        for (at, token) in self.0.iter().enumerate() {
            match token {
                Token::Open(element) if !element.is_void() => open.push(at),
                Token::Close(_) => {
                    if let Some(start) = open.pop() {
                        ends[start] = at;
                    }
                }
                _ => {}
            }
        }
        ends
    }

    /// Drops what is left over: every input but a task's checkbox, and paragraphs with nothing in them.
    pub fn drop_stray(&mut self) {
        for element in self.elements_mut().filter(|element| element.name == "input") {
            let checked = element.get("checked").is_some();
            let kind = element.remove("type");
            element.attributes.clear();
            if kind.is_some() {
                *element = Element::new("input", &[("type", "checkbox"), ("disabled", "")]);
                if checked {
                    element.set("checked", "");
                }
            }
        }
        let mut kept: Vec<Token> = Vec::with_capacity(self.0.len());
        for token in self.0.drain(..) {
            match &token {
                Token::Open(element) if element.name == "input" && element.attributes.is_empty() => {}
                Token::Close(name) if name == "p" && empty_paragraph(&kept) => {
                    while !matches!(kept.pop(), None | Some(Token::Open(_))) {}
                }
                _ => kept.push(token),
            }
        }
        self.0 = kept;
    }
}

/// Whether a paragraph without attributes has just been opened, with at most white space since.
fn empty_paragraph(tokens: &[Token]) -> bool {
    let last = tokens.iter().rev().find(|token| !token.is_blank());
    matches!(last, Some(Token::Open(element)) if element.name == "p" && element.attributes.is_empty())
}

fn element(tag: &str) -> Element {
    let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
    let mut attributes = Vec::new();
    while let Some((key, after)) = rest.split_once("=\"") {
        let Some((value, after)) = after.split_once('"') else { break };
        attributes.push((key.trim_start().to_owned(), decoded(value)));
        rest = after;
    }
    Element { name: name.to_owned(), attributes }
}

/// Undoes the five references that the serialiser writes.
fn decoded(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('&') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let known = REFERENCES.iter().find(|(reference, _)| rest.starts_with(reference));
        let (reference, character) = known.unwrap_or(&("&", '&'));
        text.push(*character);
        rest = &rest[reference.len()..];
    }
    text.push_str(rest);
    text
}

const REFERENCES: [(&str, char); 5] =
    [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&nbsp;", '\u{a0}')];

fn encode(html: &mut String, text: &str, value: bool) {
    for character in text.chars() {
        match REFERENCES.iter().find(|(_, one)| *one == character) {
            Some((reference, _)) if value || character != '"' => html.push_str(reference),
            _ => html.push(character),
        }
    }
}
