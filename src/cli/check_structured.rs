//! `atlas check --structured`: what search engines require and recommend, held against the graph that
//! each entry's page prints.

use serde::Serialize;
use tokio::task::JoinHandle;

use crate::actions::import::Progress;
use crate::app::App;
use crate::cli::report::Bar;
use crate::cli::{look, say};
use crate::config::Config;
use crate::error::Result;
use crate::schema::Type;
use crate::seo::rules::{self, Finding, Level};
use crate::store::{entries, paths};
use crate::text::Path;
use crate::web::public::{Target, draw, graph_of, structured_field, unsaid_videos};

/// Pages drawn at the same time, and ids read at once: memory stays the same however many entries
/// there are.
const AT_ONCE: usize = 8;
const IDS: i64 = 500;

/// One thing asked for and not there, with where to mend it.
#[derive(Debug, Serialize)]
struct Line {
    level: Level,
    /// None for the site itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<i64>,
    path: String,
    #[serde(rename = "type")]
    schema: &'static str,
    property: &'static str,
    reason: &'static str,
    /// The field (of the entry, or of `site.toml`) that would supply it.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    source: String,
}

#[derive(Debug, Default, Serialize)]
struct Counts {
    entries: i64,
    errors: usize,
    hints: usize,
}

/// Prints findings as they come.
struct Printer {
    json: bool,
    bar: Bar,
    counts: Counts,
    printed: bool,
}

/// Checks the site and every live entry; the exit code is 1 when something required is missing.
pub async fn run(config: Config, json: bool) -> anyhow::Result<u8> {
    let app = look(config).await?;
    let mut printer = Printer { json, bar: Bar::default(), counts: Counts::default(), printed: false };
    printer.begin(u64::try_from(entries::count(&app.db).await?).unwrap_or(0));
    printer.print(site(&app).await?)?;
    let mut after = 0;
    loop {
        let ids = entries::ids_after(&app.db, after, IDS).await?;
        let Some(last) = ids.last() else { break };
        after = *last;
        for some in ids.chunks(AT_ONCE) {
            let pages: Vec<JoinHandle<Result<Option<Vec<Line>>>>> =
                some.iter().map(|id| tokio::spawn(entry(app.clone(), *id))).collect();
            for page in pages {
                if let Some(lines) = page.await?? {
                    printer.counts.entries += 1;
                    printer.print(lines)?;
                }
            }
            printer.bar.step(printer.counts.entries.unsigned_abs());
        }
    }
    printer.end()
}

/// The nodes that are on every page, as the home page says them.
async fn site(app: &App) -> Result<Vec<Line>> {
    let found = drawn(app, &Path::root()).await?;
    Ok(found.map_or_else(Vec::new, |graph| {
        let line = |finding: Finding| {
            let field = site_field(&finding);
            Line::new(finding, None, "/", field)
        };
        rules::check(&graph, true).into_iter().map(line).collect()
    }))
}

/// What the page of an entry lacks; `None` for an entry without a public page.
async fn entry(app: App, id: i64) -> Result<Option<Vec<Line>>> {
    let Some(path) = paths::canonical(&app.db, id).await? else { return Ok(None) };
    let Some(graph) = drawn(&app, &path).await? else { return Ok(None) };
    let Some(entry) = entries::find(&app.db, id).await? else { return Ok(None) };
    let Some(kind) = app.types.get(&entry.kind) else { return Ok(None) };
    let shown = path.to_string();
    let line = |finding: Finding| {
        let field = structured_field(kind, &finding);
        Line::new(finding, Some(id), &shown, field)
    };
    let mut lines: Vec<Line> = rules::check(&graph, false).into_iter().map(line).collect();
    lines.extend(videos(&app, kind, id, &shown).await?);
    Ok(Some(lines))
}

/// The graph of the page at a path; `None` when nothing public is there.
async fn drawn(app: &App, path: &Path) -> Result<Option<serde_json::Value>> {
    let target = Target { path: path.clone(), query: Vec::new(), moved: false };
    let page = draw(app, &target).await?;
    Ok(page.status.is_success().then(|| graph_of(&page.body)).flatten())
}

/// A video that lacks what Google requires is not in the graph at all, and is found here.
async fn videos(app: &App, kind: &Type, id: i64, path: &str) -> Result<Vec<Line>> {
    if !kind.fields.iter().any(|field| field.kind == crate::schema::Kind::Video && field.schema.is_some()) {
        return Ok(Vec::new());
    }
    let Some(revision) = entries::live(&app.db, id).await? else { return Ok(Vec::new()) };
    let (values, _) = kind.read(&revision.content.fields);
    let line = |(finding, field)| Line::new(finding, Some(id), path, Some(field));
    Ok(unsaid_videos(kind, &values).into_iter().map(line).collect())
}

/// The key of `site.toml` that would supply a property of the site or its publisher.
fn site_field(finding: &Finding) -> Option<String> {
    let key = match (finding.rule.name, finding.property) {
        ("WebSite", "alternateName") => return Some("site.toml: locale.name".to_owned()),
        ("Organization", "sameAs") => return Some("site.toml: profiles".to_owned()),
        ("Organization", property) => property,
        _ => return None,
    };
    let key = match key {
        "legalName" => "legal_name",
        "alternateName" => "alternate_names",
        "contactPoint" => "contact",
        "foundingDate" => "founding_date",
        "vatID" => "vat_id",
        "iso6523Code" => "iso6523",
        other => other,
    };
    Some(format!("site.toml: organization.{key}"))
}

impl Line {
    fn new(finding: Finding, entry: Option<i64>, path: &str, field: Option<String>) -> Line {
        Line {
            level: finding.level,
            entry,
            path: path.to_owned(),
            schema: finding.rule.name,
            property: finding.property,
            reason: finding.reason,
            field,
            source: finding.rule.page(),
        }
    }

    fn text(&self) -> String {
        let level = if self.level == Level::Error { "error" } else { "hint" };
        let entry = self.entry.map_or_else(|| "the site".to_owned(), |id| format!("entry {id}"));
        let from = match &self.field {
            Some(field) => format!("; `{field}` supplies it"),
            None => "; no field of its type supplies it".to_owned(),
        };
        let (path, schema, property, reason) = (&self.path, self.schema, self.property, self.reason);
        format!("{level}: {entry} {path}: {schema}: `{property}` {reason}{from}")
    }
}

impl Printer {
    fn begin(&mut self, entries: u64) {
        self.bar.begin("structured data", entries);
        if self.json {
            say!("{{\"findings\":[");
        }
    }

    fn print(&mut self, lines: Vec<Line>) -> anyhow::Result<()> {
        for line in lines {
            match line.level {
                Level::Error => self.counts.errors += 1,
                Level::Hint => self.counts.hints += 1,
            }
            let text = if self.json {
                let comma = if self.printed { "," } else { "" };
                format!("{comma}{}", serde_json::to_string(&line)?)
            } else {
                line.text()
            };
            self.bar.around(|| say!("{text}"));
            self.printed = true;
        }
        Ok(())
    }

    fn end(mut self) -> anyhow::Result<u8> {
        self.bar.end();
        let Counts { entries, errors, hints } = self.counts;
        if self.json {
            say!("],\"entries\":{entries},\"errors\":{errors},\"hints\":{hints}}}");
        } else {
            say!("{entries} entries: {errors} errors, {hints} hints");
        }
        Ok(u8::from(errors > 0))
    }
}
