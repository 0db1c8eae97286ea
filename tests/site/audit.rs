//! What happened can't be changed afterwards, and nothing happens without a line about it.

use atlas::actions::schedule::schedule;
use atlas::actions::unpublish::Then;
use atlas::clock::Time;

use crate::on_both;
use crate::support::site::{NOW, Site, wish};

on_both! {
    async fn revisions_and_the_audit_log_are_never_changed_or_deleted(site: Site) {
        site.article("Article").publish().await;
        let state = async || -> [Vec<(i64, String)>; 2] {
            [
                site.rows("SELECT id, content FROM revisions ORDER BY id").await,
                site.rows("SELECT id, detail FROM audit ORDER BY id").await,
            ]
        };
        let before = state().await;
        assert_eq!(before.each_ref().map(Vec::len), [1, 2]);
        for (sql, reason) in [
            ("UPDATE revisions SET content = '{}'", "revisions are append-only"),
            ("DELETE FROM revisions", "revisions are append-only"),
            ("UPDATE audit SET actor = 'nobody'", "the audit log is append-only"),
            ("DELETE FROM audit WHERE id = 1", "the audit log is append-only"),
            ("REPLACE INTO audit (id, at, actor, action, detail) VALUES (1, 0, 'x', 'x', '{}')", ""),
            ("TRUNCATE audit", ""),
            ("TRUNCATE revisions CASCADE", ""),
        ] {
            let refused = site.tamper(sql).await;
            assert!(refused.as_ref().is_err_and(|error| error.to_string().contains(reason)), "{sql}: {refused:?}");
            assert_eq!(state().await, before, "{sql}");
        }
    }

    async fn each_action_writes_its_line(site: Site) {
        let other = site.article("Other").publish().await;
        let start = site.audited().await.len();
        let id = site.article("Article").draft().await;
        site.publish(id, false).await.unwrap();
        site.edit(id).await.slug("moved").publish().await;
        site.unpublish(id, false, Then::To(other)).await.unwrap();
        let seen = site.version(id).await;
        let at = Some(Time(NOW.0 + 1_000));
        site.act(async |change| schedule(change, id, seen, at, None).await).await.unwrap();
        site.trash(id, Then::Gone).await.unwrap();
        site.restore(id).await.unwrap();
        site.redirect(&wish("exact", "/x", "/articles", 301)).await.unwrap();
        site.redirect(&wish("prefix", "/y", "/articles", 301)).await.unwrap();
        site.remove_redirect("exact", "/x").await.unwrap();
        site.remove_redirect("prefix", "/y").await.unwrap();
        assert_eq!(
            site.audited().await[start..],
            [
                "save_draft", "publish", "save_draft", "move", "publish", "unpublish", "schedule", "trash",
                "restore", "redirect", "rule", "remove_redirect", "remove_redirect",
            ]
        );
        let (actors,): (i64,) = site.rows("SELECT COUNT(*) FROM audit WHERE actor <> 'operator'").await.remove(0);
        assert_eq!(actors, 0);
    }

    async fn what_is_refused_leaves_no_trace(site: Site) {
        let id = site.article("Article").publish().await;
        let before = (site.audited().await.len(), site.app.sequence(), site.version(id).await);
        site.article("Article").slug("article").try_publish().await.unwrap_err();
        site.edit(id).await.title("").try_publish().await.unwrap_err();
        site.unpublish(id, false, Then::To(999)).await.unwrap_err();
        assert_eq!((site.audited().await.len(), site.app.sequence(), site.version(id).await), before);
        let (entries,): (i64,) = site.rows("SELECT COUNT(*) FROM entries").await.remove(0);
        assert_eq!(entries, 1);
    }
}
