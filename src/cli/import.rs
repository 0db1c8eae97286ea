//! `atlas import`: other sites' content.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::actions::import::{Options, markdown, table};
use crate::actions::reconcile;
use crate::cli::{open, report};
use crate::config::Config;
use crate::entry::Actor;
use crate::source::csv;

/// What is read.
#[derive(Debug, Subcommand)]
pub enum Source {
    /// Read a folder of Markdown files, as Zola, Hugo, Jekyll and `atlas export` write them.
    ///
    /// Every document keeps the address its generator gave it, images come along, and links between
    /// files become links between entries. See docs/import.md.
    Markdown(Markdown),
    /// Read a table with a header row; every row becomes an entry.
    ///
    /// `title` must be filled. Besides the type's own fields a column can fill slug, path, summary,
    /// body, date, updated, locale, parent, state, aliases, authors and tie. See docs/import.md.
    Csv(Csv),
}

/// What both have in common.
#[derive(Debug, Args)]
struct Common {
    /// Say what would happen, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Create the entries that relations name and the site doesn't have, with nothing but a title.
    #[arg(long)]
    create_missing: bool,
    /// Take over paths that were public before and lead nowhere now.
    #[arg(long)]
    reuse_paths: bool,
    /// Tell this source from others with files of the same names [default: the folder or file].
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// The language of what doesn't name its own [default: the site's first].
    #[arg(long, value_name = "CODE")]
    locale: Option<String>,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Markdown {
    /// The folder to read, with everything below it.
    dir: PathBuf,
    /// The type of files that don't name their own.
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<String>,
    /// Do not create the authors, categories and tags that files name.
    #[arg(long)]
    no_terms: bool,
    /// Give addresses by the type's rule; the files' own addresses lead there.
    #[arg(long)]
    own_paths: bool,
    /// The site that the folder was written for: links to it become links of this site.
    #[arg(long, value_name = "URL")]
    old_site: Option<url::Url>,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Args)]
pub struct Csv {
    /// The file to read, in UTF-8.
    file: PathBuf,
    /// The type of its rows.
    #[arg(long = "type", value_name = "TYPE")]
    kind: String,
    /// Which column fills which field, once for each: `title=name`, `geo=latitude,longitude`. The
    /// field `tie` is what a slug gets added when it is taken.
    #[arg(long = "map", value_name = "FIELD=COLUMN")]
    maps: Vec<String>,
    /// The column that tells rows apart [default: the first, when its values are unique].
    #[arg(long, value_name = "COLUMN")]
    id: Option<String>,
    /// The sign between cells; `tab` for a tab [default: found out from the header].
    #[arg(long, value_name = "SIGN", value_parser = delimiter)]
    delimiter: Option<u8>,
    #[command(flatten)]
    common: Common,
}

fn delimiter(text: &str) -> Result<u8, String> {
    match text {
        "tab" | "\\t" | "\t" => Ok(b'\t'),
        _ if text.len() == 1 && text.is_ascii() => Ok(text.as_bytes()[0]),
        _ => Err("one ASCII character, or `tab`".into()),
    }
}

impl Common {
    fn options(&self) -> Options {
        Options {
            dry_run: self.dry_run,
            create_missing: self.create_missing,
            reuse: self.reuse_paths,
            source: self.source.clone(),
            locale: self.locale.clone(),
            ..Options::default()
        }
    }
}

pub async fn run(config: Config, source: Source) -> anyhow::Result<u8> {
    let app = open(config).await?;
    reconcile::begin(&app).await?;
    let mut bar = report::Bar::default();
    let (report, json) = match source {
        Source::Markdown(given) => {
            let options = Options {
                kind: given.kind,
                create_terms: !given.no_terms,
                own_paths: given.own_paths,
                old_site: given.old_site,
                ..given.common.options()
            };
            let report = markdown::import(&app, &Actor::Operator, &given.dir, &options, &mut bar).await?;
            (report, given.common.json)
        }
        Source::Csv(given) => {
            let options = Options { kind: Some(given.kind), ..given.common.options() };
            let read = csv::Options { delimiter: given.delimiter, id: given.id };
            let report =
                table::import(&app, &Actor::Operator, &given.file, &given.maps, &read, &options, &mut bar)
                    .await?;
            (report, given.common.json)
        }
    };
    bar.end();
    report::import(&report, json)
}
