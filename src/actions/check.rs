//! Whether a content fits its type, and the canonical form it is stored in.

use std::collections::BTreeMap;

use crate::actions::Change;
use crate::actions::relate::{self, Missing};
use crate::entry::{Content, Seo};
use crate::error::{Problem, Problems, Result};
use crate::schema::{Type, Value, write_value};
use crate::seo::RobotsMeta;
use crate::store::entries;
use crate::text::{Script, Slug};

const LONGEST_TITLE: usize = 300;
const LONGEST_SUMMARY: usize = 2_000;
const LONGEST_BODY: usize = 2 * 1024 * 1024;

/// A content that may be stored: relations are ids of entries of the right type, values are in
/// their canonical form.
pub struct Checked {
    pub content: Content,
    pub values: BTreeMap<String, Value>,
    /// The slug was made from the title, so a number may be added to it.
    pub slug_is_ours: bool,
    /// Relations that lead to nothing yet; only when they were allowed to.
    pub missing: Vec<Missing>,
}

/// Checks everything an editor can change, and collects what is wrong.
///
/// `stored` is what the entry holds already. `lenient` leaves relations out that lead to nothing yet, as an import needs it.
///
/// # Errors
/// `Error::Invalid` with every field that is wrong.
pub async fn check(
    change: &Change<'_>,
    kind: &Type,
    locale: &str,
    mut content: Content,
    lenient: bool,
    stored: Option<&Content>,
) -> Result<Checked> {
    let mut problems = Problems::default();
    check_core(&mut content, &mut problems);
    let slug_is_ours = content.slug.is_empty();
    settle_slug(change, &mut content, &mut problems);
    // What was saved under a name that is declared no more stays until `content/changes/` drops it.
    let kept = stored.map_or_else(Default::default, |stored| kind.undeclared(&stored.fields));
    content.fields.retain(|name, value| kept.get(name) != Some(&*value));
    let (mut values, wrong) = kind.read(&content.fields);
    problems.0.extend(wrong.0);
    let missing = relate::resolve(change, kind, locale, &mut values, &mut problems).await?;
    if !lenient {
        problems.0.extend(missing.iter().map(Missing::problem));
    }
    for wanted in missing.iter().filter(|missing| missing.required && lenient) {
        problems.push(wanted.problem());
    }
    check_people(change, &content, &mut problems).await?;
    content.fields = values.iter().map(|(name, value)| (name.clone(), write_value(value))).collect();
    content.fields.extend(kept);
    problems.or(Checked { content, values, slug_is_ours, missing })
}

fn check_core(content: &mut Content, problems: &mut Problems) {
    content.title = content.title.split_whitespace().collect::<Vec<_>>().join(" ");
    let too_long =
        |field: &str, most: usize| Problem::new(format!("is longer than {most} characters")).field(field);
    if content.title.is_empty() {
        problems.push(Problem::new("is required").field("title"));
    }
    if content.title.chars().count() > LONGEST_TITLE {
        problems.push(too_long("title", LONGEST_TITLE));
    }
    if content.title.chars().any(|character| character.is_control()) {
        problems.push(Problem::new("has a control character").field("title"));
    }
    if content.summary.chars().count() > LONGEST_SUMMARY {
        problems.push(too_long("summary", LONGEST_SUMMARY));
    }
    if content.body.len() > LONGEST_BODY {
        problems.push(Problem::new("is longer than 2 MiB").field("body"));
    }
    // PostgreSQL stores no NUL, and no reader has a use for one.
    for text in
        [&mut content.summary, &mut content.body, &mut content.seo.title, &mut content.seo.description]
    {
        if text.contains('\0') {
            *text = text.replace('\0', "\u{fffd}");
        }
    }
    if let Some(canonical) = &content.seo.canonical
        && !url::Url::parse(canonical).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
    {
        let reason = format!("`{canonical}` is no absolute http or https URL");
        problems.push(Problem::new(reason).field("seo.canonical"));
    }
    settle_robots(&mut content.seo, problems);
}

/// Directives in one spelling; `noindex` and `nofollow` have keys of their own.
fn settle_robots(seo: &mut Seo, problems: &mut Problems) {
    let mut wrong = |reason: &str| problems.push(Problem::new(reason).field("seo.robots"));
    let mut meta = match RobotsMeta::parse(&seo.robots) {
        Ok(meta) => meta,
        Err(reason) => return wrong(&reason),
    };
    let says_all = seo.robots.split(',').any(|word| word.trim().eq_ignore_ascii_case("all"));
    if says_all && (seo.noindex || seo.nofollow) {
        return wrong("says `all`, and `noindex` or `nofollow` beside it forbids something");
    }
    seo.noindex |= std::mem::take(&mut meta.noindex);
    seo.nofollow |= std::mem::take(&mut meta.nofollow);
    if let Some(conflict) = (RobotsMeta { noindex: seo.noindex, ..meta.clone() }).conflict() {
        return wrong(conflict);
    }
    seo.robots = meta.directives();
}

fn settle_slug(change: &Change<'_>, content: &mut Content, problems: &mut Problems) {
    if content.slug.is_empty() {
        let script = if change.app.config.transliterate { Script::Transliterate } else { Script::Keep };
        match Slug::from_title(&content.title, script) {
            Some(slug) => content.slug = slug.to_string(),
            None if content.title.is_empty() => {}
            None => problems.push(Problem::new("can't be made from this title; give one").field("slug")),
        }
        return;
    }
    match Slug::parse(&content.slug) {
        Ok(slug) => content.slug = slug.to_string(),
        // A path fixed by an import may end in what an editor could not type as a slug.
        Err(_) if content.fixed_path.is_some() => {}
        Err(reason) => problems.push(Problem::new(reason).field("slug")),
    }
}

async fn check_people(change: &Change<'_>, content: &Content, problems: &mut Problems) -> Result<()> {
    if content.authors.is_empty() {
        return Ok(());
    }
    let found = entries::find_many(&change.tx, &content.authors).await?;
    for id in &content.authors {
        if !found.iter().any(|entry| entry.id == *id && entry.kind == "author") {
            problems.push(Problem::new(format!("entry {id} is no author")).field("authors"));
        }
    }
    Ok(())
}
