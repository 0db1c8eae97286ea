//! The back office in the language of whoever works in it.

use std::collections::BTreeSet;

use atlas::account::Language;
use atlas::actions::accounts;
use atlas::entry::Role;
use atlas::store::users;
use atlas::web::admin::{ENGLISH, PERSIAN};
use serde_json::json;

use crate::on_both;
use crate::support::client::Answer;
use crate::support::html::Html;
use crate::support::office::{Browser, PASSWORD, form};
use crate::support::web::{Site, content};

/// What a page says of itself: its language and its direction.
fn frame(page: &Html) -> (String, String) {
    let html = page.one("html");
    let of = |key: &str| html.get(key).unwrap_or_default().to_owned();
    (of("lang"), of("dir"))
}

fn is_persian(page: &Html) -> bool {
    frame(page) == ("fa".to_owned(), "rtl".to_owned())
}

/// A page as a browser gets it that asks for these languages.
async fn asked(browser: &mut Browser<'_>, target: &str, languages: &str) -> Answer {
    browser.ask("GET", target, &[("sec-fetch-site", "none"), ("accept-language", languages)], "").await
}

/// English words of the frame that a page says: whole texts, and longer ones anywhere.
fn english_of(page: &Html) -> BTreeSet<String> {
    let mut said: BTreeSet<String> = BTreeSet::new();
    let (mut texts, mut whole) = (BTreeSet::new(), String::new());
    for element in &page.0 {
        let shown = ["title", "aria-label", "placeholder", "alt", "data-words"];
        let attributes = shown.into_iter().filter_map(|key| element.get(key));
        for text in attributes.chain([element.text.as_str()]) {
            texts.insert(text.trim().to_owned());
            whole.push_str(text);
            whole.push('\n');
        }
    }
    // What says which language a text is in is no word of the page.
    let is_word = |name: &str| !matches!(name, "lang" | "own_name");
    let persian: BTreeSet<&str> = PERSIAN.all().into_iter().map(|(_, text)| text).collect();
    for (name, text) in
        ENGLISH.all().into_iter().filter(|(name, text)| is_word(name) && !persian.contains(text))
    {
        let long = text.split("{}").filter(|part| part.trim().len() > 12 && part.trim().contains(' '));
        if texts.contains(text) || long.clone().any(|part| whole.contains(part)) {
            said.insert(format!("{name}: {text}"));
        }
    }
    said
}

on_both! {
    async fn somebody_chooses_the_language_of_the_back_office(site: Site) {
        let user = site.user("Leila", Role::Owner).await;
        let mut leila = site.browser();
        leila.sign_in(&user.email, PASSWORD).await;
        let page = leila.page("/admin/account").await;
        assert_eq!(frame(&page), ("en".to_owned(), "ltr".to_owned()));
        assert_eq!(page.fields_of("/admin/account/language"), [("language".to_owned(), "en".to_owned())]);
        let chosen = leila.submit(&page, "/admin/account/language", &[("language", "fa")]).await;
        let page = leila.follow(&chosen).await;
        assert!(is_persian(&page));
        assert_eq!(page.text_of("notice"), [PERSIAN.done_language]);
        assert_eq!(page.fields_of("/admin/account/language"), [("language".to_owned(), "fa".to_owned())]);
        // It goes with the person, not with the browser.
        let mut there = site.browser();
        there.sign_in(&user.email, PASSWORD).await;
        assert!(is_persian(&Html::parse(asked(&mut there, "/admin", "en").await.text())));
        // And back.
        let chosen = there.submit(&page, "/admin/account/language", &[("language", "en")]).await;
        let page = there.follow(&chosen).await;
        assert_eq!(frame(&page).0, "en");
        assert_eq!(page.text_of("notice"), [ENGLISH.done_language]);
        assert!(!is_persian(&Html::parse(asked(&mut leila, "/admin", "fa").await.text())));
        let log = leila.page("/admin/log").await;
        let changed = log.all("td").filter(|cell| cell.text.contains("Leila changed their account"));
        assert_eq!(changed.count(), 2);
    }

    async fn a_language_that_nobody_speaks_is_refused(site: Site) {
        let mut leila = site.signed_in("Leila", Role::Author).await;
        for language in ["de", "", "fas"] {
            let answer = leila.post("/admin/account/language", &[("language", language)]).await;
            assert_eq!(answer.status, 422, "{language}");
        }
        assert_eq!(frame(&leila.page("/admin").await).0, "en");
    }

    async fn who_has_not_chosen_is_spoken_to_as_their_browser_asks(site: Site) {
        let mut nobody = site.browser();
        for (languages, lang) in [
            ("fa-IR,fa;q=0.9,en;q=0.8", "fa"),
            ("de-DE,de;q=0.9,fa;q=0.5,en;q=0.4", "fa"),
            ("en-GB,fa;q=0.5", "en"),
            ("de", "en"),
        ] {
            let answer = asked(&mut nobody, "/admin/sign-in", languages).await;
            assert_eq!(answer.status, 200);
            let page = Html::parse(answer.text());
            assert_eq!(frame(&page).0, lang, "{languages}");
            let words = if lang == "fa" { &PERSIAN } else { &ENGLISH };
            assert_eq!(page.one("h1").text, words.sign_in);
        }
        let fa = ("accept-language", "fa");
        let own = ("sec-fetch-site", "same-origin");
        let wrong = form(&[("email", "leila@example.org"), ("password", "not it at all")]);
        let answer = nobody.ask("POST", "/admin/sign-in", &[own, fa], &wrong).await;
        assert_eq!(Html::parse(answer.text()).text_of("problems"), [PERSIAN.sign_in_wrong]);
        // What was typed before a session ended comes back with a form in the same language.
        let answer = nobody.ask("POST", "/admin/types/article", &[own, fa], "title=T").await;
        assert_eq!((answer.status, is_persian(&Html::parse(answer.text()))), (403, true));
        let answer = nobody.ask("POST", "/admin/users", &[("sec-fetch-site", "cross-site"), fa], "").await;
        let refused = Html::parse(answer.text());
        assert_eq!((answer.status, refused.one("h1").text.as_str()), (403, PERSIAN.denied));
        assert_eq!(english_of(&refused), BTreeSet::new());
        // Signed in, and still without a language of their own.
        let mut leila = site.signed_in("Leila", Role::Author).await;
        assert!(is_persian(&Html::parse(asked(&mut leila, "/admin", "fa").await.text())));
        assert_eq!(frame(&leila.page("/admin").await).0, "en");
        let missing = asked(&mut leila, "/admin/entries/4711", "fa").await;
        assert_eq!((missing.status, is_persian(&Html::parse(missing.text()))), (404, true));
        let denied = asked(&mut leila, "/admin/users", "fa").await;
        let page = Html::parse(denied.text());
        assert_eq!((denied.status, page.one("h1").text.as_str()), (403, PERSIAN.denied));
    }

    async fn who_comes_in_keeps_the_language_that_their_browser_asked_for(site: Site) {
        let secret = accounts::owner_link(&site.app).await.unwrap().unwrap();
        let link = format!("/admin/welcome/{}", secret.reveal());
        let mut owner = site.browser();
        let page = Html::parse(asked(&mut owner, &link, "fa-IR").await.text());
        assert!(is_persian(&page));
        assert_eq!(page.one("h1").text, PERSIAN.welcome_owner);
        let headers = [("sec-fetch-site", "same-origin"), ("accept-language", "fa-IR")];
        let short = form(&[("email", "leila@example.org"), ("name", ""), ("password", "short")]);
        let refused = owner.ask("POST", &link, &headers, &short).await;
        assert_eq!(refused.status, 422);
        let page = Html::parse(refused.text());
        assert_eq!(english_of(&page), BTreeSet::new());
        let problems = page.text_of("problems").concat();
        assert!(problems.contains("نام الزامی است.") && problems.contains("کمتر از ۱۲ نویسه است"), "{problems}");
        let typed = form(&[("email", "leila@example.org"), ("name", "لیلا"), ("password", PASSWORD)]);
        assert_eq!(owner.ask("POST", &link, &headers, &typed).await.hop(), "303 /admin");
        assert!(is_persian(&owner.page("/admin").await));
        let user = users::find_by_email(&site.app.db, "leila@example.org").await.unwrap().unwrap();
        assert_eq!(user.language(), Some(Language::Persian));
        // Another password changes nothing about it.
        let mut change = atlas::actions::Change::begin(&site.app, &atlas::entry::Actor::Operator).await.unwrap();
        let secret = accounts::link_for(&mut change, user.id).await.unwrap();
        change.commit().await.unwrap();
        let link = format!("/admin/welcome/{}", secret.reveal());
        let mut there = site.browser();
        assert!(is_persian(&Html::parse(asked(&mut there, &link, "en").await.text())));
        let headers = [("sec-fetch-site", "same-origin"), ("accept-language", "en")];
        let typed = form(&[("name", "لیلا"), ("password", "another boat on the same rain")]);
        assert_eq!(there.ask("POST", &link, &headers, &typed).await.hop(), "303 /admin");
        assert!(is_persian(&there.page("/admin").await));
    }

    async fn no_english_word_of_the_frame_is_left(site: Site) {
        let entry = site.publish("article", content("تهران", json!({}))).await;
        let region = site.publish("region", content("فارس", json!({}))).await;
        site.publish("city", content("شیراز", json!({ "region": region }))).await;
        let mut leila = persian(&site).await;
        let version = leila.page(&format!("/admin/entries/{entry}")).await.fields_of(&format!("/admin/entries/{entry}"));
        let version = version.iter().find(|(name, _)| name == "version").unwrap().1.clone();
        for fields in [
            [("title", "تهران"), ("slug", "tehran-two"), ("then", "save")],
            [("title", "تهران بزرگ"), ("slug", "tehran-two"), ("then", "save")],
        ] {
            let page = leila.page(&format!("/admin/entries/{entry}")).await;
            let sent = leila.submit(&page, &format!("/admin/entries/{entry}"), &fields).await;
            assert_eq!(sent.status, 303);
        }
        assert_eq!(site.get("/nowhere/at/all").await.status, 404);
        for page in [
            "/admin".to_owned(),
            "/admin/types/article".to_owned(),
            "/admin/types/place?col=city".to_owned(),
            "/admin/types/article?q=nothing+holds+this".to_owned(),
            "/admin/types/place/new".to_owned(),
            "/admin/types/article/new".to_owned(),
            format!("/admin/entries/{entry}"),
            format!("/admin/entries/{entry}/appearance"),
            format!("/admin/entries/{entry}/revisions"),
            format!("/admin/entries/{entry}/revisions/compare?from=1&to=3"),
            format!("/admin/entries/{entry}/move"),
            format!("/admin/entries/{entry}/preview/frame"),
            "/admin/tree".to_owned(),
            "/admin/pictures".to_owned(),
            "/admin/trash".to_owned(),
            "/admin/reviews".to_owned(),
            "/admin/redirects".to_owned(),
            "/admin/redirects/import".to_owned(),
            format!("/admin/redirects/try?url=/articles/{}", "%D8%AA%D9%87%D8%B1%D8%A7%D9%86"),
            "/admin/not-found".to_owned(),
            "/admin/jobs".to_owned(),
            "/admin/cache".to_owned(),
            "/admin/log".to_owned(),
            "/admin/users".to_owned(),
            "/admin/account".to_owned(),
        ] {
            let drawn = leila.page(&page).await;
            assert!(is_persian(&drawn), "{page}");
            assert_eq!(english_of(&drawn), BTreeSet::new(), "{page}");
        }
        // A form that is refused, and one that met somebody else's save.
        let action = format!("/admin/entries/{entry}");
        let page = leila.page(&action).await;
        let refused = leila.submit(&page, &action, &[("title", ""), ("then", "save")]).await;
        assert_eq!(refused.status, 422);
        let refused = Html::parse(refused.text());
        assert_eq!(english_of(&refused), BTreeSet::new());
        assert!(refused.text_of("problems").concat().contains("عنوان: الزامی است."));
        let late = leila.submit(&page, &action, &[("version", &version), ("title", "شهر"), ("then", "save")]).await;
        assert_eq!(late.status, 409);
        let late = Html::parse(late.text());
        assert_eq!(english_of(&late), BTreeSet::new());
        assert!(late.text_of("problems").concat().contains("در این میان کس دیگری ذخیره کرده است"));
    }

    async fn labels_numbers_and_dates_are_those_of_the_language(site: Site) {
        let region = site.publish("region", content("فارس", json!({}))).await;
        let city = site.publish("city", content("شیراز", json!({ "region": region }))).await;
        let entry = site.publish("place", content("کافه", json!({ "city": city }))).await;
        let mut leila = persian(&site).await;
        let list = leila.page("/admin/types/place").await;
        assert_eq!(list.one("h1").text, "مکان‌ها");
        let date = |page: &Html| page.all("td").map(|cell| cell.text.clone()).collect::<String>();
        let said = date(&list);
        assert!(said.contains('۱') && !said.contains("20"), "{said}");
        let new = leila.page("/admin/types/place/new").await;
        let labels: Vec<&str> = new.all("label").map(|label| label.text.trim()).collect();
        assert!(labels.iter().any(|label| label.starts_with("نوع کسب‌وکار")), "{labels:?}");
        assert!(new.all("option").any(|option| option.text == "کافه" && option.get("value") == Some("cafe")));
        let revisions = leila.page(&format!("/admin/entries/{entry}/revisions")).await;
        assert!(revisions.all("th").any(|cell| cell.text.starts_with('۱')));
        // What machines read stays as it is.
        let form = leila.page(&format!("/admin/entries/{entry}")).await;
        let path = list.0.iter().find(|element| element.is("path")).unwrap();
        assert_eq!((path.get("dir"), path.text.chars().next()), (Some("ltr"), Some('/')));
        assert!(form.all("form").any(|form| form.is("entry") && form.get("data-locale") == Some("en")));
    }
}

/// Somebody who governs the site, in Persian.
async fn persian(site: &Site) -> Browser<'_> {
    let mut leila = site.signed_in("Leila", Role::Owner).await;
    assert_eq!(leila.post("/admin/account/language", &[("language", "fa")]).await.status, 303);
    leila
}
