//! Writing shards, beside the reader and off the threads that answer requests.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::sync::mpsc;

use super::generation::{Part, Section};
use super::lines::{Clusters, Line};
use crate::app::App;
use crate::error::{Error, Result};
use crate::files::sitemaps::keep_unchanged;
use crate::seo::sitemap::{Added, Limits, Url, UrlSet};
use crate::store::shards::SPAN;

/// How hard a shard is compressed: it is written far more often than a page and read by few.
const LEVEL: u32 = 3;

pub type Gzip = GzEncoder<BufWriter<File>>;

/// The lines of one range of ids, by section, each in the order of its ids.
pub struct Batch {
    pub bucket: i64,
    pub lines: Vec<Vec<Line>>,
    pub clusters: Clusters,
}

impl Batch {
    pub fn new(bucket: i64, sections: usize) -> Batch {
        let lines = std::iter::repeat_with(Vec::new).take(sections).collect();
        Batch { bucket, lines, clusters: Clusters::new() }
    }

    /// The pages that the site has of its own, which are the first section.
    pub fn own((lines, clusters): (Vec<Line>, Clusters)) -> Batch {
        Batch { bucket: 0, lines: vec![lines], clusters }
    }
}

/// Writes what it is sent.
pub struct Writer {
    app: App,
    folder: PathBuf,
    limits: Limits,
    sections: Vec<Section>,
    done: Written,
}

/// What was written.
#[derive(Default)]
pub struct Written {
    pub parts: Vec<Part>,
    /// Those that say something else than the generation before.
    pub anew: u64,
}

/// A part of a shard's ids: the whole, or one of the pieces after so many halvings.
#[derive(Clone, Copy)]
struct Range {
    bucket: i64,
    halvings: u32,
    from: i64,
}

impl Range {
    fn size(self) -> i64 {
        SPAN >> self.halvings
    }

    /// `place-fa-1.xml`; the third quarter of it, should it not fit into one file, `place-fa-1_2-3.xml`.
    fn name(self, stem: &str) -> String {
        let number = self.bucket + 1;
        if self.halvings == 0 {
            return format!("{stem}-{number}.xml");
        }
        let piece = (self.from - self.bucket * SPAN) / self.size() + 1;
        format!("{stem}-{number}_{}-{piece}.xml", self.halvings)
    }

    fn halves(self) -> [Range; 2] {
        let first = Range { halvings: self.halvings + 1, ..self };
        [first, Range { from: self.from + first.size(), ..first }]
    }
}

impl Writer {
    pub fn new(app: &App, folder: &Path, limits: Limits, sections: Vec<Section>) -> Writer {
        Writer { app: app.clone(), folder: folder.to_owned(), limits, sections, done: Written::default() }
    }

    /// Writes until nothing more comes.
    ///
    /// # Errors
    /// `Unavailable` when the disk is full.
    pub fn run(mut self, mut batches: mpsc::Receiver<Batch>) -> Result<Written> {
        while let Some(batch) = batches.blocking_recv() {
            let whole = Range { bucket: batch.bucket, halvings: 0, from: batch.bucket * SPAN };
            for (section, lines) in batch.lines.iter().enumerate() {
                self.write(section, whole, lines, &batch.clusters)?;
            }
        }
        Ok(self.done)
    }

    /// Writes a range into one file, or each half of it where it doesn't fit: where an entry is then
    /// still follows from its id.
    fn write(&mut self, section: usize, range: Range, lines: &[Line], clusters: &Clusters) -> Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        let name = range.name(&self.sections[section].stem);
        if let Some(part) = self.write_file(section, range, name, lines, clusters)? {
            self.done.parts.push(part);
            return Ok(());
        }
        if range.size() == 1 {
            return Err(Error::Internal("one page has no room in a sitemap".into()));
        }
        let [first, second] = range.halves();
        let (left, right) = lines.split_at(lines.partition_point(|line| line.id < second.from));
        self.write(section, first, left, clusters)?;
        self.write(section, second, right, clusters)
    }

    /// Writes one file; `None` when it is full before all lines are in it.
    fn write_file(
        &mut self,
        section: usize,
        range: Range,
        name: String,
        lines: &[Line],
        clusters: &Clusters,
    ) -> Result<Option<Part>> {
        let mut urls = UrlSet::within(self.limits, open(&self.folder, &name)?)?;
        let mut newest = None;
        for line in lines {
            let url = Url {
                loc: &self.app.config.origin.url(&line.href),
                lastmod: line.lastmod,
                images: &self.images(line)?,
                alternates: clusters.get(&line.cluster).map_or(&[], Vec::as_slice),
            };
            if urls.add(&url)? == Added::Full {
                fs::remove_file(self.folder.join(file_of(&name)))?;
                return Ok(None);
            }
            newest = newest.max(line.lastmod);
        }
        let (count, images_left_out) = (u64::from(urls.len()), urls.images_left_out());
        finish(urls.finish()?)?;
        if !keep_unchanged(&self.app.files.sitemaps(), &self.folder, &file_of(&name))? {
            self.done.anew += 1;
        }
        let Section { kind, locale, .. } = self.sections[section].clone();
        let (bucket, from) = (range.bucket, range.from);
        Ok(Some(Part { kind, locale, bucket, from, name, urls: count, images_left_out, newest }))
    }

    fn images(&self, line: &Line) -> Result<Vec<String>> {
        let Some(json) = &line.images else { return Ok(Vec::new()) };
        let images: Vec<String> = serde_json::from_str(json).map_err(Error::internal)?;
        Ok(images.iter().map(|src| self.app.config.origin.url(src)).collect())
    }
}

pub fn file_of(name: &str) -> String {
    format!("{name}.gz")
}

pub fn open(folder: &Path, name: &str) -> Result<Gzip> {
    // Never over a file that the generation before has as well.
    let file = File::create_new(folder.join(file_of(name)))?;
    Ok(GzEncoder::new(BufWriter::with_capacity(64 * 1024, file), Compression::new(LEVEL)))
}

pub fn finish(gzip: Gzip) -> Result<()> {
    let mut buffer = gzip.finish()?;
    buffer.flush()?;
    buffer.into_inner().map_err(|error| Error::from(error.into_error()))?.sync_all()?;
    Ok(())
}
