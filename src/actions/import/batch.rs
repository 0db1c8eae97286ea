//! Many saves in one transaction, each of which can fail alone.

use crate::actions::{Change, Noted};
use crate::app::App;
use crate::entry::Actor;
use crate::error::{Error, Result};

/// Saves a commit; more of them make a commit slower to undo, fewer make more commits.
const SIZE: u32 = 500;

/// Commits every few hundred items, so that memory is bounded and an interrupted run keeps what it
/// did. A dry run is one transaction that never commits.
pub struct Batch<'a> {
    dry_run: bool,
    items: u32,
    /// Commits so far.
    pub turns: u32,
    /// What had been noted when the item began.
    before: Noted,
    pub change: Change<'a>,
}

impl<'a> Batch<'a> {
    pub async fn begin(app: &'a App, actor: &'a Actor, dry_run: bool) -> Result<Batch<'a>> {
        let mut change = Change::begin(app, actor).await?;
        change.dry_run = dry_run;
        Ok(Batch { dry_run, items: 0, turns: 0, before: Noted::default(), change })
    }

    /// Starts an item: what follows can be undone by itself.
    pub async fn open(&mut self) -> Result<()> {
        self.before = self.change.open_part().await?;
        Ok(())
    }

    /// Ends an item: keeps what it did, or undoes it when it failed. A failure of the machine, not
    /// of the item, is handed on.
    pub async fn close<T>(&mut self, result: Result<T>) -> Result<Result<T>> {
        match result {
            Ok(value) => {
                self.change.tx.release().await?;
                self.items += 1;
                if self.items >= SIZE && !self.dry_run {
                    self.turn().await?;
                }
                Ok(Ok(value))
            }
            Err(error @ (Error::Unavailable(_) | Error::Internal(_))) => Err(error),
            Err(error) => {
                self.change.undo_part(self.before).await?;
                Ok(Err(error))
            }
        }
    }

    async fn turn(&mut self) -> Result<()> {
        self.items = 0;
        self.turns += 1;
        self.change.commit_and_continue().await
    }

    /// Commits the rest; a dry run undoes everything.
    pub async fn finish(self) -> Result<()> {
        if self.dry_run { self.change.tx.roll_back().await } else { self.change.commit().await }
    }
}
