//! Pictures in the back office: brought in, described, chosen for a field without a script.

use std::io::Cursor;

use atlas::entry::{Actor, Content, Role};
use atlas::jobs::worker;
use atlas::store::{Ask, entries};
use image::codecs::jpeg::JpegEncoder;
use image::{ImageEncoder, ImageFormat, Rgb, RgbImage};
use serde_json::json;

use crate::on_both;
use crate::support::html::Html;
use crate::support::office::{Browser, PASSWORD};
use crate::support::web::{Node, Site, content};

/// Where a camera says that it was.
const PLACE: &[u8] = b"GPS 35.6892, 51.389";

/// A photograph that lies on its side and says where it was taken.
fn photograph(colour: u8) -> Vec<u8> {
    let mut exif = b"II\x2a\0\x08\0\0\0\x02\0".to_vec();
    exif.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0]);
    exif.extend([0x0e, 0x01, 2, 0, 20, 0, 0, 0, 38, 0, 0, 0]);
    exif.extend([0, 0, 0, 0]);
    exif.extend(PLACE);
    exif.push(0);
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 90);
    encoder.set_exif_metadata(exif).unwrap();
    encoder.encode_image(&RgbImage::from_fn(60, 40, |x, y| Rgb([colour, x as u8, y as u8]))).unwrap();
    bytes
}

fn png(shade: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    RgbImage::from_pixel(30, 20, Rgb([shade; 3]))
        .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
        .unwrap();
    bytes
}

async fn draft(node: &Node, id: i64) -> Content {
    entries::draft(&node.app.db, id).await.unwrap().content
}

/// Brings one file in; its address.
async fn brought(browser: &mut Browser<'_>, name: &str, bytes: &[u8]) -> String {
    let answer =
        browser.send_files("/admin/pictures", "application/json", &[], &[("files", name, bytes)]).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let taken: serde_json::Value = serde_json::from_str(answer.text()).unwrap();
    taken[0]["picture"]["src"].as_str().unwrap().to_owned()
}

fn pairs(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

fn value<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}

on_both! {
    async fn pictures_come_in_upright_and_tell_no_place(site: Site) {
        let mut leila = site.signed_in("Leila", Role::Author).await;
        let photo = photograph(10);
        let drawing = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
        let answer = leila.send_files("/admin/pictures", "text/html", &[], &[
            ("files", "Roofs of Yazd.JPG", &photo),
            ("files", "drawing.svg", drawing),
            ("files", "page.html.jpg", b"<html><script>alert(1)</script>"),
            ("files", "half.jpg", &photo[..photo.len() / 2]),
            ("files", "", b""),
        ]).await;
        assert_eq!(answer.status, 422);
        let page = Html::parse(answer.text());
        let told: Vec<&str> = page.all("li").map(|line| line.text.trim()).filter(|text| text.starts_with('“')).collect();
        assert_eq!(told.len(), 3, "{told:?}");
        assert_eq!(told[0], "“drawing.svg” is a drawing (SVG); a PNG, JPEG, GIF or WebP picture is right.");
        assert_eq!(told[1], "“page.html.jpg” is no PNG, JPEG, GIF, WebP or SVG image.");
        assert!(told[2].starts_with("“half.jpg” is a broken image"), "{told:?}");
        // The one that is right is in all the same.
        let tile = page.all("a").find(|link| link.is("tile")).unwrap();
        assert!(tile.text.contains("roofs-of-yazd.jpg") && tile.text.contains("40 × 60"), "{}", tile.text);
        let rows: Vec<(String, String, String)> =
            site.app.db.all("SELECT hash, name, actor FROM media", vec![]).await.unwrap();
        assert_eq!(rows.len(), 1);
        assert!(rows[0].2.starts_with("user:"));
        let file = site.get(&format!("/media/{}/{}", rows[0].0, rows[0].1)).await;
        assert_eq!((file.status, file.header("content-type")), (200, "image/jpeg"));
        assert!(!file.body.windows(PLACE.len()).any(|window| window == PLACE), "it says where it was taken");
        assert!(!file.body.windows(4).any(|window| window == b"Exif"));
        worker::work_off(&site.app).await.unwrap();
        let left = std::fs::read_dir(site.app.files.uploads()).unwrap().count();
        assert_eq!(left, 0, "nothing stays where files come in");
        let none = leila.send_files("/admin/pictures", "text/html", &[], &[]).await;
        assert_eq!(none.status, 422);
        assert!(none.text().contains("No file came. Choose one first."));
    }

    async fn a_picture_is_chosen_without_a_script_and_nothing_typed_is_lost(site: Site) {
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let roofs = brought(&mut leila, "roofs.png", &png(1)).await;
        let hash = roofs.split('/').nth(2).unwrap().to_owned();
        let done = leila.post(&format!("/admin/pictures/{hash}"), &[("alt", "  Roofs\nof Yazd ")]).await;
        assert_eq!(leila.follow(&done).await.text_of("notice"), ["The description is kept."]);

        let action = "/admin/types/article";
        let page = leila.page("/admin/types/article/new").await;
        let body = "## First\n\nWords & <more> that must stay.\n";
        let typed = [("title", "Typed"), ("body", body), ("do", "choose cover")];
        let answer = leila.submit(&page, action, &typed).await;
        assert_eq!(answer.status, 200);
        let chooser = Html::parse(answer.text());
        let over = format!("{action}#cover");
        let kept = chooser.fields_of(&over);
        assert_eq!((value(&kept, "title"), value(&kept, "body")), ("Typed", body));
        assert!(chooser.all("button").any(|tile| tile.get("value") == Some(&format!("set cover {hash}"))));
        // Searched, from within.
        let mut asked = kept.clone();
        asked.retain(|(name, _)| name != "chooser.q" && name != "files");
        asked.extend([("chooser.q".to_owned(), "nothing like it".to_owned()), ("do".to_owned(), "choose cover".to_owned())]);
        let answer = leila.send_files(action, "text/html", &pairs(&asked), &[]).await;
        let none = Html::parse(answer.text());
        assert_eq!(none.text_of("empty"), ["No picture fits. Search for less."]);
        assert_eq!(value(&none.fields_of(&over), "body"), body);
        // Chosen: the form again, with all of it, and nothing saved.
        let mut chosen = kept.clone();
        chosen.push(("do".to_owned(), format!("set cover {hash}")));
        let answer = leila.send_files(action, "text/html", &pairs(&chosen), &[]).await;
        assert_eq!(answer.status, 200);
        let form = Html::parse(answer.text());
        let fields = form.fields_of(action);
        assert_eq!((value(&fields, "title"), value(&fields, "body")), ("Typed", body));
        assert_eq!((value(&fields, "cover.src"), value(&fields, "cover.alt")), (roofs.as_str(), "Roofs of Yazd"));
        let entries: Vec<(i64,)> = site.app.db.all("SELECT id FROM entries WHERE title = 'Typed'", vec![]).await.unwrap();
        assert_eq!(entries, []);
        // Saved, and the library knows where it is used.
        let saved = leila.submit(&form, action, &[]).await;
        assert_eq!(saved.status, 303, "{}", saved.text());
        let one = leila.page(&format!("/admin/pictures/{hash}")).await;
        assert!(one.all("a").any(|link| link.text == "Typed"));
        let library = leila.page("/admin/pictures?q=YAZD").await;
        let tile = library.all("a").find(|link| link.is("tile")).unwrap();
        assert!(tile.text.contains("used once"), "{}", tile.text);
        // Taken out again.
        let id: i64 = saved.header("location").trim_start_matches("/admin/entries/").split('?').next().unwrap().parse().unwrap();
        let action = format!("/admin/entries/{id}");
        let page = leila.page(&action).await;
        let answer = leila.submit(&page, &action, &[("do", "clear cover")]).await;
        let form = Html::parse(answer.text());
        assert_eq!(value(&form.fields_of(&action), "cover.src"), "");
        assert_eq!(leila.submit(&form, &action, &[]).await.status, 303);
        let library = leila.page("/admin/pictures").await;
        assert!(library.all("a").find(|link| link.is("tile")).unwrap().text.contains("not used"));
    }

    async fn a_picture_is_brought_into_a_form_and_what_can_t_be_says_why(site: Site) {
        let region = site.publish("region", content("A region", json!({}))).await;
        let city = site.publish("city", content("A city", json!({ "region": region }))).await;
        let id = site.draft("place", content("A place", json!({ "city": city }))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let action = format!("/admin/entries/{id}");
        let page = leila.page(&action).await;
        let mut fields = page.fields_of(&action);
        let gallery = fields.iter().find_map(|(name, _)| name.strip_suffix(".0.src")).unwrap().to_owned();
        fields.push(("do".to_owned(), format!("upload {gallery}")));
        let files: &[(&str, &str, &[u8])] = &[("files", "a.png", &png(3)), ("files", "b.jpg", b"nothing"), ("files", "c.png", &png(4))];
        let answer = leila.send_files(&action, "text/html", &pairs(&fields), files).await;
        assert_eq!(answer.status, 422);
        let chooser = Html::parse(answer.text());
        assert!(chooser.all("li").any(|line| line.text.starts_with("“b.jpg” is no PNG")));
        let mut back = chooser.fields_of(&format!("{action}#{}", gallery.replace('.', "-")));
        back.retain(|(name, _)| name != "files");
        back.push(("do".to_owned(), "back".to_owned()));
        let answer = leila.send_files(&action, "text/html", &pairs(&back), &[]).await;
        let form = Html::parse(answer.text());
        let kept = form.fields_of(&action);
        let addresses: Vec<&str> =
            kept.iter().filter(|(name, _)| name.starts_with(&gallery) && name.ends_with(".src")).map(|(_, src)| src.as_str()).collect();
        assert!(addresses[0].ends_with("/a.png") && addresses[1].ends_with("/c.png"), "{addresses:?}");
        // Each has to say what it shows; what is typed stays.
        let refused = leila.submit(&form, &action, &[("title", "Mine")]).await;
        assert_eq!(refused.status, 422);
        let again = Html::parse(refused.text());
        assert_eq!(again.text_of("error"), ["Say what the picture shows, for those who don't see it."]);
        assert_eq!(value(&again.fields_of(&action), "title"), "Mine");
        // Moved down, described, saved.
        let down = leila.submit(&again, &action, &[("do", &format!("down {gallery} 0"))]).await;
        let form = Html::parse(down.text());
        let (one, two) = (format!("{gallery}.0.alt"), format!("{gallery}.1.alt"));
        let saved = leila.submit(&form, &action, &[(&one, "C"), (&two, "A")]).await;
        assert_eq!(saved.status, 303, "{}", saved.text());
        let stored = draft(&site, id).await;
        let own = gallery.trim_start_matches("field.");
        let alts: Vec<&str> = stored.fields[own].as_array().unwrap().iter().map(|row| row["alt"].as_str().unwrap()).collect();
        let srcs: Vec<bool> = stored.fields[own].as_array().unwrap().iter().map(|row| row["src"].as_str().unwrap().ends_with("c.png")).collect();
        assert_eq!((alts, srcs), (vec!["C", "A"], vec![true, false]));
        // What came without a description by an import hinders nobody.
        let undescribed = json!([{ "src": addresses[0] }]);
        let imported = site.draft("place", content("Imported", json!({ "city": city, own: undescribed }))).await;
        let action = format!("/admin/entries/{imported}");
        let page = leila.page(&action).await;
        assert_eq!(leila.submit(&page, &action, &[("title", "Mended")]).await.status, 303);
    }

    async fn a_session_that_ends_over_the_library_loses_nothing(site: Site) {
        let id = site.draft("article", content("A draft", json!({}))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let action = format!("/admin/entries/{id}");
        let mut fields = leila.page(&action).await.fields_of(&action);
        fields.retain(|(name, _)| name != "body");
        fields.extend([("body".to_owned(), "Kept\n\nwords".to_owned()), ("do".to_owned(), "upload cover".to_owned())]);
        leila.cookie = None;
        let asked = leila.send_files(&action, "text/html", &pairs(&fields), &[("files", "a.png", &png(5))]).await;
        assert_eq!(asked.status, 403);
        let typed = [("email", "leila@example.org"), ("password", PASSWORD)];
        let signed_in = leila.submit(&Html::parse(asked.text()), "/admin/sign-in", &typed).await;
        let answer = leila.submit(&Html::parse(signed_in.text()), &action, &[]).await;
        assert_eq!(answer.status, 422);
        assert!(answer.text().contains("No file came. Choose one first."));
        let kept = Html::parse(answer.text()).fields_of(&format!("{action}#cover"));
        assert_eq!(value(&kept, "body"), "Kept\n\nwords");
        let media: Vec<(String,)> = site.app.db.all("SELECT hash FROM media", vec![]).await.unwrap();
        assert_eq!(media, [], "nobody was signed in");
    }

    async fn pictures_are_described_by_who_brought_them_and_used_where_one_may_look(site: Site) {
        let mut author = site.signed_in("Author", Role::Author).await;
        let mut other = site.signed_in("Other", Role::Author).await;
        let src = brought(&mut author, "mine.png", &png(6)).await;
        let hash = src.split('/').nth(2).unwrap().to_owned();
        let target = format!("/admin/pictures/{hash}");
        let secret = Content { body: format!("![A]({src})"), ..content("Secret plans", json!({})) };
        site.draft("article", secret).await;
        site.publish("article", Content { body: format!("![A]({src})"), ..content("Open", json!({})) }).await;
        let page = other.page(&target).await;
        let named = |page: &Html, name: &str, title: &str| page.all(name).any(|element| element.text == title);
        assert!(named(&page, "bdi", "Open") && !named(&page, "a", "Open"), "it is read, and not theirs to open");
        assert!(!page.0.iter().any(|element| element.text == "Secret plans"));
        assert_eq!(other.post(&target, &[("alt", "Taken")]).await.status, 403);
        assert_eq!(author.post(&target, &[("alt", "Mine")]).await.status, 303);
        let long = "x".repeat(501);
        let refused = author.post(&target, &[("alt", &long)]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains(&long), "what was typed is kept");
        let mut moderator = site.signed_in("Moderator", Role::Moderator).await;
        let denied = moderator.send_files("/admin/pictures", "text/html", &[], &[("files", "a.png", &png(7))]).await;
        assert_eq!(denied.status, 403);
        let mut editor = site.signed_in("Editor", Role::Editor).await;
        assert!(editor.page(&target).await.all("a").any(|link| link.text == "Secret plans"));
        assert_eq!(editor.get("/admin/pictures/ffffffffffffffff").await.status, 404);
    }

    async fn the_library_is_turned_page_by_page(site: Site) {
        use atlas::actions::{Change, store_media::store_media};
        for number in 0..50 {
            let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
            store_media(&mut change, &format!("shade-{number}.png"), &png(number)).await.unwrap();
            change.commit().await.unwrap();
            site.app.clock.advance(1_000);
        }
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let tiles = |page: &Html| page.all("a").filter(|link| link.is("tile")).map(|link| link.text.clone()).collect::<Vec<_>>();
        let first = leila.page("/admin/pictures").await;
        let shown = tiles(&first);
        assert_eq!(shown.len(), 48);
        assert!(shown[0].contains("shade-49.png"), "the newest first: {shown:?}");
        let next = first.all("a").find(|link| link.get("rel") == Some("next")).unwrap().get("href").unwrap();
        let second = leila.page(next).await;
        assert_eq!(tiles(&second).len(), 2);
        assert!(second.all("a").all(|link| link.get("rel") != Some("next")));
        assert_eq!(tiles(&leila.page("/admin/pictures?q=Shade-4").await).len(), 11);
        let found = leila.get("/admin/pictures/found?q=shade-49").await;
        let found: serde_json::Value = serde_json::from_str(found.text()).unwrap();
        assert_eq!((found["cards"].as_array().unwrap().len(), &found["cards"][0]["size"]), (1, &json!("30 × 20")));
    }
}
