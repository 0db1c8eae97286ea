//! The direction of each block, from the first strong character of its text (UAX #9, P2).

use unicode_bidi::BidiClass;

use super::tokens::{Token, Tokens};

/// Blocks that get a direction of their own. A list or table too: its marks and columns follow it.
#[rustfmt::skip]
const BLOCKS: &[&str] = &[
    "blockquote", "caption", "dd", "details", "div", "dl", "dt", "figcaption", "h1", "h2", "h3", "h4", "h5",
    "h6", "li", "ol", "p", "summary", "table", "td", "th", "ul",
];

/// Text that is no language: it says nothing about the direction of what stands around it.
const CODE: &[&str] = &["code", "kbd", "pre", "samp", "var"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Ltr,
    Rtl,
}

impl Direction {
    fn name(self) -> &'static str {
        if self == Direction::Rtl { "rtl" } else { "ltr" }
    }
}

/// Puts `dir` on each block that reads against what is around it, and on code in a text from right
/// to left, whose marks would else change places.
pub(super) fn mark(tokens: &mut Tokens, rtl: bool) {
    let ends = tokens.ends();
    let prose = next_strong(tokens, false);
    let all = next_strong(tokens, true);
    let mut around = vec![if rtl { Direction::Rtl } else { Direction::Ltr }];
    let mut code_until = 0;
    for at in 0..tokens.0.len() {
        let outer = *around.last().unwrap_or(&Direction::Ltr);
        match &mut tokens.0[at] {
            Token::Open(element) if !element.is_void() => {
                if element.name == "pre" {
                    code_until = code_until.max(ends[at]);
                }
                let own = |next: &[Option<(usize, Direction)>]| {
                    next[at].filter(|(place, _)| *place < ends[at]).map(|(_, direction)| direction)
                };
                let wanted = match element.get("dir") {
                    Some("rtl") => Some(Direction::Rtl),
                    Some("ltr") => Some(Direction::Ltr),
                    Some(_) => own(&all),
                    // A block of code has its direction already.
                    None if at < code_until => None,
                    None if BLOCKS.contains(&element.name.as_str()) => own(&prose),
                    None if CODE.contains(&element.name.as_str()) => {
                        Some(own(&all).unwrap_or(Direction::Ltr))
                    }
                    None => None,
                };
                let inner = wanted.unwrap_or(outer);
                if inner != outer && element.get("dir").is_none() {
                    element.set("dir", inner.name());
                }
                around.push(inner);
            }
            Token::Close(_) if around.len() > 1 => {
                around.pop();
            }
            _ => {}
        }
    }
}

/// For each token, the next strong character at or after it: its token and direction.
fn next_strong(tokens: &Tokens, with_code: bool) -> Vec<Option<(usize, Direction)>> {
    let mut next = vec![None; tokens.0.len()];
    let mut found = None;
    let mut code = 0_usize;
    for (at, token) in tokens.0.iter().enumerate().rev() {
        match token {
            Token::Close(name) if CODE.contains(&name.as_str()) => code += 1,
            Token::Open(element) if CODE.contains(&element.name.as_str()) => code = code.saturating_sub(1),
            Token::Text(text) if with_code || code == 0 => {
                found = first_strong(text).map(|direction| (at, direction)).or(found);
            }
            _ => {}
        }
        next[at] = found;
    }
    next
}

fn first_strong(text: &str) -> Option<Direction> {
    text.chars().find_map(|character| match unicode_bidi::bidi_class(character) {
        BidiClass::L => Some(Direction::Ltr),
        BidiClass::R | BidiClass::AL => Some(Direction::Rtl),
        _ => None,
    })
}
