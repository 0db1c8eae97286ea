//! Code blocks: coloured on the server by class, and always read from left to right.

use super::language;
use super::tokens::{Token, Tokens};

/// The classes that code is marked with. Few, so that a page stays small and a style sheet short.
#[rustfmt::skip]
pub(super) const CLASSES: &[&str] = &[
    "hl-attribute", "hl-comment", "hl-constant", "hl-deleted", "hl-function", "hl-heading", "hl-inserted",
    "hl-keyword", "hl-number", "hl-output", "hl-prompt", "hl-string", "hl-tag", "hl-type", "hl-variable",
];

/// Longer blocks stay plain, as do those with a line beyond `LONGEST_LINE`: the grammars need time
/// that can grow with the square of a line.
const LONGEST: usize = 64 * 1024;
const LONGEST_LINE: usize = 2 * 1024;

/// A run of code and its class, if it has one.
pub(super) type Run = (Option<&'static str>, String);

/// Highlights every `<pre><code class="language-…">` that holds nothing but text.
pub(super) fn highlight_blocks(tokens: &mut Tokens) {
    let mut out = Vec::with_capacity(tokens.0.len());
    let mut rest = std::mem::take(&mut tokens.0).into_iter().peekable();
    while let Some(mut token) = rest.next() {
        let Token::Open(element) = &mut token else {
            out.push(token);
            continue;
        };
        let is_pre = element.name == "pre";
        if is_pre {
            element.set("dir", "ltr");
        }
        out.push(token);
        let next_is_code = |token: &Token| matches!(token, Token::Open(code) if code.name == "code");
        let Some(code) = rest.next_if(|token| is_pre && next_is_code(token)) else { continue };
        let language = language_of(&code).to_owned();
        out.push(code);
        let Some(Token::Text(text)) = rest.next_if(|token| matches!(token, Token::Text(_))) else { continue };
        let whole = rest.peek().is_some_and(|token| *token == Token::close("code"));
        match highlighted(&text, &language).filter(|_| whole) {
            Some(runs) => out.extend(runs.into_iter().flat_map(marked)),
            None => out.push(Token::Text(text)),
        }
    }
    tokens.0 = out;
}

fn language_of(code: &Token) -> &str {
    let Token::Open(code) = code else { return "" };
    let classes = code.get("class").unwrap_or_default();
    classes.split(' ').find_map(|class| class.strip_prefix("language-")).unwrap_or_default()
}

fn highlighted(text: &str, language: &str) -> Option<Vec<Run>> {
    if text.len() > LONGEST || text.lines().any(|line| line.len() > LONGEST_LINE) {
        return None;
    }
    let mut joined: Vec<Run> = Vec::new();
    for (class, text) in language::runs(text, &language.to_ascii_lowercase())? {
        let word = text.trim_start();
        let (before, word) = text.split_at(text.len() - word.len());
        let (word, after) = word.split_at(word.trim_end().len());
        join(&mut joined, None, before);
        join(&mut joined, class, word);
        join(&mut joined, None, after);
    }
    Some(joined)
}

/// Adds a run, to the last one where they are of a kind.
fn join(runs: &mut Vec<Run>, class: Option<&'static str>, text: &str) {
    match runs.as_mut_slice() {
        _ if text.is_empty() => {}
        [.., last] if last.0 == class => last.1.push_str(text),
        // Two words of a kind with a space between them need one mark, not two.
        [.., before, (None, space)] if before.0 == class && space.trim().is_empty() => {
            before.1 += &(std::mem::take(space) + text);
            runs.pop();
        }
        _ => runs.push((class, text.to_owned())),
    }
}

fn marked((class, text): Run) -> Vec<Token> {
    match class {
        Some(class) => {
            vec![Token::open("span", &[("class", class)]), Token::Text(text), Token::close("span")]
        }
        None => vec![Token::Text(text)],
    }
}
