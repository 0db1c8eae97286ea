//! A picture's life: stored as it came in, made in several widths by a job, offered by every page that
//! shows it.

use std::io::Cursor;

use atlas::actions::Change;
use atlas::actions::store_media::store_media;
use atlas::entry::{Actor, Content};
use atlas::jobs::worker;
use atlas::schema::ImageRef;
use atlas::store::Ask;
use image::codecs::jpeg::JpegEncoder;
use image::{ImageFormat, Rgb, RgbImage};
use serde_json::json;

use crate::on_both;
use crate::support::html::{Element, Html};
use crate::support::web::{Node, Site, content};

/// A photograph of this width, half as high; each colour is a picture of its own.
fn photograph(width: u32, colour: u8) -> Vec<u8> {
    let mut grain = 1_u32;
    let pixels = RgbImage::from_fn(width, width / 2, |x, _| {
        grain = grain.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Rgb([colour, (x % 200) as u8, (grain >> 25) as u8])
    });
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 95).encode_image(&pixels).unwrap();
    bytes
}

async fn stored(node: &Node, name: &str, bytes: &[u8]) -> String {
    let mut change = Change::begin(&node.app, &Actor::Operator).await.unwrap();
    let media = store_media(&mut change, name, bytes).await.unwrap();
    change.commit().await.unwrap();
    media.address()
}

fn shown(src: &str) -> ImageRef {
    ImageRef { src: src.to_owned(), alt: "A view".into(), ..ImageRef::default() }
}

fn pictures(page: &Html) -> Vec<&Element> {
    page.all("img").filter(|image| image.get("src").is_some_and(|src| src.starts_with("/media/"))).collect()
}

async fn jobs(site: &Site) -> Vec<(String, String, Option<String>)> {
    let sql = "SELECT kind, state, problem FROM jobs WHERE kind = 'variants' ORDER BY id";
    site.app.db.all(sql, Vec::new()).await.unwrap()
}

/// Name, format, width, height and bytes.
async fn variants(site: &Site) -> Vec<(String, String, i64, i64, i64)> {
    let sql = "SELECT name, format, width, height, bytes FROM variants ORDER BY width";
    site.app.db.all(sql, Vec::new()).await.unwrap()
}

on_both! {
    async fn a_page_offers_the_widths_of_its_pictures_as_soon_as_they_are_made(site: Site) {
        let (cover, view) = (
            stored(&site, "Roofs.jpg", &photograph(1400, 10)).await,
            stored(&site, "View.jpg", &photograph(700, 20)).await,
        );
        let hash = cover.split('/').nth(2).unwrap();
        let story = Content {
            cover: Some(shown(&cover)),
            body: format!("Above all:\n\n![Roofs]({view})\n\n![Again]({view})\n"),
            ..content("Roofs of Yazd", json!({}))
        };
        site.publish("article", story).await;
        let before = site.page("/articles/roofs-of-yazd").await;
        for image in pictures(&before) {
            assert_eq!((image.get("srcset"), image.get("sizes")), (None, None), "nothing is made yet");
            assert!(image.get("width").is_some());
        }

        worker::work_off(&site.app).await.unwrap();
        assert_eq!(jobs(&site).await, []);
        let page = site.page("/articles/roofs-of-yazd").await;
        let images = pictures(&page);
        let at = |name: &str| format!("/media/{hash}/{name}");
        assert_eq!(images[0].get("src"), Some(cover.as_str()), "whoever knows no srcset gets what came in");
        assert_eq!((images[0].get("width"), images[0].get("height")), (Some("1400"), Some("700")));
        assert_eq!(
            images[0].get("srcset").unwrap(),
            format!(
                "{} 320w, {} 480w, {} 660w, {} 1080w, {} 1400w",
                at("roofs-320.webp"), at("roofs-480.webp"), at("roofs-660.webp"), at("roofs-1080.webp"), at("roofs-1400.webp")
            )
        );
        assert_eq!(images[0].get("sizes"), Some("(min-width: 1350px) 1260px, calc(92vw - 4px)"));
        assert_eq!((images[0].get("fetchpriority"), images[0].get("loading")), (Some("high"), None));
        for image in &images[1..] {
            assert!(image.get("srcset").is_some_and(|set| set.contains("/view-320.webp 320w")), "{image:?}");
            assert_eq!(image.get("sizes"), Some("(min-width: 687px) 630px, calc(92vw - 4px)"));
            assert_eq!((image.get("fetchpriority"), image.get("loading")), (None, Some("lazy")), "{image:?}");
        }
        // Cards of other pages are drawn anew too, and what they name is there.
        let home = site.page("/").await;
        let card = pictures(&home)[0];
        assert!(card.get("srcset").is_some_and(|set| set.contains("roofs-320.webp 320w")), "{card:?}");
        let files: Vec<&str> = images.iter().flat_map(|image| image.get("srcset").unwrap().split(", ")).collect();
        for file in files {
            let answer = site.get(file.split(' ').next().unwrap()).await;
            assert_eq!((answer.hop().as_str(), answer.header("content-type")), ("200", "image/webp"), "{file}");
            assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
        }
        // What is said about the page names the picture itself.
        let card = page.all("meta").find(|meta| meta.get("property") == Some("og:image")).unwrap();
        assert_eq!(card.get("content"), Some(format!("https://site.test{cover}").as_str()));
        assert!(page.graph().to_string().contains(&cover));
    }

    async fn a_page_without_a_cover_hurries_the_first_picture_of_its_text(site: Site) {
        let view = stored(&site, "view.jpg", &photograph(300, 30)).await;
        let body = format!("![A view]({view})\n\n![Again]({view})\n");
        site.publish("page", Content { body, ..content("Notes", json!({})) }).await;
        worker::work_off(&site.app).await.unwrap();
        let page = site.page("/notes").await;
        let images = pictures(&page);
        assert_eq!((images[0].get("fetchpriority"), images[0].get("loading")), (Some("high"), None));
        assert_eq!(images[1].get("loading"), Some("lazy"));
        assert_eq!(images[0].get("sizes"), Some("(min-width: 327px) 300px, calc(92vw - 4px)"));
    }

    async fn the_same_picture_is_made_once_and_made_again_it_is_the_same(site: Site) {
        let bytes = photograph(700, 40);
        let address = stored(&site, "a.jpg", &bytes).await;
        assert_eq!(stored(&site, "b.jpg", &bytes).await, address);
        assert_eq!(jobs(&site).await.len(), 1);
        worker::work_off(&site.app).await.unwrap();
        let first = variants(&site).await;
        let sizes: Vec<_> = first.iter().map(|(name, format, width, height, _)| (name.as_str(), format.as_str(), *width, *height)).collect();
        assert_eq!(sizes, [("a-320.webp", "webp", 320, 160), ("a-480.webp", "webp", 480, 240), ("a-700.webp", "webp", 700, 350)]);
        assert_eq!(stored(&site, "a.jpg", &bytes).await, address);
        assert_eq!(jobs(&site).await, [], "nobody asks for it again");

        let hash = address.split('/').nth(2).unwrap().to_owned();
        let tx = site.app.db.begin().await.unwrap();
        let now = site.app.clock.now();
        let payload = atlas::store::jobs::Payload::Variants { hash };
        atlas::store::jobs::enqueue(&tx, &payload, now, now).await.unwrap();
        tx.commit().await.unwrap();
        assert!(worker::work_off(&site.app).await.unwrap() > 0);
        assert_eq!(variants(&site).await, first);
    }

    async fn what_cannot_be_made_says_why_and_is_served_as_it_came_in(site: Site) {
        let mut whole = Vec::new();
        RgbImage::from_fn(700, 300, |x, y| Rgb([x as u8, y as u8, (x * y) as u8]))
            .write_to(&mut Cursor::new(&mut whole), ImageFormat::Png)
            .unwrap();
        let broken = stored(&site, "torn.png", &whole[..whole.len() / 2]).await;
        let gone = stored(&site, "gone.jpg", &photograph(700, 60)).await;
        std::fs::remove_file(site.database.folder.path().join(&gone[1..])).unwrap();
        site.publish("page", Content { cover: Some(shown(&broken)), ..content("Torn", json!({})) }).await;
        worker::work_off(&site.app).await.unwrap();
        let left = jobs(&site).await;
        let reason = |at: usize| (left[at].1.as_str(), left[at].2.clone().unwrap_or_default());
        assert_eq!(left.len(), 2, "{left:?}");
        assert!(reason(0).0 == "dead" && reason(0).1.starts_with(&format!("{broken}: is a broken image: ")), "{left:?}");
        assert_eq!(reason(1), ("dead", format!("{gone}: the file is gone from the data folder")));
        let page = site.page("/torn").await;
        assert_eq!((pictures(&page)[0].get("src"), pictures(&page)[0].get("srcset")), (Some(broken.as_str()), None));
        assert_eq!(site.get(&broken).await.hop(), "200");
    }

    async fn drawings_are_served_as_they_are(site: Site) {
        let svg = br#"<svg xmlns="http://www.w3.org/2000/svg" width="900" height="600"></svg>"#;
        stored(&site, "map.svg", svg).await;
        assert_eq!(jobs(&site).await, []);
    }
}
