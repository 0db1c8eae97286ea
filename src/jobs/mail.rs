//! Letters with links for coming in. The link is made as its letter goes out, so no table ever holds one
//! (SECURITY T28); a letter that is tried again carries another.

use askama::Template;

use crate::account::Secret;
use crate::actions::{Change, accounts};
use crate::app::App;
use crate::egress::mail::{self, Letter};
use crate::entry::Actor;
use crate::error::{Error, Result};
use crate::store::jobs::{self, Claim};
use crate::store::users::{self, User};

/// To somebody who has not been in yet.
#[derive(Template)]
#[template(path = "mail/invitation.txt")]
struct Invitation<'a> {
    name: &'a str,
    email: &'a str,
    site: &'a str,
    link: String,
}

/// To somebody who is to choose another password.
#[derive(Template)]
#[template(path = "mail/password.txt")]
struct Password<'a> {
    name: &'a str,
    site: &'a str,
    link: String,
    open: &'static str,
}

/// Sends a user the link that somebody who governs has asked for.
///
/// # Errors
/// As [`mail::send`].
pub async fn send_link(app: &App, claim: &Claim, user: i64) -> Result<()> {
    let Some(user) = users::find(&app.db, user).await?.filter(|user| !user.is_disabled()) else {
        return end(app, claim).await;
    };
    let is_new = users::password(&app.db, user.id).await?.is_none();
    let secret = give(app, &user, accounts::OPEN_FOR).await?;
    let letter =
        if is_new { invitation(app, &user, &secret)? } else { password(app, &user, &secret, "three days")? };
    mail::send(&app.config, letter, &app.clock.uuid().to_string()).await?;
    end(app, claim).await
}

/// Sends whoever has this mail address a link for another password; nobody, where nobody has it.
///
/// # Errors
/// As [`mail::send`].
pub async fn send_reset(app: &App, claim: &Claim, email: &str) -> Result<()> {
    let Some(user) = users::find_by_email(&app.db, email).await?.filter(|user| !user.is_disabled()) else {
        return end(app, claim).await;
    };
    let secret = give(app, &user, accounts::RESET_FOR).await?;
    let letter = password(app, &user, &secret, "one hour")?;
    mail::send(&app.config, letter, &app.clock.uuid().to_string()).await?;
    end(app, claim).await
}

async fn give(app: &App, user: &User, open_for: i64) -> Result<Secret> {
    let mut change = Change::begin(app, &Actor::Engine).await?;
    let secret = accounts::link_to_send(&mut change, user, open_for).await?;
    change.commit().await?;
    Ok(secret)
}

fn invitation(app: &App, user: &User, secret: &Secret) -> Result<Letter> {
    let site = app.site.name.as_str();
    let link = accounts::link_url(app, secret);
    let text = Invitation { name: &user.name, email: &user.email, site, link }.render();
    letter(user, format!("You are invited to {site}"), text)
}

fn password(app: &App, user: &User, secret: &Secret, open: &'static str) -> Result<Letter> {
    let site = app.site.name.as_str();
    let link = accounts::link_url(app, secret);
    let text = Password { name: &user.name, site, link, open }.render();
    letter(user, format!("Another password for {site}"), text)
}

fn letter(user: &User, subject: String, text: askama::Result<String>) -> Result<Letter> {
    let text = text.map_err(Error::internal)?;
    Ok(Letter { name: user.name.clone(), email: user.email.clone(), subject, text })
}

async fn end(app: &App, claim: &Claim) -> Result<()> {
    let tx = app.db.begin().await?;
    jobs::complete(&tx, claim).await?;
    tx.commit().await
}
