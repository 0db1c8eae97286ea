//! `atlas explain`: what happens to an address, and why.

use atlas::actions::Change;
use atlas::actions::redirects::{self, Wish};
use atlas::actions::trash::trash;
use atlas::actions::unpublish::Then;
use atlas::entry::{Actor, Content, Seo};
use atlas::web::explain::explain;
use serde_json::json;

use crate::on_both;
use crate::support::web::{Site, content};

on_both! {
    async fn every_fate_of_an_address_is_explained(site: Site) {
        let kept = site.publish("article", content("Kept", json!({}))).await;
        site.edit(kept, |content| content.slug = "moved".into()).await;
        let hidden = Content { seo: Seo { noindex: true, ..Seo::default() }, ..content("Hidden", json!({})) };
        site.publish("article", hidden).await;
        let gone = site.publish("article", content("Gone", json!({}))).await;
        let seen = site.version(gone).await;
        let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
        trash(&mut change, gone, seen, Then::Gone).await.unwrap();
        for (kind, from, to, status) in
            [("prefix", "/old", Some("/articles"), 301), ("exact", "/short", Some("/articles/moved"), 302), ("exact", "/never", None, 410)]
        {
            let wish = Wish { kind: kind.into(), from: from.into(), to: to.map(str::to_owned), status, reuse: false };
            redirects::add(&mut change, &wish).await.unwrap();
        }
        change.commit().await.unwrap();
        let mut told = Vec::new();
        for asked in [
            "/articles/moved", "/articles/Moved/", "/articles/kept", "https://other.example/articles/moved",
            "/articles/hidden", "/articles/gone", "/old/moved", "/old/nothing", "/short", "/never",
            "/articles", "/fa", "/articles/feed.xml", "/nowhere", "/a/%2e%2e/b",
            "/articles?page=1", "/articles?page=9", "/articles?utm_source=x", "/articles/moved?page=2", "/articles?form=news",
            "/robots.txt", "https://other.example/robots.txt", "/sitemap.xml", "/sitemap-news.xml", "/sitemaps/nothing.xml",
            "/favicon.ico", "/site.webmanifest", "/.well-known/security.txt", "/healthz", "/readyz", "/static/site/site.css",
            "/static/nothing", "/media/0123456789abcdef/x.png", "/media/x", "/search", "/search?q=moved", "/feed.xml?x=1",
        ] {
            let explained = explain(&site.app, asked).await.unwrap().explanation;
            if asked.starts_with('/') {
                let answer = site.get(asked).await;
                let got = (answer.status, Some(answer.header("location").to_owned()).filter(|to| !to.is_empty()));
                assert_eq!((explained.status, explained.location.clone()), got, "{asked}");
            }
            told.push(explained);
        }
        insta::assert_snapshot!("explained", serde_json::to_string_pretty(&told).unwrap());
        let refused = explain(&site.app, "mailto:x").await.unwrap_err().to_string();
        assert_eq!(refused, "`URL`: `mailto:x` is neither a path (/…) nor a URL");
    }

    async fn a_title_is_written_in_latin_letters_where_the_site_wants_that(site: Site) {
        for (transliterate, path) in [("false", "/articles/چای"), ("true", "/articles/chy")] {
            let node = site.another(&[("transliterate", transliterate)]).await;
            let target = atlas::actions::save_draft::Target::New {
                kind: "article".into(), locale: "en".into(), translation_of: None,
            };
            let draft = atlas::actions::save_draft::Draft {
                target, content: content("چای", json!({})), reuse: false, lenient: false, tie: None,
            };
            let mut change = Change::begin(&node.app, &Actor::Operator).await.unwrap();
            let saved = atlas::actions::save_draft::save_draft(&mut change, draft).await.unwrap();
            change.commit().await.unwrap();
            let own = atlas::store::paths::canonical(&node.app.db, saved.id).await.unwrap().unwrap();
            assert_eq!(own.to_string(), path);
        }
    }
}
