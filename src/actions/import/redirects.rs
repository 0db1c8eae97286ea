//! `atlas redirects import FILE`: a table of redirects and rules, with a dry run that says
//! everything that is wrong with it before anything changes.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::Read;
use std::path::Path as FilePath;

use crate::actions::import::{Batch, Report};
use crate::actions::redirects::{self, Wish};
use crate::app::App;
use crate::entry::{Actor, Verb};
use crate::error::{Error, Problem, Result};
use crate::text::Path;

/// The header of the table; `kind` and `status` may be left out (exact, 301).
pub const HEADER: [&str; 4] = ["kind", "from", "to", "status"];

/// Rows of a table that is sent with a form.
pub const MOST: usize = 5_000;

/// Imports a table of redirects.
///
/// # Errors
/// `Invalid` when the file can't be read or has no column `from`.
pub async fn import(app: &App, actor: &Actor, file: &FilePath, dry_run: bool, reuse: bool) -> Result<Report> {
    let mut report = Report { dry_run, ..Report::default() };
    let mut batch = Batch::begin(app, actor, dry_run).await?;
    let name = file.display().to_string();
    rows(&mut batch, open(file, &name)?, &name, reuse, &mut report).await?;
    batch.finish().await?;
    Ok(report)
}

/// Imports a table that a person sent, of [`MOST`] rows at most: it is waited for.
///
/// # Errors
/// `Invalid` when it is longer, can't be read or has no column `from`; `Denied`.
pub async fn import_text(app: &App, actor: &Actor, table: &str, dry_run: bool) -> Result<Report> {
    if table.lines().nth(MOST + 1).is_some() {
        let reason = format!("has more than {MOST} rows; longer ones are for `atlas redirects import`");
        return Err(Error::field("table", reason));
    }
    let mut report = Report { dry_run, ..Report::default() };
    let mut batch = Batch::begin(app, actor, dry_run).await?;
    batch.change.permit(Verb::Redirect)?;
    rows(&mut batch, table.as_bytes(), "table", false, &mut report).await?;
    batch.finish().await?;
    Ok(report)
}

/// Opens the file of a table.
///
/// # Errors
/// `Invalid` when that can't be done.
pub fn open(file: &FilePath, name: &str) -> Result<File> {
    File::open(file).map_err(|error| Problem::new(format!("it can't be read: {error}")).file(name).into())
}

/// Takes the rows of a table in, each after the one that it leads to: so every chain is followed to
/// its end over what was really taken in.
pub async fn rows(
    batch: &mut Batch<'_>,
    file: impl Read,
    name: &str,
    reuse: bool,
    report: &mut Report,
) -> Result<()> {
    let wishes = read(file, name, reuse, report)?;
    let table = Rows::of(&wishes);
    let mut notes = Vec::new();
    let mut problems = std::mem::take(&mut report.problems);
    let before = problems.len();
    for at in table.order() {
        let (line, wish) = &wishes[at];
        if let Some(first) = table.repeats(at) {
            let reason = format!("{} stands on line {} already", wish.from, wishes[first].0);
            report.skip(Problem::new(reason).field("from").at(name, *line));
            continue;
        }
        batch.open().await?;
        let added = redirects::add(&mut batch.change, wish).await;
        match batch.close(added).await? {
            Ok(added) => {
                if added.unchanged {
                    report.unchanged += 1;
                } else {
                    report.redirects += 1;
                }
                notes.extend(added.notes.into_iter().map(|note| Problem::new(note).at(name, *line)));
            }
            Err(error) => report.fail(name, Some(*line), &table.as_loop(at).unwrap_or(error)),
        }
    }
    problems.append(&mut report.problems);
    problems[before..].sort_by_key(|problem| problem.line);
    report.problems = problems;
    notes.sort_by_key(|note| note.line);
    report.notes.extend(notes);
    Ok(())
}

fn read(file: impl Read, name: &str, reuse: bool, report: &mut Report) -> Result<Vec<(u32, Wish)>> {
    let unreadable =
        |error: csv::Error| Error::from(Problem::new(format!("it can't be read: {error}")).file(name));
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(file);
    let headers = reader.headers().map_err(unreadable)?.clone();
    for header in &headers {
        if !HEADER.contains(&header.trim_start_matches('\u{feff}')) {
            let reason = format!("there is no column `{header}`; the columns are kind, from, to, status");
            return Err(Problem::new(reason).at(name, 1).into());
        }
    }
    let column =
        |wanted: &str| headers.iter().position(|header| header.trim_start_matches('\u{feff}') == wanted);
    let Some(from) = column("from") else {
        return Err(Problem::new("the column `from` is missing").at(name, 1).into());
    };
    let (kind, to, status) = (column("kind"), column("to"), column("status"));
    let mut wishes = Vec::new();
    for row in reader.records() {
        let row = match row {
            Ok(row) => row,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line) as u32;
                report.skip(Problem::new(format!("the row can't be read: {error}")).at(name, line));
                continue;
            }
        };
        let line = row.position().map_or(0, csv::Position::line) as u32;
        let cell = |at: Option<usize>| at.and_then(|at| row.get(at)).filter(|text| !text.is_empty());
        let to = cell(to).map(str::to_owned);
        let status = match cell(status) {
            None if to.is_none() => 410,
            None => 301,
            Some(text) => match text.parse() {
                Ok(status) => status,
                Err(_) => {
                    report
                        .skip(Problem::new(format!("`{text}` is no status")).field("status").at(name, line));
                    continue;
                }
            },
        };
        let Some(from) = cell(Some(from)) else {
            report.skip(Problem::new("is empty").field("from").at(name, line));
            continue;
        };
        let kind = cell(kind).unwrap_or("exact").to_owned();
        wishes.push((line, Wish { kind, from: from.to_owned(), to, status, reuse }));
    }
    Ok(wishes)
}

/// The rows of a table and how they lead to each other.
struct Rows<'a> {
    wishes: &'a [(u32, Wish)],
    /// The row of each path; a second one for the same path is none.
    first: HashMap<String, usize>,
}

fn key(text: &str) -> Option<String> {
    Path::parse_href(text).ok().map(|path| path.folded())
}

impl<'a> Rows<'a> {
    fn of(wishes: &'a [(u32, Wish)]) -> Rows<'a> {
        let mut first = HashMap::new();
        for (at, (_, wish)) in wishes.iter().enumerate().filter(|(_, (_, wish))| wish.kind == "exact") {
            if let Some(from) = key(&wish.from) {
                first.entry(from).or_insert(at);
            }
        }
        Rows { wishes, first }
    }

    /// The earlier row for the same path.
    fn repeats(&self, at: usize) -> Option<usize> {
        let wish = &self.wishes[at].1;
        let first = self.first.get(&key(&wish.from)?)?;
        (wish.kind == "exact" && *first != at).then_some(*first)
    }

    /// The row that a row leads to.
    fn next(&self, at: usize) -> Option<usize> {
        let wish = &self.wishes[at].1;
        self.first.get(&key(wish.to.as_deref()?)?).copied().filter(|_| wish.kind == "exact")
    }

    /// Every row after the one it leads to, otherwise as they stand.
    fn order(&self) -> Vec<usize> {
        let mut order = Vec::with_capacity(self.wishes.len());
        let mut seen = vec![false; self.wishes.len()];
        for row in 0..self.wishes.len() {
            let begin = order.len();
            let mut next = Some(row);
            while let Some(at) = next.filter(|at| !seen[*at]) {
                seen[at] = true;
                order.push(at);
                next = self.next(at);
            }
            order[begin..].reverse();
        }
        order
    }

    /// What is wrong with a row that was refused, when it leads in a circle.
    fn as_loop(&self, row: usize) -> Option<Error> {
        let mut trail = vec![row];
        let mut seen = HashSet::from([row]);
        while let Some(next) = self.next(*trail.last()?) {
            trail.push(next);
            if !seen.insert(next) {
                let names: Vec<&str> = trail.iter().map(|at| self.wishes[*at].1.from.as_str()).collect();
                let reason = match names.as_slice() {
                    // A long circle is told by its ends.
                    [first, second, .., last] if names.len() > 8 => {
                        format!("{first} → {second} → … → {last} is a loop")
                    }
                    all => format!("{} is a loop", all.join(" → ")),
                };
                return Some(Problem::new(reason).field("to").into());
            }
        }
        None
    }
}
