//! What holds of the words of every language.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use super::{ENGLISH, PERSIAN, Words};
use crate::account::Language;

/// Every word of a language but the reasons, which English takes as they come.
fn words(t: &Words) -> Vec<(String, &'static str)> {
    t.all().into_iter().filter(|(name, _)| !name.starts_with("reasons.")).collect()
}

fn gaps(text: &str) -> usize {
    text.matches("{}").count()
}

#[test]
fn every_language_has_words_of_its_own() {
    for language in Language::ALL {
        let t = Words::of(language);
        assert_eq!(t.language(), language);
        assert_eq!(t.digits.chars().count(), 10, "{}", t.lang);
        assert!(["ltr", "rtl"].contains(&t.dir), "{}", t.lang);
        let empty: Vec<_> = words(t).into_iter().filter(|(_, text)| text.trim().is_empty()).collect();
        assert!(empty.is_empty(), "{}: {empty:?}", t.lang);
    }
}

#[test]
fn a_word_has_the_same_gaps_in_every_language() {
    let english = words(&ENGLISH);
    assert!(english.len() > 800, "the words are gone: {}", english.len());
    for language in Language::ALL {
        let other = words(Words::of(language));
        let names = |all: &[(String, &str)]| all.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&english), names(&other), "{language}");
        for ((name, one), (_, two)) in english.iter().zip(&other) {
            assert_eq!(gaps(one), gaps(two), "{language}, {name}: {one} / {two}");
        }
    }
}

/// Words that are the same in both languages: codes, and what machines read.
const SHARED: [&str; 5] =
    ["not_chosen", "addresses.answer_other", "addresses.import_example", "writing.key_control", "lang"];

#[test]
fn persian_is_persian() {
    let is_persian = |text: &str| text.chars().any(|c| ('\u{600}'..='\u{6ff}').contains(&c));
    for ((name, english), (_, persian)) in words(&ENGLISH).into_iter().zip(words(&PERSIAN)) {
        if SHARED.contains(&name.as_str()) || matches!(name.as_str(), "dir" | "quoted") {
            continue;
        }
        assert!(is_persian(persian), "{name}: {persian}");
        assert_ne!(english, persian, "{name}");
        // Letters of Arabic that Persian writes otherwise, and marks of other languages.
        let foreign = persian.chars().find(|c| "يكة“”?;".contains(*c));
        assert_eq!(foreign, None, "{name}: {persian}");
        assert!(!persian.contains("  ") && persian.trim() == persian || name == "comma", "{name}: {persian}");
        let (opened, closed) = (persian.matches(['\u{2066}', '\u{2068}']), persian.matches('\u{2069}'));
        assert_eq!(opened.count(), closed.count(), "{name}: {persian}");
    }
}

#[test]
fn no_reason_names_more_than_its_english() {
    let mut seen = HashSet::new();
    for (english, persian) in PERSIAN.reasons.known {
        assert!(gaps(persian) <= gaps(english), "{english}");
        assert!(seen.insert(english), "{english} stands there twice");
    }
}

/// What stands in a source file, without the line ends that continue a text.
fn sources(folder: &Path, found: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("web/admin/words") {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn every_reason_is_still_given() {
    let mut source = String::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut source);
    for (english, _) in PERSIAN.reasons.known {
        // What is wrong and what would be right may come from two places.
        let parts = english.split("{}").flat_map(|part| part.split("; "));
        for part in parts.map(str::trim).filter(|part| part.len() > 3) {
            assert!(source.contains(part), "nothing says {part:?} of {english:?} any more");
        }
    }
}

#[test]
fn reasons_are_said_in_the_language_of_the_page() {
    assert_eq!(ENGLISH.sentence_of(ENGLISH.title, "is required"), "Title is required.");
    assert_eq!(PERSIAN.sentence_of(PERSIAN.title, "is required"), "عنوان الزامی است.");
    assert_eq!(PERSIAN.sentence("is longer than 300 characters"), "بیش از ۳۰۰ نویسه دارد.");
    let unknown = "has a hole";
    assert_eq!(PERSIAN.sentence_of(PERSIAN.title, unknown), "عنوان \u{2068}has a hole\u{2069}.");
}

#[test]
fn numbers_have_the_digits_of_the_language() {
    assert_eq!(ENGLISH.number(1250), "1250");
    assert_eq!(PERSIAN.number(1250), "۱۲۵۰");
    assert_eq!(PERSIAN.days(7), "۷ روز");
    assert_eq!(ENGLISH.days(1), "one day");
    assert_eq!(PERSIAN.quote("Tehran"), "«\u{2068}Tehran\u{2069}»");
}
