//! `atlas settings`: what is set in the back office over `site.toml`.

use clap::{Args, Subcommand};
use serde_json::json;

use crate::actions::Change;
use crate::actions::save_settings::save_settings;
use crate::app::App;
use crate::cli::{look, report, say};
use crate::config::Config;
use crate::entry::Actor;
use crate::error::Problem;

/// What to do with what is set.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Print what is set over `site.toml`, and what the file says.
    ///
    /// A setting that fits the file no more is passed over by every start; it is printed with why.
    Show(Show),
    /// Let the file's value of a key hold again.
    Reset(Reset),
}

#[derive(Debug, Args)]
pub struct Show {
    /// Print the answer as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Reset {
    /// The key, as `atlas settings show` prints it.
    key: String,
}

pub async fn run(config: Config, verb: Verb) -> anyhow::Result<u8> {
    let app = look(config).await?;
    match verb {
        Verb::Show(Show { json }) => show(&app, json),
        Verb::Reset(Reset { key }) => reset(&app, key).await,
    }
}

fn show(app: &App, as_json: bool) -> anyhow::Result<u8> {
    let unfit = |key: &str| app.set.unfit.iter().find(|(unfit, _)| unfit == key).map(|(_, why)| why);
    if as_json {
        let set = app.set.overlay.0.iter().map(|(key, value)| {
            let why = unfit(key).map(|problem| problem.reason.clone());
            json!({ "key": key, "value": value, "file": app.site_file().value(key), "unfit": why })
        });
        report::json(&set.collect::<Vec<_>>())?;
        return Ok(u8::from(!app.set.unfit.is_empty()));
    }
    for (key, value) in &app.set.overlay.0 {
        say!("{key} = {value}");
        say!("    {} says {}", app.site_file().name, app.site_file().value(key));
        if let Some(problem) = unfit(key) {
            say!("    passed over: {}", problem.reason);
        }
    }
    say!("{} set over {}", app.set.overlay.0.len(), app.site_file().name);
    Ok(u8::from(!app.set.unfit.is_empty()))
}

async fn reset(app: &App, key: String) -> anyhow::Result<u8> {
    if !app.set.overlay.0.contains_key(&key) {
        let set: Vec<&str> = app.set.overlay.0.keys().map(String::as_str).collect();
        let known = if set.is_empty() { "nothing is".to_owned() } else { format!("set: {}", set.join(", ")) };
        return Err(crate::error::Error::from(Problem::new(format!("`{key}` is not set; {known}"))).into());
    }
    let mut change = Change::begin(app, &Actor::Operator).await?;
    save_settings(&mut change, app.set.version, [(key.clone(), None)].into()).await?;
    change.commit().await?;
    say!("{key} is what {} says again: {}", app.site_file().name, app.site_file().value(&key));
    Ok(0)
}
