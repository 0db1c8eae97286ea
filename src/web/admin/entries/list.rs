//! The entries of a type: found, narrowed, in the order and with the columns that somebody wants.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use hyper::StatusCode;
use url::form_urlencoded;

use super::bulk::{self, Choices};
use super::form::type_of;
use super::narrowing::{FilterField, Narrowing, Option3};
use super::typed::FIELD;
use super::{Names, own, typed};
use crate::app::App;
use crate::entry::{ReviewState, State as Stage};
use crate::error::Result;
use crate::schema::{Field, Kind, Type};
use crate::store::office::Listed;
use crate::store::office_lists::{self, Wanted};
use crate::store::views;
use crate::web::Web;
use crate::web::admin::failure::Failure;
use crate::web::admin::person::Person;
use crate::web::admin::shell::{People, Shell, Wall, page};
use crate::web::admin::words::{Words, fill};

/// Entries of one page.
const PAGE: i64 = 50;

/// A list.
#[derive(Template)]
#[template(path = "admin/list.html", whitespace = "minimize")]
struct ListPage {
    shell: Shell,
    /// Where the form that narrows it asks.
    href: String,
    new_label: String,
    words: String,
    states: Vec<StateOption>,
    filters: Vec<FilterField>,
    orders: Vec<Option3>,
    column_ticks: Vec<Option3>,
    /// Whether fields narrow it, or more columns than those of every list are shown.
    is_open: bool,
    /// The labels of the columns that were chosen.
    columns: Vec<String>,
    rows: Vec<Row>,
    cells: Vec<Vec<String>>,
    views: Vec<views::View>,
    /// The list as its address has it.
    query: String,
    is_narrowed: bool,
    /// Whether another page came before.
    is_later: bool,
    next: Option<String>,
    undo: Option<Undo>,
    deeds: Choices,
}

struct StateOption {
    value: &'static str,
    label: &'static str,
    chosen: bool,
}

/// How a review stands, as a class and in words.
pub struct Review {
    pub state: ReviewState,
    pub label: &'static str,
}

/// An entry in a list.
pub struct Row {
    pub href: String,
    /// The entry with the version that is seen here.
    pub tick: String,
    pub title: String,
    /// The language, where there are several.
    pub locale: Option<String>,
    pub state: Stage,
    pub state_label: &'static str,
    pub is_changed: bool,
    pub review: Option<Review>,
    pub path: Option<String>,
    pub saved_at: String,
    pub publish_at: Option<String>,
    pub by: String,
}

impl Row {
    pub fn of(app: &App, people: &People, listed: Listed) -> Row {
        let (wall, t) = (Wall::of(app), people.t);
        let several = app.site.locales.len() > 1;
        Row {
            href: format!("/admin/entries/{}", listed.id),
            tick: format!("{}.{}", listed.id, listed.version),
            is_changed: listed.is_changed(),
            review: listed.review().map(|state| Review { state, label: t.reviews.state(state) }),
            state: listed.state(),
            state_label: t.state(listed.state()),
            saved_at: wall.show(t, listed.saved_at),
            publish_at: listed.publish_at.map(|at| wall.show(t, at)),
            by: people.name(&listed.actor),
            locale: several.then_some(listed.locale),
            title: listed.title,
            path: listed.path,
        }
    }
}

/// What was put into the trash just now.
struct Undo {
    id: i64,
    version: i64,
}

/// What the address says besides the list itself.
struct Asked {
    after: Option<i64>,
    done: Option<String>,
    undo: Option<i64>,
}

impl Asked {
    fn read(query: &str) -> Asked {
        let get = |key: &str| {
            let mut pairs = form_urlencoded::parse(query.as_bytes());
            pairs.find(|(known, _)| known == key).map(|(_, value)| value.into_owned())
        };
        let number = |key: &str| get(key).and_then(|value| value.parse().ok());
        Asked { after: number("after"), done: get("done"), undo: number("undo") }
    }
}

pub async fn show(
    State(web): State<Web>,
    person: Person,
    Path(kind): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let drawn = draw(&web.app, &person, &kind, query.as_deref().unwrap_or_default()).await;
    drawn.map_err(Failure)
}

async fn draw(app: &App, person: &Person, kind: &str, query: &str) -> Result<Response> {
    let (kind, t) = (type_of(app, kind)?, person.t);
    let (narrowing, asked) = (Narrowing::read(t, &kind, query), Asked::read(query));
    let actor = person.actor.to_string();
    let own_alone = !person.user.role().has_all_entries();
    let wanted = Wanted {
        kind: &kind.name,
        state: narrowing.state(),
        own: Some(actor.as_str()).filter(|_| own_alone),
        words: narrowing.words(),
        filters: &narrowing.filters,
        order: narrowing.order(),
        after: asked.after,
        limit: PAGE + 1,
    };
    // What can't be understood finds nothing, and is not taken for a wider question.
    let mut ids =
        if narrowing.wrong.is_empty() { office_lists::ids(&app.db, &wanted).await? } else { Vec::new() };
    let more = ids.len() as i64 > PAGE;
    ids.truncate(PAGE as usize);
    let found = office_lists::rows(&app.db, &ids).await?;
    let href = format!("/admin/types/{}", kind.name);
    let query = narrowing.query();
    let next = ids.last().filter(|_| more).map(|last| match query.as_str() {
        "" => format!("{href}?after={last}"),
        query => format!("{href}?{query}&after={last}"),
    });
    let undo = match asked.undo.filter(|_| asked.done.as_deref() == Some("trashed")) {
        Some(id) => own(app, person, id).await.ok().map(|entry| Undo { id, version: entry.version }),
        None => None,
    };
    let people = People::of(app, t).await?;
    let names = Names::default().offering(app, person, &kind).await?;
    let columns = narrowing.columns(&kind);
    let cells = cells(app, person, &kind, &columns, &found).await?;
    let status = if narrowing.wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shown = ListPage {
        shell: Shell::of(app, person, &kind.label_in(t.lang).many, &href).noticing(asked.done.as_deref()),
        new_label: fill(t.new_of, &kind.label_in(t.lang).one),
        words: narrowing.words().to_owned(),
        states: states(t, narrowing.state()),
        filters: narrowing.controls(t, &kind, &names),
        orders: narrowing.orders(t, &kind),
        column_ticks: narrowing.column_ticks(t, &kind),
        is_open: !narrowing.filters.is_empty() || !narrowing.wrong.is_empty() || !columns.is_empty(),
        columns: columns.iter().map(|field| field.label_in(t.lang).to_owned()).collect(),
        rows: found.into_iter().map(|listed| Row::of(app, &people, listed)).collect(),
        cells,
        views: views::of(&app.db, person.user.id, &kind.name).await?,
        is_narrowed: narrowing.is_narrowed(),
        is_later: asked.after.is_some(),
        deeds: bulk::choices(&kind, person),
        query,
        href,
        next,
        undo,
    };
    Ok(page(status, &shown))
}

/// What the chosen columns hold, of the newest text of each entry.
async fn cells(
    app: &App,
    person: &Person,
    kind: &Type,
    columns: &[&Field],
    found: &[Listed],
) -> Result<Vec<Vec<String>>> {
    if columns.is_empty() {
        return Ok(vec![Vec::new(); found.len()]);
    }
    let drafts: Vec<i64> = found.iter().map(|listed| listed.draft).collect();
    let contents = office_lists::contents(&app.db, &drafts).await?;
    let names = Names::of(app, person, kind, &contents.values().collect::<Vec<_>>()).await?;
    let cell = |listed: &Listed| {
        let content = contents.get(&listed.draft);
        let posted = content.map(|content| typed(app, kind, content, &names)).unwrap_or_default();
        columns
            .iter()
            .map(|field| shown(person.t, field, posted.get(&format!("{FIELD}{}", field.name))))
            .collect()
    };
    Ok(found.iter().map(cell).collect())
}

/// A value as a cell shows it.
fn shown(t: &Words, field: &Field, typed: &str) -> String {
    match field.kind {
        Kind::Choice => field.choice(typed).map_or(typed, |choice| choice.label_in(t.lang)).to_owned(),
        Kind::Boolean if typed == "true" => t.yes.to_owned(),
        Kind::Boolean if typed == "false" => t.no.to_owned(),
        _ => typed.replace('\n', t.comma),
    }
}

fn states(t: &Words, chosen: Option<Stage>) -> Vec<StateOption> {
    let all = StateOption { value: "", label: t.all_states, chosen: chosen.is_none() };
    let each = Stage::ALL.into_iter().map(|state| StateOption {
        value: state.as_str(),
        label: t.state(state),
        chosen: chosen == Some(state),
    });
    std::iter::once(all).chain(each).collect()
}
