//! The second factor: setting it up, showing it, taking it away (SECURITY T13).

use std::net::IpAddr;

use serde_json::json;

use crate::account::{Door, KEY_LENGTH, Sealing, Seed, Typed, network, recovery_codes, recovery_digest};
use crate::actions::Change;
use crate::actions::accounts;
use crate::app::App;
use crate::config::SecondFactor as Wanted;
use crate::entry::{Actor, Role};
use crate::error::{Error, Result};
use crate::store::second_factors;
use crate::store::sessions;
use crate::store::users::{self, User};

/// The file of the key that seeds are encrypted with, in the data folder's `keys`.
const KEY: &str = "second-factors";

/// What came of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    Right,
    Wrong,
    /// Tried too often; seconds until the next try.
    Wait(i64),
}

/// How it stands with somebody's second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Since when it counts, in milliseconds; `None`: there is none.
    pub since: Option<crate::clock::Time>,
    pub recovery_codes: i64,
    /// The site asks it of this user.
    pub is_required: bool,
}

impl Standing {
    /// # Errors
    /// `Unavailable` when the database is away.
    pub async fn of(app: &App, user: &User) -> Result<Standing> {
        let factor = second_factors::find(&app.db, user.id).await?;
        Ok(Standing {
            since: factor.and_then(|factor| factor.confirmed_at),
            recovery_codes: second_factors::recovery_codes_left(&app.db, user.id).await?,
            is_required: is_required(app, user.role()),
        })
    }

    pub fn is_on(&self) -> bool {
        self.since.is_some()
    }
}

/// Whether the site asks a second factor of this role.
fn is_required(app: &App, role: Role) -> bool {
    app.config.second_factor == Wanted::Required && matches!(role, Role::Owner | Role::Administrator)
}

/// Whether somebody has to set one up before anything else.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn is_lacking(app: &App, user: &User) -> Result<bool> {
    Ok(is_required(app, user.role()) && !second_factors::is_on(&app.db, user.id).await?)
}

/// A new seed for somebody's app. It counts when [`confirm`] has seen a code of it.
///
/// # Errors
/// `Conflict` where one counts already.
pub async fn begin(change: &Change<'_>, user: i64) -> Result<Seed> {
    let seed = Seed::new()?;
    let sealed = sealing(change.app)?.seal(&owner(user), seed.as_bytes())?;
    if !second_factors::begin(&change.tx, user, &sealed).await? {
        return Err(Error::Conflict("a second factor is on already; turn it off first".into()));
    }
    Ok(seed)
}

/// The seed that waits for its first code.
///
/// # Errors
/// `NotFound` where none does.
pub async fn begun(app: &App, user: i64) -> Result<Seed> {
    waiting(app, user).await.map(|(_, seed)| seed)
}

/// The seed that waits, as it is stored and as it is.
async fn waiting(app: &App, user: i64) -> Result<(String, Seed)> {
    let factor = second_factors::find(&app.db, user).await?.filter(|factor| factor.confirmed_at.is_none());
    let sealed = factor.ok_or(Error::NotFound)?.seed;
    let seed = unsealed(app, user, &sealed)?;
    Ok((sealed, seed))
}

/// Lets the seed count by its first code; the recovery codes, which nobody can show again. Whoever else is
/// in as this user has shown less, and is signed out.
///
/// # Errors
/// `Invalid` naming `code`; `NotFound` where nothing was begun.
pub async fn confirm(
    app: &App,
    user: &User,
    code: &str,
    keep: Option<&str>,
    client: IpAddr,
) -> Result<Vec<String>> {
    let ((sealed, seed), now) = (waiting(app, user.id).await?, app.clock.now());
    let door = door(user, client);
    if let Err(seconds) = app.attempts.take(&door, now) {
        return Err(Error::field("code", format!("was tried too often; try again in {seconds} seconds")));
    }
    let step = match Typed::read(code) {
        Typed::Code(code) => seed.step_of(code, now, 0),
        Typed::Recovery(_) => None,
    };
    let Some(step) = step else {
        return Err(Error::field("code", "is not the one that the app shows now; is its clock right?"));
    };
    app.attempts.succeeded(&door);
    let actor = user.actor();
    let change = Change::begin(app, &actor).await?;
    if !second_factors::confirm(&change.tx, user.id, &sealed, step, change.now).await? {
        return Err(Error::NotFound);
    }
    let codes = give_recovery_codes(&change, user.id).await?;
    sessions::end_others(&change.tx, user.id, keep).await?;
    change.audit("second_factor_on", None, &json!({ "user": user.id }));
    change.commit().await?;
    Ok(codes)
}

/// New recovery codes; those from before are worth nothing.
///
/// # Errors
/// `Conflict` without a second factor.
pub async fn renew_recovery_codes(change: &Change<'_>, user: i64) -> Result<Vec<String>> {
    if !second_factors::is_on(&change.tx, user).await? {
        return Err(Error::Conflict("recovery codes come with a second factor, and none is on".into()));
    }
    change.audit("recovery_codes", None, &json!({ "user": user }));
    give_recovery_codes(change, user).await
}

async fn give_recovery_codes(change: &Change<'_>, user: i64) -> Result<Vec<String>> {
    let codes = recovery_codes()?;
    let digests: Vec<String> = codes.iter().map(|code| recovery_digest(code)).collect();
    second_factors::set_recovery_codes(&change.tx, user, &digests).await?;
    Ok(codes)
}

/// Takes one's own second factor away.
///
/// # Errors
/// `Conflict` where the site asks it of one's role.
pub async fn turn_off(change: &Change<'_>, user: &User) -> Result<()> {
    if is_required(change.app, user.role()) {
        return Err(Error::Conflict("owners and administrators of this site need a second factor".into()));
    }
    remove(change, user.id).await
}

/// Takes somebody else's second factor away: their phone is lost, and so are their recovery codes. They
/// sign in anew.
///
/// # Errors
/// `NotFound`; `Denied`; `Conflict` where there is none.
pub async fn remove_of(change: &Change<'_>, id: i64) -> Result<()> {
    if matches!(change.actor, Actor::User { id: own, .. } if *own == id) {
        return Err(Error::Denied("your own second factor is turned off under “Your account”".into()));
    }
    let user = accounts::governed(change, id).await?;
    if !second_factors::is_on(&change.tx, id).await? {
        return Err(Error::Conflict(format!("{} has no second factor", user.name)));
    }
    remove(change, id).await?;
    sessions::end_others(&change.tx, id, None).await?;
    Ok(())
}

async fn remove(change: &Change<'_>, user: i64) -> Result<()> {
    if second_factors::remove(&change.tx, user).await? {
        change.audit("second_factor_off", None, &json!({ "user": user }));
    }
    Ok(())
}

/// Tries a code, or a recovery code, of somebody whose password was right; it is used up by that.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn show(app: &App, user: &User, typed: &str, client: IpAddr) -> Result<Shown> {
    let (door, now) = (door(user, client), app.clock.now());
    if let Err(seconds) = app.attempts.take(&door, now) {
        return Ok(Shown::Wait(seconds));
    }
    let taken = take(app, user, Typed::read(typed)).await;
    if taken.inspect_err(|_| app.attempts.take_back(&door))? {
        app.attempts.succeeded(&door);
        app.attempts.succeeded(&accounts::password_door(&user.email, client));
        return Ok(Shown::Right);
    }
    // Whoever stands here knows the password.
    tracing::warn!(user = user.id, network = network(client), "a second factor was wrong");
    Ok(Shown::Wrong)
}

async fn take(app: &App, user: &User, typed: Typed) -> Result<bool> {
    let actor = user.actor();
    let (taken, by) = match typed {
        Typed::Code(code) => {
            let Some(factor) = second_factors::find(&app.db, user.id).await? else { return Ok(false) };
            let seed = unsealed(app, user.id, &factor.seed)?;
            let Some(step) = seed.step_of(code, app.clock.now(), factor.last_step) else { return Ok(false) };
            let change = Change::begin(app, &actor).await?;
            let taken = second_factors::take_step(&change.tx, user.id, step).await?;
            (taken.then_some(change), "code")
        }
        Typed::Recovery(digest) => {
            let change = Change::begin(app, &actor).await?;
            let taken = second_factors::use_recovery_code(&change.tx, user.id, &digest).await?;
            (taken.then_some(change), "recovery_code")
        }
    };
    let Some(change) = taken else { return Ok(false) };
    change.audit("sign_in", None, &json!({ "second_factor": by }));
    change.commit().await?;
    Ok(true)
}

/// The user whose second step is due, if nothing has come between.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn awaited(app: &App, id: i64) -> Result<Option<User>> {
    Ok(users::find(&app.db, id).await?.filter(|user| !user.is_disabled()))
}

/// Codes have a count of their own, so that a right password gives no more of them.
fn door(user: &User, client: IpAddr) -> Door {
    Door::new(&format!("second factor of {}", user.id), client)
}

fn owner(user: i64) -> String {
    format!("second factor of user {user}")
}

fn sealing(app: &App) -> Result<Sealing> {
    Sealing::new(&app.files.key(KEY, KEY_LENGTH)?)
}

fn unsealed(app: &App, user: i64, sealed: &str) -> Result<Seed> {
    let opened = sealing(app)?.open(&owner(user), sealed);
    opened.and_then(|bytes| Seed::from_bytes(&bytes)).ok_or_else(|| {
        Error::internal("a second factor was encrypted with another key than that of the data folder")
    })
}
