//! What visitors find, on the search page and on a 404. Everything here is the same on both databases,
//! to the order of the results.

use atlas::actions::trash::trash;
use atlas::actions::unpublish::{Then, unpublish};
use atlas::actions::{Change, reindex};
use atlas::entry::{Actor, Content, Seo, Visibility};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

use crate::on_both;
use crate::support::html::Html;
use crate::support::web::{ORIGIN, Site, content};

/// A small guide with something to find in every field.
struct Guide {
    tehran: i64,
    isfahan: i64,
    naderi: i64,
}

impl Guide {
    async fn on(site: &Site) -> Guide {
        let region = site.publish("region", content("Iran", json!({}))).await;
        let tehran = json!({ "region": region, "alternate_names": "Teheran, Téhéran" });
        let tehran = site.publish("city", content("Tehran", tehran)).await;
        let isfahan = site.publish("city", content("Isfahan", json!({ "region": region }))).await;
        let place = |title: &str, summary: &str, city: i64, kind: &str| Content {
            summary: summary.into(),
            ..content(title, json!({ "city": city, "business_type": kind }))
        };
        let naderi = place("Café Naderi", "Coffee since 1927, and a garden.", tehran, "cafe");
        let naderi = site.publish("place", Content { slug: "cafe-naderi".into(), ..naderi }).await;
        site.publish("place", place("Garden of Tea", "Leaves and water.", isfahan, "cafe")).await;
        site.publish("place", place("Varaq", "Books and tea.", isfahan, "book-store")).await;
        let story = Content {
            body: format!(
                "{}Nobody hurries over **tea** in the garden.",
                "A long way to say it. ".repeat(40)
            ),
            ..content("A slow morning", json!({}))
        };
        site.publish("article", story).await;
        let fa_region = site.publish_in("fa", "region", content("ایران", json!({})), Some(region)).await;
        let fa_tehran = content("تهران", json!({ "region": fa_region }));
        let fa_tehran = site.publish_in("fa", "city", fa_tehran, Some(tehran)).await;
        let fa = content("کافه نادری", json!({ "city": fa_tehran, "business_type": "cafe" }));
        site.publish_in("fa", "place", fa, Some(naderi)).await;
        let books =
            content("کتاب\u{200C}فروشی ورق", json!({ "city": fa_tehran, "business_type": "book-store" }));
        site.publish_in("fa", "place", books, None).await;
        Guide { tehran, isfahan, naderi }
    }
}

/// The titles that a search of the English pages finds, in their order.
async fn found(site: &Site, q: &str) -> Vec<String> {
    found_at(site, &format!("/search?q={}", written(q))).await
}

async fn found_at(site: &Site, target: &str) -> Vec<String> {
    titles(&site.page(target).await)
}

fn titles(page: &Html) -> Vec<String> {
    page.all("h2").filter(|title| title.is("result-title")).map(|title| title.text.clone()).collect()
}

/// As a browser writes a field of a form.
fn written(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

on_both! {
    async fn every_field_is_found_and_titles_come_first(site: Site) {
        Guide::on(&site).await;
        for (q, expected) in [
            ("naderi", &["Café Naderi"][..]),
            ("CAFE", &["Café Naderi", "Garden of Tea"]),
            ("tea", &["Garden of Tea", "Varaq", "A slow morning"]),
            ("garden", &["Garden of Tea", "Café Naderi", "A slow morning"]),
            ("garden tea", &["Garden of Tea", "A slow morning"]),
            ("gard te", &["Garden of Tea", "Café Naderi", "A slow morning"]),
            ("hurr", &["A slow morning"]),
            ("1927", &["Café Naderi"]),
            ("tehran", &["Tehran", "Café Naderi"]),
            ("teheran", &["Tehran"]),
            ("tehe\u{301}ran", &["Tehran"]),
            ("cafe isfahan", &["Garden of Tea"]),
            ("bookshop", &["Varaq"]),
            ("iran", &["Iran", "Tehran", "Isfahan"]),
            ("te", &["Tehran", "Garden of Tea", "Varaq", "Café Naderi", "A slow morning"]),
            ("naderi coffee nothing", &[]),
            ("derangement", &[]),
        ] {
            let found = found(&site, q).await;
            assert_eq!(found, expected, "{q}");
        }
    }

    async fn persian_is_found_however_it_is_typed(site: Site) {
        Guide::on(&site).await;
        for (q, expected) in [
            ("کافه", &["کافه نادری"][..]),
            ("كافه", &["کافه نادری"]),
            ("كافة نادري", &["کافه نادری"]),
            ("کـافـه", &["کافه نادری"]),
            ("کتاب فروشی", &["کتاب\u{200C}فروشی ورق"]),
            ("کتاب\u{200C}فروشی", &["کتاب\u{200C}فروشی ورق"]),
            ("كتابفروشي", &["کتاب\u{200C}فروشی ورق"]),
            ("فروشی", &["کتاب\u{200C}فروشی ورق"]),
            ("تِهران", &["تهران", "کافه نادری", "کتاب\u{200C}فروشی ورق"]),
            ("cafe", &["کافه نادری"]),
        ] {
            let found = found_at(&site, &format!("/fa/search?q={}", written(q))).await;
            assert_eq!(found, expected, "{q}");
        }
        assert_eq!(found(&site, "کافه").await, ["Café Naderi", "Garden of Tea"], "a kind has its Persian name too");
        let page = site.page(&format!("/fa/search?q={}", written("كتاب"))).await;
        assert_eq!(page.all("mark").map(|mark| mark.text.as_str()).next(), Some("کتاب"));
        assert_eq!(page.one("html").get("dir"), Some("rtl"));
        assert!(page.all("p").any(|count| count.is("search-count") && count.text == "۱ نتیجه"));
    }

    async fn types_and_cities_narrow_a_search(site: Site) {
        let guide = Guide::on(&site).await;
        let tea = "/search?q=tea";
        assert_eq!(found_at(&site, &format!("{tea}&type=article")).await, ["A slow morning"]);
        assert_eq!(found_at(&site, &format!("{tea}&type=&city=")).await.len(), 3);
        assert_eq!(found_at(&site, &format!("{tea}&type=place&city={}", guide.isfahan)).await, ["Garden of Tea", "Varaq"]);
        assert_eq!(found_at(&site, &format!("{tea}&city={}", guide.tehran)).await, [""; 0]);
        assert_eq!(found_at(&site, &format!("/search?q=tehran&city={}", guide.tehran)).await, ["Tehran", "Café Naderi"]);
        // A city is the same in every language.
        let fa = format!("/fa/search?q={}&city={}", written("کافه"), guide.tehran);
        assert_eq!(found_at(&site, &fa).await, ["کافه نادری"]);
        // What is no filter narrows nothing.
        assert_eq!(found_at(&site, &format!("{tea}&type=nonsense&city=no")).await.len(), 3);
        let page = site.page(&format!("{tea}&type=place&city={}", guide.isfahan)).await;
        let options: Vec<(&str, &str, bool)> = page
            .all("option")
            .map(|option| (option.get("value").unwrap(), option.text.as_str(), option.get("selected").is_some()))
            .collect();
        let (tehran, isfahan) = (guide.tehran.to_string(), guide.isfahan.to_string());
        assert_eq!(
            options,
            [
                ("", "Everything", false),
                ("article", "Articles", false),
                ("city", "Cities", false),
                ("place", "Places", true),
                ("region", "Regions", false),
                ("", "Every city", false),
                (isfahan.as_str(), "Isfahan", true),
                (tehran.as_str(), "Tehran", false),
            ]
        );
    }

    async fn only_what_may_be_indexed_is_found(site: Site) {
        let mut ids = Vec::new();
        for (title, visibility, seo) in [
            ("Zebra public", Visibility::Public, Seo::default()),
            ("Zebra unlisted", Visibility::Unlisted, Seo::default()),
            ("Zebra private", Visibility::Private, Seo::default()),
            ("Zebra noindex", Visibility::Public, Seo { noindex: true, ..Seo::default() }),
            ("Zebra elsewhere", Visibility::Public, Seo { canonical: Some("https://other.example/".into()), ..Seo::default() }),
        ] {
            ids.push(site.publish("page", Content { visibility, seo, ..content(title, json!({})) }).await);
        }
        let draft = site.draft("page", content("Zebra draft", json!({}))).await;
        assert_eq!(found(&site, "zebra").await, ["Zebra public"]);
        site.edit(ids[1], |content| content.visibility = Visibility::Public).await;
        site.edit(ids[3], |content| content.seo.noindex = false).await;
        site.edit(ids[0], |content| content.visibility = Visibility::Private).await;
        site.edit(draft, |content| content.title = "Zebra live".into()).await;
        assert_eq!(found(&site, "zebra").await, ["Zebra unlisted", "Zebra noindex", "Zebra live"]);
        for (id, archive) in [(ids[1], true), (ids[3], false)] {
            let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
            let seen = site.version(id).await;
            unpublish(&mut change, id, seen, archive, Then::Gone).await.unwrap();
            change.commit().await.unwrap();
        }
        let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
        let seen = site.version(draft).await;
        trash(&mut change, draft, seen, Then::Gone).await.unwrap();
        change.commit().await.unwrap();
        assert_eq!(found(&site, "zebra").await, [""; 0]);
    }

    async fn a_title_that_changes_changes_what_is_found_by_it(site: Site) {
        let guide = Guide::on(&site).await;
        site.edit(guide.tehran, |content| content.title = "Rey".into()).await;
        assert_eq!(found(&site, "rey").await, ["Rey"]);
        reindex::keep_up(&site.app, &|| false).await.unwrap();
        assert_eq!(found(&site, "rey").await, ["Rey", "Café Naderi"]);
        assert_eq!(found(&site, "cafe tehran").await, [""; 0]);
        assert_eq!(reindex::keep_up(&site.app, &|| false).await.unwrap(), 0, "once is enough");
        site.edit(guide.naderi, |content| content.title = "Naderi".into()).await;
        assert_eq!(found(&site, "rey cafe").await, ["Naderi"]);
        // A draft of a live entry says nothing yet, and a city that is gone says nothing any more.
        let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
        let seen = site.version(guide.tehran).await;
        unpublish(&mut change, guide.tehran, seen, false, Then::Gone).await.unwrap();
        change.commit().await.unwrap();
        reindex::keep_up(&site.app, &|| false).await.unwrap();
        assert_eq!(found(&site, "rey").await, [""; 0]);
    }

    async fn results_show_what_was_found_and_where(site: Site) {
        Guide::on(&site).await;
        let evil = Content {
            title: "</h2><script>alert('tea')</script>".into(),
            summary: "<img src=x onerror=alert(1)> tea & \"more\"".into(),
            slug: "evil".into(),
            ..Content::default()
        };
        site.publish("page", evil).await;
        let answer = site.get("/search?q=tea").await;
        insta::assert_snapshot!("search_results", main_of(answer.text()));
        let page = Html::parse(answer.text());
        assert_eq!(page.all("script").count() + page.all("img").count(), 0);
        assert!(page.title().starts_with("Search: tea "), "{}", page.title());
        assert_eq!((page.meta("robots"), page.canonical()), ("noindex", None));
        assert!(page.links("alternate").all(|link| link.get("hreflang").is_none()));
        let other = page.all("a").find(|link| link.get("hreflang") == Some("fa")).unwrap();
        assert_eq!(other.get("href"), Some("/fa/search?q=tea"));
    }

    async fn the_form_alone_is_a_page_and_every_page_has_one(site: Site) {
        Guide::on(&site).await;
        for target in ["/search", "/fa/search", "/search?q=", "/search?q=+&type=place"] {
            let page = site.page(target).await;
            assert_eq!(titles(&page), [""; 0], "{target}");
            assert!(page.all("p").all(|count| !count.is("search-count")), "{target}");
            assert_eq!(page.all("form").count(), 1, "{target}");
        }
        for (target, action) in [("/", "/search"), ("/fa", "/fa/search"), ("/iran/tehran", "/search")] {
            let page = site.page(target).await;
            let form = page.one("form");
            assert_eq!((form.get("action"), form.get("method")), (Some(action), Some("get")), "{target}");
            let input = page.one("input");
            let label = page.one("label");
            assert_eq!((input.get("name"), label.get("for")), (Some("q"), input.get("id")), "{target}");
        }
    }

    async fn whatever_is_asked_gets_a_page(site: Site) {
        Guide::on(&site).await;
        let long = "tea ".repeat(1_500);
        let wide = "ت".repeat(1_300);
        for q in [
            "\"", "'", "\"tea", "tea*", "*", "(", "))((", "tea OR", "AND", "NOT tea", "NEAR(tea garden)", "title:tea",
            "{title summary}: tea", "^tea", "tea + garden", "a & b", "a | !b", "a <-> b", "a:*", "\\", "\\'", "%", "_",
            "'; DROP TABLE search; --", "$1", "{found:$1}", "<script>alert(1)</script>", "🦀🦀", "🦀 tea", "\u{202E}tea",
            "tea\0", "\0", "te\u{0}a\r\n", "\u{FFFD}", "\u{1F468}\u{200D}\u{1F469}", "e\u{301}\u{301}\u{301}", "\u{200C}",
            "-", "--", "a-", "-a", "''", "ـ", "ﷺ", "1e5", "12.5", "http://x.test/a?b", "a@b.test", "0x1F", &long, &wide,
        ] {
            for target in [
                format!("/search?q={}", written(q)),
                format!("/search?q={}", utf8_percent_encode(q, NON_ALPHANUMERIC)),
                format!("/search?q=tea&type={}&city={}", written(&q.chars().take(1).collect::<String>()), written("9999999999999999999999")),
            ] {
                if target.len() > 8 << 10 {
                    assert_eq!(site.get(&target).await.hop(), "414");
                    continue;
                }
                let mut answer = site.get(&target).await;
                if answer.status == 301 {
                    let to = answer.header("location").strip_prefix(ORIGIN).unwrap().to_owned();
                    answer = site.get(&to).await;
                }
                assert_eq!(answer.hop(), "200", "{target}");
                let page = Html::parse(answer.text());
                assert_eq!(page.all("script").count(), 0, "{target}");
                assert_eq!(page.all("h1").count(), 1, "{target}");
            }
        }
        for (target, title) in [
            (format!("/search?q={}", "a".repeat(8_000)), "That is too long to search for"),
            (format!("/search?q={}", written("a b c d e f g h i j k l m")), "That is too long to search for"),
            ("/search?q=%F0%9F%A6%80".to_owned(), "There is no word in this"),
            ("/search?q=nowhere".to_owned(), "Nothing was found"),
        ] {
            let page = site.page(&target).await;
            assert_eq!(page.one("h2").text, title, "{target}");
        }
    }

    async fn many_results_have_pages_and_an_end(site: Site) {
        for number in 0..45 {
            site.publish("page", content(&format!("Pine {number:02}"), json!({}))).await;
        }
        let target = "/search?q=pine";
        let mut all = Vec::new();
        for page in 1..=3 {
            let address = if page == 1 { target.to_owned() } else { format!("{target}&page={page}") };
            let page = site.page(&address).await;
            assert!(page.all("p").any(|count| count.is("search-count") && count.text == "45 results"));
            all.extend(titles(&page));
        }
        let expected: Vec<String> = (0..45).map(|number| format!("Pine {number:02}")).collect();
        assert_eq!(all, expected);
        let first = site.page(target).await;
        let next = first.all("a").find(|link| link.get("rel") == Some("next")).unwrap();
        assert_eq!(next.get("href"), Some("/search?q=pine&page=2"));
        for past in ["4", "0", "-1", "x", "99999999999"] {
            let answer = site.get(&format!("{target}&page={past}")).await;
            assert_eq!((answer.hop(), answer.header("x-public-cache")), ("404".into(), ""), "{past}");
        }
        assert_eq!(site.get("/search?q=nothing&page=2").await.hop(), "404");
        assert_eq!(site.get("/search?page=2").await.hop(), "404");
        assert_eq!(site.get(&format!("{target}&page=1")).await.hop(), format!("301 {ORIGIN}{target}"));
        assert_eq!(site.get("/search?q=1&page=1").await.hop(), format!("301 {ORIGIN}/search?q=1"));
        let respelled = site.get("/Search?q=pine&utm_source=x").await;
        assert_eq!(respelled.hop(), format!("301 {ORIGIN}{target}"));
        assert_eq!((respelled.header("x-public-cache"), respelled.header("cache-control")), ("", "private, no-store"));
    }

    async fn no_search_is_kept_and_none_asks_much(site: Site) {
        Guide::on(&site).await;
        let before = site.app.pages.bytes();
        for number in 0..20 {
            let answer = site.get(&format!("/search?q=tea+{number}")).await;
            assert_eq!(answer.header("cache-control"), "private, max-age=60");
            assert_eq!(answer.header("x-public-cache"), "");
        }
        assert_eq!(site.app.pages.bytes(), before);
        for (target, most) in [("/search?q=tea", 4), ("/search", 2), ("/search?q=nowhere", 3)] {
            let before = site.app.db.queries();
            site.get(target).await;
            assert_eq!(site.app.db.queries() - before, most, "{target}");
        }
    }

    async fn the_search_page_is_nobody_elses(site: Site) {
        for (locale, slug) in [("en", "/search"), ("en", "/search/tips"), ("fa", "/fa/search")] {
            let target = atlas::actions::save_draft::Target::New {
                kind: "page".into(),
                locale: locale.into(),
                translation_of: None,
            };
            let content = Content { fixed_path: Some(slug.into()), ..content("Mine", json!({})) };
            let draft = atlas::actions::save_draft::Draft { target, content, reuse: false, lenient: false, tie: None };
            let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
            let refused = atlas::actions::save_draft::save_draft(&mut change, draft).await.map(|_| ()).unwrap_err();
            assert!(refused.to_string().contains("belongs to"), "{refused}");
        }
        let explained = atlas::web::explain::explain(&site.app, "/fa/search?q=tea").await.unwrap();
        assert_eq!((explained.explanation.status, explained.explanation.why.as_str()), (200, "the search page (fa), never indexed"));
        let explained = atlas::web::explain::explain(&site.app, "/Search").await.unwrap();
        assert_eq!(explained.explanation.location.as_deref(), Some("https://site.test/search"));
    }

    async fn a_404_suggests_what_may_have_been_meant(site: Site) {
        Guide::on(&site).await;
        let suggested = async |target: &str| {
            let answer = site.get(target).await;
            assert_eq!(answer.hop(), "404", "{target}");
            let page = Html::parse(answer.text());
            assert_eq!(page.meta("robots"), "noindex");
            let list = answer.text().split("class=\"suggestions\"").nth(1).map(str::to_owned).unwrap_or_default();
            let list = Html::parse(list.split("</nav>").next().unwrap());
            list.all("a").map(|link| link.get("href").unwrap().to_owned()).collect::<Vec<_>>()
        };
        let naderi = "/iran/tehran/cafe-naderi";
        for (target, expected) in [
            ("/cafe-naderi", &[naderi][..]),
            ("/old/place.html", &[]),
            ("/tehran/cafe-nadery", &[naderi]),
            ("/blog/Naderi.html", &[naderi]),
            ("/naderu", &[naderi]),
            ("/garden-tea-of", &["/iran/isfahan/garden-of-tea"]),
            ("/a-slow-morning/", &["/articles/a-slow-morning"]),
            ("/nothing-of-the-kind", &[]),
            ("/wp-login.php", &[]),
            ("/9f8e7d6c", &[]),
        ] {
            if target.ends_with('/') {
                assert_eq!(site.get(target).await.hop(), "404");
            }
            assert_eq!(suggested(target).await, expected, "{target}");
        }
        let fa = format!("/fa/{}", utf8_percent_encode("كافه", NON_ALPHANUMERIC));
        let fa = suggested(&fa).await;
        assert_eq!(fa.len(), 1, "{fa:?}");
        assert!(fa[0].starts_with("/fa/"), "{fa:?}");
        // One question of the registry, one of the index, or two where no title holds a word as it is
        // written; none where the path is no words.
        for (target, cost) in [("/naderi-cafe", 2), ("/naderix", 3), ("/12345", 1), ("/x.php", 1)] {
            let before = site.app.db.queries();
            site.get(target).await;
            assert_eq!(site.app.db.queries() - before, cost, "{target}");
            site.get(target).await;
            assert_eq!(site.app.db.queries() - before, cost, "{target} is in memory");
        }
    }

    /// More titles hold one of the words than are looked at.
    async fn a_mistyped_name_is_found_among_many_of_its_kind(site: Site) {
        site.publish("article", content("Café Naderi", json!({}))).await;
        for number in 0..201 {
            site.publish("article", content(&format!("Café {number}"), json!({}))).await;
        }
        for target in ["/cafe-nadery", "/cafe-naderi"] {
            let answer = site.get(target).await;
            assert_eq!(answer.hop(), "404", "{target}");
            let list = answer.text().split("class=\"suggestions\"").nth(1).unwrap();
            let first = list.split("href=\"").nth(1).unwrap().split('"').next().unwrap();
            assert!(first.ends_with("-naderi"), "{target}: {first}");
        }
    }

    async fn a_suggestion_goes_with_its_page(site: Site) {
        let guide = Guide::on(&site).await;
        assert!(site.get("/naderi").await.text().contains("cafe-naderi"));
        let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
        let seen = site.version(guide.naderi).await;
        trash(&mut change, guide.naderi, seen, Then::Gone).await.unwrap();
        change.commit().await.unwrap();
        assert!(!site.get("/naderi").await.text().contains("cafe-naderi"));
    }
}

/// What stands between `<main>` and `</main>`.
fn main_of(html: &str) -> String {
    let from = html.find("<main").unwrap();
    let to = html.find("</main>").unwrap();
    html[from..to].replace("><", ">\n<")
}
