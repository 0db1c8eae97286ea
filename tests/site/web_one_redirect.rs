//! However an address is written, one 301 leads to the page; and what HTTP asks of a page otherwise.

use std::io::Read;

use atlas::entry::Content;
use serde_json::json;

use crate::on_both;
use crate::support::html::Html;
use crate::support::web::{ORIGIN, Site, content};

/// Two places that differ in script and case, one of which was elsewhere before.
async fn with_places(site: &Site) {
    let region = site.publish("region", content("Iran", json!({}))).await;
    let city = site.publish("city", content("Tehran", json!({ "region": region }))).await;
    let fields = json!({ "city": city });
    site.publish("place", Content { slug: "Café-Naderi".into(), ..content("Café Naderi", fields.clone()) })
        .await;
    let moved = Content { slug: "old-Bazaar".into(), ..content("The Bazaar", fields.clone()) };
    let moved = site.publish("place", moved).await;
    site.edit(moved, |content| content.slug = "Bazaar".into()).await;
    for number in 0..30 {
        site.publish("place", content(&format!("Place {number:02}"), fields.clone())).await;
    }
}

on_both! {
    async fn every_spelling_is_one_redirect_to_the_page(site: Site) {
        with_places(&site).await;
        let cafe = "/iran/tehran/Caf%C3%A9-Naderi";
        let cases = [
            (cafe, cafe),
            // Case, and the case of the percent-encoding.
            ("/IRAN/Tehran/CAF%C3%89-naderi", cafe),
            ("/iran/tehran/caf%c3%a9-naderi", cafe),
            // Composed and decomposed, encoded and raw.
            ("/iran/tehran/Cafe%CC%81-Naderi", cafe),
            ("/iran/tehran/Café-Naderi", cafe),
            ("/iran/tehran/Cafe\u{301}-Naderi", cafe),
            ("/iran/tehran/%43af%C3%A9-Naderi", cafe),
            // Slashes and index files.
            ("/iran/tehran/Caf%C3%A9-Naderi/", cafe),
            ("//iran///tehran//Caf%C3%A9-Naderi//", cafe),
            ("/iran/tehran/Caf%C3%A9-Naderi/index.html", cafe),
            ("/iran/tehran/Caf%C3%A9-Naderi/INDEX.PHP", cafe),
            // Query strings that no page knows.
            ("/iran/tehran/Caf%C3%A9-Naderi?", cafe),
            ("/iran/tehran/Caf%C3%A9-Naderi?utm_source=x&fbclid=y", cafe),
            ("/places?utm_source=x&page=2", "/places?page=2"),
            ("/places?page=2&page=3", "/places?page=2"),
            ("/places?page=%32", "/places?page=2"),
            ("/places?page=1", "/places"),
            ("/places?page=1&x", "/places"),
            ("/PLACES/?page=1", "/places"),
            // What is no entry.
            ("/index.html", "/"),
            ("//", "/"),
            ("/?x=1", "/"),
            ("/Places/", "/places"),
            ("/FA", "/fa"),
            ("/fa/index.html", "/fa"),
            ("/fa/Places/", "/fa/places"),
            ("/FEED.xml", "/feed.xml"),
            // A former path, in all these ways.
            ("/iran/tehran/old-Bazaar", "/iran/tehran/Bazaar"),
            ("/IRAN/tehran//OLD-bazaar/index.html?utm_source=x", "/iran/tehran/Bazaar"),
            ("/iran/tehran/%6Fld-bazaar/?page=1", "/iran/tehran/Bazaar"),
        ];
        for (asked, page) in cases {
            let expected = if asked == page { "200".to_owned() } else { format!("301 {ORIGIN}{page}") };
            assert_eq!(site.get(asked).await.hop(), expected, "{asked}");
            // And once more, now that it may be in memory.
            assert_eq!(site.get(asked).await.hop(), expected, "{asked}");
            assert_eq!(site.get(page).await.hop(), "200", "{page}");
        }
    }

    async fn host_and_scheme_are_corrected_in_the_same_step(site: Site) {
        with_places(&site).await;
        let page = "/iran/tehran/Bazaar";
        let former = "/IRAN//tehran/%6Fld-Bazaar/index.html?utm_source=x";
        let found = format!("301 {ORIGIN}{page}");
        for target in [page, former] {
            for headers in [
                &[("Host", "www.site.test")][..],
                &[("Host", "SITE.TEST:80")],
                &[("Host", "site.test.")],
                &[("Host", "evil.example")],
                &[("X-Forwarded-Proto", "http")],
                &[("Host", "evil.example"), ("X-Forwarded-Proto", "http")],
                &[("Host", "evil.example"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "site.test")],
            ] {
                assert_eq!(site.ask("GET", target, headers).await.hop(), found, "{target} {headers:?}");
            }
        }
        // An absolute target names the host, whatever the header says.
        assert_eq!(site.get(&format!("http://evil.example{page}")).await.hop(), found);
        let right = site.ask("GET", page, &[("X-Forwarded-Proto", "https")]).await;
        assert_eq!(right.hop(), "200");
        // The node itself, as its owner and a health check ask it: the page, but not for an index.
        let direct = site.ask("GET", page, &[("Host", "127.0.0.1:8080")]).await;
        assert_eq!((direct.hop(), direct.header("x-robots-tag")), ("200".into(), "noindex"));
        assert_eq!(right.header("x-robots-tag"), "");
        // Nothing is at either host: no redirect to nowhere.
        assert_eq!(site.ask("GET", "/nowhere", &[("Host", "evil.example")]).await.status, 404);
    }

    async fn the_scheme_of_a_stranger_is_not_believed(site: Site) {
        with_places(&site).await;
        let strict = site.another(&[("trusted_proxies", "none")]).await;
        let answer = strict.ask("GET", "/iran/tehran/Bazaar", &[("X-Forwarded-Proto", "http")]).await;
        assert_eq!(answer.hop(), "200");
    }

    async fn a_redirect_has_no_body_of_its_own_and_is_kept(site: Site) {
        with_places(&site).await;
        let answer = site.get("/iran/tehran/old-bazaar").await;
        assert_eq!((answer.hop(), answer.body.len()), (format!("301 {ORIGIN}/iran/tehran/Bazaar"), 0));
        assert_eq!(
            answer.header("cache-control"),
            "public, max-age=0, s-maxage=10, stale-while-revalidate=86400, stale-if-error=86400"
        );
    }

    async fn a_page_is_read_and_nothing_else(site: Site) {
        with_places(&site).await;
        for target in ["/", "/places", "/iran/tehran/Bazaar", "/nowhere"] {
            for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"] {
                let answer = site.ask(method, target, &[("Content-Length", "0")]).await;
                assert_eq!((answer.status, answer.header("allow")), (405, "GET, HEAD"), "{method} {target}");
                assert_eq!(answer.header("cache-control"), "private, no-store", "{method} {target}");
            }
        }
        // A method in disguise stays what it is.
        let disguised = site.ask("GET", "/places", &[("X-HTTP-Method-Override", "DELETE")]).await;
        assert_eq!(disguised.status, 200);
    }

    async fn head_is_get_without_its_body(site: Site) {
        with_places(&site).await;
        for target in ["/", "/places?page=2", "/iran/tehran/Bazaar", "/iran/tehran/old-bazaar", "/nowhere", "/feed.xml"] {
            for _ in ["rendered", "from memory"] {
                let head = site.ask("HEAD", target, &[]).await;
                let get = site.get(target).await;
                assert_eq!(head.status, get.status, "{target}");
                assert!(head.body.is_empty(), "{target}");
                for name in ["content-type", "content-length", "etag", "cache-control", "location", "content-security-policy"] {
                    assert_eq!(head.header(name), get.header(name), "{name} of {target}");
                }
            }
        }
    }

    async fn who_has_the_page_gets_304(site: Site) {
        with_places(&site).await;
        for target in ["/", "/places", "/iran/tehran/Bazaar", "/feed.xml"] {
            let first = site.get(target).await;
            let etag = first.header("etag").to_owned();
            assert!(etag.starts_with('"'), "a strong tag, not {etag:?}");
            for asked in [etag.clone(), format!("\"other\", {etag}"), format!("W/{etag}"), "*".to_owned()] {
                let again = site.ask("GET", target, &[("If-None-Match", &asked)]).await;
                assert_eq!((again.status, again.header("etag"), again.body.len()), (304, &*etag, 0), "{target} {asked}");
                assert_eq!(again.header("cache-control"), first.header("cache-control"));
            }
            let other = site.ask("GET", target, &[("If-None-Match", "\"other\"")]).await;
            assert_eq!((other.status, other.body), (200, first.body), "{target}");
        }
    }

    async fn whoever_takes_gzip_gets_the_same_page_in_gzip(site: Site) {
        with_places(&site).await;
        for target in ["/", "/places", "/iran/tehran/Bazaar", "/feed.xml", "/nowhere"] {
            let plain = site.get(target).await;
            let packed = site.ask("GET", target, &[("Accept-Encoding", "gzip, br")]).await;
            assert_eq!((plain.header("content-encoding"), packed.header("content-encoding")), ("", "gzip"), "{target}");
            assert!(packed.body.len() < plain.body.len(), "{target}");
            let mut unpacked = Vec::new();
            flate2::read::GzDecoder::new(&packed.body[..]).read_to_end(&mut unpacked).unwrap();
            assert_eq!(unpacked, plain.body, "{target}");
            for answer in [&plain, &packed] {
                assert!(answer.header("vary").to_lowercase().contains("accept-encoding"), "{target}");
            }
            if plain.status == 404 {
                continue;
            }
            assert_ne!(plain.header("etag"), packed.header("etag"), "{target}");
            let tag = packed.header("etag");
            let again = site.ask("GET", target, &[("Accept-Encoding", "gzip"), ("If-None-Match", tag)]).await;
            assert_eq!(again.status, 304, "{target}");
        }
    }

    async fn pages_that_are_not_there_say_so_in_the_language_of_the_path(site: Site) {
        for (target, lang, dir) in [("/nowhere", "en", "ltr"), ("/fa/nowhere", "fa", "rtl"), ("/FA/x/", "fa", "rtl")] {
            let answer = site.get(target).await;
            let page = Html::parse(answer.text());
            let html = page.one("html");
            assert_eq!((answer.status, html.get("lang"), html.get("dir")), (404, Some(lang), Some(dir)), "{target}");
            assert_eq!((page.canonical(), page.meta("robots")), (None, "noindex"), "{target}");
        }
    }
}
