//! A list of thousands: its length and each of its pages, whatever comes and goes.

use atlas::clock::Time;
use atlas::store::lists::Slice;
use atlas::store::shelf_parts;
use atlas::store::shelves::{self, Asked, SITE, Shelved};

use crate::on_both;
use crate::support::random::Random;
use crate::support::site::Site;

/// More than are in one part.
const ENTRIES: i64 = 9_000;

fn place(number: i64) -> Shelved {
    Shelved {
        hub: SITE,
        locale: "en".into(),
        shelf: "place".into(),
        rank: (number * 7_919 % 40) as f64,
        at: Time(number * 104_729 % 1_000),
        name: String::new(),
    }
}

/// What a page should hold, by going through the whole list.
async fn expected(site: &Site, backwards: bool) -> Vec<i64> {
    let sql = if backwards {
        "SELECT entry_id FROM shelves WHERE hub = 0 AND shelf = 'place' ORDER BY rank DESC, at DESC, name DESC, entry_id DESC"
    } else {
        "SELECT entry_id FROM shelves WHERE hub = 0 AND shelf = 'place' ORDER BY rank, at, name, entry_id"
    };
    site.rows::<(i64,)>(sql).await.into_iter().map(|(id,)| id).collect()
}

async fn every_page_is_right(site: &Site) {
    for reversed in [false, true] {
        let all = expected(site, !reversed).await;
        let count = shelf_parts::count(&site.app.db, SITE, "en", "place").await.unwrap();
        assert_eq!(count, all.len() as i64);
        let asked = Asked { hub: SITE, locale: "en", shelf: "place", reversed };
        for offset in [0, 24, 4_080, 8_190, 8_192, 8_193, 8_200, 8_900, count - 10, count, count + 100] {
            let found = shelves::slice(&site.app.db, asked, Slice { limit: 24, offset }).await.unwrap();
            let found: Vec<i64> = found.into_iter().map(|listed| listed.id).collect();
            let wanted: Vec<i64> = all.iter().skip(offset as usize).take(24).copied().collect();
            assert_eq!(found, wanted, "{reversed} {offset}");
        }
    }
}

on_both! {
    async fn every_page_of_a_long_list_is_found_without_its_beginning(site: Site) {
        site.tamper(
            "INSERT INTO entries (id, type, locale, translation_group, slug, title, summary, state, visibility,
                                  noindex, published_at, created_at, version)
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000)
             SELECT i, 'place', 'en', i, 'p' || i, 'P' || i, '', 'published', 'public', 1 = 0, 0, 0, 1 FROM n",
        ).await.unwrap();
        site.tamper(
            "INSERT INTO paths (folded, path, kind, entry_id, created_at)
             SELECT '/' || slug, '/' || slug, 'canonical', id, 0 FROM entries",
        ).await.unwrap();
        let tx = site.app.db.begin_in_turn().await.unwrap();
        for id in 1..=ENTRIES {
            shelves::add(&tx, id, &[&place(id)]).await.unwrap();
        }
        tx.commit().await.unwrap();
        let parts = site.rows::<(i64,)>("SELECT entries FROM shelf_parts WHERE shelf = 'place' ORDER BY id").await;
        assert_eq!(parts.len(), 2, "{parts:?}");
        every_page_is_right(&site).await;

        let mut random = Random::seeded(3);
        let tx = site.app.db.begin_in_turn().await.unwrap();
        let mut gone: Vec<i64> = (0..300).map(|_| random.below(ENTRIES as usize) as i64 + 1).collect();
        gone.sort_unstable();
        gone.dedup();
        for id in &gone {
            shelves::take(&tx, *id, &[&place(*id)]).await.unwrap();
        }
        tx.commit().await.unwrap();
        every_page_is_right(&site).await;

        // One that becomes empty is begun anew.
        let small = |id: i64| Shelved { shelf: "area".into(), ..place(id) };
        for (puts, takes, left) in [(vec![1, 2], vec![2, 1], 0), (vec![5], vec![], 1)] {
            let tx = site.app.db.begin_in_turn().await.unwrap();
            for id in puts {
                shelves::add(&tx, id, &[&small(id)]).await.unwrap();
            }
            for id in takes {
                shelves::take(&tx, id, &[&small(id)]).await.unwrap();
            }
            tx.commit().await.unwrap();
            assert_eq!(shelf_parts::count(&site.app.db, SITE, "en", "area").await.unwrap(), left);
        }
    }
}
