//! What the site is called, looks like and tells others, set in the back office: over the file, on every node,
//! and back.

use atlas::actions::Change;
use atlas::actions::save_settings::{Wish, save_settings};
use atlas::app::App;
use atlas::entry::{Actor, Role};
use atlas::error::{Error, Result};
use atlas::store::{Ask, settings};
use serde_json::{Value, json};

use crate::on_both;
use crate::support::client::Answer;
use crate::support::html::Html;
use crate::support::office::Browser;
use crate::support::web::{Node, Site, content};

/// Sets these keys as seen in a state.
async fn set_as_seen(app: &App, seen: i64, values: Value) -> Result<i64> {
    let wish: Wish = serde_json::from_value(values).unwrap();
    let mut change = Change::begin(app, &Actor::Operator).await?;
    let version = save_settings(&mut change, seen, wish).await?;
    change.commit().await?;
    Ok(version)
}

async fn set(app: &App, values: Value) -> i64 {
    let seen = settings::newest(&app.db).await.unwrap().map_or(0, |state| state.version);
    set_as_seen(app, seen, values).await.unwrap()
}

fn at(section: &str) -> String {
    format!("/admin/settings/{section}")
}

/// Opens a part, types these fields, and saves.
async fn save(browser: &mut Browser<'_>, section: &str, typed: &[(&str, &str)]) -> Answer {
    let page = browser.page(&at(section)).await;
    browser.submit(&page, &at(section), typed).await
}

#[track_caller]
fn saved(answer: &Answer, section: &str) {
    assert_eq!(answer.hop(), format!("303 {}?done=saved", at(section)), "{}", answer.text());
}

/// The message at a field.
fn error_at(page: &Html, name: &str) -> String {
    let id = format!("{}-error", name.replace('.', "-"));
    let found = page.0.iter().find(|element| element.get("id") == Some(&id));
    found.map_or_else(String::new, |element| element.text.trim().to_owned())
}

fn typed(page: &Html, section: &str, name: &str) -> String {
    let fields = page.fields_of(&at(section));
    fields.into_iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("no field {name}")).1
}

/// A square PNG.
fn square(side: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    image::RgbImage::from_pixel(side, side, image::Rgb([200, 30, 60]))
        .write_to(&mut std::io::Cursor::new(&mut bytes), image::ImageFormat::Png)
        .unwrap();
    bytes
}

async fn home_of(node: &Node) -> Html {
    node.page("/").await
}

on_both! {
    async fn a_name_is_on_every_page_and_every_node_without_a_start(site: Site) {
        let other = site.another(&[]).await;
        assert!(home_of(&site).await.title().contains("Atlas"));
        assert!(home_of(&other).await.title().contains("Atlas"));
        let mut leila = site.signed_in("Leila", Role::Administrator).await;
        let answer = save(&mut leila, "site", &[
            ("name", "Mosaic"), ("tagline", "Tiles & courtyards"), ("locale.fa.name", "موزاییک"),
        ]).await;
        saved(&answer, "site");
        let page = leila.follow(&answer).await;
        assert_eq!(page.text_of("notice"), ["Saved. Every page shows it from now on."]);
        let home = home_of(&site).await;
        assert_eq!(home.title(), "Mosaic — Tiles & courtyards");
        assert!(site.page("/fa").await.title().starts_with("موزاییک — "));
        assert!(site.get("/site.webmanifest").await.text().contains("\"name\": \"Mosaic\""));
        assert!(leila.page("/admin").await.title().ends_with("– Mosaic"));
        // The other node hears of it like of any change.
        assert!(home_of(&other).await.title().contains("Atlas"));
        other.app.catch_up().await.unwrap();
        assert_eq!(home_of(&other).await.title(), "Mosaic — Tiles & courtyards");
        // And one that starts now begins with it.
        assert_eq!(home_of(&site.another(&[]).await).await.title(), "Mosaic — Tiles & courtyards");
        let (detail,): (String,) = site.app.db.one(
            "SELECT detail FROM audit WHERE action = 'save_settings'", vec![],
        ).await.unwrap();
        let detail: Value = serde_json::from_str(&detail).unwrap();
        assert_eq!(detail["changed"]["name"], json!({"old": "Atlas", "new": "Mosaic"}));
        let log = leila.page("/admin/log").await;
        assert!(log.0.iter().any(|element| element.text.contains("changed the settings of the site")));
    }

    async fn what_is_as_in_the_file_is_not_stored_and_a_value_goes_back(site: Site) {
        let mut leila = site.signed_in("Leila", Role::Owner).await;
        saved(&save(&mut leila, "site", &[]).await, "site");
        assert_eq!(settings::newest(&site.app.db).await.unwrap(), None, "nothing was changed");
        saved(&save(&mut leila, "site", &[("name", "Mosaic")]).await, "site");
        let page = leila.page(&at("site")).await;
        let origins = page.text_of("origin");
        assert_eq!(origins[0], "Set here. site.toml says: Atlas Back to the file");
        assert_eq!(origins[1], "From site.toml");
        // The way back fills the field in and saves nothing yet.
        let back = leila.submit(&page, &at("site"), &[("do", "back name"), ("tagline", "Typed besides")]).await;
        assert_eq!(back.status, 200);
        let back = Html::parse(back.text());
        assert_eq!((typed(&back, "site", "name"), typed(&back, "site", "tagline")), ("Atlas".into(), "Typed besides".into()));
        assert_eq!(site.app.current().site.name, "Mosaic");
        saved(&leila.submit(&back, &at("site"), &[]).await, "site");
        let state = settings::newest(&site.app.db).await.unwrap().unwrap();
        assert_eq!(state.overlay, "{\"tagline\":\"Typed besides\"}");
        assert!(home_of(&site).await.title().starts_with("Atlas — Typed besides"));
    }

    async fn what_is_wrong_is_said_at_its_field_and_stays_typed(site: Site) {
        let mut leila = site.signed_in("Leila", Role::Administrator).await;
        for (section, fields, name, message) in [
            ("site", &[("name", "  "), ("tagline", "Kept")][..], "name", "The site needs a name."),
            ("site", &[("time_zone", "Mars/Olympus")], "time_zone", "There is no time zone `Mars/Olympus`"),
            ("look", &[("look.light.accent", "tomato"), ("look.dark.ink", "#eeeeee")], "look.light.accent", "`tomato` is no colour such as `#b01030`."),
            ("look", &[("look.light.ink", "#cccccc")], "look.light.ink", "a contrast of 1.6, text needs 4.5"),
            ("look", &[("look.home", "Cities\nSpaceships")], "look.home", "There is no type `Spaceships`."),
            ("menus", &[("menu.en.0.href", "places")], "menu.en", "Row 1: The link “Cities” leads to `places`"),
            ("menus", &[("menu.fa.9.label", "نو"), ("menu.fa.9.href", "ftp://x")], "menu.fa", "Row 7: The link “نو” leads to `ftp://x`"),
            ("menus", &[("look.social.0.label", "A"), ("look.social.0.href", "http://a.example")], "look.social", "begins with https://"),
            ("organization", &[("organization.telephone", "030 123")], "organization.telephone", "+"),
            ("organization", &[("organization.address.country", "Germany")], "organization.address", "two letters"),
            ("organization", &[("organization.contact.0.email", "letters@")], "organization.contact", "Row 1:"),
            ("search", &[("verification.google", "<meta>")], "verification.google", "more than a token"),
            ("search", &[("robots.group.0.agents", "*"), ("robots.group.0.disallow", "/")], "robots.group", "keeps `*` from /, which search engines need"),
            ("search", &[("news.types", "spaceship")], "news.types", "there is no type `spaceship`"),
            ("logo", &[("look.logo.src", "/media/00/x.png")], "look.logo", "The library has no picture"),
            ("logo", &[("icons.picture.src", "/media/00/x.png")], "icons.picture", "The library has no picture"),
            ("analytics", &[("analytics.kind", "plausible"), ("analytics.host", "http://a.example"), ("analytics.site", "x y")], "analytics.host", "https address"),
        ] {
            let answer = save(&mut leila, section, fields).await;
            assert_eq!(answer.status, 422, "{section} {fields:?}");
            let page = Html::parse(answer.text());
            let said = error_at(&page, name);
            assert!(said.to_lowercase().contains(&message.to_lowercase()), "{name}: {said:?} for {fields:?}\n{}", page.text_of("problems").join(" "));
            for (field, value) in fields {
                assert_eq!(typed(&page, section, field).trim(), value.trim(), "{field} is kept");
            }
            assert!(page.all("a").any(|link| link.get("href") == Some(&format!("#{}", name.replace('.', "-")))), "{name}");
        }
        assert_eq!(settings::newest(&site.app.db).await.unwrap(), None);
        assert_eq!(leila.get(&at("nothing")).await.status, 404);
        assert_eq!(leila.post(&at("site"), &[("version", "0"), ("do", "explode name")]).await.status, 422);
        assert_eq!(leila.post(&at("site"), &[("name", "X")]).await.status, 422, "without a version");
    }

    async fn who_saves_second_sees_what_the_first_has_saved(site: Site) {
        let other = site.another(&[]).await;
        let mut leila = site.signed_in("Leila", Role::Administrator).await;
        let mut boris = other.signed_in("Boris", Role::Administrator).await;
        let (hers, his) = (leila.page(&at("site")).await, boris.page(&at("site")).await);
        saved(&leila.submit(&hers, &at("site"), &[("name", "Mosaic")]).await, "site");
        let lost = boris.submit(&his, &at("site"), &[("name", "Quilt")]).await;
        assert_eq!(lost.status, 409);
        let lost = Html::parse(lost.text());
        assert_eq!(lost.text_of("text"), ["Mosaic", "Quilt"]);
        assert_eq!(typed(&lost, "site", "name"), "Quilt");
        assert_eq!(other.app.current().site.name, "Mosaic");
        saved(&boris.submit(&lost, &at("site"), &[]).await, "site");
        assert_eq!(other.app.current().site.name, "Quilt");
        // Another part of the settings is nobody's loss.
        let page = leila.page(&at("organization")).await;
        saved(&boris_saves_a_look(&mut boris).await, "look");
        saved(&leila.submit(&page, &at("organization"), &[("organization.legal_name", "Mosaic GmbH")]).await, "organization");
    }

    async fn every_save_is_listed_and_taken_back(site: Site) {
        let mut leila = site.signed_in("Leila", Role::Administrator).await;
        assert_eq!(leila.page(&at("history")).await.text_of("empty").len(), 1);
        saved(&save(&mut leila, "site", &[("name", "Mosaic")]).await, "site");
        saved(&save(&mut leila, "site", &[("name", "Quilt"), ("tagline", "Sewn")]).await, "site");
        let page = leila.page(&at("history")).await;
        let told: Vec<String> = page.all("p").map(|line| line.text.clone()).filter(|line| line.contains('→')).collect();
        assert_eq!(told, [
            "Site: Name: Mosaic → Quilt",
            "Site: Tagline: A guide to six Iranian cities → Sewn",
            "Site: Name: Atlas → Mosaic",
        ]);
        assert!(page.all("th").any(|row| row.text.contains("Leila")));
        let first = format!("{}/1", at("history"));
        let answer = leila.submit(&page, &first, &[]).await;
        let page = leila.follow(&answer).await;
        assert_eq!(page.text_of("notice"), ["Taken back. Every page shows it from now on."]);
        assert_eq!(home_of(&site).await.title(), "Mosaic — A guide to six Iranian cities");
        // As it was before anybody saved; and of an old list nothing is taken back.
        let file = format!("{}/0", at("history"));
        assert_eq!(leila.post(&file, &[("version", "2")]).await.status, 409);
        assert_eq!(leila.submit(&page, &file, &[]).await.status, 303);
        assert!(home_of(&site).await.title().starts_with("Atlas — "));
        assert_eq!(leila.post(&format!("{}/77", at("history")), &[("version", "4")]).await.status, 404);
    }

    async fn menus_are_made_of_rows_without_a_script(site: Site) {
        let mut leila = site.signed_in("Leila", Role::Administrator).await;
        let page = leila.page(&at("menus")).await;
        let more = leila.submit(&page, &at("menus"), &[("do", "up menu.en 1")]).await;
        let more = Html::parse(more.text());
        assert_eq!(typed(&more, "menus", "menu.en.0.label"), "Articles");
        let less = Html::parse(leila.submit(&more, &at("menus"), &[("do", "remove menu.en 4")]).await.text());
        let add = [("menu.en.7.label", "About & more"), ("menu.en.7.href", "/about"), ("look.footer.en", "Made by hand.")];
        saved(&leila.submit(&less, &at("menus"), &add).await, "menus");
        let home = home_of(&site).await;
        let labels: Vec<&str> = home.all("a").map(|link| link.text.trim()).collect();
        let menu = ["Articles", "Cities", "Places", "People", "About & more"];
        assert!(labels.windows(5).any(|five| five == menu), "{labels:?}");
        assert!(!labels.contains(&"Services"));
        assert!(site.get("/").await.text().contains("Made by hand."));
        assert!(site.page("/fa").await.all("a").any(|link| link.text.trim() == "شهرها"), "other languages keep theirs");
        // Given back row by row, it is the file's again and nothing is stored.
        let page = leila.page(&at("menus")).await;
        let back = Html::parse(leila.submit(&page, &at("menus"), &[("do", "back menu")]).await.text());
        saved(&leila.submit(&back, &at("menus"), &[]).await, "menus");
        let state = settings::newest(&site.app.db).await.unwrap().unwrap();
        assert!(!state.overlay.contains("menu"), "{}", state.overlay);
    }

    async fn colours_are_in_the_style_sheet_and_seen_before(site: Site) {
        let mut leila = site.signed_in("Leila", Role::Administrator).await;
        let style_of = |page: &Html| page.links("stylesheet").next().unwrap().get("href").unwrap().to_owned();
        let before = style_of(&home_of(&site).await);
        let page = leila.page(&at("look")).await;
        let typed = [("look.light.accent", "#006644"), ("look.text", "system-sans"), ("look.home", "Places\ncities"), ("do", "look")];
        let shown = Html::parse(leila.submit(&page, &at("look"), &typed).await.text());
        let frames: Vec<String> = shown.all("iframe").map(|frame| frame.get("src").unwrap().to_owned()).collect();
        assert_eq!(frames.len(), 2);
        let sample = leila.page(&frames[0]).await;
        let sheet = leila.get(&style_of(&sample)).await;
        assert_eq!(sheet.header("content-type"), "text/css; charset=utf-8");
        assert!(sheet.text().contains("--accent: #006644") && !sheet.text().contains("prefers-color-scheme"));
        assert_eq!(style_of(&home_of(&site).await), before, "looking changes nothing");
        let wrong = leila.get("/admin/settings/sample?look.light.ink=%23ffffff").await;
        assert!(wrong.text().contains("has a contrast of 1.0"), "{}", wrong.text());
        let json: Value = serde_json::from_str(leila.get("/admin/settings/sample.json?look.light.ink=%23000000").await.text()).unwrap();
        assert_eq!(json["light"][0]["said"], "easily read");
        saved(&leila.submit(&shown, &at("look"), &[]).await, "look");
        let home = home_of(&site).await;
        let after = style_of(&home);
        assert_ne!(after, before);
        assert!(site.get(&after).await.text().contains("--accent: #006644"));
        assert_eq!(site.get(&before).await.status, 302, "the old address leads to the new sheet");
        let state = settings::newest(&site.app.db).await.unwrap().unwrap();
        assert!(state.overlay.contains("\"look.home\":[\"place\",\"city\"]"), "{}", state.overlay);
    }

    async fn a_logo_and_an_icon_come_from_the_library(site: Site) {
        let mut leila = site.signed_in("Leila", Role::Administrator).await;
        let square = square(600);
        let page = leila.page(&at("logo")).await;
        let over = Html::parse(leila.submit(&page, &at("logo"), &[("do", "choose look.logo")]).await.text());
        let action = format!("{}#look-logo", at("logo"));
        let fields = over.fields_of(&action);
        let mut fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.push(("do", "upload look.logo"));
        let form = leila.send_files(&at("logo"), "text/html", &fields, &[("files", "mark.png", &square)]).await;
        assert_eq!(form.status, 200, "{}", form.text());
        let form = Html::parse(form.text());
        let logo = typed(&form, "logo", "look.logo.src");
        assert!(logo.starts_with("/media/") && logo.ends_with("/mark.png"), "{logo}");
        let before = site.get("/icon-192.png").await.body;
        saved(&leila.submit(&form, &at("logo"), &[("icons.picture.src", &logo), ("look.logo_alone", "true")]).await, "logo");
        let home = home_of(&site).await;
        let mark = home.all("img").find(|image| image.get("src") == Some(&logo)).expect("the logo");
        assert_eq!((mark.get("alt"), mark.get("width")), (Some("Atlas"), Some("600")));
        let icon = site.get("/icon-192.png").await;
        assert_ne!(icon.body, before);
        // Without it, all is as shipped.
        let page = leila.page(&at("logo")).await;
        let back = Html::parse(leila.submit(&page, &at("logo"), &[("do", "back icons.picture")]).await.text());
        saved(&leila.submit(&back, &at("logo"), &[]).await, "logo");
        assert_eq!(site.get("/icon-192.png").await.body, before);
    }

    async fn crawlers_are_told_at_once(site: Site) {
        let mut leila = site.signed_in("Leila", Role::Administrator).await;
        assert!(!site.get("/robots.txt").await.text().contains("GPTBot"));
        let typed = [
            ("robots.ai_training", "disallow"), ("robots.group.0.agents", "AhrefsBot\nSemrushBot"),
            ("robots.group.0.disallow", "/"), ("verification.google", "a-b_c"),
        ];
        saved(&save(&mut leila, "search", &typed).await, "search");
        let told = site.get("/robots.txt").await;
        assert!(told.text().contains("User-agent: GPTBot\n"), "{}", told.text());
        assert!(told.text().contains("User-agent: AhrefsBot\nUser-agent: SemrushBot\n"), "{}", told.text());
        assert_eq!(home_of(&site).await.meta("google-site-verification"), "a-b_c");
        let page = leila.page(&at("search")).await;
        assert!(page.text_of("text")[0].contains("User-agent: GPTBot"));
        // What the rules keep from search engines is looked for when somebody asks.
        site.publish("page", content("Press", json!({}))).await;
        let group = [("robots.group.0.agents", "Googlebot"), ("robots.group.0.disallow", "/press")];
        saved(&save(&mut leila, "search", &group).await, "search");
        let compared = leila.page(&format!("{}?compare=true", at("search"))).await;
        let findings: Vec<&str> = compared.all("li").filter(|item| item.is("found-warning")).map(|item| item.text.as_str()).collect();
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert!(findings[0].contains("`/press` keeps `Googlebot` from 1 page(s)"), "{findings:?}");
    }

    async fn analytics_allow_their_host_on_pages_and_nowhere_else(site: Site) {
        let mut leila = site.signed_in("Leila", Role::Administrator).await;
        let id = site.draft("article", content("A draft", json!({}))).await;
        let plain = site.get("/").await;
        assert!(!plain.text().contains("<script defer"));
        let typed = [("analytics.kind", "plausible"), ("analytics.host", "https://stats.example.org"), ("analytics.site", "site.test")];
        saved(&save(&mut leila, "analytics", &typed).await, "analytics");
        for target in ["/", "/nothing-is-here"] {
            let counted = site.get(target).await;
            let expected = plain.header("content-security-policy")
                .replace("script-src 'self'", "script-src 'self' https://stats.example.org")
                .replace("connect-src 'self'", "connect-src 'self' https://stats.example.org");
            assert_eq!(counted.header("content-security-policy"), expected, "{target}");
            let script = "<script defer src=\"https://stats.example.org/js/script.js\" data-domain=\"site.test\" \
                          data-api=\"https://stats.example.org/api/event\"></script>";
            assert!(counted.text().contains(script), "{target}: {}", counted.text());
        }
        for target in ["/feed.xml", "/robots.txt", "/healthz"] {
            assert!(!site.get(target).await.header("content-security-policy").contains("stats"), "{target}");
        }
        for target in ["/admin", &at("analytics"), &format!("/admin/entries/{id}/preview"), "/admin/settings/sample"] {
            let answer = leila.get(target).await;
            assert_eq!(answer.status, 200, "{target}");
            assert!(!answer.header("content-security-policy").contains("stats"), "{target}");
            assert!(!answer.text().contains("<script defer"), "nobody counts who works here: {target}");
        }
        let refused = site.get("/%2e%2e/x").await;
        assert!(!refused.text().contains("<script defer"), "{}", refused.text());
        let matomo = [("analytics.kind", "matomo"), ("analytics.host", "https://example.org/matomo"), ("analytics.site", "3")];
        saved(&save(&mut leila, "analytics", &matomo).await, "analytics");
        let home = site.get("/").await;
        assert!(home.header("content-security-policy").contains("img-src 'self' data: https://example.org/matomo/;"));
        let page = Html::parse(home.text());
        let script = page.all("script").find(|script| script.get("data-host") == Some("https://example.org/matomo")).unwrap();
        assert_eq!(site.get(script.get("src").unwrap()).await.status, 200, "it is a file of the site");
        let none = [("analytics.kind", ""), ("analytics.host", ""), ("analytics.site", "")];
        saved(&save(&mut leila, "analytics", &none).await, "analytics");
        assert_eq!(site.get("/").await.header("content-security-policy"), plain.header("content-security-policy"));
    }

    async fn nothing_made_by_old_settings_is_kept(site: Site) {
        let old = site.app.current();
        let from = old.sequence();
        set(&site.app, json!({"name": "Mosaic"})).await;
        assert_eq!(old.site.name, "Atlas", "who has begun goes on as begun");
        assert!(old.sequence() <= from, "and keeps nothing of it");
        assert!(site.app.current().sequence() > from);
        assert_eq!(site.app.current().edition(), old.edition() + 1);
        // Dropping all pages is no other set of settings.
        let mut change = Change::begin(&site.app, &Actor::Operator).await.unwrap();
        change.touch("site");
        change.commit().await.unwrap();
        assert_eq!(site.app.current().edition(), old.edition() + 1);
    }

    async fn an_overlay_that_fits_no_more_stops_no_start(site: Site) {
        set(&site.app, json!({
            "name": "Mosaic", "look.home": ["place"], "look.light.ink": "#101010", "news.types": ["article"],
        })).await;
        // As if the types had gone and the file had changed since.
        let stored = "{\"look.home\":[\"place\",\"spaceship\"],\"look.light.paper\":\"#111111\",\"name\":\"Mosaic\",\
                      \"locale.de.name\":\"Mosaik\",\"something.new\":1}";
        site.database.tamper(&format!("UPDATE settings SET overlay = '{stored}'")).await.unwrap();
        let node = site.another(&[]).await;
        assert_eq!(node.app.site.name, "Mosaic", "what fits holds");
        let unfit: Vec<&str> = node.app.set.unfit.iter().map(|(key, _)| key.as_str()).collect();
        for key in ["look.home", "look.light.paper", "locale.de.name", "something.new"] {
            assert!(unfit.contains(&key), "{key} in {unfit:?}");
        }
        assert_eq!(unfit.len(), 4);
        assert_eq!(home_of(&node).await.title(), "Mosaic — A guide to six Iranian cities");
        let mut leila = node.signed_in("Leila", Role::Owner).await;
        let page = leila.page(&at("look")).await;
        assert!(page.text_of("warning").iter().any(|said| said.contains("there is no type `spaceship`")), "{:?}", page.text_of("warning"));
        // Another part can be saved all the same, and saving this one is rid of it.
        saved(&save(&mut leila, "site", &[("tagline", "Still here")]).await, "site");
        saved(&save(&mut leila, "look", &[]).await, "look");
        let state = settings::newest(&site.app.db).await.unwrap().unwrap();
        assert!(!state.overlay.contains("spaceship") && state.overlay.contains("Still here"), "{}", state.overlay);
    }

    async fn what_is_set_is_shown_and_taken_back_at_a_terminal(site: Site) {
        assert_eq!(said(&site, "settings show"), (Some(0), "0 set over site.toml".to_owned()));
        set(&site.app, json!({"name": "Mosaic", "look.home": ["place"]})).await;
        assert_eq!(said(&site, "settings show"), (Some(0), "look.home = [\"place\"]\n    site.toml says \
            [\"city\",\"place\",\"person\",\"series\",\"service\"]\nname = \"Mosaic\"\n    site.toml says \"Atlas\"\n\
            2 set over site.toml".to_owned()));
        assert_eq!(said(&site, "settings reset name"), (Some(0), "name is what site.toml says again: \"Atlas\"".to_owned()));
        site.app.catch_up().await.unwrap();
        assert!(home_of(&site).await.title().starts_with("Atlas — "));
        let (code, text) = said(&site, "settings reset name");
        assert_eq!(code, Some(2));
        assert!(text.contains("`name` is not set; set: look.home"), "{text}");
        let stored = "{\"look.home\":[\"spaceship\"]}";
        site.database.tamper(&format!("UPDATE settings SET overlay = '{stored}'")).await.unwrap();
        let (code, text) = said(&site, "settings show");
        assert_eq!(code, Some(1));
        assert!(text.contains("    passed over: there is no type `spaceship`"), "{text}");
        let (_, checked) = said(&site, "check");
        assert!(checked.contains("warning: `look.home`: is set in the back office and passed over: there is no type"), "{checked}");
    }

    async fn owners_and_administrators_alone_change_settings(site: Site) {
        for role in [Role::Editor, Role::Author, Role::Contributor, Role::Moderator] {
            let actor = Actor::User { id: 1, role };
            let mut change = Change::begin(&site.app, &actor).await.unwrap();
            let wish: Wish = [("name".to_owned(), Some(json!("X")))].into();
            assert!(matches!(save_settings(&mut change, 0, wish).await, Err(Error::Denied(_))), "{role}");
        }
        let mut editor = site.signed_in("Edda", Role::Editor).await;
        assert!(!editor.page("/admin").await.all("a").any(|link| link.get("href") == Some("/admin/settings")));
        assert_eq!(editor.get(&at("site")).await.status, 403);
        let wrong = set_as_seen(&site.app, 0, json!({"redirect_hosts": ["evil.example"]})).await;
        assert!(matches!(wrong, Err(Error::Invalid(_))), "not everything of the file may be set");
    }
}

/// What the binary says to a line of words on this site, and its exit code.
fn said(site: &Site, words: &str) -> (Option<i32>, String) {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_atlas"))
        .args(words.split(' '))
        .arg("--data")
        .arg(site.database.folder.path())
        .current_dir(site.database.folder.path())
        .args(["--database-url", &site.database.url, "--origin", "https://site.test", "--log-level", "error"])
        .env_clear()
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&text).trim_end().to_owned())
}

async fn boris_saves_a_look(boris: &mut Browser<'_>) -> Answer {
    save(boris, "look", &[("look.light.accent", "#006644")]).await
}
