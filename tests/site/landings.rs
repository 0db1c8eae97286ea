//! Landing pages: made when enough stands on them, thin ones kept out of the index, empty ones lead to
//! their hub; and every old address is one hop from the present one.

use atlas::actions::landings::refuse;
use atlas::actions::publish::{Manner, publish, publish_saved};
use atlas::actions::reconcile::{Report, hindered, reconcile, reconcile_if_needed};
use atlas::actions::save_draft::{Draft, Target, save_draft};
use atlas::actions::trash::trash;
use atlas::actions::unpublish::unpublish;
use atlas::actions::{Change, restore::restore, unpublish::Then};
use atlas::entry::{Actor, Content};
use atlas::error::Error;
use atlas::store::{Ask, entries};
use serde_json::{Value, json};

use crate::on_both;
use crate::support::html::Html;
use crate::support::web::{ORIGIN, Site, content};

const CAFES: &str = "/iran/tehran/cafes";

struct City {
    region: i64,
    city: i64,
    cafes: Vec<i64>,
}

/// A city with so many cafés.
async fn city(site: &Site, cafes: usize) -> City {
    let region = site.publish("region", content("Iran", json!({}))).await;
    let city = site.publish("city", content("Tehran", json!({ "region": region }))).await;
    let mut made = City { region, city, cafes: Vec::new() };
    for number in 1..=cafes {
        made.cafes.push(cafe(site, city, number).await);
    }
    made
}

async fn cafe(site: &Site, city: i64, number: usize) -> i64 {
    site.publish("place", content(&format!("Cafe {number}"), of_kind(city, "cafe"))).await
}

fn of_kind(city: i64, kind: &str) -> Value {
    json!({ "city": city, "business_type": kind })
}

async fn drop(site: &Site, id: i64) {
    let seen = site.version(id).await;
    let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
    unpublish(&mut change, id, seen, false, Then::Gone).await.unwrap();
    change.commit().await.unwrap();
}

async fn bring_back(site: &Site, id: i64) {
    let seen = site.version(id).await;
    let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
    publish(&mut change, id, seen, Manner::default()).await.unwrap();
    change.commit().await.unwrap();
}

async fn remove(site: &Site, id: i64, then: Then) {
    let seen = site.version(id).await;
    let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
    trash(&mut change, id, seen, then).await.unwrap();
    change.commit().await.unwrap();
}

/// What an address answers: its status or its hop, and whether it may be indexed and is in the sitemap.
async fn standing(site: &Site, target: &str) -> (String, bool, bool) {
    let answer = site.get(target).await;
    let indexable = answer.status == 200 && Html::parse(answer.text()).is_indexable();
    let url = format!("{ORIGIN}{target}");
    (answer.hop(), indexable, site.sitemap().await.contains(&url))
}

fn links(page: &Html) -> Vec<&str> {
    page.all("a").filter_map(|link| link.get("href")).collect()
}

fn cards(page: &Html) -> Vec<String> {
    page.0.iter().filter(|card| card.is("card-title")).map(|card| card.text.clone()).collect()
}

fn page(status: &str, indexable: bool) -> (String, bool, bool) {
    (status.to_owned(), indexable, indexable)
}

on_both! {
    async fn a_landing_page_lives_by_what_stands_on_it(site: Site) {
        let made = city(&site, 2).await;
        assert_eq!(standing(&site, CAFES).await, page("404", false));
        assert!(!links(&site.page("/iran/tehran").await).contains(&CAFES));
        let third = cafe(&site, made.city, 3).await;
        assert_eq!(standing(&site, CAFES).await, page("200", true));
        for from in ["/iran/tehran", "/iran/tehran/cafe-1", "/iran/tehran/cafe-3"] {
            assert!(links(&site.page(from).await).contains(&CAFES), "{from}");
        }
        drop(&site, third).await;
        assert_eq!(standing(&site, CAFES).await, page("200", false));
        assert_eq!(cards(&site.page(CAFES).await), ["Cafe 2", "Cafe 1"]);
        for id in &made.cafes {
            drop(&site, *id).await;
        }
        let to_hub = format!("301 {ORIGIN}/iran/tehran");
        assert_eq!(standing(&site, CAFES).await, page(&to_hub, false));
        // One that was removed comes back as a new one would.
        bring_back(&site, third).await;
        assert_eq!(standing(&site, CAFES).await, page(&to_hub, false));
        for id in &made.cafes {
            bring_back(&site, *id).await;
        }
        assert_eq!(standing(&site, CAFES).await, page("200", true));
        let landings: Vec<(i64,)> = site.app.db.all("SELECT entry_id FROM landings", vec![]).await.unwrap();
        assert_eq!(landings.len(), 1);
    }

    async fn a_landing_page_says_what_it_lists(site: Site) {
        let made = city(&site, 3).await;
        let filled = Content {
            summary: "With a terrace.".into(),
            ..content("Café Naderi", json!({
                "city": made.city, "business_type": "cafe", "telephone": "+98 21 6670 1872",
                "hours": "sa-th 09:00-22:00", "geo": "35.69660,51.41650",
            }))
        };
        site.publish("place", filled).await;
        for number in 1..=3 {
            site.publish("place", content(&format!("Bakery {number}"), of_kind(made.city, "bakery"))).await;
        }
        let isfahan = site.publish("city", content("Isfahan", json!({ "region": made.region }))).await;
        for number in 7..=9 {
            cafe(&site, isfahan, number).await;
        }
        let page = site.page(CAFES).await;
        assert_eq!(page.one("h1").text, "Cafés in Tehran");
        assert_eq!(page.title(), "Cafés in Tehran | Atlas");
        assert_eq!(
            page.meta("description"),
            "Cafés in Tehran: 4 addresses with opening hours, telephone and map. Among them Café Naderi, Cafe 3, Cafe 2."
        );
        assert_eq!(page.canonical(), Some(format!("{ORIGIN}{CAFES}").as_str()));
        assert_eq!(cards(&page), ["Café Naderi", "Cafe 3", "Cafe 2", "Cafe 1"]);
        let all = links(&page);
        for lead in ["/iran", "/iran/tehran", "/iran/tehran/bakeries", "/iran/isfahan/cafes"] {
            assert!(all.contains(&lead), "{lead} in {all:?}");
        }
        let crumbs = page.node("BreadcrumbList");
        let names: Vec<&str> = crumbs["itemListElement"].as_array().unwrap().iter()
            .map(|item| item["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["Home page", "Iran", "Tehran", "Cafés in Tehran"]);
        let list = page.node("ItemList");
        assert_eq!(list["numberOfItems"], json!(4));
        assert_eq!(list["itemListElement"][0]["name"], json!("Café Naderi"));
        assert_eq!(page.node("CollectionPage")["name"], json!("Cafés in Tehran"));
        for number in 10..=40 {
            cafe(&site, made.city, number).await;
        }
        let second = site.page(&format!("{CAFES}?page=2")).await;
        assert_eq!(cards(&second).len(), 11);
        assert_ne!(second.title(), site.page(CAFES).await.title());
        assert_eq!(site.get(&format!("{CAFES}?page=3")).await.hop(), "404");
    }

    async fn a_landing_page_moves_with_its_hub(site: Site) {
        let made = city(&site, 3).await;
        site.edit(made.city, |content| content.slug = "teheran".into()).await;
        let there = format!("301 {ORIGIN}/iran/teheran/cafes");
        assert_eq!(site.get(CAFES).await.hop(), there);
        assert_eq!(site.get("/iran/teheran/cafes").await.hop(), "200");
        site.edit(made.region, |content| content.slug = "persia".into()).await;
        let there = format!("301 {ORIGIN}/persia/teheran/cafes");
        for old in [CAFES, "/iran/teheran/cafes", "/IRAN/TEHRAN/Cafes/"] {
            assert_eq!(site.get(old).await.hop(), there, "{old}");
        }
        // A hub of another name gives its landing pages another title.
        site.edit(made.city, |content| content.title = "Teheran".into()).await;
        assert_eq!(site.page("/persia/teheran/cafes").await.one("h1").text, "Cafés in Teheran");
        // It goes with the hub, and comes back with it.
        let other = site.publish("city", content("Rey", json!({ "region": made.region }))).await;
        remove(&site, made.city, Then::To(other)).await;
        for old in [CAFES, "/persia/teheran/cafes"] {
            assert_eq!(site.get(old).await.hop(), format!("301 {ORIGIN}/persia/rey"), "{old}");
        }
        remove(&site, other, Then::Gone).await;
        assert_eq!(site.get(CAFES).await.hop(), "410");
        let seen = site.version(made.city).await;
        let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
        let seen = restore(&mut change, made.city, seen).await.unwrap();
        publish(&mut change, made.city, seen, Manner::default()).await.unwrap();
        change.commit().await.unwrap();
        assert_eq!(standing(&site, "/persia/teheran/cafes").await, page("200", true));
        assert_eq!(site.get(CAFES).await.hop(), there);
    }

    async fn languages_have_landing_pages_of_their_own(site: Site) {
        let made = city(&site, 3).await;
        let fa_region = site.publish_in("fa", "region", content("ایران", json!({})), Some(made.region)).await;
        let mut last = None;
        for (number, original) in made.cafes.iter().enumerate() {
            let place = content(&format!("کافه {number}"), of_kind(made.city, "cafe"));
            last = Some(site.publish_in("fa", "place", place, Some(*original)).await);
        }
        // Without the city in Persian there is nothing for the page to stand below.
        assert_eq!(site.page(CAFES).await.links("alternate").filter(|link| link.get("hreflang").is_some()).count(), 0);
        let fa_city = content("تهران", json!({ "region": fa_region }));
        site.publish_in("fa", "city", fa_city, Some(made.city)).await;
        let page = site.page(CAFES).await;
        let alternates: Vec<(&str, &str)> = page.links("alternate")
            .filter_map(|link| Some((link.get("hreflang")?, link.get("href")?))).collect();
        let persian = alternates.iter().find(|(lang, _)| *lang == "fa").expect("a Persian page").1;
        assert_eq!(alternates.iter().map(|(lang, _)| *lang).collect::<Vec<_>>(), ["en", "fa", "x-default"]);
        let persian = site.page(persian.strip_prefix(ORIGIN).unwrap()).await;
        assert_eq!(persian.one("h1").text, "کافه‌ها در تهران");
        // A thin one is in no cluster.
        drop(&site, last.unwrap()).await;
        assert_eq!(site.page(CAFES).await.links("alternate").filter(|link| link.get("hreflang").is_some()).count(), 0);
    }

    async fn an_entry_goes_before_a_landing_page(site: Site) {
        let region = site.publish("region", content("Iran", json!({}))).await;
        let tehran = site.publish("city", content("Tehran", json!({ "region": region }))).await;
        let named = |slug: &str| Content { slug: slug.into(), ..content("The Cafés", json!({ "city": tehran })) };
        let first = site.publish("place", named("cafes")).await;
        for number in 1..=3 {
            cafe(&site, tehran, number).await;
        }
        assert_eq!(site.page(CAFES).await.one("h1").text, "The Cafés");
        let told: Vec<String> = hindered(&site.app).await.unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(told, ["landings/places-by-kind.toml: “Cafés in Tehran” has no page: “The Cafés” has its path /iran/tehran/cafes"]);
        // When the entry moves away, its old address still leads to it.
        site.edit(first, |content| content.slug = "the-cafes".into()).await;
        assert_eq!(site.get(CAFES).await.hop(), format!("301 {ORIGIN}/iran/tehran/the-cafes"));
        for number in 1..=3 {
            let place = content(&format!("Bakery {number}"), of_kind(tehran, "bakery"));
            site.publish("place", place).await;
        }
        let bakeries = "/iran/tehran/bakeries";
        assert_eq!(site.get(bakeries).await.hop(), "200");
        // It takes a landing page's path only when somebody says so.
        let target = || Target::New { kind: "place".into(), locale: "en".into(), translation_of: None };
        let draft = |reuse| Draft { target: target(), content: named("bakeries"), reuse, lenient: false, tie: None };
        let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
        let refused = save_draft(&mut change, draft(false)).await.unwrap_err();
        assert!(matches!(&refused, Error::Conflict(reason) if reason.contains("“Bakeries in Tehran”")), "{refused}");
        std::mem::drop(change);
        let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
        let saved = save_draft(&mut change, draft(true)).await.unwrap();
        publish_saved(&mut change, saved, Manner { reuse: true, quiet: false }).await.unwrap();
        change.commit().await.unwrap();
        assert_eq!(site.page(bakeries).await.one("h1").text, "The Cafés");
        let bakery = site.page("/iran/tehran/bakery-1").await;
        let there = bakery.all("a").filter(|link| link.get("href") == Some(bakeries));
        let named: Vec<&str> = there.map(|link| link.text.trim()).collect();
        assert!(named.iter().all(|name| !name.contains("Bakeries")), "{named:?}");
        assert_eq!(hindered(&site.app).await.unwrap().len(), 2);
    }

    async fn nobody_writes_a_landing_page(site: Site) {
        city(&site, 3).await;
        let (id,): (i64,) = site.app.db.one("SELECT entry_id FROM landings", vec![]).await.unwrap();
        let entry = entries::find(&site.app.db, id).await.unwrap().unwrap();
        assert!(matches!(refuse(&entry), Err(Error::Conflict(_))));
        let seen = entry.version;
        let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
        let refused = [
            trash(&mut change, id, seen, Then::Gone).await.unwrap_err(),
            unpublish(&mut change, id, seen, false, Then::Gone).await.unwrap_err(),
            restore(&mut change, id, seen).await.unwrap_err(),
            publish(&mut change, id, seen, Manner::default()).await.unwrap_err(),
        ];
        for error in refused {
            assert!(error.to_string().contains("landing page"), "{error}");
        }
    }

    async fn other_files_make_other_pages_at_the_next_start(site: Site) {
        let made = city(&site, 3).await;
        assert_eq!(reconcile_if_needed(&site.app).await.unwrap().map(|report| report.entries), Some(5));
        assert_eq!(reconcile_if_needed(&site.app).await.unwrap(), None);
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("landings")).unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join("landings").join(name), text).unwrap();
        let shipped = include_str!("../../content/landings/places-by-kind.toml");
        write("places-by-kind.toml", &shipped.replace("min  = 3", "min  = 4"));
        write("places.toml", "type = \"place\"\nby = [\"city\"]\npath = \"/{city.path}/{slug}\"\nmin = 2\n\
              [words.en]\ntitle = \"Places in {city}\"\ndescription = \"{count} in {city}\"\nslug = \"all\"\n");
        let content = folder.path().display().to_string();
        let node = site.another(&[("content", &content)]).await;
        assert!(reconcile_if_needed(&node.app).await.unwrap().is_some());
        site.app.catch_up().await.unwrap();
        assert!(!Html::parse(node.get(CAFES).await.text()).is_indexable());
        assert_eq!(node.page("/iran/tehran/all").await.one("h1").text, "Places in Tehran");
        // Where the family is not declared any more, its pages lead to their hubs.
        let done = reconcile(&site.app).await.unwrap();
        assert_eq!(done, Report { entries: 5, made: 0, changed: 1, removed: 1 });
        assert_eq!(standing(&site, "/iran/tehran/all").await, page(&format!("301 {ORIGIN}/iran/tehran"), false));
        assert_eq!(standing(&site, CAFES).await, page("200", true));
        assert_eq!(reconcile(&site.app).await.unwrap(), Report { entries: 5, ..Report::default() });
        let _ = made;
    }
}
