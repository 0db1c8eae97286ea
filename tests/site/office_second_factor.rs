//! The second factor (SECURITY T13).

use std::net::IpAddr;

use atlas::actions::second_factor::{self, Shown};
use atlas::actions::{Change, accounts};
use atlas::entry::{Actor, Role};
use atlas::store::{Ask, second_factors, users};

use crate::on_both;
use crate::support::html::Html;
use crate::support::office::{Browser, PASSWORD};
use crate::support::phone::Phone;
use crate::support::web::{Node, Site};

const STEP: i64 = 30_000;

/// How often what a clock decides is tried: a thousand times with everything, else a few.
fn rounds() -> usize {
    if std::env::var_os("ATLAS_TEST_FULL").is_some() { 1_000 } else { 10 }
}

/// Somebody signed in who has a second factor.
async fn with_phone<'a>(site: &'a Node, name: &str, role: Role) -> (Browser<'a>, Phone, Vec<String>) {
    let mut browser = site.signed_in(name, role).await;
    let (phone, codes) = Phone::set_up(site, &mut browser).await;
    (browser, phone, codes)
}

on_both! {
    async fn it_is_set_up_with_a_picture_and_asked_for_from_then_on(site: Site) {
        let mut browser = site.signed_in("Leila", Role::Editor).await;
        let (mut elsewhere, before) = (site.browser(), browser.cookie.clone());
        assert_eq!(elsewhere.sign_in("leila@example.org", PASSWORD).await.status, 303);
        let begun = browser.post("/admin/account/second-factor", &[]).await;
        let page = Html::parse(begun.text());
        assert_eq!(page.all("svg").count(), 1);
        let phone = Phone::read(&page);
        let secret = page.fields_of("/admin/account/second-factor/on");
        assert_eq!(secret, [("code".to_owned(), String::new())]);
        // A wrong code, and one of another time: the same secret again.
        for wrong in ["000000".to_owned(), phone.code(&site, -2), phone.code(&site, 2)] {
            let refused = browser.post("/admin/account/second-factor/on", &[("code", &wrong)]).await;
            assert_eq!(refused.status, 422, "{wrong}");
            assert_eq!(Phone::read(&Html::parse(refused.text())).code(&site, 0), phone.code(&site, 0));
        }
        assert_eq!(site.browser().sign_in("leila@example.org", PASSWORD).await.hop(), "303 /admin", "it does not count yet");
        site.app.clock.advance(60_000);
        let on = browser.post("/admin/account/second-factor/on", &[("code", &phone.code(&site, 0))]).await;
        assert_eq!(on.status, 200);
        assert_eq!(Html::parse(on.text()).all("code").count(), 10);
        assert_ne!(browser.cookie, before, "the session goes on under another id");
        assert_eq!(browser.get("/admin").await.status, 200);
        assert_eq!(elsewhere.get("/admin").await.status, 303, "whoever was in with less is out");
        let account = browser.page("/admin/account").await;
        assert!(account.all("p").any(|line| line.text.contains("Recovery codes left: 10")));
        assert_eq!(browser.post("/admin/account/second-factor", &[]).await.status, 409);
        // Neither the secret nor a code stands in the database.
        let stored: Vec<(String,)> = site.app.db.all("SELECT seed FROM second_factors", vec![]).await.unwrap();
        assert!(!stored[0].0.contains(&phone.digits()), "it is encrypted");
        assert_eq!(stored[0].0.len(), 2 * (12 + 20 + 16), "a nonce, as many bytes as the seed has, and a tag");
    }

    async fn nobody_is_in_before_the_code(site: Site) {
        let (_, phone, codes) = with_phone(&site, "Leila", Role::Editor).await;
        let mut browser = site.browser();
        browser.cookie = Some("__Host-sid=AAAAAAAAAAAAAAAAAAAAAA".to_owned());
        let asked = browser.post("/admin/sign-in", &[
            ("email", "leila@example.org"), ("password", PASSWORD), ("next", "/admin/trash"),
        ]).await;
        assert_eq!(asked.hop(), "303 /admin/sign-in/code?next=%2Fadmin%2Ftrash");
        let halfway = browser.cookie.clone();
        for inside in ["/admin", "/admin/account", "/admin/trash"] {
            assert!(browser.get(inside).await.header("location").starts_with("/admin/sign-in?"), "{inside}");
        }
        let page = browser.page("/admin/sign-in/code?next=%2Fadmin%2Ftrash").await;
        // The code that set it up is used up, and so are those of another time.
        for wrong in [phone.code(&site, 0), phone.code(&site, 2), "123".to_owned()] {
            let refused = browser.submit(&page, "/admin/sign-in/code", &[("code", &wrong)]).await;
            assert_eq!(refused.status, 422, "{wrong}");
        }
        site.app.clock.advance(2 * STEP);
        let old = browser.submit(&page, "/admin/sign-in/code", &[("code", &phone.code(&site, -2))]).await;
        assert_eq!(old.status, 422);
        site.app.clock.advance(2 * STEP);
        let code = phone.code(&site, -1);
        let right = browser.submit(&page, "/admin/sign-in/code", &[("code", &code)]).await;
        assert_eq!(right.hop(), "303 /admin/trash");
        assert_ne!(browser.cookie, halfway, "again under another id");
        assert_eq!(browser.get("/admin/trash").await.status, 200);
        let mut old = site.browser();
        old.cookie = halfway;
        assert_eq!(old.get("/admin").await.status, 303);
        assert_eq!(old.get("/admin/sign-in/code").await.hop(), "303 /admin/sign-in?next=%2Fadmin");
        // The same code again; a recovery code, once.
        let mut other = site.browser();
        other.sign_in("leila@example.org", PASSWORD).await;
        assert_eq!(other.post("/admin/sign-in/code", &[("code", &code)]).await.status, 422);
        let recovery = codes[3].to_uppercase();
        assert_eq!(other.post("/admin/sign-in/code", &[("code", &recovery)]).await.hop(), "303 /admin");
        let mut third = site.browser();
        third.sign_in("leila@example.org", PASSWORD).await;
        assert_eq!(third.post("/admin/sign-in/code", &[("code", &recovery)]).await.status, 422);
        assert!(third.page("/admin/sign-in/code").await.all("input").any(|input| input.get("id") == Some("code")));
        // A right password does not wait for ever.
        site.app.clock.advance(10 * 60_000);
        let late = third.post("/admin/sign-in/code", &[("code", &phone.code(&site, 0))]).await;
        assert_eq!(late.status, 403);
    }

    async fn a_code_is_taken_once_however_many_send_it(site: Site) {
        let (_, phone, _) = with_phone(&site, "Leila", Role::Editor).await;
        let user = users::find_by_email(&site.app.db, "leila@example.org").await.unwrap().unwrap();
        let client: IpAddr = "192.0.2.1".parse().unwrap();
        for round in 0..rounds() {
            site.app.clock.advance(STEP);
            let code = phone.code(&site, 0);
            let (one, other) = tokio::join!(
                second_factor::show(&site.app, &user, &code, client),
                second_factor::show(&site.app, &user, &code, client),
            );
            let right = [one.unwrap(), other.unwrap()].iter().filter(|shown| **shown == Shown::Right).count();
            assert_eq!(right, 1, "round {round}");
        }
    }

    async fn a_code_turns_on_only_the_secret_it_was_made_from(site: Site) {
        let mut browser = site.signed_in("Leila", Role::Editor).await;
        let first = browser.post("/admin/account/second-factor", &[]).await;
        let first = Phone::read(&Html::parse(first.text()));
        let user = users::find_by_email(&site.app.db, "leila@example.org").await.unwrap().unwrap();
        let stored = second_factors::find(&site.app.db, user.id).await.unwrap().unwrap();
        browser.post("/admin/account/second-factor", &[]).await;
        let late = browser.post("/admin/account/second-factor/on", &[("code", &first.code(&site, 0))]).await;
        assert_eq!(late.status, 422);
        // Begun anew between the look at the code and its taking.
        let tx = site.app.db.begin().await.unwrap();
        let now = site.app.clock.now();
        assert!(!second_factors::confirm(&tx, user.id, &stored.seed, 1, now).await.unwrap());
        tx.commit().await.unwrap();
        assert!(!second_factors::is_on(&site.app.db, user.id).await.unwrap());
    }

    async fn at_most_twenty_codes_an_hour_are_looked_at(site: Site) {
        let (_, phone, _) = with_phone(&site, "Leila", Role::Editor).await;
        let user = users::find_by_email(&site.app.db, "leila@example.org").await.unwrap().unwrap();
        let mut looked_at = 0;
        for second in 0..3_600_u32 {
            site.app.clock.advance(1_000);
            let client: IpAddr = format!("10.{}.0.1", second % 200).parse().unwrap();
            // Never the right one.
            let wrong = phone.code(&site, 5);
            match second_factor::show(&site.app, &user, &wrong, client).await.unwrap() {
                Shown::Wrong => looked_at += 1,
                Shown::Wait(_) => {}
                Shown::Right => panic!("a code of another time was taken"),
            }
        }
        assert!((4..=20).contains(&looked_at), "{looked_at} codes were looked at");
    }

    async fn a_link_for_another_password_does_not_go_round_it(site: Site) {
        let (mut browser, phone, _) = with_phone(&site, "Leila", Role::Editor).await;
        let user = users::find_by_email(&site.app.db, "leila@example.org").await.unwrap().unwrap();
        let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
        let link = accounts::link_for(&mut change, user.id).await.unwrap();
        change.commit().await.unwrap();
        let address = format!("/admin/welcome/{}", link.reveal());
        let new = "another boat on the same rain";
        let mut thief = site.browser();
        let done = thief.post(&address, &[("name", "Leila"), ("password", new)]).await;
        assert_eq!(done.hop(), "303 /admin/sign-in/code?next=%2Fadmin");
        assert_eq!(thief.get("/admin").await.status, 303);
        assert_eq!(browser.get("/admin").await.status, 303, "every session has ended");
        site.app.clock.advance(STEP);
        let code = phone.code(&site, 0);
        assert_eq!(thief.post("/admin/sign-in/code", &[("code", &code)]).await.hop(), "303 /admin");
    }

    async fn what_was_written_goes_through_both_steps(site: Site) {
        let (mut browser, phone, _) = with_phone(&site, "Leila", Role::Editor).await;
        site.app.clock.advance(atlas::store::sessions::IDLE);
        let asked = browser.post("/admin/types/article", &[("title", "Rain"), ("body", "It rains.")]).await;
        assert_eq!(asked.status, 403);
        let typed = [("email", "leila@example.org"), ("password", PASSWORD)];
        let code = browser.submit(&Html::parse(asked.text()), "/admin/sign-in", &typed).await;
        assert_eq!(code.status, 200);
        let wrong = browser.submit(&Html::parse(code.text()), "/admin/sign-in/code", &[("code", "1")]).await;
        assert_eq!(wrong.status, 422);
        let typed = phone.code(&site, 0);
        let on = browser.submit(&Html::parse(wrong.text()), "/admin/sign-in/code", &[("code", &typed)]).await;
        assert_eq!(on.status, 200, "{}", on.text());
        let fields = Html::parse(on.text()).fields_of("/admin/types/article");
        assert_eq!(fields, [("title".into(), "Rain".to_owned()), ("body".into(), "It rains.".to_owned())]);
    }

    async fn it_is_turned_off_by_oneself_or_taken_away_by_who_governs(site: Site) {
        let (mut leila, _, old) = with_phone(&site, "Leila", Role::Editor).await;
        let fresh = leila.post("/admin/account/second-factor/codes", &[]).await;
        let fresh: Vec<String> = Html::parse(fresh.text()).all("code").map(|code| code.text.clone()).collect();
        let mut other = site.browser();
        other.sign_in("leila@example.org", PASSWORD).await;
        assert_eq!(other.post("/admin/sign-in/code", &[("code", &old[0])]).await.status, 422, "replaced");
        assert_eq!(other.post("/admin/sign-in/code", &[("code", &fresh[0])]).await.status, 303);
        let before = leila.cookie.clone();
        let off = leila.post("/admin/account/second-factor/off", &[]).await;
        assert_eq!(leila.follow(&off).await.text_of("notice"), ["Your second factor is off."]);
        assert_ne!(leila.cookie, before);
        assert_eq!(leila.post("/admin/account/second-factor/codes", &[]).await.status, 409);
        assert_eq!(site.browser().sign_in("leila@example.org", PASSWORD).await.hop(), "303 /admin");
        // On again, and the phone is lost.
        Phone::set_up(&site, &mut leila).await;
        let user = users::find_by_email(&site.app.db, "leila@example.org").await.unwrap().unwrap();
        let mut owner = site.signed_in("Boris", Role::Owner).await;
        let remove = format!("/admin/users/{}/second-factor/off", user.id);
        let page = owner.page("/admin/users").await;
        assert!(page.text_of("tag").contains(&"Second factor".to_owned()));
        let done = owner.submit(&page, &remove, &[]).await;
        assert_eq!(
            owner.follow(&done).await.text_of("notice"),
            ["Their second factor is gone. They sign in anew, with the password alone."]
        );
        assert_eq!(leila.get("/admin").await.status, 303);
        assert_eq!(leila.sign_in("leila@example.org", PASSWORD).await.hop(), "303 /admin");
        assert_eq!(owner.post(&remove, &[]).await.status, 409);
        let (left,): (i64,) = site.app.db.one("SELECT COUNT(*) FROM recovery_codes", vec![]).await.unwrap();
        assert_eq!(left, 0);
        let log = owner.page("/admin/log").await;
        for line in ["Leila turned a second factor on", "Leila made new recovery codes", "Boris took a second factor away"] {
            assert!(log.all("td").any(|cell| cell.text.contains(line)), "{line}");
        }
    }

    async fn a_site_may_ask_it_of_who_governs(site: Site) {
        let node = site.another(&[("second_factor", "required")]).await;
        let mut author = node.signed_in("Ada", Role::Author).await;
        assert_eq!(author.get("/admin").await.status, 200);
        let mut owner = node.signed_in("Leila", Role::Owner).await;
        for inside in ["/admin", "/admin/users", "/admin/types/article"] {
            assert_eq!(owner.get(inside).await.hop(), "303 /admin/account", "{inside}");
        }
        let user = [("email", "x@example.org"), ("name", "X"), ("role", "owner")];
        assert_eq!(owner.post("/admin/users", &user).await.status, 403);
        let account = owner.page("/admin/account").await;
        assert_eq!(account.text_of("warning"), [
            "Owners and administrators of this site need a second factor. Set it up to go on.",
        ]);
        Phone::set_up(&node, &mut owner).await;
        assert_eq!(owner.get("/admin/users").await.status, 200);
        assert_eq!(owner.post("/admin/account/second-factor/off", &[]).await.status, 409);
    }
}
