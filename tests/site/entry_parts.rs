//! Parts of pages that say who and what: the authors of an article, the kind of a place, its questions.

use atlas::entry::{Content, Seo};
use atlas::schema::ImageRef;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::html::{Element, Html};
use crate::support::web::{Site, content};

/// A city to put places into.
async fn city(site: &Site) -> i64 {
    let region = site.publish("region", content("Iran", json!({}))).await;
    site.publish("city", content("Tehran", json!({ "region": region }))).await
}

/// The texts of the kickers of cards, in order.
fn kickers(page: &Html) -> Vec<String> {
    let in_card = |element: &&Element| page.around(element).any(|around| around.is("card"));
    let found = page.0.iter().filter(|element| element.is("kicker")).filter(in_card);
    found.map(|element| element.text.trim().to_owned()).collect()
}

on_both! {
    async fn an_article_ends_with_who_wrote_it(site: Site) {
        let portrait = ImageRef { src: "https://pictures.test/l.jpg".into(), alt: "Leila".into(), ..ImageRef::default() };
        let leila = Content {
            summary: "Writes about bread.".into(),
            cover: Some(portrait),
            ..content("Leila Rad", json!({ "website": "https://www.leila.test/", "profiles": "https://books.test/leila" }))
        };
        let leila = site.publish("author", leila).await;
        let silent = site.publish("author", content("Omid", json!({}))).await;
        let story = Content { authors: vec![leila, silent], ..content("Bread", json!({})) };
        site.publish("article", story).await;
        let page = site.page("/articles/bread").await;
        let text = |class: &str| -> Vec<String> {
            let found = page.0.iter().filter(|element| element.is(class));
            found.map(|element| element.text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
        };
        // Of Omid there is nothing to say that the byline does not.
        assert_eq!(text("author"), ["Leila Rad Writes about bread. leila.test books.test"]);
        let links: Vec<&str> = page.all("a").filter(|link| link.get("rel") == Some("author")).filter_map(|link| link.get("href")).collect();
        assert_eq!(links, ["/authors/leila-rad"]);
        assert!(page.all("img").any(|image| image.get("src") == Some("https://pictures.test/l.jpg")));
        site.edit(leila, |content| content.summary = "Writes about salt.".into()).await;
        assert!(site.get("/articles/bread").await.text().contains("Writes about salt."));
        site.publish("article", content("Unsigned", json!({}))).await;
        assert!(site.page("/articles/unsigned").await.0.iter().all(|element| !element.is("authors")));
    }

    async fn cards_of_places_say_what_they_are(site: Site) {
        let city = city(&site).await;
        for (title, kind) in [("Naderi", Some("cafe")), ("Gisu", Some("hair-salon")), ("Odd", None)] {
            let mut fields = json!({ "city": city });
            if let (Some(kind), Some(fields)) = (kind, fields.as_object_mut()) {
                fields.insert("business_type".into(), Value::from(kind));
            }
            site.publish("place", content(title, fields)).await;
        }
        for target in ["/places", "/iran/tehran"] {
            let mut said = kickers(&site.page(target).await);
            said.retain(|kicker| !kicker.starts_with(|c: char| c.is_ascii_digit()));
            said.sort();
            assert_eq!(said, ["Café", "Hair salon"], "{target}");
        }
    }

    async fn an_entry_asks_for_its_questions_to_be_said(site: Site) {
        let city = city(&site).await;
        let faq = json!([{ "question": "Cards?", "answer": "Yes." }]);
        let place = content("Naderi", json!({ "city": city, "faq": faq }));
        let id = site.publish("place", place).await;
        let modified = async || atlas::store::entries::find(&site.app.db, id).await.unwrap().unwrap().modified_at;
        let says = async || site.page("/iran/tehran/naderi").await.graph().to_string().contains("FAQPage");
        assert!(!says().await);
        let first = modified().await;
        site.app.clock.advance(60_000);
        site.edit(id, |content| content.seo = Seo { faq: Some(true), ..Seo::default() }).await;
        assert!(says().await);
        // Structured data has changed, so the date of the last change moves.
        assert!(modified().await > first);
        site.edit(id, |content| content.seo = Seo { faq: Some(false), ..Seo::default() }).await;
        assert!(!says().await);
    }

    async fn descriptions_that_begin_alike_say_the_title_first(site: Site) {
        let told = async |target: &str| site.page(target).await.meta("description").to_owned();
        let body = "The same beginning in every post. ".repeat(8);
        let post = |title: &str, end: &str| Content { body: format!("{body}{end}"), ..content(title, json!({})) };
        site.publish("article", post("One", "First.")).await;
        let alone = told("/articles/one").await;
        assert!(alone.starts_with("The same beginning"), "{alone}");
        let two = site.publish("article", post("Two", "Second.")).await;
        assert!(told("/articles/one").await.starts_with("One: The same beginning"));
        assert!(told("/articles/two").await.starts_with("Two: The same beginning"));
        site.edit(two, |content| content.summary = "Another thing.".into()).await;
        assert_eq!(told("/articles/one").await, alone);
        assert_eq!(told("/articles/two").await, "Another thing.");
        // What an editor wrote stays as it is.
        let seo = Seo { description: alone.clone(), ..Seo::default() };
        site.edit(two, |content| content.seo = seo).await;
        assert_eq!(told("/articles/two").await, alone);
    }
}
