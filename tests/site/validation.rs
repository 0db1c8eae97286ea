//! What an editor is told when something is wrong, and who gets an address.

use atlas::actions::unpublish::Then;
use atlas::error::Error;
use serde_json::json;

use crate::on_both;
use crate::support::site::Site;

on_both! {
    async fn every_wrong_field_is_named_at_once(site: Site) {
        let region = site.region("North").publish().await;
        let place = site
            .place(" ", region)
            .slug("a/b")
            .canonical(Some("elsewhere"))
            .field("business_type", json!("spaceport"))
            .field("colour", json!("red"));
        let Error::Invalid(problems) = place.try_draft().await.unwrap_err() else { panic!() };
        let fields: Vec<&str> = problems.0.iter().filter_map(|problem| problem.field.as_deref()).collect();
        assert_eq!(fields, ["title", "seo.canonical", "slug", "colour", "business_type", "city"], "{problems}");
    }

    async fn a_place_needs_its_city(site: Site) {
        let city = site.city("Rasht", site.region("North").publish().await).publish().await;
        let homeless = site.place("Bazaar", city).field("city", json!(null));
        let refused = homeless.try_draft().await.unwrap_err().to_string();
        assert!(refused.starts_with("`city`: "), "{refused}");
    }

    async fn reserved_paths_are_refused(site: Site) {
        for slug in ["admin", "api", "static", "media", "search", "healthz", "robots.txt", "sitemap.xml",
            "sitemap-places.xml", "feed.xml", "places", "Places", "articles", "fa", "FA"]
        {
            let refused = site.page("Page").slug(slug).try_draft().await.unwrap_err();
            let Error::Invalid(problems) = &refused else { panic!("{slug}: {refused:?}") };
            assert_eq!(problems.0.len(), 1, "{slug}");
            assert_eq!(problems.0[0].field.as_deref(), Some("slug"), "{slug}");
            assert!(problems.0[0].reason.starts_with(&format!("the path /{slug} belongs to ")), "{refused}");
        }
        let listing = site.page("Page").slug("places").in_locale("fa", None).try_draft().await.unwrap_err();
        assert_eq!(
            listing.to_string(),
            "`slug`: the path /fa/places belongs to the listing of Places; choose another slug"
        );
    }

    async fn a_slug_made_from_the_title_gives_way_and_a_given_one_does_not(site: Site) {
        let mut paths = Vec::new();
        for _ in 0..3 {
            let id = site.article("Night walks").publish().await;
            paths.push(site.path_of(id).await);
        }
        assert_eq!(paths, ["/articles/night-walks", "/articles/night-walks-2", "/articles/night-walks-3"]);
        let refused = site.article("Another").slug("Night-Walks").try_publish().await.unwrap_err();
        let Error::Conflict(reason) = refused else { panic!("{refused:?}") };
        assert_eq!(reason, "the path /articles/night-walks is taken by “Night walks”; choose another slug");
        let page = site.page("Places").publish().await;
        assert_eq!(site.path_of(page).await, "/places-2", "a listing has /places");
    }

    async fn a_title_change_moves_nothing(site: Site) {
        let id = site.article("First").publish().await;
        site.edit(id).await.title("Second").slug("").publish().await;
        assert_eq!((site.path_of(id).await, site.entry(id).await.title), ("/articles/first".into(), "Second".into()));
    }

    async fn a_draft_in_the_trash_blocks_nobody(site: Site) {
        let draft = site.article("Draft").slug("wanted").draft().await;
        let taken = site.article("Other").slug("wanted").try_draft().await.unwrap_err();
        assert!(taken.to_string().ends_with("is taken by “Draft”; choose another slug"), "{taken}");
        site.trash(draft, Then::Gone).await.unwrap();
        let other = site.article("Other").slug("wanted").publish().await;
        assert_eq!(site.path_of(other).await, "/articles/wanted");
        site.restore(draft).await.unwrap();
        assert_eq!(site.address(draft).await, None);
        site.edit(draft).await.slug("unwanted").draft().await;
        assert_eq!(site.path_of(draft).await, "/articles/unwanted");
    }

    async fn a_path_that_was_public_is_reused_only_on_purpose(site: Site) {
        let first = site.article("First").slug("same").publish().await;
        site.trash(first, Then::Gone).await.unwrap();
        let refused = site.article("Second").slug("SAME").try_publish().await.unwrap_err();
        let Error::Conflict(reason) = refused else { panic!("{refused:?}") };
        assert_eq!(
            reason,
            "the path /articles/same was public before and belongs to “First”; \
             choose another slug, or have it reused by the command line"
        );
        let second = site.article("Second").slug("SAME").reuse(true).publish().await;
        assert_eq!(site.path_of(second).await, "/articles/SAME");
    }

    async fn a_live_page_can_not_be_taken_even_on_purpose(site: Site) {
        site.article("First").slug("same").publish().await;
        let refused = site.article("Second").slug("same").reuse(true).try_publish().await.unwrap_err();
        assert!(matches!(refused, Error::Conflict(_)), "{refused:?}");
    }

    async fn a_language_has_one_translation_each(site: Site) {
        let original = site.article("One").publish().await;
        let persian = site.article("یک").in_locale("fa", Some(original)).publish().await;
        assert_eq!(site.entry(persian).await.translation_group, original);
        for (locale, of, problem) in [
            ("fa", Some(original), "`translation_of`: “One” is there in `fa` already"),
            ("en", Some(original), "`translation_of`: “One” is there in `en` already"),
            ("fa", Some(999), "`translation_of`: entry 999 is no article that could be translated"),
            ("de", None, "`locale`: the site has no language `de`"),
        ] {
            let refused = site.article("Two").in_locale(locale, of).try_draft().await.unwrap_err();
            assert_eq!(refused.to_string(), problem);
        }
        site.trash(persian, Then::Gone).await.unwrap();
        let refused = site.article("Two").in_locale("fa", Some(original)).try_draft().await.unwrap_err();
        let problem = "`translation_of`: “One” is there in `fa` already, in the trash: restore it";
        assert_eq!(refused.to_string(), problem);
    }
}
