//! The sample site as a visitor and a crawler see it, and what is kept from them.

use std::collections::HashMap;

use atlas::actions::import::sample;
use atlas::entry::{Content, Visibility};
use serde_json::json;

use crate::on_both;
use crate::support::web::{Site, content, path_of};

on_both! {
    async fn the_sample_comes_in_whole_and_every_page_of_it_answers(site: Site) {
        let report = sample::load(&site.app).await.unwrap().expect("the site is empty");
        assert_eq!((report.problems.as_slice(), report.notes.as_slice()), (&[][..], &[][..]));
        assert_eq!(report.created, 62);
        assert!(sample::load(&site.app).await.unwrap().is_none(), "it is loaded once");

        let mut named: HashMap<String, Vec<(String, String)>> = HashMap::new();
        let mut titles = HashMap::new();
        for url in site.sitemap().await {
            let page = site.page(path_of(&url)).await;
            assert_eq!(page.canonical(), Some(url.as_str()));
            assert_eq!(page.all("h1").count(), 1, "{url}");
            let html = page.one("html");
            let persian = path_of(&url) == "/fa" || path_of(&url).starts_with("/fa/");
            let expected = if persian { ("fa", "rtl") } else { ("en", "ltr") };
            assert_eq!((html.get("lang").unwrap(), html.get("dir").unwrap()), expected, "{url}");
            assert!(!page.meta("description").is_empty(), "{url}");
            if let Some(other) = titles.insert(page.title().to_owned(), url.clone()) {
                panic!("{other} and {url} have one title");
            }
            let of = |link: &crate::support::html::Element| {
                (link.get("hreflang").unwrap().to_owned(), link.get("href").unwrap().to_owned())
            };
            let alternates = page.links("alternate").filter(|link| link.get("hreflang").is_some());
            named.insert(url, alternates.map(of).collect());
        }
        for (url, alternates) in &named {
            for (_, other) in alternates {
                assert_eq!(named.get(other), Some(alternates), "{url} names {other}, which names others");
            }
        }
        assert!(named.values().filter(|alternates| alternates.len() == 3).count() > 20);
    }

    async fn what_is_not_public_is_not_shown(site: Site) {
        let draft = site.draft("page", content("Draft", json!({}))).await;
        assert!(draft > 0);
        assert_eq!(site.get("/draft").await.status, 404);
        let private = Content { visibility: Visibility::Private, ..content("Private", json!({})) };
        site.publish("page", private).await;
        assert_eq!(site.get("/private").await.status, 404);
        let unlisted = Content { visibility: Visibility::Unlisted, ..content("Unlisted", json!({})) };
        site.publish("article", unlisted).await;
        let page = site.page("/articles/unlisted").await;
        assert!(!page.is_indexable());
        assert!(!site.get("/articles").await.text().contains("Unlisted"));
        assert!(!site.get("/feed.xml").await.text().contains("Unlisted"));
        assert!(!site.sitemap().await.iter().any(|url| url.contains("unlisted")));
    }

    async fn a_list_has_as_many_pages_as_it_needs_and_no_more(site: Site) {
        for number in 0..30 {
            site.publish("article", content(&format!("Article {number:02}"), json!({}))).await;
        }
        let first = site.page("/articles").await;
        assert_eq!(path_of(first.canonical().unwrap()), "/articles");
        assert_eq!(first.links("next").next().unwrap().get("href"), Some("/articles?page=2"));
        let second = site.page("/articles?page=2").await;
        assert_eq!(path_of(second.canonical().unwrap()), "/articles?page=2");
        assert_ne!(first.title(), second.title());
        assert_ne!(first.meta("description"), second.meta("description"));
        for beyond in ["99", "0", "-1", "x", "1x", "99999999999", "+2", "02"] {
            assert_eq!(site.get(&format!("/articles?page={beyond}")).await.status, 404, "{beyond}");
        }
    }

    async fn what_is_gone_says_so_in_the_language_of_its_path(site: Site) {
        let missing = site.get("/nothing").await;
        assert_eq!(missing.status, 404);
        assert!(missing.text().contains("lang=\"en\""));
        let missing = site.get("/fa/nothing").await;
        assert_eq!(missing.status, 404);
        assert!(missing.text().contains("lang=\"fa\" dir=\"rtl\""));
        let refused = site.get("/a%2fb").await;
        assert_eq!(refused.status, 400);
        assert_eq!(refused.header("cache-control"), "private, no-store");
        assert!(refused.text().contains("<h1"));
    }
}
