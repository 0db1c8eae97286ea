//! `atlas bench seed`: made-up entries that no table can tell from saved ones.

use atlas::actions::import::Unwatched;
use atlas::actions::reconcile;
use atlas::actions::seed::{Options, Report, seed};
use atlas::entry::Actor;
use atlas::error::{Error, Result};
use atlas::store::{Ask, Row};

use crate::on_both;
use crate::support::import::Site;

async fn fill(site: &Site, options: Options) -> Result<Report> {
    seed(&site.app, &Actor::Operator, options, &mut Unwatched).await
}

fn options(entries: u64, seed: u64) -> Options {
    Options { entries, seed, anyway: false }
}

async fn rows<T: Row>(site: &Site, sql: &'static str) -> Vec<T> {
    site.app.db.all(sql, vec![]).await.unwrap()
}

/// A row of a list, or of what is known of a landing page.
type Place = (i64, String, String, i64);

async fn titles(site: &Site) -> Vec<(String, String, String)> {
    rows(
        site,
        "SELECT e.type, e.title, p.path FROM entries e JOIN paths p ON p.entry_id = e.id ORDER BY e.id",
    )
    .await
}

on_both! {
    async fn a_seed_fills_an_empty_site_the_same_way_every_time_and_no_other(site: Site) {
        let report = fill(&site, options(300, 7)).await.unwrap();
        assert_eq!(report.entries, 300);
        let made = titles(&site).await;
        assert_eq!(made.len() as u64, 300 + report.landings);
        assert!(report.landings > 0, "{report:?}");
        let refused = fill(&site, options(300, 7)).await.unwrap_err();
        assert!(matches!(refused, Error::Invalid(_)), "{refused}");
        let mut again = site;
        again.begin_anew().await;
        fill(&again, options(300, 7)).await.unwrap();
        assert_eq!(titles(&again).await, made);
        again.begin_anew().await;
        fill(&again, options(300, 8)).await.unwrap();
        assert_ne!(titles(&again).await, made);
    }

    async fn what_a_seed_leaves_is_what_the_engine_would_work_out_anew(site: Site) {
        fill(&site, options(300, 7)).await.unwrap();
        assert_eq!(reconcile::reconcile_if_needed(&site.app).await.unwrap(), None);
        let lists = "SELECT hub, locale, shelf, entry_id FROM shelves ORDER BY hub, locale, shelf, entry_id";
        let landings = "SELECT hub, definition, facet, entries FROM landings ORDER BY hub, definition, facet, locale";
        let before: (Vec<Place>, Vec<Place>) = (rows(&site, lists).await, rows(&site, landings).await);
        let anew = reconcile::reconcile(&site.app).await.unwrap();
        assert_eq!((anew.made, anew.changed, anew.removed), (0, 0, 0));
        assert_eq!((rows(&site, lists).await, rows(&site, landings).await), before);
    }
}
