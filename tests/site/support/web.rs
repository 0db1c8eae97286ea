//! A site that runs: an app on the test's database, served on a port of its own.

use std::net::SocketAddr;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;

use atlas::actions::Change;
use atlas::actions::publish::{Manner, publish, publish_saved};
use atlas::actions::save_draft::{Draft, Target, save_draft};
use atlas::app::App;
use atlas::clock::{Clock, Time};
use atlas::config::Config;
use atlas::entry::{Actor, Content};
use atlas::store::entries;
use atlas::web;
use atlas::web::metrics::Metrics;
use serde_json::{Map, Value};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::client::{Answer, Client};
use super::database::{Fixture, TestDatabase};
use super::html::Html;

/// Where visitors find the site; never the address that it is served on.
pub const ORIGIN: &str = "https://site.test";
/// When the tests happen.
pub const NOW: &str = "2026-11-22T12:00:00Z";

/// A site with a database of its own.
pub struct Site {
    node: Node,
    pub database: TestDatabase,
}

/// One process's share of the site.
pub struct Node {
    pub app: App,
    pub at: SocketAddr,
    pub metrics: Arc<Metrics>,
    _stop: oneshot::Sender<()>,
}

impl Fixture for Site {
    async fn on(database: TestDatabase) -> Site {
        Site { node: Node::start(&database, &[]).await, database }
    }
}

impl Deref for Site {
    type Target = Node;

    fn deref(&self) -> &Node {
        &self.node
    }
}

impl Site {
    /// Another process on the same database, with settings of its own.
    pub async fn another(&self, settings: &[(&str, &str)]) -> Node {
        Node::start(&self.database, settings).await
    }
}

impl Node {
    async fn start(database: &TestDatabase, settings: &[(&str, &str)]) -> Node {
        let data = database.folder.path().display().to_string();
        let own = [("database_url", database.url.as_str()), ("data", &data), ("origin", ORIGIN)];
        let flags: Vec<(String, String)> = own
            .iter()
            .filter(|(name, _)| !settings.iter().any(|(other, _)| other == name))
            .chain(settings)
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let config = Config::load(&flags, [], None).unwrap();
        let app = App::open(config, Clock::fixed(Time::parse(NOW).unwrap())).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let site = web::site(&app);
        let metrics = Arc::clone(&site.metrics);
        tokio::spawn(site.serve(listener, async {
            let _ = stopped.await;
        }));
        Node { app, at, metrics, _stop: stop }
    }

    pub async fn client(&self) -> Client {
        Client::to(self.at).await
    }

    pub async fn ask(&self, method: &str, target: &str, headers: &[(&str, &str)]) -> Answer {
        self.client().await.ask(method, target.as_bytes(), headers).await.unwrap()
    }

    pub async fn get(&self, target: &str) -> Answer {
        self.ask("GET", target, &[]).await
    }

    /// The page at an address, which must be one.
    pub async fn page(&self, target: &str) -> Html {
        let answer = self.get(target).await;
        assert_eq!(answer.hop(), "200", "{target}");
        Html::parse(answer.text())
    }

    /// Publishes a new entry in English; its id.
    pub async fn publish(&self, kind: &str, content: Content) -> i64 {
        self.publish_in("en", kind, content, None).await
    }

    /// Publishes a new entry in a language, as a translation of another one; its id.
    pub async fn publish_in(&self, locale: &str, kind: &str, content: Content, of: Option<i64>) -> i64 {
        let target = Target::New { kind: kind.to_owned(), locale: locale.to_owned(), translation_of: of };
        let mut change = Change::begin(&self.app, &Actor::Operator).await.unwrap();
        let saved = save_draft(&mut change, draft(target, content)).await.unwrap();
        let id = saved.id;
        publish_saved(&mut change, saved, Manner::default()).await.unwrap();
        change.commit().await.unwrap();
        id
    }

    /// Saves a new entry that stays a draft; its id.
    pub async fn draft(&self, kind: &str, content: Content) -> i64 {
        let target = Target::New { kind: kind.to_owned(), locale: "en".into(), translation_of: None };
        let mut change = Change::begin(&self.app, &Actor::Operator).await.unwrap();
        let saved = save_draft(&mut change, draft(target, content)).await.unwrap();
        change.commit().await.unwrap();
        saved.id
    }

    /// Changes an entry and publishes the change.
    pub async fn edit(&self, id: i64, edit: impl FnOnce(&mut Content)) {
        let mut change = Change::begin(&self.app, &Actor::Operator).await.unwrap();
        let seen = self.version(id).await;
        let mut content = entries::draft(&change.tx, id).await.unwrap().content;
        edit(&mut content);
        let saved = save_draft(&mut change, draft(Target::Existing { id, seen }, content)).await.unwrap();
        publish(&mut change, id, saved.version, Manner::default()).await.unwrap();
        change.commit().await.unwrap();
    }

    /// The version of an entry, for whoever changes it next.
    pub async fn version(&self, id: i64) -> i64 {
        entries::find(&self.app.db, id).await.unwrap().unwrap().version
    }

    /// Builds the sitemaps and reads every page they name.
    pub async fn sitemap(&self) -> Vec<String> {
        atlas::jobs::sitemaps::build(&self.app).await.unwrap();
        let mut pages = Vec::new();
        for shard in locations(self.get("/sitemap.xml").await.text()) {
            let answer = self.get(path_of(&shard)).await;
            assert_eq!(answer.hop(), "200", "{shard}");
            pages.extend(locations(answer.text()));
        }
        pages
    }
}

fn draft(target: Target, content: Content) -> Draft {
    Draft { target, content, reuse: false, lenient: false, tie: None }
}

/// Every `<loc>` of a sitemap or of its index.
fn locations(xml: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(xml).unwrap();
    let named = document.descendants().filter(|node| node.tag_name().name() == "loc");
    // Images have one too, in a name space of their own.
    let own =
        named.filter(|node| node.tag_name().namespace() == document.root_element().tag_name().namespace());
    own.filter_map(|node| node.text().map(str::to_owned)).collect()
}

/// The address of this site without its origin.
#[track_caller]
pub fn path_of(url: &str) -> &str {
    let path = url.strip_prefix(ORIGIN).unwrap_or_else(|| panic!("{url} is none of {ORIGIN}"));
    if path.is_empty() { "/" } else { path }
}

/// A content with a title and the values of fields.
pub fn content(title: &str, fields: Value) -> Content {
    let fields: Map<String, Value> = match fields {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    Content { title: title.to_owned(), fields, ..Content::default() }
}

/// The folder of real content that the tests read, if it is at hand.
pub fn shared(name: &str) -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared");
    let root = std::env::var_os("ATLAS_SHARED").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let path = root.join("data").join(name);
    if !path.exists() {
        eprintln!("{} is not at hand: nothing was tested", path.display());
        return None;
    }
    Some(path)
}
