//! What is typed, worn: the site as it would look, its style sheet, and how well it can be read. Nothing is
//! stored.

use askama::Template;
use axum::Json;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use hyper::header::{self, HeaderValue};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::AT;
use super::beside::schemes;
use super::form::Form;
use super::sections::Section;
use crate::app::{App, STYLE_SHEET};
use crate::error::{Error, Problems, Result};
use crate::web::Web;
use crate::web::admin::failure::Failure;
use crate::web::admin::person::Person;
use crate::web::admin::posted::Posted;
use crate::web::admin::words::{SettingsWords, Words};

/// What is asked for: the fields of the look, and in which scheme they are to be seen.
type Asked = Query<Vec<(String, String)>>;

/// Why nothing is shown.
#[derive(Template)]
#[template(path = "admin/settings_sample.html", whitespace = "minimize")]
struct WrongPage {
    t: &'static Words,
    s: &'static SettingsWords,
    problems: Vec<String>,
}

/// What can't be shown, and why.
///
/// # Errors
/// `Internal` when it can't be drawn.
pub fn wrong(t: &'static Words, problems: &Problems) -> Result<String> {
    let problems = problems.0.iter().map(|problem| t.sentence(&problem.reason)).collect();
    WrongPage { t, s: t.settings, problems }.render().map_err(Error::internal)
}

/// Its style sheet.
pub async fn style(
    State(web): State<Web>,
    person: Person,
    Query(fields): Asked,
) -> Result<Response, Failure> {
    let sheet = dressed(&web.app, &person, &fields).and_then(|dressed| {
        let sheet = dressed.assets.body(STYLE_SHEET).ok_or(Error::NotFound)?;
        Ok(in_scheme(&String::from_utf8_lossy(sheet), scheme(&fields)))
    });
    let sheet = sheet.map_err(Failure)?;
    let css = HeaderValue::from_static("text/css; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, css)], sheet).into_response())
}

/// How well the colours can be read, by scheme.
pub async fn contrasts(person: Person, Query(fields): Asked) -> Json<Value> {
    let told = schemes(person.t, &Posted(fields)).into_iter().map(|scheme| {
        let rows = scheme
            .contrasts
            .iter()
            .map(|found| json!({ "ratio": found.ratio, "said": found.said, "poor": found.is_poor }));
        (scheme.name.to_owned(), rows.collect::<Value>())
    });
    Json(Value::Object(told.collect()))
}

/// The site with a typed look over what is stored.
///
/// # Errors
/// Every problem of what is typed.
pub fn dressed(app: &App, person: &Person, fields: &[(String, String)]) -> Result<App> {
    let form = Form::typed(app, person.t, Section::Look, Posted(fields.to_vec()));
    Ok(app.as_if(form.overlay())?.uncounted())
}

/// The address of the style sheet of a site that is dressed so.
pub fn style_address(fields: &[(String, String)]) -> String {
    format!(
        "{AT}/sample.css?{}",
        form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
    )
}

fn scheme(fields: &[(String, String)]) -> &str {
    fields.iter().find(|(name, _)| name == "scheme").map_or("", |(_, scheme)| scheme)
}

/// The sheet as it holds for whoever prefers a scheme, whatever this browser prefers.
fn in_scheme(sheet: &str, scheme: &str) -> String {
    let (dark, light) = match scheme {
        "dark" => ("all", "not all"),
        _ => ("not all", "all"),
    };
    sheet.replace("(prefers-color-scheme: dark)", dark).replace("(prefers-color-scheme: light)", light)
}
