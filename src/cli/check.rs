//! `atlas check`: everything that can be wrong before a visitor finds it.

use clap::Args;
use serde::Serialize;

use crate::actions::{field_changes, reconcile};
use crate::app::{Answered, App};
use crate::cli::{check_structured, look, report, say};
use crate::config::Config;
use crate::error::{Error, Problem};
use crate::schema::LANDING;
use crate::store::{entries, links};
use crate::text::Path;
use crate::web::self_check;

/// How to check.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
    /// Hold the structured data of every live entry's page against what search engines ask for.
    #[arg(long)]
    structured: bool,
}

#[derive(Debug, Default, Serialize)]
struct Checked {
    types: usize,
    entries: i64,
    /// What keeps the site from working as declared.
    errors: Vec<Problem>,
    /// What works and deserves a look.
    warnings: Vec<Problem>,
}

pub async fn run(config: Config, arguments: &Arguments) -> anyhow::Result<u8> {
    if arguments.structured {
        return check_structured::run(config, arguments.json).await;
    }
    let mut checked = Checked::default();
    if config.origin.as_str().starts_with("http://") && !config.listen.ip().is_loopback() {
        let reason =
            "the site answers the network and its origin is http: pages and sign-ins can be read on the way";
        checked.warnings.push(Problem::new(reason).field("origin"));
    }
    match App::read_content(&config) {
        Ok((_, types, _)) => {
            checked.types = types.iter().filter(|kind| kind.name != LANDING).count();
            match look(config).await {
                Ok(app) => {
                    checked.warnings.extend(field_changes::pending(&app).await?);
                    checked.warnings.extend(app.set.unfit.iter().map(|(key, problem)| {
                        let reason = format!("is set in the back office and passed over: {}", problem.reason);
                        Problem::new(reason).field(key)
                    }));
                    entries_and_links(&app, &mut checked).await?;
                    let found = self_check::of_a_site_at_rest(&app).await?;
                    checked.errors.extend(found.into_iter().map(Problem::new));
                    checked.errors.extend(app.lint_robots().await?);
                }
                Err(Error::Invalid(problems)) => checked.errors.extend(problems.0),
                Err(error) => checked.errors.push(Problem::new(error.to_string()).field("database_url")),
            }
        }
        Err(Error::Invalid(problems)) => checked.errors.extend(problems.0),
        Err(error) => checked.errors.push(Problem::new(error.to_string())),
    }
    let failed = !checked.errors.is_empty();
    if arguments.json {
        report::json(&checked)?;
        return Ok(u8::from(failed));
    }
    for problem in &checked.errors {
        say!("error: {problem}");
    }
    for problem in &checked.warnings {
        say!("warning: {problem}");
    }
    say!(
        "{} types, {} entries: {} errors, {} warnings",
        checked.types,
        checked.entries,
        checked.errors.len(),
        checked.warnings.len()
    );
    Ok(u8::from(failed))
}

/// Every live entry fits its type as it is declared today, and every internal link leads somewhere.
async fn entries_and_links(app: &App, checked: &mut Checked) -> anyhow::Result<()> {
    checked.entries = entries::count(&app.db).await?;
    let mut after = 0;
    loop {
        let ids = entries::ids_after(&app.db, after, 500).await?;
        let Some(last) = ids.last() else { break };
        after = *last;
        for entry in entries::find_many(&app.db, &ids).await? {
            let Some(revision) = entries::live(&app.db, entry.id).await? else { continue };
            let name = format!("entry {} “{}”", entry.id, entry.title);
            let Some(kind) = app.types.get(&entry.kind) else {
                let reason = format!("its type `{}` is not declared any more", entry.kind);
                checked.errors.push(Problem::new(reason).file(name));
                continue;
            };
            for field in kind.undeclared(&revision.content.fields).keys() {
                let reason = "keeps a value, but is declared no more; a file in content/changes/ can \
                              rename or drop it";
                checked.warnings.push(Problem::new(reason).field(field).file(name.clone()));
            }
            let (_, problems) = kind.read_stored(&revision.content.fields);
            checked.errors.extend(problems.0.into_iter().map(|problem| problem.file(name.clone())));
        }
    }
    checked.warnings.extend(reconcile::hindered(app).await?);
    for link in links::dangling(&app.db).await? {
        let leads = match Path::parse(&link.address) {
            Ok(path) => !matches!(app.answer(&path).await?, Answered::Gone { .. } | Answered::NotFound),
            Err(_) => false,
        };
        if !leads {
            let reason = format!("links to {}, where nothing is", link.address);
            checked
                .warnings
                .push(Problem::new(reason).file(format!("entry {} “{}”", link.from_id, link.title)));
        }
    }
    Ok(())
}
