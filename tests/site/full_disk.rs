//! A disk that is full at any moment of a build keeps the old sitemap in place, whole (SECURITY R11).
//!
//! The disk is a small one of the test's own: it starts itself again where it may mount one.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use atlas::error::Error;
use atlas::files::sitemaps::current;
use atlas::jobs::sitemaps;
use serde_json::json;

use crate::support::database::{Engine, run};
use crate::support::random::Random;
use crate::support::web::{Node, Site, content};

const INSIDE: &str = "ATLAS_TEST_INSIDE";

/// Bytes of the small disk.
const DISK: u64 = 512 * 1024;

#[test]
fn a_full_disk_at_any_moment_of_a_build_leaves_the_old_sitemap_in_place() {
    if std::env::var_os(INSIDE).is_some() {
        return run(Engine::Sqlite, moments);
    }
    let own_mounts = ["--user", "--map-root-user", "--mount"];
    if !Command::new("unshare").args(own_mounts).arg("true").status().is_ok_and(|status| status.success()) {
        eprintln!("this system lets nobody mount a disk of their own: nothing was tested");
        return;
    }
    let test = "full_disk::a_full_disk_at_any_moment_of_a_build_leaves_the_old_sitemap_in_place";
    let inside = Command::new("unshare")
        .args(own_mounts)
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(INSIDE, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&inside.stdout);
    assert!(
        inside.status.success() && said.contains("1 passed"),
        "{said}{}",
        String::from_utf8_lossy(&inside.stderr)
    );
    println!("{}", said.lines().find(|line| line.starts_with("full at")).unwrap_or_default());
}

async fn moments(site: Site) {
    let count = if std::env::var_os("ATLAS_TEST_FULL").is_some() { 50 } else { 10 };
    let mut random = Random::seeded(20_261_128);
    let region = site.publish("region", content("Iran", json!({}))).await;
    let mut articles = Vec::new();
    for number in 0..200 {
        let noise: String = (0..6).map(|_| format!("{:x}", random.next() >> 32)).collect();
        articles.push(site.publish("article", content(&format!("{number} {noise}"), json!({}))).await);
    }
    let root = site.app.files.sitemaps();
    mount(&root);
    sitemaps::build(&site.app).await.unwrap();
    let whole = used(&current(&root).unwrap());
    let mut served = everything(&site).await;
    let mut full = 0;
    for moment in 0..count {
        site.app.clock.advance(1_000);
        let (id, all) = (random.pick(&articles), random.chance(50));
        site.edit(id, |content| content.summary = format!("Moment {moment}")).await;
        site.edit(region, |content| content.summary = format!("Moment {moment}")).await;
        let filler = root.join("filler");
        let free = (random.next() % (whole + 8_192)) / 4_096 * 4_096;
        fill(&filler, free);
        let reading = read_on(&site);
        let done = if all { sitemaps::build(&site.app).await } else { sitemaps::refresh(&site.app).await };
        let read = reading.stop().await;
        assert!(!read.is_empty());
        match done {
            Ok(_) => {}
            Err(Error::Unavailable(reason)) => {
                full += 1;
                assert!(reason.starts_with("the disk is full"), "{reason}");
                assert_eq!(everything(&site).await, served, "moment {moment}, {free} bytes free");
                for index in read {
                    assert_eq!(index, served["/sitemap.xml"], "moment {moment}, {free} bytes free");
                }
            }
            Err(other) => panic!("moment {moment}, {free} bytes free: {other:?}"),
        }
        let folders = std::fs::read_dir(&root).unwrap().flatten();
        let folders = folders.filter(|file| file.file_name().to_string_lossy().starts_with("generation-"));
        assert!(folders.count() <= 2, "what was not finished is taken away");
        std::fs::remove_file(&filler).unwrap();
        sitemaps::refresh(&site.app).await.expect("it goes on by itself when there is room again");
        served = everything(&site).await;
        let dated = served["/sitemaps/article-en-1.xml"].matches("<lastmod>").count();
        assert_eq!(dated, articles.len());
    }
    println!("full at {full} of {count} moments");
    assert!(Command::new("umount").arg(&root).status().unwrap().success());
    assert!(full > count / 4 && full < count, "{full} of {count} is no even spread");
}

fn mount(at: &Path) {
    let size = format!("size={DISK}");
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(at).status().unwrap();
    assert!(mounted.success());
}

/// Fills the disk but for so many bytes.
fn fill(filler: &Path, free: u64) {
    let mut file = std::fs::File::create(filler).unwrap();
    while file.write_all(&[0; 4_096]).is_ok() {}
    let length = file.metadata().unwrap().len();
    file.set_len(length.saturating_sub(free)).unwrap();
}

/// Bytes of the files of a folder, in whole pages.
fn used(folder: &Path) -> u64 {
    let files = std::fs::read_dir(folder).unwrap().flatten();
    files.map(|file| file.metadata().unwrap().len().next_multiple_of(4_096)).sum()
}

/// The index and every file it names, as their readers get them.
async fn everything(node: &Node) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let index = node.get("/sitemap.xml").await;
    assert_eq!(index.status, 200);
    for line in index.text().lines().filter_map(|line| line.strip_prefix("<loc>https://site.test")) {
        let path = line.trim_end_matches("</loc>");
        let shard = node.get(path).await;
        assert_eq!(shard.status, 200, "{path}");
        all.insert(path.to_owned(), shard.text().to_owned());
    }
    all.insert("/sitemap.xml".to_owned(), index.text().to_owned());
    all
}

/// Somebody who reads the index again and again.
struct Reading {
    stop: tokio::sync::oneshot::Sender<()>,
    read: tokio::task::JoinHandle<Vec<String>>,
}

fn read_on(node: &Node) -> Reading {
    let at = node.at;
    let (stop, mut stopped) = tokio::sync::oneshot::channel();
    let read = tokio::spawn(async move {
        let mut read = Vec::new();
        while read.is_empty() || stopped.try_recv().is_err() {
            let mut client = crate::support::client::Client::to(at).await;
            let answer = client.ask("GET", b"/sitemap.xml", &[]).await.unwrap();
            assert_eq!(answer.status, 200);
            read.push(answer.text().to_owned());
        }
        read
    });
    Reading { stop, read }
}

impl Reading {
    async fn stop(self) -> Vec<String> {
        let _ = self.stop.send(());
        self.read.await.unwrap()
    }
}
