//! Who is signed in: read anew with every request, so that a role taken away is gone at once.

use axum::extract::FromRequestParts;
use hyper::http::request::Parts;
use tower_sessions::Session;

use super::failure::Failure;
use super::sessions::USER;
use super::words::Words;
use crate::account::digest;
use crate::actions::Change;
use crate::app::App;
use crate::entry::Actor;
use crate::error::{Error, Result};
use crate::store::users::{self, User};
use crate::web::Web;

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Person {
    pub user: User,
    pub actor: Actor,
    /// Of the session they are in with.
    pub session: String,
    /// What the back office says to them: in their language, or in the one that their browser asks for.
    pub t: &'static Words,
}

impl Person {
    /// Who a session belongs to; `asked` are the words that their browser asks for.
    ///
    /// # Errors
    /// `Unavailable` when the database is away.
    pub async fn of(app: &App, session: &Session, asked: &'static Words) -> Result<Option<Person>> {
        let id: Option<i64> =
            session.get(USER).await.map_err(|error| Error::Unavailable(error.to_string()))?;
        let (Some(id), Some(own)) = (id, session.id()) else { return Ok(None) };
        let user = users::find(&app.db, id).await?.filter(|user| !user.is_disabled());
        Ok(user.map(|user| Person {
            actor: user.actor(),
            session: digest(&own.to_string()),
            t: user.language().map_or(asked, Words::of),
            user,
        }))
    }

    /// Does something in a change of theirs, and commits it.
    ///
    /// # Errors
    /// Those of `work`, and of the commit; nothing has changed then.
    pub async fn change(
        &self,
        app: &App,
        work: impl AsyncFnOnce(&mut Change<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut change = Change::begin(app, &self.actor).await?;
        work(&mut change).await?;
        change.commit().await
    }
}

impl FromRequestParts<Web> for Person {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Person, Failure> {
        let person = parts.extensions.get::<Person>().cloned();
        person.ok_or_else(|| Failure(Error::Denied("nobody is signed in".into())))
    }
}
