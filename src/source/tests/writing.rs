//! The file form: written, read back, the same.

use std::collections::HashSet;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::clock::Time;
use crate::source::{Cover, Export, Seo, file_name, locate, parse, write};

fn place() -> Export {
    let fields = json!({
        "telephone": "+98 21 6670 1872", "city": "/tehran", "geo": { "latitude": 35.7, "longitude": 51 },
        "open now": true, "notes": "One \"line\".\n+++\n\tTwo \\ \u{1}", "faq": [{ "q": "a\nb", "a": [] }, {}], "none": null,
    });
    Export {
        kind: "place".to_owned(),
        title: "Café “Naderi”".to_owned(),
        path: "/tehran/cafe-naderi".to_owned(),
        slug: Some("cafe-naderi".to_owned()),
        locale: "en".to_owned(),
        translation_of: Some("/fa/x".to_owned()),
        parent: Some("/about".to_owned()),
        summary: Some("Back\\slash, \"quotes\"\r\nand a line".to_owned()),
        date: Some(Time(1_772_355_600_000)),
        updated: Some(Time(1_772_442_000_250)),
        expiry: None,
        state: Some("draft".to_owned()),
        replaced_by: None,
        visibility: Some("unlisted".to_owned()),
        authors: vec!["/authors/leila".to_owned()],
        aliases: vec!["/old/address".to_owned(), "/100%".to_owned()],
        cover: Some(Cover {
            src: "/media/0123456789abcdef/a.jpg".to_owned(),
            alt: Some("A".to_owned()),
            caption: None,
            credit: Some("C".to_owned()),
            license: Some("https://creativecommons.org/licenses/by/4.0/".to_owned()),
            ..Cover::default()
        }),
        seo: Seo {
            robots: Some("nosnippet, max-image-preview:none".into()),
            title: Some("T".to_owned()),
            description: None,
            canonical: None,
            noindex: true,
            nofollow: false,
            faq: Some(false),
        },
        fields: fields.as_object().cloned().unwrap(),
        body: "\nMarkdown **body**\n".to_owned(),
    }
}

#[test]
fn an_entry_is_written_in_one_order() {
    insta::assert_snapshot!(write(&place()), @r#"
    +++
    type = "place"
    title = "Café “Naderi”"
    path = "/tehran/cafe-naderi"
    slug = "cafe-naderi"
    locale = "en"
    translation_of = "/fa/x"
    parent = "/about"
    summary = "Back\\slash, \"quotes\"\r\nand a line"
    date = 2026-03-01T09:00:00Z
    updated = 2026-03-02T09:00:00.250Z
    state = "draft"
    visibility = "unlisted"
    authors = ["/authors/leila"]
    aliases = ["/old/address", "/100%"]
    [cover]
    src = "/media/0123456789abcdef/a.jpg"
    alt = "A"
    credit = "C"
    license = "https://creativecommons.org/licenses/by/4.0/"
    [seo]
    title = "T"
    noindex = true
    robots = "nosnippet, max-image-preview:none"
    faq = false
    [fields]
    telephone = "+98 21 6670 1872"
    city = "/tehran"
    geo = { latitude = 35.7, longitude = 51 }
    "open now" = true
    notes = """
    One \"line\".
    \u002B++
    \tTwo \\ \u0001"""
    faq = [{ q = "a\nb", a = [] }, {}]
    +++


    Markdown **body**
    "#);
}

#[test]
fn only_what_has_a_value_is_written() {
    let export = Export {
        kind: "page".to_owned(),
        title: "A".to_owned(),
        path: "/a".to_owned(),
        locale: "en".to_owned(),
        slug: Some(String::new()),
        date: Some(Time(i64::MIN)),
        cover: Some(Cover::default()),
        ..Export::default()
    };
    assert_eq!(write(&export), "+++\ntype = \"page\"\ntitle = \"A\"\npath = \"/a\"\nlocale = \"en\"\n+++\n");
}

#[test]
fn the_path_and_the_former_paths_come_back_as_they_were() {
    let mut export = place();
    export.path = "/50%25/a?b#c".to_owned();
    export.aliases = vec!["/a%41".to_owned()];
    let document = parse("a.md", &write(&export)).unwrap();
    let located = locate("a.md", &document, &[]).unwrap();
    assert_eq!((located.path, located.aliases), (export.path, export.aliases));
}

#[test]
fn file_names_are_safe_on_every_file_system() {
    let long = format!("/{}", "چ".repeat(300));
    for (locale, path, file) in [
        (None, "/tehran/cafe-naderi", "place/tehran/cafe-naderi.md"),
        (Some("fa"), "/tehran/cafe-naderi", "place/tehran/cafe-naderi.fa.md"),
        (None, "/", "place/index.md"),
        (Some("fa"), "/", "place/index.fa.md"),
        (None, "/index", "place/%69ndex.md"),
        (None, "/a/index", "place/a/index.md"),
        (None, "/چای خوب", "place/چای خوب.md"),
        (None, "/Rust-1.0", "place/Rust-1.0.md"),
        (None, "/node.js", "place/node%2Ejs.md"),
        (None, "/a.md/b", "place/a%2Emd/b.md"),
        (None, "/a.MD/b", "place/a%2EMD/b.md"),
        (None, "/.hidden/_index", "place/%2Ehidden/%5Findex.md"),
        (None, "/a:b*c?d\"e<f>g|h\\i%j~k", "place/a%3Ab%2Ac%3Fd%22e%3Cf%3Eg%7Ch%5Ci%25j%7Ek.md"),
        (None, "/con/Aux.txt/lpt1/com0x", "place/%63on/%41ux.txt/%6Cpt1/com0x.md"),
        (None, "/a./b ", "place/a%2E/b%20.md"),
        (None, "/می\u{200c}خواهم", "place/می%E2%80%8Cخواهم.md"),
        (None, &long, &format!("place/{}~9abe936ca2a432f9639d5aff2c7233b0.md", "چ".repeat(73))),
    ] {
        assert_eq!(file_name("place", locale, path), file, "{path}");
    }
    let deep = "/abcdefghi".repeat(500);
    let file = file_name("place", None, &deep);
    assert!(file.starts_with("place/~") && file.len() == 42, "{file}");
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z /]{1,12}",
        "\\PC{1,20}",
        vec(any::<char>(), 1..20).prop_map(String::from_iter),
        "(\\+\\+\\+|\"|'|\\\\|\n|\r|\t|#|=|\\[|\u{7f}|\u{85}|\u{2028}|a){1,12}",
    ]
    .prop_filter("an empty text is not written", |text| !text.trim().is_empty())
}

fn number() -> impl Strategy<Value = Value> {
    let float = any::<f64>().prop_filter("JSON has finite numbers", |number| number.is_finite());
    prop_oneof![any::<i64>().prop_map(Value::from), float.prop_map(Value::from)]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        number(),
        text().prop_map(Value::from),
        Just(Value::from("")),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::Array),
            vec(("\\PC{0,6}", inner), 0..4).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn cover() -> impl Strategy<Value = Cover> {
    let words = || (option::of(text()), option::of(text()), option::of(text()));
    (text(), words(), words(), option::of(text())).prop_map(
        |(src, (alt, caption, credit), (creator, copyright, license), license_page)| Cover {
            src,
            alt,
            caption,
            credit,
            creator,
            copyright,
            license,
            license_page,
        },
    )
}

fn seo() -> impl Strategy<Value = Seo> {
    (
        option::of(text()),
        option::of(text()),
        option::of(text()),
        any::<(bool, bool, Option<bool>)>(),
        option::of(text()),
    )
        .prop_map(|(title, description, canonical, (noindex, nofollow, faq), robots)| Seo {
            title,
            description,
            canonical,
            noindex,
            nofollow,
            robots,
            faq,
        })
}

prop_compose! {
    fn export()(
        (kind, title, path, slug, locale) in (text(), text(), text(), option::of(text()), text()),
        (translation_of, parent, summary) in (option::of(text()), option::of(text()), option::of(text())),
        (date, updated) in (option::of(-62_167_219_200_000_i64..253_402_300_800_000), option::of(any::<u32>())),
        (state, visibility) in (option::of(text()), option::of(text())),
        (expiry, replaced_by) in (option::of(any::<u32>()), option::of(text())),
        (authors, aliases) in (vec(text(), 0..3), vec(text(), 0..3)),
        (cover, seo) in (option::of(cover()), seo()),
        fields in vec(("[a-z_]{1,6}|\\PC{0,6}", value()), 0..5),
        body in prop_oneof!["(\n|\r|\\+\\+\\+|---|<!-- more -->|\\{\\{ x \\}\\}|# h|\u{feff}| |text){0,12}", "\\PC{0,40}", vec(any::<char>(), 0..40).prop_map(String::from_iter)],
    ) -> Export {
        Export {
            kind, title, path: format!("/{path}"), slug, locale, translation_of, parent, summary,
            date: date.map(Time), updated: updated.map(|time| Time(i64::from(time) * 1000)), state, visibility,
            expiry: expiry.map(|time| Time(i64::from(time) * 1000)), replaced_by,
            authors, aliases, cover, seo, fields: fields.into_iter().collect::<Map<_, _>>(), body,
        }
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back_the_same(export in export()) {
        let text = write(&export);
        let document = parse("a.md", &text).map_err(|problems| TestCaseError::fail(format!("{problems}\n{text}")))?;
        let back = Export::of(document);
        prop_assert_eq!(back.as_ref(), Some(&export), "{}", text);
        prop_assert_eq!(write(&back.unwrap()), text);
    }

    #[test]
    fn different_entries_have_different_files(
        paths in vec("(/(index|a|A|con|_x|[.~%:]|\\.fa|\\.md|\u{200c}|چ|[a-z.]{1,3}|b{90}){1,4}){0,3}", 2..12),
    ) {
        let unique: HashSet<&String> = paths.iter().collect();
        let entries = || unique.iter().flat_map(|path| [None, Some("fa")].map(|locale| (locale, path)));
        let files: HashSet<String> = entries().map(|(locale, path)| file_name("place", locale, path)).collect();
        prop_assert_eq!(files.len(), entries().count(), "{:?}", files);
        for file in &files {
            let inside = format!("{file}/");
            prop_assert!(!files.iter().any(|other| other.to_lowercase().starts_with(&inside.to_lowercase())), "{}", file);
            prop_assert!(file.split('/').all(|part| part.len() < 255 && !part.starts_with('.') && !part.is_empty()), "{}", file);
        }
    }
}
