//! Two editors save one entry again and again at the same time, each through the forms of a node of their
//! own: whoever comes second is told, and no text goes over another (SECURITY R3).

use atlas::entry::Role;
use atlas::store::{Ask, entries};
use serde_json::json;

use crate::on_both;
use crate::support::html::Html;
use crate::support::office::{Browser, PASSWORD};
use crate::support::web::{Site, content};

/// Saves of each editor that go through.
fn wanted() -> usize {
    if std::env::var_os("ATLAS_TEST_FULL").is_some() { 500 } else { 20 }
}

fn body(page: &Html, action: &str) -> String {
    page.fields_of(action).into_iter().find(|(name, _)| name == "body").map(|(_, value)| value).unwrap()
}

/// Adds words to what stands in the form, until enough were saved; the words, and how often somebody else
/// had been there first.
async fn write(browser: &mut Browser<'_>, id: i64, name: &str) -> (Vec<String>, usize) {
    let action = format!("/admin/entries/{id}");
    let (mut saved, mut refused) = (Vec::new(), 0);
    while saved.len() < wanted() {
        let page = browser.page(&action).await;
        let word = format!("{name}{}.", saved.len());
        let typed = format!("{} {word}", body(&page, &action));
        let answer = browser.submit(&page, &action, &[("body", &typed)]).await;
        match answer.status {
            303 => saved.push(word),
            409 => {
                refused += 1;
                assert_eq!(body(&Html::parse(answer.text()), &action), typed, "what was typed is kept");
            }
            status => panic!("{status}: {}", answer.text()),
        }
    }
    (saved, refused)
}

on_both! {
    async fn two_editors_who_save_at_once_overwrite_nothing(site: Site) {
        let id = site.draft("article", content("Ours", json!({}))).await;
        let before = site.version(id).await;
        let other = site.another(&[]).await;
        let (leila, boris) = (site.user("Leila", Role::Editor).await, site.user("Boris", Role::Editor).await);
        let (mut here, mut there) = (site.browser(), other.browser());
        assert_eq!(here.sign_in(&leila.email, PASSWORD).await.status, 303);
        assert_eq!(there.sign_in(&boris.email, PASSWORD).await.status, 303);
        let ((ours, we), (theirs, they)) =
            tokio::join!(write(&mut here, id, "leila"), write(&mut there, id, "boris"));
        assert!(we + they > 0, "they never met");
        let saved = ours.len() + theirs.len();
        assert_eq!(site.version(id).await, before + saved as i64);
        let text = entries::draft(&site.app.db, id).await.unwrap().content.body;
        let mut found: Vec<&str> = text.split_whitespace().collect();
        let mut expected: Vec<&str> = ours.iter().chain(&theirs).map(String::as_str).collect();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "every save stands on the one before");
        let (revisions,): (i64,) = site.app.db.one("SELECT COUNT(*) FROM revisions", vec![]).await.unwrap();
        assert_eq!(revisions, 1 + saved as i64);
        println!("{saved} saves of two editors, {} times one was told of the other", we + they);
    }
}
