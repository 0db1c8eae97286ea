//! Two people who saved the same entry: one of them learns of the other, and nothing is lost.

use atlas::actions::Change;
use atlas::actions::publish::{Manner, publish_saved};
use atlas::actions::save_draft::{Draft, Target, save_draft};
use atlas::app::App;
use atlas::entry::{Actor, Content};
use atlas::error::Error;
use tokio::task::JoinSet;

use crate::on_both;
use crate::support::site::Site;

on_both! {
    async fn the_second_of_two_editors_is_told_of_the_first(site: Site) {
        let id = site.article("First words").publish().await;
        let seen = site.version(id).await;
        site.edit(id).await.seen(seen).title("Anna's words").publish().await;
        let refused = site.edit(id).await.seen(seen).title("Boris's words").try_publish().await.unwrap_err();
        let Error::Conflict(reason) = refused else { panic!("{refused:?}") };
        assert_eq!(
            reason,
            "“Anna's words” was saved by somebody else in the meantime: you saw version 2, it is now version 4"
        );
        assert_eq!(site.entry(id).await.title, "Anna's words");
        let (revisions,): (i64,) = site.rows("SELECT COUNT(*) FROM revisions").await.remove(0);
        assert_eq!(revisions, 2);
    }

    async fn of_fifty_pairs_at_once_exactly_one_wins_each(site: Site) {
        let other = site.another_node().await;
        for round in 0..50 {
            let id = site.article(&format!("Article {round}")).draft().await;
            let mut saves = JoinSet::new();
            for (name, app) in [("Anna", site.app.clone()), ("Boris", other.clone())] {
                let wish = Wish { app, id, seen: 1, title: format!("{name} {round}") };
                saves.spawn(wish.save());
            }
            let results = saves.join_all().await;
            let (won, lost): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
            assert_eq!((won.len(), lost.len()), (1, 1), "round {round}");
            let refused = lost.into_iter().next().unwrap().unwrap_err();
            assert!(matches!(refused, Error::Conflict(_)), "round {round}: {refused:?}");
            let entry = site.entry(id).await;
            assert_eq!((entry.version, entry.title), (2, won.into_iter().next().unwrap().unwrap()));
        }
    }

    async fn of_twenty_who_want_the_same_path_exactly_one_gets_it(site: Site) {
        let other = site.another_node().await;
        let mut saves = JoinSet::new();
        for number in 0..20 {
            let app = if number % 2 == 0 { site.app.clone() } else { other.clone() };
            saves.spawn(create(app, number));
        }
        let results = saves.join_all().await;
        let won: Vec<i64> = results.iter().filter_map(|result| result.as_ref().ok().copied()).collect();
        assert_eq!(won.len(), 1, "{results:?}");
        for refused in results.iter().filter_map(|result| result.as_ref().err()) {
            assert!(matches!(refused, Error::Conflict(_)), "{refused:?}");
        }
        let (entries,): (i64,) = site.rows("SELECT COUNT(*) FROM entries").await.remove(0);
        assert_eq!(entries, 1, "who lost left nothing behind");
        assert_eq!(site.path_of(won[0]).await, "/articles/wanted");
    }
}

struct Wish {
    app: App,
    id: i64,
    seen: i64,
    title: String,
}

impl Wish {
    /// The title, when it was saved.
    async fn save(self) -> Result<String, Error> {
        let target = Target::Existing { id: self.id, seen: self.seen };
        let content = Content { title: self.title.clone(), ..Content::default() };
        let mut change = Change::begin(&self.app, &Actor::Operator).await?;
        save_draft(&mut change, draft(target, content)).await?;
        change.commit().await?;
        Ok(self.title)
    }
}

async fn create(app: App, number: usize) -> Result<i64, Error> {
    let target = Target::New { kind: "article".into(), locale: "en".into(), translation_of: None };
    let content = Content { title: format!("Number {number}"), slug: "wanted".into(), ..Content::default() };
    let mut change = Change::begin(&app, &Actor::Operator).await?;
    let saved = save_draft(&mut change, draft(target, content)).await?;
    let id = saved.id;
    publish_saved(&mut change, saved, Manner::default()).await?;
    change.commit().await?;
    Ok(id)
}

fn draft(target: Target, content: Content) -> Draft {
    Draft { target, content, reuse: false, lenient: false, tie: None }
}
