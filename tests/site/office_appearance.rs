//! How an entry stands in results, and what the check of its page finds.

use atlas::entry::{Content, Role};
use atlas::jobs::worker;
use atlas::schema::ImageRef;
use atlas::store::Ask;
use serde_json::json;

use crate::on_both;
use crate::support::database::Engine;
use crate::support::html::Html;
use crate::support::web::{Site, content};

/// What the check says, as `error: Alt is missing`.
fn findings(page: &Html) -> Vec<String> {
    let found = page.0.iter().enumerate().filter(|(_, element)| {
        element.name == "li"
            && ["found-error", "found-warning", "found-hint"].iter().any(|level| element.is(level))
    });
    found.map(|(_, element)| element.text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

fn has(findings: &[String], part: &str) -> bool {
    findings.iter().any(|finding| finding.contains(part))
}

on_both! {
    async fn a_draft_is_shown_as_results_will_show_it(site: Site) {
        let body = "A first sentence that says what this is about.";
        let id = site.draft("article", Content { body: body.into(), ..content("Tabriz in a day", json!({})) }).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let form = leila.page(&format!("/admin/entries/{id}")).await;
        let page = leila.page(&format!("/admin/entries/{id}/appearance")).await;
        for page in [&form, &page] {
            let shown = page.text_of("shown");
            assert_eq!(shown.len(), 2, "wide screen and phone");
            assert!(shown.iter().all(|shown| shown.contains("Tabriz in a day") && shown.contains(body)), "{shown:?}");
            assert!(shown[0].contains("site.test › articles › tabriz-in-a-day"), "{shown:?}");
            assert!(page.text_of("social")[0].contains("Tabriz in a day"));
        }
        let taken: Vec<String> = page.text_of("taken");
        assert!(taken[0].starts_with("The site's template"), "{taken:?}");
        assert!(taken[1].starts_with("The beginning of the text"), "{taken:?}");
        // The words of an editor come before every template, and what is too wide is cut.
        let long = "A title that says more than any page of results has room for on one single line";
        let action = format!("/admin/entries/{id}");
        leila.submit(&form, &action, &[("seo.title", long), ("seo.description", "Said by hand.")]).await;
        let page = leila.page(&format!("{action}/appearance")).await;
        let taken: Vec<String> = page.text_of("taken");
        assert!(taken.iter().all(|taken| taken.starts_with("This entry")), "{taken:?}");
        let shown = page.text_of("shown");
        assert!(shown[0].contains('…') && !shown[0].contains(long) && shown[0].contains("Said by hand."), "{shown:?}");
        assert!(has(&findings(&page), "The title is cut off in results."));
        // It is what the page itself says.
        let drawn = leila.page(&format!("{action}/preview")).await;
        assert_eq!((drawn.title(), drawn.meta("description")), (long, "Said by hand."));
    }

    async fn the_check_names_what_is_wrong_with_its_field(site: Site) {
        let gone = site.publish("article", content("Gone", json!({}))).await;
        let draft = site.draft("article", content("Not yet", json!({}))).await;
        let moved = site.publish("article", content("Moved", json!({}))).await;
        site.edit(moved, |content| content.slug = "elsewhere".into()).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let version = site.version(gone).await.to_string();
        assert_eq!(leila.post(&format!("/admin/entries/{gone}/trash"), &[("version", &version)]).await.status, 303);
        let body = format!(
            "[nothing](/nowhere) [gone](entry:{gone}) [draft](entry:{draft}) [](/articles)\n\n\
             ![](/media/00aa/p.webp)"
        );
        let cover = ImageRef::read(&json!({ "src": "/media/00ff/none.webp", "alt": "A map" })).unwrap();
        let id = site.draft("article", Content { body, cover: Some(cover), ..content("With faults", json!({})) }).await;
        let page = leila.page(&format!("/admin/entries/{id}")).await;
        let found = findings(&page);
        for (level, part) in [
            ("error", "A link leads to nothing. /nowhere"),
            ("error", "A link leads to what was taken off the site. entry:"),
            ("warning", "A link leads to what is not published. entry:"),
            ("error", "A picture does not say what it shows. /media/00aa/p.webp"),
            ("error", "A picture is not there. /media/00ff/none.webp"),
            ("warning", "A link has no words. /articles"),
            ("hint", "There are few words"),
            ("hint", "Structured data lacks what search engines recommend."),
            ("hint", "Nothing but a list leads here: /articles"),
        ] {
            assert!(found.iter().any(|found| found.starts_with(level) && found.contains(part)), "{level} {part}: {found:#?}");
        }
        assert!(found[0].starts_with("error") && found.last().unwrap().starts_with("hint"), "the worst first");
        // Each leads to a control that is there.
        for link in page.all("a").filter(|link| link.text.starts_with("Mend it:")) {
            let id = link.get("href").unwrap().trim_start_matches('#');
            assert!(page.0.iter().any(|element| element.get("id") == Some(id)), "no control has the id {id}");
        }
        // The old address of what has moved is a detour.
        site.edit(id, |content| content.body = "[moved](/articles/moved?x=1)".into()).await;
        let found = findings(&leila.page(&format!("/admin/entries/{id}")).await);
        assert!(has(&found, "A link takes a detour. /articles/moved?x=1 → /articles/elsewhere"), "{found:#?}");
        assert!(!has(&found, "A link leads to nothing"), "{found:#?}");
    }

    async fn two_pages_that_say_the_same_are_told_so(site: Site) {
        let says = |title: &str| Content { summary: "The very same words.".into(), ..content(title, json!({})) };
        site.publish("article", says("One")).await;
        let id = site.draft("article", says("Other")).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let found = findings(&leila.page(&format!("/admin/entries/{id}")).await);
        assert!(has(&found, "Another page describes itself with the same words. The very same words."), "{found:#?}");
        assert!(!has(&found, "Another page has the same title"), "{found:#?}");
        // Titles by hand are compared as well, once both pages were looked at.
        for title in ["Third", "Fourth"] {
            let page = leila.page("/admin/types/article/new").await;
            let typed = [("title", title), ("seo.title", "By hand"), ("then", "publish")];
            assert_eq!(leila.submit(&page, "/admin/types/article", &typed).await.status, 303);
        }
        site.app.clock.advance(2_000);
        worker::work_off(&site.app).await.unwrap();
        let (last,): (i64,) = site.app.db.one("SELECT MAX(id) FROM entries", vec![]).await.unwrap();
        let found = findings(&leila.page(&format!("/admin/entries/{last}")).await);
        assert!(has(&found, "Another page has the same title. By hand: /articles/third"), "{found:#?}");
    }

    async fn a_change_of_the_slug_shows_the_301s_it_will_make(site: Site) {
        let region = site.publish("region", content("Fars", json!({}))).await;
        let city = site.publish("city", content("Shiraz", json!({ "region": region }))).await;
        site.publish("place", content("Cafe", json!({ "city": city }))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let action = format!("/admin/entries/{city}");
        let page = leila.page(&action).await;
        leila.submit(&page, &action, &[("slug", "schiras")]).await;
        let page = leila.page(&format!("{action}/appearance")).await;
        let cells: Vec<&str> = page.all("td").map(|cell| cell.text.as_str()).collect();
        assert_eq!(cells, ["/fars/shiraz", "/fars/schiras", "/fars/shiraz/cafe", "/fars/schiras/cafe"]);
        assert_eq!(page.canonical(), None);
        assert!(page.text_of("shown")[0].contains("site.test › fars › schiras"), "the address it will have");
        assert_eq!(site.get("/fars/shiraz").await.status, 200, "nothing has moved yet");
        let version = site.version(city).await.to_string();
        assert_eq!(leila.post(&format!("{action}/publish"), &[("version", &version)]).await.status, 303);
        assert_eq!(site.get("/fars/shiraz/cafe").await.hop(), "301 https://site.test/fars/schiras/cafe");
        let page = leila.page(&format!("{action}/appearance")).await;
        assert_eq!(page.all("td").count(), 0);
    }

    async fn published_pages_with_faults_stand_on_the_overview(site: Site) {
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let mut author = site.signed_in("Anna", Role::Author).await;
        let page = leila.page("/admin/types/article/new").await;
        let typed = [("title", "Broken"), ("body", "[x](/nowhere)"), ("then", "publish")];
        let saved = leila.submit(&page, "/admin/types/article", &typed).await;
        assert_eq!(saved.status, 303);
        site.app.clock.advance(2_000);
        worker::work_off(&site.app).await.unwrap();
        let line = |page: &Html| page.all("a").find(|link| link.text == "Broken" && link.get("href").unwrap().ends_with("#appearance")).is_some();
        let board = leila.page("/admin").await;
        assert!(line(&board));
        assert!(board.all("small").any(|small| small.text == "1 errors, 0 warnings"), "{:?}", board.text_of("card"));
        assert!(!line(&author.page("/admin").await), "what is not theirs is not named");
        // Mended, it is gone from there.
        let at = saved.header("location").split('?').next().unwrap().to_owned();
        let page = leila.page(&at).await;
        leila.submit(&page, &at, &[("body", "Mended."), ("then", "publish")]).await;
        site.app.clock.advance(2_000);
        worker::work_off(&site.app).await.unwrap();
        assert!(!line(&leila.page("/admin").await));
    }

    async fn what_is_broken_is_not_published_where_that_is_set(site: Site) {
        let node = site.another(&[("stop_publishing", "link_missing")]).await;
        let user = site.user("Leila", Role::Editor).await;
        let mut leila = node.browser();
        leila.sign_in(&user.email, crate::support::office::PASSWORD).await;
        let page = leila.page("/admin/types/article/new").await;
        let typed = [("title", "Broken"), ("body", "[x](/nowhere)"), ("then", "publish")];
        let saved = leila.submit(&page, "/admin/types/article", &typed).await;
        let page = leila.follow(&saved).await;
        assert_eq!(page.text_of("notice"), ["Saved, but not published: the check names what has to be mended first."]);
        assert_eq!(page.text_of("stops"), ["stops publishing"]);
        assert_eq!(node.get("/articles/broken").await.status, 404);
        let at = saved.header("location").split('?').next().unwrap().to_owned();
        let fields = [("version", "1")];
        assert_eq!(leila.post(&format!("{at}/publish"), &fields).await.hop(), format!("303 {at}?done=stopped"));
        let fields = [("version", "1"), ("publish_at", "2099-01-01T09:00")];
        assert_eq!(leila.post(&format!("{at}/schedule"), &fields).await.hop(), format!("303 {at}?done=stopped"));
        let mended = leila.submit(&page, &at, &[("body", "Mended."), ("then", "publish")]).await;
        assert_eq!(mended.hop(), format!("303 {at}?done=published"));
        assert_eq!(node.get("/articles/broken").await.status, 200);
    }

    async fn a_publication_that_fails_loses_no_save(site: Site) {
        let node = site.another(&[("stop_publishing", "link_missing")]).await;
        let user = site.user("Leila", Role::Editor).await;
        let mut leila = node.browser();
        leila.sign_in(&user.email, crate::support::office::PASSWORD).await;
        let statement = match site.database.engine {
            Engine::Sqlite => "CREATE TRIGGER nothing_goes_live BEFORE UPDATE OF state ON entries BEGIN SELECT RAISE(ABORT, 'full'); END",
            Engine::Postgres => "ALTER TABLE entries ADD CONSTRAINT nothing_goes_live CHECK (state <> 'published') NOT VALID",
        };
        site.database.tamper(statement).await.unwrap();
        let page = leila.page("/admin/types/article/new").await;
        let typed = [("title", "Three hours of work"), ("body", "Words."), ("then", "publish")];
        let answer = leila.submit(&page, "/admin/types/article", &typed).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        let page = leila.follow(&answer).await;
        assert_eq!(page.text_of("notice"), ["Saved, but not published yet."]);
        let saved: Vec<(String,)> = site.app.db.all("SELECT state FROM entries", vec![]).await.unwrap();
        assert_eq!(saved, [("draft".to_owned(),)]);
    }

    async fn an_approval_is_stopped_by_the_same_faults(site: Site) {
        let node = site.another(&[("stop_publishing", "link_missing")]).await;
        let user = site.user("Leila", Role::Editor).await;
        let mut leila = node.browser();
        leila.sign_in(&user.email, crate::support::office::PASSWORD).await;
        let mut nika = site.signed_in("Nika", Role::Contributor).await;
        let page = nika.page("/admin/types/article/new").await;
        let typed = [("title", "Broken"), ("body", "[x](/nowhere)"), ("then", "review")];
        let asked = nika.submit(&page, "/admin/types/article", &typed).await;
        let at = asked.header("location").split('?').next().unwrap().to_owned();
        let page = leila.page(&at).await;
        let mut fields = page.fields_of(&format!("{at}/review/comment"));
        fields.retain(|(name, _)| name != "then");
        fields.push(("then".into(), "publish".into()));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let stopped = leila.post(&format!("{at}/review/approve"), &fields).await;
        assert_eq!(stopped.hop(), format!("303 {at}?done=stopped"));
        assert_eq!(node.get("/articles/broken").await.status, 404);
    }

    async fn a_link_to_what_one_may_not_see_names_it_by_its_address_alone(site: Site) {
        let secret = site.draft("article", content("Secret plans", json!({}))).await;
        let mut author = site.signed_in("Anna", Role::Author).await;
        let page = author.page("/admin/types/article/new").await;
        let body = format!("[x](entry:{secret})");
        let saved = author.submit(&page, "/admin/types/article", &[("title", "Mine"), ("body", &body)]).await;
        let page = author.follow(&saved).await;
        assert!(has(&findings(&page), "A link leads to what is not published."), "{:#?}", findings(&page));
        assert!(page.0.iter().all(|element| !element.text.contains("Secret plans")));
    }

    async fn a_draft_that_is_not_ones_own_is_not_shown(site: Site) {
        let id = site.draft("article", content("Somebody's", json!({}))).await;
        let mut author = site.signed_in("Anna", Role::Author).await;
        assert_eq!(author.get(&format!("/admin/entries/{id}/appearance")).await.status, 404);
    }
}
