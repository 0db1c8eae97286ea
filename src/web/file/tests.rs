use std::io::Write;
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::GzEncoder;
use http_body_util::BodyExt;

use super::*;

struct Folder(tempfile::TempDir);

impl Folder {
    fn with(bytes: &[u8]) -> (Folder, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, bytes).unwrap();
        (Folder(folder), path)
    }
}

async fn ask(
    path: &Path,
    stored: Stored,
    lines: &[(&'static str, &str)],
) -> (StatusCode, HeaderMap, Vec<u8>) {
    let headers = lines.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
    let file = FileAnswer {
        path,
        content_type: "application/xml",
        stored,
        hash: None,
        policy: CachePolicy::Revalidate,
    };
    let (parts, body) = file.respond(&Method::GET, &headers).await.unwrap().into_parts();
    (parts.status, parts.headers, body.collect().await.unwrap().to_bytes().to_vec())
}

#[tokio::test]
async fn a_range_gives_its_part_and_nonsense_the_whole() {
    let (_folder, path) = Folder::with(b"0123456789");
    let cases = [
        ("bytes=0-3", 206, "0123", "bytes 0-3/10"),
        ("bytes=7-", 206, "789", "bytes 7-9/10"),
        ("bytes=-2", 206, "89", "bytes 8-9/10"),
        ("bytes=-99", 206, "0123456789", "bytes 0-9/10"),
        ("bytes=9-99", 206, "9", "bytes 9-9/10"),
        ("bytes=10-", 416, "", "bytes */10"),
        ("bytes=-0", 416, "", "bytes */10"),
        ("bytes=3-1", 200, "0123456789", ""),
        ("bytes=0-1,3-4", 200, "0123456789", ""),
        ("bytes=+1-2", 200, "0123456789", ""),
        ("bytes=-", 200, "0123456789", ""),
        ("bytes=99999999999999999999-", 200, "0123456789", ""),
        ("lines=0-1", 200, "0123456789", ""),
    ];
    for (range, status, body, content_range) in cases {
        let (got, headers, bytes) = ask(&path, Stored::Plain, &[("range", range)]).await;
        assert_eq!((got.as_u16(), String::from_utf8(bytes).unwrap().as_str()), (status, body), "{range}");
        assert_eq!(
            headers.get("content-range").map_or("", |value| value.to_str().unwrap()),
            content_range,
            "{range}"
        );
    }
    let (status, ..) = ask(&path, Stored::Plain, &[("range", "bytes=0-3"), ("if-range", "\"other\"")]).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn what_the_client_has_is_not_sent_again() {
    let (_folder, path) = Folder::with(b"text");
    let (_, headers, _) = ask(&path, Stored::Plain, &[]).await;
    let (etag, modified) = (headers["etag"].to_str().unwrap(), headers["last-modified"].to_str().unwrap());
    for (name, value) in [("if-none-match", etag), ("if-modified-since", modified)] {
        let (status, headers, body) = ask(&path, Stored::Plain, &[(name, value)]).await;
        assert_eq!((status.as_u16(), body.len()), (304, 0), "{name}");
        assert!(headers.contains_key("etag") && !headers.contains_key("content-length"));
    }
    std::fs::write(&path, b"other text").unwrap();
    let (status, ..) = ask(&path, Stored::Plain, &[("if-none-match", etag)]).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn a_compressed_file_reaches_every_client() {
    let text: String = (0..50_000).map(|i| format!("<url>https://example.com/{i}</url>\n")).collect();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(text.as_bytes()).unwrap();
    let packed = encoder.finish().unwrap();
    let (_folder, path) = Folder::with(&packed);
    let (status, gzip, bytes) =
        ask(&path, Stored::Gzip, &[("accept-encoding", "gzip"), ("range", "bytes=0-3")]).await;
    assert_eq!(
        (status.as_u16(), &gzip["content-encoding"], &bytes),
        (200, &HeaderValue::from_static("gzip"), &packed)
    );
    let (status, plain, bytes) = ask(&path, Stored::Gzip, &[]).await;
    assert_eq!((status.as_u16(), bytes.len()), (200, text.len()));
    assert!(
        bytes == text.as_bytes()
            && !plain.contains_key("content-encoding")
            && !plain.contains_key("content-length")
    );
    assert_ne!(plain["etag"], gzip["etag"]);
    assert_eq!(
        (&plain["vary"], &gzip["vary"]),
        (&"accept-encoding".parse().unwrap(), &"accept-encoding".parse().unwrap())
    );
}

#[tokio::test]
async fn a_damaged_compressed_file_ends_in_an_error_not_in_half_a_file() {
    let mut packed = crate::cache::gzip("text ".repeat(10_000).as_bytes());
    packed.truncate(packed.len() - 9);
    let (_folder, path) = Folder::with(&packed);
    let file = FileAnswer {
        path: &path,
        content_type: "application/xml",
        stored: Stored::Gzip,
        hash: None,
        policy: CachePolicy::Revalidate,
    };
    let answer = file.respond(&Method::GET, &HeaderMap::new()).await.unwrap();
    assert!(answer.into_body().collect().await.is_err());
}

#[tokio::test]
async fn what_is_no_file_is_not_found() {
    let (folder, path) = Folder::with(b"");
    for path in [folder.0.path(), &path.join("beneath"), &folder.0.path().join("none"), Path::new("a\0b")] {
        let file = FileAnswer {
            path,
            content_type: "text/plain",
            stored: Stored::Plain,
            hash: None,
            policy: CachePolicy::NoStore,
        };
        assert!(
            matches!(file.respond(&Method::GET, &HeaderMap::new()).await, Err(Error::NotFound)),
            "{path:?}"
        );
    }
}
