//! A table in a file, row by row: which columns fill which fields, and which row is which.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Read;
use std::path::{Path, PathBuf};

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::walk::plain;
use crate::error::{Problem, Problems};

/// How to read a file, where it doesn't say so itself.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The sign between cells; none: the one of `,` `;` tab `|` that the header uses most.
    pub delimiter: Option<u8>,
    /// The column that tells rows apart; none: the first, if it does.
    pub id: Option<String>,
}

/// An opened table: the header is read, the identity of its rows is settled.
#[derive(Debug, Clone)]
pub struct Table {
    path: PathBuf,
    name: String,
    delimiter: u8,
    headers: Vec<String>,
    id: usize,
    size: u64,
}

/// A longer key could not be indexed by every database.
const LONGEST_KEY: usize = 500;

/// Which columns make which field, in the order given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    pairs: Vec<(String, Vec<usize>)>,
}

/// One good row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Where it begins in the file, from 1.
    pub line: u64,
    /// The byte where it begins, for a progress bar against [`Table::size`].
    pub byte: u64,
    /// What tells it from the other rows, on every run.
    pub key: String,
    /// Field and text, in the mapping's order, trimmed; an empty cell is an empty text. Several
    /// columns are joined by commas.
    pub cells: Vec<(String, String)>,
}

impl Table {
    /// Opens a file and reads it through once or twice, streaming, to see which rows are which.
    ///
    /// # Errors
    /// The file can't be read, its header is empty, twice the same or not UTF-8, or no column that
    /// tells the rows apart is known; the last names those that would.
    pub fn open(path: &Path, options: &Options) -> Result<Table, Problem> {
        let name = path.display().to_string();
        let mut table =
            Table { path: path.to_owned(), name, delimiter: b',', headers: Vec::new(), id: 0, size: 0 };
        let failed = |error: std::io::Error| table.failed(&error);
        let size = File::open(path).and_then(|file| file.metadata()).map_err(failed)?.len();
        let delimiter = match options.delimiter {
            Some(delimiter) => delimiter,
            None => detect(path).map_err(failed)?,
        };
        table.delimiter = delimiter;
        table.size = size;
        table.headers = table.read_header()?;
        table.id = table.identity(options.id.as_deref())?;
        Ok(table)
    }

    pub fn headers(&self) -> &[String] {
        &self.headers
    }

    /// The column whose cells are the rows' keys.
    pub fn id(&self) -> &str {
        &self.headers[self.id]
    }

    /// Bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Columns that a mapping leaves out.
    pub fn unused(&self, mapping: &Mapping) -> Vec<&str> {
        let used: HashSet<usize> =
            mapping.pairs.iter().flat_map(|(_, columns)| columns.iter().copied()).collect();
        let columns = self.headers.iter().enumerate();
        columns.filter(|(at, _)| !used.contains(at)).map(|(_, name)| name.as_str()).collect()
    }

    /// Reads the rows. A bad one is a problem, and the next follows.
    ///
    /// # Errors
    /// The file can't be opened any more.
    pub fn rows(&self, mapping: &Mapping) -> Result<Rows, Problem> {
        let mut reader = self.reader(Ahead::of)?;
        reader.byte_headers().map_err(|error| self.unreadable(&error))?;
        Ok(Rows {
            table: self.clone(),
            mapping: mapping.clone(),
            reader,
            record: ByteRecord::new(),
            seen: HashMap::new(),
            ended: false,
        })
    }

    fn reader<R: Read>(&self, wrap: impl Fn(File) -> R) -> Result<Reader<R>, Problem> {
        let file = File::open(&self.path).map_err(|error| self.failed(&error))?;
        Ok(ReaderBuilder::new().delimiter(self.delimiter).flexible(true).from_reader(wrap(file)))
    }

    fn failed(&self, error: &std::io::Error) -> Problem {
        Problem::new(format!("it can't be read: {}", plain(error))).file(&self.name)
    }

    fn unreadable(&self, error: &csv::Error) -> Problem {
        Problem::new(format!("it can't be read: {error}")).file(&self.name)
    }

    fn read_header(&self) -> Result<Vec<String>, Problem> {
        let mut reader = self.reader(|file| file)?;
        let header = reader.byte_headers().map_err(|error| self.unreadable(&error))?;
        let line = header.position().map_or(1, csv::Position::line);
        let problem = |reason: String| Problem::new(reason).at(&self.name, line_number(line));
        let mut names: Vec<String> = Vec::with_capacity(header.len());
        for cell in header {
            let Ok(name) = std::str::from_utf8(cell) else {
                return Err(problem("the header is not UTF-8; save the file as UTF-8".to_owned()));
            };
            let name = name.trim_start_matches('\u{feff}').trim();
            if !name.is_empty() && names.iter().any(|other| other == name) {
                return Err(problem("the header has this column twice".to_owned()).field(name));
            }
            names.push(name.to_owned());
        }
        if names.iter().all(String::is_empty) {
            return Err(problem("the file has no header: its first line has to name the columns".to_owned()));
        }
        Ok(names)
    }

    fn identity(&self, wanted: Option<&str>) -> Result<usize, Problem> {
        let problem = |reason: String| Problem::new(reason).file(&self.name);
        if let Some(name) = wanted {
            return column(&self.headers, name).map_err(|reason| problem(reason).field("--id"));
        }
        if self.unique_among(&[0])?.contains(&0) {
            return Ok(0);
        }
        let others: Vec<usize> = (1..self.headers.len()).collect();
        let unique = self.unique_among(&others)?;
        let names: Vec<String> = unique.iter().map(|at| format!("`{}`", self.headers[*at])).collect();
        let advice = match names.len() {
            0 => "no column is different in every row; add one".to_owned(),
            _ => format!("choose one that does: {}", names.join(", ")),
        };
        let first = &self.headers[0];
        Err(problem(format!("the first column, `{first}`, doesn't tell the rows apart; {advice}"))
            .field("--id"))
    }

    /// Those of `columns` whose cells are never empty and never twice the same. Rows that are bad
    /// all the same don't count. Keeps 16 bytes a row of each column that is still in the running.
    fn unique_among(&self, columns: &[usize]) -> Result<Vec<usize>, Problem> {
        let mut running: Vec<(usize, HashSet<u128>)> =
            columns.iter().map(|at| (*at, HashSet::new())).collect();
        running.retain(|(at, _)| !self.headers[*at].is_empty());
        let mut reader = self.reader(|file| file)?;
        reader.byte_headers().map_err(|error| self.unreadable(&error))?;
        let mut record = ByteRecord::new();
        while !running.is_empty()
            && reader.read_byte_record(&mut record).map_err(|error| self.unreadable(&error))?
        {
            if record.len() == self.headers.len() {
                running.retain_mut(|(at, seen)| {
                    let cell = record[*at].trim_ascii();
                    !cell.is_empty() && seen.insert(fingerprint(cell))
                });
            }
        }
        Ok(running.into_iter().map(|(at, _)| at).collect())
    }
}

/// 128 bits, so that two cells of any table are never taken for one.
fn fingerprint(cell: &[u8]) -> u128 {
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, cell).hash(&mut hasher);
        u128::from(hasher.finish())
    };
    half(0) << 64 | half(1)
}

fn line_number(line: u64) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}

impl Mapping {
    /// Reads `FIELD=COLUMN` or `FIELD=COLUMN,COLUMN` for each field, as `--map` takes them.
    ///
    /// # Errors
    /// Every pair that is not one, a field given twice, a column that the table doesn't have.
    pub fn parse(maps: &[impl AsRef<str>], headers: &[String]) -> Result<Mapping, Problems> {
        let mut problems = Problems::default();
        let mut pairs: Vec<(String, Vec<usize>)> = Vec::new();
        for map in maps {
            let map = map.as_ref();
            match pair(map, headers) {
                Ok((field, _)) if pairs.iter().any(|(other, _)| *other == field) => {
                    problems.push(
                        Problem::new(format!("the field `{field}` is filled twice"))
                            .field(format!("--map {map}")),
                    );
                }
                Ok(pair) => pairs.push(pair),
                Err(reason) => problems.push(Problem::new(reason).field(format!("--map {map}"))),
            }
        }
        if problems.is_empty() { Ok(Mapping { pairs }) } else { Err(problems) }
    }

    /// The fields it fills.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.pairs.iter().map(|(field, _)| field.as_str())
    }
}

fn pair(map: &str, headers: &[String]) -> Result<(String, Vec<usize>), String> {
    let Some((field, columns)) = map.split_once('=') else {
        return Err("write FIELD=COLUMN, as in `title=name`".to_owned());
    };
    let (field, columns) = (field.trim(), columns.trim());
    if field.is_empty() || columns.split(',').any(|name| name.trim().is_empty()) {
        return Err("write FIELD=COLUMN, as in `title=name`".to_owned());
    }
    // A column's own name may have a comma.
    if let Ok(whole) = column(headers, columns) {
        return Ok((field.to_owned(), vec![whole]));
    }
    let found: Result<Vec<usize>, String> =
        columns.split(',').map(|name| column(headers, name.trim())).collect();
    match found {
        Ok(found) => Ok((field.to_owned(), found)),
        Err(_) if column(headers, field).is_ok() => Err(format!(
            "there is no column `{columns}` but one `{field}`: the field comes first, `{columns}={field}`"
        )),
        Err(reason) => Err(reason),
    }
}

fn column(headers: &[String], name: &str) -> Result<usize, String> {
    let exact = headers.iter().position(|header| !header.is_empty() && header == name);
    if let Some(at) = exact
        .or_else(|| headers.iter().position(|header| !name.is_empty() && header.eq_ignore_ascii_case(name)))
    {
        return Ok(at);
    }
    let named = headers.iter().filter(|header| !header.is_empty());
    let nearest =
        named.clone().map(|header| (distance(&header.to_lowercase(), &name.to_lowercase()), header));
    let hint = match nearest.min_by_key(|(distance, _)| *distance) {
        Some((distance, header)) if distance <= name.chars().count().div_ceil(3) => {
            format!(" (did you mean `{header}`?)")
        }
        _ => String::new(),
    };
    let all: Vec<String> = named.map(|header| format!("`{header}`")).collect();
    Err(format!("there is no column `{name}`{hint}; there are {}", all.join(", ")))
}

/// Levenshtein's: letters to add, drop or change.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let change = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// The rows of a [`Table`], good and bad.
pub struct Rows {
    table: Table,
    mapping: Mapping,
    reader: Reader<Ahead>,
    record: ByteRecord,
    /// The line on which each key was first seen.
    seen: HashMap<u128, u64>,
    ended: bool,
}

impl Rows {
    /// Bytes read so far.
    pub fn position(&self) -> u64 {
        self.reader.position().byte()
    }

    fn row(&mut self) -> Result<Row, Problem> {
        let start = self.record.position().map_or(0, csv::Position::byte);
        let end = self.reader.position().byte();
        let ahead = self.reader.get_mut();
        let (line, byte) = ahead.skip_to(start);
        let open_quote = end >= self.table.size && ahead.has_open_quote();
        let problem = |reason: String| Problem::new(reason).at(&self.table.name, line_number(line));
        let headers = &self.table.headers;
        if open_quote {
            let reason = "a quote is opened in this row and never closed; all that follows would be one cell";
            return Err(problem(reason.to_owned()));
        }
        if self.record.len() != headers.len() {
            let cells = counted(self.record.len());
            return Err(problem(format!("the row has {cells} where the header has {}", headers.len())));
        }
        let mut cells = Vec::with_capacity(headers.len());
        for (cell, name) in self.record.iter().zip(headers) {
            match std::str::from_utf8(cell) {
                Ok(cell) => cells.push(cell.trim()),
                Err(_) => {
                    return Err(
                        problem("the cell is not UTF-8; save the file as UTF-8".to_owned()).field(name)
                    );
                }
            }
        }
        let key = cells[self.table.id];
        let id = self.table.id();
        if key.is_empty() {
            return Err(problem("the cell that tells this row from others is empty".to_owned()).field(id));
        }
        if key.len() > LONGEST_KEY {
            return Err(problem(format!("a key of more than {LONGEST_KEY} bytes can't be kept")).field(id));
        }
        if key.chars().any(char::is_control) {
            return Err(problem("the cell has a control character".to_owned()).field(id));
        }
        if let Some(first) = self.seen.insert(fingerprint(key.as_bytes()), line) {
            self.seen.insert(fingerprint(key.as_bytes()), first);
            return Err(problem(format!("`{key}` stands already in the row of line {first}")).field(id));
        }
        let filled =
            self.mapping.pairs.iter().map(|(field, columns)| (field.clone(), joined(&cells, columns)));
        Ok(Row { line, byte, key: key.to_owned(), cells: filled.collect() })
    }
}

fn counted(cells: usize) -> String {
    if cells == 1 { "1 cell".to_owned() } else { format!("{cells} cells") }
}

/// All empty is empty, not commas.
fn joined(cells: &[&str], columns: &[usize]) -> String {
    if columns.iter().all(|at| cells[*at].is_empty()) {
        return String::new();
    }
    columns.iter().map(|at| cells[*at]).collect::<Vec<_>>().join(",")
}

impl Iterator for Rows {
    type Item = Result<Row, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        match self.reader.read_byte_record(&mut self.record) {
            Ok(true) => Some(self.row()),
            Ok(false) => {
                self.ended = true;
                None
            }
            // The file itself failed; what follows can't be read either.
            Err(error) => {
                self.ended = true;
                Some(Err(self.table.unreadable(&error)))
            }
        }
    }
}

/// The file as the parser reads it, and the bytes it has not been asked about yet: the parser's own
/// line numbers count from before the line ends and empty lines that it skips.
struct Ahead {
    file: File,
    bytes: VecDeque<u8>,
    at: u64,
    line: u64,
}

impl Ahead {
    fn of(file: File) -> Ahead {
        Ahead { file, bytes: VecDeque::new(), at: 0, line: 1 }
    }

    /// The line and the byte of the first sign at or after `byte` that ends no line.
    fn skip_to(&mut self, byte: u64) -> (u64, u64) {
        while let Some(next) = self.bytes.front() {
            if self.at >= byte && !matches!(next, b'\r' | b'\n') {
                break;
            }
            self.line += u64::from(*next == b'\n');
            self.at += 1;
            self.bytes.pop_front();
        }
        (self.line, self.at)
    }

    fn has_open_quote(&self) -> bool {
        self.bytes.iter().filter(|byte| **byte == b'"').count() % 2 == 1
    }
}

impl Read for Ahead {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = self.file.read(into)?;
        self.bytes.extend(&into[..count]);
        Ok(count)
    }
}

/// The sign that parts the header most often, outside quotes.
fn detect(path: &Path) -> std::io::Result<u8> {
    const LONGEST_HEADER: u64 = 1 << 20;
    let mut start = Vec::new();
    File::open(path)?.take(LONGEST_HEADER).read_to_end(&mut start)?;
    // Where two are as frequent, the one that names are less likely to contain.
    let mut counts = [(b'\t', 0_usize), (b';', 0), (b'|', 0), (b',', 0)];
    let mut quoted = false;
    for byte in start {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if quoted => {}
            _ => counts.iter_mut().filter(|(sign, _)| *sign == byte).for_each(|(_, count)| *count += 1),
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max().filter(|most| *most > 0);
    Ok(counts.iter().find(|(_, count)| Some(*count) == most).map_or(b',', |(sign, _)| *sign))
}
