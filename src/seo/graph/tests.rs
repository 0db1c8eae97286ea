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

fn picture() -> Image {
    Image {
        url: url("/media/0123456789abcdef/garden.jpg"),
        width: Some(1600),
        height: Some(900),
        alt: "The garden".into(),
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
            logo: Some(Image { url: url("/static/logo.png"), ..Image::default() }),
            same_as: vec!["https://social.test/@atlas".into()],
            extra: vec![("email".into(), "hello@example.org".into())],
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
    insta::assert_snapshot!(graph.to_json_ld(), @r#"
    {"@context":"https://schema.org","@graph":[{"@type":"Organization","@id":"https://example.org/#organization","name":"A \u0026 B","url":"https://example.org/"},{"@type":"WebPage","@id":"https://example.org/a#webpage","url":"https://example.org/a","name":"A","inLanguage":"en","isPartOf":{"@id":"https://example.org/#website"}}]}
    "#);
}

#[test]
fn the_root_alone_describes_the_site() {
    insta::assert_snapshot!(written(&page("/", "Atlas"), None), @r#"
    [
      {
        "@type": "Organization",
        "@id": "https://example.org/#organization",
        "name": "Atlas",
        "url": "https://example.org/",
        "logo": {
          "@type": "ImageObject",
          "@id": "https://example.org/#logo",
          "url": "https://example.org/static/logo.png"
        },
        "sameAs": [
          "https://social.test/@atlas"
        ],
        "email": "hello@example.org"
      },
      {
        "@type": "WebSite",
        "@id": "https://example.org/#website",
        "url": "https://example.org/",
        "name": "Atlas",
        "alternateName": [
          "The Atlas"
        ],
        "description": "Cafés and cities",
        "inLanguage": [
          "en",
          "fa"
        ],
        "publisher": {
          "@id": "https://example.org/#organization"
        }
      },
      {
        "@type": "WebPage",
        "@id": "https://example.org/#webpage",
        "url": "https://example.org/",
        "name": "Atlas",
        "inLanguage": "en",
        "isPartOf": {
          "@id": "https://example.org/#website"
        }
      }
    ]
    "#);
    for path in ["/fa", "/?page=2", "/tehran", ".test/"] {
        assert!(!written(&page(path, "Atlas"), None).contains("WebSite"), "{path}");
    }
    assert!(written(&page("", "Atlas"), None).contains("WebSite"));
}

fn article_page() -> Page {
    Page {
        description: Some("Coffee since 1927.".into()),
        published: Time::parse("2026-03-01T09:00:00Z"),
        modified: Time::parse("2026-03-02T09:00:00Z"),
        image: Some(picture()),
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
            Author { name: "Leila".into(), url: Some(url("/authors/leila")), organization: false },
            Author { name: "The team".into(), url: None, organization: true },
            Author::default(),
        ],
        section: Some("Food".into()),
        keywords: vec!["coffee".into(), "Tehran".into()],
        words: Some(1200),
        extra: vec![],
    }
}

#[test]
fn an_article_is_linked_to_its_page_authors_and_publisher() {
    insta::assert_snapshot!(written(&article_page(), Some(&Entity::Article(article()))), @r#"
    [
      {
        "@type": "Organization",
        "@id": "https://example.org/#organization",
        "name": "Atlas",
        "url": "https://example.org/",
        "logo": {
          "@type": "ImageObject",
          "@id": "https://example.org/#logo",
          "url": "https://example.org/static/logo.png"
        },
        "sameAs": [
          "https://social.test/@atlas"
        ],
        "email": "hello@example.org"
      },
      {
        "@type": "WebPage",
        "@id": "https://example.org/naderi#webpage",
        "url": "https://example.org/naderi",
        "name": "Café Naderi",
        "description": "Coffee since 1927.",
        "inLanguage": "en",
        "isPartOf": {
          "@id": "https://example.org/#website"
        },
        "datePublished": "2026-03-01T09:00:00Z",
        "dateModified": "2026-03-02T09:00:00Z",
        "breadcrumb": {
          "@id": "https://example.org/naderi#breadcrumb"
        },
        "primaryImageOfPage": {
          "@id": "https://example.org/naderi#primaryimage"
        },
        "mainEntity": {
          "@id": "https://example.org/naderi#entity"
        }
      },
      {
        "@type": "BreadcrumbList",
        "@id": "https://example.org/naderi#breadcrumb",
        "itemListElement": [
          {
            "@type": "ListItem",
            "position": 1,
            "name": "Home",
            "item": "https://example.org/"
          },
          {
            "@type": "ListItem",
            "position": 2,
            "name": "Food",
            "item": "https://example.org/categories/food"
          },
          {
            "@type": "ListItem",
            "position": 3,
            "name": "Café Naderi",
            "item": "https://example.org/naderi"
          }
        ]
      },
      {
        "@type": "ImageObject",
        "@id": "https://example.org/naderi#primaryimage",
        "url": "https://example.org/media/0123456789abcdef/garden.jpg",
        "width": 1600,
        "height": 900,
        "description": "The garden"
      },
      {
        "@type": "BlogPosting",
        "@id": "https://example.org/naderi#entity",
        "headline": "Café Naderi",
        "url": "https://example.org/naderi",
        "description": "Coffee since 1927.",
        "image": {
          "@id": "https://example.org/naderi#primaryimage"
        },
        "mainEntityOfPage": {
          "@id": "https://example.org/naderi#webpage"
        },
        "datePublished": "2026-03-01T09:00:00Z",
        "dateModified": "2026-03-02T09:00:00Z",
        "author": [
          {
            "@type": "Person",
            "@id": "https://example.org/authors/leila#entity",
            "name": "Leila",
            "url": "https://example.org/authors/leila"
          },
          {
            "@type": "Organization",
            "name": "The team"
          }
        ],
        "publisher": {
          "@id": "https://example.org/#organization"
        },
        "isPartOf": {
          "@id": "https://example.org/naderi#webpage"
        },
        "inLanguage": "en",
        "articleSection": "Food",
        "keywords": [
          "coffee",
          "Tehran"
        ],
        "wordCount": 1200
      }
    ]
    "#);
}

#[test]
fn a_category_is_a_collection_about_a_term() {
    let page = Page {
        kind: PageKind::CollectionPage,
        list: Some(List {
            name: None,
            before: 24,
            total: Some(26),
            items: vec![crumb("Café Naderi", "/naderi"), crumb("", "/untitled"), crumb("Café Gol", "/gol")],
        }),
        ..page("/categories/food?page=2", "Food")
    };
    let term = Term { set: Some(link("DefinedTermSet", "Categories", "/categories")), ..Term::default() };
    insta::assert_snapshot!(written(&page, Some(&Entity::Term(term))), @r#"
    [
      {
        "@type": "Organization",
        "@id": "https://example.org/#organization",
        "name": "Atlas",
        "url": "https://example.org/",
        "logo": {
          "@type": "ImageObject",
          "@id": "https://example.org/#logo",
          "url": "https://example.org/static/logo.png"
        },
        "sameAs": [
          "https://social.test/@atlas"
        ],
        "email": "hello@example.org"
      },
      {
        "@type": "CollectionPage",
        "@id": "https://example.org/categories/food?page=2#webpage",
        "url": "https://example.org/categories/food?page=2",
        "name": "Food",
        "inLanguage": "en",
        "isPartOf": {
          "@id": "https://example.org/#website"
        },
        "mainEntity": {
          "@id": "https://example.org/categories/food?page=2#list"
        },
        "about": {
          "@id": "https://example.org/categories/food#entity"
        }
      },
      {
        "@type": "DefinedTerm",
        "@id": "https://example.org/categories/food#entity",
        "name": "Food",
        "url": "https://example.org/categories/food",
        "inDefinedTermSet": {
          "@type": "DefinedTermSet",
          "@id": "https://example.org/categories#entity",
          "name": "Categories",
          "url": "https://example.org/categories"
        }
      },
      {
        "@type": "ItemList",
        "@id": "https://example.org/categories/food?page=2#list",
        "numberOfItems": 26,
        "itemListElement": [
          {
            "@type": "ListItem",
            "position": 25,
            "name": "Café Naderi",
            "url": "https://example.org/naderi"
          },
          {
            "@type": "ListItem",
            "position": 26,
            "name": "Café Gol",
            "url": "https://example.org/gol"
          }
        ]
      }
    ]
    "#);
}

#[test]
fn an_author_has_a_profile_page() {
    let page = Page {
        kind: PageKind::ProfilePage,
        list: Some(List { items: vec![crumb("Café Naderi", "/naderi")], ..List::default() }),
        ..page("/authors/leila", "Leila")
    };
    let person = Person {
        job_title: Some("Editor".into()),
        same_as: vec!["https://social.test/@leila".into()],
        ..Person::default()
    };
    insta::assert_snapshot!(written(&page, Some(&Entity::Person(person))), @r#"
    [
      {
        "@type": "Organization",
        "@id": "https://example.org/#organization",
        "name": "Atlas",
        "url": "https://example.org/",
        "logo": {
          "@type": "ImageObject",
          "@id": "https://example.org/#logo",
          "url": "https://example.org/static/logo.png"
        },
        "sameAs": [
          "https://social.test/@atlas"
        ],
        "email": "hello@example.org"
      },
      {
        "@type": "ProfilePage",
        "@id": "https://example.org/authors/leila#webpage",
        "url": "https://example.org/authors/leila",
        "name": "Leila",
        "inLanguage": "en",
        "isPartOf": {
          "@id": "https://example.org/#website"
        },
        "mainEntity": {
          "@id": "https://example.org/authors/leila#entity"
        },
        "about": {
          "@id": "https://example.org/authors/leila#list"
        }
      },
      {
        "@type": "Person",
        "@id": "https://example.org/authors/leila#entity",
        "name": "Leila",
        "url": "https://example.org/authors/leila",
        "mainEntityOfPage": {
          "@id": "https://example.org/authors/leila#webpage"
        },
        "jobTitle": "Editor",
        "sameAs": [
          "https://social.test/@leila"
        ]
      },
      {
        "@type": "ItemList",
        "@id": "https://example.org/authors/leila#list",
        "itemListElement": [
          {
            "@type": "ListItem",
            "position": 1,
            "name": "Café Naderi",
            "url": "https://example.org/naderi"
          }
        ]
      }
    ]
    "#);
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
    let page = Page { image: Some(picture()), ..page("/tehran/naderi", "Café Naderi") };
    insta::assert_snapshot!(written(&page, Some(&Entity::Business(business))), @r#"
    [
      {
        "@type": "Organization",
        "@id": "https://example.org/#organization",
        "name": "Atlas",
        "url": "https://example.org/",
        "logo": {
          "@type": "ImageObject",
          "@id": "https://example.org/#logo",
          "url": "https://example.org/static/logo.png"
        },
        "sameAs": [
          "https://social.test/@atlas"
        ],
        "email": "hello@example.org"
      },
      {
        "@type": "WebPage",
        "@id": "https://example.org/tehran/naderi#webpage",
        "url": "https://example.org/tehran/naderi",
        "name": "Café Naderi",
        "inLanguage": "en",
        "isPartOf": {
          "@id": "https://example.org/#website"
        },
        "primaryImageOfPage": {
          "@id": "https://example.org/tehran/naderi#primaryimage"
        },
        "mainEntity": {
          "@id": "https://example.org/tehran/naderi#entity"
        }
      },
      {
        "@type": "ImageObject",
        "@id": "https://example.org/tehran/naderi#primaryimage",
        "url": "https://example.org/media/0123456789abcdef/garden.jpg",
        "width": 1600,
        "height": 900,
        "description": "The garden"
      },
      {
        "@type": [
          "CafeOrCoffeeShop",
          "TouristAttraction"
        ],
        "@id": "https://example.org/tehran/naderi#entity",
        "name": "Café Naderi",
        "url": "https://example.org/tehran/naderi",
        "image": {
          "@id": "https://example.org/tehran/naderi#primaryimage"
        },
        "mainEntityOfPage": {
          "@id": "https://example.org/tehran/naderi#webpage"
        },
        "telephone": "+98 21 6670 1872",
        "geo": {
          "@type": "GeoCoordinates",
          "latitude": 35.69439,
          "longitude": 51.42151
        },
        "containedInPlace": {
          "@type": "City",
          "@id": "https://example.org/tehran#entity",
          "name": "Tehran",
          "url": "https://example.org/tehran",
          "containedInPlace": {
            "@type": "Country",
            "@id": "https://example.org/iran#entity",
            "name": "Iran",
            "url": "https://example.org/iran"
          }
        },
        "address": {
          "@type": "PostalAddress",
          "streetAddress": "Jomhouri"
        },
        "servesCuisine": [
          "Persian",
          "Italian"
        ]
      }
    ]
    "#);
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
    insta::assert_snapshot!(written(&page("/tehran", "Tehran"), Some(&Entity::Area(area))), @r#"
    [
      {
        "@type": "Organization",
        "@id": "https://example.org/#organization",
        "name": "Atlas",
        "url": "https://example.org/",
        "logo": {
          "@type": "ImageObject",
          "@id": "https://example.org/#logo",
          "url": "https://example.org/static/logo.png"
        },
        "sameAs": [
          "https://social.test/@atlas"
        ],
        "email": "hello@example.org"
      },
      {
        "@type": "WebPage",
        "@id": "https://example.org/tehran#webpage",
        "url": "https://example.org/tehran",
        "name": "Tehran",
        "inLanguage": "en",
        "isPartOf": {
          "@id": "https://example.org/#website"
        },
        "mainEntity": {
          "@id": "https://example.org/tehran#entity"
        }
      },
      {
        "@type": "City",
        "@id": "https://example.org/tehran#entity",
        "name": "Tehran",
        "url": "https://example.org/tehran",
        "mainEntityOfPage": {
          "@id": "https://example.org/tehran#webpage"
        },
        "alternateName": [
          "تهران"
        ],
        "geo": {
          "@type": "GeoCoordinates",
          "latitude": 35.7,
          "longitude": 51.4
        },
        "containedInPlace": {
          "@type": "AdministrativeArea",
          "@id": "https://example.org/tehran-province#entity",
          "name": "Tehran Province",
          "url": "https://example.org/tehran-province"
        }
      }
    ]
    "#);
}

#[test]
fn a_service_is_the_publishers_unless_somebody_elses() {
    let ours = Service {
        service_type: Some("Haircut".into()),
        area_served: vec![link("City", "Tehran", "/tehran")],
        ..Service::default()
    };
    let theirs = Service { provider: Some(link("BeautySalon", "Salon Gol", "/gol")), ..ours.clone() };
    let node = |service| {
        let graph = Graph::new(&site(), &page("/cuts", "Cuts"), Some(&Entity::Service(service))).to_value();
        format!("{:#}", graph["@graph"][2])
    };
    insta::assert_snapshot!(node(ours), @r#"
    {
      "@type": "Service",
      "@id": "https://example.org/cuts#entity",
      "name": "Cuts",
      "url": "https://example.org/cuts",
      "mainEntityOfPage": {
        "@id": "https://example.org/cuts#webpage"
      },
      "serviceType": "Haircut",
      "provider": {
        "@id": "https://example.org/#organization"
      },
      "areaServed": [
        {
          "@type": "City",
          "@id": "https://example.org/tehran#entity",
          "name": "Tehran",
          "url": "https://example.org/tehran"
        }
      ]
    }
    "#);
    insta::assert_snapshot!(node(theirs), @r#"
    {
      "@type": "Service",
      "@id": "https://example.org/cuts#entity",
      "name": "Cuts",
      "url": "https://example.org/cuts",
      "mainEntityOfPage": {
        "@id": "https://example.org/cuts#webpage"
      },
      "serviceType": "Haircut",
      "provider": {
        "@type": "BeautySalon",
        "@id": "https://example.org/gol#entity",
        "name": "Salon Gol",
        "url": "https://example.org/gol"
      },
      "areaServed": [
        {
          "@type": "City",
          "@id": "https://example.org/tehran#entity",
          "name": "Tehran",
          "url": "https://example.org/tehran"
        }
      ]
    }
    "#);
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
    assert_eq!(geo(-90.0, 180.0)["latitude"], json!(-90.0));
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
            authors: vec![Author { name: text.into(), url: some(), organization: false }],
            section: some(),
            keywords: types.clone(),
            words: Some(0),
            extra: extra.clone(),
        }),
        Entity::Person(Person {
            types: types.clone(),
            job_title: some(),
            same_as: types.clone(),
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
        image: Some(Image { url: text.into(), alt: text.into(), ..Image::default() }),
        breadcrumb: vec![crumb(text, "/"), crumb(text, "/x")],
        list: Some(List { name: some(), items: vec![crumb(text, "/y")], ..List::default() }),
    };
    let filled = entities.into_iter().enumerate().map(|(n, entity)| (page(kinds[n % 3]), Some(entity)));
    filled.chain([(page(PageKind::ContactPage), None), (Page::default(), None)]).collect()
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
    defined.insert(json!(url("/#website")).to_string());
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
        let name = graph["@graph"][1]["name"].as_str().unwrap_or_default();
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
        prop_assert_eq!(&read["@graph"][2]["@id"], &json!(url("/x#entity")));
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
