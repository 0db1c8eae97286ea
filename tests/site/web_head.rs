//! Titles, directives, cards and language clusters, as pages say them.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use atlas::actions::import::{Options, Unwatched, table};
use atlas::entry::{Actor, Content, Seo};
use atlas::source::csv;
use serde_json::json;

use crate::on_both;
use crate::support::database::{Engine, run};
use crate::support::web::{Node, ORIGIN, Site, content, path_of, shared};

/// A site with this table in its `site.toml` and these types over the shipped ones.
async fn with_content(site: &Site, table: &str, types: &[(&str, &str)]) -> (tempfile::TempDir, Node) {
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string("content/site.toml").unwrap();
    std::fs::write(folder.path().join("site.toml"), format!("{text}\n{table}")).unwrap();
    std::fs::create_dir(folder.path().join("types")).unwrap();
    for (name, text) in types {
        std::fs::write(folder.path().join("types").join(format!("{name}.toml")), text).unwrap();
    }
    let node = site.another(&[("content", &folder.path().display().to_string())]).await;
    (folder, node)
}

fn named(title: &str, slug: &str, fields: serde_json::Value) -> Content {
    Content { slug: slug.into(), ..content(title, fields) }
}

on_both! {
    async fn faces_of_a_text_are_asked_for_in_the_head(site: Site) {
        for (title, body, locale, prefix, expected) in [
            ("Upright", "Plain and **bold**.", "en", "", &["alegreya/alegreya"][..]),
            ("Slanted", "A word of *stress*.", "en", "", &["alegreya/alegreya", "alegreya/alegreya-italic"]),
            ("Quoted", "> Said before.", "en", "", &["alegreya/alegreya", "alegreya/alegreya-italic"]),
            ("Persian", "> گفته‌اند.", "fa", "/fa", &["vazirmatn/vazirmatn"]),
        ] {
            let slug = title.to_lowercase();
            let entry = Content { body: body.into(), slug: slug.clone(), ..content(title, json!({})) };
            site.publish_in(locale, "article", entry, None).await;
            let page = site.page(&format!("{prefix}/articles/{slug}")).await;
            let asked: Vec<&str> = page.links("preload").map(|link| link.get("href").unwrap()).collect();
            let asked: Vec<&str> = asked.iter().map(|href| href.split_once("/fonts/").unwrap().1.trim_end_matches(".woff2")).collect();
            assert_eq!(asked, expected, "{title}");
        }
    }

    async fn namesakes_have_titles_of_their_own(site: Site) {
        let us = site.publish("region", content("United States", json!({}))).await;
        let canada = site.publish("region", content("Canada", json!({}))).await;
        for (slug, region) in [("springfield", us), ("springfield-il", us), ("springfield-mo-2", us), ("springfield", canada)] {
            site.publish("city", named("Springfield", slug, json!({ "region": region }))).await;
        }
        for slug in ["georgia", "georgia-state"] {
            let region = site.publish("region", named("Georgia", slug, json!({}))).await;
            site.publish("city", content("Athens", json!({ "region": region }))).await;
        }
        let author = site.publish("author", content("Leila Farahmand", json!({}))).await;
        site.publish("person", content("Leila Farahmand", json!({}))).await;
        site.publish("category", content("Coffee", json!({}))).await;
        site.publish("tag", content("Coffee", json!({}))).await;
        for (target, title) in [
            ("/united-states/springfield", "Springfield, United States | Atlas"),
            ("/united-states/springfield-il", "Springfield (IL), United States | Atlas"),
            ("/united-states/springfield-mo-2", "Springfield (MO 2), United States | Atlas"),
            ("/canada/springfield", "Springfield, Canada | Atlas"),
            ("/georgia", "Georgia | Atlas"),
            ("/georgia-state", "Georgia (state) | Atlas"),
            ("/georgia/athens", "Athens, Georgia | Atlas"),
            ("/georgia-state/athens", "Athens (2), Georgia | Atlas"),
            ("/authors/leila-farahmand", "Leila Farahmand (Author) | Atlas"),
            ("/people/leila-farahmand", "Leila Farahmand (Person) | Atlas"),
            ("/categories/coffee", "Coffee | Atlas"),
            ("/tags/coffee", "Coffee – Tag | Atlas"),
        ] {
            let page = site.page(target).await;
            assert_eq!(page.title(), title, "{target}");
            let h1 = &page.one("h1").text;
            assert!(title.starts_with(h1.as_str()) && !h1.contains('('), "{h1} on {target}");
        }
        let about = site.page("/united-states/springfield-il").await;
        assert_eq!(about.meta("description"), "Springfield (IL) · City · United States");
        // A title that an editor gave is nobody's namesake.
        site.edit(author, |content| content.seo.title = "Leila writes".into()).await;
        assert_eq!(site.page("/authors/leila-farahmand").await.title(), "Leila writes");
    }

    async fn templates_of_site_and_type_fill_in_what_the_entry_leaves_open(site: Site) {
        let note = "label = { one = \"Note\", many = \"Notes\" }\npath = \"/notes/{slug}\"\nlayout = \"page\"\n\
                    schema = \"WebPage\"\n\
                    head = { title = \"{title} ({mood}), {about} – {year} | {site}\", description = \"{types}: {summary}\" }\n\
                    [[field]]\nname = \"mood\"\nkind = \"choice\"\nchoices = [{ value = \"calm\", label = \"Calm & quiet\" }]\n\
                    [[field]]\nname = \"about\"\nkind = \"relation\"\nto = \"tag\"\nmany = true\n";
        let table = "[head]\ntitle = \"{site}: {title}\"\ndescription = \"{title} at {site}\"\nhome = \"{tagline} ({site})\"\n\
                     listing = \"All {types} – {page}\"\nlistings.fa = \"همهٔ {types}\"\nrobots = \"max-snippet:300, notranslate\"\n\
                     image = { src = \"/media/x/card.png\", alt = \"A map\", width = 1200, height = 630 }\n\
                     [verification]\ngoogle = \"token\"\n";
        let (_folder, node) = with_content(&site, table, &[("note", note)]).await;
        let tea = node.publish("tag", content("Tea", json!({}))).await;
        let cups = node.publish("tag", content("Cups", json!({}))).await;
        let whole = json!({ "mood": "calm", "about": [tea, cups] });
        node.publish("note", Content { summary: "Hot.".into(), ..named("Whole {site}", "whole", whole) }).await;
        node.publish("note", named("Bare", "bare", json!({}))).await;
        node.publish("page", content("Plain", json!({}))).await;
        node.publish("page", content("About Atlas", json!({}))).await;
        for (target, title, description) in [
            ("/notes/whole", "Whole {site} (Calm & quiet), Tea, Cups – 2026 | Atlas", "Notes: Hot."),
            ("/notes/bare", "Bare – 2026 | Atlas", "Notes"),
            ("/plain", "Atlas: Plain", "Plain at Atlas"),
            ("/about-atlas", "About Atlas", "About Atlas at Atlas"),
            ("/tags", "All Tags", "Tags · Cafés, courtyards, workshops and walks in six Iranian cities, tried twice and told plainly."),
        ] {
            let page = node.page(target).await;
            assert_eq!((page.title(), page.meta("description")), (title, description), "{target}");
            assert_eq!(page.meta("robots"), "notranslate, max-image-preview:large, max-snippet:300", "{target}");
            let image = page.all("meta").find(|meta| meta.get("property") == Some("og:image")).unwrap();
            assert_eq!(image.get("content"), Some(format!("{ORIGIN}/media/x/card.png").as_str()));
            assert_eq!(page.meta("google-site-verification"), "");
        }
        assert_eq!(node.page("/fa/places").await.title(), "همهٔ مکان‌ها");
        let home = node.page("/").await;
        assert_eq!((home.title(), home.meta("google-site-verification")), ("A guide to six Iranian cities (Atlas)", "token"));
    }

    async fn every_directive_reaches_the_page_and_wrong_ones_are_refused(site: Site) {
        let with = |seo: Seo| Content { seo, ..content("A page", json!({})) };
        let directives = "NoSnippet, noimageindex,max-image-preview:none, max-video-preview:9, unavailable_after:2027-03-01, notranslate";
        let id = site.publish("page", with(Seo { robots: directives.into(), ..Seo::default() })).await;
        let robots = async || site.page("/a-page").await.meta("robots").to_owned();
        assert_eq!(
            robots().await,
            "nosnippet, notranslate, noimageindex, max-image-preview:none, max-video-preview:9, unavailable_after:2027-03-01T00:00:00Z"
        );
        site.edit(id, |content| content.seo.robots = "noindex, indexifembedded, nofollow".into()).await;
        assert_eq!(robots().await, "noindex, nofollow, indexifembedded");
        assert!(!site.sitemap().await.contains(&format!("{ORIGIN}/a-page")));
        let saved = atlas::store::entries::draft(&site.app.db, id).await.unwrap().content.seo;
        assert_eq!(saved, Seo { noindex: true, nofollow: true, robots: "indexifembedded".into(), ..Seo::default() });
        site.edit(id, |content| content.seo = Seo::default()).await;
        assert_eq!(robots().await, "max-image-preview:large");
    }

    async fn an_article_says_everything_a_preview_shows(site: Site) {
        let author = site.publish("author", content("Leila", json!({}))).await;
        let category = site.publish("category", content("Food & drink", json!({}))).await;
        let tags = [site.publish("tag", content("Tea", json!({}))).await, site.publish("tag", content("Cups", json!({}))).await];
        let fields = json!({ "categories": [category], "tags": tags });
        let cover = atlas::schema::ImageRef { src: "https://cdn.example/a.webp".into(), alt: "A \"cup\"".into(), ..Default::default() };
        let story = Content { authors: vec![author], cover: Some(cover), summary: "Hot.".into(), ..content("On tea", fields) };
        site.publish("article", story).await;
        let page = site.page("/articles/on-tea").await;
        let metas = page.all("meta").filter_map(|meta| {
            let key = meta.get("property").or(meta.get("name").filter(|name| name.starts_with("twitter:")))?;
            Some(format!("{key} = {}\n", meta.get("content")?))
        });
        insta::assert_snapshot!("cards_of_an_article", metas.collect::<String>());
    }

    async fn a_hub_names_the_same_page_of_its_translation_or_none(site: Site) {
        let region = site.publish("region", content("Iran", json!({}))).await;
        let fa_region = site.publish_in("fa", "region", content("ایران", json!({})), Some(region)).await;
        let city = site.publish("city", content("Tehran", json!({ "region": region }))).await;
        let fa_city = content("تهران", json!({ "region": fa_region }));
        let fa_city = site.publish_in("fa", "city", fa_city, Some(city)).await;
        for number in 0..60 {
            site.publish("place", content(&format!("Place {number}"), json!({ "city": city }))).await;
        }
        for number in 0..30 {
            let place = content(&format!("جا {number}"), json!({ "city": fa_city }));
            site.publish_in("fa", "place", place, None).await;
        }
        let alternates = async |target: &str| -> Vec<String> {
            let page = site.page(target).await;
            page.links("alternate").filter(|link| link.get("hreflang").is_some())
                .map(|link| path_of(link.get("href").unwrap()).to_owned()).collect()
        };
        let fa = alternates("/iran/tehran").await[1].clone();
        let second = |path: &str| format!("{path}?page=2");
        let expected = [second("/iran/tehran"), second(&fa), second("/iran/tehran")];
        assert_eq!(alternates(&second("/iran/tehran")).await, expected);
        assert_eq!(alternates(&second(&fa)).await, expected);
        assert_eq!(alternates("/iran/tehran?page=3").await, [""; 0]);
        let third = site.page("/iran/tehran?page=3").await;
        let people: Vec<&str> = third.all("a").filter(|link| link.get("hreflang") == Some("fa")).filter_map(|link| link.get("href")).collect();
        assert!(people.iter().all(|href| *href == fa) && !people.is_empty(), "people go to the first page of the other language, not {people:?}");
        assert_eq!(third.title(), "Tehran, Iran – Page 3 of 3 | Atlas");
        assert!(third.meta("description").ends_with(" – Page 3 of 3"));
    }
}

/// Of all 34,006 cities where long tests are wanted.
#[test]
fn cities_of_a_table_have_titles_of_their_own() {
    run(Engine::Sqlite, cities);
}

async fn cities(site: Site) {
    let Some(cities) = shared("cities.csv") else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cities.csv");
    let rows = if std::env::var_os("ATLAS_TEST_FULL").is_some() { usize::MAX } else { 250 };
    let text = std::fs::read_to_string(cities).unwrap();
    let mut seen = HashSet::new();
    // Names that stand more than once come first, so that a part of the table has all the trouble.
    let mut lines: Vec<&str> = text.lines().skip(1).collect();
    let key = |line: &str| line.split(',').nth(1).unwrap_or_default().to_owned();
    let mut counts = HashMap::new();
    lines.iter().for_each(|line| *counts.entry(key(line)).or_insert(0) += 1);
    lines.sort_by_key(|line| (std::cmp::Reverse(counts[&key(line)]), key(line)));
    lines.truncate(rows);
    let header = text.lines().next().unwrap();
    std::fs::write(&file, format!("{header}\n{}\n", lines.join("\n"))).unwrap();
    let import = async |file: &Path, kind: &str, maps: &[&str]| {
        let options = Options { kind: Some(kind.into()), ..Options::default() };
        let maps: Vec<String> = maps.iter().map(|map| (*map).to_owned()).collect();
        let read = csv::Options::default();
        let actor = Actor::Operator;
        let mut quiet = Unwatched;
        let report = table::import(&site.app, &actor, file, &maps, &read, &options, &mut quiet).await;
        report.unwrap().created
    };
    import(&shared("countries.csv").unwrap(), "region", &["title=name", "slug=iso"]).await;
    assert_eq!(
        import(&file, "city", &["title=name", "region=country", "geo=latitude,longitude", "tie=admin1"])
            .await,
        lines.len() as u64
    );
    for url in site.sitemap().await {
        let page = site.page(path_of(&url)).await;
        let head = (page.title().to_owned(), page.meta("description").to_owned());
        assert!(seen.insert(head.0.clone()), "the title “{}” is not alone, {url}", head.0);
        if path_of(&url).matches('/').count() == 2 {
            let geo = &page.node("City")["geo"];
            let within = |name: &str, most: f64| {
                geo[name].as_str().and_then(|text| text.parse().ok()).is_some_and(|at: f64| at.abs() <= most)
            };
            assert!(within("latitude", 90.0) && within("longitude", 180.0), "{url}: {geo}");
            let crumbs = page.node("BreadcrumbList")["itemListElement"].as_array().map(Vec::len);
            assert_eq!((crumbs, page.canonical()), (Some(3), Some(url.as_str())), "{url}");
        }
        assert!(
            seen.insert(format!("description {}", head.1)),
            "the description “{}” is not alone, {url}",
            head.1
        );
    }
    assert!(seen.len() > 2 * lines.len());
}
