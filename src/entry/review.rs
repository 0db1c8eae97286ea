//! How a review of a draft stands.

use std::fmt;
use std::str::FromStr;

/// Between the question and the publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewState {
    /// Somebody is to look at it.
    Waiting,
    /// It may be published as it is.
    Approved,
    /// Something is to be changed first.
    Returned,
}

impl ReviewState {
    pub const ALL: [ReviewState; 3] = [ReviewState::Waiting, ReviewState::Approved, ReviewState::Returned];

    pub fn as_str(self) -> &'static str {
        match self {
            ReviewState::Waiting => "waiting",
            ReviewState::Approved => "approved",
            ReviewState::Returned => "returned",
        }
    }
}

impl FromStr for ReviewState {
    type Err = String;

    fn from_str(text: &str) -> Result<ReviewState, String> {
        let found = ReviewState::ALL.into_iter().find(|state| state.as_str() == text);
        found.ok_or_else(|| format!("`{text}` is no state of a review"))
    }
}

impl fmt::Display for ReviewState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
