//! SQLite written in the thread that asks, by one transaction at a time.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags};
use sqlx::FromRow;
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::Arg;
use super::db::{CACHE, QUEUE};
use super::reader::{self, HeldRow};
use crate::error::{Error, Result};

/// How long a statement within a transaction waits for a lock, which only a checkpoint holds then.
const BUSY: Duration = Duration::from_secs(5);
/// How long to wait before asking again whether another process has stopped writing.
const AGAIN: Duration = Duration::from_millis(2);

/// The one connection of this process that writes. Cloning shares it.
#[derive(Debug, Clone)]
pub struct Writer {
    file: PathBuf,
    /// None when it is closed.
    connection: Arc<Mutex<Option<Connection>>>,
}

/// A transaction; dropped without [`Writing::commit`], it never happened.
#[derive(Debug)]
pub struct Writing {
    connection: OwnedMutexGuard<Option<Connection>>,
}

impl Writer {
    /// Opens the file, made when missing: WAL, FULL synchronisation, so that an acknowledged write
    /// survives a loss of power.
    ///
    /// # Errors
    /// `Unavailable` when it can't be opened.
    pub fn open(file: &Path) -> Result<Writer> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(file, flags)?;
        connection.busy_timeout(BUSY)?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "cache_size", CACHE)?;
        connection.pragma_update(None, "temp_store", "memory")?;
        reader::prepare(&connection)?;
        Ok(Writer { file: file.to_owned(), connection: Arc::new(Mutex::new(Some(connection))) })
    }

    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Begins a transaction when those before it have ended, in this process and in others. It is
    /// IMMEDIATE: a deferred one loses writes to SQLITE_BUSY. Who waits holds no thread.
    ///
    /// # Errors
    /// `Unavailable` when others take longer than anybody wants to wait.
    pub async fn begin(&self) -> Result<Writing> {
        let begun = Instant::now();
        let waited = tokio::time::timeout(QUEUE, self.connection.clone().lock_owned()).await;
        let connection = waited.map_err(|_| Error::Unavailable("other changes take too long".into()))?;
        let writing = Writing { connection };
        while !writing.is_ours()? {
            if begun.elapsed() > QUEUE {
                return Err(Error::Unavailable("the changes of another process take too long".into()));
            }
            tokio::time::sleep(AGAIN).await;
        }
        Ok(writing)
    }

    /// Closes the connection when the transaction under way has ended.
    pub async fn close(&self) {
        self.connection.lock().await.take();
    }

    /// Whether it is open, and whether nobody uses it now.
    pub fn state(&self) -> (bool, bool) {
        match self.connection.try_lock() {
            Ok(connection) => (connection.is_some(), connection.is_some()),
            Err(_) => (true, false),
        }
    }
}

impl Writing {
    /// All rows of a statement.
    pub fn all<T>(&self, sql: &str, args: &[Arg]) -> Result<Vec<T>>
    where
        T: for<'r> FromRow<'r, HeldRow>,
    {
        reader::timed(sql, || reader::rows(self.connection()?, sql, args))
    }

    /// Runs a statement; the number of rows it touched.
    pub fn run(&self, sql: &str, args: &[Arg]) -> Result<u64> {
        let connection = self.connection()?;
        reader::timed(sql, || reader::rows::<Ignored>(connection, sql, args))?;
        Ok(connection.changes())
    }

    /// # Errors
    /// `Unavailable` when the disk is full; then nothing of it has happened.
    pub fn commit(self) -> Result<()> {
        Ok(self.connection()?.execute_batch("COMMIT")?)
    }

    /// Whether the transaction could begin; not, while another process writes.
    fn is_ours(&self) -> Result<bool> {
        let connection = self.connection()?;
        connection.busy_timeout(Duration::ZERO)?;
        let begun = connection.execute_batch("BEGIN IMMEDIATE");
        connection.busy_timeout(BUSY)?;
        match begun {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => Ok(false),
            begun => Ok(begun.map(|()| true)?),
        }
    }

    fn connection(&self) -> Result<&Connection> {
        self.connection.as_ref().ok_or_else(|| Error::Unavailable("the database is closed".into()))
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        let Some(connection) = self.connection.as_ref() else { return };
        if !connection.is_autocommit()
            && let Err(error) = connection.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "a transaction could not be undone");
        }
    }
}

/// A row that nobody looks at.
struct Ignored;

impl FromRow<'_, HeldRow> for Ignored {
    fn from_row(_: &HeldRow) -> sqlx::Result<Ignored> {
        Ok(Ignored)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn writer(folder: &tempfile::TempDir) -> Writer {
        let writer = Writer::open(&folder.path().join("atlas.db")).unwrap();
        let table = "CREATE TABLE IF NOT EXISTS things (id INTEGER PRIMARY KEY, name TEXT UNIQUE) STRICT";
        writer.connection.try_lock().unwrap().as_ref().unwrap().execute_batch(table).unwrap();
        writer
    }

    fn names(writing: &Writing) -> Vec<String> {
        let rows: Vec<(String,)> = writing.all("SELECT name FROM things ORDER BY id", &[]).unwrap();
        rows.into_iter().map(|(name,)| name).collect()
    }

    fn insert(writing: &Writing, name: &str) -> Result<u64> {
        writing.run("INSERT INTO things (name) VALUES ($1)", &[Arg::from(name)])
    }

    #[tokio::test]
    async fn what_is_committed_stays_and_what_is_dropped_never_happened() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(&folder);
        let first = writer.begin().await.unwrap();
        assert_eq!(insert(&first, "a").unwrap(), 1);
        first.commit().unwrap();
        let second = writer.begin().await.unwrap();
        insert(&second, "b").unwrap();
        assert_eq!(names(&second), ["a", "b"]);
        drop(second);
        let third = writer.begin().await.unwrap();
        assert_eq!(names(&third), ["a"]);
        assert!(matches!(insert(&third, "a"), Err(Error::Conflict(_))));
        assert_eq!(third.run("UPDATE things SET name = 'c' WHERE id > $1", &[Arg::from(0_i64)]).unwrap(), 1);
        assert_eq!(third.run("DELETE FROM things WHERE id > $1", &[Arg::from(7_i64)]).unwrap(), 0);
    }

    /// Two connections are two processes to SQLite.
    #[tokio::test]
    async fn who_waits_for_another_process_waits_without_a_thread() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (writer(&folder), writer(&folder));
        let writing = one.begin().await.unwrap();
        insert(&writing, "a").unwrap();
        // There is one thread here: it goes on while the other waits.
        let waiting = tokio::spawn(async move { names(&other.begin().await.unwrap()) });
        tokio::time::sleep(Duration::from_millis(30)).await;
        assert!(!waiting.is_finished());
        writing.commit().unwrap();
        assert_eq!(waiting.await.unwrap(), ["a"]);
    }

    #[tokio::test]
    async fn a_closed_writer_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(&folder);
        assert_eq!(writer.state(), (true, true));
        let writing = writer.begin().await.unwrap();
        assert_eq!(writer.state(), (true, false));
        drop(writing);
        writer.close().await;
        assert!(matches!(writer.begin().await, Err(Error::Unavailable(_))));
        assert_eq!(writer.state(), (false, false));
    }
}
