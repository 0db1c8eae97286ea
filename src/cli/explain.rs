//! `atlas explain URL`: what a visitor gets there, and why.

use clap::Args;

use crate::cli::say;
use crate::cli::{look, report};
use crate::config::Config;
use crate::web::explain::{Explained, explain};

/// What to explain.
#[derive(Debug, Args)]
pub struct Arguments {
    /// A URL, or a path of the site; a URL of another host is explained as if it came to this site.
    url: String,
    /// Print the explanation as JSON.
    #[arg(long)]
    json: bool,
}

pub async fn run(config: Config, arguments: &Arguments) -> anyhow::Result<u8> {
    let app = look(config).await?;
    let explained = explain(&app, &arguments.url).await?;
    if arguments.json {
        report::json(&explained)?;
        return Ok(0);
    }
    print(&explained);
    Ok(0)
}

fn print(explained: &Explained) {
    let it = &explained.explanation;
    say!("{} {}", it.status, it.path);
    say!("  why        {}", it.why);
    if let Some(location) = &it.location {
        say!("  leads to   {location}");
    }
    if let Some(entry) = &it.entry {
        say!("  entry      {} ({}, {}): “{}”", entry.id, entry.kind, entry.locale, entry.title);
        say!("  state      {}, {}", entry.state, entry.visibility);
        if let Some(canonical) = &entry.canonical {
            say!("  canonical  {canonical}");
        }
        for former in &entry.former {
            say!("  former     {former}");
        }
        match &entry.not_indexable_because {
            None => say!("  indexable  yes"),
            Some(reason) => say!("  indexable  no: {reason}"),
        }
    }
    if !explained.cache_tags.is_empty() {
        say!("  cache tags {}", explained.cache_tags.join(" "));
    }
}
