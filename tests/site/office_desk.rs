//! What stands beside entries in the back office: users, redirects, jobs, the log, the trash.

use atlas::entry::Role;
use atlas::store::jobs::{self, Payload};
use atlas::store::{Ask, users};
use serde_json::json;

use crate::on_both;
use crate::support::html::{Element, Html};
use crate::support::office::PASSWORD;
use crate::support::web::{ORIGIN, Site, content};

on_both! {
    async fn the_palette_offers_what_one_may_reach(site: Site) {
        let options = |page: &Html| -> Vec<(String, String)> {
            let of = |option: &Element| {
                let to = option.get("data-href").or(option.get("data-search")).unwrap();
                (option.text.trim().to_owned(), to.to_owned())
            };
            page.all("li").filter(|item| item.get("role") == Some("option")).map(of).collect()
        };
        let mut editor = site.signed_in("Leila", Role::Editor).await;
        let page = editor.page("/admin").await;
        let offered = options(&page);
        let has = |label: &str, to: &str| offered.contains(&(label.to_owned(), to.to_owned()));
        assert!(has("Overview", "/admin") && has("Redirects", "/admin/redirects"), "{offered:?}");
        assert!(has("New: Article", "/admin/types/article/new") && has("Search in Articles for", "/admin/types/article?q="));
        assert!(!offered.iter().any(|(_, to)| to == "/admin/users"), "an editor governs nobody");
        for (_, to) in &offered {
            assert_eq!(editor.get(to).await.status, 200, "{to}");
        }
        // A moderator has no entries, so nothing to begin or to look for.
        let mut moderator = site.signed_in("Moritz", Role::Moderator).await;
        let offered = options(&moderator.page("/admin").await);
        assert_eq!(offered.iter().map(|(_, to)| to.as_str()).collect::<Vec<_>>(), ["/admin", "/admin/account"]);
        // Nobody is offered anything before they are in.
        assert!(options(&site.browser().page("/admin/sign-in").await).is_empty());
    }

    async fn somebody_is_invited_and_kept_out_again(site: Site) {
        let mut owner = site.signed_in("Leila", Role::Owner).await;
        let page = owner.page("/admin/users").await;
        let typed = [("email", "Boris@Example.org"), ("name", "Boris"), ("role", "author")];
        let wrong = owner.submit(&page, "/admin/users", &[("email", "boris"), typed[1], typed[2]]).await;
        assert_eq!(wrong.status, 422);
        assert!(Html::parse(wrong.text()).fields_of("/admin/users").contains(&("role".into(), "author".into())));
        let made = owner.submit(&page, "/admin/users", &typed).await;
        assert_eq!(made.status, 200);
        let made = Html::parse(made.text());
        let link = made.all("input").find(|input| input.get("id") == Some("link")).unwrap().get("value").unwrap();
        let link = link.strip_prefix(ORIGIN).unwrap();
        let taken = owner.submit(&page, "/admin/users", &typed).await;
        assert_eq!(taken.status, 422);
        let mut boris = site.browser();
        let page = boris.page(link).await;
        let done = boris.submit(&page, link, &[("name", "Boris B."), ("password", PASSWORD)]).await;
        assert_eq!(done.hop(), "303 /admin");
        let user = users::find_by_email(&site.app.db, "boris@example.org").await.unwrap().unwrap();
        assert_eq!((user.role(), user.name.as_str()), (Role::Author, "Boris B."));
        // Another role, from the next request on.
        let role = format!("/admin/users/{}/role", user.id);
        let done = owner.post(&role, &[("role", "editor")]).await;
        assert_eq!(owner.follow(&done).await.text_of("notice"), ["The role is set. They sign in anew."]);
        assert_eq!(boris.get("/admin").await.status, 303);
        assert_eq!(boris.sign_in("boris@example.org", PASSWORD).await.status, 303);
        assert_eq!(boris.get("/admin/redirects").await.status, 200);
        // Out, and in again.
        let at = |verb: &str| format!("/admin/users/{}/{verb}", user.id);
        assert_eq!(owner.post(&at("disable"), &[]).await.status, 303);
        assert_eq!(boris.get("/admin").await.status, 303);
        assert_eq!(boris.sign_in("boris@example.org", PASSWORD).await.status, 422);
        assert_eq!(owner.post(&at("link"), &[]).await.status, 409, "no link for who is kept out");
        assert_eq!(owner.post(&at("enable"), &[]).await.status, 303);
        assert_eq!(boris.sign_in("boris@example.org", PASSWORD).await.status, 303);
        let owner_id = users::find_by_email(&site.app.db, "leila@example.org").await.unwrap().unwrap().id;
        let last = owner.post(&format!("/admin/users/{owner_id}/disable"), &[]).await;
        assert_eq!(last.status, 409, "the only owner stays");
        let own = owner.post(&format!("/admin/users/{owner_id}/link"), &[]).await;
        assert_eq!(own.status, 403, "nobody makes a link for themselves");
        let mut administrator = site.signed_in("Anna", Role::Administrator).await;
        let refused = administrator.post(&role, &[("role", "owner")]).await;
        assert_eq!(refused.status, 403);
    }

    async fn redirects_are_added_found_and_removed(site: Site) {
        site.publish("article", content("Target", json!({}))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let page = leila.page("/admin/redirects").await;
        let typed = [("from", "/old"), ("to", "/articles/target"), ("kind", "exact"), ("status", "301")];
        let wrong = leila.submit(&page, "/admin/redirects", &[typed[0], ("to", "//evil.example"), typed[2], typed[3]]).await;
        assert_eq!(wrong.status, 422);
        assert!(Html::parse(wrong.text()).fields_of("/admin/redirects").contains(&("from".into(), "/old".into())));
        let done = leila.submit(&page, "/admin/redirects", &typed).await;
        let page = leila.follow(&done).await;
        assert_eq!(page.text_of("notice"), ["The redirect is there."]);
        assert_eq!(site.get("/old").await.hop(), "301 https://site.test/articles/target");
        let found = leila.page("/admin/redirects?q=TARGET").await;
        assert_eq!(found.all("th").filter(|cell| cell.text == "/old").count(), 1);
        let none = leila.page("/admin/redirects?q=nowhere").await;
        assert_eq!(none.text_of("empty"), ["Nothing fits. Search for less, or choose another state."]);
        let done = leila.submit(&page, "/admin/redirects/remove", &[]).await;
        assert_eq!(leila.follow(&done).await.text_of("notice"), ["The redirect is gone."]);
        assert_eq!(site.get("/old").await.status, 404);
    }

    async fn failed_work_is_seen_and_tried_again(site: Site) {
        let now = site.app.clock.now();
        let tx = site.app.db.begin().await.unwrap();
        jobs::enqueue(&tx, &Payload::IndexNow, now, now).await.unwrap();
        let claim = jobs::claim(&tx, "a worker", now).await.unwrap().unwrap();
        jobs::fail(&tx, &claim, None, "they did not answer").await.unwrap();
        tx.commit().await.unwrap();
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let board = leila.page("/admin").await;
        assert_eq!(board.text_of("problems"), ["1 jobs failed for good and wait for somebody."]);
        let page = leila.page("/admin/jobs").await;
        assert_eq!(page.text_of("error"), ["they did not answer"]);
        let done = leila.submit(&page, &format!("/admin/jobs/{}/retry", claim.id), &[]).await;
        assert_eq!(leila.follow(&done).await.text_of("notice"), ["It is tried again."]);
        let again = leila.post(&format!("/admin/jobs/{}/retry", claim.id), &[]).await;
        assert_eq!(again.status, 404);
        let log = leila.page("/admin/log").await;
        assert!(log.all("td").any(|cell| cell.text.contains("Leila let jobs try again")));
        let (lines,): (i64,) = site.app.db.one("SELECT COUNT(*) FROM audit", vec![]).await.unwrap();
        assert_eq!(log.all("tr").count() as i64, lines + 1);
    }

    async fn the_trash_holds_what_was_thrown_away(site: Site) {
        let id = site.publish("article", content("Thrown away", json!({}))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        assert_eq!(leila.page("/admin/trash").await.text_of("empty"), ["The trash is empty."]);
        let version = site.version(id).await.to_string();
        let done = leila.post(&format!("/admin/entries/{id}/trash"), &[("version", &version)]).await;
        assert_eq!(done.status, 303);
        assert!(leila.page("/admin/trash").await.all("a").any(|link| link.text == "Thrown away"));
        let mut author = site.signed_in("Author", Role::Author).await;
        assert_eq!(author.page("/admin/trash").await.text_of("empty"), ["The trash is empty."]);
    }
}
