//! Whatever is sent, and whatever an editor's text holds: no failure of ours, nothing runs, and every
//! reader of every format gets the same text back (SECURITY T2, T3, T16, T18).

use std::collections::BTreeMap;

use askama::Template;
use atlas::clock::Time;
use atlas::entry::Content;
use atlas::seo::feed::{Author, Feed, Format, Item};
use atlas::seo::sitemap::{Added, Url, UrlSet};
use atlas::seo::{Hreflang, JsonLd};
use atlas::text::Path;
use atlas::web::views::{ArticlePage, Card, Head, Link, Picture, Shell, Words};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::json;

use crate::on_both;
use crate::support::client::Answer;
use crate::support::html::Html;
use crate::support::web::{ORIGIN, Site, content};

/// The same strings on every run.
fn runner() -> TestRunner {
    TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

const PIECES: &[&str] = &[
    "</title>",
    "</script>",
    "</SCRIPT >",
    "<!--<script>",
    "<script>alert(1)</script>",
    "-->",
    "]]>",
    "<![CDATA[",
    "<?xml version=\"1.0\"?>",
    "<!DOCTYPE x [<!ENTITY y SYSTEM \"file:///etc/passwd\">]>",
    "&y;",
    "&amp;",
    "&amp;amp;",
    "&#0;",
    "&#x26;",
    "&nbsp;",
    "&",
    "<",
    ">",
    "\"",
    "'",
    "`",
    "\\",
    "\\u003c",
    "\" onmouseover=\"alert(1)",
    "{{7*7}}",
    "${7*7}",
    "{% raw %}",
    "%3C",
    "javascript:alert(1)",
    "\0",
    "\u{1}",
    "\u{8}",
    "\u{B}",
    "\u{C}",
    "\u{1B}[31m",
    "\u{7F}",
    "\u{85}",
    "\u{9F}",
    "\t",
    "\n",
    "\r\n",
    " ",
    "\u{A0}",
    "\u{AD}",
    "\u{200B}",
    "\u{200C}",
    "\u{200F}",
    "\u{2028}",
    "\u{2029}",
    "\u{202E}",
    "\u{2066}",
    "\u{FEFF}",
    "\u{FDD0}",
    "\u{FFFE}",
    "\u{FFFF}",
    "\u{10FFFF}",
    "e\u{301}",
    "👩🏽‍🚒",
    "سلام دنیا",
    "می\u{200C}خواهم",
    "שלום",
    "東京",
    "Tom & Jerry",
    "a",
    "Z",
];

/// A hostile title: runs of pieces, of any characters, and of both.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(PIECES).prop_map(str::to_owned);
    let part = prop_oneof![4 => piece, 2 => any::<char>().prop_map(String::from)];
    prop::collection::vec(part, 1..10).prop_map(|parts| parts.concat())
}

/// What a reader gets: white space is one space, and a NUL is nothing, or a mark that it was there.
fn seen(text: &str) -> String {
    text.replace(['\0', '\u{FFFD}'], "").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What XML can hold of a text.
fn in_xml(text: &str) -> String {
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    text.chars().filter(|c| allowed(*c)).collect()
}

on_both! {
    async fn ten_thousand_odd_requests_are_answered_and_none_of_them_fails(site: Site) {
        site.publish("article", content("A story", json!({}))).await;
        site.sitemap().await;
        let mut runner = runner();
        let mut client = site.client().await;
        let mut counts = BTreeMap::new();
        for number in 0..10_000 {
            let target = odd_target().new_tree(&mut runner).unwrap().current();
            let answer = match client.ask("GET", &target, &[]).await {
                Ok(answer) => answer,
                // A request line that is none ends the connection; nothing else may.
                Err(error) => {
                    let shown = String::from_utf8_lossy(&target).into_owned();
                    assert!(is_no_request_line(&target), "{number}: {shown:?}: {error}");
                    client = site.client().await;
                    continue;
                }
            };
            let shown = String::from_utf8_lossy(&target).into_owned();
            assert!(answer.status < 500, "{number}: {shown:?}: {}", answer.hop());
            assert!(matches!(answer.status, 200 | 301 | 400 | 404 | 414 | 431), "{number}: {shown:?}: {}", answer.hop());
            assert_stays_here(&answer, &shown);
            *counts.entry(answer.status).or_insert(0) += 1;
            if answer.header("connection") == "close" || is_no_request_line(&target) {
                client = site.client().await;
            }
        }
        for status in [200, 301, 400, 404] {
            assert!(counts.get(&status).is_some_and(|count| *count > 20), "{counts:?}");
        }
        assert_eq!(site.get("/healthz").await.hop(), "200");
        assert_eq!(site.get("/readyz").await.hop(), "200");
        assert_eq!(site.get("/articles/a-story").await.hop(), "200");
    }

    async fn no_redirect_leads_away_nor_brings_a_header_with_it(site: Site) {
        site.publish("article", content("A story", json!({}))).await;
        let mut client = site.client().await;
        for payload in [
            "//evil.example", "///evil.example", "/\\evil.example", "/%5Cevil.example", "/%2F%2Fevil.example",
            "/%2Fevil.example/..", "//evil.example/articles/a-story/", "/https:evil.example", "/https://evil.example/",
            "/articles/a-story/@evil.example", "/@evil.example/", "//@evil.example/index.html", "/.evil.example/",
            "/articles/a-story/%0d%0aX-Evil:1", "/%0d%0aSet-Cookie:a=b/", "/%E5%98%8A%E5%98%8DX-Evil:1/",
            "/articles/a-story/?next=//evil.example", "/articles/A-STORY/?page=%0d%0aX-Evil:1",
            "/articles/a-story/;@evil.example", "/articles/a-story/..//evil.example", "/%09/evil.example",
            "/articles/A-story/%00", "/ARTICLES/a-story?page=1%0d%0aX-Evil:1", "//%65vil.example/index.html",
        ] {
            let Ok(answer) = client.ask("GET", payload.as_bytes(), &[]).await else {
                client = site.client().await;
                continue;
            };
            assert_stays_here(&answer, payload);
            assert!(answer.status < 500, "{payload}: {}", answer.hop());
        }
    }

    async fn fifty_hostile_titles_are_the_same_in_every_format(site: Site) {
        let mut runner = runner();
        let mut made = Vec::new();
        for number in 0..50 {
            let words = hostile().new_tree(&mut runner).unwrap().current();
            // What a title may not hold is refused, and told so elsewhere.
            let title: String = words.chars().filter(|c| !c.is_control()).take(250).collect();
            let title = format!("{title} {number}");
            // All that an editor may fill with words.
            let entry = Content {
                slug: format!("hostile-{number}"),
                summary: words.clone(),
                published_at: Some(Time(1_700_000_000_000 + number * 1000)),
                body: format!("{words}\n\n# {words}"),
                ..content(&title, json!({}))
            };
            site.publish("article", entry).await;
            made.push(title);
        }
        for (number, title) in made.iter().enumerate() {
            let answer = site.get(&format!("/articles/hostile-{number}")).await;
            assert_eq!(answer.hop(), "200", "{title:?}");
            check_page(answer.text(), title);
        }
        let feed = site.get("/feed.xml").await;
        let feed = roxmltree::Document::parse(feed.text()).unwrap();
        let titles: Vec<String> = feed
            .descendants()
            .filter(|node| node.tag_name().name() == "entry")
            .filter_map(|entry| entry.children().find(|child| child.tag_name().name() == "title"))
            .map(|title| seen(title.text().unwrap_or_default()))
            .collect();
        let newest: Vec<String> = made.iter().rev().take(30).map(|title| seen(&in_xml(&title_of(title)))).collect();
        assert_eq!(titles, newest);
        assert_eq!(site.sitemap().await.iter().filter(|url| url.contains("/articles/hostile-")).count(), 50);
    }

    async fn headers_change_no_page_for_the_next_visitor(site: Site) {
        site.publish("article", content("A story", json!({}))).await;
        let targets = ["/", "/articles", "/articles/a-story", "/feed.xml", "/nowhere", "/ARTICLES", "/robots.txt"];
        let odd = "x".repeat(4_000);
        for target in targets {
            for (name, value) in HEADERS.iter().copied().chain([("X-Long", odd.as_str())]) {
                // Nothing is in memory: what is rendered for this request is kept for the next one.
                site.app.pages.flush(site.app.sequence());
                let clean = site.get(target).await;
                site.app.pages.flush(site.app.sequence());
                let asked = site.ask("GET", target, &[(name, value)]).await;
                let after = site.get(target).await;
                assert_eq!((after.status, &after.body, after.header("location")), (clean.status, &clean.body, clean.header("location")), "{target} after {name}: {value}");
                assert!(asked.status < 500, "{target} with {name}: {}", asked.hop());
                let text = String::from_utf8_lossy(&asked.body);
                assert!(!text.contains("evil.example"), "{target} with {name}: {value}");
                assert!(!asked.header("location").contains("evil"), "{target} with {name}");
            }
        }
        // Many at once.
        let names: Vec<String> = (0..90).map(|number| format!("X-Many-{number}")).collect();
        let many: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "evil.example")).collect();
        let clean = site.get("/articles").await;
        let answer = site.ask("GET", "/articles", &many).await;
        assert_eq!((answer.status, answer.body), (200, clean.body));
    }
}

/// Names that proxies, frameworks and caches have been known to believe.
const HEADERS: &[(&str, &str)] = &[
    ("X-Forwarded-Host", "evil.example"),
    ("X-Forwarded-Server", "evil.example"),
    ("X-Forwarded-Port", "1337"),
    ("X-Forwarded-Scheme", "http"),
    ("X-Forwarded-Prefix", "/evil.example"),
    ("X-Forwarded-For", "evil.example"),
    ("X-Forwarded-Path", "/evil.example"),
    ("X-Host", "evil.example"),
    ("X-HTTP-Host-Override", "evil.example"),
    ("X-Original-Host", "evil.example"),
    ("X-Original-URL", "/admin"),
    ("X-Rewrite-URL", "/admin"),
    ("X-Original-URI", "/admin"),
    ("X-Request-URI", "/admin"),
    ("X-Method-Override", "DELETE"),
    ("X-HTTP-Method", "PUT"),
    ("X-HTTP-Method-Override", "POST"),
    ("Forwarded", "for=1.2.3.4;host=evil.example;proto=http"),
    ("Origin", "https://evil.example"),
    ("Referer", "https://evil.example/"),
    ("Cookie", "lang=fa; session=evil.example"),
    ("Accept-Language", "fa"),
    ("Accept", "application/json"),
    ("Accept-Charset", "utf-7"),
    ("User-Agent", "evil.example <script>"),
    ("Range", "bytes=0-3"),
    ("If-Match", "\"x\""),
    ("If-Range", "\"x\""),
    ("If-Modified-Since", "Sun, 22 Nov 2099 17:28:00 GMT"),
    ("If-Unmodified-Since", "Sun, 22 Nov 1999 17:28:00 GMT"),
    ("Via", "1.1 evil.example"),
    ("Authorization", "Basic ZXZpbDpldmls"),
    ("Cache-Control", "no-cache, no-store"),
    ("Pragma", "no-cache"),
    ("TE", "trailers"),
    ("Upgrade", "h2c"),
    ("Prefer", "return=minimal"),
    ("X-Wap-Profile", "https://evil.example/wap.xml"),
    ("Client-IP", "127.0.0.1"),
    ("True-Client-IP", "127.0.0.1"),
    ("X-Real-IP", "127.0.0.1"),
    ("X-Requested-With", "XMLHttpRequest"),
    ("Max-Forwards", "0"),
    ("X-Request-Id", "evil.example"),
];

/// A redirect leads to this site, and no line of the answer came from the request.
#[track_caller]
fn assert_stays_here(answer: &Answer, asked: &str) {
    let location = answer.header("location");
    let own = location.is_empty() || location == ORIGIN || location.starts_with(&format!("{ORIGIN}/"));
    assert!(own, "{asked:?} leads to {location}");
    for (name, _) in &answer.headers {
        assert!(!name.contains("evil") && name != "set-cookie", "{asked:?} brought {name}");
    }
}

/// Targets of all kinds: well formed, half encoded, and no text at all.
fn odd_target() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        4 => prop::sample::select(vec![
            "articles", "a-story", "A-Story", "fa", "/", "//", "index.html", ".", "..", "%2e", "%2e%2e", "%2F", "%5c",
            "\\", "%00", "%0d%0a", "%", "%4", "%zz", "%c3%28", "%ff%fe", "%ed%a0%80", "%E2%80%AE", "%F0%9F%98%80", "?page=2",
            "?page=99999999999999999999", "?page=-1", "?page=%00", "?", "&", "#", ";", "@", ":", "*", "media", "static",
            "sitemap.xml", "sitemaps/pages-1.xml", "robots.txt", "feed.xml", "0123456789abcdef", "سلام", "e\u{301}", "~",
        ]).prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..6),
        1 => prop::collection::vec(any::<u8>(), 1..6)
            .prop_map(|bytes| bytes.iter().map(|byte| format!("%{byte:02x}")).collect::<String>().into_bytes()),
    ];
    let parts = prop::collection::vec(part, 0..8);
    let target = (parts, prop::bool::weighted(0.7)).prop_map(|(parts, slashes)| {
        let joined = parts.join(if slashes { &b"/"[..] } else { &b""[..] });
        [&b"/"[..], &joined].concat()
    });
    let long = (1_000_usize..9_000, prop::sample::select(vec!["a", "/a", "%41", "../", "?page=1&"]))
        .prop_map(|(length, piece)| format!("/{}", piece.repeat(length / piece.len())).into_bytes());
    prop_oneof![40 => target, 1 => long, 1 => prop::collection::vec(any::<u8>(), 0..40)]
}

/// Whether the bytes can't stand in a request line, so that the server may close.
fn is_no_request_line(target: &[u8]) -> bool {
    let text = target.iter().all(|byte| *byte > 0x20 && *byte != 0x7F);
    // A target is a path, or an absolute address; hyper refuses other forms, and bytes it doesn't know.
    !text
        || !target.starts_with(b"/")
        || std::str::from_utf8(target).is_err()
        || target.iter().any(|byte| b"\"<>\\^`{|}".contains(byte))
}

/// A title as it is stored: white space is one space.
fn title_of(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The page names the title where it should, and nothing of it became markup.
#[track_caller]
fn check_page(html: &str, title: &str) {
    let page = Html::parse(html);
    let title = seen(&title_of(title));
    assert_eq!(seen(&page.one("h1").text), title, "h1");
    assert!(seen(page.title()).starts_with(&title), "{title:?} in {:?}", page.title());
    let scripts: Vec<_> = page.all("script").collect();
    assert_eq!(scripts.len(), 1, "{title:?} made a script");
    let handler = |(name, value): &(String, String)| {
        name.starts_with("on")
            || name == "style"
            || value.trim_start().to_lowercase().starts_with("javascript:") && name == "href"
    };
    assert!(
        !page.0.iter().any(|element| element.attributes.iter().any(handler)),
        "{title:?} made an attribute"
    );
    let article = page.node("BlogPosting");
    assert_eq!(seen(article["headline"].as_str().unwrap()), title, "headline");
}

fn ten_thousand_titles() -> Vec<String> {
    let mut runner = runner();
    (0..10_000).map(|_| hostile().new_tree(&mut runner).unwrap().current()).collect()
}

#[test]
fn ten_thousand_hostile_titles_are_the_same_in_a_page() {
    for title in ten_thousand_titles() {
        let picture = Picture { src: "/media/a.jpg".into(), alt: title.clone(), ..Picture::default() };
        let card = Card {
            href: "/a".into(),
            title: title.clone(),
            summary: Some(title.clone()),
            image: Some(picture),
            ..Card::default()
        };
        let head = Head {
            title: title.clone(),
            description: title.clone(),
            og: vec![("og:title".into(), title.clone())],
            json_ld: Some(JsonLd::new(&json!({ "name": title }))),
            ..Head::default()
        };
        let shell = Shell { lang: "en".into(), head, t: Words::of("en"), ..Shell::default() };
        let page = ArticlePage {
            shell,
            title: title.clone(),
            summary: Some(title.clone()),
            tags: vec![Link::new("/tag", title.clone())],
            related: vec![card],
            ..ArticlePage::default()
        };
        let page = Html::parse(&page.render().unwrap());
        let texts = [
            page.title(),
            page.meta("description"),
            page.all("meta")
                .find(|meta| meta.get("property") == Some("og:title"))
                .unwrap()
                .get("content")
                .unwrap(),
            &page.one("h1").text,
            &page.one("h3").text,
            page.one("img").get("alt").unwrap(),
            &page.0.iter().find(|element| element.is("card-summary")).unwrap().text,
            &page.all("a").find(|link| link.get("href") == Some("/tag")).unwrap().text,
        ];
        assert_eq!(texts.map(seen), texts.map(|_| seen(&title)), "{title:?}");
        assert_eq!(page.graph()["name"], title.as_str());
    }
}

#[test]
fn ten_thousand_hostile_titles_are_the_same_in_json_ld() {
    for title in &ten_thousand_titles() {
        let data = json!({ "@type": "Thing", "name": title, title: [title] });
        let html = format!(
            "<title>a</title><script type=\"application/ld+json\">{}</script><p>b",
            JsonLd::new(&data)
        );
        let page = Html::parse(&html);
        assert_eq!(page.graph(), data);
        assert_eq!((page.all("script").count(), page.one("p").text.as_str()), (1, "b"), "{title:?}");
    }
}

#[test]
fn ten_thousand_hostile_titles_are_the_same_in_a_feed() {
    let titles = ten_thousand_titles();
    let item = |title: &String| Item {
        id: format!("{ORIGIN}/a"),
        title: title.clone(),
        url: format!("{ORIGIN}/a"),
        published: None,
        updated: Time(0),
        authors: vec![Author { name: title.clone(), url: None }],
        categories: vec![title.clone()],
        summary: Some(title.clone()),
        content: None,
        image: None,
    };
    let feed = Feed {
        origin: ORIGIN.into(),
        id: format!("{ORIGIN}/feed.xml"),
        title: "Feed".into(),
        subtitle: None,
        url: ORIGIN.into(),
        self_url: format!("{ORIGIN}/feed.xml"),
        hub: None,
        updated: Time(0),
        locale: Hreflang::parse("en").unwrap(),
        author: Author { name: "Atlas".into(), url: None },
        icon: None,
        entries: titles.iter().map(item).collect(),
    };
    for (format, name) in [(Format::Atom, "entry"), (Format::Rss, "item")] {
        let xml = String::from_utf8(format.write(&feed).unwrap()).unwrap();
        let document = roxmltree::Document::parse(&xml).unwrap();
        let entries: Vec<_> = document.descendants().filter(|node| node.tag_name().name() == name).collect();
        assert_eq!(entries.len(), titles.len());
        for (entry, title) in entries.iter().zip(&titles) {
            let text = entry.children().find(|child| child.tag_name().name() == "title").unwrap().text();
            assert_eq!(seen(text.unwrap_or_default()), seen(&in_xml(title)), "{title:?}");
        }
    }
    let json: serde_json::Value = serde_json::from_slice(&Format::Json.write(&feed).unwrap()).unwrap();
    let read: Vec<&str> =
        json["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap()).collect();
    assert_eq!(read, titles);
}

#[test]
fn ten_thousand_hostile_titles_make_a_sitemap() {
    let titles = ten_thousand_titles();
    let mut urls = UrlSet::open(Vec::new()).unwrap();
    let paths: Vec<String> = titles
        .iter()
        .filter_map(|title| Path::parse(&format!("/{title}")).ok())
        .map(|path| path.href())
        .collect();
    assert!(paths.len() > 1_000, "{} titles make paths", paths.len());
    for path in &paths {
        let loc = format!("{ORIGIN}{path}");
        assert_eq!(urls.add(&Url { loc: &loc, ..Url::default() }).unwrap(), Added::Yes);
    }
    let xml = String::from_utf8(urls.finish().unwrap()).unwrap();
    let document = roxmltree::Document::parse(&xml).unwrap();
    let read: Vec<String> = document
        .descendants()
        .filter(|node| node.tag_name().name() == "loc")
        .map(|loc| loc.text().unwrap().strip_prefix(ORIGIN).unwrap().to_owned())
        .collect();
    assert_eq!(read, paths);
}
