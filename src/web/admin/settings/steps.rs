//! Steps within the form that don't save it: a value goes back to the file's, a row is added, moved or taken
//! away, a picture is chosen. What is typed comes along.

use super::form::Form;
use super::sections::{Control, Section, Setting};
use super::values::languages;
use crate::app::App;
use crate::error::{Error, Result};
use crate::store::pictures;
use crate::web::admin::entries::{PictureField, Rows, STEP, choose, put, upload};
use crate::web::admin::person::Person;
use crate::web::admin::sent::Sent;

pub use crate::web::admin::entries::Next;

/// Takes the step that the form asks for; none when it is to be saved.
///
/// # Errors
/// `Invalid` for a step that no button asks for.
pub async fn take(
    app: &App,
    person: &Person,
    section: Section,
    action: &str,
    sent: &mut Sent,
) -> Result<Option<Next>> {
    if !sent.posted.has(STEP) {
        return Ok(None);
    }
    let step = sent.posted.get(STEP).to_owned();
    sent.posted.0.retain(|(name, _)| name != STEP);
    let settings = section.settings(app, person.t);
    let picture = |name| picture(&settings, name).ok_or_else(no_step);
    let words: Vec<&str> = step.split(' ').collect();
    let next = match words[..] {
        ["look" | "back"] => Next::Form(Vec::new()),
        ["back", key] => {
            let mut form = Form::typed(app, person.t, section, std::mem::take(&mut sent.posted));
            form.setting(key).ok_or_else(no_step)?;
            form.put_back(key);
            sent.posted = form.typed;
            Next::Form(Vec::new())
        }
        ["choose", name] => choose(app, person, action, sent, picture(name)?, None).await?,
        ["page", name, cursor] => choose(app, person, action, sent, picture(name)?, Some(cursor)).await?,
        ["set", name, hash] => {
            let found = pictures::find(&app.db, hash).await?.ok_or(Error::NotFound)?;
            put(&mut sent.posted, &picture(name)?, &found);
            Next::Form(Vec::new())
        }
        ["upload", name] => upload(app, person, action, sent, picture(name)?).await?,
        ["clear", name] => {
            let name = format!("{}.src", picture(name)?.name);
            sent.posted.set(&name, "");
            Next::Form(Vec::new())
        }
        [verb @ ("add" | "remove" | "up" | "down"), name, ref row @ ..] => {
            if !is_list(app, &settings, name) {
                return Err(no_step());
            }
            let row = row.first().and_then(|row| row.parse().ok());
            Rows { posted: &mut sent.posted, name }.change(verb, row);
            Next::Form(Vec::new())
        }
        _ => return Err(no_step()),
    };
    Ok(Some(next))
}

fn no_step() -> Error {
    Error::field(STEP, "names no step of this form")
}

fn picture<'a>(settings: &[Setting], name: &'a str) -> Option<PictureField<'a>> {
    let setting = settings.iter().find(|setting| setting.key == name)?;
    matches!(setting.control, Control::Picture).then_some(PictureField { name, is_list: false })
}

fn is_list(app: &App, settings: &[Setting], name: &str) -> bool {
    settings.iter().any(|setting| match setting.control {
        Control::Rows { by_language: false, .. } => setting.key == name,
        Control::Rows { by_language: true, .. } => {
            let code = name.strip_prefix(&setting.key).and_then(|rest| rest.strip_prefix('.'));
            code.is_some_and(|code| languages(app).iter().any(|known| known == code))
        }
        _ => false,
    })
}
