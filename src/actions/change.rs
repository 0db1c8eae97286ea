//! The unit of work: what is done in it commits together or not at all (DESIGN 1.6).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Mutex;

use serde_json::Value;

use crate::actions::announce::News;
use crate::actions::landings;
use crate::app::App;
use crate::clock::Time;
use crate::entry::{Actor, Verb, is_indexable, permit};
use crate::error::Result;
use crate::store::audit::{self, Audited};
use crate::store::changes;
use crate::store::entries::{self, Entry};
use crate::store::imports::{self, Origin};
use crate::store::landings::Key;
use crate::store::search::{self, Topic};
use crate::store::shelves::{self, Above};
use crate::store::{Tx, namesakes, office, paths, shards};

/// Above this many tags a commit says `site` instead: dropping every page is cheaper than naming
/// them.
const MOST_TAGS: usize = 1000;

/// How much a change had noted at some point.
#[derive(Debug, Clone, Copy, Default)]
pub struct Noted {
    audited: usize,
    origins: usize,
}

/// What a change has asked already and need not ask again until something of it is undone or moves:
/// the rows of an import point at the same few entries.
#[derive(Default)]
struct Asked {
    kinds: HashMap<i64, String>,
    /// By entry and language, as [`paths::canonical_in`] has it.
    addresses: HashMap<(i64, String), (i64, String)>,
    /// What entries are to those that point at them, by entry and language.
    pointed: HashMap<(i64, String), Pointed>,
}

/// What an entry is to those that point at it.
#[derive(Clone)]
pub struct Pointed {
    /// None where it is not public.
    pub topic: Option<Topic>,
    /// It, and what stands above it.
    pub above: Vec<Above>,
}

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
    origins: Vec<Origin>,
    /// Of them, those that the database has.
    written: usize,
    asked: Mutex<Asked>,
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
            origins: Vec::new(),
            written: 0,
            asked: Mutex::default(),
        })
    }

    /// Asks the policy for this actor.
    ///
    /// # Errors
    /// `Error::Denied`.
    pub fn permit(&self, verb: Verb) -> Result<()> {
        permit(self.actor, verb, false).map(|_| ())
    }

    /// Asks the policy for this actor and an entry that is there.
    ///
    /// # Errors
    /// `Error::Denied`.
    pub async fn permit_on(&self, verb: Verb, entry: i64) -> Result<()> {
        let own = match self.actor {
            Actor::User { .. } => office::is_begun_by(&self.tx, entry, &self.actor.to_string()).await?,
            Actor::Engine | Actor::Operator => false,
        };
        permit(self.actor, verb, own).map(|_| ())
    }

    pub fn touch(&mut self, tag: impl Into<String>) {
        self.tags.insert(tag.into());
    }

    /// Marks every page that shows this entry: its own, the lists of its type, what it points at; and
    /// what the sitemap says of it.
    pub fn touch_entry(&mut self, entry: &Entry, points_at: &[i64]) {
        self.forget_asked();
        self.touch_pages(entry, points_at);
        self.touch_line(entry.id, true);
        if is_indexable(&entry.indexable()).is_ok() {
            self.news.was_indexable(entry.id);
            self.news.shown(self.app, entry, points_at);
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
    }

    /// What engines and readers of feeds are told: that an entry which they may see says something else.
    pub fn tell(&mut self, entry: &Entry, points_at: &[i64]) {
        self.news.changed(entry.id);
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

    /// Notes where an imported entry came from; written with the commit, or when it is asked for.
    pub fn came_from(&mut self, origin: Origin) {
        self.origins.push(origin);
    }

    /// Writes what has been noted, for somebody is about to ask.
    pub async fn write_origins(&mut self) -> Result<()> {
        imports::write(&self.tx, &self.origins[self.written..]).await?;
        self.written = self.origins.len();
        Ok(())
    }

    /// The types of those of these entries that are there, by id. No entry changes its type.
    pub async fn kinds(&self, ids: &[i64]) -> Result<HashMap<i64, String>> {
        let new: Vec<i64> = {
            let asked = self.asked.lock().expect("nobody panics while asking");
            ids.iter().filter(|id| !asked.kinds.contains_key(id)).copied().collect()
        };
        let found = if new.is_empty() { Vec::new() } else { entries::kinds(&self.tx, &new).await? };
        let mut asked = self.asked.lock().expect("nobody panics while asking");
        asked.kinds.extend(found);
        Ok(ids.iter().filter_map(|id| Some((*id, asked.kinds.get(id)?.clone()))).collect())
    }

    /// What stands above an address in a language: the entry, or its translation there, with its path.
    pub async fn address_in(&self, entry: i64, locale: &str) -> Result<Option<(i64, Option<String>)>> {
        let key = (entry, locale.to_owned());
        if let Some((id, path)) = self.asked.lock().expect("nobody panics while asking").addresses.get(&key) {
            return Ok(Some((*id, Some(path.clone()))));
        }
        let found = paths::canonical_in(&self.tx, entry, locale).await?;
        if let Some((id, Some(path))) = &found {
            let mut asked = self.asked.lock().expect("nobody panics while asking");
            asked.addresses.insert(key, (*id, path.clone()));
        }
        Ok(found)
    }

    /// What these entries are to one of a language that points at them, by id.
    pub async fn pointed(&self, ids: &[i64], locale: &str) -> Result<HashMap<i64, Pointed>> {
        let key = |id: i64| (id, locale.to_owned());
        let new: Vec<i64> = {
            let asked = self.asked.lock().expect("nobody panics while asking");
            ids.iter().filter(|id| !asked.pointed.contains_key(&key(**id))).copied().collect()
        };
        if !new.is_empty() {
            let hub_types = self.app.types.hubs();
            let mut topics: HashMap<i64, Topic> =
                search::topics_of(&self.tx, &new, locale).await?.into_iter().collect();
            let mut above: HashMap<i64, Vec<Above>> = HashMap::new();
            for (root, found) in shelves::above_of(&self.tx, &new, &hub_types).await? {
                above.entry(root).or_default().push(found);
            }
            let mut asked = self.asked.lock().expect("nobody panics while asking");
            asked.pointed.extend(new.iter().map(|id| {
                let pointed =
                    Pointed { topic: topics.remove(id), above: above.remove(id).unwrap_or_default() };
                (key(*id), pointed)
            }));
        }
        let asked = self.asked.lock().expect("nobody panics while asking");
        Ok(ids.iter().filter_map(|id| Some((*id, asked.pointed.get(&key(*id))?.clone()))).collect())
    }

    /// Entries that were there before have other paths, translations, titles or relations now.
    pub fn forget_asked(&self) {
        let mut asked = self.asked.lock().expect("nobody panics while asking");
        asked.addresses.clear();
        asked.pointed.clear();
    }

    /// These landing pages are brought up to date with the commit, however often their lists change until
    /// then.
    pub fn settle_later(&mut self, keys: impl IntoIterator<Item = Key>) {
        self.unsettled.extend(keys);
    }

    /// Starts a part that can be undone by itself; how much had been noted before it.
    pub async fn open_part(&mut self) -> Result<Noted> {
        self.tx.savepoint().await?;
        // What was written before this part stays written, whatever becomes of it.
        self.origins.drain(..self.written);
        self.written = 0;
        let audited = self.audited.lock().expect("nobody panics while noting").len();
        Ok(Noted { audited, origins: self.origins.len() })
    }

    /// Undoes the part with what was noted in it.
    pub async fn undo_part(&mut self, before: Noted) -> Result<()> {
        self.tx.roll_back_to_savepoint().await?;
        self.audited.get_mut().expect("nobody panics while noting").truncate(before.audited);
        self.origins.truncate(before.origins);
        // What was written within the part is to be written again.
        self.written = 0;
        self.forget();
        Ok(())
    }

    fn forget(&mut self) {
        *self.asked.get_mut().expect("nobody panics while asking") = Asked::default();
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
        self.forget();
        self.now = self.app.clock.now();
        catch_up(self.app).await;
        Ok(())
    }

    /// What follows from everything that was done.
    async fn conclude(&mut self) -> Result<()> {
        let unsettled = std::mem::take(&mut self.unsettled);
        landings::settle_all(self, unsettled).await?;
        let audited = std::mem::take(self.audited.get_mut().expect("nobody panics while noting"));
        audit::append(&self.tx, &self.actor.to_string(), &audited).await?;
        self.write_origins().await?;
        self.origins.clear();
        self.written = 0;
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
