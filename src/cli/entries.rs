//! `atlas entries`: what there is, and its life: published, moved, taken off, restored.

use clap::{Args, Subcommand};
use serde::Serialize;

use crate::actions::Change;
use crate::actions::explain::{About, Asked, about};
use crate::actions::move_entry::{Destination, move_entry};
use crate::actions::publish::{Manner, publish};
use crate::actions::restore::restore;
use crate::actions::schedule::schedule;
use crate::actions::trash::trash;
use crate::actions::unpublish::{Then, unpublish};
use crate::app::App;
use crate::cli::{look, open, report, say};
use crate::clock::Time;
use crate::config::Config;
use crate::entry::{Actor, State};
use crate::error::{Error, Result};
use crate::store::catalogue::{self, Line, Wanted};
use crate::store::{Ask, entries, paths};
use crate::text::read_target;

/// What to do with entries. An entry is named by its number or by any of its addresses.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Print entries by number, whatever their state.
    List(List),
    /// Print all that is known of an entry: state, dates, addresses, whether it may be indexed.
    Show(Show),
    /// Put the newest saved state of an entry on the site.
    Publish(Publish),
    /// Take an entry off the site; it is a draft again, or kept in the archive.
    Unpublish(Unpublish),
    /// Give an entry another address; what stands below it moves along.
    ///
    /// Each old address is one redirect from the new one.
    Move(Move),
    /// Put an entry into the trash.
    Trash(Trash),
    /// Take an entry out of the trash or the archive, as a draft.
    Restore(One),
    /// Set when an entry is published and when it is taken off; without a time, take both back.
    Schedule(Schedule),
}

#[derive(Debug, Args)]
pub struct List {
    /// Only entries of this type.
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<String>,
    /// Only entries in this language.
    #[arg(long)]
    locale: Option<String>,
    /// Only entries in this state: `draft`, `scheduled`, `published`, `archived` or `trashed`.
    #[arg(long)]
    state: Option<String>,
    /// At most this many; the last line says how to go on.
    #[arg(long, default_value = "50")]
    limit: u32,
    /// Go on after the entry with this number.
    #[arg(long, value_name = "ID", default_value = "0")]
    after: i64,
    /// Print the list as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Show {
    /// Its number, a path of the site, or a URL.
    entry: String,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct One {
    /// Its number, a path of the site, or a URL.
    entry: String,
    #[command(flatten)]
    manner: Run,
}

/// How a verb is run.
#[derive(Debug, Args)]
pub struct Run {
    /// Say what would happen, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Publish {
    /// Its number, a path of the site, or a URL.
    entry: String,
    /// Take over an address that the public knew and that leads nowhere now.
    #[arg(long)]
    reuse: bool,
    #[command(flatten)]
    manner: Run,
}

/// What the addresses of an entry answer once it is off the site.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Afterwards {
    /// Its addresses lead to this live entry: a number or an address.
    #[arg(long, value_name = "ENTRY")]
    to: Option<String>,
    /// Its addresses say that it is gone (410).
    #[arg(long)]
    gone: bool,
}

#[derive(Debug, Args)]
pub struct Unpublish {
    /// Its number, a path of the site, or a URL.
    entry: String,
    #[command(flatten)]
    then: Afterwards,
    /// Keep it in the archive instead of as a draft.
    #[arg(long)]
    archive: bool,
    #[command(flatten)]
    manner: Run,
}

#[derive(Debug, Args)]
pub struct Move {
    /// Its number, a path of the site, or a URL.
    entry: String,
    /// The last part of the new address, where its type's rule makes the rest.
    #[arg(long)]
    slug: Option<String>,
    /// What it stands below from now on: a number or an address, or `none`.
    #[arg(long, value_name = "ENTRY")]
    parent: Option<String>,
    /// A whole address of its own, whatever the rule says; `none` gives it back to the rule.
    #[arg(long)]
    path: Option<String>,
    /// Take over an address that the public knew and that leads nowhere now.
    #[arg(long)]
    reuse: bool,
    #[command(flatten)]
    manner: Run,
}

#[derive(Debug, Args)]
pub struct Trash {
    /// Its number, a path of the site, or a URL.
    entry: String,
    #[command(flatten)]
    then: Afterwards,
    #[command(flatten)]
    manner: Run,
}

#[derive(Debug, Args)]
pub struct Schedule {
    /// Its number, a path of the site, or a URL.
    entry: String,
    /// When it is published: `2026-12-01T09:00:00+03:30`, or a day, which begins in UTC.
    #[arg(long, value_name = "TIME")]
    publish_at: Option<String>,
    /// When it is taken off the site; its addresses then say that it is gone.
    #[arg(long, value_name = "TIME")]
    unpublish_at: Option<String>,
    #[command(flatten)]
    manner: Run,
}

pub async fn run(config: Config, verb: Verb) -> anyhow::Result<u8> {
    let looks = matches!(verb, Verb::List(_) | Verb::Show(_));
    let app = if looks { look(config).await? } else { open(config).await? };
    match verb {
        Verb::List(given) => list(&app, &given).await?,
        Verb::Show(given) => show(&app, &given).await?,
        verb => act(&app, verb).await?,
    }
    app.db.close().await;
    Ok(0)
}

#[derive(Serialize)]
struct Listed {
    entries: Vec<Line>,
    /// The number to go on after, where there are more.
    #[serde(skip_serializing_if = "Option::is_none")]
    more_after: Option<i64>,
}

async fn list(app: &App, given: &List) -> anyhow::Result<()> {
    if let Some(asked) = &given.state
        && State::ALL.iter().all(|state| state.as_str() != asked)
    {
        let all: Vec<&str> = State::ALL.iter().map(|state| state.as_str()).collect();
        anyhow::bail!("there is no state `{asked}`; {} are right", all.join(", "));
    }
    if let Some(asked) = &given.kind
        && app.types.get(asked).is_none()
    {
        anyhow::bail!("there is no type `{asked}`");
    }
    let wanted = Wanted {
        kind: given.kind.as_deref().unwrap_or_default(),
        locale: given.locale.as_deref().unwrap_or_default(),
        state: given.state.as_deref().unwrap_or_default(),
        after: given.after,
        limit: i64::from(given.limit) + 1,
    };
    let mut entries = catalogue::list(&app.db, wanted).await?;
    let more = entries.len() > given.limit as usize;
    entries.truncate(given.limit as usize);
    let more_after = entries.last().filter(|_| more).map(|last| last.id);
    if given.json {
        return report::json(&Listed { entries, more_after });
    }
    for line in &entries {
        let unseen =
            if line.visibility == "public" { String::new() } else { format!(", {}", line.visibility) };
        let path = line.path.as_deref().unwrap_or("without an address");
        say!(
            "{:>6}  {} {} {}{unseen}  {path}  “{}”",
            line.id,
            line.kind,
            line.locale,
            line.state,
            line.title
        );
    }
    match more_after {
        Some(id) => say!("There are more: --after {id}"),
        None if entries.len() == 1 => say!("1 entry"),
        None => say!("{} entries", entries.len()),
    }
    Ok(())
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    about: About,
    version: i64,
    /// The newest saved state is not on the site.
    unpublished_changes: bool,
    published: Option<String>,
    modified: Option<String>,
    publish_at: Option<String>,
    unpublish_at: Option<String>,
}

async fn show(app: &App, given: &Show) -> anyhow::Result<()> {
    let id = entry_of(app, &app.db, &given.entry).await?;
    let (Some(about), Some(entry)) = (about(app, id).await?, entries::find(&app.db, id).await?) else {
        return Err(Error::NotFound.into());
    };
    let draft = entries::draft(&app.db, id).await?;
    let text = |at: Option<Time>| at.map(Time::rfc3339);
    let shown = Shown {
        version: entry.version,
        unpublished_changes: entry.live_revision != Some(draft.id),
        published: text(entry.published_at),
        modified: text(entry.modified_at),
        publish_at: text(entry.publish_at),
        unpublish_at: text(entry.unpublish_at),
        about,
    };
    if given.json {
        return report::json(&shown);
    }
    let about = &shown.about;
    say!("{} ({}, {}): “{}”", about.id, about.kind, about.locale, about.title);
    let waits = if shown.unpublished_changes { ", with changes that are not published" } else { "" };
    say!("  state      {}, {}, version {}{waits}", about.state, about.visibility, shown.version);
    let dates = [
        ("published", &shown.published),
        ("modified", &shown.modified),
        ("goes live", &shown.publish_at),
        ("ends", &shown.unpublish_at),
        ("canonical", &about.canonical),
    ];
    for (label, value) in dates {
        if let Some(value) = value {
            say!("  {label:<10} {value}");
        }
    }
    for former in &about.former {
        say!("  former     {former}");
    }
    match &about.not_indexable_because {
        None => say!("  indexable  yes"),
        Some(reason) => say!("  indexable  no: {reason}"),
    }
    Ok(())
}

/// What a verb has done, or would do.
#[derive(Debug, Serialize)]
struct Done {
    id: i64,
    title: String,
    version: i64,
    state: String,
    canonical: Option<String>,
    /// Where its addresses lead while it is not on the site.
    #[serde(skip_serializing_if = "Option::is_none")]
    leads_to: Option<String>,
    dry_run: bool,
}

async fn act(app: &App, verb: Verb) -> anyhow::Result<()> {
    let mut change = Change::begin(app, &Actor::Operator).await?;
    let (id, manner) = perform(&mut change, verb).await?;
    let done = outcome(&change, id, manner.dry_run).await?;
    if manner.dry_run {
        change.tx.roll_back().await?;
    } else {
        change.commit().await?;
    }
    if manner.json {
        return report::json(&done);
    }
    let is = if manner.dry_run { "would be" } else { "is" };
    let at =
        done.canonical.as_deref().map_or_else(|| "without an address".to_owned(), |url| format!("at {url}"));
    let leads =
        done.leads_to.as_deref().map_or_else(String::new, |url| format!("; its addresses lead to {url}"));
    say!("{} “{}” {is} {}, {at}{leads}", done.id, done.title, done.state);
    Ok(())
}

/// Does what the verb says, within the change.
async fn perform(change: &mut Change<'_>, verb: Verb) -> Result<(i64, Run)> {
    Ok(match verb {
        Verb::Publish(given) => {
            let (id, seen) = seen(change, &given.entry).await?;
            publish(change, id, seen, Manner { reuse: given.reuse, quiet: false }).await?;
            (id, given.manner)
        }
        Verb::Unpublish(given) => {
            let (id, seen) = seen(change, &given.entry).await?;
            let then = then(change, &given.then).await?;
            unpublish(change, id, seen, given.archive, then).await?;
            (id, given.manner)
        }
        Verb::Move(given) => {
            let (id, seen) = seen(change, &given.entry).await?;
            let to = destination(change, &given).await?;
            move_entry(change, id, seen, to).await?;
            (id, given.manner)
        }
        Verb::Trash(given) => {
            let (id, seen) = seen(change, &given.entry).await?;
            let then = then(change, &given.then).await?;
            trash(change, id, seen, then).await?;
            (id, given.manner)
        }
        Verb::Restore(given) => {
            let (id, seen) = seen(change, &given.entry).await?;
            restore(change, id, seen).await?;
            (id, given.manner)
        }
        Verb::Schedule(given) => {
            let (id, seen) = seen(change, &given.entry).await?;
            let publish_at = time("publish-at", given.publish_at.as_deref())?;
            let unpublish_at = time("unpublish-at", given.unpublish_at.as_deref())?;
            schedule(change, id, seen, publish_at, unpublish_at).await?;
            (id, given.manner)
        }
        Verb::List(_) | Verb::Show(_) => return Err(Error::Internal("looking changes nothing".into())),
    })
}

async fn outcome(change: &Change<'_>, id: i64, dry_run: bool) -> Result<Done> {
    let entry = entries::find(&change.tx, id).await?.ok_or(Error::NotFound)?;
    let leads_to = match entry.replaced_by {
        Some(to) => address_of(change, to).await?,
        None => None,
    };
    Ok(Done {
        id,
        version: entry.version,
        state: entry.state().to_string(),
        canonical: address_of(change, id).await?,
        leads_to,
        dry_run,
        title: entry.title,
    })
}

async fn address_of(change: &Change<'_>, id: i64) -> Result<Option<String>> {
    let path = paths::canonical(&change.tx, id).await?;
    Ok(path.map(|path| change.app.config.origin.url(&path.href())))
}

/// An entry with the version that is there now.
async fn seen(change: &Change<'_>, named: &str) -> Result<(i64, i64)> {
    let id = entry_of(change.app, &change.tx, named).await?;
    let entry = entries::find(&change.tx, id).await?.ok_or(Error::NotFound)?;
    Ok((id, entry.version))
}

async fn then(change: &Change<'_>, given: &Afterwards) -> Result<Then> {
    match &given.to {
        Some(to) => Ok(Then::To(entry_of(change.app, &change.tx, to).await?)),
        None => Ok(Then::Gone),
    }
}

async fn destination(change: &Change<'_>, given: &Move) -> Result<Destination> {
    if given.slug.is_none() && given.parent.is_none() && given.path.is_none() {
        return Err(Error::field("move", "says nothing; give --slug, --parent or --path"));
    }
    let parent = match given.parent.as_deref() {
        None => None,
        Some("none") => Some(None),
        Some(named) => Some(Some(entry_of(change.app, &change.tx, named).await?)),
    };
    let fixed_path = given.path.clone().map(|path| Some(path).filter(|path| path != "none"));
    Ok(Destination { slug: given.slug.clone(), parent, fixed_path, above: None, reuse: given.reuse })
}

/// The entry with a number, or the one that an address leads to or has led to.
async fn entry_of(app: &App, db: &impl Ask, named: &str) -> Result<i64> {
    if let Ok(id) = named.parse::<i64>() {
        let found = entries::find(db, id).await?;
        return found
            .map(|entry| entry.id)
            .ok_or_else(|| Error::field("ENTRY", format!("there is no entry {id}")));
    }
    let asked = Asked::read(named, app.config.origin.as_str())
        .map_err(|_| Error::field("ENTRY", format!("`{named}` is neither a number nor an address")))?;
    let path =
        read_target(&asked.path).map_err(|odd| Error::field("ENTRY", format!("`{named}`: {odd}")))?.path;
    let owner = paths::owner(db, &path.folded()).await?;
    owner.ok_or_else(|| Error::field("ENTRY", format!("no entry has or had the address {path}")))
}

fn time(name: &str, given: Option<&str>) -> Result<Option<Time>> {
    let read = |text: &str| {
        let wrong = || Error::field(name, format!("`{text}` is no time; 2026-12-01T09:00:00Z is right"));
        Time::parse(text).ok_or_else(wrong)
    };
    given.map(read).transpose()
}
