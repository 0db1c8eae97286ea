//! Each kind on every surface, as reviewed snapshots.

use std::fmt::Write;

use askama::Template;
use serde_json::{Value as Json, json};

use super::super::{
    FormControl, Kind, LAYOUTS, Link, LinkedData, LinkedEntry, RelationRef, ShowWith, Types, Value,
    field_schema, form_control, index_value, linked_properties, linked_value, search_text, show_value,
};
use super::{field, value};
use crate::text::SafeHtml;

/// One value of each kind, with something to escape wherever text can stand.
fn examples() -> Vec<Value> {
    [
        (Kind::Line, json!("Tea & <b>cakes</b>")),
        (Kind::Text, json!("Tea & cakes\n<script>alert(1)</script>")),
        (Kind::Markdown, json!("# Tea\n\nand **cakes** <b>now</b>\n\n- one\n- two")),
        (Kind::Number, json!(1234567.5)),
        (Kind::Money, json!("1250.50 EUR")),
        (Kind::Date, json!("2026-03-20")),
        (Kind::DateTime, json!("2026-03-20T09:30:00Z")),
        (Kind::Choice, json!("cafe")),
        (Kind::Boolean, json!(true)),
        (Kind::Url, json!("https://www.example.org/?a=1&b=2")),
        (Kind::Email, json!("tea+cakes%@example.org")),
        (Kind::Phone, json!("+98 21 6670 1872")),
        (Kind::Image, json!({ "src": "/media/a.jpg", "alt": "A \"cup\"", "caption": "Tea & <i>", "credit": "Leila" })),
        (Kind::Gallery, json!(["/media/a.jpg", "https://example.org/b.jpg"])),
        (Kind::Geo, json!("35.7,-51.4")),
        (
            Kind::Address,
            json!({ "street": "Jomhuri <1>", "locality": "Tehran", "region": "Tehran", "postal_code": "11456", "country": "IR" }),
        ),
        (
            Kind::Hours,
            json!("sa-we 09:00-12:00,13:00-18:00; th 18:00-03:00; 2026-03-20..2026-04-02 closed; 2026-04-03 24h; Asia/Tehran"),
        ),
        (Kind::Faq, json!([{ "question": "Dogs & <cats>?", "answer": "**Yes**" }])),
        (Kind::Relation, json!([1, 2, "gone"])),
        (
            Kind::Video,
            json!({ "url": "https://youtu.be/dQw4w9WgXcQ", "title": "Tea & <b>", "uploaded": "2026-03-01" }),
        ),
    ]
    .into_iter()
    .map(|(kind, raw)| value(kind, raw))
    .collect()
}

fn name_of(found: &RelationRef) -> Option<&'static str> {
    match found {
        RelationRef::Id(1) => Some("Tehran & <b>"),
        RelationRef::Id(2) => Some("شیراز"),
        _ => None,
    }
}

/// Shows every example, one a line.
fn shown(locale: &str) -> String {
    let markdown = |_: &str| SafeHtml::default();
    let entry = |found: &RelationRef| {
        Some(Link { href: "/city?a&b".to_owned(), text: name_of(found)?.to_owned(), ltr: false })
    };
    let with = ShowWith { locale, markdown: &markdown, entry: &entry };
    let mut table = String::new();
    for value in examples() {
        let html = show_value(&field(value.kind()), &value, &with).render().expect("HTML");
        writeln!(table, "{}: {html}", value.kind()).expect("memory");
    }
    table
}

#[test]
fn every_kind_is_shown_in_english_and_escaped() {
    insta::assert_snapshot!(shown("en"));
}

#[test]
fn every_kind_is_shown_in_persian() {
    insta::assert_snapshot!(shown("fa"));
}

fn linked(value: &Value) -> Option<Json> {
    let absolute = |path: &str| format!("https://site.example{path}");
    let entry = |found: &RelationRef| {
        Some(LinkedEntry {
            schema: "City".to_owned(),
            id: "https://site.example/city#entry".to_owned(),
            name: name_of(found)?.to_owned(),
            url: "https://site.example/city".to_owned(),
        })
    };
    linked_value(
        &field(value.kind()),
        value,
        &LinkedData { locale: "en", absolute: &absolute, entry: &entry },
    )
}

#[test]
fn every_kind_is_said_in_json_ld() {
    let mut table = String::new();
    for value in examples() {
        let json = linked(&value).map_or_else(|| "nothing".to_owned(), |json| format!("{json:#}"));
        writeln!(table, "{}: {json}", value.kind()).expect("memory");
    }
    insta::assert_snapshot!(table);
}

#[test]
fn what_search_engines_would_refuse_is_not_said() {
    assert_eq!(linked(&value(Kind::Video, json!("https://youtu.be/dQw4w9WgXcQ"))), None);
    let undated = json!({ "url": "/media/a.mp4", "title": "Tea", "uploaded": "2026-03-01" });
    assert_eq!(linked(&value(Kind::Video, undated)), None);
    assert_eq!(linked(&value(Kind::Relation, json!("gone"))), None);
    let whole = linked(&value(Kind::Hours, json!("daily 24h"))).expect("hours");
    assert_eq!((&whole[0]["opens"], &whole[0]["closes"]), (&json!("00:00"), &json!("23:59")));
}

#[test]
fn the_properties_of_a_place_are_one_graph() {
    let types = Types::load(&super::shipped_files(), LAYOUTS).expect("right files");
    let place = types.get("place").expect("the type");
    let raw = json!({
        "business_type": "cafe", "city": 1, "area": 2, "telephone": "+98 21 6670 1872",
        "geo": "35.69,51.42", "gallery": ["/media/a.jpg", "/media/b.jpg"], "price_range": "€€",
        "address": { "street": "Jomhuri 1", "locality": "Tehran", "country": "IR" },
        "hours": "sa-th 09:00-18:00", "website": "https://example.org/",
    });
    let (values, problems) = place.read(raw.as_object().expect("a table"));
    assert!(problems.is_empty(), "{problems}");
    let absolute = |path: &str| format!("https://site.example{path}");
    let entry = |found: &RelationRef| {
        let name = name_of(found)?.to_owned();
        let url = format!("https://site.example/{}", found.id()?);
        Some(LinkedEntry { schema: "City".to_owned(), id: format!("{url}#entry"), name, url })
    };
    let properties = linked_properties(
        &place.fields,
        &values,
        &LinkedData { locale: "en", absolute: &absolute, entry: &entry },
    );
    insta::assert_snapshot!(format!("{:#}", Json::Object(properties)));
}

#[test]
fn one_price_is_said_as_the_property_wants_it() {
    let money = value(Kind::Money, json!("25 EUR"));
    let said = |property: &str| {
        let mut field = field(Kind::Money);
        field.schema = Some(property.to_owned());
        let absolute = |path: &str| path.to_owned();
        let with = LinkedData { locale: "en", absolute: &absolute, entry: &|_| None };
        linked_value(&field, &money, &with).expect("a price").to_string()
    };
    insta::assert_snapshot!(
        ["offers", "priceSpecification", "priceRange", "estimatedCost"].map(said).join("\n")
    );
}

#[test]
fn every_kind_is_searched_indexed_and_edited() {
    let mut table = String::new();
    for value in examples() {
        let field = field(value.kind());
        writeln!(table, "{}", value.kind()).expect("memory");
        writeln!(table, "  search  {}", search_text(&field, &value)).expect("memory");
        writeln!(table, "  index   {:?}", index_value(&value)).expect("memory");
        writeln!(table, "  control {:?}", form_control(&field, "fa")).expect("memory");
        writeln!(table, "  schema  {}", field_schema(&field)).expect("memory");
    }
    insta::assert_snapshot!(table);
}

#[test]
fn bounds_reach_the_form_and_the_schema() {
    let mut line = field(Kind::Line);
    (line.min, line.max, line.help) = (Some(1.0), Some(2.0), Some("Two letters.".to_owned()));
    let FormControl::Input { input, attributes } = form_control(&line, "en") else { panic!("an input") };
    assert_eq!(input.name(), "text");
    assert_eq!(attributes, [("minlength", "1".to_owned()), ("maxlength", "2".to_owned())]);
    let schema = field_schema(&line);
    assert_eq!((&schema["minLength"], &schema["maxLength"]), (&json!(1), &json!(2)));
    assert_eq!(schema["description"], json!("Two letters."));
}
