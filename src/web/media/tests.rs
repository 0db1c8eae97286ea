use axum::body::Body;
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::*;

const HASH: &str = "0123456789abcdef";

fn media() -> (tempfile::TempDir, Router) {
    let outer = tempfile::tempdir().unwrap();
    std::fs::write(outer.path().join("secret.png"), "secret").unwrap();
    let folder = outer.path().join("media");
    std::fs::create_dir_all(folder.join(HASH)).unwrap();
    for name in [
        "photo.jpg",
        "drawing.svg",
        "page.html",
        "clip.mp4",
        "Foto.JPG",
        "عکس.png",
        "noext",
        "x.jpg.html",
        "x.svgz",
    ] {
        std::fs::write(folder.join(HASH).join(name), "bytes").unwrap();
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(outer.path().join("secret.png"), folder.join(HASH).join("link.png"))
            .unwrap();
        std::os::unix::fs::symlink(outer.path(), folder.join("fedcba9876543210")).unwrap();
    }
    (outer, routes(Media::new(folder)))
}

async fn get(router: &Router, path: &str) -> Response {
    let request = Request::builder().uri(path).body(Body::empty()).unwrap();
    router.clone().oneshot(request).await.unwrap()
}

#[tokio::test]
async fn every_file_has_a_fixed_type_and_cannot_run() {
    let (_folder, router) = media();
    let cases = [
        ("photo.jpg", "image/jpeg", false),
        ("Foto.JPG", "image/jpeg", false),
        ("%D8%B9%DA%A9%D8%B3.png", "image/png", false),
        ("clip.mp4", "video/mp4", false),
        ("drawing.svg", "image/svg+xml", true),
        ("x.svgz", "application/octet-stream", true),
        ("page.html", "application/octet-stream", true),
        ("x.jpg.html", "application/octet-stream", true),
        ("noext", "application/octet-stream", true),
    ];
    for (name, content_type, attachment) in cases {
        let answer = get(&router, &format!("/media/{HASH}/{name}")).await;
        let headers = answer.headers();
        assert_eq!(
            (answer.status().as_u16(), headers["content-type"].to_str().unwrap()),
            (200, content_type),
            "{name}"
        );
        assert_eq!(
            headers.get("content-disposition").is_some_and(|value| value == "attachment"),
            attachment,
            "{name}"
        );
        assert_eq!(headers["content-security-policy"], "default-src 'none'; sandbox");
        assert_eq!(headers["cross-origin-resource-policy"], "cross-origin");
        assert_eq!(headers["cache-control"], "public, max-age=31536000, immutable");
        assert_eq!(headers["etag"], format!("\"{HASH}\"").as_str());
        assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), "bytes");
    }
}

#[tokio::test]
async fn no_address_leads_out_of_the_folder() {
    let (_folder, router) = media();
    let mut paths: Vec<String> = [
        "link.png",
        "..%2f..%2fsecret.png",
        "%2e%2e%2f%2e%2e%2fsecret.png",
        "..%5c..%5csecret.png",
        "%2e%2e",
        "..",
        ".",
        "%2e",
        "%2fetc%2fpasswd",
        "photo.jpg%00.png",
        "%c0%ae%c0%ae%c0%afsecret.png",
        "photo.jpg/",
        "photo.jpg%2f",
        "%252e%252e%252fsecret.png",
        ".hidden",
        "photo.jpg%0d%0aX:1",
        "",
        "%ff",
        "photo%20.jpg",
        "photo.jpg;x",
        "con:x",
    ]
    .iter()
    .map(|name| format!("/media/{HASH}/{name}"))
    .collect();
    let hashes = [
        "..",
        "%2e%2e",
        "fedcba9876543210",
        "0123456789ABCDEF",
        "0123456789abcde",
        "0123456789abcdef0",
        ".",
        "%30123456789abcdef",
    ];
    paths.extend(hashes.iter().map(|hash| format!("/media/{hash}/secret.png")));
    paths.extend([
        format!("/media/{HASH}"),
        "/media/".to_owned(),
        format!("/media//{HASH}/photo.jpg"),
        format!("/media/{HASH}/{}.png", "a".repeat(300)),
    ]);
    for path in paths {
        assert_eq!(get(&router, &path).await.status(), 404, "{path}");
    }
}
