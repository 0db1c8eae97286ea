//! Moving an entry to another path, and everything below it along with it.

use std::collections::HashMap;

use crate::actions::address::{Reserved, in_locale};
use crate::actions::{Change, landings};
use crate::error::{Problem, Result};
use crate::schema::LANDING;
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

/// Moves an entry and everything below it; how many moved along, none when it is there already.
///
/// # Errors
/// `Conflict` when one of the new paths is taken, `Invalid` when one is too long or the engine's:
/// then nothing moves.
pub async fn relocate(change: &mut Change<'_>, entry: &Entry, step: Step<'_>) -> Result<Option<usize>> {
    let present = paths::canonical(&change.tx, entry.id).await?;
    if present.as_ref() == Some(step.to) {
        return Ok(None);
    }
    let mut moves = vec![Move { entry: entry.id, path: step.to.clone(), public: step.public }];
    change.touch_path(&step.to.folded());
    if let Some(present) = &present {
        change.touch_path(&present.folded());
    }
    let mut moved = HashMap::from([(entry.id, Moved { from: present, to: step.to.clone() })]);
    for below in paths::below(&change.tx, entry.id).await? {
        let Some(above) = moved.get(&below.above) else { continue };
        let Some(from) = below.path.as_deref().map(paths::stored) else { continue };
        let to = match along(change, &below, &from, above)? {
            Some(to) => to,
            None => match home(change, &below, above) {
                Some(to) if is_free(change, below.id, &to, &moves).await? => to,
                _ => continue,
            },
        };
        if below.kind == LANDING && !is_free(change, below.id, &to, &moves).await? {
            landings::stay_behind(change, below.id).await?;
            continue;
        }
        Reserved::check(change.app, &to)?;
        change.touch_path(&from.folded());
        change.touch_path(&to.folded());
        change.touch(format!("entry:{}", below.id));
        change.touch_line(below.id, true);
        moves.push(Move { entry: below.id, path: to.clone(), public: below.public });
        moved.insert(below.id, Moved { from: Some(from), to });
    }
    if step.reuse {
        landings::give_way(change, &moves).await?;
    }
    paths::assign(&change.tx, &moves, step.reuse, change.now).await?;
    change.forget_asked();
    Ok(Some(moves.len() - 1))
}

/// Where an entry goes that stands below one that moves; none when it stands elsewhere.
fn along(change: &Change<'_>, below: &Below, from: &Path, above: &Moved) -> Result<Option<Path>> {
    let Some(old) = above.from.as_ref().and_then(|old| localised(change, below, old)) else {
        return Ok(None);
    };
    if !from.is_under(&old) {
        return Ok(None);
    }
    let moved = localised(change, below, &above.to).and_then(|to| from.rebased(&old, &to));
    let moved = moved.ok_or_else(|| {
        Problem::new(format!("{from} stands below and would get too long an address")).field("slug")
    })?;
    Ok(Some(moved))
}

/// Where its type's rule wants an entry that stands elsewhere, because the one above it had lost its
/// path for a while.
fn home(change: &Change<'_>, below: &Below, above: &Moved) -> Option<Path> {
    let kind = change.app.types.get(&below.kind)?;
    let date = below.published_at.unwrap_or(change.now).date();
    let built = kind.path.build(Some(above.to.as_str()), Some(date), &below.slug)?;
    Path::parse(&in_locale(&change.app.site, &below.locale, &built)).ok()
}

fn localised(change: &Change<'_>, below: &Below, path: &Path) -> Option<Path> {
    Path::parse(&in_locale(&change.app.site, &below.locale, path.as_str())).ok()
}

async fn is_free(change: &Change<'_>, id: i64, path: &Path, moves: &[Move]) -> Result<bool> {
    let meets = moves.iter().any(|other| other.path.folded() == path.folded());
    let reserved = Reserved::for_entries(change.app, &path.folded()).is_some();
    Ok(!meets && !reserved && paths::taken_by(&change.tx, path, Some(id)).await?.is_none())
}
