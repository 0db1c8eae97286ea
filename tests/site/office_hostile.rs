//! What a form brings besides what it was asked for (SECURITY T25), and what the clock tells (T12).

use std::net::IpAddr;
use std::time::Instant;

use atlas::actions::accounts::{self, SignIn};
use atlas::entry::Role;
use atlas::store::{Ask, users};

use crate::on_both;
use crate::support::database::Engine;
use crate::support::html::Html;
use crate::support::office::{Browser, PASSWORD};
use crate::support::web::Site;

/// Every column of the database, by its own name and by that of its table.
async fn columns(site: &Site) -> Vec<String> {
    let sql = match site.database.engine {
        Engine::Sqlite => {
            "SELECT m.name AS table_name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
             WHERE m.type = 'table' ORDER BY 1, 2"
        }
        Engine::Postgres => {
            "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns
             WHERE table_schema = 'public' ORDER BY 1, 2"
        }
    };
    let found: Vec<(String, String)> = site.app.db.all(sql, vec![]).await.unwrap();
    let names = found.iter().flat_map(|(table, column)| [column.clone(), format!("{table}.{column}")]);
    let mut names: Vec<String> = names.collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// What a table holds of one row, without what differs from row to row.
async fn row(site: &Site, sql: &'static str, id: i64) -> String {
    let (text,): (String,) = site.app.db.one(sql, vec![id.into()]).await.unwrap();
    text
}

const USER: &str = "SELECT role || ' ' || CAST(created_at AS TEXT) || ' ' || COALESCE(CAST(disabled_at AS TEXT), '-')
    || ' ' || (SELECT COALESCE(MAX(CAST(c.changed_at AS TEXT) || c.password), '-') FROM credentials c WHERE c.user_id = u.id)
    || ' ' || (SELECT CAST(COUNT(*) AS TEXT) FROM second_factors f WHERE f.user_id = u.id)
    FROM users u WHERE u.id = $1";

const ENTRY: &str =
    "SELECT type || ' ' || locale || ' ' || state || ' ' || visibility || ' ' || CAST(noindex AS TEXT)
    || ' ' || CAST(created_at AS TEXT) || ' ' || CAST(version AS TEXT)
    || ' ' || COALESCE(CAST(live_revision AS TEXT), '-') || ' ' || COALESCE(CAST(published_at AS TEXT), '-')
    || ' ' || COALESCE(CAST(modified_at AS TEXT), '-') || ' ' || COALESCE(CAST(publish_at AS TEXT), '-')
    || ' ' || COALESCE(CAST(unpublish_at AS TEXT), '-') || ' ' || COALESCE(content_hash, '-')
    || ' ' || COALESCE(CAST(replaced_by AS TEXT), '-') || ' ' || COALESCE(CAST(parent_id AS TEXT), '-')
    || ' ' || (SELECT MAX(r.actor) || CAST(COUNT(*) AS TEXT) FROM revisions r WHERE r.entry_id = e.id)
    FROM entries e WHERE e.id = $1";

/// Sends a form as it is drawn, with these values typed, and every column besides that it has no field for.
async fn send_more(
    browser: &mut Browser<'_>,
    page: &Html,
    action: &str,
    typed: &[(&str, &str)],
    columns: &[String],
) -> u16 {
    let own = page.fields_of(action);
    let more = columns.iter().filter(|column| !own.iter().any(|(name, _)| name == *column));
    // Numbers, words and instants: whatever the column holds would be another value.
    let more: Vec<(&str, &str)> = more.map(|column| (column.as_str(), "1")).collect();
    assert!(more.len() > 100, "{} columns are no database", more.len());
    browser.submit(page, action, &[typed, &more].concat()).await.status
}

on_both! {
    async fn no_form_sets_more_than_it_asks_for(site: Site) {
        let columns = columns(&site).await;
        let mut owner = site.signed_in("Leila", Role::Owner).await;
        let mut ada = site.signed_in("Ada", Role::Author).await;
        let id = async |name: &str| {
            let email = format!("{name}@example.org");
            users::find_by_email(&site.app.db, &email).await.unwrap().unwrap().id
        };
        // One's own account.
        let (own, before) = (id("ada").await, row(&site, USER, id("ada").await).await);
        let page = ada.page("/admin/account").await;
        let typed = [("name", "Ada L."), ("email", "ada@example.org")];
        assert_eq!(send_more(&mut ada, &page, "/admin/account", &typed, &columns).await, 303);
        assert_eq!(row(&site, USER, own).await, before);
        // Somebody new, beside one who was made without anything more.
        let page = owner.page("/admin/users").await;
        for (name, more) in [("plain", &[][..]), ("stuffed", &columns[..])] {
            let email = format!("{name}@example.org");
            let typed = [("email", email.as_str()), ("name", name), ("role", "contributor")];
            let status = if more.is_empty() {
                owner.submit(&page, "/admin/users", &typed).await.status
            } else {
                send_more(&mut owner, &page, "/admin/users", &typed, more).await
            };
            assert_eq!(status, 200);
        }
        let plain = row(&site, USER, id("plain").await).await;
        assert_eq!(row(&site, USER, id("stuffed").await).await, plain);
        assert_eq!(plain, format!("contributor {} - - 0", site.app.clock.now().0));
        // An entry, made and saved.
        let new = ada.page("/admin/types/article/new").await;
        let mut made = Vec::new();
        for (title, more) in [("Plain", false), ("Stuffed", true)] {
            let typed = [("title", title), ("body", "It rains.")];
            let status = if more {
                send_more(&mut ada, &new, "/admin/types/article", &typed, &columns).await
            } else {
                ada.submit(&new, "/admin/types/article", &typed).await.status
            };
            assert_eq!(status, 303, "{title}");
            let (entry,): (i64,) = site.app.db.one("SELECT MAX(id) FROM entries", vec![]).await.unwrap();
            let target = format!("/admin/entries/{entry}");
            let page = ada.page(&target).await;
            let typed = [("body", "It rains still.")];
            let status = if more {
                send_more(&mut ada, &page, &target, &typed, &columns).await
            } else {
                ada.submit(&page, &target, &typed).await.status
            };
            assert_eq!(status, 303, "{title}");
            made.push(row(&site, ENTRY, entry).await);
        }
        assert_eq!(made[0], made[1]);
        assert!(made[0].starts_with("article en draft public "), "{}", made[0]);
        assert!(made[0].ends_with(&format!("user:{own}2")), "{}", made[0]);
    }

    async fn the_clock_does_not_tell_who_is_there(site: Site) {
        let leila = site.user("Leila", Role::Editor).await;
        let rounds = if std::env::var_os("ATLAS_TEST_FULL").is_some() { 500 } else { 5 };
        let mut took = [Vec::new(), Vec::new()];
        for round in 0..rounds {
            // An hour later every door is as if nobody had tried it.
            site.app.clock.advance(2 * 3_600_000);
            let client: IpAddr = format!("10.{}.{}.1", round / 250, round % 250).parse().unwrap();
            let nobody = format!("nobody{round}@example.org");
            for (at, email) in [leila.email.as_str(), &nobody].into_iter().enumerate() {
                let begun = Instant::now();
                let tried = accounts::sign_in(&site.app, email, "a wrong password it is", client).await.unwrap();
                took[at].push(begun.elapsed().as_secs_f64());
                assert!(matches!(tried, SignIn::Wrong), "{email}");
            }
        }
        assert!(matches!(
            accounts::sign_in(&site.app, &leila.email, PASSWORD, "192.0.2.1".parse().unwrap()).await.unwrap(),
            SignIn::Welcome(_)
        ));
        let [known, unknown] = took.map(|mut took| {
            took.sort_by(f64::total_cmp);
            took
        });
        let (one, other) = (known[rounds / 2], unknown[rounds / 2]);
        println!("median of {rounds}: known {:.2} ms, unknown {:.2} ms", one * 1e3, other * 1e3);
        // A few say nothing but that the hash is made for both; it takes thousands of times a look-up.
        let most = if rounds >= 500 { 0.05 } else { 0.6 };
        assert!((one - other).abs() / one.max(other) < most, "known {one}, unknown {other}");
    }
}
