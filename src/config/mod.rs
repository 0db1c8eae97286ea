//! Every setting, in one struct. Each is declared once, in `settings!`: the command line, the
//! environment, `atlas.toml`, the defaults and `docs/configuration.md` all follow from that list.

mod database;
mod mail;
mod origin;
mod sources;
mod values;

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use lettre::message::Mailbox;

pub use database::Database;
pub use mail::{Security, Smtp};
pub use origin::Origin;
pub use sources::nearest;
use sources::{Given, Source};
pub use values::{Environment, FromText, LogFormat, LogLevel, Name, Network, SecondFactor, Size};

use crate::error::{Error, Problem, Problems};

/// Declares `Config` and `SETTINGS` from one list. `{name}` in a default stands for the value of
/// that setting.
macro_rules! settings {
    ($($(#[doc = $help:literal])+ $name:ident: $kind:ty = $default:literal $(or $also:literal)?;)+) => {
        /// Everything that can be set about a running Atlas.
        #[derive(Debug, Clone)]
        pub struct Config {
            $($(#[doc = $help])+ pub $name: $kind,)+
        }

        /// What `Config` is made of, in the order of the documentation.
        pub const SETTINGS: &[Setting] = &[$(Setting {
            name: stringify!($name),
            default: $default,
            also: &[$($also)?],
            secret: <$kind as FromText>::SECRET,
            help: concat!($($help),+),
        }),+];

        impl Config {
            /// Reads every field before giving up, so that all problems are found.
            fn read(given: &Given, problems: &mut Problems) -> Option<Config> {
                $(let $name: Option<$kind> = given.read(stringify!($name), problems);)+
                Some(Config { $($name: $name?),+ })
            }
        }
    };
}

settings! {
    /// Address and port that the server listens on.
    listen: SocketAddr = "127.0.0.1:8080";
    /// The site's public origin, scheme and host: the only source of absolute URLs.
    origin: Origin = "http://{listen}";
    /// Folder of everything that is stored: database, media, sitemaps.
    data: PathBuf = "data";
    /// Load the sample entries into an empty site.
    sample: bool = "true";
    /// Folder laid over the built-in types, groups and `site.toml`. Unset: `content` in the working
    /// folder, when there is one.
    content: Option<PathBuf> = "";
    /// The database: `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/NAME`.
    database_url: Database = "sqlite:{data}/atlas.db" or "DATABASE_URL";
    /// Most database connections that one process opens.
    database_pool: NonZeroU32 = "10";
    /// Form of the log on standard error: `text` or `json`.
    log: LogFormat = "text";
    /// Least important messages that are logged: `error`, `warn`, `info`, `debug` or `trace`.
    log_level: LogLevel = "info";
    /// Memory for rendered pages, such as `64 MiB`; `0` keeps none.
    cache_size: Size = "64 MiB";
    /// Addresses and networks whose `X-Forwarded-For` is believed; `none` trusts nobody.
    trusted_proxies: Vec<Network> = "127.0.0.0/8, ::1";
    /// Most connections that are open at a time.
    max_connections: NonZeroU32 = "10000";
    /// Longest that one request may take.
    request_timeout: Duration = "30s";
    /// Longest that a client may take to send a request's headers.
    header_timeout: Duration = "10s";
    /// Address and port where metrics are read, at `/metrics`; best one that only your own machines
    /// reach. Unset: nowhere.
    metrics: Option<SocketAddr> = "";
    /// Longest that a stopping server waits for open requests.
    drain_timeout: Duration = "10s";
    /// Do background work inside `atlas serve`; `false`: schedules rest and sitemaps are built by
    /// `atlas sitemap build` alone.
    workers: bool = "true";
    /// Write new slugs in Latin letters instead of keeping their script.
    transliterate: bool = "false";
    /// The server that mail is handed to: `smtps://USER:PASSWORD@HOST` or `smtp://USER:PASSWORD@HOST`. Unset:
    /// no mail is sent, and links for coming in are shown to who makes them.
    smtp: Option<Smtp> = "";
    /// Sender of the site's mail, such as `Atlas <atlas@example.org>`. Unset: `noreply` at the site's host.
    mail_from: Option<Mailbox> = "";
    /// Whether owners and administrators need a second factor: `optional` or `required`.
    second_factor: SecondFactor = "optional";
    /// What keeps an entry from being published in the back office, of all that the check of its page
    /// looks for: names such as `link_missing, alt_missing`, or `none`.
    stop_publishing: Vec<Name> = "none";
    /// `production`, `staging` or `development`. Only production may be indexed.
    environment: Environment = "production";
}

/// One setting, as the command line, the environment and the documentation know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Its field of `Config` and its key in `atlas.toml`.
    pub name: &'static str,
    /// Its value as text when nobody sets it; empty: unset.
    pub default: &'static str,
    /// Variables that other tools use for the same, weaker than our own.
    pub also: &'static [&'static str],
    /// Whether the value may hold a password and is never repeated in a message.
    pub secret: bool,
    help: &'static str,
}

impl Setting {
    /// `ATLAS_DATABASE_URL`
    pub fn variable(&self) -> String {
        format!("ATLAS_{}", self.name.to_ascii_uppercase())
    }

    /// `database-url`, without the two dashes.
    pub fn flag(&self) -> String {
        self.name.replace('_', "-")
    }

    /// What it does, in a sentence or two.
    pub fn help(&self) -> &'static str {
        self.help.trim_start()
    }
}

impl Config {
    /// Puts the settings together: `flags` (name and value) over `env` over `file` (its name and
    /// text) over the defaults. Of the environment, `DATABASE_URL` and what starts with `ATLAS_` is
    /// read; an empty variable counts as unset, and `ATLAS_TEST_…` belongs to the tests.
    ///
    /// # Errors
    /// Every unknown name and every wrong value at once, each with its source.
    pub fn load(
        flags: &[(String, String)],
        env: impl IntoIterator<Item = (String, String)>,
        file: Option<(&str, &str)>,
    ) -> Result<Config, Problems> {
        let mut problems = Problems::default();
        let mut given = Given::default();
        if let Some((name, text)) = file {
            given.take_file(name, text, &mut problems);
        }
        given.take_environment(env, &mut problems);
        given.take_flags(flags, &mut problems);
        match Config::read(&given, &mut problems) {
            Some(config) if problems.is_empty() => Ok(config),
            _ => Err(problems),
        }
    }

    /// The settings of this process: `flags`, its environment, and `atlas.toml` in the working
    /// folder if there is one.
    ///
    /// # Errors
    /// As `load`; also an unreadable `atlas.toml`, a variable that is not UTF-8, and a content
    /// folder that doesn't exist.
    pub fn from_process(flags: &[(String, String)]) -> Result<Config, Error> {
        const FILE: &str = "atlas.toml";
        let text = match std::fs::read_to_string(FILE) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(Problem::new(format!("can't be read: {error}")).file(FILE).into()),
        };
        let mut config =
            Config::load(flags, process_environment()?, text.as_deref().map(|text| (FILE, text)))?;
        config.find_content()?;
        Ok(config)
    }

    fn find_content(&mut self) -> Result<(), Error> {
        match &self.content {
            Some(folder) if folder.is_dir() => {}
            Some(folder) => {
                let reason = format!("must be a folder that exists, not `{}`", folder.display());
                return Err(Error::field("content", reason));
            }
            None => self.content = Some(PathBuf::from("content")).filter(|folder| folder.is_dir()),
        }
        Ok(())
    }
}

fn process_environment() -> Result<Vec<(String, String)>, Error> {
    let mut problems = Problems::default();
    let mut variables = Vec::new();
    for (name, value) in std::env::vars_os() {
        let Ok(name) = name.into_string() else { continue };
        if !sources::is_ours(&name) {
            continue;
        }
        match value.into_string() {
            Ok(value) => variables.push((name, value)),
            Err(_) => problems.push(Source::Variable(name).problem("must be UTF-8")),
        }
    }
    problems.or(variables)
}

#[cfg(test)]
mod tests;
