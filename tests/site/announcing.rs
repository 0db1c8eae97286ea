//! Search engines and the hub are told what has changed: once, by a production, and no faster than they
//! like it.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use atlas::actions::Change;
use atlas::actions::unpublish::{Then, unpublish};
use atlas::egress::Egress;
use atlas::entry::{Actor, Content, Seo};
use atlas::jobs::worker::work_off_through;
use atlas::store::Ask;
use atlas::store::jobs::{self, Job};
use rustls::pki_types::PrivateKeyDer;
use rustls::{RootCertStore, ServerConfig};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::on_both;
use crate::support::discovery::content_folder;
use crate::support::web::{Node, Site, content};

const SETTINGS: &str =
    "[indexnow]\nkey = \"0123456789abcdef\"\nendpoint = \"https://engine.test/indexnow\"\n";
const HUB: &str = "[feeds]\nwebsub = \"https://engine.test/hub\"\n";

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;

on_both! {
    async fn an_address_is_told_once_for_each_content(site: Site) {
        let engine = Engine::start().await;
        let node = node(&site, SETTINGS, &[]).await;
        let region = node.publish("region", content("Iran", json!({}))).await;
        let city = node.publish("city", content("Tehran", json!({ "region": region }))).await;
        let hidden = Content { seo: Seo { noindex: true, ..Seo::default() }, ..content("Hidden", json!({})) };
        node.publish("article", hidden).await;
        node.draft("article", content("Draft", json!({}))).await;
        node.edit(city, |content| content.summary = "Another word.".into()).await;

        assert_eq!(engine.work(&node).await, Vec::<Vec<String>>::new(), "what changes is collected first");
        node.app.clock.advance(10 * SECOND);
        assert_eq!(engine.work(&node).await, [["/iran", "/iran/tehran"]]);
        assert_eq!(
            engine.heard().last().unwrap(),
            "POST /indexnow HTTP/1.1\r\nhost: engine.test\r\nuser-agent: Atlas/0.1.0\r\n\
             content-type: application/json; charset=utf-8\r\nconnection: close\r\ncontent-length: 169\r\n\r\n\
             {\"host\":\"site.test\",\"key\":\"0123456789abcdef\",\"keyLocation\":\"https://site.test/0123456789abcdef.txt\",\
             \"urlList\":[\"https://site.test/iran\",\"https://site.test/iran/tehran\"]}"
        );
        assert_eq!(node.get("/0123456789abcdef.txt").await.text(), "0123456789abcdef");

        node.edit(city, |_| {}).await;
        node.edit(city, |content| content.seo.title = "For engines".into()).await;
        node.app.clock.advance(60 * MINUTE);
        assert_eq!(engine.work(&node).await, Vec::<Vec<String>>::new(), "nobody sees anything else");

        node.edit(city, |content| content.summary = "A third.".into()).await;
        node.app.clock.advance(10 * SECOND);
        assert_eq!(engine.work(&node).await, [["/iran/tehran"]]);
        node.edit(city, |content| content.summary = "A fourth.".into()).await;
        node.app.clock.advance(10 * SECOND);
        assert_eq!(engine.work(&node).await, Vec::<Vec<String>>::new(), "it was told a moment ago");
        node.edit(city, |content| content.summary = "A third.".into()).await;
        node.app.clock.advance(10 * MINUTE);
        assert_eq!(engine.work(&node).await, Vec::<Vec<String>>::new(), "it is as they were told");
    }

    async fn a_page_whose_author_gives_its_date_is_told_all_the_same(site: Site) {
        let engine = Engine::start().await;
        let node = node(&site, SETTINGS, &[]).await;
        let dated = Content { modified_at: Some(node.app.clock.now()), ..content("Dated", json!({})) };
        let id = node.publish("article", dated).await;
        node.app.clock.advance(10 * SECOND);
        assert_eq!(engine.work(&node).await, [["/articles/dated"]]);
        node.app.clock.advance(10 * MINUTE);
        node.edit(id, |content| content.body = "Other words.".into()).await;
        node.app.clock.advance(10 * SECOND);
        assert_eq!(engine.work(&node).await, [["/articles/dated"]]);
    }

    async fn an_engine_that_is_away_for_a_day_is_told_when_it_is_back(site: Site) {
        let engine = Engine::start().await;
        let node = node(&site, SETTINGS, &[]).await;
        node.publish("article", content("One", json!({}))).await;
        for _ in 0..24 {
            engine.answer("500 Internal Server Error");
            node.app.clock.advance(120 * MINUTE);
            engine.work(&node).await;
        }
        assert_eq!(only(&node).await.state, "waiting");
        node.app.clock.advance(120 * MINUTE);
        assert_eq!(engine.work(&node).await.last().unwrap(), &["/articles/one"]);
    }

    async fn what_moves_or_goes_is_told_too(site: Site) {
        let engine = Engine::start().await;
        let node = node(&site, SETTINGS, &[]).await;
        let region = node.publish("region", content("Iran", json!({}))).await;
        let city = node.publish("city", content("Tehran", json!({ "region": region }))).await;
        node.app.clock.advance(10 * SECOND);
        engine.work(&node).await;
        node.app.clock.advance(10 * MINUTE);

        node.edit(region, |content| content.slug = "persia".into()).await;
        node.app.clock.advance(10 * SECOND);
        assert_eq!(engine.work(&node).await, [["/iran", "/iran/tehran", "/persia", "/persia/tehran"]]);
        node.app.clock.advance(10 * MINUTE);

        node.edit(city, |content| content.seo.noindex = true).await;
        node.app.clock.advance(10 * SECOND);
        assert_eq!(engine.work(&node).await, [["/persia/tehran"]]);
        node.app.clock.advance(10 * MINUTE);

        let mut change = Change::begin(&node.app, &Actor::Operator).await.unwrap();
        let seen = node.version(city).await;
        unpublish(&mut change, city, seen, false, Then::Gone).await.unwrap();
        change.commit().await.unwrap();
        node.app.clock.advance(10 * SECOND);
        assert_eq!(engine.work(&node).await, Vec::<Vec<String>>::new(), "it was not to be indexed already");
    }

    async fn a_page_from_before_the_key_is_told_when_it_goes(site: Site) {
        let engine = Engine::start().await;
        let id = site.publish("article", content("Old", json!({}))).await;
        let node = node(&site, SETTINGS, &[]).await;
        let mut change = Change::begin(&node.app, &Actor::Operator).await.unwrap();
        let seen = node.version(id).await;
        unpublish(&mut change, id, seen, false, Then::Gone).await.unwrap();
        change.commit().await.unwrap();
        node.app.clock.advance(10 * SECOND);
        assert_eq!(engine.work(&node).await, [["/articles/old"]]);
    }

    async fn only_a_production_speaks(site: Site) {
        for settings in [
            vec![("environment", "staging")],
            vec![("environment", "development")],
            vec![("origin", "http://127.0.0.1:8080")],
        ] {
            let node = node(&site, &format!("{SETTINGS}{HUB}"), &settings).await;
            node.publish("article", content(&format!("Quiet {}", settings[0].1.len()), json!({}))).await;
            assert_eq!(jobs::list(&node.app.db).await.unwrap(), [], "{settings:?}");
        }
        let node = node(&site, "", &[]).await;
        node.publish("article", content("Nobody to tell", json!({}))).await;
        assert_eq!(jobs::list(&node.app.db).await.unwrap(), []);
        let rows: Vec<(i64,)> = node.app.db.all("SELECT COUNT(*) FROM announcements", vec![]).await.unwrap();
        assert_eq!(rows, [(0,)]);
    }

    async fn who_is_asked_too_often_is_left_alone(site: Site) {
        let engine = Engine::start().await;
        let node = node(&site, SETTINGS, &[]).await;
        node.publish("article", content("One", json!({}))).await;
        engine.answer("429 Too Many Requests\r\nretry-after: 3600");
        engine.answer("503 Service Unavailable");
        node.app.clock.advance(10 * SECOND);
        engine.work(&node).await;
        let job = only(&node).await;
        assert_eq!((job.state.as_str(), job.attempt), ("waiting", 1));
        assert_eq!(job.run_at.0 - node.app.clock.now().0, 60 * MINUTE);
        assert_eq!(
            job.problem.as_deref(),
            Some("https://engine.test/indexnow asks to be left alone: it answered 429 Too Many Requests")
        );
        // What changes meanwhile waits with it.
        node.publish("article", content("Two", json!({}))).await;
        assert_eq!(only(&node).await, job);
        node.app.clock.advance(60 * MINUTE);
        engine.work(&node).await;
        assert_eq!((only(&node).await.state.as_str(), only(&node).await.attempt), ("waiting", 2));
        node.app.clock.advance(60 * MINUTE);
        assert_eq!(engine.work(&node).await, [["/articles/one", "/articles/two"]]);
        assert_eq!(jobs::list(&node.app.db).await.unwrap(), []);
    }

    async fn a_refusal_waits_for_a_person_and_says_why(site: Site) {
        let engine = Engine::start().await;
        let node = node(&site, SETTINGS, &[]).await;
        for (answer, problem) in [
            ("403 Forbidden", "https://engine.test/indexnow does not accept the key: https://site.test/0123456789abcdef.txt must show it to everybody"),
            ("422 Unprocessable Entity", "https://engine.test/indexnow does not take the key for site.test: the addresses are not of that host"),
            ("302 Found\r\nlocation: https://elsewhere.test/", "https://engine.test/indexnow answered 302"),
        ] {
            node.publish("article", content(&format!("A story of {}", &answer[..3]), json!({}))).await;
            node.app.clock.advance(10 * SECOND);
            engine.answer(answer);
            engine.work(&node).await;
            let dead = only(&node).await;
            assert_eq!((dead.state.as_str(), dead.problem.as_deref()), ("dead", Some(problem)));
            // The next change asks for no second job beside it.
            node.publish("article", content(&format!("Another of {}", &answer[..3]), json!({}))).await;
            assert_eq!(only(&node).await, dead);
            let tx = node.app.db.begin().await.unwrap();
            jobs::retry(&tx, None, node.app.clock.now()).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(engine.work(&node).await[0].len(), 2, "everything that was to be told");
            node.app.clock.advance(10 * MINUTE);
        }
    }

    async fn the_hub_is_told_of_the_feeds_that_changed(site: Site) {
        let engine = Engine::start().await;
        let node = node(&site, HUB, &[]).await;
        let category = node.publish("category", content("Coffee", json!({}))).await;
        node.publish("page", content("About", json!({}))).await;
        node.app.clock.advance(2 * SECOND);
        engine.work(&node).await;
        assert_eq!(engine.heard(), Vec::<String>::new(), "neither stands in feeds");
        let story = content("A story", json!({ "categories": [category] }));
        let id = node.publish("article", story).await;
        node.edit(id, |content| content.summary = "Words.".into()).await;
        engine.answer("429 Too Many Requests\r\nretry-after: 60");
        node.app.clock.advance(2 * SECOND);
        engine.work(&node).await;
        node.app.clock.advance(60 * SECOND);
        engine.work(&node).await;
        let heard = engine.heard();
        let mut bodies: Vec<&str> = heard.iter().map(|heard| heard.split("\r\n\r\n").nth(1).unwrap()).collect();
        bodies.sort_unstable();
        bodies.dedup();
        let feeds = |page: &str| {
            let of = |file: &str| format!("&hub.url=https%3A%2F%2Fsite.test{page}%2F{file}");
            format!("hub.mode=publish{}{}{}", of("feed.xml"), of("rss.xml"), of("feed.json"))
        };
        assert_eq!(bodies, [feeds("%2Farticles"), feeds("%2Fcategories%2Fcoffee"), feeds("")]);
        assert_eq!(heard.len(), 3 + 1, "each page once, and one again");
        assert!(heard[0].starts_with("POST /hub HTTP/1.1\r\nhost: engine.test\r\n"), "{}", heard[0]);
        assert_eq!(jobs::list(&node.app.db).await.unwrap(), []);
    }
}

/// The site with these sections of `site.toml` and these settings.
async fn node(site: &Site, sections: &str, settings: &[(&str, &str)]) -> Node {
    let folder = content_folder(site, "announcing", sections);
    let mut all = vec![("content", folder.as_str())];
    all.extend(settings);
    site.another(&all).await
}

/// The one job there is.
async fn only(node: &Node) -> Job {
    let mut jobs = jobs::list(&node.app.db).await.unwrap();
    assert_eq!(jobs.len(), 1, "{jobs:?}");
    jobs.remove(0)
}

/// A search engine, or a hub, on this machine.
struct Engine {
    egress: Egress,
    heard: Arc<Mutex<Vec<String>>>,
    /// The next answers; when there are none, 200.
    answers: Arc<Mutex<VecDeque<String>>>,
}

impl Engine {
    async fn start() -> Engine {
        let made = rcgen::generate_simple_self_signed(vec!["engine.test".to_owned()]).unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(made.cert.der().clone()).unwrap();
        let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at: SocketAddr = listener.local_addr().unwrap();
        let (heard, answers) = (Arc::default(), Arc::default());
        tokio::spawn(serve(
            listener,
            TlsAcceptor::from(Arc::new(config)),
            Arc::clone(&heard),
            Arc::clone(&answers),
        ));
        Engine { egress: Egress::to(at, roots).unwrap(), heard, answers }
    }

    fn answer(&self, answer: &str) {
        self.answers.lock().unwrap().push_back(answer.to_owned());
    }

    /// Every request so far, as it came.
    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    /// Does what is due; the paths of each message that came in meanwhile.
    async fn work(&self, node: &Node) -> Vec<Vec<String>> {
        let before = self.heard().len();
        work_off_through(&node.app, &self.egress).await.unwrap();
        let heard = self.heard().split_off(before);
        heard.iter().filter_map(|heard| paths(heard)).collect()
    }
}

fn paths(heard: &str) -> Option<Vec<String>> {
    let body: Value = serde_json::from_str(heard.split("\r\n\r\n").nth(1)?).ok()?;
    let urls = body["urlList"].as_array()?;
    Some(urls.iter().map(|url| url.as_str().unwrap().replace("https://site.test", "")).collect())
}

async fn serve(
    listener: TcpListener,
    tls: TlsAcceptor,
    heard: Arc<Mutex<Vec<String>>>,
    answers: Arc<Mutex<VecDeque<String>>>,
) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let Ok(mut stream) = tls.accept(stream).await else { continue };
        let mut read = Vec::new();
        while !is_whole(&read) {
            if stream.read_buf(&mut read).await.unwrap() == 0 {
                break;
            }
        }
        heard.lock().unwrap().push(String::from_utf8(read).unwrap());
        let answer = answers.lock().unwrap().pop_front().unwrap_or_else(|| "200 OK".into());
        let answer = format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\n\r\n");
        let _ = stream.write_all(answer.as_bytes()).await;
        let _ = stream.shutdown().await;
    }
}

fn is_whole(read: &[u8]) -> bool {
    let text = String::from_utf8_lossy(read);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    length.is_some_and(|length| body.len() >= length.parse().unwrap())
}
