//! Fields that are renamed, converted or taken away: what is stored follows once, whole or not at all.

use atlas::actions::field_changes::{Report, apply};
use atlas::actions::import::Unwatched;
use atlas::actions::unpublish::Then;
use atlas::app::App;
use atlas::store::entries;
use serde_json::{Value, json};

use crate::on_both;
use crate::support::site::Site;

const BEFORE: &str = r#"
label  = { one = "Note", many = "Notes" }
path   = "/notes/{slug}"
layout = "page"
schema = "WebPage"

[[field]]
name  = "color"
kind  = "line"
label = "Colour"

[[field]]
name  = "weight"
kind  = "line"
label = "Weight"

[[field]]
name  = "fax"
kind  = "line"
label = "Fax"
"#;

const AFTER: &str = r#"
label  = { one = "Note", many = "Notes" }
path   = "/notes/{slug}"
layout = "page"
schema = "WebPage"

[[field]]
name    = "colour"
kind    = "choice"
label   = "Colour"
filter  = true
choices = [{ value = "red", label = "Red" }, { value = "blue", label = "Blue" }]

[[field]]
name  = "weight"
kind  = "number"
label = "Weight"
"#;

const CHANGES: &str = r#"type = "note"

[[rename]]
from = "color"
to   = "colour"

[[convert]]
field  = "colour"
values = { "Rot" = "red" }

[[convert]]
field = "weight"

[[drop]]
field = "fax"
"#;

async fn draft(site: &Site, app: &App, title: &str, fields: Value) -> i64 {
    let fields = fields.as_object().cloned().unwrap_or_default();
    let mut making = site.make("note", title);
    for (name, value) in fields {
        making = making.field(&name, value);
    }
    making.on(app).draft().await
}

async fn fields_of(site: &Site, id: i64) -> Value {
    Value::Object(entries::draft(&site.app.db, id).await.unwrap().content.fields)
}

async fn live_fields_of(site: &Site, id: i64) -> Value {
    Value::Object(entries::live(&site.app.db, id).await.unwrap().expect("it is live").content.fields)
}

fn all(color: &str, weight: &str) -> Value {
    json!({ "color": color, "weight": weight, "fax": "1" })
}

on_both! {
    async fn every_state_of_every_entry_follows_once(site: Site) {
        let before = site.with_content(&[("types/note.toml", BEFORE)]).await;
        let live = draft(&site, &before, "Live", all("Rot", "12.5")).await;
        let edited = draft(&site, &before, "Edited", all("blue", "3")).await;
        let plain = draft(&site, &before, "Plain", json!({ "weight": "7" })).await;
        let trashed = draft(&site, &before, "Trashed", all("red", "1")).await;
        let empty = draft(&site, &before, "Empty", json!({})).await;
        site.edit(live).await.on(&before).publish().await;
        site.edit(edited).await.on(&before).publish().await;
        site.edit(edited).await.field("color", "Rot".into()).on(&before).draft().await;
        site.trash(trashed, Then::Gone).await.unwrap();
        let modified = site.entry(edited).await.modified_at;
        site.clock.advance(60_000);

        let after = site.with_content(&[("types/note.toml", AFTER), ("changes/1.toml", CHANGES)]).await;
        let report = apply(&after, &mut Unwatched).await.unwrap();

        assert_eq!(report, Report { files: vec!["1.toml".into()], entries: 4 });
        assert_eq!(live_fields_of(&site, live).await, json!({ "colour": "red", "weight": 12.5 }));
        assert_eq!(fields_of(&site, live).await, json!({ "colour": "red", "weight": 12.5 }));
        assert_eq!(live_fields_of(&site, edited).await, json!({ "colour": "blue", "weight": 3 }));
        assert_eq!(fields_of(&site, edited).await, json!({ "colour": "red", "weight": 3 }));
        assert_eq!(fields_of(&site, plain).await, json!({ "weight": 7 }));
        assert_eq!(fields_of(&site, trashed).await, json!({ "colour": "red", "weight": 1 }));
        assert_eq!(fields_of(&site, empty).await, json!({}));
        assert_ne!(site.entry(edited).await.modified_at, modified, "a value that shows became another");
        let indexed: Vec<(i64, String)> = site
            .rows("SELECT entry_id, text FROM field_index WHERE type = 'note' AND field = 'colour' ORDER BY entry_id")
            .await;
        assert_eq!(indexed, [(live, "red".to_owned()), (edited, "blue".to_owned())]);

        assert_eq!(apply(&after, &mut Unwatched).await.unwrap(), Report::default(), "once is enough");
    }

    async fn two_nodes_that_start_together_convert_each_value_once(site: Site) {
        let before = site.with_content(&[("types/note.toml", BEFORE)]).await;
        let mut ids = Vec::new();
        for number in 0..40 {
            let colour = if number % 2 == 0 { "red" } else { "blue" };
            ids.push(draft(&site, &before, &format!("Note {number}"), json!({ "color": colour })).await);
        }
        let swap = "type = \"note\"\n[[rename]]\nfrom = \"color\"\nto = \"colour\"\n[[convert]]\nfield = \"colour\"\n\
                    values = { red = \"blue\", blue = \"red\" }\n";
        let files = [("types/note.toml", AFTER), ("changes/1.toml", swap)];
        let here = site.with_content(&files).await;
        let there = site.with_content(&files).await;
        let (mut one, mut other) = (Unwatched, Unwatched);
        let (here, there) = tokio::join!(apply(&here, &mut one), apply(&there, &mut other));
        assert_eq!(here.unwrap().entries + there.unwrap().entries, 40);
        for (number, id) in ids.into_iter().enumerate() {
            let colour = if number % 2 == 0 { "blue" } else { "red" };
            assert_eq!(fields_of(&site, id).await, json!({ "colour": colour }));
        }
    }

    async fn one_value_that_does_not_fit_leaves_everything_as_it_was(site: Site) {
        let before = site.with_content(&[("types/note.toml", BEFORE)]).await;
        let fine = draft(&site, &before, "Fine", all("Rot", "12")).await;
        let odd = draft(&site, &before, "Odd", all("green", "heavy")).await;
        let after = site.with_content(&[("types/note.toml", AFTER), ("changes/1.toml", CHANGES)]).await;

        let error = apply(&after, &mut Unwatched).await.unwrap_err().to_string();

        for told in [
            format!("changes/1.toml:7: `colour`: entry {odd} “Odd”: is \"green\", which is no choice"),
            format!("changes/1.toml:11: `weight`: entry {odd} “Odd”: is \"heavy\""),
        ] {
            assert!(error.contains(&told), "{told}\n{error}");
        }
        assert_eq!(fields_of(&site, fine).await, all("Rot", "12"));
        assert_eq!(fields_of(&site, odd).await, all("green", "heavy"));
    }

    async fn a_value_without_a_field_stays_until_it_is_dropped(site: Site) {
        let before = site.with_content(&[("types/note.toml", BEFORE)]).await;
        let id = draft(&site, &before, "Kept", json!({ "fax": "1", "weight": "2" })).await;
        let without = AFTER.replace("kind  = \"number\"", "kind  = \"line\"");
        let after = site.with_content(&[("types/note.toml", &without)]).await;

        site.edit(id).await.field("weight", "3".into()).on(&after).draft().await;
        site.edit(id).await.on(&after).publish().await;
        assert_eq!(live_fields_of(&site, id).await, json!({ "weight": "3", "fax": "1" }));

        let drop = "type = \"note\"\n[[drop]]\nfield = \"fax\"\n";
        let after = site.with_content(&[("types/note.toml", &without), ("changes/2.toml", drop)]).await;
        let modified = site.entry(id).await.modified_at;
        site.clock.advance(60_000);
        apply(&after, &mut Unwatched).await.unwrap();
        assert_eq!(live_fields_of(&site, id).await, json!({ "weight": "3" }));
        assert_eq!(site.entry(id).await.modified_at, modified, "readers see what they saw");
    }
}
