//! Every save of the settings: who, when, what it changed; and a way back to each.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use hyper::StatusCode;

use super::sections;
use super::values::text;
use super::{AT, Asked};
use crate::actions::Change;
use crate::actions::save_settings::take_back as put_back;
use crate::app::{App, Overlay};
use crate::error::{Error, Result};
use crate::store::settings::{self, State as Saved};
use crate::web::Web;
use crate::web::admin::failure::Failure;
use crate::web::admin::person::Person;
use crate::web::admin::posted::Posted;
use crate::web::admin::shell::{People, Shell, Wall, page, see};
use crate::web::admin::words::{SettingsWords, Words};

/// How many are shown.
const SHOWN: i64 = 50;

/// The list.
#[derive(Template)]
#[template(path = "admin/settings_history.html", whitespace = "minimize")]
struct HistoryPage {
    shell: Shell,
    s: &'static SettingsWords,
    version: i64,
    rows: Vec<Row>,
    /// Whether the state before the first save is still a step away.
    to_file: bool,
}

struct Row {
    version: i64,
    at: String,
    by: String,
    /// What it changed: label, before, after.
    changed: Vec<(String, String, String)>,
}

pub async fn list(
    State(web): State<Web>,
    person: Person,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    draw(&web.app, &person, asked).await.map_err(Failure)
}

async fn draw(app: &App, person: &Person, asked: Asked) -> Result<Response> {
    let t = person.t;
    let (people, wall) = (People::of(app, t).await?, Wall::of(app));
    let states = settings::all(&app.db, SHOWN + 1).await?;
    let mut rows = Vec::new();
    for (at, state) in states.iter().take(SHOWN as usize).enumerate() {
        rows.push(Row {
            version: state.version,
            at: wall.show(t, state.saved_at),
            by: people.name(&state.actor),
            changed: changed(app, t, states.get(at + 1), state)?,
        });
    }
    let mut shell = Shell::of(app, person, t.settings.history, AT);
    shell.notice = asked.done.map(|_| t.settings.done_back);
    let shown = HistoryPage {
        shell,
        s: t.settings,
        version: states.first().map_or(0, |state| state.version),
        to_file: states.last().is_some_and(|state| state.version == 1),
        rows,
    };
    Ok(page(StatusCode::OK, &shown))
}

/// What a save changed, by the state before it.
fn changed(
    app: &App,
    t: &'static Words,
    before: Option<&Saved>,
    state: &Saved,
) -> Result<Vec<(String, String, String)>> {
    let before: Overlay = before.map_or_else(|| Ok(Overlay::default()), Saved::overlay)?;
    let after: Overlay = state.overlay()?;
    let said = |overlay: &Overlay, key: &str| {
        let text = text(&app.site_file().value_with(overlay, key));
        if text.is_empty() { t.settings.nothing.to_owned() } else { text }
    };
    let label = |key: &str| {
        let own = sections::all(app, t).find(|(_, setting)| setting.key == key);
        own.map_or_else(|| key.to_owned(), |(section, own)| format!("{}: {}", section.label(t), own.label))
    };
    let told = state.changed().into_iter().map(|key| (label(&key), said(&before, &key), said(&after, &key)));
    Ok(told.collect())
}

/// Puts everything as it was after a save.
pub async fn take_back(
    State(web): State<Web>,
    person: Person,
    Path(version): Path<i64>,
    posted: Posted,
) -> Result<Response, Failure> {
    let work = async {
        let seen = posted.number("version").ok_or_else(|| Error::field("version", "is missing"))?;
        let mut change = Change::begin(&web.app, &person.actor).await?;
        put_back(&mut change, seen, version).await?;
        change.commit().await?;
        Ok(see(&format!("{AT}/history?done=back")))
    };
    work.await.map_err(Failure)
}
