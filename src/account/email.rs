//! The form under which an account is looked up.

use unicode_normalization::UnicodeNormalization;

/// A mail address without case and in one spelling (NFC), so that nobody is there twice.
pub fn fold_email(written: &str) -> String {
    written.trim().nfc().collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_twice_changes_nothing() {
        for written in [" Leila@Example.org ", "ZOË@example.org", "Zoe\u{308}@example.org"] {
            let once = fold_email(written);
            assert_eq!(fold_email(&once), once);
        }
        assert_eq!(fold_email("ZOË@example.org"), fold_email("Zoe\u{308}@Example.org"));
    }
}
