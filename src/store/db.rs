//! One database, one of two kinds: SQLite with one writer and many readers, or PostgreSQL.
//!
//! SQLite is never written through a deferred transaction: that loses writes to SQLITE_BUSY. The one
//! connection that writes begins with IMMEDIATE (`Writer`), so the mistake can't be made.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::postgres::{PgArguments, PgConnectOptions, PgPoolOptions, PgRow};
use sqlx::query::{Query, QueryAs};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, FromRow, PgPool, Postgres, Sqlite, Transaction};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::dialect::{self, Engine};
use super::reader::{HeldRow, Reader};
use super::writer::{Writer, Writing};
use crate::clock::{Clock, Time};
use crate::error::{Error, Result};

/// How long a change waits for the one before it.
pub(super) const QUEUE: Duration = Duration::from_secs(30);
/// How long a page waits for a connection before it says 503; sqlx's own default is 30 seconds.
pub(super) const ACQUIRE: Duration = Duration::from_secs(2);

/// Memory of a connection to SQLite for pages of its file: so many KiB, as SQLite wants it.
pub(super) const CACHE: &str = "-16384";

/// A connection that was not used for so long is asked whether it is still there.
const IDLE: Duration = Duration::from_secs(1);

/// A pool of connections. Cloning shares it.
#[derive(Debug, Clone)]
pub enum Db {
    Sqlite { read: Arc<Reader>, write: Writer, asked: Asked },
    Postgres { pool: PgPool, turn: Turn, asked: Asked },
}

/// Whose turn it is to change content in this process. Who waits for it holds no connection, so
/// pages still get theirs.
type Turn = Arc<Mutex<()>>;

/// The queries that were asked outside transactions.
type Asked = Arc<Counter>;

/// How many queries were asked; where assertions are checked, also which.
#[derive(Debug, Default)]
pub struct Counter {
    queries: AtomicU64,
    #[cfg(debug_assertions)]
    texts: std::sync::Mutex<std::collections::BTreeSet<&'static str>>,
}

impl Counter {
    #[cfg(debug_assertions)]
    fn note(&self, text: &'static str) {
        self.texts.lock().expect("nobody panics while noting").insert(text);
    }

    #[cfg(not(debug_assertions))]
    fn note(&self, _: &'static str) {}
}

/// A transaction that writes; dropped without [`Tx::commit`], it never happened.
pub struct Tx {
    open: Mutex<Option<Open>>,
    /// Held to the end of the transaction.
    turn: Option<OwnedMutexGuard<()>>,
    /// Its texts are noted; it counts no queries, for no page waits for it.
    asked: Asked,
}

enum Open {
    Sqlite(Writing),
    Postgres(Transaction<'static, Postgres>),
}

impl Open {
    async fn commit(self) -> Result<()> {
        match self {
            Open::Sqlite(tx) => tx.commit()?,
            Open::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

/// A value bound to a parameter. NULL keeps its type, which PostgreSQL insists on.
#[derive(Debug, Clone)]
pub enum Arg {
    Int(Option<i64>),
    Real(Option<f64>),
    Bool(bool),
    Text(Option<String>),
}

/// A row of either database; `#[derive(FromRow)]` makes one.
pub trait Row: for<'r> FromRow<'r, HeldRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T> Row for T where T: for<'r> FromRow<'r, HeldRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// Whatever can be asked: the pool, or the transaction one is in.
pub trait Ask: Sync {
    fn all<T: Row>(&self, sql: &'static str, args: Vec<Arg>) -> impl Future<Output = Result<Vec<T>>> + Send;

    fn optional<T: Row>(
        &self,
        sql: &'static str,
        args: Vec<Arg>,
    ) -> impl Future<Output = Result<Option<T>>> + Send {
        async move { Ok(self.all(sql, args).await?.into_iter().next()) }
    }

    /// The one row that such a statement always gives (`count`, `RETURNING`).
    fn one<T: Row>(&self, sql: &'static str, args: Vec<Arg>) -> impl Future<Output = Result<T>> + Send {
        async move { self.optional(sql, args).await?.ok_or(Error::NotFound) }
    }
}

impl Db {
    /// Opens SQLite's file, made when missing.
    pub async fn sqlite(file: &Path) -> Result<Db> {
        let write = Writer::open(file)?;
        Ok(Db::Sqlite { read: Arc::new(Reader::new(file)), write, asked: Asked::default() })
    }

    /// Connects to PostgreSQL.
    pub async fn postgres(url: &str, connections: u32) -> Result<Db> {
        let options: PgConnectOptions = url.parse()?;
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(ACQUIRE)
            // A look costs a way to the server and back: only who was idle has to show that it is alive.
            .test_before_acquire(false)
            .before_acquire(|connection, now| {
                Box::pin(async move {
                    if now.idle_for >= IDLE {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_with(options.statement_cache_capacity(256))
            .await?;
        Ok(Db::Postgres { pool, turn: Turn::default(), asked: Asked::default() })
    }

    /// Brings the schema up to date. Two nodes that start at once run each migration once: the
    /// migrator holds a lock.
    pub async fn migrate(&self) -> Result<()> {
        let done = match self {
            Db::Sqlite { write, .. } => {
                // The migrator knows sqlx's connections alone.
                let options =
                    SqliteConnectOptions::new().filename(write.file()).foreign_keys(true).busy_timeout(QUEUE);
                let mut connection = options.connect().await?;
                let done = sqlx::migrate!("migrations/sqlite").run(&mut connection).await;
                connection.close().await?;
                done
            }
            Db::Postgres { pool, .. } => sqlx::migrate!("migrations/postgres").run(pool).await,
        };
        done.map_err(|error| {
            Error::Internal(format!("the database schema can't be brought up to date: {error}"))
        })
    }

    /// The instant by the database's clock: that of its server, or of this machine.
    pub async fn now(&self, clock: &Clock) -> Result<Time> {
        match self.engine() {
            Engine::Sqlite => Ok(clock.now()),
            Engine::Postgres => {
                let (now,): (i64,) = self
                    .one("SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)", args![])
                    .await?;
                Ok(Time(now))
            }
        }
    }

    pub fn engine(&self) -> Engine {
        match self {
            Db::Sqlite { .. } => Engine::Sqlite,
            Db::Postgres { .. } => Engine::Postgres,
        }
    }

    /// Queries asked so far outside transactions: what pages cost.
    pub fn queries(&self) -> u64 {
        self.asked().queries.load(Ordering::Relaxed)
    }

    /// The texts of all statements so far, each once: a test asks the database how it would answer
    /// them. Of transactions only SQLite's.
    #[cfg(debug_assertions)]
    pub fn texts(&self) -> Vec<&'static str> {
        self.asked().texts.lock().expect("nobody panics while noting").iter().copied().collect()
    }

    fn asked(&self) -> &Asked {
        match self {
            Db::Sqlite { asked, .. } | Db::Postgres { asked, .. } => asked,
        }
    }

    /// Begins a transaction that writes.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(Tx { open: Mutex::new(Some(self.open().await?)), turn: None, asked: self.asked().clone() })
    }

    /// Begins a transaction that changes content. On both databases there is one at a time: what it
    /// has checked (a free path, no cycle, a live target) still holds when it commits.
    ///
    /// # Errors
    /// `Error::Unavailable` when others take longer than anybody wants to wait.
    pub async fn begin_in_turn(&self) -> Result<Tx> {
        let turn = self.turn().await?;
        let tx = Tx { open: Mutex::new(Some(self.open().await?)), turn, asked: self.asked().clone() };
        tx.queue().await?;
        Ok(tx)
    }

    async fn turn(&self) -> Result<Option<OwnedMutexGuard<()>>> {
        // SQLite's one writer is its queue.
        let Db::Postgres { turn, .. } = self else { return Ok(None) };
        let waited = tokio::time::timeout(QUEUE, turn.clone().lock_owned()).await;
        waited.map(Some).map_err(|_| Error::Unavailable("other changes take too long".into()))
    }

    async fn open(&self) -> Result<Open> {
        Ok(match self {
            Db::Sqlite { write, .. } => Open::Sqlite(write.begin().await?),
            Db::Postgres { pool, .. } => Open::Postgres(pool.begin().await?),
        })
    }

    /// Closes every connection; what waits for one gets an error.
    pub async fn close(&self) {
        match self {
            Db::Sqlite { read, write, .. } => {
                read.close();
                write.close().await;
            }
            Db::Postgres { pool, .. } => pool.close().await,
        }
    }
}

impl Ask for Db {
    async fn all<T: Row>(&self, sql: &'static str, args: Vec<Arg>) -> Result<Vec<T>> {
        let text = dialect::text(sql, self.engine());
        self.asked().queries.fetch_add(1, Ordering::Relaxed);
        self.asked().note(text);
        Ok(match self {
            Db::Sqlite { read, .. } => read.all(text, &args).await?,
            Db::Postgres { pool, .. } => bind_postgres_as(sqlx::query_as(text), args).fetch_all(pool).await?,
        })
    }
}

impl Tx {
    /// Runs a statement; the number of rows it touched.
    pub async fn run(&self, sql: &'static str, args: Vec<Arg>) -> Result<u64> {
        let mut open = self.open.lock().await;
        Ok(match open.as_mut().expect("a transaction is open until it ends") {
            Open::Sqlite(tx) => {
                let text = dialect::text(sql, Engine::Sqlite);
                self.asked.note(text);
                tx.run(text, &args)?
            }
            Open::Postgres(tx) => {
                let text = dialect::text(sql, Engine::Postgres);
                bind_postgres(sqlx::query(text), args).execute(&mut **tx).await?.rows_affected()
            }
        })
    }

    /// Marks a point to fall back to: one bad row of an import undoes itself alone.
    pub async fn savepoint(&self) -> Result<()> {
        self.run("SAVEPOINT part", vec![]).await.map(|_| ())
    }

    pub async fn release(&self) -> Result<()> {
        self.run("RELEASE SAVEPOINT part", vec![]).await.map(|_| ())
    }

    pub async fn roll_back_to_savepoint(&self) -> Result<()> {
        self.run("ROLLBACK TO SAVEPOINT part", vec![]).await?;
        self.release().await
    }

    pub async fn commit(self) -> Result<()> {
        match self.open.into_inner() {
            Some(open) => open.commit().await,
            None => Ok(()),
        }
    }

    /// Commits and begins anew. SQLite has one connection that writes, so the old transaction has to
    /// end before the new one can begin.
    pub async fn commit_and_continue(&mut self, db: &Db) -> Result<()> {
        let ended = self.open.get_mut().take().expect("a transaction is open until it ends");
        ended.commit().await?;
        let queued = self.turn.take().is_some();
        if queued {
            self.turn = db.turn().await?;
        }
        *self.open.get_mut() = Some(db.open().await?);
        if queued {
            self.queue().await?;
        }
        Ok(())
    }

    /// Waits for the changes of other processes; SQLite's `BEGIN IMMEDIATE` has done so.
    async fn queue(&self) -> Result<()> {
        let engine = match self.open.lock().await.as_ref().expect("a transaction is open until it ends") {
            Open::Sqlite(_) => Engine::Sqlite,
            Open::Postgres(_) => Engine::Postgres,
        };
        for statement in dialect::queue(engine) {
            self.run(statement, vec![]).await?;
        }
        Ok(())
    }

    pub async fn roll_back(self) -> Result<()> {
        match self.open.into_inner() {
            Some(Open::Sqlite(tx)) => drop(tx),
            Some(Open::Postgres(tx)) => tx.rollback().await?,
            None => {}
        }
        Ok(())
    }
}

impl Ask for Tx {
    async fn all<T: Row>(&self, sql: &'static str, args: Vec<Arg>) -> Result<Vec<T>> {
        let mut open = self.open.lock().await;
        Ok(match open.as_mut().expect("a transaction is open until it ends") {
            Open::Sqlite(tx) => {
                let text = dialect::text(sql, Engine::Sqlite);
                self.asked.note(text);
                tx.all(text, &args)?
            }
            Open::Postgres(tx) => {
                let text = dialect::text(sql, Engine::Postgres);
                bind_postgres_as(sqlx::query_as(text), args).fetch_all(&mut **tx).await?
            }
        })
    }
}

/// The two ways sqlx wants the same loop.
macro_rules! binder {
    ($name:ident, $query:ty $(, $row:ident)?) => {
        fn $name<'q $(, $row)?>(mut query: $query, args: Vec<Arg>) -> $query {
            for arg in args {
                query = match arg {
                    Arg::Int(value) => query.bind(value),
                    Arg::Real(value) => query.bind(value),
                    Arg::Bool(value) => query.bind(value),
                    Arg::Text(value) => query.bind(value),
                };
            }
            query
        }
    };
}
binder!(bind_postgres, Query<'q, Postgres, PgArguments>);
binder!(bind_postgres_as, QueryAs<'q, Postgres, T, PgArguments>, T);

/// Parameters of a statement, in order: `args![id, "place", None::<i64>]`.
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::store::Arg::from($value)),*] };
}
pub(super) use args;

macro_rules! arg_from {
    ($($from:ty => |$value:ident| $arg:expr;)*) => {
        $(impl From<$from> for Arg { fn from($value: $from) -> Arg { $arg } })*
    };
}
arg_from! {
    i64 => |value| Arg::Int(Some(value));
    Option<i64> => |value| Arg::Int(value);
    f64 => |value| Arg::Real(Some(value));
    Option<f64> => |value| Arg::Real(value);
    bool => |value| Arg::Bool(value);
    &str => |value| Arg::Text(Some(value.to_owned()));
    &String => |value| Arg::Text(Some(value.clone()));
    String => |value| Arg::Text(Some(value));
    Option<String> => |value| Arg::Text(value);
    Option<&str> => |value| Arg::Text(value.map(str::to_owned));
    Time => |value| Arg::Int(Some(value.0));
    Option<Time> => |value| Arg::Int(value.map(|time| time.0));
    &[i64] => |value| Arg::Text(Some(serde_json::json!(value).to_string()));
    &Vec<i64> => |value| Arg::Text(Some(serde_json::json!(value).to_string()));
    &[String] => |value| Arg::Text(Some(serde_json::json!(value).to_string()));
    &Vec<String> => |value| Arg::Text(Some(serde_json::json!(value).to_string()));
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Error {
        match &error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => {
                Error::Unavailable(format!("the database is away: {error}"))
            }
            sqlx::Error::Database(database) => {
                let code = database.code().unwrap_or_default();
                match &*code {
                    // SQLITE_FULL; PostgreSQL's disk_full, too_many_connections, shutting down.
                    "13" | "53100" | "53300" | "57P01" | "57P02" | "57P03" => {
                        Error::Unavailable(format!("the database is away: {error}"))
                    }
                    // SQLITE_BUSY and its kin; deadlock, serialisation and lock_timeout.
                    "5" | "261" | "517" | "40001" | "40P01" | "55P03" => {
                        Error::Unavailable(format!("the database is busy: {error}"))
                    }
                    _ if database.is_unique_violation() => Error::Conflict(error.to_string()),
                    _ => Error::Internal(error.to_string()),
                }
            }
            _ => Error::Internal(error.to_string()),
        }
    }
}

impl sqlx::Type<Sqlite> for Time {
    fn type_info() -> sqlx::sqlite::SqliteTypeInfo {
        <i64 as sqlx::Type<Sqlite>>::type_info()
    }
}

impl sqlx::Type<Postgres> for Time {
    fn type_info() -> sqlx::postgres::PgTypeInfo {
        <i64 as sqlx::Type<Postgres>>::type_info()
    }
}

impl<'r, D: sqlx::Database> sqlx::Decode<'r, D> for Time
where
    i64: sqlx::Decode<'r, D>,
{
    fn decode(value: <D as sqlx::Database>::ValueRef<'r>) -> Result<Time, sqlx::error::BoxDynError> {
        <i64 as sqlx::Decode<'r, D>>::decode(value).map(Time)
    }
}
