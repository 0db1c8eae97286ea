//! PostgreSQL goes away and comes back under load: cached pages never notice, others wait or say so.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use atlas::actions::import::Unwatched;
use atlas::actions::seed::{Options, seed};
use atlas::app::App;
use atlas::clock::Clock;
use atlas::config::Config;
use atlas::entry::Actor;
use atlas::store::Ask;

use crate::support::client::Client;

/// A server of this test's own, so that it can be stopped while others go on.
struct Server {
    programs: PathBuf,
    folder: tempfile::TempDir,
    user: Option<&'static str>,
    port: u16,
}

impl Server {
    /// None where PostgreSQL is not installed.
    fn start() -> Option<Server> {
        let mut versions: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
            .ok()?
            .flatten()
            .map(|entry| entry.path().join("bin"))
            .collect();
        versions.sort();
        let programs = versions.pop().filter(|programs| programs.join("initdb").exists())?;
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
        // It refuses to run as root.
        let is_root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
        let server = Server { programs, folder, user: is_root.then_some("postgres"), port: free_port() };
        let data = server.data();
        server.run(
            "initdb",
            &[
                "--pgdata",
                &data,
                "--username=atlas",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
        );
        server.up();
        Some(server)
    }

    fn data(&self) -> String {
        self.folder.path().join("cluster").display().to_string()
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let program = self.programs.join(program);
        let mut command = match self.user {
            None => Command::new(program),
            Some(user) => {
                let mut command = Command::new("runuser");
                command.args(["-u", user, "--"]).arg(program);
                command
            }
        };
        let done = command.args(arguments).current_dir("/").stdout(Stdio::null()).stderr(Stdio::null());
        assert!(done.status().unwrap().success(), "{command:?}");
    }

    fn up(&self) {
        let options = format!("-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''", self.port);
        let log = self.folder.path().join("cluster/log").display().to_string();
        self.run(
            "pg_ctl",
            &["--pgdata", &self.data(), "--log", &log, "--wait", "--options", &options, "start"],
        );
    }

    fn down(&self, mode: &str) {
        self.run("pg_ctl", &["--pgdata", &self.data(), "--wait", "--mode", mode, "stop"]);
    }

    fn url(&self) -> String {
        format!("postgres://atlas@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.down("immediate");
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// `atlas serve`, ended with the test.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn serve(url: &str, data: &Path) -> (Serving, SocketAddr) {
    let at: SocketAddr = ([127, 0, 0, 1], free_port()).into();
    let child = Command::new(env!("CARGO_BIN_EXE_atlas"))
        .arg("serve")
        .env("DATABASE_URL", url)
        .env("ATLAS_DATA", data)
        .env("ATLAS_LISTEN", at.to_string())
        .env("ATLAS_ORIGIN", "http://site.test")
        .env("ATLAS_SAMPLE", "false")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let serving = Serving(child);
    let begun = Instant::now();
    while tokio::net::TcpStream::connect(at).await.is_err() {
        assert!(begun.elapsed() < Duration::from_secs(60), "the site does not start");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    (serving, at)
}

/// What was answered.
#[derive(Default)]
struct Tally {
    cached: AtomicUsize,
    drawn: AtomicUsize,
    waiting: AtomicUsize,
}

/// Asks for these pages again and again. One that is in the cache answers 200 whatever happens; another
/// may be told to come again, with the time to wait.
async fn ask(at: SocketAddr, pages: Vec<String>, cached: bool, stop: Arc<AtomicBool>, tally: Arc<Tally>) {
    let mut client = Client::to(at).await;
    for number in 0.. {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let page = &pages[number % pages.len()];
        // Another spelling and a search are never kept, so they are asked of the database each time.
        let target = match (cached, number % 2) {
            (true, _) => page.clone(),
            (false, 0) => format!("{page}/?n={number}"),
            (false, _) => format!("/search?q=bread+{number}"),
        };
        let answer = client.ask("GET", target.as_bytes(), &[]).await.unwrap();
        match (cached, answer.status) {
            (true, 200) => tally.cached.fetch_add(1, Ordering::Relaxed),
            (false, 200 | 301) => tally.drawn.fetch_add(1, Ordering::Relaxed),
            (false, 503) => {
                assert!(!answer.header("retry-after").is_empty(), "{target}: 503 without Retry-After");
                tally.waiting.fetch_add(1, Ordering::Relaxed)
            }
            (_, status) => panic!("{target}: {status}"),
        };
        if answer.header("connection") == "close" {
            client = Client::to(at).await;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[test]
fn pages_outlast_a_restart_of_postgresql() {
    let Some(server) = Server::start() else {
        println!("skipped: PostgreSQL is not installed");
        return;
    };
    let restarts = if std::env::var_os("ATLAS_TEST_FULL").is_some() { 10 } else { 1 };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let pages = fill(&server.url(), folder.path()).await;
        let (_serving, at) = serve(&server.url(), folder.path()).await;
        let (warm, cold) = pages.split_at(pages.len() / 2);
        let mut client = Client::to(at).await;
        for page in warm {
            assert_eq!(client.ask("GET", page.as_bytes(), &[]).await.unwrap().status, 200, "{page}");
        }
        let (stop, tally) = (Arc::new(AtomicBool::new(false)), Arc::new(Tally::default()));
        let mut asking = Vec::new();
        for (pages, cached) in [(warm, true), (warm, true), (cold, false), (cold, false)] {
            asking.push(tokio::spawn(ask(at, pages.to_vec(), cached, stop.clone(), tally.clone())));
        }
        let mut away = Duration::ZERO;
        for restart in 0..restarts {
            tokio::time::sleep(Duration::from_millis(500)).await;
            let begun = Instant::now();
            tokio::task::block_in_place(|| {
                server.down(if restart % 2 == 0 { "fast" } else { "immediate" });
                std::thread::sleep(Duration::from_millis(500));
                server.up();
            });
            away += begun.elapsed();
        }
        // It is found again by itself.
        let found = tally.drawn.load(Ordering::Relaxed);
        let begun = Instant::now();
        while tally.drawn.load(Ordering::Relaxed) < found + 50 {
            assert!(begun.elapsed() < Duration::from_secs(20), "the database is back, and nobody asks it");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        stop.store(true, Ordering::Relaxed);
        for asking in asking {
            asking.await.unwrap();
        }
        let [cached, drawn, waiting] =
            [&tally.cached, &tally.drawn, &tally.waiting].map(|count| count.load(Ordering::Relaxed));
        println!(
            "{restarts} restarts, away for {:.1} s: {cached} cached pages, {drawn} others, {waiting} times 503",
            away.as_secs_f64()
        );
        assert!(cached > 100 && waiting > 0, "the load came through to the end");
    });
}

/// Some entries; the paths of their pages.
async fn fill(url: &str, data: &Path) -> Vec<String> {
    let flags = [("database_url", url.to_owned()), ("data", data.display().to_string())];
    let flags: Vec<(String, String)> =
        flags.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let app = App::open(Config::load(&flags, [], None).unwrap(), Clock::system()).await.unwrap();
    let options = Options { entries: 100, seed: 1, anyway: false };
    seed(&app, &Actor::Operator, options, &mut Unwatched).await.unwrap();
    let rows: Vec<(String,)> = app
        .db
        .all(
            "SELECT p.path FROM paths p JOIN entries e ON e.id = p.entry_id
             WHERE e.type = 'article' AND e.state = 'published' AND e.locale = 'en' ORDER BY e.id LIMIT 12",
            vec![],
        )
        .await
        .unwrap();
    app.db.close().await;
    rows.into_iter().map(|(path,)| atlas::text::Path::parse(&path).unwrap().href()).collect()
}
