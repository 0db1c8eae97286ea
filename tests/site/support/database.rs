//! A fresh database for each test, on both engines.

use std::future::Future;

use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use tempfile::TempDir;
use url::Url;

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// An empty database of a test's own, and a folder that goes with it. Both end with the test.
#[derive(Debug)]
pub struct TestDatabase {
    pub engine: Engine,
    /// As `DATABASE_URL` takes it.
    pub url: String,
    /// An empty folder, for `ATLAS_DATA`.
    pub folder: TempDir,
}

/// What a test of `on_both!` takes, built on a fresh database. An implementation keeps the
/// `TestDatabase` it is given: dropping that removes its folder.
pub trait Fixture: Sized {
    fn on(database: TestDatabase) -> impl Future<Output = Self>;
}

impl TestDatabase {
    /// Runs a statement that no action ever would, past the engine.
    pub async fn tamper(&self, sql: &str) -> Result<(), sqlx::Error> {
        let sql = AssertSqlSafe(sql.to_owned());
        match self.engine {
            Engine::Sqlite => {
                let mut connection = SqliteConnection::connect(&self.url).await?;
                sqlx::query(sql).execute(&mut connection).await?;
            }
            Engine::Postgres => {
                let mut connection = PgConnection::connect(&self.url).await?;
                sqlx::query(sql).execute(&mut connection).await?;
            }
        }
        Ok(())
    }
}

impl Fixture for TestDatabase {
    async fn on(database: TestDatabase) -> TestDatabase {
        database
    }
}

/// Turns one test into two, `name::sqlite` and `name::postgres`.
///
/// ```ignore
/// on_both! {
///     async fn a_page_is_found_by_its_path(site: Site) { … }
/// }
/// ```
#[macro_export]
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($argument:ident: $fixture:ty) $body:block)+) => {$(
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn check($argument: $fixture) $body

            $(#[$meta])*
            #[test]
            fn sqlite() {
                $crate::support::database::run($crate::support::database::Engine::Sqlite, check);
            }

            $(#[$meta])*
            #[test]
            fn postgres() {
                $crate::support::database::run($crate::support::database::Engine::Postgres, check);
            }
        }
    )+};
}

/// Runs one test on a fresh database. After a failure, a PostgreSQL database is left for a look until
/// `tests/run` stops its server.
pub fn run<F, T>(engine: Engine, check: impl FnOnce(F) -> T)
where
    F: Fixture,
    T: Future<Output = ()>,
{
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        match engine {
            Engine::Sqlite => {
                let url = format!("sqlite:{}/atlas.db", folder.path().display());
                check(F::on(TestDatabase { engine, url, folder }).await).await;
            }
            Engine::Postgres => {
                let name = format!("atlas_{}", uuid::Uuid::now_v7().simple());
                let server = server();
                on_server(&server, format!("CREATE DATABASE {name} TEMPLATE template0")).await;
                let mut url = server.clone();
                url.set_path(&name);
                check(F::on(TestDatabase { engine, url: url.into(), folder }).await).await;
                on_server(&server, format!("DROP DATABASE {name} WITH (FORCE)")).await;
            }
        }
    });
}

fn server() -> Url {
    let url = std::env::var("ATLAS_TEST_POSTGRES").expect(
        "this test needs PostgreSQL: `tests/run` starts a private server and runs it, \
         or set ATLAS_TEST_POSTGRES to the URL of a server where databases may be created",
    );
    url.parse().expect("ATLAS_TEST_POSTGRES should be a URL")
}

/// Runs a statement that can't have parameters. What stands in it was made here, never read.
async fn on_server(server: &Url, statement: String) {
    let mut connection = PgConnection::connect(server.as_str()).await.expect("the test server should answer");
    sqlx::query(AssertSqlSafe(statement)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}
