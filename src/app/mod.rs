//! One process's share of the site: configuration, clock, types, database, files and page cache.

mod answer;
mod assets;
mod embedded;
mod feeds;
mod follow;
mod icons;
mod look_at;
mod manifest;
mod robots;
mod site;
mod tally;

#[cfg(test)]
mod look_tests;

use std::ops::Deref;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock, RwLock};

pub use answer::{Answered, SEARCH};
pub use assets::{Asset, Assets, OFFICE_SHEET, SPECULATION, STYLE_SHEET, STYLES};
pub use feeds::{feed_of, feed_path};
pub use icons::Icons;
pub use look_at::{Look, Looked};
pub use manifest::{MANIFEST, Manifest};
pub use site::colour::{Colour, Palette};
pub use site::{
    Contact, DefaultImage, Head, IconSettings, Locale, Logo, MenuLink, News, Organization, SecurityContact,
    Site, Verification,
};
pub use tally::{Count, Taken, Tally, Visit};

use crate::account::{Attempts, Hashing};
use crate::cache::{Pages, Tag};
use crate::clock::{Clock, Time};
use crate::config::{Config, Database};
use crate::entry::rules::Rule;
use crate::error::{Error, Problem, Problems, Result};
use crate::files::Files;
use crate::schema::{FieldChanges, LAYOUTS, Types};
use crate::store::{Db, audit, changes, rules};

/// Everything a request, an action or a command needs. Cloning shares it.
#[derive(Clone)]
pub struct App(Arc<Parts>);

pub struct Parts {
    pub config: Config,
    pub clock: Clock,
    pub site: Site,
    pub types: Types,
    pub icons: Icons,
    pub manifest: Manifest,
    /// The files below `/static/`.
    pub assets: Assets,
    /// What is to become of stored values whose field was declared otherwise.
    pub field_changes: Vec<FieldChanges>,
    pub db: Db,
    pub files: Files,
    pub pages: Arc<Pages>,
    /// Checks passwords, a few at a time.
    pub hashing: Hashing,
    /// Who draws pages, for those who can't.
    look: OnceLock<Look>,
    /// How often which door was tried.
    pub attempts: Attempts,
    /// Visits that led nowhere or elsewhere, until they are written down.
    pub tally: Arc<Tally>,
    /// The rules as last read; replaced whole when the tag `rules` changes.
    rules: RwLock<Arc<Vec<Rule>>>,
    /// The number of the last change this process has applied to its cache.
    seen: AtomicI64,
    /// Held while changes are applied: each once, and rules read earlier never replace later ones.
    following: tokio::sync::Mutex<()>,
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Reads the types, opens the database and brings its schema up to date.
    ///
    /// # Errors
    /// `Error::Invalid` with every problem of the content folder; `Unavailable` when the database or
    /// the data folder can't be opened.
    pub async fn open(config: Config, clock: Clock) -> Result<App> {
        look_at::check_names(&config)?;
        let (site, types, assets) = App::read_content(&config)?;
        let icons = Icons::read(&config, &site)?;
        let manifest = Manifest::of(&config.origin, &site, &icons);
        let field_changes = App::read_field_changes(&config, &types)?;
        let files = Files::open(&config.data)?;
        let db = connect(&config).await?;
        db.migrate().await?;
        let sealed = audit::seal_older(&db).await?;
        if sealed > 0 {
            tracing::info!(lines = sealed, "the audit log is a chain now");
        }
        let app = App(Arc::new(Parts {
            pages: Arc::new(Pages::new(config.cache_size.0, clock.clone())),
            hashing: Hashing::new()?,
            look: OnceLock::new(),
            attempts: Attempts::default(),
            tally: Arc::new(Tally::new(&config.origin)),
            seen: AtomicI64::new(changes::last(&db).await?),
            following: tokio::sync::Mutex::default(),
            rules: RwLock::default(),
            config,
            clock,
            site,
            types,
            icons,
            manifest,
            assets,
            field_changes,
            db,
            files,
        }));
        app.reload_rules().await?;
        Ok(app)
    }

    /// The site's own words, its types and its static files, from the content folder over the embedded
    /// ones.
    ///
    /// # Errors
    /// Every problem of every file at once.
    pub fn read_content(config: &Config) -> Result<(Site, Types, Assets)> {
        let mut problems = Problems::default();
        let mut keep = |found: Error| match found {
            Error::Invalid(found) => problems.0.extend(found.0),
            other => problems.push(Problem::new(other.to_string())),
        };
        let site = embedded::site_file(config).and_then(|(name, text)| Site::parse(&name, &text));
        let site = site.map_err(&mut keep).ok();
        let assets = site.as_ref().and_then(|site| Assets::open(config, site).map_err(&mut keep).ok());
        let types = embedded::type_files(config)
            .and_then(|files| Ok(Types::load(&files, LAYOUTS)?.with_landing_pages()))
            .map_err(&mut keep)
            .ok();
        if let (Some(site), Some(types)) = (&site, &types) {
            site.check_types(&types.names().collect::<Vec<_>>(), &mut problems);
        }
        match (site, types, assets) {
            (Some(site), Some(types), Some(assets)) if problems.is_empty() => Ok((site, types, assets)),
            _ => Err(Error::Invalid(problems)),
        }
    }

    /// The files of `content/changes/`, in the order of their names.
    ///
    /// # Errors
    /// Every problem of every file at once.
    pub fn read_field_changes(config: &Config, types: &Types) -> Result<Vec<FieldChanges>> {
        Ok(FieldChanges::load(&embedded::change_files(config)?, types)?)
    }

    /// The files of the sample site, as (path within the sample, bytes).
    pub fn sample_files() -> Vec<(String, Vec<u8>)> {
        embedded::sample()
    }

    pub fn rules(&self) -> Arc<Vec<Rule>> {
        self.rules.read().expect("no writer panics").clone()
    }

    pub async fn reload_rules(&self) -> Result<()> {
        let stored = rules::all(&self.db).await?;
        let read = stored.iter().filter_map(|rule| {
            // One rule that can't be used any more takes nothing from the others.
            Rule::new(&rule.kind, &rule.pattern, rule.target.as_deref(), rule.status as u16)
                .inspect_err(|error| tracing::error!(pattern = rule.pattern, %error, "a rule is left out"))
                .ok()
        });
        let read: Vec<Rule> = read.collect();
        *self.rules.write().expect("no writer panics") = Arc::new(read);
        Ok(())
    }

    /// The instant by the database's clock, which all nodes share.
    ///
    /// # Errors
    /// `Unavailable` when the database is away.
    pub async fn database_now(&self) -> Result<Time> {
        if self.clock.is_fixed() { Ok(self.clock.now()) } else { self.db.now(&self.clock).await }
    }

    /// The change sequence a render starts from: whatever is newer makes its result stale.
    pub fn sequence(&self) -> i64 {
        self.seen.load(Ordering::Acquire)
    }

    /// What many pages have in common, worked out once until one of its tags changes. A page that uses it
    /// carries these tags too.
    ///
    /// # Errors
    /// What `make` says.
    pub async fn shared<T, F>(&self, name: &str, tags: &[String], make: F) -> Result<Arc<T>>
    where
        T: Send + Sync + 'static,
        F: Future<Output = Result<T>>,
    {
        if let Some(known) = self.pages.shared.get(name) {
            return Ok(known);
        }
        let from = self.sequence();
        let made = Arc::new(make.await?);
        self.pages.shared.keep(name, tags, from, Arc::clone(&made));
        Ok(made)
    }

    /// Drops the pages that a commit made stale.
    pub async fn apply(&self, tags: &[String], sequence: i64) -> Result<()> {
        if tags.iter().any(|tag| tag == "rules") {
            self.reload_rules().await?;
        }
        if tags.iter().any(|tag| tag == "site") {
            self.pages.flush(sequence);
            return Ok(());
        }
        let tags: Vec<Tag> = tags.iter().map(Tag::new).collect();
        self.pages.invalidate(&tags, sequence);
        Ok(())
    }
}

async fn connect(config: &Config) -> Result<Db> {
    match &config.database_url {
        Database::Postgres(url) => Db::postgres(url.as_str(), config.database_pool.get()).await,
        Database::Sqlite(file) => Db::sqlite(file).await,
    }
}
