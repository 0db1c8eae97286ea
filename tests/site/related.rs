//! What a page names as like it.

use atlas::entry::{Content, Seo};
use serde_json::{Value, json};

use crate::on_both;
use crate::support::html::Html;
use crate::support::web::{Site, content};

/// The titles of the cards on a page, in their order.
fn cards(page: &Html) -> Vec<String> {
    let titles = page.all("h3").filter(|title| title.is("card-title"));
    titles.map(|title| title.text.clone()).collect()
}

async fn article(site: &Site, title: &str, fields: Value) -> i64 {
    site.publish("article", content(title, fields)).await
}

on_both! {
    async fn what_is_rarely_shared_goes_before_what_is_often_shared(site: Site) {
        let walks = site.publish("category", content("Walks", json!({}))).await;
        let tea = site.publish("tag", content("Tea", json!({}))).await;
        for number in 0..6 {
            article(&site, &format!("Walk {number}"), json!({ "categories": [walks] })).await;
        }
        article(&site, "About leaves", json!({ "tags": [tea] })).await;
        article(&site, "Nothing shared", json!({})).await;
        article(&site, "Both", json!({ "tags": [tea], "categories": [walks] })).await;
        article(&site, "The story", json!({ "tags": [tea], "categories": [walks] })).await;
        let page = site.page("/articles/the-story").await;
        assert_eq!(cards(&page), ["Both", "About leaves", "Walk 5"]);
        let page = site.page("/articles/about-leaves").await;
        assert_eq!(cards(&page), ["The story", "Both"]);
    }

    async fn words_of_the_title_help_where_little_is_shared(site: Site) {
        article(&site, "Plane trees of Tehran", json!({})).await;
        article(&site, "A word about bread", json!({})).await;
        let body = Content { body: "Under the plane trees.".into(), ..content("Evening", json!({})) };
        site.publish("article", body).await;
        article(&site, "Under plane trees", json!({})).await;
        let page = site.page("/articles/under-plane-trees").await;
        assert_eq!(cards(&page), ["Plane trees of Tehran", "Evening"]);
        assert_eq!(cards(&site.page("/articles/a-word-about-bread").await), [""; 0]);
    }

    async fn places_nearby_of_the_same_kind_come_first(site: Site) {
        let region = site.publish("region", content("Iran", json!({}))).await;
        let city = site.publish("city", content("Tehran", json!({ "region": region }))).await;
        let other = site.publish("city", content("Shiraz", json!({ "region": region }))).await;
        let area = site.publish("area", content("Jolfa", json!({ "city": city }))).await;
        let place = async |title: &str, fields: Value| site.publish("place", content(title, fields)).await;
        place("Far café", json!({ "city": other, "business_type": "cafe" })).await;
        place("Bookshop", json!({ "city": city, "business_type": "book-store" })).await;
        place("Near bakery", json!({ "city": city, "area": area, "business_type": "bakery" })).await;
        place("Near café", json!({ "city": city, "area": area, "business_type": "cafe" })).await;
        let naderi = place("Naderi", json!({ "city": city, "area": area, "business_type": "cafe" })).await;
        let noindex = Content {
            seo: Seo { noindex: true, ..Seo::default() },
            ..content("Hidden", json!({ "city": city, "area": area, "business_type": "cafe" }))
        };
        site.publish("place", noindex).await;
        site.draft("place", content("Draft", json!({ "city": city, "area": area }))).await;
        let fa = content("فارسی", json!({ "city": city, "area": area, "business_type": "cafe" }));
        site.publish_in("fa", "place", fa, None).await;
        let page = site.page("/iran/tehran/naderi").await;
        assert_eq!(cards(&page), ["Near café", "Near bakery", "Bookshop"]);

        // The page follows what it names, and what comes in beside it.
        let newcomer = place("New café", json!({ "city": city, "area": area, "business_type": "cafe" })).await;
        let page = site.page("/iran/tehran/naderi").await;
        assert_eq!(cards(&page), ["New café", "Near café", "Near bakery"]);
        site.edit(newcomer, |content| content.title = "Newest café".into()).await;
        assert_eq!(cards(&site.page("/iran/tehran/naderi").await)[0], "Newest café");
        site.edit(newcomer, |content| content.seo.noindex = true).await;
        let page = site.page("/iran/tehran/naderi").await;
        assert_eq!(cards(&page), ["Near café", "Near bakery", "Bookshop"]);

        let entry = atlas::store::entries::find(&site.app.db, naderi).await.unwrap().unwrap();
        // Words are asked only where too little is shared.
        for (limit, cost) in [(3, 4), (30, 5)] {
            let before = site.app.db.queries();
            let by = atlas::store::related::By::RelationsAndWords;
            atlas::store::related::related(&site.app.db, &entry, by, limit).await.unwrap();
            assert_eq!(site.app.db.queries() - before, cost);
        }
    }

    async fn people_are_like_those_who_do_the_same(site: Site) {
        let region = site.publish("region", content("Iran", json!({}))).await;
        let city = site.publish("city", content("Tehran", json!({ "region": region }))).await;
        let bread = site.publish("service", content("Bread", json!({}))).await;
        for (name, fields) in [
            ("Ali", json!({ "city": city })),
            ("Parisa", json!({ "city": city, "services": [bread] })),
            ("Shirin", json!({ "city": city, "services": [bread] })),
            ("Stranger", json!({})),
        ] {
            site.publish("person", content(name, fields)).await;
        }
        assert_eq!(cards(&site.page("/people/shirin").await), ["Parisa", "Ali"]);
        assert_eq!(cards(&site.page("/people/stranger").await), [""; 0]);
    }

    async fn translations_share_what_their_originals_share(site: Site) {
        let category = site.publish("category", content("Walks", json!({}))).await;
        let fa_category = site.publish_in("fa", "category", content("گردش", json!({})), Some(category)).await;
        let one = content("یک", json!({ "categories": [category] }));
        site.publish_in("fa", "article", Content { slug: "one".into(), ..one }, None).await;
        let two = content("دو", json!({ "categories": [fa_category] }));
        site.publish_in("fa", "article", Content { slug: "two".into(), ..two }, None).await;
        assert_eq!(cards(&site.page("/fa/articles/one").await), ["دو"]);
        assert_eq!(cards(&site.page("/fa/articles/two").await), ["یک"]);
    }
}
