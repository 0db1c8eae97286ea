//! Who may do what. Every action asks for a [`Permit`], and only this file makes one.

use std::fmt;
use std::str::FromStr;

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

/// What a person is here for. Each may do less than the one before, the moderator apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Everything. There is always one.
    Owner,
    /// Everything but to make and unmake owners.
    Administrator,
    /// Writes and publishes whatever there is.
    Editor,
    /// Writes and publishes what they began themselves.
    Author,
    /// Writes what they began themselves; others publish it.
    Contributor,
    /// Looks after what visitors write.
    Moderator,
}

/// What is to be done with an entry, with addresses, or with the site as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Be in the back office at all.
    Enter,
    /// See entries that are no public's.
    Read,
    Draft,
    /// Decide about a draft that somebody asks about.
    Review,
    Publish,
    Unpublish,
    Trash,
    Restore,
    Redirect,
    /// See what was done and what failed, and let it try again.
    Oversee,
    /// Let people in, and out.
    Govern,
    /// Say what the site is called, looks like and tells others.
    Configure,
}

impl Verb {
    fn words(self) -> &'static str {
        match self {
            Verb::Enter => "be here",
            Verb::Read => "see this",
            Verb::Draft => "change this",
            Verb::Review => "decide about this",
            Verb::Publish => "publish this",
            Verb::Unpublish => "take this off the site",
            Verb::Trash => "put this into the trash",
            Verb::Restore => "restore this",
            Verb::Redirect => "change redirects",
            Verb::Oversee => "see what was done and what failed",
            Verb::Govern => "let people in",
            Verb::Configure => "change the settings of the site",
        }
    }
}

impl Role {
    pub const ALL: [Role; 6] =
        [Role::Owner, Role::Administrator, Role::Editor, Role::Author, Role::Contributor, Role::Moderator];

    pub fn as_str(self) -> &'static str {
        match self {
            Role::Owner => "owner",
            Role::Administrator => "administrator",
            Role::Editor => "editor",
            Role::Author => "author",
            Role::Contributor => "contributor",
            Role::Moderator => "moderator",
        }
    }

    /// Whether all entries are theirs to work on, not only those they began.
    pub fn has_all_entries(self) -> bool {
        matches!(self, Role::Owner | Role::Administrator | Role::Editor)
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Role, String> {
        Role::ALL.into_iter().find(|role| role.as_str() == text).ok_or_else(|| {
            let known = Role::ALL.map(Role::as_str).join(", ");
            format!("`{text}` is no role; one of {known}")
        })
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Proof that the policy was asked.
#[derive(Debug)]
pub struct Permit(());

/// Asks the policy. `own` says whether the actor began the entry; of what is no entry's, it says
/// nothing.
///
/// # Errors
/// `Error::Denied`, in words for the actor.
pub fn permit(actor: &Actor, verb: Verb, own: bool) -> Result<Permit> {
    let allowed = match actor {
        Actor::Engine | Actor::Operator => true,
        Actor::User { role, .. } => match role {
            _ if verb == Verb::Enter => true,
            Role::Owner | Role::Administrator => true,
            Role::Editor => !matches!(verb, Verb::Govern | Verb::Configure),
            Role::Author => {
                own && !matches!(
                    verb,
                    Verb::Review | Verb::Redirect | Verb::Oversee | Verb::Govern | Verb::Configure
                )
            }
            Role::Contributor => own && matches!(verb, Verb::Draft | Verb::Read),
            Role::Moderator => false,
        },
    };
    if allowed {
        Ok(Permit(()))
    } else {
        Err(Error::Denied(format!("your role does not allow you to {}", verb.words())))
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
        assert!(may(Role::Editor, Verb::Review, false));
        assert!(!may(Role::Author, Verb::Review, true));
        assert!(!may(Role::Contributor, Verb::Review, true));
        assert!(may(Role::Contributor, Verb::Read, true));
        assert!(!may(Role::Contributor, Verb::Read, false));
        assert!(may(Role::Administrator, Verb::Govern, false));
        assert!(!may(Role::Editor, Verb::Govern, true));
        assert!(may(Role::Administrator, Verb::Configure, false));
        assert!(!may(Role::Editor, Verb::Configure, true) && !may(Role::Author, Verb::Configure, true));
        assert!(!may(Role::Author, Verb::Oversee, true));
        assert!(Role::ALL.iter().all(|role| may(*role, Verb::Enter, false)));
    }
}
