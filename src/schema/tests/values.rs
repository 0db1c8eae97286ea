//! What each kind takes, and how it refuses the rest.

use std::fmt::Write;

use serde_json::{Value as Json, json};

use super::super::{Kind, RelationRef, Value, read_cell, write_value};
use super::{field, read, value};

fn canonical(kind: Kind, raw: Json) -> Json {
    write_value(&value(kind, raw))
}

#[test]
fn short_forms_mean_the_same_as_the_long_ones() {
    for (kind, short, long) in [
        (Kind::Geo, json!("35.7,51.4"), json!({ "latitude": 35.7, "longitude": 51.4 })),
        (Kind::Geo, json!([35.7, 51.4]), json!({ "latitude": 35.7, "longitude": 51.4 })),
        (Kind::Geo, json!("۳۵٫۷, ۵۱٫۴"), json!({ "latitude": 35.7, "longitude": 51.4 })),
        (Kind::Geo, json!([1.234567, -0.000001]), json!({ "latitude": 1.23457, "longitude": 0.0 })),
        (Kind::Money, json!("25 EUR"), json!({ "amount": "25", "currency": "EUR" })),
        (Kind::Money, json!("eur 019.90"), json!({ "amount": "19.90", "currency": "EUR" })),
        (Kind::Image, json!("/media/a.jpg"), json!({ "src": "/media/a.jpg" })),
        (Kind::Gallery, json!("a.jpg"), json!([{ "src": "a.jpg" }])),
        (Kind::Relation, json!("tehran"), json!(["tehran"])),
        (Kind::Relation, json!(["tehran", 42, "tehran", " "]), json!(["tehran", 42])),
        (Kind::Number, json!("۱۲٫۵"), json!(12.5)),
        (Kind::Number, json!(1250.0), json!(1250)),
        (Kind::Boolean, json!("yes"), json!(true)),
        (Kind::Date, json!("2026-03-01T09:00:00Z"), json!("2026-03-01")),
        (Kind::DateTime, json!("2026-03-01 09:00"), json!("2026-03-01T09:00:00Z")),
        (Kind::Line, json!(1984), json!("1984")),
        (Kind::Line, json!("  Cafe\u{301} "), json!("Café")),
        (Kind::Text, json!("one\r\ntwo\r"), json!("one\ntwo")),
        (Kind::Markdown, json!("\n\n    code\n\n"), json!("    code")),
        (
            Kind::Address,
            json!("Jomhuri St. 1|Tehran|||ir"),
            json!({ "street": "Jomhuri St. 1", "locality": "Tehran", "country": "IR" }),
        ),
        (
            Kind::Address,
            json!({ "postal_code": 10115, "locality": "Berlin" }),
            json!({ "locality": "Berlin", "postal_code": "10115" }),
        ),
    ] {
        assert_eq!(canonical(kind, short.clone()), long, "{kind} {short}");
        assert_eq!(canonical(kind, long.clone()), long, "{kind} {long}");
    }
}

#[test]
fn hours_are_read_from_one_line() {
    let table: Vec<String> = [
        "mo-fr 09:00-18:00; sa 10:00-14:00",
        "Mon-Fri 9-12,13:30-18",
        "sa-we 10:00–22:00; th 10:00-14:00; fr closed; Asia/Tehran",
        "24/7",
        "daily 24h",
        "fr,sa 18:00-03:00",
        "mo ۰۹:۰۰-۱۸:۰۰",
        "mo-fr 09:00-18:00; 2026-03-20..2026-04-02 closed; 2026-12-24 09:00-12:00,13:00-14:00",
    ]
    .into_iter()
    .map(|text| format!("{text}\n  {}", canonical(Kind::Hours, json!(text))))
    .collect();
    insta::assert_snapshot!(table.join("\n"));
}

#[test]
fn cells_are_read_as_a_table_writes_them() {
    for (kind, cell, expected) in [
        (Kind::Line, " Tehran ", json!("Tehran")),
        (Kind::Number, "29774", json!(29774)),
        (Kind::Geo, "35.75936,51.37601", json!({ "latitude": 35.75936, "longitude": 51.37601 })),
        (Kind::Geo, "{\"latitude\":1,\"longitude\":2}", json!({ "latitude": 1.0, "longitude": 2.0 })),
        (Kind::Gallery, "a.jpg| b.jpg |", json!([{ "src": "a.jpg" }, { "src": "b.jpg" }])),
        (Kind::Relation, "hair|Nail art", json!(["hair", "Nail art"])),
        (Kind::Relation, "1984", json!(["1984"])),
        (
            Kind::Hours,
            "mo 09:00-18:00",
            json!({ "week": [{ "days": ["mo"], "opens": "09:00", "closes": "18:00" }] }),
        ),
        (
            Kind::Faq,
            "Open late? :: Until **ten**. | Dogs? :: Yes",
            json!([
                { "question": "Open late?", "answer": "Until **ten**." },
                { "question": "Dogs?", "answer": "Yes" }
            ]),
        ),
        (Kind::Choice, "cafe", json!("cafe")),
        (Kind::Boolean, "No", json!(false)),
        (Kind::Address, "|Tehran", json!({ "locality": "Tehran" })),
    ] {
        let read = read_cell(&field(kind), cell).unwrap_or_else(|problem| panic!("{cell}: {problem}"));
        assert_eq!(write_value(&read.expect("a value")), expected, "{cell}");
    }
    for kind in Kind::ALL {
        assert_eq!(read_cell(&field(kind), "  "), Ok(None), "{kind}");
    }
    assert_eq!(read_cell(&field(Kind::Geo), ","), Ok(None));
    let mut one = field(Kind::Relation);
    one.many = false;
    let title = RelationRef::Key("Rock|Pop".to_owned());
    assert_eq!(read_cell(&one, "Rock|Pop"), Ok(Some(Value::Relation(vec![title]))));
}

#[test]
fn nothing_is_no_value_for_any_kind() {
    for kind in Kind::ALL {
        for nothing in [json!(null), json!(""), json!("  \n"), json!([]), json!({})] {
            assert_eq!(read(kind, nothing.clone()), Ok(None), "{kind} {nothing}");
        }
    }
}

#[test]
fn wrong_values_are_refused_with_the_right_form() {
    let day = |period: &str| json!(format!("mo {period}"));
    let mut table = String::new();
    for (kind, raw) in [
        (Kind::Line, json!("two\nlines")),
        (Kind::Line, json!("nul\u{0}")),
        (Kind::Line, json!(["list"])),
        (Kind::Text, json!("esc\u{1b}[31m")),
        (Kind::Markdown, json!({ "html": 1 })),
        (Kind::Number, json!("1,250")),
        (Kind::Number, json!("NaN")),
        (Kind::Number, json!(true)),
        (Kind::Money, json!(25)),
        (Kind::Money, json!("25 Euro")),
        (Kind::Money, json!("-25 EUR")),
        (Kind::Money, json!("1.23456 EUR")),
        (Kind::Money, json!("9999999999999999 EUR")),
        (Kind::Money, json!({ "amount": "1", "currency": "EUR", "vat": 19 })),
        (Kind::Date, json!("1 March 2026")),
        (Kind::Date, json!("2026-02-30")),
        (Kind::DateTime, json!("2026-03-01T25:00:00Z")),
        (Kind::Choice, json!("caffe")),
        (Kind::Boolean, json!("maybe")),
        (Kind::Image, json!({ "alt": "no picture" })),
        (Kind::Image, json!({ "src": "a.jpg", "title": "x" })),
        (Kind::Gallery, json!(["a.jpg", 5])),
        (Kind::Geo, json!("Tehran")),
        (Kind::Geo, json!([91, 0])),
        (Kind::Geo, json!({ "latitude": 1 })),
        (Kind::Geo, json!([1, 2, 3])),
        (Kind::Geo, json!("NaN,1")),
        (Kind::Address, json!({ "city": "Tehran" })),
        (Kind::Address, json!({ "country": "Iran" })),
        (Kind::Address, json!({ "country": "ZZ" })),
        (Kind::Address, json!("|||")),
        (Kind::Address, json!("a|b|c|d|DE|f")),
        (Kind::Hours, json!("always")),
        (Kind::Hours, day("09:00")),
        (Kind::Hours, day("09:00-25:00")),
        (Kind::Hours, day("09:00-09:00")),
        (Kind::Hours, day("24:00-09:00")),
        (Kind::Hours, day("09:00-18:00,17:00-20:00")),
        (Kind::Hours, json!("su 22:00-03:00; mo 02:00-04:00")),
        (Kind::Hours, json!("xx 09:00-18:00")),
        (Kind::Hours, json!("asia/tehran; mo 09:00-18:00")),
        (Kind::Hours, json!("2026-03-20 closed; 2026-03-20 09:00-12:00")),
        (Kind::Hours, json!("2026-03-20..2026-03-19 closed")),
        (Kind::Hours, json!({ "week": [{ "days": [], "opens": "09:00", "closes": "18:00" }] })),
        (Kind::Hours, json!({ "special": [{ "date": "2026-03-20", "closed": true, "opens": "09:00" }] })),
        (Kind::Hours, json!({ "special": [{ "from": "2026-03-20", "closed": true }] })),
        (Kind::Faq, json!([{ "question": "Why?" }])),
        (Kind::Faq, json!(["Why?"])),
        (Kind::Relation, json!(0)),
        (Kind::Relation, json!([{ "id": 4 }])),
    ] {
        match read(kind, raw.clone()) {
            Ok(read) => panic!("{kind} {raw}: {read:?}"),
            Err(fault) => writeln!(table, "{kind} {raw}\n  {fault}").expect("memory"),
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn bounds_and_counts_are_held() {
    let fault = |kind, min, max, raw| {
        let mut field = field(kind);
        (field.min, field.max) = (min, max);
        super::super::read_value(&field, &raw).map_err(|problem| problem.reason)
    };
    assert_eq!(fault(Kind::Number, Some(0.0), None, json!(-1)), Err("is -1; at least 0 is right".to_owned()));
    assert_eq!(
        fault(Kind::Line, None, Some(2.0), json!("IRN")),
        Err("has 3 characters; at most 2 is right".to_owned())
    );
    assert_eq!(
        fault(Kind::Gallery, Some(2.0), None, json!(["a.jpg"])),
        Err("has 1 items; at least 2 is right".to_owned())
    );
    let mut one = field(Kind::Relation);
    one.many = false;
    let read = super::super::read_value(&one, &json!(["a", "b"])).map_err(|problem| problem.reason);
    assert_eq!(read, Err("leads to 2 entries; one is right".to_owned()));
    let mut euros = field(Kind::Money);
    euros.currency = Some("EUR".to_owned());
    let read = |raw| super::super::read_value(&euros, &raw).map_err(|problem| problem.reason);
    assert_eq!(
        read(json!(25.5)).map(|money| write_value(&money.expect("money"))),
        Ok(json!({ "amount": "25.5", "currency": "EUR" }))
    );
    assert_eq!(read(json!("25 USD")), Err("is in USD; this field's amounts are in EUR".to_owned()));
}
