//! What a reader reads: plain text, its beginning, its words.

use unicode_normalization::char::is_combining_mark;
use unicode_script::{Script, UnicodeScript};

use super::tokens::{Element, Token, Tokens};

/// How fast we take our readers to be.
pub(super) const WORDS_A_MINUTE: u32 = 230;

/// The longest excerpt in characters, and the shortest that a first paragraph alone may make.
const EXCERPT: usize = 200;
const ENOUGH: usize = 80;

/// Elements that stand within a line of text; any other starts a new one.
#[rustfmt::skip]
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "i", "img", "input", "ins", "kbd",
    "mark", "meter", "progress", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strong", "sub",
    "sup", "time", "u", "var", "wbr",
];

/// All the text, one block a line.
pub(super) fn plain(tokens: &Tokens) -> String {
    let mut text = String::new();
    read(&tokens.0, &mut text);
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The text of a few tokens on one line.
pub(super) fn line(tokens: &[Token]) -> String {
    let mut text = String::new();
    read(tokens, &mut text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn read(tokens: &[Token], text: &mut String) {
    let mut hidden = false;
    let mut code = 0_usize;
    for token in tokens {
        match token {
            Token::Open(element) if is_note_link(element) => hidden = true,
            Token::Open(Element { name, .. }) | Token::Close(name) => {
                if name == "a" {
                    hidden = false;
                }
                match token {
                    Token::Open(_) if name == "pre" => code += 1,
                    Token::Close(_) if name == "pre" => code = code.saturating_sub(1),
                    _ => {}
                }
                if !INLINE.contains(&name.as_str()) {
                    text.push('\n');
                }
            }
            Token::Text(_) if hidden => {}
            // A line break in a paragraph is a space; in code it is one.
            Token::Text(piece) if code == 0 => {
                text.extend(piece.chars().map(|c| if c == '\n' { ' ' } else { c }))
            }
            Token::Text(piece) => text.push_str(piece),
        }
    }
}

/// The number of a footnote, or the arrow back from it.
fn is_note_link(element: &Element) -> bool {
    matches!(element.get("role"), Some("doc-noteref" | "doc-backlink"))
}

/// The first paragraphs, cut after a sentence, else after a word (then with an ellipsis). Quotations,
/// lists, figures and notes are no beginning; a text of nothing else begins with whatever it has.
pub(super) fn excerpt(tokens: &Tokens) -> String {
    let ends = tokens.ends();
    let mut beginning = String::new();
    let mut at = 0;
    while at < tokens.0.len() && beginning.chars().count() < ENOUGH {
        let Token::Open(element) = &tokens.0[at] else {
            at += 1;
            continue;
        };
        match element.name.as_str() {
            "aside" | "blockquote" | "details" | "dl" | "figure" | "ol" | "section" | "table" | "ul" => {
                at = ends[at]
            }
            "p" => {
                let paragraph = line(&tokens.0[at + 1..ends[at]]);
                if paragraph.contains(char::is_alphanumeric) {
                    beginning.push_str(if beginning.is_empty() { "" } else { " " });
                    beginning.push_str(&paragraph);
                }
                at = ends[at];
            }
            _ => {}
        }
        at += 1;
    }
    if beginning.is_empty() {
        beginning = line(&tokens.0);
    }
    cut(&beginning)
}

fn cut(text: &str) -> String {
    let Some((end, _)) = text.char_indices().nth(EXCERPT) else { return text.to_owned() };
    let head = &text[..end];
    let next_starts_a_word = text[end..].starts_with(char::is_whitespace);
    if let Some(sentence) = last_sentence(head, next_starts_a_word)
        && sentence.chars().count() >= EXCERPT / 2
    {
        return sentence.to_owned();
    }
    // One character less leaves room for the ellipsis.
    let (end, _) = text.char_indices().nth(EXCERPT - 1).unwrap_or((end, ' '));
    let head = &text[..end];
    let word = match text[end..].starts_with(char::is_whitespace) {
        true => end,
        false => {
            head.rfind(char::is_whitespace).filter(|at| *at > end / 2).unwrap_or_else(|| whole(text, end))
        }
    };
    let kept = head[..word].trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, ',' | ';' | ':' | '،' | '؛' | '-' | '–' | '—')
    });
    format!("{kept}…")
}

/// The text up to the last full stop that ends a sentence.
fn last_sentence(head: &str, ends_word: bool) -> Option<&str> {
    let mut last = None;
    let mut characters = head.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let after = at + character.len_utf8();
        let wide = matches!(character, '。' | '！' | '？');
        let stop = matches!(character, '.' | '!' | '?' | '؟' | '۔' | '।');
        let followed = characters.peek().map_or(ends_word, |(_, next)| next.is_whitespace());
        if wide || (stop && followed) {
            last = Some(&head[..after]);
        }
    }
    last
}

/// The nearest place at or before `end` that does not tear a mark off its letter.
fn whole(text: &str, end: usize) -> usize {
    let joins =
        |c: char| is_combining_mark(c) || matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}');
    let torn = |at: usize| {
        text[at..].chars().next().is_some_and(joins) || text[..at].ends_with(['\u{200c}', '\u{200d}'])
    };
    let places = text[..end].char_indices().map(|(at, _)| at).rev();
    std::iter::once(end).chain(places).find(|at| !torn(*at)).filter(|at| *at > 0).unwrap_or(end)
}

/// Words of every script. Where none are set apart by spaces they are reckoned: a Chinese or Japanese
/// character counts as one, four letters of Thai, Lao, Khmer or Burmese as one.
pub(super) fn words(plain: &str) -> u32 {
    let mut count = 0_u32;
    for piece in plain.split_whitespace() {
        let (mut ideographs, mut unspaced, mut other) = (0_u32, 0_u32, false);
        for character in piece.chars().filter(|character| character.is_alphanumeric()) {
            match character.script() {
                Script::Han | Script::Hiragana | Script::Katakana => ideographs += 1,
                Script::Thai | Script::Lao | Script::Khmer | Script::Myanmar => unspaced += 1,
                _ => other = true,
            }
        }
        count = count.saturating_add(ideographs + unspaced.div_ceil(4) + u32::from(other));
    }
    count
}
