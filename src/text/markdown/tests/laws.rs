//! What holds for every text.

use std::collections::HashSet;

use proptest::prelude::*;

use super::super::{addresses, prose, replace_addresses, sanitise, tokens::Tokens};
use super::dom::{self, assert_harmless};
use super::{Author, persian, staff, visitor};

/// Text made of pieces that mean something to one of our parsers.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(PIECES).prop_map(str::to_owned),
        "[ -~\n]{0,8}",
        "\\PC{0,6}",
        "[a-zآ-ی ]{1,12}",
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

const PIECES: &[&str] = &[
    "<",
    ">",
    "\"",
    "'",
    "&",
    "&amp;",
    "&lt;",
    "=",
    "/",
    "`",
    "```",
    "~~~",
    "*",
    "**",
    "_",
    "~~",
    "[",
    "]",
    "(",
    ")",
    "](",
    "![",
    "[^1]",
    "[^1]: ",
    "[a]: ",
    "[a]",
    "{#x}",
    "\n",
    "\n\n",
    "    ",
    "\t",
    "# ",
    "## ",
    "> ",
    "- ",
    "1. ",
    "- [x] ",
    "|",
    "|---|\n",
    "\\",
    "<div>",
    "</div>",
    "<p>",
    "</p>",
    "<table>",
    "<tr>",
    "<td>",
    "</table>",
    "<b>",
    "</b>",
    "<a href=x>",
    "<a id=y>",
    "</a>",
    "<img src=a.png>",
    "<script>",
    "</script>",
    "<style>",
    "</style>",
    "<svg>",
    "</svg>",
    "<math>",
    "<mtext>",
    "<title>",
    "</title>",
    "<textarea>",
    "<noscript>",
    "</noscript>",
    "<template>",
    "<select>",
    "<option>",
    "<iframe src=https://x.example>",
    "</iframe>",
    "<!--",
    "-->",
    "<!",
    "<?",
    "<pre>",
    "</pre>",
    "<code>",
    "<h1>",
    "</h1>",
    "<h2 id=a>",
    "<details>",
    "<summary>",
    "<caption>",
    "<li>",
    "<form>",
    "<input type=checkbox>",
    "<button>",
    "<ruby>",
    "<rt>",
    "<br>",
    "<hr>",
    "<T>",
    "onclick=x",
    "javascript:",
    "entry:1",
    "https://x.example/",
    "https://youtu.be/dQw4w9WgXcQ",
    "\u{0}",
    "\u{a0}",
    "\u{200c}",
    "\u{202e}",
    "سلام",
    "北京",
    "e\u{301}",
    "🎉",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_renders_harmless(markdown in soup()) {
        assert_harmless(staff(&markdown).html.as_str(), &markdown);
        assert_harmless(visitor(&markdown).html.as_str(), &markdown);
        persian(&markdown);
    }

    #[test]
    fn the_sanitiser_finds_nothing_left_to_do(markdown in soup()) {
        for (author, html) in [(Author::Staff, staff(&markdown).html), (Author::Visitor, visitor(&markdown).html)] {
            // Through the tokens, since the sanitiser alone drops a line break at the start of `pre`.
            let again = Tokens::parse(&sanitise::clean(html.as_str(), author)).write();
            prop_assert_eq!(dom::parse(&again).text, dom::parse(html.as_str()).text, "{}", html);
            let kept = |html: &str| -> Vec<String> {
                dom::parse(html).elements.iter().map(|element| format!("{element:?}")).collect()
            };
            prop_assert_eq!(kept(&again), kept(html.as_str()), "{}", html);
        }
    }

    #[test]
    fn tokens_write_what_they_read(markdown in soup()) {
        let html = sanitise::clean(&markdown, Author::Staff);
        let tokens = Tokens::parse(&html);
        // The line breaks at the start of `pre` are where the sanitiser's own writer errs.
        let text = |html: &str| dom::parse(html).text.replace('\n', "");
        prop_assert_eq!(text(&tokens.write()), text(&html));
        let elements = |html: &str| format!("{:?}", dom::parse(html).elements);
        prop_assert_eq!(elements(&tokens.write()), elements(&html));
    }

    #[test]
    fn words_typed_are_words_read(words in prop::collection::vec("[a-zA-Z]{1,9}|[ابپتثجچحخدذرز]{1,9}|[一-龠]{1,4}", 1..40)) {
        let text = words.join(" ");
        for rendered in [staff(&text), visitor(&text), persian(&text)] {
            prop_assert_eq!(&rendered.plain, &text);
            let shown = dom::parse(rendered.html.as_str()).text;
            prop_assert_eq!(shown.trim(), &text);
            prop_assert!(rendered.minutes >= 1);
            prop_assert!(rendered.words as usize >= words.len());
        }
    }

    #[test]
    fn an_excerpt_is_short_and_in_the_text(markdown in soup()) {
        let rendered = staff(&markdown);
        prop_assert!(rendered.excerpt.chars().count() <= 200);
        let start = rendered.excerpt.trim_end_matches('…');
        let flat = |text: &str| text.split_whitespace().collect::<String>();
        // Between two paragraphs of an excerpt a list may have been left out.
        if !start.contains(' ') {
            prop_assert!(flat(&rendered.plain).contains(&flat(start)), "{start:?} in {:?}", rendered.plain);
        }
        prop_assert_eq!(rendered.minutes, rendered.words.div_ceil(prose::WORDS_A_MINUTE));
    }

    #[test]
    fn no_place_is_named_twice(markdown in soup()) {
        let rendered = staff(&markdown);
        let dom = dom::parse(rendered.html.as_str());
        let ids: Vec<_> = dom.elements.iter().flat_map(|e| &e.attributes).filter(|(key, _)| key == "id").map(|(_, id)| id).collect();
        prop_assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len(), "{:?}", ids);
        for item in &rendered.outline {
            prop_assert!(ids.contains(&&item.id));
            prop_assert!((2..=6).contains(&item.level));
        }
    }

    #[test]
    fn headings_leave_no_level_out(markdown in soup()) {
        let dom = dom::parse(staff(&markdown).html.as_str());
        let mut above = 1;
        for element in &dom.elements {
            let [b'h', level @ b'1'..=b'6'] = element.name.as_bytes() else { continue };
            let level = level - b'0';
            prop_assert!((2..=above + 1).contains(&level), "h{} below h{}", level, above);
            above = level;
        }
    }

    #[test]
    fn no_new_address_changes_no_byte(markdown in soup()) {
        prop_assert_eq!(replace_addresses(&markdown, |_| None), markdown);
    }

    #[test]
    fn addresses_lie_in_the_text_in_order(markdown in soup()) {
        let found = addresses(&markdown);
        prop_assert!(found.windows(2).all(|pair| pair[0].range.end <= pair[1].range.start));
        for address in found {
            prop_assert!(markdown.get(address.range).is_some());
        }
    }

    #[test]
    fn every_address_can_become_any_other(new in "[a-zA-Z0-9 /:#?&=%()\\\\|\"'_.~+;,@!$*\\[\\]-]{0,16}|[آ-ی/ ]{1,8}|&amp;|&copy;x|\\\\\\(") {
        for markdown in [
            "[a](one.md) [b](<two words.md> \"T\") ![c](three.png 'T') [d]( four(5).md ) [![i](in.png)](out.md)\n",
            "> [quoted](\n> eight.md)\n\n| a |\n|---|\n| [t](nine\\|x.md) |\n\n[r] ![p]\n\n[r]: a.md \"T\"\n[p]: <b .png>\n",
            "<a href=\"ten.md\">x</a> <img alt='>' src='eleven.png'> <a class=x href=twelve.md>y</a>\n\n<div>\n<img src=a>\n</div>\n",
            "- [a](b)\n  1. ![c](d)\n\n     [^1]\n\n[^1]: [e](f)\n",
        ] {
            let changed = replace_addresses(markdown, |_| Some(new.clone()));
            let urls: Vec<_> = addresses(&changed).into_iter().map(|address| address.url).collect();
            prop_assert_eq!(&urls, &vec![new.clone(); addresses(markdown).len()], "{}", changed);
        }
    }
}

#[test]
fn what_no_address_holds_is_encoded() {
    let changed = replace_addresses("[a](b) <a href='c'>d</a>", |_| Some("x\n<y>`z`\u{0}".to_owned()));
    assert_eq!(changed, "[a](x%0A%3Cy%3E%60z%60%00) <a href='x%0A%3Cy%3E%60z%60%00'>d</a>");
}

#[test]
fn excerpts_end_after_a_sentence_or_a_word() {
    let sentence = "This is a sentence of exactly fifty characters ok. ";
    let rendered = staff(&sentence.repeat(6));
    assert_eq!(rendered.excerpt, sentence.repeat(3).trim_end());
    let rendered = staff(&"word, ".repeat(60));
    assert_eq!(rendered.excerpt.chars().count(), 197);
    assert!(rendered.excerpt.ends_with("word…"), "{}", rendered.excerpt);
    let rendered = staff(&"字".repeat(300));
    assert_eq!(rendered.excerpt, "字".repeat(199) + "…");
    assert_eq!((rendered.words, rendered.minutes), (300, 2));
    let rendered = staff(&"e\u{301}".repeat(150));
    assert_eq!(rendered.excerpt, "e\u{301}".repeat(99) + "…");
}

#[test]
fn excerpts_pass_by_what_is_no_beginning() {
    let rendered = staff(
        "# Title\n\n![Image](/a.png)\n\n> Quoted.\n\n- item\n\nFirst[^1] *real* paragraph.\n\n| t |\n|---|\n| c |\n\nSecond.\n\n[^1]: Note.\n",
    );
    assert_eq!(rendered.excerpt, "First real paragraph. Second.");
    assert_eq!(rendered.plain, "Title\nQuoted.\nitem\nFirst real paragraph.\nt\nc\nSecond.\nNote.");
    assert_eq!(staff("- only\n- a list").excerpt, "only a list");
    assert_eq!(staff("").excerpt, "");
    assert_eq!((staff("").words, staff("").minutes), (0, 0));
    assert_eq!((staff("one").words, staff("one").minutes), (1, 1));
}

#[test]
fn words_are_counted_in_every_script() {
    for (text, words) in [
        ("one two-three four's", 3),
        ("می‌خواهم بروم", 2),
        ("北京 is big", 4),
        ("東京タワー", 5),
        ("서울 타워", 2),
        ("ภาษาไทยง่าย", 3),
        ("— … !", 0),
        ("3.14 & x", 2),
    ] {
        assert_eq!(prose::words(text), words, "{text}");
    }
}
