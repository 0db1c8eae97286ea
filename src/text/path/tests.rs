use proptest::prelude::*;

use super::*;

fn path(text: &str) -> Path {
    Path::parse(text).unwrap()
}

#[test]
fn a_path_is_read_in_every_way_it_is_written() {
    for (written, expected) in [
        ("/", "/"),
        ("//", "/"),
        ("about", "/about"),
        ("/about/", "/about"),
        ("///a//b///", "/a/b"),
        ("/About/Us", "/About/Us"),
        ("cafe\u{301}", "/café"),
        ("/تهران/کافه نادری", "/تهران/کافه نادری"),
        ("/a/index.html", "/a"),
        ("/a/INDEX.PHP/index.htm", "/a"),
        ("index.html", "/"),
        ("/index.html/a", "/index.html/a"),
        ("/a/index.html.bak", "/a/index.html.bak"),
        ("/100%", "/100%"),
        ("/a%2Fb", "/a%2Fb"),
        ("/a/...", "/a/..."),
        ("/.well-known/x", "/.well-known/x"),
        ("/🏴󠁧󠁢󠁥󠁮󠁧󠁿 & <b> | \"q\" [1] {2} ^ `", "/🏴󠁧󠁢󠁥󠁮󠁧󠁿 & <b> | \"q\" [1] {2} ^ `"),
        ("//evil.example/x", "/evil.example/x"),
        ("/https://a.example/x", "/https:/a.example/x"),
    ] {
        assert_eq!(Path::parse(written).as_ref().map(Path::as_str), Ok(expected), "{written}");
    }
}

#[test]
fn a_path_that_servers_read_differently_is_refused() {
    for (written, odd) in [
        ("/a/../b", Odd::DotSegment),
        ("..", Odd::DotSegment),
        ("/a/.", Odd::DotSegment),
        ("/a/\u{200C}.", Odd::DotSegment),
        ("/a/.\u{AD}.\u{640}", Odd::DotSegment),
        ("/a/. .", Odd::DotSegment),
        ("/a/ /b", Odd::Blank),
        ("/\u{200C}\u{640}", Odd::Blank),
        ("/a\\b", Odd::Backslash),
        ("/a?b", Odd::Delimiter),
        ("/c#", Odd::Delimiter),
        ("/a\0", Odd::Control),
        ("/a\r\nX: 1", Odd::Control),
        ("/a\u{85}", Odd::Control),
        ("/a\u{2028}b", Odd::Control),
        ("/a\u{202E}b", Odd::BidiControl),
        ("/a\u{2066}b", Odd::BidiControl),
        ("/a\u{200F}b", Odd::BidiControl),
        ("/a\u{378}", Odd::Unassigned),
        ("/a\u{FFFF}", Odd::Unassigned),
    ] {
        assert_eq!(Path::parse(written), Err(odd.to_string()), "{written:?}");
    }
    assert!(Path::parse("").is_err());
    assert!(Path::parse("https://a.example/x").unwrap_err().contains("whole URL"));
}

#[test]
fn lengths_are_limited_where_a_form_can_say_so() {
    assert!(Path::parse(&"a".repeat(MAX_SEGMENT)).is_ok());
    assert_eq!(Path::parse(&"a".repeat(MAX_SEGMENT + 1)), Err(Odd::LongSegment.to_string()));

    let ascii = "/abcdefghi".repeat(100);
    assert_eq!(path(&ascii).as_str().len(), MAX_PATH);
    assert_eq!(Path::parse(&format!("{ascii}j")), Err(Odd::TooLong.to_string()));

    // Each Persian letter is six bytes when encoded.
    let persian = format!("/{}", "سسسسسسسس/".repeat(38));
    assert_eq!(path(&persian).href().len(), 38 * 49);
    assert_eq!(Path::parse(&format!("{persian}سسسسسسس")), Err(Odd::TooLong.to_string()));

    let slug = Slug::parse("j").unwrap();
    assert_eq!(path(&ascii).join(&slug), Err(Odd::TooLong.to_string()));
    assert_eq!(path(&ascii).rebased(&path("/abcdefghi"), &path("/abcdefghijk")), None);
}

#[test]
fn an_encoded_path_is_decoded_exactly_once() {
    for (href, expected) in [
        ("/caf%C3%A9", "/café"),
        ("/caf%c3%a9", "/café"),
        ("/cafe%CC%81", "/café"),
        ("/a%20b", "/a b"),
        ("/a+b", "/a+b"),
        ("/a%252fb", "/a%2fb"),
        ("/%25252e%25252e", "/%252e%252e"),
        ("/a%7Cb", "/a|b"),
    ] {
        assert_eq!(Path::parse_href(href).as_ref().map(Path::as_str), Ok(expected), "{href}");
    }
    for (href, odd) in [
        ("/a%2fb", Odd::EncodedSlash),
        ("/a%5Cb", Odd::Backslash),
        ("/%2e%2E/etc/passwd", Odd::DotSegment),
        ("/c%23", Odd::Delimiter),
        ("/%", Odd::BadEscape),
        ("/%4", Odd::BadEscape),
        ("/%zz", Odd::BadEscape),
        ("/%+1", Odd::BadEscape),
        ("/%C3", Odd::NotUtf8),
        ("/%c0%af", Odd::NotUtf8),
        ("/%ED%A0%80", Odd::NotUtf8),
    ] {
        assert_eq!(Path::parse_href(href), Err(odd.to_string()), "{href}");
    }
}

#[test]
fn an_href_keeps_pchar_and_escapes_the_rest() {
    let every: String = (' '..='~').filter(|c| !"/\\?#".contains(*c)).collect();
    assert_eq!(
        path(&every).href(),
        "/%20!%22$%25&'()*+,-.0123456789:;%3C=%3E@ABCDEFGHIJKLMNOPQRSTUVWXYZ%5B%5D%5E_%60\
         abcdefghijklmnopqrstuvwxyz%7B%7C%7D~"
    );
    assert_eq!(path("/تهران/é").href(), "/%D8%AA%D9%87%D8%B1%D8%A7%D9%86/%C3%A9");
    assert_eq!(Path::root().href(), "/");
}

#[test]
fn a_path_knows_its_family() {
    let deep = path("/iran/tehran/cafe");
    assert_eq!(deep.parent(), Some(path("/iran/tehran")));
    assert_eq!(path("/iran").parent(), Some(Path::root()));
    assert_eq!(Path::root().parent(), None);
    assert_eq!(path("/a/index.html/b").parent(), Some(path("/a")));
    assert_eq!(deep.name(), Some("cafe"));
    assert_eq!(Path::root().name(), None);
    assert_eq!(deep.segments().collect::<Vec<_>>(), ["iran", "tehran", "cafe"]);
    assert_eq!(Path::root().segments().count(), 0);

    let slug = Slug::parse("نادری").unwrap();
    assert_eq!(deep.join(&slug), Ok(path("/iran/tehran/cafe/نادری")));
    assert_eq!(Path::root().join(&slug), Ok(path("/نادری")));
}

#[test]
fn being_under_goes_by_segments() {
    for (below, above, is) in [
        ("/a/b", "/a", true),
        ("/a/b/c", "/a", true),
        ("/a", "/", true),
        ("/", "/", false),
        ("/a", "/a", false),
        ("/ab", "/a", false),
        ("/a", "/a/b", false),
        ("/A/b", "/a", false),
    ] {
        assert_eq!(path(below).is_under(&path(above)), is, "{below} {above}");
    }
}

#[test]
fn a_moved_parent_takes_its_descendants_along() {
    for (old, from, to, new) in [
        ("/a/b/c", "/a", "/x/y", Some("/x/y/b/c")),
        ("/a", "/a", "/x", Some("/x")),
        ("/a/b", "/a", "/", Some("/b")),
        ("/a/b", "/", "/x", Some("/x/a/b")),
        ("/", "/", "/x", Some("/x")),
        ("/a/b", "/a", "/a/b", Some("/a/b/b")),
        ("/ab/c", "/a", "/x", None),
        ("/a", "/a/b", "/x", None),
    ] {
        assert_eq!(path(old).rebased(&path(from), &path(to)), new.map(path), "{old} {from} {to}");
    }
}

#[test]
fn a_stored_path_is_checked_when_it_is_read() {
    let json = serde_json::to_string(&path("/تهران/é")).unwrap();
    assert_eq!(json, "\"/تهران/é\"");
    assert_eq!(serde_json::from_str::<Path>(&json).unwrap(), path("/تهران/é"));
    assert!(serde_json::from_str::<Path>("\"/a/../b\"").is_err());
}

#[test]
fn every_code_point_is_refused_or_kept() {
    for c in '\0'..=char::MAX {
        if let Ok(path) = Path::parse(&format!("/a{c}b")) {
            assert_eq!(Path::parse(path.as_str()).as_ref(), Ok(&path), "U+{:04X}", u32::from(c));
            assert_eq!(Path::parse_href(&path.href()).as_ref(), Ok(&path), "U+{:04X}", u32::from(c));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn an_href_leads_back_to_its_path(text in any_path()) {
        if let Ok(path) = Path::parse(&text) {
            prop_assert_eq!(Path::parse_href(&path.href()), Ok(path.clone()));
            prop_assert_eq!(Path::parse(path.as_str()), Ok(path.clone()));
            prop_assert!(path.href().is_ascii());
            prop_assert!(path.is_root() || !path.href().starts_with("//"));
        }
    }

    #[test]
    fn a_folded_path_has_as_many_segments(text in any_path()) {
        if let Ok(path) = Path::parse(&text) {
            let folded = path.folded();
            prop_assert!(folded.starts_with('/'));
            let parts = folded.split('/').filter(|part| !part.is_empty());
            prop_assert_eq!(parts.count(), path.segments().count());
            prop_assert!(!folded.split('/').any(|part| part == "." || part == ".."));
        }
    }

    #[test]
    fn parents_and_rebasing_give_valid_paths(text in any_path()) {
        if let Ok(path) = Path::parse(&text) && let Some(parent) = path.parent() {
            prop_assert_eq!(Path::parse(parent.as_str()), Ok(parent.clone()));
            prop_assert!(path.is_under(&parent));
            let there = path.rebased(&parent, &Path::parse("/x").unwrap()).unwrap();
            prop_assert_eq!(Path::parse(there.as_str()), Ok(there.clone()));
            prop_assert_eq!(there.rebased(&Path::parse("/x").unwrap(), &parent), Some(path));
        }
    }
}

fn any_path() -> impl Strategy<Value = String> {
    let parts = [
        "/",
        "/",
        "/",
        "a",
        "B",
        ".",
        "..",
        "é",
        "e",
        "\u{301}",
        "ي",
        "\u{200C}",
        "\u{640}",
        "%",
        "%2f",
        " ",
        "index.html",
        "index.php",
        "سلام",
        "🦄",
        "|",
        "ß",
        "\u{FEFF}",
    ];
    let part = prop_oneof![
        8 => prop::sample::select(parts.to_vec()).prop_map(String::from),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}
