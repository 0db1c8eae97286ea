//! What holds for every value.

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use time::Date;

use super::super::values::text;
use super::super::{
    Address, ClockTime, Day, Duration, Geo, Hours, ImageRef, ImageRights, Kind, Money, Opening, Period,
    Phone, Question, RelationRef, Special, Value, Video, index_value, read_cell, read_value, search_text,
    write_value,
};
use super::field;
use crate::clock::Time;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn what_is_written_reads_back_to_the_same_value(value in any_value()) {
        let field = field(value.kind());
        let read = read_value(&field, &write_value(&value));
        prop_assert_eq!(read, Ok(Some(value)));
    }

    #[test]
    fn the_canonical_json_survives_its_text(value in any_value()) {
        let json: Json = serde_json::from_str(&write_value(&value).to_string()).expect("JSON");
        prop_assert_eq!(read_value(&field(value.kind()), &json), Ok(Some(value)));
    }

    #[test]
    fn hours_read_back_from_their_one_line_form(hours in hours()) {
        prop_assert_eq!(Hours::parse(&hours.to_string()), Ok(hours));
    }

    #[test]
    fn a_list_is_sorted_by_every_kind_that_says_so(value in any_value()) {
        prop_assert_eq!(index_value(&value).is_some(), value.kind().can_sort());
    }

    #[test]
    fn no_json_makes_a_kind_panic(kind in kind(), json in any_json()) {
        if let Ok(Some(value)) = read_value(&field(kind), &json) {
            prop_assert_eq!(value.kind(), kind);
            prop_assert_eq!(read_value(&field(kind), &write_value(&value)), Ok(Some(value.clone())));
            search_text(&field(kind), &value);
        }
    }

    #[test]
    fn no_cell_makes_a_kind_panic(kind in kind(), cell in hostile()) {
        if let Ok(Some(value)) = read_cell(&field(kind), &cell) {
            prop_assert_eq!(read_value(&field(kind), &write_value(&value)), Ok(Some(value)));
        }
    }

    #[test]
    fn text_is_cleaned_once_and_for_all(raw in hostile()) {
        for clean in [text::line, text::lines, text::markdown] {
            if let Ok(once) = clean(&raw) {
                prop_assert_eq!(clean(&once), Ok(once));
            }
        }
    }
}

#[test]
fn dates_at_the_edges_of_the_calendar_are_refused_not_mangled() {
    let datetime = |text: &str| read_value(&field(Kind::DateTime), &json!(text)).is_ok();
    assert!(datetime("0001-01-01T00:00:00Z"));
    assert!(datetime("9999-12-31T23:59:59Z"));
    for text in ["0000-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2025-01-01+xxxxé", "-0001-01-01"]
    {
        assert!(!datetime(text), "{text}");
        assert!(read_value(&field(Kind::Date), &json!(text)).is_err(), "{text}");
    }
}

fn kind() -> impl Strategy<Value = Kind> {
    prop::sample::select(Kind::ALL.to_vec())
}

/// Text that tries to be something else.
fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ -~\\n\\t]{0,40}",
        "[0-9+():;,./|a-z -]{0,40}",
        "(mo|tu|su|daily|2026-03-0[1-9])(-(fr|sa))?( [0-2]?[0-9]:[0-5][0-9]-[0-2]?[0-9]:[0-5][0-9],?){0,2}",
        "(https?|javascript|data|ftp)?:?//?[a-z.@:/?#%é\\\\-]{0,30}",
        "[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.+Zé-]{0,12})?",
        "[\\[{]\"[a-z]{1,8}\":?[0-9\"]{0,5}[\\]}]",
    ]
}

fn any_json() -> impl Strategy<Value = Json> {
    let key = prop::sample::select(vec![
        "src",
        "alt",
        "latitude",
        "longitude",
        "amount",
        "currency",
        "street",
        "country",
        "week",
        "days",
        "opens",
        "closes",
        "special",
        "date",
        "closed",
        "question",
        "answer",
        "url",
        "title",
        "uploaded",
    ]);
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        hostile().prop_map(Json::from),
    ];
    leaf.prop_recursive(3, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::vec((key.clone(), inner), 0..4)
                .prop_map(|pairs| Json::Object(pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())),
        ]
    })
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        line().prop_map(Value::Line),
        clean(text::lines).prop_map(Value::Text),
        clean(text::markdown).prop_map(Value::Markdown),
        prop_oneof![any::<i32>().prop_map(f64::from), prop::num::f64::NORMAL].prop_map(Value::Number),
        money().prop_map(Value::Money),
        date().prop_map(Value::Date),
        (-62_135_596_800i64..=253_402_300_799).prop_map(|seconds| Value::DateTime(Time(seconds * 1000))),
        prop::sample::select(vec!["cafe", "hotel"]).prop_map(|choice| Value::Choice(choice.to_owned())),
        any::<bool>().prop_map(Value::Boolean),
        "https://[a-z]{1,9}\\.org/[a-z0-9]{0,9}".prop_map(Value::Url),
        "[a-z0-9]{1,9}(\\.[a-z]{1,5})?@[a-z]{1,9}\\.(org|ir)".prop_map(Value::Email),
        "\\+[1-9]([0-9] ?){7,12}[0-9]"
            .prop_map(|phone| Value::Phone(Phone::parse(&phone).expect("a telephone"))),
        image().prop_map(Value::Image),
        prop::collection::vec(image(), 1..4).prop_map(Value::Gallery),
        (-90.0..=90.0, -180.0..=180.0).prop_map(|(a, b)| Value::Geo(Geo::new(a, b).expect("a point"))),
        address().prop_map(Value::Address),
        hours().prop_map(Value::Hours),
        prop::collection::vec((line(), clean(text::markdown)), 1..4).prop_map(|items| {
            Value::Faq(items.into_iter().map(|(question, answer)| Question { question, answer }).collect())
        }),
        prop::collection::btree_set(reference(), 1..4)
            .prop_map(|refs| Value::Relation(refs.into_iter().collect())),
        video().prop_map(Value::Video),
    ]
}

fn clean(clean: fn(&str) -> Result<String, String>) -> impl Strategy<Value = String> {
    any::<String>()
        .prop_filter_map("no text", move |raw| clean(&raw).ok().filter(|text| !text.trim().is_empty()))
}

fn line() -> impl Strategy<Value = String> {
    clean(text::line)
}

fn maybe_line() -> impl Strategy<Value = Option<String>> {
    prop::option::of(line())
}

fn money() -> impl Strategy<Value = Money> {
    ("(0|[1-9][0-9]{0,14})(\\.[0-9]{1,4})?", "[A-Z]{3}")
        .prop_map(|(amount, currency)| Money { amount, currency })
}

fn date() -> impl Strategy<Value = Date> {
    (1i32..=9999, 1u16..=365).prop_map(|(year, day)| Date::from_ordinal_date(year, day).expect("a day"))
}

fn image() -> impl Strategy<Value = ImageRef> {
    let src = "(/media/[0-9a-f]{16}/|https://example\\.org/|\\.\\./|)[a-z]{1,9}\\.jpg";
    (src, prop_oneof![Just(String::new()), line()], maybe_line(), maybe_line(), rights())
        .prop_map(|(src, alt, caption, credit, rights)| ImageRef { src, alt, caption, credit, rights })
}

fn rights() -> impl Strategy<Value = ImageRights> {
    let address = || prop::option::of("(https://example\\.org|)/[a-z]{1,9}");
    (maybe_line(), maybe_line(), address(), address()).prop_map(
        |(creator, copyright, license, license_page)| ImageRights {
            creator,
            copyright,
            license,
            license_page,
        },
    )
}

fn address() -> impl Strategy<Value = Address> {
    let country = prop::sample::select(vec!["IR", "DE", "US", "XK"]).prop_map(str::to_owned);
    (maybe_line(), line(), maybe_line(), maybe_line(), prop::option::of(country)).prop_map(
        |(street, locality, region, postal_code, country)| Address {
            street,
            locality: Some(locality),
            region,
            postal_code,
            country,
        },
    )
}

fn period() -> impl Strategy<Value = Period> {
    let time =
        |minutes: u16| ClockTime::parse(&format!("{:02}:{:02}", minutes / 60, minutes % 60)).expect("a time");
    (0u16..1440, 0u16..=1440)
        .prop_filter_map("no length", move |(opens, closes)| Period::new(time(opens), time(closes)).ok())
}

fn hours() -> impl Strategy<Value = Hours> {
    let opening = (prop::sample::subsequence(Day::ALL.to_vec(), 1..=7), period())
        .prop_map(|(days, period)| Opening { days, period });
    let special = (date(), prop::option::of(period())).prop_map(|(from, period)| {
        let through = from.next_day().unwrap_or(from);
        Special { from, through, period }
    });
    let zone = prop::option::of(Just("Asia/Tehran".to_owned()));
    (zone, prop::collection::vec(opening, 0..3), prop::collection::vec(special, 0..3))
        .prop_filter_map("contradicts itself", |(time_zone, week, special)| {
            Hours { time_zone, week, special }.checked().ok()
        })
}

fn reference() -> impl Strategy<Value = RelationRef> {
    prop_oneof![line().prop_map(RelationRef::Key), (1..i64::MAX).prop_map(RelationRef::Id)]
}

fn video() -> impl Strategy<Value = Video> {
    let address = prop::sample::select(vec![
        "https://youtu.be/dQw4w9WgXcQ",
        "https://vimeo.com/76979871/abcdef",
        "https://www.aparat.com/v/x1y2z",
        "/media/0123456789abcdef/film.mp4",
    ]);
    let thumbnail = prop::option::of(Just("/media/a.jpg".to_owned()));
    let duration = prop::option::of((1u32..100_000).prop_map(Duration));
    (address, maybe_line(), thumbnail, prop::option::of(date()), maybe_line(), duration).prop_map(
        |(address, title, thumbnail, uploaded, description, duration)| Video {
            title,
            thumbnail,
            uploaded,
            description,
            duration,
            ..Video::at(address).expect("a video")
        },
    )
}
