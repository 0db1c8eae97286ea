//! Entries as a tree: what stands below what, by address. It is walked by links, so a hub with a hundred
//! thousand places opens as fast as one with three.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use hyper::StatusCode;
use serde::Deserialize;

use super::entries::own;
use super::failure::Failure;
use super::person::Person;
use super::shell::{Shell, page};
use super::words::Words;
use crate::app::App;
use crate::entry::State as Stage;
use crate::error::{Error, Result};
use crate::schema::{LANDING, PrefixSource, Type};
use crate::store::tree::{self, After, Leaf};
use crate::store::{entries, lists, paths};
use crate::web::Web;

/// Entries of one page.
const PAGE: i64 = 100;

/// Part of the tree.
#[derive(Template)]
#[template(path = "admin/tree.html", whitespace = "minimize")]
struct TreePage {
    shell: Shell,
    /// From the top down to the entry itself.
    above: Vec<(String, String)>,
    here: Option<Here>,
    branches: Vec<Branch>,
}

/// The entry that is open.
struct Here {
    id: i64,
    path: Option<String>,
}

/// Entries of one type.
struct Branch {
    label: String,
    leaves: Vec<Line>,
    /// Where it goes on.
    next: Option<String>,
}

struct Line {
    id: i64,
    title: String,
    locale: Option<String>,
    path: Option<String>,
    state: Stage,
    state_label: &'static str,
    bears: bool,
}

/// Types that others stand below, or below which their own kind stands.
pub fn bearing(app: &App) -> Vec<&Type> {
    let all = || app.types.iter().filter(|kind| kind.name != LANDING);
    let borne = |kind: &Type| {
        all().any(|other| match other.path.prefix_source() {
            PrefixSource::Parent => other.name == kind.name,
            PrefixSource::Field(field) => {
                other.field(field).and_then(|field| field.to.as_deref()) == Some(kind.name.as_str())
            }
            PrefixSource::None => false,
        })
    };
    all().filter(|kind| borne(kind)).collect()
}

#[derive(Deserialize)]
pub struct Asked {
    /// The last entry of the page before.
    after: Option<i64>,
    #[serde(rename = "type")]
    kind: Option<String>,
}

pub async fn tops(
    State(web): State<Web>,
    person: Person,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    draw_tops(&web.app, &person, asked).await.map_err(Failure)
}

async fn draw_tops(app: &App, person: &Person, asked: Asked) -> Result<Response> {
    let t = person.t;
    let after = after(app, asked.after).await?;
    let mut branches = Vec::new();
    let mut kinds = bearing(app);
    // The first page shows the beginning of each type, the others go on with one.
    if let Some(kind) = &asked.kind {
        kinds.retain(|known| known.name == *kind);
    }
    for kind in kinds {
        let mut leaves = tree::tops(&app.db, &kind.name, &after, PAGE + 1).await?;
        let more = leaves.len() as i64 > PAGE;
        leaves.truncate(PAGE as usize);
        if let Some(last) = leaves.last().map(|leaf| leaf.id) {
            let next = more.then(|| format!("/admin/tree?type={}&after={last}", kind.name));
            branches.push(branch(app, t, kind.label_in(t.lang).many.clone(), leaves, next));
        }
    }
    let shell = Shell::of(app, person, t.finding.tree, "/admin/tree");
    Ok(page(StatusCode::OK, &TreePage { shell, above: Vec::new(), here: None, branches }))
}

pub async fn open(
    State(web): State<Web>,
    person: Person,
    Path(id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    draw_open(&web.app, &person, id, asked).await.map_err(Failure)
}

async fn draw_open(app: &App, person: &Person, id: i64, asked: Asked) -> Result<Response> {
    let t = person.t;
    let entry = own(app, person, id).await?;
    let after = after(app, asked.after).await?;
    let mut leaves = tree::below(&app.db, id, &after, PAGE + 1).await?;
    let more = leaves.len() as i64 > PAGE;
    leaves.truncate(PAGE as usize);
    let next = leaves.last().filter(|_| more).map(|last| format!("/admin/tree/{id}?after={}", last.id));
    let mut branches: Vec<Branch> = Vec::new();
    for some in leaves.chunk_by(|a, b| a.kind == b.kind) {
        let kind = &some[0].kind;
        let label = app.types.get(kind).map_or(kind.clone(), |kind| kind.label_in(t.lang).many.clone());
        branches.push(branch(app, t, label, some.to_vec(), None));
    }
    // What stands below an entry is one list: it goes on behind its last part.
    if let Some(last) = branches.last_mut() {
        last.next = next;
    }
    let above = lists::above(&app.db, id).await?;
    let path = paths::canonical(&app.db, id).await?.map(|path| path.to_string());
    let shown = TreePage {
        shell: Shell::of(app, person, &entry.title, "/admin/tree"),
        above: above.into_iter().map(|above| (format!("/admin/tree/{}", above.id), above.title)).collect(),
        here: Some(Here { id, path }),
        branches,
    };
    Ok(page(StatusCode::OK, &shown))
}

async fn after(app: &App, id: Option<i64>) -> Result<After> {
    let Some(id) = id else { return Ok(After::default()) };
    let entry = entries::find(&app.db, id).await?.ok_or(Error::NotFound)?;
    Ok(After { kind: entry.kind, title: entry.title, id })
}

fn branch(app: &App, t: &Words, label: String, leaves: Vec<Leaf>, next: Option<String>) -> Branch {
    let several = app.site.locales.len() > 1;
    let line = |leaf: Leaf| Line {
        id: leaf.id,
        state: leaf.state(),
        state_label: t.state(leaf.state()),
        locale: several.then(|| leaf.locale.clone()),
        title: leaf.title,
        path: leaf.path,
        bears: leaf.bears,
    };
    Branch { label, leaves: leaves.into_iter().map(line).collect(), next }
}
