//! What a visitor asks for.

use super::words::{Run, runs, words};
use crate::text::chars::is_ideograph;

/// The most characters of a question.
pub const MAX_QUERY: usize = 200;
/// The most words of a question.
pub const MAX_WORDS: usize = 12;

/// A question: every term has to be found. There is no syntax in it, so none can be wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    pub terms: Vec<Term>,
    /// All its words, as [`words`] gives them: a title that is equal to it is what was meant.
    pub exact: String,
}

/// One word of a question, or a compound: found as one word, or by all its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    pub whole: Option<String>,
    /// At least one.
    pub parts: Vec<String>,
}

/// More is asked than anybody means to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong;

impl Query {
    /// Reads a question; `None` when there is no word in it.
    ///
    /// # Errors
    /// `TooLong` above [`MAX_QUERY`] characters or [`MAX_WORDS`] words.
    pub fn parse(text: &str) -> Result<Option<Query>, TooLong> {
        if text.chars().nth(MAX_QUERY).is_some() {
            return Err(TooLong);
        }
        let mut terms: Vec<Term> = Vec::new();
        for run in runs(text) {
            let term = Term::of(run);
            if !terms.contains(&term) {
                terms.push(term);
            }
        }
        if terms.iter().map(|term| term.parts.len()).sum::<usize>() > MAX_WORDS {
            return Err(TooLong);
        }
        let query = Query { terms, exact: words(text) };
        Ok(if query.terms.is_empty() { None } else { Some(query) })
    }

    /// A question for any of these words, for what is like a text; `None` without one.
    pub(super) fn of_words(words: Vec<String>) -> Option<Query> {
        let exact = words.join(" ");
        let terms: Vec<Term> =
            words.into_iter().map(|word| Term { whole: None, parts: vec![word] }).collect();
        (!terms.is_empty()).then_some(Query { terms, exact })
    }

    /// A question for what is like a text: its longest words, as these say most.
    pub fn like(text: &str) -> Option<Query> {
        let mut found: Vec<String> = Vec::new();
        for word in runs(text).flat_map(|run| run.parts).map(|part| part.word) {
            if word.chars().count() >= LIKE_LENGTH && !found.contains(&word) {
                found.push(word);
            }
        }
        found.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
        found.truncate(LIKE_WORDS);
        Query::of_words(found)
    }

    /// The words that are marked in what was found.
    pub(super) fn marked(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().flat_map(|term| term.parts.iter().chain(&term.whole)).map(String::as_str)
    }
}

/// Shorter words stand in every text.
const LIKE_LENGTH: usize = 4;
const LIKE_WORDS: usize = 6;

impl Term {
    fn of(run: Run) -> Term {
        Term { whole: run.whole, parts: run.parts.into_iter().map(|part| part.word).collect() }
    }
}

/// Whether a word of a question is also found as the beginning of a longer one: from two letters on.
pub(super) fn is_prefix(word: &str) -> bool {
    word.chars().nth(1).is_some() && !word.starts_with(is_ideograph)
}

/// How a word of a text answers a word of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hit {
    Exact,
    Beginning,
}

pub(super) fn hit(word: &str, asked: &str) -> Option<Hit> {
    if word == asked {
        Some(Hit::Exact)
    } else if is_prefix(asked) && word.starts_with(asked) {
        Some(Hit::Beginning)
    } else {
        None
    }
}

impl Term {
    /// Its words with whether each may begin a longer one: as one word, and in parts.
    pub fn alternatives(&self) -> impl Iterator<Item = Vec<(&str, bool)>> {
        let known = |word| (word, is_prefix(word));
        let whole = self.whole.as_deref().map(|whole| vec![known(whole)]);
        let parts = self.parts.iter().map(|part| known(part.as_str())).collect();
        std::iter::once(parts).chain(whole)
    }
}
