use super::*;
use crate::store::db::args;

fn filled() -> (tempfile::TempDir, Reader) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("atlas.db");
    let connection = Connection::open(&file).unwrap();
    connection
        .execute_batch(
            "PRAGMA journal_mode = wal;
             CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT, weight REAL, heavy INTEGER) STRICT;
             INSERT INTO things VALUES (1, 'stone', 2.5, TRUE), (2, NULL, NULL, FALSE), (3, 'سنگ', 3.0, TRUE);",
        )
        .unwrap();
    (folder, Reader::new(&file))
}

#[derive(Debug, PartialEq, FromRow)]
struct Thing {
    heavy: bool,
    name: Option<String>,
    id: i64,
    weight: Option<f64>,
}

#[test]
fn rows_become_types_by_the_names_of_their_columns() {
    let (_folder, reader) = filled();
    let things: Vec<Thing> = reader.read("SELECT * FROM things ORDER BY id", &[]).unwrap();
    let thing =
        |id, name: Option<&str>, weight, heavy| Thing { id, name: name.map(str::to_owned), weight, heavy };
    assert_eq!(
        things,
        [
            thing(1, Some("stone"), Some(2.5), true),
            thing(2, None, None, false),
            thing(3, Some("سنگ"), Some(3.0), true)
        ]
    );
    let counted: Vec<(i64, f64)> = reader.read("SELECT COUNT(*), 1 FROM things", &[]).unwrap();
    assert_eq!(counted, [(3, 1.0)]);
    for (sql, why) in [
        ("SELECT name FROM things WHERE id = 1", "expected INTEGER, found TEXT"),
        ("SELECT name FROM things WHERE id = 2", "expected INTEGER, found NULL"),
        ("SELECT nobody FROM things", "no such column"),
    ] {
        let error = reader.read::<(i64,)>(sql, &[]).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
}

#[test]
fn an_argument_is_found_by_its_number_wherever_it_stands() {
    let (_folder, reader) = filled();
    let sql = "SELECT id FROM things WHERE id > $3 AND ($2 IS NULL OR name = $2) ORDER BY id LIMIT $1";
    let ids = |args: Vec<Arg>| reader.read::<(i64,)>(sql, &args).unwrap();
    assert_eq!(ids(args![1_i64, None::<i64>, 1_i64]), [(2,)]);
    assert_eq!(ids(args![9_i64, "سنگ", 0_i64]), [(3,)]);
    let error = reader.read::<(i64,)>(sql, &[Arg::from(1_i64)]).unwrap_err().to_string();
    assert!(error.contains("has no value"), "{error}");
}

#[test]
fn what_was_committed_is_read_and_nothing_is_written() {
    let (folder, reader) = filled();
    let count = || reader.read::<(i64,)>("SELECT COUNT(*) FROM things", &[]).unwrap()[0].0;
    assert_eq!(count(), 3);
    let writer = Connection::open(folder.path().join("atlas.db")).unwrap();
    writer.execute_batch("BEGIN IMMEDIATE; DELETE FROM things WHERE id = 1;").unwrap();
    assert_eq!(count(), 3);
    writer.execute_batch("COMMIT").unwrap();
    assert_eq!(count(), 2);
    assert!(reader.read::<(i64,)>("DELETE FROM things RETURNING id", &[]).is_err());
}

#[test]
fn connections_rest_for_a_while_and_none_is_there_after_the_end() {
    let (_folder, reader) = filled();
    assert_eq!(reader.connections(), (0, 0));
    let mut taken: Vec<Connection> = (0..6).map(|_| reader.take().unwrap()).collect();
    assert_eq!(reader.connections(), (6, 0));
    let last = taken.pop().unwrap();
    taken.into_iter().for_each(|connection| reader.put_back(connection));
    assert_eq!(reader.connections(), (6, 5));
    for (_, used) in &mut *reader.idle() {
        *used -= REST * 2;
    }
    reader.put_back(last);
    assert_eq!(reader.connections(), (1, 1));
    let late = reader.take().unwrap();
    reader.close();
    reader.put_back(late);
    assert_eq!(reader.connections(), (0, 0));
    let error = reader.read::<(i64,)>("SELECT 1", &[]).unwrap_err();
    assert!(matches!(error, Error::Unavailable(_)), "{error}");
}

#[test]
fn a_file_that_is_not_there_is_a_database_that_is_away() {
    let folder = tempfile::tempdir().unwrap();
    let error = Reader::new(&folder.path().join("none.db")).read::<(i64,)>("SELECT 1", &[]).unwrap_err();
    assert!(matches!(error, Error::Unavailable(_)), "{error}");
}

#[tokio::test]
async fn who_finds_too_many_reading_is_told_so_in_time() {
    let (_folder, reader) = filled();
    let turns = reader.turns.acquire_many(u32::try_from(readers()).unwrap()).await.unwrap();
    let error = reader.all::<(i64,)>("SELECT 1", &[]).await.unwrap_err();
    assert!(matches!(error, Error::Unavailable(_)), "{error}");
    drop(turns);
    assert_eq!(reader.all::<(i64,)>("SELECT 1", &[]).await.unwrap(), [(1,)]);
}
