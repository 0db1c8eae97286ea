//! The log written out, however long it is: as a table (CSV, RFC 4180) or as JSON, one line a line.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::extract::{Query, State};
use axum::response::Response;
use bytes::Bytes;
use hyper::body::{Body, Frame};
use hyper::header::{self, HeaderValue};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::mpsc;

use super::failure::Failure;
use super::log::{Asked, wanted};
use super::person::Person;
use crate::app::App;
use crate::error::{Error, Result};
use crate::store::audit::{self, Found, Wanted};
use crate::web::Web;

/// Lines that are read at a time.
const BATCH: i64 = 1_000;
/// Batches that wait for a slow reader.
const AHEAD: usize = 2;

/// The columns: as they are stored, so that the hashes can be worked out again, and the time for people.
const COLUMNS: [&str; 8] = ["id", "time", "at", "actor", "action", "entry_id", "detail", "hash"];

/// The form of what is written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Form {
    Csv,
    Jsonl,
}

#[derive(Debug, Deserialize)]
pub struct Wish {
    form: Form,
}

pub async fn export(
    State(web): State<Web>,
    _: Person,
    wish: Result<Query<Wish>, axum::extract::rejection::QueryRejection>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let form = wish.map_err(|_| Error::field("form", "`csv` or `jsonl` is right"));
    let made = form.and_then(|Query(Wish { form })| Ok((form, wanted(&web.app, &asked)?)));
    let (form, wanted) = made.map_err(Failure)?;
    let (send, lines) = mpsc::channel(AHEAD);
    tokio::spawn(write(web.app.clone(), wanted, form, send));
    let mut response = Response::new(axum::body::Body::new(Lines(lines)));
    let (kind, name) = match form {
        Form::Csv => ("text/csv; charset=utf-8", "attachment; filename=\"log.csv\""),
        Form::Jsonl => ("application/jsonl; charset=utf-8", "attachment; filename=\"log.jsonl\""),
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(name));
    Ok(response)
}

/// Reads and sends, until all is written or nobody reads any more. A failure in between breaks the answer
/// off, so that nobody takes half of it for all.
async fn write(app: App, wanted: Wanted, form: Form, send: mpsc::Sender<Result<Bytes>>) {
    let mut before = i64::MAX;
    let mut text = if form == Form::Csv { row(&COLUMNS.map(str::to_owned)) } else { Ok(String::new()) };
    loop {
        let found = audit::find(&app.db, &wanted, before, BATCH).await;
        let last = found.as_ref().ok().and_then(|found| found.last()).map(|line| line.id);
        let is_all = found.as_ref().is_ok_and(|found| found.len() < BATCH as usize);
        let written = text.and_then(|text| Ok(text + &lines(form, &found?)?));
        let failed = written.is_err();
        if let Err(error) = &written {
            tracing::error!(%error, "the log could not be written out");
        }
        if send.send(written.map(Bytes::from)).await.is_err() || failed || is_all {
            return;
        }
        let Some(last) = last else { return };
        before = last;
        text = Ok(String::new());
    }
}

fn lines(form: Form, found: &[Found]) -> Result<String> {
    found.iter().map(|line| if form == Form::Csv { row(&cells(line)) } else { Ok(object(line)) }).collect()
}

fn cells(line: &Found) -> [String; 8] {
    [
        line.id.to_string(),
        line.at.rfc3339(),
        line.at.0.to_string(),
        line.actor.clone(),
        line.action.clone(),
        line.entry_id.map(|id| id.to_string()).unwrap_or_default(),
        line.detail.clone(),
        line.hash.clone().unwrap_or_default(),
    ]
}

fn row(cells: &[String]) -> Result<String> {
    let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    table.write_record(cells).map_err(Error::internal)?;
    let bytes = table.into_inner().map_err(Error::internal)?;
    String::from_utf8(bytes).map_err(Error::internal)
}

fn object(line: &Found) -> String {
    let object = json!({
        "id": line.id, "time": line.at.rfc3339(), "at": line.at.0, "actor": line.actor, "action": line.action,
        "entry_id": line.entry_id, "detail": line.detail, "hash": line.hash,
    });
    format!("{object}\n")
}

/// A body that comes as it is read.
struct Lines(mpsc::Receiver<Result<Bytes>>);

impl Body for Lines {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        self.0.poll_recv(cx).map(|part| part.map(|part| part.map(Frame::data)))
    }
}
