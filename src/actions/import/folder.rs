//! A folder of documents as a whole: which file is which page, before anything is saved.

use std::collections::{HashMap, HashSet};
use std::path::{Path as FilePath, PathBuf};

use crate::actions::import::markdown::REDIRECTS;
use crate::actions::import::{Options, Report};
use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::source::{self, Dialect, Document, Located};
use crate::text::Path;

/// A longer path in the folder is no key that every database can index.
const LONGEST_FILE: usize = 1_000;

/// The folder's files with the addresses they have had.
pub struct Folder {
    pub root: PathBuf,
    /// In an order in which most of what a document needs comes before it.
    pub documents: Vec<Page>,
    pub images: Vec<String>,
    /// Site path of every document, by file.
    pub addresses: HashMap<String, String>,
    /// Every document's file.
    pub files: Vec<String>,
    /// The addresses that documents of the folder have or had, as look-up keys.
    pub paths: HashSet<String>,
}

/// A document that can be read, and what it will become.
#[derive(Debug, Clone)]
pub struct Page {
    pub file: String,
    pub kind: String,
}

/// Reads every document's front matter once; what can't be read is reported and left out.
///
/// # Errors
/// `Invalid` when the folder can't be read.
pub fn survey(app: &App, dir: &FilePath, options: &Options, report: &mut Report) -> Result<Folder> {
    let found = source::walk(dir)?;
    // An export's redirects are read by themselves.
    let ignored = found.ignored.into_iter().filter(|problem| problem.file.as_deref() != Some(REDIRECTS));
    report.notes.extend(ignored);
    let mut folder = Folder {
        root: dir.to_owned(),
        documents: Vec::new(),
        images: found.images,
        addresses: HashMap::new(),
        files: Vec::new(),
        paths: HashSet::new(),
    };
    let mut order = Vec::new();
    for file in found.documents {
        if file.len() > LONGEST_FILE {
            let reason = format!("its path in the folder is longer than {LONGEST_FILE} bytes");
            report.skip(Problem::new(reason).file(file));
            continue;
        }
        match look(app, &folder, &file, options) {
            Ok(Some((page, located))) => {
                let depth = located.path.matches('/').count();
                let translated = located.locale.is_some_and(|code| code != app.site.default_locale().code);
                order.push((rank(app, &page.kind), translated, depth, page));
                let all = std::iter::once(&located.path).chain(&located.aliases);
                folder.paths.extend(all.filter_map(|path| Some(Path::parse(path).ok()?.folded())));
                folder.files.push(file.clone());
                folder.addresses.insert(file, located.path);
            }
            Ok(None) => {
                let reason = "is the index of a folder; the site makes its own listings";
                report.notes.push(Problem::new(reason).file(file));
            }
            Err(error) => report.fail(&file, None, &error),
        }
    }
    order.sort_by(|a, b| (a.0, a.1, a.2, &a.3.file).cmp(&(b.0, b.1, b.2, &b.3.file)));
    folder.documents = order.into_iter().map(|(.., page)| page).collect();
    Ok(folder)
}

fn look(app: &App, folder: &Folder, file: &str, options: &Options) -> Result<Option<(Page, Located)>> {
    let (document, located, _) = folder.read(app, file)?;
    if located.section {
        return Ok(None);
    }
    if document.body.trim().is_empty() && document.line_of("title").is_none() {
        return Err(Problem::new("has neither a title nor any text, so there is nothing to show").into());
    }
    let named = document.front.kind.clone();
    // Other generators mean something else by a type; --type says what is meant here.
    let own =
        named.clone().filter(|kind| document.dialect == Dialect::Atlas || app.types.get(kind).is_some());
    let Some(kind) = own.or_else(|| options.kind.clone()).or(named) else {
        let reason = "names no type; give one with --type, or write `type` into the front matter";
        return Err(Problem::new(reason).field("type").into());
    };
    if app.types.get(&kind).is_none() {
        let known: Vec<&str> = app.types.names().collect();
        let reason = format!("there is no type `{kind}`; one of {}", known.join(", "));
        return Err(Problem::new(reason).field("type").into());
    }
    Ok(Some((Page { file: file.to_owned(), kind }, located)))
}

impl Folder {
    /// Reads a document anew: the text is not kept in memory.
    pub fn read(&self, app: &App, file: &str) -> Result<(Document, Located, Vec<u8>)> {
        let bytes = std::fs::read(self.root.join(file))
            .map_err(|error| Problem::new(format!("can't be read: {error}")).file(file))?;
        let text = std::str::from_utf8(&bytes).map_err(|error| {
            let line = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() as u32 + 1;
            Error::from(Problem::new("is not UTF-8").at(file, line))
        })?;
        let document = source::parse(file, text)?;
        let locales: Vec<String> = app.site.locales.iter().map(|locale| locale.code.clone()).collect();
        let located = source::locate(file, &document, &locales)?;
        Path::parse(&located.path).map_err(|reason| Problem {
            line: document.line_of("path"),
            ..Problem::new(reason).field("path").file(file)
        })?;
        Ok((document, located, bytes))
    }

    /// The address an image had: below the page whose folder it lies in, else where the folder has
    /// it.
    pub fn address_of_image(&self, image: &str) -> String {
        let mut folder = image;
        while let Some((above, _)) = folder.rsplit_once('/') {
            folder = above;
            for index in ["index.md", "index.markdown"] {
                if let Some(page) = self.addresses.get(&format!("{folder}/{index}")) {
                    return format!("{}{}", page.trim_end_matches('/'), &image[folder.len()..]);
                }
            }
        }
        format!("/{}", image.strip_prefix("static/").unwrap_or(image))
    }
}

/// How many other types a type needs before it: what relations lead to comes first.
fn rank(app: &App, kind: &str) -> usize {
    fn below(app: &App, kind: &str, seen: &mut Vec<String>) -> usize {
        if seen.iter().any(|other| other == kind) {
            return 0;
        }
        seen.push(kind.to_owned());
        let targets = app
            .types
            .get(kind)
            .into_iter()
            .flat_map(|kind| kind.fields.iter().filter_map(|field| field.to.clone()));
        let rank = targets.map(|to| below(app, &to, seen) + 1).max().unwrap_or(0);
        seen.pop();
        rank
    }
    below(app, kind, &mut Vec::new())
}

/// Where a folder's files come from, in the words of `sources.source`.
pub fn source_of(dir: &FilePath, options: &Options) -> String {
    options.source.clone().unwrap_or_else(|| {
        std::fs::canonicalize(dir).unwrap_or_else(|_| dir.to_owned()).display().to_string()
    })
}
