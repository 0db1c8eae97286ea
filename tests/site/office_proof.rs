//! Who gets in is changed by who shows their password, and no session outlives what it was gained by
//! (SECURITY T10).

use atlas::actions::{Change, accounts};
use atlas::entry::{Actor, Role};
use atlas::store::users;
use atlas::web::admin::{Need, doors};

use crate::on_both;
use crate::support::database::Engine;
use crate::support::html::Html;
use crate::support::office::{Browser, PASSWORD};
use crate::support::phone::Phone;
use crate::support::web::{Node, Site};

/// Longer than a password that was shown is enough.
const LONG: i64 = 10 * 60_000;

/// Whether a cookie opens the back office.
async fn opens(site: &Node, cookie: &Option<String>) -> bool {
    let mut browser = site.browser();
    browser.cookie.clone_from(cookie);
    browser.get("/admin/account").await.status == 200
}

async fn act(site: &Node, act: impl AsyncFnOnce(&mut Change<'_>)) {
    let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
    act(&mut change).await;
    change.commit().await.unwrap();
}

on_both! {
    async fn the_password_is_asked_for_again_and_nothing_typed_is_lost(site: Site) {
        let mut owner = site.signed_in("Leila", Role::Owner).await;
        let typed = [("email", "boris@example.org"), ("name", "Boris"), ("role", "author")];
        let page = owner.page("/admin/users").await;
        site.app.clock.advance(LONG - 1);
        let wrong = owner.submit(&page, "/admin/users", &[("email", "boris"), typed[1], typed[2]]).await;
        assert_eq!(wrong.status, 422, "nine minutes ago is enough");
        site.app.clock.advance(1);
        let before = owner.cookie.clone();
        let asked = owner.submit(&page, "/admin/users", &typed).await;
        assert_eq!(asked.status, 403);
        assert!(users::find_by_email(&site.app.db, "boris@example.org").await.unwrap().is_none());
        let asked = Html::parse(asked.text());
        let wrong = owner.submit(&asked, "/admin/users", &[("proof.password", "not it at all")]).await;
        assert_eq!(wrong.status, 422);
        assert!(!wrong.text().contains("not it at all"));
        assert_eq!(Html::parse(wrong.text()).text_of("problems"), ["Password is not your present password."]);
        let done = owner.submit(&Html::parse(wrong.text()), "/admin/users", &[("proof.password", PASSWORD)]).await;
        assert_eq!(done.status, 200, "{}", done.text());
        let user = users::find_by_email(&site.app.db, "boris@example.org").await.unwrap().unwrap();
        assert_eq!((user.role(), user.name.as_str()), (Role::Author, "Boris"));
        assert_ne!(owner.cookie, before, "from here on under another id");
        assert!(!opens(&site, &before).await);
        // Shown once, it is enough for the next ten minutes.
        let role = format!("/admin/users/{}/role", user.id);
        assert_eq!(owner.post(&role, &[("role", "editor")]).await.status, 303);
    }

    async fn a_failure_after_the_password_loses_no_session(site: Site) {
        let mut owner = site.signed_in("Leila", Role::Owner).await;
        site.app.clock.advance(LONG);
        let statement = match site.database.engine {
            Engine::Sqlite => "CREATE TRIGGER nobody_comes_in BEFORE INSERT ON users BEGIN SELECT RAISE(ABORT, 'full'); END",
            Engine::Postgres => "ALTER TABLE users ADD CONSTRAINT nobody_comes_in CHECK (id < 2) NOT VALID",
        };
        site.database.tamper(statement).await.unwrap();
        let typed = [("email", "b@example.org"), ("name", "Boris"), ("role", "author"), ("proof.password", PASSWORD)];
        let failed = owner.post("/admin/users", &typed).await;
        assert!(failed.status >= 500, "{}", failed.status);
        assert_eq!(owner.get("/admin").await.status, 200, "who sent it is still in");
    }

    async fn every_door_about_getting_in_asks(site: Site) {
        let mut owner = site.signed_in("Leila", Role::Owner).await;
        site.app.clock.advance(LONG);
        let sure: Vec<&str> = {
            let all = doors();
            all.iter().filter(|door| matches!(door.needs, Need::Sure(_))).map(|door| door.path).collect()
        };
        assert_eq!(sure, [
            "/admin/users",
            "/admin/users/{id}/role",
            "/admin/users/{id}/link",
            "/admin/users/{id}/second-factor/off",
            "/admin/users/{id}/disable",
            "/admin/users/{id}/enable",
            "/admin/account",
            "/admin/account/second-factor",
            "/admin/account/second-factor/on",
            "/admin/account/second-factor/codes",
            "/admin/account/second-factor/off",
        ]);
        for path in sure {
            let target = path.replace("{id}", "1");
            let asked = owner.post(&target, &[]).await;
            assert_eq!(asked.status, 403, "{target}");
            let fields = Html::parse(asked.text()).fields_of(&target);
            assert_eq!(fields, [("proof.password".to_owned(), String::new())], "{target}");
        }
    }

    async fn guessing_the_password_again_has_to_wait(site: Site) {
        let mut owner = site.signed_in("Leila", Role::Owner).await;
        site.app.clock.advance(LONG);
        let mut said = Vec::new();
        for _ in 0..6 {
            let answer = owner.post("/admin/account/second-factor", &[("proof.password", "a wrong password")]).await;
            assert_eq!(answer.status, 422);
            said.push(Html::parse(answer.text()).text_of("problems").remove(0));
        }
        assert!(said[3].contains("is not your present password"), "{said:?}");
        assert!(said[5].contains("tried too often"), "{said:?}");
        let right = owner.post("/admin/account/second-factor", &[("proof.password", PASSWORD)]).await;
        assert_eq!(right.status, 422, "the right one waits as well");
    }

    async fn a_name_and_a_mail_address_are_changed_by_their_owner(site: Site) {
        let mut leila = site.signed_in("Leila", Role::Author).await;
        site.user("Boris", Role::Author).await;
        let page = leila.page("/admin/account").await;
        for (email, problem) in [
            ("leila", "Mail address"),
            ("BORIS@example.org", "Mail address is the address of somebody who is there already."),
        ] {
            let wrong = leila.submit(&page, "/admin/account", &[("email", email), ("name", "Leila K.")]).await;
            assert_eq!(wrong.status, 422);
            let again = Html::parse(wrong.text());
            assert!(again.text_of("problems")[0].contains(problem), "{:?}", again.text_of("problems"));
            assert!(again.fields_of("/admin/account").contains(&("email".into(), email.to_owned())));
        }
        let done = leila.submit(&page, "/admin/account", &[("email", "Leila.K@Example.org"), ("name", "Leila K.")]).await;
        assert_eq!(leila.follow(&done).await.text_of("notice"), ["Saved."]);
        assert_eq!(site.browser().sign_in("leila@example.org", PASSWORD).await.status, 422);
        assert_eq!(site.browser().sign_in("leila.k@example.org", PASSWORD).await.status, 303);
    }

    async fn no_id_outlives_what_it_was_gained_by(site: Site) {
        let leila = site.user("Leila", Role::Editor).await;
        // Planted before the sign-in.
        let mut browser = site.browser();
        let planted = Some("__Host-sid=AAAAAAAAAAAAAAAAAAAAAA".to_owned());
        browser.cookie.clone_from(&planted);
        browser.sign_in(&leila.email, PASSWORD).await;
        assert!(opens(&site, &browser.cookie).await && !opens(&site, &planted).await);
        // Before the second factor was set up, and before its code.
        let first = browser.cookie.clone();
        let (phone, _) = Phone::set_up(&site, &mut browser).await;
        assert!(opens(&site, &browser.cookie).await && !opens(&site, &first).await);
        let mut other = site.browser();
        other.sign_in(&leila.email, PASSWORD).await;
        let halfway = other.cookie.clone();
        site.app.clock.advance(60_000);
        other.post("/admin/sign-in/code", &[("code", &phone.code(&site, 0))]).await;
        assert!(opens(&site, &other.cookie).await && !opens(&site, &halfway).await);
        // Of another role.
        act(&site, async |change| accounts::set_role(change, leila.id, Role::Author).await.unwrap()).await;
        assert!(!opens(&site, &other.cookie).await && !opens(&site, &browser.cookie).await);
    }

    async fn another_password_and_being_kept_out_end_every_session(site: Site) {
        let leila = site.user("Leila", Role::Editor).await;
        let mut sessions: Vec<Browser<'_>> = Vec::new();
        for _ in 0..4 {
            let mut browser = site.browser();
            browser.sign_in(&leila.email, PASSWORD).await;
            sessions.push(browser);
        }
        let (phone, _) = Phone::set_up(&site, &mut sessions[0]).await;
        // One that waits for its code is nobody's yet, and ends as well.
        let mut halfway = site.browser();
        halfway.sign_in(&leila.email, PASSWORD).await;
        let listed = sessions[0].page("/admin/account").await;
        assert!(listed.text_of("tag").contains(&"waits for the code".to_owned()));
        let new = "another boat on the same rain";
        let changed = sessions[0].post("/admin/account/password", &[("current", PASSWORD), ("password", new)]).await;
        assert_eq!(changed.status, 303);
        assert!(opens(&site, &sessions[0].cookie).await);
        site.app.clock.advance(60_000);
        let code = phone.code(&site, 0);
        assert_eq!(halfway.post("/admin/sign-in/code", &[("code", &code)]).await.status, 403);
        let mut other = site.browser();
        other.sign_in(&leila.email, new).await;
        assert_eq!(other.post("/admin/sign-in/code", &[("code", &code)]).await.status, 303);
        halfway.sign_in(&leila.email, new).await;
        act(&site, async |change| accounts::set_disabled(change, leila.id, true).await.unwrap()).await;
        site.app.clock.advance(60_000);
        let alive = {
            let mut alive = 0;
            for browser in sessions.iter().chain([&other]) {
                alive += usize::from(opens(&site, &browser.cookie).await);
            }
            alive
        };
        assert_eq!(alive, 0);
        let code = phone.code(&site, 0);
        assert_eq!(halfway.post("/admin/sign-in/code", &[("code", &code)]).await.status, 403);
    }
}
