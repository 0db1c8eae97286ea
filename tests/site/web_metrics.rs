//! What a running site counts, and what it writes down of one request.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use atlas::web::metrics::{METRICS, text};
use serde_json::json;

use crate::on_both;
use crate::support::web::{Site, content};

async fn measured(site: &Site) -> String {
    text(&site.app, &site.metrics).await
}

/// The value of a metric as it stands in the text.
fn value(text: &str, name: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {name} in\n{text}")).parse().unwrap()
}

on_both! {
    async fn requests_are_counted_by_address_and_status(site: Site) {
        site.publish("article", content("A story", json!({}))).await;
        let page = site.get("/articles/a-story").await;
        let etag = page.header("etag").to_owned();
        for _ in 0..3 {
            site.get("/articles/a-story").await;
        }
        let known = site.ask("GET", "/articles/a-story", &[("if-none-match", &etag)]).await;
        assert_eq!(known.hop(), "304");
        site.get("/nowhere").await;
        site.get("/nowhere").await;
        site.get("/robots.txt").await;
        site.get("/healthz").await;
        let style = site.app.assets.address("site.css").unwrap();
        for _ in 0..2 {
            let answer = site.ask("GET", style, &[("accept-encoding", "gzip, br")]).await;
            assert_eq!((answer.hop().as_str(), answer.header("content-encoding")), ("200", "br"));
        }
        let text = measured(&site).await;
        for (name, expected) in [
            (r#"atlas_requests_total{route="page",status="2xx"}"#, 4.0),
            (r#"atlas_requests_total{route="page",status="3xx"}"#, 1.0),
            (r#"atlas_requests_total{route="page",status="4xx"}"#, 2.0),
            (r#"atlas_requests_total{route="page",status="5xx"}"#, 0.0),
            (r#"atlas_requests_total{route="file",status="2xx"}"#, 1.0),
            (r#"atlas_requests_total{route="health",status="2xx"}"#, 1.0),
            (r#"atlas_memory_answers_total{route="page"}"#, 5.0),
            (r#"atlas_memory_answers_total{route="static"}"#, 1.0),
            (r#"atlas_requests_total{route="static",status="2xx"}"#, 2.0),
            (r#"atlas_request_seconds_count{route="page"}"#, 2.0),
            (r#"atlas_request_seconds_bucket{route="page",le="+Inf"}"#, 2.0),
            (r#"atlas_cache_answers_total{outcome="hit"}"#, 5.0),
            (r#"atlas_cache_answers_total{outcome="miss"}"#, 2.0),
            (r#"atlas_cache_entries{part="pages"}"#, 1.0),
            (r#"atlas_cache_entries{part="others"}"#, 1.0),
            ("atlas_cache_limit_bytes", 67_108_864.0),
            ("atlas_database_up", 1.0),
            ("atlas_changes_behind", 0.0),
        ] {
            assert_eq!(value(&text, name), expected, "{name} in\n{text}");
        }
        assert!(value(&text, r#"atlas_cache_bytes{part="pages"}"#) > page.text().len() as f64);
        let seconds = value(&text, r#"atlas_request_seconds_sum{route="page"}"#);
        assert!(seconds > 0.0 && seconds < 60.0, "{seconds}");
    }

    async fn every_listed_metric_is_written_and_no_other(site: Site) {
        site.sitemap().await;
        let text = measured(&site).await;
        let written: Vec<(&str, &str)> = text
            .lines()
            .filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '))
            .collect();
        let listed: Vec<(&str, &str)> = METRICS.iter().map(|metric| (metric.name, metric.kind)).collect();
        assert_eq!(written, listed, "\n{text}");
        let labels = |name: &str| -> Option<String> {
            let sample = text.lines().find(|line| line.starts_with(name) && line.contains('{'))?;
            let inside = sample.split_once('{')?.1.split_once('}')?.0;
            let names = inside.split(',').filter_map(|label| label.split_once('=')).map(|(name, _)| name);
            Some(names.filter(|name| *name != "le").collect::<Vec<_>>().join(", "))
        };
        for metric in METRICS {
            assert_eq!(labels(metric.name).unwrap_or_default(), metric.labels, "{}", metric.name);
        }
    }

    async fn changes_of_others_are_counted_until_they_are_followed(site: Site) {
        let other = site.another(&[]).await;
        site.publish("article", content("A story", json!({}))).await;
        let behind = text(&other.app, &other.metrics).await;
        assert!(value(&behind, "atlas_changes_behind") > 0.0);
        other.app.catch_up().await.unwrap();
        assert_eq!(value(&text(&other.app, &other.metrics).await, "atlas_changes_behind"), 0.0);
    }

    async fn without_the_database_the_rest_is_still_told(site: Site) {
        site.app.db.close().await;
        let text = measured(&site).await;
        assert_eq!(value(&text, "atlas_database_up"), 0.0);
        assert!(!text.contains("atlas_jobs") && !text.contains("atlas_changes_behind"));
        assert_eq!(value(&text, "atlas_connections"), 0.0);
    }
}

/// A process of its own, ended with the test.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free_address() -> String {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

fn ask(address: &str, target: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    write!(stream, "GET {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer)
}

#[test]
fn the_binary_tells_of_a_request_down_to_its_sql_and_counts_it_on_an_address_of_its_own() {
    let (data, site, metrics) = (tempfile::tempdir().unwrap(), free_address(), free_address());
    let mut child = Command::new(env!("CARGO_BIN_EXE_atlas"))
        .args(["serve", "--sample", "false", "--log", "json", "--log-level", "debug", "--workers", "false"])
        .args(["--listen", &site, "--metrics", &metrics, "--data"])
        .arg(data.path())
        .env_clear()
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let log = BufReader::new(child.stderr.take().unwrap());
    let _served = Served(child);
    let (told, lines) = std::sync::mpsc::channel();
    std::thread::spawn(move || log.lines().map_while(Result::ok).try_for_each(|line| told.send(line)));
    let started = Instant::now();
    let page = loop {
        if let Some(answer) = ask(&site, "/places?page=2") {
            break answer;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "the site doesn't start");
        std::thread::sleep(Duration::from_millis(50));
    };
    let id = page.lines().find_map(|line| line.strip_prefix("x-request-id: ")).expect("a request has an id");
    let statement = loop {
        let line = lines.recv_timeout(Duration::from_secs(20)).expect("no statement of the request is told");
        let event: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
        if event["target"] == "sqlx::query" && event["span"]["id"] == id {
            break event;
        }
    };
    assert_eq!(statement["span"]["name"], "request");
    assert_eq!(statement["span"]["path"], "/places", "the values of a query may be secrets");
    let text = ask(&metrics, "/metrics").expect("the metrics have an address of their own");
    assert!(text.starts_with("HTTP/1.1 200 OK"), "{text}");
    assert_eq!(value(&text, r#"atlas_requests_total{route="page",status="4xx"}"#), 1.0);
    assert!(ask(&site, "/metrics").unwrap().starts_with("HTTP/1.1 404"), "nothing of it is public");
}
