//! Numbers of changes become visible in order, so whoever follows them skips none.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use atlas::app::App;
use atlas::clock::Time;
use atlas::store::changes;
use tokio::task::JoinSet;

use crate::on_both;
use crate::support::random::Random;
use crate::support::site::Site;

const WRITERS: usize = 6;
const EACH: usize = 30;

on_both! {
    async fn a_follower_sees_every_change_of_many_slow_writers(site: Site) {
        let other = site.another_node().await;
        let writing = Arc::new(AtomicBool::new(true));
        let follower = tokio::spawn(follow(site.app.clone(), writing.clone()));
        let mut writers = JoinSet::new();
        for writer in 0..WRITERS {
            let app = if writer % 2 == 0 { site.app.clone() } else { other.clone() };
            writers.spawn(write(app, writer));
        }
        let committed: BTreeSet<String> = writers.join_all().await.into_iter().flatten().collect();
        writing.store(false, Ordering::Release);
        let followed = follower.await.unwrap();
        let sequences: Vec<i64> = followed.iter().map(|(sequence, _)| *sequence).collect();
        assert_eq!(sequences, (1..=committed.len() as i64).collect::<Vec<_>>(), "no number is missing or late");
        let seen: BTreeSet<String> = followed.into_iter().map(|(_, tag)| tag).collect();
        assert_eq!(seen, committed);
    }

    async fn a_change_that_is_rolled_back_leaves_no_number_behind(site: Site) {
        let db = &site.app.db;
        for round in 1..=3 {
            let lost = db.begin().await.unwrap();
            changes::append(&lost, Time(0), &["lost".into()]).await.unwrap();
            lost.roll_back().await.unwrap();
            let kept = db.begin().await.unwrap();
            assert_eq!(changes::append(&kept, Time(0), &["kept".into()]).await.unwrap(), round);
            kept.commit().await.unwrap();
        }
        let seen = changes::after(db, 0).await.unwrap();
        assert_eq!(seen.iter().map(|change| change.sequence).collect::<Vec<_>>(), [1, 2, 3]);
        assert!(seen.iter().all(|change| change.tags == ["kept"]), "{seen:?}");
    }

    async fn another_node_learns_of_a_rule_by_catching_up(site: Site) {
        let other = site.another_node().await;
        let wish = crate::support::site::wish("prefix", "/old", "/articles", 301);
        site.redirect(&wish).await.unwrap();
        assert_eq!(other.rules().len(), 0);
        other.catch_up().await.unwrap();
        assert_eq!((other.rules().len(), other.sequence()), (1, site.app.sequence()));
    }

    async fn a_follower_far_behind_catches_up_in_one_go(site: Site) {
        let other = site.another_node().await;
        let tx = site.app.db.begin().await.unwrap();
        for _ in 0..1_234 {
            changes::append(&tx, Time(0), &["type:article".into()]).await.unwrap();
        }
        tx.commit().await.unwrap();
        other.catch_up().await.unwrap();
        assert_eq!(other.sequence(), 1_234);
    }
}

/// Appends at once or late, commits late or not at all; the tags of what was committed.
async fn write(app: App, writer: usize) -> Vec<String> {
    let mut random = Random::seeded(writer as u64);
    let mut committed = Vec::new();
    for number in 0..EACH {
        let tag = format!("{writer}.{number}");
        let tx = app.db.begin().await.unwrap();
        pause(&mut random).await;
        changes::append(&tx, Time(0), std::slice::from_ref(&tag)).await.unwrap();
        pause(&mut random).await;
        if random.chance(20) {
            drop(tx);
        } else {
            tx.commit().await.unwrap();
            committed.push(tag);
        }
    }
    committed
}

async fn pause(random: &mut Random) {
    tokio::time::sleep(Duration::from_millis(random.below(5) as u64)).await;
}

/// Reads what is new again and again, as a node does, and once more at the end.
async fn follow(app: App, writing: Arc<AtomicBool>) -> Vec<(i64, String)> {
    let (mut seen, mut last) = (Vec::new(), 0);
    loop {
        let more = writing.load(Ordering::Acquire);
        for change in changes::after(&app.db, last).await.unwrap() {
            last = change.sequence;
            seen.extend(change.tags.into_iter().map(|tag| (change.sequence, tag)));
        }
        if !more {
            return seen;
        }
    }
}
