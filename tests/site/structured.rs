//! Structured data: what each kind of page says, and that it says nothing the page doesn't show.

use std::collections::BTreeSet;

use atlas::actions::import::sample;
use atlas::entry::Content;
use atlas::schema::{ImageRef, ImageRights};
use serde_json::{Value, json};

use crate::on_both;
use crate::support::html::Html;
use crate::support::visible::{Visible, unsaid};
use crate::support::web::{Node, ORIGIN, Site, content, path_of};

/// A `site.toml` with a publisher of whom everything is known.
const PUBLISHER: &str = r#"
name = "Atlas"
tagline = "A magazine and a directory"
description = "Places worth going to."
profiles = ["https://social.test/@atlas"]

[[locale]]
code = "en"
label = "English"

[[locale]]
code = "fa"
label = "فارسی"
rtl = true
name = "اطلس"

[organization]
schema = "NewsMediaOrganization"
name = "Atlas Media"
legal_name = "Atlas Media GmbH"
alternate_names = ["AM", "Atlas Verlag"]
description = "A small publisher <in Berlin>."
logo = { src = "/media/logo.png", width = 512, height = 512 }
email = "hello@site.test"
telephone = "+49 30 123456"
address = { street = "Torstr. 1", locality = "Berlin", postal_code = "10119", country = "DE" }
founding_date = "2024-05-01"
vat_id = "DE123456789"
iso6523 = "0199:724500PMK2A2M1SQQ228"

[[organization.contact]]
label = "Readers' letters"
email = "letters@site.test"
telephone = "+49 30 123457"
languages = ["en", "fa"]
"#;

/// A place type whose questions are said as a `FAQPage`.
fn place_that_says_its_questions() -> String {
    let shipped = include_str!("../../content/types/place.toml");
    shipped.replace("name      = \"faq\"\n", "name      = \"faq\"\nschema    = \"mainEntity\"\n")
}

/// The site as another process serves it whose content folder says who publishes it.
pub async fn with_publisher(site: &Site) -> Node {
    let folder = site.database.folder.path().join("content");
    std::fs::create_dir_all(folder.join("types")).unwrap();
    std::fs::write(folder.join("site.toml"), PUBLISHER).unwrap();
    std::fs::write(folder.join("types/place.toml"), place_that_says_its_questions()).unwrap();
    site.another(&[("content", &folder.display().to_string())]).await
}

/// One entry of every kind, with every field that structured data reads.
pub async fn full(site: &Site) {
    let picture = |name: &str| ImageRef {
        src: format!("https://pictures.test/{name}.jpg"),
        alt: format!("A view of {name}"),
        caption: Some(format!("{name} in May")),
        credit: Some("Leila / Atlas".into()),
        rights: ImageRights {
            creator: Some("Leila Rad".into()),
            copyright: Some("© 2026 Leila Rad".into()),
            license: Some("https://creativecommons.org/licenses/by/4.0/".into()),
            license_page: Some("/about".into()),
        },
    };
    let entry = |title: &str, fields: Value| Content {
        summary: format!("{title}, in a “sentence” & more."),
        cover: Some(picture(title)),
        ..content(title, fields)
    };
    let region = site.publish("region", entry("Iran", json!({ "geo": "32.5,53.7" }))).await;
    let city = json!({
        "region": region, "population": 9_000_000, "geo": "35.7,51.4",
        "alternate_names": "Teheran, طهران\nTehrān",
    });
    let city = site.publish("city", entry("Tehran", city)).await;
    let area = json!({ "city": city, "geo": "35.71,51.41" });
    let area = site.publish("area", entry("Karim Khan", area)).await;
    let category = site.publish("service-category", entry("Tastings", json!({}))).await;
    let place = json!({
        "business_type": "cafe", "city": city, "area": area, "telephone": "+98 21 6670 1872",
        "email": "tea@naderi.test", "website": "https://naderi.test/", "geo": "35.6966,51.4165",
        "hours": "sa-th 09:00-13:00,16:00-24:00; fr 24h; 2026-12-20..2026-12-22 closed; 2026-12-24 10:00-12:00; Asia/Tehran",
        "price_range": "€€", "cuisine": "Persian", "menu": "https://naderi.test/menu",
        "address": { "street": "Jomhuri Avenue 1", "locality": "Tehran", "region": "Tehran Province", "postal_code": "11456", "country": "IR" },
        "gallery": [{ "src": "https://pictures.test/hall.jpg", "alt": "The hall", "caption": "The hall" }],
        "faq": [{ "question": "Is it <old>?", "answer": "Since **1927** & counting." }],
    });
    let place = Content { slug: "cafe-naderi".into(), ..entry("Café Naderi", place) };
    let place = site.publish("place", place).await;
    let museum = json!({
        "business_type": "museum", "city": city, "price_range": "€", "cuisine": "Never", "menu": "https://no.test/",
    });
    site.publish("place", entry("Glass Museum", museum)).await;
    let service = json!({ "category": category, "provider": place, "area_served": [city] });
    let service = site.publish("service", entry("Coffee hour", service)).await;
    site.publish("service", entry("Nobody's", json!({}))).await;
    let person = json!({
        "job_title": "Baker", "city": city, "services": [service], "works_for": place,
        "profiles": "https://social.test/@shirin\nhttps://other.test/shirin",
    });
    site.publish("person", entry("Shirin", person)).await;
    let author = json!({ "job_title": "Editor", "website": "https://leila.test/", "profiles": "https://social.test/@leila" });
    let author = site.publish("author", entry("Leila Rad", author)).await;
    let category = site.publish("category", entry("Food", json!({}))).await;
    let tag = site.publish("tag", entry("Coffee", json!({}))).await;
    let series = site.publish("series", entry("On foot", json!({}))).await;
    for (title, form) in [("A report", "news"), ("An essay", "article"), ("A note", "post")] {
        let fields = json!({
            "form": form, "categories": [category], "tags": [tag], "series": series, "place": place,
            "video": {
                "url": "https://youtu.be/dQw4w9WgXcQ", "title": "The walk & the film", "uploaded": "2026-03-01",
                "description": "From shutter to tea.", "duration": "4:13",
            },
        });
        let story = Content {
            authors: vec![author],
            body: "## Morning\n\nA walk.\n\n## Evening\n\nAnother one.".into(),
            ..entry(title, fields)
        };
        site.publish("article", story).await;
    }
    site.publish("page", entry("About", json!({ "purpose": "about" }))).await;
    site.publish("page", entry("Reach us", json!({ "purpose": "contact" }))).await;
}

/// Every kind of page that `full` makes, with the name of its snapshot.
const PAGES: [(&str, &str); 15] = [
    ("home", "/"),
    ("listing", "/articles"),
    ("news", "/articles/a-report"),
    ("post", "/articles/a-note"),
    ("about", "/about"),
    ("contact", "/reach-us"),
    ("author", "/authors/leila-rad"),
    ("person", "/people/shirin"),
    ("cafe", "/iran/tehran/cafe-naderi"),
    ("museum", "/iran/tehran/glass-museum"),
    ("city", "/iran/tehran"),
    ("area", "/iran/tehran/karim-khan"),
    ("service", "/services/coffee-hour"),
    ("category", "/categories/food"),
    ("series", "/series/on-foot"),
];

on_both! {
    async fn every_kind_of_page_says_all_that_it_shows(site: Site) {
        full(&site).await;
        let node = with_publisher(&site).await;
        let mut faults = Vec::new();
        for (name, target) in PAGES {
            let page = node.get(target).await;
            assert_eq!(page.hop(), "200", "{target}");
            let graph = Html::parse(page.text()).graph();
            insta::assert_snapshot!(format!("graph_{name}"), format!("{:#}", graph["@graph"]));
            holds_together(&graph, target);
            faults.extend(unsaid(&graph, &Visible::of(page.text())).into_iter().map(|fault| format!("{target}: {fault}")));
        }
        assert_eq!(faults, Vec::<String>::new());
        let nobodys = node.page("/services/nobodys").await.node("Service");
        assert_eq!(nobodys["provider"], Value::Null);
    }

    async fn the_sample_says_nothing_that_it_does_not_show(site: Site) {
        sample::load(&site.app).await.unwrap().expect("the site is empty");
        let (mut seen, mut faults) = (BTreeSet::new(), Vec::new());
        for url in site.sitemap().await {
            let answer = site.get(path_of(&url)).await;
            let graph = Html::parse(answer.text()).graph();
            holds_together(&graph, &url);
            faults.extend(unsaid(&graph, &Visible::of(answer.text())).into_iter().map(|fault| format!("{url}: {fault}")));
            let nodes = graph["@graph"].as_array().unwrap();
            seen.extend(nodes.iter().filter_map(|node| node["@type"].as_str().map(str::to_owned)));
        }
        assert_eq!(faults, Vec::<String>::new());
        for kind in ["BlogPosting", "City", "ItemList", "ProfilePage", "Service", "Bakery"] {
            assert!(seen.contains(kind), "{kind} is not among {seen:?}");
        }
    }

    async fn a_hostile_entry_stays_data(site: Site) {
        let evil = "</script><script>alert(1)</script>\u{2028}<!-- \" ' & \\u003c";
        let region = site.publish("region", content("Iran", json!({}))).await;
        let city = site.publish("city", content("Tehran", json!({ "region": region }))).await;
        let place = json!({
            "city": city, "price_range": evil, "cuisine": evil, "business_type": "cafe",
            "address": { "street": evil, "country": "IR" },
            "gallery": [{ "src": "https://pictures.test/a.jpg", "alt": evil, "creator": evil, "copyright": evil }],
        });
        let place = Content { slug: "evil".into(), summary: evil.replace('\u{2028}', ""), ..content(&evil.replace('\u{2028}', ""), strip(place)) };
        site.publish("place", place).await;
        let answer = site.get("/iran/tehran/evil").await;
        let html = Html::parse(answer.text());
        assert_eq!(html.all("script").count(), 1);
        let graph = html.graph();
        holds_together(&graph, "/iran/tehran/evil");
        assert_eq!(unsaid(&graph, &Visible::of(answer.text())), Vec::<String>::new());
        assert_eq!(html.node("CafeOrCoffeeShop")["priceRange"], json!(evil.replace('\u{2028}', "")));
    }
}

/// Lines hold no line separator.
fn strip(value: Value) -> Value {
    serde_json::from_str(&value.to_string().replace('\u{2028}', "")).unwrap()
}

/// Each `@id` stands for one node of the page, and each reference leads to one.
#[track_caller]
fn holds_together(graph: &Value, page: &str) {
    let (mut defined, mut referred) = (BTreeSet::new(), BTreeSet::new());
    for node in graph["@graph"].as_array().unwrap() {
        let id = node["@id"].as_str().unwrap_or_else(|| panic!("{page}: no @id in {node:#}"));
        assert!(id.starts_with(ORIGIN), "{page}: {id}");
        assert!(defined.insert(id.to_owned()), "{page}: {id} stands there twice");
        references(node, &mut referred);
    }
    assert!(referred.is_subset(&defined), "{page}: {:?}", referred.difference(&defined));
}

/// The `@id`s of objects that say nothing else.
fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) if map.len() == 1 && map.contains_key("@id") => {
            found.extend(map["@id"].as_str().map(str::to_owned));
        }
        Value::Object(map) => map.values().for_each(|value| references(value, found)),
        Value::Array(values) => values.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}
