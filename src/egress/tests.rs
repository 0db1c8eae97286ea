use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

/// Answers one request with these bytes; what was asked comes back.
async fn listener(answer: &'static [u8]) -> (SocketAddr, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let asked = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut read = vec![0; 4096];
        let mut length = 0;
        while !read[..length].ends_with(b"hello") {
            length += stream.read(&mut read[length..]).await.unwrap();
        }
        let _ = stream.write_all(answer).await;
        String::from_utf8_lossy(&read[..length]).into_owned()
    });
    (at, asked)
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

#[tokio::test]
async fn a_request_and_its_answer_are_as_they_are_on_the_wire() {
    let (at, asked) =
        listener(b"HTTP/1.1 429 Too Many\r\nretry-after: 90\r\ncontent-length: 4\r\n\r\nslow").await;
    let egress = Egress::to(at, RootCertStore::empty()).unwrap();
    let reply = egress.post(&url("http://hub.test/a?b=c#d"), "text/plain", b"hello".to_vec()).await.unwrap();
    assert_eq!(
        reply,
        Reply {
            status: StatusCode::TOO_MANY_REQUESTS,
            retry_after: Some(Duration::from_secs(90)),
            text: "slow".into()
        }
    );
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(
        asked.await.unwrap(),
        format!(
            "POST /a?b=c HTTP/1.1\r\nhost: hub.test\r\nuser-agent: Atlas/{version}\r\ncontent-type: text/plain\r\n\
             connection: close\r\ncontent-length: 5\r\n\r\nhello"
        )
    );
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_not_followed() {
    let (at, asked) =
        listener(b"HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n")
            .await;
    let egress = Egress::to(at, RootCertStore::empty()).unwrap();
    let reply = egress.post(&url("http://hub.test/"), "text/plain", b"hello".to_vec()).await.unwrap();
    assert_eq!(reply.status, StatusCode::FOUND);
    asked.await.unwrap();
}

#[tokio::test]
async fn an_endless_answer_is_not_read_to_its_end() {
    let endless: &'static [u8] =
        Box::leak([b"HTTP/1.1 200 OK\r\n\r\n".as_slice(), &[b'x'; LARGEST + 1]].concat().into());
    let (at, asked) = listener(endless).await;
    let egress = Egress::to(at, RootCertStore::empty()).unwrap();
    let reply = egress.post(&url("http://hub.test/"), "text/plain", b"hello".to_vec()).await.unwrap();
    assert_eq!((reply.status, reply.text.as_str()), (StatusCode::OK, ""));
    asked.await.unwrap();
}

#[tokio::test]
async fn a_machine_that_shows_no_certificate_gets_nothing() {
    let (at, asked) = listener(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let egress = Egress::to(at, RootCertStore::empty()).unwrap();
    let hub = url("https://hub.test/");
    let post = egress.post(&hub, "text/plain", b"hello".to_vec());
    let sent = tokio::time::timeout(Duration::from_secs(2), post);
    assert!(!matches!(sent.await, Ok(Ok(_))));
    asked.abort();
}

/// Whatever way of writing it: nothing on this machine or beside it is dialled. The listener is there
/// to be found, so a connection would be seen.
#[tokio::test]
async fn no_spelling_of_a_private_address_is_dialled() {
    let egress = Egress::new().unwrap();
    for host in [
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "127.0.0.1.",
        "localhost",
        "LOCALHOST",
        "0",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[0:0:0:0:0:ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "169.254.169.254",
        "2852039166",
        "0xa9fea9fe",
        "0251.0376.0251.0376",
        "[fd00:ec2::254]",
        "10.0.0.1",
        "192.168.1.1",
        "172.16.0.1",
        "100.64.0.1",
        "①②⑦.⓪.⓪.①",
        "127。0。0。1",
        "[fe80::1]",
        "user:secret@127.0.0.1",
    ] {
        for scheme in ["http", "https"] {
            let Ok(address) = Url::parse(&format!("{scheme}://{host}/")) else { continue };
            let error = egress.post(&address, "text/plain", b"hello".to_vec()).await.unwrap_err();
            assert!(
                matches!(&error, Error::Invalid(_))
                    && error.to_string().ends_with("leads into a private network"),
                "{address}: {error}"
            );
        }
    }
}

#[tokio::test]
async fn only_the_web_is_asked() {
    let egress = Egress::new().unwrap();
    for address in
        ["http://1.1.1.1:22/", "https://1.1.1.1:8443/", "ftp://1.1.1.1/", "file:///etc/passwd", "data:x"]
    {
        let error = egress.post(&url(address), "text/plain", Vec::new()).await.unwrap_err();
        assert!(matches!(error, Error::Invalid(_)), "{address}: {error}");
    }
}
