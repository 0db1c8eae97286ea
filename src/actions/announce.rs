//! Telling others that something has changed: asked for in the transaction of the change, done by jobs.
//!
//! Search engines are told by IndexNow of every address whose page is another one; the WebSub hub, of
//! the feeds. Both only by a production that visitors reach through TLS, so that no copy on somebody's
//! desk speaks for the site.

use std::collections::{BTreeMap, BTreeSet};

use crate::app::App;
use crate::clock::Time;
use crate::config::Environment;
use crate::error::Result;
use crate::store::entries::Entry;
use crate::store::jobs::{self, Payload};
use crate::store::{Tx, announcements, discovery};

/// How long what has changed is collected before engines are told, in milliseconds: an editor who saves
/// three times in a row has one thing to tell.
const COLLECT: i64 = 10_000;

/// The same for feeds, whose readers wait for what is new.
const COLLECT_FEEDS: i64 = 2_000;

/// What a change means for others.
#[derive(Debug, Default)]
pub struct News {
    /// Entries that could be indexed before it.
    left: BTreeSet<i64>,
    /// Entries whose page says something else, whatever date its author gives it.
    changed: BTreeSet<i64>,
    /// Types and languages whose feeds it changes.
    feeds: BTreeSet<(String, String)>,
    /// What the entries of feeds point at, by the language of those.
    pointed: BTreeMap<String, BTreeSet<i64>>,
}

impl News {
    /// Whether this process speaks for the site at all.
    pub fn is_told(app: &App) -> bool {
        app.config.environment == Environment::Production && app.config.origin.is_https()
    }

    /// An entry that could be indexed.
    pub fn was_indexable(&mut self, id: i64) {
        self.left.insert(id);
    }

    /// An entry whose page says something else.
    pub fn changed(&mut self, id: i64) {
        self.changed.insert(id);
    }

    /// An entry of which feeds say something else, and what it points at.
    pub fn shown(&mut self, app: &App, entry: &Entry, points_at: &[i64]) {
        let has_hub = app.site.feeds.websub().is_some();
        if has_hub && app.types.get(&entry.kind).is_some_and(|kind| kind.feed) {
            self.feeds.insert((entry.kind.clone(), entry.locale.clone()));
            self.pointed.entry(entry.locale.clone()).or_default().extend(points_at);
        }
    }

    /// Asks for the jobs. `lines` are the entries whose line in the sitemap is another one.
    pub async fn tell(self, app: &App, tx: &Tx, now: Time, lines: &[i64], tags: &[String]) -> Result<()> {
        if !News::is_told(app) {
            return Ok(());
        }
        let lines: Vec<i64> =
            lines.iter().chain(&self.changed).copied().collect::<BTreeSet<_>>().into_iter().collect();
        if app.site.indexnow.key().is_some() && !lines.is_empty() {
            let left: Vec<i64> = self.left.iter().copied().collect();
            let touched: Vec<String> =
                tags.iter().filter_map(|tag| tag.strip_prefix("path:")).map(str::to_owned).collect();
            if announcements::note(tx, &lines, &left, &touched).await? > 0 {
                jobs::request(tx, &Payload::IndexNow, Time(now.0 + COLLECT), now).await?;
            }
        }
        for page in self.pages(app, tx).await? {
            jobs::request(tx, &Payload::WebSub { page }, Time(now.0 + COLLECT_FEEDS), now).await?;
        }
        Ok(())
    }

    /// The pages whose feeds change: home pages, listings, and what is pointed at.
    async fn pages(&self, app: &App, tx: &Tx) -> Result<BTreeSet<String>> {
        let mut pages = BTreeSet::new();
        for (kind, locale) in &self.feeds {
            let prefix = app.site.prefix(locale);
            if let Some(listing) = app.types.get(kind).and_then(|kind| kind.listing.as_ref()) {
                pages.insert(format!("{prefix}{}", listing.path));
            }
            pages.insert(if prefix.is_empty() { "/".to_owned() } else { prefix });
        }
        for (locale, ids) in &self.pointed {
            let ids: Vec<i64> = ids.iter().copied().collect();
            if ids.is_empty() {
                continue;
            }
            for (kind, path) in discovery::pages_of_groups(tx, &ids, locale).await? {
                if app.types.get(&kind).is_some_and(|kind| app.has_feeds(kind)) {
                    pages.insert(path);
                }
            }
        }
        Ok(pages)
    }
}
