//! `atlas import markdown DIR`: a folder of documents becomes entries.

use std::collections::BTreeMap;
use std::path::Path as FilePath;

use crate::actions::import::document::{self, Outcome, Sources, What};
use crate::actions::import::folder::{self, Page};
use crate::actions::import::related::Related;
use crate::actions::import::{Batch, Options, Progress, Report, images, problems, redirects, relink};
use crate::app::App;
use crate::entry::Actor;
use crate::error::{Problem, Result};
use crate::store::links;

/// The file that holds an export's redirects and rules.
pub const REDIRECTS: &str = "redirects.csv";

/// Imports a folder.
///
/// # Errors
/// `Invalid` when the folder can't be read; `Unavailable` when the database or the disk is away:
/// what was done until then is kept, and the next run goes on from there.
pub async fn import(
    app: &App,
    actor: &Actor,
    dir: &FilePath,
    options: &Options,
    progress: &mut dyn Progress,
) -> Result<Report> {
    let mut report = Report { dry_run: options.dry_run, ..Report::default() };
    let folder = folder::survey(app, dir, options, &mut report)?;
    let mut batch = Batch::begin(app, actor, options.dry_run).await?;
    let images = images::take_in(&mut batch, &folder, options, &mut report, progress).await?;
    let source = folder::source_of(dir, options);
    let mut sources = Sources {
        folder: &folder,
        images: &images,
        options,
        source,
        related: Related::default(),
        unused: BTreeMap::new(),
    };
    let pages: Vec<&Page> = folder.documents.iter().collect();
    let mut run =
        Run { batch: &mut batch, sources: &mut sources, report: &mut report, incomplete: Vec::new() };
    run.take_in(pages, progress).await?;
    note_unused(&sources, &mut report);
    report.created += sources.related.created;
    relink::settle(&mut batch).await?;
    let table = dir.join(REDIRECTS);
    if table.is_file() {
        let file = redirects::open(&table, REDIRECTS)?;
        redirects::rows(&mut batch, file, REDIRECTS, options.reuse, &mut report).await?;
    }
    if !options.dry_run {
        batch.change.commit_and_continue().await?;
    }
    note_dangling(&batch, app, &mut report).await?;
    batch.finish().await?;
    Ok(report)
}

/// The documents of a folder on their way in.
struct Run<'r, 'a> {
    batch: &'r mut Batch<'a>,
    sources: &'r mut Sources<'a>,
    report: &'r mut Report,
    /// What is in without something it names.
    incomplete: Vec<&'a Page>,
}

impl<'a> Run<'_, 'a> {
    /// What waits for another document is tried again as long as that brings any in. Two that wait
    /// for each other come in without, and are completed when both are there.
    async fn take_in(&mut self, pages: Vec<&'a Page>, progress: &mut dyn Progress) -> Result<()> {
        let mut left = pages;
        let mut what = "documents";
        loop {
            let before = left.len();
            left = self.pass(left, what, progress).await?;
            if left.is_empty() || left.len() == before {
                break;
            }
            what = "documents that waited for others";
        }
        self.take_in_without(left).await?;
        for page in std::mem::take(&mut self.incomplete) {
            match self.one(page, true).await? {
                Ok(outcome) => self.report.notes.extend(outcome.notes.0),
                // It is in all the same.
                Err(error) => self.report.notes.extend(problems(&page.file, None, &error)),
            }
        }
        Ok(())
    }

    /// One pass; those that wait come back.
    async fn pass(
        &mut self,
        pages: Vec<&'a Page>,
        what: &str,
        progress: &mut dyn Progress,
    ) -> Result<Vec<&'a Page>> {
        progress.begin(what, pages.len() as u64);
        let mut waiting = Vec::new();
        for (done, page) in pages.into_iter().enumerate() {
            match self.one(page, false).await? {
                Ok(Outcome { what: What::Left, .. }) => waiting.push(page),
                Ok(outcome) => self.count(page, outcome),
                Err(error) => self.report.fail(&page.file, None, &error),
            }
            progress.step(done as u64 + 1);
        }
        Ok(waiting)
    }

    /// Takes in what waits in vain. One that needs another of these has to come after it.
    async fn take_in_without(&mut self, mut left: Vec<&'a Page>) -> Result<()> {
        loop {
            let before = left.len();
            let mut failed = Vec::new();
            for page in left {
                match self.one(page, true).await? {
                    Ok(outcome) => self.count(page, outcome),
                    Err(error) => failed.push((page, error)),
                }
            }
            if failed.is_empty() || failed.len() == before {
                for (page, error) in failed {
                    self.report.fail(&page.file, None, &error);
                }
                return Ok(());
            }
            left = failed.into_iter().map(|(page, _)| page).collect();
        }
    }

    async fn one(&mut self, page: &Page, last: bool) -> Result<Result<Outcome>> {
        let created = self.sources.related.created;
        self.batch.open().await?;
        let result = document::take_in(&mut self.batch.change, self.sources, page, last).await;
        let result = self.batch.close(result).await?;
        if result.is_err() {
            self.sources.related.forget(created);
        }
        Ok(result)
    }

    /// Counts what came in. Of what is incomplete, only what is still missing at the end is said.
    fn count(&mut self, page: &'a Page, outcome: Outcome) {
        match outcome.what {
            What::Created => self.report.created += 1,
            What::Changed => self.report.changed += 1,
            What::Unchanged | What::Left => self.report.unchanged += 1,
        }
        if outcome.waits {
            self.incomplete.push(page);
        } else {
            self.report.notes.extend(outcome.notes.0);
        }
    }
}

fn note_unused(sources: &Sources<'_>, report: &mut Report) {
    for (key, documents) in &sources.unused {
        let reason = format!("{documents} document(s) have it, and it means nothing here");
        report.notes.push(Problem::new(reason).field(key));
    }
}

/// Links that lead nowhere are said once, at the end, when everything is there.
async fn note_dangling(batch: &Batch<'_>, app: &App, report: &mut Report) -> Result<()> {
    for link in links::dangling(&batch.change.tx).await? {
        let answers = match crate::text::Path::parse(&link.address) {
            Ok(path) => app.own_page(&path.folded()).is_some() || answers(batch, &path).await?,
            Err(_) => false,
        };
        if !answers {
            let reason = format!("“{}” links to {}, where nothing is", link.title, link.address);
            report.notes.push(Problem::new(reason).field("body"));
        }
    }
    Ok(())
}

async fn answers(batch: &Batch<'_>, path: &crate::text::Path) -> Result<bool> {
    use crate::store::paths::{Answer, resolve};
    let answer = resolve(&batch.change.tx, &path.folded()).await?;
    Ok(matches!(answer, Answer::Entry { .. } | Answer::Redirect { .. }))
}
