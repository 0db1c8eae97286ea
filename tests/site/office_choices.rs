//! What a form offers while somebody types, what is made from within it, and a text as readers will have
//! it.

use atlas::entry::{Content, Role};
use atlas::store::entries;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::html::Html;
use crate::support::office::Browser;
use crate::support::web::{Site, content};

/// What is offered at an address, by title.
async fn offered(browser: &mut Browser<'_>, query: &str) -> Vec<String> {
    let answer = browser.get(&format!("/admin/choices?{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let offers: Vec<Value> = serde_json::from_str(answer.text()).unwrap();
    offers.iter().map(|offer| offer["title"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    async fn entries_are_found_by_how_they_begin_and_by_their_words(site: Site) {
        for title in ["Gardens of Shiraz", "gardening", "A garden wall", "École de jardin", "100% garden_er", "Bazaar"] {
            site.publish("tag", content(title, json!({}))).await;
        }
        site.draft("tag", content("Garden drafts", json!({}))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let found = offered(&mut leila, "type=tag&q=GARDEN").await;
        assert_eq!(found[..3], ["Garden drafts", "gardening", "Gardens of Shiraz"], "those that begin so come first");
        let mut holding = found[3..].to_vec();
        holding.sort_unstable();
        assert_eq!(holding, ["100% garden_er", "A garden wall"]);
        assert_eq!(offered(&mut leila, "type=tag&q=%C3%A9cole").await, ["École de jardin"]);
        assert_eq!(offered(&mut leila, "type=tag&q=shiraz").await, ["Gardens of Shiraz"]);
        assert_eq!(offered(&mut leila, "type=tag&q=100%25").await, ["100% garden_er"]);
        assert_eq!(offered(&mut leila, "type=tag&q=%25").await, [""; 0]);
        assert_eq!(offered(&mut leila, "type=tag&q=").await[0], "Garden drafts", "the newest first");
        assert_eq!(offered(&mut leila, "type=article&q=garden").await, [""; 0]);
        assert_eq!(offered(&mut leila, "q=bazaar").await, ["Bazaar"], "of whatever type");
        assert_eq!(leila.get("/admin/choices?type=nonsense&q=a").await.status, 404);
        let answer = leila.get("/admin/choices?type=tag&q=Bazaar").await;
        let offers: Vec<Value> = serde_json::from_str(answer.text()).unwrap();
        let id = offers[0]["id"].as_i64().unwrap();
        assert_eq!(offers[0]["name"], format!("Bazaar #{id}"));
        assert_eq!(offers[0]["about"], "Tag · /tags/bazaar");
    }

    async fn nobody_is_offered_what_is_not_theirs_to_see(site: Site) {
        site.draft("tag", content("Secret draft", json!({}))).await;
        let hidden = Content { visibility: "private".parse().unwrap(), ..content("Secret and private", json!({})) };
        site.publish("tag", hidden).await;
        let gone = site.publish("tag", content("Secret and gone", json!({}))).await;
        site.publish("tag", content("Secretly open", json!({}))).await;
        let mut editor = site.signed_in("Editor", Role::Editor).await;
        let version = site.version(gone).await.to_string();
        let trashed = editor.post(&format!("/admin/entries/{gone}/trash"), &[("version", &version)]).await;
        assert_eq!(trashed.status, 303);
        let mut author = site.signed_in("Author", Role::Author).await;
        let made = author.post("/admin/choices", &[("type", "tag"), ("title", "Secret of mine")]).await;
        assert_eq!(made.status, 201, "{}", made.text());
        assert_eq!(offered(&mut author, "type=tag&q=secret").await, ["Secret of mine", "Secretly open"]);
        assert_eq!(offered(&mut author, "q=secret").await, ["Secret of mine", "Secretly open"]);
        assert_eq!(offered(&mut author, "type=tag").await, ["Secret of mine", "Secretly open"]);
        let all = offered(&mut editor, "type=tag&q=secret").await;
        assert_eq!(all, ["Secret and private", "Secret draft", "Secret of mine", "Secretly open"]);
    }

    async fn what_a_relation_names_is_made_in_place_without_a_script(site: Site) {
        site.publish("tag", content("Known", json!({}))).await;
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let action = "/admin/types/article";
        let page = leila.page("/admin/types/article/new").await;
        let typed = [("title", "Typed"), ("body", "Kept."), ("field.tags", "Known\nBrand new & “odd”")];
        let refused = leila.submit(&page, action, &typed).await;
        assert_eq!(refused.status, 422);
        let again = Html::parse(refused.text());
        let buttons: Vec<_> = again.all("button").filter(|button| button.text.starts_with("Make “")).collect();
        assert_eq!(buttons.len(), 1, "what is there needs no button");
        assert_eq!(buttons[0].text, "Make “Brand new & “odd””");
        let step = buttons[0].get("value").unwrap().to_owned();
        let made = leila.submit(&again, action, &[("do", &step)]).await;
        assert_eq!(made.status, 200, "{}", made.text());
        let form = Html::parse(made.text());
        let kept = form.fields_of(action);
        let value = |name: &str| kept.iter().find(|(known, _)| known == name).unwrap().1.clone();
        assert_eq!(value("body"), "Kept.");
        let lines = value("field.tags");
        let (first, second) = lines.split_once('\n').unwrap();
        assert_eq!(first, "Known");
        let id: i64 = second.strip_prefix("Brand new & “odd” #").unwrap().parse().unwrap();
        let draft = entries::find(&site.app.db, id).await.unwrap().unwrap();
        assert_eq!((draft.kind.as_str(), draft.is_live()), ("tag", false));
        assert_eq!(leila.submit(&form, action, &[]).await.status, 303);
        // Steps that no button asks for.
        for step in ["create field.tags 9", "create title 0", "create field.nonsense 0", "create field.tags x", "up cover 1", "x"] {
            assert_eq!(leila.submit(&form, action, &[("do", step)]).await.status, 422, "{step}");
        }
    }

    async fn what_needs_more_than_a_title_says_so(site: Site) {
        let mut leila = site.signed_in("Leila", Role::Editor).await;
        let refused = leila.post("/admin/choices", &[("type", "city"), ("title", "Yazd")]).await;
        assert_eq!(refused.status, 422);
        let answer: Value = serde_json::from_str(refused.text()).unwrap();
        let problem = answer["problem"].as_str().unwrap();
        assert!(problem.starts_with("It can't be made from its title alone:") && problem.contains("required"), "{problem}");
        let refused = leila.post("/admin/choices", &[("type", "tag"), ("title", " ")]).await;
        assert_eq!(refused.status, 422);
        let mut contributor = site.signed_in("Contributor", Role::Contributor).await;
        assert_eq!(contributor.post("/admin/choices", &[("type", "tag"), ("title", "Mine")]).await.status, 201);
    }

    async fn a_text_is_drawn_as_readers_will_have_it(site: Site) {
        let open = site.publish("article", content("Open", json!({}))).await;
        let secret = site.draft("article", content("Secret", json!({}))).await;
        let mut leila = site.signed_in("Leila", Role::Author).await;
        let body = format!(
            "## A heading\n\nFive words and [a link](entry:{open}), [another](entry:{secret}).\n\n\
             <script>alert(1)</script><img src=x onerror=alert(1)>\n\n[Film](https://youtu.be/dQw4w9WgXcQ)\n"
        );
        let answer = leila.post("/admin/preview", &[("body", &body), ("locale", "en")]).await;
        let drawn: Value = serde_json::from_str(answer.text()).unwrap();
        let page = drawn["page"].as_str().unwrap();
        assert!(page.contains("<h2 id=\"a-heading\">A heading<"), "{page}");
        assert!(page.contains("href=\"/articles/open\"") && !page.contains("entry:") && !page.contains("secret"), "{page}");
        assert!(!page.contains("<script") && !page.contains("onerror"), "{page}");
        assert!(page.contains("class=\"video\"") && page.contains("/site.css\""), "{page}");
        assert_eq!(drawn["minutes"], 1);
        assert!(drawn["words"].as_i64().unwrap() > 5);
        assert_eq!(answer.header("cache-control"), "private, no-store");
    }
}
