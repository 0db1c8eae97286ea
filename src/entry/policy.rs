//! Who may do what. Every action asks for a [`Permit`], and only this file makes one.

use std::fmt;

use crate::error::{Error, Result};

/// Who acts: a person, or the engine itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// The engine: the timetable, the sample site.
    Engine,
    /// Whoever runs the binary on the machine: the command line, an import.
    Operator,
    /// A signed-in person.
    User { id: i64, role: Role },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    Owner,
    Administrator,
    Editor,
    Author,
    Contributor,
    Moderator,
}

/// What is to be done with an entry or with addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    Draft,
    Publish,
    Unpublish,
    Trash,
    Restore,
    Redirect,
}

/// Proof that the policy was asked.
#[derive(Debug)]
pub struct Permit(());

/// Asks the policy. `own` says whether the actor is the entry's author.
///
/// # Errors
/// `Error::Denied`, in words for the actor.
pub fn permit(actor: &Actor, verb: Verb, own: bool) -> Result<Permit> {
    let allowed = match actor {
        Actor::Engine | Actor::Operator => true,
        Actor::User { role, .. } => match role {
            Role::Owner | Role::Administrator | Role::Editor => true,
            Role::Author => own && verb != Verb::Redirect,
            Role::Contributor => own && verb == Verb::Draft,
            Role::Moderator => false,
        },
    };
    if allowed {
        Ok(Permit(()))
    } else {
        Err(Error::Denied(format!("your role does not allow this: {verb:?}")))
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Actor::Engine => f.write_str("engine"),
            Actor::Operator => f.write_str("operator"),
            Actor::User { id, .. } => write!(f, "user:{id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_do_what_their_names_say() {
        let may = |role, verb, own| permit(&Actor::User { id: 1, role }, verb, own).is_ok();
        assert!(may(Role::Editor, Verb::Publish, false));
        assert!(may(Role::Author, Verb::Publish, true));
        assert!(!may(Role::Author, Verb::Publish, false));
        assert!(may(Role::Contributor, Verb::Draft, true));
        assert!(!may(Role::Contributor, Verb::Publish, true));
        assert!(!may(Role::Author, Verb::Redirect, true));
        assert!(!may(Role::Moderator, Verb::Draft, true));
    }
}
