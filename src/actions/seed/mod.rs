//! Fills an empty site with made-up entries, to measure it at any size. Each goes through the actions
//! of every other save, so that every table holds what they would have written.

mod again;
mod dice;
mod plan;
mod sow;
mod words;

use std::collections::BTreeMap;

use serde::Serialize;

pub use again::Again;

use crate::actions::import::{Batch, Progress};
use crate::actions::reconcile;
use crate::app::App;
use crate::entry::Actor;
use crate::error::{Error, Problem, Result};
use crate::store::entries;
use plan::Plan;
use sow::Sower;

/// Fewer entries could not hold one of each type.
const FEWEST: u64 = 50;

/// What to fill the site with.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    pub entries: u64,
    /// The same number makes the same entries.
    pub seed: u64,
    /// Fill a site that holds entries as well.
    pub anyway: bool,
}

/// What was made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    pub entries: u64,
    pub types: BTreeMap<String, u64>,
    /// Entries of the type `landing` that followed from the others.
    pub landings: u64,
}

/// Makes the entries, 500 a commit.
///
/// # Errors
/// `Invalid` when the site holds entries already or lacks one of the shipped types; `Unavailable` when
/// the database is away: what was made until then stays.
pub async fn seed(app: &App, actor: &Actor, options: Options, progress: &mut dyn Progress) -> Result<Report> {
    if options.entries < FEWEST {
        return Err(Error::field("--entries", format!("at least {FEWEST}, one of each type and some more")));
    }
    if !options.anyway && entries::any(&app.db).await? {
        let reason = "the site holds entries already, and made-up ones can't be told from them afterwards; \
                      --anyway adds them all the same";
        return Err(Problem::new(reason).into());
    }
    for kind in plan::TYPES {
        if app.types.get(kind).is_none() {
            return Err(
                Problem::new(format!("the site has no type `{kind}`, which the shipped types have")).into()
            );
        }
    }
    reconcile::begin(app).await?;
    let plan = Plan::of(options.entries);
    let landings = entries::count_of_type(&app.db, crate::schema::LANDING).await?;
    let mut batch = Batch::begin(app, actor, false).await?;
    let mut sower = Sower::new(app, options.seed);
    let mut report = Report::default();
    progress.begin("entries", options.entries);
    for (kind, count) in plan.counts {
        for number in 0..count {
            batch.open().await?;
            let sown = sower.sow(&mut batch.change, kind, number, count).await;
            batch.close(sown).await??;
            report.entries += 1;
            progress.step(report.entries);
        }
        report.types.insert(kind.to_owned(), count);
    }
    batch.finish().await?;
    let there = entries::count_of_type(&app.db, crate::schema::LANDING).await?;
    report.landings = u64::try_from(there - landings).unwrap_or(0);
    Ok(report)
}
