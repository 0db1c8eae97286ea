//! A table of redirects, looked at before anything changes.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hyper::StatusCode;

use super::AT;
use crate::actions::import::Report;
use crate::actions::import::redirects::import_text;
use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::web::Web;
use crate::web::admin::failure::Failure;
use crate::web::admin::person::Person;
use crate::web::admin::posted::Posted;
use crate::web::admin::shell::{Shell, page};
use crate::web::admin::words::{AddressWords, Words, fill};
use crate::web::errors::status;

/// The table, and what was done or would happen.
#[derive(Template)]
#[template(path = "admin/redirects_import.html", whitespace = "minimize")]
struct ImportPage {
    shell: Shell,
    a: &'static AddressWords,
    table: String,
    problems: Vec<String>,
    outcome: Option<Outcome>,
    /// Whether what would happen was looked at.
    tried: bool,
}

/// A report, line by line.
struct Outcome {
    dry_run: bool,
    counts: [String; 3],
    lines: Vec<Line>,
}

struct Line {
    number: u32,
    left_out: bool,
    said: String,
}

impl Outcome {
    fn of(t: &Words, report: &Report) -> Outcome {
        let line = |problem: &Problem, left_out| Line {
            number: problem.line.unwrap_or_default(),
            left_out,
            said: match &problem.field {
                Some(field) => t.sentence_of(&format!("{field}:"), &problem.reason),
                None => t.sentence(&problem.reason),
            },
        };
        let mut lines: Vec<Line> = report.problems.iter().map(|problem| line(problem, true)).collect();
        lines.extend(report.notes.iter().map(|note| line(note, false)));
        lines.sort_by_key(|line| line.number);
        let a = t.addresses;
        Outcome {
            dry_run: report.dry_run,
            counts: [
                fill(a.import_new, t.number(report.redirects)),
                fill(a.import_same, t.number(report.unchanged)),
                fill(a.import_left, t.number(report.skipped)),
            ],
            lines,
        }
    }
}

pub async fn show(State(web): State<Web>, person: Person) -> Response {
    draw(&web.app, &person, StatusCode::OK, String::new(), Vec::new(), None)
}

fn draw(
    app: &App,
    person: &Person,
    code: StatusCode,
    table: String,
    problems: Vec<String>,
    outcome: Option<Outcome>,
) -> Response {
    let t = person.t;
    let shell = Shell::of(app, person, t.addresses.import_title, AT);
    let tried = outcome.as_ref().is_some_and(|outcome| outcome.dry_run);
    page(code, &ImportPage { tried, shell, a: t.addresses, table, problems, outcome })
}

pub async fn take_in(State(web): State<Web>, person: Person, posted: Posted) -> Result<Response, Failure> {
    let app = &web.app;
    let table = posted.get("table").to_owned();
    let dry_run = posted.get("then") != "import";
    match import_text(app, &person.actor, &table, dry_run).await {
        Ok(report) => {
            let outcome = Outcome::of(person.t, &report);
            Ok(draw(app, &person, StatusCode::OK, table, Vec::new(), Some(outcome)))
        }
        Err(error) => {
            let code = status(&error);
            let Error::Invalid(found) = error else { return Err(Failure(error)) };
            let problems = found.0.iter().map(|problem| person.t.sentence(&problem.reason)).collect();
            Ok(draw(app, &person, code, table, problems, None))
        }
    }
}
