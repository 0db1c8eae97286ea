//! Searching, without a database: the words of a text, what a visitor asks for, how well a text
//! answers it, and what is shown of it. Both databases hold the same words and are asked for the
//! same, and what they find is ordered and shown here, so that both give the same answer.

mod guess;
mod query;
mod score;
mod snippet;
#[cfg(test)]
mod tests;
mod words;

pub use guess::{Guess, guess};
pub use query::{MAX_QUERY, MAX_WORDS, Query, Term, TooLong};
pub use score::{Text, likeness, score};
pub use snippet::{Piece, mark, snippet};
pub use words::words;
