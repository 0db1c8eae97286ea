//! What stays in memory, what a change drops, and what is left when the database is away.

use std::time::Duration;

use atlas::actions::Change;
use atlas::actions::redirects::{self, Wish};
use atlas::actions::restore::restore;
use atlas::actions::trash::trash;
use atlas::actions::unpublish::{Then, unpublish};
use atlas::entry::{Actor, Content};
use serde_json::json;

use crate::on_both;
use crate::support::web::{Node, ORIGIN, Site, content};

/// A region, a city in it, and a place there.
async fn with_place(site: &Site) -> (i64, i64, i64) {
    let region = site.publish("region", content("Iran", json!({}))).await;
    let city = site.publish("city", content("Tehran", json!({ "region": region }))).await;
    let place = site.publish("place", content("Bazaar", json!({ "city": city }))).await;
    (region, city, place)
}

async fn text(node: &Node, target: &str) -> String {
    let answer = node.get(target).await;
    assert_eq!(answer.hop(), "200", "{target}");
    answer.text().to_owned()
}

on_both! {
    async fn an_edit_is_seen_at_once_here_and_within_a_second_elsewhere(site: Site) {
        let (_, _, place) = with_place(&site).await;
        let other = site.another(&[]).await;
        tokio::spawn(other.app.clone().follow());
        let pages = ["/iran/tehran/bazaar", "/iran/tehran", "/places", "/"];
        for target in pages {
            for node in [&*site, &other] {
                assert!(text(node, target).await.contains("Bazaar"), "{target}");
            }
        }
        site.edit(place, |content| content.title = "Grand Bazaar".into()).await;
        for target in pages {
            assert!(text(&site, target).await.contains("Grand Bazaar"), "{target}");
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        for target in pages {
            assert!(text(&other, target).await.contains("Grand Bazaar"), "{target} elsewhere");
        }
    }

    async fn moving_a_city_moves_all_that_names_its_places(site: Site) {
        let (_, city, place) = with_place(&site).await;
        let fa_region = site.publish_in("fa", "region", content("ایران", json!({})), None).await;
        let fa_city = content("تهران", json!({ "region": fa_region }));
        let fa_city = site.publish_in("fa", "city", fa_city, None).await;
        let fa_place = Content { slug: "بازار".into(), ..content("بازار", json!({ "city": fa_city })) };
        site.publish_in("fa", "place", fa_place, Some(place)).await;
        let story = Content { body: format!("See [it](entry:{place})."), ..content("A story", json!({})) };
        site.publish("article", story).await;
        let about = content("About it", json!({ "place": place }));
        site.publish("article", about).await;
        let linking = ["/articles/a-story", "/articles/about-it", "/feed.xml", "/places", "/iran/tehran"];
        for target in linking {
            assert!(text(&site, target).await.contains("/iran/tehran"), "{target}");
        }
        text(&site, "/iran/tehran/bazaar").await;
        site.edit(city, |content| content.slug = "teheran".into()).await;
        assert_eq!(site.get("/iran/tehran/bazaar").await.hop(), format!("301 {ORIGIN}/iran/teheran/bazaar"));
        assert_eq!(site.get("/iran/tehran").await.hop(), format!("301 {ORIGIN}/iran/teheran"));
        for target in ["/articles/a-story", "/articles/about-it", "/feed.xml", "/places", "/iran/teheran"] {
            let page = text(&site, target).await;
            assert!(!page.contains("/iran/tehran"), "{target} names the old address:\n{page}");
        }
        // A former path leads on, also one that is in memory as a redirect to what is former now.
        site.edit(city, |content| content.slug = "city".into()).await;
        for target in ["/iran/tehran/bazaar", "/iran/teheran/bazaar"] {
            assert_eq!(site.get(target).await.hop(), format!("301 {ORIGIN}/iran/city/bazaar"), "{target}");
        }
        // The translation's page names its sibling; moved below its own city, it is named anew.
        let before = site.page("/iran/city/bazaar").await;
        assert_eq!(before.links("alternate").filter(|link| link.get("hreflang") == Some("fa")).count(), 1);
        site.edit(fa_city, |content| content.slug = "پایتخت".into()).await;
        let after = site.page("/iran/city/bazaar").await;
        let named = after.links("alternate").find(|link| link.get("hreflang") == Some("fa")).unwrap();
        let named = named.get("href").unwrap().strip_prefix(ORIGIN).unwrap().to_owned();
        assert_eq!(site.get(&named).await.hop(), "200", "{named}");
    }

    async fn an_author_who_is_renamed_is_renamed_in_the_feed(site: Site) {
        let author = site.publish("author", content("Leila", json!({}))).await;
        site.publish("article", Content { authors: vec![author], ..content("A story", json!({})) }).await;
        assert!(text(&site, "/feed.xml").await.contains("Leila"));
        site.edit(author, |content| content.title = "Leila R.".into()).await;
        for target in ["/feed.xml", "/articles/a-story"] {
            assert!(text(&site, target).await.contains("Leila R."), "{target}");
        }
    }

    async fn what_is_taken_off_is_gone_at_once_and_back_at_once(site: Site) {
        let (_, city, place) = with_place(&site).await;
        let target = "/iran/tehran/bazaar";
        for page in ["/", "/places", "/iran/tehran", target] {
            assert!(text(&site, page).await.contains("Bazaar"), "{page}");
        }
        let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
        let seen = site.version(place).await;
        unpublish(&mut change, place, seen, false, Then::Gone).await.unwrap();
        change.commit().await.unwrap();
        assert_eq!(site.get(target).await.hop(), "410");
        for page in ["/", "/places", "/iran/tehran"] {
            assert!(!text(&site, page).await.contains("Bazaar"), "{page}");
        }
        site.edit(place, |_| {}).await;
        assert_eq!(site.get(target).await.hop(), "200");

        let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
        let seen = site.version(place).await;
        trash(&mut change, place, seen, Then::To(city)).await.unwrap();
        change.commit().await.unwrap();
        assert_eq!(site.get(target).await.hop(), format!("301 {ORIGIN}/iran/tehran"));
        // The redirect in memory follows what it leads to.
        site.edit(city, |content| content.slug = "teheran".into()).await;
        assert_eq!(site.get(target).await.hop(), format!("301 {ORIGIN}/iran/teheran"));
        let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
        let seen = site.version(place).await;
        restore(&mut change, place, seen).await.unwrap();
        change.commit().await.unwrap();
        site.edit(place, |_| {}).await;
        assert_eq!(site.get("/iran/teheran/bazaar").await.hop(), "200");
        assert_eq!(site.get(target).await.hop(), format!("301 {ORIGIN}/iran/teheran/bazaar"));
    }

    async fn a_new_page_replaces_its_404_and_a_new_redirect_too(site: Site) {
        assert_eq!(site.get("/articles/later").await.hop(), "404");
        assert_eq!(site.get("/old/later").await.hop(), "404");
        assert_eq!(site.get("/older").await.hop(), "404");
        let entry = site.publish("article", content("Later", json!({}))).await;
        assert_eq!(site.get("/articles/later").await.hop(), "200");
        for (kind, from) in [("prefix", "/old"), ("exact", "/older")] {
            let wish = Wish {
                kind: kind.into(),
                from: from.into(),
                to: Some(if kind == "prefix" { "/articles".into() } else { "/articles/later".into() }),
                status: 301,
                reuse: false,
            };
            let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
            redirects::add(&mut change, &wish).await.unwrap();
            change.commit().await.unwrap();
        }
        for target in ["/old/later", "/older"] {
            assert_eq!(site.get(target).await.hop(), format!("301 {ORIGIN}/articles/later"), "{target}");
        }
        // Both follow what they lead to. A rule's target is a path: it becomes that entry's former one.
        site.edit(entry, |content| content.slug = "now".into()).await;
        for target in ["/old/later", "/older"] {
            assert_eq!(site.get(target).await.hop(), format!("301 {ORIGIN}/articles/now"), "{target}");
        }
    }

    async fn a_title_that_is_no_longer_alone_is_told_apart_at_once(site: Site) {
        let region = site.publish("region", content("Iran", json!({}))).await;
        let named = |slug: &str| Content { slug: slug.into(), ..content("Springfield", json!({ "region": region })) };
        site.publish("city", named("springfield-il")).await;
        let title = async || site.page("/iran/springfield-il").await.title().to_owned();
        assert_eq!(title().await, "Springfield, Iran | Atlas");
        let other = site.publish("city", named("springfield")).await;
        assert_eq!(title().await, "Springfield (IL), Iran | Atlas");
        site.edit(other, |content| content.title = "Shelbyville".into()).await;
        assert_eq!(title().await, "Springfield, Iran | Atlas");
    }

    async fn a_node_that_was_away_for_too_long_drops_every_page(site: Site) {
        let (_, _, place) = with_place(&site).await;
        let other = site.another(&[]).await;
        assert!(text(&other, "/iran/tehran/bazaar").await.contains("Bazaar"));
        site.edit(place, |content| content.title = "Grand Market".into()).await;
        site.publish("article", content("Of something else", json!({}))).await;
        let tx = site.app.db.begin().await.unwrap();
        atlas::store::changes::forget_before(&tx, atlas::clock::Time(i64::MAX), 1_000).await.unwrap();
        tx.commit().await.unwrap();
        other.app.catch_up().await.unwrap();
        assert!(text(&other, "/iran/tehran/bazaar").await.contains("Grand Market"));
    }

    async fn a_rule_that_led_nowhere_leads_to_its_target_once_that_is_there(site: Site) {
        let wish = Wish {
            kind: "prefix".into(), from: "/old".into(), to: Some("/articles".into()), status: 301, reuse: false,
        };
        let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
        redirects::add(&mut change, &wish).await.unwrap();
        change.commit().await.unwrap();
        for _ in 0..2 {
            assert_eq!(site.get("/old/later").await.hop(), "404");
        }
        site.publish("article", content("Later", json!({}))).await;
        assert_eq!(site.get("/old/later").await.hop(), format!("301 {ORIGIN}/articles/later"));
    }

    async fn a_page_in_memory_asks_the_database_nothing(site: Site) {
        with_place(&site).await;
        for target in ["/", "/places", "/iran/tehran/bazaar", "/feed.xml", "/nowhere"] {
            site.get(target).await;
            let before = site.app.db.queries();
            let first = site.get(target).await;
            assert_eq!(site.get(target).await.body, first.body, "{target}");
            assert_eq!(site.app.db.queries(), before, "{target}");
        }
    }

    async fn a_page_costs_as_many_queries_with_thirty_entries_as_with_five(site: Site) {
        let (region, city, _) = with_place(&site).await;
        let author = site.publish("author", content("Leila", json!({}))).await;
        let category = site.publish("category", content("Food", json!({}))).await;
        let series = site.publish("series", content("Streets", json!({}))).await;
        let fields = json!({ "categories": [category], "series": series });
        let of = |number: usize| Content { authors: vec![author], ..content(&format!("Story {number}"), fields.clone()) };
        let place = |number: usize| content(&format!("Place {number}"), json!({ "city": city, "business_type": "cafe" }));
        let pages = ["/", "/places", "/articles", "/iran", "/iran/tehran", "/authors/leila", "/categories/food",
            "/series/streets", "/articles/story-1", "/iran/tehran/place-1", "/iran/tehran/cafes", "/feed.xml"];
        let mut costs = Vec::new();
        let mut made = 0;
        for count in [5, 30] {
            for number in made + 1..=count {
                site.publish("article", of(number)).await;
                site.publish("place", place(number)).await;
                site.publish("city", content(&format!("City {number}"), json!({ "region": region }))).await;
            }
            made = count;
            site.app.pages.flush(site.app.sequence());
            let mut cost = Vec::new();
            for target in pages {
                let before = site.app.db.queries();
                assert_eq!(site.get(target).await.hop(), "200", "{target}");
                cost.push((target, site.app.db.queries() - before));
            }
            costs.push(cost);
        }
        assert_eq!(costs[0], costs[1]);
        for (target, cost) in &costs[1] {
            assert!((1..=24).contains(cost), "{target} costs {cost} queries");
        }
    }

    async fn without_the_database_pages_that_are_known_stay(site: Site) {
        with_place(&site).await;
        let place = site.get("/iran/tehran/bazaar").await;
        assert_eq!(place.hop(), "200");
        assert_eq!(site.get("/readyz").await.hop(), "200");
        site.app.db.close().await;
        // Still fresh: nobody notices.
        let kept = site.get("/iran/tehran/bazaar").await;
        assert_eq!((kept.hop(), kept.header("cache-status")), ("200".into(), ""));
        // Outdated: better than nothing, and marked so.
        site.app.clock.advance(2 * 60 * 60 * 1000);
        let stale = site.get("/iran/tehran/bazaar").await;
        assert_eq!((stale.hop(), &stale.body), ("200".into(), &place.body));
        assert_eq!(stale.header("cache-status"), "atlas; hit; ttl=-1; detail=database-away");
        assert_eq!(stale.header("cache-control"), "public, no-cache");
        for target in ["/iran/tehran", "/places", "/feed.xml", "/nowhere"] {
            let away = site.get(target).await;
            assert_eq!((away.hop(), away.header("retry-after")), ("503".into(), "5"), "{target}");
            assert_eq!(away.header("cache-control"), "private, no-store", "{target}");
        }
        let robots = site.get("/robots.txt").await;
        assert_eq!(robots.hop(), "200");
        assert!(robots.text().contains(&format!("Sitemap: {ORIGIN}/sitemap.xml")));
        assert_eq!(site.get("/healthz").await.hop(), "200");
        assert_eq!(site.get("/readyz").await.hop(), "503");
    }
}
