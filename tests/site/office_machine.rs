//! The engine room in the back office: the cache, and the jobs.

use atlas::entry::Role;
use atlas::store::jobs::{self, Payload};
use serde_json::json;

use crate::on_both;
use crate::support::html::Html;
use crate::support::web::{Site, content};

/// What a table says in its rows.
fn row(page: &Html, name: &str) -> Vec<String> {
    let at = page.0.iter().position(|cell| cell.name == "th" && cell.text == name);
    let line = page.0[at.unwrap_or_else(|| panic!("no line {name}"))].parent;
    page.all("td").filter(|cell| cell.parent == line).map(|cell| cell.text.clone()).collect()
}

on_both! {
    async fn pages_are_dropped_by_address_by_tag_and_all(site: Site) {
        let one = site.publish("article", content("One", json!({}))).await;
        site.publish("article", content("Two", json!({}))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let another = site.another(&[]).await;
        let fill = async || {
            for _ in 0..2 {
                assert_eq!(site.get("/articles/one").await.status, 200);
                assert_eq!(site.get("/articles/two").await.status, 200);
                assert_eq!(another.get("/articles/one").await.status, 200);
            }
        };
        let kept = |path: &str| site.app.pages.look(path).is_some();
        fill().await;
        let page = leila.page("/admin/cache").await;
        assert_eq!(row(&page, "Pages")[0], "2");
        assert_eq!(row(&page, "From memory"), ["2"]);
        assert_eq!(row(&page, "Made when asked for"), ["2"]);
        for (what, value, left) in [
            ("page", "https://site.test/Articles/One", (false, true)),
            ("tag", &format!("entry:{one}"), (false, true)),
            ("all", "", (false, false)),
        ] {
            fill().await;
            assert!(kept("/articles/one") && kept("/articles/two") && another.app.pages.look("/articles/one").is_some());
            let done = leila.post("/admin/cache", &[("what", what), (what, value)]).await;
            assert_eq!(leila.follow(&done).await.text_of("notice"), ["Dropped, on all machines."]);
            assert_eq!((kept("/articles/one"), kept("/articles/two")), left, "{what}");
            another.app.catch_up().await.unwrap();
            assert!(another.app.pages.look("/articles/one").is_none(), "the other node follows: {what}");
        }
        for (what, value, field) in [("page", "one", "page"), ("tag", "nonsense", "tag")] {
            let wrong = leila.post("/admin/cache", &[("what", what), (field, value)]).await;
            assert_eq!(wrong.status, 422);
            let wrong = Html::parse(wrong.text());
            assert_eq!(wrong.text_of("error").len(), 1);
            assert!(wrong.all("input").any(|input| input.get("name") == Some(field) && input.get("value") == Some(value)));
        }
        assert_eq!(leila.post("/admin/cache", &[]).await.status, 422);
        let log = leila.page("/admin/log").await;
        assert_eq!(log.all("td").filter(|cell| cell.text.contains("Leila dropped pages from the cache")).count(), 3);
    }

    async fn jobs_are_narrowed_by_state_and_all_tried_again(site: Site) {
        let now = site.app.clock.now();
        for page in ["/a", "/b", "/c"] {
            let tx = site.app.db.begin().await.unwrap();
            jobs::enqueue(&tx, &Payload::WebSub { page: page.to_owned() }, now, now).await.unwrap();
            if page != "/c" {
                let claim = jobs::claim(&tx, "a worker", now).await.unwrap().unwrap();
                jobs::fail(&tx, &claim, None, "they did not answer").await.unwrap();
            }
            tx.commit().await.unwrap();
        }
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let page = leila.page("/admin/jobs").await;
        assert!(page.all("p").any(|said| said.text == "1 waiting, 0 running, 2 failed for good"));
        assert_eq!(page.text_of("error").len(), 2);
        let waiting = leila.page("/admin/jobs?state=waiting").await;
        assert_eq!(waiting.all("th").filter(|cell| cell.text == "Tell readers of feeds /c").count(), 1);
        assert_eq!(waiting.text_of("error"), [""; 0]);
        assert_eq!(leila.page("/admin/jobs?state=running").await.text_of("empty"), ["There is no such work."]);
        let done = leila.submit(&page, "/admin/jobs/retry", &[]).await;
        let page = leila.follow(&done).await;
        assert_eq!(page.text_of("notice"), ["It is tried again."]);
        assert!(page.all("p").any(|said| said.text == "3 waiting, 0 running, 0 failed for good"));
        assert!(!page.all("form").any(|form| form.get("action") == Some("/admin/jobs/retry")));
    }
}
