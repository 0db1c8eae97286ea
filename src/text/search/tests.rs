use proptest::prelude::*;

use super::*;

/// What a visitor would see of marked text: `a [b] c`.
fn shown(pieces: &[Piece]) -> String {
    pieces
        .iter()
        .map(|piece| if piece.marked { format!("[{}]", piece.text) } else { piece.text.clone() })
        .collect()
}

fn query(text: &str) -> Query {
    Query::parse(text).unwrap().unwrap()
}

#[test]
fn one_word_has_one_form_however_it_is_written() {
    for (text, form) in [
        ("", ""),
        (" \t\n\0", ""),
        ("Café CAFE\u{301} cafe", "cafe cafe cafe"),
        ("Straße ŒUVRE Łódź Ærø İzmir ısı", "strasse oeuvre lodz aero izmir isi"),
        ("كافه کافه", "کافه کافه"),
        ("علي على علی", "علی علی علی"),
        ("تهـــران تِهرانْ", "تهران تهران"),
        ("أحمد إيران آب مسئول", "احمد ایران اب مسیول"),
        ("خانة خانۀ خانه", "خانه خانه خانه"),
        ("١٤٠٤ ۱۴۰۴ 1404 １４０４", "1404 1404 1404 1404"),
        ("می\u{200C}خواهم", "می خواهم میخواهم"),
        ("کتاب\u{200C}فروشی", "کتاب فروشی کتابفروشی"),
        ("book-repair O’Neill", "book repair bookrepair o neill oneill"),
        ("a - b -- c-", "a b c"),
        ("well-to-do-er", "well to do er welltodoer"),
        ("a-b-c-d-e", "a b c d e"),
        ("soft\u{AD}hyphen \u{200F}right", "softhyphen right"),
        ("C++ and C#, 50% & <b>bold</b>", "c and c 50 b bold b"),
        ("東京 ガイド か\u{3099}", "東 京 ガ イ ド が"),
        ("Ἀθήνα ЙОГУРТ", "αθηνα иогурт"),
        ("हिन्दी", "हिन्दी"),
        ("🦀 ☕️ ½", "12"),
        ("ﷺ", "صلیاللهعلیهوسلم"),
    ] {
        assert_eq!(words(text), form, "{text:?}");
    }
    let long = "x".repeat(100);
    assert_eq!(words(&long), "x".repeat(40));
    assert!(words(&"word ".repeat(100_000)).len() <= 200_000);
}

#[test]
fn a_question_has_no_syntax() {
    for (asked, exact) in [
        ("\"tea AND (coffee OR NOT) NEAR/3 x*", "tea and coffee or not near 3 x"),
        ("title:tea ^tea -tea", "title tea tea tea"),
        ("'; DROP TABLE search; --", "drop table search"),
        ("a:* & b | !c <-> d", "a b c d"),
    ] {
        assert_eq!(query(asked).exact, exact);
    }
    for nothing in ["", " ", "\0", "🦀", "\"\"", "--", "*", "<>&|!()"] {
        assert_eq!(Query::parse(nothing), Ok(None), "{nothing:?}");
    }
    assert_eq!(query("tea Tea TEA").terms.len(), 1);
    assert_eq!(Query::parse(&"a".repeat(MAX_QUERY + 1)), Err(TooLong));
    assert!(Query::parse(&"ب".repeat(MAX_QUERY)).unwrap().is_some());
    let many = |count: usize| (0..count).map(|number| format!("w{number} ")).collect::<String>();
    assert_eq!(Query::parse(&many(MAX_WORDS + 1)), Err(TooLong));
    assert_eq!(query(&many(MAX_WORDS)).terms.len(), MAX_WORDS);
}

#[test]
fn what_was_asked_for_is_marked_as_it_is_written() {
    for (text, asked, expected) in [
        ("The Café in كافه street", "cafe کافه", "The [Café] in [كافه] street"),
        ("Walking and walks", "walk", "[Walking] and [walks]"),
        ("A walk", "walking", "A walk"),
        ("کتاب\u{200C}فروشی ورق", "كتاب", "[کتاب]\u{200C}فروشی ورق"),
        ("کتاب\u{200C}فروشی ورق", "کتابفروشی", "[کتاب\u{200C}فروشی] ورق"),
        ("Book-repair", "book repair", "[Book-repair]"),
        ("a b ab", "a", "[a] b ab"),
        ("東京都", "京", "東[京]都"),
        ("سال ۱۴۰۴", "1404", "سال [۱۴۰۴]"),
        ("<script>alert('tea')</script>", "tea script", "<[script]>alert('[tea]')</[script]>"),
        ("\u{202E}evil\u{202C} tea\0", "tea", "evil [tea] "),
        ("Nothing", "tea", "Nothing"),
        ("", "tea", ""),
    ] {
        assert_eq!(shown(&mark(text, &query(asked))), expected);
    }
}

#[test]
fn a_snippet_is_where_most_was_found_and_cut_between_words() {
    let far = format!(
        "{}One tea. {}Here tea and coffee stand together. {}",
        "a b c ".repeat(60),
        "d e f ".repeat(60),
        "g h ".repeat(60)
    );
    let found = |asked: &str, length| snippet(&far, &query(asked), length).map(|pieces| shown(&pieces));
    assert_eq!(
        found("tea coffee", 90).unwrap(),
        "…e f d e f d e f d e f d e f d e f Here [tea] and [coffee] stand together. g h g h g h g h g h…"
    );
    assert_eq!(found("tea", 60).unwrap(), "…b c a b c a b c a b c a b c a b c One [tea]. d e f d e f d e f…");
    assert_eq!(found("nowhere", 60), None);
    assert_eq!(shown(&snippet("Tea.", &query("tea"), 60).unwrap()), "[Tea].");
    let run = "京".repeat(500);
    assert_eq!(snippet(&run, &query("京"), 60).unwrap().iter().filter(|piece| piece.marked).count(), 60);
}

#[test]
fn titles_go_before_summaries_and_these_before_bodies() {
    let query = query("tea house");
    let ranked = [
        ("tea house", "", ""),
        ("tea house of the north", "", ""),
        ("the house of tea", "", ""),
        ("the house", "tea and tea", ""),
        ("the teahouse and the houses of teas", "", ""),
        ("the house", "", "tea tea tea"),
        ("the house", "", "tea"),
        ("the north", "tea house", ""),
        ("the north", "teas houses", ""),
        ("the north", "", "tea house tea house"),
        ("the north", "", "teas houses"),
    ];
    let scores: Vec<i64> =
        ranked.iter().map(|(title, summary, body)| score(&query, Text { title, summary, body })).collect();
    assert!(scores.is_sorted_by(|a, b| a > b), "{scores:?}");
}

#[test]
fn only_paths_that_look_like_words_are_guessed_at() {
    let guessed = |path: &str| guess(path).map(|guess| guess.begun.exact);
    for (path, expected) in [
        ("/iran/tehran/cafe-nadery", Some("cafe nade")),
        ("/places/Cafe_Naderi.html", Some("cafe nade")),
        ("/تهران/کافه-نادری", Some("کافه نادری")),
        ("/articles/12", Some("articl")),
        ("/2026/11/the-patience-of-blue", Some("the patien blue")),
        ("/wp-login.php", None),
        ("/.env", None),
        ("/.git/config", None),
        ("/a.b/c.zip", None),
        ("/x/y", None),
        ("/9f8e7d6c5b4a", None),
        ("/", None),
    ] {
        assert_eq!(guessed(path).as_deref(), expected, "{path}");
    }
    assert_eq!(guess(&format!("/{}", "word-".repeat(40))), None);
}

#[test]
fn what_is_like_a_title_shares_its_longest_words() {
    let like = |title: &str| Query::like(title).map(|query| query.exact);
    assert_eq!(like("What is in the glass").as_deref(), Some("glass what"));
    assert_eq!(like("It is so"), None);
    assert_eq!(query("a").marked().count(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn stored_words_hold_nothing_but_words(text in tricky()) {
        let stored = words(&text);
        for word in stored.split(' ').filter(|word| !word.is_empty()) {
            prop_assert!(word.chars().all(|c| !c.is_whitespace() && !c.is_ascii_punctuation() && !c.is_control()));
            prop_assert!(word.chars().count() <= 40);
        }
        prop_assert!(!stored.contains("  ") && stored.trim() == stored);
    }

    #[test]
    fn every_text_is_found_by_itself(text in tricky()) {
        if let Ok(Some(query)) = Query::parse(&text) {
            let stored = words(&text);
            for term in &query.terms {
                for part in term.parts.iter().chain(&term.whole) {
                    prop_assert!(stored.split(' ').any(|word| word == part), "{part:?} in {stored:?}");
                }
            }
            let title = Text { title: &stored, summary: "", body: "" };
            prop_assert!(score(&query, title) > 5_000);
            prop_assert!(mark(&text, &query).iter().any(|piece| piece.marked));
        }
    }

    #[test]
    fn marking_changes_no_text(text in tricky(), asked in tricky()) {
        if let Ok(Some(query)) = Query::parse(&asked) {
            let clean: String = mark(&text, &query).into_iter().map(|piece| piece.text).collect();
            let plain: String = mark(&text, &self::query("zzzz")).into_iter().map(|piece| piece.text).collect();
            prop_assert_eq!(clean, plain);
            if let Some(pieces) = snippet(&text, &query, 12) {
                prop_assert!(pieces.iter().any(|piece| piece.marked));
            }
            let _ = guess(&asked);
        }
    }

    #[test]
    fn case_accents_and_keyboards_make_no_difference(text in "[a-zéüñçکیهاب ۰-۹]{0,24}") {
        let other: String = text
            .chars()
            .flat_map(|c| match c {
                'ک' => vec!['ك'],
                'ی' => vec!['ي', '\u{64E}'],
                'ه' => vec!['ه', '\u{640}'],
                'ا' => vec!['ا', '\u{200F}'],
                '۰'..='۹' => vec![char::from_u32(u32::from(c) - 0x6F0 + 0x660).unwrap()],
                _ => c.to_uppercase().collect(),
            })
            .collect();
        prop_assert_eq!(words(&text), words(&other));
    }
}

/// Any text, thick with the characters that words are made and parted of.
fn tricky() -> impl Strategy<Value = String> {
    let odd = "aAßİıæé\u{301}\u{640}\u{200C}\u{200F}\u{3099}-'’ايىكیة١۱ﷺ京か\0\"*():&|!<> ";
    let odd: Vec<char> = odd.chars().collect();
    let c = prop_oneof![4 => prop::sample::select(odd), 1 => any::<char>()];
    prop::collection::vec(c, 0..24).prop_map(|chars| chars.into_iter().collect())
}
