//! The tree, and moves of which every address is seen before.

use atlas::entry::Role;
use serde_json::json;

use crate::on_both;
use crate::support::html::Html;
use crate::support::web::{Site, content};

/// The addresses that a page says will move.
fn moves(page: &Html) -> Vec<String> {
    page.all("td").map(|cell| cell.text.trim().to_owned()).collect()
}

on_both! {
    async fn the_tree_is_walked_from_the_top(site: Site) {
        let fars = site.publish("region", content("Fars", json!({}))).await;
        site.publish("region", content("Yazd", json!({}))).await;
        let city = site.publish("city", content("Shiraz", json!({ "region": fars }))).await;
        site.draft("place", content("Cafe", json!({ "city": city }))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let top = leila.page("/admin/tree").await;
        let links = |page: &Html| -> Vec<String> {
            let inside = |href: &str| href.starts_with("/admin/tree/");
            page.all("a").filter(|link| link.get("href").is_some_and(inside)).map(|link| link.text.clone()).collect()
        };
        assert_eq!(links(&top), ["Fars"], "what bears nothing opens nothing");
        let region = leila.page(&format!("/admin/tree/{fars}")).await;
        assert_eq!(links(&region), ["Shiraz"]);
        let shiraz = leila.page(&format!("/admin/tree/{city}")).await;
        assert_eq!(links(&shiraz), ["Fars"], "the way back");
        assert!(shiraz.all("h2").any(|heading| heading.text == "Places"));
        assert_eq!(leila.get("/admin/tree/999999").await.status, 404);
    }

    async fn every_address_is_seen_before_it_moves(site: Site) {
        let fars = site.publish("region", content("Fars", json!({}))).await;
        let yazd = site.publish("region", content("Yazd", json!({}))).await;
        let city = site.publish("city", content("Shiraz", json!({ "region": fars }))).await;
        site.publish("place", content("Cafe", json!({ "city": city }))).await;
        site.draft("place", content("Not yet", json!({ "city": city }))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let at = format!("/admin/entries/{city}/move");
        let form = leila.page(&at).await;
        assert_eq!(form.fields_of(&at), [("slug".into(), "shiraz".to_owned()), ("above".into(), format!("Fars #{fars}"))]);
        assert_eq!(moves(&form), [""; 0]);
        let page = leila.page(&format!("{at}?slug=schiras&above=Yazd+%23{yazd}")).await;
        assert_eq!(moves(&page), [
            "/fars/shiraz", "/yazd/schiras", "/fars/shiraz/cafe", "/yazd/schiras/cafe",
            "/fars/shiraz/not-yet", "/yazd/schiras/not-yet",
        ]);
        let said = "3 addresses change; 2 of them are known to readers, and each of those leads to its new one with a 301.";
        assert!(page.all("p").any(|line| line.text == said), "{:?}", page.all("p").map(|line| &line.text).collect::<Vec<_>>());
        assert_eq!(site.get("/fars/shiraz/cafe").await.status, 200, "nothing has moved");
        let version = site.version(city).await.to_string();
        let above = format!("Yazd #{yazd}");
        let fields = [("version", version.as_str()), ("slug", "schiras"), ("above", above.as_str())];
        let moved = leila.post(&at, &fields).await;
        assert_eq!(leila.follow(&moved).await.text_of("notice"), ["Moved. Every old address leads to its new one."]);
        assert_eq!(site.get("/fars/shiraz/cafe").await.hop(), "301 https://site.test/yazd/schiras/cafe");
        // Whoever saw an older version moves nothing.
        let late = leila.post(&at, &[fields[0], ("slug", "late"), fields[2]]).await;
        assert_eq!(late.status, 409);
        assert!(Html::parse(late.text()).fields_of(&at).contains(&("slug".into(), "late".into())), "what was typed is kept");
    }

    async fn what_was_taken_off_the_site_moves_when_it_is_back(site: Site) {
        let fars = site.publish("region", content("Fars", json!({}))).await;
        let city = site.publish("city", content("Shiraz", json!({ "region": fars }))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let version = site.version(city).await.to_string();
        leila.post(&format!("/admin/entries/{city}/unpublish"), &[("version", &version)]).await;
        let at = format!("/admin/entries/{city}/move");
        let page = leila.page(&format!("{at}?slug=schiras")).await;
        assert!(page.text_of("problems")[0].contains("was taken off the site"), "{:?}", page.text_of("problems"));
        let (version, above) = (site.version(city).await.to_string(), format!("#{fars}"));
        let fields = [("version", version.as_str()), ("slug", "schiras"), ("above", above.as_str())];
        let refused = leila.post(&at, &fields).await;
        assert_eq!(refused.status, 409);
        assert!(refused.text().contains("was taken off the site"));
    }

    async fn a_move_that_can_t_be_is_refused_before(site: Site) {
        let fars = site.publish("region", content("Fars", json!({}))).await;
        site.publish("city", content("Taken", json!({ "region": fars }))).await;
        let city = site.publish("city", content("Shiraz", json!({ "region": fars }))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let at = format!("/admin/entries/{city}/move");
        let page = leila.page(&format!("{at}?slug=taken")).await;
        assert!(page.text_of("problems")[0].contains("/fars/taken is taken by “Taken”"), "{:?}", page.text_of("problems"));
        assert_eq!(page.all("button").filter(|button| button.text == "Move all of it").count(), 0);
        for (query, reason) in [
            ("slug=&above=", "A slug is needed"),
            ("slug=x&above=Fars", "“Fars” names no entry by its number"),
            ("slug=x&above=", "needed for the address"),
        ] {
            let answer = leila.get(&format!("{at}?{query}")).await;
            let page = Html::parse(answer.text());
            assert!(page.text_of("problems")[0].contains(reason), "{query}: {:?}", page.text_of("problems"));
        }
        let same = leila.page(&format!("{at}?slug=shiraz")).await;
        assert_eq!(same.text_of("notice"), ["Nothing would move: it is there already."]);
        // What waits unpublished would go live by the way.
        let form = leila.page(&format!("/admin/entries/{city}")).await;
        leila.submit(&form, &format!("/admin/entries/{city}"), &[("summary", "Waits.")]).await;
        let page = leila.page(&format!("{at}?slug=other")).await;
        assert!(page.text_of("problems")[0].contains("It has unpublished changes"), "{:?}", page.text_of("problems"));
        let version = site.version(city).await.to_string();
        let above = format!("#{fars}");
        let fields = [("version", version.as_str()), ("slug", "other"), ("above", above.as_str())];
        assert_eq!(leila.post(&at, &fields).await.status, 409);
        let mut author = site.signed_in("Anna", Role::Author).await;
        assert_eq!(author.get(&at).await.status, 404);
        assert_eq!(author.post(&at, &fields).await.status, 404);
    }
}
