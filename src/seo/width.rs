//! How wide a line of text is in a page of results, which are set in Arial, Helvetica or a face of the
//! same widths, and what of it is shown there. Search engines cut by width, not by characters (Google
//! Search Central, "Title links"; SEO 4).

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A line of a result: the size of its letters, and how much of it is shown, in pixels. No search
/// engine promises these; they are what their pages show today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    pub size: u32,
    pub room: u32,
}

/// A result on a wide screen: one line of title, two of description.
pub const DESKTOP_TITLE: Line = Line { size: 20, room: 580 };
pub const DESKTOP_DESCRIPTION: Line = Line { size: 14, room: 990 };
/// On a phone: two lines of title, three of description.
pub const PHONE_TITLE: Line = Line { size: 20, room: 640 };
pub const PHONE_DESCRIPTION: Line = Line { size: 14, room: 920 };

/// The widths of space to `~`, in thousandths of the size: Helvetica's, which Arial shares.
const ASCII: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, // space to /
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, // 0 to ?
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, // @ to O
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, // P to _
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, // ` to o
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, // p to ~
];

impl Line {
    /// How wide a text is in it, in pixels.
    pub fn width(self, text: &str) -> u32 {
        let thousandths: u64 = text.nfd().map(|letter| u64::from(width_of(letter))).sum();
        u32::try_from(thousandths * u64::from(self.size) / 1000).unwrap_or(u32::MAX)
    }

    pub fn holds(self, text: &str) -> bool {
        self.width(text) <= self.room
    }

    /// What is shown of a text: all of it, or as many whole words as there is room for, with `…`.
    pub fn shown(self, text: &str) -> String {
        if self.holds(text) {
            return text.to_owned();
        }
        let ends = text.char_indices().filter(|(_, letter)| letter.is_whitespace()).map(|(at, _)| at);
        let fits = |end: &usize| self.holds(&format!("{} …", text[..*end].trim_end()));
        let end = ends.take_while(fits).last().filter(|end| *end > 0);
        // One word that is wider than the room is cut within.
        let end = end.or_else(|| {
            let letters = text.char_indices().map(|(at, _)| at).skip(1);
            letters.take_while(fits).last()
        });
        format!("{} …", text[..end.unwrap_or(0)].trim_end())
    }
}

/// A letter's width in thousandths of the size. Beyond Latin it is the mean of its script in faces that
/// browsers take for it, which is near enough to see where a line ends.
fn width_of(letter: char) -> u16 {
    if let Some(width) = u32::from(letter).checked_sub(32).and_then(|at| ASCII.get(at as usize)) {
        return *width;
    }
    match letter {
        letter if is_combining_mark(letter) || letter.is_control() => 0,
        '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' => 0,
        '\u{A0}' | '·' | '،' | '؛' | '’' | '‘' | 'ı' => 278,
        '“' | '”' | '«' | '»' => 450,
        '–' => 556,
        '—' | '…' => 1000,
        '•' => 350,
        'ß' | 'ø' | 'ð' | 'þ' => 556,
        'æ' | 'œ' => 900,
        'Æ' | 'Œ' => 1000,
        // Most letters of Arabic stand joined, and narrow.
        '\u{600}'..='\u{6FF}' | '\u{750}'..='\u{77F}' => 460,
        '\u{590}'..='\u{5FF}' => 520,
        '\u{370}'..='\u{52F}' => 580,
        '\u{900}'..='\u{DFF}' => 650,
        '\u{1100}'..='\u{11FF}' | '\u{2E80}'..='\u{D7FF}' | '\u{F900}'..='\u{FAFF}' => 1000,
        '\u{FF00}'..='\u{FF60}' | '\u{1F000}'..='\u{1FAFF}' | '\u{20000}'..='\u{3FFFF}' => 1000,
        _ => 556,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_is_as_wide_as_its_letters() {
        let line = Line { size: 20, room: 580 };
        assert_eq!(line.width(""), 0);
        // 722 + 556 + 222 + 222 + 556 thousandths.
        assert_eq!(line.width("Hello"), 45);
        assert_eq!(line.width("café"), line.width("cafe"), "marks take no room");
        assert!(line.width("WWWWWWWWWW") > 3 * line.width("llllllllll"));
        assert_eq!(line.width("\u{200C}"), 0);
        assert!(line.width("تهران") > 0);
    }

    #[test]
    fn what_has_no_room_is_cut_between_words() {
        let line = Line { size: 20, room: 200 };
        assert_eq!(line.shown("Hello"), "Hello");
        let long = "How to be lost in Tabriz and found again";
        let shown = line.shown(long);
        assert_eq!(shown, "How to be lost in …");
        assert!(line.holds(&shown));
        let one = "w".repeat(200);
        let shown = line.shown(&one);
        assert!(shown.starts_with("www") && shown.ends_with('…') && line.holds(&shown), "{shown}");
    }

    proptest! {
        #[test]
        fn what_is_shown_always_fits(text in "\\PC{0,120}") {
            let line = Line { size: 14, room: 300 };
            prop_assert!(line.holds(&line.shown(&text)), "{}", text);
        }
    }
}
