//! "May this be indexed?" has one answer, in Rust and in SQL.

use std::collections::BTreeSet;

use atlas::entry::{State, Visibility, is_indexable};
use atlas::store::discovery::{self, Listing};

use crate::on_both;
use crate::support::site::Site;

const ARTICLES: Listing<'_> = Listing { kind: "article", locale: "en", pictured: false };

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
        let by_sql = discovery::indexable_after(&site.app.db, ARTICLES, 0, 1_000).await.unwrap();
        let by_sql: BTreeSet<i64> = by_sql.into_iter().map(|located| located.id).collect();
        assert_eq!((&by_rust, &by_sql), (&expected, &expected));
    }

    async fn the_walk_goes_on_where_it_stopped(site: Site) {
        let mut ids = Vec::new();
        for number in 0..7 {
            ids.push(site.article(&format!("Article {number}")).publish().await);
        }
        site.page("Another type").publish().await;
        let (mut seen, mut last) = (Vec::new(), 0);
        loop {
            let part = discovery::indexable_after(&site.app.db, ARTICLES, last, 3).await.unwrap();
            let Some(end) = part.last() else { break };
            last = end.id;
            seen.extend(part.into_iter().map(|located| located.id));
        }
        assert_eq!(seen, ids);
    }
}
