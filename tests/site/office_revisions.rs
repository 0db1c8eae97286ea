//! Previews that are the page, and earlier states that come back.

use atlas::entry::{Content, Role};
use atlas::store::entries;
use serde_json::json;

use crate::on_both;
use crate::support::web::{Site, content};

on_both! {
    async fn a_preview_is_the_page_that_will_be_published(site: Site) {
        let topic = site.publish("tag", content("Rain", json!({}))).await;
        let author = site.publish("author", content("Leila", json!({}))).await;
        let linked = site.publish("article", content("Linked", json!({}))).await;
        let draft = Content {
            body: format!("## Heading\n\nSee [this](entry:{linked}).\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"),
            summary: "In short.".into(),
            authors: vec![author],
            ..content("A draft of rain", json!({ "tags": [topic] }))
        };
        let id = site.draft("article", draft).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let shown = leila.get(&format!("/admin/entries/{id}/preview")).await;
        assert_eq!(shown.status, 200);
        assert_eq!(shown.header("cache-control"), "private, no-store");
        assert_eq!(shown.header("x-robots-tag"), "noindex");
        assert_eq!(shown.header("x-public-cache"), "");
        assert_eq!(site.get("/articles/a-draft-of-rain").await.status, 404, "nothing was published by it");
        let done = leila.post(&format!("/admin/entries/{id}/publish"), &[("version", "1")]).await;
        assert_eq!(done.status, 303);
        let page = site.get("/articles/a-draft-of-rain").await;
        assert!(page.text().contains(">Rain<") && page.text().contains("/articles/linked"), "{}", page.text());
        assert_eq!(shown.text(), page.text(), "word for word");
        // A change of what is live, before and after.
        let page = leila.page(&format!("/admin/entries/{id}")).await;
        site.app.clock.advance(3 * 24 * 3_600_000);
        leila.sign_in("leila@example.org", crate::support::office::PASSWORD).await;
        let changes = [("body", "Another body."), ("field.tags", ""), ("title", "Another title")];
        assert_eq!(leila.submit(&page, &format!("/admin/entries/{id}"), &changes).await.status, 303);
        let shown = leila.get(&format!("/admin/entries/{id}/preview")).await;
        let earlier = leila.get(&format!("/admin/entries/{id}/revisions/1/preview")).await;
        assert!(earlier.text().contains("In short.") && !earlier.text().contains("Another body."));
        let version = entries::find(&site.app.db, id).await.unwrap().unwrap().version.to_string();
        let done = leila.post(&format!("/admin/entries/{id}/publish"), &[("version", &version)]).await;
        assert_eq!(done.status, 303);
        assert_eq!(shown.text(), site.get("/articles/a-draft-of-rain").await.text());
    }

    async fn revisions_are_listed_compared_and_taken_back(site: Site) {
        let id = site.publish("article", Content { body: "First.".into(), ..content("One", json!({})) }).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let action = format!("/admin/entries/{id}");
        let page = leila.page(&action).await;
        let done = leila.submit(&page, &action, &[("body", "Second."), ("title", "Two")]).await;
        assert_eq!(done.status, 303);
        let list = leila.page(&format!("{action}/revisions")).await;
        let rows: Vec<String> = list.all("th").filter(|cell| cell.get("scope") == Some("row"))
            .map(|cell| cell.text.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(rows, ["3 the draft", "1 what readers see"]);
        assert!(list.all("td").any(|cell| cell.text.contains("Leila")), "who saved it is named");
        let both = leila.page(&format!("{action}/revisions/compare?from=1&to=3")).await;
        assert_eq!(both.text_of("text"), ["One", "Two", "First.", "Second."]);
        assert_eq!(leila.get(&format!("{action}/revisions/compare?from=1&to=99")).await.status, 404);
        let same = leila.page(&format!("{action}/revisions/compare?from=1&to=1")).await;
        assert_eq!(same.text_of("empty"), ["Both say the same."]);
        let restore = format!("{action}/revisions/1/restore");
        assert_eq!(leila.submit(&list, &restore, &[("version", "1")]).await.status, 409, "a page of before");
        let done = leila.submit(&list, &restore, &[]).await;
        leila.follow(&done).await;
        let draft = entries::draft(&site.app.db, id).await.unwrap();
        assert_eq!((draft.number, draft.content.title.as_str(), draft.content.body.as_str()), (4, "One", "First."));
    }

    async fn secondary_pages_of_what_is_not_mine_are_not_there(site: Site) {
        let id = site.draft("article", content("A secret draft", json!({}))).await;
        for role in [Role::Author, Role::Contributor] {
            let mut browser = site.signed_in(role.as_str(), role).await;
            for page in ["preview", "revisions", "revisions/compare?from=1&to=1", "revisions/1/preview"] {
                let answer = browser.get(&format!("/admin/entries/{id}/{page}")).await;
                assert_eq!(answer.status, 404, "{page} as {role}");
                assert!(!answer.text().contains("A secret draft"));
            }
            let restored = browser.post(&format!("/admin/entries/{id}/revisions/1/restore"), &[("version", "1")]).await;
            assert_eq!(restored.status, 404);
        }
        let stranger = site.browser().get(&format!("/admin/entries/{id}/preview")).await;
        assert_eq!(stranger.status, 303);
    }
}
