//! Whole sites, walked as a crawler does, without a fault anywhere: the sample, and two thousand cities.
//! The blog's walk is in `web_blog.rs`.

use std::fs;

use atlas::actions::import::{Options, Unwatched, sample, table};
use atlas::entry::Actor;
use atlas::source::csv;

use crate::on_both;
use crate::support::walk::Walk;
use crate::support::web::{Site, shared};

/// How many cities are taken in; there are seventeen times as many.
const CITIES: usize = 2_000;

on_both! {
    async fn the_sample_is_a_whole_site(site: Site) {
        sample::load(&site.app).await.unwrap().expect("the site is empty");
        let walk = Walk::everything(&site).await;
        assert!(walk.pages.len() > 80, "{} pages", walk.pages.len());
        assert_whole(&walk);
    }

    async fn two_thousand_cities_are_a_whole_site(site: Site) {
        let (Some(countries), Some(cities)) = (shared("countries.csv"), shared("cities.csv")) else { return };
        let text = fs::read_to_string(cities).unwrap();
        let first: String = text.lines().take(CITIES + 1).map(|line| format!("{line}\n")).collect();
        let cities = site.database.folder.path().join("cities.csv");
        fs::write(&cities, first).unwrap();
        for (kind, file, maps) in [
            ("region", countries, &["title=name", "slug=iso", "population=population"][..]),
            ("city", cities, &["title=name", "region=country", "geo=latitude,longitude"][..]),
        ] {
            let maps: Vec<String> = maps.iter().map(|map| (*map).to_owned()).collect();
            let options = Options { kind: Some(kind.into()), ..Options::default() };
            let read = csv::Options::default();
            let report = table::import(&site.app, &Actor::Operator, &file, &maps, &read, &options, &mut Unwatched).await;
            assert_eq!(report.unwrap().problems, []);
        }
        let walk = Walk::everything(&site).await;
        assert!(walk.pages.len() > CITIES + 252, "{} pages", walk.pages.len());
        assert_whole(&walk);
    }
}

#[track_caller]
fn assert_whole(walk: &Walk) {
    let faults = walk.faults();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
