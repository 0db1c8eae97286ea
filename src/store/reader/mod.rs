//! SQLite read in the thread that asks; `super::writer` writes it so.
//!
//! sqlx keeps a thread for each connection: a statement goes there and its rows come back one by one, then
//! the connection is asked whether it is well before its pool has it again. The statements that pages are
//! made of are so short that all this takes several times as long as they do.

mod nobody;
mod row;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

pub use row::HeldRow;
use rusqlite::config::DbConfig;
use rusqlite::types::Null;
use rusqlite::{Connection, OpenFlags, Statement};
use sqlx::FromRow;

use super::Arg;
use crate::error::{Error, Result};

/// Connections that are kept; each has some statements and pages of the file in memory.
pub(super) const KEPT: usize = 4;
/// Statements that a connection keeps prepared.
const STATEMENTS: usize = 256;
/// A statement that takes so long is warned of.
const SLOW: Duration = Duration::from_secs(1);

/// The connections that read. Whoever asks takes the one that was used last, whose memory has the pages
/// that all statements begin with, or opens another.
#[derive(Debug)]
pub struct Reader {
    file: PathBuf,
    idle: Mutex<Vec<Connection>>,
    open: AtomicU32,
    closed: AtomicBool,
}

impl Reader {
    /// Of a file that exists.
    pub fn new(file: &Path) -> Reader {
        Reader {
            file: file.to_owned(),
            idle: Mutex::default(),
            open: AtomicU32::new(0),
            closed: AtomicBool::new(false),
        }
    }

    /// All rows of a statement.
    ///
    /// # Errors
    /// `Unavailable` when the file can't be read now.
    pub fn all<T>(&self, sql: &str, args: &[Arg]) -> Result<Vec<T>>
    where
        T: for<'r> FromRow<'r, HeldRow>,
    {
        timed(sql, || {
            let connection = self.take()?;
            let found = rows(&connection, sql, args);
            self.put_back(connection);
            found
        })
    }

    /// Open connections, and those of them that nobody uses now.
    pub fn connections(&self) -> (u32, usize) {
        (self.open.load(Ordering::Relaxed), self.idle().len())
    }

    /// Closes every connection; whoever asks from now on gets an error.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Release);
        let closed = std::mem::take(&mut *self.idle());
        self.open.fetch_sub(u32::try_from(closed.len()).unwrap_or(0), Ordering::Relaxed);
    }

    fn take(&self) -> Result<Connection> {
        if self.closed.load(Ordering::Acquire) {
            return Err(Error::Unavailable("the database is closed".into()));
        }
        let kept = self.idle().pop();
        match kept {
            Some(connection) => Ok(connection),
            None => {
                let connection = open(&self.file)?;
                self.open.fetch_add(1, Ordering::Relaxed);
                Ok(connection)
            }
        }
    }

    fn put_back(&self, connection: Connection) {
        let mut idle = self.idle();
        if idle.len() < KEPT && !self.closed.load(Ordering::Acquire) {
            idle.push(connection);
        } else {
            drop(idle);
            self.open.fetch_sub(1, Ordering::Relaxed);
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs a statement and says of it what sqlx says of those that go through it, and as loudly.
pub(super) fn timed<T>(sql: &str, run: impl FnOnce() -> Result<Vec<T>>) -> Result<Vec<T>> {
    let begun = Instant::now();
    let found = run();
    let (elapsed, rows_returned) = (begun.elapsed(), found.as_ref().map_or(0, Vec::len));
    if elapsed >= SLOW {
        tracing::warn!(target: "sqlx::query", statement = sql, rows_returned, ?elapsed);
    } else {
        tracing::debug!(target: "sqlx::query", statement = sql, rows_returned, ?elapsed);
    }
    found
}

fn open(file: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "cache_size", super::db::CACHE)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    prepare(&connection)?;
    Ok(connection)
}

/// How a connection keeps its statements.
pub(super) fn prepare(connection: &Connection) -> Result<()> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Else a plan may follow the values of its parameters, and is made anew each time one is bound: that
    // takes longer than most statements do.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// All rows of a statement on one connection.
pub(super) fn rows<T>(connection: &Connection, sql: &str, args: &[Arg]) -> Result<Vec<T>>
where
    T: for<'r> FromRow<'r, HeldRow>,
{
    let mut statement = connection.prepare_cached(sql)?;
    for at in 1..=statement.parameter_count() {
        bind(&mut statement, at, args)?;
    }
    let mut rows = statement.raw_query();
    let mut held = HeldRow::default();
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        held.fill(row)?;
        found.push(T::from_row(&held)?);
    }
    Ok(found)
}

/// `$3` is a name to SQLite, which numbers names as it meets them; to us it is the third argument.
fn bind(statement: &mut Statement<'_>, at: usize, args: &[Arg]) -> Result<()> {
    let number = statement.parameter_name(at).and_then(|name| name.strip_prefix('$')?.parse::<usize>().ok());
    let arg = number.and_then(|number| args.get(number.checked_sub(1)?));
    match arg.ok_or_else(|| Error::Internal(format!("parameter {at} of a statement has no value")))? {
        Arg::Int(Some(value)) => statement.raw_bind_parameter(at, value)?,
        Arg::Real(Some(value)) => statement.raw_bind_parameter(at, value)?,
        Arg::Bool(value) => statement.raw_bind_parameter(at, value)?,
        Arg::Text(Some(value)) => statement.raw_bind_parameter(at, value)?,
        Arg::Int(None) | Arg::Real(None) | Arg::Text(None) => statement.raw_bind_parameter(at, Null)?,
    }
    Ok(())
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Error {
        let code = error.sqlite_error().map(|found| found.extended_code);
        match code {
            // SQLITE_FULL, and SQLITE_CANTOPEN: the file has gone.
            Some(13 | 14) => Error::Unavailable(format!("the database is away: {error}")),
            // SQLITE_BUSY and its kin.
            Some(5 | 261 | 517) => Error::Unavailable(format!("the database is busy: {error}")),
            // SQLITE_CONSTRAINT_PRIMARYKEY and _UNIQUE.
            Some(1555 | 2067) => Error::Conflict(error.to_string()),
            _ => Error::Internal(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests;
