//! A site on a fresh database: entries are made and changed through the actions, as everywhere.

use atlas::actions::publish::{self, Manner};
use atlas::actions::redirects::{self, Added, Wish};
use atlas::actions::save_draft::{Draft, Saved, Target, save_draft};
use atlas::actions::unpublish::{Then, unpublish};
use atlas::actions::{Change, restore::restore, trash::trash};
use atlas::app::{Answered, App};
use atlas::clock::{Clock, Time};
use atlas::config::Config;
use atlas::entry::{Actor, Content, Visibility};
use atlas::error::Result;
use atlas::schema::ImageRef;
use atlas::store::{Ask, Row, entries, paths};
use atlas::text::Path;
use serde_json::{Value, json};

use super::database::{Fixture, TestDatabase};

/// The instant at which every test begins: 2026-03-01T09:00:00Z.
pub const NOW: Time = Time(1_772_355_600_000);

/// An empty site with the shipped types, English and Persian.
pub struct Site {
    pub app: App,
    pub clock: Clock,
    pub database: TestDatabase,
}

impl Fixture for Site {
    async fn on(database: TestDatabase) -> Site {
        let clock = Clock::fixed(NOW);
        Site { app: open(&database, &clock).await, clock, database }
    }
}

async fn open(database: &TestDatabase, clock: &Clock) -> App {
    App::open(config(database, &[]), clock.clone()).await.expect("the site should open")
}

fn config(database: &TestDatabase, more: &[(&str, &str)]) -> Config {
    let data = database.folder.path().display().to_string();
    let settings =
        [("data", data.as_str()), ("database_url", &database.url), ("origin", "https://atlas.example")];
    let flags: Vec<(String, String)> =
        settings.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Config::load(&flags, [], None).expect("the settings are right")
}

impl Site {
    /// Another process on the same database, with the same time.
    pub async fn another_node(&self) -> App {
        open(&self.database, &self.clock).await
    }

    /// Another process that has a data folder of its own, for one of the same content folder.
    pub async fn elsewhere(&self, app: &App) -> App {
        let data = self.database.folder.path().join("elsewhere").display().to_string();
        let mut config = app.config.clone();
        config.data = data.into();
        App::open(config, self.clock.clone()).await.expect("the site should open")
    }

    /// Another process, whose content folder holds these files.
    pub async fn with_content(&self, files: &[(&str, &str)]) -> App {
        let folder = self.database.folder.path().join("content");
        for (name, text) in files {
            let file = folder.join(name);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        let folder = folder.display().to_string();
        let config = config(&self.database, &[("content", &folder)]);
        App::open(config, self.clock.clone()).await.expect("the site should open")
    }

    pub fn article(&self, title: &str) -> Making<'_> {
        self.make("article", title)
    }

    pub fn page(&self, title: &str) -> Making<'_> {
        self.make("page", title)
    }

    pub fn region(&self, title: &str) -> Making<'_> {
        self.make("region", title)
    }

    pub fn city(&self, title: &str, region: i64) -> Making<'_> {
        self.make("city", title).field("region", json!(region))
    }

    pub fn place(&self, title: &str, city: i64) -> Making<'_> {
        self.make("place", title).field("city", json!(city))
    }

    pub fn make(&self, kind: &str, title: &str) -> Making<'_> {
        let content = Content { title: title.to_owned(), ..Content::default() };
        let target = Target::New { kind: kind.to_owned(), locale: "en".to_owned(), translation_of: None };
        Making { app: &self.app, target, content, reuse: false }
    }

    /// The newest draft of an entry, to be changed.
    pub async fn edit(&self, id: i64) -> Making<'_> {
        let content = entries::draft(&self.app.db, id).await.unwrap().content;
        let target = Target::Existing { id, seen: self.version(id).await };
        Making { app: &self.app, target, content, reuse: false }
    }

    pub async fn entry(&self, id: i64) -> entries::Entry {
        entries::find(&self.app.db, id).await.unwrap().expect("the entry should be there")
    }

    pub async fn version(&self, id: i64) -> i64 {
        self.entry(id).await.version
    }

    /// What the site answers at a decoded path.
    /// Which entry a redirect leads to is told by its address, so that is left out here.
    pub async fn answer(&self, path: &str) -> Answered {
        match self.app.answer(&Path::parse(path).unwrap()).await.unwrap() {
            Answered::Redirect { status, to, why, .. } => Answered::Redirect { status, to, why, entry: None },
            other => other,
        }
    }

    /// The canonical path of an entry, which has one.
    pub async fn path_of(&self, id: i64) -> String {
        self.address(id).await.expect("the entry should have an address")
    }

    pub async fn address(&self, id: i64) -> Option<String> {
        paths::canonical(&self.app.db, id).await.unwrap().map(|path| path.to_string())
    }

    /// Publishes the newest draft.
    pub async fn publish(&self, id: i64, reuse: bool) -> Result<i64> {
        let seen = self.version(id).await;
        let manner = Manner { reuse, quiet: false };
        self.act(async |change| publish::publish(change, id, seen, manner).await).await
    }

    pub async fn unpublish(&self, id: i64, archive: bool, then: Then) -> Result<i64> {
        let seen = self.version(id).await;
        self.act(async |change| unpublish(change, id, seen, archive, then).await).await
    }

    pub async fn trash(&self, id: i64, then: Then) -> Result<i64> {
        let seen = self.version(id).await;
        self.act(async |change| trash(change, id, seen, then).await).await
    }

    pub async fn restore(&self, id: i64) -> Result<i64> {
        let seen = self.version(id).await;
        self.act(async |change| restore(change, id, seen).await).await
    }

    pub async fn redirect(&self, wish: &Wish) -> Result<Added> {
        self.act(async |change| redirects::add(change, wish).await).await
    }

    pub async fn remove_redirect(&self, kind: &str, from: &str) -> Result<()> {
        self.act(async |change| redirects::remove(change, kind, from).await).await
    }

    /// Does something in a change of its own: all of it, or nothing.
    pub async fn act<T>(&self, act: impl AsyncFnOnce(&mut Change<'_>) -> Result<T>) -> Result<T> {
        let mut change = Change::begin(&self.app, &Actor::Operator).await?;
        let done = act(&mut change).await?;
        change.commit().await?;
        Ok(done)
    }

    /// Rows that only a test looks at.
    pub async fn rows<T: Row>(&self, sql: &'static str) -> Vec<T> {
        self.app.db.all(sql, vec![]).await.unwrap()
    }

    /// The actions that the audit log holds, oldest first.
    pub async fn audited(&self) -> Vec<String> {
        self.rows::<(String,)>("SELECT action FROM audit ORDER BY id")
            .await
            .into_iter()
            .map(|(action,)| action)
            .collect()
    }

    /// Runs a statement that no action ever would, past the engine.
    pub async fn tamper(&self, sql: &str) -> Result<(), sqlx::Error> {
        self.database.tamper(sql).await
    }
}

/// A redirect or rule as a person gives it.
pub fn wish(kind: &str, from: &str, to: &str, status: u16) -> Wish {
    let to = Some(to.to_owned()).filter(|to| !to.is_empty());
    Wish { kind: kind.to_owned(), from: from.to_owned(), to, status, reuse: false }
}

/// What a path answers when it leads to another one.
pub fn moved(to: &str) -> Answered {
    Answered::Redirect {
        status: 301,
        to: to.to_owned(),
        why: "former path of an entry".to_owned(),
        entry: None,
    }
}

/// Content on its way into the site.
#[derive(Clone)]
pub struct Making<'a> {
    app: &'a App,
    target: Target,
    content: Content,
    reuse: bool,
}

impl Making<'_> {
    #[must_use]
    pub fn title(mut self, title: &str) -> Self {
        title.clone_into(&mut self.content.title);
        self
    }

    #[must_use]
    pub fn slug(mut self, slug: &str) -> Self {
        slug.clone_into(&mut self.content.slug);
        self
    }

    #[must_use]
    pub fn fixed_path(mut self, path: &str) -> Self {
        self.content.fixed_path = Some(path.to_owned());
        self
    }

    #[must_use]
    pub fn parent(mut self, parent: Option<i64>) -> Self {
        self.content.parent = parent;
        self
    }

    #[must_use]
    pub fn field(mut self, name: &str, value: Value) -> Self {
        self.content.fields.insert(name.to_owned(), value);
        self
    }

    #[must_use]
    pub fn visibility(mut self, visibility: Visibility) -> Self {
        self.content.visibility = visibility;
        self
    }

    #[must_use]
    pub fn noindex(mut self, noindex: bool) -> Self {
        self.content.seo.noindex = noindex;
        self
    }

    #[must_use]
    pub fn canonical(mut self, url: Option<&str>) -> Self {
        self.content.seo.canonical = url.map(str::to_owned);
        self
    }

    #[must_use]
    pub fn cover(mut self, cover: Option<ImageRef>) -> Self {
        self.content.cover = cover;
        self
    }

    #[must_use]
    pub fn body(mut self, body: &str) -> Self {
        body.clone_into(&mut self.content.body);
        self
    }

    #[must_use]
    pub fn in_locale(mut self, code: &str, of: Option<i64>) -> Self {
        if let Target::New { locale, translation_of, .. } = &mut self.target {
            code.clone_into(locale);
            *translation_of = of;
        }
        self
    }

    /// Takes a path that was public before.
    #[must_use]
    pub fn reuse(mut self, reuse: bool) -> Self {
        self.reuse = reuse;
        self
    }

    /// As seen at another version than the present one.
    #[must_use]
    pub fn seen(mut self, version: i64) -> Self {
        if let Target::Existing { seen, .. } = &mut self.target {
            *seen = version;
        }
        self
    }

    /// On another node of the same site.
    #[must_use]
    pub fn on(self, app: &App) -> Making<'_> {
        Making { app, target: self.target, content: self.content, reuse: self.reuse }
    }

    /// Saves a draft; its id.
    pub async fn draft(self) -> i64 {
        self.try_draft().await.expect("the draft should be saved").id
    }

    /// Saves and publishes at once; its id.
    pub async fn publish(self) -> i64 {
        self.try_publish().await.expect("the entry should be published")
    }

    pub async fn try_draft(self) -> Result<Saved> {
        let mut change = Change::begin(self.app, &Actor::Operator).await?;
        let saved = save_draft(&mut change, self.wanted()).await?;
        change.commit().await?;
        Ok(saved)
    }

    pub async fn try_publish(self) -> Result<i64> {
        let mut change = Change::begin(self.app, &Actor::Operator).await?;
        let manner = Manner { reuse: self.reuse, quiet: false };
        let saved = save_draft(&mut change, self.wanted()).await?;
        let id = saved.id;
        publish::publish_saved(&mut change, saved, manner).await?;
        change.commit().await?;
        Ok(id)
    }

    fn wanted(self) -> Draft {
        Draft { target: self.target, content: self.content, reuse: self.reuse, lenient: false, tie: None }
    }
}
