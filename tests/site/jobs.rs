//! Deferred work: asked for with the change, done once, ended with its effect.

use atlas::actions::Change;
use atlas::actions::schedule::schedule;
use atlas::app::App;
use atlas::clock::Time;
use atlas::entry::{Actor, State};
use atlas::error::{Error, Result};
use atlas::jobs::{timetable, worker};
use atlas::store::jobs::{self, Claim, LEASE, MOST_ATTEMPTS, Payload};

use crate::on_both;
use crate::support::site::{NOW, Site};

async fn ask(site: &Site, entry: i64, after: i64) {
    let tx = site.app.db.begin().await.unwrap();
    let now = site.clock.now();
    jobs::enqueue(&tx, &Payload::Schedule { entry }, Time(now.0 + after), now).await.unwrap();
    tx.commit().await.unwrap();
}

async fn claim(app: &App, worker: &str) -> Option<Claim> {
    let tx = app.db.begin().await.unwrap();
    let claim = jobs::claim(&tx, worker, app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    claim
}

async fn complete(app: &App, claim: &Claim) -> Result<()> {
    let tx = app.db.begin().await.unwrap();
    let done = jobs::complete(&tx, claim).await;
    tx.commit().await.unwrap();
    done
}

async fn states(site: &Site) -> Vec<(String, String, i64)> {
    site.rows("SELECT kind, state, attempt FROM jobs ORDER BY id").await
}

fn row(kind: &str, state: &str, attempt: i64) -> (String, String, i64) {
    (kind.into(), state.into(), attempt)
}

on_both! {
    async fn what_is_asked_for_in_a_change_that_fails_is_never_done(site: Site) {
        let id = site.article("Later").draft().await;
        let seen = site.version(id).await;
        let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
        schedule(&mut change, id, seen, Some(Time(NOW.0 + 1_000)), None).await.unwrap();
        change.tx.roll_back().await.unwrap();
        site.clock.advance(2_000);
        assert_eq!(worker::work_off(&site.app).await.unwrap(), 0);
        assert_eq!(states(&site).await, []);
        assert_eq!(site.entry(id).await.state(), State::Draft);
    }

    async fn of_one_kind_and_key_one_waits_and_another_time_replaces_the_first(site: Site) {
        ask(&site, 1, 1_000).await;
        ask(&site, 1, 5_000).await;
        assert_eq!(states(&site).await, [row("schedule", "waiting", 0)]);
        site.clock.advance(1_000);
        assert_eq!(claim(&site.app, "a").await, None, "it has another time now");
        site.clock.advance(4_000);
        let first = claim(&site.app, "a").await.expect("it is due");
        ask(&site, 1, 0).await;
        assert_eq!(states(&site).await, [row("schedule", "running", 1), row("schedule", "waiting", 0)]);
        let tx = site.app.db.begin().await.unwrap();
        jobs::fail(&tx, &first, Some(site.clock.now()), "no luck").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(states(&site).await, [row("schedule", "waiting", 0)], "the one that waits does the same");
    }

    async fn a_worker_without_a_sign_of_life_loses_its_job_and_can_not_end_it(site: Site) {
        ask(&site, 1, 0).await;
        let late = claim(&site.app, "a").await.expect("it is due");
        assert_eq!(claim(&site.app, "b").await, None, "it is taken");
        site.clock.advance(LEASE - 1);
        let tx = site.app.db.begin().await.unwrap();
        assert!(jobs::beat(&tx, &late, site.clock.now()).await.unwrap());
        tx.commit().await.unwrap();
        site.clock.advance(LEASE - 1);
        assert_eq!(claim(&site.app, "b").await, None, "it gave a sign of life");
        site.clock.advance(1);
        let taken = claim(&site.app, "b").await.expect("the lease has run out");
        assert_eq!((taken.id, taken.attempt), (late.id, 2));
        assert!(matches!(complete(&site.app, &late).await, Err(Error::Conflict(_))));
        complete(&site.app, &taken).await.unwrap();
        assert_eq!(states(&site).await, []);
    }

    async fn a_late_worker_neither_ends_nor_buries_what_came_after(site: Site) {
        ask(&site, 1, 0).await;
        let late = claim(&site.app, "a").await.expect("it is due");
        site.clock.advance(LEASE);
        let taken = claim(&site.app, "b").await.expect("the lease has run out");
        complete(&site.app, &taken).await.unwrap();
        ask(&site, 2, 0).await;
        let next = claim(&site.app, "b").await.expect("it is due");
        assert!(next.id > late.id, "a number is never given again");
        let tx = site.app.db.begin().await.unwrap();
        jobs::fail(&tx, &late, None, "too late").await.unwrap();
        let again = Claim { id: next.id, ..late.clone() };
        jobs::fail(&tx, &Claim { attempt: 7, ..again }, None, "of another attempt").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(states(&site).await, [row("schedule", "running", 1)]);
        complete(&site.app, &next).await.unwrap();
    }

    async fn an_effect_is_undone_when_the_job_went_to_another_worker(site: Site) {
        let id = site.article("Once").draft().await;
        let seen = site.version(id).await;
        site.act(async |change| schedule(change, id, seen, Some(Time(NOW.0 + 1_000)), None).await).await.unwrap();
        site.clock.advance(1_000);
        let late = claim(&site.app, "a").await.expect("it is due");
        site.clock.advance(LEASE);
        let taken = claim(&site.app, "b").await.expect("the lease has run out");
        let error = atlas::actions::schedule::carry_out(&site.app, id, &late).await.unwrap_err();
        assert!(matches!(error, Error::Conflict(_)), "{error}");
        assert_eq!(site.entry(id).await.state(), State::Scheduled, "nothing of it is left");
        atlas::actions::schedule::carry_out(&site.app, id, &taken).await.unwrap();
        assert_eq!(site.entry(id).await.state(), State::Published);
    }

    async fn what_no_attempt_can_do_waits_for_a_person(site: Site) {
        ask(&site, 1, 0).await;
        for attempt in 1..=MOST_ATTEMPTS {
            let claim = claim(&site.app, "a").await.expect("it is due");
            assert_eq!(claim.attempt, attempt);
            site.clock.advance(LEASE);
        }
        assert_eq!(claim(&site.app, "a").await, None);
        assert_eq!(states(&site).await, [row("schedule", "dead", MOST_ATTEMPTS)]);
        let listed = jobs::list(&site.app.db).await.unwrap();
        assert_eq!(listed[0].problem.as_deref(), Some("its worker gave no sign of life"));

        let id = listed[0].id;
        let missing = site.act(async |change| atlas::actions::jobs::retry(change, Some(id + 1)).await).await;
        assert!(matches!(missing, Err(Error::NotFound)));
        assert_eq!(site.act(async |change| atlas::actions::jobs::retry(change, None).await).await.unwrap(), 1);
        assert_eq!(worker::work_off(&site.app).await.unwrap(), 1, "the entry is not there: nothing to do");
        assert_eq!(states(&site).await, []);
    }

    async fn a_dead_job_whose_like_waits_is_forgotten_when_it_is_tried_again(site: Site) {
        ask(&site, 1, 0).await;
        for _ in 1..=MOST_ATTEMPTS {
            claim(&site.app, "a").await.expect("it is due");
            site.clock.advance(LEASE);
        }
        assert_eq!(claim(&site.app, "a").await, None);
        let id = jobs::list(&site.app.db).await.unwrap()[0].id;
        ask(&site, 1, 0).await;
        assert_eq!(states(&site).await.len(), 2);
        let retried = site.act(async |change| atlas::actions::jobs::retry(change, Some(id)).await).await;
        assert_eq!(retried.unwrap(), 1);
        assert_eq!(states(&site).await, [row("schedule", "waiting", 0)]);
    }

    async fn a_job_that_this_version_can_not_read_stops_no_other(site: Site) {
        ask(&site, 7, 0).await;
        let tx = site.app.db.begin().await.unwrap();
        let later = "UPDATE jobs SET kind = 'tomorrow', payload = replace(payload, 'schedule', 'tomorrow'), priority = 99";
        tx.run(later, vec![]).await.unwrap();
        tx.commit().await.unwrap();
        ask(&site, 1, 0).await;
        worker::work_off(&site.app).await.unwrap();
        worker::work_off(&site.app).await.unwrap();
        assert_eq!(states(&site).await, [row("tomorrow", "dead", 1)]);
        let problem = jobs::list(&site.app.db).await.unwrap().remove(0).problem.unwrap();
        assert!(problem.starts_with("this version can't read it: unknown variant `tomorrow`"), "{problem}");
    }

    async fn old_changes_are_forgotten_and_who_missed_them_goes_on_with_the_last(site: Site) {
        let away = site.another_node().await;
        site.article("Old").publish().await;
        site.article("Older").publish().await;
        timetable::ensure(&site.app).await.unwrap();
        assert_eq!(worker::work_off(&site.app).await.unwrap(), 2, "what recurs, each once");
        let numbers = || site.rows::<(i64,)>("SELECT sequence FROM changes ORDER BY sequence");
        assert_eq!(numbers().await.len(), 2, "they are of today");
        site.clock.advance(25 * 3_600_000);
        assert_eq!(worker::work_off(&site.app).await.unwrap(), 2, "it came again by itself");
        let left = numbers().await;
        assert_eq!(left.len(), 1, "the last one stays");
        assert!(away.sequence() < left[0].0 - 1);
        away.catch_up().await.unwrap();
        assert_eq!(away.sequence(), left[0].0);
    }
}
