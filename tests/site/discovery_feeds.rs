//! Feeds of the site, of listings, categories, tags, series and authors, in three formats.

use atlas::entry::Content;
use atlas::schema::ImageRef;
use atlas::seo::feed::Format;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::discovery::with_settings;
use crate::support::html::Html;
use crate::support::web::{Node, ORIGIN, Site, content, path_of};

/// Two stories of a category, a tag, a series and an author; one of them in Persian as well.
struct Magazine {
    category: i64,
    first: i64,
}

impl Magazine {
    async fn on(site: &Site) -> Magazine {
        let author = site.publish("author", entry("Leila", "leila", json!({}))).await;
        let category = site.publish("category", entry("Food & drink", "food", json!({}))).await;
        let fa_category = entry("خوراک", "خوراک", json!({}));
        let fa_category = site.publish_in("fa", "category", fa_category, Some(category)).await;
        site.publish("category", entry("Empty", "empty", json!({}))).await;
        let tag = site.publish("tag", entry("Tea", "tea", json!({}))).await;
        let series = site.publish("series", entry("On foot", "on-foot", json!({}))).await;
        let fields = json!({ "categories": [category], "tags": [tag], "series": series });
        let first = Content {
            authors: vec![author],
            published_at: day(1),
            cover: Some(ImageRef { src: "/media/0123456789abcdef/tea.jpg".into(), ..ImageRef::default() }),
            body: "A [link](/articles/second#end), a [note](#a) & ![a cup](/media/0123456789abcdef/cup.jpg)."
                .into(),
            ..entry("Tom & Jerry's <tea>", "first", fields.clone())
        };
        let first = site.publish("article", first).await;
        let second = Content { published_at: day(2), ..entry("Second", "second", fields) };
        site.publish("article", second).await;
        let persian = Content {
            published_at: day(3),
            ..entry("چای", "چای", json!({ "categories": [fa_category] }))
        };
        site.publish_in("fa", "article", persian, Some(first)).await;
        Magazine { category, first }
    }
}

fn entry(title: &str, slug: &str, fields: Value) -> Content {
    Content { slug: slug.into(), summary: format!("{title}, in a sentence."), ..content(title, fields) }
}

fn day(number: i64) -> Option<atlas::clock::Time> {
    let first = atlas::clock::Time::parse("2026-03-01T09:00:00Z").unwrap();
    Some(atlas::clock::Time(first.0 + number * 86_400_000))
}

/// The pages of the magazine that have feeds.
const PAGES: &[&str] = &[
    "",
    "/articles",
    "/categories/food",
    "/tags/tea",
    "/series/on-foot",
    "/authors/leila",
    "/fa",
    "/fa/articles",
    "/fa/categories/%D8%AE%D9%88%D8%B1%D8%A7%DA%A9",
];

/// The addresses of a feed's entries.
fn links(feed: &str, format: Format) -> Vec<String> {
    match format {
        Format::Json => {
            let feed: Value = serde_json::from_str(feed).unwrap();
            let items = feed["items"].as_array().unwrap();
            items.iter().map(|item| item["url"].as_str().unwrap().to_owned()).collect()
        }
        _ => {
            let feed = roxmltree::Document::parse(feed).unwrap();
            let entries =
                feed.descendants().filter(|node| matches!(node.tag_name().name(), "entry" | "item"));
            let link = |node: roxmltree::Node| {
                let link = node.children().find(|child| child.tag_name().name() == "link").unwrap();
                link.attribute("href").or(link.text()).unwrap().to_owned()
            };
            entries.map(link).collect()
        }
    }
}

async fn feed(node: &Node, address: &str) -> String {
    let answer = node.get(address).await;
    assert_eq!(answer.hop(), "200", "{address}");
    answer.text().to_owned()
}

on_both! {
    async fn every_format_is_as_it_was_reviewed(site: Site) {
        Magazine::on(&site).await;
        let node = with_settings(&site, "hub", "[feeds]\nwebsub = \"https://hub.example/?a=1&b=2\"\n").await;
        for (name, address) in [
            ("atom", "/categories/food/feed.xml"),
            ("rss", "/categories/food/rss.xml"),
            ("json", "/categories/food/feed.json"),
            ("persian", "/fa/feed.xml"),
        ] {
            insta::assert_snapshot!(format!("feed_{name}"), feed(&node, address).await);
        }
        let answer = node.get("/articles/rss.xml").await;
        let link = format!("<https://hub.example/?a=1&b=2>; rel=\"hub\", <{ORIGIN}/articles/rss.xml>; rel=\"self\"");
        assert_eq!(answer.header("link"), link);
        assert_eq!(site.get("/articles/rss.xml").await.header("link"), "", "without a hub");
    }

    async fn every_page_that_sorts_stories_has_feeds_of_them(site: Site) {
        Magazine::on(&site).await;
        for page in PAGES {
            for format in Format::ALL {
                let address = format!("{page}/{}", format.file());
                let answer = site.get(&address).await;
                assert_eq!((answer.hop().as_str(), answer.header("content-type")), ("200", format.content_type()), "{address}");
                let expected = match (*page, page.starts_with("/fa")) {
                    (_, true) => vec![format!("{ORIGIN}/fa/articles/%DA%86%D8%A7%DB%8C")],
                    ("/authors/leila", _) => vec![format!("{ORIGIN}/articles/first")],
                    _ => vec![format!("{ORIGIN}/articles/second"), format!("{ORIGIN}/articles/first")],
                };
                assert_eq!(links(answer.text(), format), expected, "{address}");
                let again = site.ask("GET", &address, &[("If-None-Match", answer.header("etag"))]).await;
                assert_eq!((again.status, again.body.len()), (304, 0), "{address}");
            }
        }
    }

    async fn a_page_names_its_own_feed_and_that_of_the_site(site: Site) {
        Magazine::on(&site).await;
        for page in PAGES {
            let target = if page.is_empty() { "/" } else { page };
            let site_feed = if page.starts_with("/fa") { "/fa/feed.xml" } else { "/feed.xml" };
            let mut expected = vec![format!("{page}/feed.xml")];
            if expected[0] != site_feed {
                expected.push(site_feed.to_owned());
            }
            assert_eq!(named(&site.page(target).await), expected, "{target}");
        }
        for page in ["/categories/empty", "/articles/first", "/places", "/nowhere"] {
            assert_eq!(named(&Html::parse(site.get(page).await.text())), ["/feed.xml"], "{page}");
        }
    }

    async fn what_has_no_stories_has_no_feed(site: Site) {
        let magazine = Magazine::on(&site).await;
        for page in [
            "/categories/empty", "/fa/categories", "/categories", "/places", "/articles/first", "/nowhere",
            "/articles/feed.xml", "/fa/categories/food",
        ] {
            for format in Format::ALL {
                let address = format!("{page}/{}", format.file());
                assert_eq!(site.get(&address).await.hop(), "404", "{address}");
            }
        }
        for odd in ["/feed.xml?page=2", "/categories/food/rss.xml?page=2", "/feed.rss", "/atom.xml"] {
            assert_eq!(site.get(odd).await.hop(), "404", "{odd}");
        }
        assert_eq!(site.get("/Categories/Food/FEED.json?utm_source=x").await.hop(), format!("301 {ORIGIN}/categories/food/feed.json"));
        // An empty one is there as soon as it isn't, and the other way round.
        let empty = site.get("/categories/empty").await;
        assert_eq!(empty.hop(), "200");
        let new = entry("New", "empty-no-more", json!({}));
        let category = atlas::store::paths::owner(&site.app.db, "/categories/empty").await.unwrap().unwrap();
        let fields = json!({ "categories": [category] });
        let new = site.publish("article", Content { fields: fields.as_object().unwrap().clone(), ..new }).await;
        assert_eq!(links(&feed(&site, "/categories/empty/feed.xml").await, Format::Atom).len(), 1);
        site.edit(new, |content| content.fields.clear()).await;
        assert_eq!(site.get("/categories/empty/feed.xml").await.hop(), "404");
        site.edit(magazine.category, |content| content.slug = "eat".into()).await;
        assert_eq!(site.get("/categories/food/feed.xml").await.hop(), format!("301 {ORIGIN}/categories/eat/feed.xml"));
    }

    async fn a_feed_moves_with_its_page_in_one_hop_and_its_entries_keep_their_names(site: Site) {
        let magazine = Magazine::on(&site).await;
        let before = feed(&site, "/categories/food/feed.json").await;
        for slug in ["eat", "kitchen"] {
            site.edit(magazine.category, |content| content.slug = slug.into()).await;
        }
        site.edit(magazine.first, |content| content.slug = "moved".into()).await;
        for former in ["food", "eat"] {
            for format in Format::ALL {
                let hop = site.get(&format!("/categories/{former}/{}", format.file())).await.hop();
                assert_eq!(hop, format!("301 {ORIGIN}/categories/kitchen/{}", format.file()));
            }
        }
        let after = feed(&site, "/categories/kitchen/feed.json").await;
        let ids = |feed: &str| -> Vec<String> {
            let feed: Value = serde_json::from_str(feed).unwrap();
            feed["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(ids(&after), ids(&before));
        assert_eq!(ids(&after)[1], format!("tag:site.test,2026-11-22:entry/{}", magazine.first));
        assert_eq!(links(&after, Format::Json)[1], format!("{ORIGIN}/articles/moved"));
        let id = |feed: &str| feed.split("<id>").nth(1).unwrap().split("</id>").next().unwrap().to_owned();
        assert_eq!(
            id(&feed(&site, "/categories/kitchen/feed.xml").await),
            format!("tag:site.test,2026-11-22:entry/{}/feed", magazine.category)
        );
        let change = atlas::actions::Change::begin(&site.app, &atlas::entry::Actor::Operator).await;
        let mut change = change.unwrap();
        let seen = site.version(magazine.category).await;
        atlas::actions::trash::trash(&mut change, magazine.category, seen, atlas::actions::unpublish::Then::Gone).await.unwrap();
        change.commit().await.unwrap();
        for gone in ["food", "kitchen"] {
            assert_eq!(site.get(&format!("/categories/{gone}/feed.xml")).await.hop(), "410", "{gone}");
        }
    }

    async fn no_entry_takes_the_address_of_a_feed(site: Site) {
        for path in ["/feed.xml", "/rss.xml", "/FEED.json", "/fa/rss.xml", "/articles/rss.xml", "/about/feed.json"] {
            let page = Content { fixed_path: Some(path.into()), ..content("Page", json!({})) };
            let mut change =
                atlas::actions::Change::begin(&site.app, &atlas::entry::Actor::Operator).await.unwrap();
            let target = atlas::actions::save_draft::Target::New {
                kind: "page".into(),
                locale: "en".into(),
                translation_of: None,
            };
            let draft = atlas::actions::save_draft::Draft { target, content: page, reuse: false, lenient: false, tie: None };
            let refused = atlas::actions::save_draft::save_draft(&mut change, draft).await.map(|_| ()).unwrap_err();
            assert!(refused.to_string().starts_with(&format!("`slug`: the path {path} belongs to ")), "{refused}");
        }
    }

    async fn a_rule_leads_to_the_feed_of_a_category(site: Site) {
        Magazine::on(&site).await;
        let mut change = atlas::actions::Change::begin(&site.app, &atlas::entry::Actor::Operator).await.unwrap();
        let wish = atlas::actions::redirects::Wish {
            kind: "regex".into(),
            from: "^/category/([^/]+)/feed$".into(),
            to: Some("/categories/$1/rss.xml".into()),
            status: 301,
            reuse: false,
        };
        atlas::actions::redirects::add(&mut change, &wish).await.unwrap();
        let exact = atlas::actions::redirects::Wish {
            kind: "exact".into(),
            from: "/old-feed".into(),
            to: Some("/categories/food/rss.xml".into()),
            ..wish
        };
        let refused = atlas::actions::redirects::add(&mut change, &exact).await.unwrap_err();
        assert_eq!(
            refused.to_string(),
            "`to`: /categories/food/rss.xml is the feed of a page that may move; lead there by a prefix or an \
             expression, which are followed when asked"
        );
        let listing = atlas::actions::redirects::Wish { to: Some("/articles/rss.xml".into()), ..exact };
        atlas::actions::redirects::add(&mut change, &listing).await.unwrap();
        change.commit().await.unwrap();
        assert_eq!(site.get("/old-feed").await.hop(), format!("301 {ORIGIN}/articles/rss.xml"));
        assert_eq!(site.get("/category/food/feed/").await.hop(), format!("301 {ORIGIN}/categories/food/rss.xml"));
        assert_eq!(site.get("/category/empty/feed").await.hop(), format!("301 {ORIGIN}/categories/empty/rss.xml"));
        assert_eq!(site.get("/category/nowhere/feed").await.hop(), "404");
    }

    async fn addresses_in_feeds_are_whole_and_answer(site: Site) {
        Magazine::on(&site).await;
        for format in Format::ALL {
            let text = feed(&site, &format!("/articles/{}", format.file())).await;
            for url in links(&text, format) {
                assert_eq!(site.get(path_of(&url)).await.hop(), "200", "{url}");
            }
            for whole in ["/articles/second#end", "/articles/first#a", "/media/0123456789abcdef/cup.jpg"] {
                assert!(text.contains(&format!("{ORIGIN}{whole}")), "{whole} in {text}");
            }
        }
    }
}

/// The addresses of the feeds that a page names.
fn named(page: &Html) -> Vec<String> {
    let feeds = page.links("alternate").filter(|link| link.get("type") == Some("application/atom+xml"));
    feeds.map(|link| link.get("href").unwrap().to_owned()).collect()
}
