//! Stopping without dropping anybody (SECURITY R14).

use std::io::ErrorKind;
use std::time::Instant;

use tokio::net::TcpStream;

use super::client::Client;
use super::*;

const NOTICE: Duration = Duration::from_millis(400);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_under_load_loses_no_request() {
    for round in 0..5 {
        let site = start(|site| site.limits.patience.notice = NOTICE).await;
        let at = site.at;
        let clients: Vec<_> = (0..20).map(|number| tokio::spawn(load(at, number))).collect();
        tokio::time::sleep(Duration::from_millis(200)).await;
        let rest = site.stop().await;
        assert_eq!(rest, Rest { cut: 0 }, "round {round}");
        let mut answered = 0;
        for client in clients {
            answered += client.await.unwrap().unwrap_or_else(|error| panic!("round {round}: {error}"));
        }
        assert!(answered > 200, "{answered}");
    }
}

/// Asks again and again over one connection at a time, until nobody lets it in; every request that
/// was sent must be answered whole.
async fn load(at: SocketAddr, number: usize) -> std::io::Result<usize> {
    let mut answered = 0;
    loop {
        let stream = match TcpStream::connect(at).await {
            Ok(stream) => stream,
            Err(error) if error.kind() == ErrorKind::ConnectionRefused => return Ok(answered),
            Err(error) => return Err(error),
        };
        let mut client = Client(tokio::io::BufReader::new(stream));
        loop {
            let path = format!("/page-{}", (answered + number) % 50);
            let answer = client.ask("GET", &path, "").await?;
            if answer.status != 200 || !answer.text().contains(&path) {
                return Err(std::io::Error::other(format!("{} of {path}", answer.status)));
            }
            answered += 1;
            if answer.header("connection") == "close" {
                break;
            }
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
    }
}

#[tokio::test]
async fn a_stopping_node_says_so_before_it_closes() {
    let mut site = start(|site| site.limits.patience.notice = NOTICE).await;
    let mut idle = Client::to(site.at).await;
    let mut asking = Client::to(site.at).await;
    assert_eq!(idle.get("/readyz", "").await.status, 200);
    asking.get("/a", "").await;
    site.stop.take().unwrap().send(()).unwrap();
    let started = Instant::now();
    tokio::time::sleep(Duration::from_millis(50)).await;
    let answer = asking.get("/readyz", "").await;
    assert_eq!(
        (answer.status, answer.text().as_str(), answer.header("connection")),
        (503, "not ready\n", "close")
    );
    // Newcomers are still let in, and asked to go.
    let late = Client::to(site.at).await.get("/a", "").await;
    assert_eq!((late.status, late.header("connection")), (200, "close"));
    assert_eq!(Client::to(site.at).await.get("/healthz", "").await.status, 200);
    assert!(idle.is_closed_within(NOTICE * 5).await);
    assert!(started.elapsed() >= NOTICE - Duration::from_millis(20));
    assert_eq!(site.rest.await.unwrap(), Rest { cut: 0 });
    assert!(TcpStream::connect(site.at).await.is_err());
}

#[tokio::test]
async fn idle_connections_close_at_once_where_no_notice_is_wanted() {
    let site = start(|site| site.limits.patience.notice = Duration::ZERO).await;
    let mut idle = Client::to(site.at).await;
    idle.get("/a", "").await;
    let started = Instant::now();
    assert_eq!(site.stop().await, Rest { cut: 0 });
    assert!(started.elapsed() < Duration::from_secs(2) && idle.is_closed_within(NOTICE).await);
}

#[tokio::test]
async fn a_request_under_way_finishes_within_the_grace_and_is_cut_after_it() {
    for (path, grace, cut) in [("/slow", 10_000, 0), ("/hang", 300, 1)] {
        let site = start(|site| {
            site.limits.patience.notice = Duration::from_millis(50);
            site.limits.grace = Duration::from_millis(grace);
        })
        .await;
        let mut client = Client::to(site.at).await;
        client.send(format!("GET {path} HTTP/1.1\r\nHost: site.test\r\n\r\n")).await.unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
        let started = Instant::now();
        assert_eq!(site.stop().await, Rest { cut }, "{path}");
        assert!(started.elapsed() < Duration::from_secs(5));
        assert_eq!(client.answer("GET").await.is_ok(), cut == 0, "{path}");
    }
}

#[tokio::test]
async fn who_takes_an_answer_slowly_gets_all_of_it() {
    let site = start(|site| site.limits.patience.notice = NOTICE).await;
    let mut client = Client::to(site.at).await;
    client.send("GET /large HTTP/1.1\r\nHost: site.test\r\n\r\n".to_owned()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let stopped = tokio::spawn(site.stop());
    // The server has handed over the last byte long ago, and waits for the client to take it.
    tokio::time::sleep(NOTICE * 3).await;
    let answer = client.answer("GET").await.unwrap();
    assert_eq!((answer.status, answer.body.len()), (200, LARGE));
    drop(client);
    assert_eq!(stopped.await.unwrap(), Rest { cut: 0 });
}
