//! Tables: good rows, bad rows, and which row is which.

use std::io::Write;

use proptest::prelude::*;
use tempfile::NamedTempFile;

use crate::error::Problem;
use crate::source::csv::{Mapping, Options, Row, Table};

fn table_of(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn open(bytes: &[u8]) -> Result<Table, String> {
    open_with(bytes, &Options::default())
}

fn open_with(bytes: &[u8], options: &Options) -> Result<Table, String> {
    let file = table_of(bytes);
    Table::open(file.path(), options).map_err(|problem| named(&file, &problem))
}

fn named(file: &NamedTempFile, problem: &Problem) -> String {
    problem.to_string().replace(&file.path().display().to_string(), "t.csv")
}

fn read(bytes: &[u8], options: &Options, maps: &[&str]) -> Vec<Result<Row, String>> {
    let file = table_of(bytes);
    let table = Table::open(file.path(), options).unwrap();
    let mapping = Mapping::parse(maps, table.headers()).unwrap();
    table.rows(&mapping).unwrap().map(|row| row.map_err(|problem| named(&file, &problem))).collect()
}

fn told(rows: &[Result<Row, String>]) -> String {
    let lines = rows.iter().map(|row| match row {
        Ok(row) => {
            let cells: Vec<String> =
                row.cells.iter().map(|(field, text)| format!("{field}={text:?}")).collect();
            format!("{} {}: {}", row.line, row.key, cells.join(" "))
        }
        Err(problem) => problem.clone(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn columns_fill_fields() {
    let text = b"id,name,lat,lon\n1,Caf\xc3\xa9,35.7, 51.4\n\n2,\"A \"\"b\"\",\nc\",,\n3,x,1,\n";
    let rows = read(text, &Options::default(), &["title=name", "geo=lat,lon", "label = NAME"]);
    insta::assert_snapshot!(told(&rows), @r#"
    2 1: title="Café" geo="35.7,51.4" label="Café"
    4 2: title="A \"b\",\nc" geo="" label="A \"b\",\nc"
    6 3: title="x" geo="1," label="x"
    "#);
    let good: Vec<&Row> = rows.iter().flatten().collect();
    assert_eq!(good.iter().map(|row| row.byte).collect::<Vec<_>>(), [16, 36, 53]);
}

#[test]
fn a_bad_row_never_stops_the_rest() {
    let text = b"id,name\n1,a\n2\n3,b,c\n4,\xff\n\n,d\r\n1,again\n5,\"e\r\ne\"\r\n6,f\r\n\r\n7,\"open\n8,f\n";
    let by_id = Options { delimiter: None, id: Some("id".to_owned()) };
    let rows = read(text, &by_id, &["title=name"]);
    insta::assert_snapshot!(told(&rows), @r#"
    2 1: title="a"
    t.csv:3: the row has 1 cell where the header has 2
    t.csv:4: the row has 3 cells where the header has 2
    t.csv:5: `name`: the cell is not UTF-8; save the file as UTF-8
    t.csv:7: `id`: the cell that tells this row from others is empty
    t.csv:8: `id`: `1` stands already in the row of line 2
    9 5: title="e\r\ne"
    11 6: title="f"
    t.csv:13: a quote is opened in this row and never closed; all that follows would be one cell
    "#);
}

#[test]
fn the_delimiter_is_found_or_given() {
    for (text, options) in [
        ("id\tname, whole\n1\ta,b;c|d", Options::default()),
        ("id;\"name, whole\"\n1;a,b|d", Options::default()),
        ("\u{feff}id|name, whole\r\n1|a,b", Options::default()),
        ("id#\"name, whole\"\n1#a,b", Options { delimiter: Some(b'#'), id: None }),
    ] {
        let rows = read(text.as_bytes(), &options, &["title=name, whole"]);
        let first = rows[0].as_ref().unwrap();
        assert_eq!(first.key, "1", "{text}");
        assert!(first.cells[0].1.starts_with("a,b"), "{text}");
    }
    assert_eq!(open(b"name\nx\ny\n").unwrap().headers(), ["name"]);
}

#[test]
fn rows_are_told_apart_by_the_first_column_if_it_can_and_by_the_one_that_is_asked_for() {
    assert_eq!(open(b"a,b\n1,1\n2,1\n").unwrap().id(), "a");
    let by_b = Options { delimiter: None, id: Some("B".to_owned()) };
    assert_eq!(open_with(b"a,b\n1,1\n1,2\n", &by_b).unwrap().id(), "b");
    assert_eq!(open(b"a,b\n").unwrap().id(), "a");
    // A bad row is reported as one; it doesn't make the column useless.
    assert_eq!(open(b"a,b\n1,1\n1\n2,2\n").unwrap().id(), "a");
}

#[test]
fn a_table_that_cannot_be_used_says_why() {
    let missing = Table::open("missing.csv".as_ref(), &Options::default()).unwrap_err().to_string();
    let by = |id: &str| Options { delimiter: None, id: Some(id.to_owned()) };
    let told = [
        missing,
        open(b"").unwrap_err(),
        open(b",,\n1,2,3\n").unwrap_err(),
        open(b"a,b,a\n").unwrap_err(),
        open(b"a,\xff\n").unwrap_err(),
        open(b"a,b,c,d\n1,1,x,\n1,2,y,z\n").unwrap_err(),
        open(b"a,b\n1,x\n1,x\n").unwrap_err(),
        open(b"a,b\n,x\n2,x\n").unwrap_err(),
        open_with(b"name,country\n1,x\n", &by("nam")).unwrap_err(),
        open_with(b"name,country\n1,x\n", &by("population")).unwrap_err(),
    ];
    insta::assert_snapshot!(told.join("\n"), @r#"
    missing.csv: it can't be read: no such file or directory
    t.csv:1: the file has no header: its first line has to name the columns
    t.csv:1: the file has no header: its first line has to name the columns
    t.csv:1: `a`: the header has this column twice
    t.csv:1: the header is not UTF-8; save the file as UTF-8
    t.csv: `--id`: the first column, `a`, doesn't tell the rows apart; choose one that does: `b`, `c`
    t.csv: `--id`: the first column, `a`, doesn't tell the rows apart; no column is different in every row; add one
    t.csv: `--id`: the first column, `a`, doesn't tell the rows apart; no column is different in every row; add one
    t.csv: `--id`: there is no column `nam` (did you mean `name`?); there are `name`, `country`
    t.csv: `--id`: there is no column `population`; there are `name`, `country`
    "#);
}

#[test]
fn a_mapping_that_cannot_be_used_says_why() {
    let headers = ["name", "country", "latitude", ""].map(str::to_owned);
    let maps = [
        "title",
        "=name",
        "title=",
        "title=nmae",
        "name=title",
        "geo=latitude,longitude",
        "x=",
        "a=name",
        "a=country",
        "b=,",
    ];
    let problems = Mapping::parse(&maps, &headers).unwrap_err();
    insta::assert_snapshot!(problems, @r#"
    `--map title`: write FIELD=COLUMN, as in `title=name`
    `--map =name`: write FIELD=COLUMN, as in `title=name`
    `--map title=`: write FIELD=COLUMN, as in `title=name`
    `--map title=nmae`: there is no column `nmae` (did you mean `name`?); there are `name`, `country`, `latitude`
    `--map name=title`: there is no column `title` but one `name`: the field comes first, `title=name`
    `--map geo=latitude,longitude`: there is no column `longitude` (did you mean `latitude`?); there are `name`, `country`, `latitude`
    `--map x=`: write FIELD=COLUMN, as in `title=name`
    `--map a=country`: the field `a` is filled twice
    `--map b=,`: write FIELD=COLUMN, as in `title=name`
    "#);
}

#[test]
fn unused_columns_and_fields_are_told() {
    let table = open(b"id,name,lat,lon\n").unwrap();
    let mapping = Mapping::parse(&["title=name", "geo=lat,lon"], table.headers()).unwrap();
    assert_eq!(table.unused(&mapping), ["id"]);
    assert_eq!(mapping.fields().collect::<Vec<_>>(), ["title", "geo"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(prop_oneof![any::<u8>(), Just(b','), Just(b'\n'), Just(b'"')], 0..300)) {
        let file = table_of(&bytes);
        if let Ok(table) = Table::open(file.path(), &Options::default()) {
            let first = format!("title={}", table.id());
            if let Ok(mapping) = Mapping::parse(&[first], table.headers()) {
                for row in table.rows(&mapping).unwrap().flatten() {
                    prop_assert!(!row.key.is_empty());
                }
            }
        }
    }

    #[test]
    fn every_good_row_is_read_as_it_was_written(cells in proptest::collection::vec("[a-zé,\"\n;]{0,12}", 1..20)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["id", "text"]).unwrap();
        for (at, cell) in cells.iter().enumerate() {
            writer.write_record([&at.to_string(), cell]).unwrap();
        }
        let rows = read(&writer.into_inner().unwrap(), &Options::default(), &["title=text"]);
        let texts: Vec<String> = rows.into_iter().map(|row| row.unwrap().cells.remove(0).1).collect();
        let trimmed: Vec<&str> = cells.iter().map(|cell| cell.trim()).collect();
        prop_assert_eq!(texts, trimmed);
    }
}
