//! The date a sitemap gives a page: that of the last change a reader could see.

use atlas::clock::Time;
use atlas::entry::Content;
use serde_json::json;

use crate::on_both;
use crate::support::web::{NOW, ORIGIN, Site, content};

const HOUR: i64 = 3_600_000;

on_both! {
    async fn a_date_moves_with_what_readers_see_and_with_nothing_else(site: Site) {
        let text = |body: &str| Content { body: body.into(), slug: "about".into(), ..content("About", json!({})) };
        let id = site.publish("page", text("One.")).await;
        let began = Time::parse(NOW).unwrap();
        assert_eq!(lastmod(&site).await, Some(began));

        site.app.clock.advance(HOUR);
        site.edit(id, |_| {}).await;
        site.edit(id, |content| content.seo.title = "About us".into()).await;
        site.publish("page", content("Another", json!({}))).await;
        assert_eq!(lastmod(&site).await, Some(began), "nobody who reads the page sees another one");

        site.app.clock.advance(HOUR);
        site.edit(id, |content| content.body = "Two.".into()).await;
        assert_eq!(lastmod(&site).await, Some(Time(began.0 + 2 * HOUR)));
    }
}

/// The date of `/about` in a sitemap that is built now.
async fn lastmod(site: &Site) -> Option<Time> {
    assert!(site.sitemap().await.contains(&format!("{ORIGIN}/about")));
    let shard = site.get("/sitemaps/page-en-1.xml").await;
    let document = roxmltree::Document::parse(shard.text()).unwrap();
    let child = |of: roxmltree::Node<'_, '_>, name: &str| {
        let found = of.children().find(|child| child.tag_name().name() == name);
        found.and_then(|child| child.text().map(str::to_owned))
    };
    let mut pages = document.root_element().children();
    let page = pages.find(|page| child(*page, "loc").is_some_and(|loc| loc.ends_with("/about"))).unwrap();
    child(page, "lastmod").and_then(|date| Time::parse(&date))
}
