//! A site to import into and to export from.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use atlas::actions::export::{self, export};
use atlas::actions::import::{Options, Report, Unwatched, markdown, redirects, table};
use atlas::app::{Answered, App};
use atlas::clock::{Clock, Time};
use atlas::config::Config;
use atlas::entry::Actor;
use atlas::error::{Problem, Result};
use atlas::source::csv;
use atlas::store::{Ask, Db};
use tempfile::TempDir;

use super::database::{Engine, Fixture, TestDatabase};

/// The day on which the tests take place.
pub const TODAY: &str = "2026-11-22T12:00:00Z";

/// An empty site and its clock.
pub struct Site {
    pub app: App,
    pub clock: Clock,
    pub database: TestDatabase,
    content: Option<PathBuf>,
}

impl Fixture for Site {
    async fn on(database: TestDatabase) -> Site {
        let clock = Clock::fixed(Time::parse(TODAY).unwrap());
        let app = open(&database, &clock, None).await;
        Site { app, clock, database, content: None }
    }
}

async fn open(database: &TestDatabase, clock: &Clock, content: Option<&Path>) -> App {
    let data = database.folder.path().join("data");
    let mut env = vec![
        ("DATABASE_URL".to_owned(), database.url.clone()),
        ("ATLAS_DATA".to_owned(), data.display().to_string()),
        ("ATLAS_ORIGIN".to_owned(), "https://atlas.example".to_owned()),
    ];
    env.extend(content.map(|folder| ("ATLAS_CONTENT".to_owned(), folder.display().to_string())));
    let config = Config::load(&[], env, None).unwrap();
    App::open(config, clock.clone()).await.unwrap()
}

/// Every table and how many rows it has, the counter by its value.
pub type Counts = BTreeMap<&'static str, i64>;

macro_rules! counts {
    ($db:expr, $($table:literal => $sql:literal),+ $(,)?) => {{
        let mut counts = Counts::new();
        $(
            let (rows,): (i64,) = $db.one($sql, vec![]).await.unwrap();
            counts.insert($table, rows);
        )+
        counts
    }};
}

impl Site {
    /// Empties the site as if it had just been installed, and lets it read another content folder.
    pub async fn begin_anew(&mut self) {
        self.app.db.close().await;
        match self.database.engine {
            Engine::Sqlite => {
                for ending in ["", "-wal", "-shm"] {
                    let _ = fs::remove_file(self.database.folder.path().join(format!("atlas.db{ending}")));
                }
            }
            Engine::Postgres => {
                use sqlx::{Connection, Executor, PgConnection};
                let mut connection = PgConnection::connect(&self.database.url).await.unwrap();
                connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await.unwrap();
                connection.close().await.unwrap();
            }
        }
        let _ = fs::remove_dir_all(self.database.folder.path().join("data"));
        self.app = open(&self.database, &self.clock, self.content.as_deref()).await;
    }

    /// Reads types and site words from this folder from now on.
    pub async fn with_content(&mut self, folder: &Path) {
        self.content = Some(folder.to_owned());
        self.app.db.close().await;
        self.app = open(&self.database, &self.clock, self.content.as_deref()).await;
    }

    pub async fn import(&self, dir: &Path, options: &Options) -> Report {
        self.try_import(dir, options).await.unwrap()
    }

    pub async fn try_import(&self, dir: &Path, options: &Options) -> Result<Report> {
        markdown::import(&self.app, &Actor::Operator, dir, options, &mut Unwatched).await
    }

    pub async fn import_table(&self, file: &Path, maps: &[&str], options: &Options) -> Report {
        self.try_import_table(file, maps, None, options).await.unwrap()
    }

    pub async fn try_import_table(
        &self,
        file: &Path,
        maps: &[&str],
        id: Option<&str>,
        options: &Options,
    ) -> Result<Report> {
        let maps: Vec<String> = maps.iter().map(|map| (*map).to_owned()).collect();
        let read = csv::Options { id: id.map(str::to_owned), ..csv::Options::default() };
        table::import(&self.app, &Actor::Operator, file, &maps, &read, options, &mut Unwatched).await
    }

    /// Imports a table of redirects.
    pub async fn import_redirects(&self, file: &Path, dry_run: bool) -> Report {
        redirects::import(&self.app, &Actor::Operator, file, dry_run, false).await.unwrap()
    }

    /// Exports into a new folder.
    pub async fn export(&self) -> (TempDir, export::Report) {
        let dir = tempfile::tempdir().unwrap();
        let report = export(&self.app, dir.path(), &mut Unwatched).await.unwrap();
        (dir, report)
    }

    /// What a visitor gets at a decoded path.
    pub async fn answer(&self, path: &str) -> Answered {
        self.app.answer(&atlas::text::Path::parse(path).unwrap()).await.unwrap()
    }

    /// The id of the live entry at a path.
    pub async fn entry_at(&self, path: &str) -> i64 {
        match self.answer(path).await {
            Answered::Entry { id, path: canonical } => {
                assert_eq!(canonical, path, "the entry lives elsewhere");
                id
            }
            other => panic!("{path} answers {other:?}"),
        }
    }

    /// Where one redirect leads from a path.
    pub async fn redirect_at(&self, path: &str) -> String {
        match self.answer(path).await {
            Answered::Redirect { status: 301, to, .. } => to,
            other => panic!("{path} answers {other:?}"),
        }
    }

    pub async fn counts(&self) -> Counts {
        counts(&self.app.db).await
    }

    /// The site's stored files, by name, with their sizes.
    pub fn files(&self) -> BTreeMap<String, u64> {
        let data = self.database.folder.path().join("data");
        let mut files = BTreeMap::new();
        for entry in walkdir::WalkDir::new(&data).into_iter().map(|entry| entry.unwrap()) {
            let name = entry.path().strip_prefix(&data).unwrap().display().to_string();
            if entry.file_type().is_file() && !name.contains("atlas.db") {
                files.insert(name, entry.metadata().unwrap().len());
            }
        }
        files
    }
}

pub async fn counts(db: &Db) -> Counts {
    counts!(db,
        "entries" => "SELECT COUNT(*) FROM entries",
        "versions" => "SELECT CAST(COALESCE(SUM(version), 0) AS BIGINT) FROM entries",
        "revisions" => "SELECT COUNT(*) FROM revisions",
        "rendered" => "SELECT COUNT(*) FROM rendered",
        "relations" => "SELECT COUNT(*) FROM relations",
        "field_index" => "SELECT COUNT(*) FROM field_index",
        "links" => "SELECT COUNT(*) FROM links",
        "paths" => "SELECT COUNT(*) FROM paths",
        "rules" => "SELECT COUNT(*) FROM rules",
        "counter" => "SELECT value FROM counters WHERE name = 'changes'",
        "changes" => "SELECT COUNT(*) FROM changes",
        "audit" => "SELECT COUNT(*) FROM audit",
        "sources" => "SELECT COUNT(*) FROM sources",
        "media" => "SELECT COUNT(*) FROM media",
    )
}

/// The real content that the tests read, beside the crate or where `ATLAS_SHARED` says.
pub fn shared(inner: &str) -> PathBuf {
    let folder = std::env::var_os("ATLAS_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let path = folder.join("data").join(inner);
    assert!(path.exists(), "{} is missing; ATLAS_SHARED names the folder that holds `data`", path.display());
    path
}

/// Writes files below a folder: name and text.
pub fn write_files(dir: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        write_file(dir, name, text.as_bytes());
    }
}

pub fn write_file(dir: &Path, name: &str, bytes: &[u8]) {
    let file = dir.join(name);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, bytes).unwrap();
}

/// A PNG of one pixel whose bytes differ with its colour.
pub fn png(colour: u8) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let picture = image::RgbImage::from_pixel(1, 1, image::Rgb([colour, 0, 0]));
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// Everything below a folder, by name.
pub fn contents(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = walkdir::WalkDir::new(dir).into_iter().map(|entry| entry.unwrap());
    files
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let name = entry.path().strip_prefix(dir).unwrap().display().to_string();
            (name, fs::read(entry.path()).unwrap())
        })
        .collect()
}

/// Two folders hold the same bytes under the same names.
pub fn assert_same(before: &Path, after: &Path) {
    let (before, after) = (contents(before), contents(after));
    for (name, bytes) in &before {
        let Some(other) = after.get(name) else { panic!("{name} is missing afterwards") };
        let (bytes, other) = (String::from_utf8_lossy(bytes), String::from_utf8_lossy(other));
        assert!(bytes == other, "{name} differs:\n--- before\n{bytes}\n--- after\n{other}");
    }
    let added: Vec<&String> = after.keys().filter(|name| !before.contains_key(*name)).collect();
    assert!(added.is_empty(), "new afterwards: {added:?}");
}

/// Problems as lines, for messages.
pub fn lines(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(ToString::to_string).collect()
}
