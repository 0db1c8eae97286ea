//! A page as html5ever's tokenizer reads it, for the tests.

use std::cell::RefCell;

use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind::{Rcdata, ScriptData};
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer};

const VOID: [&str; 7] = ["meta", "link", "img", "br", "hr", "input", "wbr"];

#[derive(Debug, Clone, Default)]
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    /// Its own text, that of its children left out.
    pub text: String,
}

impl Element {
    pub fn get(&self, key: &str) -> Option<&str> {
        self.attributes.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    pub fn class(&self, class: &str) -> bool {
        self.get("class").is_some_and(|classes| classes.split_whitespace().any(|one| one == class))
    }
}

#[derive(Debug, Clone, Default)]
pub struct Document {
    pub elements: Vec<Element>,
    /// What a browser would have to mend: errors of the tokenizer, tags that don't match.
    pub faults: Vec<String>,
    /// Every run of text between two tags.
    runs: Vec<String>,
    open: Vec<usize>,
}

impl Document {
    pub fn parse(html: &str) -> Document {
        let input = BufferQueue::default();
        input.push_back(StrTendril::from(html));
        let tokenizer = Tokenizer::new(Sink::default(), Default::default());
        let _ = tokenizer.feed(&input);
        tokenizer.end();
        let mut page = tokenizer.sink.0.into_inner();
        for at in std::mem::take(&mut page.open) {
            page.faults.push(format!("<{}> is never closed", page.elements[at].name));
        }
        page
    }

    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.elements.iter().filter(move |element| element.name == name)
    }

    /// All that a reader or a program gets: names, values of attributes, runs of text. JSON-LD is left
    /// out, for it writes text in its own way.
    pub fn contents(&self) -> String {
        let mut all = String::new();
        for element in &self.elements {
            all += &format!("<{}>\n", element.name);
            for (name, value) in &element.attributes {
                all += &format!("{name}={value}\n");
            }
        }
        all + &self.runs.join("\n")
    }

    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name = tag.name.to_string();
        if tag.kind == TagKind::EndTag {
            match self.open.pop() {
                Some(at) if self.elements[at].name == name => {}
                top => {
                    self.faults.push(format!("</{name}> closes {:?}", top.map(|at| &self.elements[at].name)))
                }
            }
            return TokenSinkResult::Continue;
        }
        let attributes =
            tag.attrs.iter().map(|one| (one.name.local.to_string(), one.value.to_string())).collect();
        self.elements.push(Element { name: name.clone(), attributes, text: String::new() });
        if !VOID.contains(&name.as_str()) {
            self.open.push(self.elements.len() - 1);
        }
        match name.as_str() {
            "title" => TokenSinkResult::RawData(Rcdata),
            "script" => TokenSinkResult::RawData(ScriptData),
            _ => TokenSinkResult::Continue,
        }
    }

    fn text(&mut self, text: &str, joined: bool) {
        if let Some(at) = self.open.last() {
            self.elements[*at].text.push_str(text);
        }
        if self.open.last().is_some_and(|at| self.elements[*at].name == "script") {
            return;
        }
        match self.runs.last_mut() {
            Some(run) if joined => run.push_str(text),
            _ => self.runs.push(text.to_owned()),
        }
    }
}

#[derive(Default)]
struct Sink(RefCell<Document>, RefCell<bool>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut page = self.0.borrow_mut();
        let after_text = self.1.replace(matches!(token, Token::CharacterTokens(_)));
        match token {
            Token::TagToken(tag) => return page.tag(&tag),
            Token::CharacterTokens(text) => page.text(&text, after_text),
            Token::NullCharacterToken => page.faults.push("a NUL".to_owned()),
            Token::ParseError(error) => page.faults.push(error.into_owned()),
            Token::CommentToken(text) => page.faults.push(format!("a comment: {text}")),
            Token::DoctypeToken(_) | Token::EOFToken => {}
        }
        TokenSinkResult::Continue
    }
}
