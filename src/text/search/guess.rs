//! What somebody may have meant by an address that leads nowhere.

use super::query::Query;
use super::words::runs;

/// Addresses of machines are longer than those of people.
const LONGEST: usize = 120;
const MOST: usize = 6;
/// Shorter words say nothing.
const SHORTEST: usize = 3;
/// From this length on, the end of a word may be mistyped.
const FORGIVING: usize = 6;

/// What the end of a path is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    /// Its words as they are written.
    pub written: Query,
    /// Its words, long ones without their end.
    pub begun: Query,
}

/// Two questions for what the end of a path is about; `None` where it looks like no words of a person:
/// files, numbers, keys. `path` is decoded.
pub fn guess(path: &str) -> Option<Guess> {
    if path.chars().nth(LONGEST).is_some() {
        return None;
    }
    let mut segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let last = segments.pop()?;
    let last = last.strip_suffix(".html").or_else(|| last.strip_suffix(".htm")).unwrap_or(last);
    if last.contains('.') || segments.iter().any(|segment| segment.starts_with('.')) {
        return None;
    }
    let mut words = named(last);
    if words.is_empty() {
        words = named(segments.pop()?);
    }
    words.truncate(MOST);
    let mut begun: Vec<String> = Vec::new();
    for word in &words {
        let letters = word.chars().count();
        let kept = if letters >= FORGIVING { letters - 2 } else { letters };
        let word: String = word.chars().take(kept).collect();
        if !begun.contains(&word) {
            begun.push(word);
        }
    }
    Some(Guess { written: Query::of_words(words)?, begun: Query::of_words(begun)? })
}

/// The words of a segment that are letters alone.
fn named(segment: &str) -> Vec<String> {
    let spaced = segment.replace(['-', '_', '+'], " ");
    let mut words: Vec<String> = Vec::new();
    for run in runs(&spaced) {
        for part in run.parts {
            let letters = part.word.chars().count();
            if letters < SHORTEST || part.word.chars().any(char::is_numeric) {
                continue;
            }
            if !words.contains(&part.word) {
                words.push(part.word);
            }
        }
    }
    words
}
