//! Editors' redirects: exact ones in the registry, prefixes and expressions as rules.
//!
//! Every target is followed to its end when the redirect is saved, so what is stored is one hop.

use serde::Serialize;
use serde_json::json;

use crate::actions::{Change, Reserved, not_found};
use crate::app::feed_of;
use crate::clock::Time;
use crate::entry::Verb;
use crate::entry::rules::{self, MOST, Rule};
use crate::error::{Error, Problem, Result};
use crate::store::paths::{self, Answer};
use crate::store::redirects::{self as exact, Target};
use crate::store::{Ask, rules as stored};
use crate::text::Path;

/// A redirect as a person gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Wish {
    /// `exact`, `prefix` or `regex`.
    pub kind: String,
    pub from: String,
    /// A path, a URL of this site or of an allowed one; empty with 410.
    pub to: Option<String>,
    pub status: u16,
    /// Take a path over that belongs to an entry which is no longer there.
    pub reuse: bool,
}

/// What saving one did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Added {
    /// Nothing had to be done: it is there already.
    pub unchanged: bool,
    /// What a person should know: a chain that was flattened, pages that a rule also matches.
    pub notes: Vec<String>,
}

/// Saves a redirect or a rule.
///
/// # Errors
/// `Invalid` with the field that is wrong: a loop, a dead target, a path that a live page has, a
/// host that is not allowed; `Conflict` for a path that an entry had; `Denied`.
pub async fn add(change: &mut Change<'_>, wish: &Wish) -> Result<Added> {
    change.permit(Verb::Redirect)?;
    rules::check_status(wish.status, wish.to.is_some())?;
    match wish.kind.as_str() {
        "exact" => add_exact(change, wish).await,
        _ => add_rule(change, wish).await,
    }
}

async fn add_exact(change: &mut Change<'_>, wish: &Wish) -> Result<Added> {
    let from = Path::parse_href(&wish.from).map_err(|reason| Problem::new(reason).field("from"))?;
    if let Some(holder) = Reserved::holder(change.app, &from.folded()) {
        return Err(Problem::new(format!("{from} belongs to {holder}")).field("from").into());
    }
    refuse_shadow(change, &from, wish.reuse).await?;
    let mut notes = Vec::new();
    let target = match &wish.to {
        None => Target::Gone,
        Some(to) => settle(change, &from, to, &mut notes).await?,
    };
    let before = find_exact(change, &from).await?;
    let status = i64::from(wish.status);
    exact::redirect(&change.tx, &from, status, &target, change.now).await?;
    let after = find_exact(change, &from).await?;
    let unchanged = before == after && before.is_some();
    if !unchanged {
        change.touch_path(&from.folded());
        change.audit("redirect", None, &json!({ "from": from.as_str(), "to": wish.to, "status": status }));
    }
    Ok(Added { unchanged, notes })
}

async fn find_exact(change: &Change<'_>, from: &Path) -> Result<Option<exact::Redirect>> {
    exact::redirect_at(&change.tx, &from.folded()).await
}

/// A redirect never hides a page, nor silently takes what an entry once had.
async fn refuse_shadow(change: &Change<'_>, from: &Path, reuse: bool) -> Result<()> {
    match paths::registered(&change.tx, &from.folded()).await? {
        Some(row) if matches!(row.kind.as_str(), "canonical" | "former") => {
            match paths::resolve(&change.tx, &from.folded()).await? {
                Answer::Entry { .. } => {
                    Err(Problem::new(format!("{from} is a live page; a redirect would hide it"))
                        .field("from")
                        .into())
                }
                Answer::Gone { .. } if reuse => Ok(()),
                Answer::Gone { .. } => Err(Error::Conflict(format!(
                    "{from} belonged to an entry that is gone; restore the entry, or have the path reused by the command line"
                ))),
                Answer::Redirect { to, .. } => {
                    Err(Error::Conflict(format!("{from} is a former path and leads to {to} by itself")))
                }
                Answer::Unknown { .. } => Err(Error::Conflict(format!("{from} is reserved by a draft"))),
            }
        }
        _ => Ok(()),
    }
}

/// Follows a target to its end.
async fn settle(change: &Change<'_>, from: &Path, to: &str, notes: &mut Vec<String>) -> Result<Target> {
    let wrong = |reason: String| Error::from(Problem::new(reason).field("to"));
    let local = match local_part(change, to)? {
        Local::Elsewhere(url) => return Ok(Target::Elsewhere(url)),
        Local::Path(path) => path,
    };
    if local.folded() == from.folded() {
        return Err(wrong(format!("{from} would lead to itself")));
    }
    if change.app.own_page(&local.folded()).is_some() {
        return Ok(Target::Site(local));
    }
    if local.as_str().starts_with("/media/") {
        return media_target(change, local).await;
    }
    match paths::resolve(&change.tx, &local.folded()).await? {
        Answer::Entry { id, .. } => Ok(Target::Entry(id)),
        Answer::Redirect { to, entry, .. } => {
            if to.starts_with('/') && paths::stored(&to).folded() == from.folded() {
                return Err(wrong(format!("{from} → {local} → {from} is a loop")));
            }
            notes.push(format!("{local} leads on to {to}; {from} now leads there at once"));
            Ok(match entry {
                Some(id) => Target::Entry(id),
                None if to.starts_with('/') => Target::Site(paths::stored(&to)),
                None => Target::Elsewhere(to),
            })
        }
        Answer::Gone { .. } => Err(wrong(format!("nothing is at {local} any more (410)"))),
        Answer::Unknown { .. } if feed_of(&local.folded()).is_some() => Err(wrong(format!(
            "{local} is the feed of a page that may move; lead there by a prefix or an expression, which are \
             followed when asked"
        ))),
        Answer::Unknown { .. } => Err(wrong(format!("nothing answers at {local}"))),
    }
}

async fn media_target(change: &Change<'_>, path: Path) -> Result<Target> {
    let hash = path.segments().nth(1).unwrap_or_default().to_owned();
    match crate::store::media::find(&change.tx, &hash).await? {
        Some(media) if media.address() == path.as_str() => Ok(Target::Site(path)),
        _ => Err(Problem::new(format!("there is no file {path}")).field("to").into()),
    }
}

enum Local {
    Path(Path),
    Elsewhere(String),
}

/// Only a path of this site, or an http(s) URL of a host that the site owner allowed (SECURITY T16).
fn local_part(change: &Change<'_>, to: &str) -> Result<Local> {
    let wrong = |reason: String| Error::from(Problem::new(reason).field("to"));
    if to.chars().any(|character| character.is_control() || character == '\\') {
        return Err(wrong("has a character that no address has".into()));
    }
    if to.starts_with('/') && !to.starts_with("//") {
        return Path::parse_href(to).map(Local::Path).map_err(wrong);
    }
    let url = url::Url::parse(to).map_err(|_| wrong(format!("`{to}` is neither a path (/…) nor a URL")))?;
    if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some() {
        return Err(wrong(format!("`{to}` is no plain http or https URL")));
    }
    if url.origin().ascii_serialization() == change.app.config.origin.to_string() {
        return Path::parse_href(url.path()).map(Local::Path).map_err(wrong);
    }
    let host = url.host_str().unwrap_or_default();
    if change.app.site.redirect_hosts.iter().any(|allowed| allowed == host) {
        return Ok(Local::Elsewhere(url.to_string()));
    }
    Err(wrong(format!("the host {host} is not allowed; add it to `redirect_hosts` in site.toml")))
}

async fn add_rule(change: &mut Change<'_>, wish: &Wish) -> Result<Added> {
    let to = match &wish.to {
        None => None,
        // Checked with its parts filled in, as it will be used.
        Some(to) => Some(match local_part(change, &to.replace('$', "_"))? {
            Local::Path(path) if !to.contains('$') => path.to_string(),
            Local::Path(_) if to.starts_with('/') && !to.contains('%') => to.clone(),
            Local::Path(_) => {
                let reason = format!("`{to}`: with parts of the expression, write a path, and that decoded");
                return Err(Problem::new(reason).field("to").into());
            }
            Local::Elsewhere(_) => to.clone(),
        }),
    };
    let rule = Rule::new(&wish.kind, &wish.from, to.as_deref(), wish.status)?;
    refuse_self_feeding(&rule, to.as_deref())?;
    let all = stored::all(&change.tx).await?;
    let new = stored::Rule {
        kind: wish.kind.clone(),
        pattern: wish.from.clone(),
        target: to.clone(),
        status: i64::from(wish.status),
    };
    if all.contains(&new) {
        return Ok(Added { unchanged: true, notes: Vec::new() });
    }
    if all.len() >= MOST {
        let reason = format!("the site has {MOST} rules already; each one is tried on every unknown path");
        return Err(Problem::new(reason).field("kind").into());
    }
    let notes = simulate(change, &rule).await?;
    stored::write(&change.tx, &new, change.now).await?;
    not_found::forget_answered(change, &rule).await?;
    change.touch("rules");
    change.touch("site");
    change.audit("rule", None, &json!(new));
    Ok(Added { unchanged: false, notes })
}

/// A rule whose target it matches itself would lead in circles.
fn refuse_self_feeding(rule: &Rule, to: Option<&str>) -> Result<()> {
    let Some(to) = to.filter(|to| to.starts_with('/')) else { return Ok(()) };
    let Ok(path) = Path::parse(&to.replace('$', "")) else { return Ok(()) };
    if rule.apply(&path).is_some() {
        let reason = format!("the target {to} matches the rule itself: it would lead in circles");
        return Err(Problem::new(reason).field("to").into());
    }
    Ok(())
}

/// Tries a rule on every live page. Live pages keep answering (the registry comes first), but a rule
/// that matches them is often not what was meant.
async fn simulate(change: &Change<'_>, rule: &Rule) -> Result<Vec<String>> {
    let mut matched = 0_usize;
    let mut first = Vec::new();
    let mut after = String::new();
    loop {
        let page = paths::live_after(&change.tx, &after, 5_000).await?;
        let Some(last) = page.last() else { break };
        after.clone_from(&last.0);
        for (_, path) in &page {
            if rule.apply(&paths::stored(path)).is_some() {
                matched += 1;
                if first.len() < 3 {
                    first.push(path.clone());
                }
            }
        }
    }
    if matched == 0 {
        return Ok(Vec::new());
    }
    Ok(vec![format!(
        "the rule also matches {matched} live page(s), such as {}; they keep answering themselves",
        first.join(", ")
    )])
}

/// Takes a redirect, a gone mark or a rule away.
///
/// # Errors
/// `NotFound` when there is none; `Denied`.
pub async fn remove(change: &mut Change<'_>, kind: &str, from: &str) -> Result<()> {
    change.permit(Verb::Redirect)?;
    let removed = if kind == "exact" {
        let path = Path::parse_href(from).map_err(|reason| Problem::new(reason).field("from"))?;
        change.touch_path(&path.folded());
        exact::remove_redirect(&change.tx, &path.folded()).await?
    } else {
        change.touch("rules");
        change.touch("site");
        stored::remove(&change.tx, kind, from).await?
    };
    if !removed {
        return Err(Error::NotFound);
    }
    change.audit("remove_redirect", None, &json!({ "kind": kind, "from": from }));
    Ok(())
}

/// Every redirect and rule, as it would be given again.
pub async fn list(db: &impl Ask) -> Result<Vec<Wish>> {
    let exact = exact::redirects(db).await?.into_iter().map(of_redirect);
    Ok(exact.chain(stored::all(db).await?.into_iter().map(of_rule)).collect())
}

/// A redirect or a rule in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub wish: Wish,
    /// Of people, as far as they were counted, and when the last one came.
    pub visits: i64,
    pub visited_at: Option<Time>,
}

/// The exact redirects whose address or target holds these words, by address, after a folded one; and the
/// folded address of the last, where there are more.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn page(
    db: &impl Ask,
    words: &str,
    after: &str,
    size: usize,
) -> Result<(Vec<Shown>, Option<String>)> {
    let mut found = exact::matching(db, words, after, size as i64 + 1).await?;
    let more = found.len() > size;
    found.truncate(size);
    let last = found.last().filter(|_| more).map(|last| last.folded.clone());
    let shown = found.into_iter().map(|row| Shown {
        visits: row.visits,
        visited_at: row.visited_at,
        wish: of_redirect(row.redirect),
    });
    Ok((shown.collect(), last))
}

/// The rules whose pattern or target holds these words, in the order in which they are tried.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn rules(db: &impl Ask, words: &str) -> Result<Vec<Shown>> {
    let words = words.trim().to_lowercase();
    let holds = |text: &str| text.to_lowercase().contains(&words);
    let visits = stored::visits(db).await?;
    let shown = stored::all(db).await?.into_iter().filter_map(|rule| {
        let fits = holds(&rule.pattern) || rule.target.as_deref().is_some_and(holds);
        let used = visits.iter().find(|one| one.kind == rule.kind && one.pattern == rule.pattern);
        fits.then(|| Shown {
            visits: used.map_or(0, |used| used.visits),
            visited_at: used.map(|used| used.last_at),
            wish: of_rule(rule),
        })
    });
    Ok(shown.collect())
}

/// The redirect or rule at an address or of a pattern.
///
/// # Errors
/// `NotFound` when there is none.
pub async fn find(db: &impl Ask, kind: &str, from: &str) -> Result<Wish> {
    let found = if kind == "exact" {
        let path = Path::parse_href(from).map_err(|_| Error::NotFound)?;
        exact::redirect_at(db, &path.folded()).await?.map(of_redirect)
    } else {
        let mut all = stored::all(db).await?.into_iter();
        all.find(|rule| rule.kind == kind && rule.pattern == from).map(of_rule)
    };
    found.ok_or(Error::NotFound)
}

/// Puts a redirect or rule in the place of another one.
///
/// # Errors
/// `NotFound` when that is not there, and those of [`add`].
pub async fn replace(change: &mut Change<'_>, (kind, from): (&str, &str), wish: &Wish) -> Result<Added> {
    let before = find(&change.tx, kind, from).await?;
    let stays = match Path::parse_href(&wish.from) {
        Ok(path) if kind == "exact" => path.folded() == paths::stored(&before.from).folded(),
        _ => before.from == wish.from,
    };
    if wish.kind != kind || !stays {
        remove(change, kind, from).await?;
    }
    add(change, wish).await
}

fn of_redirect(row: exact::Redirect) -> Wish {
    Wish { kind: "exact".into(), from: row.path, to: row.target, status: row.status as u16, reuse: false }
}

fn of_rule(rule: stored::Rule) -> Wish {
    Wish { kind: rule.kind, from: rule.pattern, to: rule.target, status: rule.status as u16, reuse: false }
}
