//! Moving an entry moves everything below it, in one transaction, or nothing.

use atlas::actions::unpublish::Then;
use atlas::app::Answered;
use atlas::error::Error;
use serde_json::json;

use crate::on_both;
use crate::support::site::{Site, moved};

on_both! {
    async fn a_city_takes_its_two_hundred_places_along(site: Site) {
        let (north, south) = (site.region("North").publish().await, site.region("South").publish().await);
        let city = site.city("Rasht", north).publish().await;
        let mut places = Vec::new();
        for number in 1..=200 {
            places.push(site.place(&format!("Place {number}"), city).publish().await);
        }
        assert_eq!(site.path_of(places[199]).await, "/north/rasht/place-200");
        let changes = site.app.sequence();

        site.edit(city).await.field("region", json!(south)).publish().await;

        assert_eq!(site.app.sequence(), changes + 1, "all of it is one change");
        for (number, id) in (1..=200).zip(places) {
            let (old, new) = (format!("/north/rasht/place-{number}"), format!("/south/rasht/place-{number}"));
            assert_eq!(site.answer(&new).await, Answered::Entry { id, path: new.clone() });
            assert_eq!(site.answer(&old).await, moved(&new));
        }
        assert_eq!(site.answer("/north/rasht").await, moved("/south/rasht"));
        let (detail,): (String,) =
            site.rows("SELECT detail FROM audit WHERE action = 'move' ORDER BY id DESC LIMIT 1").await.remove(0);
        assert_eq!(detail, r#"{"to":"/south/rasht","with":200}"#);
    }

    async fn a_region_takes_its_cities_and_their_places_along_and_back(site: Site) {
        let region = site.region("North").publish().await;
        let city = site.city("Rasht", region).publish().await;
        let place = site.place("Bazaar", city).publish().await;
        site.edit(region).await.slug("gilan").publish().await;
        assert_eq!(site.path_of(place).await, "/gilan/rasht/bazaar");
        site.edit(city).await.slug("rasht-city").publish().await;
        site.edit(region).await.slug("north").publish().await;
        let here = "/north/rasht-city/bazaar";
        assert_eq!(site.answer(here).await, Answered::Entry { id: place, path: here.into() });
        for old in ["/north/rasht/bazaar", "/gilan/rasht/bazaar", "/gilan/rasht-city/bazaar"] {
            assert_eq!(site.answer(old).await, moved(here), "{old}");
        }
    }

    async fn a_translated_child_of_an_untranslated_page_moves_within_its_language(site: Site) {
        let about = site.page("About").publish().await;
        let team = site.page("Team").parent(Some(about)).in_locale("fa", None).publish().await;
        assert_eq!(site.path_of(team).await, "/fa/about/team");
        site.edit(about).await.slug("info").publish().await;
        assert_eq!(site.path_of(team).await, "/fa/info/team");
        assert_eq!(site.answer("/fa/about/team").await, moved("/fa/info/team"));
    }

    async fn the_drafts_below_a_draft_move_with_it(site: Site) {
        let parent = site.page("Parent").draft().await;
        let child = site.page("Child").parent(Some(parent)).publish().await;
        site.edit(parent).await.slug("elder").draft().await;
        assert_eq!(site.path_of(child).await, "/elder/child");
        site.publish(parent, false).await.unwrap();
        site.edit(parent).await.slug("eldest").publish().await;
        assert_eq!(site.path_of(child).await, "/eldest/child");
        assert_eq!(site.answer("/parent/child").await, moved("/eldest/child"));
        assert_eq!(site.answer("/elder/child").await, moved("/eldest/child"));
        assert_eq!(site.answer("/parent").await, Answered::NotFound, "nobody ever saw the draft there");
    }

    async fn a_move_onto_anothers_path_changes_nothing(site: Site) {
        let (north, south) = (site.region("North").publish().await, site.region("South").publish().await);
        let city = site.city("Rasht", north).publish().await;
        let place = site.place("Bazaar", city).publish().await;
        let other = site.city("Rasht", south).publish().await;
        let before: Vec<(String, String)> = site.rows("SELECT path, kind FROM paths ORDER BY folded").await;
        let version = site.version(city).await;

        let refused = site.edit(city).await.field("region", json!(south)).try_publish().await.unwrap_err();

        let Error::Conflict(reason) = refused else { panic!("{refused:?}") };
        assert_eq!(reason, "the path /south/rasht is taken by “Rasht”; choose another slug");
        let after: Vec<(String, String)> = site.rows("SELECT path, kind FROM paths ORDER BY folded").await;
        assert_eq!(after, before);
        assert_eq!(site.version(city).await, version);
        assert_eq!(site.path_of(place).await, "/north/rasht/bazaar");
        assert_eq!(site.path_of(other).await, "/south/rasht");
    }

    async fn a_move_whose_child_meets_an_old_address_of_another_asks_first(site: Site) {
        let (north, south) = (site.region("North").publish().await, site.region("South").publish().await);
        let rasht = site.city("Rasht", north).publish().await;
        let bazaar = site.place("Bazaar", rasht).publish().await;
        let other = site.city("Other", south).publish().await;
        let once = site.page("Once").fixed_path("/south/rasht/bazaar").publish().await;
        site.edit(once).await.fixed_path("/once").publish().await;
        let refused = site.edit(rasht).await.field("region", json!(south)).try_publish().await.unwrap_err();
        let Error::Conflict(reason) = refused else { panic!("{refused:?}") };
        assert_eq!(
            reason,
            "the path /south/rasht/bazaar was public before and belongs to “Once”; \
             choose another slug, or have it reused by the command line"
        );
        site.edit(rasht).await.field("region", json!(south)).reuse(true).publish().await;
        let here = "/south/rasht/bazaar";
        assert_eq!(site.answer(here).await, Answered::Entry { id: bazaar, path: here.into() });
        assert_eq!(site.path_of(other).await, "/south/other");
    }

    async fn nothing_stands_below_itself(site: Site) {
        let top = site.page("Top").publish().await;
        let middle = site.page("Middle").parent(Some(top)).publish().await;
        let low = site.page("Low").parent(Some(middle)).publish().await;
        for above in [top, middle, low] {
            let refused = site.edit(top).await.parent(Some(above)).try_publish().await.unwrap_err();
            assert!(refused.to_string().starts_with("`parent`: leads back to this entry"), "{refused}");
        }
        assert_eq!(site.path_of(low).await, "/top/middle/low");
    }

    async fn two_drafts_that_are_fine_alone_make_no_circle(site: Site) {
        let (one, two) = (site.page("One").publish().await, site.page("Two").publish().await);
        site.edit(one).await.parent(Some(two)).draft().await;
        site.edit(two).await.parent(Some(one)).draft().await;
        site.publish(one, false).await.unwrap();
        let refused = site.publish(two, false).await.unwrap_err();
        assert!(refused.to_string().starts_with("`parent`: leads back to this entry"), "{refused}");
        assert_eq!((site.path_of(one).await, site.path_of(two).await), ("/two/one".into(), "/two".into()));
    }

    async fn an_entry_comes_back_though_another_has_its_address(site: Site) {
        let first = site.article("Spring").slug("spring").publish().await;
        site.trash(first, Then::Gone).await.unwrap();
        let second = site.article("Spring again").slug("spring").reuse(true).publish().await;
        site.restore(first).await.unwrap();
        assert_eq!(site.address(first).await, None);
        let refused = site.publish(first, false).await.unwrap_err();
        assert!(refused.to_string().contains("is taken by “Spring again”"), "{refused}");
        site.edit(first).await.slug("first-spring").publish().await;
        assert_eq!(site.path_of(first).await, "/articles/first-spring");
        assert_eq!(site.path_of(second).await, "/articles/spring");
    }

    async fn a_restored_draft_changes_nothing_for_the_public(site: Site) {
        let old = site.article("Old").publish().await;
        let new = site.article("New").publish().await;
        site.trash(old, Then::To(new)).await.unwrap();
        let before = site.answer("/articles/old").await;
        assert!(matches!(&before, Answered::Redirect { to, .. } if to == "/articles/new"), "{before:?}");
        site.restore(old).await.unwrap();
        assert_eq!(site.answer("/articles/old").await, before);
        site.publish(old, false).await.unwrap();
        let here = "/articles/old".to_owned();
        assert_eq!(site.answer("/articles/old").await, Answered::Entry { id: old, path: here });
    }

    async fn a_draft_that_is_to_take_a_path_over_waits_for_its_publication(site: Site) {
        let old = site.article("Old").slug("same").publish().await;
        site.edit(old).await.slug("other").publish().await;
        let new = site.article("New").slug("same").reuse(true).draft().await;
        assert_eq!(site.answer("/articles/same").await, moved("/articles/other"));
        site.publish(new, true).await.unwrap();
        let here = "/articles/same".to_owned();
        assert_eq!(site.answer("/articles/same").await, Answered::Entry { id: new, path: here });
    }
}
