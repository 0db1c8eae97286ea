//! Steps within a form that don't save it: a picture is chosen, a row is added, moved or taken away, what a
//! relation names is made. What is typed comes along and stands in the form again, so a form without scripts can do all of it.

use std::collections::BTreeSet;
use std::ops::Bound::{Excluded, Unbounded};

use super::choices;
use super::chooser::{self, Asked};
use super::content::row_numbers;
use super::typed::FIELD;
use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::schema::{FormControl, IMAGE_KEYS, Type, form_control};
use crate::store::pictures::{self, Picture};
use crate::web::admin::person::Person;
use crate::web::admin::pictures::store;
use crate::web::admin::posted::Posted;
use crate::web::admin::sent::Sent;

/// The button that asks for a step says which, and of which field.
pub const STEP: &str = "do";

/// What a step leads to.
pub enum Next {
    /// The form as it is now, and what could not be done.
    Form(Vec<Problem>),
    /// The library over it.
    Page(axum::response::Response),
}

/// Takes the step that a form asks for; none when it is to be saved.
///
/// # Errors
/// `Invalid` for a step that no button asks for.
pub async fn take(
    app: &App,
    person: &Person,
    kind: &Type,
    action: &str,
    locale: &str,
    sent: &mut Sent,
) -> Result<Option<Next>> {
    if !sent.posted.has(STEP) {
        return Ok(None);
    }
    let step = sent.posted.get(STEP).to_owned();
    sent.posted.0.retain(|(name, _)| name != STEP);
    let words: Vec<&str> = step.split(' ').collect();
    let next = match words[..] {
        ["back"] => Next::Form(Vec::new()),
        ["choose", name] => choose(app, person, action, sent, Field::of(kind, name)?, None).await?,
        ["page", name, cursor] => {
            choose(app, person, action, sent, Field::of(kind, name)?, Some(cursor)).await?
        }
        ["set", name, hash] => {
            let picture = pictures::find(&app.db, hash).await?.ok_or(Error::NotFound)?;
            put(&mut sent.posted, &Field::of(kind, name)?, &picture);
            Next::Form(Vec::new())
        }
        ["upload", name] => upload(app, person, action, sent, Field::of(kind, name)?).await?,
        ["clear", name] => {
            Field::of(kind, name)?;
            forget(&mut sent.posted, name);
            Next::Form(Vec::new())
        }
        ["create", name, line] => {
            let to = related(kind, name).ok_or_else(no_step)?;
            create(app, person, name, &to, line.parse().map_err(|_| no_step())?, locale, sent).await?
        }
        [verb @ ("add" | "remove" | "up" | "down"), name, ref row @ ..] => {
            if !is_list(kind, name) {
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

/// A field that holds a picture, or a list of them.
pub struct Field<'a> {
    pub name: &'a str,
    pub is_list: bool,
}

impl<'a> Field<'a> {
    fn of(kind: &Type, name: &'a str) -> Result<Field<'a>> {
        if name == "cover" {
            return Ok(Field { name, is_list: false });
        }
        let rest = name.strip_prefix(FIELD).ok_or_else(no_step)?;
        let (own, row) = rest.split_once('.').map_or((rest, None), |(own, row)| (own, Some(row)));
        let control = kind.field(own).map(|field| form_control(field, "en"));
        match (control, row) {
            (Some(FormControl::Image), None) => Ok(Field { name, is_list: false }),
            (Some(FormControl::Gallery), None) => Ok(Field { name, is_list: true }),
            (Some(FormControl::Gallery), Some(row)) if row.parse::<u32>().is_ok() => {
                Ok(Field { name, is_list: false })
            }
            _ => Err(no_step()),
        }
    }
}

fn is_list(kind: &Type, name: &str) -> bool {
    let field = name.strip_prefix(FIELD).and_then(|own| kind.field(own));
    field.is_some_and(|field| matches!(form_control(field, "en"), FormControl::Gallery | FormControl::Faq))
}

/// The type that a relation leads to.
fn related(kind: &Type, name: &str) -> Option<String> {
    match name {
        "parent" => Some(kind.name.clone()),
        "authors" => Some("author".to_owned()),
        _ => match form_control(kind.field(name.strip_prefix(FIELD)?)?, "en") {
            FormControl::Relation { to, .. } => Some(to),
            _ => None,
        },
    }
}

/// What a line of a relation names is made, as a draft, and named by its number.
async fn create(
    app: &App,
    person: &Person,
    name: &str,
    to: &str,
    line: usize,
    locale: &str,
    sent: &mut Sent,
) -> Result<Next> {
    let mut lines: Vec<String> = sent.posted.get(name).lines().map(str::to_owned).collect();
    let typed = lines.get_mut(line).ok_or_else(no_step)?;
    match choices::draft(app, person, to, typed, locale).await {
        Ok(made) => {
            *typed = made;
            sent.posted.set(name, lines.join("\n"));
            Ok(Next::Form(Vec::new()))
        }
        Err(error @ (Error::Invalid(_) | Error::Conflict(_))) => {
            let field = name.strip_prefix(FIELD).unwrap_or(name);
            Ok(Next::Form(vec![Problem::new(choices::refusal(person.t, &error)).field(field)]))
        }
        Err(error) => Err(error),
    }
}

/// The library over the form, to choose a picture for a field.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn choose(
    app: &App,
    person: &Person,
    action: &str,
    sent: &Sent,
    field: Field<'_>,
    before: Option<&str>,
) -> Result<Next> {
    let asked = Asked { action, name: field.name, before, problems: Vec::new() };
    Ok(Next::Page(chooser::draw(app, person, &sent.posted, asked).await?))
}

/// The pictures that come along get their field; one that can't be taken says why, over the library.
///
/// # Errors
/// Those of the disk and of the database.
pub async fn upload(
    app: &App,
    person: &Person,
    action: &str,
    sent: &mut Sent,
    field: Field<'_>,
) -> Result<Next> {
    let files = std::mem::take(&mut sent.files);
    let (mut problems, t) = (Vec::new(), person.t);
    if files.is_empty() {
        problems.push(t.writing.pictures_none_came.to_owned());
    }
    for came in files {
        match store(app, person, &came.name, came.upload).await {
            Ok(picture) => put(&mut sent.posted, &field, &picture),
            Err(Error::Invalid(wrong)) => problems
                .extend(wrong.0.iter().map(|problem| t.sentence_of(&t.quote(&came.name), &problem.reason))),
            Err(error) => return Err(error),
        }
    }
    if problems.is_empty() {
        return Ok(Next::Form(Vec::new()));
    }
    let asked = Asked { action, name: field.name, before: None, problems };
    Ok(Next::Page(chooser::draw(app, person, &sent.posted, asked).await?))
}

/// Puts a picture into its field; a list gets one row more. What the field said of another picture goes.
pub fn put(posted: &mut Posted, field: &Field<'_>, picture: &Picture) {
    let name = if field.is_list {
        let mut rows = Rows { posted, name: field.name };
        rows.drop_empty();
        format!("{}.{}", field.name, rows.free())
    } else {
        field.name.to_owned()
    };
    if posted.get(&format!("{name}.src")) != picture.address() {
        forget(posted, &name);
    }
    posted.set(&format!("{name}.src"), picture.address());
    if posted.get(&format!("{name}.alt")).trim().is_empty() {
        posted.set(&format!("{name}.alt"), picture.alt.clone());
    }
}

fn forget(posted: &mut Posted, name: &str) {
    posted.0.retain(|(known, _)| {
        let part = known.strip_prefix(name).and_then(|rest| rest.strip_prefix('.'));
        !part.is_some_and(|part| IMAGE_KEYS.contains(&part))
    });
}

/// The rows of a list in a form.
pub struct Rows<'a> {
    pub posted: &'a mut Posted,
    pub name: &'a str,
}

impl Rows<'_> {
    /// Adds, moves or takes away a row.
    pub fn change(&mut self, verb: &str, row: Option<u32>) {
        match (verb, row) {
            ("add", _) => {
                self.drop_empty();
                let free = self.free();
                // A part that is there and empty, so that the row is drawn.
                self.posted.set(&format!("{}.{free}.new", self.name), "");
            }
            ("remove", Some(row)) => self.remove(row),
            ("up", Some(row)) => self.swap(row, self.numbers().range(..row).next_back().copied()),
            ("down", Some(row)) => {
                self.swap(row, self.numbers().range((Excluded(row), Unbounded)).next().copied())
            }
            _ => {}
        }
    }

    fn numbers(&self) -> BTreeSet<u32> {
        row_numbers(self.posted, self.name)
    }

    fn free(&self) -> u32 {
        self.numbers().last().map_or(0, |last| last.saturating_add(1))
    }

    fn prefix(&self, row: u32) -> String {
        format!("{}.{row}.", self.name)
    }

    fn remove(&mut self, row: u32) {
        let prefix = self.prefix(row);
        self.posted.0.retain(|(known, _)| !known.starts_with(&prefix));
    }

    fn drop_empty(&mut self) {
        for row in self.numbers() {
            let prefix = self.prefix(row);
            let mut own = self.posted.0.iter().filter(|(known, _)| known.starts_with(&prefix));
            if own.all(|(_, value)| value.trim().is_empty()) {
                self.remove(row);
            }
        }
    }

    fn swap(&mut self, row: u32, other: Option<u32>) {
        let Some(other) = other else { return };
        let (one, two) = (self.prefix(row), self.prefix(other));
        for (known, _) in &mut self.posted.0 {
            if let Some(part) = known.strip_prefix(&one) {
                *known = format!("{two}{part}");
            } else if let Some(part) = known.strip_prefix(&two) {
                *known = format!("{one}{part}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posted(pairs: &[(&str, &str)]) -> Posted {
        Posted(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn rows_are_moved_taken_away_and_added() {
        let mut form = posted(&[("q.0.a", "one"), ("q.2.a", "two"), ("q.3.a", " "), ("title", "T")]);
        let rows = |posted: &Posted| {
            let numbers = row_numbers(posted, "q");
            numbers.iter().map(|row| posted.get(&format!("q.{row}.a")).to_owned()).collect::<Vec<_>>()
        };
        let mut change = |verb, row| {
            Rows { posted: &mut form, name: "q" }.change(verb, row);
            rows(&form)
        };
        assert_eq!(change("up", Some(2)), ["two", "one", " "]);
        assert_eq!(change("up", Some(0)), ["two", "one", " "], "the first stays");
        assert_eq!(change("down", Some(0)), ["one", "two", " "]);
        assert_eq!(change("add", None), ["one", "two", ""], "one empty row is enough");
        assert_eq!(change("remove", Some(0)), ["two", ""]);
        assert_eq!(change("remove", Some(9)), ["two", ""]);
    }
}
