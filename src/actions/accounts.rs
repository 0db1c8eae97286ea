//! Who may work on the site: letting people in, and out (SECURITY T10-T12).
//!
//! Passwords are hashed before a change begins: nobody waits for the writer meanwhile.

use std::net::IpAddr;

use serde_json::json;

use crate::account::{Door, Language, Secret, digest, fold_email, network, refuse};
use crate::actions::Change;
use crate::app::App;
use crate::clock::Time;
use crate::entry::{Actor, Role, Verb};
use crate::error::{Error, Problem, Problems, Result};
use crate::schema;
use crate::store::jobs::{self, Payload};
use crate::store::users::{self, OneTimeLink, User};
use crate::store::{second_factors, sessions};

/// How long a link opens its door, in milliseconds.
pub const OPEN_FOR: i64 = 3 * 24 * 3_600_000;
/// How long one does that somebody has asked for who had forgotten their password.
pub const RESET_FOR: i64 = 3_600_000;

const LONGEST_NAME: usize = 100;

/// What came of an attempt to sign in.
#[derive(Debug)]
pub enum SignIn {
    Welcome(User),
    /// The password is right, and the second factor is still to be shown.
    Halfway(User),
    /// No such user, a wrong password, or one who may not come in any more: nobody learns which.
    Wrong,
    /// Tried too often; seconds until the next try.
    Wait(i64),
}

/// Tries a mail address with a password.
///
/// # Errors
/// `Unavailable` when the database is away, or too many passwords are being checked.
pub async fn sign_in(app: &App, email: &str, password: &str, client: IpAddr) -> Result<SignIn> {
    let (email, now) = (fold_email(email), app.clock.now());
    let door = password_door(&email, client);
    if let Err(seconds) = app.attempts.take(&door, now) {
        return Ok(SignIn::Wait(seconds));
    }
    let checked = check(app, &email, password).await;
    match checked.inspect_err(|_| app.attempts.take_back(&door))? {
        Some(user) if second_factors::is_on(&app.db, user.id).await? => {
            app.attempts.take_back(&door);
            Ok(SignIn::Halfway(user))
        }
        Some(user) => {
            app.attempts.succeeded(&door);
            note(app, &user.actor(), "sign_in", &json!({})).await?;
            Ok(SignIn::Welcome(user))
        }
        None => {
            tracing::info!(network = network(client), "somebody failed to sign in");
            Ok(SignIn::Wrong)
        }
    }
}

/// The door that a password opens. Each kind of door has its own names: what somebody types as a mail
/// address is no other door's.
pub(super) fn password_door(email: &str, client: IpAddr) -> Door {
    Door::new(&format!("password of {email}"), client)
}

/// The user of a mail address and this password, if they may come in.
async fn check(app: &App, email: &str, password: &str) -> Result<Option<User>> {
    let user = users::find_by_email(&app.db, email).await?.filter(|user| !user.is_disabled());
    // The same two questions whoever it is.
    let stored = users::password(&app.db, user.as_ref().map_or(0, |user| user.id)).await?;
    let is_right = app.hashing.matches(password, stored).await?;
    Ok(user.filter(|_| is_right))
}

/// Writes down what somebody did that changes no content.
async fn note(app: &App, actor: &Actor, action: &str, detail: &serde_json::Value) -> Result<()> {
    let change = Change::begin(app, actor).await?;
    change.audit(action, None, detail);
    change.commit().await
}

/// A new link for the first owner, while there is none. Earlier ones open nothing any more.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn owner_link(app: &App) -> Result<Option<Secret>> {
    if users::owners(&app.db).await? > 0 {
        return Ok(None);
    }
    let change = Change::begin(app, &Actor::Engine).await?;
    let secret = give_link(&change, None, OPEN_FOR).await?;
    change.commit().await?;
    Ok(Some(secret))
}

/// Where a link leads.
pub fn link_url(app: &App, secret: &Secret) -> String {
    app.config.origin.url(&format!("/admin/welcome/{}", secret.reveal()))
}

async fn give_link(change: &Change<'_>, user: Option<i64>, open_for: i64) -> Result<Secret> {
    let secret = Secret::new()?;
    let expires = Time(change.now.0 + open_for);
    users::give_link(&change.tx, &secret.digest(), user, change.now, expires).await?;
    Ok(secret)
}

/// Who may come in by a link: `None` in it is the first owner.
///
/// # Errors
/// `NotFound` when it was used, has expired, or never was.
pub async fn behind(app: &App, secret: &str) -> Result<Option<User>> {
    let link = users::link(&app.db, &digest(secret), app.clock.now()).await?.ok_or(Error::NotFound)?;
    match link.user_id {
        Some(id) => {
            let user = users::find(&app.db, id).await?.filter(|user| !user.is_disabled());
            user.map(Some).ok_or(Error::NotFound)
        }
        None if users::owners(&app.db).await? == 0 => Ok(None),
        None => Err(Error::NotFound),
    }
}

/// What somebody says of themselves as they come in by a link.
#[derive(Debug, Clone, Default)]
pub struct Arrival {
    /// Asked of the first owner alone; whoever was invited is known by theirs.
    pub email: String,
    pub name: String,
    pub password: String,
    /// The language that their browser asks for: the back office speaks it from then on, where nobody has
    /// chosen another one for them.
    pub language: Option<Language>,
}

/// Lets somebody in by a link, which is used up with it.
///
/// # Errors
/// `NotFound` for a link that opens nothing; `Invalid` with every wrong field.
pub async fn arrive(app: &App, secret: &str, arrival: Arrival) -> Result<User> {
    let known = behind(app, secret).await?;
    let email = known.as_ref().map_or_else(|| fold_email(&arrival.email), |user| user.email.clone());
    let mut problems = Problems::default();
    let name = name_of(&arrival.name, &mut problems);
    check_email(&email, &mut problems);
    check_password(app, &arrival.password, &email, &name, &mut problems);
    problems.or(())?;
    let hash = app.hashing.hash(&arrival.password).await?;
    let actor = known.as_ref().map_or(Actor::Engine, User::actor);
    let change = Change::begin(app, &actor).await?;
    let link = users::use_link(&change.tx, &digest(secret), change.now).await?.ok_or(Error::NotFound)?;
    let user = match link {
        OneTimeLink { user_id: Some(id), .. } => {
            users::set_name(&change.tx, id, &name).await?;
            users::take_links_back(&change.tx, id).await?;
            sessions::end_others(&change.tx, id, None).await?;
            users::find(&change.tx, id).await?.ok_or(Error::NotFound)?
        }
        OneTimeLink { user_id: None, .. } if users::owners(&change.tx).await? > 0 => {
            return Err(Error::NotFound);
        }
        OneTimeLink { user_id: None, .. } => {
            let owner = users::insert(&change.tx, &email, &name, Role::Owner, change.now).await?;
            change.audit("create_user", None, &json!({ "user": owner.id, "role": "owner" }));
            owner
        }
    };
    if let (Some(language), None) = (arrival.language, user.language()) {
        users::set_language(&change.tx, user.id, language).await?;
    }
    users::set_password(&change.tx, user.id, &hash, change.now).await?;
    change.audit("set_password", None, &json!({ "user": user.id }));
    change.commit().await?;
    Ok(user)
}

/// Somebody who is to work on the site.
#[derive(Debug, Clone)]
pub struct Invitation {
    pub email: String,
    pub name: String,
    pub role: Role,
}

/// Makes a user, and the link by which they come in.
///
/// # Errors
/// `Invalid` with every wrong field; `Denied`.
pub async fn invite(change: &mut Change<'_>, invitation: &Invitation) -> Result<(User, Secret)> {
    let user = create(change, invitation).await?;
    let secret = give_link(change, Some(user.id), OPEN_FOR).await?;
    Ok((user, secret))
}

/// Makes a user, who gets the link by mail.
///
/// # Errors
/// As [`invite`].
pub async fn invite_by_mail(change: &mut Change<'_>, invitation: &Invitation) -> Result<User> {
    let user = create(change, invitation).await?;
    ask_for(change, &Payload::Link { user: user.id }).await?;
    Ok(user)
}

async fn create(change: &mut Change<'_>, invitation: &Invitation) -> Result<User> {
    change.permit(Verb::Govern)?;
    refuse_owners(change, invitation.role)?;
    let mut problems = Problems::default();
    let (email, name) = (fold_email(&invitation.email), name_of(&invitation.name, &mut problems));
    check_email(&email, &mut problems);
    problems.or(())?;
    let user = users::insert(&change.tx, &email, &name, invitation.role, change.now).await?;
    change.audit("create_user", None, &json!({ "user": user.id, "role": invitation.role.as_str() }));
    Ok(user)
}

async fn ask_for(change: &Change<'_>, letter: &Payload) -> Result<()> {
    let now = change.app.database_now().await?;
    jobs::enqueue(&change.tx, letter, now, now).await
}

/// A link by which a user chooses another password: their sessions end when they do.
///
/// # Errors
/// `NotFound`; `Denied`.
pub async fn link_for(change: &mut Change<'_>, id: i64) -> Result<Secret> {
    let user = linkable(change, id).await?;
    link_to_send(change, &user, OPEN_FOR).await
}

/// As [`link_for`], for a user who gets it by mail.
///
/// # Errors
/// As [`link_for`].
pub async fn link_by_mail(change: &mut Change<'_>, id: i64) -> Result<User> {
    let user = linkable(change, id).await?;
    ask_for(change, &Payload::Link { user: id }).await?;
    // The engine makes the link; who wanted it stands here.
    change.audit("ask_link", None, &json!({ "user": id }));
    Ok(user)
}

/// A link for a user who is to have one; for so many milliseconds.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn link_to_send(change: &mut Change<'_>, user: &User, open_for: i64) -> Result<Secret> {
    change.audit("give_link", None, &json!({ "user": user.id }));
    give_link(change, Some(user.id), open_for).await
}

/// A user for whom this actor may make a link.
async fn linkable(change: &Change<'_>, id: i64) -> Result<User> {
    if matches!(change.actor, Actor::User { id: own, .. } if *own == id) {
        // Whoever sits at somebody's open session gets no lasting way in.
        return Err(Error::Denied("your own password is changed under “Your account”".into()));
    }
    let user = governed(change, id).await?;
    if user.is_disabled() {
        return Err(Error::Conflict(format!("{} may not come in; enable the account first", user.name)));
    }
    Ok(user)
}

/// Asks for a link by mail for whoever has forgotten their password. Whether anybody has this address is
/// looked up when the letter is due, so that nobody learns it by asking (SECURITY T12); seconds to wait,
/// where it was asked too often.
///
/// # Errors
/// `Invalid` for what is no mail address; `Unavailable`.
pub async fn forgot(app: &App, email: &str, client: IpAddr) -> Result<Option<i64>> {
    let email = fold_email(email);
    let mut problems = Problems::default();
    check_email(&email, &mut problems);
    problems.or(())?;
    let door = Door::new(&format!("link for {email}"), client);
    if let Err(seconds) = app.attempts.take(&door, app.clock.now()) {
        return Ok(Some(seconds));
    }
    let now = app.database_now().await?;
    let tx = app.db.begin().await?;
    jobs::enqueue(&tx, &Payload::Reset { email }, now, now).await?;
    tx.commit().await?;
    Ok(None)
}

/// Gives a user another role, from their next request on.
///
/// # Errors
/// `Conflict` for the only owner; `NotFound`; `Denied`.
pub async fn set_role(change: &mut Change<'_>, id: i64, role: Role) -> Result<()> {
    let user = governed(change, id).await?;
    refuse_owners(change, role)?;
    if role != Role::Owner {
        keep_an_owner(change, &user).await?;
    }
    users::set_role(&change.tx, id, role).await?;
    // Whoever holds a session gained under another role signs in anew (SECURITY T10).
    sessions::end_others(&change.tx, id, None).await?;
    change.audit("set_role", None, &json!({ "user": id, "from": user.role().as_str(), "to": role.as_str() }));
    Ok(())
}

/// Keeps a user out, or lets them in again; out at once, wherever they are in.
///
/// # Errors
/// `Conflict` for the only owner; `NotFound`; `Denied`.
pub async fn set_disabled(change: &mut Change<'_>, id: i64, disabled: bool) -> Result<()> {
    let user = governed(change, id).await?;
    if disabled {
        keep_an_owner(change, &user).await?;
        sessions::end_others(&change.tx, id, None).await?;
        users::take_links_back(&change.tx, id).await?;
    }
    users::set_disabled(&change.tx, id, disabled.then_some(change.now)).await?;
    change.audit(if disabled { "disable_user" } else { "enable_user" }, None, &json!({ "user": id }));
    Ok(())
}

/// Changes the password of a user who knows the present one; every other session of theirs ends.
///
/// # Errors
/// `Invalid` naming `current` or `password`; `Unavailable`.
pub async fn change_password(
    app: &App,
    user: &User,
    current: &str,
    new: &str,
    keep: Option<&str>,
    client: IpAddr,
) -> Result<()> {
    prove(app, user, current, "current", client).await?;
    set_password(app, &user.actor(), user, new, keep).await
}

/// Gives somebody another mail address and name; they sign in with that address from then on. Links that
/// went to the old one open nothing.
///
/// # Errors
/// `Invalid` with every wrong field.
pub async fn set_own(change: &Change<'_>, user: &User, email: &str, name: &str) -> Result<()> {
    let email = fold_email(email);
    let mut problems = Problems::default();
    let name = name_of(name, &mut problems);
    check_email(&email, &mut problems);
    problems.or(())?;
    if name != user.name {
        users::set_name(&change.tx, user.id, &name).await?;
    }
    if email != user.email {
        users::set_email(&change.tx, user.id, &email).await?;
        users::take_links_back(&change.tx, user.id).await?;
    }
    if name != user.name || email != user.email {
        change.audit("change_account", None, &json!({ "user": user.id }));
    }
    Ok(())
}

/// Chooses the language that the back office speaks to somebody.
///
/// # Errors
/// `Unavailable` when the database is away.
pub async fn set_language(change: &Change<'_>, user: &User, language: Language) -> Result<()> {
    if user.language() != Some(language) {
        users::set_language(&change.tx, user.id, language).await?;
        change.audit("change_account", None, &json!({ "user": user.id, "language": language.code() }));
    }
    Ok(())
}

/// Gives a user a password.
///
/// # Errors
/// `Invalid` when it is not taken; `Unavailable`.
pub async fn set_password(
    app: &App,
    actor: &Actor,
    user: &User,
    password: &str,
    keep: Option<&str>,
) -> Result<()> {
    let mut problems = Problems::default();
    check_password(app, password, &user.email, &user.name, &mut problems);
    problems.or(())?;
    let hash = app.hashing.hash(password).await?;
    let change = Change::begin(app, actor).await?;
    users::set_password(&change.tx, user.id, &hash, change.now).await?;
    users::take_links_back(&change.tx, user.id).await?;
    sessions::end_others(&change.tx, user.id, keep).await?;
    change.audit("set_password", None, &json!({ "user": user.id }));
    change.commit().await
}

/// Whether a password is that of somebody who is signed in, asked once more (SECURITY T10).
///
/// # Errors
/// `Invalid` naming `field` when it isn't, or was tried too often; `Unavailable`.
pub async fn prove(app: &App, user: &User, password: &str, field: &str, client: IpAddr) -> Result<()> {
    let (door, now) = (password_door(&user.email, client), app.clock.now());
    if let Err(seconds) = app.attempts.take(&door, now) {
        return Err(Error::field(field, format!("was tried too often; try again in {seconds} seconds")));
    }
    let checked = match users::password(&app.db, user.id).await {
        Ok(stored) => app.hashing.matches(password, stored).await,
        Err(error) => Err(error),
    };
    if !checked.inspect_err(|_| app.attempts.take_back(&door))? {
        return Err(Error::field(field, "is not your present password"));
    }
    app.attempts.succeeded(&door);
    Ok(())
}

/// A user whom this actor may govern.
pub(super) async fn governed(change: &Change<'_>, id: i64) -> Result<User> {
    change.permit(Verb::Govern)?;
    let user = users::find(&change.tx, id).await?.ok_or(Error::NotFound)?;
    refuse_owners(change, user.role())?;
    Ok(user)
}

/// Owners are made and unmade by owners.
fn refuse_owners(change: &Change<'_>, role: Role) -> Result<()> {
    match change.actor {
        Actor::User { role: own, .. } if role == Role::Owner && *own != Role::Owner => {
            Err(Error::Denied("only an owner makes or changes owners".into()))
        }
        _ => Ok(()),
    }
}

async fn keep_an_owner(change: &Change<'_>, user: &User) -> Result<()> {
    let is_last = user.role() == Role::Owner && !user.is_disabled() && users::owners(&change.tx).await? < 2;
    if is_last {
        return Err(Error::Conflict(format!("{} is the only owner; make another one first", user.name)));
    }
    Ok(())
}

fn name_of(written: &str, problems: &mut Problems) -> String {
    let name = written.split_whitespace().collect::<Vec<_>>().join(" ");
    let problem = match name.chars().count() {
        0 => Some("is required".to_owned()),
        length if length > LONGEST_NAME => Some(format!("is longer than {LONGEST_NAME} characters")),
        _ if name.chars().any(is_hidden) => Some("has a character that can't be seen".to_owned()),
        _ => None,
    };
    problems.0.extend(problem.map(|reason| Problem::new(reason).field("name")));
    name
}

/// Control characters, and those that turn the direction of what follows (SECURITY T31).
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn check_email(email: &str, problems: &mut Problems) {
    if let Err(reason) = schema::email(email) {
        problems.push(Problem::new(reason).field("email"));
    }
}

fn check_password(app: &App, password: &str, email: &str, name: &str, problems: &mut Problems) {
    let local = email.split('@').next().unwrap_or_default();
    let known = [email, local, name, &app.site.name];
    problems.0.extend(refuse(password, &known).map(|reason| Problem::new(reason).field("password")));
}
