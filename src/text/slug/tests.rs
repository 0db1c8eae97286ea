use proptest::prelude::*;

use super::*;
use crate::text::fold;

fn slug(text: &str) -> Slug {
    Slug::parse(text).unwrap()
}

fn kept(title: &str) -> Option<String> {
    Slug::from_title(title, Script::Keep).map(String::from)
}

fn latin(title: &str) -> Option<String> {
    Slug::from_title(title, Script::Transliterate).map(String::from)
}

#[test]
fn a_slug_may_be_in_any_script() {
    for text in [
        "about",
        "About-Us",
        "v1.2.3",
        "a_b~c",
        "-draft",
        "a--b",
        "1404",
        "۱۴۰۴",
        "تهران",
        "می\u{200C}خواهم",
        "مُ\u{200C}ن",
        "Ἀθῆναι",
        "Москва",
        "東京",
        "서울",
        "हिन्दी",
        "ไทย",
        "תל-אביב",
        "Tシャツ",
        "IT-специалист",
        "3D-принтер",
        "3Dпринтер",
        "м2",
        "x²",
        "index",
        "index.html.md",
    ] {
        assert_eq!(Slug::parse(text).as_ref().map(Slug::as_str), Ok(text));
    }
    assert_eq!(slug("cafe\u{301}").as_str(), "café");
}

#[test]
fn a_refused_slug_says_why() {
    for (text, reason) in [
        ("", "the slug is empty"),
        (".", "can't start with a dot"),
        ("..", "can't start with a dot"),
        (".htaccess", "can't start with a dot"),
        ("-", "needs at least one letter or number"),
        ("~_.", "needs at least one letter or number"),
        ("\u{640}", "needs at least one letter or number"),
        ("a/b", "`/` can't be part of a slug"),
        ("a\\b", "`\\` can't be part of a slug"),
        ("a%2fb", "`%` can't be part of a slug"),
        ("a?b", "`?` can't be part of a slug"),
        ("a#b", "`#` can't be part of a slug"),
        ("a b", "a space can't be part of a slug"),
        ("a\u{A0}b", "U+00A0 can't be part of a slug"),
        ("a\u{3000}b", "U+3000 can't be part of a slug"),
        ("a&b", "`&` can't be part of a slug"),
        ("🦄", "U+1F984 can't be part of a slug"),
        ("a\0", "U+0000 is a control character"),
        ("a\n", "U+000A is a control character"),
        ("a\u{9B}", "U+009B is a control character"),
        ("a\u{202E}b", "U+202E turns the direction"),
        ("a\u{2069}", "U+2069 turns the direction"),
        ("\u{200F}س", "U+200F turns the direction"),
        ("a\u{200B}b", "U+200B can't be seen"),
        ("a\u{200D}b", "U+200D can't be seen"),
        ("a\u{AD}b", "U+00AD can't be seen"),
        ("\u{FEFF}a", "U+FEFF can't be seen"),
        ("a\u{FE0F}", "U+FE0F can't be seen"),
        ("a\u{E0061}", "U+E0061 can't be seen"),
        ("\u{3164}", "U+3164 can't be seen"),
        ("a\u{200C}b", "only stand between two letters of Arabic script"),
        ("\u{200C}س", "only stand between two letters of Arabic script"),
        ("س\u{200C}", "only stand between two letters of Arabic script"),
        ("س\u{200C}\u{200C}س", "only stand between two letters of Arabic script"),
        ("س\u{200C}-س", "only stand between two letters of Arabic script"),
        ("س-\u{200C}س", "only stand between two letters of Arabic script"),
        ("\u{301}a", "U+0301 has no letter to stand on"),
        ("a-\u{301}", "U+0301 has no letter to stand on"),
        ("a\u{378}", "U+0378 is not assigned"),
        ("a\u{FFFE}", "U+FFFE is not assigned"),
        ("a\u{E000}", "U+E000 can't be part of a slug"),
        ("index.html", "page of the folder above"),
        ("Index.PHP", "page of the folder above"),
        ("pаypal", "look alike"),
        ("my-pаypal-page", "look alike"),
        ("Рoссия", "look alike"),
        ("gοοgle", "look alike"),
        ("ехample", "look alike"),
    ] {
        let refusal = Slug::parse(text).unwrap_err();
        assert!(refusal.contains(reason), "{text:?}: {refusal}");
        assert!(!refusal.chars().any(|c| is_control(c) || is_bidi_control(c)), "{text:?}");
    }
    assert!(Slug::parse(&"é".repeat(100)).is_ok());
    assert_eq!(Slug::parse(&"é".repeat(101)).unwrap_err(), "the slug is too long: 202 bytes, at most 200");
}

#[test]
fn scripts_mix_where_nobody_is_misled() {
    for text in
        ["λlog", "naïveж", "vipклуб", "μTorrent", "λ-calculus", "β-carotene", "Яндекс.Taxi", "日本go", "ابcد"]
    {
        assert!(Slug::parse(text).is_ok(), "{text}");
    }
}

#[test]
fn a_title_becomes_a_slug_in_its_own_script() {
    for (title, expected) in [
        ("Hello, World!", "hello-world"),
        ("  Spaces \t and\nbreaks  ", "spaces-and-breaks"),
        ("Don't stop: it’s fine", "dont-stop-its-fine"),
        ("l´eau d`ici", "leau-dici"),
        ("rock 'n' roll", "rock-n-roll"),
        ("Announcing Rust 1.95.0", "announcing-rust-1-95-0"),
        ("node.js / C++ & C#", "node-js-c-c"),
        ("under_score~tilde", "under-score-tilde"),
        ("-- dashes — and – more --", "dashes-and-more"),
        ("100 % sure…", "100-sure"),
        ("E=mc²", "e-mc2"),
        ("ﬁnd ＦＵＬＬ №5", "find-full-no5"),
        ("Café Naderi", "café-naderi"),
        ("Cafe\u{301}", "café"),
        ("Straße", "straße"),
        ("İstanbul", "istanbul"),
        ("ΟΔΟΣ", "οδος"),
        ("Hawaiʻi & Kaʿba", "hawaii-kaba"),
        ("I ❤️ Rust 🦄", "i-rust"),
        ("1️⃣ first", "1-first"),
        ("soft\u{AD}hyphen zero\u{200B}width", "softhyphen-zerowidth"),
        ("\u{202E}turned\u{202C}", "turned"),
        ("کافه نادری، تهران", "کافه-نادری-تهران"),
        ("كتاب علي", "کتاب-علی"),
        ("سال ۱۴۰۴ و ١٤٠٥", "سال-1404-و-1405"),
        ("می\u{200C}خواهم", "می-خواهم"),
        ("کتاب\u{200C}های PDF\u{200C}ها", "کتاب-های-pdfها"),
        ("مُحَمَّد", "محمد"),
        ("خانهٔ ما، خانۀ ما", "خانه-ما-خانه-ما"),
        ("تهـــران؟", "تهران"),
        ("مسئول آب", "مسئول-آب"),
        ("שָׁלוֹם צה״ל", "שלום-צהל"),
        ("हिन्दी भाषा", "हिन्दी-भाषा"),
        ("東京タワー", "東京タワー"),
        ("Москва́ сегодня", "москва\u{301}-сегодня"),
        ("Login to pаypal", "login-to-paypal"),
        ("Рoссия", "rossiia"),
    ] {
        assert_eq!(kept(title).as_deref(), Some(expected), "{title}");
    }
}

#[test]
fn a_title_becomes_a_slug_in_ascii() {
    for (title, expected) in [
        ("Hello, World!", "hello-world"),
        ("Café Ænima", "cafe-aenima"),
        ("Straße", "strasse"),
        ("Москва сегодня", "moskva-segodnia"),
        ("Объект", "obekt"),
        ("北京", "bei-jing"),
        ("تهران ۱۴۰۴", "thrn-1404"),
        ("می\u{200C}خواهم", "my-khwhm"),
        ("Gəncə", "gence"),
        ("Łódź, Köln & İzmir", "lodz-koln-izmir"),
        ("I ❤️ Rust 🦄", "i-rust"),
    ] {
        assert_eq!(latin(title).as_deref(), Some(expected), "{title}");
    }
}

#[test]
fn a_title_without_letters_gives_none() {
    for title in
        ["", "   ", "🦄🎉", "1️".trim_start_matches('1'), "?!…—", "\u{200C}\u{640}\u{301}", "«»", "\0"]
    {
        assert_eq!(kept(title), None, "{title:?}");
        assert_eq!(latin(title), None, "{title:?}");
    }
}

#[test]
fn a_long_title_is_cut_after_a_word() {
    let exactly = format!("{} {}", "a".repeat(40), "b".repeat(39));
    assert_eq!(kept(&exactly).unwrap(), exactly.replace(' ', "-"));
    assert_eq!(kept(&format!("{exactly} c")).unwrap(), exactly.replace(' ', "-"));
    assert_eq!(kept(&format!("{exactly}b")).unwrap(), "a".repeat(40));
    assert_eq!(kept(&"a".repeat(99)).unwrap(), "a".repeat(80));
    assert_eq!(kept(&"東".repeat(99)).unwrap(), "東".repeat(66));
    let persian = "سلام ".repeat(40);
    assert_eq!(kept(&persian).unwrap(), ["سلام"; 16].join("-"));
}

#[test]
fn a_taken_slug_gets_a_number() {
    assert_eq!(slug("tehran").numbered(2).as_str(), "tehran-2");
    assert_eq!(slug("تهران").numbered(12).as_str(), "تهران-12");
    assert_eq!(slug("a-").numbered(2).as_str(), "a-2");
    let long = slug(&"é".repeat(100)).numbered(4_294_967_295);
    assert_eq!(long.as_str(), format!("{}-4294967295", "é".repeat(94)));
    let words = slug(&["word"; 40].join("-"));
    assert_eq!(words.numbered(2).as_str(), format!("{}-2", ["word"; 39].join("-")));
}

#[test]
fn a_suffix_tells_namesakes_apart() {
    let springfield = slug("springfield");
    assert_eq!(springfield.suffixed("IL").unwrap().as_str(), "springfield-il");
    assert_eq!(springfield.suffixed("Île-de-France").unwrap().as_str(), "springfield-île-de-france");
    assert_eq!(springfield.suffixed("🦄"), None);
    let long = slug(&"a".repeat(200)).suffixed(&"東".repeat(99)).unwrap();
    assert_eq!(long.as_str(), format!("{}-{}", "a".repeat(100), "東".repeat(33)));
}

#[test]
fn a_stored_slug_is_checked_when_it_is_read() {
    let json = serde_json::to_string(&slug("کافه")).unwrap();
    assert_eq!(json, "\"کافه\"");
    assert_eq!(serde_json::from_str::<Slug>(&json).unwrap(), slug("کافه"));
    let error = serde_json::from_str::<Slug>("\"a/b\"").unwrap_err();
    assert!(error.to_string().contains("can't be part of a slug"), "{error}");
}

#[test]
fn parsing_twice_changes_no_code_point() {
    let mut accepted = 0;
    for c in '\0'..=char::MAX {
        for text in [c.to_string(), format!("س{c}س")] {
            let Ok(once) = Slug::parse(&text) else { continue };
            accepted += 1;
            assert_eq!(Slug::parse(once.as_str()).as_ref(), Ok(&once), "U+{:04X}", u32::from(c));
            assert!(!fold(once.as_str()).is_empty());
        }
    }
    assert!(accepted > 280_000, "{accepted}");
}

#[test]
fn titles_of_every_code_point_stay_as_they_become() {
    let private = |c: char| matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..);
    let every: Vec<char> = ('\0'..=char::MAX).filter(|c| is_assigned(*c) && !private(*c)).collect();
    for chars in every.chunks(12) {
        let title = chars.iter().fold(String::new(), |title, c| format!("{title} ي{c}\u{301}"));
        for script in [Script::Keep, Script::Transliterate] {
            let once = Slug::from_title(&title, script).expect("yeh is a letter");
            assert_eq!(Slug::from_title(once.as_str(), script).as_ref(), Some(&once), "{title:?}");
            assert_eq!(Slug::parse(once.as_str()).as_ref(), Ok(&once), "{title:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn a_title_makes_a_slug_that_lasts(title in any_title()) {
        for script in [Script::Keep, Script::Transliterate] {
            if let Some(once) = Slug::from_title(&title, script) {
                prop_assert_eq!(Slug::parse(once.as_str()), Ok(once.clone()));
                prop_assert_eq!(Slug::from_title(once.as_str(), script), Some(once.clone()));
                prop_assert!(once.as_str().chars().count() <= 80);
            } else {
                prop_assert!(!title.chars().any(|c| c.is_ascii_alphanumeric()));
            }
            if script == Script::Transliterate {
                prop_assert!(latin(&title).unwrap_or_default().is_ascii());
            }
        }
    }

    #[test]
    fn endings_stay_valid_and_differ(text in any_title(), n in any::<u32>()) {
        let made = Slug::parse(&text).ok().or_else(|| Slug::from_title(&text, Script::Keep));
        if let Some(slug) = made {
            let numbered = slug.numbered(n);
            prop_assert_eq!(Slug::parse(numbered.as_str()), Ok(numbered.clone()));
            let ending = format!("-{n}");
            prop_assert!(numbered.as_str().ends_with(&ending));
            prop_assert_ne!(slug.numbered(n ^ 1), numbered);
            if let Some(suffixed) = slug.suffixed("Il پارک") {
                prop_assert_eq!(Slug::parse(suffixed.as_str()), Ok(suffixed.clone()));
            }
        }
    }

    #[test]
    fn parsing_is_idempotent(text in any_title()) {
        if let Ok(once) = Slug::parse(&text) {
            prop_assert_eq!(Slug::parse(once.as_str()), Ok(once.clone()));
        }
    }
}

/// Titles of one word and of many, short and far too long, thick with what the rules are about.
fn any_title() -> impl Strategy<Value = String> {
    let odd = "aaBß1²١۱-_.~ '’\u{301}\u{307}\u{64E}\u{640}\u{200C}\u{200C}\u{200D}یيكسهۀאбаоαοҹİΣǅﬁ東한";
    let odd: Vec<char> = odd.chars().collect();
    let letters: Vec<char> = "aоαжسЀ\u{301}\u{200C}".chars().collect();
    prop_oneof![
        prop::collection::vec(prop_oneof![6 => prop::sample::select(odd), 1 => any::<char>()], 0..24),
        prop::collection::vec(prop::sample::select(letters), 60..110),
    ]
    .prop_map(|chars| chars.into_iter().collect())
}
