//! What is answered, from memory and through the router.

use super::client::Client;
use super::*;
use crate::config::{FromText, Network};

#[tokio::test]
async fn a_page_comes_from_memory_the_same_as_from_its_render() {
    let site = start(|_| {}).await;
    let mut client = Client::to(site.at).await;
    let mut rendered = client.get("/a?page=2", "").await;
    let mut kept = client.get("/a?page=2", "").await;
    assert_eq!(site.world.renders.load(Ordering::SeqCst), 1);
    assert_eq!((rendered.status, rendered.text()), (200, format!("<h1>{}</h1>", "/a".repeat(200))));
    assert_eq!(rendered.header("x-public-cache"), "1");
    assert_eq!(rendered.header("vary"), "accept-encoding");
    // An answer from memory has an id only where the log has a line for it.
    assert!(rendered.headers.remove("x-request-id").is_some());
    assert!(!kept.headers.contains_key("x-request-id"));
    for answer in [&mut rendered, &mut kept] {
        answer.headers.remove("date");
    }
    assert_eq!(rendered, kept);
    assert_eq!(client.get("/a", "").await.status, 200);
    assert_eq!(site.world.renders.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_client_that_has_the_page_gets_304_and_head_gets_no_body() {
    let site = start(|_| {}).await;
    let mut client = Client::to(site.at).await;
    // Once rendered, once from memory.
    for _ in 0..2 {
        let page = client.get("/a", "").await;
        let etag = page.header("etag").to_owned();
        for list in [etag.clone(), format!("W/{etag}"), format!("\"x\", {etag}"), "*".to_owned()] {
            let answer = client.get("/a", &format!("If-None-Match: {list}\r\n")).await;
            assert_eq!((answer.status, answer.body.len()), (304, 0), "{list}");
            assert_eq!(answer.header("etag"), etag);
            assert_eq!(answer.header("cache-control"), page.header("cache-control"));
            assert!(
                !answer.headers.contains_key("content-length")
                    && !answer.headers.contains_key("content-type")
            );
        }
        assert_eq!(client.get("/a", "If-None-Match: \"other\"\r\n").await.status, 200);
        let gzip = client.get("/a", &format!("If-None-Match: {etag}\r\nAccept-Encoding: gzip\r\n")).await;
        assert_eq!((gzip.status, gzip.header("content-encoding")), (200, "gzip"));
        let head = client.ask("HEAD", "/a", "").await.unwrap();
        assert_eq!((head.status, head.header("content-length")), (200, page.body.len().to_string().as_str()));
    }
}

#[tokio::test]
async fn a_head_before_any_get_leaves_the_whole_page_in_memory() {
    let site = start(|_| {}).await;
    let mut client = Client::to(site.at).await;
    let head = client.ask("HEAD", "/a", "").await.unwrap();
    let get = client.get("/a", "").await;
    assert_eq!(head.header("content-length"), get.body.len().to_string());
    assert_eq!(site.world.renders.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn gzip_is_what_it_says_it_is() {
    let site = start(|_| {}).await;
    let mut client = Client::to(site.at).await;
    let plain = client.get("/a", "Accept-Encoding: gzip;q=0\r\n").await;
    let gzip = client.get("/a", "Accept-Encoding: br, gzip;q=0.5\r\n").await;
    let mut unpacked = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&gzip.body[..]), &mut unpacked).unwrap();
    assert_eq!((gzip.header("content-encoding"), &unpacked), ("gzip", &plain.body));
    assert!(gzip.body.len() < plain.body.len() && !plain.headers.contains_key("content-encoding"));
}

#[tokio::test]
async fn each_form_is_answered_to_those_who_take_it_and_confirmed_by_its_tag() {
    const ALL: &str = "Accept-Encoding: gzip, deflate, br, zstd\r\n";
    let site = start(|_| {}).await;
    let mut client = Client::to(site.at).await;
    client.get("/prose", "").await;
    let quick = client.get("/prose", ALL).await;
    assert_eq!(quick.header("content-encoding"), "gzip");
    assert!(site.world.pages.pack_next());
    let mut tags = vec![quick.header("etag").to_owned()];
    for (accept, coding) in [(ALL, "br"), ("Accept-Encoding: gzip\r\n", "gzip"), ("", "")] {
        let answer = client.get("/prose", accept).await;
        assert_eq!((answer.header("content-encoding"), answer.header("vary")), (coding, "accept-encoding"));
        assert_eq!(answer.header("content-length"), answer.body.len().to_string());
        let etag = answer.header("etag").to_owned();
        let again = client.get("/prose", &format!("{accept}If-None-Match: {etag}\r\n")).await;
        assert_eq!(
            (again.status, again.header("etag"), again.body.len()),
            (304, etag.as_str(), 0),
            "{coding}"
        );
        let described = ["content-encoding", "content-length", "content-type"];
        assert!(described.iter().all(|name| !again.headers.contains_key(*name)), "{again:?}");
        assert_eq!(again.header("vary"), "accept-encoding");
        let head = client.ask("HEAD", "/prose", accept).await.unwrap();
        assert_eq!(head.header("content-length"), answer.header("content-length"));
        tags.push(etag);
    }
    let different: std::collections::BTreeSet<_> = tags.iter().collect();
    assert_eq!(different.len(), 4, "a strong tag names bytes: {tags:?}");
    // Who takes compressed forms keeps the one he has, whichever that is; the plain one is another.
    for (tag, status) in tags.iter().zip([304, 304, 304, 200]) {
        let answer = client.get("/prose", &format!("{ALL}If-None-Match: {tag}\r\n")).await;
        assert_eq!(answer.status, status, "{tag}");
        assert_eq!(answer.header("etag") == tag, status == 304);
    }
    // Who takes none has none.
    for (tag, status) in tags.iter().zip([200, 200, 200, 304]) {
        assert_eq!(client.get("/prose", &format!("If-None-Match: {tag}\r\n")).await.status, status, "{tag}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_answer_from_memory_waits_for_no_page_that_is_being_made() {
    let site = start(|site| site.threads = 1).await;
    let at = site.at;
    Client::to(at).await.get("/a", "").await;
    // Threads of their own: the only one of the runtime is held.
    let ask = move |path: &'static str| {
        std::thread::spawn(move || {
            use std::io::{Read, Write};
            let mut stream = std::net::TcpStream::connect(at).unwrap();
            let started = std::time::Instant::now();
            let head = format!("GET {path} HTTP/1.1\r\nHost: site.test\r\nConnection: close\r\n\r\n");
            stream.write_all(head.as_bytes()).unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            (answer[..15].to_owned(), started.elapsed())
        })
    };
    let mut kept = std::net::TcpStream::connect(at).unwrap();
    std::io::Write::write_all(&mut kept, b"GET /a HTTP/1.1\r\nHost: site.test\r\n\r\n").unwrap();
    std::io::Read::read(&mut kept, &mut [0; 4_096]).unwrap();
    let blocked = ask("/block");
    std::thread::sleep(Duration::from_millis(300));
    let started = std::time::Instant::now();
    std::io::Write::write_all(&mut kept, b"GET /a HTTP/1.1\r\nHost: site.test\r\n\r\n").unwrap();
    std::io::Read::read(&mut kept, &mut [0; 4_096]).unwrap();
    assert!(started.elapsed() < Duration::from_millis(700), "{:?}", started.elapsed());
    let (answer, took) = blocked.join().unwrap();
    assert_eq!(answer, "HTTP/1.1 200 OK");
    assert!(took > Duration::from_millis(1_400), "{took:?}");
}

#[tokio::test]
async fn pages_in_memory_are_answered_however_their_requests_arrive() {
    let site = start(|_| {}).await;
    let mut filling = Client::to(site.at).await;
    for path in ["/a", "/b", "/none"] {
        filling.get(path, "").await;
    }
    let renders = site.world.renders.load(Ordering::SeqCst);
    let mut client = Client::to(site.at).await;
    for byte in b"GET /a HTTP/1.1\r\nHost: site.test\r\nUser-Agent: slow\r\n\r\n" {
        client.send([*byte]).await.unwrap();
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let dribbled = client.answer("GET").await.unwrap();
    assert_eq!((dribbled.status, dribbled.text()), (200, format!("<h1>{}</h1>", "/a".repeat(200))));
    assert!(dribbled.header("date").ends_with(" GMT"), "{dribbled:?}");
    // The last of these is for the router, with its body in the same packet.
    let one = |method: &str, path: &str| format!("{method} {path} HTTP/1.1\r\nHost: site.test\r\n");
    let all = [
        one("GET", "/b") + "\r\n",
        one("HEAD", "/a") + "\r\n",
        one("GET", "/none") + "Connection: keep-alive\r\n\r\n",
        one("GET", "/a") + "X-Long: " + &"x".repeat(3_000) + "\r\n\r\n",
        one("POST", "/echo") + "Content-Length: 5\r\n\r\nhello",
    ];
    client.send(all.concat()).await.unwrap();
    let mut got = Vec::new();
    for method in ["GET", "HEAD", "GET", "GET", "POST"] {
        let answer = client.answer(method).await.unwrap();
        got.push((answer.status, answer.text().chars().take(6).collect::<String>()));
    }
    let expected = [(200, "<h1>/b"), (200, ""), (404, "<h1>/n"), (200, "<h1>/a"), (200, "hello")];
    assert_eq!(got, expected.map(|(status, text)| (status, text.to_owned())));
    // hyper has the connection from there on, and answers pages in memory as well.
    let by_hyper = client.get("/a", "").await;
    assert_eq!((by_hyper.status, &by_hyper.body), (200, &dribbled.body));
    assert_eq!(site.world.renders.load(Ordering::SeqCst), renders);
    let mut closing = Client::to(site.at).await;
    let answer = closing.get("/a", "Connection: close\r\n").await;
    assert_eq!((answer.status, answer.header("connection")), (200, "close"));
    assert!(closing.is_closed_within(Duration::from_secs(5)).await);
}

#[tokio::test]
async fn a_small_media_file_is_read_once_and_then_answered_from_memory() {
    let site = start(|_| {}).await;
    let mut client = Client::to(site.at).await;
    let path = "/media/0123456789abcdef/a.png";
    let read = || site.world.renders.load(Ordering::SeqCst);
    // Under another name of the node first: what is said to that one alone is not kept.
    client.send(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n")).await.unwrap();
    assert_eq!(client.answer("GET").await.unwrap().header("x-robots-tag"), "noindex");
    let mut kept = client.get(path, "").await;
    assert_eq!((kept.status, kept.text(), read()), (200, "media".repeat(100), 1));
    assert!(!kept.headers.contains_key("x-robots-tag") && !kept.headers.contains_key("x-request-id"));
    let mut routed = client.get(path, "Range: bytes=0-\r\n").await;
    assert_eq!(read(), 2, "parts are for who reads the file");
    routed.headers.remove("x-request-id");
    for answer in [&mut kept, &mut routed] {
        answer.headers.remove("date");
    }
    assert_eq!(kept, routed);
    let known = client.get(path, "If-None-Match: \"0123456789abcdef\"\r\n").await;
    assert_eq!((known.status, known.body.len(), known.header("content-type")), (304, 0, ""));
    let head = client.ask("HEAD", path, "").await.unwrap();
    assert_eq!((head.header("content-length"), read()), ("500", 2));
}

#[tokio::test]
async fn who_asks_the_node_itself_is_told_how_long_an_answer_took() {
    let site = start(|_| {}).await;
    let mut client = Client::to(site.at).await;
    client.send("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let told = client.answer("GET").await.unwrap();
    let timing = told.header("server-timing");
    assert!(timing.starts_with("total;dur=") && timing.ends_with(", cache;desc=\"miss\""), "{timing}");
    assert_eq!(client.get("/b", "").await.header("server-timing"), "");
}

#[tokio::test]
async fn requests_sent_at_once_are_answered_in_order() {
    let site = start(|_| {}).await;
    let mut client = Client::to(site.at).await;
    client.get("/b", "").await;
    let one = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: site.test\r\n\r\n");
    client.send([one("/a"), one("/b"), one("/none"), one("/b")].concat()).await.unwrap();
    let mut got = Vec::new();
    for _ in 0..4 {
        let answer = client.answer("GET").await.unwrap();
        got.push((answer.status, answer.text()[4..6].to_owned()));
    }
    let expected = [(200, "/a"), (200, "/b"), (404, "/n"), (200, "/b")];
    assert_eq!(got, expected.map(|(status, text)| (status, text.to_owned())));
}

#[tokio::test]
async fn a_wrong_host_is_led_to_the_origin_and_a_direct_one_is_not_indexed() {
    let site =
        start(|site| site.proxies = Proxies::trusting(vec![Network::from_text("127.0.0.1").unwrap()], 1))
            .await;
    let mut client = Client::to(site.at).await;
    client.get("/a", "").await;
    for (host, status, robots, mark) in [
        ("site.test", 200, "", "1"),
        ("SITE.test:80", 200, "", "1"),
        ("127.0.0.1:8080", 200, "noindex", ""),
        ("localhost", 200, "noindex", ""),
        ("evil.example", 301, "", ""),
    ] {
        // Once with the page in memory, once through the router.
        for path in ["/a", "/echo-none"] {
            client
                .send(format!(
                    "GET {path} HTTP/1.1\r\nHost: {host}\r\nX-Forwarded-Host: evil.example\r\n\r\n"
                ))
                .await
                .unwrap();
            let answer = client.answer("GET").await.unwrap();
            assert_eq!(
                (answer.status, answer.header("x-robots-tag"), answer.header("x-public-cache")),
                (status, robots, mark),
                "{host}{path}"
            );
            if status == 301 {
                assert_eq!(answer.header("location"), format!("http://site.test{path}"));
            }
        }
    }
    client.send("GET http://evil.example/a HTTP/1.1\r\nHost: site.test\r\n\r\n").await.unwrap();
    assert_eq!(client.answer("GET").await.unwrap().status, 301);
}

#[tokio::test]
async fn failures_show_the_request_and_not_their_cause() {
    let site = start(|_| {}).await;
    for (path, status) in [("/panic", 500), ("/broken", 500), ("/away", 503)] {
        let answer = Client::to(site.at).await.get(path, "").await;
        assert_eq!((answer.status, answer.header("cache-control")), (status, "private, no-store"), "{path}");
        assert!(answer.text().contains(answer.header("x-request-id")) && !answer.text().contains("canary"));
        assert_eq!(answer.header("retry-after"), if status == 503 { "5" } else { "" });
        assert!(!answer.headers.contains_key("x-public-cache"));
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"));
    }
}

#[tokio::test]
async fn a_site_draws_its_own_error_pages() {
    let draw = |status: StatusCode, info: &RequestInfo| {
        (status == StatusCode::INTERNAL_SERVER_ERROR)
            .then(|| format!("ours {} {}", info.uri.path(), info.method))
    };
    let site = start(|site| {
        let plain = (site.face)();
        site.face = face::fixed(Face { draw_error: Some(Arc::new(draw)), ..Face::clone(&plain) });
    })
    .await;
    let mut client = Client::to(site.at).await;
    assert_eq!(client.get("/broken", "").await.text(), "ours /broken GET");
    assert!(client.get("/away", "").await.text().starts_with("<!doctype html>"));
}

#[tokio::test]
async fn an_answer_for_one_person_is_kept_by_nobody() {
    let site = start(|_| {}).await;
    let mut client = Client::to(site.at).await;
    let cookie = client.get("/cookie", "").await;
    assert_eq!((cookie.header("cache-control"), cookie.header("x-public-cache")), ("private, no-store", ""));
    let posted = client.ask("POST", "/echo", "Content-Length: 0\r\n").await.unwrap();
    assert_eq!(posted.header("cache-control"), "private, no-store");
    assert_eq!(posted.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn while_the_database_is_away_old_pages_are_shown_and_marked() {
    let site = start(|_| {}).await;
    let mut client = Client::to(site.at).await;
    let before = client.get("/a", "").await;
    site.world.away.store(true, Ordering::SeqCst);
    site.world.pages.invalidate(&[Tag::new("site")], 2);
    let stale = client.get("/a", "").await;
    assert_eq!((stale.status, &stale.body), (200, &before.body));
    assert_eq!(stale.header("cache-status"), "atlas; hit; ttl=-1; detail=database-away");
    assert_eq!((stale.header("cache-control"), stale.header("x-public-cache")), ("public, no-cache", ""));
    assert_eq!(client.get("/never-seen", "").await.status, 503);
    assert_eq!(client.get("/healthz", "").await.text(), "alive\n");
}

#[tokio::test]
async fn headers_of_a_request_change_nothing_for_the_next() {
    let site = start(|_| {}).await;
    let mut client = Client::to(site.at).await;
    let paths = ["/a", "/none", "/a?page=3", "/healthz"];
    let mut clean = Vec::new();
    for path in paths {
        clean.push(client.get(path, "").await);
    }
    let names = [
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Forwarded-Scheme",
        "X-Forwarded-Port",
        "X-Forwarded-Prefix",
        "Forwarded",
        "X-Host",
        "X-Original-URL",
        "X-Original-Host",
        "X-Rewrite-URL",
        "X-HTTP-Method-Override",
        "X-HTTP-Method",
        "X-Method-Override",
        "X-Forwarded-For",
        "X-Real-IP",
        "True-Client-IP",
        "CF-Connecting-IP",
        "Range",
        "If-Range",
        "If-Modified-Since",
        "Accept",
        "Accept-Language",
        "Accept-Charset",
        "Cookie",
        "Authorization",
        "Origin",
        "Referer",
        "User-Agent",
        "Via",
        "Upgrade",
        "Expect-CT",
        "Pragma",
        "Cache-Control",
        "X-Wap-Profile",
        "Max-Forwards",
        "Save-Data",
        "Sec-Fetch-Site",
        "Purpose",
        "TE",
        "Trailer",
        "X-Public-Cache",
        "X-Request-Id",
        "X-Robots-Tag",
        "X-Timer",
        "Fastly-Host",
        "X-Backend-Host",
        "Proxy",
        "Base-Url",
        "Request-Uri",
        "Content-Type",
        "DNT",
    ];
    let values = [
        "evil.example",
        "https",
        "GET /admin",
        "1",
        "bytes=0-3",
        "nonsense, \"x\"; q=9",
        &"long".repeat(500),
    ];
    for name in names {
        for value in values {
            for (path, clean) in paths.iter().zip(&clean) {
                let odd = client.get(path, &format!("{name}: {value}\r\n")).await;
                let mut again = client.get(path, "").await;
                let mut expected = clean.clone();
                for answer in [&mut again, &mut expected] {
                    answer.headers.remove("date");
                    answer.headers.remove("x-request-id");
                }
                assert_eq!(again, expected, "{path} after {name}: {value}");
                assert!(odd.status == expected.status, "{path} with {name}: {value}");
            }
        }
    }
}

#[tokio::test]
async fn a_socket_of_the_parent_is_taken_over() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    let child = std::process::Command::new("sh")
        .args([
            "-c",
            "LISTEN_FDS=1 exec \"$0\" --ignored --exact web::tests::pages::as_a_child_on_descriptor_3 3<&0",
        ])
        .arg(std::env::current_exe().unwrap())
        .stdin(std::os::fd::OwnedFd::from(listener))
        .stdout(std::process::Stdio::null())
        .spawn();
    let mut child = child.unwrap();
    let answer = Client::to(at).await.get("/a", "").await;
    assert_eq!(answer.status, 200);
    assert!(child.wait().unwrap().success());
}

#[tokio::test]
#[ignore = "run by the test above, as its child"]
async fn as_a_child_on_descriptor_3() {
    let listener = crate::web::server::listen("127.0.0.1:1".parse().unwrap()).await.unwrap();
    let (mut stream, _) = listener.accept().await.unwrap();
    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
    tokio::io::AsyncWriteExt::write_all(&mut stream, answer).await.unwrap();
    let mut rest = Vec::new();
    let _ = tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut rest).await;
}
