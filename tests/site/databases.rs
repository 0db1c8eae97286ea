//! The ground of all other tests: each has a database to itself, on the engine it asked for.

use atlas::config::{Database, FromText};
use sqlx::{Connection, PgConnection, SqliteConnection};

use crate::on_both;
use crate::support::database::{Engine, TestDatabase};

on_both! {
    async fn a_test_has_an_empty_database_of_its_own(database: TestDatabase) {
        let create = "CREATE TABLE mark (id BIGINT PRIMARY KEY)";
        let count = "SELECT count(*) FROM mark";
        let rows: i64 = match (database.engine, Database::from_text(&database.url).unwrap()) {
            (Engine::Sqlite, Database::Sqlite(path)) => {
                let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).create_if_missing(true);
                let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
                sqlx::query(create).execute(&mut connection).await.unwrap();
                sqlx::query_scalar(count).fetch_one(&mut connection).await.unwrap()
            }
            (Engine::Postgres, Database::Postgres(url)) => {
                let mut connection = PgConnection::connect(url.as_str()).await.unwrap();
                sqlx::query(create).execute(&mut connection).await.unwrap();
                sqlx::query_scalar(count).fetch_one(&mut connection).await.unwrap()
            }
            (engine, url) => panic!("{engine:?} got {url}"),
        };
        assert_eq!(rows, 0);
    }

    async fn two_tests_do_not_meet(database: TestDatabase) {
        let mut urls = vec![database.url.clone()];
        let engine = database.engine;
        let other = std::thread::spawn(move || {
            let (send, receive) = std::sync::mpsc::channel();
            crate::support::database::run(engine, async move |other: TestDatabase| {
                send.send(other.url.clone()).unwrap();
            });
            receive.recv().unwrap()
        });
        urls.push(other.join().unwrap());
        assert_ne!(urls[0], urls[1]);
        assert!(database.folder.path().is_dir());
    }
}
