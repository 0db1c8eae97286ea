//! The command line: one file a command.

mod audit;
mod bench;
mod check;
mod check_structured;
mod entries;
mod explain;
mod export;
mod import;
mod jobs;
mod landings;
mod migrate;
mod redirects;
mod report;
mod search;
mod serve;
mod settings;
mod sitemap;
mod user;
mod worker;

use clap::{Parser, Subcommand};
use report::say;

use crate::actions::field_changes;
use crate::app::App;
use crate::clock::Clock;
use crate::config::{Config, LogFormat, SETTINGS};
use crate::web::log::Format;

/// A website engine for sites that live from search. Without a command it serves the site.
///
/// Every setting of docs/configuration.md is an option of every command (`--listen`, `--data` …), an
/// environment variable (`ATLAS_LISTEN`) and a key of `atlas.toml`. A command ends with 0 when all is
/// well, with 1 when it did its work and found problems, with 2 when it could not do it.
#[derive(Debug, Parser)]
#[command(name = "atlas", version, arg_required_else_help = false)]
pub struct Line {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    settings: Settings,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the site; what `atlas` does without a command.
    ///
    /// Brings the database's schema up to date, loads the sample into an empty site, says where the
    /// site is, and answers until Ctrl-C or SIGTERM. Requests that are under way then still get their
    /// answer.
    Serve,
    /// Check settings, content types, database and links, and say what is wrong.
    ///
    /// Errors are what keeps the site from working as declared: a wrong type file, an entry that does
    /// not fit its type. Warnings work and deserve a look: a link that leads nowhere. Ends with 1 when
    /// there are errors.
    Check(check::Arguments),
    /// Bring the database's schema up to date, and end.
    ///
    /// Every other command does so too. This one is for deployments that want it done before the
    /// first node starts.
    Migrate(migrate::Arguments),
    /// Take content in: a folder of Markdown, or a table.
    ///
    /// An import can be repeated: what has not changed since the last time stays as it is. One bad
    /// file or row never stops the rest; what was left out is listed at the end, with file, line and
    /// reason, and the command ends with 1.
    #[command(subcommand)]
    Import(import::Source),
    /// Write the whole site out as files that import reads back.
    #[command(subcommand)]
    Export(export::Form),
    /// List and show entries; publish, unpublish, move, trash, restore and schedule them.
    #[command(subcommand)]
    Entries(entries::Verb),
    /// List, add, remove, import and export redirects and rules.
    ///
    /// Entries that move need none: their old addresses lead to them by themselves.
    #[command(subcommand)]
    Redirects(redirects::Verb),
    /// Build the sitemaps without a running server.
    #[command(subcommand)]
    Sitemap(sitemap::Verb),
    /// Write the index of the site's search anew.
    #[command(subcommand)]
    Search(search::Verb),
    /// Work out hubs' lists and landing pages without a running server.
    #[command(subcommand)]
    Landings(landings::Verb),
    /// Do the work beside requests in a process of its own.
    ///
    /// `atlas serve` does it too unless the setting `workers` is false. Any number may run: each job is
    /// done once.
    Worker,
    /// List deferred work, let what failed try again, or do what is due.
    #[command(subcommand)]
    Jobs(jobs::Verb),
    /// Let people into the back office, and out.
    #[command(subcommand)]
    User(user::Verb),
    /// Show what the back office has set over `site.toml`, and take it back.
    #[command(name = "settings", subcommand)]
    Set(settings::Verb),
    /// Check the log of what was done.
    #[command(subcommand)]
    Audit(audit::Verb),
    /// Make what measurements are made on.
    #[command(subcommand)]
    Bench(bench::Verb),
    /// Say what happens to a URL, and why.
    ///
    /// Status, target, entry with all its addresses, whether it may be indexed and why not, and the
    /// cache tags of its page.
    Explain(explain::Arguments),
}

/// The settings as options: each takes its name and help from the one table in `config`.
#[derive(Debug, Default)]
pub struct Settings(Vec<(String, String)>);

impl clap::FromArgMatches for Settings {
    fn from_arg_matches(matches: &clap::ArgMatches) -> std::result::Result<Settings, clap::Error> {
        let given = SETTINGS.iter().filter_map(|setting| {
            let value = matches.get_one::<String>(setting.name)?;
            Some((setting.name.to_owned(), value.clone()))
        });
        Ok(Settings(given.collect()))
    }

    fn update_from_arg_matches(
        &mut self,
        matches: &clap::ArgMatches,
    ) -> std::result::Result<(), clap::Error> {
        *self = Settings::from_arg_matches(matches)?;
        Ok(())
    }
}

impl clap::Args for Settings {
    fn augment_args(command: clap::Command) -> clap::Command {
        SETTINGS.iter().fold(command, |command, setting| {
            let argument = clap::Arg::new(setting.name)
                .long(setting.flag().trim_start_matches("--").to_owned())
                .value_name("VALUE")
                .help(format!("{} [{}]", setting.help().trim(), setting.variable()))
                .help_heading("Settings")
                .global(true);
            command.arg(argument)
        })
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Settings::augment_args(command)
    }
}

/// Runs a command; the process's exit code.
///
/// # Errors
/// Whatever the command could not do, in words for the person who gave it.
pub async fn run(line: Line) -> anyhow::Result<u8> {
    let config = Config::from_process(&line.settings.0)?;
    let format = match config.log {
        LogFormat::Text => Format::Text,
        LogFormat::Json => Format::Json,
    };
    crate::web::log::start(format, config.log_level.as_str())?;
    match line.command.unwrap_or(Command::Serve) {
        Command::Serve => serve::run(config).await,
        Command::Check(arguments) => check::run(config, &arguments).await,
        Command::Migrate(arguments) => migrate::run(config, &arguments).await,
        Command::Import(source) => import::run(config, source).await,
        Command::Export(form) => export::run(config, form).await,
        Command::Entries(verb) => entries::run(config, verb).await,
        Command::Redirects(verb) => redirects::run(config, verb).await,
        Command::Sitemap(verb) => sitemap::run(config, verb).await,
        Command::Search(verb) => search::run(config, verb).await,
        Command::Landings(verb) => landings::run(config, verb).await,
        Command::Worker => worker::run(config).await,
        Command::Jobs(verb) => jobs::run(config, verb).await,
        Command::User(verb) => user::run(config, verb).await,
        Command::Set(verb) => settings::run(config, verb).await,
        Command::Audit(verb) => audit::run(config, verb).await,
        Command::Bench(verb) => bench::run(config, verb).await,
        Command::Explain(arguments) => explain::run(config, &arguments).await,
    }
}

/// The site, for a command that only looks: what is stored stays as it is.
async fn look(config: Config) -> crate::error::Result<App> {
    let app = App::open(config, Clock::system()).await?;
    // Jobs look at pages wherever they are done.
    app.look_by(crate::web::appearance::look);
    Ok(app)
}

/// The site, for a command that works on it: changes of fields are applied first.
async fn open(config: Config) -> crate::error::Result<App> {
    let app = look(config).await?;
    let mut bar = report::Bar::default();
    let applied = field_changes::apply(&app, &mut bar).await?;
    bar.end();
    if !applied.files.is_empty() {
        let files = applied.files.join(", ");
        tracing::info!(files, entries = applied.entries, "changes of fields were applied");
    }
    Ok(app)
}
