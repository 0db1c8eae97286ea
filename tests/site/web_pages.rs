//! Every kind of page, in English and in Persian, as visitors and crawlers get it.

use atlas::actions::trash::trash;
use atlas::actions::{Change, unpublish::Then};
use atlas::clock::Time;
use atlas::entry::{Actor, Content, Seo, Visibility};
use atlas::store::paths;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::html::Html;
use crate::support::web::{ORIGIN, Site, content, path_of};

/// The Persian page of Iran.
const FA_REGION: &str = "/fa/%D8%A7%DB%8C%D8%B1%D8%A7%D9%86";

/// A small guide: an entry of every type, some of them in both languages.
struct Guide {
    about: i64,
    place: i64,
}

impl Guide {
    async fn on(site: &Site) -> Guide {
        let region = site.publish("region", entry("Iran", "iran", json!({ "country_code": "IR" }))).await;
        let city = json!({ "region": region, "population": 9_000_000, "geo": "35.69439,51.42151" });
        let city = site.publish("city", entry("Tehran", "tehran", city)).await;
        let area = site.publish("area", entry("Karim Khan", "karim-khan", json!({ "city": city }))).await;
        let kind = site.publish("service-category", entry("Tastings", "tastings", json!({}))).await;
        let service = json!({ "category": kind });
        let service = site.publish("service", entry("Coffee hour", "coffee-hour", service)).await;
        let place = json!({
            "business_type": "cafe", "city": city, "area": area, "services": [service],
            "telephone": "+98 21 6670 1872", "website": "https://naderi.example/", "geo": "35.69660,51.41650",
            "hours": "sa-th 09:00-22:00",
            "address": { "street": "Jomhuri Avenue", "locality": "Tehran", "country": "IR" },
            "faq": [{ "question": "Is it old?", "answer": "Since **1927**." }],
        });
        let place = site.publish("place", entry("Café Naderi", "cafe-naderi", place)).await;
        let person = json!({ "job_title": "Baker", "city": city, "services": [service] });
        site.publish("person", entry("Shirin", "shirin", person)).await;
        let author = site.publish("author", entry("Leila", "leila", json!({ "job_title": "Editor" }))).await;
        let category = site.publish("category", entry("Food", "food", json!({}))).await;
        let tag = site.publish("tag", entry("Coffee", "coffee", json!({}))).await;
        let series = site.publish("series", entry("On foot", "on-foot", json!({}))).await;
        for number in 1..=2 {
            let fields = json!({ "categories": [category], "tags": [tag], "series": series, "place": place });
            let story = Content {
                authors: vec![author],
                published_at: day(number),
                body: "## Morning\n\nA walk.\n\n## Evening\n\nAnother one.".into(),
                ..entry(&format!("Part {number}"), &format!("part-{number}"), fields)
            };
            site.publish("article", story).await;
        }
        let about = site.publish("page", entry("About", "about", json!({}))).await;
        site.publish("page", Content { parent: Some(about), ..entry("Press", "press", json!({})) }).await;
        let fa_region = entry("ایران", "ایران", json!({}));
        let fa_region = site.publish_in("fa", "region", fa_region, Some(region)).await;
        let fa_city = entry("تهران", "تهران", json!({ "region": fa_region }));
        let fa_city = site.publish_in("fa", "city", fa_city, Some(city)).await;
        let fa_place = entry("کافه نادری", "کافه-نادری", json!({ "city": fa_city }));
        site.publish_in("fa", "place", fa_place, Some(place)).await;
        Guide { about, place }
    }
}

fn entry(title: &str, slug: &str, fields: Value) -> Content {
    Content { slug: slug.into(), summary: format!("{title}, in a sentence."), ..content(title, fields) }
}

fn day(number: i64) -> Option<Time> {
    Some(Time(Time::parse("2026-03-01T09:00:00Z").unwrap().0 + number * 86_400_000))
}

on_both! {
    async fn the_head_of_every_layout_is_as_it_was_reviewed(site: Site) {
        Guide::on(&site).await;
        for (layout, target) in [
            ("home", "/"),
            ("listing", "/places"),
            ("article", "/articles/part-1"),
            ("page", "/about"),
            ("profile", "/authors/leila"),
            ("place", "/iran/tehran/cafe-naderi"),
            ("hub", "/iran/tehran"),
            ("service", "/services/coffee-hour"),
            ("taxonomy", "/categories/food"),
            ("persian", FA_REGION),
            ("not_found", "/nowhere"),
        ] {
            let answer = site.get(target).await;
            assert_eq!(answer.status, if layout == "not_found" { 404 } else { 200 }, "{target}");
            insta::assert_snapshot!(format!("head_{layout}"), head(answer.text()));
        }
    }

    async fn every_kind_of_page_shows_what_belongs_to_it(site: Site) {
        Guide::on(&site).await;
        for (target, title, names) in SHOWN {
            let page = site.page(target).await;
            assert_eq!(page.one("h1").text, *title, "{target}");
            let links: Vec<&str> = page.all("a").filter_map(|link| link.get("href")).collect();
            for name in *names {
                assert!(links.contains(name), "{name} is not on {target}: {links:?}");
            }
        }
    }

    async fn languages_name_each_other_and_themselves(site: Site) {
        let guide = Guide::on(&site).await;
        for (target, lang, dir) in [
            ("/", "en", "ltr"),
            ("/fa", "fa", "rtl"),
            ("/places", "en", "ltr"),
            ("/fa/places", "fa", "rtl"),
            ("/iran/tehran/cafe-naderi", "en", "ltr"),
            (FA_REGION, "fa", "rtl"),
        ] {
            let page = site.page(target).await;
            let html = page.one("html");
            assert_eq!((html.get("lang"), html.get("dir")), (Some(lang), Some(dir)), "{target}");
            let named = alternates(&page);
            let languages: Vec<&str> = named.iter().map(|(lang, _)| lang.as_str()).collect();
            assert_eq!(languages, ["en", "fa", "x-default"], "{target}");
            assert!(named.contains(&(lang.to_owned(), format!("{ORIGIN}{target}"))), "{target} in {named:?}");
            for (_, url) in &named {
                assert_eq!(alternates(&site.page(path_of(url)).await), named, "{url} from {target}");
            }
        }
        // What is not translated names no language; nor does what is not to be indexed.
        assert_eq!(alternates(&site.page("/about").await), []);
        site.edit(guide.place, |content| content.seo.noindex = true).await;
        assert_eq!(alternates(&site.page("/iran/tehran/cafe-naderi").await), []);
        let list = site.page("/fa/places").await;
        let sibling = list.all("a").find(|link| link.text == "کافه نادری").unwrap();
        assert_eq!(alternates(&site.page(sibling.get("href").unwrap()).await), []);
    }

    async fn who_is_not_to_be_indexed_is_named_by_none_and_names_none(site: Site) {
        let german = "[[locale]]\ncode = \"en\"\nlabel = \"English\"\n[[locale]]\ncode = \"fa\"\nlabel = \"فارسی\"\n\
            rtl = true\n[[locale]]\ncode = \"de\"\nlabel = \"Deutsch\"\n";
        let folder = site.database.folder.path().join("three");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("site.toml"), format!("name = \"Atlas\"\n{german}")).unwrap();
        let node = site.another(&[("content", &folder.display().to_string())]).await;
        let english = node.publish("page", content("One", json!({}))).await;
        node.publish_in("fa", "page", content("Yek", json!({})), Some(english)).await;
        node.publish_in("de", "page", content("Eins", json!({})), Some(english)).await;
        let named = async |target: &str| -> Vec<String> {
            alternates(&node.page(target).await).into_iter().map(|(lang, _)| lang).collect()
        };
        assert_eq!(named("/fa/yek").await, ["de", "en", "fa", "x-default"]);
        node.edit(english, |content| content.seo.noindex = true).await;
        assert_eq!(named("/one").await, Vec::<String>::new());
        let others = named("/fa/yek").await;
        assert!(others.contains(&"fa".to_owned()) && others.contains(&"de".to_owned()), "{others:?}");
        assert!(!others.contains(&"en".to_owned()), "{others:?}");
        // A language whose list is empty takes nothing from the lists of the others.
        node.publish("article", content("Inn", json!({}))).await;
        node.publish_in("fa", "article", content("Mehman", json!({})), None).await;
        assert_eq!(named("/articles").await, ["en", "fa", "x-default"]);
        assert_eq!(named("/fa/articles").await, ["en", "fa", "x-default"]);
        assert_eq!(named("/de/articles").await, Vec::<String>::new());
    }

    async fn a_long_list_has_pages_and_none_too_many(site: Site) {
        let region = site.publish("region", content("Iran", json!({}))).await;
        let city = site.publish("city", content("Tehran", json!({ "region": region }))).await;
        for number in 1..=50 {
            let place = content(&format!("Place {number:02}"), json!({ "city": city }));
            site.publish("place", Content { published_at: day(number), ..place }).await;
        }
        let newest: Vec<String> = (1..=50).rev().map(|number| format!("Place {number:02}")).collect();
        for list in ["/places", "/iran/tehran"] {
            let address = |number: u32| if number == 1 { list.to_owned() } else { format!("{list}?page={number}") };
            let mut seen = Vec::new();
            for number in 1..=3 {
                let target = address(number);
                let page = site.page(&target).await;
                assert_eq!(page.canonical(), Some(format!("{ORIGIN}{target}").as_str()));
                assert!(page.is_indexable(), "{target}");
                let rel = |rel| page.links(rel).next().and_then(|link| link.get("href")).map(str::to_owned);
                assert_eq!(rel("prev"), (number > 1).then(|| address(number - 1)), "{target}");
                assert_eq!(rel("next"), (number < 3).then(|| address(number + 1)), "{target}");
                let numbered = page.title().to_lowercase().contains(&format!("page {number}"));
                assert_eq!(numbered, number > 1, "{}", page.title());
                let cards: Vec<String> = page.0.iter().filter(|card| card.is("card-title")).map(|card| card.text.clone()).collect();
                assert_eq!(cards.len(), if number < 3 { 24 } else { 2 }, "{target}");
                seen.extend(cards);
            }
            assert_eq!(seen, newest, "{list}");
            assert_eq!(site.get(&format!("{list}?page=1")).await.hop(), format!("301 {ORIGIN}{list}"));
            for odd in ["4", "0", "-1", "x", "2x", "02", "+2", "1.0", "99999999999999999999", "4294967297", ""] {
                assert_eq!(site.get(&format!("{list}?page={odd}")).await.hop(), "404", "{list}?page={odd}");
            }
        }
        for single in ["/?page=2", "/iran/tehran/place-01?page=2", "/fa/places?page=2"] {
            assert_eq!(site.get(single).await.hop(), "404", "{single}");
        }
    }

    async fn what_is_gone_says_so_in_its_language(site: Site) {
        let guide = Guide::on(&site).await;
        let persian = site.publish_in("fa", "page", entry("درباره", "درباره", json!({})), None).await;
        for (id, lang, dir) in [(guide.about, "en", "ltr"), (persian, "fa", "rtl")] {
            let path = paths::canonical(&site.app.db, id).await.unwrap().unwrap().href();
            site.page(&path).await;
            let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
            trash(&mut change, id, site.version(id).await, Then::Gone).await.unwrap();
            change.commit().await.unwrap();
            let answer = site.get(&path).await;
            let page = Html::parse(answer.text());
            assert_eq!((answer.status, page.meta("robots"), page.canonical()), (410, "noindex", None), "{path}");
            let html = page.one("html");
            assert_eq!((html.get("lang"), html.get("dir")), (Some(lang), Some(dir)), "{path}");
        }
    }

    async fn a_path_that_no_page_could_have_is_refused(site: Site) {
        for target in ["/a%2fb", "/a%5cb", "/a/../b", "/a%00b", "/%ff"] {
            let refused = site.get(target).await;
            assert_eq!((refused.status, refused.header("cache-control")), (400, "private, no-store"), "{target}");
            assert_eq!(Html::parse(refused.text()).all("h1").count(), 1, "{target}");
        }
    }

    async fn the_feed_lists_the_newest_first(site: Site) {
        for number in 1..=35 {
            let story = Content {
                published_at: day(number),
                body: "A [link](/articles/story-1) and **words**.".into(),
                ..content(&format!("Story {number}"), json!({}))
            };
            site.publish("article", story).await;
        }
        let answer = site.get("/feed.xml").await;
        assert_eq!(answer.header("content-type"), "application/atom+xml; charset=utf-8");
        let feed = roxmltree::Document::parse(answer.text()).unwrap();
        let entries: Vec<_> = feed.descendants().filter(|node| node.tag_name().name() == "entry").collect();
        let read = |name: &str| -> Vec<String> {
            let children = entries.iter().map(|entry| entry.children().find(|child| child.tag_name().name() == name));
            children.map(|child| child.unwrap().text().unwrap_or_default().to_owned()).collect()
        };
        let newest: Vec<String> = (6..=35).rev().map(|number| format!("Story {number}")).collect();
        assert_eq!(read("title"), newest);
        assert!(read("updated").iter().rev().is_sorted());
        // Whoever reads it elsewhere gets whole addresses.
        let whole = format!("href=\"{ORIGIN}/articles/story-1\"");
        assert!(read("content").iter().all(|html| html.contains(&whole)));
        let persian = site.get("/fa/feed.xml").await;
        let persian = roxmltree::Document::parse(persian.text()).unwrap();
        let lang = ("http://www.w3.org/XML/1998/namespace", "lang");
        assert_eq!(persian.root_element().attribute(lang), Some("fa"));
    }

    async fn what_is_not_public_stands_nowhere(site: Site) {
        let category = site.publish("category", content("Food", json!({}))).await;
        let fields = json!({ "categories": [category] });
        let seen = |visibility| Content { visibility, ..content(&format!("{visibility} one"), fields.clone()) };
        site.draft("article", content("draft one", fields.clone())).await;
        for visibility in Visibility::ALL {
            site.publish("article", seen(visibility)).await;
        }
        let hidden = Content { seo: Seo { noindex: true, ..Seo::default() }, ..content("hidden one", fields.clone()) };
        site.publish("article", hidden).await;
        for (target, hop, indexable) in [
            ("/articles/draft-one", "404", false),
            ("/articles/private-one", "404", false),
            ("/articles/unlisted-one", "200", false),
            ("/articles/hidden-one", "200", false),
            ("/articles/public-one", "200", true),
        ] {
            let answer = site.get(target).await;
            assert_eq!(answer.hop(), hop, "{target}");
            assert_eq!(Html::parse(answer.text()).is_indexable(), indexable, "{target}");
        }
        for list in ["/", "/articles", "/categories/food", "/articles/public-one", "/feed.xml"] {
            let answer = site.get(list).await;
            let hidden = !matches!(list, "/feed.xml" | "/articles/public-one");
            for (title, stands) in [("draft", false), ("private", false), ("unlisted", false), ("hidden", hidden)] {
                assert_eq!(answer.text().contains(&format!("{title} one")), stands, "{title} on {list}");
            }
        }
        let listed = site.sitemap().await;
        let articles: Vec<&String> = listed.iter().filter(|url| url.contains("/articles/")).collect();
        assert_eq!(articles, [&format!("{ORIGIN}/articles/public-one")]);
    }

    async fn only_production_may_be_indexed(site: Site) {
        Guide::on(&site).await;
        let staging = site.another(&[("environment", "staging")]).await;
        for target in ["/", "/places", "/iran/tehran/cafe-naderi"] {
            assert!(site.page(target).await.is_indexable(), "{target}");
            assert!(!staging.page(target).await.is_indexable(), "{target} of staging");
        }
        assert!(site.get("/robots.txt").await.text().contains("Sitemap:"));
        assert!(!staging.get("/robots.txt").await.text().contains("Sitemap:"));
    }
}

/// Page by page its heading and what it must lead to.
const SHOWN: &[(&str, &str, &[&str])] = &[
    (
        "/",
        "A guide to six Iranian cities",
        &["/articles/part-2", "/iran/tehran/cafe-naderi", "/people/shirin"],
    ),
    ("/articles", "Articles", &["/articles/part-2", "/articles/part-1"]),
    (
        "/articles/part-1",
        "Part 1",
        &[
            "/authors/leila",
            "/categories/food",
            "/tags/coffee",
            "/series/on-foot",
            "/articles/part-2",
            "/iran/tehran/cafe-naderi",
        ],
    ),
    ("/categories/food", "Food", &["/articles/part-2", "/articles/part-1"]),
    ("/tags/coffee", "Coffee", &["/articles/part-2", "/articles/part-1"]),
    ("/series/on-foot", "On foot", &["/articles/part-1", "/articles/part-2"]),
    ("/authors/leila", "Leila", &["/articles/part-2", "/articles/part-1"]),
    ("/iran", "Iran", &["/iran/tehran"]),
    ("/iran/tehran", "Tehran", &["/iran/tehran/karim-khan", "/iran/tehran/cafe-naderi", "/people/shirin"]),
    ("/iran/tehran/karim-khan", "Karim Khan", &["/iran/tehran/cafe-naderi"]),
    (
        "/iran/tehran/cafe-naderi",
        "Café Naderi",
        &["/iran", "/iran/tehran", "/services/coffee-hour", "tel:+982166701872", "https://naderi.example/"],
    ),
    ("/services/coffee-hour", "Coffee hour", &["/iran/tehran/cafe-naderi", "/service-categories/tastings"]),
    ("/people/shirin", "Shirin", &["/iran/tehran", "/services/coffee-hour"]),
    ("/about", "About", &["/about/press"]),
    ("/about/press", "Press", &["/about"]),
    (FA_REGION, "ایران", &["/fa/%D8%A7%DB%8C%D8%B1%D8%A7%D9%86/%D8%AA%D9%87%D8%B1%D8%A7%D9%86"]),
];

/// Language and address of each alternate, in the order of languages.
fn alternates(page: &Html) -> Vec<(String, String)> {
    let named = page.links("alternate");
    let named =
        named.filter_map(|link| Some((link.get("hreflang")?.to_owned(), link.get("href")?.to_owned())));
    let mut named: Vec<_> = named.collect();
    named.sort();
    named
}

/// The head as it is read, with the hashes of our own files left out and JSON-LD laid out.
fn head(html: &str) -> String {
    let head = html.split("<head>").nth(1).unwrap().split("</head>").next().unwrap();
    let mut text = String::new();
    for line in head.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let data = line.strip_prefix("<script type=\"application/ld+json\">");
        match data.and_then(|rest| rest.strip_suffix("</script>")) {
            Some(json) => text += &format!("{:#}\n", serde_json::from_str::<Value>(json).unwrap()),
            None => text += &format!("{}\n", without_hash(line)),
        }
    }
    text
}

fn without_hash(line: &str) -> String {
    match line.split_once("/static/") {
        Some((before, rest)) => format!("{before}/static/HASH{}", &rest[rest.find('/').unwrap()..]),
        None => line.to_owned(),
    }
}
