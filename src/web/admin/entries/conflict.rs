//! Two people who wrote at once: both texts are shown, and neither is lost (R3).

use super::fields::{FieldView, Section, Widget};

/// A field that says two things.
pub struct Difference {
    pub label: String,
    pub theirs: String,
    pub yours: String,
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
        Widget::Parts { parts } => lines(parts),
        Widget::Rows { rows } => {
            let rows: Vec<String> = rows.iter().map(|row| lines(row)).filter(|row| !row.is_empty()).collect();
            rows.join("\n\n")
        }
    }
}

fn lines(parts: &[super::fields::Part]) -> String {
    let filled = parts.iter().filter(|part| !part.value.is_empty());
    filled.map(|part| format!("{}: {}", part.label, part.value)).collect::<Vec<_>>().join("\n")
}
