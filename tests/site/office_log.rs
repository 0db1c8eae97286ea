//! The log in the back office: narrowed, turned, written out, and whether it is whole.

use atlas::actions::Change;
use atlas::entry::{Actor, Role};
use atlas::jobs::worker::work_off;
use atlas::store::Ask;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::database::Engine;
use crate::support::html::Html;
use crate::support::web::{Site, content};

async fn note(site: &Site, actor: &Actor, lines: i64) {
    let change = Change::begin(&site.app, actor).await.unwrap();
    for number in 0..lines {
        change.audit("save_draft", Some(number), &json!({ "number": number }));
    }
    change.commit().await.unwrap();
}

/// What the rows of the log say, the latest first.
fn said(page: &Html) -> Vec<String> {
    let cells: Vec<&str> = page.all("td").map(|cell| cell.text.trim()).collect();
    cells.chunks(3).map(|row| row[0].split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

on_both! {
    async fn the_log_is_narrowed_and_what_is_wrong_stays_typed(site: Site) {
        let mut leila = site.signed_in("Leila", Role::Owner).await;
        let id = site.publish("article", content("Rain", json!({}))).await;
        site.app.clock.advance(24 * 3_600_000);
        let version = site.version(id).await.to_string();
        leila.sign_in("leila@example.org", crate::support::office::PASSWORD).await;
        leila.post(&format!("/admin/entries/{id}/trash"), &[("version", &version)]).await;
        for (keys, expected) in [
            ("what=trash", &["Leila moved to the trash Rain"][..]),
            ("person=user:1&what=sign_in", &["Leila signed in", "Leila signed in"]),
            ("person=operator&what=publish", &["the command line published Rain"]),
            (&format!("entry=%23{id}&what=publish"), &["the command line published Rain"]),
            ("what=sign_in&from=2026-11-23", &["Leila signed in"]),
            ("what=sign_in&to=2026-11-22", &["Leila signed in"]),
            ("from=2026-11-23&to=2026-11-23", &["Leila moved to the trash Rain", "Leila signed in"]),
            ("from=2026-11-24", &[]),
            ("person=nobody", &[]),
            ("what=lost", &[]),
        ] {
            let page = leila.page(&format!("/admin/log?{keys}")).await;
            assert_eq!(said(&page), expected, "{keys}");
            assert_eq!(page.text_of("empty").len(), usize::from(expected.is_empty()), "{keys}");
        }
        let wrong = leila.get("/admin/log?entry=rain&from=yesterday&to=2026-02-30&what=trash").await;
        assert_eq!(wrong.status, 422);
        let page = Html::parse(wrong.text());
        assert_eq!(page.fields_of("/admin/log")[1..], [
            ("what".to_owned(), "trash".to_owned()),
            ("entry".to_owned(), "rain".to_owned()),
            ("from".to_owned(), "yesterday".to_owned()),
            ("to".to_owned(), "2026-02-30".to_owned()),
        ]);
        let problems: Vec<&str> = page.all("li").map(|item| item.text.trim()).filter(|text| text.ends_with('.')).collect();
        assert_eq!(problems, [
            "Entry (its number) is a number, such as 42.",
            "From is a day, such as 2026-03-01.",
            "To is a day, such as 2026-03-01.",
        ]);
    }

    async fn a_long_log_is_turned_and_written_out_whole(site: Site) {
        let mut leila = site.signed_in("Leila", Role::Owner).await;
        note(&site, &Actor::Operator, 1_150).await;
        let mut seen = Vec::new();
        let mut target = "/admin/log?what=save_draft".to_owned();
        loop {
            let page = leila.page(&target).await;
            seen.extend(page.all("td").filter_map(|cell| serde_json::from_str::<Value>(cell.text.trim()).ok()));
            let next = page.all("a").find(|link| link.get("rel") == Some("next")).and_then(|link| link.get("href").map(str::to_owned));
            let Some(next) = next else { break };
            target = next;
        }
        let numbers: Vec<i64> = seen.iter().filter_map(|detail| detail["number"].as_i64()).collect();
        assert_eq!(numbers, (0..1_150).rev().collect::<Vec<_>>(), "each line once");
        let (count,): (i64,) = site.app.db.one("SELECT COUNT(*) FROM audit", vec![]).await.unwrap();
        let table = leila.get("/admin/log/export?form=csv").await;
        assert_eq!(table.header("content-type"), "text/csv; charset=utf-8");
        assert_eq!(table.header("content-disposition"), "attachment; filename=\"log.csv\"");
        assert_eq!(table.header("cache-control"), "private, no-store");
        let mut rows = csv::Reader::from_reader(table.text().as_bytes());
        assert_eq!(rows.headers().unwrap().iter().next_back(), Some("hash"));
        assert_eq!(rows.records().map(Result::unwrap).count() as i64, count);
        // From what was taken along, the chain is worked out again.
        let lines = leila.get("/admin/log/export?form=jsonl").await;
        let lines: Vec<Value> = lines.text().lines().rev().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len() as i64, count);
        let mut before = String::new();
        for line in &lines {
            let content = json!([line["id"], line["at"], line["actor"], line["action"], line["entry_id"], line["detail"]]);
            before = atlas::account::digest(&format!("{before}\n{content}"));
            assert_eq!(line["hash"], before);
        }
        let some = leila.get("/admin/log/export?form=jsonl&what=sign_in").await;
        assert_eq!(some.text().lines().count(), 1);
        assert_eq!(leila.get("/admin/log/export?form=xml").await.status, 422);
        assert_eq!(leila.get("/admin/log/export?form=csv&entry=x").await.status, 422);
    }

    async fn whether_it_is_whole_stands_above_it(site: Site) {
        let mut leila = site.signed_in("Leila", Role::Owner).await;
        let page = leila.page("/admin/log").await;
        assert!(page.all("p").any(|line| line.text == "Nobody has checked yet whether this log is whole."));
        let done = leila.submit(&page, "/admin/log/check", &[]).await;
        let page = leila.follow(&done).await;
        let notice = "The log is being checked. What comes of it stands here when this page is loaded again.";
        assert_eq!(page.text_of("notice"), [notice]);
        work_off(&site.app).await.unwrap();
        let page = leila.page("/admin/log").await;
        let (count,): (i64,) = site.app.db.one("SELECT COUNT(*) FROM audit", vec![]).await.unwrap();
        let whole = format!("Checked 2026-11-22 12:00: all {count} lines are as they were written.");
        assert!(page.all("p").any(|line| line.text == whole), "{whole}");
        // Lines that are cut off are missed, for the end was noted.
        let statements: &[&str] = match site.database.engine {
            Engine::Sqlite => &["DROP TRIGGER audit_is_never_deleted"],
            Engine::Postgres => &["ALTER TABLE audit DISABLE TRIGGER ALL"],
        };
        for statement in statements {
            site.database.tamper(statement).await.unwrap();
        }
        site.database.tamper("DELETE FROM audit WHERE action = 'sign_in'").await.unwrap();
        for _ in 0..2 {
            leila.post("/admin/log/check", &[]).await;
            work_off(&site.app).await.unwrap();
            let said = leila.page("/admin/log").await.text_of("problems");
            assert!(said[0].starts_with("Checked 2026-11-22 12:00: somebody has changed this log."), "{said:?}");
            assert!(said[0].contains("is not there any more"), "{said:?}");
        }
    }
}
