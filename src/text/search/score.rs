//! How well a text answers a question. Whole numbers, so that every machine counts alike.

use super::query::{Hit, Query, Term, hit};

/// The words of an entry, as [`words`](super::words()) gives them.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    pub title: &'a str,
    pub summary: &'a str,
    pub body: &'a str,
}

/// A title that is the question.
const SAME_TITLE: i64 = 10_000;
/// A title that begins with the question.
const BEGINS_TITLE: i64 = 2_000;
/// (exact, beginning of a longer word), for each term.
const IN_TITLE: (i64, i64) = (1_000, 600);
const IN_SUMMARY: (i64, i64) = (200, 120);
/// For each time, up to [`MOST_TIMES`].
const IN_BODY: (i64, i64) = (20, 10);
const MOST_TIMES: i64 = 8;
/// A long title says less of each of its words.
const A_TITLE_WORD: i64 = 5;

/// Ranks a text that a database found; more is better. Where a term stands in the title counts most,
/// then in the summary, then how often in the body.
pub fn score(query: &Query, text: Text<'_>) -> i64 {
    let mut score = 0;
    if text.title == query.exact {
        score += SAME_TITLE;
    } else if text.title.strip_prefix(query.exact.as_str()).is_some_and(|rest| rest.starts_with(' ')) {
        score += BEGINS_TITLE;
    }
    for term in &query.terms {
        score += best(in_field(term, text.title), IN_TITLE);
        score += best(in_field(term, text.summary), IN_SUMMARY);
        let times = in_field(term, text.body);
        score += times.0.min(MOST_TIMES) * IN_BODY.0 + times.1.min(MOST_TIMES) * IN_BODY.1;
    }
    let title_words = text.title.split(' ').count().min(20);
    score - A_TITLE_WORD * i64::try_from(title_words).unwrap_or(0)
}

/// How many of a question's terms a title answers; more is better, and none is 0.
pub fn likeness(query: &Query, title: &str) -> (usize, i64) {
    let mut terms = 0;
    let mut score = 0;
    for term in &query.terms {
        let found = best(in_field(term, title), IN_TITLE);
        terms += usize::from(found > 0);
        score += found;
    }
    (terms, score - A_TITLE_WORD * i64::try_from(title.split(' ').count().min(20)).unwrap_or(0))
}

fn best((exact, beginnings): (i64, i64), worth: (i64, i64)) -> i64 {
    match (exact, beginnings) {
        (1.., _) => worth.0,
        (_, 1..) => worth.1,
        _ => 0,
    }
}

/// How often a term stands in a field: exactly, and as the beginning of a longer word. A compound
/// stands there as a whole, or as often as its rarest part.
fn in_field(term: &Term, field: &str) -> (i64, i64) {
    if let Some(whole) = &term.whole {
        let times = times(whole, field);
        if times != (0, 0) {
            return times;
        }
    }
    let each = term.parts.iter().map(|part| times(part, field));
    each.min_by_key(|(exact, beginnings)| exact + beginnings).unwrap_or_default()
}

fn times(asked: &str, field: &str) -> (i64, i64) {
    let mut times = (0, 0);
    for word in field.split(' ') {
        match hit(word, asked) {
            Some(Hit::Exact) => times.0 += 1,
            Some(Hit::Beginning) => times.1 += 1,
            None => {}
        }
    }
    times
}
