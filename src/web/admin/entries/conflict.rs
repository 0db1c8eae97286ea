//! Two texts of one entry beside each other: those of two people who wrote at once, neither of which
//! is lost (R3), or two revisions.

use super::fields::{Drawing, FieldView, Picture, Section, Surroundings, Widget};
use super::form::type_of;
use super::{Names, typed};
use crate::app::App;
use crate::entry::Content;
use crate::error::Result;
use crate::web::admin::person::Person;
use crate::web::admin::posted::Posted;

/// A field that says two things.
pub struct Difference {
    pub label: String,
    pub theirs: String,
    pub yours: String,
}

/// Where two contents of a type differ.
pub async fn between(
    app: &App,
    person: &Person,
    kind: &str,
    older: &Content,
    newer: &Content,
) -> Result<Vec<Difference>> {
    let kind = type_of(app, kind)?;
    let names = Names::of(app, person, &kind, &[older, newer]).await?;
    let sections = |content: &Content| {
        let typed: Posted = typed(app, &kind, content, &names);
        Drawing {
            app,
            t: person.t,
            kind: &kind,
            typed: &typed,
            around: &Surroundings::default(),
            problems: &[],
        }
        .sections()
    };
    Ok(differences(&sections(older), &sections(newer)))
}

/// Where two drawings of one form differ.
pub fn differences(theirs: &[Section], yours: &[Section]) -> Vec<Difference> {
    let fields = |sections: &[Section]| -> Vec<(String, String)> {
        let all = sections.iter().flat_map(|section| &section.fields);
        all.map(|field| (field.label.clone(), said(field))).collect()
    };
    let pairs = fields(theirs).into_iter().zip(fields(yours));
    let differ = pairs.filter(|((_, theirs), (_, yours))| theirs.trim() != yours.trim());
    differ.map(|((label, theirs), (_, yours))| Difference { label, theirs, yours }).collect()
}

/// What a field says, as text.
fn said(field: &FieldView) -> String {
    match &field.widget {
        Widget::Input { value, .. } | Widget::TextArea { value, .. } | Widget::Relation { value, .. } => {
            value.clone()
        }
        Widget::Select { options } => {
            let chosen = options.iter().find(|option| option.chosen);
            chosen.map(|option| option.label.clone()).unwrap_or_default()
        }
        Widget::Ticks { parts } => {
            let on = parts.iter().filter(|part| !part.value.is_empty());
            on.map(|part| part.label.as_str()).collect::<Vec<_>>().join("\n")
        }
        Widget::Parts { parts } | Widget::Picture { picture: Picture { parts, .. } } => lines(parts),
        Widget::Rows { rows, .. } => {
            let rows: Vec<String> =
                rows.iter().map(|row| lines(&row.picture.parts)).filter(|row| !row.is_empty()).collect();
            rows.join("\n\n")
        }
    }
}

fn lines(parts: &[super::fields::Part]) -> String {
    let filled = parts.iter().filter(|part| !part.value.is_empty());
    filled.map(|part| format!("{}: {}", part.label, part.value)).collect::<Vec<_>>().join("\n")
}
