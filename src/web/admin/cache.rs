//! The pages kept in memory: how many, how useful, and away with them.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use hyper::StatusCode;

use super::account::Done;
use super::failure::Failure;
use super::person::Person;
use super::posted::Posted;
use super::shell::{Shell, page, see};
use super::words::{MachineWords, fill};
use crate::actions::purge::{Purge, purge};
use crate::error::{Error, Result};
use crate::web::Web;
use crate::web::errors::status;

/// Where the page stands.
const AT: &str = "/admin/cache";

/// The state of the cache, and what can be dropped.
#[derive(Template)]
#[template(path = "admin/cache.html", whitespace = "minimize")]
struct CachePage {
    shell: Shell,
    m: &'static MachineWords,
    parts: Vec<Part>,
    total: String,
    answers: Vec<Answers>,
    share: Option<String>,
    typed: Posted,
    /// What is wrong with a field, by its name.
    problems: HashMap<String, String>,
}

struct Part {
    label: &'static str,
    entries: String,
    bytes: String,
}

struct Answers {
    label: &'static str,
    count: String,
}

pub async fn show(State(web): State<Web>, person: Person, Query(Done { done }): Query<Done>) -> Response {
    draw(&web, &person, StatusCode::OK, done.as_deref(), Posted::default(), HashMap::new())
}

fn draw(
    web: &Web,
    person: &Person,
    code: StatusCode,
    done: Option<&str>,
    typed: Posted,
    problems: HashMap<String, String>,
) -> Response {
    let (app, t) = (&web.app, person.t);
    let m = t.machine;
    let counts = app.pages.counts();
    let hits = counts.hits + web.metrics.page_hits();
    let answers = [
        (m.hits, hits),
        (m.misses, counts.misses),
        (m.coalesced, counts.coalesced),
        (m.stale, counts.stale),
        (m.discarded, counts.outdated),
    ];
    let asked = hits + counts.misses + counts.coalesced + counts.stale;
    let parts = app.pages.parts();
    let held: u64 = parts.iter().map(|part| part.bytes).sum();
    let shown = CachePage {
        shell: Shell::of(app, person, m.cache, AT).noticing(done),
        m,
        parts: parts
            .into_iter()
            .map(|part| Part {
                label: m.part(part.name),
                entries: t.number(part.entries),
                bytes: t.number(size(part.bytes)),
            })
            .collect(),
        total: fill(&fill(m.cache_of, t.number(size(held))), t.number(size(app.config.cache_size.0))),
        answers: answers.map(|(label, count)| Answers { label, count: t.number(count) }).into(),
        share: (asked > 0).then(|| fill(m.hit_share, t.number(hits * 100 / asked))),
        typed,
        problems,
    };
    page(code, &shown)
}

/// Bytes as people read them.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => format!("{} KiB", bytes / 1_024),
        _ => format!("{}.{} MiB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    }
}

pub async fn drop_pages(State(web): State<Web>, person: Person, posted: Posted) -> Result<Response, Failure> {
    let app = &web.app;
    let what = match posted.get("what") {
        "page" => Purge::Page(posted.get("page").to_owned()),
        "tag" => Purge::Tag(posted.get("tag").to_owned()),
        "all" => Purge::All,
        _ => return Err(Failure(Error::field("what", "is missing"))),
    };
    let error = match person.change(app, async |change| purge(change, &what).await).await {
        Ok(()) => return Ok(see(&format!("{AT}?done=purged"))),
        Err(error) => error,
    };
    let code = status(&error);
    let Error::Invalid(found) = error else { return Err(Failure(error)) };
    let said = |problem: crate::error::Problem| Some((problem.field?, person.t.sentence(&problem.reason)));
    Ok(draw(&web, &person, code, None, posted, found.0.into_iter().filter_map(said).collect()))
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_short() {
        let sizes = [0, 1_023, 1_024, 1_048_575, 1_048_576, 1_677_722, 1 << 30].map(size);
        assert_eq!(sizes, ["0 B", "1023 B", "1 KiB", "1023 KiB", "1.0 MiB", "1.6 MiB", "1024.0 MiB"]);
    }
}
