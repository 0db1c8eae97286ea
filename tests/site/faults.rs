//! Processes that die without a warning, and a database that goes away: what was acknowledged is there
//! whole, what was not is not there at all, and pages go on.
//!
//! With `ATLAS_TEST_FULL` set, in the numbers that `docs/reliability.md` reports.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use atlas::actions::Change;
use atlas::actions::publish::{Manner, publish_saved};
use atlas::actions::save_draft::{Draft, Target, save_draft};
use atlas::actions::schedule::schedule;
use atlas::app::App;
use atlas::clock::{Clock, Time};
use atlas::config::Config;
use atlas::entry::{Actor, Content};
use atlas::store::{Ask, Row, entries};
use serde_json::json;

use crate::on_both;
use crate::support::database::{Engine, Fixture, TestDatabase};
use crate::support::random::Random;

fn full() -> bool {
    std::env::var_os("ATLAS_TEST_FULL").is_some()
}

/// A site by the system's clock, as child processes see it.
struct Site {
    app: App,
    database: TestDatabase,
}

impl Fixture for Site {
    async fn on(database: TestDatabase) -> Site {
        Site { app: open(&database.url, database.folder.path()).await, database }
    }
}

async fn open(url: &str, data: &Path) -> App {
    let flags = [("database_url", url.to_owned()), ("data", data.display().to_string())];
    let flags: Vec<(String, String)> =
        flags.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let config = Config::load(&flags, [], None).unwrap();
    App::open(config, Clock::system()).await.unwrap()
}

impl Site {
    async fn rows<T: Row>(&self, sql: &'static str) -> Vec<T> {
        self.app.db.all(sql, vec![]).await.unwrap()
    }

    async fn number(&self, sql: &'static str) -> i64 {
        self.rows::<(i64,)>(sql).await[0].0
    }

    async fn run(&self, sql: &'static str) {
        let tx = self.app.db.begin().await.unwrap();
        tx.run(sql, vec![]).await.unwrap();
        tx.commit().await.unwrap();
    }

    fn process(&self, program: &mut Command) -> Child {
        program
            .env("DATABASE_URL", &self.database.url)
            .env("ATLAS_DATA", self.database.folder.path())
            .env("ATLAS_SAMPLE", "false")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    fn atlas(&self, command: &str) -> Child {
        self.process(Command::new(env!("CARGO_BIN_EXE_atlas")).arg(command))
    }

    async fn is_sound(&self) {
        if self.database.engine == Engine::Sqlite {
            let found: Vec<(String,)> = self.rows("PRAGMA integrity_check").await;
            assert_eq!(found, [("ok".to_owned(),)]);
        }
        self.parts_are_counted().await;
    }

    /// What is counted of lists is what stands there.
    async fn parts_are_counted(&self) {
        let wrong: Vec<(i64, String, i64, i64)> = self
            .rows(
                "SELECT s.hub, s.shelf, s.entries, COALESCE(p.entries, 0)
                 FROM (SELECT hub, locale, shelf, COUNT(*) AS entries FROM shelves GROUP BY hub, locale, shelf) AS s
                 LEFT JOIN (SELECT hub, locale, shelf, CAST(SUM(entries) AS BIGINT) AS entries FROM shelf_parts
                            GROUP BY hub, locale, shelf) AS p
                   ON p.hub = s.hub AND p.locale = s.locale AND p.shelf = s.shelf
                 WHERE s.entries <> COALESCE(p.entries, 0)",
            )
            .await;
        assert_eq!(wrong, []);
    }
}

/// Kills with SIGKILL and waits for the end.
fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

async fn new_article(change: &mut Change<'_>, title: String) -> atlas::actions::save_draft::Saved {
    let content = Content { title, body: "Some *words*.".into(), ..Content::default() };
    let target = Target::New { kind: "article".into(), locale: "en".into(), translation_of: None };
    save_draft(change, Draft { target, content, reuse: false, lenient: false, tie: None }).await.unwrap()
}

on_both! {
    async fn a_worker_that_is_killed_again_and_again_does_each_job_once(site: Site) {
        let (jobs, kills) = if full() { (1_000, 100) } else { (40, 4) };
        let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
        // Their time comes when all of them wait.
        let due = Time(site.app.clock.now().0 + 60_000);
        for number in 0..jobs {
            let saved = new_article(&mut change, format!("Article {number}")).await;
            schedule(&mut change, saved.id, saved.version, Some(due), None).await.unwrap();
        }
        change.commit().await.unwrap();
        site.run("UPDATE entries SET publish_at = 1000 WHERE publish_at IS NOT NULL").await;
        site.run("UPDATE jobs SET run_at = 1000").await;
        let mut random = Random::seeded(20);
        let mut killed_at_work = 0;
        for _ in 0..kills {
            let before = site.number("SELECT COUNT(*) FROM audit WHERE action = 'publish'").await;
            let worker = site.atlas("worker");
            let begun = Instant::now();
            // Not before it works, or nothing would be torn.
            while site.number("SELECT COUNT(*) FROM audit WHERE action = 'publish'").await == before
                && begun.elapsed() < Duration::from_secs(20)
                && site.number("SELECT COUNT(*) FROM jobs WHERE kind = 'schedule'").await > 0
            {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
            tokio::time::sleep(Duration::from_millis(random.below(20) as u64)).await;
            kill(worker);
            killed_at_work += site.number("SELECT COUNT(*) FROM jobs WHERE state = 'running'").await;
            // A lease is a minute; whoever waits for it sees what happens now.
            site.run("UPDATE jobs SET lease_until = 0 WHERE state = 'running'").await;
        }
        let mut rest = site.process(Command::new(env!("CARGO_BIN_EXE_atlas")).args(["jobs", "drain"]));
        assert!(rest.wait().unwrap().success());
        println!("{jobs} jobs, {kills} kills, {killed_at_work} of them in the middle of a job");
        let published = "SELECT COUNT(*) FROM (SELECT entry_id FROM audit WHERE action = 'publish'
                         GROUP BY entry_id HAVING COUNT(*) = 1) AS once";
        assert_eq!(site.number(published).await, jobs);
        let published = "SELECT COUNT(*) FROM entries WHERE state = 'published' AND publish_at IS NULL";
        assert_eq!(site.number(published).await, jobs);
        assert_eq!(site.number("SELECT COUNT(*) FROM jobs WHERE kind = 'schedule'").await, 0);
        site.is_sound().await;
    }

    async fn no_save_that_was_acknowledged_is_lost_and_none_is_there_by_half(site: Site) {
        let (saves, kills) = if full() { (10_000, 20) } else { (120, 3) };
        let mut acknowledged: HashMap<i64, i64> = HashMap::new();
        let mut random = Random::seeded(20);
        for round in 1..=kills {
            let program = std::env::current_exe().unwrap();
            let mut saver = site.process(
                Command::new(program)
                    .args(["--exact", "faults::saver", "--nocapture", "--include-ignored"])
                    .env("ATLAS_TEST_SAVER", round.to_string()),
            );
            let enough = saves / kills + random.below(10) as i64;
            let mut lines = BufReader::new(saver.stdout.take().unwrap()).lines();
            let mut seen = 0;
            for line in lines.by_ref().map_while(Result::ok) {
                seen += i64::from(read(&line, &mut acknowledged));
                if seen == enough {
                    break;
                }
            }
            saver.kill().unwrap();
            // What it had said before it died counts as well.
            for line in lines.map_while(Result::ok) {
                seen += i64::from(read(&line, &mut acknowledged));
            }
            saver.wait().unwrap();
            assert!(seen >= enough, "the saver ended by itself after {seen} saves");
        }
        println!("{} entries acknowledged, {kills} kills", acknowledged.len());
        for (id, version) in &acknowledged {
            let entry = entries::find(&site.app.db, *id).await.unwrap().expect("it was acknowledged");
            assert!(entry.version >= *version, "entry {id} is back at {}, not {version}", entry.version);
        }
        nothing_is_there_by_half(&site).await;
        site.is_sound().await;
    }
}

/// Reads `saved ID VERSION`.
fn read(line: &str, acknowledged: &mut HashMap<i64, i64>) -> bool {
    let mut words = line.split(' ').skip_while(|word| !word.ends_with("saved")).skip(1);
    let (Some(id), Some(version)) = (words.next(), words.next()) else { return false };
    let (Ok(id), Ok(version)) = (id.parse(), version.parse()) else { return false };
    acknowledged.insert(id, version);
    true
}

/// Each save is an entry, a revision, two lines of the audit log and a change with its tag.
async fn nothing_is_there_by_half(site: &Site) {
    let torn: Vec<(i64, i64, i64, i64, i64)> = site
        .rows(
            "SELECT e.id, e.version,
                    (SELECT COUNT(*) FROM revisions r WHERE r.entry_id = e.id),
                    (SELECT COUNT(*) FROM audit a WHERE a.entry_id = e.id AND a.action = 'save_draft'),
                    (SELECT COUNT(*) FROM audit a WHERE a.entry_id = e.id AND a.action = 'publish')
             FROM entries e
             WHERE e.version <> 2 * (SELECT COUNT(*) FROM revisions r WHERE r.entry_id = e.id)
                OR e.version <> 2 * (SELECT COUNT(*) FROM audit a WHERE a.entry_id = e.id AND a.action = 'save_draft')
                OR e.version <> 2 * (SELECT COUNT(*) FROM audit a WHERE a.entry_id = e.id AND a.action = 'publish')
                OR NOT EXISTS (SELECT 1 FROM paths p WHERE p.entry_id = e.id AND p.kind = 'canonical')
                OR NOT EXISTS (SELECT 1 FROM rendered b WHERE b.entry_id = e.id)
                OR NOT EXISTS (SELECT 1 FROM search s WHERE s.entry_id = e.id)
                OR NOT EXISTS (SELECT 1 FROM shelves s WHERE s.entry_id = e.id)",
        )
        .await;
    assert_eq!(torn, []);
    let published = site.number("SELECT COUNT(*) FROM audit WHERE action = 'publish'").await;
    let changes: Vec<(i64, String)> = site.rows("SELECT sequence, tags FROM changes ORDER BY sequence").await;
    let tagged = changes.iter().filter(|(_, tags)| tags.contains("\"entry:")).count();
    assert_eq!(tagged as i64, published, "each commit has its change");
    assert!(
        changes.iter().map(|(sequence, _)| *sequence).eq(1..=changes.len() as i64),
        "no number is missing"
    );
}

/// The process that is killed: eight at a time save and publish, and each says so when it is committed.
#[test]
#[ignore = "a process of another test"]
fn saver() {
    let Ok(round) = std::env::var("ATLAS_TEST_SAVER") else { return };
    let (url, data) = (std::env::var("DATABASE_URL").unwrap(), std::env::var("ATLAS_DATA").unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let app = open(&url, Path::new(&data)).await;
        let savers = (0..8).map(|saver| tokio::spawn(save_for_ever(app.clone(), format!("{round} {saver}"))));
        for saver in savers.collect::<Vec<_>>() {
            saver.await.unwrap();
        }
    });
}

async fn save_for_ever(app: App, name: String) {
    for number in 0.. {
        let mut change = Change::begin(&app, &Actor::Operator).await.unwrap();
        let saved = new_article(&mut change, format!("Article {name} {number}")).await;
        let (id, content) = (saved.id, saved.content.clone());
        let version = publish_saved(&mut change, saved, Manner::default()).await.unwrap();
        change.commit().await.unwrap();
        println!("saved {id} {version}");
        if number % 3 == 0 {
            let mut change = Change::begin(&app, &Actor::Operator).await.unwrap();
            let content = Content { summary: json!({ "again": number }).to_string(), ..content };
            let target = Target::Existing { id, seen: version };
            let draft = Draft { target, content, reuse: false, lenient: false, tie: None };
            let saved = save_draft(&mut change, draft).await.unwrap();
            let version = publish_saved(&mut change, saved, Manner::default()).await.unwrap();
            change.commit().await.unwrap();
            println!("saved {id} {version}");
        }
    }
}
