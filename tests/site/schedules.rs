//! What is to happen at a set time happens once, and a failure stands in nobody's way.

use atlas::actions::schedule::schedule;
use atlas::app::Answered;
use atlas::clock::Time;
use atlas::entry::State;
use atlas::error::Result;
use atlas::jobs::worker::work_off;

use crate::on_both;
use crate::support::site::{NOW, Site};

async fn plan(site: &Site, id: i64, from: Option<i64>, until: Option<i64>) -> Result<i64> {
    let seen = site.version(id).await;
    let time = |after: Option<i64>| after.map(|after| Time(NOW.0 + after));
    site.act(async |change| schedule(change, id, seen, time(from), time(until)).await).await
}

on_both! {
    async fn two_nodes_at_once_publish_and_unpublish_once(site: Site) {
        let other = site.another_node().await;
        let mut ids = Vec::new();
        for number in 0..10 {
            let id = site.article(&format!("Article {number}")).draft().await;
            plan(&site, id, Some(1_000), Some(2_000)).await.unwrap();
            ids.push(id);
        }
        assert_eq!(work_off(&site.app).await.unwrap(), 0, "its time has not come");
        // A second after a publication its page is due to be checked.
        for (verb, state, jobs) in [("publish", State::Published, 10), ("unpublish", State::Draft, 20)] {
            site.clock.advance(1_000);
            let (here, there) = tokio::join!(work_off(&site.app), work_off(&other));
            assert_eq!(here.unwrap() + there.unwrap(), jobs, "{verb}");
            for id in &ids {
                assert_eq!(site.entry(*id).await.state(), state);
            }
            let audited = site.audited().await;
            assert_eq!(audited.iter().filter(|action| *action == verb).count(), 10, "{verb}");
            assert!(!audited.contains(&"schedule_failed".to_owned()));
        }
        assert_eq!(site.answer("/articles/article-0").await, Answered::Gone { entry: Some(ids[0]) });
        assert_eq!(work_off(&site.app).await.unwrap(), 0, "nothing is left to do");
    }

    async fn one_that_became_invalid_is_a_draft_again_and_says_why(site: Site) {
        let broken = site.article("Broken").draft().await;
        let fine = site.article("Fine").draft().await;
        for id in [broken, fine] {
            plan(&site, id, Some(1_000), None).await.unwrap();
        }
        let strict = site.with_content(&[("types/article.toml", STRICT)]).await;
        let fine_now = site.edit(fine).await.field("source", "a newspaper".into()).on(&strict);
        fine_now.draft().await;
        site.clock.advance(1_000);

        assert_eq!(work_off(&strict).await.unwrap(), 2);

        let entry = site.entry(broken).await;
        assert_eq!((entry.state(), entry.publish_at), (State::Draft, None));
        assert_eq!(site.entry(fine).await.state(), State::Published);
        let rows: Vec<(i64, String)> =
            site.rows("SELECT entry_id, detail FROM audit WHERE action = 'schedule_failed'").await;
        let detail = format!(r#"{{"publish_at":{},"reason":"`source`: is required and has no value; give it a line"}}"#, NOW.0 + 1_000);
        assert_eq!(rows, [(broken, detail)]);
        assert_eq!(work_off(&strict).await.unwrap(), 0);
        assert_eq!(site.audited().await.iter().filter(|action| *action == "schedule_failed").count(), 1);
    }

    async fn a_hundred_broken_ones_do_not_block_the_next(site: Site) {
        for number in 0..100 {
            let id = site.article(&format!("Broken {number}")).draft().await;
            plan(&site, id, Some(1_000), None).await.unwrap();
        }
        let strict = site.with_content(&[("types/article.toml", STRICT)]).await;
        let page = site.page("Fine").draft().await;
        plan(&site, page, Some(1_000), None).await.unwrap();
        site.clock.advance(1_000);
        assert_eq!(work_off(&strict).await.unwrap(), 101);
        assert_eq!(site.entry(page).await.state(), State::Published);
    }

    async fn times_that_make_no_sense_are_refused(site: Site) {
        let draft = site.article("Draft").draft().await;
        let published = site.article("Published").publish().await;
        for (id, from, until, problem) in [
            (draft, Some(0), None, "`publish_at`: this time has passed"),
            (draft, None, Some(-1), "`unpublish_at`: this time has passed"),
            (draft, Some(2_000), Some(2_000), "`unpublish_at`: the end must come after the beginning"),
            (published, Some(1_000), None, "`publish_at`: is published already"),
        ] {
            assert_eq!(plan(&site, id, from, until).await.unwrap_err().to_string(), problem);
        }
    }
}

/// The article, with one more field that it needs.
const STRICT: &str = r#"
label   = { one = "Article", many = "Articles" }
path    = "/articles/{slug}"
layout  = "article"
schema  = "BlogPosting"
listing = { path = "/articles", per_page = 20, sort = "-published" }
feed    = true

[[field]]
name     = "source"
kind     = "line"
required = true
label    = "Source"
"#;
