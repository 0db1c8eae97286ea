//! Classes of characters that matter in an address.

use unicode_properties::{
    GeneralCategory as Category, GeneralCategoryGroup as Group, UnicodeGeneralCategory,
};
use unicode_script::{Script, UnicodeScript};

/// ZERO WIDTH NON-JOINER: in Persian it parts the halves of a compound word.
pub(super) const ZWNJ: char = '\u{200C}';
/// ARABIC TATWEEL: stretches a word, means nothing.
pub(super) const TATWEEL: char = '\u{640}';

/// Characters that turn the direction of the text around them (UAX 9), so that an address reads
/// differently from what it is.
pub(super) fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// C0 and C1 controls, and the two separators that break a line in a log.
pub(super) fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Whether Unicode gives the code point a meaning, or leaves it for private use.
pub(super) fn is_assigned(c: char) -> bool {
    c.is_ascii() || c.general_category() != Category::Unassigned
}

/// Format characters and the letters and marks that are never drawn (Default_Ignorable_Code_Point).
pub(super) fn is_invisible(c: char) -> bool {
    c.general_category() == Category::Format
        || matches!(c,
            '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FFA0}' | '\u{E0100}'..='\u{E01EF}')
}

fn group(c: char) -> Group {
    c.general_category_group()
}

pub(super) fn is_letter(c: char) -> bool {
    group(c) == Group::Letter
}

pub(super) fn is_number(c: char) -> bool {
    group(c) == Group::Number
}

pub(super) fn is_mark(c: char) -> bool {
    group(c) == Group::Mark
}

/// A mark that encloses what precedes it: the square of a keycap emoji.
pub(super) fn is_enclosing(c: char) -> bool {
    c.general_category() == Category::EnclosingMark
}

pub(super) fn is_arabic_letter(c: char) -> bool {
    is_letter(c) && c.script() == Script::Arabic
}

/// Scripts whose marks are pointing that everyday writing leaves out: harakat, niqqud.
pub(super) fn has_optional_marks(c: char) -> bool {
    matches!(c.script(), Script::Arabic | Script::Hebrew)
}

/// A mark that changes how a letter sounds and that people leave out when they search: accents,
/// harakat, niqqud. Marks of scripts that write their vowels with them are none, nor are the sound
/// marks of kana.
pub(super) fn is_accent(c: char) -> bool {
    let scripts = matches!(
        c.script(),
        Script::Inherited
            | Script::Common
            | Script::Latin
            | Script::Greek
            | Script::Cyrillic
            | Script::Arabic
            | Script::Hebrew
    );
    scripts && is_mark(c) && !matches!(c, '\u{3099}' | '\u{309A}')
}

/// Letters of scripts that write no spaces between words.
pub(super) fn is_ideograph(c: char) -> bool {
    matches!(c.script(), Script::Han | Script::Hiragana | Script::Katakana) && (is_letter(c) || is_number(c))
}

/// The ASCII digit for an Arabic-Indic or Persian one.
pub(super) fn ascii_digit(c: char) -> Option<char> {
    let zero = match c {
        '\u{660}'..='\u{669}' => 0x660,
        '\u{6F0}'..='\u{6F9}' => 0x6F0,
        _ => return None,
    };
    char::from_digit(u32::from(c) - zero, 10)
}

/// A character as a reason can print it: itself when it can be seen, else its number.
pub(super) fn name(c: char) -> String {
    if c == ' ' {
        "a space".into()
    } else if c.is_ascii_graphic() || ((is_letter(c) || is_number(c)) && !is_invisible(c)) {
        format!("`{c}`")
    } else {
        format!("U+{:04X}", u32::from(c))
    }
}
