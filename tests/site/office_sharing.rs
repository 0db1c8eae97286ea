//! Drafts shown to somebody without an account.

use atlas::actions::Change;
use atlas::actions::accounts;
use atlas::entry::{Actor, Role};
use atlas::store::Ask;
use atlas::store::preview_links;
use serde_json::json;

use crate::on_both;
use crate::support::html::Html;
use crate::support::web::{ORIGIN, Site, content};

/// The address of a link that a page shows.
fn link_of(page: &Html) -> String {
    let input = page.all("input").find(|input| input.get("id") == Some("link")).unwrap();
    input.get("value").unwrap().strip_prefix(ORIGIN).unwrap().to_owned()
}

on_both! {
    async fn whoever_has_the_link_sees_the_draft_until_it_is_taken_back(site: Site) {
        let id = site.publish("article", content("As readers see it", json!({}))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let page = leila.page(&format!("/admin/entries/{id}")).await;
        leila.submit(&page, &format!("/admin/entries/{id}"), &[("title", "As it will be"), ("then", "save")]).await;
        let page = leila.page(&format!("/admin/entries/{id}")).await;
        let made = leila.submit(&page, &format!("/admin/entries/{id}/links"), &[]).await;
        assert_eq!((made.status, made.header("cache-control")), (200, "private, no-store"));
        let made = Html::parse(made.text());
        let link = link_of(&made);
        // A stranger, without a cookie.
        let seen = site.get(&link).await;
        assert_eq!((seen.status, seen.header("cache-control"), seen.header("x-robots-tag")), (200, "private, no-store", "noindex"));
        assert!(Html::parse(seen.text()).title().starts_with("As it will be"));
        assert_eq!(site.get(&link).await.status, 200, "more than once");
        assert!(site.page("/articles/as-readers-see-it").await.title().starts_with("As readers see it"));
        // Nobody opens anything by what is stored.
        let (stored,): (String,) = site.app.db.one("SELECT digest FROM preview_links", vec![]).await.unwrap();
        assert!(!link.contains(&stored));
        assert_eq!(site.get(&format!("/admin/preview/{stored}")).await.status, 404);
        let page = leila.page(&format!("/admin/entries/{id}")).await;
        assert!(page.all("li").any(|line| line.text.starts_with("By Leila, until 2026-11-29")));
        let taken = page.all("form").find_map(|form| form.get("action").filter(|to| to.ends_with("/revoke"))).unwrap().to_owned();
        let mut other = site.signed_in("Omid", Role::Author).await;
        assert_eq!(other.post(&taken, &[]).await.status, 404, "not theirs");
        let done = leila.post(&taken, &[]).await;
        assert_eq!(leila.follow(&done).await.text_of("notice"), ["The link opens nothing any more."]);
        assert_eq!(site.get(&link).await.status, 404);
        assert_eq!(leila.post(&taken, &[]).await.status, 404);
    }

    async fn a_preview_stands_in_a_frame_of_this_site_alone(site: Site) {
        let id = site.draft("article", content("A draft", json!({}))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let framed = leila.get(&format!("/admin/entries/{id}/preview/frame")).await;
        let csp = framed.header("content-security-policy");
        assert!(csp.contains("frame-ancestors 'none'") && csp.ends_with("; frame-src 'self'"), "{csp}");
        let page = Html::parse(framed.text());
        assert!(page.one("iframe").is("phone"));
        let src = page.one("iframe").get("src").unwrap().to_owned();
        let preview = leila.get(&src).await;
        let csp = preview.header("content-security-policy");
        assert!(csp.contains("frame-ancestors 'self'") && !csp.contains("frame-src"), "{csp}");
        assert!(Html::parse(preview.text()).title().starts_with("A draft"));
        assert!(!leila.page(&format!("/admin/entries/{id}/preview/frame?width=desktop")).await.one("iframe").is("phone"));
        let other = leila.get(&format!("/admin/entries/{id}")).await;
        let csp = other.header("content-security-policy");
        assert!(csp.contains("frame-ancestors 'none'") && !csp.contains("frame-src"), "{csp}");
    }

    async fn a_link_ends_with_its_days_its_entry_and_its_maker(site: Site) {
        let id = site.draft("article", content("A draft", json!({}))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let links = format!("/admin/entries/{id}/links");
        for days in ["0", "365", "", "x"] {
            assert_eq!(leila.post(&links, &[("days", days)]).await.status, 422, "{days}");
        }
        let mut make = async |days: &str| link_of(&Html::parse(leila.post(&links, &[("days", days)]).await.text()));
        let (day, week) = (make("1").await, make("7").await);
        for _ in 0..18 {
            make("1").await;
        }
        assert_eq!(leila.post(&links, &[("days", "1")]).await.status, 409, "enough of them");
        site.app.clock.advance(24 * 3_600_000);
        assert_eq!((site.get(&day).await.status, site.get(&week).await.status), (404, 200));
        let tx = site.app.db.begin().await.unwrap();
        assert_eq!(preview_links::forget_expired(&tx, site.app.clock.now(), 100).await.unwrap(), 19);
        tx.commit().await.unwrap();
        let user = atlas::store::users::find_by_email(&site.app.db, "leila@example.org").await.unwrap().unwrap();
        let keep_out = async |out| {
            let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
            accounts::set_disabled(&mut change, user.id, out).await.unwrap();
            change.commit().await.unwrap();
        };
        keep_out(true).await;
        assert_eq!(site.get(&week).await.status, 404, "their maker is kept out");
        keep_out(false).await;
        assert_eq!(site.get(&week).await.status, 200);
        let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
        let seen = site.version(id).await;
        atlas::actions::trash::trash(&mut change, id, seen, atlas::actions::unpublish::Then::Gone).await.unwrap();
        change.commit().await.unwrap();
        assert_eq!(site.get(&week).await.status, 404, "in the trash");
    }
}
