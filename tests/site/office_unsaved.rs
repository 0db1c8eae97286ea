//! What somebody writes and has not saved: kept, offered again, and told to others.

use atlas::actions::unsaved::{OPEN, WAITS};
use atlas::clock::Time;
use atlas::entry::Role;
use atlas::store::{Ask, entries, unsaved};
use serde_json::{Value, json};

use crate::on_both;
use crate::support::html::Html;
use crate::support::office::Browser;
use crate::support::web::{Node, Site, content};

/// What the script of a form sends while somebody writes.
async fn keep(browser: &mut Browser<'_>, page: &Html, action: &str, typed: &[(&str, &str)]) {
    let mut fields = page.fields_of(action);
    for (name, value) in typed {
        fields.retain(|(known, _)| known != name);
        fields.push(((*name).to_owned(), (*value).to_owned()));
    }
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(browser.post(&format!("{action}/unsaved"), &fields).await.status, 204);
}

fn value(page: &Html, action: &str, name: &str) -> String {
    page.fields_of(action)
        .into_iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value)
        .unwrap_or_default()
}

async fn others(browser: &mut Browser<'_>, id: i64, fields: &[(&str, &str)]) -> Vec<String> {
    let answer = browser.post(&format!("/admin/entries/{id}/open"), fields).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let told: Value = serde_json::from_str(answer.text()).unwrap();
    told["others"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

async fn kept(node: &Node) -> i64 {
    let rows: Vec<(i64,)> = node.app.db.all("SELECT COUNT(*) FROM unsaved", vec![]).await.unwrap();
    rows[0].0
}

on_both! {
    async fn what_was_not_saved_is_offered_to_who_wrote_it(site: Site) {
        let id = site.draft("article", content("Stored", json!({}))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let mut boris = site.signed_in("Boris", Role::Editor).await;
        let action = format!("/admin/entries/{id}");
        let page = leila.page(&action).await;
        keep(&mut leila, &page, &action, &[("body", "Half a\n\nsentence & more")]).await;
        let count: Vec<(i64,)> = site.app.db.all("SELECT COUNT(*) FROM revisions", vec![]).await.unwrap();
        assert_eq!(count[0].0, 1, "it is no revision");
        // The browser is gone; the text is not.
        let page = leila.page(&action).await;
        assert_eq!(value(&page, &action, "body"), "", "the form shows what is stored");
        let offer = page.text_of("warning").join(" ");
        assert!(offer.contains("was not saved") && offer.contains("Go on with it"), "{offer}");
        assert!(boris.page(&action).await.text_of("warning").is_empty(), "it is nobody else's");
        let restored = leila.page(&format!("{action}?left=1")).await;
        assert_eq!(value(&restored, &action, "body"), "Half a\n\nsentence & more");
        assert!(restored.all("form").any(|form| form.get("data-unsaved").is_some()));
        // Somebody else saves meanwhile: both texts, as ever.
        let theirs = boris.page(&action).await;
        assert_eq!(boris.submit(&theirs, &action, &[("title", "By Boris")]).await.status, 303);
        let both = leila.submit(&restored, &action, &[]).await;
        assert_eq!(both.status, 409);
        let saved = leila.submit(&Html::parse(both.text()), &action, &[]).await;
        assert_eq!(saved.status, 303);
        assert_eq!(kept(&site).await, 0, "what is saved is not kept besides");
        assert!(leila.page(&action).await.text_of("warning").is_empty());
    }

    async fn saving_forgets_no_older_text_that_nobody_decided_about(site: Site) {
        let id = site.draft("article", content("Stored", json!({}))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let action = format!("/admin/entries/{id}");
        let page = leila.page(&action).await;
        keep(&mut leila, &page, &action, &[("body", "Three hours of work")]).await;
        // The offer is passed over, and something else is saved.
        let page = leila.page(&action).await;
        assert_eq!(page.text_of("warning").len(), 1);
        assert_eq!(leila.submit(&page, &action, &[("title", "A small change")]).await.status, 303);
        assert_eq!(leila.page(&action).await.text_of("warning").len(), 1, "it is offered still");
        let restored = leila.page(&format!("{action}?left=1")).await;
        assert_eq!(value(&restored, &action, "body"), "Three hours of work");
        // A refused form goes on passing it over.
        let page = leila.page(&action).await;
        let refused = leila.submit(&page, &action, &[("title", "")]).await;
        assert_eq!(refused.status, 422);
        let again = leila.submit(&Html::parse(refused.text()), &action, &[("title", "Once more")]).await;
        assert_eq!(again.status, 303);
        assert_eq!(kept(&site).await, 1);
        // The same of a new entry.
        let (new, action) = ("/admin/types/article/new", "/admin/types/article");
        let page = leila.page(new).await;
        keep(&mut leila, &page, action, &[("title", "Begun yesterday"), ("locale", "en")]).await;
        let page = leila.page(new).await;
        assert_eq!(leila.submit(&page, action, &[("title", "Begun today")]).await.status, 303);
        assert_eq!(leila.page(new).await.text_of("warning").len(), 1);
    }

    async fn it_is_forgotten_by_a_button_or_when_it_says_what_is_stored(site: Site) {
        let id = site.draft("article", content("Stored", json!({}))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let action = format!("/admin/entries/{id}");
        let page = leila.page(&action).await;
        keep(&mut leila, &page, &action, &[]).await;
        assert!(leila.page(&action).await.text_of("warning").is_empty(), "it says nothing new");
        keep(&mut leila, &page, &action, &[("title", "New")]).await;
        let forgotten = leila.post(&format!("{action}/unsaved"), &[("forget", "1")]).await;
        assert_eq!(forgotten.hop(), format!("303 {action}"));
        assert!(leila.page(&action).await.text_of("warning").is_empty());
        // A new entry, too.
        let (new, action) = ("/admin/types/article/new", "/admin/types/article");
        let page = leila.page(new).await;
        keep(&mut leila, &page, action, &[("title", "Never saved"), ("locale", "en")]).await;
        assert_eq!(leila.page(new).await.text_of("warning").len(), 1);
        let restored = leila.page(&format!("{new}?left=1")).await;
        assert_eq!(value(&restored, action, "title"), "Never saved");
        assert_eq!(leila.submit(&restored, action, &[]).await.status, 303);
        assert!(leila.page(new).await.text_of("warning").is_empty());
        // Nobody comes back for it.
        let page = leila.page(new).await;
        keep(&mut leila, &page, action, &[("title", "Left for good")]).await;
        site.app.clock.advance(31 * 24 * 3_600_000);
        let (now, tx) = (site.app.clock.now(), site.app.db.begin().await.unwrap());
        let (texts, forms) = (Time(now.0 - WAITS), Time(now.0 - OPEN));
        assert_eq!(unsaved::forget_before(&tx, texts, forms, 10).await.unwrap(), 1);
        tx.commit().await.unwrap();
        assert_eq!(kept(&site).await, 0);
    }

    async fn others_see_who_has_the_form_open_and_nobody_is_kept_out(site: Site) {
        let id = site.draft("article", content("Ours", json!({}))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let mut boris = site.signed_in("Boris", Role::Editor).await;
        assert_eq!(others(&mut leila, id, &[]).await, [""; 0]);
        assert_eq!(others(&mut boris, id, &[]).await, ["Leila"]);
        assert_eq!(others(&mut leila, id, &[]).await, ["Boris"]);
        let action = format!("/admin/entries/{id}");
        let page = boris.page(&action).await;
        assert_eq!(boris.submit(&page, &action, &[("title", "Saved all the same")]).await.status, 303);
        assert_eq!(others(&mut boris, id, &[("left", "1")]).await, ["Leila"]);
        assert_eq!(others(&mut leila, id, &[]).await, [""; 0], "Boris has left");
        others(&mut boris, id, &[]).await;
        site.app.clock.advance(91_000);
        assert_eq!(others(&mut leila, id, &[]).await, [""; 0], "no sign for a minute and a half");
    }

    async fn nothing_is_kept_of_what_is_not_theirs(site: Site) {
        let id = site.draft("article", content("Secret", json!({}))).await;
        let mut author = site.signed_in("Author", Role::Author).await;
        assert_eq!(author.post(&format!("/admin/entries/{id}/unsaved"), &[("title", "x")]).await.status, 404);
        assert_eq!(author.post(&format!("/admin/entries/{id}/open"), &[]).await.status, 404);
        assert_eq!(author.post("/admin/types/nonsense/unsaved", &[("title", "x")]).await.status, 404);
        assert_eq!(kept(&site).await, 0);
        assert_eq!(entries::draft(&site.app.db, id).await.unwrap().content.title, "Secret");
    }

    async fn a_place_is_read_from_the_link_of_a_map(site: Site) {
        let region = site.publish("region", content("A region", json!({}))).await;
        let city = site.publish("city", content("A city", json!({ "region": region }))).await;
        let id = site.draft("place", content("A place", json!({ "city": city }))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let action = format!("/admin/entries/{id}");
        let page = leila.page(&action).await;
        let short = leila.submit(&page, &action, &[("field.geo", "https://maps.app.goo.gl/AbCd")]).await;
        assert_eq!(short.status, 422);
        let again = Html::parse(short.text());
        assert!(again.text_of("error")[0].starts_with("Is a shortened link"), "{:?}", again.text_of("error"));
        assert_eq!(value(&again, &action, "field.geo"), "https://maps.app.goo.gl/AbCd");
        let link = "https://www.google.com/maps/place/X/@35.7,51.3,17z/data=!8m2!3d35.7448!4d51.3753";
        assert_eq!(leila.submit(&again, &action, &[("field.geo", link)]).await.status, 303);
        assert_eq!(value(&leila.page(&action).await, &action, "field.geo"), "35.74480, 51.37530");
    }
}
