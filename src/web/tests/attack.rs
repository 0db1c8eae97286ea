//! Clients that are slow, greedy or mad.

use std::time::Instant;

use proptest::prelude::*;

use super::client::Client;
use super::*;

const SHORT: Duration = Duration::from_millis(300);
/// Between "at once" and "never", on a machine that is busy with other tests.
const SOON: Duration = Duration::from_secs(5);

#[tokio::test]
async fn a_dribbled_head_is_cut_in_time() {
    let site = start(|site| site.limits.patience.head = SHORT).await;
    let mut client = Client::to(site.at).await;
    let started = Instant::now();
    let head = format!("GET / HTTP/1.1\r\nHost: site.test\r\nX: {}", "x".repeat(1_000));
    for byte in head.bytes() {
        if client.send([byte]).await.is_err() || started.elapsed() > SOON {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(client.is_closed_within(SHORT).await);
    assert!((SHORT..SOON).contains(&started.elapsed()), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_connection_that_says_nothing_is_closed_in_time() {
    let site = start(|site| site.limits.patience.head = SHORT).await;
    let started = Instant::now();
    assert!(Client::to(site.at).await.is_closed_within(SOON).await);
    assert!(started.elapsed() >= SHORT - Duration::from_millis(20));
}

#[tokio::test]
async fn a_connection_is_watched_after_an_answer_that_took_long() {
    let site = start(|site| {
        site.limits.patience.head = SHORT;
        site.limits.patience.idle = SHORT * 4;
    })
    .await;
    let mut client = Client::to(site.at).await;
    assert_eq!(client.get("/slow", "").await.status, 200);
    assert!(client.is_closed_within(SOON).await);
}

#[tokio::test]
async fn a_kept_connection_may_rest_longer_than_a_head_but_not_for_ever() {
    let site = start(|site| {
        site.limits.patience.head = SHORT;
        site.limits.patience.idle = SHORT * 4;
    })
    .await;
    let mut client = Client::to(site.at).await;
    for _ in 0..2 {
        assert_eq!(client.get("/a", "").await.status, 200);
        tokio::time::sleep(SHORT * 2).await;
    }
    assert_eq!(client.get("/a", "").await.status, 200);
    let silent = Instant::now();
    assert!(client.is_closed_within(SOON).await);
    assert!(silent.elapsed() >= SHORT * 3);
    // The second head of a connection is timed as strictly as the first.
    let mut client = Client::to(site.at).await;
    client.get("/a", "").await;
    client.send("GET / HT").await.unwrap();
    let started = Instant::now();
    assert!(client.is_closed_within(SOON).await);
    assert!(started.elapsed() < SHORT * 3, "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_body_that_stops_or_dribbles_is_answered_408() {
    let site = start(|site| {
        site.limits.body_pause = SHORT;
        site.limits.request = SHORT * 3;
    })
    .await;
    let head = "POST /echo HTTP/1.1\r\nHost: site.test\r\nContent-Length: 1000\r\n\r\n";
    let mut stopped = Client::to(site.at).await;
    let started = Instant::now();
    stopped.send(format!("{head}abc")).await.unwrap();
    let answer = stopped.answer("POST").await.unwrap();
    assert_eq!((answer.status, answer.header("connection")), (408, "close"));
    assert!(started.elapsed() < SOON && stopped.is_closed_within(SOON).await);

    // A handler may refuse before it has read anything; that is no fault of the client's speed.
    let mut refused = Client::to(site.at).await;
    refused.send(head.replace("/echo", "/refusing")).await.unwrap();
    assert_eq!(refused.answer("POST").await.unwrap().status, 400);

    let dribble = Client::to(site.at).await;
    let started = Instant::now();
    let (read, mut write) = dribble.0.into_inner().into_split();
    let writer = tokio::spawn(async move {
        use tokio::io::AsyncWriteExt;
        let _ = write.write_all(head.as_bytes()).await;
        while write.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        write
    });
    let mut text = String::new();
    let _ = tokio::io::AsyncBufReadExt::read_line(&mut tokio::io::BufReader::new(read), &mut text).await;
    assert_eq!(text, "HTTP/1.1 408 Request Timeout\r\n");
    assert!(started.elapsed() >= SHORT * 3 - Duration::from_millis(20) && started.elapsed() < SOON);
    writer.abort();
}

#[tokio::test]
async fn a_handler_that_takes_too_long_is_answered_503() {
    let site = start(|site| site.limits.request = SHORT).await;
    let answer = Client::to(site.at).await.get("/hang", "").await;
    assert_eq!((answer.status, answer.header("retry-after")), (503, "5"));
}

#[tokio::test]
async fn a_client_that_takes_no_bytes_is_given_up() {
    let site = start(|site| site.limits.patience.write = SHORT).await;
    let mut client = Client::to(site.at).await;
    client.send("GET /big HTTP/1.1\r\nHost: site.test\r\n\r\n").await.unwrap();
    let started = Instant::now();
    while site.world.dropped.load(Ordering::SeqCst) == 0 {
        assert!(started.elapsed() < SOON);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(started.elapsed() >= SHORT);
}

#[tokio::test]
async fn what_is_too_large_or_odd_is_refused_by_its_own_status() {
    let site = start(|site| site.limits.body = 1_000).await;
    let long = "a".repeat(9_000);
    let huge = "a".repeat(100_000);
    let chunk = format!("400\r\n{}\r\n", "a".repeat(1_024));
    let cases = [
        (format!("GET /{long} HTTP/1.1\r\nHost: site.test\r\n\r\n"), 414),
        (format!("GET / HTTP/1.1\r\nHost: site.test\r\nX: {huge}\r\n\r\n"), 431),
        (format!("GET / HTTP/1.1\r\nHost: site.test\r\n{}\r\n", "A: b\r\n".repeat(150)), 431),
        ("POST /echo HTTP/1.1\r\nHost: site.test\r\nContent-Length: 1001\r\n\r\n".to_owned(), 413),
        (
            format!(
                "POST /echo HTTP/1.1\r\nHost: site.test\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}{chunk}0\r\n\r\n"
            ),
            413,
        ),
        ("GET /a HTTP/1.1\r\n\r\n".to_owned(), 400),
        ("GET /a HTTP/1.1\r\nHost: site.test\r\nHost: evil.example\r\n\r\n".to_owned(), 400),
        ("GET /a HTTP/1.1\r\nHost: site.test\r\nHost: site.test\r\n\r\n".to_owned(), 400),
        ("CONNECT site.test:80 HTTP/1.1\r\nHost: site.test\r\n\r\n".to_owned(), 400),
        (
            "GET /a HTTP/1.1\r\nHost: site.test\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n".to_owned(),
            400,
        ),
        ("GET /a\x01 HTTP/1.1\r\nHost: site.test\r\n\r\n".to_owned(), 400),
        ("nonsense\r\n\r\n".to_owned(), 400),
        ("GET /a HTTP/1.0\r\n\r\n".to_owned(), 200),
    ];
    for (bytes, status) in cases {
        let mut client = Client::to(site.at).await;
        let _ = client.send(&bytes).await;
        let answer = client.answer("GET").await.unwrap();
        assert_eq!(answer.status, status, "{}", &bytes[..bytes.len().min(80)]);
        assert!(status == 200 || !answer.headers.contains_key("x-public-cache"));
    }
}

#[tokio::test]
async fn a_body_within_the_limit_arrives() {
    let site = start(|_| {}).await;
    let mut client = Client::to(site.at).await;
    let body = "b".repeat(1 << 20);
    client
        .send(format!(
            "POST /echo HTTP/1.1\r\nHost: site.test\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ))
        .await
        .unwrap();
    assert_eq!(client.answer("POST").await.unwrap().text(), body);
}

#[tokio::test]
async fn one_connection_too_many_waits_for_its_turn() {
    let site = start(|site| site.limits.connections = 2).await;
    let mut first = Client::to(site.at).await;
    let mut second = Client::to(site.at).await;
    first.get("/a", "").await;
    second.get("/a", "").await;
    let mut third = Client::to(site.at).await;
    third.send("GET /a HTTP/1.1\r\nHost: site.test\r\n\r\n").await.unwrap();
    assert!(tokio::time::timeout(SHORT, third.answer("GET")).await.is_err());
    drop(first);
    assert_eq!(third.answer("GET").await.unwrap().status, 200);
    assert_eq!(second.get("/a", "").await.status, 200);
}

#[test]
fn no_bytes_crash_the_server_or_make_it_fail() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let site = runtime.block_on(start(|site| site.limits.patience.head = SHORT));
    let piece = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..40),
        prop::sample::select(vec![
            "GET ",
            "/",
            "HTTP/1.1",
            "HTTP/1.0",
            "\r\n",
            "\n",
            "\r\n\r\n",
            "Host: site.test\r\n",
            "HEAD /a HTTP/1.1\r\n",
            "%00%ff",
            "?a=b&",
            "Content-Length: 5\r\n",
            "Transfer-Encoding: chunked\r\n",
            "POST /echo HTTP/1.1\r\n",
            "Range: bytes=0-\r\n",
            ": ",
            "\0",
            "*",
            "GET /a HTTP/1.1\r\nHost: site.test\r\n",
            "GET /none/%D8%B3 HTTP/1.1\r\nHost: site.test\r\n",
            "Connection: close\r\n",
            "If-None-Match: \"",
            "Accept-Encoding: gzip;q=\r\n",
            "Expect: 100-continue\r\n",
            "Upgrade: websocket\r\n",
            "/../..//%2e%2e/",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    let request = prop::collection::vec(piece, 1..14).prop_map(|pieces| pieces.concat());
    let config = ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(bytes in request)| {
        let first = runtime.block_on(async {
            let mut client = Client::to(site.at).await;
            let _ = client.send(&bytes).await;
            let _ = tokio::io::AsyncWriteExt::shutdown(client.0.get_mut()).await;
            let mut all = Vec::new();
            let read = tokio::io::AsyncReadExt::read_to_end(&mut client.0, &mut all);
            let ended = tokio::time::timeout(SOON, read).await;
            (ended.is_ok(), all)
        });
        prop_assert!(first.0, "no end to {:?}", bytes.escape_ascii().to_string());
        prop_assert!(!first.1.starts_with(b"HTTP/1.1 5"), "{}", bytes.escape_ascii());
    });
    let answer = runtime.block_on(async { Client::to(site.at).await.get("/a", "").await });
    assert_eq!(answer.status, 200);
}
