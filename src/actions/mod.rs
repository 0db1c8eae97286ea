//! One verb a file, used by admin, API, command line, imports and jobs alike. An action asks the
//! policy, checks the input, and writes a change and all its consequences in one transaction.

mod address;
mod announce;
mod change;
mod check;
mod relate;
mod relocate;
mod search_row;
mod shelve;

pub mod accounts;
pub mod audit;
pub mod bulk;
pub mod explain;
pub mod export;
pub mod field_changes;
pub mod import;
pub mod jobs;
pub mod landings;
pub mod make_variants;
pub mod move_entry;
pub mod moves;
pub mod not_found;
pub mod preview_links;
pub mod publish;
pub mod purge;
pub mod reconcile;
pub mod redirects;
pub mod reindex;
pub mod restore;
pub mod review;
pub mod save_draft;
pub mod save_settings;
pub mod schedule;
pub mod second_factor;
pub mod seed;
pub mod store_media;
pub mod tally;
pub mod trash;
pub mod unpublish;
pub mod unsaved;

pub use address::{Reserved, above};
pub use change::{Change, Noted};
