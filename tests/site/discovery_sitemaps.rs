//! Sitemaps and the news sitemap as they are built and served.

use atlas::clock::Time;
use atlas::entry::{Content, Seo};
use atlas::jobs::{news, sitemaps};
use atlas::schema::ImageRef;
use atlas::seo::sitemap::Limits;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::discovery::with_settings;
use crate::support::web::{NOW, Node, Site, content};

const HOUR: i64 = 60 * 60 * 1000;

/// The instant so many hours before the tests happen.
fn hours_ago(hours: i64) -> Option<Time> {
    Some(Time(Time::parse(NOW).unwrap().0 - hours * HOUR))
}

fn image(name: &str) -> ImageRef {
    ImageRef { src: format!("/media/0123456789abcdef/{name}.jpg"), ..ImageRef::default() }
}

async fn read(node: &Node, target: &str) -> String {
    let answer = node.get(target).await;
    assert_eq!(
        (answer.hop().as_str(), answer.header("content-type")),
        ("200", "application/xml; charset=utf-8"),
        "{target}"
    );
    answer.text().to_owned()
}

fn story(title: &str, published_at: Option<Time>) -> Content {
    Content { published_at, ..content(title, json!({})) }
}

/// The text of every element of that name.
fn all(xml: &str, name: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(xml).unwrap();
    let found = document.descendants().filter(|node| node.tag_name().name() == name);
    found.map(|node| node.text().unwrap_or_default().to_owned()).collect()
}

on_both! {
    async fn the_files_are_as_they_were_reviewed(site: Site) {
        let region = site.publish("region", story("Iran", hours_ago(72))).await;
        let region_fields = json!({ "region": region });
        let city = Content { published_at: hours_ago(71), ..content("Tehran", region_fields.clone()) };
        let city = site.publish("city", city).await;
        let fa_region = site.publish_in("fa", "region", story("ایران", hours_ago(70)), Some(region)).await;
        let hidden = Content {
            seo: Seo { noindex: true, ..Seo::default() },
            ..content("تهران", json!({ "region": fa_region }))
        };
        site.publish_in("fa", "city", hidden, Some(city)).await;
        let place = json!({
            "city": city,
            "business_type": "cafe",
            "gallery": [
                { "src": image("room").src, "alt": "A room" },
                { "src": image("door").src, "alt": "A door" },
                { "src": "https://elsewhere.example/b.jpg", "alt": "Not ours" },
            ],
        });
        let place = Content {
            published_at: hours_ago(50),
            cover: Some(image("cover")),
            body: "![Cup](/media/0123456789abcdef/cup.jpg) and ![door](/media/0123456789abcdef/door.jpg)".into(),
            ..content("Café & bar", place)
        };
        site.publish("place", place).await;
        sitemaps::build(&site.app).await.unwrap();
        for name in ["sitemap.xml", "sitemaps/pages-1.xml", "sitemaps/region-en-1.xml", "sitemaps/region-fa-1.xml", "sitemaps/city-en-1.xml", "sitemaps/place-en-1.xml"] {
            let snapshot = format!("sitemap_{}", name.trim_start_matches("sitemaps/").trim_end_matches(".xml"));
            insta::assert_snapshot!(snapshot, read(&site, &format!("/{name}")).await);
        }
        for absent in ["/sitemaps/city-fa-1.xml", "/sitemaps/page-en-1.xml", "/sitemaps/place-en-2.xml"] {
            assert_eq!(site.get(absent).await.hop(), "404", "{absent}");
        }
    }

    async fn a_part_that_says_the_same_need_not_be_read_again(site: Site) {
        let region = site.publish("region", content("Iran", json!({}))).await;
        site.publish("article", story("A story", hours_ago(9))).await;
        sitemaps::build(&site.app).await.unwrap();
        let tag = async |name: &str| site.get(&format!("/{name}")).await.header("etag").to_owned();
        let names = ["sitemap.xml", "sitemaps/article-en-1.xml", "sitemaps/region-en-1.xml"];
        let mut before = Vec::new();
        for name in names {
            before.push(tag(name).await);
        }
        site.app.clock.advance(HOUR);
        site.edit(region, |content| content.summary = "Another word.".into()).await;
        sitemaps::build(&site.app).await.unwrap();
        let same = async |at: usize| tag(names[at]).await == before[at];
        assert_eq!([same(0).await, same(1).await, same(2).await], [false, true, false]);
    }

    async fn a_shard_that_is_too_large_is_halved_and_nothing_is_lost(site: Site) {
        let mut expected = Vec::new();
        for number in 1..=7 {
            site.publish("article", story(&format!("Story {number}"), hours_ago(100 - number))).await;
            expected.push(format!("https://site.test/articles/story-{number}"));
        }
        let built = sitemaps::build_within(&site.app, Limits { urls: 3, ..Limits::default() }).await.unwrap();
        let index = read(&site, "/sitemap.xml").await;
        let shards = all(&index, "loc");
        let names: Vec<&str> = shards.iter().map(|url| url.rsplit('/').next().unwrap()).collect();
        // Of 8,192 ids the first eight, in pieces of four and then of two.
        assert_eq!(names, ["pages-1.xml", "article-en-1_11-1.xml", "article-en-1_12-3.xml", "article-en-1_12-4.xml"]);
        assert_eq!((built.urls, built.shards), (7 + 3, 4), "two homes and a listing stand apart");
        let mut listed = Vec::new();
        for name in &names[1..] {
            let part = all(&read(&site, &format!("/sitemaps/{name}")).await, "loc");
            assert!(part.len() <= 3);
            listed.extend(part);
        }
        assert_eq!(listed, expected);
        let whole = sitemaps::build(&site.app).await.unwrap();
        assert_eq!(whole.urls, built.urls);
        let bytes = sitemaps::build_within(&site.app, Limits { bytes: 900, ..Limits::default() }).await.unwrap();
        assert!(bytes.urls == built.urls && bytes.shards > whole.shards, "{bytes:?}");
        let impossible = sitemaps::build_within(&site.app, Limits { bytes: 300, ..Limits::default() }).await;
        assert!(impossible.unwrap_err().to_string().contains("longer than a sitemap may be"));
        assert_eq!(site.get("/sitemap.xml").await.hop(), "200", "what was built before stays");
    }

    async fn news_are_the_stories_of_two_days_by_the_clock(site: Site) {
        let node = with_settings(&site, "news", "[news]\ntypes = [\"article\"]\nname = \"The Atlas\"\n").await;
        let clock = &node.app.clock;
        assert_eq!(node.get("/sitemap-news.xml").await.status, 503, "until the first build");
        let hidden = Content { seo: Seo { noindex: true, ..Seo::default() }, ..story("Hidden", hours_ago(1)) };
        node.publish("article", hidden).await;
        node.publish("article", story("Old", hours_ago(48))).await;
        node.publish("article", story("Nearly old", hours_ago(47))).await;
        node.publish("article", story("Tom & Jerry", hours_ago(2))).await;
        node.publish_in("fa", "article", story("تازه", hours_ago(3)), None).await;
        node.publish("article", story("To come", hours_ago(-5))).await;
        node.publish("page", story("No news", hours_ago(1))).await;
        let now = clock.now();
        assert_eq!(news::build(&node.app).await.unwrap(), Time(now.0 + HOUR), "when the oldest leaves");
        insta::assert_snapshot!("sitemap_news", read(&node, "/sitemap-news.xml").await);
        clock.advance(HOUR - 1);
        news::build(&node.app).await.unwrap();
        assert_eq!(all(&read(&node, "/sitemap-news.xml").await, "title"), ["Tom & Jerry", "تازه", "Nearly old"]);
        clock.advance(1);
        assert_eq!(news::build(&node.app).await.unwrap(), Time(now.0 + 5 * HOUR), "when the next comes in");
        assert_eq!(all(&read(&node, "/sitemap-news.xml").await, "title"), ["Tom & Jerry", "تازه"]);
        clock.advance(4 * HOUR);
        assert_eq!(news::build(&node.app).await.unwrap(), Time(now.0 + 45 * HOUR));
        assert_eq!(all(&read(&node, "/sitemap-news.xml").await, "title"), ["To come", "Tom & Jerry", "تازه"]);
        clock.advance(49 * HOUR);
        assert_eq!(news::build(&node.app).await.unwrap(), Time(i64::MAX));
        assert_eq!(all(&read(&node, "/sitemap-news.xml").await, "title"), Vec::<String>::new());
        // A site that has no news any more has no file.
        let none = with_settings(&site, "none", "[news]\ntypes = []\n").await;
        news::build(&none.app).await.unwrap();
        assert_eq!(node.get("/sitemap-news.xml").await.status, 503);
        assert_eq!(none.get("/sitemap-news.xml").await.hop(), "404");
    }

    async fn an_article_is_news_when_its_form_says_so(site: Site) {
        let told = |title: &str, form: &str, hours: i64| Content {
            published_at: hours_ago(hours),
            ..content(title, json!({ "form": form }))
        };
        site.publish("article", told("The bridge is open", "news", 2)).await;
        site.publish("article", told("A walk", "article", 2)).await;
        site.publish("article", story("A post", hours_ago(1))).await;
        site.publish("article", told("Soon", "news", -3)).await;
        let now = site.app.clock.now();
        assert_eq!(news::build(&site.app).await.unwrap(), Time(now.0 + 3 * HOUR), "when the next comes in");
        assert_eq!(all(&read(&site, "/sitemap-news.xml").await, "title"), ["The bridge is open"]);
        assert!(site.get("/robots.txt").await.text().contains("Sitemap: https://site.test/sitemap-news.xml\n"));
        site.page("/articles/the-bridge-is-open").await.node("NewsArticle");
    }

    async fn the_worker_builds_at_the_start_and_lets_news_age(site: Site) {
        let node = with_settings(&site, "news", "[news]\ntypes = [\"article\"]\n").await;
        node.publish("article", story("Fresh", hours_ago(47))).await;
        let unbuilt = node.get("/sitemap.xml").await;
        assert_eq!((unbuilt.status, unbuilt.header("retry-after")), (503, "5"));
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let worker = tokio::spawn(atlas::jobs::run(node.app.clone(), stopped));
        let titles = || async {
            let answer = node.get("/sitemap-news.xml").await;
            if answer.status == 200 { all(answer.text(), "title") } else { vec!["none yet".into()] }
        };
        let mut tries = 0;
        while node.get("/sitemap.xml").await.status != 200 || titles().await != ["Fresh"] {
            tries += 1;
            assert!(tries < 100, "the first build takes too long");
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        node.app.clock.advance(HOUR);
        while !titles().await.is_empty() {
            tries += 1;
            assert!(tries < 200, "old news stay");
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        stop.send(true).unwrap();
        worker.await.unwrap();
    }

    async fn pictures_beyond_the_limit_are_counted(site: Site) {
        let pictures: Vec<Value> =
            (0..30).map(|number| json!({ "src": image(&number.to_string()).src, "alt": "x" })).collect();
        let body: String =
            (0..1_001).map(|number| format!("![x](/media/0123456789abcdef/{number}.jpg)\n\n")).collect();
        let region = site.publish("region", content("Iran", json!({}))).await;
        let city = site.publish("city", content("Tehran", json!({ "region": region }))).await;
        let place = json!({ "city": city, "business_type": "cafe", "gallery": pictures });
        site.publish("place", Content { body, ..content("Place", place) }).await;
        let built = sitemaps::build(&site.app).await.unwrap();
        assert_eq!(built.images_left_out, 1);
        assert_eq!(read(&site, "/sitemaps/place-en-1.xml").await.matches("<image:loc>").count(), 1_000);
    }
}
