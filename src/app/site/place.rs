//! Where in `site.toml` something stands.

use crate::error::Problem;

/// The file and where its lines end.
#[derive(Debug, Clone, Default)]
pub struct Place {
    file: String,
    ends: Vec<usize>,
}

impl Place {
    pub fn new(file: &str, text: &str) -> Place {
        Place { file: file.to_owned(), ends: text.match_indices('\n').map(|(at, _)| at).collect() }
    }

    /// A problem with the whole file, or with what is missing in it.
    pub fn whole(&self, reason: impl Into<String>) -> Problem {
        Problem::new(reason).file(&self.file)
    }

    /// A problem at a byte of the file.
    pub fn problem(&self, at: usize, reason: impl Into<String>) -> Problem {
        let line = self.ends.partition_point(|end| *end < at) + 1;
        Problem::new(reason).at(&self.file, u32::try_from(line).unwrap_or(u32::MAX))
    }
}
