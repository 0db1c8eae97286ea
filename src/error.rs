//! What can go wrong, in the site's own nouns. `web::errors` alone maps them to HTTP.

use std::fmt;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Every failure of the engine.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or this actor may not know of it.
    #[error("not found")]
    NotFound,
    /// The change contradicts what is stored: a lost update, a taken path.
    #[error("{0}")]
    Conflict(String),
    /// The input is wrong; each problem names its place.
    #[error("{0}")]
    Invalid(Problems),
    /// The actor may not do this.
    #[error("{0}")]
    Denied(String),
    /// Something outside is away for now: the database, the disk. Worth another try.
    #[error("{0}")]
    Unavailable(String),
    /// A fault of ours or of the machine. Logged with its causes, never shown to a visitor.
    #[error("{0}")]
    Internal(String),
}

impl Error {
    /// One problem with one field.
    pub fn field(field: impl Into<String>, reason: impl Into<String>) -> Error {
        Error::Invalid(Problems(vec![Problem::new(reason).field(field)]))
    }

    pub fn internal(error: impl fmt::Display) -> Error {
        Error::Internal(error.to_string())
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Error {
        Error::Invalid(Problems(vec![problem]))
    }
}

impl From<Problems> for Error {
    fn from(problems: Problems) -> Error {
        Error::Invalid(problems)
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Error {
        use std::io::ErrorKind::{QuotaExceeded, StorageFull};
        match error.kind() {
            StorageFull | QuotaExceeded => Error::Unavailable(format!("the disk is full: {error}")),
            _ => Error::Internal(error.to_string()),
        }
    }
}

/// One thing wrong with some input, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Problem {
    /// The file, as the user named it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Its line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The field, key or column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What is wrong and what would be right, in one sentence without a full stop.
    pub reason: String,
}

impl Problem {
    pub fn new(reason: impl Into<String>) -> Problem {
        Problem { reason: reason.into(), ..Problem::default() }
    }

    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Problem {
        self.field = Some(field.into());
        self
    }

    #[must_use]
    pub fn at(mut self, file: impl Into<String>, line: u32) -> Problem {
        self.file = Some(file.into());
        self.line = Some(line);
        self
    }

    #[must_use]
    pub fn file(mut self, file: impl Into<String>) -> Problem {
        self.file = Some(file.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.file, self.line) {
            (Some(file), Some(line)) => write!(f, "{file}:{line}: ")?,
            (Some(file), None) => write!(f, "{file}: ")?,
            (None, Some(line)) => write!(f, "line {line}: ")?,
            (None, None) => {}
        }
        if let Some(field) = &self.field {
            write!(f, "`{field}`: ")?;
        }
        f.write_str(&self.reason)
    }
}

/// All that is wrong at once, so that a user mends it in one go.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    pub fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `Ok(value)` when nothing is wrong.
    ///
    /// # Errors
    /// `Error::Invalid` with every problem collected.
    pub fn or<T>(self, value: T) -> Result<T> {
        if self.is_empty() { Ok(value) } else { Err(Error::Invalid(self)) }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}
