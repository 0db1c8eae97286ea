//! Editors' redirects: what wins, where they lead, and what they may not do.

use atlas::actions::Change;
use atlas::actions::redirects::{add, list};
use atlas::actions::unpublish::Then;
use atlas::app::Answered;
use atlas::entry::{Actor, Role};
use atlas::error::Error;

use crate::on_both;
use crate::support::site::{Site, wish};

fn leads(status: u16, to: &str, why: &str) -> Answered {
    Answered::Redirect { status, to: to.into(), why: why.into(), entry: None }
}

const PARTNER: &str = "name = \"Atlas\"\nredirect_hosts = [\"partner.example\"]\n\
                       [[locale]]\ncode = \"en\"\nlabel = \"English\"\n";

on_both! {
    async fn exact_wins_over_prefix_and_prefix_over_expression(site: Site) {
        for slug in ["exact", "prefix", "longer", "expression"] {
            site.page(slug).slug(slug).publish().await;
        }
        for (kind, from, to) in [
            ("regex", "/old.*", "/expression"),
            ("prefix", "/old", "/prefix"),
            ("regex", "/old/b.*", "/prefix"),
            ("prefix", "/old/a", "/longer"),
        ] {
            site.redirect(&wish(kind, from, to, 302)).await.unwrap();
        }
        site.redirect(&wish("exact", "/old/a/b", "/exact", 307)).await.unwrap();
        let exact = leads(307, "/exact", "redirect to an entry");
        for (path, answer) in [
            ("/old/a/b", exact.clone()),
            ("/OLD/A/B", exact),
            ("/old/a", leads(302, "/longer", "rule")),
            ("/old", leads(302, "/prefix", "rule")),
            ("/older", leads(302, "/expression", "rule")),
            ("/exact", site.answer("/exact").await),
        ] {
            assert_eq!(site.answer(path).await, answer, "{path}");
        }
    }

    async fn a_rule_leads_to_the_end_or_is_none(site: Site) {
        let page = site.page("Page").slug("once").publish().await;
        site.edit(page).await.slug("now").publish().await;
        let gone = site.page("Gone").slug("gone").publish().await;
        site.trash(gone, Then::Gone).await.unwrap();
        site.page("Draft").slug("draft").draft().await;
        site.redirect(&wish("prefix", "/old", "/", 301)).await.unwrap();
        site.redirect(&wish("prefix", "/dead", "", 410)).await.unwrap();
        for (path, answer) in [
            ("/old/once", leads(301, "/now", "rule")),
            ("/old/ONCE", leads(301, "/now", "rule")),
            ("/old/now", leads(301, "/now", "rule")),
            ("/old/articles", leads(301, "/articles", "rule")),
            ("/old/gone", Answered::Gone { entry: Some(gone) }),
            ("/old/draft", Answered::NotFound),
            ("/old/nothing", Answered::NotFound),
            ("/dead/whatever", Answered::Gone { entry: None }),
        ] {
            assert_eq!(site.answer(path).await, answer, "{path}");
        }
    }

    async fn a_draft_takes_nothing_from_a_rule(site: Site) {
        site.page("Target").slug("target").publish().await;
        site.redirect(&wish("prefix", "/old", "/target", 301)).await.unwrap();
        site.page("Old").slug("old").draft().await;
        assert_eq!(site.answer("/old").await, leads(301, "/target", "rule"));
    }

    async fn loops_are_refused(site: Site) {
        let page = site.page("Page").slug("a").publish().await;
        site.edit(page).await.slug("b").publish().await;
        for (kind, from, to, problem) in [
            ("exact", "/x", "/x", "`to`: /x would lead to itself"),
            ("exact", "/x", "/X/", "`to`: /x would lead to itself"),
            ("exact", "/b", "/a", "`from`: /b is a live page; a redirect would hide it"),
            ("exact", "/a", "/b", "/a is a former path and leads to /b by itself"),
            ("prefix", "/old", "/old/new", "`to`: the target /old/new matches the rule itself: it would lead in circles"),
            ("regex", "/(.*)", "/x/$1", "`to`: the target /x/$1 matches the rule itself: it would lead in circles"),
            ("exact", "/x", "/nothing", "`to`: nothing answers at /nothing"),
            ("exact", "/admin/x", "/b", "`from`: /admin/x belongs to the engine"),
            ("exact", "/articles", "/b", "`from`: /articles belongs to the listing of Articles"),
        ] {
            let refused = site.redirect(&wish(kind, from, to, 301)).await.unwrap_err();
            assert_eq!(refused.to_string(), problem);
        }
        assert_eq!(list(&site.app.db).await.unwrap(), []);
    }

    async fn a_chain_is_one_hop_from_the_start_and_stays_so(site: Site) {
        let page = site.page("Page").slug("end").publish().await;
        site.redirect(&wish("exact", "/two", "/end", 301)).await.unwrap();
        let added = site.redirect(&wish("exact", "/one", "/two", 301)).await.unwrap();
        assert_eq!(added.notes, ["/two leads on to /end; /one now leads there at once"]);
        site.edit(page).await.slug("farther").publish().await;
        for path in ["/one", "/two"] {
            assert_eq!(site.answer(path).await, leads(301, "/farther", "redirect to an entry"));
        }
        assert_eq!(site.answer("/end").await, leads(301, "/farther", "former path of an entry"));
    }

    async fn the_site_forgets_a_redirect_but_never_a_page(site: Site) {
        let end = site.page("End").publish().await;
        let page = site.page("Page").publish().await;
        site.trash(page, Then::Gone).await.unwrap();
        let mut over = wish("exact", "/page", "/end", 301);
        assert!(matches!(site.redirect(&over).await, Err(Error::Conflict(_))), "reuse has to be confirmed");
        over.reuse = true;
        site.redirect(&over).await.unwrap();
        site.redirect(&wish("exact", "/typo", "/end", 301)).await.unwrap();
        for path in ["/page", "/typo"] {
            assert_eq!(site.answer(path).await, leads(301, "/end", "redirect to an entry"));
            site.remove_redirect("exact", path).await.unwrap();
        }
        assert_eq!(site.answer("/typo").await, Answered::NotFound);
        assert_eq!(site.answer("/page").await, Answered::Gone { entry: None });
        let again = site.remove_redirect("exact", "/page").await.unwrap_err();
        assert!(matches!(again, Error::NotFound), "{again:?}");
        assert!(site.entry(end).await.is_live());
    }

    async fn a_rule_that_matches_live_pages_is_told_so(site: Site) {
        for number in 1..=4 {
            site.article(&format!("Article {number}")).publish().await;
        }
        site.page("Hidden").fixed_path("/articles/hidden").draft().await;
        let added = site.redirect(&wish("prefix", "/articles", "/", 301)).await.unwrap();
        assert_eq!(
            added.notes,
            ["the rule also matches 4 live page(s), such as /articles/article-1, /articles/article-2, \
              /articles/article-3; they keep answering themselves"]
        );
        let again = site.redirect(&wish("prefix", "/articles", "/", 301)).await.unwrap();
        assert!(again.unchanged, "{again:?}");
        assert!(matches!(site.answer("/articles/article-1").await, Answered::Entry { .. }));
    }

    async fn no_hostile_target_is_accepted(site: Site) {
        let app = site.with_content(&[("site.toml", PARTNER)]).await;
        let targets = hostile();
        assert!(targets.len() >= 60);
        for to in &targets {
            for (kind, from) in [("exact", "/from"), ("prefix", "/from"), ("regex", "/from/(.*)")] {
                let mut change = Change::begin(&app, &Actor::Operator).await.unwrap();
                let result = add(&mut change, &wish(kind, from, to, 302)).await;
                assert!(matches!(result, Err(Error::Invalid(_))), "{kind} {to:?}: {result:?}");
            }
        }
    }

    async fn an_allowed_host_is_accepted_and_normalised(site: Site) {
        let app = site.with_content(&[("site.toml", PARTNER)]).await;
        let mut change = Change::begin(&app, &Actor::Operator).await.unwrap();
        add(&mut change, &wish("exact", "/a", "https:partner.example/x y", 302)).await.unwrap();
        add(&mut change, &wish("regex", "/out/(.+)", "https://partner.example/$1", 302)).await.unwrap();
        change.commit().await.unwrap();
        let answer = async |path: &str| app.answer(&atlas::text::Path::parse(path).unwrap()).await.unwrap();
        assert_eq!(answer("/a").await, leads(302, "https://partner.example/x%20y", "redirect"));
        assert_eq!(answer("/out/ü @").await, leads(302, "https://partner.example/%C3%BC%20%40", "rule"));
    }

    async fn an_author_may_not_redirect(site: Site) {
        let author = Actor::User { id: 7, role: Role::Author };
        let mut change = Change::begin(&site.app, &author).await.unwrap();
        let refused = add(&mut change, &wish("exact", "/a", "/articles", 301)).await.unwrap_err();
        assert!(matches!(refused, Error::Denied(_)), "{refused:?}");
    }
}

/// Targets that lead elsewhere, or that a browser or a server in front might read so (SECURITY T16).
fn hostile() -> Vec<String> {
    [
        "//evil.example",
        "///evil.example",
        "////evil.example",
        "//evil.example/%2f..",
        "//evil.example@partner.example",
        "/\\evil.example",
        "\\evil.example",
        "\\\\evil.example",
        "/\\/evil.example",
        "\\/evil.example",
        "/%5Cevil.example",
        "https:evil.example",
        "https:/evil.example",
        "https:\\\\evil.example",
        "https:///evil.example",
        "https://evil.example",
        "HTTPS://EVIL.EXAMPLE",
        "http://evil.example:80/",
        "https://evil.example#partner.example",
        "https://evil.example?partner.example",
        "https://partner.example@evil.example",
        "https://partner.example:x@evil.example",
        "https://user@partner.example",
        "https://user:word@partner.example/",
        "https://:word@partner.example/",
        "https://partner.example.evil.example",
        "https://evilpartner.example",
        "https://sub.partner.example",
        "https://partner.example./",
        "https://partner.example%2eevil.example",
        "https://partner.example%00.evil.example",
        "https://partner.example\u{3002}evil.example",
        "https://p\u{430}rtner.example",
        "https://\u{ff45}vil.example",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://[::1]/",
        "https://169.254.169.254/",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "javascript://partner.example/%0aalert(1)",
        "java\nscript:alert(1)",
        "\tjavascript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://partner.example/",
        "ws://partner.example/",
        "mailto:a@partner.example",
        "blob:https://partner.example/x",
        "view-source:https://partner.example/",
        "/ok\r\nLocation: https://evil.example",
        "/ok\nX: 1",
        "/ok\0",
        "/%0d%0aX:1",
        "/%0aX:1",
        "/%00",
        "/a/../../evil",
        "/./x",
        "/%2e%2e/evil",
        "/a%2fb",
        "https://partner.example/\r\nX: 1",
        "https://partner.example/\\evil",
        "https://partner.example$1/",
        "https://$1/",
        "https://$1@partner.example/",
        "$1",
        "$1://partner.example/",
        "evil.example",
        "www.evil.example/x",
        "?next=//evil.example",
        "#x",
        "",
    ]
    .into_iter()
    .map(str::to_owned)
    .collect()
}
