//! Writing in the back office: forms that lose nothing, and lists.

use atlas::entry::{Content, Role, State};
use atlas::store::{Ask, entries};
use serde_json::json;

use crate::on_both;
use crate::support::database::{Engine, run};
use crate::support::discovery::content_folder;
use crate::support::html::Html;
use crate::support::office::PASSWORD;
use crate::support::web::{Node, Site, content};

async fn entry(node: &Node, id: i64) -> entries::Entry {
    entries::find(&node.app.db, id).await.unwrap().unwrap()
}

async fn draft(node: &Node, id: i64) -> Content {
    entries::draft(&node.app.db, id).await.unwrap().content
}

/// The number of the entry that an answer leads to.
fn number(location: &str) -> i64 {
    location.trim_start_matches("/admin/entries/").split('?').next().unwrap().parse().unwrap()
}

on_both! {
    async fn an_article_is_written_and_published(site: Site) {
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let page = leila.page("/admin/types/article/new").await;
        let wrong = leila.submit(&page, "/admin/types/article", &[
            ("title", ""), ("body", "## First\n\nWords that must stay."), ("field.video.url", "nowhere"),
        ]).await;
        assert_eq!(wrong.status, 422);
        let again = Html::parse(wrong.text());
        let errors = again.text_of("error");
        assert_eq!((errors.len(), errors[0].as_str()), (2, "Is required."), "each beside its field: {errors:?}");
        assert!(errors[1].contains("nowhere"), "{errors:?}");
        let kept = again.fields_of("/admin/types/article");
        assert!(kept.contains(&("body".into(), "## First\n\nWords that must stay.".into())), "{kept:?}");
        assert!(kept.contains(&("field.video.url".into(), "nowhere".into())));
        let saved = leila.submit(&again, "/admin/types/article", &[
            ("title", "A first article"), ("field.video.url", ""), ("then", "save"),
        ]).await;
        let id = number(saved.header("location"));
        let page = leila.follow(&saved).await;
        assert_eq!(page.text_of("notice"), ["Saved. Readers see it once it is published."]);
        assert_eq!(site.get("/articles/a-first-article").await.status, 404);
        let published = leila.submit(&page, &format!("/admin/entries/{id}"), &[("then", "publish")]).await;
        assert_eq!(leila.follow(&published).await.text_of("notice"), ["Published."]);
        let read = site.get("/articles/a-first-article").await;
        assert!(read.text().contains("Words that must stay."));
        let audit: Vec<(String, String)> = site.app.db.all(
            "SELECT actor, action FROM audit WHERE entry_id IS NOT NULL ORDER BY id", vec![],
        ).await.unwrap();
        let who = audit[0].0.clone();
        assert!(who.starts_with("user:"), "{who}");
        assert_eq!(audit.iter().map(|(actor, action)| (actor == &who, action.as_str())).collect::<Vec<_>>(), [
            (true, "save_draft"), (true, "save_draft"), (true, "publish"),
        ]);
    }

    async fn who_saves_second_sees_both_texts(site: Site) {
        let id = site.publish("article", content("First words", json!({}))).await;
        let mut anna = site.signed_in("Anna", Role::Editor).await;
        let mut boris = site.signed_in("Boris", Role::Editor).await;
        let action = format!("/admin/entries/{id}");
        let (one, other) = (anna.page(&action).await, boris.page(&action).await);
        let first = anna.submit(&one, &action, &[("title", "Anna's words"), ("body", "By Anna.")]).await;
        assert_eq!(first.status, 303);
        let second = boris.submit(&other, &action, &[("title", "Boris's words"), ("body", "By Boris.")]).await;
        assert_eq!(second.status, 409);
        let both = Html::parse(second.text());
        assert_eq!(both.text_of("text"), ["Anna's words", "Boris's words", "By Anna.", "By Boris."]);
        assert_eq!(draft(&site, id).await.title, "Anna's words", "nothing is overwritten");
        let kept = both.fields_of(&action);
        assert!(kept.contains(&("body".into(), "By Boris.".into())), "{kept:?}");
        // Having seen both, Boris decides.
        let third = boris.submit(&both, &action, &[("title", "Words of both")]).await;
        assert_eq!(third.status, 303);
        assert_eq!(draft(&site, id).await.title, "Words of both");
    }

    async fn a_session_that_ends_while_writing_loses_nothing(site: Site) {
        let id = site.draft("article", content("A draft", json!({}))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let action = format!("/admin/entries/{id}");
        let page = leila.page(&action).await;
        leila.cookie = None;
        let body = "A long text\n\nwith [a link](/x) & more = signs";
        let asked = leila.submit(&page, &action, &[("body", body)]).await;
        assert_eq!(asked.status, 403);
        assert_eq!(draft(&site, id).await.body, "", "nobody is signed in");
        let form = Html::parse(asked.text());
        let wrong = leila.submit(&form, "/admin/sign-in", &[("email", "leila@example.org"), ("password", "x")]).await;
        let form = Html::parse(wrong.text());
        let typed = [("email", "leila@example.org"), ("password", PASSWORD)];
        let signed_in = leila.submit(&form, "/admin/sign-in", &typed).await;
        assert_eq!(signed_in.status, 200);
        let on = Html::parse(signed_in.text());
        let saved = leila.submit(&on, &action, &[]).await;
        assert_eq!(saved.hop(), format!("303 {action}?done=saved"));
        assert_eq!(draft(&site, id).await.body, body);
    }

    async fn roles_keep_to_what_is_theirs(site: Site) {
        let foreign = site.publish("article", content("Somebody else's", json!({}))).await;
        let mut author = site.signed_in("Author", Role::Author).await;
        let mut contributor = site.signed_in("Contributor", Role::Contributor).await;
        for browser in [&mut author, &mut contributor] {
            assert_eq!(browser.get(&format!("/admin/entries/{foreign}")).await.status, 404);
            let version = [("version", "2"), ("title", "Taken")];
            assert_eq!(browser.post(&format!("/admin/entries/{foreign}"), &version).await.status, 404);
            let list = browser.page("/admin/types/article").await;
            assert!(list.all("th").all(|cell| !cell.text.contains("Somebody else's")));
        }
        assert_eq!(author.post(&format!("/admin/entries/{foreign}/trash"), &[("version", "2")]).await.status, 404);
        // A contributor writes; what they wrote is somebody else's to publish.
        let page = contributor.page("/admin/types/article/new").await;
        assert!(page.all("button").all(|button| button.get("value") != Some("publish")));
        let typed = [("title", "By a contributor"), ("body", "Kept."), ("then", "publish")];
        let refused = contributor.submit(&page, "/admin/types/article", &typed).await;
        assert_eq!(refused.status, 403);
        assert!(Html::parse(refused.text()).fields_of("/admin/types/article").contains(&("body".into(), "Kept.".into())));
        let saved = contributor.submit(&page, "/admin/types/article", &[typed[0], typed[1]]).await;
        let id = number(saved.header("location"));
        assert_eq!(author.get(&format!("/admin/entries/{id}")).await.status, 404);
        assert_eq!(contributor.post(&format!("/admin/entries/{id}/publish"), &[("version", "1")]).await.status, 403);
        let mut editor = site.signed_in("Editor", Role::Editor).await;
        let done = editor.post(&format!("/admin/entries/{id}/publish"), &[("version", "1")]).await;
        assert_eq!(done.hop(), format!("303 /admin/entries/{id}?done=published"));
        // An author publishes their own.
        let page = author.page("/admin/types/article/new").await;
        let done = author.submit(&page, "/admin/types/article", &[("title", "Mine"), ("then", "publish")]).await;
        assert_eq!(done.status, 303);
        assert_eq!(site.get("/articles/mine").await.status, 200);
    }

    async fn what_is_scheduled_is_changed_by_who_may_publish_it(site: Site) {
        let mut contributor = site.signed_in("Contributor", Role::Contributor).await;
        let mut editor = site.signed_in("Editor", Role::Editor).await;
        let page = contributor.page("/admin/types/article/new").await;
        let saved = contributor.submit(&page, "/admin/types/article", &[("title", "Harmless")]).await;
        let id = number(saved.header("location"));
        let action = format!("/admin/entries/{id}");
        let version = async || site.version(id).await.to_string();
        let page = contributor.page(&action).await;
        assert_eq!(contributor.submit(&page, &action, &[("body", "A draft is theirs.")]).await.status, 303);
        let when = [("version", &*version().await), ("publish_at", "2026-12-24T18:00")];
        assert_eq!(editor.post(&format!("{action}/schedule"), &when).await.status, 303);
        assert_eq!(entry(&site, id).await.state(), State::Scheduled);
        let page = contributor.page(&action).await;
        let seen = version().await;
        let done = editor.submit(&page, &action, &[("summary", "By the editor.")]).await;
        assert_eq!(done.status, 303, "an editor goes on");
        for typed in [("then", "save"), ("then", "publish")] {
            let refused = contributor.submit(&page, &action, &[("body", "Smuggled in."), typed]).await;
            assert_eq!(refused.status, 403);
            let kept = Html::parse(refused.text()).fields_of(&action);
            assert!(kept.contains(&("body".into(), "Smuggled in.".into())), "{kept:?}");
            assert!(kept.contains(&("version".into(), seen.clone())), "nobody has seen the newer one: {kept:?}");
        }
        let restored = contributor
            .post(&format!("{action}/revisions/1/restore"), &[("version", &*version().await)])
            .await;
        assert_eq!(restored.status, 403);
        assert_eq!(draft(&site, id).await.body, "A draft is theirs.");
        // Published, a draft over it is nobody's to read yet.
        let done = editor.post(&format!("{action}/publish"), &[("version", &*version().await)]).await;
        assert_eq!(done.status, 303);
        let page = contributor.page(&action).await;
        assert_eq!(contributor.submit(&page, &action, &[("body", "Next.")]).await.status, 303);
        assert!(!site.get("/articles/harmless").await.text().contains("Next."));
    }

    async fn what_a_form_does_not_ask_for_stays(site: Site) {
        let above = site.publish("category", content("Above", json!({}))).await;
        let whole = Content { parent: Some(above), ..content("Below", json!({})) };
        let id = site.draft("category", whole).await;
        assert_eq!(draft(&site, id).await.parent, Some(above));
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let action = format!("/admin/entries/{id}");
        let page = leila.page(&action).await;
        assert!(page.fields_of(&action).iter().all(|(name, _)| name != "parent"));
        assert_eq!(leila.submit(&page, &action, &[("title", "Still below")]).await.status, 303);
        let after = draft(&site, id).await;
        assert_eq!((after.title.as_str(), after.parent), ("Still below", Some(above)));
    }

    async fn titles_are_told_to_who_may_read_them(site: Site) {
        let secret = site.draft("author", content("Secret name", json!({}))).await;
        let hidden = Content { visibility: "private".parse().unwrap(), ..content("Hidden name", json!({})) };
        site.publish("author", hidden).await;
        site.publish("author", content("Open name", json!({}))).await;
        let mut author = site.signed_in("Author", Role::Author).await;
        let page = author.page("/admin/types/article/new").await;
        let named = format!("#{secret}");
        let typed = [("title", "Mine"), ("authors", named.as_str())];
        let saved = author.submit(&page, "/admin/types/article", &typed).await;
        let action = format!("/admin/entries/{}", number(saved.header("location")));
        let mut editor = site.signed_in("Editor", Role::Editor).await;
        let shown = |page: &Html| page.fields_of(&action).into_iter().find(|(name, _)| name == "authors").unwrap().1;
        assert_eq!(shown(&author.page(&action).await), named);
        assert_eq!(shown(&editor.page(&action).await), format!("Secret name #{secret}"));
        let form = author.get(&action).await;
        assert!(form.text().contains("Open name") && !form.text().contains("Hidden name"));
        assert!(!form.text().contains("Secret name"));
    }

    async fn an_entry_lives_by_forms_alone(site: Site) {
        let home = site.publish("article", content("Where readers go", json!({}))).await;
        let id = site.draft("article", content("A life", json!({}))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let at = |verb: &str| format!("/admin/entries/{id}{verb}");
        // Scheduled by the clock on the wall of the site.
        let page = leila.page(&at("")).await;
        let past = leila.submit(&page, &at("/schedule"), &[("publish_at", "2020-01-01T10:00")]).await;
        assert_eq!(past.status, 422);
        let done = leila.submit(&page, &at("/schedule"), &[("publish_at", "2026-12-24T18:00")]).await;
        let page = leila.follow(&done).await;
        assert_eq!(page.text_of("notice"), ["The times are set."]);
        let scheduled = entry(&site, id).await;
        assert_eq!(scheduled.state(), State::Scheduled);
        assert_eq!(scheduled.publish_at.unwrap().rfc3339(), "2026-12-24T18:00:00Z");
        assert!(page.fields_of(&at("/schedule")).contains(&("publish_at".into(), "2026-12-24T18:00".into())));
        // Published, renamed, and found at its old address.
        let done = leila.submit(&page, &at(""), &[("then", "publish")]).await;
        let page = leila.follow(&done).await;
        let done = leila.submit(&page, &at(""), &[("slug", "another-life")]).await;
        let page = leila.follow(&done).await;
        assert_eq!(page.text_of("warning"), [
            "Publishing moves this page: /articles/a-life will lead to /articles/another-life with a 301.",
        ]);
        let done = leila.submit(&page, &at(""), &[("then", "publish")]).await;
        let page = leila.follow(&done).await;
        assert_eq!(site.get("/articles/a-life").await.hop(), "301 https://site.test/articles/another-life");
        // Into the trash, its readers sent elsewhere; and back by the notice.
        let lead = format!("Where readers go #{home}");
        let wrong = leila.submit(&page, &at("/trash"), &[("redirect_to", "somewhere")]).await;
        assert_eq!(wrong.status, 422);
        let done = leila.submit(&page, &at("/trash"), &[("redirect_to", &lead)]).await;
        let list = leila.follow(&done).await;
        assert_eq!(list.text_of("notice"), ["Moved to the trash. Undo"]);
        assert_eq!(site.get("/articles/a-life").await.hop(), "301 https://site.test/articles/where-readers-go");
        let done = leila.submit(&list, &at("/restore"), &[]).await;
        assert_eq!(leila.follow(&done).await.text_of("notice"), ["Taken back as a draft."]);
        assert_eq!(entry(&site, id).await.state(), State::Draft);
        // A button of a page that was loaded before somebody else acted.
        let stale = leila.submit(&page, &at("/unpublish"), &[]).await;
        assert_eq!(stale.status, 409);
    }

    async fn a_form_changes_what_it_shows_and_nothing_else(site: Site) {
        let id = site.draft("article", content("Mine", json!({}))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let action = format!("/admin/entries/{id}");
        let page = leila.page(&action).await;
        let before = entry(&site, id).await;
        let done = leila.submit(&page, &action, &[
            ("state", "published"), ("live_revision", "1"), ("locale", "fa"), ("type", "page"),
            ("modified_at", "2001-01-01T00:00"), ("fixed_path", "/stolen"), ("id", "7"), ("role", "owner"),
            ("created_at", "1"), ("replaced_by", "1"), ("field.nonsense", "x"),
        ]).await;
        assert_eq!(done.status, 303);
        let mut after = entry(&site, id).await;
        after.version = before.version;
        assert_eq!(after, before);
        assert_eq!(draft(&site, id).await, Content { slug: "mine".into(), ..content("Mine", json!({})) });
    }

    async fn lists_are_searched_narrowed_and_turned(site: Site) {
        for number in 0..52 {
            site.draft("article", content(&format!("Draft number {number}"), json!({}))).await;
        }
        site.publish("article", content("Out 100%_sure", json!({}))).await;
        site.publish("page", content("École ÉLÉGANTE", json!({}))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let rows = |page: &Html| page.all("th").filter(|cell| cell.get("scope") == Some("row")).count();
        let first = leila.page("/admin/types/article").await;
        assert_eq!(rows(&first), 50);
        let next = first.all("a").find(|link| link.get("rel") == Some("next")).unwrap().get("href").unwrap();
        let second = leila.page(next).await;
        assert_eq!(rows(&second), 3);
        assert!(second.all("a").all(|link| link.get("rel") != Some("next")));
        assert_eq!(rows(&leila.page("/admin/types/article?state=published").await), 1);
        assert_eq!(rows(&leila.page("/admin/types/article?q=NUMBER+5").await), 3);
        assert_eq!(rows(&leila.page("/admin/types/article?q=100%25_s").await), 1);
        assert_eq!(rows(&leila.page("/admin/types/article?q=%25").await), 0, "marks alone are no word");
        assert_eq!(rows(&leila.page("/admin/types/page?q=%C3%89L%C3%89GANTE").await), 1, "as it was typed");
        let none = leila.page("/admin/types/article?q=nothing&state=draft").await;
        assert_eq!(none.text_of("empty"), ["Nothing fits. Search for less, or choose another state."]);
        assert_eq!(leila.page("/admin/types/person").await.text_of("empty"), ["There is nothing here yet."]);
        assert_eq!(leila.get("/admin/types/nonsense").await.status, 404);
        assert_eq!(leila.get("/admin/types/landing").await.status, 404);
        let board = leila.page("/admin").await;
        assert!(board.all("li").any(|line| line.text.contains("Draft number 51")));
    }
}

/// A type with a field of every kind.
const EVERYTHING: &str = include_str!("support/thing.toml");

/// A form that nobody touched says what is stored, whatever the kind; and a new type has it at once.
#[test]
fn a_form_that_nobody_touched_changes_nothing() {
    run(Engine::Sqlite, async |site: Site| {
        let folder = content_folder(&site, "everything", "");
        std::fs::create_dir_all(format!("{folder}/types")).unwrap();
        std::fs::write(format!("{folder}/types/thing.toml"), EVERYTHING).unwrap();
        let node = site.another(&[("content", &folder)]).await;
        let (red, blue) = (
            node.publish("tag", content("Red", json!({}))).await,
            node.publish("tag", content("Blue #7", json!({}))).await,
        );
        let picture = json!({ "src": "https://example.org/a.png", "alt": "A", "caption": "B", "credit": "C",
            "creator": "D", "copyright": "E", "license": "https://example.org/l", "license_page": "/licence" });
        let fields = json!({
            "line": "A “line” & <more>", "text": "Two\nlines", "prose": "\n## Heading\n\n- item\n", "number": -12.5,
            "price": "19.90 USD", "fee": "5.00", "day": "2026-03-01", "moment": "2026-03-01T09:30:15Z",
            "choice": "b", "flag": false, "link": "/menu", "mail": "a@example.org", "phone": "+98 21 6670 1872",
            "image": picture, "gallery": [picture, { "src": "/media/0123456789abcdef/b.png" }],
            "point": "35.7,51.4",
            "postal": { "street": "Main 1", "locality": "Tehran", "region": "T", "postal_code": "1", "country": "IR" },
            "open": "Asia/Tehran; mo-fr 09:00-12:00,13:00-18:00; 2026-03-20..2026-04-02 closed",
            "questions": [{ "question": "Why?", "answer": "Because.\n\n- Indeed" }, { "question": "Q", "answer": "A" }],
            "one": red, "several": [blue, red],
            "film": { "url": "https://vimeo.com/76979871", "title": "F", "uploaded": "2026-01-02",
                "description": "G", "duration": "1:30" },
        });
        let mut whole = content("A thing", fields);
        whole.summary = "A summary".into();
        whole.body = "The body\n\n    indented\n".into();
        whole.published_at = Some(atlas::clock::Time(1_772_355_612_345));
        whole.modified_at = Some(atlas::clock::Time(1_772_355_999_999));
        whole.cover = Some(serde_json::from_value(picture.clone()).unwrap());
        whole.seo.title = "T".into();
        whole.seo.nofollow = true;
        whole.seo.robots = "nosnippet".into();
        whole.seo.faq = Some(false);
        let id = node.draft("thing", whole).await;
        let before = draft(&node, id).await;
        assert_eq!(before.fields.len(), 22, "every field has a value: {:?}", before.fields.keys());
        let mut leila = node.signed_in("Leila", Role::Editor).await;
        let action = format!("/admin/entries/{id}");
        let page = leila.page(&action).await;
        let done = leila.submit(&page, &action, &[]).await;
        assert_eq!(done.status, 303, "{}", done.text());
        assert_eq!(draft(&node, id).await, before);
        assert_eq!(entry(&node, id).await.version, 2);
    });
}
