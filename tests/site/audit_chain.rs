//! Whoever changes the log of what was done behind the engine's back is found out (SECURITY T27).

use atlas::actions::audit::{Head, head, verify};
use atlas::store::Ask;
use atlas::store::audit::{self, Line};
use tokio::task::JoinSet;

use crate::on_both;
use crate::support::database::Engine;
use crate::support::random::Random;
use crate::support::site::Site;

/// How often the log is tampered with: a thousand times with everything, else a few.
fn rounds() -> usize {
    if std::env::var_os("ATLAS_TEST_FULL").is_some() { 1_000 } else { 40 }
}

/// Takes away what stands in the way of whoever owns the database.
async fn disarm(site: &Site) {
    let statements: &[&str] = match site.database.engine {
        Engine::Sqlite => &[
            "DROP TRIGGER audit_is_never_changed",
            "DROP TRIGGER audit_is_never_deleted",
            "DROP TRIGGER audit_is_never_replaced",
        ],
        Engine::Postgres => &["ALTER TABLE audit DISABLE TRIGGER ALL"],
    };
    for statement in statements {
        site.tamper(statement).await.unwrap();
    }
}

async fn lines(site: &Site) -> Vec<Line> {
    audit::from(&site.app.db, i64::MIN, 1_000).await.unwrap()
}

async fn fault(site: &Site, head: Option<&Head>) -> Option<String> {
    verify(&site.app, head).await.unwrap().fault.map(|fault| fault.to_string())
}

/// What whoever owns the database does to the log; what it was in words, and whether the chain itself
/// shows it, without a head that was noted elsewhere.
async fn tamper(site: &Site, random: &mut Random) -> (String, bool) {
    let all = lines(site).await;
    let (first, last) = (all[0].id, all[all.len() - 1].id);
    let line = random.pick(&all);
    let id = line.id;
    let (statements, is_shown): (Vec<String>, bool) = match random.below(7) {
        0 => {
            let (column, value) = random.pick(&[
                ("at", "at + 1"),
                ("actor", "actor || 'x'"),
                ("action", "'other'"),
                ("entry_id", "COALESCE(entry_id, 0) + 1"),
                ("detail", "detail || ' '"),
                ("hash", "'x' || SUBSTR(hash, 2)"),
                ("hash", "NULL"),
                ("id", "id + 1000000"),
            ]);
            (vec![format!("UPDATE audit SET {column} = {value} WHERE id = {id}")], true)
        }
        1 => {
            let id = all[random.below(all.len() - 1)].id;
            (vec![format!("DELETE FROM audit WHERE id = {id}")], true)
        }
        2 => {
            let at = random.below(all.len() - 1);
            let (one, other) = (all[at].id, random.pick(&all[at + 1..]).id);
            (
                vec![
                    format!("UPDATE audit SET id = -7 WHERE id = {one}"),
                    format!("UPDATE audit SET id = {one} WHERE id = {other}"),
                    format!("UPDATE audit SET id = {other} WHERE id = -7"),
                ],
                true,
            )
        }
        3 => {
            let new = random.pick(&[i64::MIN, first - 1, last + 1]);
            let columns = "at, actor, action, entry_id, detail, hash";
            (
                vec![format!(
                    "INSERT INTO audit (id, {columns}) SELECT {new}, {columns} FROM audit WHERE id = {id}"
                )],
                true,
            )
        }
        4 => {
            let columns = "at, actor, action, entry_id, detail, hash";
            (
                vec![
                    format!("UPDATE audit SET id = -id WHERE id >= {id}"),
                    "UPDATE audit SET id = 1 - id WHERE id < 0".to_owned(),
                    format!(
                        "INSERT INTO audit (id, {columns}) SELECT {id}, {columns} FROM audit WHERE id = {last} + 1"
                    ),
                ],
                true,
            )
        }
        5 => {
            let kept = random.below(all.len() - 1);
            (vec![format!("DELETE FROM audit WHERE id > {}", all[kept].id)], false)
        }
        _ => (rewritten(&all, random), false),
    };
    for statement in &statements {
        site.tamper(statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
    (statements.join("; "), is_shown)
}

/// A line is changed, and every hash from there on is worked out anew, as the engine would.
fn rewritten(all: &[Line], random: &mut Random) -> Vec<String> {
    let at = random.below(all.len());
    let mut before = if at == 0 { String::new() } else { all[at - 1].hash.clone().unwrap() };
    let mut statements = Vec::new();
    for (place, line) in all.iter().enumerate().skip(at) {
        let mut line = line.clone();
        if place == at {
            line.actor = "user:666".to_owned();
        }
        before = line.seal(&before);
        let (id, actor) = (line.id, &line.actor);
        statements.push(format!("UPDATE audit SET actor = '{actor}', hash = '{before}' WHERE id = {id}"));
    }
    statements
}

on_both! {
    async fn every_tampering_is_found(site: Site) {
        for number in 0..9 {
            let id = site.article(&format!("Article {number}")).publish().await;
            site.edit(id).await.title(&format!("Another {number}")).publish().await;
        }
        let whole = verify(&site.app, None).await.unwrap();
        assert_eq!((whole.fault, whole.lines), (None, lines(&site).await.len() as u64));
        let end = head(&site.app).await.unwrap().unwrap();
        assert_eq!(whole.head.as_ref(), Some(&end));
        disarm(&site).await;
        site.tamper("CREATE TABLE audit_copy AS SELECT * FROM audit").await.unwrap();
        let mut random = Random::seeded(27);
        for round in 0..rounds() {
            let (how, is_shown) = tamper(&site, &mut random).await;
            let told = format!("round {round} of seed {}: {how}", random.seed);
            assert_eq!(fault(&site, None).await.is_some(), is_shown, "{told}");
            assert!(fault(&site, Some(&end)).await.is_some(), "{told}");
            site.tamper("DELETE FROM audit").await.unwrap();
            site.tamper("INSERT INTO audit SELECT * FROM audit_copy").await.unwrap();
            assert_eq!(fault(&site, Some(&end)).await, None, "it is as it was");
        }
    }

    async fn a_chain_of_many_writers_is_whole(site: Site) {
        let other = site.another_node().await;
        let mut writers = JoinSet::new();
        for writer in 0..8 {
            let app = if writer % 2 == 0 { site.app.clone() } else { other.clone() };
            writers.spawn(async move {
                for number in 0..6 {
                    let mut change = atlas::actions::Change::begin(&app, &atlas::entry::Actor::Operator).await.unwrap();
                    change.touch("nothing");
                    change.audit("one", None, &serde_json::json!({ "of": writer, "number": number }));
                    change.audit("two", Some(number), &serde_json::json!({ "text": "ä\u{0}\"\\" }));
                    change.commit().await.unwrap();
                }
            });
        }
        writers.join_all().await;
        let verdict = verify(&site.app, None).await.unwrap();
        assert_eq!((verdict.fault, verdict.lines), (None, 96));
        // What is rolled back leaves no gap in the chain, be there one in the numbers.
        let change = atlas::actions::Change::begin(&site.app, &atlas::entry::Actor::Operator).await.unwrap();
        change.audit("lost", None, &serde_json::json!({}));
        change.tx.roll_back().await.unwrap();
        site.article("Article").publish().await;
        assert_eq!(fault(&site, None).await, None);
    }

    async fn lines_of_an_older_version_are_sealed_once(site: Site) {
        site.article("One").publish().await;
        disarm(&site).await;
        let sealed = lines(&site).await;
        // As an older version has left them; then the next start, and the next line.
        site.tamper("UPDATE audit SET hash = NULL").await.unwrap();
        assert!(fault(&site, None).await.unwrap().ends_with("carries no hash"));
        site.another_node().await;
        assert_eq!(lines(&site).await, sealed);
        site.tamper("UPDATE audit SET hash = NULL").await.unwrap();
        site.article("Two").publish().await;
        assert_eq!(lines(&site).await[..sealed.len()], sealed);
        let verdict = verify(&site.app, None).await.unwrap();
        assert_eq!((verdict.fault, verdict.lines), (None, 2 * sealed.len() as u64));
    }

    async fn nobody_seals_a_line_twice(site: Site) {
        site.article("One").publish().await;
        let before = lines(&site).await;
        for sql in [
            "UPDATE audit SET hash = NULL",
            "UPDATE audit SET hash = 'x'",
            "UPDATE audit SET id = id + 10",
            "UPDATE audit SET entry_id = NULL",
            "UPDATE audit SET detail = '{}', hash = 'x'",
        ] {
            let refused = site.tamper(sql).await;
            assert!(refused.is_err_and(|error| error.to_string().contains("the audit log is append-only")), "{sql}");
        }
        assert_eq!(lines(&site).await, before);
        let (count,): (i64,) = site.app.db.one("SELECT COUNT(*) FROM audit WHERE hash IS NULL", vec![]).await.unwrap();
        assert_eq!(count, 0);
    }
}
