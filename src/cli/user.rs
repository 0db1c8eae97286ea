//! `atlas user`: who may work on the site.

use std::io::Read;

use clap::{Args, Subcommand};

use crate::account::{Language, Secret, fold_email};
use crate::actions::accounts::{self, Invitation};
use crate::actions::{Change, second_factor};
use crate::app::App;
use crate::cli::{look, report, say};
use crate::config::Config;
use crate::entry::{Actor, Role};
use crate::store::second_factors;
use crate::store::users::{self, User};

/// What to do with users.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Make a user, and print the link by which they come in and choose a password.
    Add(Add),
    /// Print everybody with role and state.
    List(List),
    /// Print a link by which a user chooses another password, or read one from standard input.
    Password(Password),
    /// Give a user another role; where they are signed in, they sign in anew.
    Role(NewRole),
    /// Choose the language that the back office speaks to a user.
    Language(NewLanguage),
    /// Help somebody whose phone is lost.
    #[command(subcommand)]
    SecondFactor(SecondFactor),
    /// Keep a user out, at once and wherever they are signed in.
    Disable(Whom),
    /// Let a user in again.
    Enable(Whom),
}

#[derive(Debug, Args)]
pub struct Add {
    /// The mail address they sign in with.
    email: String,
    /// Their name, as others see it; the mail address when left out.
    #[arg(long)]
    name: Option<String>,
    /// What they may do: `owner`, `administrator`, `editor`, `author`, `contributor` or `moderator`.
    #[arg(long, default_value = "editor")]
    role: Role,
}

#[derive(Debug, Args)]
pub struct List {
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Password {
    /// The mail address of the user.
    email: String,
    /// Read the new password from standard input, its first line.
    #[arg(long)]
    stdin: bool,
}

#[derive(Debug, Args)]
pub struct NewRole {
    /// The mail address of the user.
    email: String,
    /// What they may do from now on.
    role: Role,
}

#[derive(Debug, Args)]
pub struct NewLanguage {
    /// The mail address of the user.
    email: String,
    /// The language: `en` or `fa`.
    language: Language,
}

/// What to do with a second factor.
#[derive(Debug, Subcommand)]
pub enum SecondFactor {
    /// Take a user's second factor away: they sign in anew, with the password alone.
    Off(Whom),
}

#[derive(Debug, Args)]
pub struct Whom {
    /// The mail address of the user.
    email: String,
}

pub async fn run(config: Config, verb: Verb) -> anyhow::Result<u8> {
    let app = look(config).await?;
    match verb {
        Verb::Add(add) => invite(&app, add).await?,
        Verb::List(List { json }) => list(&app, json).await?,
        Verb::Password(Password { email, stdin: true }) => {
            let user = find(&app, &email).await?;
            let mut typed = String::new();
            std::io::stdin().read_to_string(&mut typed)?;
            let password = typed.lines().next().unwrap_or_default();
            accounts::set_password(&app, &Actor::Operator, &user, password, None).await?;
            say!("{} has another password and is signed out everywhere.", user.email);
        }
        Verb::Password(Password { email, stdin: false }) => {
            let user = find(&app, &email).await?;
            let mut change = Change::begin(&app, &Actor::Operator).await?;
            let secret = accounts::link_for(&mut change, user.id).await?;
            change.commit().await?;
            print_link(&app, &user, &secret);
        }
        Verb::Role(NewRole { email, role }) => {
            let user = find(&app, &email).await?;
            let mut change = Change::begin(&app, &Actor::Operator).await?;
            accounts::set_role(&mut change, user.id, role).await?;
            change.commit().await?;
            say!("{} is {role} now.", user.email);
        }
        Verb::Language(NewLanguage { email, language }) => {
            let user = find(&app, &email).await?;
            let change = Change::begin(&app, &Actor::Operator).await?;
            accounts::set_language(&change, &user, language).await?;
            change.commit().await?;
            say!("The back office speaks `{language}` to {}.", user.email);
        }
        Verb::SecondFactor(SecondFactor::Off(Whom { email })) => {
            let user = find(&app, &email).await?;
            let change = Change::begin(&app, &Actor::Operator).await?;
            second_factor::remove_of(&change, user.id).await?;
            change.commit().await?;
            say!("{} has no second factor any more and is signed out everywhere.", user.email);
        }
        Verb::Disable(Whom { email }) => set_disabled(&app, &email, true).await?,
        Verb::Enable(Whom { email }) => set_disabled(&app, &email, false).await?,
    }
    app.db.close().await;
    Ok(0)
}

async fn invite(app: &App, add: Add) -> anyhow::Result<()> {
    let name = add.name.unwrap_or_else(|| add.email.clone());
    let mut change = Change::begin(app, &Actor::Operator).await?;
    let invitation = Invitation { email: add.email, name, role: add.role };
    let (user, secret) = accounts::invite(&mut change, &invitation).await?;
    change.commit().await?;
    print_link(app, &user, &secret);
    Ok(())
}

fn print_link(app: &App, user: &User, secret: &Secret) {
    say!("{} chooses a password here; the link opens once and for three days:", user.email);
    say!("  {}", accounts::link_url(app, secret));
}

async fn set_disabled(app: &App, email: &str, disabled: bool) -> anyhow::Result<()> {
    let user = find(app, email).await?;
    let mut change = Change::begin(app, &Actor::Operator).await?;
    accounts::set_disabled(&mut change, user.id, disabled).await?;
    change.commit().await?;
    say!("{} {}.", user.email, if disabled { "is kept out" } else { "may come in again" });
    Ok(())
}

async fn find(app: &App, email: &str) -> anyhow::Result<User> {
    let user = users::find_by_email(&app.db, &fold_email(email)).await?;
    user.ok_or_else(|| anyhow::anyhow!("there is no user {email}; see `atlas user list`"))
}

async fn list(app: &App, json: bool) -> anyhow::Result<()> {
    let all = users::all(&app.db).await?;
    let sure = second_factors::users(&app.db).await?;
    if json {
        let rows = all.iter().map(|user| {
            serde_json::json!({
                "id": user.id, "email": user.email, "name": user.name, "role": user.role().as_str(),
                "disabled": user.is_disabled(), "second_factor": sure.contains(&user.id),
                "language": user.language().map(Language::code),
            })
        });
        return report::json(&rows.collect::<Vec<_>>());
    }
    for user in &all {
        let state = if user.is_disabled() { ", kept out" } else { "" };
        let factor = if sure.contains(&user.id) { ", second factor" } else { "" };
        say!("{:>4}  {:<13}  {}  {}{factor}{state}", user.id, user.role(), user.email, user.name);
    }
    say!("{} users", all.len());
    Ok(())
}
