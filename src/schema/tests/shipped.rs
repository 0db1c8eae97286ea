//! The types that come with Atlas.

use serde_json::json;

use super::super::{LAYOUTS, PrefixSource, Sort, SortBy, Types, type_schema};
use super::shipped_files;

fn types() -> Types {
    Types::load(&shipped_files(), LAYOUTS).unwrap_or_else(|problems| panic!("{problems}"))
}

#[test]
fn thirteen_types_are_shipped_and_right() {
    let types = types();
    let table: Vec<String> = types
        .iter()
        .map(|ty| {
            let listing = ty.listing.as_ref().map_or("-", |listing| &listing.path);
            let fields: Vec<&str> = ty.fields.iter().map(|field| field.name.as_str()).collect();
            format!(
                "{} | {} | {} | {} | {} | {listing} | {}",
                ty.name,
                ty.label.many,
                ty.path,
                ty.layout,
                ty.schema,
                fields.join(" ")
            )
        })
        .collect();
    insta::assert_snapshot!(table.join("\n"));
}

#[test]
fn every_type_field_and_choice_speaks_persian() {
    for ty in types().iter() {
        assert_ne!(ty.label_in("fa"), &ty.label, "{}", ty.name);
        assert_eq!(ty.label_in("fa-IR"), ty.label_in("fa"));
        assert_eq!(ty.label_in("de"), &ty.label);
        for field in &ty.fields {
            assert!(field.labels.contains_key("fa"), "{}.{}", ty.name, field.name);
            assert_eq!(field.help.is_some(), field.helps.contains_key("fa"), "{}.{}", ty.name, field.name);
            for choice in &field.choices {
                assert!(choice.labels.contains_key("fa"), "{}.{}.{}", ty.name, field.name, choice.value);
            }
        }
    }
}

#[test]
fn a_city_needs_nothing_but_what_the_table_of_cities_holds() {
    let types = types();
    let city = types.get("city").expect("the type");
    let row = json!({ "region": "IR", "geo": "35.75936,51.37601" });
    let (values, problems) = city.read(row.as_object().expect("a table"));
    assert!(problems.is_empty(), "{problems}");
    assert_eq!(values.len(), 2);
    assert_eq!(city.path.prefix_source(), PrefixSource::Field("region"));
    let listing = city.listing.as_ref().expect("a listing");
    assert_eq!(listing.sort, Sort { by: SortBy::Field("population".to_owned()), descending: true });
    assert_eq!(types.listed_at("/cities").map(|ty| ty.name.as_str()), Some("city"));
    assert!(types.listed_at("/elsewhere").is_none());
}

#[test]
fn reading_an_entry_collects_every_problem() {
    let types = types();
    let place = types.get("place").expect("the type");
    let raw = json!({
        "telephon": "+98 21 6670 1872",
        "email": "nobody",
        "business_type": "caffe",
        "hours": "mo-fr 9-25",
        "price_range": "€€",
        "zzz": 1,
    });
    let (values, problems) = place.read(raw.as_object().expect("a table"));
    insta::assert_snapshot!(problems.to_string());
    assert_eq!(values.keys().collect::<Vec<_>>(), ["price_range"]);
}

#[test]
fn a_choice_narrows_the_schema_type() {
    let types = types();
    let place = types.get("place").expect("the type");
    let read = |raw: serde_json::Value| place.read(raw.as_object().expect("a table")).0;
    assert_eq!(place.schema_of(&read(json!({}))), "LocalBusiness");
    assert_eq!(place.schema_of(&read(json!({ "business_type": "beauty-salon" }))), "BeautySalon");
}

#[test]
fn the_types_that_lead_to_a_type_are_known() {
    let types = types();
    let leading: Vec<String> =
        types.leading_to("city").map(|(ty, field)| format!("{}.{}", ty.name, field.name)).collect();
    assert_eq!(leading, ["area.city", "person.city", "place.city", "service.area_served"]);
}

#[test]
fn the_api_knows_the_shape_of_a_place() {
    let types = types();
    let schema = type_schema(types.get("place").expect("the type"));
    insta::assert_snapshot!(serde_json::to_string_pretty(&schema).expect("JSON"));
}
