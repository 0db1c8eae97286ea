//! The unit of work: what is done in it commits together or not at all (DESIGN 1.6).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use serde_json::Value;

use crate::actions::announce::News;
use crate::actions::landings;
use crate::app::App;
use crate::clock::Time;
use crate::entry::{Actor, Verb, is_indexable, permit};
use crate::error::Result;
use crate::store::changes::{self, Audited};
use crate::store::landings::Key;
use crate::store::{Tx, entries::Entry, namesakes, shards};

/// Above this many tags a commit says `site` instead: dropping every page is cheaper than naming
/// them.
const MOST_TAGS: usize = 1000;

/// How much a change had noted at some point.
#[derive(Debug, Clone, Copy, Default)]
pub struct Noted(usize);

/// A transaction with its actor, its instant, and the cache tags it makes stale.
pub struct Change<'a> {
    pub app: &'a App,
    pub actor: &'a Actor,
    pub tx: Tx,
    pub now: Time,
    /// Nothing of this will be committed: leave the disk alone too.
    pub dry_run: bool,
    tags: BTreeSet<String>,
    /// Entries whose line in the sitemap is another one, and whether those of their translations are.
    lines: BTreeMap<i64, bool>,
    news: News,
    /// Landing pages whose lists have changed.
    unsettled: BTreeSet<Key>,
    audited: Mutex<Vec<Audited>>,
}

impl<'a> Change<'a> {
    pub async fn begin(app: &'a App, actor: &'a Actor) -> Result<Change<'a>> {
        Ok(Change {
            tx: app.db.begin_in_turn().await?,
            app,
            actor,
            now: app.clock.now(),
            dry_run: false,
            tags: BTreeSet::new(),
            lines: BTreeMap::new(),
            news: News::default(),
            unsettled: BTreeSet::new(),
            audited: Mutex::default(),
        })
    }

    /// Asks the policy for this actor.
    ///
    /// # Errors
    /// `Error::Denied`.
    pub fn permit(&self, verb: Verb) -> Result<()> {
        permit(self.actor, verb, false).map(|_| ())
    }

    pub fn touch(&mut self, tag: impl Into<String>) {
        self.tags.insert(tag.into());
    }

    /// Marks every page that shows this entry: its own, the lists of its type, what it points at; and
    /// what the sitemap says of it.
    pub fn touch_entry(&mut self, entry: &Entry, points_at: &[i64]) {
        self.touch_pages(entry, points_at);
        self.touch_line(entry.id, true);
        if is_indexable(&entry.indexable()).is_ok() {
            self.news.was_indexable(entry.id);
        }
    }

    /// As [`Self::touch_entry`], where the sitemap says what it said.
    pub fn touch_pages(&mut self, entry: &Entry, points_at: &[i64]) {
        self.touch(format!("entry:{}", entry.id));
        self.touch(format!("type:{}", entry.kind));
        self.touch(format!("group:{}", entry.translation_group));
        self.touch(namesakes::tag(&entry.locale, &entry.title));
        if let Some(key) = entry.words_key {
            self.touch(namesakes::words_tag(key));
        }
        for id in points_at {
            self.touch(format!("to:{id}"));
        }
        self.news.shown(self.app, entry, points_at);
    }

    /// Marks what the sitemap says of an entry; with `siblings`, also what it says of its translations,
    /// because their list has changed.
    pub fn touch_line(&mut self, id: i64, siblings: bool) {
        *self.lines.entry(id).or_default() |= siblings;
    }

    /// An entry that could be indexed so far: where it isn't any more, engines are told.
    pub fn was_indexable(&mut self, id: i64) {
        self.news.was_indexable(id);
    }

    /// Marks what is remembered of a path: that it leads elsewhere, or that nothing is there.
    pub fn touch_path(&mut self, folded: &str) {
        self.touch(format!("path:{folded}"));
    }

    /// Notes what is done; written with the commit.
    pub fn audit(&self, action: &str, entry: Option<i64>, detail: &Value) {
        if !self.dry_run {
            let line = Audited { at: self.now, action: action.to_owned(), entry, detail: detail.clone() };
            self.audited.lock().expect("nobody panics while noting").push(line);
        }
    }

    /// These landing pages are brought up to date with the commit, however often their lists change until
    /// then.
    pub fn settle_later(&mut self, keys: impl IntoIterator<Item = Key>) {
        self.unsettled.extend(keys);
    }

    /// Starts a part that can be undone by itself; how much had been noted before it.
    pub async fn open_part(&self) -> Result<Noted> {
        self.tx.savepoint().await?;
        Ok(Noted(self.audited.lock().expect("nobody panics while noting").len()))
    }

    /// Undoes the part with what was noted in it.
    pub async fn undo_part(&self, before: Noted) -> Result<()> {
        self.tx.roll_back_to_savepoint().await?;
        self.audited.lock().expect("nobody panics while noting").truncate(before.0);
        Ok(())
    }

    /// Commits, and drops the pages of this process that are stale now; other processes follow.
    pub async fn commit(mut self) -> Result<()> {
        self.conclude().await?;
        self.tx.commit().await?;
        catch_up(self.app).await;
        Ok(())
    }

    /// Commits and goes on in a new transaction: long work in bounded memory.
    pub async fn commit_and_continue(&mut self) -> Result<()> {
        self.conclude().await?;
        self.tx.commit_and_continue(&self.app.db).await?;
        self.now = self.app.clock.now();
        catch_up(self.app).await;
        Ok(())
    }

    /// What follows from everything that was done.
    async fn conclude(&mut self) -> Result<()> {
        let unsettled = std::mem::take(&mut self.unsettled);
        landings::settle_all(self, unsettled).await?;
        let audited = std::mem::take(self.audited.get_mut().expect("nobody panics while noting"));
        changes::audit(&self.tx, &self.actor.to_string(), &audited).await?;
        self.write_tags().await
    }

    async fn write_tags(&mut self) -> Result<()> {
        let tags: Vec<String> = std::mem::take(&mut self.tags).into_iter().collect();
        let lines = std::mem::take(&mut self.lines);
        let news = std::mem::take(&mut self.news);
        if tags.is_empty() {
            return Ok(());
        }
        let own: Vec<i64> = lines.keys().copied().collect();
        news.tell(self.app, &self.tx, self.now, &own, &tags).await?;
        let tags = if tags.len() > MOST_TAGS { vec!["site".into(), "rules".into()] } else { tags };
        let sequence = changes::append(&self.tx, self.now, &tags).await?;
        if !lines.is_empty() {
            let siblings: Vec<i64> = lines.iter().filter(|(_, all)| **all).map(|(id, _)| *id).collect();
            shards::mark(&self.tx, &own, &siblings, sequence, self.now).await?;
        }
        Ok(())
    }
}

/// What is committed is done, even if the database goes away right after: the follower catches up
/// when it is back.
async fn catch_up(app: &App) {
    if let Err(error) = app.catch_up().await {
        tracing::warn!(%error, "a change is saved, but its pages may be stale for a moment");
    }
}
