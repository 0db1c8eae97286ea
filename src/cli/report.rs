//! What a command says at its end, to people and to programs; and how far it is.

use std::fmt;
use std::io::{self, Write};

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::actions::import::{Progress, Report};
use crate::error::Problem;

/// Problems that are printed before the rest is only counted; `--json` gives all.
const SHOWN: usize = 50;

/// Prints a line on standard output.
macro_rules! say {
    ($($text:tt)*) => { $crate::cli::report::line(format_args!($($text)*)) };
}
pub(in crate::cli) use say;

/// Prints a line. A reader who has seen enough (`atlas check | head`) is no fault, and stops no work
/// half-way; a full disk is one.
pub fn line(text: fmt::Arguments<'_>) {
    match writeln!(io::stdout().lock(), "{text}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let _ = writeln!(io::stderr(), "standard output can't be written: {error}");
            std::process::exit(2);
        }
        _ => {}
    }
}

/// A bar on standard error, where that is a terminal.
#[derive(Default)]
pub struct Bar(Option<ProgressBar>);

impl Progress for Bar {
    fn begin(&mut self, what: &str, steps: u64) {
        self.end();
        let style = ProgressStyle::with_template("{msg:>14} {wide_bar} {percent:>3}% {eta}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        self.0 = Some(ProgressBar::new(steps).with_style(style).with_message(what.to_owned()));
    }

    fn step(&mut self, done: u64) {
        if let Some(bar) = &self.0 {
            bar.set_position(done);
        }
    }
}

impl Bar {
    pub fn end(&mut self) {
        if let Some(bar) = self.0.take() {
            bar.finish_and_clear();
        }
    }
}

impl Bar {
    /// Takes the bar away while something is printed.
    pub fn around(&self, print: impl FnOnce()) {
        match &self.0 {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }
}

/// A report as JSON, for a program.
pub fn json(report: &impl Serialize) -> anyhow::Result<()> {
    say!("{}", serde_json::to_string_pretty(report)?);
    Ok(())
}

/// The report of an import; the exit code is 1 when something was left out.
pub fn import(report: &Report, as_json: bool) -> anyhow::Result<u8> {
    if as_json {
        json(report)?;
        return Ok(u8::from(report.skipped > 0));
    }
    list("left out", &report.problems);
    list("worth a look", &report.notes);
    let would = if report.dry_run { "Dry run, nothing was changed. It would be: " } else { "" };
    say!(
        "{would}{} created, {} changed, {} unchanged, {} left out, {} images, {} redirects",
        report.created,
        report.changed,
        report.unchanged,
        report.skipped,
        report.images,
        report.redirects
    );
    Ok(u8::from(report.skipped > 0))
}

fn list(what: &str, problems: &[Problem]) {
    for problem in problems.iter().take(SHOWN) {
        say!("{what}: {problem}");
    }
    if problems.len() > SHOWN {
        say!("{what}: and {} more (--json lists them all)", problems.len() - SHOWN);
    }
}
