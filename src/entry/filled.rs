//! How much an entry says of itself: hubs and landing pages show the best-filled entries first.

use std::collections::BTreeMap;

use crate::entry::Content;
use crate::schema::{Kind, Type, Value};

/// The highest score of the parts that every type has.
const COVER: i64 = 15;
const SUMMARY: i64 = 10;
const BODY: i64 = 25;
/// The fields of the type share the rest.
const FIELDS: i64 = 50;

/// From 0 (a title alone) to 100: cover, summary, length of the body, and the fields of the type. What
/// helps a visitor on the way (hours, telephone, address, position, pictures, answers) counts double.
pub fn filled(kind: &Type, content: &Content, values: &BTreeMap<String, Value>, words: u32) -> i64 {
    let mut score = 0;
    if content.cover.is_some() {
        score += COVER;
    }
    if !content.summary.is_empty() {
        score += SUMMARY;
    }
    score += match words {
        300.. => BODY,
        120.. => BODY * 4 / 5,
        40.. => BODY / 2,
        1.. => BODY / 5,
        0 => 0,
    };
    let weights = kind.fields.iter().map(|field| (field, weight(field.kind)));
    let (mut given, mut all) = (0, 0);
    for (field, weight) in weights {
        all += weight;
        if values.contains_key(&field.name) {
            given += weight;
        }
    }
    // A type without fields is whole when its text is.
    score + if all == 0 { FIELDS * score / (COVER + SUMMARY + BODY) } else { FIELDS * given / all }
}

fn weight(kind: Kind) -> i64 {
    match kind {
        Kind::Hours | Kind::Phone | Kind::Address | Kind::Geo | Kind::Gallery | Kind::Faq => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Field;

    #[test]
    fn a_score_rises_with_every_part() {
        let mut kind = crate::schema::Types::default().with_landing_pages().get("landing").cloned().unwrap();
        kind.fields = vec![Field::new("hours", Kind::Hours), Field::new("note", Kind::Line)];
        let mut content = Content { title: "A".into(), ..Content::default() };
        let mut values = BTreeMap::new();
        let mut scores = vec![filled(&kind, &content, &values, 0)];
        content.summary = "In a sentence.".into();
        scores.push(filled(&kind, &content, &values, 0));
        for words in [1, 40, 120, 300] {
            scores.push(filled(&kind, &content, &values, words));
        }
        values.insert("note".into(), Value::Line("here".into()));
        scores.push(filled(&kind, &content, &values, 9_999));
        content.cover = Some(crate::schema::ImageRef::default());
        scores.push(filled(&kind, &content, &values, 9_999));
        assert_eq!(scores, [0, 10, 15, 22, 30, 35, 51, 66]);
        kind.fields.pop();
        values.insert("hours".into(), Value::Line("any".into()));
        assert_eq!(filled(&kind, &content, &values, 300), 100);
        kind.fields.clear();
        assert_eq!(filled(&kind, &content, &BTreeMap::new(), 300), 100);
    }
}
