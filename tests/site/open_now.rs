//! Whether a place is open, on its page: right at every instant, by the clocks of the place.

use atlas::clock::Time;
use atlas::entry::Content;
use atlas::store::entries::{self, Entry};
use serde_json::{Value, json};

use crate::on_both;
use crate::support::web::{Site, content};

const PLACE: &str = "/iran/tehran/cafe";

/// A café in a city that names its time zone, as far as it is given one.
async fn cafe(site: &Site, zone: Option<&str>, hours: &str) -> i64 {
    let region = site.publish("region", content("Iran", json!({}))).await;
    let mut fields = json!({ "region": region });
    if let (Some(zone), Some(fields)) = (zone, fields.as_object_mut()) {
        fields.insert("time_zone".into(), json!(zone));
    }
    let city = site.publish("city", content("Tehran", fields)).await;
    site.publish("place", content("Cafe", json!({ "city": city, "hours": hours }))).await
}

/// The line of the page.
async fn line(site: &Site) -> Option<String> {
    let page = site.page(PLACE).await;
    page.0.iter().find(|element| element.is("open-now")).map(|element| element.text.trim().to_owned())
}

async fn row(site: &Site, id: i64) -> Entry {
    entries::find(&site.app.db, id).await.unwrap().unwrap()
}

/// Lets the site's clock go on to an instant.
fn wait_until(site: &Site, instant: &str) {
    let until = Time::parse(instant).unwrap();
    site.app.clock.advance(until.0 - site.app.clock.now().0);
}

on_both! {
    async fn a_page_in_memory_says_it_as_long_as_it_is_true(site: Site) {
        let place = cafe(&site, Some("Asia/Tehran"), "su-mo 09:00-18:00; 2026-11-24 closed").await;
        let before = row(&site, place).await;
        // Sunday, 22 November 2026, 15:30 in Tehran; the page stays in memory for an hour.
        for (instant, said) in [
            ("2026-11-22T12:00:00Z", "Open now, until 18:00"),
            ("2026-11-22T14:29:59Z", "Open now, until 18:00"),
            ("2026-11-22T14:30:00Z", "Closed, opens tomorrow at 09:00"),
            ("2026-11-22T20:29:59Z", "Closed, opens tomorrow at 09:00"),
            ("2026-11-22T20:30:00Z", "Closed, opens at 09:00"),
            ("2026-11-23T05:29:59Z", "Closed, opens at 09:00"),
            ("2026-11-23T05:30:00Z", "Open now, until 18:00"),
            ("2026-11-23T14:30:00Z", "Closed, opens Sunday at 09:00"),
        ] {
            wait_until(&site, instant);
            assert_eq!(line(&site).await.as_deref(), Some(said), "{instant}");
            // From memory, the same.
            let asked = site.app.db.queries();
            assert_eq!(line(&site).await.as_deref(), Some(said), "{instant}");
            assert_eq!(site.app.db.queries(), asked, "{instant}");
        }
        let answer = site.get(PLACE).await;
        let kept = answer.header("cache-control");
        assert_eq!(kept, "public, max-age=0, s-maxage=10, stale-while-revalidate=60, stale-if-error=86400");
        // Nothing of the entry has changed by it.
        assert_eq!(row(&site, place).await, before);
        let graph = site.page(PLACE).await.graph().to_string();
        assert!(graph.contains("openingHoursSpecification") && !graph.contains("Open now"), "{graph}");
    }

    async fn the_zone_is_the_nearest_that_is_named(site: Site) {
        let place = cafe(&site, Some("Europe/Berlin"), "daily 09:00-18:00").await;
        // 12:00 UTC is 13:00 in Berlin, 15:30 in Tehran, 21:00 in Tokyo.
        assert_eq!(line(&site).await.as_deref(), Some("Open now, until 18:00"));
        let hours = |hours: &'static str| move |content: &mut Content| { content.fields.insert("hours".into(), json!(hours)); };
        site.edit(place, hours("Asia/Tokyo; daily 09:00-18:00")).await;
        assert_eq!(line(&site).await.as_deref(), Some("Closed, opens tomorrow at 09:00"));
        // A zone that does not exist is not replaced by a guess.
        site.edit(place, hours("Asia/Nowhere; daily 09:00-18:00")).await;
        assert_eq!(line(&site).await, None);
        site.edit(place, |content| { content.fields.remove("hours"); }).await;
        assert_eq!(line(&site).await, None);
    }

    async fn without_a_zone_nothing_is_said_unless_the_site_has_one(site: Site) {
        cafe(&site, None, "daily 09:00-18:00").await;
        assert_eq!(line(&site).await, None);
        let answer = site.get(PLACE).await;
        assert!(answer.header("cache-control").contains("stale-while-revalidate=86400"));
        let folder = site.database.folder.path().join("content");
        std::fs::create_dir_all(&folder).unwrap();
        let own = "name = \"Here\"\ntime_zone = \"Asia/Tokyo\"\n[[locale]]\ncode = \"en\"\nlabel = \"English\"\n";
        std::fs::write(folder.join("site.toml"), own).unwrap();
        let node = site.another(&[("content", &folder.display().to_string())]).await;
        assert!(node.get(PLACE).await.text().contains("Closed, opens tomorrow at 09:00"));
    }

    async fn a_city_that_names_another_zone_moves_its_places(site: Site) {
        let place = cafe(&site, Some("Europe/Berlin"), "daily 09:00-18:00").await;
        assert_eq!(line(&site).await.as_deref(), Some("Open now, until 18:00"));
        let city = row(&site, place).await.path_parent_id.expect("it lies in a city");
        site.edit(city, |content| { content.fields.insert("time_zone".into(), Value::from("Asia/Tokyo")); }).await;
        assert_eq!(line(&site).await.as_deref(), Some("Closed, opens tomorrow at 09:00"));
    }
}
