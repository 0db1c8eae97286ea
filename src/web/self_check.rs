//! The site asks itself what crawlers ask, over HTTP: a production that is kept out of search, or a
//! staging that is not, is found by itself instead of by its owner (SEO 3.26).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use super::health::Readiness;
use super::public::entry_href;
use crate::app::App;
use crate::config::Environment;
use crate::error::{Error, Result};
use crate::seo::self_check::{Reply, faults_of_closed, faults_of_open, faults_of_robots};
use crate::store::lists;

/// How often the running site is asked.
const EVERY: Duration = Duration::from_hours(1);
/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// A page of ours is far smaller; nothing more is read.
const LARGEST: u64 = 4 << 20;

/// Checks at once and then hourly, for as long as it runs. What is found stands in the log as errors
/// and beside `ready`.
pub async fn watch(app: App, at: SocketAddr, readiness: Readiness) {
    if app.config.environment != Environment::Production {
        tracing::warn!(
            environment = app.config.environment.as_str(),
            "this site is closed to search engines"
        );
    }
    loop {
        match ask_itself(&app, at).await {
            Ok(found) => {
                for fault in &found {
                    tracing::error!(%fault, "search engines: {}", verdict(&app));
                }
                readiness.warn(found);
            }
            Err(error) => tracing::warn!(%error, "the site could not ask itself whether it may be indexed"),
        }
        tokio::time::sleep(EVERY).await;
    }
}

fn verdict(app: &App) -> &'static str {
    match app.config.environment {
        Environment::Production => "this site is in production and can't be indexed as it should",
        _ => "this site is not in production and may be indexed",
    }
}

/// The same for a site that nobody serves yet.
///
/// # Errors
/// `Unavailable` when no port is free or the site doesn't answer.
pub async fn of_a_site_at_rest(app: &App) -> Result<Vec<String>> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let at = listener.local_addr()?;
    let (stop, stopped) = oneshot::channel::<()>();
    let mut site = super::site(app);
    site.limits.patience.notice = Duration::ZERO;
    let served = tokio::spawn(site.serve(listener, async {
        let _ = stopped.await;
    }));
    let found = ask_itself(app, at).await;
    let _ = stop.send(());
    let _ = served.await;
    found
}

/// What is wrong with the home page, the newest entry and `robots.txt`, in sentences.
///
/// # Errors
/// `Unavailable` when the site doesn't answer or the database is away.
pub async fn ask_itself(app: &App, at: SocketAddr) -> Result<Vec<String>> {
    let newest = lists::newest_indexable(&app.db, &app.site.default_locale().code).await?;
    let paths: Vec<String> =
        std::iter::once("/".to_owned()).chain(newest.map(|path| entry_href(&path))).collect();
    let mut found = Vec::new();
    let open = app.config.environment == Environment::Production;
    for path in &paths {
        let page = ask(app, at, path).await?;
        found.extend(if open { faults_of_open(&page) } else { faults_of_closed(&page) });
    }
    if open {
        found.extend(faults_of_robots(&ask(app, at, "/robots.txt").await?, &paths));
    }
    Ok(found)
}

/// Asks for a path under the configured host. HTTP/1.0, so that the answer ends with the connection.
async fn ask(app: &App, at: SocketAddr, path: &str) -> Result<Reply> {
    let away = |reason: String| Error::Unavailable(format!("{path}: {reason}"));
    let asking = async {
        let mut stream = TcpStream::connect(reachable(at)).await?;
        let host = app.config.origin.authority();
        let request = format!("GET {path} HTTP/1.0\r\nHost: {host}\r\nUser-Agent: Atlas self-check\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.take(LARGEST).read_to_end(&mut answer).await?;
        Ok::<_, std::io::Error>(answer)
    };
    let answer = tokio::time::timeout(PATIENCE, asking).await;
    let answer =
        answer.map_err(|_| away("no answer in time".into()))?.map_err(|error| away(error.to_string()))?;
    read(&app.config.origin.url(path), &answer).ok_or_else(|| away("no HTTP".into()))
}

fn read(url: &str, answer: &[u8]) -> Option<Reply> {
    let text = String::from_utf8_lossy(answer);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let tags = lines.filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("x-robots-tag").then(|| value.trim().to_owned())
    });
    let robots_tag = tags.reduce(|all, one| all + ", " + &one);
    Some(Reply { url: url.to_owned(), status, robots_tag, body: body.to_owned() })
}

/// An address to connect to, where the listener took all of them.
fn reachable(at: SocketAddr) -> SocketAddr {
    let ip = match at.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, at.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_from_the_wire() {
        let wire =
            b"HTTP/1.1 200 OK\r\nX-Robots-Tag: noindex\r\nx-robots-tag: nofollow\r\nA: b\r\n\r\n<p>\r\n\r\n";
        let reply = read("U", wire).unwrap();
        assert_eq!(
            (reply.status, reply.robots_tag.as_deref(), reply.body.as_str()),
            (200, Some("noindex, nofollow"), "<p>\r\n\r\n")
        );
        for broken in [&b""[..], b"HTTP/1.1 200 OK\r\n", b"SSH-2.0\r\n\r\n", b"HTTP/1.1 x\r\n\r\n"] {
            assert_eq!(read("U", broken), None);
        }
    }

    #[test]
    fn a_listener_on_all_addresses_is_asked_by_the_loopback_one() {
        let of = |text: &str| reachable(text.parse().unwrap()).to_string();
        assert_eq!(of("0.0.0.0:80"), "127.0.0.1:80");
        assert_eq!(of("[::]:80"), "[::1]:80");
        assert_eq!(of("10.0.0.1:80"), "10.0.0.1:80");
    }
}
