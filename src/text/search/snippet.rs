//! What is shown of a text that was found: its own letters, with what was asked for marked.

use std::ops::Range;

use super::query::{Query, hit};
use super::words::{Run, runs};
use crate::text::chars::{is_bidi_control, is_control};

/// A piece of a text, as it stands there. Whoever prints it escapes it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Piece {
    pub text: String,
    /// It is what was asked for.
    pub marked: bool,
}

/// Characters shown before the first mark of a snippet.
const LEAD: usize = 40;
/// A longer text is looked at up to here.
const LOOK: usize = 40_000;

/// A whole text with what was asked for marked.
pub fn mark(text: &str, query: &Query) -> Vec<Piece> {
    pieces(text, 0..text.len(), &marks(text, query))
}

/// The part of a text that holds most of what was asked for, about `length` characters of it, cut
/// between words; `None` when nothing of it stands there.
pub fn snippet(text: &str, query: &Query, length: usize) -> Option<Vec<Piece>> {
    let text = &text[..boundary(text, LOOK)];
    let marks = marks(text, query);
    let window = window(text, &marks, length)?;
    let mut shown = pieces(text, window.clone(), &marks);
    let gap = || Piece { text: "…".to_owned(), marked: false };
    if window.start > 0 {
        shown.insert(0, gap());
    }
    if window.end < text.trim_end().len() {
        shown.push(gap());
    }
    Some(shown)
}

/// Where a text answers a question, and which of its words stands there.
struct Mark {
    range: Range<usize>,
    /// A bit for each word of the question.
    asked: u32,
}

fn marks(text: &str, query: &Query) -> Vec<Mark> {
    let asked: Vec<&str> = query.marked().collect();
    runs(text).flat_map(|run| marks_of(&run, &asked)).collect()
}

/// A compound is marked in its parts, or as a whole where it is asked for as one word.
fn marks_of(run: &Run, asked: &[&str]) -> Vec<Mark> {
    let bits = |word: &str| {
        let found = asked.iter().enumerate().filter(|(_, asked)| hit(word, asked).is_some());
        found.fold(0, |bits, (at, _)| bits | 1_u32.checked_shl(at as u32).unwrap_or(0))
    };
    let parts: Vec<Mark> = run
        .parts
        .iter()
        .map(|part| Mark { range: part.range.clone(), asked: bits(&part.word) })
        .filter(|mark| mark.asked > 0)
        .collect();
    let whole = run.whole.as_deref().map_or(0, bits);
    if parts.len() == run.parts.len() || (parts.is_empty() && whole > 0) {
        let all = parts.iter().fold(whole, |bits, mark| bits | mark.asked);
        return vec![Mark { range: run.range(), asked: all }];
    }
    parts
}

/// The stretch with the most different words of the question, the first of those; none without any.
fn window(text: &str, marks: &[Mark], length: usize) -> Option<Range<usize>> {
    let mut best: Option<(u32, Range<usize>, usize)> = None;
    let mut tried = 0;
    for (at, mark) in marks.iter().enumerate() {
        if mark.range.start < tried {
            continue;
        }
        let start = back(text, mark.range.start, LEAD);
        let end = start + boundary(&text[start..], length);
        let within = marks[at..].iter().take_while(|mark| mark.range.end <= end.max(marks[at].range.end));
        let asked = within.fold(0, |bits, mark| bits | mark.asked).count_ones();
        if best.as_ref().is_none_or(|(most, ..)| asked > *most) {
            best = Some((asked, start..end.max(mark.range.end), mark.range.end));
        }
        // Marks that crowd together begin nearly the same stretch.
        tried = mark.range.start + length / 8;
    }
    let (_, found, least) = best?;
    Some(found.start..word_end(text, found, least))
}

/// At most that many characters before a place, from the beginning of a word.
fn back(text: &str, from: usize, characters: usize) -> usize {
    let before = &text[..from];
    let start = before.char_indices().rev().take(characters).last().map_or(from, |(at, _)| at);
    if start == 0 {
        return 0;
    }
    let gap = text[start..from].find(char::is_whitespace);
    gap.map_or(from, |gap| {
        let space = start + gap;
        space + text[space..].chars().next().map_or(0, char::len_utf8)
    })
}

/// The end of the last whole word of a stretch; where the words are long, its own end. Never before
/// `least`.
fn word_end(text: &str, stretch: Range<usize>, least: usize) -> usize {
    if text[stretch.end..].chars().next().is_none_or(char::is_whitespace) {
        return stretch.end;
    }
    let inside = &text[stretch.clone()];
    match inside.rfind(char::is_whitespace) {
        Some(at) if at > inside.len() / 2 && stretch.start + at >= least => stretch.start + at,
        _ => stretch.end,
    }
}

/// Bytes of the first that many characters.
fn boundary(text: &str, characters: usize) -> usize {
    text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at)
}

fn pieces(text: &str, window: Range<usize>, marks: &[Mark]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = window.start;
    let mut push = |from: usize, to: usize, marked: bool| {
        let shown = clean(&text[from..to]);
        if !shown.is_empty() {
            pieces.push(Piece { text: shown, marked });
        }
    };
    for mark in marks {
        if mark.range.start < at || mark.range.end > window.end {
            continue;
        }
        push(at, mark.range.start, false);
        push(mark.range.start, mark.range.end, true);
        at = mark.range.end;
    }
    push(at, window.end.max(at), false);
    pieces
}

/// Without what breaks a line or turns the direction of what stands around it.
fn clean(text: &str) -> String {
    let shown = text.chars().filter(|c| !is_bidi_control(*c));
    shown.map(|c| if is_control(c) { ' ' } else { c }).collect()
}
