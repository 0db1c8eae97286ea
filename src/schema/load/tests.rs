use std::fmt::Write;

use super::super::layouts::LAYOUTS;
use super::super::types::{Label, SortBy, Types};
use super::{SourceFile, field_table, type_file};

/// A whole and right type file to spoil.
const HEAD: &str = "label = { one = \"Café\", many = \"Cafés\" }\npath = \"/cafes/{slug}\"\nlayout = \"page\"\nschema = \"Place\"\n";

/// `types/cafe.toml` with more below it.
fn cafe(more: &str) -> SourceFile {
    SourceFile::new("types/cafe.toml", format!("{HEAD}{more}"))
}

/// The same with one field.
fn cafe_with(field: &str) -> Vec<SourceFile> {
    vec![cafe(&format!("[[field]]\n{field}\n")), other("city", "/{slug}", "")]
}

/// `types/cafe.toml` with one line of its head changed.
fn cafe_but(line: &str, by: &str) -> Vec<SourceFile> {
    assert!(HEAD.contains(line), "{line}");
    vec![SourceFile::new("types/cafe.toml", HEAD.replace(line, by))]
}

fn other(name: &str, path: &str, more: &str) -> SourceFile {
    let head = format!(
        "label = {{ one = \"A\", many = \"B\" }}\npath = \"{path}\"\nlayout = \"page\"\nschema = \"Thing\"\n"
    );
    SourceFile::new(format!("types/{name}.toml"), format!("{head}{more}"))
}

fn relation(to: &str) -> String {
    format!("[[field]]\nname = \"up\"\nkind = \"relation\"\nto = \"{to}\"\nrequired = true\n")
}

fn wrong_files() -> Vec<(&'static str, Vec<SourceFile>)> {
    let mut cases = wrong_heads();
    cases.extend(wrong_fields());
    cases.extend(wrong_together());
    cases
}

fn wrong_heads() -> Vec<(&'static str, Vec<SourceFile>)> {
    let one = |name: &str, text: &str| vec![SourceFile::new(name, text)];
    vec![
        ("not TOML", one("types/cafe.toml", "label = { one = \"Café\"\npath = /cafes\n")),
        ("the same key twice", cafe_but("layout = \"page\"", "layout = \"page\"\nlayout = \"page\"")),
        ("a file elsewhere", one("menus/main.toml", "x = 1")),
        ("a type with capitals", one("types/Café.toml", HEAD)),
        ("an empty file", one("types/cafe.toml", "")),
        ("an unknown key", vec![cafe("lable = 1\n")]),
        ("an unknown key far from all", vec![cafe("zebra = 1\n")]),
        (
            "a label that is text",
            cafe_but("label = { one = \"Café\", many = \"Cafés\" }", "label = \"Café\""),
        ),
        (
            "a label for one only",
            cafe_but("label = { one = \"Café\", many = \"Cafés\" }", "label = { one = \"Café\" }"),
        ),
        ("a label that is empty", cafe_but("one = \"Café\"", "one = \" \"")),
        ("a label with an unknown key", cafe_but("one = \"Café\"", "one = \"Café\", few = \"Cafés\"")),
        ("a label in no locale", vec![cafe("labels.persian1 = { one = \"a\", many = \"b\" }\n")]),
        ("template text", cafe_but("\"Cafés\"", "\"{{ site.name }}\"")),
        ("a condition", cafe_but("\"Cafés\"", "\"{% if x %}Cafés{% endif %}\"")),
        ("two lines", cafe_but("\"Cafés\"", "\"Cafés\\nBars\"")),
        ("a path without a slash", cafe_but("\"/cafes/{slug}\"", "\"cafes/{slug}\"")),
        ("a path without a slug", cafe_but("\"/cafes/{slug}\"", "\"/cafes/{year}\"")),
        ("a slug in the middle", cafe_but("\"/cafes/{slug}\"", "\"/{slug}/cafes\"")),
        ("two slugs", cafe_but("\"/cafes/{slug}\"", "\"/{slug}/{slug}\"")),
        ("an unknown token", cafe_but("\"/cafes/{slug}\"", "\"/{title}/{slug}\"")),
        ("an open brace", cafe_but("\"/cafes/{slug}\"", "\"/cafes/{slug\"")),
        ("a path with a space", cafe_but("\"/cafes/{slug}\"", "\"/our cafes/{slug}\"")),
        ("an empty segment", cafe_but("\"/cafes/{slug}\"", "\"/cafes//{slug}\"")),
        ("a dot segment", cafe_but("\"/cafes/{slug}\"", "\"/../{slug}\"")),
        ("a prefix in the middle", cafe_but("\"/cafes/{slug}\"", "\"/cafes/{parent.path}/{slug}\"")),
        ("a prefix glued to the slug", cafe_but("\"/cafes/{slug}\"", "\"/{parent.path}{slug}\"")),
        ("a prefix of nothing", cafe_but("\"/cafes/{slug}\"", "\"/{city.path}/{slug}\"")),
        ("an unknown layout", cafe_but("\"page\"", "\"pages\"")),
        ("a schema type in lower case", cafe_but("\"Place\"", "\"place\"")),
        ("a switch that is text", vec![cafe("sitemap = \"yes\"\n")]),
        ("a listing without a path", vec![cafe("listing = { per_page = 5 }\n")]),
        ("a listing with a slash at its end", vec![cafe("listing = { path = \"/cafes/\" }\n")]),
        ("a listing of nothing", vec![cafe("listing = { path = \"/cafes\", per_page = 0 }\n")]),
        ("a listing too long", vec![cafe("listing = { path = \"/cafes\", per_page = 10.5, order = 1 }\n")]),
        ("a sort by nothing", vec![cafe("listing = { path = \"/cafes\", sort = \"-publised\" }\n")]),
        ("a title of an unknown token", vec![cafe("head = { title = \"{titel} | {site}\" }\n")]),
        ("a title of an unknown field", vec![cafe("head.titles.fa = \"{title}، {district}\"\n")]),
        ("a description with an open brace", vec![cafe("head = { description = \"{summary\" }\n")]),
        ("a head with an unknown key", vec![cafe("head = { titel = \"{title}\" }\n")]),
        ("a title in no locale", vec![cafe("head.titles.persian1 = \"{title}\"\n")]),
        ("a group that isn't there", vec![cafe("include = [\"contact\"]\n")]),
        ("an include that is text", vec![cafe("include = \"contact\"\n")]),
    ]
}

fn wrong_fields() -> Vec<(&'static str, Vec<SourceFile>)> {
    vec![
        ("a field without a name", cafe_with("kind = \"line\"")),
        ("a field with a core name", cafe_with("name = \"title\"\nkind = \"line\"")),
        ("a field with a hyphen", cafe_with("name = \"price-range\"\nkind = \"line\"")),
        ("a field without a kind", cafe_with("name = \"menu\"")),
        ("a mistyped kind", cafe_with("name = \"menu\"\nkind = \"numbr\"")),
        ("a kind from elsewhere", cafe_with("name = \"menu\"\nkind = \"reference\"")),
        ("a mistyped key of a field", cafe_with("name = \"menu\"\nkind = \"line\"\nrequried = true")),
        (
            "a name twice",
            cafe_with("name = \"menu\"\nkind = \"line\"\n[[field]]\nname = \"menu\"\nkind = \"text\""),
        ),
        ("a relation to nothing", cafe_with("name = \"city\"\nkind = \"relation\"")),
        ("a relation to an unknown type", cafe_with("name = \"city\"\nkind = \"relation\"\nto = \"citty\"")),
        ("a target of a line", cafe_with("name = \"city\"\nkind = \"line\"\nto = \"city\"")),
        ("a choice of nothing", cafe_with("name = \"mood\"\nkind = \"choice\"")),
        ("an empty choice", cafe_with("name = \"mood\"\nkind = \"choice\"\nchoices = []")),
        ("a choice twice", cafe_with("name = \"mood\"\nkind = \"choice\"\nchoices = [\"calm\", \"calm\"]")),
        ("a choice in capitals", cafe_with("name = \"mood\"\nkind = \"choice\"\nchoices = [\"Very calm\"]")),
        (
            "a choice without a value",
            cafe_with("name = \"mood\"\nkind = \"choice\"\nchoices = [{ label = \"Calm\" }]"),
        ),
        (
            "a choice with a wrong schema type",
            cafe_with(
                "name = \"mood\"\nkind = \"choice\"\nchoices = [{ value = \"calm\", schema = \"calm\", when = 1 }]",
            ),
        ),
        ("choices of a line", cafe_with("name = \"mood\"\nkind = \"line\"\nchoices = [\"calm\"]")),
        ("a filter by text", cafe_with("name = \"menu\"\nkind = \"text\"\nfilter = true")),
        (
            "a sort by a relation",
            cafe_with("name = \"city\"\nkind = \"relation\"\nto = \"city\"\nsort = true"),
        ),
        ("a sort by any money", cafe_with("name = \"price\"\nkind = \"money\"\nsort = true")),
        ("many lines", cafe_with("name = \"menu\"\nkind = \"line\"\nmany = true")),
        ("a bound of a date", cafe_with("name = \"since\"\nkind = \"date\"\nmin = 3")),
        ("a bound below zero", cafe_with("name = \"menu\"\nkind = \"line\"\nmax = -3")),
        ("a bound that is text", cafe_with("name = \"seats\"\nkind = \"number\"\nmin = \"3\"")),
        ("bounds turned round", cafe_with("name = \"seats\"\nkind = \"number\"\nmin = 9\nmax = 3")),
        ("a currency of a number", cafe_with("name = \"seats\"\nkind = \"number\"\ncurrency = \"EUR\"")),
        ("a currency in words", cafe_with("name = \"price\"\nkind = \"money\"\ncurrency = \"Euro\"")),
        ("a schema property in capitals", cafe_with("name = \"menu\"\nkind = \"url\"\nschema = \"Menu\"")),
        ("a label in no locale", cafe_with("name = \"menu\"\nkind = \"url\"\nlabels.Farsi = \"منو\"")),
        ("a help in no locale", cafe_with("name = \"menu\"\nkind = \"url\"\nhelps.Farsi = \"منو\"")),
        ("a help with a template", cafe_with("name = \"menu\"\nkind = \"url\"\nhelp = \"${menu}\"")),
    ]
}

fn wrong_together() -> Vec<(&'static str, Vec<SourceFile>)> {
    let group = |text: &str| SourceFile::new("groups/contact.toml", text);
    let placed = |field: &str| {
        let head = HEAD.replace("\"page\"", "\"place\"");
        vec![SourceFile::new("types/cafe.toml", format!("{head}{field}")), other("city", "/{slug}", "")]
    };
    let below = |field: &str| {
        let head = HEAD.replace("/cafes/", "/{up.path}/");
        vec![SourceFile::new("types/cafe.toml", format!("{head}{field}")), other("city", "/{slug}", "")]
    };
    vec![
        ("a layout without what it needs", placed("")),
        ("a need of another kind", placed("[[field]]\nname = \"city\"\nkind = \"line\"\n")),
        (
            "an optional need of another kind, in a group",
            vec![
                SourceFile::new(
                    "types/cafe.toml",
                    HEAD.replace("\"page\"", "\"profile\"") + "include = [\"contact\"]\n",
                ),
                group("[[field]]\nname = \"job_title\"\nkind = \"text\"\n"),
            ],
        ),
        (
            "a need with a fault of its own is told once",
            placed("[[field]]\nname = \"city\"\nkind = \"relatoin\"\n"),
        ),
        ("a prefix that is a line", below("[[field]]\nname = \"up\"\nkind = \"line\"\n")),
        (
            "a prefix that may be empty",
            below("[[field]]\nname = \"up\"\nkind = \"relation\"\nto = \"city\"\n"),
        ),
        (
            "a prefix that leads to many",
            below(
                "[[field]]\nname = \"up\"\nkind = \"relation\"\nto = \"city\"\nmany = true\nrequired = true\n",
            ),
        ),
        ("a prefix of itself", vec![other("area", "/{up.path}/{slug}", &relation("area"))]),
        (
            "a circle of three",
            vec![
                other("a", "/{up.path}/{slug}", &relation("b")),
                other("b", "/{up.path}/{slug}", &relation("c")),
                other("c", "/{up.path}/{slug}", &relation("a")),
                other("d", "/{up.path}/{slug}", &relation("a")),
            ],
        ),
        (
            "one listing path for two types",
            vec![
                other("bar", "/bars/{slug}", "listing = { path = \"/out\" }\n"),
                other("cafe", "/cafes/{slug}", "listing = { path = \"/out\" }\n"),
            ],
        ),
        (
            "a listing sorted by a field that isn't marked",
            vec![cafe(
                "listing = { path = \"/cafes\", sort = \"seats\" }\n[[field]]\nname = \"seats\"\nkind = \"number\"\n",
            )],
        ),
        ("a group without fields", vec![cafe(""), group("")]),
        (
            "a group that includes",
            vec![cafe(""), group("include = [\"geo\"]\n[[field]]\nname = \"fax\"\nkind = \"phone\"\n")],
        ),
        (
            "a group that brings a name again",
            vec![
                cafe("include = [\"contact\", \"contact\"]\n[[field]]\nname = \"fax\"\nkind = \"phone\"\n"),
                group("[[field]]\nname = \"fax\"\nkind = \"phone\"\n"),
            ],
        ),
        (
            "a fault of a group is told once",
            vec![
                cafe("include = [\"contact\"]\n"),
                other("bar", "/bars/{slug}", "include = [\"contact\"]\n"),
                group("[[field]]\nname = \"owner\"\nkind = \"relation\"\nto = \"persn\"\n"),
                other("person", "/people/{slug}", ""),
            ],
        ),
        (
            "every fault at once",
            vec![
                SourceFile::new(
                    "types/cafe.toml",
                    "layout = 3\nfeed = 1\n[[field]]\nname = \"x\"\nkind = \"y\"\nmax = true\n[[field]]\nname = \"bar\"\nkind = \"relation\"\nto = \"barr\"\n",
                ),
                other("bar", "bars", "[[field]]\nname = \"slug\"\nkind = \"line\"\n"),
            ],
        ),
        ("a file twice", vec![cafe(""), cafe("")]),
    ]
}

#[test]
fn every_wrong_file_is_refused_with_its_line_and_reason() {
    let cases = wrong_files();
    assert!(cases.len() >= 80, "{}", cases.len());
    let mut table = String::new();
    for (name, files) in cases {
        let problems = match Types::load(&files, LAYOUTS) {
            Ok(_) => panic!("{name}: loaded"),
            Err(problems) => problems,
        };
        for problem in &problems.0 {
            assert!(problem.file.is_some() && !problem.reason.ends_with('.'), "{name}: {problem}");
        }
        writeln!(table, "# {name}\n{problems}\n").expect("memory");
    }
    insta::assert_snapshot!(table);
}

#[test]
fn a_right_file_is_read_as_it_stands() {
    let text = r#"
label      = { one = "Café", many = "Cafés" }
labels.fa  = { one = "کافه", many = "کافه‌ها" }
labels.pt-BR = { one = "Café", many = "Cafeterias" }
path       = "/{city.path}/{slug}"
layout     = "place"
schema     = "CafeOrCoffeeShop"
listing    = { path = "/cafes", per_page = 12, sort = "-opened_on" }
sitemap    = false
feed       = true
include    = ["contact"]

[[field]]
name = "city"
kind = "relation"
to = "city"
required = true

[[field]]
name = "opened_on"
kind = "date"
sort = true

[[field]]
name = "coffee_price"
kind = "money"
currency = "EUR"
min = 0.5
max = 0x10
help = "One cup."
helps.fa = "یک فنجان."
"#;
    let group = SourceFile::new("groups/contact.toml", "[[field]]\nname = \"fax\"\nkind = \"phone\"\n");
    let files = [SourceFile::new("types/cafe.toml", text), group, other("city", "/{slug}", "")];
    let types = Types::load(&files, LAYOUTS).unwrap_or_else(|problems| panic!("{problems}"));
    let cafe = types.get("cafe").expect("the type");
    assert_eq!(cafe.label_in("pt-BR"), &Label { one: "Café".to_owned(), many: "Cafeterias".to_owned() });
    assert_eq!(cafe.label_in("fa-AF").one, "کافه");
    assert_eq!((cafe.sitemap, cafe.feed, cafe.file.as_str()), (false, true, "types/cafe.toml"));
    let listing = cafe.listing.as_ref().expect("a listing");
    assert_eq!((listing.per_page, &listing.sort.by), (12, &SortBy::Field("opened_on".to_owned())));
    let names: Vec<(&str, &str, u32)> =
        cafe.fields.iter().map(|field| (field.name.as_str(), field.file.as_str(), field.line)).collect();
    assert_eq!(
        names,
        [
            ("city", "types/cafe.toml", 13),
            ("opened_on", "types/cafe.toml", 19),
            ("coffee_price", "types/cafe.toml", 24),
            ("fax", "groups/contact.toml", 1),
        ]
    );
    let price = cafe.field("coffee_price").expect("the field");
    assert_eq!((price.min, price.max, price.currency.as_deref()), (Some(0.5), Some(16.0), Some("EUR")));
    assert_eq!((price.label.as_str(), price.help.as_deref()), ("Coffee price", Some("One cup.")));
    assert_eq!((price.help_in("fa-IR"), price.help_in("pt")), (Some("یک فنجان."), Some("One cup.")));
}

#[test]
fn what_is_left_out_has_a_default() {
    let types = Types::load(&[cafe("listing = { path = \"/cafes\" }\n")], LAYOUTS).expect("right files");
    let cafe = types.get("cafe").expect("the type");
    let listing = cafe.listing.as_ref().expect("a listing");
    assert_eq!((listing.per_page, &listing.sort.by, listing.sort.descending), (24, &SortBy::Published, true));
    assert_eq!((cafe.sitemap, cafe.feed, cafe.fields.len()), (true, false, 0));
    assert_eq!(Types::load(&[], LAYOUTS).map(|types| types.iter().count()), Ok(0));
}

/// All keys of type files, for the test of the documentation.
pub(in crate::schema) fn all_keys() -> Vec<&'static str> {
    let lists: [&[&'static str]; 6] = [
        &type_file::TYPE_KEYS,
        &type_file::LABEL_KEYS,
        &type_file::LISTING_KEYS,
        &super::head_table::HEAD_KEYS,
        &field_table::FIELD_KEYS,
        &field_table::CHOICE_KEYS,
    ];
    lists.concat()
}
