//! Lists of the back office: finding, narrowing, ordering, and doing the same to many.

use atlas::entry::{Content, Role, State};
use atlas::jobs::worker;
use atlas::store::{Ask, entries};
use serde_json::json;

use crate::on_both;
use crate::support::html::Html;
use crate::support::office::Browser;
use crate::support::web::{Node, Site, content};

/// The titles of a list, in order.
fn titles(page: &Html) -> Vec<String> {
    let cells = page.all("th").filter(|cell| cell.get("scope") == Some("row"));
    let link = |cell: &crate::support::html::Element| {
        let at = page.0.iter().position(|element| std::ptr::eq(element, cell)).unwrap();
        page.all("a").find(|link| link.parent == Some(at)).unwrap().text.clone()
    };
    cells.map(link).collect()
}

async fn listed(browser: &mut Browser<'_>, target: &str) -> Vec<String> {
    titles(&browser.page(target).await)
}

async fn state(node: &Node, id: i64) -> State {
    entries::find(&node.app.db, id).await.unwrap().unwrap().state()
}

async fn ticks(node: &Node, ids: &[i64]) -> Vec<String> {
    let mut ticks = Vec::new();
    for id in ids {
        ticks.push(format!("{id}.{}", node.version(*id).await));
    }
    ticks
}

/// Sends a list's form with these ticks.
async fn bulk(
    browser: &mut Browser<'_>,
    kind: &str,
    ticks: &[String],
    more: &[(&str, &str)],
) -> crate::support::client::Answer {
    let mut fields: Vec<(&str, &str)> = ticks.iter().map(|tick| ("entry", tick.as_str())).collect();
    fields.extend(more);
    browser.post(&format!("/admin/types/{kind}/bulk"), &fields).await
}

on_both! {
    async fn titles_are_found_by_the_beginnings_of_their_words(site: Site) {
        for title in ["Blue doors of Isfahan", "Bread at dawn", "A blue tile", "Café Chenar", "قهوهٔ اصفهان"] {
            site.publish("article", content(title, json!({}))).await;
        }
        let hidden = site.draft("article", content("Blue, and not ready", json!({}))).await;
        site.publish("page", content("Blue page", json!({}))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let find = |words: &str| format!("/admin/types/article?q={words}");
        assert_eq!(listed(&mut leila, &find("blu")).await, ["Blue, and not ready", "A blue tile", "Blue doors of Isfahan"]);
        assert_eq!(listed(&mut leila, &find("blue+isf")).await, ["Blue doors of Isfahan"]);
        assert_eq!(listed(&mut leila, &find("lue")).await, [""; 0], "the beginning of a word");
        assert_eq!(listed(&mut leila, &find("%D8%A7%D8%B5%D9%81%D9%87%D8%A7%D9%86")).await, ["قهوهٔ اصفهان"]);
        assert_eq!(listed(&mut leila, &find("CHENAR")).await, ["Café Chenar"]);
        assert_eq!(listed(&mut leila, &find("%22%27%29+OR+%28*")).await, [""; 0], "no language of the database gets in");
        assert_eq!(listed(&mut leila, "/admin/types/article?q=blue&state=draft").await, ["Blue, and not ready"]);
        // A title that changes is found by its new words alone.
        let page = leila.page(&format!("/admin/entries/{hidden}")).await;
        leila.submit(&page, &format!("/admin/entries/{hidden}"), &[("title", "Green now")]).await;
        assert_eq!(listed(&mut leila, &find("green")).await, ["Green now"]);
        assert_eq!(listed(&mut leila, "/admin/types/article?q=blue&state=draft").await, [""; 0]);
        // An author finds their own alone.
        let mut author = site.signed_in("Anna", Role::Author).await;
        assert_eq!(listed(&mut author, &find("blue")).await, [""; 0]);
        let page = author.page("/admin/types/article/new").await;
        author.submit(&page, "/admin/types/article", &[("title", "Blue by Anna")]).await;
        assert_eq!(listed(&mut author, &find("blue")).await, ["Blue by Anna"]);
    }

    async fn a_list_is_narrowed_ordered_and_paged(site: Site) {
        let fars = site.publish("region", content("Fars", json!({}))).await;
        let yazd = site.publish("region", content("Yazd", json!({}))).await;
        for at in 0..60 {
            let region = if at % 2 == 0 { fars } else { yazd };
            let fields = json!({ "region": region, "population": 1000 + at });
            site.publish("city", content(&format!("City {:02}", 59 - at), fields)).await;
        }
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        for (query, first, last) in [
            ("", "City 00", "City 59"),
            ("sort=title&", "City 00", "City 59"),
            ("sort=population&", "City 00", "City 59"),
        ] {
            let page = leila.page(&format!("/admin/types/city?{query}")).await;
            let mut all = titles(&page);
            assert_eq!((all.len(), all[0].as_str()), (50, first), "{query}");
            let next = page.all("a").find(|link| link.get("rel") == Some("next")).unwrap().get("href").unwrap().to_owned();
            all.extend(listed(&mut leila, &next).await);
            assert_eq!((all.len(), all[59].as_str()), (60, last), "{query}: no entry twice, none left out");
        }
        let page = leila.page(&format!("/admin/types/city?f.region=Fars+%23{fars}&col=population&col=region")).await;
        assert_eq!(titles(&page).len(), 30);
        let cells: Vec<&str> = page.all("td").map(|cell| cell.text.trim()).collect();
        assert!(cells.contains(&"1058") && cells.contains(&format!("Fars #{fars}").as_str()), "{cells:?}");
        assert_eq!(listed(&mut leila, &format!("/admin/types/city?f.region=%23{yazd}&q=city+58")).await, ["City 58"]);
        let wrong = leila.get("/admin/types/city?f.region=Fars").await;
        assert_eq!(wrong.status, 422);
        let page = Html::parse(wrong.text());
        assert_eq!(page.text_of("error"), ["“Fars” names no entry by its number, such as Tehran #42; choose one of the list."]);
        assert_eq!(titles(&page), [""; 0], "nothing is taken for everything");
        assert!(page.all("input").any(|input| input.get("value") == Some("Fars")), "what was typed is kept");
    }

    async fn what_is_ticked_is_done_one_by_one_with_a_report(site: Site) {
        let draft = site.draft("article", content("Draft", json!({}))).await;
        let live = site.publish("article", content("Live", json!({}))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let nothing = bulk(&mut leila, "article", &[], &[("do", "publish")]).await;
        assert_eq!(nothing.status, 422);
        let ticked = ticks(&site, &[draft, live]).await;
        assert_eq!(bulk(&mut leila, "article", &ticked, &[("do", "")]).await.status, 422);
        let answer = bulk(&mut leila, "article", &ticked, &[("do", "publish")]).await;
        let report = leila.follow(&answer).await;
        assert_eq!(report.one("h1").text, "Publish");
        assert!(report.0.iter().any(|element| element.text == "1 of 2 done, 1 not done."));
        assert_eq!(titles(&report), ["Live", "Draft"], "what was not done comes first");
        assert!(report.all("td").any(|cell| cell.text.contains("It is published already.")));
        assert_eq!(site.get("/articles/draft").await.status, 200);
        // A version that is not the newest any more.
        site.edit(draft, |content| content.title = "Changed".into()).await;
        let answer = bulk(&mut leila, "article", &ticked[..1], &[("do", "trash")]).await;
        let report = leila.follow(&answer).await;
        assert!(report.all("td").any(|cell| cell.text.contains("saved by somebody else in the meantime")), "{:?}", report.text_of("rows"));
        assert_eq!(state(&site, draft).await, State::Published);
        // Into the trash, and out of it again.
        let ticked = ticks(&site, &[draft, live]).await;
        let answer = bulk(&mut leila, "article", &ticked, &[("do", "trash")]).await;
        let at = answer.header("location").to_owned();
        leila.follow(&answer).await;
        assert_eq!((state(&site, draft).await, state(&site, live).await), (State::Trashed, State::Trashed));
        assert_eq!(site.get("/articles/live").await.status, 410);
        let answer = leila.post(&format!("{at}/undo"), &[]).await;
        let report = leila.follow(&answer).await;
        assert!(report.0.iter().any(|element| element.text == "2 of 2 done, 0 not done."));
        assert_eq!((state(&site, draft).await, state(&site, live).await), (State::Draft, State::Draft));
        // A run is nobody else's.
        let mut boris = site.signed_in("Boris", Role::Owner).await;
        assert_eq!(boris.get(&at).await.status, 404);
        assert_eq!(boris.post(&format!("{at}/undo"), &[]).await.status, 404);
    }

    async fn a_field_is_set_and_a_tag_added(site: Site) {
        let fars = site.publish("region", content("Fars", json!({}))).await;
        let yazd = site.publish("region", content("Yazd", json!({}))).await;
        let city = site.publish("city", content("Shiraz", json!({ "region": fars }))).await;
        let other = site.publish("city", content("Marvdasht", json!({ "region": fars }))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let ticked = ticks(&site, &[city, other]).await;
        let asked = bulk(&mut leila, "city", &ticked, &[("do", "set.region")]).await;
        assert_eq!(asked.status, 200);
        let page = Html::parse(asked.text());
        assert_eq!(page.one("h1").text, "Set: Region");
        let fields = page.fields_of("/admin/types/city/bulk");
        let send = |value: &str| {
            let mut fields = fields.clone();
            fields.retain(|(name, _)| name != "field.region");
            fields.push(("field.region".into(), value.into()));
            fields
        };
        let wrong = send("Yazd");
        let wrong: Vec<(&str, &str)> = wrong.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let refused = leila.post("/admin/types/city/bulk", &wrong).await;
        assert_eq!(refused.status, 422);
        assert!(Html::parse(refused.text()).fields_of("/admin/types/city/bulk").contains(&("field.region".into(), "Yazd".into())));
        let right = send(&format!("Yazd #{yazd}"));
        let right: Vec<(&str, &str)> = right.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = leila.post("/admin/types/city/bulk", &right).await;
        leila.follow(&answer).await;
        assert_eq!(site.get("/fars/shiraz").await.hop(), "301 https://site.test/yazd/shiraz");
        assert_eq!(site.get("/yazd/marvdasht").await.status, 200);
        // One tag more, for those that have others already.
        let tag = site.publish("tag", content("Bread", json!({}))).await;
        let second = site.publish("tag", content("Tea", json!({}))).await;
        let article = site.publish("article", content("Four breads", json!({ "tags": [tag] }))).await;
        let mut fields: Vec<(&str, &str)> = vec![("do", "add.tags"), ("sure", "true")];
        let value = format!("Tea #{second}");
        fields.push(("field.tags", &value));
        let ticked = ticks(&site, &[article]).await;
        let answer = bulk(&mut leila, "article", &ticked, &fields).await;
        leila.follow(&answer).await;
        let tags = entries::live(&site.app.db, article).await.unwrap().unwrap().content.fields["tags"].clone();
        assert_eq!(tags, json!([tag, second]));
        // What waits unpublished stays so: nothing goes live by the way.
        site.edit(article, |_| ()).await;
        let page = leila.page(&format!("/admin/entries/{article}")).await;
        leila.submit(&page, &format!("/admin/entries/{article}"), &[("title", "Not for readers yet")]).await;
        let third = site.publish("tag", content("Salt", json!({}))).await;
        let value = format!("#{third}");
        let ticked = ticks(&site, &[article]).await;
        let answer = bulk(&mut leila, "article", &ticked, &[("do", "add.tags"), ("sure", "true"), ("field.tags", &value)]).await;
        leila.follow(&answer).await;
        let live = entries::live(&site.app.db, article).await.unwrap().unwrap().content;
        assert_eq!((live.title.as_str(), live.fields["tags"].as_array().unwrap().len()), ("Four breads", 2));
        let draft = entries::draft(&site.app.db, article).await.unwrap().content;
        assert_eq!((draft.title.as_str(), draft.fields["tags"].as_array().unwrap().len()), ("Not for readers yet", 3));
    }

    async fn all_that_match_are_done_by_a_job(site: Site) {
        for at in 0..130 {
            site.draft("article", content(&format!("Blue {at}"), json!({}))).await;
        }
        let other = site.draft("article", content("Green", json!({}))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let fields = [("query", "q=blue"), ("all", "true"), ("do", "publish")];
        let asked = leila.post("/admin/types/article/bulk", &fields).await;
        assert_eq!(asked.status, 200, "a whole list is asked about once more");
        let page = Html::parse(asked.text());
        assert!(page.0.iter().any(|element| element.text == "Entries this is done to: 130"));
        let answer = leila.submit(&page, "/admin/types/article/bulk", &[]).await;
        let at = answer.header("location").to_owned();
        let page = leila.follow(&answer).await;
        assert!(page.0.iter().any(|element| element.text == "0 of 130 done, 0 not done."));
        assert_eq!(page.all("progress").count(), 1);
        worker::work_off(&site.app).await.unwrap();
        let page = leila.page(&at).await;
        assert!(page.0.iter().any(|element| element.text == "130 of 130 done, 0 not done."));
        assert_eq!(page.all("progress").count(), 0);
        let (live,): (i64,) = site.app.db.one("SELECT COUNT(*) FROM entries WHERE state = 'published'", vec![]).await.unwrap();
        assert_eq!(live, 130);
        assert_eq!(state(&site, other).await, State::Draft);
    }

    async fn all_of_a_list_is_the_list_that_was_seen(site: Site) {
        let id = site.draft("article", content("Blue", json!({}))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        for (query, named) in [("q=blue&f.categories=nothing", "categories"), ("q=blue&state=odd", "state"), ("sort=reading_time", "sort")] {
            let fields = [("query", query), ("all", "true"), ("do", "trash"), ("sure", "true")];
            let answer = leila.post("/admin/types/article/bulk", &fields).await;
            assert_eq!(answer.status, 422, "{query}: {named}: {}", answer.hop());
        }
        assert_eq!(state(&site, id).await, State::Draft);
    }

    async fn a_large_run_is_taken_back_as_a_whole(site: Site) {
        for at in 0..130 {
            site.draft("article", content(&format!("Blue {at}"), json!({}))).await;
        }
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let fields = [("query", "q=blue"), ("all", "true"), ("do", "trash"), ("sure", "true")];
        let answer = leila.post("/admin/types/article/bulk", &fields).await;
        let at = answer.header("location").to_owned();
        worker::work_off(&site.app).await.unwrap();
        let count = async |state: &str| {
            let states: Vec<(String,)> = site.app.db.all("SELECT state FROM entries", vec![]).await.unwrap();
            states.iter().filter(|(found,)| found == state).count()
        };
        assert_eq!(count("trashed").await, 130);
        let back = leila.post(&format!("{at}/undo"), &[]).await;
        assert_eq!(back.status, 303);
        worker::work_off(&site.app).await.unwrap();
        let page = leila.follow(&back).await;
        assert!(page.0.iter().any(|element| element.text == "130 of 130 done, 0 not done."));
        assert_eq!((count("trashed").await, count("draft").await), (0, 130));
        // What was taken back is not in the trash any more.
        let again = leila.post(&format!("{at}/undo"), &[]).await;
        let page = leila.follow(&again).await;
        worker::work_off(&site.app).await.unwrap();
        assert!(page.all("h1").count() == 1);
        assert_eq!(count("draft").await, 130);
    }

    async fn a_run_ends_with_the_role_of_who_began_it(site: Site) {
        let foreign = site.draft("article", content("Somebody else's", json!({}))).await;
        let mut author = site.signed_in("Anna", Role::Author).await;
        let mut contributor = site.signed_in("Cyrus", Role::Contributor).await;
        let ticked = ticks(&site, &[foreign]).await;
        assert_eq!(bulk(&mut author, "article", &ticked, &[("do", "trash")]).await.status, 422, "it is as if it were not there");
        assert_eq!(bulk(&mut contributor, "article", &ticked, &[("do", "publish")]).await.status, 422, "it is nothing they may choose");
        let asked = author.post("/admin/types/article/bulk", &[("all", "true"), ("do", "trash"), ("sure", "true")]).await;
        assert_eq!(asked.status, 422, "nothing of theirs is in the list");
        assert_eq!(state(&site, foreign).await, State::Draft);
    }

    async fn a_list_is_kept_under_a_name(site: Site) {
        site.draft("article", Content { ..content("Blue", json!({})) }).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let kept = leila.post("/admin/types/article/views", &[("name", "Blue drafts"), ("query", "q=blue&state=draft&evil=1")]).await;
        let page = leila.follow(&kept).await;
        assert_eq!(page.text_of("notice"), ["The list is kept. Its link stands above."]);
        let link = page.all("a").find(|link| link.text == "Blue drafts").unwrap().get("href").unwrap().to_owned();
        assert_eq!(leila.get(&link).await.hop(), "303 /admin/types/article?q=blue&state=draft");
        assert_eq!(leila.post("/admin/types/article/views", &[("name", " "), ("query", "")]).await.status, 422);
        let mut boris = site.signed_in("Boris", Role::Owner).await;
        assert_eq!(boris.get(&link).await.status, 404, "it is nobody else's");
        assert_eq!(boris.post(&format!("{link}/forget"), &[]).await.status, 404);
        let gone = leila.post(&format!("{link}/forget"), &[]).await;
        assert!(leila.follow(&gone).await.all("a").all(|link| link.text != "Blue drafts"));
        assert_eq!(leila.get(&link).await.status, 404);
    }
}
