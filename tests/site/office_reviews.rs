//! Reviews in the back office: asked for, talked about, approved, returned.

use atlas::entry::Role;
use atlas::store::{entries, reviews};
use serde_json::json;

use crate::on_both;
use crate::support::client::Answer;
use crate::support::html::Html;
use crate::support::office::Browser;
use crate::support::web::{Site, content};

/// Writes a draft; its number.
async fn write(browser: &mut Browser<'_>, title: &str, then: &str) -> i64 {
    let page = browser.page("/admin/types/article/new").await;
    let typed = [("title", title), ("body", "Some words."), ("then", then)];
    let done = browser.submit(&page, "/admin/types/article", &typed).await;
    number(&done)
}

fn number(done: &Answer) -> i64 {
    assert_eq!(done.status, 303, "{}", done.text());
    let to = done.header("location");
    let rest = to.strip_prefix("/admin/entries/").unwrap();
    rest.split('?').next().unwrap().parse().unwrap()
}

fn buttons(page: &Html) -> Vec<&str> {
    page.all("button").map(|button| button.text.as_str()).collect()
}

/// Presses a button of the review's form.
async fn press(browser: &mut Browser<'_>, id: i64, verb: &str, typed: &[(&str, &str)]) -> Answer {
    let page = browser.page(&format!("/admin/entries/{id}")).await;
    let mut fields = page.fields_of(&format!("/admin/entries/{id}/review/comment"));
    for (name, value) in typed {
        fields.retain(|(known, _)| known != name);
        fields.push(((*name).to_owned(), (*value).to_owned()));
    }
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let verb = if verb.is_empty() { String::new() } else { format!("/{verb}") };
    browser.post(&format!("/admin/entries/{id}/review{verb}"), &fields).await
}

on_both! {
    async fn a_draft_is_asked_about_returned_and_published(site: Site) {
        let mut nika = site.signed_in("Nika", Role::Contributor).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let id = write(&mut nika, "First draft", "review").await;
        let page = nika.page(&format!("/admin/entries/{id}?done=asked")).await;
        assert_eq!(page.text_of("notice"), ["A review is asked for. Editors see it on their overview."]);
        assert!(!buttons(&page).contains(&"Approve"));
        let board = leila.page("/admin").await;
        assert!(board.all("h2").any(|title| title.text == "Waiting for review"));
        let list = leila.page("/admin/reviews").await;
        assert!(list.all("a").any(|link| link.text == "First draft" && link.get("href") == Some(&format!("/admin/entries/{id}#review"))));
        let rows = leila.page("/admin/types/article").await;
        assert_eq!(rows.text_of("review-waiting"), ["review asked"]);
        // Without words nobody knows what to change; and what was typed for another button stays.
        let wordless = press(&mut leila, id, "return", &[("comment", " ")]).await;
        assert_eq!(wordless.status, 422);
        let returned = press(&mut leila, id, "return", &[("comment", "Shorter, <b>please</b>.\nAnd a picture.")]).await;
        assert_eq!(leila.follow(&returned).await.text_of("notice"), ["It is given back with your comment."]);
        assert_eq!(leila.page("/admin/reviews").await.text_of("empty"), ["Nothing waits for a review."]);
        let page = nika.page(&format!("/admin/entries/{id}")).await;
        assert_eq!(page.text_of("review-returned"), ["returned"]);
        assert!(page.all("p").any(|said| said.is("text") && said.text == "Shorter, <b>please</b>.\nAnd a picture."));
        assert!(nika.page("/admin").await.all("h2").any(|title| title.text == "Your reviews"));
        // Changed and asked about again, approved and published at once.
        let action = format!("/admin/entries/{id}");
        let saved = nika.submit(&page, &action, &[("title", "Second draft"), ("then", "review")]).await;
        assert_eq!(saved.status, 303);
        let approved = press(&mut leila, id, "approve", &[("comment", "Good."), ("then", "publish")]).await;
        assert_eq!(leila.follow(&approved).await.text_of("notice"), ["Approved and published."]);
        assert!(site.page("/articles/first-draft").await.title().starts_with("Second draft"));
        assert_eq!(reviews::find(&site.app.db, id).await.unwrap(), None);
        let said: Vec<String> = reviews::notes(&site.app.db, id, 10).await.unwrap().into_iter().map(|note| note.kind).collect();
        assert_eq!(said, ["approve", "ask", "return", "ask"], "what was said stays");
        let log = leila.page("/admin/log").await;
        for line in ["Nika asked for a review of", "Leila gave back", "Leila approved"] {
            assert!(log.all("td").any(|cell| cell.text.contains(line)), "{line}");
        }
    }

    async fn nothing_unseen_is_approved(site: Site) {
        let mut nika = site.signed_in("Nika", Role::Author).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let id = write(&mut nika, "A text", "review").await;
        let seen = leila.page(&format!("/admin/entries/{id}")).await;
        let page = nika.page(&format!("/admin/entries/{id}")).await;
        nika.submit(&page, &format!("/admin/entries/{id}"), &[("title", "Another text"), ("then", "save")]).await;
        let mut fields = seen.fields_of(&format!("/admin/entries/{id}/review/comment"));
        fields.push(("then".into(), "publish".into()));
        fields.retain(|(name, _)| name != "comment");
        fields.push(("comment".into(), "Good as it is".into()));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let refused = leila.post(&format!("/admin/entries/{id}/review/approve"), &fields).await;
        assert_eq!(refused.status, 409);
        let refused = Html::parse(refused.text());
        assert!(refused.all("li").any(|problem| problem.text == "Somebody has saved this meanwhile; look at it once more."));
        let kept = refused.fields_of(&format!("/admin/entries/{id}/review/comment"));
        assert!(kept.iter().any(|(name, value)| name == "comment" && value.contains("Good as it is")));
        assert!(refused.all("p").any(|said| said.text.contains("It was saved again since.")));
        // Approved, and then saved once more: that is not what was approved.
        assert_eq!(press(&mut leila, id, "approve", &[("then", "wait")]).await.status, 303);
        assert_eq!(nika.page("/admin/types/article").await.text_of("review-approved"), ["approved"]);
        let page = nika.page(&format!("/admin/entries/{id}")).await;
        assert_eq!(page.text_of("review-approved"), ["approved"]);
        nika.submit(&page, &format!("/admin/entries/{id}"), &[("title", "A third text"), ("then", "save")]).await;
        assert_eq!(nika.page(&format!("/admin/entries/{id}")).await.text_of("review-approved"), [""; 0]);
        assert_eq!(nika.page("/admin/types/article").await.text_of("review-approved"), [""; 0]);
    }

    async fn a_draft_is_approved_for_a_day_to_come(site: Site) {
        let mut nika = site.signed_in("Nika", Role::Contributor).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let id = write(&mut nika, "For later", "review").await;
        for wrong in ["", "soon", "2020-01-01T10:00"] {
            let typed = [("then", "schedule"), ("approve_at", wrong), ("comment", "Yes")];
            let refused = press(&mut leila, id, "approve", &typed).await;
            assert_eq!(refused.status, 422, "{wrong}");
            assert!(refused.text().contains("Yes"));
        }
        let typed = [("then", "schedule"), ("approve_at", "2026-12-01T10:00")];
        let approved = press(&mut leila, id, "approve", &typed).await;
        assert_eq!(leila.follow(&approved).await.text_of("notice"), ["Approved; it will be published at that time."]);
        let entry = entries::find(&site.app.db, id).await.unwrap().unwrap();
        assert_eq!(entry.state().as_str(), "scheduled");
    }

    async fn everybody_does_what_their_role_allows(site: Site) {
        let mut nika = site.signed_in("Nika", Role::Contributor).await;
        let mut omid = site.signed_in("Omid", Role::Author).await;
        let id = write(&mut nika, "Mine", "save").await;
        let at = |verb: &str| format!("/admin/entries/{id}/review{verb}");
        for verb in ["", "/comment", "/withdraw"] {
            assert_eq!(omid.post(&at(verb), &[("comment", "Hello")]).await.status, 404, "{verb}");
        }
        for browser in [&mut nika, &mut omid] {
            for verb in ["/approve", "/return"] {
                assert_eq!(browser.post(&at(verb), &[("comment", "Hello"), ("version", "1")]).await.status, 403, "{verb}");
            }
        }
        assert_eq!(nika.post(&at("/withdraw"), &[]).await.status, 409, "nothing is asked for");
        assert_eq!(nika.post(&at("/comment"), &[("comment", "")]).await.status, 422);
        assert_eq!(nika.post(&at("/comment"), &[("comment", &"long".repeat(3_000))]).await.status, 422);
        assert_eq!(nika.post(&at("/comment"), &[("comment", "Wait for it")]).await.status, 303);
        assert_eq!(nika.post(&at(""), &[("comment", "Please")]).await.status, 303);
        assert_eq!(nika.post(&at(""), &[("comment", "Please!")]).await.status, 409, "asked already");
        assert_eq!(nika.post(&at("/withdraw"), &[]).await.status, 303);
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        assert_eq!(leila.post(&at("/return"), &[("comment", "No")]).await.status, 409, "taken back");
        // What readers see already needs nobody's eye.
        let live = site.publish("article", content("Live", json!({}))).await;
        assert_eq!(leila.post(&format!("/admin/entries/{live}/review"), &[]).await.status, 409);
        assert!(!buttons(&leila.page(&format!("/admin/entries/{live}")).await).contains(&"Ask for a review"));
    }
}
