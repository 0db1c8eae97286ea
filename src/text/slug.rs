//! Slugs: the last part of an entry's address, in the letters of its language.

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_script::{Script as Writing, UnicodeScript};
use unicode_security::{GeneralSecurityProfile, MixedScript, skeleton};

use super::chars::{
    TATWEEL, ZWNJ, ascii_digit, has_optional_marks, is_arabic_letter, is_assigned, is_bidi_control,
    is_control, is_enclosing, is_invisible, is_letter, is_mark, is_number, name,
};
use super::path::is_index;

/// A slug has at most this many bytes of UTF-8.
pub const MAX_SLUG: usize = 200;
/// A slug made from a title has at most this many characters.
const MAX_FROM_TITLE: usize = 80;

/// One segment of a path that an editor chose or a title gave: letters, marks and numbers of any
/// script, `-`, `_`, `.`, `~`, and the zero-width non-joiner where Arabic script needs it. Case and
/// script are kept; the text is in NFC.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

/// What becomes of letters outside ASCII in a slug made from a title: a setting of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Script {
    /// They stay: `/تهران`.
    #[default]
    Keep,
    /// They become ASCII letters that sound alike: `/thrn`.
    Transliterate,
}

impl Slug {
    /// Reads a slug that somebody chose.
    ///
    /// # Errors
    /// The reason, as a sentence for a form (SECURITY T31).
    pub fn parse(raw: &str) -> Result<Slug, String> {
        let text: String = raw.nfc().collect();
        check(&text)?;
        Ok(Slug(text))
    }

    /// Makes a slug from a title: lower case, words joined by single hyphens, cut after a whole
    /// word at 80 characters. `None` when the title has no letter or number. A slug made here stays
    /// as it is when it goes through again.
    ///
    /// Compatibility characters become plain ones (`²` is `2`). Arabic yeh and kaf become the
    /// Persian letters, Arabic-Indic and Persian digits become ASCII digits: an address that is read out
    /// or typed again should have one spelling, and ASCII digits are on every keyboard. Harakat and
    /// niqqud go, as everyday writing has none. The zero-width non-joiner becomes a hyphen: kept,
    /// it would be lost unseen whenever an address is typed, and dropped, it would run two parts of
    /// a word into one.
    ///
    /// A word that mixes look-alike letters of two scripts (a typing slip, or worse) is
    /// transliterated even under [`Script::Keep`].
    pub fn from_title(title: &str, script: Script) -> Option<Slug> {
        let words = hyphenated(title);
        let text = match script {
            Script::Transliterate => transliterated(&words),
            Script::Keep => {
                let fitting = cut(&words, MAX_FROM_TITLE, MAX_SLUG);
                let honest = fitting
                    .split('-')
                    .map(|word| if is_disguised(word) { transliterated(word) } else { word.to_string() });
                honest.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
            }
        };
        Slug::parse(cut(&text, MAX_FROM_TITLE, MAX_SLUG)).ok()
    }

    /// This slug with a number, for when it is taken: `tehran-2`.
    #[must_use]
    pub fn numbered(&self, n: u32) -> Slug {
        self.ending(&n.to_string())
    }

    /// This slug with a word that tells it from its namesakes: `springfield-il`. `None` when the
    /// text has no letter or number. The text keeps its script; pass it through
    /// [`Slug::from_title`] first to transliterate it.
    pub fn suffixed(&self, text: &str) -> Option<Slug> {
        let suffix = Slug::from_title(text, Script::Keep)?;
        Some(self.ending(cut(suffix.as_str(), MAX_FROM_TITLE, MAX_SLUG / 2)))
    }

    /// Gives up as much of the name as the ending needs: at word ends if it can.
    fn ending(&self, ending: &str) -> Slug {
        let mut stem = cut(&self.0, usize::MAX, MAX_SLUG - 1 - ending.len()).to_string();
        loop {
            let text = format!("{}-{ending}", stem.trim_end_matches('-'));
            if check(&text).is_ok() {
                return Slug(text);
            }
            if stem.pop().is_none() {
                return Slug(ending.to_string());
            }
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn check(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Err("the slug is empty".into());
    }
    if text.len() > MAX_SLUG {
        return Err(format!("the slug is too long: {} bytes, at most {MAX_SLUG}", text.len()));
    }
    if text.starts_with('.') {
        return Err("a slug can't start with a dot".into());
    }
    check_characters(text)?;
    if !text.chars().any(|c| (is_letter(c) || is_number(c)) && c != TATWEEL) {
        return Err("a slug needs at least one letter or number".into());
    }
    if is_index(text) {
        return Err(format!("`{text}` would be the page of the folder above; choose another slug"));
    }
    match words(text).find(|word| is_disguised(word)) {
        Some(word) => Err(format!("`{word}` mixes letters of two scripts that look alike")),
        None => Ok(()),
    }
}

fn check_characters(text: &str) -> Result<(), String> {
    let mut before = None;
    let mut letter = None;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let fits = match c {
            '-' | '_' | '.' | '~' => true,
            ZWNJ => {
                let next = rest.clone().next();
                letter.is_some_and(is_arabic_letter) && next.is_some_and(is_arabic_letter)
            }
            _ if is_invisible(c) => false,
            _ if is_mark(c) => before.is_some_and(|b| is_letter(b) || is_number(b) || is_mark(b)),
            _ => is_letter(c) || is_number(c),
        };
        if !fits {
            return Err(refusal(c));
        }
        before = Some(c);
        if !is_mark(c) {
            letter = Some(c);
        }
    }
    Ok(())
}

fn refusal(c: char) -> String {
    let name = name(c);
    if is_bidi_control(c) {
        format!("{name} turns the direction of text and can't be part of a slug")
    } else if is_control(c) {
        format!("{name} is a control character and can't be part of a slug")
    } else if c == ZWNJ {
        "a zero-width non-joiner (U+200C) may only stand between two letters of Arabic script".into()
    } else if is_invisible(c) {
        format!("{name} can't be seen and can't be part of a slug")
    } else if is_mark(c) {
        format!("the mark {name} has no letter to stand on")
    } else if !is_assigned(c) {
        format!("{name} is not assigned by Unicode")
    } else {
        format!("{name} can't be part of a slug; use letters, numbers and hyphens")
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(['-', '_', '.', '~']).filter(|word| !word.is_empty())
}

/// Whether a word could pass for one in a single script: it mixes Latin, Greek, Cyrillic or
/// Armenian, and every letter of one of them has a look-alike in another that is there (UTS 39).
/// `pаypal` with a Cyrillic `а` could; `λlog`, in which both scripts show, could not. Digits are of
/// no script, and Chinese, Japanese and Korean mix with Latin by habit.
fn is_disguised(word: &str) -> bool {
    if word.is_ascii() || word.is_single_script() {
        return false;
    }
    let letters: Vec<char> = word.nfd().filter(|c| is_letter(*c)).collect();
    let written = |script| letters.iter().copied().filter(move |c| c.script() == script);
    let present: Vec<&(Writing, HashSet<String>)> =
        SHAPES.iter().filter(|(script, _)| written(*script).next().is_some()).collect();
    present.iter().any(|(one, _)| {
        let others = present.iter().filter(|(other, _)| other != one);
        others.into_iter().any(|(_, shapes)| written(*one).all(|c| shapes.contains(&shape(c))))
    })
}

/// What the letters of each script that shares its shapes with others look like.
static SHAPES: LazyLock<Vec<(Writing, HashSet<String>)>> = LazyLock::new(|| {
    // All letters in use of these four are in the first blocks of Unicode.
    let letters = ('A'..'\u{2000}').filter(|c| is_letter(*c) && c.identifier_allowed());
    [Writing::Latin, Writing::Greek, Writing::Cyrillic, Writing::Armenian]
        .map(|script| (script, letters.clone().filter(|c| c.script() == script).map(shape).collect()))
        .into()
});

/// The same for letters that look the same.
fn shape(letter: char) -> String {
    skeleton(letter.encode_utf8(&mut [0; 4])).collect()
}

/// The words of a title in lower case, with a hyphen wherever something else stood between them.
fn hyphenated(title: &str) -> String {
    // Before compatibility mapping, which makes an acute accent of `´`.
    let plain: String = title.nfc().filter(|c| !is_apostrophe(*c)).nfkc().collect();
    // Lower-casing this one letter of Turkish leaves a dot on top of the dotted i.
    let lower = plain.replace('İ', "i").to_lowercase();

    let mut slug = String::with_capacity(lower.len());
    let mut letter = None;
    let mut gap = false;
    for c in lower.nfkc().filter(|c| !is_apostrophe(*c)).map(unified) {
        if is_bare(c) {
            gap |= c == ZWNJ && letter.is_some_and(is_arabic_letter);
        } else if is_mark(c) {
            if !gap && letter.is_some_and(|letter| !has_optional_marks(letter)) {
                slug.push(c);
            }
        } else if is_letter(c) || is_number(c) {
            if gap && !slug.is_empty() {
                slug.push('-');
            }
            slug.push(c);
            (letter, gap) = (Some(c), false);
        } else {
            gap = true;
        }
    }
    slug.nfc().collect()
}

/// What leaves a word whole when it goes.
fn is_bare(c: char) -> bool {
    c == TATWEEL || is_invisible(c) || is_enclosing(c)
}

/// Apostrophes, the quotes and accents typed for them, the modifier letters of romanisations, and
/// the Hebrew signs of abbreviation: none of them parts a word.
fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '`'
            | '´'
            | '‘'
            | '’'
            | '‛'
            | '′'
            | '＇'
            | '\u{384}'
            | '\u{1FBD}'
            | '\u{1FBF}'
            | '\u{1FEF}'
            | '\u{1FFD}'
            | '\u{2B9}'..='\u{2BF}' | '׳' | '״'
    )
}

fn unified(c: char) -> char {
    match c {
        'ي' => 'ی',
        'ك' => 'ک',
        'ۀ' => 'ه',
        _ => ascii_digit(c).unwrap_or(c),
    }
}

/// The words in ASCII. The table writes `@` for schwa, which Azerbaijani has in every other word.
fn transliterated(words: &str) -> String {
    hyphenated(&deunicode::deunicode_with_tofu(words, "").replace('@', "e"))
}

/// As many whole words as fit into both limits; of a first word that is too long, what fits.
fn cut(text: &str, characters: usize, bytes: usize) -> &str {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    let end = ends.take(characters).take_while(|end| *end <= bytes).last().unwrap_or(0);
    let (head, tail) = text.split_at(end);
    if tail.is_empty() || tail.starts_with('-') {
        return head;
    }
    match head.rfind('-') {
        Some(at) if at > 0 => &head[..at],
        _ => head,
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for Slug {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl FromStr for Slug {
    type Err = String;

    fn from_str(text: &str) -> Result<Slug, String> {
        Slug::parse(text)
    }
}

impl TryFrom<String> for Slug {
    type Error = String;

    fn try_from(text: String) -> Result<Slug, String> {
        Slug::parse(&text)
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> String {
        slug.0
    }
}

#[cfg(test)]
mod tests;
