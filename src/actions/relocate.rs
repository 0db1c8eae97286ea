//! Moving an entry to another path, and everything below it along with it.

use std::collections::HashMap;

use crate::actions::address::{Reserved, in_locale};
use crate::actions::{Change, landings};
use crate::app::App;
use crate::clock::Time;
use crate::error::{Problem, Result};
use crate::schema::LANDING;
use crate::store::Ask;
use crate::store::entries::Entry;
use crate::store::paths::{self, Below, Move};
use crate::text::Path;

/// What a move is to do.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    pub to: &'a Path,
    /// Whether the public may see the entry there.
    pub public: bool,
    /// Take a path that was public before.
    pub reuse: bool,
}

/// The path that an entry had, if any, and the one it gets.
struct Moved {
    from: Option<Path>,
    to: Path,
}

/// What a move does to addresses.
pub struct Plan {
    /// The entry itself, then what stands below it.
    pub moves: Vec<Move>,
    /// What each of them had, in the same order.
    pub from: Vec<Option<Path>>,
    /// Landing pages that can't move along with their hub.
    stay: Vec<i64>,
}

/// Who asks: nothing is written here.
struct Asking<'a, D> {
    app: &'a App,
    db: &'a D,
    now: Time,
}

/// Works out a move; none when the entry is there already.
///
/// # Errors
/// `Invalid` when a new path is too long or the engine's.
pub async fn plan<D: Ask>(app: &App, db: &D, entry: &Entry, step: Step<'_>) -> Result<Option<Plan>> {
    let asking = Asking { app, db, now: app.clock.now() };
    let present = paths::canonical(db, entry.id).await?;
    if present.as_ref() == Some(step.to) {
        return Ok(None);
    }
    let mut plan = Plan {
        moves: vec![Move { entry: entry.id, path: step.to.clone(), public: step.public }],
        from: vec![present.clone()],
        stay: Vec::new(),
    };
    let mut moved = HashMap::from([(entry.id, Moved { from: present, to: step.to.clone() })]);
    for below in paths::below(db, entry.id).await? {
        let Some(above) = moved.get(&below.above) else { continue };
        let Some(from) = below.path.as_deref().map(paths::stored) else { continue };
        let to = match along(app, &below, &from, above)? {
            Some(to) => to,
            None => match home(&asking, &below, above) {
                Some(to) if is_free(&asking, below.id, &to, &plan.moves).await? => to,
                _ => continue,
            },
        };
        if below.kind == LANDING && !is_free(&asking, below.id, &to, &plan.moves).await? {
            plan.stay.push(below.id);
            continue;
        }
        Reserved::check(app, &to)?;
        plan.moves.push(Move { entry: below.id, path: to.clone(), public: below.public });
        plan.from.push(Some(from.clone()));
        moved.insert(below.id, Moved { from: Some(from), to });
    }
    Ok(Some(plan))
}

/// Moves an entry and everything below it; how many moved along, none when it is there already.
///
/// # Errors
/// `Conflict` when one of the new paths is taken, `Invalid` when one is too long or the engine's:
/// then nothing moves.
pub async fn relocate(change: &mut Change<'_>, entry: &Entry, step: Step<'_>) -> Result<Option<usize>> {
    let Some(Plan { moves, from, stay }) = plan(change.app, &change.tx, entry, step).await? else {
        return Ok(None);
    };
    for landing in stay {
        landings::stay_behind(change, landing).await?;
    }
    for (to, from) in moves.iter().zip(from) {
        change.touch_path(&to.path.folded());
        if let Some(from) = from {
            change.touch_path(&from.folded());
        }
        if to.entry != entry.id {
            change.touch(format!("entry:{}", to.entry));
            change.touch_line(to.entry, true);
        }
    }
    if step.reuse {
        landings::give_way(change, &moves).await?;
    }
    paths::assign(&change.tx, &moves, step.reuse, change.now).await?;
    change.forget_asked();
    Ok(Some(moves.len() - 1))
}

/// Where an entry goes that stands below one that moves; none when it stands elsewhere.
fn along(app: &App, below: &Below, from: &Path, above: &Moved) -> Result<Option<Path>> {
    let Some(old) = above.from.as_ref().and_then(|old| localised(app, below, old)) else {
        return Ok(None);
    };
    if !from.is_under(&old) {
        return Ok(None);
    }
    let moved = localised(app, below, &above.to).and_then(|to| from.rebased(&old, &to));
    let moved = moved.ok_or_else(|| {
        Problem::new(format!("{from} stands below and would get too long an address")).field("slug")
    })?;
    Ok(Some(moved))
}

/// Where its type's rule wants an entry that stands elsewhere, because the one above it had lost its
/// path for a while.
fn home<D>(asking: &Asking<'_, D>, below: &Below, above: &Moved) -> Option<Path> {
    let kind = asking.app.types.get(&below.kind)?;
    let date = below.published_at.unwrap_or(asking.now).date();
    let built = kind.path.build(Some(above.to.as_str()), Some(date), &below.slug)?;
    Path::parse(&in_locale(&asking.app.site, &below.locale, &built)).ok()
}

fn localised(app: &App, below: &Below, path: &Path) -> Option<Path> {
    Path::parse(&in_locale(&app.site, &below.locale, path.as_str())).ok()
}

async fn is_free<D: Ask>(asking: &Asking<'_, D>, id: i64, path: &Path, moves: &[Move]) -> Result<bool> {
    let meets = moves.iter().any(|other| other.path.folded() == path.folded());
    let reserved = Reserved::for_entries(asking.app, &path.folded()).is_some();
    Ok(!meets && !reserved && paths::taken_by(asking.db, path, Some(id)).await?.is_none())
}
