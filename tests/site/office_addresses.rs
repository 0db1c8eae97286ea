//! Addresses in the back office: what leads nowhere, redirects, rules, and trying them out.

use atlas::actions::not_found;
use atlas::actions::tally::write_down;
use atlas::clock::Time;
use atlas::entry::Role;
use atlas::store::Ask;
use atlas::store::not_found::{MOST, Visits};
use atlas::text::Path;
use serde_json::json;

use crate::on_both;
use crate::support::client::Answer;
use crate::support::html::Html;
use crate::support::web::{Node, Site, content};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const GOOGLE: &str = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

/// A person's visit.
async fn visit(node: &Node, target: &str, referrer: Option<&str>) -> Answer {
    let mut headers = vec![("user-agent", FIREFOX)];
    headers.extend(referrer.map(|referrer| ("referer", referrer)));
    node.ask("GET", target, &headers).await
}

/// The addresses of the list, with their visits.
fn misses(page: &Html) -> Vec<String> {
    let visits = page.all("b").map(|visits| visits.text.clone());
    page.all("h2").zip(visits).map(|(path, visits)| format!("{} {visits}", path.text)).collect()
}

/// The form of the first address of the list.
fn form_of(page: &Html) -> String {
    let form =
        page.all("form").find_map(|form| form.get("action").filter(|to| to.starts_with("/admin/not-found/")));
    form.expect("there is an address").to_owned()
}

on_both! {
    async fn what_people_miss_is_counted_and_led_on(site: Site) {
        site.publish("article", content("Gardens at four", json!({}))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let none = leila.page("/admin/not-found").await;
        assert_eq!(none.text_of("empty"), ["Nobody asked for anything that is not there."]);
        // Made, from memory by the short lane and by the long one, in other spellings.
        assert_eq!(visit(&site, "/old/gardens-at-four", Some("https://other.example/private?q=1")).await.status, 404);
        assert_eq!(visit(&site, "/old/gardens-at-four", None).await.status, 404);
        let mut client = site.client().await;
        let long = [("user-agent", FIREFOX), ("referer", "https://site.test/articles?page=2"), ("expect", "nothing")];
        assert!(matches!(client.ask("GET", b"/old/gardens-at-four", &long).await.unwrap().status, 404 | 417));
        assert_eq!(visit(&site, "/Old/Gardens-at-Four/?utm_source=x", Some("https://site.test/articles?page=2")).await.status, 404);
        // Of these nobody is told.
        for (target, agent) in [("/old/gardens-at-four", GOOGLE), ("/wp-login.php", FIREFOX), ("/articles?page=99", FIREFOX)] {
            assert_eq!(site.ask("GET", target, &[("user-agent", agent)]).await.status, 404, "{target}");
        }
        site.ask("HEAD", "/old/gardens-at-four", &[("user-agent", FIREFOX)]).await;
        write_down(&site.app).await.unwrap();
        let board = leila.page("/admin").await;
        assert_eq!(board.text_of("warning"), ["Addresses that lead nowhere and were asked for more than once: 1."]);
        let page = leila.page("/admin/not-found").await;
        let found = misses(&page);
        assert!(["/Old/Gardens-at-Four 3", "/Old/Gardens-at-Four 4"].contains(&found[0].as_str()), "{found:?}");
        assert_eq!(found.len(), 1);
        assert!(page.all("a").any(|link| link.get("href") == Some("/articles") && link.text == "/articles"));
        // The best match stands in the field.
        let form = form_of(&page);
        assert!(page.fields_of(&form).contains(&("to".into(), "/articles/gardens-at-four".into())));
        let wrong = leila.submit(&page, &form, &[("to", "/nothing-there"), ("then", "lead")]).await;
        assert_eq!(wrong.status, 422);
        let wrong = Html::parse(wrong.text());
        assert_eq!(wrong.text_of("error"), ["Nothing answers at /nothing-there."]);
        assert!(wrong.fields_of(&form).contains(&("to".into(), "/nothing-there".into())));
        let empty = leila.submit(&page, &form, &[("to", ""), ("then", "lead")]).await;
        assert_eq!(empty.status, 422);
        let done = leila.submit(&page, &form, &[("then", "lead")]).await;
        let after = leila.follow(&done).await;
        assert_eq!(after.text_of("notice"), ["It leads there now."]);
        assert_eq!(misses(&after), [""; 0]);
        assert_eq!(site.get("/old/gardens-at-four").await.hop(), "301 https://site.test/articles/gardens-at-four");
        assert_eq!(leila.page("/admin").await.text_of("warning"), [""; 0]);
    }

    async fn a_miss_is_gone_ignored_or_watched_again(site: Site) {
        for (path, times) in [("/first", 3), ("/second", 2), ("/third", 1)] {
            for _ in 0..times {
                visit(&site, path, None).await;
            }
        }
        write_down(&site.app).await.unwrap();
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let page = leila.page("/admin/not-found").await;
        assert_eq!(misses(&page), ["/first 3", "/second 2", "/third 1"]);
        let gone = leila.submit(&page, &form_of(&page), &[("then", "gone")]).await;
        let page = leila.follow(&gone).await;
        assert_eq!(page.text_of("notice"), ["It says now that it is gone."]);
        assert_eq!(site.get("/first").await.status, 410);
        let second = form_of(&page);
        let ignored = leila.submit(&page, &second, &[("then", "ignore")]).await;
        assert_eq!(misses(&leila.follow(&ignored).await), ["/third 1"]);
        let set_aside = leila.page("/admin/not-found?show=ignored").await;
        assert_eq!(misses(&set_aside), ["/second 2"]);
        // Ignored, it is counted on.
        visit(&site, "/second", None).await;
        write_down(&site.app).await.unwrap();
        let watched = leila.submit(&set_aside, &second, &[("then", "watch")]).await;
        assert_eq!(misses(&leila.follow(&watched).await), ["/second 3", "/third 1"]);
        assert_eq!(misses(&leila.page("/admin/not-found?q=THIRD").await), ["/third 1"]);
        let nothing = leila.page("/admin/not-found?q=fourth").await;
        assert_eq!(nothing.text_of("empty"), ["Nothing fits. Search for less, or choose another state."]);
        assert_eq!(leila.post("/admin/not-found/99", &[("then", "gone")]).await.status, 404);
    }

    async fn what_answers_by_now_is_forgotten(site: Site) {
        for path in ["/articles/later", "/by-rule/x", "/lost"] {
            visit(&site, path, None).await;
        }
        write_down(&site.app).await.unwrap();
        site.publish("article", content("Later", json!({}))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let names = |page: &Html| -> Vec<String> { page.all("h2").map(|name| name.text.clone()).collect() };
        assert_eq!(names(&leila.page("/admin/not-found").await), ["/lost", "/by-rule/x"]);
        // What a rule leads nowhere is still missed.
        let rule = [("kind", "prefix"), ("from", "/by-rule"), ("to", "/articles/later"), ("status", "301")];
        assert_eq!(leila.post("/admin/redirects", &rule).await.status, 303);
        assert_eq!(names(&leila.page("/admin/not-found").await), ["/lost", "/by-rule/x"]);
        leila.post("/admin/redirects/remove", &[("kind", "prefix"), ("from", "/by-rule")]).await;
        let rule = [("kind", "regex"), ("from", "/by-rule/.*"), ("to", "/articles/later"), ("status", "301")];
        assert_eq!(leila.post("/admin/redirects", &rule).await.status, 303);
        assert_eq!(names(&leila.page("/admin/not-found").await), ["/lost"]);
        let answered = not_found::answered(&site.app).await.unwrap();
        let tx = site.app.db.begin().await.unwrap();
        let quarter = 91 * 24 * 3_600_000;
        not_found::forget(&tx, &answered, site.app.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        let left = async || site.app.db.one::<(i64,)>("SELECT COUNT(*) FROM not_found", vec![]).await.unwrap().0;
        assert_eq!(left().await, 1);
        let tx = site.app.db.begin().await.unwrap();
        not_found::forget(&tx, &[], Time(site.app.clock.now().0 + quarter)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(left().await, 0);
    }

    async fn a_flood_leaves_no_more_rows_than_there_is_room(site: Site) {
        let now = site.app.clock.now();
        let tx = site.app.db.begin().await.unwrap();
        let count = async |path: &str, visits, at| {
            let path = Path::parse(path).unwrap();
            let new = Visits { path: &path, visits, first_at: at, last_at: at, referrer: None };
            atlas::store::not_found::count(&tx, &new).await.unwrap();
        };
        count("/wanted", 5, Time(now.0 - 1)).await;
        for number in 0..MOST + 20 {
            count(&format!("/random-{number}"), 1, Time(now.0 + number)).await;
        }
        assert_eq!(atlas::store::not_found::trim(&tx).await.unwrap(), 21);
        tx.commit().await.unwrap();
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        // Page by page, each once.
        let (mut at, mut seen) = ("/admin/not-found".to_owned(), Vec::new());
        for _ in 0..3 {
            let page = leila.page(&at).await;
            seen.extend(misses(&page));
            at = page.all("a").find(|link| link.get("rel") == Some("next")).unwrap().get("href").unwrap().to_owned();
        }
        assert_eq!((seen.len(), seen[0].as_str()), (60, "/wanted 5"));
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 60);
        let kept: Vec<(String,)> = site.app.db.all(
            "SELECT path FROM not_found WHERE path IN ('/random-20', '/random-21')",
            vec![],
        ).await.unwrap();
        assert_eq!(kept, [("/random-21".to_owned(),)], "the oldest went");
    }

    async fn redirects_are_listed_page_by_page_with_their_visits(site: Site) {
        site.publish("article", content("Target", json!({}))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let rows: Vec<String> = (0..60).map(|number| format!("exact,/old-{number:02},/articles/target,301")).collect();
        let table = format!("kind,from,to,status\n{}\nregex,/was/(.*),/articles/$1,301\n", rows.join("\n"));
        let tried = leila.post("/admin/redirects/import", &[("table", &table), ("then", "try")]).await;
        let tried = Html::parse(tried.text());
        assert!(tried.all("h2").any(|title| title.text == "What would happen"));
        assert_eq!(site.get("/old-07").await.status, 404);
        let done = leila.submit(&tried, "/admin/redirects/import", &[("then", "import")]).await;
        assert_eq!(done.status, 200);
        let done = Html::parse(done.text());
        assert!(done.all("li").any(|count| count.text == "61 new or changed"));
        for _ in 0..2 {
            assert_eq!(visit(&site, "/OLD-07", None).await.status, 301);
        }
        assert_eq!(visit(&site, "/was/target", None).await.status, 301);
        // Another spelling of a page is no redirect of anybody's.
        assert_eq!(visit(&site, "/Articles/Target", None).await.status, 301);
        write_down(&site.app).await.unwrap();
        let first = leila.page("/admin/redirects").await;
        let cells = |page: &Html| -> Vec<String> { page.all("td").map(|cell| cell.text.clone()).collect() };
        assert!(cells(&first).iter().any(|cell| cell.starts_with("2last 2026-11-22")), "{:?}", cells(&first));
        assert!(cells(&first).iter().any(|cell| cell.starts_with("1last 2026-11-22")));
        let next = first.all("a").find(|link| link.get("rel") == Some("next")).unwrap();
        let second = leila.page(next.get("href").unwrap()).await;
        let names: Vec<&str> = second.all("th").filter(|cell| cell.text.starts_with("/old-")).map(|cell| cell.text.as_str()).collect();
        assert_eq!((names.len(), names[0]), (10, "/old-50"));
        let exported = leila.get("/admin/redirects/table").await;
        assert_eq!(exported.header("content-disposition"), "attachment; filename=\"redirects.csv\"");
        let mut expected = table.clone();
        expected.retain(|letter| letter != '\r');
        assert_eq!(exported.text(), expected);
        let (visits,): (i64,) = site.app.db.one("SELECT COUNT(*) FROM redirect_visits", vec![]).await.unwrap();
        assert_eq!(visits, 2);
        leila.post("/admin/redirects/remove", &[("kind", "exact"), ("from", "/old-07")]).await;
        leila.post("/admin/redirects/remove", &[("kind", "regex"), ("from", "/was/(.*)")]).await;
        let (visits,): (i64,) = site.app.db.one("SELECT COUNT(*) FROM redirect_visits", vec![]).await.unwrap();
        assert_eq!(visits, 0);
    }

    async fn a_table_is_judged_line_by_line(site: Site) {
        site.publish("article", content("Target", json!({}))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let table = "from,to\n/a,/articles/target\n/b,/nowhere\n/c,//evil.example\n/d,/a\n";
        let tried = leila.post("/admin/redirects/import", &[("table", table), ("then", "try")]).await;
        let page = Html::parse(tried.text());
        let lines: Vec<String> = page.all("tbody").next().unwrap().text.split('\n').map(str::to_owned).collect();
        let said = lines.join(" ");
        assert!(said.contains("3") && said.contains("nothing answers at /nowhere"), "{said}");
        assert!(said.contains("/a leads on to /articles/target; /d now leads there at once"), "{said}");
        assert!(page.fields_of("/admin/redirects/import").contains(&("table".into(), table.into())));
        for (table, wanted) in [
            ("from,target\n/a,/b\n".to_owned(), "There is no column `target`; the columns are kind, from, to, status."),
            ("to\n/a\n".to_owned(), "The column `from` is missing."),
            (format!("from,to\n{}", "/a,/b\n".repeat(5_001)), "Has more than 5000 rows; longer ones are for `atlas redirects import`."),
        ] {
            let refused = leila.post("/admin/redirects/import", &[("table", &table), ("then", "import")]).await;
            assert_eq!(refused.status, 422);
            let refused = Html::parse(refused.text());
            assert!(refused.all("li").any(|problem| problem.text == wanted), "{wanted}");
            assert!(refused.fields_of("/admin/redirects/import").contains(&("table".into(), table)));
        }
    }

    async fn a_redirect_is_changed_into_another(site: Site) {
        for title in ["One", "Two"] {
            site.publish("article", content(title, json!({}))).await;
        }
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        leila.post("/admin/redirects", &[("kind", "exact"), ("from", "/قدیم"), ("to", "/articles/one"), ("status", "302")]).await;
        let list = leila.page("/admin/redirects").await;
        let edit = list.all("a").find(|link| link.text == "Change").unwrap().get("href").unwrap().to_owned();
        let page = leila.page(&edit).await;
        let fields = page.fields_of("/admin/redirects/edit");
        for (name, value) in [("from", "/قدیم"), ("to", "/articles/one"), ("status", "302"), ("kind", "exact")] {
            assert!(fields.contains(&(name.into(), value.into())), "{fields:?}");
        }
        let wrong = leila.submit(&page, "/admin/redirects/edit", &[("to", "/nowhere")]).await;
        assert_eq!(wrong.status, 422);
        assert!(Html::parse(wrong.text()).fields_of("/admin/redirects/edit").contains(&("to".into(), "/nowhere".into())));
        assert_eq!(site.get("/%D9%82%D8%AF%DB%8C%D9%85").await.hop(), "302 https://site.test/articles/one", "nothing has changed");
        let done = leila.submit(&page, "/admin/redirects/edit", &[("from", "/other"), ("to", "/articles/two"), ("status", "301")]).await;
        assert_eq!(leila.follow(&done).await.text_of("notice"), ["The redirect is changed."]);
        assert_eq!(site.get("/other").await.hop(), "301 https://site.test/articles/two");
        assert_eq!(site.get("/%D9%82%D8%AF%DB%8C%D9%85").await.status, 404);
        let done = leila.post(
            "/admin/redirects/edit",
            &[("of_kind", "exact"), ("of", "/other"), ("kind", "regex"), ("from", "/oth.*"), ("to", "/articles/one"), ("status", "301")],
        ).await;
        assert_eq!(done.status, 303);
        assert_eq!(site.get("/otherwise").await.hop(), "301 https://site.test/articles/one");
        assert_eq!(leila.get("/admin/redirects/edit?kind=exact&from=/other").await.status, 404);
    }

    async fn an_address_is_tried_out(site: Site) {
        let id = site.publish("article", content("Target", json!({}))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        leila.post("/admin/redirects", &[("kind", "exact"), ("from", "/old"), ("to", "/articles/target"), ("status", "301")]).await;
        let mut said = async |url: &str| {
            let page = leila.page(&format!("/admin/redirects/try?url={url}")).await;
            page.all("dd").map(|part| part.text.clone()).collect::<Vec<_>>()
        };
        assert_eq!(said("/old").await[..3], ["301, moved for good", "Redirect to an entry.", "https://site.test/articles/target"]);
        let page = said("https://site.test/articles/target").await;
        assert_eq!(page[..2], ["200, a page", "The canonical path of an entry."]);
        assert_eq!(page[2], "Target (published)");
        assert_eq!(said("/nowhere").await[..2], ["404, nothing is there", "Nothing was ever here."]);
        assert_eq!(said("/robots.txt").await[0], "200, a page");
        let mut leila = site.signed_in("Other", Role::Editor).await;
        assert_eq!(leila.get("/admin/redirects/try?url=nonsense").await.status, 422);
        assert!(leila.page("/admin/redirects/try?url=/articles/target").await.all("a").any(|link| link.get("href") == Some(&format!("/admin/entries/{id}"))));
    }
}
