//! "May this be indexed?" has one answer, in Rust and in SQL.

use std::collections::BTreeSet;

use atlas::entry::{State, Visibility, is_indexable};
use atlas::store::shards::{self, Located};

use crate::on_both;
use crate::support::site::Site;

/// The articles that sitemaps list, in a range of ids.
async fn articles(site: &Site, from: i64, to: i64) -> Vec<i64> {
    let located = shards::located(&site.app.db, from, to).await.unwrap();
    located.iter().filter(|line: &&Located| line.kind == "article").map(|line| line.id).collect()
}

on_both! {
    async fn both_answers_agree_on_every_combination(site: Site) {
        let mut expected = BTreeSet::new();
        let mut all = Vec::new();
        for state in State::ALL {
            for visibility in Visibility::ALL {
                for noindex in [false, true] {
                    for canonical in [None, Some("https://elsewhere.example/")] {
                        let id = site
                            .article(&format!("{state} {visibility} {noindex} {}", canonical.is_some()))
                            .visibility(visibility)
                            .noindex(noindex)
                            .canonical(canonical)
                            .publish()
                            .await;
                        site.tamper(&format!("UPDATE entries SET state = '{state}' WHERE id = {id}")).await.unwrap();
                        all.push(id);
                        if (state, visibility, noindex, canonical) == (State::Published, Visibility::Public, false, None) {
                            expected.insert(id);
                        }
                    }
                }
            }
        }
        assert_eq!(all.len(), 60);
        let mut by_rust = BTreeSet::new();
        for id in &all {
            if is_indexable(&site.entry(*id).await.indexable()).is_ok() {
                by_rust.insert(*id);
            }
        }
        let by_sql: BTreeSet<i64> = articles(&site, 0, 1_000).await.into_iter().collect();
        assert_eq!((&by_rust, &by_sql), (&expected, &expected));
    }

    async fn ranges_meet_and_do_not_overlap(site: Site) {
        let mut ids = Vec::new();
        for number in 0..7 {
            ids.push(site.article(&format!("Article {number}")).publish().await);
        }
        site.page("Another type").publish().await;
        let mut seen = Vec::new();
        for from in [0, 3, 6, 9] {
            seen.extend(articles(&site, from, from + 3).await);
        }
        assert_eq!(seen, ids);
    }
}
