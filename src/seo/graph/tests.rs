use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::seo::hostile;

const ORIGIN: &str = "https://example.org";

fn url(path: &str) -> String {
    format!("{ORIGIN}{path}")
}

fn crumb(name: &str, path: &str) -> Crumb {
    Crumb { name: name.into(), url: url(path) }
}

fn link(schema: &str, name: &str, path: &str) -> Link {
    Link { schema: schema.into(), name: name.into(), url: url(path) }
}

fn item(name: &str, path: &str) -> Item {
    Item { name: name.into(), url: url(path), ..Item::default() }
}

fn picture() -> Picture {
    Picture {
        url: url("/media/0123456789abcdef/garden.jpg"),
        width: Some(1600),
        height: Some(900),
        alt: "The garden".into(),
        caption: Some("In May".into()),
        credit: Some("Leila / Atlas".into()),
        creator: Some("Leila".into()),
        copyright: Some("© 2026 Leila".into()),
        license: Some("https://creativecommons.org/licenses/by/4.0/".into()),
        license_page: Some(url("/licences")),
    }
}

fn site() -> Site {
    Site {
        origin: ORIGIN.into(),
        name: "Atlas".into(),
        alternate_names: vec!["The Atlas".into()],
        description: Some("Cafés and cities".into()),
        locales: vec!["en".into(), "fa".into()],
        organization: Organization {
            logo: Some(Picture { url: url("/static/logo.png"), ..Picture::default() }),
            details: vec![
                ("sameAs".into(), json!(["https://social.test/@atlas"])),
                ("email".into(), "hello@example.org".into()),
                ("vatID".into(), Value::Null),
            ],
            ..Organization::default()
        },
    }
}

fn page(path: &str, name: &str) -> Page {
    Page { url: url(path), name: name.into(), locale: "en".into(), ..Page::default() }
}

fn written(page: &Page, entity: Option<&Entity>) -> String {
    let graph = Graph::new(&site(), page, entity).to_value();
    format!("{:#}", graph["@graph"])
}

#[test]
fn the_document_names_its_vocabulary() {
    let site = Site { origin: ORIGIN.into(), name: "A & B".into(), ..Site::default() };
    let graph = Graph::new(&site, &page("/a", "A"), None);
    insta::assert_snapshot!(graph.to_json_ld());
}

#[test]
fn every_page_names_the_site_and_the_root_alone_describes_it() {
    insta::assert_snapshot!(written(&page("/", "Atlas"), None));
    let site_of =
        |path: &str| Graph::new(&site(), &page(path, "Atlas"), None).to_value()["@graph"][1].clone();
    for path in ["/fa", "/?page=2", "/tehran"] {
        let node = site_of(path);
        assert_eq!((&node["@type"], &node["name"]), (&json!("WebSite"), &json!("Atlas")), "{path}");
        assert_eq!(node["description"], Value::Null, "{path}");
    }
    assert_eq!(site_of("")["description"], json!("Cafés and cities"));
}

fn article_page() -> Page {
    Page {
        description: Some("Coffee since 1927.".into()),
        published: Time::parse("2026-03-01T09:00:00Z"),
        modified: Time::parse("2026-03-02T09:00:00Z"),
        pictures: vec![picture(), Picture { url: url("/media/1/two.jpg"), ..Picture::default() }],
        breadcrumb: vec![
            crumb("Home", "/"),
            crumb("Food", "/categories/food"),
            crumb("Café Naderi", "/naderi"),
        ],
        ..page("/naderi", "Café Naderi")
    }
}

fn article() -> Article {
    Article {
        types: vec!["BlogPosting".into()],
        authors: vec![
            Author {
                name: "Leila".into(),
                url: Some(url("/authors/leila")),
                same_as: vec!["https://social.test/@leila".into()],
                organization: false,
            },
            Author { name: "The team".into(), organization: true, ..Author::default() },
            Author::default(),
        ],
        sections: vec!["Food".into()],
        keywords: vec!["coffee".into(), "Tehran".into()],
        part_of: vec![link("CreativeWorkSeries", "On foot", "/series/on-foot")],
        words: Some(1200),
        extra: vec![],
    }
}

#[test]
fn an_article_is_linked_to_its_page_authors_and_publisher() {
    insta::assert_snapshot!(written(&article_page(), Some(&Entity::Article(article()))));
}

#[test]
fn a_category_is_a_collection_about_a_term() {
    let page = Page {
        kind: PageKind::CollectionPage,
        list: Some(List {
            name: None,
            before: 24,
            total: Some(26),
            items: vec![item("Café Naderi", "/naderi"), item("", "/untitled"), item("Café Gol", "/gol")],
        }),
        ..page("/categories/food?page=2", "Food")
    };
    let term = Term { set: Some(link("DefinedTermSet", "Categories", "/categories")), ..Term::default() };
    insta::assert_snapshot!(written(&page, Some(&Entity::Term(term))));
}

#[test]
fn an_author_has_a_profile_page() {
    let page = Page {
        kind: PageKind::ProfilePage,
        list: Some(List { items: vec![item("Café Naderi", "/naderi")], ..List::default() }),
        published: Time::parse("2026-03-01T09:00:00Z"),
        ..page("/authors/leila", "Leila")
    };
    let person = Person {
        job_title: Some("Editor".into()),
        identifier: Some("/authors/leila".into()),
        extra: vec![("sameAs".into(), json!(["https://social.test/@leila"]))],
        ..Person::default()
    };
    insta::assert_snapshot!(written(&page, Some(&Entity::Person(person))));
}

#[test]
fn a_place_is_a_business_inside_its_city_and_country() {
    let business = Business {
        types: vec!["CafeOrCoffeeShop".into(), "TouristAttraction".into()],
        telephone: Some("+98 21 6670 1872".into()),
        geo: Some((35.69439, 51.42151)),
        contained_in: vec![link("City", "Tehran", "/tehran"), link("Country", "Iran", "/iran")],
        extra: vec![
            (
                "address".into(),
                json!({ "@type": "PostalAddress", "streetAddress": "Jomhouri", "postalCode": null }),
            ),
            ("openingHoursSpecification".into(), json!([])),
            ("servesCuisine".into(), "Persian".into()),
            ("servesCuisine".into(), json!(["Italian", ""])),
            ("geo".into(), "not this one".into()),
            ("@id".into(), "nor this".into()),
        ],
    };
    let page = Page { pictures: vec![picture()], ..page("/tehran/naderi", "Café Naderi") };
    insta::assert_snapshot!(written(&page, Some(&Entity::Business(business))));
}

#[test]
fn a_city_lies_in_its_region() {
    let area = Area {
        types: vec!["City".into()],
        alternate_names: vec!["تهران".into()],
        geo: Some((35.7, 51.4)),
        contained_in: vec![link("AdministrativeArea", "Tehran Province", "/tehran-province")],
        extra: vec![],
    };
    insta::assert_snapshot!(written(&page("/tehran", "Tehran"), Some(&Entity::Area(area))));
}

#[test]
fn a_service_is_whose_it_is_said_to_be_and_else_nobodys() {
    let nobodys = Service {
        service_type: Some("Haircut".into()),
        area_served: vec![link("City", "Tehran", "/tehran")],
        ..Service::default()
    };
    let theirs = Service { provider: Some(link("BeautySalon", "Salon Gol", "/gol")), ..nobodys.clone() };
    let node = |service| {
        let graph = Graph::new(&site(), &page("/cuts", "Cuts"), Some(&Entity::Service(service))).to_value();
        graph["@graph"][3].clone()
    };
    assert_eq!(node(nobodys)["provider"], Value::Null);
    insta::assert_snapshot!(format!("{:#}", node(theirs)));
}

#[test]
fn a_list_with_pictures_of_three_or_more_is_said_in_full() {
    let shown = |name: &str, image: bool| Item {
        schema: "LocalBusiness".into(),
        image: image.then(|| url("/media/1/a.jpg")),
        ..item(name, &format!("/{name}"))
    };
    let list = |items: Vec<Item>| {
        let list = List { items, before: 24, total: Some(27), ..List::default() };
        let page = Page { kind: PageKind::CollectionPage, list: Some(list), ..page("/places", "Places") };
        let graph = Graph::new(&site(), &page, None).to_value();
        graph["@graph"].as_array().and_then(|nodes| nodes.last()).cloned().unwrap_or_default()
    };
    let full = list(vec![shown("a", true), shown("b", true), shown("c", true)]);
    insta::assert_snapshot!(format!("{full:#}"));
    for short in [
        vec![shown("a", true), shown("b", true)],
        vec![shown("a", true), shown("b", true), shown("c", false)],
        vec![shown("a", true), shown("b", true), Item { schema: String::new(), ..shown("c", true) }],
    ] {
        let items = list(short);
        let items = items["itemListElement"].as_array().expect("items");
        assert!(items.iter().all(|item| item["url"].is_string() && item["item"].is_null()), "{items:?}");
    }
}

#[test]
fn a_page_that_is_asked_to_names_its_questions() {
    let answer = json!({ "@type": "Answer", "text": "Since 1927." });
    let question = json!({ "@type": "Question", "name": "Is it old?", "acceptedAnswer": answer });
    let page = Page { questions: vec![question], ..page("/naderi", "Café Naderi") };
    let graph = Graph::new(&site(), &page, None).to_value();
    assert_eq!(graph["@graph"][2]["hasPart"], json!({ "@id": url("/naderi#faq") }));
    insta::assert_snapshot!(format!("{:#}", graph["@graph"][3]));
}

#[test]
fn a_page_about_the_publisher_says_so() {
    for (kind, main) in [
        (PageKind::AboutPage, json!({ "@id": url("/#organization") })),
        (PageKind::ContactPage, json!({ "@id": url("/#organization") })),
        (PageKind::WebPage, Value::Null),
    ] {
        let page = Page { kind, ..page("/about", "About") };
        let graph = Graph::new(&site(), &page, None).to_value();
        assert_eq!(
            (&graph["@graph"][2]["@type"], &graph["@graph"][2]["mainEntity"]),
            (&json!(kind.schema()), &main)
        );
        assert_eq!(PageKind::of_schema(kind.schema()), Some(kind));
    }
    assert_eq!(PageKind::of_schema("Article"), None);
}

#[test]
fn one_crumb_is_no_trail_and_crumbs_without_a_name_do_not_count() {
    let with = |breadcrumb| written(&Page { breadcrumb, ..page("/a", "A") }, None);
    assert!(!with(vec![crumb("Home", "/")]).contains("breadcrumb"));
    assert!(!with(vec![crumb("Home", "/"), crumb(" ", "/a")]).contains("breadcrumb"));
    assert!(with(vec![crumb("Home", "/"), crumb("A", "/a")]).contains("BreadcrumbList"));
}

#[test]
fn a_place_that_is_not_on_earth_has_no_coordinates() {
    assert_eq!(geo(-90.0, 180.0)["latitude"], json!("-90.00000"));
    assert_eq!(geo(35.7, 51.42151)["longitude"], json!("51.42151"));
    for (latitude, longitude) in [(90.1, 0.0), (0.0, -180.1), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
        assert_eq!(geo(latitude, longitude), Value::Null);
    }
}

/// Every way to be a page that the engine has, with one text in every place of a text.
fn pages_saying(text: &str) -> Vec<(Page, Option<Entity>)> {
    let extra = vec![("slogan".to_owned(), Value::from(text)), (text.to_owned(), Value::from(text))];
    let types = vec![text.to_owned()];
    let some = || Some(text.to_owned());
    let here = || Link { schema: text.into(), name: text.into(), url: url("/x") };
    let entities = [
        Entity::Article(Article {
            types: types.clone(),
            authors: vec![Author {
                name: text.into(),
                url: some(),
                same_as: types.clone(),
                organization: false,
            }],
            sections: types.clone(),
            part_of: vec![here()],
            keywords: types.clone(),
            words: Some(0),
            extra: extra.clone(),
        }),
        Entity::Person(Person {
            types: types.clone(),
            job_title: some(),
            identifier: some(),
            extra: extra.clone(),
        }),
        Entity::Business(Business {
            types: types.clone(),
            telephone: some(),
            geo: Some((f64::NAN, 0.0)),
            contained_in: vec![here(), here()],
            extra: extra.clone(),
        }),
        Entity::Area(Area { alternate_names: types.clone(), contained_in: vec![here()], ..Area::default() }),
        Entity::Service(Service { service_type: some(), area_served: vec![here()], ..Service::default() }),
        Entity::Term(Term { set: Some(here()), extra, ..Term::default() }),
    ];
    let kinds = [PageKind::WebPage, PageKind::CollectionPage, PageKind::ProfilePage];
    let page = |kind| Page {
        kind,
        url: url("/x"),
        name: text.into(),
        description: some(),
        locale: text.into(),
        published: Some(Time(i64::MIN)),
        modified: Some(Time(0)),
        pictures: vec![hostile_picture(text), Picture::default()],
        questions: vec![json!({ "@type": "Question", "name": text, "acceptedAnswer": null })],
        breadcrumb: vec![crumb(text, "/"), crumb(text, "/x")],
        list: Some(List { name: some(), items: vec![item(text, "/y")], ..List::default() }),
    };
    let filled = entities.into_iter().enumerate().map(|(n, entity)| (page(kinds[n % 3]), Some(entity)));
    filled.chain([(page(PageKind::ContactPage), None), (Page::default(), None)]).collect()
}

fn hostile_picture(text: &str) -> Picture {
    let some = || Some(text.to_owned());
    Picture {
        url: text.into(),
        alt: text.into(),
        caption: some(),
        credit: some(),
        creator: some(),
        copyright: some(),
        license: some(),
        license_page: some(),
        ..Picture::default()
    }
}

#[track_caller]
fn holds_its_laws(page: &Page, entity: Option<&Entity>) {
    let graph = Graph::new(&site(), page, entity);
    let printed = graph.to_json_ld().to_string();
    let read: Value = serde_json::from_str(&printed).expect("valid JSON");
    assert_eq!(read, graph.to_value(), "nothing is lost");
    assert!(!printed.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "nothing ends the script");
    assert_eq!(empty_value(&read), None);
    let (mut defined, mut referred) = (BTreeSet::new(), BTreeSet::new());
    for node in read["@graph"].as_array().expect("nodes") {
        assert!(defined.insert(node["@id"].to_string()), "one node an id: {}", node["@id"]);
        references(node, &mut referred);
    }
    assert!(referred.is_subset(&defined), "{referred:?} of {defined:?}");
}

/// Where a value is null or empty, if anywhere.
fn empty_value(value: &Value) -> Option<&Value> {
    match value {
        Value::Null => Some(value),
        Value::String(text) => text.is_empty().then_some(value),
        Value::Array(values) if !values.is_empty() => values.iter().find_map(empty_value),
        Value::Object(map) if !map.is_empty() => map.values().find_map(empty_value),
        Value::Bool(_) | Value::Number(_) => None,
        Value::Array(_) | Value::Object(_) => Some(value),
    }
}

/// The `@id`s of objects that say nothing else.
fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) if map.len() == 1 && map.contains_key("@id") => {
            found.insert(map["@id"].to_string());
        }
        Value::Object(map) => map.values().for_each(|value| references(value, found)),
        Value::Array(values) => values.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[test]
fn known_hostile_strings_stay_data() {
    for text in hostile::table() {
        for (page, entity) in pages_saying(&text) {
            holds_its_laws(&page, entity.as_ref());
        }
        let page = Page { kind: PageKind::WebPage, name: text.clone(), ..page("/x", "") };
        let graph = Graph::new(&site(), &page, None).to_value();
        let name = graph["@graph"][2]["name"].as_str().unwrap_or_default();
        assert_eq!(name, if text.trim().is_empty() { "" } else { &text }, "text is printed as it is");
    }
}

proptest! {
    #![proptest_config(hostile::many())]
    #[test]
    fn any_string_stays_data(text in hostile::strings(), which in any::<prop::sample::Index>()) {
        let pages = pages_saying(&text);
        let (page, entity) = which.get(&pages);
        holds_its_laws(page, entity.as_ref());
    }
}

proptest! {
    #![proptest_config(proptest::test_runner::Config { failure_persistence: None, ..Default::default() })]
    #[test]
    fn any_json_handed_in_stays_whole_or_goes(pairs in prop::collection::vec((hostile::strings(), json_values()), 0..6)) {
        let business = Business { extra: pairs, ..Business::default() };
        let graph = Graph::new(&site(), &page("/x", "X"), Some(&Entity::Business(business)));
        let read: Value = serde_json::from_str(&graph.to_json_ld().to_string()).expect("valid JSON");
        prop_assert_eq!(&read, &graph.to_value());
        prop_assert_eq!(empty_value(&read), None);
        prop_assert_eq!(&read["@graph"][3]["@id"], &json!(url("/x#entity")));
    }
}

fn json_values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        hostile::strings().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(hostile::strings(), inner, 0..4)
                .prop_map(|map| map.into_iter().collect::<Value>()),
        ]
    })
}
