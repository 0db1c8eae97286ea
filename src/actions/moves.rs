//! What a move would do to addresses, before anybody makes it.

use crate::actions::address::would_be;
use crate::actions::move_entry::refuse_waiting;
use crate::actions::relocate::{Step, plan};
use crate::app::App;
use crate::entry::Content;
use crate::error::{Error, Problem, Result};
use crate::store::entries::Entry;
use crate::store::paths;
use crate::text::Path;

/// The address that a content of an entry would have if it were published.
///
/// # Errors
/// `Invalid` when its type's rule can't build one.
pub async fn wanted_path(app: &App, entry: &Entry, content: &Content) -> Result<Path> {
    let kind = app.types.get(&entry.kind).ok_or(Error::NotFound)?;
    Ok(would_be(app, kind, &entry.locale, content, entry.published_at).await?.path)
}

/// Every address that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moves {
    /// From and to: the entry first, then what stands below it.
    pub pairs: Vec<(String, String)>,
    /// How many of them readers know: each of these keeps answering with a 301.
    pub public: usize,
    /// Why it can't be done.
    pub refused: Option<String>,
}

/// What publishing this content of an entry would move; none when everything stays where it is.
///
/// # Errors
/// `Unavailable` when the database is away. What is wrong with the move itself is in `refused`.
pub async fn moves(app: &App, entry: &Entry, content: &Content) -> Result<Option<Moves>> {
    let refused = |reason: String| Moves { pairs: Vec::new(), public: 0, refused: Some(reason) };
    let said = |problems: &[Problem]| {
        problems.iter().map(|problem| problem.reason.clone()).collect::<Vec<_>>().join("; ")
    };
    if let Err(Error::Conflict(reason)) = refuse_waiting(entry) {
        return Ok(Some(refused(reason)));
    }
    let to = match wanted_path(app, entry, content).await {
        Ok(to) => to,
        Err(Error::Invalid(problems)) => return Ok(Some(refused(said(&problems.0)))),
        Err(error) => return Err(error),
    };
    let step = Step { to: &to, public: entry.is_live(), reuse: false };
    let plan = match plan(app, &app.db, entry, step).await {
        Ok(plan) => plan,
        Err(Error::Invalid(problems)) => return Ok(Some(refused(said(&problems.0)))),
        Err(error) => return Err(error),
    };
    let Some(plan) = plan else { return Ok(None) };
    let taken = paths::first_taken(&app.db, &plan.moves).await?;
    let public = plan.moves.iter().zip(&plan.from).filter(|(to, from)| to.public && from.is_some()).count();
    let pairs = plan.from.iter().zip(&plan.moves);
    let pairs = pairs
        .map(|(from, to)| (from.as_ref().map(ToString::to_string).unwrap_or_default(), to.path.to_string()));
    Ok(Some(Moves { pairs: pairs.collect(), public, refused: taken.map(|taken| taken.explain()) }))
}
