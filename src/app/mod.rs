//! One process's share of the site: configuration, clock, types, database, files and page cache.

mod answer;
mod assets;
mod embedded;
mod feeds;
mod follow;
mod icons;
mod look_at;
mod manifest;
mod overlay;
mod robots;
mod site;
mod standing;
mod tally;

#[cfg(test)]
mod look_tests;

use std::ops::Deref;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, RwLock};

pub use answer::{Answered, SEARCH};
pub use assets::{Asset, Assets, OFFICE_SHEET, SPECULATION, STYLE_SHEET, STYLES};
pub use feeds::{feed_of, feed_path};
pub use icons::Icons;
pub use look_at::{Look, Looked};
pub use manifest::{MANIFEST, Manifest};
pub use overlay::{KEYS, Overlay, SiteFile, may_be_set};
pub use site::colour::{Colour, Palette};
pub use site::{
    ANALYTICS, Contact, DefaultImage, Head, IconSettings, Locale, Logo, MenuLink, News, Organization,
    ScriptSource, SecurityContact, Site, Verification,
};
pub use standing::{Set, is_about};
pub use tally::{Count, Taken, Tally, Visit};

use crate::account::{Attempts, Hashing};
use crate::cache::{Pages, Tag};
use crate::clock::{Clock, Time};
use crate::config::{Config, Database};
use crate::entry::rules::Rule;
use crate::error::{Error, Problem, Problems, Result};
use crate::files::Files;
use crate::schema::{FieldChanges, LAYOUTS, Types};
use crate::store::{Db, audit, changes, rules, settings};
use standing::{Ground, Known, Laid, Standing};

/// Everything a request, an action or a command needs: what the process has, and what the site's settings
/// said when it was taken. Cloning shares it.
///
/// Settings change while a process lives. Who works on takes the present ones at its beginning
/// ([`App::current`]) and keeps to them to its end.
#[derive(Clone)]
pub struct App {
    engine: Arc<Engine>,
    pub site: Arc<Site>,
    pub icons: Arc<Icons>,
    pub manifest: Arc<Manifest>,
    /// The files below `/static/`.
    pub assets: Arc<Assets>,
    /// What of it is set over `site.toml`.
    pub set: Arc<Set>,
    /// Which of the process's moments this is, and the last change that was applied when it began.
    edition: u64,
    since: i64,
}

/// What stays the same for as long as the process lives.
pub struct Engine {
    pub config: Config,
    pub clock: Clock,
    pub types: Types,
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
    /// What settings are laid over.
    ground: Ground,
    /// The present moment, replaced whole when the settings change; and its number, which is read without
    /// a lock.
    standing: RwLock<Standing>,
    edition: AtomicU64,
    /// The rules as last read; replaced whole when the tag `rules` changes.
    rules: RwLock<Arc<Vec<Rule>>>,
    /// The number of the last change this process has applied to its cache.
    seen: AtomicI64,
    /// Held while changes are applied: each once, and rules read earlier never replace later ones.
    following: tokio::sync::Mutex<()>,
}

impl Deref for App {
    type Target = Engine;

    fn deref(&self) -> &Engine {
        &self.engine
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
        let (_, types, _) = App::read_content(&config)?;
        let ground = Ground { file: SiteFile::read(&config)?, plain: Assets::plain(&config)? };
        let field_changes = App::read_field_changes(&config, &types)?;
        let files = Files::open(&config.data)?;
        let db = connect(&config).await?;
        db.migrate().await?;
        let sealed = audit::seal_older(&db).await?;
        if sealed > 0 {
            tracing::info!(lines = sealed, "the audit log is a chain now");
        }
        // Read before the settings, so that a change in between is applied once more.
        let seen = changes::last(&db).await?;
        let standing = read_standing(&config, &types, &ground, &db, None).await?;
        let app = App::of(
            Arc::new(Engine {
                pages: Arc::new(Pages::new(config.cache_size.0, clock.clone())),
                hashing: Hashing::new()?,
                look: OnceLock::new(),
                attempts: Attempts::default(),
                tally: Arc::new(Tally::new(&config.origin)),
                seen: AtomicI64::new(seen),
                following: tokio::sync::Mutex::default(),
                rules: RwLock::default(),
                edition: AtomicU64::new(standing.edition),
                standing: RwLock::new(standing.clone()),
                config,
                clock,
                types,
                field_changes,
                db,
                files,
                ground,
            }),
            standing,
        );
        app.reload_rules().await?;
        Ok(app)
    }

    fn of(engine: Arc<Engine>, standing: Standing) -> App {
        let Standing { site, icons, manifest, assets, set, edition, since } = standing;
        App { engine, site, icons, manifest, assets, set, edition, since }
    }

    /// The site as its settings are now.
    pub fn current(&self) -> App {
        let standing = self.standing.read().expect("no writer panics").clone();
        App::of(Arc::clone(&self.engine), standing)
    }

    /// Which moment is the present one; it is another one only after settings have changed.
    pub fn edition_now(&self) -> u64 {
        self.engine.edition.load(Ordering::Acquire)
    }

    /// Which moment this is.
    pub fn edition(&self) -> u64 {
        self.edition
    }

    /// What `site.toml` says.
    pub fn site_file(&self) -> &SiteFile {
        &self.ground.file
    }

    /// The site as it would be with this set over its file; nothing is stored.
    ///
    /// # Errors
    /// Every problem, each with its field.
    pub fn as_if(&self, overlay: Overlay) -> Result<App> {
        let known: Known<'_> = Some((&self.site, &self.icons));
        let laid = self.ground.lay(&self.config, &self.types, &overlay, known)?;
        let set = Set { version: self.set.version, overlay, unfit: Vec::new() };
        Ok(App::of(Arc::clone(&self.engine), standing(&self.config, laid, set, self.edition, self.since)))
    }

    /// The site with nobody counting its visits: for pages that no visitor sees.
    pub fn uncounted(&self) -> App {
        if self.site.analytics.is_off() {
            return self.clone();
        }
        App { site: Arc::new(self.site.uncounted()), ..self.clone() }
    }

    /// Reads the settings again, and makes what follows from them if there are others.
    ///
    /// # Errors
    /// `Unavailable` when the database is away; what was there stays.
    async fn reload_settings(&self) -> Result<()> {
        let present = self.current();
        if settings::newest(&self.db).await?.map_or(0, |state| state.version) == present.set.version {
            return Ok(());
        }
        let next = read_standing(&self.config, &self.types, &self.ground, &self.db, Some(&present)).await?;
        let edition = next.edition;
        *self.standing.write().expect("no writer panics") = next;
        self.engine.edition.store(edition, Ordering::Release);
        Ok(())
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
        let site = SiteFile::read(config).and_then(|file| file.site());
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

    /// The change sequence a render starts from: whatever is newer makes its result stale. By settings that
    /// are none any more nothing is made that may be kept.
    pub fn sequence(&self) -> i64 {
        // Settings are replaced before the change that did it counts as seen, so they are asked second.
        let seen = self.seen.load(Ordering::Acquire);
        if self.edition == self.edition_now() { seen } else { self.since }
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
            self.reload_settings().await?;
            self.pages.flush(sequence);
            return Ok(());
        }
        let tags: Vec<Tag> = tags.iter().map(Tag::new).collect();
        self.pages.invalidate(&tags, sequence);
        Ok(())
    }
}

/// The site with what is stored over its file; what fits no more is passed over and said.
async fn read_standing(
    config: &Config,
    types: &Types,
    ground: &Ground,
    db: &Db,
    before: Option<&App>,
) -> Result<Standing> {
    let state = settings::newest(db).await?;
    let (version, overlay) = match state {
        Some(state) => (state.version, state.overlay()?),
        None => (0, Overlay::default()),
    };
    let known: Known<'_> = before.map(|app| (&*app.site, &app.icons));
    let (laid, unfit) = ground.lay_what_fits(config, types, &overlay, known)?;
    for (key, problem) in &unfit {
        tracing::warn!(
            key,
            reason = problem.reason,
            "a setting fits the file no more; the file's value holds"
        );
    }
    let (edition, since) = before.map_or((0, 0), |app| (app.edition + 1, app.seen.load(Ordering::Acquire)));
    Ok(standing(config, laid, Set { version, overlay, unfit }, edition, since))
}

fn standing(config: &Config, laid: Laid, set: Set, edition: u64, since: i64) -> Standing {
    let Laid { site, assets, icons } = laid;
    Standing {
        manifest: Arc::new(Manifest::of(&config.origin, &site, &icons)),
        site: Arc::new(site),
        assets: Arc::new(assets),
        set: Arc::new(set),
        icons,
        edition,
        since,
    }
}

async fn connect(config: &Config) -> Result<Db> {
    match &config.database_url {
        Database::Postgres(url) => Db::postgres(url.as_str(), config.database_pool.get()).await,
        Database::Sqlite(file) => Db::sqlite(file).await,
    }
}
