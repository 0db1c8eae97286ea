//! What is said to crawlers by headers, under which host, and the files at fixed addresses.

use atlas::web::self_check;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::web::{ORIGIN, Site, content};

/// Everything that is no page, with its type.
const FIXED: [(&str, &str); 9] = [
    ("/robots.txt", "text/plain; charset=utf-8"),
    ("/sitemap.xml", "application/xml; charset=utf-8"),
    ("/favicon.ico", "image/x-icon"),
    ("/favicon.svg", "image/svg+xml"),
    ("/apple-touch-icon.png", "image/png"),
    ("/icon-192.png", "image/png"),
    ("/icon-512.png", "image/png"),
    ("/icon-maskable-512.png", "image/png"),
    ("/site.webmanifest", "application/manifest+json"),
];

on_both! {
    async fn another_host_has_nothing_to_index(site: Site) {
        site.publish("page", content("About", json!({}))).await;
        atlas::jobs::sitemaps::build(&site.app).await.unwrap();
        let css = site.page("/about").await.links("stylesheet").next().unwrap().get("href").unwrap().to_owned();
        let media = "/media/0123456789abcdef/a.jpg";
        let targets = FIXED.iter().map(|(target, _)| *target).chain(["/", "/about", &css, media, "/.well-known/security.txt", "/feed.xml"]);
        for target in targets {
            for headers in [&[("host", "old.example")][..], &[("host", "site.test"), ("x-forwarded-proto", "http"), ("x-forwarded-for", "1.2.3.4")]] {
                for method in ["GET", "HEAD"] {
                    let answer = site.ask(method, target, headers).await;
                    assert_eq!(answer.hop(), format!("301 {ORIGIN}{target}"), "{method} {target} {headers:?}");
                    assert_eq!(answer.header("x-robots-tag"), "", "a redirect is no page");
                }
            }
        }
        // What answers there all the same.
        for target in ["/nowhere", "/healthz", "/%00"] {
            let answer = site.ask("GET", target, &[("host", "old.example")]).await;
            assert!(answer.status != 301, "{target}");
            assert_eq!(answer.header("x-robots-tag"), "noindex", "{target}");
        }
        for target in ["/", "/about", "/robots.txt", "/favicon.ico", &css] {
            for _ in 0..2 {
                let direct = site.ask("GET", target, &[("host", "127.0.0.1:8080")]).await;
                assert_eq!((direct.status, direct.header("x-robots-tag")), (200, "noindex"), "{target}");
                let own = site.get(target).await;
                let expected = if target == "/robots.txt" { "noindex" } else { "" };
                assert_eq!((own.status, own.header("x-robots-tag")), (200, expected), "{target}");
                assert_eq!(own.header("server"), "");
            }
        }
    }

    async fn a_staging_is_closed_by_every_answer(site: Site) {
        site.publish("page", content("About", json!({}))).await;
        atlas::jobs::sitemaps::build(&site.app).await.unwrap();
        let staging = site.another(&[("environment", "staging")]).await;
        assert_eq!(self_check::ask_itself(&staging.app, staging.at).await.unwrap(), [""; 0]);
        for target in FIXED.iter().map(|(target, _)| *target).chain(["/", "/about", "/feed.xml", "/nowhere", "/healthz"]) {
            for _ in 0..2 {
                let answer = staging.get(target).await;
                assert_eq!(answer.header("x-robots-tag"), "noindex", "{target}");
                if answer.header("content-type").starts_with("text/html") {
                    assert!(answer.text().contains("<meta name=\"robots\" content=\"noindex\">"), "{target}");
                }
            }
        }
        assert!(!staging.get("/robots.txt").await.text().contains("Disallow: /\n"), "who may not read sees no noindex");
    }

    async fn a_production_that_is_closed_by_mistake_finds_it_out(site: Site) {
        assert_eq!(self_check::ask_itself(&site.app, site.at).await.unwrap(), [""; 0], "an empty site is no fault");
        assert_eq!(self_check::of_a_site_at_rest(&site.app).await.unwrap(), [""; 0]);
        site.publish("page", content("About", json!({}))).await;
        assert_eq!(self_check::ask_itself(&site.app, site.at).await.unwrap(), [""; 0]);
        // The node at this port calls itself staging, and somebody thinks that it is production.
        let staging = site.another(&[("environment", "staging")]).await;
        let found = self_check::ask_itself(&site.app, staging.at).await.unwrap();
        assert_eq!(found, [
            "https://site.test/ says “noindex” in X-Robots-Tag",
            "https://site.test/ says “noindex” in its robots tag",
            "https://site.test/about says “noindex” in X-Robots-Tag",
            "https://site.test/about says “noindex” in its robots tag",
        ]);
        let moved = site.another(&[("origin", "https://moved.test")]).await;
        let found = self_check::ask_itself(&site.app, moved.at).await.unwrap();
        assert_eq!(found, [
            "https://site.test/ answers 301 instead of 200",
            "https://site.test/about answers 301 instead of 200",
            "https://site.test/robots.txt answers 301, so crawlers stop",
        ]);
        let open = self_check::ask_itself(&staging.app, site.at).await.unwrap();
        assert_eq!(open.len(), 4, "a staging that says nothing is found as well: {open:?}");
    }

    async fn machines_read_what_people_are_not_to_find(site: Site) {
        site.publish("page", content("About", json!({}))).await;
        atlas::jobs::sitemaps::build(&site.app).await.unwrap();
        for (target, content_type) in FIXED {
            let answer = site.get(target).await;
            assert_eq!((answer.status, answer.header("content-type")), (200, content_type), "{target}");
            let for_machines = !content_type.starts_with("image/");
            assert_eq!(answer.header("x-robots-tag") == "noindex", for_machines, "{target}");
        }
        assert_eq!(site.get("/feed.xml").await.header("x-robots-tag"), "noindex");
        let page = site.get("/about").await;
        assert_eq!(page.header("x-robots-tag"), "");
        let rules = page.header("speculation-rules").trim_matches('"').to_owned();
        let rules = rules.strip_prefix("data:application/speculationrules+json,").expect(&rules);
        assert!(!rules.contains(['"', '\\', '#', ' ']), "they end the address or the header: {rules}");
        let rules = percent_decode_str(rules).decode_utf8().unwrap();
        let rules: Value = serde_json::from_str(&rules).unwrap();
        assert_eq!(rules["prefetch"][0]["eagerness"], "conservative");
        assert_eq!(site.get("/nowhere").await.header("speculation-rules"), "");
    }

    async fn the_icons_and_the_manifest_are_what_they_claim(site: Site) {
        let manifest = site.get("/site.webmanifest").await;
        let manifest: Value = serde_json::from_str(manifest.text()).unwrap();
        insta::assert_snapshot!("web_manifest", format!("{manifest:#}"));
        for icon in manifest["icons"].as_array().unwrap() {
            let answer = site.get(icon["src"].as_str().unwrap()).await;
            assert_eq!((answer.status, answer.header("content-type")), (200, icon["type"].as_str().unwrap()));
            if icon["type"] == "image/png" {
                let (width, height) = atlas::files::icons::png_size(&answer.body).unwrap();
                assert_eq!(icon["sizes"], format!("{width}x{height}"));
            }
        }
        let touch = site.get("/apple-touch-icon.png").await;
        assert_eq!(atlas::files::icons::png_size(&touch.body).unwrap(), (180, 180));
        let ico = site.get("/favicon.ico").await;
        assert_eq!(atlas::files::icons::ico_sides(&ico.body).unwrap(), [16, 32, 48]);
        let again = site.ask("GET", "/favicon.ico", &[("if-none-match", ico.header("etag"))]).await;
        assert_eq!((again.status, again.body.len()), (304, 0));
        assert!(ico.header("cache-control").starts_with("public, max-age=86400"));
        // Without a file of the owner's there is no card, and no contact is no security.txt.
        for target in ["/card.png", "/card.jpg", "/.well-known/security.txt"] {
            assert_eq!(site.get(target).await.status, 404, "{target}");
        }
        let page = site.page("/").await;
        for (rel, href) in [("icon", "/favicon.ico"), ("apple-touch-icon", "/apple-touch-icon.png")] {
            assert_eq!(page.links(rel).next().unwrap().get("href"), Some(href));
        }
        // And the drawing, which is small, itself.
        let drawing = page.links("icon").nth(1).unwrap().get("href").unwrap();
        let drawing = drawing.strip_prefix("data:image/svg+xml,").unwrap();
        let drawing = percent_encoding::percent_decode_str(drawing).decode_utf8().unwrap();
        assert_eq!(drawing, site.get("/favicon.svg").await.text().trim());
        // Pages carry the manifest themselves, with whole addresses, for nothing is relative to it.
        let carried = page.links("manifest").next().unwrap().get("href").unwrap();
        let carried = carried.strip_prefix("data:application/manifest+json,").unwrap();
        let carried = percent_encoding::percent_decode_str(carried).decode_utf8().unwrap();
        let whole = manifest.to_string().replace("\"/", "\"https://site.test/");
        assert_eq!(carried.parse::<Value>().unwrap(), whole.parse::<Value>().unwrap());
    }

    async fn what_may_be_installed_names_its_manifest_by_an_address(site: Site) {
        let folder = tempfile::tempdir().unwrap();
        let text = std::fs::read_to_string("content/site.toml").unwrap();
        assert!(!text.contains("\n[icons]"), "the shipped site has no such table");
        std::fs::write(folder.path().join("site.toml"), format!("{text}\n[icons]\ndisplay = \"standalone\"\n")).unwrap();
        let app = site.another(&[("content", &folder.path().display().to_string())]).await;
        let link = app.page("/").await;
        assert_eq!(link.links("manifest").next().unwrap().get("href"), Some("/site.webmanifest"));
    }

    async fn a_long_drawing_is_named_by_its_address(site: Site) {
        let folder = tempfile::tempdir().unwrap();
        let icons = folder.path().join("icons");
        std::fs::create_dir(&icons).unwrap();
        let drawing = format!("<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0{}\"/></svg>", "h1v1".repeat(300));
        std::fs::write(icons.join("favicon.svg"), &drawing).unwrap();
        std::fs::copy("content/site.toml", folder.path().join("site.toml")).unwrap();
        let own = site.another(&[("content", &folder.path().display().to_string())]).await;
        assert_eq!(own.page("/").await.links("icon").nth(1).unwrap().get("href"), Some("/favicon.svg"));
        assert_eq!(own.get("/favicon.svg").await.text(), drawing);
    }

    async fn the_owners_logo_takes_the_place_of_ours(site: Site) {
        let folder = tempfile::tempdir().unwrap();
        let icons = folder.path().join("icons");
        std::fs::create_dir(&icons).unwrap();
        let red = png(600, 600);
        std::fs::write(icons.join("icon.png"), &red).unwrap();
        std::fs::write(icons.join("card.png"), png(1200, 630)).unwrap();
        let text = std::fs::read_to_string("content/site.toml").unwrap();
        let security = "[security]\ncontact = [\"mailto:security@example.org\"]\n";
        std::fs::write(folder.path().join("site.toml"), format!("{text}\n{security}")).unwrap();
        let content = folder.path().display().to_string();
        let own = site.another(&[("content", &content)]).await;
        let large = own.get("/icon-512.png").await;
        assert_eq!(atlas::files::icons::png_size(&large.body).unwrap(), (512, 512));
        assert_ne!(large.body, site.get("/icon-512.png").await.body);
        assert_eq!(atlas::files::icons::ico_sides(&own.get("/favicon.ico").await.body).unwrap(), [16, 32, 48]);
        assert_eq!(own.get("/favicon.svg").await.status, 404, "our drawing is not theirs");
        assert!(own.page("/").await.links("icon").all(|link| link.get("href") == Some("/favicon.ico")));
        let page = own.page("/").await;
        let og: Vec<(&str, &str)> = page.all("meta").filter_map(|meta| Some((meta.get("property")?, meta.get("content")?)))
            .filter(|(key, _)| key.starts_with("og:image")).collect();
        assert_eq!(og, [
            ("og:image", "https://site.test/card.png"), ("og:image:type", "image/png"),
            ("og:image:width", "1200"), ("og:image:height", "630"), ("og:image:alt", "Atlas"),
        ]);
        assert_eq!(own.get("/card.png").await.status, 200);
        let security = own.get("/.well-known/security.txt").await;
        assert_eq!(
            security.text(),
            "Contact: mailto:security@example.org\nExpires: 2027-05-21T00:00:00Z\nCanonical: https://site.test/.well-known/security.txt\n"
        );
        assert_eq!(security.header("content-type"), "text/plain; charset=utf-8");
        // What is wrong in the folder is told all at once.
        std::fs::write(icons.join("icon-192.png"), png(10, 10)).unwrap();
        std::fs::write(icons.join("logo.png"), png(10, 10)).unwrap();
        std::fs::write(icons.join("favicon.ico"), b"no icon").unwrap();
        let flags = [("content".to_owned(), content)];
        let config = atlas::config::Config::load(&flags, [], None).unwrap();
        let (words, ..) = atlas::app::App::read_content(&config).unwrap();
        let error = atlas::app::Icons::read(&config, &words).unwrap_err().to_string();
        insta::assert_snapshot!("wrong_icons", error);
    }

    async fn a_wrong_method_is_told_so_in_words(site: Site) {
        site.publish("page", content("About", json!({}))).await;
        for target in ["/about", "/", "/robots.txt", "/favicon.ico", "/healthz", "/media/0123456789abcdef/a.jpg"] {
            let answer = site.ask("DELETE", target, &[]).await;
            assert_eq!(answer.status, 405, "{target}");
            assert!(answer.header("allow").contains("GET"), "{target}");
            assert!(answer.text().contains("<h1"), "{target} says {:?}", answer.text());
            assert_eq!(answer.header("cache-control"), "private, no-store", "{target}");
        }
    }
}

/// A red picture.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let red = image::RgbaImage::from_pixel(width, height, image::Rgba([200, 0, 0, 255]));
    red.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}
