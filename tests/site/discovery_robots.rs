//! `robots.txt` and the key of IndexNow as they are served, and the linter that reads the pages.

use atlas::app::App;
use atlas::config::Config;
use atlas::entry::{Content, Seo, Visibility};
use atlas::error::Error;
use serde_json::json;

use crate::on_both;
use crate::support::discovery::with_settings;
use crate::support::web::{Site, content};

on_both! {
    async fn the_file_is_served_from_memory_and_says_when_nothing_is_new(site: Site) {
        let answer = site.get("/robots.txt").await;
        assert_eq!(answer.hop(), "200");
        assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
        insta::assert_snapshot!("robots", answer.text());
        let again = site.ask("GET", "/robots.txt", &[("If-None-Match", answer.header("etag"))]).await;
        assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, answer.header("etag")));
        let head = site.ask("HEAD", "/robots.txt", &[]).await;
        assert_eq!((head.status, head.header("content-length")), (200, answer.body.len().to_string().as_str()));
        site.app.db.close().await;
        assert_eq!(site.get("/robots.txt").await.text(), answer.text());
    }

    async fn settings_add_crawlers_groups_and_news(site: Site) {
        let node = with_settings(&site, "settings", "\
            [robots]\nai_training = \"disallow\"\n\
            [[robots.group]]\nagents = [\"AhrefsBot\"]\ndisallow = [\"/\"]\n\
            [news]\ntypes = [\"article\"]\n\
            [indexnow]\nkey = \"0123456789abcdef\"\n").await;
        insta::assert_snapshot!("robots_with_settings", node.get("/robots.txt").await.text());
        let key = node.get("/0123456789abcdef.txt").await;
        assert_eq!((key.hop().as_str(), key.text()), ("200", "0123456789abcdef"));
        assert_eq!(key.header("content-type"), "text/plain; charset=utf-8");
        assert_eq!(site.get("/0123456789abcdef.txt").await.hop(), "404", "without the setting");
    }

    async fn off_production_all_may_read_that_nothing_is_to_be_found(site: Site) {
        let settings = "[robots]\nai_training = \"disallow\"\n\
            [[robots.group]]\nagents = [\"*\"]\ndisallow = [\"/x\"]\n";
        let folder = crate::support::discovery::content_folder(&site, "staging", settings);
        let node = site.another(&[("environment", "staging"), ("content", &folder)]).await;
        insta::assert_snapshot!("robots_staging", node.get("/robots.txt").await.text());
    }

    async fn rules_that_contradict_pages_are_reported_one_by_one(site: Site) {
        let region = site.publish("region", content("Iran", json!({}))).await;
        for number in 1..=5 {
            site.publish("city", content(&format!("City {number}"), json!({ "region": region }))).await;
        }
        let hidden = Content { seo: Seo { noindex: true, ..Seo::default() }, ..content("Hidden", json!({})) };
        site.publish("article", hidden).await;
        let unlisted = Content { visibility: Visibility::Unlisted, ..content("Unlisted", json!({})) };
        site.publish("article", unlisted).await;
        let private = Content { visibility: Visibility::Private, ..content("Private", json!({})) };
        site.publish("article", private).await;
        site.draft("article", content("Draft", json!({}))).await;
        let node = with_settings(&site, "settings", "\
            [[robots.group]]\nagents = [\"*\"]\ndisallow = [\"/nowhere\", \"/iran/\", \"/articles/\"]\n\
            [[robots.group]]\nagents = [\"Bingbot\"]\ndisallow = [\n  \"/regions$\",\n  \"/people$\"]\n\
            [[robots.group]]\nagents = [\"AhrefsBot\"]\ndisallow = [\"/\"]\n").await;
        let problems: Vec<String> =
            node.app.lint_robots().await.unwrap().iter().map(ToString::to_string).collect();
        let text = problems.join("\n").replace(&site.database.folder.path().display().to_string(), "FOLDER");
        insta::assert_snapshot!("robots_contradictions", text);
        assert_eq!(site.app.lint_robots().await.unwrap(), []);
    }

    async fn an_entry_cannot_take_the_address_of_the_key(site: Site) {
        let node = with_settings(&site, "settings", "[indexnow]\nkey = \"0123456789abcdef\"\n").await;
        let page = Content { fixed_path: Some("/0123456789ABCDEF.txt".into()), ..content("Key", json!({})) };
        let mut change = atlas::actions::Change::begin(&node.app, &atlas::entry::Actor::Operator).await.unwrap();
        let target = atlas::actions::save_draft::Target::New {
            kind: "page".into(),
            locale: "en".into(),
            translation_of: None,
        };
        let draft = atlas::actions::save_draft::Draft { target, content: page, reuse: false, lenient: false, tie: None };
        let refused = atlas::actions::save_draft::save_draft(&mut change, draft).await.map(|_| ()).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "`slug`: the path /0123456789ABCDEF.txt belongs to the key of IndexNow; choose another slug"
        );
    }
}

#[test]
fn news_of_a_type_that_is_not_there_stop_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let text = "name = \"A\"\n[[locale]]\ncode = \"en\"\nlabel = \"E\"\n[news]\ntypes = [\n  \"articel\"]\n";
    std::fs::write(folder.path().join("site.toml"), text).unwrap();
    let flags = [("content".to_owned(), folder.path().display().to_string())];
    let config = Config::load(&flags, [], None).unwrap();
    let Err(Error::Invalid(problems)) = App::read_content(&config) else { panic!("it should be refused") };
    assert_eq!(problems.0.len(), 1);
    assert_eq!((problems.0[0].line, problems.0[0].field.as_deref()), (Some(7), Some("news.types")));
    assert_eq!(problems.0[0].reason, "there is no type `articel`; did you mean `article`?");
}
