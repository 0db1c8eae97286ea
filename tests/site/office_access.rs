//! Getting into the back office, and being kept out.

use atlas::actions::Change;
use atlas::actions::accounts;
use atlas::entry::{Actor, Role};
use atlas::store::{Ask, sessions, users};
use atlas::web::admin::{Need, doors};

use crate::on_both;
use crate::support::office::{Browser, PASSWORD};
use crate::support::web::{Node, Site};

async fn owner_link(node: &Node) -> String {
    let secret = accounts::owner_link(&node.app).await.unwrap().expect("there is no owner yet");
    format!("/admin/welcome/{}", secret.reveal())
}

on_both! {
    async fn the_first_owner_comes_in_by_the_link_and_nobody_after(site: Site) {
        let link = owner_link(&site).await;
        let mut browser = site.browser();
        let page = browser.page(&link).await;
        assert!(page.meta("robots").contains("noindex"));
        let typed = [("email", "Leila@Example.org"), ("name", "Leila"), ("password", PASSWORD)];
        let wrong = browser.submit(&page, &link, &[typed[0], typed[1], ("password", "leila")]).await;
        assert_eq!(wrong.status, 422);
        let again = atlas_html(&wrong);
        assert_eq!(again.fields_of(&link), [
            ("email".into(), "Leila@Example.org".to_owned()),
            ("name".into(), "Leila".to_owned()),
            ("password".into(), String::new()),
        ], "what was typed is kept, the password is not");
        let answer = browser.submit(&page, &link, &typed).await;
        assert_eq!(answer.hop(), "303 /admin");
        browser.page("/admin").await;
        let owner = users::find_by_email(&site.app.db, "leila@example.org").await.unwrap().unwrap();
        assert_eq!((owner.role(), owner.name.as_str()), (Role::Owner, "Leila"));
        // Used up, and no other is made.
        let mut other = site.browser();
        assert_eq!(other.get(&link).await.status, 404);
        assert_eq!(other.post(&link, &typed).await.status, 404);
        assert!(accounts::owner_link(&site.app).await.unwrap().is_none());
        let stored: Vec<(String,)> = site.app.db.all("SELECT password FROM credentials", vec![]).await.unwrap();
        assert!(stored[0].0.starts_with("$argon2id$v=19$m=47104,t=1,p=1$"));
    }

    async fn a_link_is_replaced_by_the_next_and_expires(site: Site) {
        let first = owner_link(&site).await;
        let second = owner_link(&site).await;
        let mut browser = site.browser();
        assert_eq!(browser.get(&first).await.status, 404);
        assert_eq!(browser.get(&second).await.status, 200);
        site.app.clock.advance(3 * 24 * 3_600_000);
        assert_eq!(browser.get(&second).await.status, 404);
        let digests: Vec<(String,)> =
            site.app.db.all("SELECT digest FROM one_time_links", vec![]).await.unwrap();
        assert!(digests.iter().all(|(digest,)| !second.contains(digest.as_str())));
    }

    async fn nobody_learns_whether_a_user_is_there(site: Site) {
        let user = site.user("Leila", Role::Editor).await;
        let gone = site.user("Gone", Role::Editor).await;
        let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
        accounts::set_disabled(&mut change, gone.id, true).await.unwrap();
        change.commit().await.unwrap();
        let mut answers = Vec::new();
        for (email, password) in [
            (user.email.as_str(), "a wrong password it is"),
            ("nobody@example.org", "a wrong password it is"),
            (gone.email.as_str(), PASSWORD),
        ] {
            let mut browser = site.browser();
            let answer = browser.sign_in(email, password).await;
            assert_eq!(answer.status, 422);
            assert!(browser.cookie.is_none(), "no session begins");
            answers.push(answer.text().replace(email, ""));
        }
        assert_eq!(answers[0], answers[1]);
        assert_eq!(answers[0], answers[2]);
    }

    async fn guessing_has_to_wait_and_forged_addresses_don_t_help(site: Site) {
        let user = site.user("Leila", Role::Editor).await;
        // The test's own address is that of a trusted proxy; a node that trusts none sees through it.
        let node = site.another(&[("trusted_proxies", "none")]).await;
        let mut browser = node.browser();
        let mut statuses = Vec::new();
        for guess in 0..6 {
            let body = crate::support::office::form(&[("email", &user.email), ("password", "a wrong password")]);
            let forged = format!("192.0.{guess}.1");
            let headers = [("sec-fetch-site", "same-origin"), ("x-forwarded-for", forged.as_str())];
            statuses.push(browser.ask("POST", "/admin/sign-in", &headers, &body).await.status);
        }
        assert_eq!(statuses, [422, 422, 422, 422, 429, 429]);
        assert_eq!(browser.sign_in(&user.email, PASSWORD).await.status, 429, "the right one waits as well");
        node.app.clock.advance(2_000);
        assert_eq!(browser.sign_in(&user.email, PASSWORD).await.hop(), "303 /admin");
        // Another network was never kept waiting.
        let body = crate::support::office::form(&[("email", &user.email), ("password", PASSWORD)]);
        let headers = [("sec-fetch-site", "same-origin"), ("x-forwarded-for", "198.51.100.9")];
        assert_eq!(site.browser().ask("POST", "/admin/sign-in", &headers, &body).await.status, 303);
    }

    async fn a_session_has_a_new_id_a_strict_cookie_and_an_end(site: Site) {
        let user = site.user("Leila", Role::Editor).await;
        let mut browser = site.browser();
        browser.cookie = Some("__Host-sid=AAAAAAAAAAAAAAAAAAAAAA".to_owned());
        let answer = browser.sign_in(&user.email, PASSWORD).await;
        let cookie = answer.header("set-cookie");
        assert!(cookie.starts_with("__Host-sid=") && !cookie.contains("AAAAAAAAAA"), "{cookie}");
        for part in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(part), "{part} in {cookie}");
        }
        assert!(!cookie.contains("Domain") && !cookie.contains("Max-Age"), "{cookie}");
        let id = browser.cookie.clone().unwrap().replace("__Host-sid=", "");
        let rows: Vec<(String, String)> =
            site.app.db.all("SELECT digest, data FROM sessions", vec![]).await.unwrap();
        assert!(rows.iter().all(|(digest, data)| !digest.contains(&id) && !data.contains(&id)));
        let answer = browser.get("/admin").await;
        assert_eq!(answer.header("cache-control"), "private, no-store");
        assert_eq!(answer.header("x-robots-tag"), "noindex");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
        assert!(answer.header("content-security-policy").contains("require-trusted-types-for 'script'"));
        assert!(!answer.header("content-security-policy").contains("unsafe"));
        assert_eq!(answer.header("x-public-cache"), "");
        // Idle for half an hour.
        site.app.clock.advance(sessions::IDLE);
        assert_eq!(browser.get("/admin").await.hop(), "303 /admin/sign-in?next=%2Fadmin");
        // Never idle, and over after twelve hours all the same.
        assert_eq!(browser.sign_in(&user.email, PASSWORD).await.status, 303);
        for _ in 0..35 {
            site.app.clock.advance(20 * 60_000);
            assert_eq!(browser.get("/admin").await.status, 200);
            settled(&site, &browser).await;
        }
        site.app.clock.advance(20 * 60_000);
        assert_eq!(browser.get("/admin").await.status, 303);
    }

    async fn who_leaves_is_out_and_who_is_out_is_out_everywhere(site: Site) {
        let user = site.user("Leila", Role::Editor).await;
        let (mut here, mut there) = (site.browser(), site.browser());
        for browser in [&mut here, &mut there] {
            assert_eq!(browser.sign_in(&user.email, PASSWORD).await.status, 303);
        }
        // There, seen from here.
        let page = here.page("/admin/account").await;
        assert_eq!(page.text_of("tag"), ["here"]);
        let answer = {
            let fields = page.fields_of("/admin/account/sessions/end");
            let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            here.post("/admin/account/sessions/end", &fields).await
        };
        assert_eq!(here.follow(&answer).await.text_of("notice"), ["That session has ended."]);
        assert_eq!(there.get("/admin").await.status, 303);
        // A session of somebody else is none of mine.
        let mut stranger = site.signed_in("Boris", Role::Owner).await;
        let own = sessions::of_user(&site.app.db, user.id, site.app.clock.now()).await.unwrap();
        let fields = [("session", own[0].digest.as_str())];
        assert_eq!(stranger.post("/admin/account/sessions/end", &fields).await.status, 404);
        // Signing out ends the row, not only the cookie.
        let cookie = here.cookie.clone();
        assert_eq!(here.post("/admin/sign-out", &[]).await.hop(), "303 /admin/sign-in");
        here.cookie = cookie;
        assert_eq!(here.get("/admin").await.status, 303);
    }

    async fn a_new_password_ends_every_other_session(site: Site) {
        let user = site.user("Leila", Role::Editor).await;
        let (mut here, mut there) = (site.browser(), site.browser());
        for browser in [&mut here, &mut there] {
            assert_eq!(browser.sign_in(&user.email, PASSWORD).await.status, 303);
        }
        let new = "another boat on the same rain";
        let wrong = here.post("/admin/account/password", &[("current", "not it at all"), ("password", new)]).await;
        assert_eq!(wrong.status, 422);
        let weak = here.post("/admin/account/password", &[("current", PASSWORD), ("password", "password1234")]).await;
        assert_eq!(weak.status, 422);
        let before = here.cookie.clone();
        let answer = here.post("/admin/account/password", &[("current", PASSWORD), ("password", new)]).await;
        assert_ne!(here.cookie, before, "the session goes on under another id");
        assert_eq!(here.follow(&answer).await.text_of("notice"), ["Your password is changed."]);
        assert_eq!(there.get("/admin").await.status, 303);
        assert_eq!(there.sign_in(&user.email, PASSWORD).await.status, 422);
        assert_eq!(there.sign_in(&user.email, new).await.status, 303);
    }

    async fn no_page_repeats_a_password_or_leads_where_nothing_is(site: Site) {
        site.user("Leila", Role::Owner).await;
        let new = "another boat on the same rain";
        for (target, fields) in [
            ("/admin/account/password", &[("current", PASSWORD), ("password", new)][..]),
            ("/admin/users/1/link", &[]),
        ] {
            let mut browser = site.browser();
            let asked = browser.post(target, fields).await;
            assert_eq!(asked.status, 403);
            assert!(!asked.text().contains(PASSWORD) && !asked.text().contains(new), "{target}");
            let typed = [("email", "leila@example.org"), ("password", PASSWORD)];
            let signed_in = browser.submit(&atlas_html(&asked), "/admin/sign-in", &typed).await;
            assert_eq!(signed_in.hop(), "303 /admin", "{target}");
        }
    }

    async fn a_role_taken_away_is_gone_at_once(site: Site) {
        let mut browser = site.signed_in("Leila", Role::Editor).await;
        let user = users::find_by_email(&site.app.db, "leila@example.org").await.unwrap().unwrap();
        let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
        accounts::set_disabled(&mut change, user.id, true).await.unwrap();
        change.commit().await.unwrap();
        assert_eq!(browser.get("/admin").await.status, 303);
        assert_eq!(browser.sign_in(&user.email, PASSWORD).await.status, 422);
    }

    async fn the_only_owner_stays_and_administrators_make_none(site: Site) {
        let owner = site.user("Leila", Role::Owner).await;
        let administrator = site.user("Boris", Role::Administrator).await;
        let act = async |actor: Actor, role| {
            let mut change = Change::begin(&site.app, &actor).await.unwrap();
            accounts::set_role(&mut change, owner.id, role).await.map_err(|error| error.to_string())
        };
        let only = act(Actor::Operator, Role::Editor).await.unwrap_err();
        assert_eq!(only, "Leila is the only owner; make another one first");
        let refused = act(administrator.actor(), Role::Editor).await.unwrap_err();
        assert_eq!(refused, "only an owner makes or changes owners");
    }

    async fn no_other_site_changes_anything(site: Site) {
        let mut browser = site.signed_in("Leila", Role::Owner).await;
        for door in doors().iter().filter(|door| door.method == "POST") {
            let target = example(door.path);
            for headers in [
                &[][..],
                &[("sec-fetch-site", "cross-site")],
                &[("sec-fetch-site", "same-site")],
                &[("sec-fetch-site", "none")],
                &[("origin", "https://evil.example")],
                &[("origin", "null")],
                &[("sec-fetch-site", "cross-site"), ("origin", "https://site.test")],
            ] {
                let answer = browser.ask("POST", &target, headers, "").await;
                assert_eq!(answer.status, 403, "{target} {headers:?}");
            }
        }
        assert_eq!(browser.get("/admin").await.status, 200, "nothing was done, not even a sign-out");
        let own = [("origin", "https://site.test")];
        assert_eq!(browser.ask("POST", "/admin/sign-out", &own, "").await.status, 303, "an older browser");
    }

    async fn every_door_lets_in_whom_the_table_names(site: Site) {
        let mut expected: Vec<(&str, &str)> = TABLE.to_vec();
        let mut people: Vec<(Role, Browser<'_>)> = Vec::new();
        for role in Role::ALL {
            people.push((role, site.signed_in(role.as_str(), role).await));
        }
        for door in doors() {
            let name = format!("{} {}", door.method, door.path);
            let at = expected.iter().position(|(known, _)| *known == name);
            let (_, roles) = expected.remove(at.unwrap_or_else(|| panic!("the table has no line for {name}")));
            let target = example(door.path);
            if roles == "everybody" {
                assert_eq!(door.needs, Need::Nobody, "{name}");
                continue;
            }
            let anonymous = match door.method {
                "POST" => site.browser().post(&target, &[]).await.status == 403,
                _ => site.browser().get(&target).await.header("location").starts_with("/admin/sign-in"),
            };
            assert!(anonymous, "{name} lets in whoever comes");
            for (role, browser) in &mut people {
                let answer = match door.method {
                    "POST" => browser.post(&target, &[]).await,
                    _ => browser.get(&target).await,
                };
                let is_in = answer.status != 403;
                let may = roles.split(' ').any(|known| known == role.as_str());
                assert_eq!(is_in, may, "{name} as {role}: {}", answer.status);
                assert!(answer.status < 500, "{name} as {role}: {}", answer.status);
                assert_eq!(answer.header("cache-control"), "private, no-store", "{name}");
            }
        }
        assert!(expected.is_empty(), "the table names doors that are not there: {expected:?}");
    }
}

/// Who may pass which door with what is their own. A door that is missing here fails the test.
const TABLE: &[(&str, &str)] = &[
    ("GET /admin/sign-in", "everybody"),
    ("POST /admin/sign-in", "everybody"),
    ("GET /admin/sign-in/code", "everybody"),
    ("POST /admin/sign-in/code", "everybody"),
    ("GET /admin/forgotten", "everybody"),
    ("POST /admin/forgotten", "everybody"),
    ("POST /admin/sign-out", "everybody"),
    ("GET /admin/welcome/{secret}", "everybody"),
    ("POST /admin/welcome/{secret}", "everybody"),
    ("GET /admin/preview/{secret}", "everybody"),
    ("GET /admin", ALL),
    ("GET /admin/types/{type}", WRITERS),
    ("POST /admin/types/{type}", WRITERS),
    ("POST /admin/types/{type}/bulk", WRITERS),
    ("POST /admin/types/{type}/views", WRITERS),
    ("GET /admin/views/{id}", WRITERS),
    ("POST /admin/views/{id}/forget", WRITERS),
    ("GET /admin/bulk/{id}", WRITERS),
    ("POST /admin/bulk/{id}/undo", PUBLISHERS),
    ("GET /admin/types/{type}/new", WRITERS),
    ("GET /admin/entries/{id}", WRITERS),
    ("POST /admin/entries/{id}", WRITERS),
    ("POST /admin/entries/{id}/publish", PUBLISHERS),
    ("POST /admin/entries/{id}/unpublish", PUBLISHERS),
    ("POST /admin/entries/{id}/schedule", PUBLISHERS),
    ("POST /admin/entries/{id}/trash", PUBLISHERS),
    ("POST /admin/entries/{id}/restore", PUBLISHERS),
    ("POST /admin/entries/{id}/review", WRITERS),
    ("POST /admin/entries/{id}/review/withdraw", WRITERS),
    ("POST /admin/entries/{id}/review/comment", WRITERS),
    ("POST /admin/entries/{id}/review/approve", EDITORS),
    ("POST /admin/entries/{id}/review/return", EDITORS),
    ("GET /admin/reviews", WRITERS),
    ("GET /admin/entries/{id}/appearance", WRITERS),
    ("GET /admin/entries/{id}/preview", WRITERS),
    ("GET /admin/entries/{id}/preview/frame", WRITERS),
    ("POST /admin/entries/{id}/links", WRITERS),
    ("POST /admin/entries/{id}/links/{number}/revoke", WRITERS),
    ("GET /admin/entries/{id}/revisions", WRITERS),
    ("GET /admin/entries/{id}/revisions/compare", WRITERS),
    ("GET /admin/entries/{id}/revisions/{number}/preview", WRITERS),
    ("POST /admin/entries/{id}/revisions/{number}/restore", WRITERS),
    ("POST /admin/entries/{id}/unsaved", WRITERS),
    ("POST /admin/entries/{id}/open", WRITERS),
    ("POST /admin/types/{type}/unsaved", WRITERS),
    ("POST /admin/preview", WRITERS),
    ("GET /admin/choices", WRITERS),
    ("POST /admin/choices", WRITERS),
    ("GET /admin/pictures", WRITERS),
    ("POST /admin/pictures", WRITERS),
    ("GET /admin/pictures/found", WRITERS),
    ("GET /admin/pictures/{hash}", WRITERS),
    ("POST /admin/pictures/{hash}", WRITERS),
    ("GET /admin/entries/{id}/move", PUBLISHERS),
    ("POST /admin/entries/{id}/move", PUBLISHERS),
    ("GET /admin/tree", EDITORS),
    ("GET /admin/tree/{id}", EDITORS),
    ("GET /admin/trash", WRITERS),
    ("GET /admin/redirects", EDITORS),
    ("POST /admin/redirects", EDITORS),
    ("POST /admin/redirects/remove", EDITORS),
    ("GET /admin/redirects/edit", EDITORS),
    ("POST /admin/redirects/edit", EDITORS),
    ("GET /admin/redirects/try", EDITORS),
    ("GET /admin/redirects/import", EDITORS),
    ("POST /admin/redirects/import", EDITORS),
    ("GET /admin/redirects/table", EDITORS),
    ("GET /admin/not-found", EDITORS),
    ("POST /admin/not-found/{id}", EDITORS),
    ("GET /admin/jobs", EDITORS),
    ("POST /admin/jobs/retry", EDITORS),
    ("POST /admin/jobs/{id}/retry", EDITORS),
    ("POST /admin/jobs/{id}/forget", EDITORS),
    ("GET /admin/cache", EDITORS),
    ("POST /admin/cache", EDITORS),
    ("GET /admin/log", EDITORS),
    ("POST /admin/log/check", EDITORS),
    ("GET /admin/log/export", EDITORS),
    ("GET /admin/settings", GOVERNORS),
    ("GET /admin/settings/{section}", GOVERNORS),
    ("POST /admin/settings/{section}", GOVERNORS),
    ("GET /admin/settings/history", GOVERNORS),
    ("POST /admin/settings/history/{version}", GOVERNORS),
    ("GET /admin/settings/sample", GOVERNORS),
    ("GET /admin/settings/sample.css", GOVERNORS),
    ("GET /admin/settings/sample.json", GOVERNORS),
    ("GET /admin/users", GOVERNORS),
    ("POST /admin/users", GOVERNORS),
    ("POST /admin/users/{id}/role", GOVERNORS),
    ("POST /admin/users/{id}/link", GOVERNORS),
    ("POST /admin/users/{id}/second-factor/off", GOVERNORS),
    ("POST /admin/users/{id}/disable", GOVERNORS),
    ("POST /admin/users/{id}/enable", GOVERNORS),
    ("GET /admin/account", ALL),
    ("POST /admin/account", ALL),
    ("POST /admin/account/language", ALL),
    ("POST /admin/account/password", ALL),
    ("POST /admin/account/second-factor", ALL),
    ("POST /admin/account/second-factor/on", ALL),
    ("POST /admin/account/second-factor/codes", ALL),
    ("POST /admin/account/second-factor/off", ALL),
    ("POST /admin/account/sessions/end", ALL),
];

const ALL: &str = "owner administrator editor author contributor moderator";

const WRITERS: &str = "owner administrator editor author contributor";
const EDITORS: &str = "owner administrator editor";
const GOVERNORS: &str = "owner administrator";
const PUBLISHERS: &str = "owner administrator editor author";

/// An address of a door; no entry has this number.
fn example(path: &str) -> String {
    path.replace("{id}", "999999")
        .replace("{type}", "article")
        .replace("{number}", "1")
        .replace("{secret}", "0")
        .replace("{section}", "site")
        .replace("{version}", "1")
        .replace("{hash}", "0000000000000000")
}

fn atlas_html(answer: &crate::support::client::Answer) -> crate::support::html::Html {
    crate::support::html::Html::parse(answer.text())
}

/// Waits until a session's sign of life is written, for which no page waits.
async fn settled(site: &Site, browser: &Browser<'_>) {
    let id = browser.cookie.as_deref().unwrap_or_default().replace("__Host-sid=", "");
    let digest = atlas::account::digest(&id);
    for _ in 0..200 {
        let now = site.app.clock.now();
        let found = sessions::find(&site.app.db, &digest, now).await.unwrap();
        if found.is_none_or(|session| session.seen_at == now) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the sign of life was not written");
}
