//! Hubs: what stands on them, in which order, and how a listing is narrowed.

use atlas::entry::Content;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::html::Html;
use crate::support::web::{ORIGIN, Site, content};

fn cards(page: &Html) -> Vec<String> {
    page.0.iter().filter(|card| card.is("card-title")).map(|card| card.text.clone()).collect()
}

fn links(page: &Html) -> Vec<&str> {
    page.all("a").filter_map(|link| link.get("href")).collect()
}

/// The texts of the elements of a class.
fn texts(page: &Html, class: &str) -> Vec<String> {
    page.0.iter().filter(|element| element.is(class)).map(|element| element.text.trim().to_owned()).collect()
}

fn counts(page: &Html) -> Vec<String> {
    let list = page.0.iter().position(|element| element.is("counts"));
    let items = list.map_or(&[][..], |at| &page.0[at + 1..]);
    items.iter().take_while(|element| element.name == "li").map(|item| item.text.trim().to_owned()).collect()
}

fn chosen(page: &Html) -> Vec<&str> {
    let options = page.all("option").filter(|option| option.get("selected").is_some());
    options.filter_map(|option| option.get("value")).collect()
}

async fn place(site: &Site, title: &str, fields: Value) -> i64 {
    site.publish("place", content(title, fields)).await
}

on_both! {
    async fn the_best_filled_stand_first_and_regions_show_their_cities_places(site: Site) {
        let iran = site.publish("region", content("Iran", json!({}))).await;
        let fars = site.publish("region", content("Fars", json!({}))).await;
        let small = json!({ "region": iran, "population": 5 });
        let small = site.publish("city", content("Small", small)).await;
        let large = json!({ "region": iran, "population": 9_000 });
        let large = site.publish("city", content("Large", large)).await;
        let area = site.publish("area", content("Middle", json!({ "city": large }))).await;
        place(&site, "Bare", json!({ "city": large, "area": area })).await;
        let told = Content {
            summary: "In a sentence.".into(),
            body: "word ".repeat(300),
            ..content("Told", json!({ "city": large }))
        };
        site.publish("place", told).await;
        place(&site, "Called", json!({ "city": large, "telephone": "+98 21 6670 1872" })).await;
        let newer = place(&site, "Newer", json!({ "city": small })).await;
        let story = json!({ "place": newer });
        site.publish("article", content("A story", story)).await;

        let page = site.page("/iran").await;
        assert_eq!(counts(&page), ["2 cities", "1 area", "4 places", "1 article"]);
        assert_eq!(texts(&page, "kicker"), ["3 places, 1 area", "1 article, 1 place", "1 place"]);
        assert_eq!(cards(&page), ["Large", "Small", "Middle", "A story", "Told", "Called", "Bare", "Newer"]);
        assert_eq!(cards(&site.page("/iran/large/middle").await), ["Bare"]);
        // An article about a place stands on the page of its city, and on the place's own.
        for hub in ["/iran/small", "/iran/small/newer"] {
            assert!(links(&site.page(hub).await).contains(&"/articles/a-story"), "{hub}");
        }
        // A city that moves takes with it all that stands on it.
        site.edit(small, |content| content.fields["region"] = json!(fars)).await;
        assert_eq!(counts(&site.page("/iran").await), ["1 city", "1 area", "3 places"]);
        assert_eq!(cards(&site.page("/fars").await), ["Small", "A story", "Newer"]);
        // What says more of itself rises; what is taken away goes.
        site.edit(newer, |content| {
            content.fields["city"] = json!(large);
            content.summary = "Now with a summary.".into();
            content.body = "word ".repeat(300);
            content.fields.insert("telephone".into(), json!("+98 21 6670 1872"));
        }).await;
        assert_eq!(cards(&site.page("/iran/large").await), ["Middle", "A story", "Newer", "Told", "Called", "Bare"]);
        assert_eq!(counts(&site.page("/fars/small").await), Vec::<String>::new());
    }

    async fn hubs_name_their_neighbours(site: Site) {
        let iran = site.publish("region", content("Iran", json!({}))).await;
        for (title, geo) in [
            ("Tehran", Some("35.68920,51.38900")),
            ("Rey", Some("35.57700,51.46200")),
            ("Karaj", Some("35.84000,50.93910")),
            ("Qom", Some("34.64160,50.87460")),
            ("Isfahan", Some("32.65460,51.66800")),
            ("Nowhere", None),
        ] {
            let mut fields = json!({ "region": iran });
            if let Some(geo) = geo {
                fields["geo"] = json!(geo);
            }
            site.publish("city", content(title, fields)).await;
        }
        let near = |page: &Html| -> Vec<String> {
            let list = page.0.iter().position(|element| element.is("link-list")).expect("a list");
            let inside = page.0[list + 1..].iter().take_while(|element| ["li", "a", "bdi"].contains(&element.name.as_str()));
            inside.filter(|element| element.name == "a").map(|link| link.text.clone()).collect()
        };
        // Those on the map by distance, then the others of the region.
        let named = near(&site.page("/iran/tehran").await);
        assert_eq!(named[..2], ["Rey", "Karaj"]);
        assert_eq!(named.len(), 5, "{named:?}");
        assert_eq!(near(&site.page("/iran/nowhere").await).len(), 5);
    }

    async fn a_listing_is_narrowed_by_a_form_and_never_by_a_link(site: Site) {
        let iran = site.publish("region", content("Iran", json!({}))).await;
        let tehran = site.publish("city", content("Tehran", json!({ "region": iran }))).await;
        let other = site.publish("region", content("Other", json!({}))).await;
        let twin = Content { slug: "tehran".into(), ..content("Tehran", json!({ "region": other })) };
        let twin = site.publish("city", twin).await;
        let shiraz = site.publish("city", content("Shiraz", json!({ "region": iran }))).await;
        site.publish("city", content("Empty", json!({ "region": iran }))).await;
        place(&site, "One", json!({ "city": shiraz, "business_type": "cafe" })).await;
        place(&site, "Two", json!({ "city": shiraz, "business_type": "bakery" })).await;
        place(&site, "Three", json!({ "city": tehran, "business_type": "cafe" })).await;
        place(&site, "Four", json!({ "city": twin })).await;

        let page = site.page("/places").await;
        let form = page.all("form").find(|form| form.is("filters")).expect("a form that narrows");
        assert_eq!((form.get("method"), form.get("action")), (Some("get"), Some("/places")));
        let cities: Vec<&str> = page.all("option").filter_map(|option| option.get("value"))
            .filter(|value| value.starts_with("shiraz") || value.starts_with("tehran") || *value == "empty").collect();
        assert_eq!(cities, ["shiraz", &format!("tehran~{tehran}"), &format!("tehran~{twin}")]);
        assert!(links(&page).iter().all(|link| !link.contains('?')), "{:?}", links(&page));

        let narrowed = site.get("/places?business_type=cafe&city=shiraz").await;
        let page = Html::parse(narrowed.text());
        assert_eq!((narrowed.hop(), narrowed.header("cache-control")), ("200".into(), "private, no-store"));
        assert_eq!((page.meta("robots"), page.canonical()), ("noindex", None));
        assert_eq!(cards(&page), ["One"]);
        assert_eq!(page.one("h1").text, "Places: Café, Shiraz");
        assert_eq!(chosen(&page), ["cafe", "shiraz"]);
        let both = site.page(&format!("/places?city=tehran%7E{tehran}")).await;
        assert_eq!(cards(&both), ["Three"]);

        // One spelling, whatever a form sends or somebody types.
        let right = format!("301 {ORIGIN}/places?business_type=cafe&city=shiraz");
        for odd in [
            "/places?city=shiraz&business_type=cafe",
            "/places?business_type=cafe&city=shiraz&area=&services=",
            "/places?utm_source=x&business_type=cafe&city=shiraz&page=1",
        ] {
            assert_eq!(site.get(odd).await.hop(), right, "{odd}");
        }
        assert_eq!(site.get("/places?city=").await.hop(), format!("301 {ORIGIN}/places"));
        assert_eq!(site.get("/places?city=Shiraz").await.hop(), format!("302 {ORIGIN}/places?city=shiraz"));
        // Nonsense is no page, and still has the form.
        for nonsense in ["/places?city=atlantis", "/places?business_type=x", "/places?business_type=museum",
            "/places?city=shiraz&page=2"] {
            let answer = site.get(nonsense).await;
            assert_eq!(answer.hop(), "404", "{nonsense}");
        }
        let nothing = site.get("/places?business_type=museum").await;
        assert_eq!(Html::parse(nothing.text()).all("form").filter(|form| form.is("filters")).count(), 1);
        // What a landing page lists is one redirect away from it.
        for number in 1..=2 {
            place(&site, &format!("More {number}"), json!({ "city": shiraz, "business_type": "cafe" })).await;
        }
        assert_eq!(site.get("/places?business_type=cafe&city=shiraz").await.hop(), format!("302 {ORIGIN}/iran/shiraz/cafes"));
        assert_eq!(site.get("/places?city=shiraz").await.hop(), "200");
        // No key of another listing is known.
        assert_eq!(site.get("/articles?city=shiraz").await.hop(), format!("301 {ORIGIN}/articles"));
    }

    async fn what_can_be_chosen_follows_what_moves_above_it(site: Site) {
        let iran = site.publish("region", content("Iran", json!({}))).await;
        let shiraz = site.publish("city", content("Shiraz", json!({ "region": iran }))).await;
        let yazd = site.publish("city", content("Yazd", json!({ "region": iran }))).await;
        let area = site.publish("area", content("Middle", json!({ "city": shiraz }))).await;
        place(&site, "One", json!({ "city": shiraz, "area": area })).await;
        let cities = async || {
            let page = site.page("/places").await;
            let options = page.all("option").filter_map(|option| option.get("value"));
            options.filter(|value| ["shiraz", "yazd"].contains(value)).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(cities().await, ["shiraz"]);
        site.edit(area, |area| area.fields["city"] = json!(yazd)).await;
        // It stands on the list of its own city, and on that of the city its area is in now.
        assert_eq!(cities().await, ["shiraz", "yazd"]);
    }

    async fn many_cities_are_typed_and_not_listed(site: Site) {
        let iran = site.publish("region", content("Iran", json!({}))).await;
        for number in 0..101 {
            let city = site.publish("city", content(&format!("City {number}"), json!({ "region": iran }))).await;
            place(&site, &format!("Place {number}"), json!({ "city": city })).await;
        }
        let page = site.page("/places").await;
        let typed = page.all("input").find(|input| input.get("name") == Some("city"));
        assert!(typed.is_some());
        let found = site.get("/places?city=City+7").await;
        assert_eq!(found.hop(), format!("302 {ORIGIN}/places?city=city-7"));
        assert_eq!(cards(&site.page("/places?city=city-7").await), ["Place 7"]);
        // A region of many cities shows them all, page by page.
        let mut seen = Vec::new();
        for number in 1..=5 {
            let target = if number == 1 { "/iran".to_owned() } else { format!("/iran?page={number}") };
            let page = site.page(&target).await;
            seen.extend(cards(&page).into_iter().filter(|title| title.starts_with("City")));
        }
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 101);
    }
}
