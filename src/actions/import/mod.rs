//! Taking other sites' content in: a folder of Markdown, or a table. A second run changes nothing,
//! an interrupted one goes on where it stopped, and one bad file never stops the rest.

mod addresses;
mod batch;
mod document;
mod folder;
mod images;
pub mod markdown;
mod names;
pub mod redirects;
mod related;
mod relink;
pub mod sample;
pub mod table;

use serde::Serialize;

pub use batch::Batch;

use crate::error::{Error, Problem};

/// How an import is to be done.
#[derive(Debug, Clone)]
pub struct Options {
    /// The type of what doesn't name its own.
    pub kind: Option<String>,
    /// Say what would happen, and change nothing.
    pub dry_run: bool,
    /// Create what a relation field names and the site doesn't have.
    pub create_missing: bool,
    /// Create the authors, categories, tags and series that a front matter names.
    pub create_terms: bool,
    /// Give addresses by the type's rule; those of the source lead there.
    pub own_paths: bool,
    /// What tells this source from others with files of the same names; its folder by default.
    pub source: Option<String>,
    /// The site the folder was written for; links to it are links of this site.
    pub old_site: Option<url::Url>,
    /// The language of what doesn't name its own.
    pub locale: Option<String>,
    /// Take over paths that were public before and lead nowhere now.
    pub reuse: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            kind: None,
            dry_run: false,
            create_missing: false,
            create_terms: true,
            own_paths: false,
            source: None,
            old_site: None,
            locale: None,
            reuse: false,
        }
    }
}

/// What an import did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    pub dry_run: bool,
    pub created: u64,
    pub changed: u64,
    pub unchanged: u64,
    /// Left out because of a problem.
    pub skipped: u64,
    pub images: u64,
    pub redirects: u64,
    /// What was left out, and why.
    pub problems: Vec<Problem>,
    /// What came in and deserves a look all the same.
    pub notes: Vec<Problem>,
}

impl Report {
    fn skip(&mut self, problem: Problem) {
        self.skipped += 1;
        self.problems.push(problem);
    }

    /// Counts one thing that failed, with all that is wrong with it, each with its place.
    fn fail(&mut self, file: &str, line: Option<u32>, error: &Error) {
        self.skipped += 1;
        self.problems.extend(problems(file, line, error));
    }
}

/// The problems of an error, each with its place.
fn problems(file: &str, line: Option<u32>, error: &Error) -> Vec<Problem> {
    let place = |problem: Problem| Problem {
        file: problem.file.or_else(|| Some(file.to_owned())),
        line: problem.line.or(line),
        ..problem
    };
    match error {
        Error::Invalid(found) => found.0.iter().cloned().map(place).collect(),
        other => vec![place(Problem::new(other.to_string()))],
    }
}

/// Tells how far a long work is.
pub trait Progress {
    /// What is being done, and how many steps it has.
    fn begin(&mut self, what: &str, steps: u64);
    fn step(&mut self, done: u64);
}

/// For whoever doesn't look.
pub struct Unwatched;

impl Progress for Unwatched {
    fn begin(&mut self, _: &str, _: u64) {}
    fn step(&mut self, _: u64) {}
}
