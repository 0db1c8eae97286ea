//! The words of a text in the form in which they are compared.

use std::ops::Range;

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;

use crate::text::chars::{
    TATWEEL, ZWNJ, ascii_digit, is_accent, is_ideograph, is_invisible, is_letter, is_mark, is_number,
};

/// A word is known by its first letters; what follows tells no two words of a language apart.
const MAX_WORD: usize = 40;
/// Bytes of words that are kept of one text: about 30,000 words. What stands after them is not found.
const MAX_WORDS: usize = 200_000;
/// A compound of more parts is found by its parts alone.
const MAX_PARTS: usize = 4;

/// The words of a text as an index holds them, between single spaces: letters and digits without
/// case and accents, in one spelling.
///
/// What Persian and Arabic keyboards write in several ways is one letter, harakat and tatweel go,
/// digits of both are ASCII digits, compatibility forms are their plain ones (NFKD). A compound whose
/// parts a hyphen, an apostrophe or a zero-width non-joiner holds together stands there as a whole
/// and in its parts: `کتاب‌فروشی` is found as `کتابفروشی`, `کتاب` and `فروشی`. Each character of a
/// script that writes no spaces between words (Chinese, Japanese) is a word.
pub fn words(text: &str) -> String {
    let mut words = String::with_capacity(text.len().min(MAX_WORDS) + 16);
    for run in runs(text) {
        let parts = run.parts.iter().map(|part| &part.word);
        for word in parts.chain(&run.whole) {
            if words.len() + word.len() >= MAX_WORDS {
                return words;
            }
            if !words.is_empty() {
                words.push(' ');
            }
            words.push_str(word);
        }
    }
    words
}

/// What stands between two gaps of a text: a word, or a compound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    pub parts: Vec<Part>,
    /// A compound as one word.
    pub whole: Option<String>,
}

/// A word and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub range: Range<usize>,
    pub word: String,
}

impl Run {
    pub fn range(&self) -> Range<usize> {
        let first = self.parts.first().map_or(0, |part| part.range.start);
        first..self.parts.last().map_or(first, |part| part.range.end)
    }
}

/// The runs of a text, in order.
pub(super) fn runs(text: &str) -> impl Iterator<Item = Run> + '_ {
    let mut reader = Reader { text, chars: text.char_indices().peekable() };
    std::iter::from_fn(move || reader.run())
}

struct Reader<'a> {
    text: &'a str,
    chars: std::iter::Peekable<std::str::CharIndices<'a>>,
}

/// What a character does to the word it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    /// A word of its own.
    Alone,
    /// Between two letters it makes a compound of them.
    Joiner,
    /// It belongs to a word and says nothing.
    Silent,
    Gap,
}

impl Reader<'_> {
    /// The next run that has a word in it.
    fn run(&mut self) -> Option<Run> {
        loop {
            while self.chars.next_if(|(_, c)| !starts_word(*c)).is_some() {}
            self.chars.peek()?;
            let mut parts = Vec::new();
            loop {
                let range = self.part();
                let word = fold(&self.text[range.clone()]);
                if !word.is_empty() {
                    parts.push(Part { range, word });
                }
                if !self.joined() {
                    break;
                }
            }
            if !parts.is_empty() {
                let whole = (2..=MAX_PARTS).contains(&parts.len()).then(|| join(&parts));
                return Some(Run { parts, whole });
            }
        }
    }

    /// Reads to the end of a part; the reader stands at its first letter.
    fn part(&mut self) -> Range<usize> {
        let (start, first) = self.chars.next().unwrap_or((self.text.len(), ' '));
        let mut end = start + first.len_utf8();
        let alone = class(first) == Class::Alone;
        while let Some((at, c)) = self.chars.next_if(|(_, c)| match class(*c) {
            Class::Letter => !alone || is_mark(*c),
            Class::Silent => true,
            Class::Alone | Class::Joiner | Class::Gap => false,
        }) {
            end = at + c.len_utf8();
        }
        start..end
    }

    /// Steps over what holds two parts together, if it does: one sign, or zero-width ones.
    fn joined(&mut self) -> bool {
        let Some((_, first)) = self.chars.next_if(|(_, c)| class(*c) == Class::Joiner) else { return false };
        if first == ZWNJ {
            while self.chars.next_if(|(_, c)| *c == ZWNJ).is_some() {}
        }
        self.chars.peek().is_some_and(|(_, c)| class(*c) == Class::Letter)
    }
}

fn starts_word(c: char) -> bool {
    matches!(class(c), Class::Letter | Class::Alone)
}

fn class(c: char) -> Class {
    match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' => Class::Letter,
        '-' | '\'' | ZWNJ | '\u{2019}' | '\u{2BC}' | '\u{2010}' | '\u{2011}' => Class::Joiner,
        '\0'..='\u{7F}' => Class::Gap,
        TATWEEL => Class::Silent,
        _ if is_invisible(c) => Class::Silent,
        _ if is_ideograph(c) => Class::Alone,
        _ if is_letter(c) || is_number(c) || is_mark(c) => Class::Letter,
        _ => Class::Gap,
    }
}

fn join(parts: &[Part]) -> String {
    let whole: String = parts.iter().map(|part| part.word.as_str()).collect();
    cut(&whole)
}

fn cut(word: &str) -> String {
    word.chars().take(MAX_WORD).collect()
}

/// A word in the form in which words are compared; empty when nothing of it is left.
fn fold(word: &str) -> String {
    if word.is_ascii() {
        return cut(&word.to_ascii_lowercase());
    }
    let mut plain = String::with_capacity(word.len());
    for c in word.nfkd().default_case_fold().nfkd() {
        unify(c, &mut plain);
    }
    // A compatibility form may hold spaces and signs.
    let kept = plain.nfc().filter(|c| matches!(class(*c), Class::Letter | Class::Alone));
    kept.take(MAX_WORD).collect()
}

/// Letters that are written in several ways and mean one; those that no normal form takes apart.
fn unify(c: char, into: &mut String) {
    match c {
        'ي' | 'ى' => into.push('ی'),
        'ك' => into.push('ک'),
        'ة' | 'ە' | 'ھ' | 'ہ' => into.push('ه'),
        'ø' => into.push('o'),
        'ł' => into.push('l'),
        'đ' | 'ð' => into.push('d'),
        'ħ' => into.push('h'),
        'ŧ' => into.push('t'),
        'ı' => into.push('i'),
        'æ' => into.push_str("ae"),
        'œ' => into.push_str("oe"),
        'þ' => into.push_str("th"),
        TATWEEL => {}
        _ if c.is_ascii() => into.push(c),
        _ if is_accent(c) || is_invisible(c) => {}
        _ => into.push(ascii_digit(c).unwrap_or(c)),
    }
}
