//! The rows behind search: written anew they are the same, and both databases count the same words.

use std::collections::BTreeSet;

use atlas::actions::import::Unwatched;
use atlas::actions::reindex::{self, Rebuilt};
use atlas::actions::unpublish::Then;
use atlas::store::search::{self, Narrow};
use atlas::text::search::Query;
use serde_json::json;

use crate::on_both;
use crate::support::database::Engine;
use crate::support::random::Random;
use crate::support::site::Site;

type Row = (i64, String, String, Option<i64>, String, String, String, String);

async fn rows(site: &Site) -> Vec<Row> {
    site.rows(
        "SELECT entry_id, type, locale, city, facts, title, summary, body FROM search ORDER BY entry_id",
    )
    .await
}

async fn found(site: &Site, q: &str) -> BTreeSet<i64> {
    let query = Query::parse(q).unwrap().unwrap();
    let best = search::search(&site.app.db, &query, "en", Narrow::default()).await.unwrap();
    best.ids.into_iter().collect()
}

/// A site with some of everything, some of it taken down.
async fn busy(site: &Site) -> Vec<i64> {
    let region = site.region("Iran").publish().await;
    let city = site.city("Tehran", region).publish().await;
    let mut ids = vec![region, city];
    for number in 0..12 {
        let place = site.place(&format!("Café {number}"), city).field("business_type", json!("cafe"));
        ids.push(place.noindex(number % 5 == 4).publish().await);
    }
    site.unpublish(ids[4], true, Then::Gone).await.unwrap();
    site.trash(ids[5], Then::To(city)).await.unwrap();
    site.restore(ids[5]).await.unwrap();
    site.edit(ids[7]).await.title("Teahouse").publish().await;
    site.edit(city).await.title("Rey").publish().await;
    site.place("Draft", city).draft().await;
    ids
}

on_both! {
    async fn rows_written_anew_are_the_same_rows(site: Site) {
        let ids = busy(&site).await;
        assert_eq!(reindex::keep_up(&site.app, &|| false).await.unwrap(), 8, "the places that name the city");
        let before = rows(&site).await;
        // The cafés of a city are a landing page, which is found too.
        assert_eq!(before.len(), ids.len() - 3);
        let rebuilt = reindex::rebuild(&site.app, &mut Unwatched).await.unwrap();
        assert_eq!(rebuilt, Rebuilt { entries: ids.len() as u64 + 2, found: before.len() as u64 });
        assert_eq!(rows(&site).await, before);
        // As after a migration of a site that is older than its search.
        site.tamper("DELETE FROM search").await.unwrap();
        site.tamper("UPDATE counters SET value = 0 WHERE name = 'search'").await.unwrap();
        assert_eq!(found(&site, "cafe").await, BTreeSet::new());
        assert_eq!(reindex::keep_up(&site.app, &|| true).await.unwrap(), 0, "it stops when it is told to");
        assert_eq!(reindex::keep_up(&site.app, &|| false).await.unwrap(), rebuilt.entries);
        assert_eq!(rows(&site).await, before);
        assert_eq!(reindex::keep_up(&site.app, &|| false).await.unwrap(), 0);
    }

    async fn a_new_site_has_nothing_to_catch_up_with(site: Site) {
        assert_eq!(search::version(&site.app.db).await.unwrap(), search::VERSION);
        site.page("Later").publish().await;
        assert_eq!(reindex::keep_up(&site.app, &|| false).await.unwrap(), 0);
    }

    async fn the_index_of_words_holds_what_the_rows_hold(site: Site) {
        busy(&site).await;
        reindex::keep_up(&site.app, &|| false).await.unwrap();
        if site.database.engine == Engine::Sqlite {
            // The index is compared with the rows, word by word.
            site.tamper("INSERT INTO search_words (search_words, rank) VALUES ('integrity-check', 1)").await.unwrap();
        }
        let mut by_word = BTreeSet::new();
        for (id, _, _, _, _, title, _, body) in rows(&site).await {
            if format!("{title} {body}").split(' ').any(|word| word.starts_with("cafe")) {
                by_word.insert(id);
            }
        }
        assert_eq!(found(&site, "cafe").await, by_word);
    }

    async fn every_word_of_any_script_is_found(site: Site) {
        let mut random = Random::seeded(7);
        let letters: Vec<char> = "aeZ09ßéİøæکیهابآئ١۱कि京かΩджא\u{5B0}กา가\u{200C}-'’🦀_:&|!*\"\\% ".chars().collect();
        let mut titles = Vec::new();
        for number in 0..60 {
            let title: String = (0..random.below(14) + 1).map(|_| random.pick(&letters)).collect();
            let title = format!("x{number} {title} 1e5 a.b 3.14");
            let id = site.page(title.trim()).slug(&format!("page-{number}")).publish().await;
            titles.push((id, title));
        }
        for (id, title) in &titles {
            let Ok(Some(query)) = Query::parse(title) else { continue };
            let best = search::search(&site.app.db, &query, "en", Narrow::default()).await.unwrap();
            assert_eq!(best.ids.first(), Some(id), "{title:?}");
            for word in title.split(' ').filter(|word| matches!(Query::parse(word), Ok(Some(_)))) {
                assert!(found(&site, word).await.contains(id), "{word:?} of {title:?}");
            }
        }
    }

    async fn more_than_can_be_shown_is_said_to_be_more(site: Site) {
        for number in 0..search::MOST + 5 {
            site.page(&format!("Pine number {number}")).publish().await;
        }
        let last = site.page("Pine").publish().await;
        let query = Query::parse("pine").unwrap().unwrap();
        let best = search::search(&site.app.db, &query, "en", Narrow::default()).await.unwrap();
        assert_eq!((best.ids.len(), best.more, best.ids[0]), (search::MOST, true, last));
        let query = Query::parse("pine 20").unwrap().unwrap();
        let best = search::search(&site.app.db, &query, "en", Narrow::default()).await.unwrap();
        assert_eq!((best.ids.len(), best.more), (6, false), "20 and 200 to 204");
    }
}
