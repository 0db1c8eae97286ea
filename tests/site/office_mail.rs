//! Invitations and forgotten passwords by mail, through a server that speaks SMTP.

use atlas::actions::{Change, accounts};
use atlas::entry::{Actor, Role};
use atlas::jobs::worker::work_off;
use atlas::store::{Ask, jobs, users};

use crate::on_both;
use crate::support::html::Html;
use crate::support::office::PASSWORD;
use crate::support::phone::Phone;
use crate::support::smtp::Smtp;
use crate::support::web::{Node, Site};

const NEW: &str = "another boat on the same rain";

async fn with_mail(site: &Site) -> (Node, Smtp) {
    let smtp = Smtp::start().await;
    let node = site.another(&[("smtp", &smtp.setting()), ("mail_from", "Atlas <atlas@site.test>")]).await;
    (node, smtp)
}

on_both! {
    async fn an_invitation_goes_by_mail_and_its_link_is_nowhere_else(site: Site) {
        let (node, smtp) = with_mail(&site).await;
        let mut owner = node.signed_in("Leila", Role::Owner).await;
        let page = owner.page("/admin/users").await;
        let typed = [("email", "boris@example.org"), ("name", "Boris"), ("role", "author")];
        let made = owner.submit(&page, "/admin/users", &typed).await;
        assert_eq!(made.status, 200);
        let shown = Html::parse(made.text());
        assert_eq!(shown.text_of("notice"), ["A link is on its way to boris@example.org. It opens once, and for three days."]);
        assert!(!made.text().contains("/admin/welcome/"));
        assert_eq!(smtp.take(), [], "it goes beside requests");
        work_off(&node.app).await.unwrap();
        let letters = smtp.take();
        assert_eq!(letters.len(), 1, "{letters:?}");
        let letter = &letters[0];
        assert!(letter.from.contains("<atlas@site.test>") && letter.to.contains("<boris@example.org>"), "{letter:?}");
        for line in [
            "From: Atlas <atlas@site.test>",
            "To: Boris <boris@example.org>",
            "Subject: You are invited to Atlas",
            "Hello Boris,",
            "https://site.test/admin/welcome/",
        ] {
            assert!(letter.text.contains(line), "{line} in\n{}", letter.text);
        }
        assert!(smtp.said().iter().any(|line| line.starts_with("EHLO site.test")), "{:?}", smtp.said());
        assert!(smtp.said().iter().any(|line| line.starts_with("AUTH PLAIN")), "{:?}", smtp.said());
        // Neither jobs nor log hold what opens the door.
        let secret = letter.link().replace("/admin/welcome/", "");
        let dump: Vec<(String,)> = node.app.db.all(
            "SELECT detail FROM audit UNION ALL SELECT payload FROM jobs UNION ALL SELECT digest FROM one_time_links",
            vec![],
        ).await.unwrap();
        assert!(!dump.is_empty() && dump.iter().all(|(text,)| !text.contains(&secret)));
        let mut boris = node.browser();
        let done = boris.post(&letter.link(), &[("name", "Boris"), ("password", PASSWORD)]).await;
        assert_eq!(done.hop(), "303 /admin");
        // Who is there already gets another letter.
        let user = users::find_by_email(&node.app.db, "boris@example.org").await.unwrap().unwrap();
        owner.post(&format!("/admin/users/{}/link", user.id), &[]).await;
        work_off(&node.app).await.unwrap();
        let letters = smtp.take();
        assert!(letters[0].text.contains("Subject: Another password for Atlas"), "{letters:?}");
        assert!(letters[0].text.contains("three days"), "{letters:?}");
    }

    async fn a_forgotten_password_is_replaced_and_nobody_learns_who_is_there(site: Site) {
        let (node, smtp) = with_mail(&site).await;
        let leila = node.user("Leila", Role::Editor).await;
        let gone = node.user("Gone", Role::Editor).await;
        let mut change = Change::begin(&node.app, &Actor::Operator).await.unwrap();
        accounts::set_disabled(&mut change, gone.id, true).await.unwrap();
        change.commit().await.unwrap();
        let mut browser = node.browser();
        let page = browser.page("/admin/sign-in").await;
        assert!(page.all("a").any(|link| link.get("href") == Some("/admin/forgotten")));
        let page = browser.page("/admin/forgotten").await;
        let mut answers = Vec::new();
        for email in [leila.email.as_str(), "nobody@example.org", gone.email.as_str()] {
            let answer = browser.submit(&page, "/admin/forgotten", &[("email", email)]).await;
            let headers: Vec<String> = answer.headers.iter()
                .filter(|(name, _)| !matches!(name.as_str(), "x-request-id" | "date"))
                .map(|(name, value)| format!("{name}: {value}")).collect();
            answers.push((answer.status, headers, answer.body));
        }
        assert_eq!(answers[0].0, 200);
        assert!(answers[0] == answers[1] && answers[0] == answers[2], "to the last byte");
        let waiting = jobs::list(&node.app.db).await.unwrap();
        assert_eq!(waiting.iter().filter(|job| job.kind == "reset").count(), 3, "the same work for each");
        work_off(&node.app).await.unwrap();
        let letters = smtp.take();
        assert_eq!(letters.len(), 1, "{letters:?}");
        assert!(letters[0].to.contains(&leila.email) && letters[0].text.contains("one hour"));
        let done = browser.post(&letters[0].link(), &[("name", "Leila"), ("password", NEW)]).await;
        assert_eq!(done.hop(), "303 /admin");
        assert_eq!(node.browser().sign_in(&leila.email, NEW).await.status, 303);
        // A wrong address is said to be one; a second letter's link is good for an hour.
        let wrong = browser.submit(&page, "/admin/forgotten", &[("email", "leila")]).await;
        assert_eq!(wrong.status, 422);
        assert!(Html::parse(wrong.text()).fields_of("/admin/forgotten").contains(&("email".into(), "leila".into())));
        browser.submit(&page, "/admin/forgotten", &[("email", &leila.email)]).await;
        work_off(&node.app).await.unwrap();
        let late = smtp.take().remove(0);
        node.app.clock.advance(accounts::RESET_FOR);
        assert_eq!(browser.get(&late.link()).await.status, 404);
    }

    async fn asking_for_a_link_takes_no_invitation_away(site: Site) {
        let (node, smtp) = with_mail(&site).await;
        let mut owner = node.signed_in("Leila", Role::Owner).await;
        let typed = [("email", "boris@example.org"), ("name", "Boris"), ("role", "author")];
        owner.post("/admin/users", &typed).await;
        work_off(&node.app).await.unwrap();
        let invitation = smtp.take().remove(0).link();
        node.browser().post("/admin/forgotten", &[("email", "boris@example.org")]).await;
        work_off(&node.app).await.unwrap();
        let reset = smtp.take().remove(0).link();
        let mut boris = node.browser();
        assert_eq!(boris.get(&invitation).await.status, 200, "anybody can ask for a link");
        assert_eq!(boris.get(&reset).await.status, 200);
        assert_eq!(boris.post(&invitation, &[("name", "Boris"), ("password", NEW)]).await.hop(), "303 /admin");
        for used in [&invitation, &reset] {
            assert_eq!(node.browser().get(used).await.status, 404, "who is in needs no other way in");
        }
        // Who had a link sent stands in the log.
        let user = users::find_by_email(&node.app.db, "boris@example.org").await.unwrap().unwrap();
        owner.post(&format!("/admin/users/{}/link", user.id), &[]).await;
        let asked: Vec<(String,)> =
            node.app.db.all("SELECT actor FROM audit WHERE action = 'ask_link'", vec![]).await.unwrap();
        assert_eq!(asked, [("user:1".to_owned(),)]);
    }

    async fn guesses_at_one_door_keep_no_other_shut(site: Site) {
        let leila = site.user("Leila", Role::Editor).await;
        for network in 0..30 {
            let client = format!("10.0.{network}.1").parse().unwrap();
            let names = [format!("link for {}", leila.email), format!("second factor of {}", leila.id)];
            for name in names {
                accounts::sign_in(&site.app, &name, "a wrong password it is", client).await.unwrap();
            }
        }
        let client = "192.0.2.1".parse().unwrap();
        assert_eq!(accounts::forgot(&site.app, &leila.email, client).await.unwrap(), None);
    }

    async fn it_never_goes_round_the_second_factor_and_is_not_asked_for_ever(site: Site) {
        let (node, smtp) = with_mail(&site).await;
        let mut leila = node.signed_in("Leila", Role::Editor).await;
        Phone::set_up(&node, &mut leila).await;
        let mut thief = node.browser();
        let mut statuses = Vec::new();
        for _ in 0..6 {
            statuses.push(thief.post("/admin/forgotten", &[("email", "leila@example.org")]).await.status);
        }
        assert_eq!(statuses, [200, 200, 200, 200, 429, 429]);
        work_off(&node.app).await.unwrap();
        let letters = smtp.take();
        assert_eq!(letters.len(), 1, "of those that wait, one goes out");
        let done = thief.post(&letters[0].link(), &[("name", "Leila"), ("password", NEW)]).await;
        assert_eq!(done.hop(), "303 /admin/sign-in/code?next=%2Fadmin");
        assert_eq!(thief.get("/admin").await.status, 303);
    }

    async fn a_server_that_is_away_is_tried_again_and_a_refusal_waits_for_a_person(site: Site) {
        let (node, smtp) = with_mail(&site).await;
        let leila = node.user("Leila", Role::Editor).await;
        smtp.refuse(&["451 not now"]);
        node.browser().post("/admin/forgotten", &[("email", &leila.email)]).await;
        work_off(&node.app).await.unwrap();
        let job = jobs::list(&node.app.db).await.unwrap().into_iter().find(|job| job.kind == "reset").unwrap();
        assert_eq!((job.state.as_str(), job.attempt), ("waiting", 1));
        assert!(job.problem.unwrap().contains("451"), "the answer is named");
        assert_eq!(smtp.take(), []);
        // The queue goes by the database's time; it is done when it is tried next.
        let tx = node.app.db.begin().await.unwrap();
        let now = node.app.database_now().await.unwrap();
        jobs::enqueue(&tx, &jobs::Payload::Reset { email: leila.email.clone() }, now, now).await.unwrap();
        tx.commit().await.unwrap();
        work_off(&node.app).await.unwrap();
        let letter = smtp.take().remove(0);
        assert_eq!(node.browser().get(&letter.link()).await.status, 200);
        smtp.refuse(&["550 no such mailbox"]);
        node.browser().post("/admin/forgotten", &[("email", &leila.email)]).await;
        work_off(&node.app).await.unwrap();
        let dead = jobs::list(&node.app.db).await.unwrap().into_iter().find(|job| job.kind == "reset").unwrap();
        assert_eq!(dead.state, "dead");
        assert!(dead.problem.unwrap().contains("550"), "the answer is named");
    }

    async fn without_a_server_links_are_shown_and_nothing_is_offered(site: Site) {
        let mut browser = site.browser();
        let page = browser.page("/admin/sign-in").await;
        assert!(!page.all("a").any(|link| link.get("href") == Some("/admin/forgotten")));
        assert_eq!(browser.get("/admin/forgotten").await.status, 404);
        assert_eq!(browser.post("/admin/forgotten", &[("email", "x@example.org")]).await.status, 404);
        let (count,): (i64,) = site.app.db.one("SELECT COUNT(*) FROM jobs", vec![]).await.unwrap();
        assert_eq!(count, 0);
    }
}
