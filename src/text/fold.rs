//! The look-up form of an address.

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;

use super::chars::{TATWEEL, ZWNJ, ascii_digit};

/// The form under which an address is looked up: two addresses with the same folded form are the
/// same address, and only one of them can exist.
///
/// NFC and full case folding (Unicode Standard, 3.13), and what Persian and Arabic keyboards write
/// in several ways: yeh and alef maksura become Persian yeh, kaf becomes keheh, Arabic-Indic and
/// Persian digits become ASCII digits; the zero-width non-joiner and tatweel go.
///
/// Idempotent, and blind to `/`: folding a path folds each of its segments.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // What goes may have kept apart a letter and a mark that compose, hence again until stable.
    let mut folded = pass(text);
    loop {
        let again = pass(&folded);
        if again == folded {
            return folded;
        }
        folded = again;
    }
}

/// Composed before letters are unified: hamza on yeh is a letter of its own (U+0626).
fn pass(text: &str) -> String {
    text.nfd().default_case_fold().nfc().filter_map(unify).nfc().collect()
}

fn unify(c: char) -> Option<char> {
    match c {
        'ي' | 'ى' => Some('ی'),
        'ك' => Some('ک'),
        ZWNJ | TATWEEL => None,
        _ => Some(ascii_digit(c).unwrap_or(c)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::chars::is_assigned;

    #[test]
    fn spellings_of_one_address_fold_to_one_form() {
        for (spelling, form) in [
            ("", ""),
            ("/About/US", "/about/us"),
            ("/CAFÉ", "/café"),
            ("/cafe\u{301}", "/café"),
            ("/Straße", "/strasse"),
            ("/STRASSE", "/strasse"),
            ("/ΟΔΟΣ", "/οδοσ"),
            ("/οδος", "/οδοσ"),
            ("/تهران/كتاب", "/تهران/کتاب"),
            ("/علي", "/علی"),
            ("/على", "/علی"),
            ("/سال-١٤٠٤", "/سال-1404"),
            ("/سال-۱۴۰۴", "/سال-1404"),
            ("/می\u{200C}خواهم", "/میخواهم"),
            ("/تهـــران", "/تهران"),
            ("/مسئول", "/مسئول"),
            ("/مسي\u{654}ول", "/مسئول"),
            ("/ا\u{640}\u{653}ب", "/آب"),
            ("/東京", "/東京"),
        ] {
            assert_eq!(fold(spelling), form, "{spelling}");
        }
    }

    #[test]
    fn different_words_stay_different() {
        for (one, other) in
            [("/cafe", "/café"), ("/a-b", "/ab"), ("/پارک", "/بارک"), ("/a/b", "/ab"), ("/ı", "/i")]
        {
            assert_ne!(fold(one), fold(other), "{one} {other}");
        }
    }

    #[test]
    fn folding_twice_changes_no_code_point() {
        for c in ('\0'..=char::MAX).filter(|c| is_assigned(*c)) {
            let once = fold(&format!("ي{c}\u{301}"));
            assert_eq!(fold(&once), once, "U+{:04X}", u32::from(c));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn folding_is_idempotent(text in tricky()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn folding_sees_no_normal_form(text in tricky()) {
            let folded = fold(&text);
            prop_assert_eq!(&fold(&text.nfd().collect::<String>()), &folded);
            prop_assert_eq!(&fold(&text.nfc().collect::<String>()), &folded);
        }

        #[test]
        fn folding_a_path_folds_its_segments(text in tricky(), rest in tricky()) {
            let path = format!("{text}/{rest}");
            let segments: Vec<String> = path.split('/').map(fold).collect();
            prop_assert_eq!(fold(&path), segments.join("/"));
        }
    }

    /// Any text, thick with the characters that folding works on.
    fn tricky() -> impl Strategy<Value = String> {
        let odd = "aAßİıΣςſΐ\u{345}\u{301}\u{307}\u{338}\u{653}\u{654}\u{640}\u{200C}ايىكی١۱/.";
        let odd: Vec<char> = odd.chars().collect();
        let c = prop_oneof![3 => prop::sample::select(odd), 1 => any::<char>()];
        prop::collection::vec(c, 0..16).prop_map(|chars| chars.into_iter().collect())
    }
}
