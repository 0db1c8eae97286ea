//! `atlas export`: the whole site as files.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::actions::export;
use crate::cli::say;
use crate::cli::{look, report};
use crate::config::Config;

/// How the site is written.
#[derive(Debug, Subcommand)]
pub enum Form {
    /// Write Markdown files with front matter, images and redirects.
    ///
    /// `atlas import markdown` reads them back into another site: the same entries at the same
    /// addresses, with their former ones. What is in the trash is left out; its addresses are written
    /// as gone.
    Markdown(Arguments),
}

#[derive(Debug, Args)]
pub struct Arguments {
    /// The folder to write; made when missing, refused when anything is in it.
    dir: PathBuf,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

pub async fn run(config: Config, form: Form) -> anyhow::Result<u8> {
    let Form::Markdown(arguments) = form;
    let app = look(config).await?;
    let mut bar = report::Bar::default();
    let written = export::export(&app, &arguments.dir, &mut bar).await?;
    bar.end();
    if arguments.json {
        report::json(&written)?;
    } else {
        for problem in &written.problems {
            say!("left out: {problem}");
        }
        if written.unpublished_changes > 0 {
            say!(
                "{} entries have changes that are not published; they are left out",
                written.unpublished_changes
            );
        }
        say!(
            "{} documents, {} images and {} redirects written to {}; {} entries in the trash left out",
            written.documents,
            written.images,
            written.redirects,
            arguments.dir.display(),
            written.left_out
        );
    }
    Ok(u8::from(!written.problems.is_empty()))
}
